"""Checkpoints that survive a crash at any moment, and know when they are damaged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mlmastery.distributed_training.wire import (
    MAX_HEADER,
    Message,
    WireError,
    decode,
    encode,
    header_size,
)
from mlmastery.storage import replacing
from mlmastery.validation import check_count

NAME = re.compile(r"checkpoint-(\d{8})\.mlmw")


class CheckpointError(ValueError):
    """A checkpoint is damaged, missing, or belongs to another run."""


@dataclass(frozen=True)
class Checkpoint:
    """The state saved after a round."""

    step: int
    meta: dict[str, Any]
    arrays: dict[str, np.ndarray]


class CheckpointManager:
    """Keep the last few states of a run in a directory.

    A checkpoint is one frame of the wire format, so its checksum and digest tell
    whether it is whole. It is written beside its place, forced to the disk, and then
    renamed: a name that can be seen stands for a file that is complete.

    Parameters
    ----------
    directory : path
        Created when the first checkpoint is saved.
    keep : int, default=3
        Older ones are deleted after a newer one is safe.

    Attributes
    ----------
    damaged : list of str
        What `load_latest` found broken and passed over.

    Raises
    ------
    ValueError
        If ``keep`` is below 1.

    References
    ----------
    .. [1] Pillai et al. (2014), "All File Systems Are Not Created Equal: On the
       Complexity of Crafting Crash-Consistent Applications", OSDI.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> manager = CheckpointManager(folder.name)
    >>> path = manager.save(1, {"loss": 0.5}, {"parameters": np.zeros(3)})
    >>> manager.load_latest().meta
    {'loss': 0.5}
    >>> folder.cleanup()
    """

    def __init__(self, directory: str | Path, keep: int = 3):
        if keep < 1:
            raise ValueError(f"keep must be at least 1, got {keep}")
        self.directory, self.keep = Path(directory), keep
        self.damaged: list[str] = []

    def save(
        self, step: int, meta: dict[str, Any], arrays: dict[str, np.ndarray]
    ) -> Path:
        """Write a checkpoint and return its path once it is on the disk.

        Of the other steps only the highest stay; the one just written always does.

        Raises
        ------
        CheckpointError
            If ``meta`` is so long that the checkpoint could not be loaded. Nothing is
            written or deleted then.
        """
        check_count(step, "step", minimum=0)
        message, path = Message("checkpoint", meta, arrays), self.path(step)
        if header_size(message) > MAX_HEADER:
            raise CheckpointError(
                f"{path} would not be saved so that it could be loaded: meta and the "
                f"names of the arrays may have {MAX_HEADER} bytes, got "
                f"{header_size(message)}; put what grows into an array or another file"
            )
        self.directory.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(encode(message))
        others = [other for other in self.steps() if other != step]
        for old in others[::-1][self.keep - 1 :]:
            self.path(old).unlink(missing_ok=True)
        return path

    def path(self, step: int) -> Path:
        """Return where the checkpoint of a step is, or would be."""
        return self.directory / f"checkpoint-{step:08d}.mlmw"

    def steps(self) -> list[int]:
        """Return the steps that have a checkpoint, oldest first."""
        if not self.directory.is_dir():
            return []
        found = (NAME.fullmatch(path.name) for path in self.directory.iterdir())
        return sorted(int(match[1]) for match in found if match)

    def load(self, step: int) -> Checkpoint:
        """Return one checkpoint, or raise `CheckpointError` with what is wrong."""
        path = self.path(step)
        try:
            message = decode(path.read_bytes(), limit=1 << 62)
        except FileNotFoundError:
            raise CheckpointError(f"there is no checkpoint {path}") from None
        except WireError as error:
            raise CheckpointError(f"{path} is damaged: {error}") from None
        arrays = {name: array.copy() for name, array in message.arrays.items()}
        return Checkpoint(step, message.meta, arrays)

    def load_latest(self) -> Checkpoint | None:
        """Return the newest checkpoint that is whole, or None where there is none.

        Raises
        ------
        CheckpointError
            If there are checkpoints, all of them damaged: starting over must be the
            user's decision.
        """
        steps = self.steps()
        self.damaged = []
        for step in reversed(steps):
            try:
                return self.load(step)
            except CheckpointError as error:
                self.damaged.append(str(error))
        if steps:
            raise CheckpointError("; ".join(self.damaged))
        return None
