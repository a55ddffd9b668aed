r"""Load a table from a file, a database or a web API by one call.

>>> import tempfile
>>> from pathlib import Path
>>> path = Path(tempfile.mkdtemp()) / "prices.csv"
>>> _ = path.write_text("item;price\ntea;2.5\nrice;1.2\n")
>>> load_table(path).shape
(2, 2)
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import psutil

from mlmastery.data_exploration.dialect import (
    find_encoding,
    find_separator,
    first_bytes,
    likely_legacy,
    not_text,
)
from mlmastery.data_exploration.records import (
    TableError,
    TableTooLargeError,
    frame_of_json,
    parsed,
)
from mlmastery.data_exploration.textfile import Notes, TextTable, check_options
from mlmastery.data_exploration.workbooks import (
    COMPOUND,
    OTHERS,
    ZIPPED,
    compound_file,
    read_workbook,
    refuse_other_workbook,
)
from mlmastery.validation import check_count

__all__ = [
    "LoadedTable",
    "find_separator",
    "hidden_password",
    "load_table",
    "megabytes",
]

logger = logging.getLogger(__name__)
MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml")
SHARE_OF_MEMORY = 0.5  # of what is free; a table is to leave room for work on it
GROWTH = 5  # a CSV file takes about this many times its size in memory


@dataclass(frozen=True)
class LoadedTable:
    """A table, and how it was read.

    Parameters
    ----------
    frame : DataFrame
    dialect : str
        How the file holds its table; empty where there is nothing to say.
    notes : Notes
    """

    frame: pd.DataFrame
    dialect: str = ""
    notes: Notes = field(default_factory=Notes)


def load_table(
    source: str | Path,
    *,
    query: str | None = None,
    table: str | None = None,
    encoding: str | None = None,
    sample: int | None = None,
    max_bytes: int | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Load a table from wherever it is.

    Parameters
    ----------
    source : str or Path
        A file (``.csv``, ``.tsv``, ``.tab``, ``.txt``, each also with ``.gz``; ``.xlsx``;
        ``.json``; ``.jsonl``; ``.parquet``), a database as an SQLAlchemy URL such as
        ``sqlite:///shop.db``, ``duckdb:///shop.duckdb`` or
        ``postgresql+psycopg://user@host/shop``, or the ``http://`` address of a
        paginated API.
    query, table : str, optional
        For databases: an SQL query, or the name of a table to read whole. Values
        belong into ``params``, never into the text of the query.
    encoding : str, optional
        Of text files. By default what the first bytes show, or else UTF-8; "auto"
        takes what is not UTF-8 for that of older Windows programs, and says so.
    sample : int, optional
        Read that many rows drawn at random, without ever holding the whole table.
        Text and Parquet files only.
    max_bytes : int, optional
        Largest table to hold in memory; default half of what is free.
    **options
        For text files, by the names of `pandas.read_csv`: ``sep``, ``decimal``,
        ``thousands``, ``skiprows``, ``skipfooter``, ``header``, ``names``, ``nrows``,
        ``usecols``, ``dtype``, ``parse_dates``, ``date_format``, ``dayfirst``,
        ``na_values``, ``keep_default_na`` and what concerns quotes. What is not given
        is found in the file, once, and the same for ``sample=``. For Excel ``sheet``
        and most of these; for JSON those of `pandas.json_normalize`; else those of
        ``pandas.read_parquet``, ``read_sql`` or
        :func:`mlmastery.data_exploration.fetch_pages`.

    Returns
    -------
    DataFrame
        ``attrs["notes"]`` lists how the file and its columns were read. What is in
        doubt is logged as a warning, too.

    Raises
    ------
    TableError
        Naming the source: not there, empty, of unknown kind, not text in this
        encoding, no table inside. `TableTooLargeError` if it will not fit.
    TypeError
        If there is no such option.

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
    for name, given in (("query", query), ("table", table)):
        if given is not None:
            raise TypeError(f"{name}= is for databases, and {text} is a file")
    if encoding is not None:
        options["encoding"] = encoding
    loaded = load_file(source, options, sample=sample, max_bytes=max_bytes)
    for note in loaded.notes.doubtful:
        logger.warning("%s: %s", Path(source).name, note)
    notes = [loaded.dialect, *loaded.notes.said]
    loaded.frame.attrs["notes"] = [note for note in notes if note]
    return loaded.frame


def load_file(
    source: str | Path,
    options: Mapping[str, Any],
    *,
    sample: int | None = None,
    seed: int = 0,
    max_bytes: int | None = None,
) -> LoadedTable:
    """Load a file and say how it was read: what `load_table` does, and the command.

    Parameters
    ----------
    source : str or Path
    options : mapping
        As for `load_table`.
    sample, seed, max_bytes : int, optional

    Returns
    -------
    LoadedTable
    """
    path = Path(source)
    kind, said = true_kind(path)
    if sample is not None:
        check_count(sample, "sample")
        if kind not in SAMPLERS:
            raise TableError(
                f"{path}: only {', '.join(SAMPLERS)} can be read in chunks"
            )
        loaded = SAMPLERS[kind](path, dict(options), sample, seed)
    else:
        _check_size(path, max_bytes)
        loaded = READERS[kind](path, dict(options))
    if said:
        loaded.notes.said.insert(0, said)
    return loaded


def true_kind(path: Path) -> tuple[str, str]:
    """Return the suffix that decides the reader, and a note if the name is wrong.

    Raises
    ------
    TableError
        If there is no such file, it is empty, or of a kind that is not read.
    """
    kind = _kind_of(path)
    start = first_bytes(path, 512)
    if start.startswith(COMPOUND):
        raise TableError(compound_file(path))
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(MARKUP):
        raise TableError(f"{path} is not a table: it is a web page")
    if kind in (*TEXTS, ".xls") and start.startswith(ZIPPED):
        return ".xlsx", f"the file is an Excel workbook, though named {kind}"
    if kind in TEXTS and start.startswith(b"PAR1"):
        return ".parquet", f"the file is a Parquet file, though named {kind}"
    if (
        kind in (*WORKBOOKS, *OTHERS)
        and not start.startswith(ZIPPED)
        and _is_text_table(path)
    ):
        return ".csv", f"the file is a text file, though named {kind}"
    return kind, ""


def _is_text_table(path: Path) -> bool:
    """Return whether a file holds lines of several cells each."""
    try:
        rows = text_table(path, {"encoding": "auto", "nrows": 20}).sample(None)
    except (TableError, LookupError):
        return False
    return rows.shape[1] > 1 and len(rows) > 0


def _kind_of(path: Path) -> str:
    """Return the suffix of a file, or say what is wrong with the path."""
    if not path.is_file():
        fault = "is a folder" if path.is_dir() else "does not exist"
        raise TableError(f"{path} {fault}; load_table needs a file, a URL or an API")
    if path.stat().st_size == 0:
        raise TableError(f"{path} is empty: it has 0 bytes")
    suffixes = [s.lower() for s in path.suffixes if s.lower() != ".gz"]
    kind = suffixes[-1] if suffixes else ""
    zipped = first_bytes(path, 4).startswith(ZIPPED) and kind == ".xls"
    if kind in OTHERS and not (zipped or _is_text_table(path)):
        refuse_other_workbook(path, kind)
    if kind not in READERS and kind not in OTHERS:
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


def text_table(path: Path, options: Mapping[str, Any]) -> TextTable:
    """Open a text file; with ``encoding="auto"`` in that of older programs, if need be.

    Raises
    ------
    TableError
        If it is not text, or holds no table.
    """
    options = dict(options)
    guess = options.get("encoding") == "auto"
    if not guess:
        return TextTable(path, **options)
    options["encoding"] = find_encoding(path)
    legacy = likely_legacy(path)
    if options["encoding"] == "utf-8" and legacy and not _is_utf8(path):
        table = TextTable(path, **{**options, "encoding": legacy})
        table.notes.add(f"not UTF-8: read as {legacy}; encoding= chooses another", True)
        return table
    return TextTable(path, **options)


def _is_utf8(path: Path) -> bool:
    from mlmastery.data_exploration.dialect import open_text

    try:
        with open_text(path, "utf-8") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _read_text(
    path: Path, options: dict[str, Any], sample: int | None = None, seed: int = 0
) -> LoadedTable:
    try:
        table = text_table(path, options)
        frame = table.typed(table.sample(sample, seed))
    except LookupError as error:
        raise TableError(f"{path}: {error}") from error
    return LoadedTable(frame, str(table.dialect), table.finish_notes())


def _read_excel(path: Path, options: dict[str, Any]) -> LoadedTable:
    options.pop("encoding", None)
    frame, notes = read_workbook(path, options)
    return LoadedTable(frame, "", notes)


def _decoded(path: Path, encoding: str | None) -> str:
    if encoding in (None, "auto"):
        encoding = find_encoding(path)
    encoding = "utf-8-sig" if encoding in ("utf-8", "utf8") else str(encoding)
    try:
        return first_bytes(path, -1).decode(encoding)
    except UnicodeDecodeError as error:
        raise TableError(not_text(path, encoding, error)) from error


def _read_json(path: Path, options: dict[str, Any]) -> LoadedTable:
    text = _decoded(path, options.pop("encoding", None))
    try:
        content = parsed(text, str(path))
    except json.JSONDecodeError as error:
        if "Extra data" not in str(error) or "\n" not in text.strip():
            raise TableError(f"{path} is not JSON: {error}") from error
        content = _records_of_lines(path, text)
    return LoadedTable(frame_of_json(content, str(path), options))


def _read_json_lines(path: Path, options: dict[str, Any]) -> LoadedTable:
    text = _decoded(path, options.pop("encoding", None))
    content = _records_of_lines(path, text)
    if len(content) == 1 and isinstance(content[0], list):
        content = content[0]
    return LoadedTable(frame_of_json(content, str(path), options))


def _records_of_lines(path: Path, text: str) -> list[Any]:
    """Read one record a line; only a line feed ends a line, as JSON says."""
    records = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            where = f"{path}, line {number}"
            records += [parsed(line, where)] if line.strip() else []
        except json.JSONDecodeError as error:
            raise TableError(f"{where}, is not JSON: {error}") from error
    return records


def _read_parquet(path: Path, options: dict[str, Any]) -> LoadedTable:
    from mlmastery.data_exploration.parquet import check_columns

    options.pop("encoding", None)
    try:
        check_columns(path, options.get("columns"))
        frame = pd.read_parquet(path, **options)
    except TableError:
        raise
    except (OSError, ValueError) as error:
        raise TableError(f"{path} is not a Parquet file: {error}") from error
    return _with_plain_types(frame)


def _with_plain_types(frame: pd.DataFrame) -> LoadedTable:
    """Make numbers of decimals and datetimes of dates, which pandas keeps as objects."""
    from mlmastery.data_exploration.parquet import plain_types

    frame, said = plain_types(frame)
    return LoadedTable(frame, "", Notes(said))


def _sample_parquet(
    path: Path, options: dict[str, Any], sample: int, seed: int
) -> LoadedTable:
    from mlmastery.data_exploration.parquet import sample_parquet

    options.pop("encoding", None)
    check_options(options, ["columns"], "a sample of a Parquet file")
    return _with_plain_types(sample_parquet(path, sample, seed, options.get("columns")))


TEXTS = (".csv", ".tsv", ".txt", ".tab")
WORKBOOKS = (".xlsx", ".xlsm")
READERS: dict[str, Callable[[Path, dict[str, Any]], LoadedTable]] = {
    **dict.fromkeys(TEXTS, _read_text),
    **dict.fromkeys(WORKBOOKS, _read_excel),
    ".json": _read_json,
    ".jsonl": _read_json_lines,
    ".parquet": _read_parquet,
}
SAMPLERS: dict[str, Callable[[Path, dict[str, Any], int, int], LoadedTable]] = {
    **dict.fromkeys(TEXTS, _read_text),
    ".parquet": _sample_parquet,
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
