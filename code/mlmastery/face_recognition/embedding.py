"""Embeddings: a face as 128 numbers that are alike for photographs of one person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import cv2
import numpy as np

from mlmastery.face_recognition.alignment import align_face
from mlmastery.face_recognition.boxes import box_iou
from mlmastery.face_recognition.detection import Face, YuNetDetector
from mlmastery.face_recognition.images import as_rgb
from mlmastery.face_recognition.weights import weight_path
from mlmastery.validation import check_count

__all__ = [
    "DlibEmbedder",
    "Embedder",
    "NoFaceError",
    "SFaceEmbedder",
    "cosine_similarity",
    "find_landmarks",
    "unit_length",
]


class NoFaceError(ValueError):
    """There is no face where one was expected."""


class Embedder(Protocol):
    """Anything that turns the faces of an image into vectors."""

    name: str
    dimension: int

    def embed(self, image: Any, face: Face) -> np.ndarray:
        """Return the vector of one face."""

    def embed_many(self, images: Sequence[Any], faces: Sequence[Face]) -> np.ndarray:
        """Return one row per face."""


def unit_length(vectors: Any, name: str = "vectors") -> np.ndarray:
    """Divide each vector by its length.

    Parameters
    ----------
    vectors : array of shape (dimension,) or (n, dimension)
    name : str, default="vectors"
        The argument, for the message.

    Raises
    ------
    ValueError
        If a vector has the length zero or a number that is not finite.

    Examples
    --------
    >>> unit_length([3.0, 4.0]).tolist()
    [0.6, 0.8]
    """
    rows = np.asarray(vectors, dtype=float)
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    if not np.isfinite(lengths).all() or not lengths.all():
        raise ValueError(f"{name} must be finite and have a length above zero")
    return rows / lengths


def cosine_similarity(first: Any, second: Any) -> np.ndarray:
    """Return the cosine of the angle between each vector and each other.

    Parameters
    ----------
    first : array of shape (n, dimension)
        One vector may be given without the first axis. Lengths play no part.
    second : array of shape (m, dimension)

    Returns
    -------
    ndarray of float, shape (n, m)
        1 for the same direction, 0 for a right angle, -1 for opposite ones.

    Raises
    ------
    ValueError
        If the dimensions differ, or a vector has the length zero.

    Examples
    --------
    >>> cosine_similarity([[1.0, 0.0]], [[2.0, 0.0], [1.0, 1.0]]).round(3)
    array([[1.   , 0.707]])
    """
    a, b = np.atleast_2d(unit_length(first)), np.atleast_2d(unit_length(second))
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            "first and second must have one dimension, "
            f"got {a.shape[1]} and {b.shape[1]}"
        )
    return np.clip(a @ b.T, -1, 1)


def find_landmarks(image: Any, face: Face, margin: float = 0.4) -> np.ndarray:
    """Return the five landmarks of a face that may come as a box only.

    YuNet looks at the box with a margin around it; its face that overlaps the box
    most lends its landmarks.

    Parameters
    ----------
    image : array of uint8, grey or RGB
    face : Face
        Landmarks that it has already are returned as they are.
    margin : float, default=0.4
        Added on each side, as a share of the box.

    Returns
    -------
    ndarray of float, shape (5, 2)

    Raises
    ------
    NoFaceError
        If YuNet sees no face there.
    """
    if face.landmarks is not None:
        return np.asarray(face.landmarks, dtype=float)
    pixels = as_rgb(image)
    corner, crop = _with_margin(pixels, face, margin)
    found = _yunet().detect(crop) if crop.size else []
    if not found:
        raise NoFaceError(f"no landmarks were found in the box {face.box}")
    moved = [(f.box[0] + corner[0], f.box[1] + corner[1], *f.box[2:]) for f in found]
    landmarks = found[int(box_iou(face.box, moved).argmax())].landmarks
    assert landmarks is not None  # YuNet always finds them
    return landmarks + corner


class SFaceEmbedder:
    """Embed faces by SFace, a MobileFaceNet of ten million bytes in 8-bit numbers.

    The face is aligned by its landmarks first; `find_landmarks` supplies them for
    detectors that find none.

    Parameters
    ----------
    align : bool, default=True
        Without, the box is cut out as it is and resized: for comparison only.

    Examples
    --------
    >>> SFaceEmbedder().dimension
    128
    """

    name, dimension = "sface", 128

    def __init__(self, align: bool = True) -> None:
        self.align = align
        path = str(weight_path("sface"))
        self._network = cv2.FaceRecognizerSF.create(path, "")

    def embed(self, image: Any, face: Face) -> np.ndarray:
        """Return the embedding of one face: 128 numbers, of length 1 together.

        Raises
        ------
        NoFaceError
            If the face has no landmarks and none are found.
        """
        pixels = as_rgb(image)
        crop = self._aligned(pixels, face) if self.align else _resized(pixels, face)
        feature = self._network.feature(cv2.cvtColor(crop, cv2.COLOR_RGB2BGR))
        return unit_length(feature.ravel())

    def embed_many(self, images: Sequence[Any], faces: Sequence[Face]) -> np.ndarray:
        """Return one row per face, shape (n, 128)."""
        return _embed_all(self, images, faces)

    def _aligned(self, pixels: np.ndarray, face: Face) -> np.ndarray:
        return align_face(pixels, find_landmarks(pixels, face))


class DlibEmbedder:
    """Embed faces by dlib's residual network.

    It aligns by five landmarks of its own, which its predictor finds in a square
    around the box's centre.

    Parameters
    ----------
    jitters : int, default=0
        Number of randomly moved copies whose embeddings are averaged; 0 takes the
        face as it is.
    normalise : bool, default=True
        Without, the vector keeps its length: dlib's own threshold of 0.6 is a
        distance between such vectors.

    Examples
    --------
    >>> DlibEmbedder().dimension
    128
    """

    name, dimension = "dlib", 128

    def __init__(self, jitters: int = 0, normalise: bool = True) -> None:
        import dlib

        self.jitters = check_count(jitters, "jitters", 0)
        self.normalise = normalise
        self._predictor = dlib.shape_predictor(str(weight_path("five_points")))
        path = str(weight_path("dlib_resnet"))
        self._network = dlib.face_recognition_model_v1(path)

    def embed(self, image: Any, face: Face) -> np.ndarray:
        """Return the embedding of one face: 128 numbers, of length 1 together.

        Raises
        ------
        NoFaceError
            If the box lies outside the image.
        """
        pixels = as_rgb(image)
        whole = (0.0, 0.0, float(pixels.shape[1]), float(pixels.shape[0]))
        if not box_iou(face.box, whole)[0, 0]:
            raise NoFaceError(f"the box {face.box} lies outside the image")
        shape = self._predictor(pixels, _square_rectangle(face))
        vector = self._network.compute_face_descriptor(pixels, shape, self.jitters)
        values = np.array(vector)
        return unit_length(values) if self.normalise else values

    def embed_many(self, images: Sequence[Any], faces: Sequence[Face]) -> np.ndarray:
        """Return one row per face, shape (n, 128)."""
        return _embed_all(self, images, faces)


def _embed_all(
    embedder: Embedder, images: Sequence[Any], faces: Sequence[Face]
) -> np.ndarray:
    if len(images) != len(faces):
        raise ValueError(
            "images and faces must be as many as each other, "
            f"got {len(images)} and {len(faces)}"
        )
    rows = [embedder.embed(i, f) for i, f in zip(images, faces, strict=True)]
    return np.array(rows).reshape(len(rows), embedder.dimension)


@cache
def _yunet() -> YuNetDetector:
    return YuNetDetector(score_threshold=0.3)


def _with_margin(
    pixels: np.ndarray, face: Face, margin: float
) -> tuple[np.ndarray, np.ndarray]:
    x, y, width, height = face.box
    place, size = np.array([x, y]), np.array([width, height])
    near = np.maximum(np.floor(place - margin * size), 0).astype(int)
    far = np.maximum(np.ceil(place + (1 + margin) * size), 0).astype(int)
    return near, pixels[near[1] : far[1], near[0] : far[0]]


def _resized(pixels: np.ndarray, face: Face, size: int = 112) -> np.ndarray:
    crop = _with_margin(pixels, face, 0.0)[1]
    if not crop.size:
        raise NoFaceError(f"the box {face.box} lies outside the image")
    return cv2.resize(crop, (size, size), interpolation=cv2.INTER_LINEAR)


def _square_rectangle(face: Face) -> Any:
    import dlib

    x, y, width, height = face.box
    side = (width + height) / 2
    left, top = x + (width - side) / 2, y + (height - side) / 2
    corners = (left, top, left + side - 1, top + side - 1)
    return dlib.rectangle(*(round(value) for value in corners))
