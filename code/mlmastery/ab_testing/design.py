"""Before an experiment: power, sample size, and the smallest effect that can be seen."""

from __future__ import annotations

import math

from scipy import stats
from scipy.optimize import brentq

from mlmastery.validation import check_choice, check_number, check_share

__all__ = [
    "minimum_effect",
    "power",
    "power_proportions",
    "sample_size",
    "sample_size_proportions",
]


def power(
    n: float,
    effect: float,
    sd: float = 1.0,
    *,
    n_b: float | None = None,
    alpha: float = 0.05,
    far_tail: bool = True,
) -> float:
    """Return the probability that a two-sided t-test detects an effect.

    Under the effect the t statistic is *noncentral*: shifted by effect / error.

    Parameters
    ----------
    n : float
        Units in arm A, more than 1.
    effect : float
        Difference of the means, in the unit of ``sd``.
    sd : float, default=1
        Standard deviation of one unit, above 0.
    n_b : float, optional
        Units in arm B; by default as many as in A.
    alpha : float, default=0.05
        Significance level.
    far_tail : bool, default=True
        Whether a significant result in the wrong direction counts. R's
        ``power.t.test`` leaves it out.

    Raises
    ------
    ValueError
        If a number is out of its range.

    References
    ----------
    .. [1] Cohen (1988), Statistical Power Analysis for the Behavioral Sciences.

    Examples
    --------
    >>> round(power(20, 1.0), 4)
    0.869
    """
    n_b = n if n_b is None else n_b
    for value, name in ((n, "n"), (n_b, "n_b")):
        check_number(value, name, 1, open=True)
    check_number(effect, "effect", -math.inf)
    check_number(sd, "sd", open=True)
    check_share(alpha, "alpha")
    df = n + n_b - 2
    shift = abs(effect) / (sd * math.sqrt(1 / n + 1 / n_b))
    critical = stats.t.ppf(1 - alpha / 2, df)
    near = stats.nct.sf(critical, df, shift)
    far = stats.nct.cdf(-critical, df, shift)
    far = far if far > 0 else 0.0  # SciPy gives NaN where it is too small to compute
    return float(near + far if far_tail else near)


def sample_size(
    effect: float,
    sd: float = 1.0,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    ratio: float = 1.0,
) -> float:
    """Return how many units arm A needs to detect an effect, before rounding up.

    At least 2, in the smaller arm too.

    Parameters
    ----------
    effect : float
        Difference of the means worth detecting, not 0.
    sd : float, default=1
    power : float, default=0.8
        Probability of detecting it.
    alpha : float, default=0.05
    ratio : float, default=1
        Units in arm B for each one in A.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    >>> round(sample_size(1.0, power=0.9), 5)
    22.02109
    """
    check_number(abs(check_number(effect, "effect", -math.inf)), "effect", open=True)
    check_number(ratio, "ratio", open=True)
    check_share(power, "power")

    def excess(n: float) -> float:
        return _power(n, effect, sd, n_b=n * ratio, alpha=alpha) - power

    smallest = max(2.0, 2.0 / ratio)  # a variance takes two units in each arm
    if excess(smallest) >= 0:
        return smallest
    largest = 2 * smallest
    while excess(largest) < 0:
        largest *= 2
    return float(brentq(excess, smallest, largest, xtol=1e-10))


_power = power  # the argument of the same name hides the function in `sample_size`


def minimum_effect(
    n: float, sd: float = 1.0, *, power: float = 0.8, alpha: float = 0.05
) -> float:
    """Return the smallest effect that n units in each arm detect with a given power.

    Examples
    --------
    >>> round(minimum_effect(22.021, power=0.9), 3)
    1.0
    """
    _check_power(power, alpha)
    check_number(sd, "sd", open=True)

    def excess(effect: float) -> float:
        return _power(n, effect, 1.0, alpha=alpha) - power

    largest = 1.0
    while excess(largest) < 0:
        largest *= 2
    return float(sd * brentq(excess, 0.0, largest, xtol=1e-12))


def power_proportions(
    n: float, p_a: float, p_b: float, *, alpha: float = 0.05
) -> float:
    """Return the probability that the pooled z-test detects a change of a rate.

    Parameters
    ----------
    n : float
        Units in each arm.
    p_a, p_b : float
        The two rates, between 0 and 1.
    alpha : float, default=0.05

    Examples
    --------
    >>> round(power_proportions(3825.15, 0.03, 0.02), 6)
    0.8
    """
    _check_rates(p_a, p_b)
    check_number(n, "n", open=True)
    check_share(alpha, "alpha")
    null, alternative = _deviations(p_a, p_b)
    critical = stats.norm.ppf(1 - alpha / 2) * null
    return float(
        stats.norm.cdf((math.sqrt(n) * abs(p_a - p_b) - critical) / alternative)
    )


def sample_size_proportions(
    p_a: float,
    p_b: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    method: str = "pooled",
) -> float:
    """Return how many units each arm needs for two rates to be told apart.

    Parameters
    ----------
    p_a, p_b : float
        The rates, between 0 and 1 and different.
    power : float, default=0.8
    alpha : float, default=0.05
        Two-sided: half of it lies in each tail.
    method : {"pooled", "unpooled", "arcsine"}, default="pooled"
        Which variance holds under "no difference": that of the mean rate, as in R's
        ``power.prop.test``; that of the two rates; or that of the angle, constant.

    Raises
    ------
    ValueError
        If a number is out of its range, or the method is unknown.

    References
    ----------
    .. [1] Fleiss, Levin and Paik (2003), Statistical Methods for Rates and
       Proportions, 3rd edition, chapter 4.

    Examples
    --------
    >>> round(sample_size_proportions(0.03, 0.02), 2)
    3825.15
    """
    _check_rates(p_a, p_b)
    check_choice(method, "method", ("pooled", "unpooled", "arcsine"))
    _check_power(power, alpha)
    z_alpha, z_power = stats.norm.ppf(1 - alpha / 2), stats.norm.ppf(power)
    if method == "arcsine":
        angle = 2 * math.asin(math.sqrt(p_a)) - 2 * math.asin(math.sqrt(p_b))
        return float(2 * ((z_alpha + z_power) / angle) ** 2)
    null, alternative = _deviations(p_a, p_b)
    null = alternative if method == "unpooled" else null
    return float(((z_alpha * null + z_power * alternative) / (p_a - p_b)) ** 2)


def _deviations(p_a: float, p_b: float) -> tuple[float, float]:
    """Return the standard deviation of √n × difference, under the null and truly."""
    mean = (p_a + p_b) / 2
    null = math.sqrt(2 * mean * (1 - mean))
    return null, math.sqrt(p_a * (1 - p_a) + p_b * (1 - p_b))


def _check_power(power: float, alpha: float) -> None:
    check_share(alpha, "alpha")
    if check_share(power, "power") <= alpha:
        raise ValueError(f"power must be above alpha = {alpha:g}, got {power!r}")


def _check_rates(p_a: float, p_b: float) -> None:
    check_share(p_a, "p_a")
    check_share(p_b, "p_b")
    if p_a == p_b:
        raise ValueError(f"p_a and p_b must differ, both are {p_a}")
