"""Posteriors, their probabilities and losses, and what stopping on them does."""

import math

import numpy as np
import pytest
from scipy import special, stats

from mlmastery.ab_testing import (
    BetaRate,
    NormalEffect,
    expected_loss,
    normal_posterior,
    probability_better,
    rope_decision,
)
from mlmastery.inference import Interval

GATE_30 = BetaRate().observe(8502, 44_700)
GATE_40 = BetaRate().observe(8279, 45_489)


def test_misses_are_counted_and_not_exposures():
    """After 9 of 10 the posterior is Beta(10, 2), not Beta(10, 11)."""
    assert BetaRate().observe(9, 10) == BetaRate(10, 2)
    assert BetaRate().observe(9, 10).mean == pytest.approx(10 / 12)


def test_seeing_in_parts_is_seeing_at_once():
    assert BetaRate(2, 3).observe(1, 4).observe(2, 2) == BetaRate(2, 3).observe(3, 6)


def test_credible_interval_is_that_of_scipy():
    low, high = BetaRate(3, 9).interval(0.9)
    assert (low, high) == pytest.approx(stats.beta.interval(0.9, 3, 9))


def exact(a, b):
    """P(B > A) for whole numbers, by the finite sum of Miller (2015)."""
    i = np.arange(b.alpha)
    terms = special.betaln(a.alpha + i, a.beta + b.beta) - np.log(b.beta + i)
    terms -= special.betaln(1 + i, b.beta) + special.betaln(a.alpha, a.beta)
    return float(np.exp(terms).sum())


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (BetaRate(21, 181), BetaRate(31, 171)),
        (BetaRate(1, 1), BetaRate(1, 101)),
        (BetaRate(2, 1), BetaRate(500, 3)),
        (GATE_30, GATE_40),
        (BetaRate(1, 1), BetaRate(1, 1)),
    ],
)
def test_probability_is_the_exact_sum(a, b):
    assert probability_better(a, b) == pytest.approx(exact(a, b), abs=1e-9)
    assert probability_better(b, a) == pytest.approx(1 - exact(a, b), abs=1e-9)


def test_published_probabilities():
    ours = probability_better(BetaRate(21, 181), BetaRate(31, 171))
    assert ours == pytest.approx(0.9333053, abs=5e-8)
    assert probability_better(GATE_30, GATE_40) == pytest.approx(0.00077734, abs=5e-9)
    assert expected_loss(GATE_40, GATE_30) == pytest.approx(0.00820, abs=5e-6)


def test_loss_is_the_mean_of_draws():
    rng = np.random.default_rng(0)
    a, b = BetaRate(4, 9), BetaRate(6, 8)
    draws_a, draws_b = rng.beta(4, 9, 400_000), rng.beta(6, 8, 400_000)
    drawn = np.maximum(draws_b - draws_a, 0).mean()
    assert expected_loss(a, b) == pytest.approx(drawn, abs=1e-3)
    difference = expected_loss(a, b) - expected_loss(b, a)
    assert difference == pytest.approx(b.mean - a.mean, abs=1e-9)


def test_normal_posterior_weighs_by_precision():
    rng = np.random.default_rng(0)
    a, b = rng.normal(0, 2, 50), rng.normal(1, 1, 30)
    seen, variance = b.mean() - a.mean(), a.var(ddof=1) / 50 + b.var(ddof=1) / 30
    posterior = normal_posterior(a, b, NormalEffect(0.2, 0.5))
    weight = (1 / variance) / (1 / variance + 1 / 0.25)
    assert posterior.mean == pytest.approx(weight * seen + (1 - weight) * 0.2)
    assert posterior.sd == pytest.approx(math.sqrt(variance * weight))


def test_normal_effect_is_that_of_scipy():
    effect = NormalEffect(0.3, 0.2)
    assert effect.probability_above(0.1) == pytest.approx(stats.norm.sf(0.1, 0.3, 0.2))
    assert effect.interval(0.9) == pytest.approx(stats.norm.interval(0.9, 0.3, 0.2))
    draws = np.random.default_rng(0).normal(0.3, 0.2, 400_000)
    assert effect.expected_loss() == pytest.approx(
        np.maximum(-draws, 0).mean(), abs=2e-4
    )


@pytest.mark.parametrize(
    ("interval", "decision"),
    [
        ((0.02, 0.05), "better"),
        ((-0.05, -0.02), "worse"),
        ((-0.01, 0.01), "equivalent"),
        ((-0.005, 0.02), "undecided"),
        ((0.01, 0.02), "undecided"),
        ((-0.02, -0.01), "undecided"),
    ],
)
def test_rope(interval, decision):
    assert rope_decision(Interval(*interval), (-0.01, 0.01)) == decision


def test_stopping_at_95_percent_inflates_errors_and_keeps_the_posterior_honest():
    """Two truths of one rule: many false alarms at no effect, and calibration."""
    rng = np.random.default_rng(0)
    n = 50 * np.arange(1, 101)

    def stopped(effects):
        steps = rng.normal(50 * effects[:, None], math.sqrt(50), (len(effects), 100))
        means = steps.cumsum(axis=1) / n
        precision = n + 1 / 0.1**2
        p = stats.norm.cdf(means * n / np.sqrt(precision))
        first = np.argmax(p > 0.95, axis=1)
        return (p > 0.95).any(axis=1), p[np.arange(len(p)), first]

    alarms, _ = stopped(np.zeros(4000))
    assert alarms.mean() > 0.15
    drawn = rng.normal(0, 0.1, 4000)
    ships, said = stopped(drawn)
    assert (drawn[ships] > 0).mean() == pytest.approx(said[ships].mean(), abs=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: BetaRate(0, 1), "alpha must be a number above 0, got 0"),
        (lambda: BetaRate(1, -1), "beta must be a number above 0, got -1"),
        (lambda: BetaRate().observe(3, 2), "hits must be a whole number from 0 to 2"),
        (lambda: BetaRate().observe(0, -1), "n must be a whole number of at least 0"),
        (lambda: BetaRate().interval(95), "level must lie between 0 and 1, got 95"),
        (lambda: NormalEffect(0, 0), "sd must be a number above 0, got 0"),
        (lambda: NormalEffect(0, 1).interval(95), "level must lie between 0 and 1"),
        (lambda: rope_decision(Interval(0, 1), (1, 1)), "rope must be"),
        (
            lambda: normal_posterior([1, 1], [1, 1], NormalEffect(0, 1)),
            "a and b must vary",
        ),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("weight", [0.5, 0.1, 0.001])
def test_a_prior_below_one_has_no_hidden_error(weight):
    """Jeffreys' prior has an unbounded density at both ends."""
    same = BetaRate(weight, weight)
    assert probability_better(same, same) == pytest.approx(0.5, abs=1e-8)
    rare = BetaRate(weight, 1000.5)
    assert probability_better(rare, rare) == pytest.approx(0.5, abs=1e-8)


def test_unequal_priors_below_one_agree_with_draws():
    rng = np.random.default_rng(0)
    a, b = rng.beta(0.3, 0.7, 400_000), rng.beta(0.9, 0.4, 400_000)
    exact = probability_better(BetaRate(0.3, 0.7), BetaRate(0.9, 0.4))
    assert exact == pytest.approx((b > a).mean(), abs=0.004)


def test_a_probability_stays_a_probability():
    assert probability_better(BetaRate(1, 1e6), BetaRate(1e6, 1)) <= 1


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: probability_better((1, 2), BetaRate()), "a"),
        (lambda: probability_better(BetaRate(), 0.1), "b"),
        (lambda: expected_loss(0.1, BetaRate()), "chosen"),
        (lambda: normal_posterior([1, 2], [2, 4], 0.0), "prior"),
        (lambda: NormalEffect(float("nan"), 1.0), "mean"),
        (lambda: NormalEffect("0", 1.0), "mean"),
        (lambda: rope_decision(Interval(0.2, 0.1), (-0.1, 0.1)), "interval"),
        (lambda: rope_decision(Interval(float("nan"), 1), (-0.1, 0.1)), "interval"),
    ],
)
def test_what_is_no_belief_is_refused_by_name(call, name):
    with pytest.raises(ValueError, match=f"^{name} must be"):
        call()
