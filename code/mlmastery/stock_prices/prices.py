"""Daily prices: what must hold before anything is computed, splits, returns."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import as_sample, check_count, check_number

__all__ = ["check_prices", "find_splits", "log_returns"]

SAME_STEP = (
    0.2  # log ratio; dividends are a few per cent, splits at least 0.22 (5 for 4)
)


def check_prices(
    frame: pd.DataFrame,
    *,
    price: str = "adjusted_close",
    max_gap: int = 10,
    max_jump: float = 0.5,
) -> pd.DataFrame:
    """Return the frame of one share unchanged, or say what is wrong with it.

    Parameters
    ----------
    frame : DataFrame
        With the columns ``date`` and ``price``, one row a trading day.
    price : str, default="adjusted_close"
        The column to check.
    max_gap : int, default=10
        Calendar days that may pass between two rows.
    max_jump : float, default=0.5
        Largest absolute log return of a day: 0.69 halves or doubles a price, as a
        split does. A larger one passes if both ``close`` and ``adjusted_close`` are
        there, differ somewhere, and jump alike: then it is news and not a split.

    Raises
    ------
    ValueError
        For missing columns, days out of order or twice, missing or non-positive
        prices, a gap, a jump.

    Examples
    --------
    >>> days = pd.to_datetime(["2005-02-25", "2005-02-25"])
    >>> check_prices(pd.DataFrame({"date": days, "adjusted_close": [1.0, 1.0]}))
    Traceback (most recent call last):
        ...
    ValueError: date must hold each day once, got 2005-02-25 twice
    """
    for name in ("date", price):
        if name not in frame:
            raise ValueError(f"frame must have the column {name!r}, got {[*frame]}")
    check_number(max_jump, "max_jump", open=True)
    days = _as_days(frame["date"])
    _check_days(days, max_gap)
    values = as_sample(frame[price], price, 1)
    if (values <= 0).any():
        raise ValueError(f"{price} must be above 0, got {values.min():g}")
    jumps = np.abs(np.diff(np.log(values)))
    for row in np.flatnonzero((jumps > max_jump) & ~_is_news(frame))[:1]:
        raise ValueError(
            f"{price} must be adjusted for splits, got {values[row]:g} followed by "
            f"{values[row + 1]:g} on {days[row + 1]:%Y-%m-%d}"
        )
    return frame


def _is_news(frame: pd.DataFrame) -> np.ndarray:
    """Say of each step whether quoted and adjusted price make it together."""
    steps = np.zeros(len(frame) - 1, dtype=bool)
    if not {"close", "adjusted_close"} <= {*frame}:
        return steps
    ratio = _log_ratio(frame)
    if np.ptp(ratio) == 0:  # one column twice says nothing about splits
        return steps
    return np.abs(np.diff(ratio)) < SAME_STEP


def _log_ratio(frame: pd.DataFrame) -> np.ndarray:
    """Return the log of quoted over adjusted price."""
    prices = [as_sample(frame[c], c, 1) for c in ("close", "adjusted_close")]
    for name, values in zip(("close", "adjusted_close"), prices, strict=True):
        if (values <= 0).any():
            raise ValueError(f"{name} must be above 0, got {values.min():g}")
    return np.log(prices[0] / prices[1])


def _as_days(column: pd.Series) -> pd.Series:
    """Return a column as days, or raise; a whole number is no day."""
    if pd.api.types.is_numeric_dtype(column):
        raise ValueError(
            f"date must hold days such as '2005-02-28', got numbers ({column.dtype})"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the format is not one of pandas'
            days = pd.to_datetime(column).reset_index(drop=True)
    except (ValueError, TypeError) as error:
        raise ValueError(f"date must hold days, got {error}") from error
    if days.isna().any():
        raise ValueError(f"date must not be missing, got {days.isna().sum()} missing")
    return days


def _check_days(days: pd.Series, max_gap: int) -> None:
    """Raise if days are out of order, double or too far apart."""
    check_count(max_gap, "max_gap")
    steps = days.diff().dt.days
    for day in days[days.duplicated()][:1]:
        raise ValueError(f"date must hold each day once, got {day:%Y-%m-%d} twice")
    for row in steps.index[steps < 0][:1]:
        raise ValueError(
            f"date must rise from row to row, got {days[row]:%Y-%m-%d} after "
            f"{days[row - 1]:%Y-%m-%d}"
        )
    for row in steps.index[steps > max_gap][:1]:
        raise ValueError(
            f"date must have no gap above {max_gap} days, got {steps[row]:.0f} days "
            f"before {days[row]:%Y-%m-%d}"
        )


def find_splits(frame: pd.DataFrame, threshold: float = 0.2) -> pd.DataFrame:
    """Find the days on which a share was split, by its two closing prices.

    On the day of a split the raw close falls and the adjusted close does not, so that
    their ratio jumps. A crash moves both and is not found.

    Parameters
    ----------
    frame : DataFrame
        ``date``, ``close``, ``adjusted_close`` of one share, by rising day.
    threshold : float, default=0.2
        Smallest change of the log ratio. Dividends change it by a few per cent at most.

    Returns
    -------
    DataFrame
        ``date`` and ``ratio``: the new shares that one old share became.

    Raises
    ------
    ValueError
        For a missing column, days out of order, or a price that is missing or not
        above 0.

    Examples
    --------
    >>> days = pd.to_datetime(["2005-02-25", "2005-02-28"])
    >>> prices = {"close": [88.0, 45.0], "adjusted_close": [11.0, 11.25]}
    >>> find_splits(pd.DataFrame({"date": days, **prices}))["ratio"].tolist()
    [2.0]
    """
    check_number(threshold, "threshold", open=True)
    for name in ("date", "close", "adjusted_close"):
        if name not in frame:
            raise ValueError(f"frame must have the column {name!r}, got {[*frame]}")
    dates = _as_days(frame["date"])
    if not (dates.is_monotonic_increasing and dates.is_unique):
        raise ValueError("date must rise from row to row, got days out of order")
    ratio = _log_ratio(frame)
    steps = -np.diff(ratio)
    rows = np.flatnonzero(np.abs(steps) > threshold)
    days = dates[rows + 1].reset_index(drop=True)
    return pd.DataFrame({"date": days, "ratio": np.exp(steps[rows]).round(2)})


def log_returns(prices: Any) -> np.ndarray:
    """Return the differences of the logarithms of prices, one fewer than prices.

    Raises
    ------
    ValueError
        If there are fewer than two prices, or one is not above 0.

    Examples
    --------
    >>> log_returns([100, 110, 99]).round(4)
    array([ 0.0953, -0.1054])
    """
    values = as_sample(prices, "prices", 2)
    if (values <= 0).any():
        raise ValueError(f"prices must be above 0, got {values.min():g}")
    return np.diff(np.log(values))
