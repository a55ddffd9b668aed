"""The price of many looks: how far the best of many scores lies above its true value."""

from __future__ import annotations

import numpy as np
from scipy import stats

__all__ = ["expected_best", "reuse_optimism"]


def expected_best(n_candidates: int, n_test: int, accuracy: float) -> float:
    """Return the expected highest score of equally good models on one test set.

    Exact, for models that err independently of each other.

    Parameters
    ----------
    n_candidates, n_test : int
        How many models were scored, on how many rows.
    accuracy : float
        What each of them is really worth, in [0, 1].

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    >>> expected_best(1, 30, 0.5), round(expected_best(100, 30, 0.5), 2)
    (0.5, 0.73)
    """
    _check_candidates(n_candidates, n_test, accuracy)
    # E[max] is the sum over x of P(max > x), and max <= x only if all are.
    below = stats.binom.cdf(np.arange(n_test), n_test, accuracy)
    return float((1 - below**n_candidates).sum() / n_test)


def reuse_optimism(
    n_candidates: int,
    n_test: int,
    accuracy: float,
    repeats: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Simulate how far the best of many scores lies above what the winner is worth.

    Returns
    -------
    ndarray of shape (repeats,)
        Highest score minus ``accuracy``, for each imagined test set.

    Examples
    --------
    >>> gaps = reuse_optimism(100, 30, 0.5, 2000, np.random.default_rng(0))
    >>> round(float(gaps.mean()), 2)
    0.23
    """
    _check_candidates(n_candidates, n_test, accuracy)
    hits = rng.binomial(n_test, accuracy, size=(repeats, n_candidates))
    return hits.max(axis=1) / n_test - accuracy


def _check_candidates(n_candidates: int, n_test: int, accuracy: float) -> None:
    if n_candidates < 1 or n_test < 1:
        raise ValueError(
            "n_candidates and n_test must be at least 1, "
            f"got {n_candidates} and {n_test}"
        )
    if not 0 <= accuracy <= 1:
        raise ValueError(f"accuracy must lie between 0 and 1, got {accuracy}")
