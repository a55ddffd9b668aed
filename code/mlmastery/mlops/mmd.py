"""Maximum mean discrepancy: drift of several features at once, by permutation.

>>> import numpy as np
>>> rng = np.random.default_rng(0)
>>> X, Y = rng.normal(size=(50, 2)), rng.normal(1, 1, size=(50, 2))
>>> mmd_test(X, Y, random_state=0).p_value < 0.05
True
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.validation import check_count, check_number

from .two_sample import SampleTest

__all__ = ["mmd_test", "rbf_kernel", "unbiased_mmd"]


def rbf_kernel(X: Any, Y: Any, gamma: float) -> np.ndarray:
    """Return exp(−γ‖x − y‖²) for every pair of rows.

    Parameters
    ----------
    X, Y : array of shape (n, n_features) and (m, n_features)
    gamma : float
        Above 0.

    Returns
    -------
    ndarray of shape (n, m)

    Examples
    --------
    >>> rbf_kernel([[0.0]], [[0.0], [1.0]], 1.0).round(3).tolist()
    [[1.0, 0.368]]
    """
    check_number(gamma, "gamma", open=True)
    return np.exp(-gamma * _squared_distances(X, Y))


def unbiased_mmd(kernel: np.ndarray, first: np.ndarray) -> float:
    """Return the unbiased estimate of the squared discrepancy.

    Parameters
    ----------
    kernel : ndarray of shape (n, n)
        Of the rows of both samples together.
    first : ndarray of bool, shape (n,)
        Rows of the first sample; at least two in each.

    Returns
    -------
    float
        Near 0, and negative about half of the time, without drift.

    Examples
    --------
    >>> K = rbf_kernel([[0.0], [0.0], [9.0], [9.0]], [[0.0], [0.0], [9.0], [9.0]], 1.0)
    >>> round(unbiased_mmd(K, np.array([True, True, False, False])), 3)
    2.0
    """
    return float(_estimates(kernel, np.asarray(first, bool)[None])[0])


def mmd_test(
    X: Any,
    Y: Any,
    gamma: float | None = None,
    n_permutations: int = 200,
    random_state: int | None = None,
) -> SampleTest:
    """Compare two samples of several features by their mean in a kernel's space.

    Parameters
    ----------
    X, Y : array of shape (n, n_features) and (m, n_features)
        Standardised numbers, without missing values.
    gamma : float, optional
        Of the kernel; one over the median squared distance where not given.
    n_permutations : int, default=200
        Random divisions of the rows with which the observed one is compared.
    random_state : int, optional

    Returns
    -------
    SampleTest
        Its p-value holds for exchangeable rows: not for rows of a few days.

    Raises
    ------
    ValueError
        If the shapes differ, or a value is missing.

    References
    ----------
    .. [1] Gretton et al. (2012), "A Kernel Two-Sample Test", Journal of Machine
       Learning Research 13.

    Examples
    --------
    >>> mmd_test([[0.0]], [[1.0]])
    Traceback (most recent call last):
        ...
    ValueError: X must have at least 2 rows of finite numbers, got shape (1, 1)
    """
    check_count(n_permutations, "n_permutations")
    X, Y = _rows(X, "X"), _rows(Y, "Y")
    both = np.concatenate([X, Y])
    squared = _squared_distances(both, both)
    if gamma is None:
        median = np.median(squared[np.triu_indices(len(both), 1)])
        gamma = 1 / median if median else 1.0
    kernel = np.exp(-check_number(gamma, "gamma", open=True) * squared)
    first = np.arange(len(both)) < len(X)
    rng = np.random.default_rng(random_state)
    divisions = rng.permuted(np.tile(first, (n_permutations, 1)), axis=1)
    null = _estimates(kernel, divisions)
    observed = unbiased_mmd(kernel, first)
    # The observed division is one of those that could have been drawn.
    p_value = (1 + np.sum(null >= observed - 1e-12)) / (1 + n_permutations)
    return SampleTest(observed, float(p_value))


def _estimates(kernel: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the estimate of each division; ``first`` has one row a division."""
    a = first.astype(float)
    n, total = a.sum(axis=1), len(kernel)
    m = total - n
    off = kernel - np.diag(np.diag(kernel))  # a row beside itself says nothing
    sums = a @ off
    within_a = (sums * a).sum(axis=1)
    across = (sums * (1 - a)).sum(axis=1)
    within_b = off.sum() - within_a - 2 * across
    return within_a / (n * (n - 1)) + within_b / (m * (m - 1)) - 2 * across / (n * m)


def _squared_distances(X: Any, Y: Any) -> np.ndarray:
    X, Y = np.asarray(X, float), np.asarray(Y, float)
    squares = (X**2).sum(axis=1)[:, None] + (Y**2).sum(axis=1)[None]
    return np.maximum(squares - 2 * X @ Y.T, 0)


def _rows(values: Any, name: str) -> np.ndarray:
    rows = np.asarray(values, float)
    if rows.ndim != 2 or len(rows) < 2 or not np.isfinite(rows).all():
        raise ValueError(
            f"{name} must have at least 2 rows of finite numbers, got shape "
            f"{rows.shape}"
        )
    return rows
