"""What people hand in by mistake gets an error that names it, never a silent number."""

import re

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold

from mlmastery.stock_prices import (
    DriftForecaster,
    FeatureForecaster,
    LagForecaster,
    OneFeature,
    RecursiveForecaster,
    RepeatMean,
    SequenceLSTM,
    WalkForwardSplit,
    best_shift,
    check_prices,
    check_stationarity,
    create_sequences,
    find_look_ahead,
    find_splits,
    hold_next_day,
    indicator_features,
    macd,
    r_squared,
    race_returns,
    roll_forward,
    rsi_variants,
    run_backtest,
    sharpe_ratio,
    warm_up,
)
from mlmastery.stock_prices.volatility import (
    GARCH,
    HAR,
    parkinson_variance,
    qlike,
    race_volatility,
)
from mlmastery.stock_prices.volatility.smoothing import ewma_variance, rolling_variance

R = np.random.default_rng(0).normal(size=300)
HOLED = np.where(np.arange(300) == 7, np.nan, R)
CUBE = np.ones((4, 3, 2))
FOLDS = WalkForwardSplit(100, 50)
DAYS = pd.DataFrame(
    {
        "date": pd.date_range("2020-01-01", periods=3).astype(str),
        "close": [2.0, 1.0, 1.0],
        "adjusted_close": [1.0, 1.0, 1.0],
    }
)
DRIFT = race_returns({"drift": DriftForecaster()}, R, FOLDS)
FLAT = pd.Series([1.0, 1.0])


class OneValue:
    def predict(self, X):
        return np.ones(1)


CASES = {
    "missing in windows": (lambda: create_sequences(HOLED, 3), "data must hold finite"),
    "text in windows": (lambda: create_sequences(list("abcd"), 2), "data must hold"),
    "target by name": (
        lambda: create_sequences(np.ones((5, 2)), 2, target="a"),
        "target must be a column below 2, got 'a'",
    ),
    "target true": (
        lambda: create_sequences(np.ones((5, 2)), 2, target=True),
        "target must be a column below 2, got True",
    ),
    "targets of another length": (
        lambda: SequenceLSTM().fit(np.ones((4, 3)), np.ones(8)),
        "got shape (8,) for 4 windows",
    ),
    "missing target": (
        lambda: SequenceLSTM().fit(np.ones((2, 3)), [1.0, np.nan]),
        "y must hold finite numbers",
    ),
    "missing in a window": (
        lambda: SequenceLSTM().fit([[1.0, np.nan]], [1.0]),
        "1 numbers not finite",
    ),
    "no windows": (
        lambda: SequenceLSTM().fit(np.ones((0, 3)), np.ones(0)),
        "got 0 windows",
    ),
    "longer than the window": (
        lambda: RepeatMean(2, 9).predict([[1.0, 3.0]]),
        "n_last must be a whole number from 1 to 2, got 9",
    ),
    "none of the window": (
        lambda: RepeatMean(2, 0).predict([[1.0, 3.0]]),
        "n_last must be a whole number from 1 to 2, got 0",
    ),
    "horizon of zero": (
        lambda: RepeatMean(0).predict([[1.0, 3.0]]),
        "horizon must be a whole number",
    ),
    "two features to repeat": (
        lambda: RepeatMean(2).predict(CUBE),
        "X must have shape (n, rows), got (4, 3, 2)",
    ),
    "one column of targets": (
        lambda: RecursiveForecaster(Ridge(), 2).fit(np.ones((4, 2)), np.ones(4)),
        "y must have shape (n, horizon), got (4,)",
    ),
    "no days ahead": (
        lambda: RecursiveForecaster(Ridge(), 0).fit(np.ones((4, 2)), np.ones((4, 2))),
        "horizon must be a whole number",
    ),
    "never fitted": (lambda: RecursiveForecaster(Ridge(), 2).predict([[1.0]]), "fit"),
    "never fitted either": (lambda: OneFeature(Ridge()).predict(CUBE), "fit"),
    "flat windows": (
        lambda: OneFeature(Ridge()).fit(np.ones((4, 3)), None),
        "X must have shape (n, rows, n_features), got (4, 3)",
    ),
    "no such feature": (
        lambda: OneFeature(Ridge(), 2).fit(CUBE, None),
        "column must be a whole number from 0 to 1, got 2",
    ),
    "one forecast for two": (
        lambda: roll_forward(OneValue(), np.ones((2, 3)), 2),
        "got shape (1,) for 2 windows",
    ),
    "nothing to roll": (
        lambda: roll_forward(OneValue(), np.ones((0, 3)), 2),
        "X must have shape (n, rows), got (0, 3)",
    ),
    "features too short": (
        lambda: FeatureForecaster(Ridge(), lambda x: x[1:, None]).fit(R),
        "features must return 300 rows of numbers, got shape (299, 1)",
    ),
    "features in one axis": (
        lambda: FeatureForecaster(Ridge(), lambda x: x).fit(R),
        "got shape (300,)",
    ),
    "too short for features": (
        lambda: FeatureForecaster(Ridge(), indicator_features).fit(R[:20]),
        "features must be finite in some row, got none in 20 rows",
    ),
    "training after the test": (
        lambda: race_returns(
            {"ridge": LagForecaster(Ridge())},
            R,
            WalkForwardSplit(100, 50, train_after=True),
        ),
        "cv must train on neighbouring rows before",
    ),
    "blocks": (
        lambda: race_returns({"drift": DriftForecaster()}, R, KFold(3)),
        "which fold 0 does not",
    ),
    "no model": (lambda: race_returns({}, R, FOLDS), "models must be a dict"),
    "a list": (lambda: race_returns([DriftForecaster()], R, FOLDS), "models must be"),
    "a regressor": (lambda: race_returns({"r": Ridge()}, R, FOLDS), "as 'r'"),
    "a class": (
        lambda: race_returns({"d": DriftForecaster}, R, FOLDS),
        "models must be forecasters",
    ),
    "joined twice": (lambda: DRIFT.join(DRIFT), "other names, got ['drift']"),
    "another series": (
        lambda: DRIFT.join(race_returns({"d": DriftForecaster()}, 2 * R, FOLDS)),
        "other must be a race of the same days",
    ),
    "no baseline": (lambda: DRIFT.table(), "baseline must be one of drift"),
    "r² of a constant": (lambda: r_squared([2, 2], [1, 2]), "actual must vary"),
    "shift too far": (
        lambda: best_shift([1, 2, 3], [1, 2, 3]),
        "most must be a whole number from 0 to 2, got 10",
    ),
    "days as numbers": (
        lambda: check_prices(DAYS.assign(date=[20200101, 20200102, 20200103])),
        "date must hold days such as '2005-02-28', got numbers",
    ),
    "a missing day": (
        lambda: check_prices(DAYS.assign(date=[None, "2020-01-02", "2020-01-03"])),
        "date must not be missing, got 1 missing",
    ),
    "no day at all": (
        lambda: check_prices(DAYS.assign(date="2020-99-99")),
        "date must hold days",
    ),
    "splits without close": (
        lambda: find_splits(DAYS.drop(columns="close")),
        "frame must have the column 'close'",
    ),
    "splits with a hole": (
        lambda: find_splits(DAYS.assign(close=[2.0, np.nan, 1.0])),
        "close must hold",
    ),
    "splits of nothing": (
        lambda: find_splits(DAYS.assign(close=[2.0, 0.0, 1.0])),
        "close must be above 0, got 0",
    ),
    "splits backwards": (lambda: find_splits(DAYS[::-1]), "date must rise"),
    "a constant": (
        lambda: check_stationarity(np.ones(50)),
        "values must vary, got 50 times 1",
    ),
    "five RSIs of no days": (lambda: rsi_variants(R + 50, 0), "period must be a whole"),
    "signal of no days": (lambda: macd(R, signal=0), "signal must be a whole"),
    "weight as text": (lambda: warm_up("a"), "alpha must lie between 0 and 1"),
    "positions as a list": (
        lambda: run_backtest([1.0], FLAT),
        "positions must be a Series, got list",
    ),
    "days out of order": (
        lambda: run_backtest(FLAT[::-1], FLAT[::-1]),
        "returns must be sorted by time",
    ),
    "signal as a list": (lambda: hold_next_day([1.0]), "signal must be a Series"),
    "no periods": (lambda: sharpe_ratio(R, 0), "periods must be a whole number"),
    "a list to test": (
        lambda: find_look_ahead(lambda f: f, [1, 2]),
        "frame must be a DataFrame, got list",
    ),
    "a hole to filter": (lambda: GARCH().fit(R).filter([1, np.nan]), "returns must"),
    "a hole to smooth": (lambda: ewma_variance(HOLED), "returns must hold"),
    "a hole to average": (lambda: rolling_variance(HOLED), "returns must hold"),
    "a hole to regress": (lambda: HAR().fit(R, HOLED), "variance must hold"),
    "a hole to explain": (lambda: HAR().fit(HOLED, abs(R)), "returns must hold"),
    "ranges of other days": (
        lambda: parkinson_variance([1.0, 2, 3], [1.0, 2]),
        "high and low must be of the same days",
    ),
    "no squares": (lambda: qlike([-1.0], [1.0]), "squared_returns must be 0 or more"),
    "missing squares": (lambda: qlike([np.nan], [1.0]), "got nan at row 0"),
    "a hole in the ranges": (
        lambda: race_volatility(R, abs(HOLED), first=260),
        "range_variance must hold",
    ),
    "never refitted": (
        lambda: race_volatility(R, abs(R), first=260, refit=0),
        "refit must be a whole number",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_named(name):
    call, message = CASES[name]
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


@pytest.mark.parametrize("n", [20, 25, 40])
def test_both_tests_take_short_series(n):
    assert check_stationarity(R[:n]).verdict in ("stationary", "undecided")


@pytest.mark.parametrize("n", [1, 25, 33])
def test_a_series_too_short_for_the_macd_has_no_value(n):
    for part in macd(R[:n] + 50):
        assert part.shape == (n,)
        assert np.isnan(part).all()
    assert np.isfinite(macd(R[:34] + 50)[2]).sum() == 1


def test_a_signal_of_yes_and_no_is_a_position():
    assert hold_next_day(pd.Series([True, False, True])).tolist() == [0.0, 1.0, 0.0]
