"""Every test keeps its promise, by simulation; broken tests do not."""

import numpy as np
import pytest
from scipy import stats

from mlmastery.ab_testing import (
    Trial,
    audit,
    binomial_bounds,
    bootstrap_trial,
    draw_users,
    make_trials,
    repeat_test,
    t_test,
)
from mlmastery.ab_testing.comparison import Comparison


@pytest.mark.parametrize("name", make_trials())
def test_false_alarms_and_coverage(name):
    row = audit({name: make_trials()[name]}, 800, random_state=7).loc[name]
    assert row["holds"], row.to_dict()


def test_the_bootstrap_keeps_its_promise():
    assert audit({"bootstrap": bootstrap_trial()}, 300)["holds"].all()


def test_bounds_are_those_of_the_binomial():
    low, high = binomial_bounds(400, 0.05)
    assert stats.binom.cdf(400 * high, 400, 0.05) >= 1 - 5e-5
    assert stats.binom.cdf(400 * low - 1, 400, 0.05) <= 5e-5
    assert binomial_bounds(400, 0.05, 0.5).high < high


def clicks_as_rows(rng, effect):
    """The naive ratio test: every view a row of its own."""
    rows = []
    for shift in (0.0, effect):
        clicks, views = draw_users(rng, 400, shift)
        n = views.sum()
        rows.append((clicks.sum() / n, n))
    (p_a, n_a), (p_b, n_b) = rows
    error = np.sqrt(p_a * (1 - p_a) / n_a + p_b * (1 - p_b) / n_b)
    z = (p_b - p_a) / error
    ends = stats.norm.interval(0.95, p_b - p_a, error)
    return Comparison("naive", p_b - p_a, *ends, 2 * stats.norm.sf(abs(z)), z)


def test_the_naive_ratio_keeps_failing():
    row = audit({"naive": Trial(clicks_as_rows, 0.0, 0.0)}, 2000).iloc[0]
    assert row["false alarms"] == pytest.approx(0.11, abs=0.025)  # 11 %, not 5 %
    assert not row["holds"]


def test_a_test_that_never_speaks_is_found_out():
    def mute(rng, effect):
        return Comparison("", 0.0, -9.0, 9.0, 1.0, 0.0)

    table = audit(
        {"mute": Trial(mute, 0.0, 0.0), "careful": Trial(mute, 0.0, 0.0, True)}, 500
    )
    assert table["holds"].tolist() == [False, True]


def test_wrong_coverage_alone_is_found_out():
    def narrow(rng, effect):
        fair = t_test(rng.normal(size=50), rng.normal(effect, 1, 50))
        return Comparison("", 0.0, effect, effect + 1e-9, fair.p_value, 0.0)

    shifted = Trial(narrow, 0.5, 0.6)
    assert not audit({"narrow": shifted}, 500)["holds"].iloc[0]


def test_runs_are_repeatable_and_their_own():
    def run(rng, effect):
        return t_test(rng.normal(size=5), rng.normal(effect, 1, 5))

    first, second = repeat_test(run, 0.0, 4, 1), repeat_test(run, 0.0, 4, 1)
    assert first.equals(second)
    assert first["p_value"].nunique() == 4
    assert not first.equals(repeat_test(run, 0.0, 4, 2))


def test_users_click_at_the_rate_that_was_asked_for():
    clicks, views = draw_users(np.random.default_rng(0), 20_000, 0.1)
    assert clicks.sum() / views.sum() == pytest.approx(0.4, abs=0.01)
    assert views.min() >= 2
    assert (clicks <= views).all()


@pytest.mark.parametrize("n_runs", [0, 2.5])
def test_runs_are_a_count(n_runs):
    with pytest.raises(ValueError, match="n_runs must be a whole number"):
        repeat_test(None, 0.0, n_runs)
    with pytest.raises(ValueError, match="n_runs must be a whole number"):
        binomial_bounds(n_runs, 0.05)
    with pytest.raises(ValueError, match="rate must lie between"):
        binomial_bounds(10, 5)
