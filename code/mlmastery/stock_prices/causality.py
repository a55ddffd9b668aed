"""Catch features that look into the future, by hiding the future from them.

>>> import pandas as pd
>>> prices = pd.DataFrame({"close": [float(k % 7) for k in range(60)]})
>>> check_causality(lambda frame: frame["close"].rolling(5).mean(), prices)
>>> check_causality(lambda frame: frame["close"].shift(-1), prices)
Traceback (most recent call last):
    ...
mlmastery.stock_prices.causality.LookAheadError: feature must not use the future, ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_count

__all__ = ["LookAheadError", "check_causality", "find_look_ahead"]

Feature = Callable[[pd.DataFrame], Any]
TOLERANCE = 1e-9  # relative; sums in another order differ by rounding


class LookAheadError(ValueError):
    """A feature's past values change when its future is known."""


def check_causality(
    feature: Feature, frame: pd.DataFrame, dates: int = 20, seed: int | None = 0
) -> None:
    """Raise if a feature of day t needs what happens after day t.

    The feature is computed once on all rows and again on the rows up to each of
    ``dates`` random days; its values up to that day must be equal. A feature that
    passes may use the close of day t itself: whether that is known in time is for the
    caller to see, as `hold_next_day` does.

    Parameters
    ----------
    feature : callable
        Takes a frame, returns a Series or DataFrame with the frame's index.
    frame : DataFrame
        Sorted by time, oldest first.
    dates : int, default=20
    seed : int or None, default=0
        Of the choice of days.

    Raises
    ------
    LookAheadError
        If a value changes.
    ValueError
        If the frame is not sorted, is shorter than ``dates`` + 2 rows, or the feature
        returns another index or only missing values.
    """
    changed = find_look_ahead(feature, frame, dates, seed)
    if len(changed):
        first = changed.iloc[0]
        raise LookAheadError(
            f"feature must not use the future, got {len(changed)} changed values; "
            f"{first['feature']} of {first['day']} is {first['known to the end']} with "
            f"all rows and {first['known to that day']} with those to {first['until']}"
        )


def find_look_ahead(
    feature: Feature, frame: pd.DataFrame, dates: int = 20, seed: int | None = 0
) -> pd.DataFrame:
    """Return the values of a feature that change when later rows are hidden.

    Parameters
    ----------
    feature, frame, dates, seed
        As for `check_causality`.

    Returns
    -------
    DataFrame
        ``feature``, ``day``, ``until`` (last row that was shown), ``known to the end``
        and ``known to that day``; of each hidden future the last changed value of each
        column. Without rows for a feature that looks back only.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"frame must be a DataFrame, got {type(frame).__name__}")
    if not (frame.index.is_monotonic_increasing and frame.index.is_unique):
        raise ValueError("frame must be sorted by time without duplicate days")
    if len(frame) < check_count(dates, "dates") + 2:
        raise ValueError(
            f"frame must have at least dates + 2 = {dates + 2} rows, got {len(frame)}"
        )
    whole = _computed(feature, frame)
    if whole.isna().to_numpy().all():
        raise ValueError("feature must have values, got only missing ones")
    rows: list[dict[str, Any]] = []
    for last in _last_rows(len(frame), dates, seed):
        part = _computed(feature, frame.iloc[: last + 1])
        rows += _changes(whole.iloc[: last + 1], part)
    columns = ["feature", "day", "until", "known to the end", "known to that day"]
    return pd.DataFrame(rows, columns=columns)


def _last_rows(n_rows: int, dates: int, seed: int | None) -> np.ndarray:
    """Choose days from the later half: windows are full there, and futures left."""
    late = np.arange(n_rows // 2 if n_rows // 2 > dates else 1, n_rows - 1)
    return np.sort(np.random.default_rng(seed).choice(late, dates, replace=False))


def _computed(feature: Feature, frame: pd.DataFrame) -> pd.DataFrame:
    values = feature(frame.copy())
    if isinstance(values, pd.Series):
        values = values.to_frame("feature" if values.name is None else str(values.name))
    if not isinstance(values, pd.DataFrame) or not values.index.equals(frame.index):
        raise ValueError(
            "feature must return a Series or DataFrame with the frame's index, "
            f"got {type(values).__name__}"
        )
    return values.astype(float)


def _changes(whole: pd.DataFrame, part: pd.DataFrame) -> list[dict[str, Any]]:
    if not whole.columns.equals(part.columns):
        raise LookAheadError(
            "feature must have the same columns whatever follows, got "
            f"{list(whole.columns)} with all rows and {list(part.columns)} without"
        )
    a, b = whole.to_numpy(), part.to_numpy()
    # Each column has its own unit: volumes must not decide what returns may round.
    size = whole.std(ddof=0).fillna(0).to_numpy()
    same = np.isclose(a, b, rtol=TOLERANCE, atol=TOLERANCE * size, equal_nan=True)
    rows = []
    for column in np.flatnonzero(~same.all(axis=0)):
        row = np.flatnonzero(~same[:, column])[-1]
        rows.append(
            {
                "feature": whole.columns[column],
                "day": whole.index[row],
                "until": whole.index[-1],
                "known to the end": a[row, column],
                "known to that day": b[row, column],
            }
        )
    return rows
