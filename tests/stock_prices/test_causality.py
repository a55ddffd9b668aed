"""Honest features pass; a leak of each kind is caught and named."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.stock_prices import LookAheadError, check_causality, find_look_ahead


@pytest.fixture(scope="module")
def prices():
    rng = np.random.default_rng(0)
    days = pd.bdate_range("2010-01-04", periods=300, name="date")
    close = 100 * np.exp(np.cumsum(rng.normal(scale=0.01, size=300)))
    return pd.DataFrame({"close": close}, index=days)


def weekly_close(frame):
    """The week's last close, on every day of the week: Friday is known on Monday."""
    weeks = frame["close"].resample("W").last()
    return weeks.reindex(frame.index, method="bfill")


def scaled(frame):
    """Prices between 0 and 1, by the extremes of all days."""
    close = frame["close"]
    return (close - close.min()) / (close.max() - close.min())


def target(frame):
    """The label among the features: whether the next day rises."""
    return (frame["close"].shift(-1) > frame["close"]).astype(float)


LEAKS = {
    "tomorrow's close": lambda f: f["close"].shift(-1),
    "centred window": lambda f: f["close"].rolling(5, center=True).mean(),
    "z-score of the whole sample": lambda f: (
        (f["close"] - f["close"].mean()) / f["close"].std()
    ),
    "scaler fitted on all days": scaled,
    "resampled weeks": weekly_close,
    "label": target,
}

HONEST = {
    "return": lambda f: f["close"].pct_change(),
    "window": lambda f: f["close"].rolling(20).mean(),
    "decaying mean": lambda f: f["close"].ewm(span=10, adjust=False).mean(),
    "z-score so far": lambda f: (
        (f["close"] - f["close"].expanding().mean()) / f["close"].expanding().std()
    ),
    "last week's close": lambda f: (
        f["close"].resample("W").last().shift(1).reindex(f.index, method="bfill")
    ),
    "two columns": lambda f: pd.DataFrame(
        {"a": f["close"].shift(1), "b": f["close"].rolling(3).max()}
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_feature_passes(name, prices):
    check_causality(HONEST[name], prices)
    assert len(find_look_ahead(HONEST[name], prices)) == 0


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_fails(name, prices):
    with pytest.raises(LookAheadError, match="must not use the future"):
        check_causality(LEAKS[name], prices)


@pytest.mark.parametrize("name", ["tomorrow's close", "centred window"])
def test_a_leak_fails_at_every_date(name, prices):
    changed = find_look_ahead(LEAKS[name], prices, dates=100)
    assert changed["until"].nunique() == 100
    # The last two centred windows have no value with all rows either.
    inside = changed["until"] < prices.index[-3]
    assert (changed["day"] == changed["until"])[inside].all()
    first = changed.iloc[0]
    assert first["known to the end"] == LEAKS[name](prices)[first["day"]]
    assert np.isnan(first["known to that day"])


def test_a_gap_filled_from_behind_is_caught_days_before_the_end(prices):
    holes = prices.copy()
    holes.iloc[150:280, 0] = np.nan
    changed = find_look_ahead(lambda f: f["close"].bfill(), holes)
    assert len(changed) > 5
    with pytest.raises(LookAheadError):
        check_causality(lambda f: f["close"].bfill(), holes)


def test_the_leaking_column_is_named(prices):
    def features(frame):
        close = frame["close"]
        return pd.DataFrame({"good": close.shift(1), "bad": close.shift(-2)})

    changed = find_look_ahead(features, prices, dates=7)
    assert changed["feature"].tolist() == ["bad"] * 7
    with pytest.raises(LookAheadError, match="7 changed values; bad of 20"):
        check_causality(features, prices, dates=7)


def test_dates_follow_the_seed_and_have_a_future(prices):
    one, two = (find_look_ahead(LEAKS["label"], prices, seed=s) for s in (0, 1))
    pd.testing.assert_frame_equal(one, find_look_ahead(LEAKS["label"], prices, seed=0))
    assert set(one["until"]) != set(two["until"])
    every = find_look_ahead(LEAKS["tomorrow's close"], prices, dates=149)
    assert every["until"].max() == prices.index[-2]


def test_rounding_is_no_leak(prices):
    rng = np.random.default_rng(0)
    check_causality(
        lambda f: f["close"] * (1 + 1e-12 * rng.normal(size=len(f))), prices
    )
    with pytest.raises(LookAheadError):
        check_causality(
            lambda f: f["close"] * (1 + 1e-6 * rng.normal(size=len(f))), prices
        )


def test_the_frame_is_not_changed_by_a_feature(prices):
    before = prices.copy()

    def greedy(frame):
        frame["close"] = 0.0
        return frame["close"]

    check_causality(greedy, prices)
    pd.testing.assert_frame_equal(prices, before)


def test_columns_that_depend_on_the_future_are_a_leak(prices):
    def by_length(frame):
        return pd.DataFrame({f"column {len(frame)}": frame["close"]})

    with pytest.raises(LookAheadError, match="the same columns whatever follows"):
        check_causality(by_length, prices)


@pytest.mark.parametrize(
    ("feature", "rows", "options", "message"),
    [
        (lambda f: f["close"], slice(None, None, -1), {}, "sorted by time"),
        (lambda f: f["close"], slice(0, 21), {}, "at least dates .* = 22 rows, got 21"),
        (lambda f: f["close"], slice(None), {"dates": 0}, "dates must be a whole"),
        (lambda f: f["close"].iloc[1:], slice(None), {}, "with the frame's index"),
        (lambda f: f["close"].to_numpy(), slice(None), {}, "got ndarray"),
        (lambda f: f["close"] * np.nan, slice(None), {}, "got only missing ones"),
    ],
)
def test_what_cannot_be_checked_is_refused(feature, rows, options, message, prices):
    with pytest.raises(ValueError, match=message):
        check_causality(feature, prices.iloc[rows], **options)


def test_duplicate_days_are_refused(prices):
    twice = prices.iloc[[0, 0, *range(1, 100)]]
    with pytest.raises(ValueError, match="without duplicate days"):
        check_causality(lambda f: f["close"], twice)


def test_a_short_frame_is_enough(prices):
    short = prices.iloc[:22]
    check_causality(lambda f: f["close"], short)
    changed = find_look_ahead(lambda f: f["close"].shift(-1), short)
    # Each row but the first, which has no past, and the last, which has no future.
    assert changed["until"].tolist() == short.index[1:21].tolist()


def test_dates_are_chosen_where_windows_are_full(prices):
    changed = find_look_ahead(lambda f: f["close"].shift(-1), prices)
    assert changed["until"].min() >= prices.index[150]


def test_an_unnamed_feature_is_called_feature(prices):
    def unnamed(frame):
        return frame["close"].shift(-1).rename(None)

    with pytest.raises(LookAheadError, match="changed values; feature of 20"):
        check_causality(unnamed, prices)
    with pytest.raises(LookAheadError, match="changed values; close of 20"):
        check_causality(lambda f: f["close"].shift(-1), prices)
