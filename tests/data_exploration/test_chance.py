"""Measures of association: equal to SciPy's, and silent on noise."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mlmastery.data_exploration import (
    comprehensive_eda,
    cramers_association,
    cramers_v,
    epsilon_squared,
)
from mlmastery.data_exploration.chance import (
    correlation_p,
    crossed,
    group_codes,
    together_p,
)
from mlmastery.datasets import load_penguins


def test_epsilon_squared_by_hand_and_its_test_by_scipy():
    groups, values = np.array([0, 0, 0, 1, 1, 1]), np.array([1.0, 2, 3, 2, 3, 4])
    link = epsilon_squared(groups, values)
    assert link.effect == pytest.approx(1 - (1 - 1.5 / 5.5) * 5 / 4)
    p = load_penguins().dropna()
    codes = pd.factorize(p["species"])[0]
    link = epsilon_squared(codes, p["body_mass_g"].to_numpy(float))
    parts = [part for _, part in p.groupby("species")["body_mass_g"]]
    ranks = stats.rankdata(p["body_mass_g"])
    ranked = stats.f_oneway(*(ranks[codes == k] for k in range(3)))
    expected = max(stats.f_oneway(*parts).pvalue, ranked.pvalue)
    assert link.p_value == pytest.approx(expected)
    assert link.n == len(p)


def test_epsilon_squared_of_noise_is_zero_on_average():
    rng = np.random.default_rng(0)
    links = [
        epsilon_squared(rng.integers(0, 10, 80), rng.normal(size=80))
        for _ in range(400)
    ]
    effects = np.array([link.effect for link in links])
    assert abs(effects.mean()) < 4 * effects.std() / 20
    assert 0.02 < np.mean([link.p_value < 0.05 for link in links]) < 0.08


def test_one_value_far_out_is_no_difference_of_groups():
    values = np.concatenate([np.arange(30.0) % 7, [1e6, 1e6]])
    codes = np.array([0] * 30 + [1] * 2)
    assert epsilon_squared(codes, values).p_value > 1e-4


@pytest.mark.parametrize(
    ("codes", "values"),
    [
        ([0, 0, 0], [1.0, 2.0, 3.0]),
        ([0, 1], [1.0, 2.0]),
        ([0, 0, 1, 1], [5.0, 5.0, 5.0, 5.0]),
        ([-1, -1], [1.0, 2.0]),
        ([0, 1, 1], [np.nan, np.nan, np.nan]),
    ],
)
def test_nothing_to_compare_has_no_effect(codes, values):
    link = epsilon_squared(np.array(codes), np.array(values))
    assert np.isnan(link.effect)
    assert link.p_value == 1


def test_huge_values_do_not_overflow():
    codes = np.repeat([0, 1], 30)
    values = np.where(codes == 1, 1.7e308, -1.7e308) * np.linspace(0.9, 1, 60)
    assert epsilon_squared(codes, values).effect > 0.9


def test_cramers_p_value_is_scipys():
    counts = np.array([[10, 20, 30], [20, 15, 5]])
    link = cramers_association(counts)
    expected = stats.chi2_contingency(counts, correction=False)
    assert link.p_value == pytest.approx(expected.pvalue)
    first = pd.Series(np.repeat([0, 0, 0, 1, 1, 1], counts.ravel()))
    second = pd.Series(np.repeat([0, 1, 2, 0, 1, 2], counts.ravel()))
    assert cramers_v(first, second) == link.effect


def test_levels_without_rows_do_not_matter():
    counts = np.array([[30, 0, 5], [4, 0, 40], [0, 0, 0]])
    assert cramers_association(counts) == cramers_association(counts[:2, [0, 2]])


def test_correlation_p_is_scipys():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 25))
    expected = stats.pearsonr(x, y)
    found = correlation_p(np.array([expected.statistic]), np.array([25]))
    assert found[0] == pytest.approx(expected.pvalue)
    assert correlation_p(np.array([1.0, np.nan]), np.array([3, 50])).tolist() == [1, 1]


def test_codes_leave_out_missing_and_rare_values():
    codes, names = group_codes(pd.Series(["b", "a", None, "b", "c", "c"]), 2)
    assert codes.tolist() == [0, -1, -1, 0, 1, 1]
    assert list(names) == ["b", "c"]
    assert crossed(codes, np.array([0, 0, 0, 1, 1, 1])).tolist() == [[1, 1], [0, 2]]


def test_meeting_gaps_have_the_binomial_probability():
    link = together_p(50, np.array([0.2, 0.5]), 9)
    expected = stats.binomtest(9, 50, 0.1, alternative="greater").pvalue
    assert link.p_value == pytest.approx(expected)


def noise(n: int, seed: int) -> pd.DataFrame:
    """Draw eight numbers and three categories, all independent, with random gaps."""
    rng = np.random.default_rng([n, seed])
    table = pd.DataFrame(rng.normal(size=(n, 8))).add_prefix("x")
    if seed % 2:
        table = np.exp(table)  # long tails
    for name, k in zip("abc", [2, 4, 10], strict=True):
        table[name] = rng.integers(0, k, n).astype(str)
    return table.mask(rng.random(table.shape) < rng.uniform(0, 0.3, table.shape[1]))


DEPENDENCE = {
    "missing depends",
    "missing together",
    "reversal",
    "near copies",
    "correlated",
    "bent relation",
    "tied categories",
    "group differences",
}


def false_findings(n: int, seed: int) -> list[str]:
    report = comprehensive_eda(noise(n, seed), "b" if seed % 3 else "x0")
    return [
        str(f)
        for f in report.findings
        if f.topic in DEPENDENCE or (f.topic == "target" and "closely with" in f.text)
        if "None of" not in f.text
    ]


@pytest.mark.slow
def test_reports_on_noise_are_silent():
    sizes = [20, 30, 50, 70, 100, 150, 200, 300, 500, 1000]
    false = [false_findings(n, seed) for n in sizes for seed in range(20)]
    assert sum(map(bool, false)) <= 10, [f for f in false if f]


def test_few_reports_on_noise_are_silent():
    false = [false_findings(n, seed) for n in (40, 80, 160) for seed in range(6)]
    assert sum(map(bool, false)) <= 1, false


def test_rare_values_that_meet_once_are_no_association():
    counts = np.array([[24, 0], [0, 1]])
    assert cramers_association(counts).p_value > 0.02  # one row in 25: 0.04 exactly
    rng = np.random.default_rng(5)
    drawn = [
        cramers_association(crossed(rng.zipf(1.5, 100) % 50, rng.zipf(1.5, 100) % 50))
        for _ in range(200)
    ]
    assert np.mean([link.p_value < 0.01 for link in drawn]) < 0.04


def test_sparse_tables_keep_their_true_associations():
    city = np.arange(200) % 50
    assert cramers_association(crossed(city, city % 8)).p_value < 1e-20
    rare = (np.arange(200) < 8).astype(int)
    assert cramers_association(crossed(rare, rare)).p_value < 1e-6
