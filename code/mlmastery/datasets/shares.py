"""Shares: daily prices of five American companies, 2000 to 2013."""

import io
from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame, with_names

CARD = DataCard(
    name="shares",
    title="Five American shares",
    source="Daily prices as Yahoo published them; collected by the authors of Bokeh",
    url="https://github.com/bokeh/bokeh_sampledata",
    licence="Named as public domain by the package bokeh_sampledata (BSD-3), in which "
    "the table arrives.",
    row="One share on one trading day.",
    shape=(12154, 8),
    columns=(
        Column("ticker", "", "AAPL, FB, GOOG, IBM or MSFT", "str"),
        Column("date", "", "trading day, as text: 2000-03-01", "str"),
        Column("open", "US$", "first price of the day"),
        Column("high", "US$", "highest price of the day"),
        Column("low", "US$", "lowest price of the day"),
        Column("close", "US$", "last price of the day, as it was quoted"),
        Column("volume", "", "shares traded", "int64"),
        Column("adjusted_close", "US$", "close divided by later splits and dividends"),
    ),
    faults=(
        "`close` carries the splits: AAPL halves on 2000-06-21 and 2005-02-28, MSFT on "
        "2003-02-18, and nobody lost a cent.",
        "AAPL also lost half its value on 2000-09-29, and that is no split: the "
        "adjusted close falls by 52 % as well, after a profit warning.",
        "`adjusted_close` was computed at the end of the table: each split and dividend "
        "changed all earlier values, so its level was known to nobody at the time.",
        "AAPL, IBM and MSFT have 3,270 days from 2000-03-01; GOOG 2,148 from 2004-08-19; "
        "FB 196 from 2012-05-18.",
        "The five were picked because they had become well known: survivors.",
        "The exchange was closed from 11 to 16 September 2001: one step of the table "
        "is seven days long.",
    ),
    chapters=("stock_prices",),
    citation="bokeh2026sampledata",
    embedded=(
        PackageFile(
            "bokeh-sampledata",
            "2026.1",
            "bokeh_sampledata/_data/stocks.csv.gz",
            "5abadf99b2d394f920120a27de6f0df129859d71d4cfb0bf661bcc99446ab1fd",
        ),
    ),
)


def load_shares() -> pd.DataFrame:
    """Load the daily prices of five American shares, 2000 to 2013.

    Returns
    -------
    DataFrame of shape (12154, 8)
        ``ticker``, ``date`` (text, 2000-03-01), ``open``, ``high``, ``low``, ``close``
        (US dollars, as quoted), ``volume`` and ``adjusted_close`` (US dollars, splits
        and dividends taken out), by ticker and date.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> shares = load_shares()
    >>> shares["ticker"].value_counts().to_dict()
    {'AAPL': 3270, 'IBM': 3270, 'MSFT': 3270, 'GOOG': 2148, 'FB': 196}
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    table = pd.read_csv(io.BytesIO(contents[0]), compression="gzip")
    return with_names(table, CARD)
