"""Optimism of the best of many scores on one test set."""

from __future__ import annotations

import numpy as np
from scipy import stats

from mlmastery.validation import check_count

__all__ = ["expected_best", "reuse_optimism"]


def expected_best(n_candidates: int, n_test: int, accuracy: float) -> float:
    """Return the expected highest score of equally good models on one test set.

    Exact, for models that err independently of each other.

    Parameters
    ----------
    n_candidates, n_test : int
        Number of models scored, and of rows of the test set.
    accuracy : float
        True accuracy of each model, in [0, 1].

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
    # E[max] is the sum over x of P(max > x), and max <= x only if all scores are.
    below = stats.binom.cdf(np.arange(n_test), n_test, accuracy)
    return float((1 - below**n_candidates).sum() / n_test)


def reuse_optimism(
    n_candidates: int,
    n_test: int,
    accuracy: float,
    repeats: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Simulate how far the best of many scores lies above the true accuracy.

    Parameters
    ----------
    n_candidates, n_test, accuracy : int, int and float
        As for `expected_best`.
    repeats : int
        Number of simulated test sets.
    rng : numpy Generator

    Returns
    -------
    ndarray of shape (repeats,)
        Highest score minus ``accuracy``, for each simulated test set.

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
    check_count(n_candidates, "n_candidates")
    check_count(n_test, "n_test")
    if not 0 <= accuracy <= 1:
        raise ValueError(f"accuracy must lie between 0 and 1, got {accuracy}")
