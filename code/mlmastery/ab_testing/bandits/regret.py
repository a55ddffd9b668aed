"""How fast regret must grow: the slope of Lai and Robbins.

>>> round(lai_robbins_slope([0.1] + [0.05] * 3 + [0.02] * 3 + [0.01] * 3), 2)
17.45
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import rel_entr

__all__ = ["bernoulli_divergence", "check_means", "lai_robbins_slope"]


def check_means(means: Any) -> np.ndarray:
    """Return the success rates of at least two arms as an array, or raise.

    Raises
    ------
    ValueError
        If there are fewer than two, or one is outside [0, 1].
    """
    rates = np.asarray(means, float)
    if rates.ndim != 1 or len(rates) < 2 or not ((rates >= 0) & (rates <= 1)).all():
        raise ValueError(f"means must be at least two numbers in [0, 1], got {means!r}")
    return rates


def bernoulli_divergence(p: Any, q: Any) -> Any:
    """Return the Kullback-Leibler divergence between two coins, in nats.

    Parameters
    ----------
    p, q : float or array of floats in [0, 1]

    Returns
    -------
    float or ndarray
        p ln(p/q) + (1 - p) ln((1 - p)/(1 - q)); infinite where p can and q cannot.

    Examples
    --------
    >>> float(round(bernoulli_divergence(0.5, 0.25), 4))
    0.1438
    """
    return rel_entr(p, q) + rel_entr(np.subtract(1, p), np.subtract(1, q))


def lai_robbins_slope(means: Any) -> float:
    """Return c such that regret grows at least as c ln T in the long run.

    It bounds the slope, not the regret: at any finite T a good policy may lie below
    the line c ln T.

    Parameters
    ----------
    means : array-like of shape (n_arms,)
        Success rates in [0, 1].

    Returns
    -------
    float
        The sum over worse arms of gap / divergence(arm, best); 0 if all are equal.

    Raises
    ------
    ValueError
        If there are fewer than two arms, or a rate is outside [0, 1].

    References
    ----------
    .. [1] Lai and Robbins (1985), "Asymptotically Efficient Adaptive Allocation
       Rules", Advances in Applied Mathematics 6.

    Examples
    --------
    >>> round(lai_robbins_slope([0.5, 0.25]), 4)  # .25 / .1308
    1.9111
    """
    rates = check_means(means)
    best = rates.max()
    worse = rates[rates < best]
    return float(((best - worse) / bernoulli_divergence(worse, best)).sum())
