"""CUPED: the slope, the control's mean, and intervals that cover."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from mlmastery.ab_testing import (
    adjust,
    cuped,
    make_trials,
    relative_cuped,
    relative_lift,
    repeat_test,
    t_test,
    theta,
)


@pytest.fixture
def arms():
    rng = np.random.default_rng(0)
    x_a, x_b = rng.normal(50, 5, 300), rng.normal(51, 5, 200)
    return x_a + rng.normal(0, 2, 300), 3 + x_b + rng.normal(0, 2, 200), x_a, x_b


def test_theta_is_the_slope_of_least_squares_over_both_arms(arms):
    y, x = np.concatenate(arms[:2]), np.concatenate(arms[2:])
    assert theta(*arms) == pytest.approx(sm.OLS(y, sm.add_constant(x)).fit().params[1])


def test_the_mean_of_the_control_stays(arms):
    """Centred elsewhere the effect is right and a relative lift absurd."""
    a, b, slope = adjust(*arms)
    y_a, y_b, x_a, x_b = arms
    assert a.mean() == pytest.approx(y_a.mean())
    shift = slope * (x_b.mean() - x_a.mean())
    assert b.mean() == pytest.approx(y_b.mean() - shift)


def test_the_effect_is_close_to_that_of_regression(arms):
    y_a, y_b, x_a, x_b = arms
    design = np.column_stack(
        [np.ones(500), np.repeat([0.0, 1.0], [300, 200]), np.concatenate([x_a, x_b])]
    )
    fit = sm.OLS(np.concatenate([y_a, y_b]), design).fit()
    ours = cuped(*arms)
    assert ours.estimate == pytest.approx(fit.params[1], abs=0.1)
    assert ours.high - ours.low == pytest.approx(2 * 1.965 * fit.bse[1], rel=0.05)


def test_the_variance_falls_by_the_squared_correlation(arms):
    plain, adjusted = t_test(*arms[:2]), cuped(*arms)
    y, x = np.concatenate(arms[:2]), np.concatenate(arms[2:])
    kept = 1 - np.corrcoef(x, y)[0, 1] ** 2
    shrunken = ((adjusted.high - adjusted.low) / (plain.high - plain.low)) ** 2
    assert shrunken == pytest.approx(kept, abs=0.05)


def test_a_constant_covariate_changes_nothing(arms):
    y_a, y_b, x_a, x_b = arms
    plain = cuped(y_a, y_b, np.ones_like(x_a), np.ones_like(x_b))
    assert plain.estimate == pytest.approx(t_test(y_a, y_b).estimate)


def test_relative_without_a_covariate_is_the_plain_lift(arms):
    y_a, y_b, x_a, x_b = arms
    ours = relative_cuped(y_a, y_b, np.ones_like(x_a), np.ones_like(x_b))
    theirs = relative_lift(y_a, y_b)
    assert ours.estimate == pytest.approx(theirs.estimate)
    assert ours.high == pytest.approx(theirs.high, rel=3e-3)


def test_relative_effect_is_the_absolute_one_over_the_controls_mean(arms):
    ours, absolute = relative_cuped(*arms), cuped(*arms)
    assert ours.estimate == pytest.approx(absolute.estimate / arms[0].mean())


def test_degrees_of_freedom_count_two_means_and_a_slope(arms):
    from scipy import stats

    y_a, y_b, x_a, x_b = (arm[:5] for arm in arms)
    a, b, _ = adjust(y_a, y_b, x_a, x_b)
    error = np.sqrt(a.var(ddof=1) / 5 + b.var(ddof=1) / 5)
    half = stats.t.ppf(0.975, 7) * error
    ours = cuped(y_a, y_b, x_a, x_b)
    assert (ours.high - ours.low) / 2 == pytest.approx(half)
    relative = relative_cuped(y_a, y_b, x_a, x_b)
    assert relative.p_value == pytest.approx(2 * stats.t.sf(abs(relative.statistic), 7))


@pytest.mark.parametrize("name", ["CUPED", "relative CUPED"])
def test_both_intervals_cover(name):
    trial = make_trials()[name]
    runs = repeat_test(trial.run, trial.effect, 2000, [77])
    covered = (runs["low"] <= trial.truth) & (trial.truth <= runs["high"])
    assert covered.mean() == pytest.approx(0.95, abs=0.015)


def test_arms_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"one covariate per value .* got 3 for 2"):
        cuped([1.0, 2.0], [1.0, 2.0], [1.0, 2.0, 3.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="and 3 for 2"):
        cuped([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="x_b must hold at least 2"):
        cuped([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="y_a must have a mean above 0"):
        relative_cuped([0.0, 0.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0])


@pytest.mark.parametrize(
    ("arms", "message"),
    [
        (([1, 2, 3], [2, 3], [1, 2], [3, 4, 5]), "one covariate per value"),
        (([1, 2, np.nan], [2, 3], [1, 2, 3], [3, 4]), "y_a must hold"),
        (([1, 2, 3], [2, 3, 5], [0, 0, 0], [1, 1, 1]), "must vary within the arms"),
    ],
)
def test_theta_refuses_what_cuped_refuses(arms, message):
    """Three values and two covariates beside two and three add up to five and five."""
    for function in (theta, cuped):
        with pytest.raises(ValueError, match=message):
            function(*arms)


def test_a_covariate_that_varies_by_rounding_alone_changes_nothing():
    y, x = ([1.0, 2.0, 3.0], [2.0, 3.0, 5.0]), ([0.1 + 0.2] * 3, [0.3] * 3)
    assert theta(*y, *x) == 0
    assert cuped(*y, *x).estimate == t_test(*y).estimate


def test_covariates_of_other_users_are_refused():
    x, y = pd.Series([1.0, 2, 4]), pd.Series([1.0, 2, 5], index=[2, 1, 0])
    with pytest.raises(ValueError, match=r"^y_b and x_b .* different indexes"):
        cuped(x, x, x, y)
