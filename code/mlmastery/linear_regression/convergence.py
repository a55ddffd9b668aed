"""Measure how fast gradient descent converges: curvature, condition number, steps."""

from __future__ import annotations

import math

import numpy as np
from sklearn.utils.validation import check_array

from mlmastery.validation import LARGEST, check_number, check_share

__all__ = [
    "check_sizes",
    "column_scales",
    "columns_determine_weights",
    "condition_number",
    "convergence_factor",
    "iterations_to_reach",
    "largest_curvature",
]


def largest_curvature(X: np.ndarray, alpha: float = 0.0) -> float:
    """Return L, the largest eigenvalue of the cost's Hessian (Eq. 3.10).

    Gradient descent on this cost is stable for steps below ``2 / L``; the step
    ``1 / L`` is the usual safe choice. ``alpha`` is the strength of an L2 penalty.

    Examples
    --------
    >>> round(largest_curvature(np.array([[3.0], [-3.0]])), 9)
    9.0
    """
    return float(_hessian_eigenvalues(X, alpha)[0])


def condition_number(X: np.ndarray, alpha: float = 0.0) -> float:
    """Return the ratio of the largest to the smallest curvature of the cost.

    Near 1 the cost is a round bowl; large, a long narrow valley. Infinite if the
    columns of ``X`` do not determine the weights.

    Examples
    --------
    >>> round(condition_number(np.array([[3.0], [-3.0]])), 9)
    9.0
    """
    curvatures = _hessian_eigenvalues(X, alpha)
    if curvatures[-1] == 0 or not (alpha or columns_determine_weights(X)):
        return math.inf
    return float(curvatures[0] / curvatures[-1])


def columns_determine_weights(X: np.ndarray) -> bool:
    """Return whether one vector of weights, with an intercept, fits best.

    The rank is taken of the centred columns, each divided by its standard deviation:
    a column's unit must not decide whether it counts as zero.

    Parameters
    ----------
    X : ndarray of shape (m, n)

    Raises
    ------
    ValueError
        For NaN or infinity, no rows, or other than two dimensions.

    Examples
    --------
    >>> grid = np.array([1.0, 2.0, 3.0])
    >>> columns_determine_weights(np.column_stack([grid, 1e9 * grid**2]))
    True
    >>> columns_determine_weights(np.column_stack([grid, 32 + 1.8 * grid]))
    False
    """
    X = check_array(X, dtype=np.float64, input_name="X", ensure_min_features=0)
    scale, centre = column_scales(X), X.mean(axis=0)
    singular = np.linalg.svd((X - centre) / scale, compute_uv=False)
    if len(singular) < X.shape[1]:
        return False
    # The rule of matrix_rank; centring a column far from zero costs it digits.
    far = 1 + np.abs(centre / scale).max(initial=0.0)
    rounding = far * np.finfo(float).eps * max(X.shape)
    return bool((singular > rounding * singular.max(initial=0.0)).all())


def column_scales(X: np.ndarray) -> np.ndarray:
    """Return each column's standard deviation, or 1 where it is constant; shape (n,).

    Examples
    --------
    >>> column_scales(np.array([[1.0, 5.0], [3.0, 5.0]]))
    array([1., 1.])
    """
    spread = np.ptp(X, axis=0)  # of equal numbers the deviation is not always 0
    # Columns divided by a power of two have squares that stay finite and above 0.
    exponents = np.frexp(spread)[1]
    scale = np.ldexp(np.ldexp(X, -exponents).std(axis=0), exponents)
    return np.where(spread > 0, scale, 1.0)


def check_sizes(X: np.ndarray, y: np.ndarray) -> None:
    """Raise where squares of the numbers would not be finite.

    Raises
    ------
    ValueError
        Naming the array and its largest number.
    """
    for name, values in (("X", X), ("y", y)):
        largest = float(np.abs(values).max(initial=0.0))
        if largest > LARGEST:
            raise ValueError(
                f"{name} must hold numbers up to {LARGEST:g} in size, got {largest:g}: "
                "choose a larger unit"
            )


def convergence_factor(kappa: float) -> float:
    """Bound the factor by which a step of 1/L shrinks the distance to the minimum.

    Parameters
    ----------
    kappa : float
        Condition number, at least 1; may be infinite.

    Raises
    ------
    ValueError
        If ``kappa`` is below 1.

    Examples
    --------
    >>> convergence_factor(4.0)
    0.75
    """
    if not kappa >= 1:
        raise ValueError(f"kappa must be at least 1, got {kappa}")
    return 1 - 1 / kappa


def iterations_to_reach(kappa: float, shrink: float) -> int:
    """Count the steps of 1/L that surely shrink the distance to ``shrink`` (Eq. 3.12).

    Parameters
    ----------
    kappa : float
        Condition number, at least 1.
    shrink : float
        Remaining fraction of the first distance, between 0 and 1.

    Raises
    ------
    ValueError
        If either number is out of its range.

    Examples
    --------
    >>> iterations_to_reach(4.0, 0.01)
    17
    """
    check_share(shrink, "shrink")
    factor = convergence_factor(check_number(kappa, "kappa", minimum=1))
    return 1 if factor == 0 else math.ceil(math.log(shrink) / math.log(factor))


def _hessian_eigenvalues(X: np.ndarray, alpha: float) -> np.ndarray:
    """Return the eigenvalues of the Hessian in (w, b), largest first.

    ``alpha`` adds curvature to the weights alone.
    """
    X = check_array(X, dtype=np.float64, input_name="X", ensure_min_features=0)
    check_number(alpha, "alpha")
    m, n = X.shape
    # The Hessian is root.T @ root. Its eigenvalues are the squared singular values
    # of root, which lose no digits to a squared condition number.
    root = with_ones(X) / math.sqrt(m)
    if alpha:
        root = np.vstack([root, math.sqrt(alpha) * np.eye(n, n + 1)])
    singular = np.linalg.svd(root, compute_uv=False)
    return np.pad(singular, (0, n + 1 - len(singular))) ** 2


def with_ones(X: np.ndarray) -> np.ndarray:
    """Append the intercept's column of ones.

    Examples
    --------
    >>> with_ones(np.array([[2.0]]))
    array([[2., 1.]])
    """
    return np.column_stack([X, np.ones(len(X))])
