"""How much the best of several noisy scores promises too much.

>>> round(0.02 * expected_maximum(100), 3)
0.05
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import quad
from scipy.stats import norm

from mlmastery.validation import as_sample, check_count, check_number

__all__ = ["best_of_noisy", "expected_maximum"]


def expected_maximum(k: int) -> float:
    """Return the mean of the largest of k standard normal numbers.

    Parameters
    ----------
    k : int
        At least 1.

    Examples
    --------
    >>> round(expected_maximum(1), 6), round(expected_maximum(10), 3)
    (0.0, 1.539)
    """
    check_count(k, "k")

    def density(x: float) -> float:
        return x * k * norm.pdf(x) * norm.cdf(x) ** (k - 1)

    return float(quad(density, -10, 10, limit=200)[0])


def best_of_noisy(
    true_scores: np.ndarray, noise: float, repeats: int, random_state: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Choose the best of noisy scores, again and again; compare with the truth.

    Parameters
    ----------
    true_scores : ndarray of shape (k,)
    noise : float
        Standard deviation of the measurement.
    repeats : int
    random_state : int, default=0

    Returns
    -------
    seen, true : ndarray of shape (repeats,)
        Score of the chosen one as measured, and its true score.

    Examples
    --------
    >>> seen, true = best_of_noisy(np.full(10, 0.8), 0.02, 1000)
    >>> round(float((seen - true).mean()), 2)
    0.03
    """
    true_scores = as_sample(true_scores, "true_scores", minimum=1)
    check_number(noise, "noise")
    check_count(repeats, "repeats")
    rng = np.random.default_rng(random_state)
    measured = true_scores + rng.normal(0, noise, (repeats, len(true_scores)))
    chosen = measured.argmax(axis=1)
    return measured[np.arange(repeats), chosen], true_scores[chosen]
