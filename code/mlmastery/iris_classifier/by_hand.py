"""Two classifiers small enough to read: nearest neighbours and a single cut."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_array

from mlmastery.validation import check_count

__all__ = ["Cut", "best_cut", "gini", "knn_predict"]


def knn_predict(
    X_train: np.ndarray, y_train: np.ndarray, X_new: np.ndarray, k: int
) -> np.ndarray:
    """Classify each new row by a majority vote of its ``k`` nearest training rows.

    Distances are Euclidean. Of equally near rows the earlier one counts as nearer, of
    classes with equally many votes the one that sorts first wins.

    Parameters
    ----------
    X_train : ndarray of shape (m, n)
    y_train : ndarray of shape (m,)
    X_new : ndarray of shape (q, n)
    k : int
        Between 1 and m.

    Returns
    -------
    ndarray of shape (q,)

    Raises
    ------
    ValueError
        If ``k`` is out of its range, the columns differ in number, a cell is missing or
        infinite, or there is not one label for each training row.

    References
    ----------
    .. [1] Cover and Hart (1967), "Nearest Neighbor Pattern Classification", IEEE
       Transactions on Information Theory 13(1).

    Examples
    --------
    >>> X, y = np.array([[0.0], [1.0], [5.0]]), np.array(["a", "a", "b"])
    >>> knn_predict(X, y, np.array([[4.0], [0.4]]), k=1)
    array(['b', 'a'], dtype='<U1')
    """
    check_count(k, "k", maximum=len(X_train))
    X_train, X_new = _floats(X_train, "X_train"), _floats(X_new, "X_new")
    y_train = _labels(y_train, len(X_train), "y_train")
    if X_new.shape[1] != X_train.shape[1]:
        raise ValueError(
            "X_new must have as many columns as X_train, "
            f"got {X_new.shape[1]} and {X_train.shape[1]}"
        )
    X_train, X_new = _in_range(X_train, X_new)
    classes, codes = np.unique(y_train, return_inverse=True)
    # Equation 2.1 for all pairs at once; the root would not change who is nearest.
    differences = X_new[:, None, :] - X_train[None, :, :]  # (q, m, n)
    nearest = np.argsort((differences**2).sum(axis=2), axis=1, kind="stable")[:, :k]
    # A one-hot row per vote: their sum over the neighbours counts the votes.
    votes = np.eye(len(classes), dtype=int)[codes[nearest]].sum(axis=1)  # (q, classes)
    return classes[votes.argmax(axis=1)]


def _floats(X: np.ndarray, name: str) -> np.ndarray:
    """Return the rows as floats: differences of bytes would wrap around."""
    return check_array(X, dtype=np.float64, input_name=name)


def _in_range(X_train: np.ndarray, X_new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Divide both by one power of two, which rounds nothing: squares stay finite."""
    largest = max(np.abs(X_train).max(), np.abs(X_new).max())
    exponent = int(np.frexp(largest)[1])
    return np.ldexp(X_train, -exponent), np.ldexp(X_new, -exponent)


def _labels(y: np.ndarray, n_rows: int, name: str) -> np.ndarray:
    """Return the labels as an array, or raise if one is missing or too many."""
    labels = np.asarray(y)
    if labels.shape != (n_rows,):
        raise ValueError(
            f"{name} must hold one label for each of {n_rows} rows, "
            f"got shape {labels.shape}"
        )
    if missing := int(pd.isna(labels).sum()):
        raise ValueError(f"{name} must have no missing labels, got {missing}")
    return labels


def gini(y: np.ndarray) -> float:
    """Return the Gini impurity: the chance that two rows drawn differ in class.

    Parameters
    ----------
    y : ndarray of shape (m,)
        Class labels; two rows are drawn with replacement.

    Returns
    -------
    float
        From 0, all of one class, to below 1.

    Raises
    ------
    ValueError
        If there are no rows, a label is missing, or ``y`` is not one-dimensional.

    Examples
    --------
    >>> gini(np.array(["a", "a", "b", "b"])), gini(np.array(["a", "a"]))
    (0.5, 0.0)
    """
    if not len(y):
        raise ValueError("y must hold at least one label, got none")
    labels = _labels(y, len(y), "y")
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    return float(1 - (shares**2).sum())  # equation 2.3


class Cut(NamedTuple):
    """A threshold on one feature, and the impurity of the two sides that it makes.

    Examples
    --------
    >>> Cut(2, 2.45, 0.333).feature
    2
    """

    feature: int
    threshold: float
    impurity: float  # weighted Gini impurity of both sides


def best_cut(X: np.ndarray, y: np.ndarray) -> Cut:
    """Find the cut with the lowest weighted impurity: the first step of every tree.

    Parameters
    ----------
    X : ndarray of shape (m, n)
    y : ndarray of shape (m,)

    Returns
    -------
    Cut

    Raises
    ------
    ValueError
        If every column is constant, so that there is nothing to cut, a cell is missing
        or infinite, or there is not one label for each row.

    References
    ----------
    .. [1] Breiman, Friedman, Olshen and Stone (1984), Classification and Regression
       Trees, chapter 2.

    Examples
    --------
    >>> best_cut(np.array([[1.0], [2.0], [8.0]]), np.array(["a", "a", "b"]))
    Cut(feature=0, threshold=5.0, impurity=0.0)
    """
    X, best = _floats(X, "X"), None
    y = _labels(y, len(X), "y")
    for feature, column in enumerate(X.T):
        values = np.unique(column)
        for lower, upper in pairwise(values):
            middle = lower / 2 + upper / 2
            threshold = middle if middle < upper else lower  # of neighbouring floats
            left = column <= threshold
            share = left.mean()
            impurity = float(share * gini(y[left]) + (1 - share) * gini(y[~left]))
            if best is None or impurity < best.impurity:
                best = Cut(feature, float(threshold), impurity)
    if best is None:
        raise ValueError("X must have a column that is not constant, got none")
    return best
