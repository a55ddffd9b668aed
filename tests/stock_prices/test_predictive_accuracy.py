"""The Diebold-Mariano test gives R's values, and errs as often as it says."""

import numpy as np
import pytest
from scipy import stats

from mlmastery.stock_prices import diebold_mariano

E1 = np.array([1, -2, 3, -1, 2, -3, 1, 2, -1, 4.0])
E2 = np.array([0.5, -1, 2, -2, 1, -2, 2, 1, -1, 2])


@pytest.mark.parametrize(
    ("losses", "horizon", "statistic", "p_value"),
    [
        ((E1**2, E2**2), 1, 1.8558977, 0.0964414),
        ((E1**2, E2**2), 2, 2.7851404, 0.0212217),
        ((abs(E1), abs(E2)), 1, 1.8193489, 0.1022088),
        ((E2**2, E1**2), 1, -1.8558977, 0.0964414),
    ],
)
def test_equals_the_reference(losses, horizon, statistic, p_value):
    test = diebold_mariano(*losses, horizon)
    assert test.statistic == pytest.approx(statistic, abs=1e-7)
    assert test.p_value == pytest.approx(p_value, abs=1e-7)


def test_one_day_ahead_it_is_the_paired_t_test():
    test = diebold_mariano(E1**2, E2**2)
    paired = stats.ttest_rel(E1**2, E2**2)
    assert test.statistic == pytest.approx(paired.statistic)
    assert test.p_value == pytest.approx(paired.pvalue)
    interval = paired.confidence_interval(0.95)
    assert (test.low, test.high) == pytest.approx((interval.low, interval.high))
    assert test.mean == pytest.approx(np.mean(E1**2 - E2**2))


def test_lags_are_counted_with_falling_weights():
    difference = E1**2 - E2**2
    centred, n = difference - difference.mean(), 10
    gamma = [centred[k:] @ centred[: n - k] / n for k in range(3)]
    variance = gamma[0] + 2 * (2 / 3 * gamma[1] + 1 / 3 * gamma[2])
    expected = difference.mean() / np.sqrt(variance / (n - 1))
    assert diebold_mariano(E1**2, E2**2, lags=2).statistic == pytest.approx(expected)
    none = diebold_mariano(E1**2, E2**2, lags=0)
    assert none == diebold_mariano(E1**2, E2**2)


def rejections(rng, correlation, n, repeats, **options):
    """Count how often equal forecasts are told apart at 5 %."""
    count = 0
    for _ in range(repeats):
        shocks = rng.normal(size=n + 1)
        losses = 5 + shocks[1:] + correlation * shocks[:-1]
        count += diebold_mariano(losses, np.full(n, 5.0), **options).p_value < 0.05
    return count


def test_rejects_equal_forecasts_as_often_as_it_says():
    rng = np.random.default_rng(0)
    low, high = stats.binom.interval(1 - 1e-4, 1000, 0.05)
    assert low <= rejections(rng, 0.0, 40, 1000) <= high


def test_two_days_ahead_the_horizon_counts():
    """Losses of two-day forecasts overlap: horizon 1 rejects far too often."""
    naive = rejections(np.random.default_rng(1), 0.9, 200, 500)
    proper = rejections(np.random.default_rng(1), 0.9, 200, 500, horizon=2)
    newey_west = rejections(np.random.default_rng(1), 0.9, 200, 500, lags=8)
    assert naive > 60
    low, high = stats.binom.interval(1 - 1e-4, 500, 0.05)
    assert low <= proper <= high
    assert newey_west <= high + 10  # Bartlett's weights leave a little out


@pytest.mark.parametrize(
    ("a", "b", "options", "message"),
    [
        ([1.0, 2, 3], [1.0, 2, 3], {}, r"by the same amount \(0.0\) every day"),
        ([1.1, 2.1, 3.1], [1.0, 2, 3], {}, "without variation there is nothing"),
        ([0.0, 0, 0], [0.0, 0, 0], {}, "are both forecasts one"),
        ([1.0, 2, 3], [1.0, 2], {}, "loss_b must hold at least 3"),
        ([1.0, 2], [2.0, 1], {}, "loss_a must hold at least 3"),
        ([1.0, 2, 3], [1.0, 2, 4, 4], {}, "same days, got 3 and 4"),
        ([1.0, np.nan, 3], [2.0, 1, 0], {}, "loss_a must hold .* 1 not finite"),
        ([1.0, 2, 3], [2.0, np.inf, 0], {}, "loss_b must hold .* 1 not finite"),
        (
            [1.0, 2, 5],
            [2.0, 1, 0],
            {"horizon": 3},
            "horizon must .* from 1 to 2, got 3",
        ),
        (
            [1.0, 2, 5],
            [2.0, 1, 0],
            {"horizon": 0},
            "horizon must .* from 1 to 2, got 0",
        ),
        ([1.0, 2, 5], [2.0, 1, 0], {"lags": -1}, "lags must be a whole number from 0"),
        ([1.0, 0, 1, 0, 1], [0.0] * 5, {"horizon": 2}, "horizon 2 is too long for 5"),
    ],
)
def test_says_why_it_cannot_test(a, b, options, message):
    with pytest.raises(ValueError, match=message):
        diebold_mariano(a, b, **options)
