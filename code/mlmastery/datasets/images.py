"""Read photographs as people have them: a folder of files, some of them broken."""

import hashlib
import io
import os
import re
import tempfile
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from mlmastery.datasets.files import DataError, DataMissingError

MAX_PIXELS = 40_000_000
MIN_SIDE = 8
SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff"}
Progress = Callable[..., Iterable[Any]]


class ImageError(ValueError):
    """A file is no image that can be used; the message says why."""


@dataclass(frozen=True)
class Skipped:
    """A file that was left out: its name inside the folder, and the reason."""

    file: str
    reason: str


def read_image(content: bytes, size: int | None = None) -> np.ndarray:
    """Decode one image to RGB, upright, and optionally to a square.

    Parameters
    ----------
    content : bytes
        A file's content: JPEG, PNG, or what else Pillow reads.
    size : int, optional
        Side of the square, in pixels: the shorter side is resized to it and the longer
        one cut equally at both ends. Without it the image keeps its size.

    Returns
    -------
    ndarray of shape (height, width, 3), uint8
        Transparent pixels are laid on white; the camera's EXIF rotation is applied.

    Raises
    ------
    ImageError
        If the content is truncated, no image, smaller than 8 or larger than 40
        million pixels. The size is checked before anything is decoded.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> Image.new("L", (30, 20), 200).save(buffer, "PNG")
    >>> read_image(buffer.getvalue(), size=16).shape
    (16, 16, 3)
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content))
            _check_size(image)
            if size is not None:
                image.draft("RGB", (2 * size, 2 * size))  # JPEG decodes small, fast
            image.load()
            return np.asarray(_square(_rgb(ImageOps.exif_transpose(image)), size))
    except ImageError:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ImageError(_plain(error)) from error


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"{width} x {height} pixels; more than {MAX_PIXELS:,} are not decoded"
        )
    if min(width, height) < MIN_SIDE:
        raise ImageError(f"{width} x {height} pixels; a side needs at least {MIN_SIDE}")


def _rgb(image: Image.Image) -> Image.Image:
    """Return three channels of eight bits, with transparency laid on white."""
    if image.mode.startswith("I") or image.mode == "F":
        deep = np.asarray(image, dtype=float)
        span = (deep - deep.min()) / (np.ptp(deep) or 1)
        return Image.fromarray(np.uint8(255 * span)).convert("RGB")
    if "A" in image.mode or "transparency" in image.info:
        above = image.convert("RGBA")
        white = Image.new("RGBA", above.size, "white")
        return Image.alpha_composite(white, above).convert("RGB")
    return image.convert("RGB")


def _square(image: Image.Image, size: int | None) -> Image.Image:
    if size is None:
        return image
    return ImageOps.fit(image, (size, size), Image.Resampling.BILINEAR)


def _plain(error: Exception) -> str:
    text = re.sub(r"<_io.BytesIO object at \w+>", "the file", str(error))
    return text or type(error).__name__


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
    mlmastery.datasets.images.ImageError: its name speaks of cat and dog
    """
    words = set(re.findall(r"[a-z]+", file.lower()))
    named = [name for name in classes if {name, f"{name}s"} & words]
    if len(named) == 1:
        return named[0]
    if named:
        raise ImageError(f"its name speaks of {' and '.join(named)}")
    raise ImageError(f"its name speaks of neither {' nor '.join(classes)}")


@dataclass(frozen=True)
class Photographs:
    """What a folder held: file names, classes, pixels, and what was left out.

    ``images`` has shape (n, size, size, 3), uint8; ``files`` and ``labels`` have
    length n.
    """

    files: tuple[str, ...]
    labels: tuple[str, ...]
    images: np.ndarray
    skipped: tuple[Skipped, ...]


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
    if not isinstance(size, int) or size < MIN_SIDE:
        raise ValueError(f"size must be a whole number from {MIN_SIDE}, got {size!r}")
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    entry = cache and cache / f"{_state(folder, paths, size)}.npz"
    if entry and entry.is_file():
        return _from_cache(entry)
    photographs = _decode(folder, paths, size, workers, progress)
    _check_classes(folder, photographs)
    if entry:
        _to_cache(entry, photographs)
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


def _state(folder: Path, paths: Sequence[Path], size: int) -> str:
    """Return a key that changes with any file's name, length or date."""
    facts = [f"1 {size}"]
    for path in paths:
        stat = path.stat() if path.is_file() else path.lstat()
        facts.append(f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:32]


def _to_cache(entry: Path, photographs: Photographs) -> None:
    """Write the whole entry or nothing: a second process may be reading."""
    entry.parent.mkdir(parents=True, exist_ok=True)
    left_out = np.array([(s.file, s.reason) for s in photographs.skipped], dtype=str)
    with tempfile.NamedTemporaryFile(dir=entry.parent, delete=False) as file:
        np.savez(
            file,
            files=np.array(photographs.files),
            labels=np.array(photographs.labels),
            images=photographs.images,
            skipped=left_out.reshape(-1, 2),
        )
    os.replace(file.name, entry)


def _from_cache(entry: Path) -> Photographs:
    with np.load(entry) as saved:
        return Photographs(
            tuple(map(str, saved["files"])),
            tuple(map(str, saved["labels"])),
            saved["images"],
            tuple(Skipped(str(f), str(r)) for f, r in saved["skipped"]),
        )
