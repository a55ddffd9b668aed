"""Read every photograph below a folder, and say which were left out and why."""

import hashlib
import os
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mlmastery.datasets.images import cache as squares
from mlmastery.datasets.images.decode import MIN_SIDE, ImageError, decode
from mlmastery.datasets.images.photographs import Photographs, Skipped
from mlmastery.datasets.kit.errors import DataError, DataMissingError
from mlmastery.validation import check_count

SUFFIXES = set(
    ".jpg .jpeg .jpe .jfif .png .apng .bmp .dib .gif .webp .tif .tiff .heic .heif .avif "
    ".jp2 .ppm .pgm .pbm .pnm .tga .ico".split()
)
Progress = Callable[..., Iterable[Any]]


def label_of(
    file: str | os.PathLike[str], classes: Sequence[str] = ("cat", "dog")
) -> str:
    """Return the class that a file's folders or its name speak of.

    Each part of the path is judged on its own, by its whole words, in any case and with
    or without an s. A part that names both classes names none. The nearest folder that
    names one decides: ``train/cats/dog_breed_x.jpg`` is a cat. Where no folder does, as
    in ``dogs-vs-cats/train/cat.0.jpg``, the file's name decides. A file whose name up
    to its first dot is nothing but the other class and digits, as ``cat/dog.7.jpg``,
    has two labels and therefore none.

    Raises
    ------
    ImageError
        If the path names no class, or folder and file are labelled differently.

    Examples
    --------
    >>> label_of("train/dog.12.jpg"), label_of("Cats/IMG_2.JPG")
    ('dog', 'cat')
    >>> label_of("dogs-vs-cats/train/cat.0.jpg")
    'cat'
    >>> label_of("cat/dog.7.jpg")
    Traceback (most recent call last):
    mlmastery.datasets.images.decode.ImageError: its name speaks of cat and dog
    """
    # NFKC joins a letter and its accent, which would end a word.
    *folders, name = (
        unicodedata.normalize("NFKC", os.fspath(file)).casefold().split("/")
    )
    spoken = [_classes_in(part, classes) for part in (name, *reversed(folders))]
    folder = next((names[0] for names in spoken[1:] if len(names) == 1), None)
    label = _classes_in(name, classes)[0] if _is_label(name, classes) else folder
    if folder and label != folder:
        raise ImageError(f"its name speaks of {folder} and {label}")
    if folder or len(spoken[0]) == 1:
        return folder or spoken[0][0]
    if any(spoken):
        raise ImageError(f"its name speaks of {' and '.join(classes)}")
    raise ImageError(f"its name speaks of neither {' nor '.join(classes)}")


def _classes_in(part: str, classes: Sequence[str]) -> list[str]:
    words = set(re.findall(r"[^\W\d_]+", part))
    return [name for name in classes if {name, f"{name}s"} & words]


def _is_label(name: str, classes: Sequence[str]) -> bool:
    """Whether a file is called by a class and a number alone, as dog.7.jpg and cat (2)."""
    words = re.findall(r"[^\W\d_]+", name.split(".")[0])
    return len(words) == 1 and bool(_classes_in(words[0], classes))


def read_folder(
    folder: Path | str,
    size: int = 224,
    *,
    workers: int | None = None,
    cache: Path | str | None = None,
    progress: Progress | None = None,
) -> Photographs:
    """Read every photograph of cats and dogs below a folder.

    Parameters
    ----------
    folder : Path or str
        Files or subfolders are named after what they show, as in `label_of`:
        ``cat.0.jpg``, ``dogs/x.png``. Links to folders are followed, each folder once.
    size : int, default=224
        Side of the squares, in pixels.
    workers : int, optional
        Threads that decode; as many as processors by default.
    cache : Path, optional
        Folder that keeps the resized squares. A changed file is a new entry; a
        damaged entry is built anew, and ``note`` says so.
    progress : callable, optional
        Called as ``progress(iterable, total=n)``, such as ``tqdm``.

    Returns
    -------
    Photographs
        In the order of the files' names. Every other file below the folder is in
        ``skipped`` with its reason: broken, unnamed, repeated, in a format that this
        Pillow does not read. The same bytes under the names of both classes are all
        left out, since one of the names is wrong.

    Raises
    ------
    DataMissingError
        If there is no such folder, or nothing below it is named after a cat or a dog.
    DataError
        If one of the two classes is empty.
    """
    check_count(size, "size", minimum=MIN_SIDE)
    if workers is not None:
        check_count(workers, "workers")
    folder = _existing(folder)
    paths, unread = _files(folder)
    entry = None
    if cache is not None:
        key = squares.state(folder, paths, size)
        entry = Path(cache).expanduser() / f"{key}.npz"
    note = ""
    if entry and entry.is_file():
        if (kept := squares.read(entry)) is not None:
            return kept
        note = f"the cache's entry {entry.name} was damaged and is built anew"
    photographs = _decode(folder, paths, unread, size, workers, progress)
    _check_classes(folder, photographs)
    if entry:
        squares.write(entry, photographs)
    return replace(photographs, note=note)


def _existing(folder: Path | str) -> Path:
    if not isinstance(folder, (str, os.PathLike)):
        raise TypeError(f"folder must be a path, got {type(folder).__name__}")
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise DataMissingError(f"{folder} is not a folder; name one with photographs")
    return folder


def _files(folder: Path) -> tuple[list[Path], list[Skipped]]:
    """Return what may be read, sorted, and the links that would lead in circles."""
    paths, circular = [], []
    home = folder.resolve()
    seen, waiting = {home}, [folder]
    while waiting:
        links = []
        for root, folders, files in os.walk(waiting.pop(0)):
            here = Path(root)
            seen.add(here.resolve())
            paths += [here / name for name in files]
            # A folder that is called like a picture is listed, as a picture.
            paths += [here / f for f in folders if _suffix(here / f) in SUFFIXES]
            links += [here / name for name in folders if (here / name).is_symlink()]
        for link in sorted(links):
            target = link.resolve()
            if target in seen or home.is_relative_to(target):
                file = link.relative_to(folder).as_posix()
                circular.append(Skipped(file, "a link to a folder that is read anyway"))
            elif link not in paths:
                seen.add(target)
                waiting.append(link)
    return sorted(paths), circular


def _suffix(path: Path) -> str:
    return path.suffix.lower()


def _is_candidate(path: Path) -> bool:
    """Whether the suffix is that of a picture, or none: the 0 of cat.0 is a number."""
    suffix = _suffix(path)
    return suffix in SUFFIXES or not any(c.isalpha() for c in suffix)


def _decode(
    folder: Path,
    paths: Sequence[Path],
    unread: Sequence[Skipped],
    size: int,
    workers: int | None,
    progress: Progress | None,
) -> Photographs:
    def one(path: Path) -> tuple[str, str, np.ndarray, str] | Skipped:
        file = path.relative_to(folder).as_posix()
        if not path.is_file():  # a pipe would be waited for, a device never ends
            return Skipped(file, "not a file with content")
        try:
            if not _is_candidate(path):
                raise ImageError(f"{_suffix(path)} is not among the suffixes of images")
            label, content = label_of(file), path.read_bytes()
            image = decode(content, size)
            return file, label, image, hashlib.sha256(content).hexdigest()
        except (ImageError, OSError) as error:
            return Skipped(file, _reason(path, error))

    with (
        warnings.catch_warnings(),  # here, since it is not safe inside the threads
        ThreadPoolExecutor(workers or os.cpu_count()) as pool,
    ):
        warnings.simplefilter("ignore")
        found: Iterable[Any] = pool.map(one, paths)
        found = list(progress(found, total=len(paths)) if progress else found)
    return _without_repeats([*found, *unread], size)


def _reason(path: Path, error: Exception) -> str:
    text = str(error) or type(error).__name__
    if "cannot identify" in text and _suffix(path) in (".heic", ".heif", ".avif"):
        return f"{text}: this Pillow reads no {_suffix(path)}; save it as JPEG"
    return text


def _without_repeats(found: Iterable[Any], size: int) -> Photographs:
    """Keep the first of files with the same bytes, none where their names disagree."""
    found = list(found)
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in found:
        if not isinstance(item, Skipped):
            groups.setdefault(item[3], []).append((item[0], item[1]))
    kept, skipped = [], []
    for item in found:
        reason = "" if isinstance(item, Skipped) else _repeat(item[0], groups[item[3]])
        if isinstance(item, Skipped):
            skipped.append(item)
        elif reason:
            skipped.append(Skipped(item[0], reason))
        else:
            kept.append(item)
    images = [image for _, _, image, _ in kept]
    return Photographs(
        tuple(file for file, *_ in kept),
        tuple(label for _, label, *_ in kept),
        np.stack(images) if images else np.empty((0, size, size, 3), np.uint8),
        tuple(skipped),
    )


def _repeat(file: str, group: Sequence[tuple[str, str]]) -> str:
    """Return why a file with these fellows of the same bytes is left out, or nothing."""
    labels = dict(group)
    for other, label in group:
        if label != labels[file]:
            return f"the same bytes as {other}: called {labels[file]} here and {label} there"
    first = group[0][0]
    return "" if file == first else f"the same bytes as {first}"


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
