"""Which tier is in force: where data comes from."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlmastery.datasets.kit.errors import DataError

VARIABLE = "MLMASTERY_DATA"
EMBEDDED, LOCAL, FULL = "embedded", "local", "full"


@dataclass(frozen=True)
class Tier:
    """The source of data: ``embedded``, ``local`` (with its folder) or ``full``."""

    name: str
    folder: Path | None = None


def tier() -> Tier:
    """Read the tier from the environment variable ``MLMASTERY_DATA``.

    Unset or empty is ``embedded``, ``download`` is ``full``, and anything else is
    the folder that holds the user's own originals.

    Raises
    ------
    DataError
        If the variable names a folder that does not exist or is not a folder.

    Examples
    --------
    >>> tier()
    Tier(name='embedded', folder=None)
    """
    value = os.environ.get(VARIABLE, "")
    if not value:
        return Tier(EMBEDDED)
    if value == "download":
        return Tier(FULL)
    return Tier(LOCAL, _existing_folder(value))


@contextmanager
def embedded_tier() -> Iterator[None]:
    """Load embedded data in the ``with``, whatever tier is in force around it.

    Examples
    --------
    >>> with embedded_tier():
    ...     tier().name
    'embedded'
    """
    outside = os.environ.pop(VARIABLE, None)
    try:
        yield
    finally:
        if outside is not None:
            os.environ[VARIABLE] = outside


def _existing_folder(value: str) -> Path:
    folder = Path(value).expanduser()
    if folder.is_dir():
        return folder
    found = "a file is there" if folder.exists() else "nothing is there"
    raise DataError(
        f"{VARIABLE} must be unset, 'download', or a folder with your own originals; "
        f"it is {value!r}, but {found}. Correct the path, or unset {VARIABLE} "
        "to use the embedded data."
    )
