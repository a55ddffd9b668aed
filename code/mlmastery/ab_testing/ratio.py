"""Ratio metrics, such as clicks per page view, by the delta method."""

from __future__ import annotations

import math
from typing import Any

from mlmastery.ab_testing.comparison import Comparison, check_same_units, compare
from mlmastery.validation import as_sample

__all__ = ["ratio_test", "ratio_variance"]


def ratio_variance(numerator: Any, denominator: Any) -> float:
    """Return the variance of sum(numerator) / sum(denominator), by the delta method.

    Parameters
    ----------
    numerator, denominator : array of shape (n_units,)
        Totals of each unit that was randomised: a user's clicks and page views.

    Raises
    ------
    ValueError
        If the lengths or the indexes of two Series differ, there are fewer than two
        units, or the denominators do not have a sum above 0.

    References
    ----------
    .. [1] Deng, Knoblich and Lu (2018), "Applying the Delta Method in Metric
       Analytics", KDD.

    Examples
    --------
    >>> ratio_variance([1.0, 2.0], [10.0, 20.0])  # every unit has the ratio 0.1
    0.0
    """
    return _ratio_and_variance(numerator, denominator)[1]


def _ratio_and_variance(
    numerator: Any, denominator: Any, arm: str = ""
) -> tuple[float, float]:
    names = f"numerator{arm}", f"denominator{arm}"
    check_same_units(numerator, denominator, " and ".join(names))
    x, y = as_sample(numerator, names[0]), as_sample(denominator, names[1])
    if len(x) != len(y) or y.sum() <= 0:
        raise ValueError(
            f"{names[0]} and {names[1]} must hold one value per unit, the latter with a "
            f"sum above 0; got lengths {len(x)} and {len(y)}, sum {y.sum():g}"
        )
    # What a unit adds beyond its share: variance of x, of y and their covariance in one.
    surplus = x - x.sum() / y.sum() * y
    variance = surplus.var(ddof=1) / len(x) / y.mean() ** 2
    return float(x.sum() / y.sum()), float(variance)


def ratio_test(
    numerator_a: Any,
    denominator_a: Any,
    numerator_b: Any,
    denominator_b: Any,
    confidence: float = 0.95,
) -> Comparison:
    """Compare two ratios of totals, allowing for rows that share a unit.

    Parameters
    ----------
    numerator_a, denominator_a, numerator_b, denominator_b : array of shape (n_units,)
        Totals of each randomised unit.
    confidence : float, default=0.95

    Examples
    --------
    >>> clicks, views = [1.0, 2.0, 1.0], [10.0, 20.0, 5.0]
    >>> round(ratio_test(clicks, views, [2.0, 2.0, 2.0], views).estimate, 4)
    0.0571
    """
    ratio_a, variance_a = _ratio_and_variance(numerator_a, denominator_a, "_a")
    ratio_b, variance_b = _ratio_and_variance(numerator_b, denominator_b, "_b")
    error = math.sqrt(variance_a + variance_b)
    return compare("delta method", ratio_b - ratio_a, error, confidence)
