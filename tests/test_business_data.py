"""The data sets of customers and experiments: what their cards say is so."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlmastery.datasets import (
    DataError,
    DataMissingError,
    bank_churn,
    card_of,
    cookie_cats,
    hillstrom,
    load_bank_churn,
    load_cdnow,
    load_cdnow_purchases,
    load_cookie_cats,
    load_hillstrom,
    load_jobs_ii,
    load_lung,
    load_rand_hie,
    load_resume_audit,
    load_telco_churn,
    telco_churn,
    verify,
)


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLMASTERY_DATA", raising=False)


def test_what_the_telco_card_says_of_faults_is_so():
    t = load_telco_churn()
    unbilled = t["total_charges"].isna()
    assert (unbilled.sum(), set(t["tenure"][unbilled])) == (11, {0})
    assert (t["tenure"] == 0).sum() == 11
    assert t.duplicated().sum() == 22
    assert set(t["tenure"][t.duplicated(keep=False)]) == {1}
    product = t["tenure"] * t["monthly_charges"]
    assert product.corr(t["total_charges"]) > 0.999
    assert (t["tenure"].max(), (t["tenure"] == 72).sum()) == (72, 362)
    add_ons = t[[name for name, _ in telco_churn.ADD_ONS]]
    without = add_ons == "No internet service"
    assert without.sum().tolist() == [1526] * 6
    assert (without.any(axis=1) == (t["internet_service"] == "No")).all()


def test_what_the_cdnow_card_says_of_faults_is_so():
    c = load_cdnow()
    once = c["frequency"] == 0
    assert (once.sum(), (c["recency"][once] == 0).all()) == (1411, True)
    assert (c["recency"] <= c["T"]).all()
    assert c.duplicated(["frequency", "recency", "T"]).sum() == 1341
    assert c["T"].agg(["min", "max"]).tolist() == [27.0, 38.86]
    assert c["customer_id"].tolist() == list(range(1, 2358))


def test_what_the_card_of_the_purchases_says_of_faults_is_so():
    p = load_cdnow_purchases()
    first = p.groupby("customer_id")["date"].min()
    assert (len(first), first.min(), first.max()) == (23570, "1997-01-01", "1997-03-25")
    assert p["date"].max() == "1998-06-30"
    assert (p["spend"] == 0).sum() == 80
    assert p.duplicated().sum() == 255
    assert p.duplicated(["customer_id", "date"]).sum() == 2068


def test_what_the_lung_card_says_of_faults_is_so():
    patients = load_lung()
    assert (patients["status"] == 1).sum() == 63
    assert set(patients["status"]) == {1, 2}
    assert patients["time"].duplicated().sum() == 42
    assert patients[["time", "age", "sex", "ph_ecog"]].isna().sum().tolist() == [
        0,
        0,
        0,
        1,
    ]


def test_what_the_audit_card_says_of_faults_is_so():
    r = load_resume_audit()
    adverts = r.groupby("job_ad_id")
    assert adverts.size().value_counts().to_dict() == {4: 1112, 2: 211}
    halves = adverts["race"].value_counts().unstack()
    assert (halves["black"] == halves["white"]).all()
    assert r["job_fed_contractor"].isna().sum() == 1768
    assert r["job_req_min_experience"].isna().sum() == 2746
    of_the_advert = [c for c in r if c.startswith("job_") and c != "job_ad_id"]
    differs = adverts[of_the_advert].nunique(dropna=False) > 1
    assert (differs.any(axis=1).sum(), differs.sum(axis=1).max()) == (6, 2)


def test_what_the_jobs_card_says_of_faults_is_so():
    j = load_jobs_ii()
    offered = j["treat"] == 1
    assert (offered.sum(), (~offered).sum()) == (600, 299)
    assert (j["comply"][offered] == 0).sum() == 228
    assert (j["comply"][~offered] == 0).all()
    assert (j["control"].eq("treat") == offered).all()
    assert (j["depress1"].max(), j["depress2"].max()) == (3, pytest.approx(4.909091))


def test_what_the_rand_card_says_of_faults_is_so():
    h = load_rand_hie()
    years = h.groupby("zper")
    assert (years.ngroups, years.size().max()) == (5912, 5)
    assert (years["plan"].nunique() == 1).all()
    assert round((h["meddol"] == 0).mean(), 2) == 0.22
    assert int(h["meddol"].max()) == 39182
    assert (h.groupby("coins")["plan"].nunique() > 1).all()


TELCO_LINES = """\
customerID,gender,SeniorCitizen,Partner,Dependents,tenure,PhoneService,MultipleLines,\
InternetService,OnlineSecurity,OnlineBackup,DeviceProtection,TechSupport,StreamingTV,\
StreamingMovies,Contract,PaperlessBilling,PaymentMethod,MonthlyCharges,TotalCharges,Churn
a,Female,0,Yes,No,1,No,No phone service,DSL,No,Yes,No,No,No,No,Month-to-month,Yes,\
Electronic check,29.85,29.85,No
b,Male,1,No,Yes,0,Yes,No,DSL,No,Yes,No,No,No,No,Two year,No,Mailed check,20.5, ,Yes
"""


@pytest.fixture
def telco(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    """A folder for an original of two customers."""
    card = card_of("telco_churn")
    small = replace(card.original, shape=(2, 20), missing=(("total_charges", 1),))
    monkeypatch.setattr(telco_churn, "CARD", replace(card, original=small))
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    return tmp_path / card.original.path


def test_ibms_own_file_gives_the_columns_of_the_embedded_table(telco: Path):
    telco.write_text(TELCO_LINES, encoding="utf-8")
    rows = load_telco_churn()
    ones = ["female", "senior_citizen", "partner", "dependents", "phone_service"]
    assert rows[[*ones, "paperless_billing"]].to_numpy().tolist() == [
        [1, 0, 1, 0, 0, 1],
        [0, 1, 0, 1, 1, 0],
    ]
    assert rows["churn"].tolist() == ["No", "Yes"]
    assert rows["online_backup"].tolist() == ["Yes", "Yes"]
    np.testing.assert_array_equal(rows["total_charges"], [29.85, np.nan])


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("b,Male", "a,Male", "expected each customerID once"),
        ("gender", "sex", "expected the columns .*gender"),
        ("29.85,29.85", "29.85,n/k", "Unable to parse|n/k"),
        ("Two year,No,Mailed check,20.5", "Two year,No,Mailed check,x", "charges"),
    ],
)
def test_another_file_is_not_taken_for_ibms(telco: Path, old, new, complaint):
    assert old in TELCO_LINES
    telco.write_text(TELCO_LINES.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        load_telco_churn()


ABSENT = {
    "bank_churn": (bank_churn, load_bank_churn),
    "cookie_cats": (cookie_cats, load_cookie_cats),
    "hillstrom": (hillstrom, load_hillstrom),
}
LINES = {
    "bank_churn": "RowNumber,CustomerId,Surname,CreditScore,Geography,Gender,Age,Tenure,"
    "Balance,NumOfProducts,HasCrCard,IsActiveMember,EstimatedSalary,Exited\n"
    "1,15634602,Hargrave,619,France,Female,42,2,0,1,1,1,101348.88,1\n",
    "cookie_cats": "userid,version,sum_gamerounds,retention_1,retention_7\n"
    "337,gate_30,38,TRUE,FALSE\n",
    "hillstrom": "recency,history_segment,history,mens,womens,zip_code,newbie,channel,"
    "segment,visit,conversion,spend\n"
    "10,2) $100 - $200,142.44,1,0,Surburban,0,Phone,Womens E-Mail,0,0,0\n",
}


@pytest.mark.parametrize("name", ABSENT)
def test_a_set_without_a_licence_does_not_come_with_the_book(name: str):
    _, load = ABSENT[name]
    with pytest.raises(DataMissingError, match=r"no 'embedded' tier.*your own copy"):
        load()
    assert verify(name).state == "no such tier"


@pytest.mark.parametrize("name", ABSENT)
def test_the_readers_own_copy_is_read_and_checked(name: str, tmp_path, monkeypatch):
    module, load = ABSENT[name]
    card = card_of(name)
    file = tmp_path / card.original.path
    file.write_text(LINES[name])
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match=f"expected {card.shape[0]} rows, found 1"):
        load()
    small = replace(card.original, shape=(1, card.shape[1]))
    monkeypatch.setattr(module, "CARD", replace(card, original=small))
    frame = load()
    assert frame.dtypes.astype(str).to_dict() == card.dtypes
    file.write_text("\n".join(line.partition(",")[2] for line in LINES[name].split()))
    with pytest.raises(DataError, match=r"expected (the header|14 columns)"):
        load()


def test_words_for_true_and_false_become_one_and_zero(tmp_path, monkeypatch):
    card = card_of("cookie_cats")
    small = replace(card.original, shape=(1, 5))
    monkeypatch.setattr(cookie_cats, "CARD", replace(card, original=small))
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    (tmp_path / card.original.path).write_text(LINES["cookie_cats"])
    row = load_cookie_cats().iloc[0]
    assert (row["retention_1"], row["retention_7"]) == (1, 0)


def test_dates_of_purchases_are_days(monkeypatch):
    dates = load_cdnow_purchases()["date"]
    assert dates.str.fullmatch(r"199[78]-\d\d-\d\d").all()
    assert pd.to_datetime(dates).dt.dayofweek.nunique() == 7
