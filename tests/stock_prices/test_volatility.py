"""GARCH equals the published benchmark; no forecast of variance looks ahead."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from mlmastery.datasets import load_mark_pound
from mlmastery.stock_prices.volatility import (
    GARCH,
    GJR,
    HAR,
    ewma_variance,
    forecast_variances,
    log_likelihood,
    parkinson_variance,
    qlike,
    race_volatility,
    rolling_variance,
    squared_error,
    variance_path,
)

# Fiorentini, Calzolari and Panattoni (1996) and R's fGarch on the same returns.
BENCHMARK = {"mu": -0.00619041, "omega": 0.0107613, "alpha": 0.153134, "beta": 0.805974}
HESSIAN = [0.00846260, 0.00285270, 0.02652271, 0.03355251]
ARCH = {"mu": -0.0060766, "omega": 0.0099142, "alpha": 0.1454780, "beta": 0.8168462}


@pytest.fixture(scope="module")
def exchange():
    """1,974 daily returns of the mark against the pound, in per cent."""
    return load_mark_pound()["log_return"].to_numpy()


@pytest.fixture(scope="module")
def fitted(exchange):
    return GARCH().fit(exchange)


@pytest.fixture(scope="module")
def falls():
    """Returns of a GJR process: falls raise the variance more than rises."""
    rng = np.random.default_rng(1)
    returns, variance = [], 1.0
    for shock in rng.normal(size=4000):
        returns.append(shock * variance**0.5)
        weight = 0.03 + 0.12 * (shock < 0)
        variance = 0.05 + weight * returns[-1] ** 2 + 0.86 * variance
    return np.array(returns)


def arch_fit(returns, **options):
    arch = pytest.importorskip("arch")
    model = arch.arch_model(returns, mean="Constant", p=1, q=1, rescale=False)
    return model.fit(disp="off", options={"ftol": 1e-12, "maxiter": 500}, **options)


def arch_backcast(returns):
    """The start value of ``arch``: squared residuals of 75 days, weights falling."""
    weights = 0.94 ** np.arange(75)
    return float(weights / weights.sum() @ (returns - returns.mean())[:75] ** 2)


def test_equals_the_published_benchmark(fitted):
    for name, value in BENCHMARK.items():
        assert fitted.params_[name] == pytest.approx(value, rel=1.2e-5)
    assert fitted.log_likelihood_ == pytest.approx(-1106.60788, abs=1e-5)


def test_standard_errors_are_those_of_the_hessian(fitted):
    np.testing.assert_allclose(fitted.standard_errors(), HESSIAN, rtol=1e-3)


def test_arch_differs_by_its_start_value_and_by_nothing_else(exchange, fitted):
    default = arch_fit(exchange)
    np.testing.assert_allclose(default.params, list(ARCH.values()), rtol=2e-3)
    assert default.loglikelihood == pytest.approx(-1104.5214, abs=1e-3)
    residuals = exchange - fitted.params_["mu"]
    same_start = arch_fit(exchange, backcast=float(np.mean(residuals**2)))
    # arch keeps the start value fixed while mu moves: hence a given presample.
    ours = GARCH(presample=float(np.mean(residuals**2))).fit(exchange)
    np.testing.assert_allclose(same_start.params, ours.params_, rtol=1e-3)
    assert same_start.loglikelihood == pytest.approx(ours.log_likelihood_, abs=1e-5)
    np.testing.assert_allclose(same_start.params, fitted.params_, rtol=5e-3)
    as_arch = GARCH(presample=arch_backcast(exchange)).fit(exchange)
    assert as_arch.log_likelihood_ == pytest.approx(default.loglikelihood, abs=1e-3)
    np.testing.assert_allclose(as_arch.params_, default.params, rtol=2e-3)


def test_robust_errors_of_arch_are_other_errors(exchange, fitted):
    """With the same start value, arch's non-robust errors are ours, its robust not."""
    residuals = exchange - fitted.params_["mu"]
    start = float(np.mean(residuals**2))
    classic = arch_fit(exchange, backcast=start, cov_type="classic").std_err
    robust = arch_fit(exchange, backcast=start).std_err
    # arch keeps the start value fixed while mu moves; the effect is below a per cent.
    np.testing.assert_allclose(classic, fitted.standard_errors(), rtol=0.02)
    assert robust["alpha[1]"] > 1.5 * classic["alpha[1]"]


@pytest.mark.parametrize("model", [GARCH, GJR])
def test_the_unit_of_returns_changes_only_mu_and_omega(model, exchange):
    one, hundred = model().fit(exchange), model().fit(100 * exchange)
    scale = pd.Series(1.0, one.params_.index)
    scale["mu"], scale["omega"] = 100, 100**2
    np.testing.assert_allclose(hundred.params_, one.params_ * scale, rtol=1e-4)
    np.testing.assert_allclose(hundred.variance_, 1e4 * one.variance_, rtol=1e-4)
    shift = len(exchange) * np.log(100)
    assert hundred.log_likelihood_ == pytest.approx(one.log_likelihood_ - shift)


def test_a_given_start_value_scales_with_the_returns(exchange):
    one = GARCH(presample=0.5).fit(exchange)
    ten = GARCH(presample=50.0).fit(10 * exchange)
    np.testing.assert_allclose(ten.variance_, 100 * one.variance_, rtol=1e-4)


def test_gjr_finds_the_leverage_that_was_put_in(falls):
    model = GJR().fit(falls)
    error = model.standard_errors()
    assert abs(model.params_["gamma"] - 0.12) < 3 * error["gamma"]
    assert model.params_["gamma"] > 4 * error["gamma"]
    assert model.log_likelihood_ > GARCH().fit(falls).log_likelihood_ + 20


def test_gjr_equals_arch(falls):
    arch = pytest.importorskip("arch")
    model = GJR().fit(falls)
    start = float(np.mean((falls - model.params_["mu"]) ** 2))
    theirs = arch.arch_model(falls, p=1, o=1, q=1, rescale=False).fit(
        disp="off", backcast=start, options={"ftol": 1e-12}
    )
    assert theirs.loglikelihood == pytest.approx(model.log_likelihood_, abs=1e-3)
    np.testing.assert_allclose(theirs.params, model.params_, atol=2e-4)


def test_no_small_step_makes_the_returns_more_likely(falls):
    model = GJR().fit(falls)
    gradient = optimize.approx_fprime(
        model.params_.to_numpy(),
        lambda p: model._negative_log_likelihood(p, falls),
        1e-7,
    )
    steps = gradient * model.standard_errors()
    assert np.abs(steps).max() < 0.01  # of a unit of log likelihood


def test_the_recursion_on_paper():
    # 0.1 + (0.2 + 0.1/2 + 0.5); a rise of 2: 0.1 + 0.2·4 + 0.5·0.85; a fall of 1.
    path = variance_path(np.array([2.0, -1.0]), 0.1, 0.2, 0.1, 0.5, 1.0)
    np.testing.assert_allclose(path, [0.85, 1.325, 0.1 + 0.3 + 0.6625])
    normal = -0.5 * (np.log(2 * np.pi * 4) + 9 / 4)
    assert log_likelihood(np.array([3.0]), np.array([4.0])) == pytest.approx(normal)


@pytest.mark.parametrize("model", [GARCH, GJR])
def test_a_variance_depends_on_the_past_alone(model, falls):
    fitted = model(presample=1.0).fit(falls)
    changed = falls.copy()
    changed[2000:] = -5.0
    before, after = fitted.filter(falls), fitted.filter(changed)
    np.testing.assert_array_equal(before[:2001], after[:2001])
    assert after[2001] > before[2001]  # the day after the shock, not the day itself


def test_the_last_variance_is_the_forecast_and_long_horizons_forget(fitted):
    assert len(fitted.variance_) == 1975
    assert fitted.forecast() == fitted.variance_[-1]
    _, omega, alpha, beta = fitted.params_
    two = omega + (alpha + beta) * fitted.forecast()
    assert fitted.forecast(2) == pytest.approx(two)
    level = omega / (1 - alpha - beta)
    assert fitted.forecast(2000) == pytest.approx(level)
    with pytest.raises(ValueError, match="horizon must be a whole number"):
        fitted.forecast(0)


def test_a_warm_start_ends_at_the_same_place(exchange, fitted):
    again = GARCH().fit(exchange, start=fitted.params_)
    np.testing.assert_allclose(again.params_, fitted.params_, rtol=1e-4)


@pytest.mark.parametrize(
    ("returns", "message"),
    [
        ([0.1] * 99, r"at least 100 finite numbers in one row, got shape \(99,\)"),
        ([0.1] * 100, "must vary, got 100 times 0.1"),
        ([0.1, np.nan] + [0.2] * 200, "1 not finite"),
        (np.ones((200, 2)), "in one row, got shape"),
    ],
)
def test_returns_that_cannot_be_fitted_are_refused(returns, message):
    with pytest.raises(ValueError, match=message):
        GARCH().fit(returns)


def test_a_start_value_must_be_positive(exchange):
    with pytest.raises(ValueError, match="presample must be a number above 0, got -1"):
        GARCH(presample=-1).fit(exchange)


def test_a_search_that_does_not_end_says_so(exchange, monkeypatch):
    failed = optimize.OptimizeResult(success=False, message="too many evaluations")
    monkeypatch.setattr(optimize, "minimize", lambda *args, **options: failed)
    with pytest.raises(RuntimeError, match="parameters failed: too many evaluations"):
        GARCH().fit(exchange)


@pytest.mark.parametrize(
    "start", [[0.0, 0.0, 0.1, 0.8], [0.0, 0.1, -0.1, 0.8], [0.0, 0.1, 0.3, 0.7]]
)
def test_a_start_must_be_a_stationary_model(exchange, start):
    with pytest.raises(ValueError, match="start must be parameters of a stationary"):
        GARCH().fit(exchange, start=start)


def test_a_start_of_another_model_is_refused(exchange, fitted):
    with pytest.raises(
        ValueError, match="mu, omega, alpha, gamma, beta, got 4 numbers"
    ):
        GJR().fit(exchange, start=fitted.params_)


def test_smoothed_variances_are_those_of_pandas(exchange):
    squares = pd.Series(exchange**2)
    window = squares.rolling(21).mean().shift(1)
    np.testing.assert_allclose(rolling_variance(exchange)[:-1], window)
    decayed = squares.ewm(alpha=0.06, adjust=False).mean()
    ours = ewma_variance(exchange, 0.94)
    np.testing.assert_allclose(ours[1:], decayed)
    assert np.isnan(ours[0])
    assert np.isnan(rolling_variance(exchange, 21)[:21]).all()
    assert ewma_variance([]).shape == (1,)
    with pytest.raises(ValueError, match="window must be a whole number from 1 to 3"):
        rolling_variance([1.0, 2.0, 3.0], 4)
    with pytest.raises(ValueError, match="decay must lie between 0 and 1"):
        ewma_variance(exchange, 1.5)


def test_parkinson_finds_the_variance_of_a_random_walk():
    steps = np.random.default_rng(0).normal(scale=0.01 / 50, size=(2000, 2500))
    paths = np.exp(np.cumsum(steps, axis=1))
    high, low = paths.max(axis=1).clip(1), paths.min(axis=1).clip(max=1)
    estimate = parkinson_variance(high, low).mean()
    # Prices seen at 2,500 moments miss the very top and bottom: some 3 % too low.
    assert 0.92 < estimate / 0.01**2 < 1.02


@pytest.mark.parametrize("low", [0.0, -1.0, 3.0, np.nan])
def test_impossible_ranges_are_refused(low):
    with pytest.raises(ValueError, match=r"low must be positive .* at row 1"):
        parkinson_variance([2.0, 2.0], [1.0, low])


def test_har_is_least_squares_on_past_means():
    rng = np.random.default_rng(3)
    variance = rng.exponential(size=400)
    past = pd.Series(variance)
    means = pd.concat([past.rolling(n).mean().shift(1) for n in (1, 5, 22)], axis=1)
    X = means.to_numpy()[22:]
    squares = 0.1 + X @ [0.2, 0.3, 0.4]  # noiseless: the weights come back
    returns = np.full(400, 99.0)
    returns[22:] = np.sqrt(squares)
    model = HAR().fit(returns, variance)
    np.testing.assert_allclose(model.coef_, [0.1, 0.2, 0.3, 0.4], atol=1e-8)
    forecast = model.predict(variance)
    assert len(forecast) == 401
    # The floor is a share of the mean square, which the first days raise.
    least = 0.05 * np.mean(returns**2)
    np.testing.assert_allclose(forecast[22:-1], np.maximum(squares, least))
    assert np.isnan(forecast[:22]).all()
    changed = variance.copy()
    changed[300:] = 5000.0
    np.testing.assert_array_equal(model.predict(changed)[22:301], forecast[22:301])
    assert model.predict(changed)[301] > forecast[301]


def test_har_needs_days_of_its_own():
    with pytest.raises(ValueError, match="at least 50; got 60 and 59"):
        HAR().fit(np.ones(60), np.ones(59))
    with pytest.raises(ValueError, match="at least 50; got 49 and 49"):
        HAR().fit(np.ones(49), np.ones(49))


def test_losses_are_least_at_the_true_variance():
    squares = np.random.default_rng(0).normal(size=100_000) ** 2 * 4
    for loss in (qlike, squared_error):
        means = [loss(squares, np.full(100_000, v)).mean() for v in (3.0, 4.0, 5.2)]
        assert means[1] < min(means[0], means[2])
    assert qlike([0.0], [2.0]).tolist() == [np.log(2.0)]  # a day without change counts
    with pytest.raises(
        ValueError, match=r"variance must be positive, got -1\.0 at row 1"
    ):
        squared_error([1.0, 1.0], [1.0, -1.0])
    with pytest.raises(ValueError, match="same days, got shapes"):
        qlike([1.0, 1.0], [1.0])


@pytest.fixture(scope="module")
def contest(falls):
    ranges = np.random.default_rng(2).exponential(size=len(falls)) * falls.var()
    return race_volatility(falls[:1500], ranges[:1500], first=700, window=500)


def test_no_forecast_of_the_race_sees_its_day_or_a_later_one(falls, contest):
    """Change the last 400 days: the forecasts up to the first of them stay."""
    ranges = np.random.default_rng(2).exponential(size=len(falls)) * falls.var()
    returns = falls[:1500].copy()
    returns[1100:], ranges[1100:] = 3 * falls[1100:1500] + 1, 9 * ranges[1100:]
    other = race_volatility(returns, ranges[:1500], first=700, window=500)
    same = (other.forecasts == contest.forecasts).to_numpy()
    assert same[:401].all()
    assert not same[401:].all(axis=0).any()


def test_forecasts_between_refits_use_new_returns(falls):
    """A block's forecasts are those of the model fitted before it, day by day."""
    forecasts = forecast_variances(
        GARCH(presample=1.0), falls[:900], first=800, window=400, refit=50
    )
    model = GARCH(presample=1.0).fit(falls[400:800])
    for day in (0, 1, 49):
        expected = model.filter(falls[400 : 800 + day])[-1]
        assert forecasts[day] == pytest.approx(expected, rel=1e-12)
    assert len(forecasts) == 100
    late = GARCH(presample=1.0).fit(falls[450:850], start=model.params_)
    assert forecasts[50] == pytest.approx(late.forecast(), rel=1e-12)


def test_the_race_says_who_wins_where_the_truth_is_known(contest):
    table = contest.table
    assert table["qlike"].idxmin() == "GJR-GARCH"
    assert table.loc["GJR-GARCH", "t against 252-day window"] > 2.5
    opposed = table["t against 252-day window"]["21-day window"]
    assert table["t against 21-day window"]["252-day window"] == pytest.approx(-opposed)
    assert len(contest.forecasts) == len(contest.squared_returns) == 800
    errors = (contest.squared_returns - contest.forecasts["GARCH"]) ** 2
    assert table.loc["GARCH", "mse"] == pytest.approx(errors.mean())
    share = errors.mean() / contest.squared_returns.var()
    assert table.loc["GARCH", "r2"] == pytest.approx(1 - share)
    assert (table["seconds"] >= 0).all()


def test_a_race_needs_matching_series_and_a_year_before_it(falls):
    with pytest.raises(ValueError, match="same days, got 500 and 499"):
        race_volatility(falls[:500], falls[:499] ** 2)
    with pytest.raises(
        ValueError, match="first must be a whole number from 252 to 498"
    ):
        race_volatility(falls[:500], falls[:500] ** 2, first=251)


def test_refits_come_every_so_many_days():
    from mlmastery.stock_prices.volatility.race import _blocks

    blocks = list(_blocks(100, 60, 50, 15))
    assert [(a.start, a.stop) for a, _ in blocks] == [(10, 60), (25, 75), (40, 90)]
    assert [(b.start, b.stop) for _, b in blocks] == [(60, 75), (75, 90), (90, 100)]
    assert all(a[1].stop == b[1].start for a, b in pairwise(blocks))
