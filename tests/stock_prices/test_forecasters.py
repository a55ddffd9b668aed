"""Forecasters: their interface, their past, their references, and the race."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, Ridge
from statsmodels.tsa.api import SimpleExpSmoothing
from statsmodels.tsa.arima.model import ARIMA

from mlmastery.stock_prices import (
    ARIMAForecaster,
    DriftForecaster,
    ETSForecaster,
    FeatureForecaster,
    LagForecaster,
    LSTMForecaster,
    NaiveForecaster,
    SuspiciousHitRateWarning,
    WalkForwardSplit,
    best_shift,
    hit_rate,
    indicator_features,
    r_squared,
    race_returns,
)
from mlmastery.stock_prices.race import ReturnRace

MODELS = {
    "naive": NaiveForecaster(),
    "drift": DriftForecaster(),
    "ARIMA": ARIMAForecaster(),
    "ETS": ETSForecaster(),
    "ridge": LagForecaster(Ridge(), n_lags=5),
    "indicators": FeatureForecaster(Ridge(), indicator_features),
    "LSTM": LSTMForecaster(seq_length=5, units=2, epochs=1),
}


@pytest.fixture(scope="module")
def series():
    shocks = np.random.default_rng(3).normal(size=301)
    return shocks[1:] + 0.6 * shocks[:-1] + 0.2


@pytest.mark.parametrize("name", MODELS)
def test_a_forecast_sees_the_values_before_it_only(series, name):
    model = clone(MODELS[name]).fit(series[:200])
    forecast = model.forecast(series, 200)
    assert forecast.shape == (100,)
    changed = series.copy()
    changed[250:] += 5
    other = model.forecast(changed, 200)
    np.testing.assert_allclose(other[:51], forecast[:51], atol=1e-9)
    if name not in ("naive", "drift"):
        assert abs(other[51] - forecast[51]) > 1e-6


@pytest.mark.parametrize("name", MODELS)
def test_fitting_again_forgets_the_first_series(series, name):
    twice = clone(MODELS[name]).fit(5 + 3 * series[:150]).fit(series[:200])
    once = clone(MODELS[name]).fit(series[:200])
    np.testing.assert_allclose(
        twice.forecast(series, 200), once.forecast(series, 200), atol=1e-6
    )
    assert twice.n_fitted_ == 200


@pytest.mark.parametrize("name", MODELS)
def test_a_start_that_is_not_in_the_series_is_refused(series, name):
    model = clone(MODELS[name]).fit(series[:200])
    for start in (0, 300, 2.5):
        with pytest.raises(ValueError, match="start must be a whole number"):
            model.forecast(series, start)


def test_naive_and_drift_are_means(series):
    assert not NaiveForecaster().fit(series).forecast(series, 10).any()
    drift = DriftForecaster().fit(series[:100]).forecast(series, 290)
    np.testing.assert_allclose(drift, [series[:100].mean()] * 10)


def test_arima_equals_one_step_forecasts_of_statsmodels(series):
    ours = ARIMAForecaster((1, 0, 0)).fit(series[:200])
    forecast = ours.forecast(series, 200)
    theirs = ARIMA(series[:200], order=(1, 0, 0), trend="c").fit()
    mean, phi = theirs.params[:2]
    by_hand = mean + phi * (series[199:-1] - mean)
    np.testing.assert_allclose(forecast, by_hand, atol=1e-3)


def test_the_unit_of_returns_does_not_matter_to_arima(series):
    small = ARIMAForecaster().fit(series[:200] / 1000).forecast(series / 1000, 200)
    large = ARIMAForecaster().fit(series[:200]).forecast(series, 200)
    np.testing.assert_allclose(1000 * small, large, rtol=1e-6)


def test_ets_equals_the_fitted_values_of_statsmodels(series):
    level = series.cumsum()
    ours = ETSForecaster().fit(level)
    theirs = SimpleExpSmoothing(level, initialization_method="estimated").fit()
    np.testing.assert_allclose(ours.forecast(level, 1), theirs.fittedvalues[1:])


def test_lags_are_those_right_before_the_forecast():
    doubling = 2.0 ** np.arange(12)
    model = LagForecaster(LinearRegression(), n_lags=2).fit(doubling[:8])
    np.testing.assert_allclose(model.forecast(doubling, 8), doubling[8:])
    with pytest.raises(ValueError, match="start must be a whole number of at least 2"):
        model.forecast(doubling, 1)


def test_features_of_the_evening_before_forecast_a_day():
    series = np.array([1.0, 2, 4, 8, 16, 32])
    model = FeatureForecaster(LinearRegression(), lambda x: np.c_[x]).fit(series[:4])
    np.testing.assert_allclose(model.forecast(series, 4), [16, 32])


def test_the_race_trains_before_and_tests_after():
    returns = np.random.default_rng(0).normal(size=50)
    race = race_returns(
        {"naive": NaiveForecaster(), "drift": DriftForecaster()},
        returns,
        WalkForwardSplit(20, 10),
    )
    assert race.forecasts.index.tolist() == [*range(20, 50)]
    np.testing.assert_array_equal(race.actual, returns[20:])
    means = [returns[k : k + 20].mean() for k in (0, 10, 20)]
    np.testing.assert_allclose(race.forecasts["drift"], np.repeat(means, 10))
    np.testing.assert_allclose(race.losses["naive"], returns[20:] ** 2)
    table = race.table()
    assert table.loc["naive", "MSE ratio"] == 1
    expected = race.losses["drift"].mean() / (returns[20:] ** 2).mean()
    assert table.loc["drift", "MSE ratio"] == pytest.approx(expected)
    assert np.isnan(table.loc["naive", "hit rate"])
    assert (table["CPU s"] >= 0).all()


def test_races_of_the_same_days_join_and_others_do_not():
    returns = np.random.default_rng(0).normal(size=50)
    cv = WalkForwardSplit(20, 10)
    a = race_returns({"naive": NaiveForecaster()}, returns, cv)
    both = a.join(race_returns({"drift": DriftForecaster()}, returns, cv))
    assert [*both.forecasts] == ["naive", "drift"] == [*both.seconds]
    with pytest.raises(ValueError, match="same days"):
        a.join(
            race_returns(
                {"drift": DriftForecaster()}, returns, WalkForwardSplit(30, 10)
            )
        )
    assert isinstance(both, ReturnRace)


def test_a_hit_rate_above_six_tenths_is_suspicious():
    rng = np.random.default_rng(0)
    actual = rng.normal(size=400)
    with pytest.warns(SuspiciousHitRateWarning, match="values from the future"):
        assert hit_rate(actual, actual) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert 0.4 < hit_rate(actual, rng.normal(size=400)) < 0.6
        assert hit_rate(actual[:99], actual[:99]) == 1  # too few days to say
    with pytest.warns(SuspiciousHitRateWarning):
        hit_rate(np.ones(100), np.r_[np.ones(61), -np.ones(39)])
    hit_rate(np.ones(100), np.r_[np.ones(60), -np.ones(40)])


def test_days_without_direction_do_not_count():
    assert hit_rate([0.0, 1.0, -1.0, 1.0], [1.0, 1.0, 1.0, 0.0]) == 0.5
    assert np.isnan(hit_rate([1.0, -1.0], [0.0, 0.0]))


def test_overlapping_labels_of_one_walk_raise_the_warning():
    """Directions of five-day sums, forecast by the sum of a day later: 100 % is no skill."""
    returns = np.random.default_rng(0).normal(size=500)
    sums = np.convolve(returns, np.ones(5), "valid")
    with pytest.warns(SuspiciousHitRateWarning):
        assert hit_rate(sums[:-1], sums[1:]) > 0.7


@pytest.mark.parametrize("lag", [0, 1, 4])
def test_a_shifted_forecast_is_found(lag):
    price = np.random.default_rng(0).normal(size=300).cumsum()
    assert best_shift(price[lag:], price[: len(price) - lag]) == lag


def test_r_squared_is_that_of_the_mean():
    y = np.array([1.0, 2.0, 6.0])
    assert r_squared(y, np.full(3, 3.0)) == 0
    assert r_squared(y, [1.0, 2.0, 5.0]) == pytest.approx(1 - 1 / 14)
    with pytest.raises(ValueError, match="got 2 for 3"):
        r_squared(y, [1.0, 2.0])


def test_a_differenced_arima_without_lags_is_the_last_value(series):
    level = series.cumsum()
    forecast = ARIMAForecaster((0, 1, 0)).fit(level[:200]).forecast(level, 200)
    np.testing.assert_allclose(forecast, level[199:-1], atol=1e-6)


def test_the_table_counts_directions_of_each_model():
    actual = np.array([1.0, -1.0, 1.0, 1.0])
    forecasts = {"naive": [0.0] * 4, "up": [1.0] * 4, "odd": [1.0, -1, -1, -1]}
    race = ReturnRace(pd.DataFrame(forecasts), actual, dict.fromkeys(forecasts, 2.0))
    table = race.table()
    assert table.loc[["up", "odd"], "hit rate"].tolist() == [0.75, 0.5]
    assert race.table("up").loc["odd", "MSE ratio"] == 2
