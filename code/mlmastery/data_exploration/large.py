"""Tables larger than memory: count all rows and draw some, part by part."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mlmastery.data_exploration.loading import (
    SAMPLERS,
    load_file,
    text_table,
    true_kind,
)
from mlmastery.data_exploration.records import TableError
from mlmastery.data_exploration.textfile import TextTable
from mlmastery.validation import check_count


def summarise_file(
    path: str | Path, memory_limit: str = "500MB", **options: Any
) -> pd.DataFrame:
    r"""Count, missing cells, distinct values and moments of each column of a file.

    The file passes by in parts, so it may be much larger than memory; DuckDB adds them
    up. Cells mean what they mean to `load_table`. Distinct values and the median are
    approximate.

    Parameters
    ----------
    path : str or Path
        A text or Parquet file.
    memory_limit : str, default="500MB"
        What DuckDB may use; beyond it, it writes to disk.
    **options
        As for `load_table`.

    Returns
    -------
    DataFrame
        One row per column: ``type``, ``rows``, ``missing``, ``distinct``, ``min``,
        ``median``, ``mean``, ``std``, ``max``.

    Raises
    ------
    TableError
        If the file does not exist or is not a table.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "x.csv"
    >>> _ = path.write_text("a,b\n1,x\n2,\n3,y\n")
    >>> summarise_file(path)[["rows", "missing", "mean"]]
            rows  missing  mean
    column
    a          3        0   2.0
    b          3        1   NaN
    """
    path = Path(path)
    if not path.is_file():
        raise TableError(f"{path} does not exist")
    kind, _ = true_kind(path)
    if kind not in SAMPLERS:
        raise TableError(f"{path}: only {', '.join(SAMPLERS)} can be read in chunks")
    if kind == ".parquet":
        return _summary_of_parquet(path, memory_limit)
    table = text_table(path, options)
    table.study()
    return _summary_of_text(table, memory_limit)


def _summary_of_text(table: TextTable, memory_limit: str) -> pd.DataFrame:
    gaps: dict[str, int] = {}
    parts = _typed_parts(table, gaps)
    first = next(parts, None)
    if first is None:
        names = list(table.dialect.names)
        return _no_rows(names)
    schema = _schema(table, first)
    # SQL takes "a" and "A" for one name: columns go by their place.
    numbered = pa.schema([f.with_name(str(i)) for i, f in enumerate(schema)])

    def batches() -> Iterator[pa.RecordBatch]:
        for frame in (first, *parts):
            batch = pa.RecordBatch.from_pandas(frame, schema, preserve_index=False)
            yield batch.rename_columns(numbered.names)

    reader = pa.RecordBatchReader.from_batches(numbered, batches())
    stats = _ask("SUMMARIZE SELECT * FROM cells", reader, memory_limit, table.path)
    missing = np.array([gaps[name] for name in schema.names])
    return _summary(stats, missing, schema.names)


def _typed_parts(table: TextTable, gaps: dict[str, int]) -> Iterator[pd.DataFrame]:
    for chunk in table.chunks():
        frame = table.typed(chunk)
        frame.columns = frame.columns.astype(str)
        for name, n in frame.isna().sum().items():
            gaps[str(name)] = gaps.get(str(name), 0) + int(n)
        yield frame


def _schema(table: TextTable, first: pd.DataFrame) -> pa.Schema:
    """Return types that suit every part, also one in which a column has no cell."""
    types = {
        "text": pa.string(),
        "empty": pa.float64(),
        "boolean": pa.bool_(),
        "date": None,
        "number": None,
    }
    fields = []
    for name in first.columns:
        kind = table.readings[name].kind
        wanted = types[kind] or pa.Schema.from_pandas(first[[name]]).field(0).type
        fields.append(pa.field(name, wanted))
    return pa.schema(fields)


def _summary_of_parquet(path: Path, memory_limit: str) -> pd.DataFrame:
    try:
        schema = pq.read_schema(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise TableError(f"{path} is not a table: {error}") from error
    cells = ", ".join(_cells(field, i) for i, field in enumerate(schema))
    place = str(path).replace("'", "''")
    places = ", ".join(f'"{i}"' for i in range(len(schema)))
    source = f"(SELECT {cells} FROM read_parquet('{place}') AS t({places}))"
    stats = _ask(f"SUMMARIZE SELECT * FROM {source}", None, memory_limit, path)
    # SUMMARIZE rounds the share of nulls to a hundredth of a per cent: count exactly.
    counts = ", ".join(f'count("{name}")' for name in stats["column_name"])
    known = _ask(f"SELECT {counts} FROM {source}", None, memory_limit, path).iloc[0]
    rows = stats["count"].astype(int).to_numpy()
    return _summary(stats, rows - known.to_numpy().astype(int), schema.names)


def _cells(field: pa.Field, place: int) -> str:
    """Return a column for SQL, with NaN as a gap, as pandas has it.

    Nanoseconds become microseconds, of which DuckDB knows the mean.
    """
    name = f'"{place}"'
    if pa.types.is_floating(field.type):
        name = f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END"
    elif pa.types.is_timestamp(field.type):
        name = f"{name}::TIMESTAMP{'TZ' if field.type.tz else ''}"
    return f'{name} AS "{place}"'


def _no_rows(names: list[str]) -> pd.DataFrame:
    columns = [
        "type",
        "rows",
        "missing",
        "distinct",
        "min",
        "median",
        "mean",
        "std",
        "max",
    ]
    summary = pd.DataFrame(np.nan, pd.Index(names, name="column"), columns)
    return summary.assign(type="VARCHAR", rows=0, missing=0, distinct=0)


def _summary(
    found: pd.DataFrame, missing: np.ndarray, names: list[str]
) -> pd.DataFrame:
    numbers = {
        new: pd.to_numeric(found[old], errors="coerce")
        for new, old in (("median", "q50"), ("mean", "avg"), ("std", "std"))
    }
    summary = {
        "column": names,
        "type": found["column_type"],
        "rows": found["count"].astype(int),
        "missing": missing,
        "distinct": np.minimum(found["approx_unique"], found["count"] - missing),
        "min": found["min"],
        **numbers,
        "max": found["max"],
    }
    return pd.DataFrame(summary).set_index("column")


def sample_rows(
    path: str | Path,
    n_rows: int,
    *,
    seed: int = 0,
    memory_limit: str = "500MB",
    **options: Any,
) -> pd.DataFrame:
    r"""Draw rows of a file at random, each with the same chance, reading it once.

    Parameters
    ----------
    path : str or Path
        A text or Parquet file of any size.
    n_rows : int
        How many; a shorter file comes whole. They keep their order.
    seed : int, default=0
    memory_limit : str, default="500MB"
        Kept for old calls; the rows drawn and one part of the file are all that is held.
    **options
        As for `load_table`.

    Raises
    ------
    TableError
        If the file does not exist or is not a table.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "x.csv"
    >>> _ = path.write_text("a\n" + "\n".join(map(str, range(100))))
    >>> sample_rows(path, 5).shape
    (5, 1)
    """
    if not Path(path).is_file():
        raise TableError(f"{path} does not exist")
    check_count(n_rows, "n_rows")
    return load_file(path, options, sample=n_rows, seed=seed).frame


def _ask(
    sql: str, cells: pa.RecordBatchReader | None, memory_limit: str, path: Path
) -> pd.DataFrame:
    import duckdb

    settings: dict[str, Any] = {"memory_limit": memory_limit, "threads": 1}
    try:
        opened = duckdb.connect(config=settings)
    except duckdb.Error as error:
        raise ValueError(
            f"memory_limit must be a size such as '500MB', got {memory_limit!r}"
        ) from error
    with opened as connection:
        connection.execute("SET preserve_insertion_order = false")
        with contextlib.suppress(duckdb.Error):  # a notebook may not know the setting
            connection.execute("SET enable_progress_bar = false")
        if cells is not None:
            connection.register("cells", cells)
        try:
            return connection.execute(sql).df()
        except duckdb.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise TableError(f"{path} is not a table: {reason}") from error
