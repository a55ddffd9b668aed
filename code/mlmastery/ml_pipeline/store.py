"""Keep the results of steps under the hash of all that they were made of.

A step's folder appears whole, by one renaming, or not at all. A result whose files
were changed is made again.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

from .manifest import canonical, file_hash

__all__ = ["StepStore"]

LIST = "files.json"


class StepStore:
    """Folders named by step and key, each with the hashes of its files.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist. Parts that killed processes left are removed.

    Examples
    --------
    >>> store = StepStore(tempfile.mkdtemp())
    >>> def work(folder):
    ...     _ = (folder / "a.txt").write_text("done")
    >>> path, cached = store.get("fit", "0" * 64, work)
    >>> (path / "a.txt").read_text(), cached, store.get("fit", "0" * 64, work)[1]
    ('done', False, True)
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        for part in self.folder.glob(".part-*-*"):
            number = part.name.split("-")[1]
            if number.isdecimal() and not psutil.pid_exists(int(number)):
                shutil.rmtree(part, ignore_errors=True)

    def path(self, name: str, key: str) -> Path:
        """Return where a result lies or would lie."""
        return self.folder / f"{name}-{key[:16]}"

    def files(self, path: Path) -> Mapping[str, str] | None:
        """Return the hashes of a result's files, or None if it is not as it was made."""
        try:
            listed = json.loads((path / LIST).read_bytes())
            found = {name: file_hash(path / name) for name in listed}
        except (OSError, ValueError, TypeError):
            return None
        return listed if found == listed else None

    def get(
        self, name: str, key: str, work: Callable[[Path], Any]
    ) -> tuple[Path, bool]:
        """Return the folder of a result, and whether it was there.

        Parameters
        ----------
        name, key : str
        work : callable
            ``work(folder)`` writes the files of the result.

        Raises
        ------
        OSError
            If the result cannot be written; what was there stays.
        """
        path = self.path(name, key)
        if self.files(path) is not None:
            return path, True
        part = Path(tempfile.mkdtemp(prefix=f".part-{os.getpid()}-", dir=self.folder))
        try:
            work(part)
            listed = {p.name: file_hash(p) for p in sorted(part.iterdir())}
            (part / LIST).write_text(canonical(listed) + "\n", encoding="utf-8")
            part.chmod(0o755)
            self._move(part, path)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return path, False

    def _move(self, part: Path, path: Path) -> None:
        if path.exists() and self.files(path) is None:
            shutil.rmtree(path, ignore_errors=True)
        # Another process may have been first; equal inputs gave it equal files.
        with contextlib.suppress(FileExistsError, OSError):
            os.rename(part, path)
        if self.files(path) is None:
            raise OSError(f"{path} could not be written")
