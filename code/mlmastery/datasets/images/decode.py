"""Decode one image to upright RGB, whatever mode or size it has."""

import io
import re
import warnings

import numpy as np
from PIL import Image, ImageOps

MAX_PIXELS = 40_000_000
MIN_SIDE = 8


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
