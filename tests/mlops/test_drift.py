"""PSI, tests of two samples and of days, against references and by their rates."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import pairwise

from mlmastery.ab_testing import benjamini_hochberg, holm
from mlmastery.mlops.days import (
    DayCounts,
    day_threshold,
    exchange_days_test,
    permute_days_test,
    week_pairs,
)
from mlmastery.mlops.mmd import mmd_test, rbf_kernel, unbiased_mmd
from mlmastery.mlops.psi import (
    Bins,
    psi,
    psi_from_counts,
    psi_null_mean,
    psi_threshold,
    simulate_psi,
)
from mlmastery.mlops.two_sample import chi_square_test, ks_test

# --- the index --------------------------------------------------------------------


def test_the_index_is_the_sum_of_both_divergences():
    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.4, 0.4, 0.2])
    both = stats.entropy(p, q) + stats.entropy(q, p)
    assert psi_from_counts(1000 * p, 500 * q) == pytest.approx(both)


def test_it_is_symmetric_and_zero_for_equal_shares():
    assert psi_from_counts([5, 3], [1, 9]) == pytest.approx(
        psi_from_counts([1, 9], [5, 3])
    )
    assert psi_from_counts([1, 2], [10, 20]) == 0


@pytest.mark.parametrize("current", [[60, 40, 0], [100, 0, 0]])
def test_an_empty_bin_gives_a_finite_number_above_zero(current):
    index = psi_from_counts([50, 30, 20], current)
    assert 0.5 < index < 10
    # 0.2 is the share that is gone, against the floor.
    gone = (0.2 - 1e-4) * np.log(0.2 / 1e-4)
    assert index >= gone - 1e-9


def test_what_both_leave_empty_changes_nothing():
    assert psi_from_counts([5, 0, 5], [8, 0, 2]) == psi_from_counts([5, 5], [8, 2])


def test_a_constant_column_is_stable_until_its_value_moves():
    assert psi([7] * 50, [7] * 30) == 0
    for value in (6, 8):
        assert psi([7] * 50, [value] * 30) > 1


def test_new_categories_and_missing_values_are_drift():
    known = ["JFK"] * 90 + ["EWR"] * 10
    assert psi(known, ["JFK"] * 80 + ["SWF"] * 20) > 0.1
    assert psi([1.0, 2.0] * 50, [1.0, 2.0] * 40 + [None] * 20) > 0.1
    assert psi([None, 1.0], [None, 1.0]) == 0


def test_bins_of_numbers_are_tenths_of_the_reference():
    bins = Bins(np.arange(1000))
    assert bins.reference_counts[:10].tolist() == [100] * 10
    assert bins.labels[-2:] == ["new", "missing"]
    # Values outside the reference stay in the outer bins.
    assert bins.counts([-5, 5000])[[0, 9]].tolist() == [1, 1]


def test_booleans_and_few_values_are_categories():
    assert Bins([True, False]).labels == ["False", "True", "new", "missing"]
    assert Bins([0.0, 1.0, 1.0]).reference_counts.tolist() == [1, 2, 0, 0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: psi([], [1]), "reference must hold at least one value"),
        (lambda: psi([1], []), "values must hold at least one value"),
        (lambda: psi_from_counts([1, 2], [1]), "same bins"),
        (lambda: psi_from_counts([0, 0], [1, 2]), "at least one value each"),
        (lambda: psi_threshold(100, 100, level=1), "level"),
        (lambda: psi_threshold(0, 100), "n must be a whole number"),
        (lambda: Bins([1, 2], n_bins=1), "n_bins"),
        (lambda: chi_square_test([0, 0], [1, 1]), "at least one value each"),
        (lambda: ks_test([np.nan], [1.0]), "reference must hold at least one"),
        (lambda: mmd_test([[np.nan], [1.0]], [[1.0], [2.0]]), "finite"),
        (lambda: exchange_days_test(np.ones((3, 2)), np.ones((2, 2))), "same days"),
        (lambda: exchange_days_test(np.ones((13, 2)), np.ones((13, 2))), "12"),
    ],
)
def test_what_cannot_be_compared_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# --- the threshold that follows from n --------------------------------------------


@pytest.mark.parametrize(
    ("n", "over", "over_twice", "quantile"),
    [(100, 0.858, 0.386, 0.374), (200, 0.367, 0.020, 0.179), (1000, 0, 0, 0.0344)],
)
def test_the_rule_of_thumb_without_drift(n, over, over_twice, quantile):
    runs = simulate_psi(n, n, 400, random_state=1)
    assert np.mean(runs > 0.1) == pytest.approx(over, abs=0.08)
    assert np.mean(runs > 0.2) == pytest.approx(over_twice, abs=0.08)
    assert np.quantile(runs, 0.95) == pytest.approx(quantile, rel=0.15)


def test_theory_of_the_null_distribution():
    runs = simulate_psi(1000, 500, 300, random_state=0)
    assert runs.mean() == pytest.approx(psi_null_mean(1000, 500), rel=0.1)
    assert np.mean(runs > psi_threshold(1000, 500)) == pytest.approx(0.05, abs=0.035)
    assert psi_threshold(100, 100) == pytest.approx(16.919 / 50, rel=1e-4)


def test_a_shift_is_seen():
    assert simulate_psi(1000, 1000, 20, shift=1, random_state=0).min() > 0.5


# --- tests of two samples ---------------------------------------------------------


@pytest.mark.parametrize(("n", "m", "shift"), [(50, 80, 0), (300, 200, 0.3), (9, 7, 2)])
def test_ks_equals_scipy(n, m, shift):
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=n).round(1), rng.normal(shift, 1, size=m).round(1)
    ours, theirs = ks_test(x, y), stats.ks_2samp(x, y)
    assert ours.statistic == pytest.approx(theirs.statistic, abs=1e-12)
    limit = stats.kstwobign.sf(np.sqrt(n * m / (n + m)) * theirs.statistic)
    assert ours.p_value == pytest.approx(limit, abs=1e-9)


def test_ks_leaves_missing_values_out():
    assert ks_test([1, 2, np.nan], [1, 2]).statistic == 0


def test_chi_square_equals_scipy():
    table = [[50, 30, 0, 20], [35, 40, 0, 25]]
    kept = np.delete(np.array(table), 2, axis=1)
    theirs = stats.chi2_contingency(kept, correction=False)
    ours = chi_square_test(*table)
    assert ours == pytest.approx((theirs.statistic, theirs.pvalue))
    assert chi_square_test([5, 0], [9, 0]) == (0, 1)


def test_a_harmless_shift_is_found_by_many_rows():
    rng = np.random.default_rng(0)

    def rate(n, runs):
        return np.mean(
            [
                ks_test(rng.normal(size=n), rng.normal(0.05, 1, n)).p_value < 0.05
                for _ in range(runs)
            ]
        )

    assert rate(1000, 150) == pytest.approx(0.13, abs=0.09)
    assert rate(10_000, 40) == pytest.approx(0.83, abs=0.17)


def test_mmd_by_the_sums_of_its_definition():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(5, 2)), rng.normal(size=(4, 2))
    both = np.concatenate([X, Y])
    K = rbf_kernel(both, both, 0.5)
    assert pytest.approx(pairwise.rbf_kernel(both, both, gamma=0.5)) == K
    xx = sum(K[i, j] for i in range(5) for j in range(5) if i != j) / 20
    yy = sum(K[i, j] for i in range(5, 9) for j in range(5, 9) if i != j) / 12
    xy = K[:5, 5:].mean()
    first = np.arange(9) < 5
    assert unbiased_mmd(K, first) == pytest.approx(xx + yy - 2 * xy)


def test_mmd_is_unbiased_and_keeps_its_level():
    rng = np.random.default_rng(3)
    values, alarms = [], 0
    for seed in range(60):
        X, Y = rng.normal(size=(30, 2)), rng.normal(size=(30, 2))
        found = mmd_test(X, Y, 0.5, 99, random_state=seed)
        values.append(found.statistic)
        alarms += found.p_value <= 0.05
    assert np.mean(values) == pytest.approx(0, abs=3 * np.std(values) / 60**0.5)
    assert min(values) < 0
    assert alarms <= 8


def test_only_mmd_sees_a_correlation():
    rng = np.random.default_rng(0)
    old = rng.normal(size=(200, 2))
    new = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 200)
    assert mmd_test(old, new, n_permutations=99, random_state=0).p_value <= 0.05
    assert min(ks_test(old[:, j], new[:, j]).p_value for j in (0, 1)) > 0.025


def test_twenty_stable_features():
    p = np.random.default_rng(0).uniform(size=(500, 20))
    assert np.mean((p < 0.05).any(axis=1)) == pytest.approx(0.64, abs=0.07)
    for adjust in (holm, benjamini_hochberg):
        rate = np.mean([(adjust(row) <= 0.05).any() for row in p])
        assert rate == pytest.approx(0.05, abs=0.035)


# --- days -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clustered():
    """Return 28 days of 200 rows that share their day's level, without any drift."""
    rng = np.random.default_rng(0)
    days = pd.date_range("2013-01-07", periods=28 * 7)
    level = np.repeat(rng.normal(size=len(days)), 200)
    values = pd.Series(level + rng.normal(size=len(level)))
    return DayCounts(values, days.repeat(200))


def test_rows_of_a_day_ring_without_drift_and_days_do_not(clustered):
    mondays = clustered.days[:-14:7]
    found = week_pairs({"x": clustered}, mondays, shuffle=True, random_state=0)
    assert (found["rows"] < 0.05).mean() > 0.9
    assert (found["days"] <= 0.05).mean() < 0.25


def test_exchanging_days_enumerates_each_exchange_once():
    rng = np.random.default_rng(0)
    first, second = rng.integers(1, 50, (3, 4)), rng.integers(1, 50, (3, 4))
    index = []
    for a in (0, 1):
        for b in (0, 1):
            mine = [first[0], (first, second)[a][1], (first, second)[b][2]]
            other = [second[0], (second, first)[a][1], (second, first)[b][2]]
            index.append(psi_from_counts(np.sum(mine, 0), np.sum(other, 0)))
    found = exchange_days_test(first, second)
    assert found.statistic == pytest.approx(index[0])
    assert found.p_value == np.mean(np.array(index) >= index[0] - 1e-12)


def test_the_paper_example():
    first, second = np.array([[6, 4], [7, 3]]), np.array([[4, 6], [5, 5]])
    assert exchange_days_test(first, second).p_value == 0.5


def test_permuting_days_finds_a_drift_and_keeps_its_level(clustered):
    counts = clustered.counts
    assert permute_days_test(counts[:90], counts[90:120], 99, 0).p_value > 0.05
    moved = counts[90:120][:, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 10, 11]]
    tilted = moved + np.arange(12)[::-1] * 50
    assert permute_days_test(counts[:90], tilted, 99, 0).p_value <= 0.01


def test_the_threshold_of_days_exceeds_that_of_rows(clustered):
    by_days = day_threshold(clustered.counts[:90], 28, random_state=0)
    rows = clustered.counts[:90].sum()
    assert by_days > 5 * psi_threshold(int(rows * 62 / 90), int(rows * 28 / 90))


def test_spans_with_missing_days_are_left_out(clustered):
    short = DayCounts(pd.Series([1.0, 2.0]), pd.to_datetime(["2013-01-07"] * 2))
    assert week_pairs({"x": short}, [pd.Timestamp("2013-01-07")]).empty


def test_two_bins_are_enough_and_a_window_needs_a_day(clustered):
    assert len(Bins(np.arange(50.0), 2).labels) == 4
    assert psi_null_mean(10, 10, 2) == pytest.approx(0.2)
    with pytest.raises(ValueError, match="window"):
        day_threshold(clustered.counts, 0)
