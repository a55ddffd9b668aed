"""German credit: a thousand applicants of 1973 to 1975, good or bad."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame, with_names

CARD = DataCard(
    name="german_credit",
    title="German credit",
    source="Hans Hofmann, Universität Hamburg; Statlog project; UCI Machine Learning "
    "Repository, 1994. OpenML's credit-g is this table",
    url="https://archive.ics.uci.edu/dataset/144/statlog+german+credit+data",
    licence="CC BY 4.0 (UCI Machine Learning Repository). It does not come with the "
    "book, which shows figures recorded on it.",
    row="One applicant for a credit.",
    shape=(1000, 21),
    columns=(
        Column("checking", "", "account, codes A11 to A14", "str"),
        Column("duration", "months", "term of the credit", "int64"),
        Column("history", "", "credit history, codes A30 to A34", "str"),
        Column("purpose", "", "codes A40 to A410", "str"),
        Column("amount", "DM", "amount of the credit", "int64"),
        Column("savings", "", "savings, codes A61 to A65", "str"),
        Column("employment", "", "time in the job, codes A71 to A75", "str"),
        Column("rate", "%", "instalment as a class of the income", "int64"),
        Column("status", "", "sex and marital status, codes A91 to A95", "str"),
        Column("debtors", "", "other debtors, codes A101 to A103", "str"),
        Column("residence", "", "time at the address, four classes", "int64"),
        Column("property", "", "codes A121 to A124", "str"),
        Column("age", "years", "age", "int64"),
        Column("plans", "", "other instalment plans, codes A141 to A143", "str"),
        Column("housing", "", "codes A151 to A153", "str"),
        Column("credits", "", "credits at this bank", "int64"),
        Column("job", "", "codes A171 to A174", "str"),
        Column("liable", "", "persons to maintain", "int64"),
        Column("telephone", "", "codes A191 and A192", "str"),
        Column("foreign", "", "codes A201 and A202", "str"),
        Column("credit", "", "1 good, 2 bad: the usual target", "int64"),
    ),
    faults=(
        "Bad credits were sampled more often than they occur: 300 of 1,000.",
        "Sex and marital status share a column, and single women are not in it; a "
        "later study corrected the meaning of several codes.",
        "The amounts are in Deutsche Mark of the seventies.",
    ),
    chapters=("automl", "ml_pipeline"),
    citation="hofmann1994german",
    embedded=(),
    original=Original(
        path="german.data",
        about="UCI's file: no header, separated by spaces or tabs, codes as they are.",
        shape=(1000, 21),
        url="https://archive.ics.uci.edu/dataset/144/statlog+german+credit+data",
    ),
)


def load_german_credit() -> pd.DataFrame:
    """Load 1,000 applicants for a credit from the reader's own copy.

    Returns
    -------
    DataFrame of shape (1000, 21)
        ``credit`` (1 good, 2 bad; the usual target), seven numbers and thirteen
        categories.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_german_credit()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'german_credit' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    return with_names(pd.read_csv(path, sep=r"\s+", header=None), CARD)
