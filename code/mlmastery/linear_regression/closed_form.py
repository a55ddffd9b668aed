"""Least squares and ridge in closed form, by the normal equations and by QR."""

from __future__ import annotations

import numpy as np
from scipy.linalg import solve_triangular
from sklearn.utils.validation import check_X_y

from mlmastery.linear_regression.convergence import (
    column_scales,
    columns_determine_weights,
    with_ones,
)
from mlmastery.linear_regression.cost import Line
from mlmastery.validation import check_number

__all__ = ["normal_equations", "qr_least_squares"]


def normal_equations(X: np.ndarray, y: np.ndarray, alpha: float = 0.0) -> Line:
    """Solve least squares, or ridge, exactly from the normal equations (Eq. 3.14).

    Parameters
    ----------
    X : ndarray of shape (m, n)
    y : ndarray of shape (m,)
    alpha : float, default=0.0
        Ridge strength in the module's objective: ``alpha / 2 * sum(w**2)``.

    Raises
    ------
    ValueError
        If the columns of ``X`` do not determine the weights, or for NaN or infinity.

    Examples
    --------
    >>> line = normal_equations(np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3, 5]))
    >>> line.weights.round(6), round(line.intercept, 6)
    (array([2.]), 1.0)
    """
    X, y = _checked(X, y)
    check_number(alpha, "alpha")
    if not (alpha or columns_determine_weights(X)):
        raise ValueError(_singular_message("X.T @ X"))
    x_mean, y_mean, scale = X.mean(axis=0), float(y.mean()), column_scales(X)
    scale = np.maximum(scale, alpha**0.5)  # so that alpha / scale**2 is at most 1
    Z = (X - x_mean) / scale
    # Centred, the equation for the intercept reads b = mean(y): the rest is solved
    # without it, so the penalty cannot shrink it. Dividing by the scale changes the
    # units of the weights, in which no digits are lost to units of the columns.
    gram = Z.T @ Z / len(y)
    if alpha:
        gram += np.diag(alpha / scale**2)
    weights = np.linalg.solve(gram, Z.T @ (y - y_mean) / len(y)) / scale
    return Line(weights, y_mean - float(x_mean @ weights))


def qr_least_squares(X: np.ndarray, y: np.ndarray) -> Line:
    """Solve least squares by QR factorisation, which never squares ``X``.

    Raises
    ------
    ValueError
        If the columns of ``X``, with a column of ones, are linearly dependent, or for
        NaN or infinity.

    References
    ----------
    .. [1] Golub and Van Loan (2013), Matrix Computations, 4th edition, section 5.3.

    Examples
    --------
    >>> line = qr_least_squares(np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3, 5]))
    >>> line.weights.round(6), round(line.intercept, 6)
    (array([2.]), 1.0)
    """
    X, y = _checked(X, y)
    if not columns_determine_weights(X):
        raise ValueError(_singular_message("X with a column of ones"))
    A = with_ones(X)
    Q, R = np.linalg.qr(A)
    # Q keeps lengths, so ||A theta - y|| is smallest where R theta = Q.T y.
    solution = solve_triangular(R, Q.T @ y)
    return Line(solution[:-1], float(solution[-1]))


def _checked(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both as floats: half precision would round the mean of y."""
    X, y = check_X_y(X, y, dtype=np.float64, y_numeric=True)
    if y.dtype.kind not in "biuf":
        raise ValueError(f"y must hold numbers, got {y.dtype}")
    return X, y.astype(np.float64)


def _singular_message(matrix: str) -> str:
    return (
        f"{matrix} is singular: some columns are constant, repeated or combinations of "
        "others, or there are fewer rows than columns, so many lines fit equally well. "
        "Drop columns or add an L2 penalty"
    )
