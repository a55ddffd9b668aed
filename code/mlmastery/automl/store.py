"""Keep the trials of a search in a file, so that a killed search goes on.

>>> import tempfile
>>> from pathlib import Path
>>> from types import SimpleNamespace
>>> space = SimpleNamespace(fingerprint=lambda: "a1", describe=lambda: {"depth": [1, 9]})
>>> store = TrialStore(Path(tempfile.mkdtemp()) / "trials.db", space)
>>> store.add(0, {"depth": 3})
>>> store.start(0)
True
>>> store.complete(0, 0.25, seconds=1.5)
>>> store.trials()[["number", "state", "loss"]].to_dict("records")
[{'number': 0, 'state': 'complete', 'loss': 0.25}]
"""

from __future__ import annotations

import json
import math
import os
import socket
import sqlite3
import tempfile
import threading
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import psutil

from mlmastery.sqlite import read_header, write_transaction
from mlmastery.validation import check_count, check_number

__all__ = ["StoreError", "TrialStore"]

APPLICATION = 0x4D4C4D41  # "MLMA", in the header of each file of ours
COLUMNS = ["number", "state", "config", "loss", "test_score", "seconds", "why"]
SCHEMA = """
CREATE TABLE space (fingerprint TEXT NOT NULL, description TEXT NOT NULL);
CREATE TABLE trials (
  number INTEGER PRIMARY KEY, state TEXT NOT NULL DEFAULT 'waiting',
  config TEXT NOT NULL, budget REAL, loss REAL, test_score REAL, seconds REAL,
  why TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
  host TEXT, pid INTEGER, born REAL);
"""
# A connection that a fork has inherited is left open: closing it would end locks
# which the parent still counts on.
_INHERITED: list[sqlite3.Connection] = []


class Space(Protocol):
    """The two methods of a search space that a store needs."""

    def fingerprint(self) -> str:
        """Return a text that differs for different spaces."""

    def describe(self) -> dict[str, Any]:
        """Return the space as JSON can hold it."""


class StoreError(RuntimeError):
    """A file cannot serve as the store of this search; the message says why."""


class TrialStore:
    """Trials of one search space in an SQLite file that several processes share.

    A trial is waiting, running, complete or failed. Each change of state is one short
    transaction, after which it survives the end of the process.

    Parameters
    ----------
    path : str or Path
        A file; it is created where there is none, in a folder that exists.
    space : object
        With ``fingerprint()``, a text, and ``describe()``, a dict for JSON.

    Raises
    ------
    StoreError
        If the file is no store of trials, is damaged, or belongs to another space. It
        is left as it was.
    """

    def __init__(self, path: str | Path, space: Space) -> None:
        self.path = Path(path)
        self._local = threading.local()
        if not self.path.exists():
            _create(self.path, space)
        _check_header(self.path)
        try:
            self._check(space)
        except sqlite3.DatabaseError as error:
            self.close()
            raise StoreError(f"{self.path} is damaged: {error}") from error
        except StoreError:
            self.close()
            raise

    def _check(self, space: Space) -> None:
        connection = self._connection()
        verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
        if verdict != "ok":
            raise StoreError(f"{self.path} is damaged: {verdict}")
        print_, text = connection.execute("SELECT * FROM space").fetchone()
        if print_ != space.fingerprint():
            now = json.dumps(space.describe(), default=_plain, sort_keys=True)
            raise StoreError(
                f"{self.path} holds trials of the space {print_}, {text}, and this "
                f"search has the space {space.fingerprint()}, {now}: use another file"
            )

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection, a new one after a fork."""
        mine = getattr(self._local, "connection", None)
        if mine is not None and self._local.pid != os.getpid():
            _INHERITED.append(mine)
            mine = None
        if mine is None:
            mine = sqlite3.connect(self.path, timeout=60, isolation_level=None)
            mine.execute("PRAGMA synchronous = NORMAL")
            self._local.connection, self._local.pid = mine, os.getpid()
        return mine

    def add(
        self, number: int, config: dict[str, Any], budget: float | None = None
    ) -> None:
        """Put a trial into the queue; the same trial again changes nothing.

        Parameters
        ----------
        number : int
            At least 0.
        config : dict
            For JSON; NumPy's numbers are taken for Python's.
        budget : float, optional
            What the trial may use, such as epochs.

        Raises
        ------
        ValueError
            If the number stands for another configuration, or JSON cannot hold it.
        """
        check_count(number, "number", minimum=0)
        text = _as_json(config)
        with write_transaction(self._connection()) as connection:
            known = connection.execute(
                "SELECT config FROM trials WHERE number = ?", (int(number),)
            ).fetchone()
            if known is None:
                connection.execute(
                    "INSERT INTO trials (number, config, budget) VALUES (?, ?, ?)",
                    (int(number), text, budget),
                )
            elif known[0] != text:
                raise ValueError(f"trial {number} is {known[0]}, got {text}")

    def start(self, number: int) -> bool:
        """Take a waiting trial for this process; return False where it is not waiting.

        Of several workers that ask for one trial, exactly one is told True.

        Raises
        ------
        ValueError
            If there is no such trial.
        """
        me = psutil.Process()
        owner = (socket.gethostname(), me.pid, me.create_time())
        with write_transaction(self._connection()) as connection:
            state = self._state(connection, number)
            if state == "waiting":
                connection.execute(
                    "UPDATE trials SET state = 'running', attempts = attempts + 1, "
                    "host = ?, pid = ?, born = ? WHERE number = ?",
                    (*owner, int(number)),
                )
        return state == "waiting"

    def complete(
        self,
        number: int,
        loss: float,
        seconds: float,
        test_score: float | None = None,
    ) -> None:
        """Note the result of a running trial; a loss that is not finite fails it.

        Parameters
        ----------
        number : int
        loss : float
            On validation data, smaller is better.
        seconds : float
            That the trial took, at least 0.
        test_score : float, optional
            For the record; no search may look at it.

        Raises
        ------
        ValueError
            If there is no such trial, or it is not running.
        """
        seconds = check_number(seconds, "seconds")
        if not math.isfinite(loss):
            self._end(number, "failed", why=f"the loss is {loss}", seconds=seconds)
            return
        score = None if test_score is None else float(test_score)
        values = {"loss": float(loss), "seconds": seconds, "test_score": score}
        self._end(number, "complete", **values)

    def fail(self, number: int, why: str) -> None:
        """Note why a running trial has no result.

        Raises
        ------
        ValueError
            If there is no such trial, or it is not running.
        """
        self._end(number, "failed", why=str(why))

    def _end(self, number: int, state: str, **values: Any) -> None:
        names = "".join(f", {name} = ?" for name in values)
        with write_transaction(self._connection()) as connection:
            now = self._state(connection, number)
            if now != "running":
                raise ValueError(f"trial {number} must be running, it is {now}")
            connection.execute(
                f"UPDATE trials SET state = ?{names} WHERE number = ?",
                (state, *values.values(), int(number)),
            )

    @staticmethod
    def _state(connection: sqlite3.Connection, number: int) -> str:
        row = connection.execute(
            "SELECT state FROM trials WHERE number = ?", (int(number),)
        ).fetchone()
        if row is None:
            raise ValueError(f"there is no trial {number}")
        return str(row[0])

    def requeue_stale(self) -> list[int]:
        """Let trials of dead processes wait again, each once; fail them the next time.

        Trials that run on another machine are left alone: from here nobody can tell
        whether their process is alive.

        Returns
        -------
        list of int
            The trials that wait again.
        """
        with write_transaction(self._connection()) as connection:
            rows = connection.execute(
                "SELECT number, attempts, pid, born FROM trials "
                "WHERE state = 'running' AND host = ? ORDER BY number",
                (socket.gethostname(),),
            ).fetchall()
            dead = [(n, attempts) for n, attempts, *who in rows if not _alive(*who)]
            again = [number for number, attempts in dead if attempts < 2]
            for number, attempts in dead:
                state = "waiting" if attempts < 2 else "failed"
                why = "" if attempts < 2 else f"its process died {attempts} times"
                connection.execute(
                    "UPDATE trials SET state = ?, why = ? WHERE number = ?",
                    (state, why, number),
                )
        return again

    def trials(self) -> pd.DataFrame:
        """Return all trials by number.

        Returns
        -------
        DataFrame
            Columns ``number``, ``state``, ``config`` (dicts), ``loss``,
            ``test_score``, ``seconds`` (NaN where there is none) and ``why``.
        """
        query = f"SELECT {', '.join(COLUMNS)} FROM trials ORDER BY number"
        table = pd.DataFrame(self._connection().execute(query), columns=COLUMNS)
        table["config"] = table["config"].map(json.loads).astype(object)
        numbers = {"number": int, "loss": float, "test_score": float, "seconds": float}
        return table.astype(numbers)

    def close(self) -> None:
        """Close this thread's connection; the next call opens another."""
        mine = getattr(self._local, "connection", None)
        if mine is not None and self._local.pid == os.getpid():
            mine.close()
            self._local.connection = None

    def __enter__(self) -> TrialStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.path, self._local = state["path"], threading.local()


def _create(path: Path, space: Space) -> None:
    """Make the file under another name and link it: no other process sees a part."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        with closing(sqlite3.connect(beside)) as connection:
            connection.executescript(SCHEMA)
            text = json.dumps(space.describe(), default=_plain, sort_keys=True)
            values = (space.fingerprint(), text)
            connection.execute("INSERT INTO space VALUES (?, ?)", values)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.commit()
            connection.execute("PRAGMA journal_mode = WAL")
        os.link(beside, path)
    except FileExistsError:
        pass  # another process was faster; its file is as good
    finally:
        os.unlink(beside)


def _check_header(path: Path) -> None:
    header = read_header(path)
    if header is None or header.application != APPLICATION:
        raise StoreError(f"{path} is not a store of trials: choose another file")


def _alive(pid: int, born: float) -> bool:
    """Tell whether a process runs; its start tells it from a later one of that id."""
    try:
        process = psutil.Process(pid)
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and abs(process.create_time() - born) < 1
    except psutil.NoSuchProcess:
        return False


def _as_json(config: dict[str, Any]) -> str:
    if not isinstance(config, dict):
        raise ValueError(f"config must be a dict, got {type(config).__name__}")
    try:
        return json.dumps(config, default=_plain, sort_keys=True)
    except TypeError as error:
        raise ValueError(f"config must hold what JSON can: {error}") from error


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} {value!r:.60}")
