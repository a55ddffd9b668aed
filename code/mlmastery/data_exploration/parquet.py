"""Parquet files: rows drawn part by part, and types that pandas keeps as objects."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mlmastery.data_exploration.columns import as_dates
from mlmastery.data_exploration.records import TableError


def sample_parquet(
    path: Path, n_rows: int, seed: int, columns: list[str] | None = None
) -> pd.DataFrame:
    """Draw rows of a Parquet file, part by part.

    Raises
    ------
    TableError
        If it is not a Parquet file.
    """
    generator = np.random.default_rng(seed)
    try:
        check_columns(path, columns)
        with pq.ParquetFile(path) as file:
            keys = generator.random(file.metadata.num_rows)
            chosen = np.sort(np.argsort(keys)[:n_rows])
            parts, before = [], 0
            for batch in file.iter_batches(columns=columns):
                inside = chosen[(chosen >= before) & (chosen < before + len(batch))]
                parts.append(batch.take(pa.array(inside - before)))
                before += len(batch)
            table = pa.Table.from_batches(parts, schema=_schema_of(file, columns))
    except (OSError, pa.ArrowInvalid) as error:
        raise TableError(f"{path} is not a Parquet file: {error}") from error
    return table.to_pandas().reset_index(drop=True)


def check_columns(path: Path, columns: list[str] | None) -> None:
    """Raise if the file has no such column.

    Raises
    ------
    TableError
        Naming the column and those that there are.
    """
    names = pq.read_schema(path).names if columns is not None else []
    odd = [name for name in columns or [] if name not in names]
    if odd:
        raise TableError(
            f"{path} has no column {odd[0]!r}; there are {', '.join(names[:10])}"
        )


def _schema_of(file: pq.ParquetFile, columns: list[str] | None) -> pa.Schema:
    schema = file.schema_arrow
    if columns is None:
        return schema
    fields = [field for field in schema if field.name in columns]
    return pa.schema(fields, schema.metadata)


def plain_types(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return numbers for decimals and datetimes for dates, and what was changed.

    Examples
    --------
    >>> frame, said = plain_types(pd.DataFrame({"price": [Decimal("2.50"), None]}))
    >>> frame["price"].tolist(), said
    ([2.5, nan], ['price: decimals read as floats'])
    """
    said = []
    for name in [name for name, kind in frame.dtypes.items() if kind == "object"]:
        known = frame[name].dropna()
        if known.empty:
            continue
        if known.map(lambda cell: isinstance(cell, Decimal)).all():
            frame[name] = frame[name].astype(float)
            said.append(f"{name}: decimals read as floats")
        elif known.map(lambda cell: type(cell) is dt.date).all():
            frame[name] = as_dates(frame[name])
    return frame, said
