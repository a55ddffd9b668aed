"""Bayesian tests: priors, posteriors, and rules that turn a posterior into a decision."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import betaln

from mlmastery.inference import Interval
from mlmastery.validation import as_sample, check_count, check_number, check_share

__all__ = [
    "BetaRate",
    "NormalEffect",
    "expected_loss",
    "normal_posterior",
    "probability_better",
    "rope_decision",
]


@dataclass(frozen=True)
class BetaRate:
    """The belief about a rate: a Beta distribution.

    Parameters
    ----------
    alpha, beta : float, default=1
        Above 0; the uniform prior by default. ``alpha + beta`` is what the belief
        weighs, in units seen.

    Examples
    --------
    >>> BetaRate().observe(9, 10).mean  # nine of ten, and the prior's one of two
    0.8333333333333334
    """

    alpha: float = 1.0
    beta: float = 1.0

    def __post_init__(self) -> None:
        check_number(self.alpha, "alpha", open=True)
        check_number(self.beta, "beta", open=True)

    def observe(self, hits: int, n: int) -> BetaRate:
        """Return the posterior after ``hits`` of ``n`` units: hits add, misses add.

        Raises
        ------
        ValueError
            If ``hits`` is not between 0 and ``n``.
        """
        check_count(n, "n", 0)
        check_count(hits, "hits", 0, n)
        return BetaRate(self.alpha + int(hits), self.beta + int(n) - int(hits))

    @property
    def mean(self) -> float:
        """The expected rate."""
        return self.alpha / (self.alpha + self.beta)

    def interval(self, level: float = 0.95) -> Interval:
        """Return the credible interval with equal tails."""
        check_share(level, "level")
        tail = (1 - level) / 2
        low, high = stats.beta.ppf([tail, 1 - tail], self.alpha, self.beta)
        return Interval(float(low), float(high))


def probability_better(a: BetaRate, b: BetaRate) -> float:
    """Return P(rate of B > rate of A), by integration.

    Where a parameter is below 1 the density has no bound. It is then raised by 1, and
    what this changes is added exactly.

    Parameters
    ----------
    a, b : BetaRate
        Posteriors of two independent arms.

    Examples
    --------
    >>> prior = BetaRate()
    >>> better = probability_better(prior.observe(20, 200), prior.observe(30, 200))
    >>> round(better, 7)
    0.9333053
    """
    for value, name in ((a, "a"), (b, "b")):
        if not isinstance(value, BetaRate):
            raise ValueError(f"{name} must be a BetaRate, got {value!r}")
    better = 0.0
    # I(x; α + 1, β) = I(x; α, β) − x^α (1 − x)^β / (α B(α, β)), and likewise in β.
    if a.alpha < 1:
        better, a = better + _step(a, b) / a.alpha, BetaRate(a.alpha + 1, a.beta)
    if a.beta < 1:
        better, a = better - _step(a, b) / a.beta, BetaRate(a.alpha, a.beta + 1)
    if b.alpha < 1:
        better, b = better - _step(a, b) / b.alpha, BetaRate(b.alpha + 1, b.beta)
    if b.beta < 1:
        better, b = better + _step(a, b) / b.beta, BetaRate(b.alpha, b.beta + 1)
    # P = ∫ P(A < x) f_B(x) dx, piece by piece between quantiles of both.
    levels = [1e-13, 1e-6, 1e-3, 0.05, 0.5, 0.95, 1 - 1e-3, 1 - 1e-6, 1 - 1e-13]
    ends = [stats.beta.ppf(levels, r.alpha, r.beta) for r in (a, b)]
    edges = np.unique(np.concatenate([[0.0], *ends, [1.0]]))
    points, weights = np.polynomial.legendre.leggauss(40)
    half = np.diff(edges)[:, None] / 2
    x = edges[:-1, None] + half * (1 + points)
    mass = stats.beta.cdf(x, a.alpha, a.beta) * stats.beta.pdf(x, b.alpha, b.beta)
    return float(np.clip(better + (mass * weights * half).sum(), 0, 1))


def _step(a: BetaRate, b: BetaRate) -> float:
    """Return B(sums of the parameters) / (B of a × B of b)."""
    both = betaln(a.alpha + b.alpha, a.beta + b.beta)
    return math.exp(both - betaln(a.alpha, a.beta) - betaln(b.alpha, b.beta))


def expected_loss(chosen: BetaRate, other: BetaRate) -> float:
    """Return what choosing one arm costs on average: E[max(other − chosen, 0)].

    Parameters
    ----------
    chosen, other : BetaRate

    Returns
    -------
    float
        In the unit of the rate: conversions lost per unit.

    References
    ----------
    .. [1] Stucchio (2015), Bayesian A/B Testing at VWO.

    Examples
    --------
    >>> a, b = BetaRate(21, 181), BetaRate(31, 171)
    >>> expected_loss(b, a) < expected_loss(a, b)
    True
    """
    for value, name in ((chosen, "chosen"), (other, "other")):
        if not isinstance(value, BetaRate):
            raise ValueError(f"{name} must be a BetaRate, got {value!r}")
    # E[X; X > Y] of a Beta X is its mean times P(X' > Y), X' with one hit more.
    more_other = BetaRate(other.alpha + 1, other.beta)
    more_chosen = BetaRate(chosen.alpha + 1, chosen.beta)
    gain = other.mean * probability_better(chosen, more_other)
    return gain - chosen.mean * probability_better(more_chosen, other)


@dataclass(frozen=True)
class NormalEffect:
    """The belief about an effect: a normal distribution.

    Parameters
    ----------
    mean : float
    sd : float
        Above 0.

    Examples
    --------
    >>> NormalEffect(0.0, 1.0).probability_above(0.0)
    0.5
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        check_number(self.mean, "mean", -math.inf)
        check_number(self.sd, "sd", open=True)

    def probability_above(self, value: float = 0.0) -> float:
        """Return the probability that the effect is larger than a value."""
        return float(stats.norm.sf(value, self.mean, self.sd))

    def interval(self, level: float = 0.95) -> Interval:
        """Return the credible interval with equal tails."""
        check_share(level, "level")
        half = stats.norm.ppf((1 + level) / 2) * self.sd
        return Interval(float(self.mean - half), float(self.mean + half))

    def expected_loss(self) -> float:
        """Return what shipping costs on average if the effect is below 0."""
        z = self.mean / self.sd
        return float(self.sd * stats.norm.pdf(z) - self.mean * stats.norm.sf(z))


def normal_posterior(a: Any, b: Any, prior: NormalEffect) -> NormalEffect:
    """Return what is believed of mean(b) − mean(a) after the data.

    Precisions (inverse variances) add; the means are averaged by precision. The
    variances of the arms are taken as known from the data, which needs large arms.

    Parameters
    ----------
    a, b : array of shape (n,)
    prior : NormalEffect
        Belief about the effect, before.

    Examples
    --------
    >>> posterior = normal_posterior([0.0, 2.0], [2.0, 4.0], NormalEffect(0.0, 2**0.5))
    >>> round(posterior.mean, 6), round(posterior.sd, 6)
    (1.0, 1.0)
    """
    a, b = as_sample(a, "a"), as_sample(b, "b")
    if not isinstance(prior, NormalEffect):
        raise ValueError(f"prior must be a NormalEffect, got {prior!r}")
    variance = a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)
    if variance == 0:
        raise ValueError("a and b must vary: no variance was seen")
    precision = 1 / prior.sd**2 + 1 / variance
    mean = (prior.mean / prior.sd**2 + (b.mean() - a.mean()) / variance) / precision
    return NormalEffect(float(mean), math.sqrt(1 / precision))


def rope_decision(interval: Interval, rope: tuple[float, float]) -> str:
    """Decide by a region of practical equivalence (ROPE) around no effect.

    Parameters
    ----------
    interval : Interval
        Credible interval of the effect.
    rope : tuple of float
        Effects between these ends are too small to matter.

    Returns
    -------
    str
        "better", "worse", "equivalent" or "undecided".

    Raises
    ------
    ValueError
        If the ends of the interval or of the region are not in order.

    References
    ----------
    .. [1] Kruschke (2018), "Rejecting or Accepting Parameter Values in Bayesian
       Estimation", Advances in Methods and Practices in Psychological Science 1(2).

    Examples
    --------
    >>> rope_decision(Interval(0.02, 0.05), (-0.01, 0.01))
    'better'
    """
    low, high = rope
    if not low < high:
        raise ValueError(f"rope must be (low, high) with low < high, got {rope}")
    interval = Interval(*interval)
    if not interval.low <= interval.high:
        raise ValueError(
            f"interval must be (low, high) with low <= high, got {tuple(interval)}"
        )
    if interval.low > high:
        return "better"
    if interval.high < low:
        return "worse"
    inside = low <= interval.low and interval.high <= high
    return "equivalent" if inside else "undecided"
