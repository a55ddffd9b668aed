"""Least squares and ridge in closed form, by the normal equations and by QR."""

from __future__ import annotations

import numpy as np
from scipy.linalg import solve_triangular

from mlmastery.linear_regression.convergence import with_ones
from mlmastery.linear_regression.cost import Line

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
        If the columns of ``X`` do not determine the weights.

    Examples
    --------
    >>> line = normal_equations(np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3, 5]))
    >>> line.weights.round(6), round(line.intercept, 6)
    (array([2.]), 1.0)
    """
    x_mean, y_mean = X.mean(axis=0), float(y.mean())
    X_centred = X - x_mean
    # Centred, the equation for the intercept reads b = mean(y): the rest is solved
    # without it, so the penalty cannot shrink it.
    gram = X_centred.T @ X_centred / len(y) + alpha * np.eye(X.shape[1])
    if np.linalg.matrix_rank(gram, hermitian=True) < len(gram):
        raise ValueError(_singular_message("X.T @ X"))
    weights = np.linalg.solve(gram, X_centred.T @ (y - y_mean) / len(y))
    return Line(weights, y_mean - float(x_mean @ weights))


def qr_least_squares(X: np.ndarray, y: np.ndarray) -> Line:
    """Solve least squares by QR factorisation, which never squares ``X``.

    Raises
    ------
    ValueError
        If the columns of ``X``, with a column of ones, are linearly dependent.

    References
    ----------
    .. [1] Golub and Van Loan (2013), Matrix Computations, 4th edition, section 5.3.

    Examples
    --------
    >>> line = qr_least_squares(np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3, 5]))
    >>> line.weights.round(6), round(line.intercept, 6)
    (array([2.]), 1.0)
    """
    A = with_ones(X)
    if np.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError(_singular_message("X with a column of ones"))
    Q, R = np.linalg.qr(A)
    # Q keeps lengths, so ||A theta - y|| is smallest where R theta = Q.T y.
    solution = solve_triangular(R, Q.T @ y)
    return Line(solution[:-1], float(solution[-1]))


def _singular_message(matrix: str) -> str:
    return (
        f"{matrix} is singular: some columns are constant, repeated or combinations of "
        "others, or there are fewer rows than columns, so many lines fit equally well. "
        "Drop columns or add an L2 penalty"
    )
