"""Write a folder with every kind of file that a photograph album hides."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from mlmastery.renamed import renamed_keywords


@renamed_keywords(seed="random_state")
def write_odd_folder(folder: Path, random_state: int = 0) -> None:
    """Write usable and unusable files, named after what they are, into a folder.

    Usable are a plain JPEG, a grey, a transparent, a CMYK, a palette and a 16-bit
    image, and one that the camera's EXIF says to turn. Unusable are a JPEG cut off in
    the middle, a text file called .jpg, an empty file, a single pixel, a picture of 50
    megapixels, one whose folder contradicts its name, one that is named after nothing,
    and an exact copy.
    """
    (folder / "cat").mkdir(parents=True, exist_ok=True)
    for name, content in _files(np.random.default_rng(random_state)):
        (folder / name).write_bytes(content)


def _files(rng: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    picture = Image.fromarray(rng.integers(0, 256, (48, 64, 3), dtype=np.uint8))
    plain = _encode(picture, "JPEG")
    yield "cat.plain.jpg", plain
    yield "cat.copy.jpg", plain
    yield "cat.truncated.jpg", plain[: len(plain) // 2]
    yield "dog.grey.png", _encode(picture.convert("L"), "PNG")
    yield "dog.transparent.png", _encode(picture.convert("RGBA"), "PNG")
    yield "dog.cmyk.jpg", _encode(picture.convert("CMYK"), "JPEG")
    yield "cat.palette.gif", _encode(picture.convert("P"), "GIF")
    deep = rng.integers(0, 65536, (48, 64), dtype=np.uint16)
    yield "cat.16bit.png", _encode(Image.fromarray(deep), "PNG")
    yield "dog.turned.jpg", _encode(picture, "JPEG", exif=_rotation())
    yield "dog.text.jpg", b"not a picture at all"
    yield "dog.empty.jpg", b""
    yield "cat.pixel.png", _encode(Image.new("RGB", (1, 1)), "PNG")
    yield "cat.huge.png", _encode(Image.new("1", (10_000, 5_000)), "PNG")
    yield "cat/dog.wrong_folder.jpg", _encode(picture.rotate(90), "JPEG")
    yield "holiday.jpg", _encode(picture.rotate(180), "JPEG")


def _rotation() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn a quarter clockwise to see it upright
    return exif


def _encode(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
