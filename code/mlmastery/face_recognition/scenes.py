"""Photographs made harder on purpose, and group pictures whose faces are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np

from mlmastery.face_recognition.boxes import box_iou
from mlmastery.face_recognition.detection import Face
from mlmastery.face_recognition.images import add_noise, as_grey
from mlmastery.validation import check_choice, check_count, check_number

__all__ = [
    "CONDITIONS",
    "FACE_REGION",
    "Scene",
    "compose_scene",
    "count_matches",
    "patches",
    "spoil",
    "turn",
]

# The part of a photograph of the ORL set, as shares of its width and height, that its
# face fills in most of the 400: x, y, width, height.
FACE_REGION = (0.09, 0.17, 0.81, 0.74)


class Scene(NamedTuple):
    """A picture with several faces, where they are, and whose they are.

    Examples
    --------
    >>> Scene(np.zeros((2, 2), np.uint8), np.array([[0, 0, 1, 1]]), [7]).people
    [7]
    """

    image: np.ndarray
    boxes: np.ndarray
    people: list[Any]


def _rotated(image: np.ndarray, degrees: float) -> np.ndarray:
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    size = (width, height)
    return cv2.warpAffine(image, matrix, size, borderMode=cv2.BORDER_REPLICATE)


def _smaller(image: np.ndarray, share: float) -> np.ndarray:
    size = [max(round(side * share), 1) for side in image.shape[::-1]]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


_Spoiler = Callable[[np.ndarray, np.random.Generator], np.ndarray]
_SPOILERS: dict[str, _Spoiler] = {
    "as it is": lambda image, rng: image,
    "turned 15°": lambda image, rng: _rotated(image, 15),
    "turned 30°": lambda image, rng: _rotated(image, 30),
    "half size": lambda image, rng: _smaller(image, 0.5),
    "a quarter": lambda image, rng: _smaller(image, 0.25),
    "dark": lambda image, rng: (image * 0.15).astype(np.uint8),
    "noisy": lambda image, rng: add_noise(image, 40, rng),
}
CONDITIONS = tuple(_SPOILERS)


def spoil(image: Any, condition: str, random_state: int = 0) -> np.ndarray:
    """Return a photograph made harder for a detector.

    Parameters
    ----------
    image : array of uint8, grey or RGB
    condition : str
        One of `CONDITIONS`: turned about its centre, made smaller, 15 % of its
        brightness, or Gaussian noise with a standard deviation of 40.
    random_state : int, default=0
        Of the noise.

    Returns
    -------
    ndarray of uint8, grey

    Examples
    --------
    >>> spoil(np.full((112, 92), 100, dtype=np.uint8), "half size").shape
    (56, 46)
    """
    check_choice(condition, "condition", CONDITIONS)
    rng = np.random.default_rng(random_state)
    return _SPOILERS[condition](as_grey(image), rng)


def turn(image: Any, degrees: float) -> np.ndarray:
    """Return a photograph turned about its centre; positive is anticlockwise.

    Examples
    --------
    >>> turn(np.full((4, 6), 9, dtype=np.uint8), 90).shape
    (4, 6)
    """
    check_number(degrees, "degrees", -math.inf)
    return _rotated(as_grey(image), degrees)


def compose_scene(
    photos: Sequence[Any],
    people: Sequence[Any],
    n_columns: int = 4,
    cell: int = 150,
    random_state: int = 0,
) -> Scene:
    """Put photographs of different sizes on a grey wall, each in a cell of its own.

    Parameters
    ----------
    photos : sequence of arrays of uint8
        As the ORL set has them: one face that fills most of the picture.
    people : sequence
        Who is in each photograph.
    n_columns : int, default=4
    cell : int, default=150
        Side of a cell in pixels.
    random_state : int, default=0
        Of sizes and places.

    Examples
    --------
    >>> photos = [np.zeros((112, 92), np.uint8)] * 5
    >>> scene = compose_scene(photos, [1, 2, 3, 4, 5])
    >>> scene.image.shape, scene.boxes.shape
    ((300, 600), (5, 4))
    """
    if len(photos) != len(people) or not len(photos):
        raise ValueError(
            "photos and people must be as many as each other and at least one, "
            f"got {len(photos)} and {len(people)}"
        )
    check_count(n_columns, "n_columns")
    check_count(cell, "cell", 60)
    rng = np.random.default_rng(random_state)
    rows = -(-len(photos) // n_columns)
    wall = np.full((rows * cell, n_columns * cell), 120, dtype=np.uint8)
    boxes = []
    for i, photo in enumerate(photos):
        grey = as_grey(photo)
        picture = _smaller(grey, rng.uniform(0.7, 1.0) * cell / max(grey.shape))
        room = np.array([cell, cell]) - picture.shape
        top, left = rng.integers(0, room + 1) + np.array(divmod(i, n_columns)) * cell
        height, width = picture.shape
        wall[top : top + height, left : left + width] = picture
        x, y, w, h = FACE_REGION
        boxes.append([left + x * width, top + y * height, w * width, h * height])
    return Scene(wall, np.array(boxes), list(people))


def count_matches(
    faces: Sequence[Face], boxes: Any, min_overlap: float = 0.4
) -> tuple[int, int]:
    """Count the true faces that were found, and the boxes on no true face.

    Parameters
    ----------
    faces : sequence of Face
    boxes : array of shape (n, 4)
        Where the faces are.
    min_overlap : float, default=0.4
        Intersection over union from which a box is on a face. Each box is spent on
        one face.

    Returns
    -------
    found, false : int

    Examples
    --------
    >>> count_matches([Face((0, 0, 10, 10), 1.0)], [[0, 0, 10, 9], [50, 50, 9, 9]])
    (1, 0)
    """
    truth = np.asarray(boxes, dtype=float).reshape(-1, 4)
    overlap = box_iou([face.box for face in faces], truth)
    found = 0
    while overlap.size and overlap.max() >= min_overlap:
        best = np.unravel_index(overlap.argmax(), overlap.shape)
        overlap = np.delete(np.delete(overlap, best[0], 0), best[1], 1)
        found += 1
    return found, len(faces) - found


def face_region(image: np.ndarray) -> np.ndarray:
    """Return the box that the face of an ORL photograph fills, whatever its size."""
    height, width = image.shape[:2]
    return np.array([FACE_REGION]) * [width, height, width, height]


def patches(image: Any, side: int = 106) -> list[np.ndarray]:
    """Cut a picture into squares that do not overlap; a rest is left out.

    Examples
    --------
    >>> len(patches(np.zeros((427, 640), dtype=np.uint8)))
    24
    """
    grey = as_grey(image)
    check_count(side, "side", 1, min(grey.shape))
    rows, columns = (np.arange(0, s - side + 1, side) for s in grey.shape)
    return [grey[y : y + side, x : x + side] for y in rows for x in columns]
