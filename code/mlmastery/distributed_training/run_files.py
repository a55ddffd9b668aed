"""The files of a run: its lock, its history, its checkpoints and its status.

The history grows by a line a round, so it has a file of its own to which lines are
added; a checkpoint holds what the next round depends on, and never grows.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from mlmastery.distributed_training.checkpoint import (
    CheckpointError,
    CheckpointManager,
)
from mlmastery.distributed_training.settings import changeable_on_resume
from mlmastery.storage import replacing

if TYPE_CHECKING:
    from mlmastery.distributed_training.config import DistributedMLConfig

SHOWN = 50  # rounds and faults in the status
Arrays = dict[str, np.ndarray]


class RunLockedError(RuntimeError):
    """Another process runs in the same directory."""


class DirectoryLock:
    """Hold a directory for one process, until it ends in whatever way.

    The system lets go of the lock when its holder is gone, so that one left by a
    process that was killed holds nobody up.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with DirectoryLock(folder.name):
    ...     DirectoryLock(folder.name).__enter__()
    Traceback (most recent call last):
        ...
    mlmastery.distributed_training.run_files.RunLockedError: ... is held by process ...
    >>> folder.cleanup()
    """

    def __init__(self, directory: str | Path):
        self.path = Path(directory) / "lock"
        self._file: IO[str] | None = None
        self._depth = 0  # it may be entered again by its holder

    def __enter__(self) -> DirectoryLock:
        if self._file is None:
            self._file = self._take()
        self._depth += 1
        return self

    def fileno(self) -> int:
        """Return the file to hand to a child that shall hold the directory as well."""
        assert self._file is not None
        return self._file.fileno()

    def _take(self) -> IO[str]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise RunLockedError(
                f"{self.path} is held by process {holder}: one directory is for one "
                "run at a time"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return file

    def __exit__(self, *exception) -> None:
        self._depth -= 1
        if self._file is not None and self._depth == 0:
            self._file.close()
            self._file = None


class Journal:
    """Records in a file, one JSON object a line, that is only ever added to.

    A line that was cut off by a crash is passed over when the file is read.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> journal = Journal(Path(folder.name) / "history.jsonl")
    >>> journal.append({"round": 0})
    >>> journal.append({"round": 1})
    >>> journal.read()
    [{'round': 0}, {'round': 1}]
    >>> folder.cleanup()
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)

    def append(self, record: dict[str, Any]) -> None:
        """Add one record, on the disk when this returns."""
        with self.path.open("ab") as file:
            if file.tell() and not self._ends_with_a_line():
                file.write(b"\n")
            file.write(json.dumps(record).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _ends_with_a_line(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def read(self) -> list[dict[str, Any]]:
        """Return all records that are whole."""
        if not self.path.exists():
            return []
        records = map(_record, self.path.read_bytes().splitlines())
        return [record for record in records if record is not None]

    def rewrite(self, records: list[dict[str, Any]]) -> None:
        """Put these records in the place of all."""
        with replacing(self.path) as file:
            file.writelines(json.dumps(record).encode() + b"\n" for record in records)


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def run_directory(config: DistributedMLConfig) -> Path:
    """Return where the files of a run are.

    Our own server's lie in the directory itself, those of another engine in a folder
    of its name, so that runs that are compared do not take each other's checkpoints.
    """
    directory = Path(config.directory)
    return directory if config.engine == "processes" else directory / config.engine


class Record:
    """History and faults of a run, in memory alone."""

    def __init__(self) -> None:
        self.history: list[dict[str, Any]] = []
        self.faults: list[dict[str, Any]] = []
        self.details: dict[str, Any] = {}  # more for the status
        self.undone = 0  # rounds that were told of, and are done again

    def resume(self) -> tuple[Arrays, int] | None:
        """Return where an earlier run ended: nowhere."""
        return None

    def note(self, line: dict[str, Any]) -> None:
        """Add a round to the history."""
        self.history.append(line)

    def fault(self, number: int | None, kind: str, worker: str, why: str) -> None:
        """Write down what went wrong, in which round."""
        record = {"round": number, "kind": kind, "worker": worker, "why": why}
        self.faults.append(record)

    def save(self, step: int, arrays: Arrays) -> None:
        """Keep what the next round depends on; here, nothing is kept."""

    def write_status(self, phase: str) -> None:
        """Let others read how it goes; here, nobody can."""


class RunFiles(Record):
    """All that is written down about a run.

    Parameters
    ----------
    config : DistributedMLConfig
    on_change : callable, optional
        Called with every status.

    Attributes
    ----------
    history : list of dict
        One line a round.
    faults : list of dict
        What went wrong, over all resumptions.

    Raises
    ------
    RunLockedError
        On entering, if another process runs in the directory.
    """

    def __init__(
        self,
        config: DistributedMLConfig,
        on_change: Callable[[dict], None] | None = None,
    ):
        super().__init__()
        self.config, self._on_change = config, on_change
        self.directory = run_directory(config)
        self.checkpoints = CheckpointManager(self.directory, config.keep)
        self._lock = DirectoryLock(self.directory)
        self._history = Journal(self.directory / "history.jsonl")
        self._faults = Journal(self.directory / "faults.jsonl")
        self._saved, self._resumed = -1, False

    def __enter__(self) -> RunFiles:
        self._lock.__enter__()
        return self

    def __exit__(self, *exception) -> None:
        self._lock.__exit__()

    # --- going on --------------------------------------------------------------------

    def resume(self) -> tuple[Arrays, int] | None:
        """Return the arrays of the newest whole checkpoint and the rounds they hold.

        None where there is no checkpoint. The history is cut to those rounds.

        Raises
        ------
        CheckpointError
            If all checkpoints are damaged, or belong to another run.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        found = self.checkpoints.load_latest()
        if found is not None:
            self._check_same_run(found.meta["config"])
        self._read_journals(found)
        self._resumed = True
        for why in self.checkpoints.damaged:
            self.fault(None, "checkpoint", "", f"{why}; the one before it was used")
        if found is None:
            return None
        self._saved = -1 if self.undone else found.step
        return found.arrays, found.step

    def _read_journals(self, found) -> None:
        step, meta = (found.step, found.meta) if found else (0, {})
        earlier = meta.get("faults", [])  # of checkpoints that hold them themselves
        self.faults[:0] = earlier + (self._faults.read() if found else [])
        lines = meta.get("history", []) + self._history.read()
        numbers = {line.get("round") for line in lines}
        self.undone = sum(type(n) is int and n >= step for n in numbers)
        by_round = {line["round"]: line for line in lines if _in(line, step)}
        self.history = [by_round[number] for number in sorted(by_round)]
        self._history.rewrite(self.history)
        self._faults.rewrite(self.faults)

    def _check_same_run(self, saved: dict[str, Any]) -> None:
        own, changeable = self.config.to_dict(), changeable_on_resume(self.config)
        for name, value in saved.items():
            if name not in changeable and own.get(name) != value:
                raise CheckpointError(
                    f"{self.directory} holds a run with {name}={value!r}, the "
                    f"configuration says {own.get(name)!r}; choose another directory"
                )

    # --- writing ---------------------------------------------------------------------

    def note(self, line: dict[str, Any]) -> None:
        """Add a round to the history."""
        super().note(line)
        self._history.append(line)

    def fault(self, number: int | None, kind: str, worker: str, why: str) -> None:
        """Write down what went wrong, in which round."""
        super().fault(number, kind, worker, why)
        if self.directory.is_dir():
            self._faults.append(self.faults[-1])

    def save(self, step: int, arrays: Arrays) -> None:
        """Write the checkpoint after ``step`` rounds, unless it is there already."""
        if step != self._saved:
            self.checkpoints.save(step, {"config": self.config.to_dict()}, arrays)
            self._saved = step

    def status(self, phase: str) -> dict[str, Any]:
        """Return what is known about the run, as plain values of limited size."""
        return {
            "phase": phase,
            "pid": os.getpid(),
            "engine": self.config.engine,
            "rounds": self.config.rounds,
            "done": len(self.history),
            "history": self.history[-SHOWN:],
            "n_faults": len(self.faults),
            "faults": self.faults[-SHOWN:],
            **self.details,
        }

    def write_status(self, phase: str) -> None:
        """Write the status for others to read, and tell the caller."""
        status = self.status(phase)
        with replacing(self.directory / "status.json") as file:
            file.write(json.dumps(status).encode())
        if self._on_change is not None:
            self._on_change(status)

    def write_failure(self) -> None:
        """Write that a run ended with an error, if it is this one that had begun."""
        if self._resumed:
            self.write_status("failed")


def _in(line: dict[str, Any], step: int) -> bool:
    number = line.get("round")
    return type(number) is int and 0 <= number < step
