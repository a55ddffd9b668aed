"""Hillstrom: an e-mail campaign with a control group that got none."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame, read_csv_of

CARD = DataCard(
    name="hillstrom",
    title="MineThatData e-mail experiment",
    source="Kevin Hillstrom, the MineThatData E-Mail Analytics and Data Mining "
    "Challenge, 2008",
    url="https://blog.minethatdata.com/2008/03/minethatdata-e-mail-analytics-and-data.html",
    licence="Published for free use as a challenge, without a licence: it does not "
    "come with the book.",
    row="One customer who bought within a year, assigned at random to one of three "
    "e-mails (men's, women's, none), and what followed within two weeks.",
    shape=(64000, 12),
    columns=(
        Column("recency", "months", "time since the last purchase", "int64"),
        Column("history_segment", "", "`history` in seven classes", "str"),
        Column("history", "US$", "spent in the year before"),
        Column("mens", "", "1 if men's goods were bought then", "int64"),
        Column("womens", "", "1 if women's goods were bought then", "int64"),
        Column("zip_code", "", "Rural, Surburban or Urban", "str"),
        Column("newbie", "", "1 if a customer for less than a year", "int64"),
        Column("channel", "", "Phone, Web or Multichannel", "str"),
        Column("segment", "", "the e-mail: Mens, Womens or No E-Mail", "str"),
        Column("visit", "", "1 if the shop's site was visited", "int64"),
        Column("conversion", "", "1 if something was bought", "int64"),
        Column("spend", "US$", "spent within the two weeks"),
    ),
    faults=(
        "`visit`, `conversion` and `spend` come after the e-mail: no model of whom to "
        "write to may see them.",
        "Only 578 customers bought: the mean of `spend` rests on them, and 63,422 "
        "zeros.",
        "6,562 rows repeat another. There is no identity and the columns are coarse, "
        "so they need not be the same customer.",
        "`Surburban` is the file's own spelling.",
        "7,947 histories are exactly 29.99, the least there is.",
    ),
    chapters=("customer_churn", "ab_testing"),
    citation="hillstrom2008minethatdata",
    embedded=(),
    original=Original(
        path="Kevin_Hillstrom_MineThatData_E-MailAnalytics_DataMiningChallenge_2008.03.20.csv",
        about="The file of the challenge, with these columns in this order.",
        shape=(64000, 12),
        url="https://blog.minethatdata.com/2008/03/minethatdata-e-mail-analytics-and-data.html",
    ),
)


def load_hillstrom() -> pd.DataFrame:
    """Load a randomised e-mail campaign with 64,000 customers from the reader's copy.

    Returns
    -------
    DataFrame of shape (64000, 12)
        What was known before, ``segment`` (which e-mail, at random), and ``visit``,
        ``conversion`` and ``spend`` (US dollars) of the two weeks after it.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_hillstrom()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'hillstrom' has no 'embedded' tier, only local ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    return read_csv_of(CARD, path)
