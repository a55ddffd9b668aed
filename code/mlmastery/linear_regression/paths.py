"""Record where a descent goes, step by step, for maps of the cost."""

from __future__ import annotations

import numpy as np
from sklearn.utils.validation import check_X_y

from mlmastery.linear_regression.cost import mse_gradient
from mlmastery.validation import check_count, check_number

__all__ = ["descent_path"]


def descent_path(
    X: np.ndarray,
    y: np.ndarray,
    learning_rate: float,
    passes: int,
    *,
    batch_size: int | None = None,
    start: np.ndarray | None = None,
    random_state: int | None = None,
) -> np.ndarray:
    """Record weights and intercept at each step of (mini-batch) gradient descent.

    Parameters
    ----------
    X : ndarray of shape (m, n)
    y : ndarray of shape (m,)
    learning_rate : float
        Step size, the same for all steps.
    passes : int
        How often each row is used.
    batch_size : int, optional
        Rows per step, the last batch of a pass may have fewer; default all.
    start : ndarray of shape (n + 1,), optional
        First weights and intercept, default zeros.
    random_state : int, optional
        Decides the order of the rows in mini-batches.

    Returns
    -------
    ndarray of shape (n_steps + 1, n + 1)
        The start and the point after each step; the intercept comes last. A walk
        that diverges ends in numbers that are not finite.

    Raises
    ------
    ValueError
        For NaN or infinity, a number out of its range, or a start of another length.

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 3.0, 4.0])
    >>> descent_path(X, y, 0.1, 1).round(3)
    array([[0.   , 0.   ],
           [0.633, 0.267]])
    """
    X, y = check_X_y(X, y, dtype=np.float64, y_numeric=True)
    check_number(learning_rate, "learning_rate", open=True)
    rng = np.random.default_rng(random_state)
    size = check_count(len(y) if batch_size is None else batch_size, "batch_size")
    point = np.zeros(X.shape[1] + 1) if start is None else np.array(start, dtype=float)
    if point.shape != (X.shape[1] + 1,):
        raise ValueError(
            f"start must have shape ({X.shape[1] + 1},), got {point.shape}"
        )
    visited = [point]
    for _ in range(check_count(passes, "passes")):
        order = rng.permutation(len(y)) if size < len(y) else np.arange(len(y))
        for rows in np.split(order, range(size, len(y), size)):
            with np.errstate(over="ignore", invalid="ignore"):
                slopes = mse_gradient(X[rows], y[rows], point[:-1], point[-1])
                point = point - learning_rate * np.append(*slopes)
            visited.append(point)
    return np.array(visited)
