"""Write a training to a file and read it back, safely and whole.

A file begins with a line that names its kind and holds the SHA-256 of what follows. What
follows holds numbers, texts and tensors only: it is read by PyTorch's loader for weights,
which runs no code from the file.

>>> import tempfile
>>> path = Path(tempfile.mkdtemp()) / "agent.pt"
>>> save_checkpoint(path, {"n_steps": 5, "q": np.zeros(2)}, "agent")
>>> load_checkpoint(path, "agent")["q"].tolist()
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


class CheckpointError(ValueError):
    """A checkpoint cannot be read, or is of something else; the message says why."""


def save_checkpoint(path: str | Path, state: dict[str, Any], kind: str) -> None:
    """Write a nested dict of numbers, texts, arrays and tensors; whole or not at all.

    Parameters
    ----------
    path : str or Path
    state : dict
    kind : str
        One word for whose state it is, such as ``"agent"``; another kind is refused.

    Raises
    ------
    OSError
        If the folder does not exist or cannot be written.
    """
    buffer = io.BytesIO()
    torch.save(_packed(state), buffer)
    content = buffer.getvalue()
    with replacing(path) as file:
        file.write(_magic(kind) + hashlib.sha256(content).hexdigest().encode() + b"\n")
        file.write(content)


def load_checkpoint(path: str | Path, kind: str) -> dict[str, Any]:
    """Return what `save_checkpoint` wrote.

    Parameters
    ----------
    path : str or Path
    kind : str
        As it was saved.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If the file is truncated, altered, or of another kind.
    """
    head, _, content = Path(path).read_bytes().partition(b"\n")
    if not head.startswith(_magic(kind)):
        raise CheckpointError(f"{path} is not a checkpoint of kind {kind}")
    expected = head[len(_magic(kind)) :].decode("ascii", "replace")
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
    if not isinstance(state, dict):
        raise CheckpointError(f"{path} is not a checkpoint of kind {kind}")
    return _unpacked(state)


def _magic(kind: str) -> bytes:
    return f"mlmastery {kind} 1 ".encode()


def _packed(value: Any) -> Any:
    """Return the value with arrays as marked tensors."""
    if isinstance(value, np.ndarray):
        return {"__array__": torch.from_numpy(np.ascontiguousarray(value))}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {key: _packed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return _same_kind(value, map(_packed, value))
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"__array__"}:
            return value["__array__"].numpy()
        return {key: _unpacked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return _same_kind(value, map(_unpacked, value))
    return value


def _same_kind(value: list[Any] | tuple[Any, ...], items: Any) -> Any:
    """Return a plain list or tuple: of a named one the loader would refuse the class."""
    return tuple(items) if isinstance(value, tuple) else list(items)
