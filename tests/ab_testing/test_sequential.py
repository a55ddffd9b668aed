"""Repeated looks: the table of 1969, planned bounds, and sequences valid at all times."""

import math

import numpy as np
import pytest
from scipy import stats

from mlmastery.ab_testing import (
    always_valid_p_value,
    always_valid_test,
    binomial_bounds,
    crossing_probability,
    group_sequential_bounds,
    mixture_radius,
)

ARMITAGE_1969 = {
    1: 0.05, 2: 0.083, 3: 0.107, 4: 0.126, 5: 0.142, 10: 0.193, 20: 0.248, 50: 0.320
}  # fmt: skip


@pytest.mark.parametrize(("looks", "rate"), ARMITAGE_1969.items())
def test_peeking_has_the_rates_of_1969(looks, rate):
    assert crossing_probability([1.959964] * looks) == pytest.approx(rate, abs=6e-4)


def test_two_looks_are_a_bivariate_normal():
    joint = stats.multivariate_normal(cov=[[1, 0.5**0.5], [0.5**0.5, 1]])
    box = joint.cdf([2.0, 1.5], lower_limit=[-2.0, -1.5])
    assert crossing_probability([2.0, 1.5]) == pytest.approx(1 - box, abs=1e-6)


def test_pocock_and_obrien_fleming_have_their_published_constants():
    assert group_sequential_bounds(5, "pocock")[0] == pytest.approx(2.413, abs=5e-4)
    assert group_sequential_bounds(2, "pocock")[1] == pytest.approx(2.178, abs=5e-4)
    bounds = group_sequential_bounds(5)
    assert bounds[-1] == pytest.approx(2.040, abs=5e-4)
    np.testing.assert_allclose(bounds, bounds[-1] * np.sqrt(5 / np.arange(1, 6)))
    at_one_percent = group_sequential_bounds(5, "pocock", alpha=0.01)
    assert at_one_percent[0] == pytest.approx(2.986, abs=5e-4)
    assert group_sequential_bounds(1).tolist() == pytest.approx([1.959964])


@pytest.mark.parametrize("shape", ["pocock", "obrien-fleming"])
@pytest.mark.parametrize("looks", [2, 3, 20])
def test_planned_bounds_spend_alpha_once(shape, looks):
    """Not cumulatively, which would make it 10 % where 5 % were asked for."""
    bounds = group_sequential_bounds(looks, shape)
    assert crossing_probability(bounds) == pytest.approx(0.05, abs=1e-9)


@pytest.mark.parametrize(
    ("n", "radius"), [(100, 0.3656395), (1000, 0.0960640), (10_000, 0.0327302)]
)
def test_radius_of_the_confidence_sequence(n, radius):
    assert mixture_radius(1 / n, tau=0.1) == pytest.approx(radius, abs=5e-8)
    fixed = 1.959964 / math.sqrt(n)
    assert 1.5 < radius / fixed < 1.9


@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_p_value_and_radius_say_the_same(alpha):
    radius = mixture_radius(0.3, 0.7, alpha)
    assert always_valid_p_value(radius, 0.3, 0.7) == pytest.approx(alpha)
    assert always_valid_p_value(0.0, 0.3, 0.7) == 1


def test_p_value_is_the_inverse_of_the_mixture():
    """The average likelihood ratio over effects N(0, tau²), by integration."""
    effects = np.linspace(-20, 20, 40_001)
    ratio = stats.norm.pdf(1.5, effects, 0.6) / stats.norm.pdf(1.5, 0, 0.6)
    mixed = np.trapezoid(ratio * stats.norm.pdf(effects, 0, 0.8), effects)
    assert always_valid_p_value(1.5, 0.36, 0.8) == pytest.approx(1 / mixed)


@pytest.fixture(scope="module")
def paths():
    """Running means of 2,000 experiments without an effect, at 5,000 looks."""
    draws = np.random.default_rng(0).normal(size=(2000, 5000))
    return draws.cumsum(axis=1) / np.arange(1, 5001)


def test_false_alarms_over_all_looks_stay_below_alpha(paths):
    n = np.arange(1, 5001)
    radius = np.array([mixture_radius(1 / k, tau=0.1) for k in n])
    alarms = (np.abs(paths) > radius).any(axis=1).mean()
    assert alarms <= binomial_bounds(2000, 0.05).high
    assert alarms > 0.01  # not by being infinitely wide


def test_naive_peeking_keeps_failing(paths):
    """The page's failing run: p < 0.05 at some look, in more than half of all."""
    n = np.arange(1, 5001)
    alarms = (np.abs(paths * np.sqrt(n))[:, 9:] > 1.959964).any(axis=1).mean()
    assert 0.5 < alarms < 0.65


def test_the_sequence_is_built_on_the_difference():
    """A shift of both arms moves nothing; the pooled level is no effect."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(0, 1, 300), rng.normal(0.5, 2, 200)
    ours, shifted = always_valid_test(a, b, 0.3), always_valid_test(a + 9, b + 9, 0.3)
    assert ours.low == pytest.approx(shifted.low)
    variance = a.var(ddof=1) / 300 + b.var(ddof=1) / 200
    assert ours.high - ours.estimate == pytest.approx(mixture_radius(variance, 0.3))
    assert ours.estimate == pytest.approx(b.mean() - a.mean())
    assert ours.statistic == pytest.approx(ours.estimate / math.sqrt(variance))
    assert ours.excludes(0) == (ours.p_value < 0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: group_sequential_bounds(0), "n_looks must be a whole number"),
        (lambda: group_sequential_bounds(3, "flat"), "shape must be one of"),
        (lambda: group_sequential_bounds(3, alpha=1), "alpha must lie between"),
        (lambda: crossing_probability([0.0]), "bounds must be a number above 0"),
        (lambda: mixture_radius(0, 1), "variance must be a number above 0"),
        (lambda: mixture_radius(1, 0), "tau must be a number above 0"),
        (lambda: mixture_radius(1, 1, 5), "alpha must lie between"),
        (lambda: always_valid_p_value(1, 1, 0), "tau must be a number above 0"),
        (lambda: always_valid_test([1, 1], [1, 1], 1), "a and b must vary"),
        (lambda: always_valid_test([1, 2], [1, 2], 1, 95), "confidence must lie"),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_bound_that_nothing_reaches_costs_no_memory():
    one = crossing_probability([1.959964])
    assert crossing_probability([1e6]) == pytest.approx(0, abs=1e-12)
    assert one == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("bounds", [2.0, None])
def test_bounds_are_one_for_each_look(bounds):
    with pytest.raises(ValueError, match="bounds must hold one number for each look"):
        crossing_probability(bounds)


def test_always_valid_p_values_of_lists():
    both = always_valid_p_value([0.3656395, 0.1], [0.01, 0.01], 0.1)
    assert both == pytest.approx([0.05, 1], abs=1e-6)


@pytest.mark.parametrize(
    ("estimate", "variance"), [(1, 0), (1, -1), (float("nan"), 0.1), ("a", 0.1)]
)
def test_a_variance_is_above_zero(estimate, variance):
    with pytest.raises(ValueError, match=r"^estimate must hold finite numbers and"):
        always_valid_p_value(estimate, variance, 0.1)
