"""Real faults of the parts behind the service, and whether the answers went on.

Each fault is a context: inside it the part is broken, afterwards it is whole again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd

from .journal import BufferedJournal, Journal
from .registry import ModelRegistry
from .service import Flight, ServingState

__all__ = [
    "SmallDisk",
    "locked",
    "missing",
    "run_faults",
    "swapped",
    "truncated",
]

EACH = 40  # flights: more than fit into the free space of a SQLite page


@contextmanager
def missing(path: Path) -> Iterator[None]:
    """Move a file away, as a disk that is not mounted does."""
    beside = path.with_name(path.name + ".away")
    path.rename(beside)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)  # SQLite makes an empty file where none is
        beside.rename(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a SQLite file so that others can neither read nor write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


@contextmanager
def swapped(path: Path, content: bytes) -> Iterator[None]:
    """Put other bytes in a file's place."""
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


@contextmanager
def truncated(path: Path) -> Iterator[None]:
    """Cut the second half of a file off."""
    content = path.read_bytes()
    with swapped(path, content[: len(content) // 2]):
        yield


class SmallDisk(Journal):
    """A journal whose file may not grow: SQLite itself says that the disk is full.

    Parameters
    ----------
    path : str or Path
    full : bool, default=False
        Can be changed at any time.
    """

    def __init__(self, path: str | Path, full: bool = False):
        self.full = False
        super().__init__(path)
        self.full = full

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        if self.full:
            # SQLite raises the limit to the size that the file has by now.
            connection.execute("PRAGMA max_page_count = 1")
        return connection


def run_faults(
    registry: ModelRegistry,
    database: Path,
    journal: SmallDisk,
    flights: Sequence[Flight],
    skip: Sequence[str] = (),
) -> pd.DataFrame:
    """Break each part, ask the service, repair the part, ask again.

    Parameters
    ----------
    registry : ModelRegistry
        With version 1 as champion; a second version is promoted in each fault.
    database : Path
        The registry's SQLite file.
    journal : SmallDisk
    flights : sequence of Flight
        Different ones for each fault are taken from here, forty at a time.
    skip : sequence of str, default=()
        Faults to leave out: MLflow waits 20 seconds for a locked registry.

    Returns
    -------
    DataFrame
        One row for each fault: ``answered`` of forty, ``version`` that answered,
        ``degraded`` (the reason given), ``after`` (version after the repair), ``lost``
        (answers that are not in the journal in the end).
    """
    rows = {}
    second = Path(registry.resolve(2).source) / "model.skops"
    first = (Path(registry.resolve(1).source) / "model.skops").read_bytes()
    breaks: Mapping[str, Callable] = {
        "registry away": lambda: missing(database),
        "registry locked": lambda: locked(database),
        "model swapped": lambda: swapped(second, first),
        "model truncated": lambda: truncated(second),
        "model missing": lambda: missing(second),
        "disk full": lambda: _full(journal),
    }
    chosen = {name: how for name, how in breaks.items() if name not in skip}
    for number, (name, broken) in enumerate(chosen.items()):
        part = flights[EACH * number : EACH * number + EACH]
        rows[name] = _one_fault(registry, journal, part, broken)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("fault")


@contextmanager
def _full(journal: SmallDisk) -> Iterator[None]:
    journal.full = True
    try:
        yield
    finally:
        journal.full = False


def _one_fault(
    registry: ModelRegistry,
    journal: SmallDisk,
    flights: Sequence[Flight],
    broken: Callable,
) -> dict[str, object]:
    registry.set_alias("champion", 1)
    state, buffered = ServingState(registry), BufferedJournal(journal)
    state.refresh()
    registry.set_alias("champion", 2)  # what the service would load now
    before = len(journal)
    with broken():
        state.refresh()
        answers = state.predict(flights)
        buffered(answers)
        reason = state.trouble or buffered.trouble
    state.refresh()
    buffered.flush()
    return {
        "answered": len(answers),
        "version": answers[0].version,
        "degraded": _short(reason),
        "after": state.predict(flights[:1])[0].version,
        "lost": len(answers) - (len(journal) - before),
    }


def _short(reason: str) -> str:
    """Return the part of a reason that names the fault and no folder of this run."""
    known = {
        "locked": "database is locked",
        "no such table": "no such table",
        "unable to open": "unable to open the database",
        "SHA-256": "SHA-256 differs",
        "cannot be read": "file cannot be read",
        "full": "database or disk is full",
    }
    return next((words for sign, words in known.items() if sign in reason), reason)
