"""The leak of resampling before the split, rebuilt, and a guard against it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

__all__ = ["check_original_rows", "resampled_before", "resampled_inside"]

Fold = tuple[np.ndarray, np.ndarray]


def resampled_before(
    model: Any, sampler: Any, X: Any, y: Any, cv: Any
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Do it wrong: resample all rows, then split. Return truths and probabilities.

    A test part then holds invented rows that lie between training rows, and has lost
    the rows that the sampler took for noise.

    Parameters
    ----------
    model : classifier
    sampler : object with ``fit_resample``
    X : array of shape (n_samples, n_features)
    y : array of 0/1, shape (n_samples,)
    cv : splitter

    Returns
    -------
    list of (y_true, probability)
        One pair per fold.
    """
    X_new, y_new = clone(sampler).fit_resample(X, y)
    return [
        _fit_predict(model, X_new[train], y_new[train], X_new[test], y_new[test])
        for train, test in cv.split(X_new, y_new)
    ]


def resampled_inside(
    model: Any, sampler: Any, X: Any, y: Any, cv: Any
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Do it right: split, then resample the training part only.

    Parameters and result are those of `resampled_before`.
    """
    X, y = np.asarray(X), np.asarray(y)
    pairs = []
    for train, test in cv.split(X, y):
        X_new, y_new = clone(sampler).fit_resample(X[train], y[train])
        pairs.append(_fit_predict(model, X_new, y_new, X[test], y[test]))
    return pairs


def _fit_predict(
    model: Any, X: np.ndarray, y: np.ndarray, X_test: np.ndarray, y_test: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    return y_test, clone(model).fit(X, y).predict_proba(X_test)[:, 1]


def check_original_rows(X: Any, original: Any) -> None:
    """Refuse a table to be split that has rows which the original lacks.

    Parameters
    ----------
    X, original : array or DataFrame of shape (n, n_features)

    Raises
    ------
    ValueError
        With the number of invented rows, or of rows that occur too often.

    Examples
    --------
    >>> check_original_rows([[1.0], [1.5]], [[1.0], [2.0]])
    Traceback (most recent call last):
        ...
    ValueError: X must hold rows of the original table only, got 1 of 2 that are not
    in it: split first, then resample the training part
    """
    table, whole = pd.DataFrame(np.asarray(X)), pd.DataFrame(np.asarray(original))
    if table.shape[1] != whole.shape[1]:
        raise ValueError(
            f"X must have the {whole.shape[1]} columns of the original, "
            f"got {table.shape[1]}"
        )
    if isinstance(X, pd.DataFrame) and isinstance(original, pd.DataFrame):
        if list(X.columns) != list(original.columns):
            raise ValueError(
                "X must have the columns of the original in their order, "
                f"got {list(X.columns)}"
            )
    # Without a stand-in, rows with a gap would be left out of the count.
    counts = whole.astype(object).fillna("(missing)").value_counts()
    rows = table.astype(object).fillna("(missing)").value_counts()
    surplus = rows.sub(counts.reindex(rows.index).fillna(0)).clip(lower=0)
    found = int(surplus.sum())
    if found:
        raise ValueError(
            "X must hold rows of the original table only, "
            f"got {found} of {len(X)} that are not in it: "
            "split first, then resample the training part"
        )
