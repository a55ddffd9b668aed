"""Windows of the past with the values that follow them."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np

from mlmastery.validation import check_count

__all__ = ["create_sequences"]


def create_sequences(
    data: Any, seq_length: int, horizon: int = 1, target: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Cut a series into windows of ``seq_length`` rows and what comes after each.

    Parameters
    ----------
    data : array of shape (n,) or (n, n_features)
    seq_length : int
        Rows of a window.
    horizon : int, default=1
        Rows to forecast.
    target : int, optional
        The column to forecast; by default all columns.

    Returns
    -------
    X : ndarray of shape (n_windows, seq_length[, n_features])
        With ``n_windows = n - seq_length - horizon + 1``.
    y : ndarray of shape (n_windows[, horizon][, n_features])
        The axis ``horizon`` is there if it is above 1.

    Raises
    ------
    ValueError
        If the data are too short for one window or not finite numbers, or ``target``
        is not a column.

    Examples
    --------
    >>> X, y = create_sequences([1, 2, 3, 4, 5], 3)
    >>> X.tolist(), y.tolist()
    ([[1, 2, 3], [2, 3, 4]], [4, 5])
    >>> X, y = create_sequences([1, 2, 3, 4, 5], 2, horizon=2)
    >>> y.tolist()
    [[3, 4], [4, 5]]
    """
    rows = np.asarray(data)
    needed = check_count(seq_length, "seq_length") + check_count(horizon, "horizon")
    if rows.ndim not in (1, 2):
        raise ValueError(f"data must have one or two axes, got shape {rows.shape}")
    if len(rows) < needed:
        raise ValueError(f"data must have at least {needed} rows, got {len(rows)}")
    if rows.dtype.kind not in "iuf" or not np.isfinite(rows).all():
        raise ValueError(
            "data must hold finite numbers, got missing ones or other kinds "
            f"(dtype {rows.dtype})"
        )
    windows = _windows(rows, needed)
    X, y = windows[:, :seq_length], windows[:, seq_length:]
    if target is not None:
        n_columns = rows.shape[1] if rows.ndim == 2 else 0
        whole = isinstance(target, Integral) and not isinstance(target, bool)
        if not whole or not 0 <= target < n_columns:
            raise ValueError(
                f"target must be a column below {n_columns}, got {target!r}"
            )
        y = y[..., target]
    return X.copy(), (y[:, 0] if horizon == 1 else y).copy()


def _windows(rows: np.ndarray, length: int) -> np.ndarray:
    """Return all runs of ``length`` rows, shape (n_runs, length[, n_features])."""
    views = np.lib.stride_tricks.sliding_window_view(rows, length, axis=0)
    return views if rows.ndim == 1 else views.swapaxes(1, 2)
