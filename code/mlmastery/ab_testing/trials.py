"""The experiments on which the chapter's tests are tried, one for each test."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from mlmastery.ab_testing.adjustment import cuped, relative_cuped
from mlmastery.ab_testing.bayes import BetaRate, NormalEffect, normal_posterior
from mlmastery.ab_testing.comparison import Comparison
from mlmastery.ab_testing.means import paired_t_test, relative_lift, t_test
from mlmastery.ab_testing.multiple import benjamini_hochberg, holm
from mlmastery.ab_testing.proportions import (
    chi_square,
    sample_ratio_check,
    two_proportion_test,
)
from mlmastery.ab_testing.ranks import mann_whitney
from mlmastery.ab_testing.ratio import ratio_test
from mlmastery.ab_testing.resampling import bootstrap_test
from mlmastery.ab_testing.sequential import (
    always_valid_p_value,
    group_sequential_bounds,
    mixture_radius,
)
from mlmastery.ab_testing.simulation import Trial

__all__ = ["bootstrap_trial", "draw_users", "make_trials"]

Generator = np.random.Generator
LOOKS, STEP = 100, 20  # of the always-valid test: looks, and units between two
BOUNDS = {s: group_sequential_bounds(5, s) for s in ("pocock", "obrien-fleming")}


def draw_users(
    rng: Generator, n: int, effect: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw users who differ in how often they come and in how often they click.

    Returns
    -------
    clicks, views : ndarray of shape (n,)
        Totals of each user; the share of clicks per view is 0.3 + effect on average.

    Examples
    --------
    >>> clicks, views = draw_users(np.random.default_rng(0), 3)
    >>> bool((clicks <= views).all())
    True
    """
    views = 1 + rng.geometric(0.15, n)
    rate = np.clip(rng.beta(6, 14, n) + effect, 0, 1)
    return rng.binomial(views, rate).astype(float), views.astype(float)


def make_trials() -> dict[str, Trial]:
    """Return a trial for each test of the chapter but the bootstrap, which is slower.

    Examples
    --------
    >>> "Welch" in make_trials()
    True
    """
    nan = math.nan
    return {
        "Welch, unequal arms": Trial(_welch, 0.5, 0.5),
        "Welch": Trial(_equal_welch, 0.5, 0.5),
        "Student": Trial(_student, 0.5, 0.5),
        "paired t": Trial(_paired, 0.5, 0.5),
        "relative lift": Trial(_lift, 0.1, 0.1),
        "z-test and Newcombe": Trial(_rates, 0.05, 0.05),
        "chi-square, three arms": Trial(_chi_square, 0.0, nan),
        "Mann–Whitney": Trial(_ranks, 0.5, float(stats.norm.cdf(0.5 / 2**0.5))),
        "delta method": Trial(_ratio, 0.05, 0.05),
        "CUPED": Trial(_cuped, 0.5, 0.5),
        "relative CUPED": Trial(_relative_cuped, 1.0, 0.1),
        "Holm, five metrics": Trial(_holm, 0.0, nan),
        "Benjamini–Hochberg, five metrics": Trial(_bh, 0.0, nan),
        "sample ratio": Trial(_sample_ratio, 0.0, nan),
        "Pocock, five looks": Trial(_pocock, 0.0, nan),
        "O'Brien–Fleming, five looks": Trial(_obrien_fleming, 0.0, nan),
        "always valid, 100 looks": Trial(_always_valid, 0.1, 0.1, conservative=True),
        "normal posterior, wide prior": Trial(_normal, 0.5, 0.5),
        "Beta posterior, rates from the prior": Trial(_beta, 0.0, 0.0),
    }


def bootstrap_trial() -> Trial:
    """Return the trial of the bootstrap of a mean, on an exponential distribution."""
    return Trial(_bootstrap, 0.5, 0.5)


def _welch(rng: Generator, effect: float) -> Comparison:
    return t_test(rng.normal(0, 1, 60), rng.normal(effect, 3, 20))


def _equal_welch(rng: Generator, effect: float) -> Comparison:
    return t_test(rng.exponential(1, 100), effect + rng.exponential(1, 100))


def _student(rng: Generator, effect: float) -> Comparison:
    return t_test(rng.normal(size=20), rng.normal(effect, 1, 30), equal_variances=True)


def _paired(rng: Generator, effect: float) -> Comparison:
    before = rng.normal(size=20)
    return paired_t_test(before, before + rng.normal(effect, 1, 20))


def _lift(rng: Generator, effect: float) -> Comparison:
    return relative_lift(rng.normal(10, 3, 200), rng.normal(10 * (1 + effect), 3, 200))


def _rates(rng: Generator, effect: float) -> Comparison:
    hits_a, hits_b = rng.binomial(500, [0.3, 0.3 + effect])
    return two_proportion_test(int(hits_a), 500, int(hits_b), 500)


def _chi_square(rng: Generator, _: float) -> Comparison:
    return _bare(chi_square(rng.multinomial(400, [0.2, 0.3, 0.5], size=3)).p_value)


def _ranks(rng: Generator, effect: float) -> Comparison:
    # The exponential is a rising map: the ranks, and P(b > a), stay as they are.
    result = mann_whitney(
        np.exp(rng.normal(size=60)), np.exp(rng.normal(effect, 1, 60))
    )
    return result


def _bootstrap(rng: Generator, effect: float) -> Comparison:
    a, b = rng.exponential(1, 100), effect + rng.exponential(1, 100)
    seed = int(rng.integers(2**32))
    return bootstrap_test(a, b, n_resamples=400, random_state=seed)


def _ratio(rng: Generator, effect: float) -> Comparison:
    return ratio_test(*draw_users(rng, 400), *draw_users(rng, 400, effect))


def _with_history(
    rng: Generator, effect: float, level: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    x_a, x_b = rng.normal(level, 2, 100), rng.normal(level, 2, 100)
    return x_a + rng.normal(size=100), x_b + rng.normal(effect, 1, 100), x_a, x_b


def _cuped(rng: Generator, effect: float) -> Comparison:
    return cuped(*_with_history(rng, effect))


def _relative_cuped(rng: Generator, effect: float) -> Comparison:
    return relative_cuped(*_with_history(rng, effect, level=10.0))


def _holm(rng: Generator, _: float) -> Comparison:
    return _bare(float(holm(_five_p_values(rng)).min()))


def _bh(rng: Generator, _: float) -> Comparison:
    return _bare(float(benjamini_hochberg(_five_p_values(rng)).min()))


def _five_p_values(rng: Generator) -> np.ndarray:
    """Return five independent p-values, none of which has an effect behind it."""
    return 2 * stats.norm.sf(np.abs(rng.normal(size=5)))


def _sample_ratio(rng: Generator, _: float) -> Comparison:
    counts = rng.multinomial(5000, [0.9, 0.1])
    return _bare(sample_ratio_check(counts.tolist(), [0.9, 0.1]).p_value)


def _pocock(rng: Generator, _: float) -> Comparison:
    return _crossing(rng, BOUNDS["pocock"])


def _obrien_fleming(rng: Generator, _: float) -> Comparison:
    return _crossing(rng, BOUNDS["obrien-fleming"])


def _crossing(rng: Generator, bounds: np.ndarray) -> Comparison:
    z = rng.normal(size=len(bounds)).cumsum() / np.sqrt(np.arange(1, len(bounds) + 1))
    return _bare(0.0 if (np.abs(z) >= bounds).any() else 1.0)


def _always_valid(rng: Generator, effect: float) -> Comparison:
    """Return the intersection of all intervals, and the smallest p-value, of 100 looks."""
    units = STEP * np.arange(1, LOOKS + 1)
    steps = rng.normal(effect * STEP, math.sqrt(2 * STEP), LOOKS)  # b − a of 20 pairs
    estimate, variance = steps.cumsum() / units, 2 / units
    radius = np.array([mixture_radius(v, tau=0.1) for v in variance])
    p_value = always_valid_p_value(estimate, variance, tau=0.1).min()
    low, high = (estimate - radius).max(), (estimate + radius).min()
    return Comparison("always valid", estimate[-1], low, high, float(p_value), 0.0)


def _normal(rng: Generator, effect: float) -> Comparison:
    prior = NormalEffect(0.0, 10.0)
    posterior = normal_posterior(
        rng.normal(size=200), rng.normal(effect, 1, 200), prior
    )
    p_value = 2 * min(posterior.probability_above(), 1 - posterior.probability_above())
    return Comparison("posterior", posterior.mean, *posterior.interval(), p_value, 0.0)


def _beta(rng: Generator, _: float) -> Comparison:
    """Return the interval of a rate drawn from the prior, minus that rate."""
    rate = rng.beta(2, 5)
    low, high = BetaRate(2, 5).observe(int(rng.binomial(50, rate)), 50).interval()
    inside = low <= rate <= high
    return Comparison("posterior", 0.0, low - rate, high - rate, float(inside), 0.0)


def _bare(p_value: float) -> Comparison:
    """Wrap the p-value of a test that has no interval."""
    return Comparison("", math.nan, math.nan, math.nan, p_value, math.nan)
