"""Checks of a table of houses and of prices."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlmastery import validation

DEGREES = {"longitude": 180.0, "latitude": 90.0}
"""How far places lie to each side of Greenwich and of the equator."""


def check_houses(
    houses: Any, needed: Sequence[str] = (), areas: Sequence[str] = ()
) -> None:
    """Check a table of houses without prices, and raise if something is wrong.

    Parameters
    ----------
    houses : DataFrame
        One row per house.
    needed : sequence of str
        Columns that must be there.
    areas : sequence of str
        Columns that may be missing in a row, but not negative or infinite.

    Raises
    ------
    TypeError
        If ``houses`` is not a DataFrame.
    ValueError
        If a column is missing or duplicate, ``price`` is one, or an area is impossible
        or not a number.

    Examples
    --------
    >>> check_houses(pd.DataFrame({"lot_area": [8000, -1]}), areas=["lot_area"])
    Traceback (most recent call last):
        ...
    ValueError: lot_area must be at least 0, got -1 in row 1
    """
    if not isinstance(houses, pd.DataFrame):
        raise TypeError(f"houses must be a DataFrame, got {type(houses).__name__}")
    if "price" in houses:
        raise ValueError(
            "houses must not hold the column price: a model that sees it has the answer"
        )
    absent = [column for column in needed if column not in houses]
    if absent:
        raise ValueError(f"houses lacks the columns {', '.join(absent)}")
    if houses.columns.has_duplicates:
        duplicate = houses.columns[houses.columns.duplicated()].unique()
        raise ValueError(f"houses has more than one column {duplicate[0]}")
    for column in areas:
        _check_area(as_numbers(houses[[column]], [column])[column])


def as_numbers(houses: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the table with these columns as NumPy's numbers, whatever type they came in.

    One row of a table, taken out and put into a table again, has columns of objects; a
    table of nullable or Arrow numbers computes by other rules for what is missing.

    Raises
    ------
    ValueError
        Naming the first cell that is neither a number nor missing.

    Examples
    --------
    >>> as_numbers(pd.DataFrame({"lot_area": ["8000", None]}), ["lot_area"])
       lot_area
    0    8000.0
    1       NaN
    """
    others = [c for c in columns if not _is_plain_number(houses[c].dtype)]
    return houses.assign(**{column: _numbers(houses[column]) for column in others})


def _is_plain_number(dtype: Any) -> bool:
    return isinstance(dtype, np.dtype) and dtype.kind in "biuf"


def _numbers(values: pd.Series) -> pd.Series:
    if values.dtype.kind in "mMc":  # to_numeric would make nanoseconds of dates
        values = values.astype(str)
    found = pd.to_numeric(values, errors="coerce")
    numbers = pd.Series(found.to_numpy(float, na_value=np.nan), values.index)
    wrong = np.flatnonzero(numbers.isna() & values.notna())
    if len(wrong):
        raise ValueError(
            f"{values.name} must hold numbers, got {values.iloc[wrong[0]]!r} "
            f"in row {values.index[wrong[0]]}"
        )
    return numbers


def _check_area(area: pd.Series) -> None:
    wrong = np.flatnonzero((area < 0) | np.isinf(area))
    if len(wrong):
        raise ValueError(
            f"{area.name} must be at least 0, got {area.iloc[wrong[0]]:g} "
            f"in row {area.index[wrong[0]]}"
        )


def check_limits(houses: pd.DataFrame, limits: Mapping[str, float]) -> None:
    """Check numbers that may be missing, and have a largest size.

    Raises
    ------
    ValueError
        Naming the first column and row with a larger one.

    Examples
    --------
    >>> check_limits(pd.DataFrame({"latitude": [42.0, 91.0]}), {"latitude": 90})
    Traceback (most recent call last):
        ...
    ValueError: latitude must be from -90 to 90, got 91 in row 1
    """
    for column, limit in limits.items():
        wrong = np.flatnonzero(houses[column].abs() > limit)
        if len(wrong):
            raise ValueError(
                f"{column} must be from -{limit:g} to {limit:g}, got "
                f"{houses[column].iloc[wrong[0]]:g} in row {houses.index[wrong[0]]}"
            )


def check_target(y: Any) -> None:
    """Check that a target holds numbers; what else is wrong, scikit-learn says.

    Raises
    ------
    ValueError
        If it holds texts or dates.

    Examples
    --------
    >>> check_target(["cheap"])
    Traceback (most recent call last):
        ...
    ValueError: y must be numbers, got 'cheap'
    """
    if y is not None and np.asarray(y).dtype.kind != "c":
        validation.as_numbers(y, "y")


def check_prices(prices: Any) -> np.ndarray:
    """Return the prices as floats, or raise if one is not a positive number.

    Raises
    ------
    ValueError
        Naming the first row that is zero, negative, infinite or missing, since none of
        them has a logarithm that means anything.

    Examples
    --------
    >>> check_prices([150_000, 0])
    Traceback (most recent call last):
        ...
    ValueError: prices must be positive and finite, got 0 in row 1
    """
    values = validation.as_numbers(prices, "prices")
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        place = np.unravel_index(wrong.argmax(), values.shape)
        raise ValueError(
            f"prices must be positive and finite, got {values[place]:g} "
            f"in row {place[0] if place else 0}"
        )
    return values


def check_pairs(y_true: Any, y_pred: Any) -> None:
    """Raise unless both hold one price for each of the same houses.

    Raises
    ------
    ValueError
        If there are no prices, or the shapes differ.

    Examples
    --------
    >>> check_pairs([100.0, 200.0], [150.0])
    Traceback (most recent call last):
        ...
    ValueError: y_true and y_pred must have one price per house, got shapes (2,) and (1,)
    """
    shapes = np.shape(y_true), np.shape(y_pred)
    if shapes[0] != shapes[1] or 0 in shapes[0]:
        raise ValueError(
            "y_true and y_pred must have one price per house, "
            f"got shapes {shapes[0]} and {shapes[1]}"
        )
