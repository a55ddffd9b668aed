"""Daily prices: bad tables are named, splits found, crashes left alone."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.datasets import load_shares
from mlmastery.stock_prices import check_prices, find_splits, log_returns


@pytest.fixture(scope="module")
def apple():
    shares = load_shares()
    return shares[shares["ticker"] == "AAPL"].reset_index(drop=True)


def test_a_sound_table_comes_back(apple):
    assert check_prices(apple) is apple


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="date"), "must have the column 'date'"),
        (lambda t: t.iloc[::-1], "must rise from row to row, got 2013-02-28 after"),
        (lambda t: t.iloc[[0, 1, 1, 2]], "each day once, got 2000-03-02 twice"),
        (
            lambda t: t.drop(range(9, 30)),
            "no gap above 10 days, got 30 days before 2000",
        ),
        (lambda t: t.assign(adjusted_close=0.0), "must be above 0, got 0"),
        (lambda t: t.assign(adjusted_close=np.nan), "adjusted_close must hold"),
        (
            lambda t: t.assign(adjusted_close=t["close"]),
            "adjusted for splits, got 101.25 followed by 55.63 on 2000-06-21",
        ),
        (
            lambda t: t.drop(columns="close").iloc[100:200],
            "adjusted for splits, got .* on 2000-09-29",
        ),
    ],
)
def test_a_bad_table_is_named(apple, change, message):
    with pytest.raises(ValueError, match=message):
        check_prices(change(apple))


def test_an_unsorted_day_that_is_not_the_neighbour_is_found_as_double(apple):
    with pytest.raises(ValueError, match="each day once"):
        check_prices(apple.iloc[[0, 1, 2, 0]])


def test_quoted_prices_are_refused_at_their_first_split(apple):
    with pytest.raises(ValueError, match="2000-06-21"):
        check_prices(apple, price="close")


def test_the_gap_of_september_2001_passes_and_a_longer_one_does_not(apple):
    check_prices(apple, max_gap=7)
    with pytest.raises(ValueError, match="2001-09-17"):
        check_prices(apple, max_gap=6)


def test_splits_are_found_and_the_crash_of_2000_is_not_one(apple):
    splits = find_splits(apple)
    assert splits["date"].dt.strftime("%Y-%m-%d").tolist() == [
        "2000-06-21",
        "2005-02-28",
    ]
    assert splits["ratio"].tolist() == [2.0, 2.0]


def test_a_reverse_split_has_a_ratio_below_one():
    days = pd.to_datetime(["2020-01-02", "2020-01-03"])
    table = pd.DataFrame(
        {"date": days, "close": [1.0, 5.0], "adjusted_close": [5.0, 5.0]}
    )
    assert find_splits(table)["ratio"].tolist() == [0.2]


def test_log_returns_add_up():
    prices = [100.0, 110.0, 99.0]
    assert log_returns(prices).sum() == pytest.approx(np.log(0.99))
    with pytest.raises(ValueError, match="prices must be above 0, got 0"):
        log_returns([1.0, 0.0])
    with pytest.raises(ValueError, match="at least 2"):
        log_returns([1.0])
