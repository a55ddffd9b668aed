"""Checks that find a leak before a score flatters anybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

__all__ = [
    "LeakError",
    "check_split",
    "check_training_ignores_test",
    "shared_rows",
]

# From X, y and the row numbers of both parts to what training sees.
Preparation = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], Any]


class LeakError(ValueError):
    """Information on the test rows has reached the training; the message says which."""


def shared_rows(train: Any, test: Any) -> np.ndarray:
    """Mark the test rows that have a duplicate in the training part.

    Parameters
    ----------
    train, test : DataFrame or array
        With the same columns, matched by name in data frames, else by position.

    Returns
    -------
    ndarray of bool, shape (n_test,)
        Missing values equal each other.

    Raises
    ------
    ValueError
        If the columns differ.

    Examples
    --------
    >>> shared_rows([[1.0, 2.0], [3.0, 4.0]], [[3.0, 4.0], [3.0, 5.0]])
    array([ True, False])
    """
    left, right = pd.DataFrame(test), pd.DataFrame(train)
    if set(left.columns) != set(right.columns):
        raise ValueError(
            f"train and test must have the same columns, got {list(right.columns)} "
            f"and {list(left.columns)}"
        )
    # Without duplicates, or a test row with two twins would come out twice.
    known = right.drop_duplicates()
    mark = "_" + "".join(str(name) for name in left.columns)  # no column's name
    merged = left.merge(known, how="left", on=list(left.columns), indicator=mark)
    return (merged[mark] == "both").to_numpy()


def check_split(train: pd.DataFrame, test: pd.DataFrame) -> None:
    """Raise if a row is in both parts, by its name in the index or by its values.

    Parameters
    ----------
    train, test : DataFrame
        Cut from one table, with the index it had.

    Raises
    ------
    LeakError
        Naming the first of the shared rows, and the usual cause.
    TypeError
        If a part is not a DataFrame: an array has no index to compare.

    Examples
    --------
    >>> table = pd.DataFrame({"x": [1.0, 2.0, 3.0]})
    >>> check_split(table.iloc[:2], table.iloc[2:])
    >>> check_split(table.loc[:1], table.loc[1:])
    Traceback (most recent call last):
    mlmastery.iris_classifier.leaks.LeakError: 1 of 2 test rows has an index label ...
    """
    for part, name in ((train, "train"), (test, "test")):
        if not isinstance(part, pd.DataFrame):
            raise TypeError(f"{name} must be a DataFrame, got {type(part).__name__}")
    named = test.index[test.index.isin(train.index)]
    if len(named):
        raise LeakError(
            f"{_count(len(named), len(test))} an index label that is in the training "
            f"part too ({_first_labels(named)}). Slices with .loc include their end: cut with "
            ".iloc, or with train_test_split"
        )
    equal = test.index[shared_rows(train, test)]
    if len(equal):
        raise LeakError(
            f"{_count(len(equal), len(test))} a twin with the same values in the "
            f"training part ({_first_labels(equal)}). Drop duplicates before the split, or "
            "keep them on one side with GroupKFold"
        )


def _count(shared: int, n_test: int) -> str:
    return f"{shared} of {n_test} test rows {'has' if shared == 1 else 'have'}"


def _first_labels(labels: pd.Index) -> str:
    shown = ", ".join(str(label) for label in labels[:3])
    return shown + (", ..." if len(labels) > 3 else "")


def check_training_ignores_test(
    prepare: Preparation,
    X: np.ndarray,
    y: np.ndarray,
    train: np.ndarray,
    test: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Raise if what training sees depends on the values of the test rows.

    The test rows are replaced by random numbers, first far above and then far below
    all others, and all their labels by the last class, then the first. What
    ``prepare`` returns must not change: if it does, it has used them. Missing values
    equal each other.

    Parameters
    ----------
    prepare : callable ``(X, y, train, test) -> array``
        Everything that is done before fitting: scaling, imputing, selecting. Returns
        the matrix to be fitted on, or fitted coefficients, sparse or not, or several in
        a tuple, list or dictionary. It must not be random.
    X, y : array of shape (n_samples, n_features) and (n_samples,)
        ``prepare`` is given NumPy arrays.
    train, test : ndarray of int or bool
        Row numbers of the two parts, or which rows are in each.
    rng : numpy Generator
        Source of the random test rows.

    Raises
    ------
    LeakError
        With the share of the numbers that changed, or of the test rows that are in both
        parts.
    ValueError
        If there are no test rows to replace, or ``prepare`` returns nothing.

    Examples
    --------
    >>> X, y = np.arange(8.0).reshape(-1, 1), np.repeat([0, 1], 4)
    >>> train, test = np.arange(6), np.arange(6, 8)
    >>> def leaky(X, y, train, test):
    ...     return (X - X.mean(axis=0))[train]
    >>> check_training_ignores_test(leaky, X, y, train, test, np.random.default_rng(0))
    Traceback (most recent call last):
    mlmastery.iris_classifier.leaks.LeakError: replacing the test rows changed 6 of 6 ...
    """
    X, y = np.asarray(X), np.asarray(y)
    train, test = _numbers(train, len(X)), _numbers(test, len(X))
    if not len(test):
        raise ValueError("test must hold at least one row number, got none")
    if shared := np.isin(test, train).sum():
        raise LeakError(
            f"{_count(shared, len(test))} a row number of the training part"
        )
    before = _arrays(prepare(X.copy(), y.copy(), train, test))
    # With nothing to compare, every leak would pass.
    if not sum(one.size for one in before):
        raise ValueError(
            "prepare must return what training sees, at least one number, got none"
        )
    # Numbers on both sides would leave a median of all rows where it was.
    for side in (1, -1):
        noise, labels = _with_noise(X, y, test, side, rng)
        after = _arrays(prepare(noise, labels, train, test))
        if len(before) != len(after):
            raise LeakError(
                "replacing the test rows changed the number of arrays that training "
                f"sees from {len(before)} to {len(after)}"
            )
        for one, other in zip(before, after, strict=True):
            _check_unchanged(one, other)


def _numbers(rows: Any, n_rows: int) -> np.ndarray:
    """Return row numbers from 0, also those that a mask selects or that count back."""
    rows = np.asarray(rows)
    return np.arange(n_rows)[rows if rows.size else rows.astype(int)]


def _arrays(prepared: Any) -> list[np.ndarray]:
    """Return the one array that was prepared, or each of several."""
    return [
        np.asarray(one.toarray() if hasattr(one, "toarray") else one)
        for one in _several(prepared)
    ]


def _several(prepared: Any) -> tuple[Any, ...]:
    """Return the parts of a tuple, a dictionary or a list that is not one array."""
    if prepared is None:
        return ()
    if isinstance(prepared, Mapping):
        return tuple(prepared.values())
    if isinstance(prepared, list):
        try:
            together = np.asarray(prepared).dtype != object
        except ValueError:  # arrays of different shapes
            together = False
        return (prepared,) if together else tuple(prepared)
    return prepared if isinstance(prepared, tuple) else (prepared,)


def _with_noise(
    X: np.ndarray, y: np.ndarray, test: np.ndarray, side: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Replace the test rows by numbers above (side 1) or below (-1) each column."""
    noise, labels = np.array(X, dtype=float), y.copy()
    known = np.where(np.isfinite(noise), np.abs(noise), 0)
    scale = np.minimum(known.max(axis=0, initial=0) + 1, 1e300)
    noise[test] = side * (10 + 100 * rng.random(size=noise[test].shape)) * scale
    # Labels drawn at random would often leave the counts of the classes as they were.
    labels[test] = np.sort(y)[-1 if side > 0 else 0]
    return noise, labels


def _check_unchanged(before: np.ndarray, after: np.ndarray) -> None:
    if before.shape != after.shape:
        raise LeakError(
            "replacing the test rows changed the shape of what training sees from "
            f"{before.shape} to {after.shape}: something was fitted on all rows"
        )
    equal = (before == after) | (pd.isna(before) & pd.isna(after))
    changed = int((~equal).sum())
    if changed:
        raise LeakError(
            f"replacing the test rows changed {changed} of {before.size} numbers that "
            "training sees: something was fitted on all rows. Fit it on X[train] only, "
            "best as a step of a Pipeline"
        )
