"""Five face detectors with one method: `detect` takes an image and returns faces.

Every detector takes grey or RGB bytes. Those that want another order of the channels
convert inside; the caller never does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from mlmastery.face_recognition.images import as_grey, as_rgb
from mlmastery.face_recognition.mtcnn import Mtcnn
from mlmastery.face_recognition.weights import weight_path
from mlmastery.validation import check_count, check_number

__all__ = [
    "Detector",
    "Face",
    "HaarDetector",
    "HogDetector",
    "MmodDetector",
    "MtcnnDetector",
    "YuNetDetector",
]

_SMALLEST = 12  # pixels: no detector here finds a face in an image with a shorter side

# With a side of up to 32 pixels the coarsest grid of the 8-bit network has one row or
# column, and OpenCV 4.14 then reads memory that nothing was written to: faces at random
# places, different ones in each run. Such images get a black border.
_YUNET_SMALLEST = 64


@dataclass(frozen=True, eq=False)
class Face:
    """A face that a detector found.

    Parameters
    ----------
    box : tuple of four floats
        ``x, y, width, height`` in pixels; it may reach beyond the image.
    score : float
        Larger is surer; each detector has a scale of its own.
    landmarks : ndarray of float, shape (5, 2), or None
        As seen in the image: left eye, right eye, nose, left and right corner of the
        mouth. None from detectors that find boxes only.

    Examples
    --------
    >>> Face((10.0, 20.0, 30.0, 40.0), 0.9).area
    1200.0
    """

    box: tuple[float, float, float, float]
    score: float
    landmarks: np.ndarray | None = None

    @property
    def area(self) -> float:
        """Width times height of the box, in pixels."""
        return self.box[2] * self.box[3]


class Detector(Protocol):
    """Anything that finds faces in an image."""

    def detect(self, image: Any) -> list[Face]:
        """Return the faces, largest first; an empty list where there is none."""


class HaarDetector:
    """Find faces by the cascade of Haar features that comes with OpenCV.

    Parameters
    ----------
    scale_factor : float, default=1.1
        Ratio of two window sizes that follow each other.
    min_neighbors : int, default=3
        Raw hits that a place needs to count as a face.
    min_size : int, default=24
        Side of the smallest window in pixels.
    cascade : path, optional
        Another cascade file.

    Raises
    ------
    FileNotFoundError
        If there is no such file. OpenCV itself stays silent until the first image.
    ValueError
        If the file holds no cascade.

    Examples
    --------
    >>> HaarDetector().detect(np.full((100, 100), 128, dtype=np.uint8))
    []
    """

    def __init__(
        self,
        scale_factor: float = 1.1,
        min_neighbors: int = 3,
        min_size: int = 24,
        cascade: str | Path | None = None,
    ) -> None:
        self.scale_factor = check_number(scale_factor, "scale_factor", 1, open=True)
        self.min_neighbors = check_count(min_neighbors, "min_neighbors", 0)
        self.min_size = check_count(min_size, "min_size")
        self._cascade = _read_cascade(cascade)

    def detect(self, image: Any) -> list[Face]:
        """Return the faces in a grey or RGB image, largest first."""
        grey = as_grey(image)
        if _is_tiny(grey):
            return []
        boxes, _, weights = self._cascade.detectMultiScale3(
            grey,
            scaleFactor=self.scale_factor,
            minNeighbors=self.min_neighbors,
            minSize=(self.min_size, self.min_size),
            outputRejectLevels=True,
        )
        found = zip(boxes, np.ravel(weights), strict=True)
        return _largest_first(Face(_floats(box), float(w)) for box, w in found)


class HogDetector:
    """Find faces by dlib's histograms of oriented gradients and a linear classifier.

    Parameters
    ----------
    upsample : int, default=0
        How often the image is doubled first; without, faces below about 80 pixels
        are missed.
    threshold : float, default=0
        Score from which a window is a face.

    Examples
    --------
    >>> HogDetector().detect(np.full((100, 100), 128, dtype=np.uint8))
    []
    """

    def __init__(self, upsample: int = 0, threshold: float = 0.0) -> None:
        import dlib

        self.upsample = check_count(upsample, "upsample", 0, 4)
        self.threshold = check_number(threshold, "threshold", -10, 10)
        self._detector = dlib.get_frontal_face_detector()

    def detect(self, image: Any) -> list[Face]:
        """Return the faces in a grey or RGB image, largest first."""
        pixels = as_rgb(image)
        if _is_tiny(pixels):
            return []
        found = self._detector.run(pixels, self.upsample, self.threshold)[:2]
        pairs = zip(*found, strict=True)
        return _largest_first(Face(_corners(r), float(score)) for r, score in pairs)


class MmodDetector:
    """Find faces by dlib's convolutional network with the max-margin loss (MMOD).

    Parameters
    ----------
    upsample : int, default=0
        How often the image is doubled first.

    Examples
    --------
    >>> MmodDetector().detect(np.full((100, 100), 128, dtype=np.uint8))
    []
    """

    def __init__(self, upsample: int = 0) -> None:
        import dlib

        self.upsample = check_count(upsample, "upsample", 0, 4)
        path = str(weight_path("mmod"))
        self._detector = dlib.cnn_face_detection_model_v1(path)

    def detect(self, image: Any) -> list[Face]:
        """Return the faces in a grey or RGB image, largest first."""
        pixels = as_rgb(image)
        if _is_tiny(pixels):
            return []
        found = self._detector(pixels, self.upsample)
        return _largest_first(Face(_corners(f.rect), f.confidence) for f in found)


class YuNetDetector:
    """Find faces and landmarks by YuNet, a network with 75,000 parameters.

    Parameters
    ----------
    score_threshold : float, default=0.7
        Score from which a box is a face.
    max_overlap : float, default=0.3
        Largest overlap of two faces.

    Examples
    --------
    >>> YuNetDetector().detect(np.full((100, 100), 128, dtype=np.uint8))
    []
    """

    def __init__(self, score_threshold: float = 0.7, max_overlap: float = 0.3) -> None:
        self.score_threshold = check_number(score_threshold, "score_threshold", 0, 1)
        self.max_overlap = check_number(max_overlap, "max_overlap", 0, 1)
        path, size = str(weight_path("yunet")), (320, 320)
        self._detector = cv2.FaceDetectorYN.create(
            path, "", size, self.score_threshold, self.max_overlap
        )

    def detect(self, image: Any) -> list[Face]:
        """Return the faces in a grey or RGB image, largest first, with landmarks."""
        pixels = as_rgb(image)
        if _is_tiny(pixels):
            return []
        pixels = _at_least(pixels, _YUNET_SMALLEST)
        self._detector.setInputSize(pixels.shape[1::-1])
        _, rows = self._detector.detect(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
        return _largest_first(map(_yunet_face, () if rows is None else rows))


class MtcnnDetector:
    """Find faces and landmarks by MTCNN's three networks.

    Parameters
    ----------
    min_face_size : int, default=20
        Side of the smallest face in pixels.
    thresholds : tuple of three floats, default=(0.6, 0.7, 0.7)
        Score that a box needs to get past each network.

    Examples
    --------
    >>> MtcnnDetector().detect(np.full((100, 100), 128, dtype=np.uint8))
    []
    """

    def __init__(
        self,
        min_face_size: int = 20,
        thresholds: tuple[float, float, float] = (0.6, 0.7, 0.7),
    ) -> None:
        self.networks = Mtcnn(min_face_size, thresholds)

    def detect(self, image: Any) -> list[Face]:
        """Return the faces in a grey or RGB image, largest first, with landmarks."""
        found = self.networks.stages(image)
        pairs = zip(found.final, found.landmarks, strict=True)
        return _largest_first(_mtcnn_face(box, points) for box, points in pairs)


def _is_tiny(image: np.ndarray) -> bool:
    return min(image.shape[:2]) < _SMALLEST


def _at_least(image: np.ndarray, side: int) -> np.ndarray:
    """Add black rows below and columns to the right until both sides are so long."""
    below, right = (max(side - length, 0) for length in image.shape[:2])
    return cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_CONSTANT)


def _largest_first(faces: Iterable[Face]) -> list[Face]:
    return sorted(faces, key=lambda face: -face.area)


def _floats(box: Any) -> tuple[float, float, float, float]:
    x, y, width, height = (float(value) for value in box)
    return x, y, width, height


def _corners(rectangle: Any) -> tuple[float, float, float, float]:
    """Turn dlib's rectangle, whose last row and column belong to it, into a box."""
    place = (rectangle.left(), rectangle.top())
    return _floats((*place, rectangle.width(), rectangle.height()))


def _yunet_face(row: np.ndarray) -> Face:
    landmarks = row[4:14].reshape(5, 2).astype(float)
    return Face(_floats(row[:4]), float(row[14]), landmarks)


def _mtcnn_face(row: np.ndarray, landmarks: np.ndarray) -> Face:
    size = row[2:4] - row[:2]
    return Face(_floats((*row[:2], *size)), float(row[4]), landmarks)


def _read_cascade(path: str | Path | None) -> cv2.CascadeClassifier:
    file = weight_path("haar") if path is None else Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"there is no cascade file {file}")
    try:
        cascade = cv2.CascadeClassifier(str(file))
    except (cv2.error, SystemError) as error:  # the binding's constructor raises both
        raise ValueError(f"{file} holds no cascade") from error
    if cascade.empty():
        raise ValueError(f"{file} holds no cascade")
    return cascade
