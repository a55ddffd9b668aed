"""Turning, scaling and shifting a face so that its eyes lie where others' do."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from mlmastery.face_recognition.images import as_rgb
from mlmastery.validation import check_count

__all__ = ["TEMPLATE", "align_face", "similarity_transform"]

# Where the eyes, the nose and the corners of the mouth lie in a crop of 112 pixels:
# the places on which ArcFace, SFace and their kind were trained.
TEMPLATE = np.array(
    [
        [38.2946, 51.6963],
        [73.5318, 51.5014],
        [56.0252, 71.7366],
        [41.5493, 92.3655],
        [70.7299, 92.2041],
    ]
)
TEMPLATE.setflags(write=False)


def similarity_transform(source: Any, target: Any) -> np.ndarray:
    """Return the turn, scale and shift that bring points closest to others.

    The sum of squared distances is least among all transforms of this kind, by the
    singular value decomposition of the points' covariance (Umeyama's solution).

    Parameters
    ----------
    source, target : array of shape (n, 2)
        Points that belong together, at least two.

    Returns
    -------
    ndarray of float, shape (2, 3)
        ``target`` is about ``source @ M[:, :2].T + M[:, 2]``. Mirror images are never
        used.

    Raises
    ------
    ValueError
        If the shapes differ, a number is not finite, or all points coincide.

    References
    ----------
    .. [1] Umeyama (1991), "Least-Squares Estimation of Transformation Parameters
       Between Two Point Patterns", IEEE PAMI 13(4).

    Examples
    --------
    >>> corners = np.array([[0, 0], [1, 0], [0, 1]])
    >>> matrix = similarity_transform(corners, 2 * corners + 5)
    >>> np.allclose(matrix, [[2, 0, 5], [0, 2, 5]])
    True
    """
    a, b = _points(source, "source"), _points(target, "target")
    if a.shape != b.shape:
        raise ValueError(
            f"source and target must have one shape, got {a.shape} and {b.shape}"
        )
    a_mean, b_mean = a.mean(axis=0), b.mean(axis=0)
    variance = ((a - a_mean) ** 2).sum() / len(a)
    if not variance:
        raise ValueError("source must hold at least two different points")
    left, sizes, right = np.linalg.svd((b - b_mean).T @ (a - a_mean) / len(a))
    # A determinant of -1 would be a mirror image: turn the weaker axis round.
    sign = np.array([1.0, np.sign(np.linalg.det(left @ right))])
    turn = left * sign @ right
    scale = (sizes * sign).sum() / variance
    return np.c_[scale * turn, b_mean - scale * turn @ a_mean]


def align_face(image: Any, landmarks: Any, size: int = 112) -> np.ndarray:
    """Cut a face out so that its landmarks lie on the template.

    Parameters
    ----------
    image : array of uint8, grey or RGB
    landmarks : array of shape (5, 2)
        Left eye, right eye, nose, left and right corner of the mouth, as seen.
    size : int, default=112
        Side of the result in pixels.

    Returns
    -------
    ndarray of uint8, shape (size, size, 3)
        RGB; black where the crop reaches beyond the image.

    Raises
    ------
    ValueError
        If there are not five finite landmarks, or they coincide.

    Examples
    --------
    >>> image = np.zeros((200, 200), dtype=np.uint8)
    >>> align_face(image, TEMPLATE + 20).shape
    (112, 112, 3)
    """
    pixels, points = as_rgb(image), _points(landmarks, "landmarks")
    if points.shape != TEMPLATE.shape:
        raise ValueError(f"landmarks must have the shape (5, 2), got {points.shape}")
    check_count(size, "size")
    matrix = similarity_transform(points, TEMPLATE * (size / 112))
    return cv2.warpAffine(pixels, matrix, (size, size), flags=cv2.INTER_LINEAR)


def _points(values: Any, name: str) -> np.ndarray:
    points = np.asarray(values, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise ValueError(f"{name} must have the shape (n, 2), got {points.shape}")
    if not np.isfinite(points).all():
        raise ValueError(f"{name} must hold finite numbers")
    return points
