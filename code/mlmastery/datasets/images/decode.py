"""Decode one image to upright RGB, whatever mode or size it has."""

import io
import re
import warnings

import numpy as np
from PIL import Image, ImageCms, ImageOps

from mlmastery.validation import check_count

MAX_PIXELS = 40_000_000
MIN_SIDE = 8
ALPHA_MODES = {"RGBA", "LA", "PA", "RGBa", "La"}


class ImageError(ValueError):
    """A file is not a usable image; the message says why."""


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
        Transparent pixels are laid on white; the camera's EXIF rotation is applied; of
        an animation the first picture is taken. Deep pixels are scaled by the range of
        their type, never by the picture: 65,535 is white in 16 bits, and floating-point
        pixels are brightnesses from 0 to 1.

    Raises
    ------
    ImageError
        If the content is truncated, no image, has a side of fewer than 8 pixels, more
        than 40 million pixels, or brightnesses outside the range of their type. The
        size is checked before anything is decoded.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> Image.new("L", (30, 20), 200).save(buffer, "PNG")
    >>> read_image(buffer.getvalue(), size=16).shape
    (16, 16, 3)
    """
    if not isinstance(content, (bytes, bytearray, memoryview)):
        raise TypeError(
            f"content must be bytes, as of Path.read_bytes, got {type(content).__name__}"
        )
    if size is not None:
        check_count(size, "size")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of what it can mend itself
        return decode(content, size)


def decode(content: bytes, size: int | None = None) -> np.ndarray:
    """Do as `read_image`, in threads: the caller sees to Pillow's warnings.

    Examples
    --------
    >>> decode(b"")
    Traceback (most recent call last):
    mlmastery.datasets.images.decode.ImageError: cannot identify image file
    """
    try:
        image = Image.open(io.BytesIO(content))
        _check_size(image)
        if size is not None:
            image.draft("RGB", (2 * size, 2 * size))  # JPEG decodes small, fast
        image.load()
        return np.asarray(_square(_rgb(_upright(image), _largest(image)), size))
    except ImageError:
        raise
    except MemoryError:
        raise
    # Pillow's decoders meet damaged files with errors of every class.
    except Exception as error:
        raise ImageError(_plain(error)) from error


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # damaged EXIF data say nothing, and the pixels are whole
        return image


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"{width} x {height} pixels; more than {MAX_PIXELS:,} are not decoded"
        )
    if min(width, height) < MIN_SIDE:
        raise ImageError(f"{width} x {height} pixels; a side needs at least {MIN_SIDE}")


def _rgb(image: Image.Image, white: float) -> Image.Image:
    """Return three channels of eight bits, with transparency laid on white."""
    if image.mode == "F" or image.mode.startswith("I"):
        return Image.fromarray(_bytes_of_deep(image, white)).convert("RGB")
    if image.mode == "LAB":
        lab, srgb = (ImageCms.createProfile(name) for name in ("LAB", "sRGB"))
        transform = ImageCms.buildTransform(lab, srgb, "LAB", "RGB")
        colours = ImageCms.applyTransform(image, transform)
        assert (
            colours is not None
        )  # it is None only where the image is changed in place
        return colours
    if image.mode in ALPHA_MODES or "transparency" in image.info:
        above = image.convert("RGBA")
        below = Image.new("RGBA", above.size, "white")
        return Image.alpha_composite(below, above).convert("RGB")
    return image.convert("RGB")


def _bytes_of_deep(image: Image.Image, white: float) -> np.ndarray:
    """Scale pixels of more than eight bits by the range of their type."""
    deep = np.asarray(image, dtype=float)
    low, high = deep.min(), deep.max()
    if not (low >= 0 and high <= white):  # false for NaN, too
        raise ImageError(
            f"brightnesses from {low:g} to {high:g}, where {image.mode} pixels go "
            f"from 0 to {white:g}"
        )
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        deep = np.where(deep == transparent, white, deep)
    return np.rint(255 / white * deep).astype(np.uint8)


def _largest(image: Image.Image) -> float:
    """Return the number that is white in the type of an opened image."""
    if image.mode == "F":
        return 1.0
    if image.mode == "I":  # 32 bits, in which many formats keep 16
        tags = getattr(image, "tag_v2", {})
        bits, signed = tags.get(258, (16,))[0], tags.get(339, (1,))[0] == 2
        return float(2 ** (bits - signed) - 1)
    return 65535.0


def _square(image: Image.Image, size: int | None) -> Image.Image:
    if size is None:
        return image
    return ImageOps.fit(image, (size, size), Image.Resampling.BILINEAR)


def _plain(error: Exception) -> str:
    text = re.sub(r" ?<_io.BytesIO object at \w+>", "", str(error))
    return text or type(error).__name__
