"""Learn what a table looks like, write it down, and refuse a table that differs.

>>> import pandas as pd
>>> schema = learn_schema(pd.DataFrame({"age": [20.0, 60.0], "job": ["a", "b"]}))
>>> schema.check(pd.DataFrame({"age": [30.0], "job": ["c"]}))
Traceback (most recent call last):
    ...
mlmastery.ml_pipeline.schema.SchemaFault: 1 fault: job: 'c' in 1 row, expected one of a, b
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
import pandera.pandas as pa
import yaml
from pandas.api import types

from mlmastery.validation import check_choice, check_number

from .kinds import MOST_CLASSES, check_table

__all__ = ["ColumnRule", "SchemaFault", "TableSchema", "learn_schema"]

SHOWN = 6  # categories listed in a message
UNKNOWN = ("refuse", "flag")
EXTRA = ("refuse", "ignore")


class SchemaFault(ValueError):
    """A table that does not keep a schema; ``faults`` has a row for each fault."""

    def __init__(self, faults: pd.DataFrame) -> None:
        self.faults = faults
        lines = [f"{row.column}: {row.fault}" for row in faults.itertuples()]
        count = f"{len(lines)} fault{'s' * (len(lines) != 1)}"
        super().__init__(f"{count}: " + "; ".join(lines))


@dataclass(frozen=True)
class ColumnRule:
    """The rule of one column.

    Parameters
    ----------
    dtype : str
        As pandas writes it: ``"float64"``, ``"str"``, ``"Int64"`` for whole numbers
        with missing values.
    nullable : bool
        Whether a value may be missing.
    low, high : float, optional
        Limits of numbers, in the column's unit.
    values : tuple of str, optional
        The categories.

    Examples
    --------
    >>> ColumnRule("float64", nullable=False, low=0.0).high is None
    True
    """

    dtype: str
    nullable: bool
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        try:
            pd.api.types.pandas_dtype(self.dtype)
        except TypeError as error:
            raise ValueError(f"dtype must be a type of pandas: {error}") from None
        check_choice(self.nullable, "nullable", (True, False))
        for name in ("low", "high"):
            if (limit := getattr(self, name)) is not None:
                check_number(limit, name, minimum=-math.inf)
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(
                f"low must not exceed high, got {self.low} and {self.high}"
            )
        odd = [v for v in self.values or () if not isinstance(v, str)]
        if odd:
            raise ValueError(f"values must be texts, got {odd[0]!r}: quote it in YAML")


@dataclass(frozen=True)
class TableSchema:
    """Rules of all columns, and what to do with extra columns and unknown categories.

    Parameters
    ----------
    columns : dict of str to ColumnRule
    unknown : {"refuse", "flag"}, default="refuse"
        With "flag" a row with an unknown category passes, and `unknown_in` names it.
    extra : {"refuse", "ignore"}, default="refuse"
    unread : tuple of str, default=()
        Columns that may be there and are not looked at, such as an identifier.

    Examples
    --------
    >>> TableSchema({"age": ColumnRule("int64", nullable=False)}).extra
    'refuse'
    """

    columns: Mapping[str, ColumnRule]
    unknown: str = "refuse"
    extra: str = "refuse"
    unread: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_choice(self.unknown, "unknown", UNKNOWN)
        check_choice(self.extra, "extra", EXTRA)

    def to_pandera(self) -> pa.DataFrameSchema:
        """Return the schema as pandera's object, strict and without coercion."""
        columns = {name: self._pandera_column(r) for name, r in self.columns.items()}
        strict = self.extra == "refuse"
        return pa.DataFrameSchema(columns, strict=strict, coerce=False)

    def _pandera_column(self, rule: ColumnRule) -> pa.Column:
        checks = []
        if rule.low is not None:
            checks.append(pa.Check.ge(rule.low))
        if rule.high is not None:
            checks.append(pa.Check.le(rule.high))
        if rule.values is not None and self.unknown == "refuse":
            checks.append(pa.Check.isin(list(rule.values)))
        return pa.Column(rule.dtype, checks, nullable=rule.nullable)

    def check(self, df: pd.DataFrame) -> pd.DataFrame:
        """Return the table in the schema's order and types, or raise with all faults.

        Whole numbers are accepted where fractions are expected, and a nullable type
        where no value is missing: nothing is lost by either. Nothing else is converted.

        Parameters
        ----------
        df : DataFrame

        Returns
        -------
        DataFrame
            Columns of the schema, in its order.

        Raises
        ------
        SchemaFault
            With one row of ``faults`` for each column and rule.
        """
        widened = self._widened(df)
        cases = self._cases(widened)
        if cases is not None:
            raise SchemaFault(self._faults(cases, widened))
        return widened[list(self.columns)]

    def refuses(self, df: pd.DataFrame) -> pd.Series:
        """Return which rows of a table with these columns break a rule of values.

        Returns
        -------
        Series of bool
            All true where a column is missing, extra or of another type.
        """
        widened = self._widened(df).reset_index(drop=True)
        cases = self._cases(widened)
        if cases is None:
            return pd.Series(False, index=df.index)
        if cases["index"].isna().any():
            return pd.Series(True, index=df.index)
        bad = widened.index.isin(cases["index"].astype(int))
        return pd.Series(bad, index=df.index)

    def _widened(self, df: pd.DataFrame) -> pd.DataFrame:
        read = check_table(df).columns.difference(list(self.unread), sort=False)
        widened = df[read].copy()
        for name in read.intersection(list(self.columns)):
            widened[name] = _widened(widened[name], self.columns[name].dtype)
        return widened

    def _cases(self, widened: pd.DataFrame) -> pd.DataFrame | None:
        """Return pandera's failure cases, or None if there is none."""
        try:
            self.to_pandera().validate(widened, lazy=True)
        except pa.errors.SchemaErrors as errors:
            return errors.failure_cases
        return None

    def _faults(self, cases: pd.DataFrame, df: pd.DataFrame) -> pd.DataFrame:
        # pandera sets the column of a missing or an extra one only in failure_case.
        whole = cases["check"].isin(["column_in_dataframe", "column_in_schema"])
        named = cases["column"].where(~whole, cases["failure_case"])
        groups = cases.groupby([named.astype(str), cases["check"]], sort=False)
        rows = [
            {"column": column, "fault": self._words(column, check, group, df)}
            for (column, check), group in groups
        ]
        found = pd.DataFrame(rows, columns=["column", "fault"])
        # A wrong type also breaks the checks of values: report the type alone.
        typed = found["fault"].str.startswith("type ")
        bad = set(found.loc[typed, "column"])
        return found[typed | ~found["column"].isin(bad)].reset_index(drop=True)

    def _words(
        self, column: str, check: str, group: pd.DataFrame, df: pd.DataFrame
    ) -> str:
        if check == "column_in_dataframe":
            return "missing column"
        if check == "column_in_schema":
            return "column that the schema does not have"
        rule, case = self.columns[column], group["failure_case"].iloc[0]
        rows = f"{len(group)} row{'s' * (len(group) != 1)}"
        if check.startswith("dtype"):
            gaps = int(df[column].isna().sum()) if not rule.nullable else 0
            missing = f", missing in {gaps} row{'s' * (gaps != 1)}" if gaps else ""
            return f"type {df[column].dtype}, expected {rule.dtype}{missing}"
        if check == "not_nullable":
            return f"missing in {rows}"
        if rule.values is not None:
            listed = ", ".join(rule.values[:SHOWN])
            more = ", …" * (len(rule.values) > SHOWN)
            return f"{case!r} in {rows}, expected one of {listed}{more}"
        return f"{case} in {rows}, expected {rule.low:g} to {rule.high:g}"

    def unknown_in(self, df: pd.DataFrame) -> pd.Series:
        """Return, for each row, the columns whose category training did not have.

        Returns
        -------
        Series of str
            Names, joined by a comma; empty where every category is known.
        """
        names = pd.Series("", index=df.index, dtype="str")
        for name, rule in self.columns.items():
            if rule.values is not None and name in df.columns:
                new = df[name].notna() & ~df[name].isin(rule.values)
                names = names.where(~new, names + f", {name}")
        return names.str.removeprefix(", ")

    def to_yaml(self) -> str:
        """Return the schema as text, one entry for each column."""
        columns = {}
        for name, rule in self.columns.items():
            known = {k: v for k, v in asdict(rule).items() if v is not None}
            if "values" in known:
                known["values"] = list(known["values"])
            columns[name] = known
        content: dict[str, Any] = {"unknown": self.unknown, "extra": self.extra}
        if self.unread:
            content["unread"] = list(self.unread)
        content["columns"] = columns
        return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)

    @classmethod
    def from_yaml(cls, text: str) -> TableSchema:
        """Return what `to_yaml` wrote.

        Raises
        ------
        ValueError
            If the text is not valid YAML or has other entries.
        """
        try:
            content = yaml.safe_load(text)
            rules = content.pop("columns").items()
            columns = {name: _rule_of(name, rule) for name, rule in rules}
            unread = _as_tuple(content.pop("unread", None)) or ()
            return cls(columns, **content, unread=unread)
        except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"text is not a schema: {error}") from None


def _rule_of(name: str, entries: dict) -> ColumnRule:
    try:
        return ColumnRule(**{**entries, "values": _as_tuple(entries.get("values"))})
    except ValueError as error:
        raise ValueError(f"text is not a schema: column {name!r}: {error}") from None


def _as_tuple(values: list | None) -> tuple | None:
    if values is not None and not isinstance(values, list):
        raise ValueError(f"expected a list of texts, got {values!r}")
    return None if values is None else tuple(values)


def _widened(column: pd.Series, dtype: str) -> pd.Series:
    """Convert where nothing can be lost; otherwise return the column as it is."""
    missing = bool(column.isna().any())
    if dtype == "str" and missing and column.isna().all():
        # One row without a value has no type of its own. pandas 2 would turn the
        # missing cell into the word "nan".
        return column.astype("str").where(column.notna())
    if types.is_bool_dtype(column) or not types.is_numeric_dtype(column):
        return column
    if dtype == "float64" and types.is_integer_dtype(column):
        return column.astype("float64")
    whole = bool((column.dropna() % 1 == 0).all())
    if dtype == "Int64" and whole:
        return column.astype("Int64")
    if dtype == "int64" and types.is_integer_dtype(column) and not missing:
        return column.astype("int64")
    return column


def learn_schema(
    df: pd.DataFrame,
    *,
    margin: float | None = 0.5,
    unknown: str = "refuse",
    extra: str = "refuse",
    unread: tuple[str, ...] = (),
) -> TableSchema:
    """Learn types, missing values, ranges and categories from training rows.

    Parameters
    ----------
    df : DataFrame of shape (n_samples, n_columns)
    margin : float or None, default=0.5
        By what share of its range a number may leave the range on either side; None
        sets no limits.
    unknown, extra : str
        As for `TableSchema`.
    unread : tuple of str, default=()
        As for `TableSchema`.

    Returns
    -------
    TableSchema

    Raises
    ------
    TypeError, ValueError
        If the table cannot be used or the margin is negative.

    Examples
    --------
    >>> schema = learn_schema(pd.DataFrame({"age": [20, 60]}), margin=0.25)
    >>> schema.columns["age"]
    ColumnRule(dtype='int64', nullable=False, low=10.0, high=70.0, values=None)
    """
    if margin is not None:
        check_number(margin, "margin")
    check_table(df)
    rules = {str(name): _rule(df[name], margin) for name in df.columns}
    return TableSchema(rules, unknown, extra, tuple(unread))


def _rule(column: pd.Series, margin: float | None) -> ColumnRule:
    nullable = bool(column.isna().any())
    if types.is_bool_dtype(column) or types.is_datetime64_any_dtype(column):
        return ColumnRule(str(column.dtype), nullable)
    if not types.is_numeric_dtype(column):
        values = sorted(map(str, column.dropna().unique()))
        few = len(values) <= max(MOST_CLASSES, len(column) // 10)
        return ColumnRule("str", nullable, values=tuple(values) if few else None)
    dtype = "Int64" if types.is_integer_dtype(column) and nullable else column.dtype
    if margin is None or column.isna().all():
        return ColumnRule(str(dtype), nullable)
    low, high = float(column.min()), float(column.max())
    slack = margin * (high - low)
    return ColumnRule(str(dtype), nullable, low - slack, high + slack)
