"""Show a photograph of a photograph, and ask whether the face in it is alive.

>>> import numpy as np
>>> still = np.zeros((3, 8, 8), np.uint8)
>>> expression_change(still)
0.0
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.validation import check_count

from .images import add_noise, as_rgb
from .rendering import check_grey, paste_photograph

__all__ = ["expression_change", "hold_up_phone"]


def hold_up_phone(
    photo: Any,
    size: tuple[int, int] = (320, 240),
    width: int = 92,
    rng: np.random.Generator | None = None,
) -> np.ndarray:
    """Return a camera's picture of a phone that shows a photograph.

    Parameters
    ----------
    photo : array of uint8, shape (h, w)
    size : (int, int), default=(320, 240)
        Width and height of the camera's picture.
    width : int, default=92
        Of the photograph on the screen, in the camera's pixels.
    rng : numpy.random.Generator, optional
        Of the camera's noise.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)

    Examples
    --------
    >>> hold_up_phone(np.full((112, 92), 200, np.uint8)).shape
    (240, 320, 3)
    """
    rng = np.random.default_rng(0) if rng is None else rng
    check_grey(photo, "photo")
    check_count(width, "width", 8, min(size))
    height = round(width * photo.shape[0] / photo.shape[1])
    canvas = np.full(size[::-1], 150.0)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    canvas[max(top - 18, 0) : top + height + 18, left - 6 : left + width + 6] = 20
    paste_photograph(canvas, np.asarray(photo), left, top, width, height)
    # A screen adds a faint grid and its own light.
    canvas[::2] *= 0.97
    return as_rgb(add_noise(canvas * 0.95 + 8, 3, rng))


def expression_change(crops: Any) -> float:
    """Return how much aligned pictures of one face differ from their mean.

    Brightness and contrast are taken out of each crop first.

    Parameters
    ----------
    crops : array of shape (n, h, w) or (n, h, w, 3)
        At least two.

    Returns
    -------
    float
        Root mean square difference, in standard deviations of a crop.

    Examples
    --------
    >>> a = np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> round(expression_change([a, 3 * a + 7]), 9)
    0.0
    >>> expression_change([a, 1 - a])
    1.0
    """
    stack = np.asarray(crops, dtype=float)
    if stack.ndim < 3 or len(stack) < 2:
        raise ValueError(
            f"crops must be at least two pictures, got shape {stack.shape}"
        )
    if not np.isfinite(stack).all():
        raise ValueError("crops must be finite, got NaN or infinity")
    stack = stack.reshape(len(stack), -1)
    stack = stack - stack.mean(axis=1, keepdims=True)
    spread = stack.std(axis=1, keepdims=True)
    stack = np.divide(stack, spread, out=np.zeros_like(stack), where=spread > 0)
    return float(np.sqrt(((stack - stack.mean(axis=0)) ** 2).mean()))
