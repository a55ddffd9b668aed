"""Members of the S&P 500: fifty shares, day by day, 2015 to 2020."""

import io
import tarfile
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

NAMES = {
    "Name": "ticker",
    "Date": "date",
    "Open": "open",
    "High": "high",
    "Low": "low",
    "Close": "close",
    "Volume": "volume",
    "Adj Close": "adjusted_close",
}

CARD = DataCard(
    name="sp500_members",
    title="Fifty members of the S&P 500",
    source="Daily prices as Yahoo published them, through a public repository",
    url="https://finance.yahoo.com/",
    licence="Yahoo's terms; not clear enough to pass it on, so it does not come with "
    "the book.",
    row="One share on one trading day.",
    shape=(62947, 8),
    columns=(
        Column("ticker", "", "one of 50", "str"),
        Column("date", "", "trading day, as text: 2015-01-12", "str"),
        Column("open", "US$", "first price of the day, splits taken out"),
        Column("high", "US$", "highest price of the day, splits taken out"),
        Column("low", "US$", "lowest price of the day, splits taken out"),
        Column("close", "US$", "last price of the day, splits taken out"),
        Column("volume", "", "shares traded, splits taken out"),
        Column("adjusted_close", "US$", "the close, splits and dividends taken out"),
    ),
    faults=(
        "The 50 were chosen at the end, as the most traded members in January 2020: "
        "survivors, whose mean return no investor of 2015 could expect.",
        "`close` has the splits taken out and the dividends not; `adjusted_close` has "
        "both.",
        "JNJ has 1,256 days, each of the others 1,259: three are missing.",
        "GOOG and GOOGL are two shares of one company.",
    ),
    chapters=("stock_prices",),
    citation="yahoo2020prices",
    embedded=(),
    original=Original(
        path="top50.tar.xz",
        about="An archive of one file a share, each with the columns Date, High, Low, "
        "Open, Close, Volume, Adj Close and Name.",
        shape=(62947, 8),
        url="https://finance.yahoo.com/",
    ),
)


def load_sp500_members() -> pd.DataFrame:
    """Load the daily prices of 50 shares, 2015 to 2020, from the reader's own copy.

    Returns
    -------
    DataFrame of shape (62947, 8)
        ``ticker``, ``date`` (text, 2015-01-12), ``open``, ``high``, ``low``, ``close``,
        ``volume`` and ``adjusted_close`` (US dollars), by ticker and date.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_sp500_members()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'sp500_members' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    try:
        with tarfile.open(path) as archive:
            files = {f.name: f for f in archive if f.name.endswith(".csv")}
            opened = (archive.extractfile(files[name]) for name in sorted(files))
            tables = [_read_table(file.read()) for file in opened if file]
    except tarfile.TarError as error:
        raise ValueError(f"expected an archive: {error}") from error
    return pd.concat(tables, ignore_index=True)


def _read_table(content: bytes) -> pd.DataFrame:
    table = pd.read_csv(io.BytesIO(content))
    if set(table) != set(NAMES):
        raise ValueError(
            f"expected the columns {', '.join(NAMES)}, found {list(table)}"
        )
    return table.rename(columns=NAMES)[list(NAMES.values())]
