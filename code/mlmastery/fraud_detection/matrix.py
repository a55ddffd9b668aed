"""Tables of features as arrays: one check, with one wording, for every detector.

>>> as_matrix([[1, 2], [3, 4]]).shape
(2, 2)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.validation import as_numbers

__all__ = ["as_matrix"]


def as_matrix(X: Any, name: str = "X", n_columns: int | None = None) -> np.ndarray:
    """Return rows of finite numbers as an array of float64, or raise.

    Parameters
    ----------
    X : array of shape (n_rows, n_columns)
    name : str, default="X"
        The argument, for the message.
    n_columns : int, optional
        Columns that there must be.

    Raises
    ------
    ValueError
        If there are no rows, not two axes, another number of columns, or a value that
        is not finite.

    Examples
    --------
    >>> as_matrix([1.0, 2.0])
    Traceback (most recent call last):
        ...
    ValueError: X must have shape (n_rows, n_columns), got (2,)
    """
    values = as_numbers(X, name)
    if values.ndim != 2 or not values.size:
        raise ValueError(
            f"{name} must have shape (n_rows, n_columns), got {values.shape}"
        )
    if n_columns is not None and values.shape[1] != n_columns:
        raise ValueError(f"{name} must have {n_columns} columns, got {values.shape[1]}")
    bad = int((~np.isfinite(values)).sum())
    if bad:
        raise ValueError(f"{name} must hold finite numbers, {bad} are not")
    return values
