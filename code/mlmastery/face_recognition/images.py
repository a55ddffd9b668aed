"""Photographs as arrays: one form that every detector and every embedder takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["add_noise", "as_grey", "as_rgb", "read_picture"]


def as_rgb(image: Any) -> np.ndarray:
    """Return a photograph as contiguous RGB bytes, or raise and say what is wrong.

    A view such as ``frame[:, :, ::-1]`` has negative strides, which dlib refuses: it
    is copied. Channels are never swapped here, for an array doesn't say their order.

    Parameters
    ----------
    image : array of shape (height, width) or (height, width, 3)
        Grey or RGB, whole numbers from 0 to 255.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        A grey photograph is repeated in the three channels.

    Raises
    ------
    ValueError
        If the shape, the type or the range is another, or a value is missing.

    Examples
    --------
    >>> as_rgb(np.zeros((4, 6), dtype=np.uint8)).shape
    (4, 6, 3)
    >>> as_rgb(np.full((4, 6), 0.5))
    Traceback (most recent call last):
        ...
    ValueError: image must hold whole numbers from 0 to 255, got float64
    """
    pixels = _checked(image)
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    return np.ascontiguousarray(pixels, dtype=np.uint8)


def as_grey(image: Any) -> np.ndarray:
    """Return the brightness of a photograph: (299 R + 587 G + 114 B) / 1000, rounded.

    Parameters
    ----------
    image : array of shape (height, width) or (height, width, 3)
        As for `as_rgb`.

    Returns
    -------
    ndarray of uint8, shape (height, width)

    Examples
    --------
    >>> as_grey(np.full((2, 2, 3), 7, dtype=np.uint8)).tolist()
    [[7, 7], [7, 7]]
    """
    pixels = _checked(image)
    if pixels.ndim == 3:
        pixels = np.rint(pixels @ np.array([0.299, 0.587, 0.114]))
    return np.ascontiguousarray(pixels, dtype=np.uint8)


def read_picture(path: str | Path) -> np.ndarray:
    """Return the pixels of a picture file as RGB, or raise and name the file.

    Raises
    ------
    ValueError
        If it cannot be read as a picture, or not to its end.
    """
    from PIL import Image

    try:
        with Image.open(path) as picture:
            return np.array(picture.convert("RGB"))
    except (OSError, SyntaxError) as error:
        raise ValueError(f"{path} must be a picture: {error}") from error


def add_noise(image: Any, spread: float, rng: np.random.Generator) -> np.ndarray:
    """Return a picture with the noise of a sensor: normal, rounded to bytes.

    Parameters
    ----------
    image : array
        Grey levels.
    spread : float
        Standard deviation in grey levels.
    rng : numpy.random.Generator

    Examples
    --------
    >>> add_noise([[-3.0, 7.4, 300.0]], 0, np.random.default_rng(0)).tolist()
    [[0, 7, 255]]
    """
    values = np.asarray(image) + rng.normal(0, spread, np.shape(image))
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _checked(image: Any) -> np.ndarray:
    pixels = np.asarray(image)
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] != 3):
        raise ValueError(
            "image must have the shape (height, width) or (height, width, 3), "
            f"got {pixels.shape}"
        )
    if not pixels.size:
        raise ValueError(f"image must have at least one pixel, got {pixels.shape}")
    _check_values(pixels)
    return pixels


def _check_values(pixels: np.ndarray) -> None:
    if np.issubdtype(pixels.dtype, np.floating) and np.isnan(pixels).any():
        raise ValueError(f"image has NaN in {np.isnan(pixels).sum()} values")
    if not np.issubdtype(pixels.dtype, np.integer):
        raise ValueError(
            f"image must hold whole numbers from 0 to 255, got {pixels.dtype}"
        )
    low, high = pixels.min(), pixels.max()
    if low < 0 or high > 255:
        raise ValueError(
            f"image must hold whole numbers from 0 to 255, got {low} to {high}"
        )
