"""Compare means: Welch's t-test, the paired t-test, and the relative lift."""

from __future__ import annotations

import math
from typing import Any

from mlmastery.ab_testing.comparison import Comparison, check_same_units, compare
from mlmastery.validation import as_sample

__all__ = ["paired_t_test", "relative_lift", "t_test"]


def t_test(
    a: Any, b: Any, confidence: float = 0.95, *, equal_variances: bool = False
) -> Comparison:
    """Compare the means of two independent arms.

    Welch's test by default: each arm keeps its own variance.

    Parameters
    ----------
    a, b : array of shape (n,)
        One value per unit, at least two in each arm.
    confidence : float, default=0.95
    equal_variances : bool, default=False
        Whether to pool the variances, as Student did.

    Returns
    -------
    Comparison
        ``estimate`` is mean(b) − mean(a).

    Raises
    ------
    ValueError
        If an arm holds fewer than two finite numbers.

    References
    ----------
    .. [1] Welch (1947), "The Generalization of 'Student's' Problem when Several
       Different Population Variances are Involved", Biometrika 34(1/2).

    Examples
    --------
    >>> result = t_test([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    >>> result.estimate, round(result.p_value, 4)
    (1.0, 0.2879)
    """
    a, b = as_sample(a, "a"), as_sample(b, "b")
    n_a, n_b = len(a), len(b)
    square_a, square_b = a.var(ddof=1) / n_a, b.var(ddof=1) / n_b
    df: float = n_a + n_b - 2
    if equal_variances:
        pooled = (square_a * n_a * (n_a - 1) + square_b * n_b * (n_b - 1)) / df
        variance = pooled * (1 / n_a + 1 / n_b)
    else:
        variance = square_a + square_b
        if variance > 0:  # Welch–Satterthwaite
            df = variance**2 / (square_a**2 / (n_a - 1) + square_b**2 / (n_b - 1))
    name = "Student's t-test" if equal_variances else "Welch's t-test"
    return compare(name, b.mean() - a.mean(), math.sqrt(variance), confidence, df=df)


def paired_t_test(before: Any, after: Any, confidence: float = 0.95) -> Comparison:
    """Compare two values of each unit: the same units, in the same order.

    Two arms of an experiment are not pairs; they belong in `t_test`.

    Parameters
    ----------
    before, after : array of shape (n,)

    Raises
    ------
    ValueError
        If the lengths or the indexes of two Series differ, or there are fewer than two
        pairs.

    Examples
    --------
    >>> paired_t_test([1.0, 2.0, 3.0], [2.0, 3.0, 5.0]).estimate.__round__(3)
    1.333
    """
    check_same_units(before, after, "before and after")
    before, after = as_sample(before, "before"), as_sample(after, "after")
    if len(before) != len(after):
        raise ValueError(
            "before and after must hold the same units in the same order, "
            f"got {len(before)} and {len(after)} values"
        )
    change = after - before
    error = change.std(ddof=1) / math.sqrt(len(change))
    return compare(
        "paired t-test", change.mean(), error, confidence, df=len(change) - 1
    )


def relative_lift(a: Any, b: Any, confidence: float = 0.95) -> Comparison:
    """Compare means as a share of the control's: mean(b) / mean(a) − 1.

    The control's mean is uncertain too, which the delta method takes in.

    Raises
    ------
    ValueError
        If an arm is too small, or the control's mean is not above 0.

    Examples
    --------
    >>> relative_lift([9.0, 10.0, 11.0], [10.0, 11.0, 12.0]).estimate.__round__(3)
    0.1
    """
    a, b = as_sample(a, "a"), as_sample(b, "b")
    base = a.mean()
    if base <= 0:
        raise ValueError(f"a must have a mean above 0 for a relative lift, got {base}")
    ratio = b.mean() / base
    variance = b.var(ddof=1) / len(b) + ratio**2 * a.var(ddof=1) / len(a)
    return compare("relative lift", ratio - 1, math.sqrt(variance) / base, confidence)
