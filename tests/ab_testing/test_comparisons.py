"""Tests of means, rates, ranks, ratios and resamples against the reference libraries."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from mlmastery.ab_testing import (
    Comparison,
    bootstrap_test,
    chi_square,
    draw_users,
    mann_whitney,
    paired_t_test,
    ratio_test,
    ratio_variance,
    relative_lift,
    sample_ratio_check,
    t_test,
    two_proportion_test,
)
from mlmastery.ab_testing.comparison import compare

RNG = np.random.default_rng(0)
A, B = RNG.normal(10, 1, 30), RNG.normal(11, 4, 12)
COOKIE_DAY_7 = (8502, 44_700, 8279, 45_489)


@pytest.mark.parametrize("pooled", [False, True])
def test_t_is_that_of_scipy_and_statsmodels(pooled):
    ours = t_test(A, B, 0.9, equal_variances=pooled)
    theirs = stats.ttest_ind(B, A, equal_var=pooled)
    assert ours.p_value == pytest.approx(theirs.pvalue, abs=1e-9)
    assert ours.statistic == pytest.approx(theirs.statistic, abs=1e-9)
    ends = CompareMeans(DescrStatsW(B), DescrStatsW(A)).tconfint_diff(
        0.1, usevar="pooled" if pooled else "unequal"
    )
    assert (ours.low, ours.high) == pytest.approx(ends, abs=1e-9)
    assert ours.estimate == pytest.approx(B.mean() - A.mean())


def test_paired_t_is_that_of_scipy():
    ours, theirs = paired_t_test(A[:12], B), stats.ttest_rel(B, A[:12])
    assert ours.p_value == pytest.approx(theirs.pvalue, abs=1e-9)
    ends = theirs.confidence_interval(0.95)
    assert (ours.low, ours.high) == pytest.approx((ends.low, ends.high), abs=1e-9)


def test_arms_of_different_sizes_are_no_pairs():
    """Two tests with two names: nobody asks for pairs by a default."""
    with pytest.raises(ValueError, match="same units in the same order, got 30 and 12"):
        paired_t_test(A, B)


def test_a_constant_metric_is_certain_whichever_way():
    assert t_test([1, 1], [1, 1]).p_value == 1
    assert t_test([1, 1], [2, 2]).p_value == 0
    assert t_test([1, 1], [2, 2]).statistic == math.inf
    assert compare("", -1.0, 0.0).statistic == -math.inf


def test_the_null_may_be_another_value():
    assert compare("", 1.0, 0.5, null=1.0).p_value == 1


def test_the_interval_says_what_it_excludes():
    result = Comparison("", 1.0, 0.5, 1.5, 0.01, 2.0)
    assert [result.excludes(v) for v in (0.4, 0.5, 1.5, 1.6)] == [
        True,
        False,
        False,
        True,
    ]
    assert str(result) == ": +1 [+0.5, +1.5], p = 0.01"


@pytest.mark.parametrize("test", [t_test, mann_whitney, relative_lift, bootstrap_test])
@pytest.mark.parametrize(
    ("sample", "message"),
    [
        ([1.0], r"at least 2 finite numbers in one row, got shape \(1,\)"),
        ([1.0, np.nan], r"got shape \(2,\), 1 not finite"),
        ([[1.0, 2.0]], r"got shape \(1, 2\)"),
    ],
)
def test_an_arm_that_cannot_be_tested_is_named(test, sample, message):
    with pytest.raises(ValueError, match="a must hold .*" + message):
        test(sample, [1.0, 2.0])
    with pytest.raises(ValueError, match="b must hold .*" + message):
        test([1.0, 2.0], sample)


def test_relative_lift_is_fiellers_to_first_order():
    big_a, big_b = (RNG.normal(m, 2, 4000) for m in (10, 11))
    ours = relative_lift(big_a, big_b)
    logs = np.log(big_b.mean() / big_a.mean())
    error = math.sqrt(
        big_a.var(ddof=1) / 4000 / big_a.mean() ** 2
        + big_b.var(ddof=1) / 4000 / big_b.mean() ** 2
    )
    assert ours.estimate == pytest.approx(big_b.mean() / big_a.mean() - 1)
    assert ours.high == pytest.approx(np.exp(logs + 1.959964 * error) - 1, abs=1e-4)
    with pytest.raises(ValueError, match="mean above 0 for a relative lift, got -1"):
        relative_lift([-1.0, -1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="got 0"):
        relative_lift([-1.0, 1.0], [1.0, 2.0])


def test_cookie_cats_on_day_seven():
    result = two_proportion_test(*COOKIE_DAY_7)
    assert result.statistic == pytest.approx(-3.164359, abs=5e-7)
    assert result.p_value == pytest.approx(0.00155425, abs=5e-9)
    table = [[8502, 44_700 - 8502], [8279, 45_489 - 8279]]
    assert chi_square(table).p_value == pytest.approx(0.00155425, abs=5e-9)
    assert chi_square(table, yates=True).p_value == pytest.approx(0.00160057, abs=5e-9)


def test_cookie_cats_on_day_one():
    result = two_proportion_test(20_034, 44_700, 20_119, 45_489)
    assert result.p_value == pytest.approx(0.0744097, abs=5e-8)
    assert (result.low, result.high) == pytest.approx((-0.0123919, 0.0005821), abs=5e-8)


def test_rates_are_those_of_statsmodels():
    ours = two_proportion_test(20, 210, 30, 190, 0.9)
    z, p = proportions_ztest([30, 20], [190, 210])
    assert (ours.statistic, ours.p_value) == pytest.approx((z, p), abs=1e-9)
    ends = confint_proportions_2indep(30, 190, 20, 210, method="newcomb", alpha=0.1)
    assert (ours.low, ours.high) == pytest.approx(ends, abs=1e-9)


def test_no_conversion_at_all_is_no_difference():
    assert two_proportion_test(0, 10, 0, 12).p_value == 1
    assert two_proportion_test(10, 10, 12, 12).p_value == 1
    assert chi_square([[0, 10], [0, 12]]) == (0.0, 0, 1.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 0, 1, 2), "n_a must be a whole number of at least 1, got 0"),
        ((1, 2, 3, 2), "hits_b must be a whole number from 0 to 2, got 3"),
        ((-1, 2, 1, 2), "hits_a must be a whole number from 0 to 2, got -1"),
    ],
)
def test_impossible_counts_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        two_proportion_test(*arguments)


@pytest.mark.parametrize("yates", [False, True])
@pytest.mark.parametrize("table", [[[5, 9], [7, 3]], [[3, 4, 9], [5, 4, 4], [9, 1, 2]]])
def test_chi_square_is_that_of_scipy(table, yates):
    theirs = stats.chi2_contingency(table, correction=yates)
    assert chi_square(table, yates=yates) == pytest.approx(
        (*theirs[:1], theirs[2], theirs[1])
    )


def test_yates_never_overshoots():
    assert chi_square([[10, 10], [10, 10]], yates=True).statistic == 0


@pytest.mark.parametrize(
    "table", [[1, 2], [[1, 2]], [[1], [2]], [[1, -2], [3, 4]], [[1.5, 2], [3, 4]]]
)
def test_a_table_that_holds_no_counts_is_refused(table):
    with pytest.raises(ValueError, match="whole numbers of at least 0"):
        chi_square(table)


def test_an_empty_arm_is_refused():
    with pytest.raises(ValueError, match="a unit in each arm, got row sums"):
        chi_square([[0, 0], [3, 4]])


def test_sample_ratio_knows_unequal_arms():
    """A 95 / 5 design must not raise the alarm for being 95 / 5."""
    planned = sample_ratio_check([19_020, 980], [0.95, 0.05])
    assert planned.p_value == pytest.approx(0.5164, abs=5e-5)
    assert sample_ratio_check([19_020, 980], [95, 5]) == pytest.approx(planned)
    assert sample_ratio_check([19_020, 980]).p_value < 1e-300


def test_sample_ratio_prints_no_limit():
    """R prints p < 2.2e-16 here, which is its print limit and not the p-value."""
    found = sample_ratio_check([9463, 7681])
    assert found.statistic == pytest.approx(185.23, abs=5e-3)
    assert found.p_value == pytest.approx(3.5e-42, rel=0.01)
    assert found.df == 1


def test_sample_ratio_of_cookie_cats():
    found = sample_ratio_check([44_700, 45_489])
    assert found[::2] == pytest.approx((6.902405, 0.008608), abs=5e-7)


def test_sample_ratio_of_three_arms_is_that_of_scipy():
    theirs = stats.chisquare([10, 20, 33], np.array([1, 2, 3]) / 6 * 63)
    ours = sample_ratio_check([10, 20, 33], [1, 2, 3])
    assert ours == pytest.approx((theirs.statistic, 2, theirs.pvalue))


@pytest.mark.parametrize("weights", [[1], [1, 0], [1, -1]])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(ValueError, match="one positive number for each arm"):
        sample_ratio_check([5, 5], weights)


def test_no_units_are_refused():
    with pytest.raises(ValueError, match="counts must hold units"):
        sample_ratio_check([0, 0])


def test_mann_whitney_has_ties_continuity_and_direction():
    ours = mann_whitney([1, 2, 3, 4, 5], [3, 4, 5, 6, 7])
    assert (ours.statistic, ours.p_value) == pytest.approx((4.5, 0.1138463), abs=5e-8)
    assert ours.estimate == pytest.approx(1 - 4.5 / 25)
    turned = mann_whitney([3, 4, 5, 6, 7], [1, 2, 3, 4, 5])
    assert turned.statistic == 20.5
    assert turned.p_value == pytest.approx(ours.p_value)


def test_mann_whitney_is_that_of_scipy():
    a, b = RNG.poisson(3, 40), RNG.poisson(4, 25)
    theirs = stats.mannwhitneyu(a, b, method="asymptotic")
    ours = mann_whitney(a, b)
    assert ours.statistic == theirs.statistic
    assert ours.p_value == pytest.approx(theirs.pvalue, abs=1e-12)


def test_mann_whitney_interval_counts_pairs():
    """The variance by the obvious double loop."""
    a, b = RNG.poisson(3, 8).astype(float), RNG.poisson(5, 6).astype(float)
    wins = (b[:, None] > a) + (b[:, None] == a) / 2
    error = math.sqrt(
        wins.mean(axis=0).var(ddof=1) / 8 + wins.mean(axis=1).var(ddof=1) / 6
    )
    ours = mann_whitney(a, b, 0.6)
    assert ours.estimate == pytest.approx(wins.mean())
    half = stats.norm.ppf(0.8) * error
    assert (ours.low, ours.high) == pytest.approx(
        (max(0, wins.mean() - half), min(1, wins.mean() + half))
    )


def test_mann_whitney_of_equal_values():
    ours = mann_whitney([2.0, 2.0], [2.0, 2.0, 2.0])
    assert (ours.p_value, ours.estimate) == (1.0, 0.5)
    assert mann_whitney([1, 1.5], [2, 9]).low >= 0.0


def test_bootstrap_is_near_welch_for_a_mean():
    a, b = RNG.normal(0, 1, 200), RNG.normal(0.15, 1, 150)
    ours, theirs = bootstrap_test(a, b, n_resamples=5000), t_test(a, b)
    assert ours.estimate == theirs.estimate
    assert ours.low == pytest.approx(theirs.low, abs=0.03)
    assert ours.p_value == pytest.approx(theirs.p_value, abs=0.03)


def test_bootstrap_p_value_is_never_zero_and_seeded():
    far = bootstrap_test(A, A + 100, n_resamples=99)
    assert far.p_value == pytest.approx(2 / 100)
    same = [bootstrap_test(A, B, n_resamples=50, random_state=3).low for _ in range(2)]
    assert same[0] == same[1]
    other = bootstrap_test(A, B, n_resamples=50, random_state=4).low
    assert same[0] != other


def test_bootstrap_draws_each_arm_by_itself():
    """With one stream for both arms, equal arms would never differ."""
    same = bootstrap_test(A, A, n_resamples=200)
    assert same.low < -0.1 < 0.1 < same.high
    assert same.p_value > 0.5


def test_delta_variance_is_that_of_the_textbook():
    clicks, views = draw_users(np.random.default_rng(1), 300)
    c = np.cov(clicks, views) / 300
    x, y = clicks.mean(), views.mean()
    textbook = c[0, 0] / y**2 - 2 * x * c[0, 1] / y**3 + x**2 * c[1, 1] / y**4
    assert ratio_variance(clicks, views) == pytest.approx(textbook, rel=1e-9)


def test_delta_variance_is_near_the_bootstrap():
    rng = np.random.default_rng(1)
    clicks, views = draw_users(rng, 300)
    draws = rng.integers(0, 300, (4000, 300))
    ratios = clicks[draws].sum(axis=1) / views[draws].sum(axis=1)
    assert ratio_variance(clicks, views) == pytest.approx(ratios.var(), rel=0.1)


def test_ratio_test_is_b_minus_a():
    a, b = ([1.0, 2.0], [10.0, 20.0]), ([3.0, 5.0], [10.0, 10.0])
    result = ratio_test(*a, *b)
    assert result.estimate == pytest.approx(0.4 - 0.1)
    error = (result.high - result.low) / 2 / stats.norm.ppf(0.975)
    assert error == pytest.approx(math.sqrt(ratio_variance(*a) + ratio_variance(*b)))


@pytest.mark.parametrize("views", [[1.0, 2.0, 3.0], [0.0, 0.0], [1.0, -2.0]])
def test_denominators_that_do_not_fit_are_refused(views):
    with pytest.raises(ValueError, match="one value per unit, the latter with a sum"):
        ratio_variance([1.0, 2.0], views)


def test_one_player_decides_the_mean_and_not_the_ranks():
    """The page's heavy tail: one unit moves Welch's p-value from 0.4 to 0.9."""
    rng = np.random.default_rng(0)
    a, b = rng.lognormal(2, 1.8, 3000), rng.lognormal(2, 1.8, 3000)
    with_one = np.append(a, 100 * a.max())
    assert abs(t_test(a, b).p_value - t_test(with_one, b).p_value) > 0.2
    assert mann_whitney(a, b).p_value == pytest.approx(
        mann_whitney(with_one, b).p_value, abs=0.02
    )


@pytest.mark.parametrize(
    "values",
    [
        ["1", "2"],
        pd.Series(["1", "2"]),
        pd.date_range("2020-01-01", periods=2),
        [1, [2, 3]],
        (i for i in range(3)),
        {1: 2},
        np.array([1, 2j]),
        [1e200, 2.0],
        pd.Series([1, None], dtype="Int64"),
        pd.DataFrame({"value": [1.0, 2.0]}),
    ],
)
def test_what_is_no_row_of_numbers_is_refused_by_name(values):
    """NumPy reads "3" as 3 and a date as nanoseconds, without a word."""
    with pytest.raises(ValueError, match=r"^b must hold at least 2 finite numbers"):
        t_test([1, 2], values)


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "boolean", "bool", object])
def test_the_numbers_of_pandas_are_numbers(dtype):
    values = pd.Series([0, 1, 1], dtype=dtype)
    assert t_test(values, [1, 1, 3]) == t_test([0, 1, 1], [1, 1, 3])


def test_series_are_not_paired_by_place_against_their_labels():
    x, y = (
        pd.Series([1.0, 2, 4], index=[0, 1, 2]),
        pd.Series([3, 2, 1], index=[2, 1, 0]),
    )
    for test in (paired_t_test, ratio_variance):
        with pytest.raises(ValueError, match="got different indexes"):
            test(x, y)
        assert test(x, y.to_numpy()) == test([1, 2, 4], [3, 2, 1])


def test_the_arm_of_a_broken_ratio_is_named():
    with pytest.raises(
        ValueError, match=r"^numerator_b and denominator_b must hold one"
    ):
        ratio_test([1, 2], [3, 4], [1, 2], [3, 4, 5])
    text = ["3", "4"]
    with pytest.raises(ValueError, match=r"^denominator_a must hold"):
        ratio_test([1, 2], text, [1, 2], [3, 4])


@pytest.mark.parametrize(
    ("statistic", "message"),
    [
        ("median", "must be a function"),
        (lambda v: math.nan, "one finite number"),
        (lambda v: v, "one finite number"),
    ],
)
def test_a_statistic_is_a_function_to_one_number(statistic, message):
    with pytest.raises(ValueError, match=f"statistic must .*{message}|{message}"):
        bootstrap_test([1.0, 2.0], [2.0, 3.0], statistic, n_resamples=5)


def test_named_counts_meet_their_own_weights():
    """``value_counts`` puts the larger arm first, whatever the plan's order."""
    plan = {"control": 0.05, "treatment": 0.95}
    counts = pd.Series({"treatment": 950, "control": 50})
    for named in (counts, counts.to_dict()):
        for weights in (plan, pd.Series(plan)):
            assert sample_ratio_check(named, weights).p_value == 1
    assert sample_ratio_check({"a": 10, "b": 10}).p_value == 1


@pytest.mark.parametrize(
    ("counts", "weights"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "c": 2}),
        ([1, 2], {"a": 1, "b": 2}),
        (["a", "b"], None),
        ([1, 2], [math.inf, 1]),
        ([1, 2], ["a", "b"]),
    ],
)
def test_counts_and_weights_that_do_not_fit_are_refused(counts, weights):
    with pytest.raises(ValueError, match=r"^counts "):
        sample_ratio_check(counts, weights)


def test_a_table_with_margins_is_refused():
    table = pd.crosstab(pd.Series(list("aabb")), pd.Series([0, 1, 1, 1]), margins=True)
    with pytest.raises(ValueError, match="without margins"):
        chi_square(table)


@pytest.mark.parametrize("table", [[[1, math.inf], [2, 3]], [["a", "b"], ["c", "d"]]])
def test_a_table_holds_whole_numbers(table):
    with pytest.raises(ValueError, match="table must hold whole numbers"):
        chi_square(table)


def test_results_hold_plain_numbers():
    """They go into JSON, and np.float64(0.5) is not what a reader wants to see."""
    a, b = np.array([1, 2, 4]), np.array([2, 3, 3])
    found = [f(a, b) for f in (t_test, mann_whitney, bootstrap_test)]
    found.append(
        two_proportion_test(np.int64(1), np.int64(9), np.int64(2), np.int64(9))
    )
    for result in found:
        numbers = (result.estimate, result.low, result.high, result.p_value)
        assert {type(n) for n in numbers} == {float}, result.method
