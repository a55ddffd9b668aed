"""CUPED: take out of the metric what a value from before the experiment explains."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlmastery.ab_testing.comparison import Comparison, check_same_units, compare
from mlmastery.validation import as_sample

__all__ = ["adjust", "cuped", "relative_cuped", "theta"]


def theta(y_a: Any, y_b: Any, x_a: Any, x_b: Any) -> float:
    """Return the slope of the metric on the covariate, pooled over the arms.

    Parameters
    ----------
    y_a, y_b : array of shape (n,)
        The metric of each arm.
    x_a, x_b : array of shape (n,)
        The covariate of the same units, known before the experiment.

    Returns
    -------
    float
        Covariance / variance, both about the mean over all units; 0 where the
        covariate is constant.

    Raises
    ------
    ValueError
        If lengths or indexes do not fit, an arm is too small, or the covariate is
        constant in each arm and differs between them: it is then the arm itself.

    Examples
    --------
    >>> theta([2.0, 4.0], [6.0, 8.0], [1.0, 2.0], [3.0, 4.0])
    2.0
    """
    y_a, y_b, x_a, x_b = _as_arms(y_a, y_b, x_a, x_b)
    y, x = np.concatenate([y_a, y_b]), np.concatenate([x_a, x_b])
    rounding = 1e-12 * np.abs(x).max()
    if np.ptp(x) <= rounding:
        return 0.0
    if max(np.ptp(x_a), np.ptp(x_b)) <= rounding:
        raise ValueError(
            "x_a and x_b must vary within the arms, got one value in each: "
            f"{x_a[0]:g} and {x_b[0]:g}"
        )
    covariance = np.cov(x, y)
    return float(covariance[0, 1] / covariance[0, 0])


def adjust(
    y_a: Any, y_b: Any, x_a: Any, x_b: Any
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return both arms' adjusted values and the slope.

    The covariate is centred at the *control's* mean, so that the control's mean stays
    what it was and a relative lift keeps its meaning.

    Raises
    ------
    ValueError
        If an arm's metric and covariate differ in length, or hold fewer than two values.

    Examples
    --------
    >>> a, b, slope = adjust([2.0, 4.0], [6.0, 8.0], [1.0, 2.0], [3.0, 4.0])
    >>> a.tolist(), b.tolist()
    ([3.0, 3.0], [3.0, 3.0])
    """
    y_a, y_b, x_a, x_b = _as_arms(y_a, y_b, x_a, x_b)
    slope = theta(y_a, y_b, x_a, x_b)
    centre = x_a.mean()
    return y_a - slope * (x_a - centre), y_b - slope * (x_b - centre), slope


def cuped(
    y_a: Any, y_b: Any, x_a: Any, x_b: Any, confidence: float = 0.95
) -> Comparison:
    """Compare means after adjusting both arms for a pre-experiment covariate.

    Parameters
    ----------
    y_a, y_b : array of shape (n,)
        The metric.
    x_a, x_b : array of shape (n,)
        The covariate, which the treatment cannot have changed.
    confidence : float, default=0.95

    Raises
    ------
    ValueError
        If lengths do not fit or an arm is too small.

    References
    ----------
    .. [1] Deng, Xu, Kohavi and Walker (2013), "Improving the Sensitivity of Online
       Controlled Experiments by Utilizing Pre-Experiment Data", WSDM.

    Examples
    --------
    >>> x_a, x_b = [1.0, 2.0, 3.0], [2.0, 3.0, 5.0]
    >>> cuped([1.1, 2.0, 3.0], [3.0, 4.1, 6.0], x_a, x_b).method
    'CUPED'
    """
    a, b, _ = adjust(y_a, y_b, x_a, x_b)
    variance = a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)
    # One degree of freedom goes into each mean and one into the slope.
    df = len(a) + len(b) - 3
    return compare("CUPED", b.mean() - a.mean(), math.sqrt(variance), confidence, df=df)


def relative_cuped(
    y_a: Any, y_b: Any, x_a: Any, x_b: Any, confidence: float = 0.95
) -> Comparison:
    """Compare adjusted means as a share of the control's.

    The control's covariate mean enters the numerator and its metric the denominator:
    the variance of arm A is that of ratio × y − θ x, unit by unit.

    Examples
    --------
    >>> x_a, x_b = [1.0, 2.0, 3.0], [2.0, 3.0, 5.0]
    >>> relative_cuped([10.0, 11.0, 12.0], [12.0, 13.0, 15.0], x_a, x_b).method
    'relative CUPED'
    """
    y_a, y_b, x_a, x_b = _as_arms(y_a, y_b, x_a, x_b)
    a, b, slope = adjust(y_a, y_b, x_a, x_b)
    base = a.mean()
    if base <= 0:
        raise ValueError(
            f"y_a must have a mean above 0 for a relative lift, got {base}"
        )
    ratio = b.mean() / base
    variance = (y_b - slope * x_b).var(ddof=1) / len(y_b)
    variance += (ratio * y_a - slope * x_a).var(ddof=1) / len(y_a)
    error, df = math.sqrt(variance) / base, len(y_a) + len(y_b) - 3
    return compare("relative CUPED", ratio - 1, error, confidence, df=df)


def _as_arms(*arms: Any) -> list[np.ndarray]:
    names = ("y_a", "y_b", "x_a", "x_b")
    for a, b, pair in ((0, 2, "y_a and x_a"), (1, 3, "y_b and x_b")):
        check_same_units(arms[a], arms[b], pair)
    y_a, y_b, x_a, x_b = (as_sample(v, n) for v, n in zip(arms, names, strict=True))
    if len(y_a) != len(x_a) or len(y_b) != len(x_b):
        raise ValueError(
            "each arm must have one covariate per value of the metric, got "
            f"{len(x_a)} for {len(y_a)} and {len(x_b)} for {len(y_b)}"
        )
    return [y_a, y_b, x_a, x_b]
