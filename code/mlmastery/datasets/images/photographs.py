"""What a folder of photographs held."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Skipped:
    """A file that was left out: its name inside the folder, and the reason."""

    file: str
    reason: str


@dataclass(frozen=True)
class Photographs:
    """The content of a folder: file names, classes, pixels, and what was left out.

    ``images`` has shape (n, size, size, 3), uint8; ``files`` and ``labels`` have
    length n. ``note`` says what a reader should know of the reading itself, such as an
    entry of the cache that was damaged.
    """

    files: tuple[str, ...]
    labels: tuple[str, ...]
    images: np.ndarray
    skipped: tuple[Skipped, ...]
    note: str = ""
