"""Tables larger than memory: count all rows and draw some, through DuckDB."""

from pathlib import Path
from typing import Any

import pandas as pd

from mlmastery.data_exploration.records import TableError

FUNCTIONS = {
    ".csv": "read_csv_auto",
    ".tsv": "read_csv_auto",
    ".txt": "read_csv_auto",
    ".parquet": "read_parquet",
}


def summarise_file(path: str | Path, memory_limit: str = "500MB") -> pd.DataFrame:
    r"""Count, missing cells, distinct values and moments of each column of a file.

    DuckDB streams the file in chunks, so it may be much larger than memory. Distinct
    values and the median are approximate.

    Parameters
    ----------
    path : str or Path
        A CSV or Parquet file.
    memory_limit : str, default="500MB"
        What DuckDB may use; beyond it, it writes to disk.

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
    found = _ask(path, "SUMMARIZE SELECT * FROM {table}", memory_limit)
    rows = found["count"].astype(int)
    # SUMMARIZE rounds the share of nulls to a hundredth of a per cent: count exactly.
    counts = ", ".join(f"count({_quoted(name)})" for name in found["column_name"])
    known = _ask(path, f"SELECT {counts} FROM {{table}}", memory_limit).iloc[0]
    numbers = {
        new: pd.to_numeric(found[old], errors="coerce")
        for new, old in (("median", "q50"), ("mean", "avg"), ("std", "std"))
    }
    summary = {
        "column": found["column_name"],
        "type": found["column_type"],
        "rows": rows,
        "missing": rows - known.to_numpy(),
        "distinct": found["approx_unique"],
        "min": found["min"],
        **numbers,
        "max": found["max"],
    }
    return pd.DataFrame(summary).set_index("column")


def sample_rows(
    path: str | Path, n_rows: int, *, seed: int = 0, memory_limit: str = "500MB"
) -> pd.DataFrame:
    r"""Draw rows of a file at random, each with the same chance, reading it once.

    Parameters
    ----------
    path : str or Path
        A CSV or Parquet file of any size.
    n_rows : int
        How many; a shorter file comes whole.
    seed : int, default=0
    memory_limit : str, default="500MB"

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
    if n_rows < 1:
        raise ValueError(f"n_rows must be at least 1, got {n_rows}")
    sql = (
        "SELECT * FROM {table} USING SAMPLE "
        f"reservoir({int(n_rows)} ROWS) REPEATABLE ({int(seed)})"
    )
    return _ask(path, sql, memory_limit)


def _ask(path: str | Path, sql: str, memory_limit: str) -> pd.DataFrame:
    import duckdb

    path = Path(path)
    kind = [s.lower() for s in path.suffixes if s.lower() != ".gz"][-1:]
    if not path.is_file():
        raise TableError(f"{path} does not exist")
    if not kind or kind[0] not in FUNCTIONS:
        raise TableError(f"{path}: only {', '.join(FUNCTIONS)} can be read in chunks")
    settings: dict[str, Any] = {"memory_limit": memory_limit, "threads": 1}
    with duckdb.connect(config=settings) as connection:
        connection.execute("SET preserve_insertion_order = false")
        try:
            table = f"{FUNCTIONS[kind[0]]}($path)"
            return connection.execute(sql.format(table=table), {"path": str(path)}).df()
        except duckdb.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise TableError(f"{path} is not a table: {reason}") from error


def _quoted(name: str) -> str:
    # format() is to leave braces in a column's name alone
    return '"' + name.replace('"', '""').replace("{", "{{").replace("}", "}}") + '"'
