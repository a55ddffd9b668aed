"""Tell the kind of a column, and its faults when seen alone."""

import datetime as dt
import re
import warnings
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd

from mlmastery.data_exploration.dates import date_formats

__all__ = [
    "KINDS",
    "Numbers",
    "as_dates",
    "column_kind",
    "date_formats",
    "describe_numbers",
    "finite",
    "holds_dates",
    "overview_table",
    "plain",
    "require_table",
    "share_of_numbers",
    "types_of",
]

KINDS = (
    "number",
    "binary",
    "code",
    "category",
    "text",
    "date",
    "duration",
    "boolean",
    "constant",
    "empty",
)
FEW = 50  # a text column with at most so many values, or with repeats, is a category
LOOKED_AT = 1000  # cells from which the meaning of a text is guessed
MOST_LEVELS = 12  # months are codes, hours of the day are numbers
REPEATS = 5  # rows a level, on average, that make a whole number a code
EASY = 1e150  # beyond it, squares overflow


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
            "rename them, so that each name means one column"
        )


def plain(df: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose cells can be compared, in types that NumPy knows.

    Lists, bytes and such become text; columns of Arrow and of pandas' own types with
    `pandas.NA` become those with NaN; float16 becomes float32.
    """
    return pd.DataFrame({name: _comparable(df[name]) for name in df.columns})


def _comparable(values: pd.Series) -> pd.Series:
    dtype = values.dtype
    if isinstance(dtype, pd.ArrowDtype):
        cells = values.array.__arrow_array__().to_pandas(types_mapper=None)
        values = pd.Series(cells.to_numpy(), index=values.index, name=values.name)
    elif isinstance(dtype, pd.api.extensions.ExtensionDtype):
        values = _without_na(values)
    elif dtype == np.float16:
        return values.astype(np.float32)
    return _hashable(values)


def _without_na(values: pd.Series) -> pd.Series:
    """Turn a nullable number column into one of NumPy; leave the other types."""
    bare = getattr(values.dtype, "numpy_dtype", None)
    if bare is None:
        return values
    if not values.isna().any():
        return values.astype(bare)
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype(object).where(values.notna(), None)
    return values.astype(float)


def _hashable(values: pd.Series) -> pd.Series:
    if values.dtype != object:
        return values
    try:
        values.map(hash)
    except TypeError:
        pass
    else:
        if _are_too_long(values.dropna()):
            return values.map(str, na_action="ignore")
        if not values.map(lambda cell: isinstance(cell, bytes)).any():
            return values
    plain_cells = (
        str | int | float | complex | Decimal | dt.date | dt.time | dt.timedelta
    )
    odd = values.map(
        lambda cell: (
            not (cell is None or isinstance(cell, plain_cells) or _is_gap(cell))
        )
    )
    return values.where(~odd.astype(bool), values.map(_shown))


def _is_gap(cell: object) -> bool:
    return cell is pd.NA or cell is pd.NaT


def _shown(cell: object) -> str:
    return str(cell.tolist()) if isinstance(cell, np.ndarray) else str(cell)


def finite(values: pd.Series) -> pd.Series:
    """Return the numbers of a column: no missing cells, no infinities, as floats."""
    numbers = values.dropna().astype(float)
    return numbers[np.isfinite(numbers)]


def column_kind(values: pd.Series) -> str:
    """Say what kind of column this is: one of `KINDS`.

    Two whole numbers that repeat are "binary". A "code" is a column of at most twelve
    whole numbers from 0 up, which leave few gaps and repeat five times each on
    average, as classes and months do; or a text of digits with leading zeros, as
    postal codes are. A count stays a "number": it begins at 0, has four values or
    more, and reaches its largest less than a tenth as often as its commonest. The
    price of the rule: counts and ratings that begin at 1 are taken for codes, and codes
    from 0 whose last class is that rare for counts. "date" holds calendar dates, also as
    text; "duration" spans of time and times of day.

    Examples
    --------
    >>> column_kind(pd.Series([1.5, None, 2.0])), column_kind(pd.Series(["a", "b"]))
    ('number', 'category')
    >>> column_kind(pd.Series([0, 1, 1, 0])), column_kind(pd.Series([1, 2, 3] * 5))
    ('binary', 'code')
    >>> column_kind(pd.Series(["2013-01-01", "2013-01-02"]))
    'date'
    """
    values = _comparable(values)
    known = values.dropna()
    if known.empty:
        return "empty"
    if known.iloc[:LOOKED_AT].nunique() == 1 and known.nunique() == 1:
        return "constant"
    if isinstance(known.dtype, pd.CategoricalDtype):
        return "category"
    return _kind_of_type(known) or _kind_of_objects(known)


def _kind_of_type(known: pd.Series) -> str | None:
    """Tell the kind from the type alone, where it says enough."""
    types = pd.api.types
    if types.is_bool_dtype(known.dtype):
        return "boolean"
    if types.is_datetime64_any_dtype(known.dtype):
        return "date"
    if isinstance(known.dtype, pd.PeriodDtype):
        return "date"
    if types.is_timedelta64_dtype(known.dtype):
        return "duration"
    if types.is_complex_dtype(known.dtype) or isinstance(known.dtype, pd.IntervalDtype):
        return "text" if types.is_complex_dtype(known.dtype) else "category"
    return _kind_of_numbers(known) if types.is_numeric_dtype(known.dtype) else None


def _kind_of_objects(known: pd.Series) -> str:
    """Tell the kind from the cells of a column of objects or texts."""
    if known.dtype == object:
        for kind, types in _CELLS.items():
            if known.map(lambda cell, types=types: isinstance(cell, types)).all():
                return (
                    _kind_of_numbers(known.astype(float)) if kind == "number" else kind
                )
    if holds_dates(known):
        return "date"
    return "code" if _has_leading_zeros(known) else _text_or_category(known)


def _are_too_long(known: pd.Series) -> bool:
    """Return whether whole numbers are too long for a float to tell them apart."""
    if not known.map(lambda cell: isinstance(cell, int) and abs(cell) >= 2**64).any():
        return False
    try:
        return bool(known.map(float).nunique() < known.nunique())
    except (OverflowError, TypeError, ValueError):
        return True


_CELLS: dict[str, tuple[type, ...]] = {
    "boolean": (bool, np.bool),
    "number": (int, float, np.number, Decimal, Real),
    "date": (dt.date, pd.Period, np.datetime64),
    "duration": (dt.timedelta, dt.time, np.timedelta64),
}


def _kind_of_numbers(known: pd.Series) -> str:
    if known.iloc[:LOOKED_AT].nunique() > MOST_LEVELS:
        return "number"  # most columns of numbers end here, whatever their length
    counts = known.value_counts(sort=False)
    if len(counts) > MOST_LEVELS:
        return "number"
    levels = counts.index.to_numpy().astype(float)
    if not (np.isfinite(levels).all() and (levels % 1 == 0).all()):
        return "number"
    if len(levels) == 2:
        return "binary" if len(known) >= 4 else "number"
    low, high = levels.min(), levels.max()
    dense = low >= 0 and high - low < 2 * len(levels)
    if not dense or len(known) < REPEATS * len(levels) or _are_counts(levels, counts):
        return "number"
    return "code"


def _are_counts(levels: np.ndarray, counts: pd.Series) -> bool:
    """Return whether small whole numbers begin at 0 and end in a thin tail."""
    last = counts.iloc[int(levels.argmax())]
    return bool(len(levels) >= 4 and levels.min() == 0 and last < counts.max() / 10)


def _has_leading_zeros(known: pd.Series) -> bool:
    """Return whether all texts are digits, one of them with a zero in front."""
    texts = _texts(known.iloc[:LOOKED_AT])
    if len(texts) != min(len(known), LOOKED_AT) or not texts.str.isdigit().all():
        return False  # the first cells show it, whatever follows
    texts = _texts(known)
    if len(texts) != len(known) or not texts.str.fullmatch(r"\d+").all():
        return False
    return bool(texts.str.fullmatch(r"0\d+").any())


def _text_or_category(known: pd.Series) -> str:
    distinct = known.nunique()
    return "category" if distinct <= max(FEW, len(known) / 10) else "text"


_DATE = re.compile(
    r"\s*(\d{4}[-/.]\d{1,2}([-/.]\d{1,2}|$)|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}"
    r"|\d{1,2}[-/ .]\s?[A-Za-z]{3,9}[-/ .]\s?\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4}"
    r"|\d{4}年|(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\s*$)"
)


def holds_dates(known: pd.Series) -> bool:
    """Return whether nearly all texts are dates, as 2013-01-31 or 31/01/2013."""
    texts = _texts(known.iloc[:: max(1, len(known) // LOOKED_AT)])
    dated = texts.str.match(_DATE)
    return bool(len(texts) and len(texts) == len(dated) and dated.mean() > 0.95)


def as_dates(values: pd.Series) -> pd.Series:
    """Return a column of kind "date" as datetimes without a zone.

    What cannot be read is missing. Texts are read by the likeliest of `date_formats`.

    Examples
    --------
    >>> as_dates(pd.Series(["31.12.2020", "1.1.2021"])).dt.year.tolist()
    [2020, 2021]
    """
    if isinstance(values.dtype, pd.PeriodDtype):
        return values.dt.start_time
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = _dates_of_objects(values)
    return values if values.dt.tz is None else values.dt.tz_localize(None)


def _dates_of_objects(values: pd.Series) -> pd.Series:
    known = values.dropna()
    first = known.iloc[0] if len(known) else None
    if isinstance(first, pd.Period):
        values = values.map(lambda cell: getattr(cell, "start_time", pd.NaT))
    texts = isinstance(first, str)
    form = next(iter(date_formats(known.unique())), None) if texts else None
    if texts and form is None:  # one odd cell among dates
        form = next(iter(date_formats(known.iloc[:1])), "%Y-%m-%d")
    return pd.to_datetime(
        values, format=form, errors="coerce", utc=_has_zone(first, form)
    )


def _has_zone(first: object, form: str | None) -> bool:
    return "%z" in (form or "") or getattr(first, "tzinfo", None) is not None


def _texts(known: pd.Series) -> pd.Series:
    if isinstance(known.dtype, pd.StringDtype):
        return known
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
    if isinstance(cell, int | float | np.number | Decimal):
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
    unit = float(known.abs().max())
    unit = unit if unit > EASY else 1.0
    known = known / unit
    low, q25, median, q75, high = np.quantile(known, [0, 0.25, 0.5, 0.75, 1]) * unit
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # skewness of equal values
        return Numbers(
            float(known.mean() * unit),
            float(known.std() * unit),
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

    Returns
    -------
    DataFrame
        Indexed by column name. The numbers are NaN where the kind is not "number",
        "binary" or "code", and where a code is text. ``earliest`` and ``latest`` are
        missing where it is not "date"; ``shortest`` and ``longest`` count the
        characters of texts and categories.

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


def _are_numbers(values: pd.Series) -> bool:
    """Return whether these are numbers and not digits kept as text."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return True
    known = values.dropna()
    return not known.map(lambda cell: isinstance(cell, str)).any()


def _row(values: pd.Series) -> dict[str, object]:
    dtype, memory = str(values.dtype), values.memory_usage(index=False, deep=True)
    values = _comparable(values)
    kind = column_kind(values)
    counts = values.value_counts()
    counts = counts[counts > 0]  # a category may have values that no row holds
    row: dict[str, object] = {
        "kind": kind,
        "dtype": dtype,
        "missing": int(values.isna().sum()),
        "distinct": len(counts),
        "top": counts.index[0] if len(counts) else None,
        "top count": int(counts.iloc[0]) if len(counts) else 0,
        "memory": int(memory),
    }
    counted = kind == "number" or (kind in ("binary", "code") and _are_numbers(values))
    numbers = describe_numbers(values) if counted else None
    for name in Numbers.__dataclass_fields__:
        row[name] = getattr(numbers, name) if numbers else float("nan")
    dates = as_dates(counts.index.to_series()) if kind == "date" else None
    row["earliest"] = pd.NaT if dates is None else dates.min()
    row["latest"] = pd.NaT if dates is None else dates.max()
    texts = counts.index.astype(str) if kind in ("category", "text") else None
    lengths = texts.str.len() if texts is not None else None
    row["shortest"] = float("nan") if lengths is None else int(lengths.min())
    row["longest"] = float("nan") if lengths is None else int(lengths.max())
    return row
