"""The simulated card transactions of the Fraud Detection Handbook."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

NAMES = {
    "TRANSACTION_ID": "id",
    "TX_DATETIME": "time",
    "CUSTOMER_ID": "customer",
    "TERMINAL_ID": "terminal",
    "TX_AMOUNT": "amount",
    "TX_FRAUD": "fraud",
    "TX_FRAUD_SCENARIO": "scenario",
}

CARD = DataCard(
    name="fraud_handbook",
    title="Fraud Detection Handbook, simulated transactions",
    source="Yann-Aël Le Borgne, Wissam Siblini, Bertrand Lebichot and Gianluca "
    "Bontempi 2022, of the Université libre de Bruxelles and Worldline",
    url="https://github.com/Fraud-Detection-Handbook/simulated-data-raw",
    licence="Not stated: it may not be passed on, and does not come with the book.",
    row="One simulated payment by card, between April and September 2018.",
    shape=(1754155, 7),
    columns=(
        Column("id", "", "number of the transaction, in the order of time", "int64"),
        Column("time", "", "when it was made", "datetime64[s]"),
        Column("customer", "", "number of the card's holder", "int64"),
        Column("terminal", "", "number of the terminal", "int64"),
        Column("amount", "", "amount of the payment"),
        Column("fraud", "", "1 if the payment was fraudulent", "int64"),
        Column("scenario", "", "0 genuine, 1 to 3 the kind of fraud", "int64"),
    ),
    faults=(
        "It is simulated: its cards have no holidays, salaries or families, and its "
        "thieves three habits.",
        "Two cards have two payments in one second: counts over a window depend on "
        "their order.",
        "4,990 of the 5,000 cards pay; the others never do.",
        "973 frauds are of kind 1, 9,077 of kind 2 and 4,631 of kind 3.",
    ),
    chapters=("fraud_detection",),
    citation="leborgne2022handbook",
    embedded=(),
    original=Original(
        path="transactions.parquet",
        about="The Handbook's 183 daily files, joined in the order of their days into "
        "one Parquet file with its own column names.",
        shape=(1754155, 7),
        url="https://github.com/Fraud-Detection-Handbook/simulated-data-raw",
    ),
)


def load_fraud_handbook() -> pd.DataFrame:
    """Load the Handbook's 1,754,155 simulated payments from the reader's own copy.

    Returns
    -------
    DataFrame of shape (1754155, 7)
        In the order of time: ``id``, ``time``, ``customer``, ``terminal``, ``amount``,
        ``fraud`` (1 or 0) and ``scenario`` (0 to 3).

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_fraud_handbook()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'fraud_handbook' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    if not set(NAMES) <= set(frame.columns):
        raise ValueError(f"expected the columns {' '.join(NAMES)}")
    return frame[list(NAMES)].rename(columns=NAMES)
