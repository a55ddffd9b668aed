"""Read every photograph below a folder, and say which were left out and why."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from mlmastery.datasets.images import cache as squares
from mlmastery.datasets.images.decode import MIN_SIDE, ImageError, read_image
from mlmastery.datasets.images.photographs import Photographs, Skipped
from mlmastery.datasets.kit.errors import DataError, DataMissingError
from mlmastery.validation import check_count

SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff"}
Progress = Callable[..., Iterable[Any]]


def label_of(file: str, classes: Sequence[str] = ("cat", "dog")) -> str:
    """Return the class that a file's name or its folders speak of.

    Raises
    ------
    ImageError
        If they name no class, or two.

    Examples
    --------
    >>> label_of("train/dog.12.jpg"), label_of("Cats/IMG_2.JPG")
    ('dog', 'cat')
    >>> label_of("cat/dog.7.jpg")
    Traceback (most recent call last):
    mlmastery.datasets.images.decode.ImageError: its name speaks of cat and dog
    """
    words = set(re.findall(r"[a-z]+", file.lower()))
    named = [name for name in classes if {name, f"{name}s"} & words]
    if len(named) == 1:
        return named[0]
    if named:
        raise ImageError(f"its name speaks of {' and '.join(named)}")
    raise ImageError(f"its name speaks of neither {' nor '.join(classes)}")


def read_folder(
    folder: Path,
    size: int = 224,
    *,
    workers: int | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Photographs:
    """Read every photograph of cats and dogs below a folder.

    Parameters
    ----------
    folder : Path
        Files or subfolders are named after what they show: ``cat.0.jpg``,
        ``dogs/x.png``.
    size : int, default=224
        Side of the squares, in pixels.
    workers : int, optional
        Threads that decode; as many as processors by default.
    cache : Path, optional
        Folder that keeps the resized squares. A changed file is a new entry.
    progress : callable, optional
        Called as ``progress(iterable, total=n)``, such as ``tqdm``.

    Returns
    -------
    Photographs
        In the order of the files' names. Broken, unnamed and repeated files are in
        ``skipped``, each with its reason.

    Raises
    ------
    DataMissingError
        If nothing below the folder is named after a cat or a dog.
    DataError
        If one of the two classes is empty.
    """
    check_count(size, "size", minimum=MIN_SIDE)
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    entry = cache and cache / f"{squares.state(folder, paths, size)}.npz"
    if entry and entry.is_file():
        return squares.read(entry)
    photographs = _decode(folder, paths, size, workers, progress)
    _check_classes(folder, photographs)
    if entry:
        squares.write(entry, photographs)
    return photographs


def _decode(
    folder: Path,
    paths: Sequence[Path],
    size: int,
    workers: int | None,
    progress: Progress | None,
) -> Photographs:
    def one(path: Path) -> tuple[str, str, np.ndarray, str] | Skipped:
        file = path.relative_to(folder).as_posix()
        if not path.is_file():  # a pipe would be waited for, a device never ends
            return Skipped(file, "not a file with content")
        try:
            label, content = label_of(file), path.read_bytes()
            image = read_image(content, size)
            return file, label, image, hashlib.sha256(content).hexdigest()
        except (ImageError, OSError) as error:
            return Skipped(file, str(error))

    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        found: Iterable[Any] = pool.map(one, paths)
        found = list(progress(found, total=len(paths)) if progress else found)
    return _without_repeats(found, size)


def _without_repeats(found: Iterable[Any], size: int) -> Photographs:
    """Keep the first of files with the same bytes, and say so of the others."""
    first: dict[str, str] = {}
    kept, skipped = [], []
    for item in found:
        if isinstance(item, Skipped):
            skipped.append(item)
        elif item[3] in first:
            skipped.append(Skipped(item[0], f"the same bytes as {first[item[3]]}"))
        else:
            first[item[3]] = item[0]
            kept.append(item)
    images = [image for _, _, image, _ in kept]
    return Photographs(
        tuple(file for file, *_ in kept),
        tuple(label for _, label, *_ in kept),
        np.stack(images) if images else np.empty((0, size, size, 3), np.uint8),
        tuple(skipped),
    )


def _check_classes(folder: Path, photographs: Photographs) -> None:
    present = set(photographs.labels)
    if not present:
        raise DataMissingError(
            f"{folder} holds no readable photograph named after a cat or a dog "
            f"({len(photographs.skipped)} image files were left out). Put them "
            "there as cat.../dog..., or unset MLMASTERY_DATA."
        )
    if len(present) == 1:
        lost = "dog" if present == {"cat"} else "cat"
        raise DataError(
            f"{folder} holds {len(photographs.labels)} photographs of a "
            f"{present.pop()} and none of a {lost}; a classifier needs both."
        )
