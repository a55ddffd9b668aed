r"""Load a table from a file, a database or a web API by one call.

>>> import tempfile
>>> from pathlib import Path
>>> path = Path(tempfile.mkdtemp()) / "prices.csv"
>>> _ = path.write_text("item;price\ntea;2.5\nrice;1.2\n")
>>> load_table(path).shape
(2, 2)
"""

import csv
import json
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import psutil

from mlmastery.data_exploration.records import (
    TableError,
    TableTooLargeError,
    frame_of_records,
)

SHARE_OF_MEMORY = 0.5  # of what is free; a table is to leave room for work on it
GROWTH = 5  # a CSV file takes about this many times its size in memory


def load_table(
    source: str | Path,
    *,
    query: str | None = None,
    table: str | None = None,
    encoding: str = "utf-8",
    sample: int | None = None,
    max_bytes: int | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Load a table from wherever it is.

    Parameters
    ----------
    source : str or Path
        A file (``.csv``, ``.tsv``, ``.txt``, each also with ``.gz``; ``.xlsx``;
        ``.json``; ``.jsonl``; ``.parquet``), a database as an SQLAlchemy URL such as
        ``sqlite:///shop.db``, ``duckdb:///shop.duckdb`` or
        ``postgresql+psycopg://user@host/shop``, or the ``http://`` address of a
        paginated API.
    query, table : str, optional
        For databases: an SQL query, or the name of a table to read whole. Values
        belong into ``params``, never into the text of the query.
    encoding : str, default="utf-8"
        Of text files.
    sample : int, optional
        Read that many rows drawn at random, through DuckDB, without ever holding the
        whole table. CSV and Parquet files only.
    max_bytes : int, optional
        Largest table to hold in memory; default half of what is free.
    **options
        For the reader behind: ``pandas.read_csv``, ``read_excel``, ``read_sql`` or
        :func:`mlmastery.data_exploration.fetch_pages`.

    Returns
    -------
    DataFrame

    Raises
    ------
    TableError
        Naming the source: not there, empty, of unknown kind, not text in this
        encoding, no table inside. `TableTooLargeError` if it will not fit.

    Examples
    --------
    >>> load_table("no_such_file.csv")
    Traceback (most recent call last):
    mlmastery.data_exploration.records.TableError: no_such_file.csv does not exist; ...
    """
    text = str(source)
    if text.startswith(("http://", "https://")):
        from mlmastery.data_exploration.api import fetch_pages

        return fetch_pages(text, **options)
    if "://" in text:
        return _read_database(text, query, table, options)
    path = Path(source)
    kind = _kind_of(path)
    if sample is not None:
        from mlmastery.data_exploration.large import sample_rows

        return sample_rows(path, sample)
    _check_size(path, max_bytes)
    return READERS[kind](path, encoding, options)


def _kind_of(path: Path) -> str:
    """Return the suffix that decides the reader, or say what is wrong with the path."""
    if not path.is_file():
        found = "is a folder" if path.is_dir() else "does not exist"
        raise TableError(f"{path} {found}; load_table needs a file, a URL or an API")
    if path.stat().st_size == 0:
        raise TableError(f"{path} is empty: it has 0 bytes")
    suffixes = [s.lower() for s in path.suffixes if s.lower() != ".gz"]
    kind = suffixes[-1] if suffixes else ""
    if kind not in READERS:
        raise TableError(
            f"{path} ends in {kind or 'nothing'!r}; load_table reads "
            f"{', '.join(READERS)}, and databases and APIs by their URL"
        )
    return kind


def _check_size(path: Path, max_bytes: int | None) -> None:
    limit = max_bytes or int(psutil.virtual_memory().available * SHARE_OF_MEMORY)
    need = path.stat().st_size * GROWTH
    if need > limit:
        raise TableTooLargeError(
            f"{path} would need about {megabytes(need)} in memory, and "
            f"{megabytes(limit)} are allowed. Read some of its rows with "
            f"load_table(..., sample=100_000), or let summarise_file count them all"
        )


def megabytes(n_bytes: float) -> str:
    """Return a size for people.

    Examples
    --------
    >>> megabytes(61_300_000)
    '61 MB'
    """
    return f"{n_bytes / 1e6:,.0f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:,.1f} kB"


def _read_csv(path: Path, encoding: str, options: dict[str, Any]) -> pd.DataFrame:
    # A byte order mark is not part of the first name.
    encoding = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
    options = {"encoding": encoding, "low_memory": False, **options}
    try:
        if "sep" not in options:
            options["sep"] = find_separator(_first_lines(path, encoding))
        frame = pd.read_csv(path, **options)
    except UnicodeDecodeError as error:
        raise TableError(_not_text(path, encoding, error)) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, OSError) as error:
        raise TableError(f"{path} is not a table: {str(error).strip()}") from error
    _warn_of_doubles(path, encoding, options)
    return frame


def _first_lines(path: Path, encoding: str, n: int = 20) -> list[str]:
    opener: Callable[..., Any] = open
    if path.suffix.lower() == ".gz":
        import gzip

        opener = gzip.open
    with opener(path, "rt", encoding=encoding, newline="") as file:
        return [line for _, line in zip(range(n), file, strict=False)]


def find_separator(lines: list[str]) -> str:
    """Return the sign that cuts these lines into the same number of cells each.

    Examples
    --------
    >>> find_separator(["name;price", "tea, green;2,50"])
    ';'
    """
    best, score = ",", (0.0, 0)
    for sign in ",;\t|":
        counts = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        if not counts or counts[0] < 2:
            continue
        agree = counts.count(counts[0]) / len(counts)
        if (agree, counts[0]) > score:
            best, score = sign, (agree, counts[0])
    return best


def _not_text(path: Path, encoding: str, error: UnicodeDecodeError) -> str:
    byte = error.object[error.start]
    return (
        f"{path} is not {encoding.removesuffix('-sig')} text: byte 0x{byte:02x} cannot "
        "be read. If it comes from an older Windows program, try "
        "load_table(..., encoding='cp1252')"
    )


def _warn_of_doubles(path: Path, encoding: str, options: dict[str, Any]) -> None:
    """Pandas renames the second of two columns of one name, and says nothing."""
    if options.get("header", 0) is None or "names" in options:
        return
    header = next(csv.reader(_first_lines(path, encoding, 1), delimiter=options["sep"]))
    twice = [name for name, n in Counter(header).items() if n > 1 and name]
    if twice:
        warnings.warn(
            f"{path} has several columns named {', '.join(map(repr, twice))}; "
            f"the later ones are now called {twice[0] + '.1'!r} and so on",
            stacklevel=4,
        )


def _read_excel(path: Path, encoding: str, options: dict[str, Any]) -> pd.DataFrame:
    try:
        frame = pd.read_excel(path, **options)
    except Exception as error:  # zip, XML and value errors, by what is broken
        raise TableError(f"{path} is not an Excel workbook: {error}") from error
    if isinstance(frame, dict):
        raise TableError(f"{path}: choose one sheet by sheet_name, not several")
    return frame


def _read_json(path: Path, encoding: str, options: dict[str, Any]) -> pd.DataFrame:
    try:
        content = json.loads(path.read_text(encoding=encoding))
    except UnicodeDecodeError as error:
        raise TableError(_not_text(path, encoding, error)) from error
    except json.JSONDecodeError as error:
        raise TableError(f"{path} is not JSON: {error}") from error
    return frame_of_records(content, str(path))


def _read_json_lines(
    path: Path, encoding: str, options: dict[str, Any]
) -> pd.DataFrame:
    records = []
    for number, line in enumerate(path.read_text(encoding=encoding).splitlines(), 1):
        try:
            records += [json.loads(line)] if line.strip() else []
        except json.JSONDecodeError as error:
            raise TableError(f"{path}, line {number}, is not JSON: {error}") from error
    return frame_of_records(records, str(path))


def _read_parquet(path: Path, encoding: str, options: dict[str, Any]) -> pd.DataFrame:
    try:
        return pd.read_parquet(path, **options)
    except (OSError, ValueError) as error:
        raise TableError(f"{path} is not a Parquet file: {error}") from error


READERS: dict[str, Callable[[Path, str, dict[str, Any]], pd.DataFrame]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".txt": _read_csv,
    ".xlsx": _read_excel,
    ".json": _read_json,
    ".jsonl": _read_json_lines,
    ".parquet": _read_parquet,
}


def _read_database(
    url: str, query: str | None, table: str | None, options: dict[str, Any]
) -> pd.DataFrame:
    """Run the query, or read the table, over a connection that is closed at once."""
    import sqlalchemy as sa
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    shown = hidden_password(url)
    if (query is None) == (table is None):
        raise TableError(f"{shown} is a database: give either query= or table=")
    _check_database_exists(url, shown)
    try:
        engine = sa.create_engine(url)
    except (ArgumentError, ImportError) as error:
        raise TableError(f"{shown} cannot be opened: {error}") from error
    try:
        with engine.connect() as connection:
            quoted = engine.dialect.identifier_preparer.quote_identifier(table or "")
            text = sa.text(query or f"SELECT * FROM {quoted}")
            return pd.read_sql(text, connection, **options)
    except (SQLAlchemyError, pd.errors.DatabaseError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise TableError(f"{shown} refused the query: {reason}") from error
    finally:
        engine.dispose()


def _check_database_exists(url: str, shown: str) -> None:
    """SQLite and DuckDB would make a new, empty file for a mistyped name."""
    scheme, _, path = url.partition(":///")
    embedded = scheme.split("+")[0] in ("sqlite", "duckdb")
    if embedded and path not in ("", ":memory:") and not Path(path).is_file():
        raise TableError(f"{shown} does not exist: there is no file {path}")


def hidden_password(url: str) -> str:
    """Return a URL that may be printed.

    Examples
    --------
    >>> hidden_password("postgresql://ana:secret@host/shop")
    'postgresql://ana:***@host/shop'
    """
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@", 1) if password else url
