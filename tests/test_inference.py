"""Intervals, paired comparisons and tests, each beside the library or the exact value."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.model_selection import RepeatedStratifiedKFold

from mlmastery.inference import (
    accuracy_intervals,
    bootstrap,
    disagreements,
    holm,
    mcnemar,
    mean_intervals,
    newcombe_interval,
    paired_difference,
    paired_interval,
    percentile_interval,
    required_test_size,
    t_interval,
    wilson_interval,
)


@settings(deadline=None)
@given(st.integers(1, 400), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_equals_scipy(n, data, confidence):
    hits = data.draw(st.integers(0, n))
    reference = stats.binomtest(hits, n).proportion_ci(confidence, "wilson")
    np.testing.assert_allclose(
        wilson_interval(hits, n, confidence), reference, rtol=1e-9, atol=1e-12
    )


def test_wilson_covers_a_true_accuracy_as_often_as_it_says():
    # Exact coverage at n = 150, from the distribution of hits.
    for share in (0.5, 0.9, 0.975):
        hits = np.arange(151)
        ends = np.array([wilson_interval(int(h), 150) for h in hits])
        inside = (ends[:, 0] <= share) & (share <= ends[:, 1])
        assert 0.92 < stats.binom.pmf(hits[inside], 150, share).sum() < 0.985


@pytest.mark.parametrize(
    ("hits", "n", "confidence", "message"),
    [
        (5, 4, 0.95, "hits must lie between 0 and n"),
        (0, 0, 0.95, "n at least 1"),
        (1, 4, 1.0, "confidence must lie between 0 and 1, got 1"),
    ],
)
def test_wilson_refuses_impossible_counts(hits, n, confidence, message):
    with pytest.raises(ValueError, match=message):
        wilson_interval(hits, n, confidence)


def test_required_size_gives_the_power_it_promises():
    n = required_test_size(0.85, 0.95)
    rng = np.random.default_rng(0)
    a, b = rng.binomial(n, 0.85, 4000) / n, rng.binomial(n, 0.95, 4000) / n
    middle = (a + b) / 2
    z = (b - a) / np.sqrt(2 * middle * (1 - middle) / n)
    assert 0.77 < (z > stats.norm.ppf(0.975)).mean() < 0.83
    assert required_test_size(0.95, 0.85) == n
    with pytest.raises(ValueError, match="first and second must differ"):
        required_test_size(0.9, 0.9)


def test_mcnemar_equals_the_binomial_test_on_rows_that_differ():
    truth = np.zeros(20)
    first, second = truth.copy(), truth.copy()
    first[:7] = 1  # seven errors of the first, of which two are shared
    second[5:9] = 1
    assert mcnemar(truth, first, second) == pytest.approx(stats.binomtest(2, 7).pvalue)
    assert mcnemar(truth, first, first) == 1.0
    with pytest.raises(ValueError, match="got 20, 20 and 3"):
        mcnemar(truth, first, second[:3])


def test_paired_difference_is_wider_than_the_naive_one():
    rng = np.random.default_rng(0)
    a = rng.normal(0.9, 0.05, 10)
    b = a - 0.01 + rng.normal(0, 0.01, 10)
    found = paired_difference(a, b, test_to_train=1 / 4)
    naive = (a - b).std(ddof=1) / np.sqrt(10)
    assert found.mean == pytest.approx((a - b).mean())
    assert found.standard_error == pytest.approx(naive * np.sqrt(1 + 10 / 4))
    with pytest.raises(ValueError, match="the same folds"):
        paired_difference(a, b[:5], 0.25)


def test_paired_interval_by_hand():
    differences = np.array([0.01, 0.03, 0.02, -0.01])
    t = differences.mean() / np.sqrt((1 / 4 + 1 / 3) * differences.var(ddof=1))
    found = paired_interval(differences, np.zeros(4), 1 / 3)
    assert found.p_value == pytest.approx(2 * stats.t.sf(t, df=3))
    assert found.low + found.high == pytest.approx(2 * found.mean)


def test_without_the_correction_it_is_scipys_paired_test():
    rng = np.random.default_rng(0)
    a, b = rng.normal(0.8, 0.03, (2, 20))
    reference = stats.ttest_rel(a, b)
    found = paired_interval(a, b, 0, confidence=0.9)
    assert found.p_value == pytest.approx(reference.pvalue)
    interval = reference.confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_equal_scores_are_no_difference():
    assert paired_interval([0.5, 0.6], [0.5, 0.6], 0.1) == (0, 0, 0, 1)


def test_comparison_refuses_numbers_out_of_range():
    with pytest.raises(ValueError, match="confidence must lie"):
        paired_interval([1, 2], [1, 2], 0.1, confidence=1)
    with pytest.raises(ValueError, match="same folds"):
        paired_interval([1, 2, 3], [1, 2], 0.1)


def test_correction_keeps_false_alarms_rare_where_the_plain_test_does_not():
    # Two models that are equally good: the same rule on two halves of pure noise.
    rng = np.random.default_rng(0)
    alarms = np.zeros(2)
    for _ in range(60):
        X, y = rng.normal(size=(100, 2)), rng.integers(0, 2, 100)
        folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=3, random_state=0)
        scores = np.zeros((2, 15))
        for i, (train, test) in enumerate(folds.split(X, y)):
            for j in range(2):  # the nearest class mean, in one column each
                means = [X[train][y[train] == c, j].mean() for c in (0, 1)]
                guess = np.abs(X[test, j] - means[1]) < np.abs(X[test, j] - means[0])
                scores[j, i] = (guess == y[test]).mean()
        alarms += [paired_interval(*scores, r).p_value < 0.05 for r in (0.25, 0)]
    assert alarms[0] <= stats.binom.ppf(0.9999, 60, 0.05)
    assert alarms[1] > stats.binom.ppf(0.9999, 60, 0.05)


def test_mean_intervals_are_those_of_student():
    values = np.random.default_rng(0).normal(size=6)
    found = mean_intervals(pd.DataFrame({"a": values})).loc["a"]
    want = stats.ttest_1samp(values, 0).confidence_interval()
    assert found["low"] == pytest.approx(want.low)
    assert found["high"] == pytest.approx(want.high)
    with pytest.raises(ValueError, match="at least two rows, got 1"):
        mean_intervals(pd.DataFrame({"a": [1.0]}))


def test_accuracies_are_ordered_and_have_wilsons_ends():
    right = pd.DataFrame({"worse": [True, False] * 5, "better": [True] * 9 + [False]})
    table = accuracy_intervals(right)
    assert list(table.index) == ["better", "worse"]
    assert tuple(table.loc["worse", ["low", "high"]]) == wilson_interval(5, 10)


def test_t_interval_grows_with_confidence_and_with_few_values():
    narrow, wide = t_interval(0, 1, 9, 0.9), t_interval(0, 1, 9, 0.99)
    assert wide.high > narrow.high == -narrow.low
    assert t_interval(0, 1, 1).high > 10 > 2 > t_interval(0, 1, 10_000).high
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1"):
        t_interval(0, 1, 9, 95)


def test_disagreements_count_only_where_one_is_right():
    truth = [1, 1, 1, 1, 1]
    assert disagreements(truth, [1, 1, 1, 0, 1], [1, 1, 0, 1, 0]) == (2, 1)
    assert disagreements(truth, truth, truth) == (0, 0)


def test_bootstrap_is_scipys_in_distribution():
    rng = np.random.default_rng(0)
    x = rng.exponential(size=40)
    ours = bootstrap(np.mean, x, n_resamples=4000, random_state=1)
    theirs = stats.bootstrap(
        (x,), np.mean, n_resamples=4000, rng=np.random.default_rng(2)
    ).bootstrap_distribution
    assert stats.ks_2samp(ours, theirs).pvalue > 1e-4
    exact = x.std() / np.sqrt(40)
    assert ours.std() == pytest.approx(exact, rel=4 / np.sqrt(2 * 4000))


def test_bootstrap_keeps_the_columns_of_a_row_together():
    a = np.arange(20)
    drawn = bootstrap(lambda x, y: np.abs(x - y).max(), a, a, n_resamples=50)
    assert (drawn == 0).all()
    with pytest.raises(ValueError, match=r"one length, got \[3, 4\]"):
        bootstrap(np.mean, [1, 2, 3], [1, 2, 3, 4])
    with pytest.raises(ValueError, match="got no column"):
        bootstrap(np.mean)


def test_bootstrap_of_one_seed_is_always_the_same():
    first, second = (bootstrap(np.mean, np.arange(9.0)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    other = bootstrap(np.mean, np.arange(9.0), random_state=1)
    assert not np.array_equal(first, other)


def test_percentile_interval_leaves_equal_tails():
    low, high = percentile_interval(np.arange(1001), 0.9)
    assert (low, high) == (50, 950)


def test_newcombe_at_no_conversions():
    low, high = newcombe_interval(0, 100, 5, 100)
    assert (low, high) == pytest.approx((0.0033279, 0.1117505), abs=5e-8)


def test_holm_by_hand_keeps_the_order_of_the_comparisons():
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm(np.array([0.9, 0.8])).tolist() == [1.0, 1.0]
    assert holm([]).size == 0


@pytest.mark.parametrize(
    "odd", [[0.1, float("nan")], [1.5], [-0.1], ["0.03"], [[0.1]], 0.1, {"a": 0.1}]
)
def test_what_is_no_p_value_is_not_adjusted(odd):
    with pytest.raises(ValueError, match="p_values must"):
        holm(odd)
