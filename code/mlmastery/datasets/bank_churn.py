"""Bank churn: the customers of a bank in three countries, of unknown origin."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame, with_names

CARD = DataCard(
    name="bank_churn",
    title="Bank churn",
    source="Unknown. The table is used in many courses and first appeared in one of "
    "them; it looks as if it had been generated",
    url="https://www.kaggle.com/datasets/shrutimechlearn/churn-modelling",
    licence="Not stated: it may not be passed on, and does not come with the book.",
    row="One customer of a bank.",
    shape=(10000, 14),
    columns=(
        Column("row_number", "", "1 to 10,000", "int64"),
        Column("customer_id", "", "identity", "int64"),
        Column("surname", "", "surname", "str"),
        Column("credit_score", "", "credit score", "int64"),
        Column("geography", "", "France, Germany or Spain", "str"),
        Column("gender", "", "Female or Male", "str"),
        Column("age", "years", "age", "int64"),
        Column("tenure", "years", "time with the bank", "int64"),
        Column("balance", "", "balance of the account; currency not stated"),
        Column("products", "", "number of products, 1 to 4", "int64"),
        Column("credit_card", "", "1 with a credit card", "int64"),
        Column("active", "", "1 if the bank calls the customer active", "int64"),
        Column("salary", "", "estimated salary; currency not stated"),
        Column("exited", "", "1 if the customer left, the usual target", "int64"),
    ),
    faults=(
        "Nothing says when `active` and `products` were recorded. If that was after "
        "the customer left, both give the outcome away: all 60 customers with four "
        "products left, and 83 % of the 266 with three.",
        "3,617 balances are 0; none of them is in Germany.",
        "The smallest estimated salary is 11.58: no salary.",
        "Six surnames hold a question mark where a letter was lost.",
        "Public copies differ: check the number of bytes, 684,858.",
    ),
    chapters=("customer_churn",),
    citation="kaggle2018churn",
    embedded=(),
    original=Original(
        path="Churn_Modelling.csv",
        about="The file of the courses, with its 14 columns in this order.",
        shape=(10000, 14),
        url="https://www.kaggle.com/datasets/shrutimechlearn/churn-modelling",
    ),
)


def load_bank_churn() -> pd.DataFrame:
    """Load 10,000 customers of a bank from the reader's own copy.

    Returns
    -------
    DataFrame of shape (10000, 14)
        ``exited`` (0 or 1, the usual target), what the bank knows of the customer,
        and three columns that no model should see: ``row_number``,
        ``customer_id``, ``surname``.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_bank_churn()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'bank_churn' has no 'embedded' tier, only local ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    return with_names(pd.read_csv(path, encoding="utf-8-sig"), CARD)
