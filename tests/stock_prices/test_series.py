"""Stationarity, decomposition and autocorrelation."""

import numpy as np
import pytest
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tsa.seasonal import seasonal_decompose
from statsmodels.tsa.stattools import acf as their_acf
from statsmodels.tsa.stattools import pacf as their_pacf

from mlmastery.stock_prices import (
    Stationarity,
    acf,
    centred_average,
    check_stationarity,
    decompose,
    ljung_box,
    pacf,
    white_noise_bound,
)


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(1).normal(size=400) + 100


@pytest.mark.parametrize("n_lags", [1, 7, 40])
def test_correlations_equal_those_of_statsmodels(noise, n_lags):
    series = noise + np.roll(noise, 1)
    np.testing.assert_allclose(acf(series, n_lags), their_acf(series, nlags=n_lags))
    np.testing.assert_allclose(
        pacf(series, n_lags), their_pacf(series, n_lags, method="ldb"), atol=1e-12
    )


def test_the_partial_correlation_is_the_last_coefficient_of_the_regression(noise):
    rho = acf(noise, 3)
    table = np.array([[rho[abs(i - j)] for j in range(3)] for i in range(3)])
    assert pacf(noise, 3)[3] == pytest.approx(np.linalg.solve(table, rho[1:])[-1])


def test_ljung_box_equals_that_of_statsmodels(noise):
    theirs = acorr_ljungbox(noise, lags=[10])
    assert ljung_box(noise, 10) == pytest.approx(
        (theirs["lb_stat"].iloc[0], theirs["lb_pvalue"].iloc[0])
    )


def test_white_noise_respects_its_bound():
    rng = np.random.default_rng(0)
    inside = [
        abs(acf(rng.normal(size=500), 1)[1]) < white_noise_bound(500)
        for _ in range(400)
    ]
    assert 0.91 < np.mean(inside) < 0.98


@pytest.mark.parametrize("constant", [[2.0] * 9, [0.1] * 9, [1e9] * 9])
def test_a_constant_series_has_no_correlation(constant):
    with pytest.raises(ValueError, match="values must vary, got a constant series"):
        acf(constant, 2)


def test_lags_need_values():
    with pytest.raises(ValueError, match="at least 4"):
        acf([1.0, 2.0, 3.0], 3)
    with pytest.raises(ValueError, match="n_lags"):
        acf([1.0, 2.0, 3.0], 0)


@pytest.mark.parametrize("period", [2, 4, 5, 12])
def test_decomposition_equals_that_of_statsmodels(noise, period):
    series = noise + np.arange(400) / 50 + np.tile(np.arange(4.0), 100)
    ours, theirs = decompose(series, period), seasonal_decompose(series, period=period)
    np.testing.assert_allclose(ours["trend"], theirs.trend)
    np.testing.assert_allclose(ours["season"], theirs.seasonal, atol=1e-12)
    np.testing.assert_allclose(ours["rest"], theirs.resid, atol=1e-10)


def test_a_season_sums_to_zero_and_the_parts_to_the_series(noise):
    parts = decompose(noise, 6)
    assert parts["season"].iloc[:6].sum() == pytest.approx(0)
    middle = slice(3, -3)
    np.testing.assert_allclose(parts.sum(axis=1).iloc[middle], noise[middle])


def test_a_season_needs_two_of_it():
    with pytest.raises(ValueError, match="at least 24"):
        decompose(np.arange(23.0), 12)
    with pytest.raises(ValueError, match="period must be a whole number of at least 2"):
        decompose(np.arange(23.0), 1)
    assert np.isnan(centred_average([1.0, 2.0], 4)).all()


def test_both_tests_judge_simulated_walks_and_simulated_noise():
    """Each test errs in one of twenty series; fewer than 14 of 20 would be a bug."""
    steps = np.random.default_rng(10).normal(size=(20, 400))
    walks = [check_stationarity(s.cumsum()).verdict for s in steps]
    noises = [check_stationarity(s).verdict for s in steps]
    assert walks.count("not stationary") >= 14
    assert noises.count("stationary") >= 14
    assert walks.count("stationary") == noises.count("not stationary") == 0


def test_the_verdict_knows_the_null_of_each_test():
    assert Stationarity(0.30, 0.016).verdict == "not stationary"
    assert Stationarity(0.001, 0.1).verdict == "stationary"
    assert Stationarity(0.001, 0.01).verdict == "undecided"
    assert Stationarity(0.3, 0.1).verdict == "undecided"
    assert Stationarity(0.03, 0.1, level=0.01).verdict == "undecided"
    text = str(Stationarity(0.997, 0.01))
    assert text.startswith("not stationary: ADF (null: unit root) p = 0.997")
    assert "KPSS (null: stationary) p = 0.010" in text


def test_stationarity_needs_values():
    with pytest.raises(ValueError, match="at least 20"):
        check_stationarity(np.arange(19.0))
    with pytest.raises(ValueError, match="level must lie between 0 and 1, got 5"):
        check_stationarity(np.arange(30.0), level=5)
