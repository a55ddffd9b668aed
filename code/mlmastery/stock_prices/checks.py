"""Series as arrays of numbers, or an error that names the argument."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["as_series"]


def as_series(values: Any, name: str = "values", minimum: int = 1) -> np.ndarray:
    """Return a series as a flat array of finite floats, or raise.

    Raises
    ------
    ValueError
        If it is not flat, too short, or a value is missing or infinite.

    Examples
    --------
    >>> as_series([1.0, float("nan")], "close")
    Traceback (most recent call last):
        ...
    ValueError: close must be finite numbers, got nan in row 1
    """
    try:
        series = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers, got {error}") from None
    if series.ndim != 1:
        raise ValueError(f"{name} must be one series, got shape {series.shape}")
    if len(series) < minimum:
        raise ValueError(
            f"{name} must have at least {minimum} values, got {len(series)}"
        )
    for row in np.flatnonzero(~np.isfinite(series))[:1].tolist():
        raise ValueError(
            f"{name} must be finite numbers, got {series[row]} in row {row}"
        )
    return series
