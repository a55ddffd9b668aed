"""Write a training to a file and read it back, safely and whole.

A file begins with a line that holds the SHA-256 of what follows. What follows holds
numbers, texts and tensors only: it is read by PyTorch's loader for weights, which runs
no code from the file.

>>> import tempfile
>>> from pathlib import Path
>>> path = Path(tempfile.mkdtemp()) / "agent.pt"
>>> save_checkpoint(path, {"n_steps": 5, "q": np.zeros(2)})
>>> load_checkpoint(path)["q"].tolist()
[0.0, 0.0]
"""

from __future__ import annotations

import hashlib
import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mlmastery.storage import replacing

__all__ = ["CheckpointError", "load_checkpoint", "save_checkpoint"]

MAGIC = b"mlmastery agent 1 "


class CheckpointError(ValueError):
    """A checkpoint cannot be read, or belongs to another agent; the message says why."""


def save_checkpoint(path: str | Path, state: dict[str, Any]) -> None:
    """Write a nested dict of numbers, texts, arrays and tensors; whole or not at all.

    Raises
    ------
    OSError
        If the folder does not exist or cannot be written.
    """
    buffer = io.BytesIO()
    torch.save(_packed(state), buffer)
    content = buffer.getvalue()
    with replacing(path) as file:
        file.write(MAGIC + hashlib.sha256(content).hexdigest().encode() + b"\n")
        file.write(content)


def load_checkpoint(path: str | Path) -> dict[str, Any]:
    """Return what `save_checkpoint` wrote.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If the file is truncated, altered, or of another kind.
    """
    head, _, content = Path(path).read_bytes().partition(b"\n")
    if not head.startswith(MAGIC):
        raise CheckpointError(f"{path} is not a checkpoint of an agent")
    expected = head[len(MAGIC) :].decode("ascii", "replace")
    actual = hashlib.sha256(content).hexdigest()
    if actual != expected:
        raise CheckpointError(
            f"{path} is truncated or altered: its SHA-256 should begin with "
            f"{expected[:12]}, but does with {actual[:12]}"
        )
    try:
        state: dict[str, Any] = torch.load(io.BytesIO(content), weights_only=True)
    except pickle.UnpicklingError:
        raise CheckpointError(f"{path} holds more than numbers and texts") from None
    return _unpacked(state)


def _packed(value: Any) -> Any:
    """Return the value with arrays as marked tensors."""
    if isinstance(value, np.ndarray):
        return {"__array__": torch.from_numpy(np.ascontiguousarray(value))}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {key: _packed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_packed(item) for item in value]
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"__array__"}:
            return value["__array__"].numpy()
        return {key: _unpacked(item) for key, item in value.items()}
    return [_unpacked(item) for item in value] if isinstance(value, list) else value
