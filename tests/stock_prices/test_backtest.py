"""A rule earns the return after its decision, pays its costs, and has an error bar."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.stock_prices import hold_next_day, run_backtest, sharpe_ratio


def series(*values):
    return pd.Series(values, dtype=float)


@pytest.fixture(scope="module")
def noise():
    days = pd.bdate_range("2000-01-03", periods=5000)
    values = np.random.default_rng(0).normal(scale=0.01, size=5000)
    return pd.Series(values, index=days)


def test_wealth_on_paper():
    positions = series(1, 1, 0.5, -1)
    result = run_backtest(positions, series(0.10, -0.05, 0.20, 0.10), cost=0.01)
    assert result.turnover.tolist() == [1, 0, 0.5, 1.5]
    np.testing.assert_allclose(result.gross, [0.10, -0.05, 0.10, -0.10])
    np.testing.assert_allclose(result.net, [0.09, -0.05, 0.095, -0.115])
    wealth = [1.09, 1.09 * 0.95, 1.09 * 0.95 * 1.095, 1.09 * 0.95 * 1.095 * 0.885]
    np.testing.assert_allclose(result.equity, wealth)
    drawdown = [0, 0.05, 0, 0.115]
    np.testing.assert_allclose(result.drawdown, drawdown, atol=1e-12)


def test_a_loss_from_the_start_is_a_drawdown():
    result = run_backtest(series(1, 1), series(-0.5, 0.5))
    assert result.drawdown.tolist() == [0.5, 0.25]


def test_a_signal_earns_the_next_day_and_not_its_own(noise):
    """The sign of today's return earns nothing tomorrow, a fortune today."""
    signal = np.sign(noise)
    honest = run_backtest(hold_next_day(signal), noise)
    cheating = run_backtest(signal, noise)
    assert abs(honest.sharpe().ratio) < 2 * honest.sharpe().standard_error
    assert cheating.sharpe().ratio > 15
    assert hold_next_day(signal).iloc[0] == 0
    assert hold_next_day(signal).iloc[5] == signal.iloc[4]
    assert hold_next_day(series(np.nan, 1, 1)).tolist() == [0, 0, 1]


def test_costs_are_paid_for_changes_alone(noise):
    held = run_backtest(pd.Series(1.0, noise.index), noise, cost=0.001)
    assert held.net.iloc[0] == noise.iloc[0] - 0.001
    pd.testing.assert_series_equal(held.net[1:], noise[1:], check_names=False)
    switched = pd.Series(np.tile([1.0, -1.0], 2500), noise.index)
    paid = run_backtest(switched, noise, cost=0.001)
    assert (paid.gross - paid.net)[1:].round(12).eq(0.002).all()


def test_summary_names_the_units(noise):
    result = run_backtest(pd.Series(1.0, noise.index), noise + 0.001)
    summary = result.summary()
    years = 5000 / 252
    assert (1 + summary["return"]) ** years == pytest.approx(result.equity.iloc[-1])
    assert summary["volatility"] == pytest.approx(result.net.std() * 252**0.5)
    assert summary["sharpe"] == pytest.approx(result.sharpe().ratio)
    assert summary["standard error"] == result.sharpe().standard_error
    assert summary["worst drawdown"] == result.drawdown.max()
    assert summary["turnover"] == pytest.approx(1 / years)
    assert result.summary(12)["sharpe"] == pytest.approx(summary["sharpe"] / 21**0.5)


def test_lo_s_example():
    # Lo (2002), table 1: a ratio of 0.5 over 60 periods has a standard error of 0.137.
    z = np.tile([1.0, -1.0], 30)
    ratio = sharpe_ratio(z + 0.5, periods=1)
    assert ratio.ratio == pytest.approx(0.5)
    assert ratio.standard_error == pytest.approx(0.137, abs=5e-4)
    assert ratio.high - ratio.ratio == pytest.approx(1.959964 * ratio.standard_error)
    assert ratio.ratio - ratio.low == pytest.approx(1.959964 * ratio.standard_error)
    assert sharpe_ratio(z + 0.5, periods=4).ratio == pytest.approx(1.0)


def test_standard_errors_are_those_of_repeated_histories():
    rng = np.random.default_rng(0)
    ratios = [sharpe_ratio(r) for r in rng.normal(0.1, 1, size=(2000, 500))]
    spread = np.std([r.ratio for r in ratios])
    assert ratios[0].standard_error == pytest.approx(spread, rel=0.1)
    heavy = rng.exponential(size=(2000, 500)) - 0.5  # skewed: the normal formula fails
    skewed = [sharpe_ratio(r, periods=1, lags=0) for r in heavy]
    spread = np.std([r.ratio for r in skewed])
    typical = np.mean([r.standard_error for r in skewed])
    assert typical == pytest.approx(spread, rel=0.1)
    plain = sharpe_ratio(heavy[0], periods=1).standard_error
    assert abs(plain - spread) > 0.15 * spread


def autocorrelated(rng, rho, n):
    values = rng.normal(size=n)
    for t in range(1, n):
        values[t] += rho * values[t - 1]
    return values + 0.2


def test_autocorrelation_changes_a_year_s_ratio_and_its_error():
    """Ratios of real sums of 12 periods, not √12 times the ratio of one."""
    values = autocorrelated(np.random.default_rng(1), 0.5, 120_000)
    years = values.reshape(-1, 12).sum(axis=1)
    true = years.mean() / years.std()
    corrected = sharpe_ratio(values, periods=12, lags=11)
    assert corrected.ratio == pytest.approx(true, rel=0.02)
    assert sharpe_ratio(values, periods=12).ratio > 1.3 * true


def test_the_corrected_error_covers_where_the_plain_one_does_not():
    rng = np.random.default_rng(2)
    histories = [autocorrelated(rng, 0.5, 1000) for _ in range(400)]
    ratios = [sharpe_ratio(h, periods=1, lags=15) for h in histories]
    spread = np.std([r.ratio for r in ratios])
    corrected = np.mean([r.standard_error for r in ratios])
    assert corrected == pytest.approx(spread, rel=0.12)
    assert sharpe_ratio(histories[0], periods=1).standard_error < 0.7 * spread


@pytest.mark.parametrize(
    ("returns", "options", "message"),
    [
        (np.zeros(30), {}, "must vary"),
        (np.arange(29.0), {}, "at least 30 finite"),
        ([np.nan, *range(40)], {}, "at least 30 finite"),
        (np.arange(40.0), {"lags": -1}, "lags must be a whole number from 0 to 38"),
        (
            np.tile([1.0, -1.0], 20),
            {"lags": 1, "periods": 12},
            "year's variance positive",
        ),
    ],
)
def test_ratios_that_do_not_exist_are_refused(returns, options, message):
    with pytest.raises(ValueError, match=message):
        sharpe_ratio(returns, **options)


@pytest.mark.parametrize(
    ("positions", "returns", "cost", "message"),
    [
        (series(1, 1), series(0.1), 0, "same index, got 2 and 1 rows"),
        (series(1, np.nan), series(0.1, 0.1), 0, "positions must be finite"),
        (series(1, 1), series(0.1, np.inf), 0, "returns must be finite"),
        (series(1, 1), series(0.1, -1.5), 0, "are they log returns or per cent"),
        (
            series(2, 2),
            series(0.1, -0.5),
            0,
            "must keep some wealth, but lost all on 1",
        ),
        (series(1, 1), series(0.1, 0.1), -1, "cost must be a number of at least 0"),
    ],
)
def test_impossible_histories_are_refused(positions, returns, cost, message):
    with pytest.raises(ValueError, match=message):
        run_backtest(positions, returns, cost)
