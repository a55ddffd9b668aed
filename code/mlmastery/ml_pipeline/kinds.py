"""Say what each column of a table is, and why a column is left out.

>>> import pandas as pd
>>> df = pd.DataFrame({"age": [30.5, 41.0, 30.0], "job": ["a", "b", "a"], "y": [0, 1, 0]})
>>> infer_kinds(df, "y").numeric
('age',)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from pandas.api import types

__all__ = ["ColumnKinds", "check_table", "infer_kinds", "infer_task"]

FEW_ROWS = 20  # below, "all values differ" says little
TEXT_SHARE = 0.5  # distinct values per row from which strings are free text
MOST_CLASSES = 20  # whole numbers with more distinct values are a quantity


@dataclass(frozen=True)
class ColumnKinds:
    """Columns by kind, and the dropped ones with a reason each.

    Parameters
    ----------
    numeric, binary, category, date : tuple of str
        Names, in the table's order. Binary columns are numbers with two values.
    dropped : dict of str to str
        Name and reason.

    Examples
    --------
    >>> ColumnKinds(numeric=("age",)).used
    ('age',)
    """

    numeric: tuple[str, ...] = ()
    binary: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    dropped: dict[str, str] = field(default_factory=dict)

    @property
    def used(self) -> tuple[str, ...]:
        """The names of all columns that are not dropped."""
        return self.numeric + self.binary + self.category + self.date

    def table(self) -> pd.DataFrame:
        """Return one row per column: its kind, and the reason where it is dropped."""
        rows = [
            (name, kind, "")
            for kind in ("numeric", "binary", "category", "date")
            for name in getattr(self, kind)
        ]
        rows += [(name, "dropped", why) for name, why in self.dropped.items()]
        return pd.DataFrame(rows, columns=["column", "kind", "reason"])


def check_table(df: Any, name: str = "df") -> pd.DataFrame:
    """Return a table that has rows and distinct text names, or raise.

    Raises
    ------
    TypeError
        If it is not a DataFrame, or a column's name is not a text.
    ValueError
        If it is empty, or two columns have one name.

    Examples
    --------
    >>> check_table(pd.DataFrame())
    Traceback (most recent call last):
        ...
    ValueError: df must hold at least one row and one column, got shape (0, 0)
    """
    if not isinstance(df, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(df).__name__}")
    if 0 in df.shape:
        raise ValueError(
            f"{name} must hold at least one row and one column, got shape {df.shape}"
        )
    odd = [c for c in df.columns if not isinstance(c, str)]
    if odd:
        raise TypeError(f"{name} must have texts as column names, got {odd[0]!r}")
    twice = sorted(set(df.columns[df.columns.duplicated()]))
    if twice:
        raise ValueError(f"{name} must have distinct column names, got twice: {twice}")
    return df


def infer_kinds(df: pd.DataFrame, target: str) -> ColumnKinds:
    """Infer the kind of each column but the target from its values.

    Parameters
    ----------
    df : DataFrame of shape (n_samples, n_columns)
        Only rows that the model may see: constants and identifiers are judged on them.
    target : str

    Returns
    -------
    ColumnKinds

    Raises
    ------
    TypeError, ValueError
        If the table or the target cannot be used; see `check_table`.

    Examples
    --------
    >>> df = pd.DataFrame({"id": range(30), "x": [0.5, 1.5, 1.0] * 10, "y": [0, 1] * 15})
    >>> infer_kinds(df, "y").dropped
    {'id': 'identifier: every value is different'}
    """
    check_table(df)
    if target not in df.columns:
        raise ValueError(
            f"target must be a column of df, got {target!r}; "
            f"columns: {', '.join(df.columns[:8])}"
        )
    found: dict[str, list[str]] = {}
    dropped = {}
    for name in df.columns.drop(target):
        kind, why = _kind(df[name])
        if why:
            dropped[name] = why
        else:
            found.setdefault(kind, []).append(name)
    kinds = {kind: tuple(names) for kind, names in found.items()}
    return ColumnKinds(**kinds, dropped=dropped)


def _kind(column: pd.Series) -> tuple[str, str]:
    """Return the kind of a column, or a reason to drop it."""
    values = column.dropna()
    distinct = values.nunique()
    if distinct == 0:
        return "", "empty: every value is missing"
    if distinct == 1 and len(values) == len(column):
        return "", "constant: one value in every row"
    if types.is_datetime64_any_dtype(column):
        return "date", ""
    number = types.is_numeric_dtype(column) and not types.is_complex_dtype(column)
    fraction = types.is_float_dtype(column)
    every_differs = distinct == len(column) and len(column) >= FEW_ROWS
    if every_differs and not fraction:
        return "", "identifier: every value is different"
    if number:
        return ("binary" if distinct <= 2 else "numeric"), ""
    if len(column) >= FEW_ROWS and distinct > TEXT_SHARE * len(values):
        return "", "text: most values are different"
    return "category", ""


def infer_task(y: pd.Series) -> str:
    """Return "classification" or "regression" for a target.

    Texts, truth values and whole numbers with few distinct values are classes.

    Raises
    ------
    ValueError
        If a value is missing or all are equal.

    Examples
    --------
    >>> infer_task(pd.Series(["good", "bad"])), infer_task(pd.Series([1.5, 2.5]))
    ('classification', 'regression')
    """
    missing = int(y.isna().sum())
    if missing:
        raise ValueError(
            f"the target {y.name!r} must have a value in every row, "
            f"got {missing} missing of {len(y)}"
        )
    distinct = y.nunique()
    if distinct < 2:
        raise ValueError(
            f"the target {y.name!r} must have at least two values, "
            f"got one: {y.iloc[0]!r}"
        )
    if types.is_bool_dtype(y) or not types.is_numeric_dtype(y):
        return "classification"
    few = types.is_integer_dtype(y) and distinct <= MOST_CLASSES
    return "classification" if few else "regression"
