"""Predictions joined with labels that come later, each counted once.

>>> from datetime import datetime, timedelta, timezone
>>> noon = datetime(2013, 4, 1, 12, tzinfo=timezone.utc)
>>> with Monitor(":memory:") as monitor:
...     _ = monitor.take_predictions([("UA1", noon, 0.25, 1)])
...     took = monitor.take_labels([("UA1", True, noon + timedelta(hours=3))] * 2)
...     monitor.days()["observed"].tolist(), took.repeated
([1], 1)
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mlmastery.sqlite import write_transaction
from mlmastery.validation import check_count, check_number

__all__ = ["Monitor", "MonitorError", "Taken", "daily_performance"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS prediction (
    id TEXT PRIMARY KEY, scheduled REAL NOT NULL, probability REAL NOT NULL,
    version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS label (
    id TEXT PRIMARY KEY, late INTEGER NOT NULL, known_at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value REAL NOT NULL);
"""
JOINED = """
SELECT p.scheduled, p.probability, p.version, l.late, l.known_at
FROM prediction p JOIN label l USING (id) WHERE l.known_at >= p.scheduled
"""


class MonitorError(OSError):
    """The monitor's state could not be written; what came is to be sent again."""


class Taken(NamedTuple):
    """Counts of rows by what became of them.

    Parameters
    ----------
    new, repeated, refused : int
        Written; known already, with the same value; contradicting what is known, or
        not possible.

    Examples
    --------
    >>> Taken(3, 1, 0).new
    3
    """

    new: int
    repeated: int
    refused: int


class Monitor:
    """Keep predictions and labels, in whatever order and however often they come.

    Parameters
    ----------
    path : str or Path
        An SQLite file, or ``":memory:"``.

    Raises
    ------
    MonitorError
        If the file cannot be opened.
    """

    def __init__(self, path: str | Path) -> None:
        try:
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=10
            )
            if str(path) != ":memory:":
                self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise MonitorError(f"the state {path} cannot be opened: {error}") from error

    def __enter__(self) -> Monitor:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def take_predictions(
        self, rows: Iterable[tuple[str, datetime, float, int]]
    ) -> Taken:
        """Keep predictions: id, scheduled time, probability, model version.

        Parameters
        ----------
        rows : iterable of tuple
            The time with its zone; the probability from 0 to 1.

        Returns
        -------
        Taken
            All rows or none are written.

        Raises
        ------
        ValueError
            If a probability is not in its range.
        MonitorError
            If the disk is full.
        """
        ready = []
        for key, scheduled, probability, version in rows:
            check_number(probability, "probability", 0, 1)
            ready.append((str(key), _seconds(scheduled), float(probability), version))
        return self._take("prediction", ready)

    def take_labels(self, rows: Iterable[tuple[str, bool, datetime]]) -> Taken:
        """Keep labels: id, outcome, and when it was known.

        Parameters
        ----------
        rows : iterable of tuple
            They may come before their prediction, and more than once.

        Returns
        -------
        Taken
            A second label of the same id with another value is refused: the first
            stays.

        Raises
        ------
        MonitorError
            If the disk is full.
        """
        ready = [(str(key), int(late), _seconds(known)) for key, late, known in rows]
        return self._take("label", ready)

    def _take(self, table: str, rows: list[tuple[Any, ...]]) -> Taken:
        new = repeated = refused = 0
        marks = ", ".join("?" * len(rows[0])) if rows else ""
        second = {"prediction": "probability", "label": "late"}[table]
        place = {"prediction": 2, "label": 1}[table]
        try:
            with write_transaction(self._connection) as connection:
                for row in rows:
                    done = connection.execute(
                        f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row
                    )
                    if done.rowcount:
                        new += 1
                        continue
                    query = f"SELECT {second} FROM {table} WHERE id = ?"
                    (known,) = connection.execute(query, row[:1]).fetchone()
                    same = known == row[place]
                    repeated, refused = repeated + same, refused + (not same)
        except sqlite3.Error as error:
            raise MonitorError(f"{len(rows)} rows were not written: {error}") from error
        return Taken(new, repeated, refused)

    def advance(self, now: datetime) -> bool:
        """Note the time; return False where the clock has gone back.

        The latest time seen stays in the file, so that a restart does not forget it.
        """
        seconds = _seconds(now)
        query = "SELECT value FROM mark WHERE name = 'now'"
        row = self._connection.execute(query).fetchone()
        if row is not None and seconds < row[0]:
            return False
        try:
            with write_transaction(self._connection) as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO mark VALUES ('now', ?)", (seconds,)
                )
        except sqlite3.Error as error:
            raise MonitorError(f"the time was not written: {error}") from error
        return True

    def limit_pages(self, pages: int | None = None) -> int:
        """Keep the file from growing beyond some pages; return their number.

        Parameters
        ----------
        pages : int, optional
            Those that the file has now where not given.
        """
        (now,) = self._connection.execute("PRAGMA page_count").fetchone()
        limit = now if pages is None else check_count(pages, "pages")
        self._connection.execute(f"PRAGMA max_page_count = {limit}")
        return int(limit)

    def counts(self) -> dict[str, int]:
        """Return how many predictions, labels, and joined rows there are."""
        queries = {
            "predictions": "SELECT COUNT(*) FROM prediction",
            "labels": "SELECT COUNT(*) FROM label",
            "joined": f"SELECT COUNT(*) FROM ({JOINED})",
            "impossible": "SELECT COUNT(*) FROM prediction JOIN label USING (id) "
            "WHERE known_at < scheduled",
        }
        return {
            name: self._connection.execute(query).fetchone()[0]
            for name, query in queries.items()
        }

    def known_share(self, start: datetime, stop: datetime) -> float:
        """Return the share of a span's predictions whose label has come.

        Parameters
        ----------
        start, stop : datetime
            Scheduled times; the second is not included.

        Returns
        -------
        float
            1 where there is no prediction.
        """
        query = (
            "SELECT COUNT(l.id), COUNT(*) FROM prediction p LEFT JOIN label l "
            "USING (id) WHERE p.scheduled >= ? AND p.scheduled < ?"
        )
        span = _seconds(start), _seconds(stop)
        came, made = self._connection.execute(query, span).fetchone()
        return float(came / made) if made else 1.0

    def days(self, complete: float = 0.0) -> pd.DataFrame:
        """Return one row a day of departure, of predictions whose label is known.

        Parameters
        ----------
        complete : float, default=0
            Share of a day's labels that must be known before the day is returned.
        """
        joined = pd.read_sql_query(JOINED, self._connection)
        table = daily_performance(
            joined["late"],
            joined["probability"],
            pd.to_datetime(joined["scheduled"], unit="s").dt.floor("D"),
        )
        query = "SELECT scheduled FROM prediction"
        made = pd.read_sql_query(query, self._connection)["scheduled"]
        made = pd.to_datetime(made, unit="s").dt.floor("D").value_counts()
        table["known"] = table["n"] / made.reindex(table.index)
        return table[table["known"] >= complete]


def daily_performance(late: Any, probability: Any, day: Any) -> pd.DataFrame:
    """Summarise predictions and outcomes by day.

    Parameters
    ----------
    late : array of bool, shape (n,)
    probability : array of shape (n,)
    day : array of shape (n,)

    Returns
    -------
    DataFrame
        Sorted by day: ``n``, ``expected`` (the sum of the probabilities),
        ``observed``, ``z`` (their difference in binomial standard errors), ``loss``
        (mean log loss).

    Examples
    --------
    >>> daily_performance([1, 0], [0.5, 0.5], [1, 1])["loss"].round(3).tolist()
    [0.693]
    """
    y, p = np.asarray(late, float), np.asarray(probability, float)
    clipped = np.clip(p, 1e-9, 1 - 1e-9)
    rows = pd.DataFrame(
        {
            "expected": p,
            "observed": y.astype(int),
            "variance": p * (1 - p),
            "loss": -(y * np.log(clipped) + (1 - y) * np.log(1 - clipped)),
        }
    )
    grouped = rows.groupby(np.asarray(day))
    table = grouped[["expected", "observed", "variance"]].sum()
    table.insert(0, "n", grouped.size())
    deviation = table["observed"] - table["expected"]
    table["z"] = deviation / np.sqrt(table.pop("variance"))
    table["loss"] = grouped["loss"].mean()
    return table


def _seconds(moment: datetime) -> float:
    stamp = pd.Timestamp(moment)
    if stamp is pd.NaT or not math.isfinite(stamp.timestamp()):
        raise ValueError(f"a time must be given, got {moment!r}")
    if stamp.tzinfo is None:
        stamp = stamp.tz_localize(UTC)
    return float(stamp.timestamp())
