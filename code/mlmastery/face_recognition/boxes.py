"""Boxes around faces: their overlap, and the best one of many on the same face."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mlmastery.validation import check_number

__all__ = ["box_iou", "non_maximum_suppression", "share_of_smaller"]


def box_iou(first: Any, second: Any) -> np.ndarray:
    """Return the overlap of each box with each other: intersection over union.

    Parameters
    ----------
    first : array of shape (n, 4)
        ``x, y, width, height``; a single box may be given without the first axis.
    second : array of shape (m, 4)

    Returns
    -------
    ndarray of float, shape (n, m)
        0 for boxes that do not touch, 1 for equal ones.

    Raises
    ------
    ValueError
        If the shape is another, a number is not finite or a side is negative.

    Examples
    --------
    >>> box_iou([0, 0, 4, 4], [2, 2, 4, 4]).round(3)
    array([[0.143]])
    """
    shared, a, b = _areas(first, second)
    return _ratio(shared, a[:, None] + b - shared)


def share_of_smaller(first: Any, second: Any) -> np.ndarray:
    """Return which share of the smaller of two boxes lies in the other.

    Parameters
    ----------
    first, second : array of shape (n, 4) and (m, 4)
        As for `box_iou`.

    Returns
    -------
    ndarray of float, shape (n, m)

    Examples
    --------
    >>> share_of_smaller([0, 0, 4, 4], [1, 1, 2, 2]).tolist()
    [[1.0]]
    """
    shared, a, b = _areas(first, second)
    return _ratio(shared, np.minimum(a[:, None], b))


def non_maximum_suppression(
    boxes: Any,
    scores: Any,
    max_overlap: float = 0.4,
    overlap: Callable[[Any, Any], np.ndarray] = box_iou,
) -> np.ndarray:
    """Keep the best box of each heap of overlapping boxes.

    The best box is kept, all that overlap it by more than the limit are dropped, and
    so on with the rest.

    Parameters
    ----------
    boxes : array of shape (n, 4)
        ``x, y, width, height``.
    scores : array of shape (n,)
        Larger is better; equal scores keep their order.
    max_overlap : float, default=0.4
        Largest overlap of two boxes that are both kept.
    overlap : callable, default=box_iou
        How it is measured.

    Returns
    -------
    ndarray of int
        Rows that stay, best first.

    Raises
    ------
    ValueError
        If there is not one finite score per box, or the limit is outside 0 to 1.

    Examples
    --------
    >>> boxes = [[0, 0, 10, 10], [1, 0, 10, 10], [30, 30, 10, 10]]
    >>> non_maximum_suppression(boxes, [0.8, 0.9, 0.7]).tolist()
    [1, 2]
    """
    check_number(max_overlap, "max_overlap", 0, 1)
    corners, values = _boxes(boxes, "boxes"), np.asarray(scores, dtype=float)
    if values.shape != (len(corners),) or not np.isfinite(values).all():
        raise ValueError(
            f"scores must be one finite number per box, got {values.shape} "
            f"for {len(corners)} boxes"
        )
    waiting, kept = np.argsort(-values, kind="stable"), []
    while len(waiting):
        best, rest = waiting[0], waiting[1:]
        kept.append(best)
        waiting = rest[overlap(corners[best], corners[rest])[0] <= max_overlap]
    return np.array(kept, dtype=int)


def _areas(first: Any, second: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the area that each two boxes share, and those of the boxes."""
    a, b = _boxes(first, "first"), _boxes(second, "second")
    corner = np.maximum(a[:, None, :2], b[None, :, :2])
    opposite = np.minimum(
        a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:]
    )
    shared = np.prod(np.maximum(opposite - corner, 0), axis=2)
    return shared, a[:, 2:].prod(axis=1), b[:, 2:].prod(axis=1)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _boxes(values: Any, name: str) -> np.ndarray:
    boxes = np.asarray(values, dtype=float)
    boxes = boxes.reshape(0, 4) if not boxes.size else np.atleast_2d(boxes)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(
            f"{name} must have rows of x, y, width, height, got shape {boxes.shape}"
        )
    if not np.isfinite(boxes).all() or (boxes[:, 2:] < 0).any():
        raise ValueError(f"{name} must have finite numbers and sides from 0 up")
    return boxes
