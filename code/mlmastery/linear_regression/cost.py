"""The cost of a line and its gradient, Eq. 3.4 and 3.7 of the page."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Line", "gradient_loop", "gradient_of_lists", "mse_cost", "mse_gradient"]


class Line(NamedTuple):
    """Weights and intercept of a fitted linear function.

    Examples
    --------
    >>> Line(np.array([2.0]), 1.0).intercept
    1.0
    """

    weights: np.ndarray  # (n_features,)
    intercept: float


def mse_cost(X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> float:
    """Return half the mean squared error of the line ``X @ w + b``.

    Parameters
    ----------
    X : ndarray of shape (m, n)
    y : ndarray of shape (m,)
    w : ndarray of shape (n,)
    b : float

    Returns
    -------
    float
        In squared units of ``y``.

    Examples
    --------
    >>> mse_cost(np.array([[1.0], [2.0]]), np.array([1.0, 4.0]), np.array([1.0]), 0.0)
    1.0
    """
    residuals = X @ w + b - y
    return float(residuals @ residuals / (2 * len(y)))


def mse_gradient(
    X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float
) -> tuple[np.ndarray, float]:
    """Differentiate :func:`mse_cost` by the weights and by the intercept.

    Returns
    -------
    dw : ndarray of shape (n,)
        In squared units of ``y`` per unit of weight.
    db : float

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0]]), np.array([1.0, 4.0])
    >>> mse_gradient(X, y, np.array([1.0]), 0.0)
    (array([-2.]), -1.0)
    """
    residuals = X @ w + b - y  # (m,)
    return X.T @ residuals / len(y), float(residuals.mean())


def gradient_loop(
    X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float
) -> tuple[np.ndarray, float]:
    """Compute :func:`mse_gradient` one number at a time: the slow, obvious version.

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0]]), np.array([1.0, 4.0])
    >>> gradient_loop(X, y, np.array([1.0]), 0.0)
    (array([-2.]), -1.0)
    """
    m, n = X.shape
    dw, db = np.zeros(n), 0.0
    for i in range(m):
        prediction = b
        for j in range(n):
            prediction += X[i, j] * w[j]
        residual = prediction - y[i]
        for j in range(n):
            dw[j] += residual * X[i, j] / m
        db += residual / m
    return dw, float(db)


def gradient_of_lists(
    X: list[list[float]], y: list[float], w: list[float], b: float
) -> tuple[list[float], float]:
    """Compute :func:`mse_gradient` of plain lists, without NumPy.

    Examples
    --------
    >>> gradient_of_lists([[1.0], [2.0]], [1.0, 4.0], [1.0], 0.0)
    ([-2.0], -1.0)
    """
    residuals = [
        sum(x * v for x, v in zip(row, w, strict=True)) + b - target
        for row, target in zip(X, y, strict=True)
    ]
    columns = zip(*X, strict=True)
    products = (sum(map(float.__mul__, residuals, column)) for column in columns)
    return [s / len(y) for s in products], sum(residuals) / len(y)
