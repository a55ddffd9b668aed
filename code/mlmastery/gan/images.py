"""Images as the networks want them: 28 x 28 numbers from -1 to 1, and their classes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import as_numbers, check_count

__all__ = ["check_images", "check_labels", "split_digits", "to_images"]


def to_images(table: pd.DataFrame) -> np.ndarray:
    """Return the pixels of a table of digits as images in [-1, 1].

    Parameters
    ----------
    table : DataFrame
        ``pixel_0`` to ``pixel_783``, 0 to 255.

    Returns
    -------
    ndarray of shape (n, 28, 28), float32

    Examples
    --------
    >>> table = pd.DataFrame(np.zeros((2, 784)), columns=[f"pixel_{k}" for k in range(784)])
    >>> to_images(table).shape, float(to_images(table).max())
    ((2, 28, 28), -1.0)
    """
    pixels = table.filter(like="pixel_").to_numpy(np.float32)
    return (pixels / 127.5 - 1).reshape(-1, 28, 28)


def split_digits(table: pd.DataFrame, n_train: int = 3000) -> list[Any]:
    """Return training images and labels, then two halves of the rest, by seed 0.

    Parameters
    ----------
    table : DataFrame
        With ``digit``, such as `mlmastery.datasets.load_mnist` gives it.
    n_train : int, default=3000

    Returns
    -------
    list
        Images and labels of the training part, the reference and the other real digits.
    """
    check_count(n_train, "n_train", maximum=len(table) - 2)
    order = np.random.default_rng(0).permutation(len(table))
    middle = n_train + (len(table) - n_train) // 2
    parts = []
    for rows in (order[:n_train], order[n_train:middle], order[middle:]):
        part = table.iloc[rows]
        parts += [to_images(part), part["digit"].to_numpy()]
    return parts


def check_images(X: Any, name: str, minimum: int = 1) -> np.ndarray:
    """Return images of shape (n, 28, 28), float32 in [-1, 1], or raise.

    Raises
    ------
    ValueError
        If the shape is another, a number is not finite, or the range is another: images
        in [0, 1] are refused too, although they lie in [-1, 1].

    Examples
    --------
    >>> check_images(np.zeros((2, 784)), "X")
    Traceback (most recent call last):
        ...
    ValueError: X must lie in [-1, 1] and reach below 0, got [0, 0]: scale [0, 1] by 2x - 1
    """
    images = as_numbers(X, name).astype(np.float32)
    if images.ndim == 2 and images.shape[1] == 784:
        images = images.reshape(-1, 28, 28)
    if images.ndim != 3 or images.shape[1:] != (28, 28) or len(images) < minimum:
        raise ValueError(
            f"{name} must hold at least {minimum} images of shape (28, 28), "
            f"got shape {np.shape(X)}"
        )
    if not np.isfinite(images).all():
        raise ValueError(f"{name} must be finite, got NaN or infinity")
    low, high = images.min(), images.max()
    if low < -1 or high > 1 or low >= 0:
        hint = (
            "scale [0, 1] by 2x - 1" if high <= 1 else "scale [0, 255] by x/127.5 - 1"
        )
        raise ValueError(
            f"{name} must lie in [-1, 1] and reach below 0, "
            f"got [{low:.3g}, {high:.3g}]: {hint}"
        )
    return images


def check_labels(y: Any, name: str, n: int) -> np.ndarray:
    """Return ``n`` classes from 0 to 9 as int64, or raise.

    Examples
    --------
    >>> check_labels([3, 10], "y", 2)
    Traceback (most recent call last):
        ...
    ValueError: y must hold 2 whole numbers from 0 to 9, got 10
    """
    labels = as_numbers(y, name)
    if labels.shape != (n,):
        raise ValueError(f"{name} must have shape ({n},), got {labels.shape}")
    wrong = labels[~np.isin(labels, np.arange(10))]
    if len(wrong):
        raise ValueError(
            f"{name} must hold {n} whole numbers from 0 to 9, got {wrong[0]:g}"
        )
    return labels.astype(np.int64)
