"""The features that the Fraud Detection Handbook computes from its transactions."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame


def _windows() -> list[Column]:
    """Describe six columns of the card and six of the terminal."""
    columns = []
    for days in (1, 7, 30):
        count, mean = f"CUSTOMER_ID_NB_TX_{days}", f"CUSTOMER_ID_AVG_AMOUNT_{days}"
        about = f"of the card in {days} d, this one included"
        columns.append(Column(f"{count}DAY_WINDOW", "", f"payments {about}", "int64"))
        columns.append(Column(f"{mean}DAY_WINDOW", "", f"mean amount {about}"))
    for days in (1, 7, 30):
        count, risk = f"TERMINAL_ID_NB_TX_{days}", f"TERMINAL_ID_RISK_{days}"
        about = f"at the terminal in {days} d that ended 7 d ago"
        columns.append(Column(f"{count}DAY_WINDOW", "", f"payments {about}", "int64"))
        columns.append(Column(f"{risk}DAY_WINDOW", "", f"share of frauds {about}"))
    return columns


CARD = DataCard(
    name="fraud_handbook_features",
    title="Fraud Detection Handbook, features of three weeks",
    source="Yann-Aël Le Borgne, Wissam Siblini, Bertrand Lebichot and Gianluca "
    "Bontempi 2022, of the Université libre de Bruxelles and Worldline",
    url="https://github.com/Fraud-Detection-Handbook/simulated-data-transformed",
    licence="Not stated: it may not be passed on, and does not come with the book.",
    row="One simulated payment between 25 July and 14 August 2018.",
    shape=(201295, 15),
    columns=(
        Column("TRANSACTION_ID", "", "as `id` of fraud_handbook", "int64"),
        Column("TX_DURING_WEEKEND", "", "1 on Saturday and Sunday", "int64"),
        Column("TX_DURING_NIGHT", "", "1 if the hour is at most 6", "int64"),
        *_windows(),
    ),
    faults=(
        "Two payments of one card in one second: their windows depend on their order.",
        "The windows of the terminals end seven days before the payment: the time "
        "that the Handbook gives the bank to learn of a fraud.",
    ),
    chapters=("fraud_detection",),
    citation="leborgne2022handbook",
    embedded=(),
    original=Original(
        path="fraud_handbook/features_2018-07-25_2018-08-14.parquet",
        about="The Handbook's daily files of these three weeks, joined.",
        shape=(201295, 15),
        url="https://github.com/Fraud-Detection-Handbook/simulated-data-transformed",
    ),
)


def load_fraud_handbook_features() -> pd.DataFrame:
    """Load the Handbook's features of 201,295 payments from the reader's own copy.

    Returns
    -------
    DataFrame of shape (201295, 15)
        ``TRANSACTION_ID`` and 14 features under the Handbook's own names.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_fraud_handbook_features()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'fraud_handbook_features' has no 'embedded' ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    if list(frame.columns) != list(CARD.dtypes):
        raise ValueError(f"expected the columns {' '.join(CARD.dtypes)}")
    return frame
