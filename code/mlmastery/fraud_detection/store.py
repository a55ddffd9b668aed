"""Scores, alerts, positions and states in one file, written in one transaction.

>>> import tempfile
>>> store = Store(f"{tempfile.mkdtemp()}/store.db")
>>> fence = store.take(0, "scorer-a", seconds=5)
>>> store.write(0, fence, Effects(offset=3))
>>> store.position(0)
3
>>> store.close()
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from mlmastery.sqlite import write_transaction

__all__ = ["Effects", "FencedError", "Seen", "Store", "StoreFull"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS scores (id INTEGER PRIMARY KEY, time INTEGER,
 customer INTEGER, terminal INTEGER, amount REAL, features BLOB, score REAL,
 online REAL, marks TEXT, version TEXT, partition INTEGER, offset INTEGER);
CREATE TABLE IF NOT EXISTS alerts (id INTEGER PRIMARY KEY, time INTEGER,
 customer INTEGER, amount REAL, score REAL, reason TEXT, version TEXT);
CREATE TABLE IF NOT EXISTS labels (partition INTEGER, id INTEGER, fraud INTEGER,
 offset INTEGER, PRIMARY KEY (partition, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letters (partition INTEGER, offset INTEGER,
 payload BLOB, reason TEXT, PRIMARY KEY (partition, offset)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alarms (partition INTEGER, day INTEGER, rate TEXT,
 value REAL, side TEXT, PRIMARY KEY (partition, day, rate)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS positions (partition INTEGER PRIMARY KEY, offset INTEGER,
 version TEXT);
CREATE TABLE IF NOT EXISTS counts (partition INTEGER, name TEXT, n INTEGER,
 PRIMARY KEY (partition, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS latencies (partition INTEGER, bucket INTEGER, n INTEGER,
 PRIMARY KEY (partition, bucket)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoints (partition INTEGER PRIMARY KEY,
 offset INTEGER, state BLOB, sha256 TEXT);
CREATE TABLE IF NOT EXISTS leases (partition INTEGER PRIMARY KEY, owner TEXT,
 fence INTEGER, until REAL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value INTEGER);
CREATE TABLE IF NOT EXISTS models (number INTEGER PRIMARY KEY, folder TEXT);
CREATE TABLE IF NOT EXISTS swaps (partition INTEGER, number INTEGER, offset INTEGER,
 note TEXT, PRIMARY KEY (partition, number)) WITHOUT ROWID;
"""
RESULTS = ("scores", "alerts", "labels", "dead_letters", "alarms", "positions")
_ADD = "ON CONFLICT DO UPDATE SET n = n + excluded.n"
_SCORES = "id, time, customer, terminal, amount"


class FencedError(RuntimeError):
    """Another scorer has taken the partition; this one must write nothing more.

    Examples
    --------
    >>> str(FencedError("taken"))
    'taken'
    """


class StoreFull(RuntimeError):
    """The store has no room on its disk; nothing of this batch was written.

    Examples
    --------
    >>> str(StoreFull("database or disk is full"))
    'database or disk is full'
    """


class Seen(NamedTuple):
    """The first processing of an event: its offset, content and score.

    Parameters
    ----------
    offset : int
    content : tuple
        The fields that a copy of the event must share.
    score : float

    Examples
    --------
    >>> Seen(4, (1,), 0.5).offset
    4
    """

    offset: int
    content: tuple[Any, ...]
    score: float


@dataclass
class Effects:
    """All that a batch of events changes in the store.

    Parameters
    ----------
    offset : int
        Of the last event of the batch.
    scores, alerts, labels, dead, alarms : list of tuple
        Rows of the tables.
    counts : dict
        Numbers to be added: scored, duplicates, late, and others.
    version : str
        Of the model that scored the batch.

    Examples
    --------
    >>> effects = Effects()
    >>> effects.count("late"), effects.counts
    (None, {'late': 1})
    """

    offset: int = 0
    scores: list[tuple[Any, ...]] = field(default_factory=list)
    alerts: list[tuple[Any, ...]] = field(default_factory=list)
    labels: list[tuple[Any, ...]] = field(default_factory=list)
    dead: list[tuple[Any, ...]] = field(default_factory=list)
    alarms: list[tuple[Any, ...]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    version: str = ""

    def count(self, name: str, n: int = 1) -> None:
        """Add to a number."""
        self.counts[name] = self.counts.get(name, 0) + n


class Store:
    """The alert store of the stream, in SQLite.

    Parameters
    ----------
    path : str or Path
    durable : bool, default=False
        Whether each transaction waits for the disk, which a loss of power asks for. The
        death of a process does not.

    Raises
    ------
    OSError
        If the folder does not exist.

    Examples
    --------
    >>> import tempfile
    >>> with Store(f"{tempfile.mkdtemp()}/store.db") as store:
    ...     store.counts()
    {}
    """

    def __init__(self, path: str | Path, durable: bool = False) -> None:
        self.path = Path(path)
        if not self.path.parent.is_dir():
            raise FileNotFoundError(f"the folder of {path} does not exist")
        self.connection = sqlite3.connect(path, timeout=20, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        level = "FULL" if durable else "NORMAL"
        self.connection.execute(f"PRAGMA synchronous = {level}")
        if not self._ask("SELECT 1 FROM sqlite_master WHERE name = 'settings'"):
            self.connection.executescript(SCHEMA)

    # Who may write

    def take(self, partition: int, owner: str, seconds: float) -> int | None:
        """Take a partition that is free; return the fencing number, or None.

        Parameters
        ----------
        partition : int
        owner : str
        seconds : float
            Until the lease runs out, if it is not renewed by a write.
        """
        now = time.time()
        with write_transaction(self.connection):
            rows = self._ask(
                "SELECT owner, fence, until FROM leases WHERE partition = ?", partition
            )
            old, fence, until = rows[0] if rows else (None, 0, 0.0)
            if until > now and old != owner:
                return None
            self.connection.execute(
                "INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?)",
                (partition, owner, fence + 1, now + seconds),
            )
        return int(fence) + 1

    def renew(self, partition: int, fence: int, seconds: float) -> None:
        """Keep a lease without writing anything else; raise if it is lost."""
        with write_transaction(self.connection):
            self._check_fence(partition, fence)
            self._extend(partition, seconds)

    def release(self, partition: int, fence: int) -> None:
        """Give a partition back at once, where it is still held."""
        self.connection.execute(
            "UPDATE leases SET until = 0 WHERE partition = ? AND fence = ?",
            (partition, fence),
        )

    def release_of(self, owner: str) -> None:
        """Free what a scorer held that is known to be dead."""
        self.connection.execute("UPDATE leases SET until = 0 WHERE owner = ?", (owner,))

    def lease(self, partition: int) -> tuple[str, int, float] | None:
        """Return owner, fencing number and seconds left, or None."""
        rows = self._ask(
            "SELECT owner, fence, until FROM leases WHERE partition = ?", partition
        )
        return (rows[0][0], rows[0][1], rows[0][2] - time.time()) if rows else None

    def _check_fence(self, partition: int, fence: int) -> None:
        rows = self._ask("SELECT fence FROM leases WHERE partition = ?", partition)
        if not rows or rows[0][0] != fence:
            newer = rows[0][0] if rows else "none"
            raise FencedError(
                f"partition {partition} was taken by another scorer: its fencing "
                f"number is {newer}, this scorer has {fence}"
            )

    def _extend(self, partition: int, seconds: float) -> None:
        self.connection.execute(
            "UPDATE leases SET until = ? WHERE partition = ?",
            (time.time() + seconds, partition),
        )

    # What a batch changes

    def write(
        self,
        partition: int,
        fence: int,
        effects: Effects,
        state: bytes | None = None,
        lease: float = 5.0,
        latencies: Mapping[int, int] | None = None,
    ) -> None:
        """Write a batch's effects and the position behind it: all, or nothing.

        Parameters
        ----------
        partition, fence : int
            As `take` gave it.
        effects : Effects
        state : bytes, optional
            State of the scorer behind the batch, as a checkpoint.
        lease : float, default=5
            Seconds by which the lease is extended.
        latencies : mapping of int to int, optional
            Events by bucket of the histogram, to be added.

        Raises
        ------
        FencedError
            If another scorer has taken the partition.
        StoreFull
            If there is no room.
        """
        try:
            with write_transaction(self.connection):
                self._check_fence(partition, fence)
                self._extend(partition, lease)
                self._insert(partition, effects)
                self._add(partition, effects.counts, latencies or {})
                self._set_position(partition, effects, state)
        except sqlite3.OperationalError as error:
            if "full" in str(error) or "I/O" in str(error):
                raise StoreFull(f"the store cannot write: {error}") from error
            raise

    def insert(self, partition: int, effects: Effects) -> None:
        """Write rows by their keys alone, for an engine that keeps positions itself."""
        with write_transaction(self.connection):
            self._insert(partition, effects)

    def _insert(self, partition: int, effects: Effects) -> None:
        def put(table: str, rows: Sequence[tuple[Any, ...]]) -> None:
            if rows:
                places = ", ".join("?" * len(rows[0]))
                self.connection.executemany(
                    f"INSERT INTO {table} VALUES ({places}) ON CONFLICT DO NOTHING",
                    rows,
                )

        put("scores", effects.scores)
        put("alerts", effects.alerts)
        put("labels", [(partition, *row) for row in effects.labels])
        put("dead_letters", [(partition, *row) for row in effects.dead])
        put("alarms", [(partition, *row) for row in effects.alarms])

    def _add(
        self, partition: int, counts: Mapping[str, int], latencies: Mapping[int, int]
    ) -> None:
        for table, numbers in (("counts", counts), ("latencies", latencies)):
            rows = [(partition, key, n) for key, n in numbers.items()]
            self.connection.executemany(
                f"INSERT INTO {table} VALUES (?, ?, ?) {_ADD}", rows
            )

    def _set_position(
        self, partition: int, effects: Effects, state: bytes | None
    ) -> None:
        offset = effects.offset
        self.connection.execute(
            "INSERT OR REPLACE INTO positions VALUES (?, ?, ?)",
            (partition, offset, effects.version),
        )
        if state is not None:
            self.connection.execute(
                "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?)",
                (partition, offset, state, hashlib.sha256(state).hexdigest()),
            )

    def position(self, partition: int) -> int:
        """Return the offset up to which all effects are written."""
        rows = self._ask("SELECT offset FROM positions WHERE partition = ?", partition)
        return int(rows[0][0]) if rows else 0

    def checkpoint(self, partition: int) -> tuple[int, bytes | None]:
        """Return the last checkpoint's offset and state; 0 and None without one.

        A state whose checksum is wrong counts as none: it is built from the log again.
        """
        rows = self._ask(
            "SELECT offset, state, sha256 FROM checkpoints WHERE partition = ?",
            partition,
        )
        if not rows or hashlib.sha256(rows[0][1]).hexdigest() != rows[0][2]:
            return 0, None
        return int(rows[0][0]), rows[0][1]

    # What was seen before

    def seen(self, partition: int, kind: str, ids: Iterable[int]) -> dict[int, Seen]:
        """Return those of the ids that were processed before."""
        numbers = json.dumps(sorted(set(ids)))
        within = "id IN (SELECT value FROM json_each(?))"
        if kind == "label":
            rows = self._ask(
                "SELECT id, offset, fraud FROM labels"
                f" WHERE partition = ? AND {within}",
                partition,
                numbers,
            )
            return {i: Seen(offset, (fraud,), 0.0) for i, offset, fraud in rows}
        rows = self._ask(
            f"SELECT {_SCORES}, offset, score FROM scores WHERE {within}", numbers
        )
        return {row[0]: Seen(row[5], tuple(row[1:5]), row[6]) for row in rows}

    # Which model

    def point(self, folder: str | Path) -> int:
        """Ask all scorers for another model; return the number of the request."""
        rows = self._ask(
            "INSERT INTO models (folder) VALUES (?) RETURNING number", str(folder)
        )
        return int(rows[0][0])

    def pointer(self) -> tuple[int, str] | None:
        """Return number and folder of the newest request, or None."""
        rows = self._ask(
            "SELECT number, folder FROM models ORDER BY number DESC LIMIT 1"
        )
        return (int(rows[0][0]), rows[0][1]) if rows else None

    def pointers(self) -> list[tuple[int, str]]:
        """Return number and folder of all requests, the newest first."""
        return self._ask("SELECT number, folder FROM models ORDER BY number DESC")

    def agree(self, name: str, value: int) -> None:
        """Keep a setting that must not change while a log and a store live.

        Parameters
        ----------
        name : str
        value : int

        Raises
        ------
        ValueError
            If the store was begun with another value.
        """
        self.connection.execute(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO NOTHING", (name, value)
        )
        rows = self._ask("SELECT value FROM settings WHERE name = ?", name)
        if rows[0][0] != value:
            raise ValueError(
                f"{name} must stay {rows[0][0]}, with which {self.path} was begun, "
                f"got {value}"
            )

    def note_swap(self, partition: int, number: int, offset: int, note: str) -> None:
        """Note a scorer's first answer to a request for another model."""
        self.connection.execute(
            "INSERT OR IGNORE INTO swaps VALUES (?, ?, ?, ?)",
            (partition, number, offset, note),
        )

    # What readers see

    def table(self, name: str) -> list[tuple[Any, ...]]:
        """Return a table's rows in the order of its key."""
        return self._ask(f"SELECT * FROM {name} ORDER BY 1, 2")

    def results(self) -> str:
        """Return a hash of all results: equal for equal effects, whatever happened."""
        whole = hashlib.sha256()
        for name in RESULTS:
            for row in self.table(name):
                whole.update(repr((name, *row)).encode())
        return whole.hexdigest()

    def counts(self) -> dict[str, int]:
        """Return the sums over partitions of what was counted."""
        return dict(
            self._ask("SELECT name, sum(n) FROM counts GROUP BY name ORDER BY name")
        )

    def latencies(self) -> dict[int, int]:
        """Return events by bucket of the histogram; a bucket is a power of 2 in ms."""
        return dict(
            self._ask(
                "SELECT bucket, sum(n) FROM latencies GROUP BY bucket ORDER BY bucket"
            )
        )

    def newest_alerts(self, n: int = 8) -> list[dict[str, Any]]:
        """Return the alerts with the latest event times."""
        names = ("id", "time", "customer", "amount", "score", "reason", "version")
        rows = self._ask(
            f"SELECT {', '.join(names)} FROM alerts ORDER BY time DESC, id DESC LIMIT ?",
            n,
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    def size(self, name: str) -> int:
        """Return how many rows a table has."""
        return int(self._ask(f"SELECT count(*) FROM {name}")[0][0])

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _ask(self, question: str, *values: Any) -> list[Any]:
        return self.connection.execute(question, values).fetchall()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
