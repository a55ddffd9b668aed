"""Keep the resized squares of a folder, as long as no file of it changes."""

import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from mlmastery.datasets.images.photographs import Photographs, Skipped
from mlmastery.storage import replacing


def state(folder: Path, paths: Sequence[Path], size: int) -> str:
    """Return a key that changes with any file's name, length or date."""
    facts = [f"3 {size}"]  # the first number is that of the rules of reading
    for path in paths:
        stat = path.stat() if path.is_file() else path.lstat()
        facts.append(f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:32]


def write(entry: Path, photographs: Photographs) -> None:
    """Write the whole entry or nothing: a second process may be reading."""
    entry.parent.mkdir(parents=True, exist_ok=True)
    left_out = np.array([(s.file, s.reason) for s in photographs.skipped], dtype=str)
    with replacing(entry) as file:
        np.savez(
            file,
            files=np.array(photographs.files),
            labels=np.array(photographs.labels),
            images=photographs.images,
            skipped=left_out.reshape(-1, 2),
        )


def read(entry: Path) -> Photographs | None:
    """Return what `write` kept, or None where the entry is damaged."""
    try:
        with entry.open("rb") as file, np.load(file) as saved:
            photographs = Photographs(
                tuple(map(str, saved["files"])),
                tuple(map(str, saved["labels"])),
                saved["images"],
                tuple(Skipped(str(f), str(r)) for f, r in saved["skipped"]),
            )
    # A file that was cut off raises what its zip directory, headers or numbers raise.
    except (BadZipFile, EOFError, KeyError, OSError, ValueError, TypeError, zlib.error):
        return None
    lengths = {len(photographs.files), len(photographs.labels), len(photographs.images)}
    return photographs if len(lengths) == 1 else None
