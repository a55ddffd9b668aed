"""Write the state of a training to a file and read it back: whole, and as data only.

>>> import tempfile
>>> path = Path(tempfile.mkdtemp()) / "gan.pt"
>>> write_state(path, {"step": 3})
>>> read_state(path)
{'step': 3}
"""

from __future__ import annotations

import io
import pickle
import zlib
from pathlib import Path
from typing import Any

import torch

from mlmastery.storage import replacing

__all__ = ["CheckpointError", "read_state", "write_state"]

MAGIC = b"mlmastery gan 1\n"


class CheckpointError(ValueError):
    """A file cannot be read, or belongs to another GAN; the message says why."""


def write_state(path: str | Path, state: dict[str, Any]) -> None:
    """Write numbers, texts and tensors: the whole file, or none.

    Raises
    ------
    OSError
        If the folder does not exist or cannot be written.
    """
    buffer = io.BytesIO()
    torch.save(state, buffer)
    content = buffer.getvalue()
    with replacing(path) as file:
        file.write(MAGIC + zlib.crc32(content).to_bytes(4, "big") + content)


def read_state(path: str | Path) -> dict[str, Any]:
    """Return what `write_state` wrote; nothing in the file is executed.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If the file is of another kind, truncated or altered.
    """
    content = Path(path).read_bytes()
    if not content.startswith(MAGIC):
        raise CheckpointError(f"{path} does not hold a GAN")
    checksum, body = content[len(MAGIC) :][:4], content[len(MAGIC) + 4 :]
    if zlib.crc32(body).to_bytes(4, "big") != checksum:
        raise CheckpointError(f"{path} is truncated or altered")
    try:
        # weights_only: the file can hold numbers and texts, and no code.
        state: dict[str, Any] = torch.load(io.BytesIO(body), weights_only=True)
    except pickle.UnpicklingError:
        raise CheckpointError(f"{path} holds more than numbers and texts") from None
    if not isinstance(state, dict):
        raise CheckpointError(f"{path} does not hold a GAN")
    return state
