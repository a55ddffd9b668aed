"""Ratio metrics, such as clicks per page view, by the delta method."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlmastery.ab_testing.comparison import Comparison, as_sample, compare

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
        If the lengths differ, there are fewer than two units, or the denominators do
        not have a sum above 0.

    References
    ----------
    .. [1] Deng, Knoblich and Lu (2018), "Applying the Delta Method in Metric
       Analytics", KDD.

    Examples
    --------
    >>> ratio_variance([1.0, 2.0], [10.0, 20.0])  # every unit has the ratio 0.1
    0.0
    """
    x, y = as_sample(numerator, "numerator"), as_sample(denominator, "denominator")
    if len(x) != len(y) or y.sum() <= 0:
        raise ValueError(
            "numerator and denominator must hold one value per unit, the latter with a "
            f"sum above 0; got lengths {len(x)} and {len(y)}, sum {y.sum():g}"
        )
    # What a unit adds beyond its share: variance of x, of y and their covariance in one.
    surplus = x - x.sum() / y.sum() * y
    return float(surplus.var(ddof=1) / len(x) / y.mean() ** 2)


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
    variance = ratio_variance(numerator_a, denominator_a)
    variance += ratio_variance(numerator_b, denominator_b)
    ratio_a = np.sum(numerator_a) / np.sum(denominator_a)
    ratio_b = np.sum(numerator_b) / np.sum(denominator_b)
    return compare("delta method", ratio_b - ratio_a, math.sqrt(variance), confidence)
