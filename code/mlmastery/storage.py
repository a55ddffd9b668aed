"""Write files so that a reader finds the old content or the new, never a part.

>>> import tempfile
>>> from pathlib import Path
>>> path = Path(tempfile.mkdtemp()) / "model.txt"
>>> with replacing(path) as file:
...     _ = file.write(b"weights")
>>> path.read_bytes()
b'weights'
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

__all__ = ["replacing"]


@contextmanager
def replacing(path: str | Path, mode: str = "wb") -> Iterator[IO[Any]]:
    """Open a file that takes the place of ``path`` when the block ends without error.

    The file lies beside ``path`` meanwhile. It is on the disk before it is renamed, so
    that neither an exception nor a loss of power leaves half a file under the name.

    Parameters
    ----------
    path : str or Path
        Its folder must exist.
    mode : {"wb", "w"}, default="wb"
        Bytes, or text in UTF-8.

    Yields
    ------
    file
        To write to.

    Raises
    ------
    OSError
        If the folder does not exist or cannot be written.

    Examples
    --------
    >>> path = Path(tempfile.mkdtemp()) / "old.txt"
    >>> _ = path.write_text("old")
    >>> with replacing(path, "w") as file:
    ...     _ = file.write("half of the new")
    ...     raise RuntimeError("stopped")
    Traceback (most recent call last):
        ...
    RuntimeError: stopped
    >>> path.read_text(), len(list(path.parent.iterdir()))
    ('old', 1)
    """
    path = Path(path)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    encoding = None if "b" in mode else "utf-8"
    try:
        with os.fdopen(handle, mode, encoding=encoding) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(_permissions(path))
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _permissions(path: Path) -> int:
    # mkstemp lets nobody else read; keep what the old file allowed, else the usual.
    return path.stat().st_mode & 0o777 if path.exists() else 0o644


def _flush_folder(folder: Path) -> None:
    """Put the new name on the disk too, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
