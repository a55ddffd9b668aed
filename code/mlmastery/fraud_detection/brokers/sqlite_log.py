"""A log in one SQLite file: no server to install, and readers never block the writer.

>>> import tempfile
>>> log = SqliteLog(f"{tempfile.mkdtemp()}/log.db", capacity=3)
>>> log.append(0, [b"a", b"b"]), log.waiting(0)
(2, 2)
>>> try:
...     log.append(0, [b"c", b"d"])
... except BrokerFull as error:
...     print(str(error)[:33])
partition 0 has 2 events waiting,
>>> log.close()
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlmastery.sqlite import write_transaction

from .base import Broker, BrokerDown, BrokerFull, Delivery

__all__ = ["SqliteLog"]

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS log (partition INTEGER, offset INTEGER, payload BLOB,"
    " PRIMARY KEY (partition, offset)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS commits (partition INTEGER PRIMARY KEY,"
    " offset INTEGER NOT NULL)",
)
PAUSE = 0.002  # seconds between two looks for new events


class SqliteLog(Broker):
    """Partitions as rows of one table, ordered by offset.

    Parameters
    ----------
    path : str
    capacity : int, default=10000
        Events that may wait in a partition.
    partitions : int, optional
        Taken and not needed: a partition exists once something is in it.

    Examples
    --------
    >>> import tempfile
    >>> with SqliteLog(f"{tempfile.mkdtemp()}/log.db") as log:
    ...     log.end(0)
    0
    """

    def __init__(self, path: str, capacity: int = 10_000, partitions: int = 1) -> None:
        super().__init__(capacity)
        self.path = path
        if not Path(path).parent.is_dir():
            raise BrokerDown(f"the folder of {path} does not exist")
        # Threads may share the connection if they take turns.
        self._connection = sqlite3.connect(
            path, timeout=10, isolation_level=None, check_same_thread=False
        )
        self._ask("PRAGMA journal_mode = WAL")
        self._ask("PRAGMA synchronous = NORMAL")
        for statement in SCHEMA:
            self._ask(statement)

    def append(
        self, partition: int, payloads: Sequence[bytes], after: int | None = None
    ) -> int:
        """Write events in one transaction."""
        with _as_broker_errors(), write_transaction(self._connection):
            last = self.end(partition)
            self.check_place(partition, last, after)
            self.check_room(partition, len(payloads), last - self.committed(partition))
            rows = [(partition, last + 1 + i, p) for i, p in enumerate(payloads)]
            self._connection.executemany("INSERT INTO log VALUES (?, ?, ?)", rows)
        return last + len(payloads)

    def read(
        self, partition: int, after: int, maximum: int = 100, wait: float = 0.0
    ) -> list[Delivery]:
        """Return the next events."""
        deadline = time.monotonic() + wait
        question = (
            "SELECT offset, payload FROM log WHERE partition = ? AND offset > ?"
            " ORDER BY offset LIMIT ?"
        )
        while True:
            rows = self._ask(question, partition, after, maximum)
            if rows or time.monotonic() >= deadline:
                return [Delivery(*row) for row in rows]
            time.sleep(PAUSE)

    def commit(self, partition: int, offset: int) -> None:
        """Note a position; it never goes back."""
        self._ask(
            "INSERT INTO commits VALUES (?, ?) ON CONFLICT (partition) DO UPDATE"
            " SET offset = max(offset, excluded.offset)",
            partition,
            offset,
        )

    def committed(self, partition: int) -> int:
        """Return the position noted last."""
        question = "SELECT offset FROM commits WHERE partition = ?"
        rows = self._ask(question, partition)
        return int(rows[0][0]) if rows else 0

    def end(self, partition: int) -> int:
        """Return the last offset."""
        question = "SELECT max(offset) FROM log WHERE partition = ?"
        return int(self._ask(question, partition)[0][0] or 0)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _ask(self, question: str, *values: Any) -> list[Any]:
        with _as_broker_errors():
            return self._connection.execute(question, values).fetchall()


@contextmanager
def _as_broker_errors():
    """Say a full disk and a lost file as every broker says them."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise BrokerFull(f"the log cannot grow: {error}") from error
        raise BrokerDown(f"the log does not answer: {error}") from error
