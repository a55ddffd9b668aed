"""Features selected before and inside cross-validation, on columns of pure noise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.validation import check_array

from mlmastery.iris_classifier.by_hand import knn_predict
from mlmastery.validation import check_count

__all__ = ["SelectionErrors", "selection_study", "strongest_columns"]


def strongest_columns(X: np.ndarray, y: np.ndarray, keep: int) -> np.ndarray:
    """Return the columns that correlate most with the labels, the strongest first.

    Parameters
    ----------
    X : ndarray of shape (m, n)
    y : ndarray of shape (m,)
        Numbers, or labels of two classes.
    keep : int
        From 1 to n.

    Returns
    -------
    ndarray of int, shape (keep,)
        Constant columns come last, equal ones in their order.

    Raises
    ------
    ValueError
        If ``keep`` is out of its range, the labels are all equal or texts of more than
        two classes, their number is not that of the rows, or a cell is missing or
        infinite, or a label is missing.

    Examples
    --------
    >>> X = np.array([[1.0, 0.0], [2.0, 0.0], [1.0, 1.0], [2.0, 1.0]])
    >>> strongest_columns(X, np.array([0, 0, 1, 1]), keep=1)
    array([1])
    """
    X = check_array(X, dtype=np.float64, input_name="X")
    check_count(keep, "keep", maximum=X.shape[1])
    codes = _as_codes(y, len(X))
    centred = X - X.mean(axis=0)
    # Products with the labels, over the deviation, order as the correlations do.
    varies = np.ptp(X, axis=0) > 0
    products = np.abs(centred.T @ (codes - codes.mean()))
    strength = np.where(varies, products / np.where(varies, X.std(axis=0), 1), 0)
    return np.argsort(-strength, kind="stable")[:keep]


def _as_codes(y: np.ndarray, n_rows: int) -> np.ndarray:
    """Return numbers as they are, and other labels of two classes as 0 and 1."""
    labels = np.asarray(y)
    if missing := int(pd.isna(labels).sum()):
        raise ValueError(f"y must have no missing labels, got {missing}")
    classes, codes = np.unique(labels, return_inverse=True)
    numbers = labels.dtype.kind in "biuf"
    if len(labels) != n_rows or len(classes) < 2 or (len(classes) > 2 and not numbers):
        raise ValueError(
            f"y must hold {n_rows} numbers or labels of two classes, "
            f"got {len(labels)} of {len(classes)}"
        )
    return labels.astype(float) if numbers else codes


class SelectionErrors(NamedTuple):
    """Cross-validated error rates with one difference: where columns were selected.

    Examples
    --------
    >>> SelectionErrors(before=0.02, inside=0.5).inside
    0.5
    """

    before: float  # once, from all rows
    inside: float  # in each fold, from its training rows


def selection_study(
    random_state: int,
    *,
    n_rows: int = 50,
    n_columns: int = 5000,
    keep: int = 100,
    n_splits: int = 5,
) -> SelectionErrors:
    """Cross-validate one neighbour on noise, with columns selected in two ways.

    Parameters
    ----------
    random_state : int
    n_rows, n_columns : int
        Of the table of noise; half of the rows belong to each class.
    keep : int
        Columns to select.
    n_splits : int

    Returns
    -------
    SelectionErrors

    Examples
    --------
    >>> errors = selection_study(0, n_columns=500, keep=20)
    >>> errors.before < errors.inside
    True
    """
    rng = np.random.default_rng(random_state)
    noise, labels = rng.normal(size=(n_rows, n_columns)), np.arange(n_rows) % 2
    everywhere = strongest_columns(noise, labels, keep)
    folds = StratifiedKFold(n_splits, shuffle=True, random_state=random_state)
    errors = []
    for train, test in folds.split(noise, labels):
        inside = strongest_columns(noise[train], labels[train], keep)
        for columns in (everywhere, inside):
            rows = noise[:, columns]
            predicted = knn_predict(rows[train], labels[train], rows[test], k=1)
            errors.append(np.mean(predicted != labels[test]))
    before, within = np.mean(errors[::2]), np.mean(errors[1::2])
    return SelectionErrors(float(before), float(within))
