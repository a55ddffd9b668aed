"""What clients' compressors left out, in files: a worker that is new goes on from them.

The files are where the worker runs. Workers of one machine therefore stand in for each
other, also after all of them were started again; one elsewhere begins anew, and the
server notes that.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mlmastery.distributed_training.wire import Message, WireError, decode, encode
from mlmastery.storage import replacing

Memory = dict[int, dict[str, np.ndarray]]  # by round, then by name


class MemoryFiles:
    """One file for each client's memory of the last few rounds.

    Parameters
    ----------
    directory : path
        Created when the first memory is saved. Where nothing can be written, the
        worker's own memory is all there is.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> files = MemoryFiles(folder.name)
    >>> files.save(7, {3: {"residual": np.ones(2)}})
    >>> files.load(7)
    {3: {'residual': array([1., 1.])}}
    >>> files.load(8)
    {}
    >>> folder.cleanup()
    """

    def __init__(self, directory: str | Path):
        self.directory = Path(directory)

    def _path(self, client: int) -> Path:
        return self.directory / f"client-{client}.mlmw"

    def load(self, client: int) -> Memory:
        """Return a client's memory; empty if there is none, or it is damaged."""
        try:
            message = decode(self._path(client).read_bytes(), limit=1 << 62)
        except (OSError, WireError):
            return {}
        memory: Memory = {}
        for name, array in message.arrays.items():
            number, _, part = name.partition("/")
            memory.setdefault(int(number), {})[part] = array.copy()
        return memory

    def save(self, client: int, memory: Memory) -> None:
        """Write a client's memory, if that is possible here."""
        arrays = {
            f"{number}/{name}": array
            for number, parts in memory.items()
            for name, array in parts.items()
        }
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            with replacing(self._path(client)) as file:
                file.write(encode(Message("memory", {}, arrays)))
        except OSError:
            return
