"""Read the text files of archives, or of the folder that they were unpacked to."""

import io
import lzma
import tarfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path


def texts_in(path: Path, pattern: str, encoding: str = "utf-8") -> dict[str, str]:
    """Return the text files under a path whose name matches, in order of their names.

    Parameters
    ----------
    path : Path
        A folder, in which archives (``.tar.xz``, ``.tgz``, ...) are read as if they had
        been unpacked; or one archive.
    pattern : str
        Such as ``"*/train/*.txt"``; matched against ``name`` in an archive and against
        the path below the folder outside.
    encoding : str
        Of the files.

    Returns
    -------
    dict of str to str
        Text by name.

    Raises
    ------
    ValueError
        If nothing matches, an archive is damaged, or a text has another encoding.
    """
    found = {n: c.decode(encoding) for n, c in _files(path) if fnmatch(n, pattern)}
    if not found:
        raise ValueError(f"expected files named {pattern}, found none")
    return dict(sorted(found.items()))


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Give each file's name and content."""
    if path.is_file():
        yield from _members(path)
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and (".tar" in file.suffixes or file.suffix == ".tgz"):
            yield from _members(file)
        elif file.is_file():
            yield file.relative_to(path).as_posix(), file.read_bytes()


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                opened = archive.extractfile(member) or io.BytesIO()
                if member.isfile():
                    yield member.name, opened.read()
    except (tarfile.TarError, lzma.LZMAError, EOFError) as error:
        raise ValueError(f"{path.name}: expected an archive: {error}") from error
