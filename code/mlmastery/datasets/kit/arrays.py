"""Read the arrays of a NumPy archive."""

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile


def arrays_in(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of an ``.npz`` file by name; no object of Python among them.

    Raises
    ------
    ValueError
        If the file is damaged, or holds what would have to be unpickled.
    """
    try:
        # NumPy leaves a damaged file open that it has opened itself.
        with path.open("rb") as file, NpzFile(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ValueError(f"expected a NumPy archive: {error}") from error
