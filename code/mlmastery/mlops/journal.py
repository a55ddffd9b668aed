"""What was predicted for which flight by which version, and what happened then.

>>> import tempfile
>>> journal = Journal(Path(tempfile.mkdtemp()) / "journal.db")
>>> journal.append([Prediction("UA1-EWR-0101", 1, "champion", 0.2, {"hour": 5})])
>>> journal.label({"UA1-EWR-0101": True})
>>> journal.joined()[["id", "probability", "late"]].values.tolist()
[['UA1-EWR-0101', 0.2, True]]
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from mlmastery.sqlite import write_transaction
from mlmastery.validation import check_count

__all__ = ["BufferedJournal", "Journal", "JournalFullError", "Prediction"]

TABLES = (
    "CREATE TABLE IF NOT EXISTS predictions (id TEXT, version INTEGER, arm TEXT, "
    "probability REAL, features TEXT, shadow REAL, scheduled TEXT, "
    "PRIMARY KEY (id, version, features))",
    "CREATE TABLE IF NOT EXISTS labels (id TEXT PRIMARY KEY, late INTEGER)",
)


class JournalFullError(RuntimeError):
    """The buffer of a journal that cannot be written is full."""


@dataclass(frozen=True)
class Prediction:
    """One answer of the service.

    Parameters
    ----------
    id : str
        Of the flight.
    version : int
        Of the model that answered.
    arm : str
        "champion" or "challenger".
    probability : float
    features : dict
    shadow : float, optional
        Probability of the challenger that only looked on.
    scheduled : str, default=""
        Time of departure, where the caller knows it.
    """

    id: str
    version: int
    arm: str
    probability: float
    features: Mapping[str, Any] = field(default_factory=dict)
    shadow: float | None = None
    scheduled: str = ""


class Journal:
    """Predictions and labels in a SQLite file, which several processes may write.

    Parameters
    ----------
    path : str or Path
        Created where it is missing.
    timeout : float, default=5
        Seconds to wait for another writer.
    """

    def __init__(self, path: str | Path, timeout: float = 5.0):
        self.path, self.timeout = Path(path), timeout
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            for table in TABLES:
                connection.execute(table)

    def append(self, predictions: Iterable[Prediction]) -> None:
        """Write predictions, all or none; the same question is written once.

        A flight that is asked about again with other features has a second row.

        Raises
        ------
        sqlite3.Error
            If the disk is full, say. Nothing is then written.
        """
        rows = [
            (
                p.id,
                p.version,
                p.arm,
                p.probability,
                json.dumps(dict(p.features)),
                p.shadow,
                p.scheduled,
            )
            for p in predictions
        ]
        # A client that retries asks the same again: the key is what was asked.
        statement = "INSERT OR IGNORE INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?)"
        with closing(self._connect()) as connection, write_transaction(connection):
            connection.executemany(statement, rows)

    def label(self, labels: Mapping[str, bool]) -> None:
        """Write what happened: True for late."""
        rows = [(key, int(late)) for key, late in labels.items()]
        with closing(self._connect()) as connection, write_transaction(connection):
            connection.executemany("INSERT OR REPLACE INTO labels VALUES (?, ?)", rows)

    def __len__(self) -> int:
        """Count the predictions."""
        with closing(self._connect()) as connection:
            (n,) = connection.execute("SELECT count(*) FROM predictions").fetchone()
        return int(n)

    def joined(self) -> pd.DataFrame:
        """Return the predictions whose label is known, oldest first."""
        query = "SELECT * FROM predictions JOIN labels USING (id)"
        return self._frame(query).assign(late=lambda f: f["late"].astype(bool))

    def predictions(self) -> pd.DataFrame:
        """Return all predictions, oldest first; features are JSON."""
        return self._frame("SELECT * FROM predictions")

    def _frame(self, query: str) -> pd.DataFrame:
        with closing(self._connect()) as connection:
            return pd.read_sql_query(f"{query} ORDER BY predictions.rowid", connection)

    def find(self, identity: str) -> list[Prediction]:
        """Return the answers that a flight got, by version, oldest first."""
        query = "SELECT * FROM predictions WHERE id = ? ORDER BY version, rowid"
        with closing(self._connect()) as connection:
            rows = connection.execute(query, (identity,)).fetchall()
        return [
            Prediction(i, v, arm, p, json.loads(f), shadow, scheduled)
            for i, v, arm, p, f, shadow, scheduled in rows
        ]

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=self.timeout, isolation_level=None)


class BufferedJournal:
    """Keep predictions in memory while the journal cannot be written.

    Parameters
    ----------
    journal : Journal
        Anything with ``append``.
    capacity : int, default=100000
        Predictions kept; further ones are refused, not silently dropped.
    batch : int, default=1
        Predictions that are written together.
    """

    def __init__(self, journal: Any, capacity: int = 100_000, batch: int = 1):
        self.journal = journal
        self.capacity = check_count(capacity, "capacity")
        self.batch = check_count(batch, "batch")
        self.trouble = ""
        self._waiting: deque[Prediction] = deque()
        self._lock = threading.Lock()

    @property
    def pending(self) -> int:
        """Count the predictions that are not written yet."""
        return len(self._waiting)

    def __call__(self, predictions: Iterable[Prediction]) -> None:
        """Take predictions and write them, now or when the journal can be written.

        Raises
        ------
        JournalFullError
            If the buffer cannot hold them.
        """
        predictions = list(predictions)
        with self._lock:
            if len(self._waiting) + len(predictions) > self.capacity:
                raise JournalFullError(
                    f"{len(self._waiting)} predictions wait to be written, "
                    f"at most {self.capacity} may"
                )
            self._waiting.extend(predictions)
            if len(self._waiting) >= self.batch:
                self._write()

    def flush(self) -> bool:
        """Try to write what waits; return whether nothing waits any more."""
        with self._lock:
            self._write()
            return not self._waiting

    def _write(self) -> None:
        try:
            if self._waiting:
                self.journal.append(self._waiting)
        except (sqlite3.Error, OSError) as error:
            self.trouble = str(error)
        else:
            self._waiting.clear()
            self.trouble = ""
