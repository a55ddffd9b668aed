"""Chapter 1, page 2: what goes wrong on the page still goes wrong."""

import io
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from mlmastery.data_exploration import load_table, summarise_file
from mlmastery.data_exploration.statements import write_statement


@pytest.fixture
def statement(tmp_path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    truth = write_statement(tmp_path / "s.csv", "de")
    raw = pd.read_csv(tmp_path / "s.csv", encoding="cp1252", sep=";")
    return truth, raw


def test_a_statement_read_without_arguments_has_the_wrong_types(statement):
    _, raw = statement
    assert isinstance(raw["Betrag"].sum(), str)
    assert not isinstance(raw["Buchungstag"].iloc[0], pd.Timestamp)
    assert pd.api.types.is_integer_dtype(raw["Referenz"].dtype)


def test_the_popular_repair_loses_the_large_amounts(statement):
    truth, raw = statement
    texts = raw["Betrag"].str.replace(",", ".")
    naive = pd.to_numeric(texts, errors="coerce")
    assert (naive.isna() == (truth["amount"].abs() >= 1000)).all()
    assert naive.sum() < 0 < truth["amount"].sum()


def test_arguments_of_one_country_are_wrong_in_another():
    text = io.StringIO("amount\n18.25\n")
    read = pd.read_csv(text, sep=";", decimal=",", thousands=".")
    assert read["amount"].tolist() == [1825]


def test_pandas_takes_namibia_for_a_gap():
    text = "code,basement\nNA,None\nDE,Full\n"
    assert pd.read_csv(io.StringIO(text)).isna().sum().tolist() == [1, 1]


def test_an_input_pasted_into_a_query_returns_all_rows(tmp_path):
    url = f"sqlite:///{tmp_path / 'f.db'}"
    engine = sa.create_engine(url)
    pd.DataFrame({"dest": ["IAH", "MIA", "SFO"]}).to_sql("flights", engine, index=False)
    engine.dispose()
    typed = "IAH' OR 1 = 1 --"
    pasted = load_table(url, query=f"SELECT * FROM flights WHERE dest = '{typed}'")
    bound = "SELECT * FROM flights WHERE dest = :dest"
    assert len(pasted) == 3
    assert load_table(url, query=bound, params={"dest": typed}).empty


def test_sample_and_summary_keep_what_the_page_says(tmp_path):
    truth = write_statement(tmp_path / "s.csv", "fr", 500)
    sampled = load_table(tmp_path / "s.csv", sample=50)
    assert sampled["Montant"].isin(truth["amount"]).all()
    summary = summarise_file(tmp_path / "s.csv")
    assert summary.loc["Montant", "mean"] == pytest.approx(truth["amount"].mean())
    assert summary.loc["Référence", "type"] == "VARCHAR"
