"""Conformal prediction: intervals around a price with guaranteed coverage."""

import math
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.housing_prices.checks import check_pairs, check_prices
from mlmastery.validation import as_numbers, check_count, check_share


def conformal_quantile(scores: Any, alpha: float = 0.1) -> float:
    r"""Return the score that a new row exceeds with a probability of at most ``alpha``.

    It is the k-th smallest, :math:`k = \lceil (n + 1)(1 - \alpha) \rceil`: with the new
    row there are n + 1 scores, and if all orders are equally likely, the new one is
    among the k smallest with probability k / (n + 1).

    Parameters
    ----------
    scores : array of shape (n,)
        Errors on rows that the model has not seen, such as absolute residuals.
    alpha : float, default=0.1
        Allowed share of misses, between 0 and 1.

    Returns
    -------
    float
        Infinite if n is too small for the coverage wanted.

    Raises
    ------
    ValueError
        If ``alpha`` is not between 0 and 1, ``scores`` is not one row of numbers, or a
        score is missing.

    References
    ----------
    .. [1] Vovk, Gammerman and Shafer (2005), "Algorithmic Learning in a Random World",
       Springer.

    Examples
    --------
    >>> conformal_quantile([1.0, 2.0, 3.0, 4.0], alpha=0.25)
    4.0
    >>> conformal_quantile([1.0, 2.0, 3.0, 4.0], alpha=0.1)
    inf
    """
    check_share(alpha, "alpha")
    _check_row(scores, "scores")
    ordered = np.sort(as_numbers(scores, "scores"))
    if np.isnan(ordered).any():
        missing = int(np.isnan(ordered).sum())
        raise ValueError(f"scores must have no missing values, got {missing}")
    # Equation 5.9. Unrounded, 0.9 * 10 may come out just above 9 and be raised to 10.
    k = math.ceil(round((len(ordered) + 1) * (1 - alpha), 9))
    return float(ordered[k - 1]) if k <= len(ordered) else math.inf


def _check_row(values: Any, name: str) -> None:
    if np.ndim(values) != 1:
        raise ValueError(f"{name} must be one row, got shape {np.shape(values)}")


def log_errors(y_true: Any, y_pred: Any) -> np.ndarray:
    """Return the absolute errors of the log price, shape (n,)."""
    check_pairs(y_true, y_pred)
    return np.abs(np.log(check_prices(y_true)) - np.log(check_prices(y_pred)))


def price_interval(y_pred: Any, width: Any) -> np.ndarray:
    """Return prices from ``y_pred / exp(width)`` to ``y_pred * exp(width)``.

    Parameters
    ----------
    y_pred : array of shape (n,)
    width : float or array of shape (n,)
        In the logarithm of the price, at least 0; infinite for no promise.

    Returns
    -------
    ndarray of shape (n, 2)
        Lower and upper ends.

    Examples
    --------
    >>> price_interval([100_000], np.log(1.25)).round()
    array([[ 80000., 125000.]])
    """
    price, width = check_prices(y_pred), np.asarray(width, dtype=float)
    if not (width >= 0).all():
        raise ValueError(f"width must be at least 0, got {np.min(width):g}")
    if width.shape not in ((), price.shape):
        raise ValueError(
            f"width must be one number or one per price, got shape {width.shape} "
            f"for {len(price)} prices"
        )
    return np.column_stack([price * np.exp(-width), price * np.exp(width)])


def covered(y_true: Any, interval: Any) -> np.ndarray:
    """Return whether each price lies in its interval, shape (n,).

    Examples
    --------
    >>> covered([90_000], np.array([[80_000, 125_000]])).tolist()
    [True]
    """
    y_true, interval = check_prices(y_true), as_numbers(interval, "interval")
    if interval.shape != (len(y_true), 2):
        raise ValueError(
            f"interval must have shape ({len(y_true)}, 2), got {interval.shape}"
        )
    if np.isnan(interval).any():
        missing = int(np.isnan(interval).sum())
        raise ValueError(f"interval must have no missing ends, got {missing}")
    return (interval[:, 0] <= y_true) & (y_true <= interval[:, 1])


def group_widths(
    scores: Any, groups: Any, new_groups: Any, alpha: float = 0.1
) -> np.ndarray:
    """Return a conformal width for each new row, from the scores of its own group.

    Parameters
    ----------
    scores, groups : array of shape (n,)
        Errors and the group of each. Groups must not depend on the target.
    new_groups : array of shape (m,)
        A group without scores gets an infinite width.
    alpha : float, default=0.1

    Returns
    -------
    ndarray of shape (m,)

    References
    ----------
    .. [1] Vovk, Gammerman and Shafer (2005), "Algorithmic Learning in a Random World",
       Springer, chapter 4, where such a predictor is called Mondrian.

    Examples
    --------
    >>> group_widths([1.0, 2.0, 30.0, 40.0], [0, 0, 1, 1], [1, 0], alpha=0.4)
    array([40.,  2.])
    """
    scores, groups = as_numbers(scores, "scores"), np.asarray(groups)
    if groups.shape != scores.shape:
        raise ValueError(
            f"groups must have one entry per score, got shape {groups.shape} "
            f"for {scores.shape}"
        )
    if pd.isna(groups).any():
        raise ValueError("groups must have no missing values")
    widths = {
        group: conformal_quantile(scores[groups == group], alpha)
        for group in pd.unique(groups)
    }
    return np.array([widths.get(group, math.inf) for group in np.asarray(new_groups)])


def pooled_coverage(
    n: int,
    p: int,
    repeats: int = 50,
    n_folds: int = 10,
    alpha: float = 0.1,
    random_state: int = 0,
) -> float:
    """Simulate what intervals from pooled errors of folds cover, for least squares.

    In each repeat n rows of p normal columns are drawn, the errors on ten folds are
    pooled, and their quantile is put around the fit to all rows (the shortest one where
    several fit equally well). With n = p the models of the folds differ most from it.

    Parameters
    ----------
    n, p : int
        Rows and columns.
    repeats : int, default=50
    n_folds : int, default=10
    alpha : float, default=0.1
        Allowed share of misses.
    random_state : int, default=0

    Returns
    -------
    float
        Share of 200 new rows per repeat inside their interval.

    References
    ----------
    .. [1] Barber, Candes, Ramdas and Tibshirani (2021), "Predictive inference with the
       jackknife+", Annals of Statistics 49(1).

    Examples
    --------
    >>> bool(pooled_coverage(200, 2, repeats=20) > 0.85)
    True
    >>> bool(pooled_coverage(60, 60, repeats=20) < 0.6)
    True
    """
    check_count(p, "p")
    check_count(repeats, "repeats")
    check_count(n, "n", minimum=check_count(n_folds, "n_folds", minimum=2))
    rng, inside = np.random.default_rng(random_state), []
    truth = rng.normal(size=p) / np.sqrt(p)
    for _ in range(repeats):
        X, new = rng.normal(size=(n, p)), rng.normal(size=(200, p))
        y, y_new = (Z @ truth + rng.normal(size=len(Z)) for Z in (X, new))
        errors = np.empty(n)
        for rows in np.array_split(np.arange(n), n_folds):
            others = np.delete(np.arange(n), rows)
            weights = np.linalg.lstsq(X[others], y[others])[0]
            errors[rows] = np.abs(X[rows] @ weights - y[rows])
        q = conformal_quantile(errors, alpha)
        missed = np.abs(new @ np.linalg.lstsq(X, y)[0] - y_new)
        inside.append(np.mean(missed <= q))
    return float(np.mean(inside))
