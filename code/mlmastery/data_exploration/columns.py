"""What kind of thing a column holds, and what is wrong with it, seen alone."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

KINDS = ("number", "category", "text", "date", "boolean", "constant", "empty")
FEW = 50  # a text column with at most so many values, or with repeats, is a category
LOOKED_AT = 1000  # cells from which the meaning of a text is guessed


def require_table(df: pd.DataFrame) -> None:
    """Raise if this is not a table that can be explored, and say why.

    Raises
    ------
    TypeError
        If ``df`` is not a DataFrame.
    ValueError
        If it has no rows, no columns, several columns of one name, or one whose
        name is missing or a tuple.
    """
    if not isinstance(df, pd.DataFrame):
        raise TypeError(f"df must be a DataFrame, got {type(df).__name__}")
    if df.columns.empty:
        raise ValueError("df has no columns")
    if df.columns.nlevels > 1:
        raise ValueError(
            f"df has column names of {df.columns.nlevels} levels, such as "
            f"{df.columns[0]!r}; join them into one, as in 'a / x'"
        )
    if odd := [c for c in df.columns if isinstance(c, tuple) or pd.isna(c)]:
        raise ValueError(f"df has a column named {odd[0]!r}; give it a name of text")
    if df.empty:
        names = ", ".join(map(str, df.columns[:5]))
        raise ValueError(f"df has no rows, only the columns {names}")
    twice = df.columns[df.columns.duplicated()].unique()
    if len(twice):
        raise ValueError(
            f"df has {int((df.columns == twice[0]).sum())} columns named {twice[0]!r}; "
            "rename them, or nobody can say which one is meant"
        )


def plain(df: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose cells can be compared: lists, bytes and such become text."""
    return pd.DataFrame({name: _hashable(df[name]) for name in df.columns})


def _hashable(values: pd.Series) -> pd.Series:
    if values.dtype != object:
        return values
    kinds = list | dict | set | np.ndarray | bytes | bytearray
    odd = values.map(lambda cell: isinstance(cell, kinds))
    return values.where(~odd, values.map(str)) if odd.any() else values


def finite(values: pd.Series) -> pd.Series:
    """Return the numbers of a column: no missing cells, no infinities, as floats."""
    numbers = values.dropna().astype(float)
    return numbers[np.isfinite(numbers)]


def column_kind(values: pd.Series) -> str:
    """Say what kind of column this is: one of `KINDS`.

    Examples
    --------
    >>> column_kind(pd.Series([1.5, None, 2.0])), column_kind(pd.Series(["a", "b"]))
    ('number', 'category')
    >>> column_kind(pd.Series(["2013-01-01", "2013-01-02"]))
    'date'
    """
    known = values.dropna()
    if known.empty:
        return "empty"
    if known.nunique() == 1:
        return "constant"
    if pd.api.types.is_bool_dtype(known.dtype):
        return "boolean"
    if pd.api.types.is_datetime64_any_dtype(known.dtype):
        return "date"
    if isinstance(known.dtype, pd.CategoricalDtype):
        return "category"
    if pd.api.types.is_complex_dtype(known.dtype):
        return "text"
    if pd.api.types.is_numeric_dtype(known.dtype):
        return "number"
    if _holds_numbers(known):
        return "number"
    return "date" if holds_dates(known) else _text_or_category(known)


def _holds_numbers(known: pd.Series) -> bool:
    """Return whether a column of objects holds only numbers, such as Decimal."""
    if known.dtype != object:
        return False
    return known.map(lambda cell: isinstance(cell, int | float | np.number)).all()


def _text_or_category(known: pd.Series) -> str:
    distinct = known.nunique()
    return "category" if distinct <= max(FEW, len(known) / 10) else "text"


def holds_dates(known: pd.Series) -> bool:
    """Return whether nearly all texts are dates, as 2013-01-31 or 31/01/2013."""
    texts = _texts(known.iloc[:: max(1, len(known) // LOOKED_AT)])
    dated = texts.str.match(
        r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"
    )
    return bool(len(texts) and len(texts) == len(dated) and dated.mean() > 0.95)


def _texts(known: pd.Series) -> pd.Series:
    is_text = known.map(lambda cell: isinstance(cell, str)).astype(bool)
    return known[is_text].astype(str)


def share_of_numbers(known: pd.Series) -> tuple[float, str]:
    """Return which share of a text column reads as numbers, and a cell that does not.

    Examples
    --------
    >>> share_of_numbers(pd.Series(["1", "2.5", "n/a", "4"]))
    (0.75, 'n/a')
    """
    counts = known.astype(str).value_counts()
    if not len(counts):
        return 0.0, ""
    reads = pd.to_numeric(counts.index.to_series(), errors="coerce").notna().to_numpy()
    share = float(counts[reads].sum() / counts.sum())
    return share, "" if reads.all() else str(counts.index[~reads][0])


def types_of(known: pd.Series) -> dict[str, int]:
    """Count the Python types in a column of objects: number, text, and others."""
    if known.dtype != object:
        return {}
    return dict(known.map(_type_name).value_counts())


def _type_name(cell: object) -> str:
    if isinstance(cell, bool | np.bool):
        return "truth value"
    if isinstance(cell, int | float | np.number):
        return "number"
    return "text" if isinstance(cell, str) else type(cell).__name__


@dataclass(frozen=True)
class Numbers:
    """Summarise a number column, infinities left out."""

    mean: float
    std: float
    minimum: float
    q25: float
    median: float
    q75: float
    maximum: float
    skew: float
    infinite: int


def describe_numbers(values: pd.Series) -> Numbers:
    """Summarise a column of numbers.

    Examples
    --------
    >>> describe_numbers(pd.Series([1.0, 2.0, 3.0, np.inf])).mean
    2.0
    """
    known = finite(values)
    n_infinite = int(values.notna().sum()) - len(known)
    if known.empty:
        nan = float("nan")
        return Numbers(nan, nan, nan, nan, nan, nan, nan, nan, n_infinite)
    low, q25, median, q75, high = np.quantile(known, [0, 0.25, 0.5, 0.75, 1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # sums of huge numbers
        return Numbers(
            float(known.mean()),
            float(known.std()),
            float(low),
            float(q25),
            float(median),
            float(q75),
            float(high),
            float(known.skew()),
            n_infinite,
        )


def overview_table(df: pd.DataFrame) -> pd.DataFrame:
    """Return one row per column: kind, type, missing cells, values, summary.

    Parameters
    ----------
    df : DataFrame
        Its cells must be hashable: see `plain`.

    Returns
    -------
    DataFrame
        Indexed by column name. The numbers are NaN where the kind is not "number".

    Examples
    --------
    >>> overview_table(pd.DataFrame({"a": [1, 2, 4], "b": ["x", "x", None]}))[
    ...     ["kind", "missing", "distinct", "median", "top"]]
                kind  missing  distinct  median top
    column
    a         number        0         3     2.0   1
    b       constant        1         1     NaN   x
    """
    rows = [_row(df[name]) for name in df.columns]
    return pd.DataFrame(rows, index=pd.Index(df.columns, name="column"))


def _row(values: pd.Series) -> dict[str, object]:
    kind = column_kind(values)
    counts = values.value_counts()
    row: dict[str, object] = {
        "kind": kind,
        "dtype": str(values.dtype),
        "missing": int(values.isna().sum()),
        "distinct": len(counts),
        "top": counts.index[0] if len(counts) else None,
        "top count": int(counts.iloc[0]) if len(counts) else 0,
        "memory": int(values.memory_usage(index=False, deep=True)),
    }
    numbers = describe_numbers(values) if kind == "number" else None
    for name in Numbers.__dataclass_fields__:
        row[name] = getattr(numbers, name) if numbers else float("nan")
    return row
