"""Look while the data come in: what it costs, and two ways to pay for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from mlmastery.ab_testing.comparison import Comparison
from mlmastery.validation import (
    as_sample,
    check_choice,
    check_count,
    check_number,
    check_share,
)

__all__ = [
    "always_valid_p_value",
    "always_valid_test",
    "crossing_probability",
    "group_sequential_bounds",
    "mixture_radius",
]


def crossing_probability(bounds: Sequence[float]) -> float:
    """Return the probability that a z statistic leaves its bounds at any look.

    Without an effect, at equally spaced looks. The density of the running sum inside
    the bounds is carried from look to look, by Gauss–Legendre integration.

    Parameters
    ----------
    bounds : sequence of float
        The bound on abs(z) at each look.

    References
    ----------
    .. [1] Armitage, McPherson and Rowe (1969), "Repeated Significance Tests on
       Accumulating Data", Journal of the Royal Statistical Society A 132(2).

    Examples
    --------
    >>> round(crossing_probability([1.959964] * 5), 3)
    0.142
    """
    if not np.iterable(bounds):
        raise ValueError(f"bounds must hold one number for each look, got {bounds!r}")
    nodes, mass = np.zeros(1), np.ones(1)  # before the first look the sum is 0
    for look, bound in enumerate(bounds, 1):
        # Beyond 15 standard deviations lies nothing that a float could hold.
        half = min(check_number(bound, "bounds", open=True), 15.0) * math.sqrt(look)
        points, weights = np.polynomial.legendre.leggauss(30 + math.ceil(6 * half))
        arrived = points * half
        density = stats.norm.pdf(arrived[:, None] - nodes) @ mass
        nodes, mass = arrived, density * weights * half
    return float(1 - mass.sum())


def group_sequential_bounds(
    n_looks: int, shape: str = "obrien-fleming", alpha: float = 0.05
) -> np.ndarray:
    """Return the bound on abs(z) at each of some planned, equally spaced looks.

    Parameters
    ----------
    n_looks : int
        Fixed before the start.
    shape : {"obrien-fleming", "pocock"}, default="obrien-fleming"
        Bounds that fall as √(K / k), hard at first; or the same bound at each look.
    alpha : float, default=0.05
        Probability of a false alarm over all looks.

    Returns
    -------
    ndarray of shape (n_looks,)

    Raises
    ------
    ValueError
        If an argument is out of its range.

    References
    ----------
    .. [1] Pocock (1977), "Group Sequential Methods in the Design and Analysis of
       Clinical Trials", Biometrika 64(2).
    .. [2] O'Brien and Fleming (1979), "A Multiple Testing Procedure for Clinical
       Trials", Biometrics 35(3).

    Examples
    --------
    >>> group_sequential_bounds(5, "pocock").round(3).tolist()
    [2.413, 2.413, 2.413, 2.413, 2.413]
    """
    check_count(n_looks, "n_looks")
    check_choice(shape, "shape", ("obrien-fleming", "pocock"))
    check_share(alpha, "alpha")
    looks = np.arange(1, n_looks + 1)
    form = np.ones(n_looks) if shape == "pocock" else np.sqrt(n_looks / looks)
    # One look needs the smallest constant, Bonferroni more than is needed.
    low, high = stats.norm.isf([alpha / 2, alpha / 2 / n_looks])
    if n_looks == 1:
        return np.array([low])
    constant = brentq(
        lambda c: crossing_probability(c * form) - alpha, low - 0.01, high
    )
    return constant * form


def mixture_radius(variance: float, tau: float, alpha: float = 0.05) -> float:
    """Return the half-width of a confidence sequence, which holds at all times at once.

    Parameters
    ----------
    variance : float
        Of the estimate at this moment, such as σ² / n; above 0.
    tau : float
        The size of effect for which the sequence is tuned, above 0: the standard
        deviation of the normal mixture. Any value is valid, if fixed beforehand.
    alpha : float, default=0.05
        Probability that the sequence ever misses the truth.

    References
    ----------
    .. [1] Robbins (1970), "Statistical Methods Related to the Law of the Iterated
       Logarithm", Annals of Mathematical Statistics 41(5).
    .. [2] Johari, Koomen, Pekelis and Walsh (2017), "Peeking at A/B Tests", KDD.

    Examples
    --------
    >>> round(mixture_radius(1 / 100, tau=0.1), 7)
    0.3656395
    """
    check_number(variance, "variance", open=True)
    check_number(tau, "tau", open=True)
    check_share(alpha, "alpha")
    total = variance + tau**2
    return math.sqrt(
        variance * total / tau**2 * (math.log(total / variance) - 2 * math.log(alpha))
    )


def always_valid_p_value(estimate: Any, variance: Any, tau: float) -> Any:
    """Return the p-value at one look which may be compared with α at every look.

    It is the inverse of the likelihood of the data under effects N(0, τ²), relative to
    no effect, and at most 1.

    Parameters
    ----------
    estimate, variance : float or array
        The estimated effect, and the variance of the estimate.
    tau : float

    Raises
    ------
    ValueError
        If an estimate is not finite, or a variance or τ is not above 0.

    Examples
    --------
    >>> round(float(always_valid_p_value(0.3656395, 1 / 100, 0.1)), 6)
    0.05
    """
    check_number(tau, "tau", open=True)
    try:
        estimate, variance = np.asarray(estimate, float), np.asarray(variance, float)
        good = np.isfinite(estimate).all() and np.isfinite(variance).all()
    except (TypeError, ValueError):
        good = False
    if not good or not (variance > 0).all():
        raise ValueError(
            "estimate must hold finite numbers and variance numbers above 0, "
            f"got {estimate!r} and {variance!r}"
        )
    total = variance + tau**2
    exponent = -(np.square(estimate) * tau**2) / (2 * variance * total)
    return np.minimum(1, np.sqrt(total / variance) * np.exp(exponent))


def always_valid_test(
    a: Any, b: Any, tau: float, confidence: float = 0.95
) -> Comparison:
    """Compare two means by a test that allows looking at any time.

    The sequence is built on the *difference*, with the variances measured so far, so
    it holds for large arms; begin with some hundred units in each.

    Parameters
    ----------
    a, b : array of shape (n,)
        The units so far.
    tau : float
        See `mixture_radius`.
    confidence : float, default=0.95

    Examples
    --------
    >>> always_valid_test([1.0, 2.0, 3.0], [2.0, 3.0, 4.0], tau=1.0).excludes(0)
    False
    """
    a, b = as_sample(a, "a"), as_sample(b, "b")
    check_share(confidence, "confidence")
    effect = float(b.mean() - a.mean())
    variance = a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)
    if variance == 0:
        raise ValueError("a and b must vary: no variance was seen so far")
    radius = mixture_radius(variance, tau, round(1 - confidence, 12))
    p_value = float(always_valid_p_value(effect, variance, tau))
    z = effect / math.sqrt(variance)
    return Comparison(
        "always valid", effect, effect - radius, effect + radius, p_value, z, confidence
    )
