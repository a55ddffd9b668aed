"""What programs that keep a file of their own in SQLite share.

>>> import tempfile
>>> path = Path(tempfile.mkdtemp()) / "own.db"
>>> connection = sqlite3.connect(path, isolation_level=None)
>>> with write_transaction(connection):
...     _ = connection.execute("PRAGMA application_id = 7")
>>> connection.close()
>>> read_header(path).application
7
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

__all__ = ["MAGIC", "Header", "read_header", "write_transaction"]

MAGIC = b"SQLite format 3\x00"
SIZE = 100  # bytes of the header


class Header(NamedTuple):
    """The part of a header that tells whose file it is.

    Parameters
    ----------
    application, version : int
        As the program set ``application_id`` and ``user_version``.
    expected_size : int
        Bytes that the file has at least, if nothing was cut off.

    Examples
    --------
    >>> Header(7, 1, 4096).version
    1
    """

    application: int
    version: int
    expected_size: int


def read_header(path: str | Path) -> Header | None:
    """Read a file's first bytes without SQLite, which might write to the file.

    Returns
    -------
    Header or None
        None where it is no SQLite file.

    Raises
    ------
    OSError
        If it cannot be read.

    References
    ----------
    .. [1] SQLite, "Database File Format", section 1.3.
    """
    with Path(path).open("rb") as file:
        header = file.read(SIZE)
    if len(header) < SIZE or not header.startswith(MAGIC):
        return None

    def number(start: int, stop: int) -> int:
        return int.from_bytes(header[start:stop], "big")

    page = number(16, 18)
    size = 65536 if page == 1 else page  # the largest does not fit into two bytes
    return Header(number(68, 72), number(60, 64), size * number(28, 32))


@contextmanager
def write_transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Write all that happens in the ``with``, or nothing.

    Parameters
    ----------
    connection : sqlite3.Connection
        With ``isolation_level=None``, so that Python begins no transaction of its own.
    """
    # Taking the writer's lock at once lets the others wait; a lock taken later, in
    # mid-transaction, is refused without waiting.
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it
            connection.execute("ROLLBACK")
        raise
