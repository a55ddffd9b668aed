"""Compare ranks: the Mann–Whitney U test, with ties."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from mlmastery.ab_testing.comparison import Comparison
from mlmastery.inference import t_interval
from mlmastery.validation import as_sample

__all__ = ["mann_whitney"]


def mann_whitney(a: Any, b: Any, confidence: float = 0.95) -> Comparison:
    """Test whether a unit of one arm tends to have a larger value than one of the other.

    Parameters
    ----------
    a, b : array of shape (n,)
        One value per unit, at least two in each arm.
    confidence : float, default=0.95

    Returns
    -------
    Comparison
        ``estimate`` is P(b > a) + P(b = a) / 2, which is 0.5 without an effect;
        ``statistic`` is U, the number of pairs that A wins, ties as halves.
        The p-value uses the normal approximation with ties and continuity.

    Raises
    ------
    ValueError
        If an arm holds fewer than two finite numbers.

    References
    ----------
    .. [1] Mann and Whitney (1947), "On a Test of Whether one of Two Random Variables
       is Stochastically Larger than the Other", Annals of Mathematical Statistics 18(1).
    .. [2] DeLong, DeLong and Clarke-Pearson (1988), "Comparing the Areas under Two or
       More Correlated ROC Curves", Biometrics 44(3), for the interval.

    Examples
    --------
    >>> result = mann_whitney([1, 2, 3, 4, 5], [3, 4, 5, 6, 7])
    >>> result.statistic, round(result.p_value, 7)
    (4.5, 0.1138463)
    """
    a, b = as_sample(a, "a"), as_sample(b, "b")
    n_a, n_b = len(a), len(b)
    ranks = stats.rankdata(np.concatenate([a, b]))
    u = float(ranks[:n_a].sum() - n_a * (n_a + 1) / 2)
    p_value = _normal_p_value(u, n_a, n_b, ranks)
    low, high = _interval(a, b, ranks, confidence)
    share = 1 - u / (n_a * n_b)
    return Comparison(
        "Mann–Whitney", share, float(low), float(high), p_value, u, confidence
    )


def _normal_p_value(u: float, n_a: int, n_b: int, ranks: np.ndarray) -> float:
    n = n_a + n_b
    ties = np.unique(ranks, return_counts=True)[1]
    lost = (ties**3 - ties).sum() / (n * (n - 1))  # equal values have no order to vary
    variance = n_a * n_b / 12 * (n + 1 - lost)
    if variance <= 0:  # all values are equal
        return 1.0
    z = max(0.0, abs(u - n_a * n_b / 2) - 0.5) / math.sqrt(variance)
    return float(2 * stats.norm.sf(z))


def _interval(
    a: np.ndarray, b: np.ndarray, ranks: np.ndarray, confidence: float
) -> tuple[float, float]:
    """Return the interval of P(b > a), from how many of the others each unit beats."""
    n_a, n_b = len(a), len(b)
    beaten_by_a = (ranks[:n_a] - stats.rankdata(a)) / n_b
    beaten_by_b = (ranks[n_a:] - stats.rankdata(b)) / n_a
    variance = beaten_by_a.var(ddof=1) / n_a + beaten_by_b.var(ddof=1) / n_b
    low, high = t_interval(
        beaten_by_b.mean(), math.sqrt(variance), math.inf, confidence
    )
    return max(0.0, low), min(1.0, high)
