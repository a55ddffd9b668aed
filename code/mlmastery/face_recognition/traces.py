"""Search the files of a database for what should no longer be in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mlmastery.sqlite import MAGIC

__all__ = ["Deletion", "content_of", "files_with", "rebuilt"]


@dataclass(frozen=True)
class Deletion:
    """Proof of a deletion.

    Parameters
    ----------
    photographs : int
        Templates removed.
    files, bytes : int
        Searched afterwards, beside the database and itself.
    traces : int
        Places in them that still hold the name or one of the templates, beyond those
        that the rows of other people explain.

    Examples
    --------
    >>> Deletion(2, 1, 36864, 0).traces
    0
    """

    photographs: int
    files: int
    bytes: int
    traces: int


def files_with(path: str | Path, patterns: Sequence[bytes]) -> pd.DataFrame:
    """Search the bytes of a database and of all files beside it that belong to it.

    Parameters
    ----------
    path : str or Path
    patterns : sequence of bytes
        Such as a name in UTF-8, or a template as it is stored.

    Returns
    -------
    DataFrame
        ``file``, ``bytes`` and ``hits`` of every file whose name begins with that of
        the database: SQLite puts its journals there. The header of an SQLite file, 100
        bytes of numbers, is left out.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "faces.db"
    >>> _ = path.write_bytes(b"Ada was here")
    >>> files_with(path, [b"Ada", b"Bob"])
           file  bytes  hits
    0  faces.db     12     1
    """
    path = Path(path)
    rows = []
    for file in sorted(path.parent.iterdir()):
        if file.name.startswith(path.name) and file.is_file():
            content = file.read_bytes()
            hits = sum(map(content_of(content).count, patterns))
            rows.append({"file": file.name, "bytes": len(content), "hits": hits})
    return pd.DataFrame(rows, columns=["file", "bytes", "hits"])


def content_of(file: bytes) -> bytes:
    """Return what a file holds after the header, whose counters are no text."""
    return file[100:] if file.startswith(MAGIC) else file


def rebuilt(connection: sqlite3.Connection) -> bytes:
    """Return a database written anew from its live rows, in memory alone."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        connection.backup(copy)
        copy.execute("VACUUM").close()
        return copy.serialize()
