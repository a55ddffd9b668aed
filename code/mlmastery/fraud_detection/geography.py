"""Distances on the map, and the speed that two payments would need."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["distance", "lookup", "needed_speed", "places"]

SHORTEST = 60  # seconds: payments within one minute are not divided by less


def distance(x1: Any, y1: Any, x2: Any, y2: Any) -> Any:
    """Return the straight distance between points of a plane, in their unit.

    Examples
    --------
    >>> float(distance(0.0, 0.0, 3.0, 4.0))
    5.0
    """
    across, up = x1 - x2, y1 - y2
    return np.sqrt(across * across + up * up)


def needed_speed(kilometres: Any, seconds: Any) -> Any:
    """Return the speed in km/h from one payment to the next.

    A time below a minute counts as a minute.

    Examples
    --------
    >>> float(needed_speed(30.0, 900)), float(needed_speed(1.0, 0))
    (120.0, 60.0)
    """
    return kilometres / np.maximum(seconds, SHORTEST) * 3600


def places(frame: pd.DataFrame, key: str) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y by the number of a card or terminal; NaN where there is none.

    Parameters
    ----------
    frame : DataFrame
        With the columns that ``key`` names, x and y.
    key : {"customer", "terminal"}

    Raises
    ------
    ValueError
        If a column is missing or a number comes twice.

    Examples
    --------
    >>> places(pd.DataFrame({"terminal": [1], "x": [2.0], "y": [3.0]}), "terminal")[0]
    array([nan,  2.])
    """
    missing = {key, "x", "y"} - set(frame.columns)
    if missing:
        raise ValueError(f"places of a {key} need the columns {sorted(missing)}")
    numbers = frame[key].to_numpy()
    if len(np.unique(numbers)) < len(numbers):
        raise ValueError(f"each {key} must have one place")
    x = np.full(int(numbers.max(initial=-1)) + 1, np.nan)
    y = x.copy()
    x[numbers], y[numbers] = frame["x"], frame["y"]
    return x, y


def lookup(
    table: tuple[np.ndarray, np.ndarray], numbers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the x and y of cards or terminals; NaN where a number is not known.

    Parameters
    ----------
    table : pair of arrays
        From `places`.
    numbers : array of shape (n,)

    Examples
    --------
    >>> lookup((np.array([1.0]), np.array([2.0])), np.array([0, 5]))[0]
    array([ 1., nan])
    """
    known = (numbers >= 0) & (numbers < len(table[0]))
    if not len(table[0]):
        return np.full(len(numbers), np.nan), np.full(len(numbers), np.nan)
    safe = np.where(known, numbers, 0)
    x, y = (np.where(known, axis[safe], np.nan) for axis in table)
    return x, y
