"""The data sets of prices and ratings: what their cards say is so."""

import io
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlmastery.datasets import (
    DataError,
    DataMissingError,
    card_of,
    load_mark_pound,
    load_movielens,
    load_movielens_100k,
    load_shares,
    load_sp500,
    load_sp500_members,
    movielens_100k,
    sp500_members,
    verify,
)


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLMASTERY_DATA", raising=False)


def growth(prices: pd.Series) -> pd.Series:
    return prices / prices.shift()


def test_what_the_card_of_the_shares_says_of_faults_is_so():
    shares = load_shares()
    found = []
    for ticker, days in shares.groupby("ticker"):
        assert days["date"].is_monotonic_increasing
        assert days["date"].is_unique
        days = days.set_index("date")
        jumps = growth(days["close"])
        halves = jumps.index[(jumps - 1).abs() > 0.4]
        adjusted = growth(days["adjusted_close"])[halves].round(2)
        found += [(ticker, day, change) for day, change in adjusted.items()]
    assert found == [
        ("AAPL", "2000-06-21", 1.1),
        ("AAPL", "2000-09-29", 0.48),
        ("AAPL", "2005-02-28", 1.01),
        ("MSFT", "2003-02-18", 1.03),
    ]
    firsts = shares.groupby("ticker")["date"].min()
    assert firsts[["AAPL", "GOOG", "FB"]].tolist() == [
        "2000-03-01",
        "2004-08-19",
        "2012-05-18",
    ]


def test_what_the_card_of_the_index_says_of_faults_is_so():
    index = load_sp500()
    year = pd.to_datetime(index["date"]).dt.year
    repeated = index["open"] == index["close"].shift()
    assert round(repeated.iloc[1:].mean(), 2) == 0.56
    mostly = year.between(1962, 1981) | year.between(1996, 2005)
    assert round(repeated[mostly].mean(), 2) == 0.95
    flat = index["high"] == index["low"]
    assert flat[year <= 1961].all()
    assert flat[year > 1961].sum() == 38
    assert (index["close"] == index["adjusted_close"]).all()
    assert (index["close"].diff() == 0).sum() == 125
    dates = pd.to_datetime(index["date"])
    assert dates.is_monotonic_increasing
    longest = dates.diff().idxmax()
    assert (dates[longest], dates.diff()[longest].days) == (
        pd.Timestamp("2001-09-17"),
        7,
    )


def test_what_the_card_of_the_exchange_rate_says_of_faults_is_so():
    rate = load_mark_pound()
    assert rate["day"].tolist() == list(range(1, 1975))
    returns = rate["log_return"]
    error = returns.std() / np.sqrt(len(returns))
    assert (round(returns.mean(), 3), round(error, 3)) == (-0.016, 0.011)


def test_what_the_card_of_the_ratings_says_of_faults_is_so():
    ratings = load_movielens()
    films = ratings.drop_duplicates("movie_id")
    assert len(films) == 9066
    untitled = ratings[ratings["title"].isna()]
    assert (len(untitled), untitled["movie_id"].nunique()) == (7, 5)
    assert untitled["year"].isna().all()
    assert (films["genres"] == "(no genres listed)").sum() == 17
    assert films["genres"].str.split("|").explode().nunique() == 20
    assert films["genres"].str.split("|").str.len().max() == 10
    assert ratings.groupby("user_id").size().min() == 20
    assert (ratings.groupby("movie_id").size() == 1).sum() == 3063
    assert films["title"].duplicated().sum() == 234
    assert films.duplicated(["title", "year"]).sum() == 6
    assert sorted(ratings["rating"].unique()) == [i / 2 for i in range(1, 11)]
    assert not ratings.duplicated(["user_id", "movie_id"]).any()


PRICES = """\
Date,High,Low,Open,Close,Volume,Adj Close,Name
2015-01-12,112.6,108.8,112.5,109.2,49650800.0,100.3,{name}
"""
FILMS = (
    "1|Toy Story (1995)|01-Jan-1995||http://x|0|1|1\n2|Caf\xe9 (1994)||||1|0|0\n"
).encode("latin-1")


def prices_archive(path: Path, text: str = PRICES) -> None:
    with tarfile.open(path, "w:xz") as archive:
        for name in ("XOM", "AAPL"):
            content = text.format(name=name).encode()
            member = tarfile.TarInfo(f"prices/{name}.csv")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def ratings_archive(path: Path, films: bytes = FILMS) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ml-100k/u.data", "196\t2\t3\t881250949\n7\t1\t5\t881250950\n")
        archive.writestr("ml-100k/u.item", films)
        archive.writestr("ml-100k/u.genre", "unknown|0\nAction|1\nFilm-Noir|2\n\n")


LOCAL = {
    "sp500_members": (sp500_members, load_sp500_members, prices_archive),
    "movielens_100k": (movielens_100k, load_movielens_100k, ratings_archive),
}


@pytest.fixture(params=LOCAL)
def original(request, tmp_path, monkeypatch):
    """A folder with an original of two rows, and what reads it."""
    module, load, write = LOCAL[request.param]
    card = card_of(request.param)
    write(tmp_path / card.original.path)
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    small = replace(card, original=replace(card.original, shape=(2, card.shape[1])))
    return module, load, card, small, tmp_path / card.original.path


@pytest.mark.parametrize("name", LOCAL)
def test_a_set_that_may_not_be_passed_on_does_not_come_with_the_book(name: str):
    _, load, _ = LOCAL[name]
    with pytest.raises(DataMissingError, match=r"no 'embedded' tier.*your own copy"):
        load()
    assert verify(name).state == "no such tier"


def test_the_readers_own_archive_is_read_and_checked(original, monkeypatch):
    module, load, card, small, path = original
    with pytest.raises(DataError, match=f"expected {card.shape[0]} rows, found 2"):
        load()
    monkeypatch.setattr(module, "CARD", small)
    assert load().dtypes.astype(str).to_dict() == card.dtypes
    path.write_bytes(b"no archive")
    with pytest.raises(DataError, match="expected an archive"):
        load()


def test_shares_come_in_the_order_of_their_names(tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    card = card_of("sp500_members")
    small = replace(card, original=replace(card.original, shape=(2, 8)))
    monkeypatch.setattr(sp500_members, "CARD", small)
    prices_archive(tmp_path / card.original.path)
    rows = load_sp500_members()
    assert rows["ticker"].tolist() == ["AAPL", "XOM"]
    assert rows.loc[0, ["open", "high", "low", "close"]].tolist() == [
        112.5,
        112.6,
        108.8,
        109.2,
    ]
    prices_archive(tmp_path / card.original.path, PRICES.replace("Adj Close", "Adj"))
    with pytest.raises(DataError, match=r"expected the columns .*Adj Close"):
        load_sp500_members()


def test_films_join_their_ratings_with_their_genres(tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    card = card_of("movielens_100k")
    small = replace(card, original=replace(card.original, shape=(2, 6)))
    monkeypatch.setattr(movielens_100k, "CARD", small)
    ratings_archive(tmp_path / card.original.path)
    rows = load_movielens_100k()
    assert rows["user_id"].tolist() == [196, 7]
    assert rows["title"].tolist() == ["Café (1994)", "Toy Story (1995)"]
    assert rows["genres"].tolist() == ["unknown", "Action|Film-Noir"]
    ratings_archive(tmp_path / card.original.path, FILMS.replace(b"|0|1|1", b"|1|1"))
    with pytest.raises(DataError, match=r"8 columns in u\.item|tokenizing"):
        load_movielens_100k()
