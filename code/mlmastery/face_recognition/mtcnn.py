"""MTCNN: three small networks, each of which looks again at what the last one left.

The networks are those of Zhang et al. (2016); what happens between them is here.
Boxes are rows of ``x1, y1, x2, y2, score`` whose corners belong to the box.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np

from mlmastery.face_recognition.boxes import (
    box_iou,
    non_maximum_suppression,
    share_of_smaller,
)
from mlmastery.face_recognition.images import as_rgb
from mlmastery.face_recognition.weights import weight_path
from mlmastery.validation import check_count, check_number

__all__ = ["Mtcnn", "MtcnnStages"]

_STRIDE, _CELL = 2, 12  # of the first network: steps and side of its window


class MtcnnStages(NamedTuple):
    """Boxes after each network, and five landmarks for each box of the last.

    Examples
    --------
    >>> empty = np.empty((0, 5))
    >>> len(MtcnnStages(empty, empty, empty, np.empty((0, 5, 2))))
    4
    """

    proposed: np.ndarray
    refined: np.ndarray
    final: np.ndarray
    landmarks: np.ndarray


class Mtcnn:
    """Find faces in three stages: propose, refine, and finish with landmarks.

    Parameters
    ----------
    min_face_size : int, default=20
        Side of the smallest face in pixels, from 12 up.
    thresholds : tuple of three floats, default=(0.6, 0.7, 0.7)
        Score that a box needs to get past each network.
    scale_factor : float, default=0.709
        Step of the image pyramid: each picture has half the area of the last.

    Examples
    --------
    >>> len(Mtcnn().stages(np.full((60, 60), 128, dtype=np.uint8)).final)
    0
    """

    def __init__(
        self,
        min_face_size: int = 20,
        thresholds: tuple[float, float, float] = (0.6, 0.7, 0.7),
        scale_factor: float = 0.709,
    ) -> None:
        self.min_face_size = check_count(min_face_size, "min_face_size", _CELL)
        self.thresholds = tuple(check_number(t, "thresholds", 0, 1) for t in thresholds)
        if len(self.thresholds) != 3:
            raise ValueError(f"thresholds must be three numbers, got {thresholds!r}")
        self.scale_factor = check_number(scale_factor, "scale_factor", 0.1, 0.99)
        names = ("pnet", "rnet", "onet")
        self._networks = [cv2.dnn.readNetFromONNX(str(weight_path(n))) for n in names]

    def stages(self, image: Any) -> MtcnnStages:
        """Return the boxes that each of the three networks let through.

        Parameters
        ----------
        image : array of uint8, grey or RGB
            An image smaller than the smallest face holds none.
        """
        pixels = as_rgb(image)
        proposed = self._propose(pixels)
        refined = self._refine(pixels, proposed)
        return MtcnnStages(proposed, refined, *self._finish(pixels, refined))

    def scales(self, height: int, width: int) -> list[float]:
        """Return by which factors an image is resized for the first network.

        Examples
        --------
        >>> [round(scale, 2) for scale in Mtcnn().scales(60, 80)]
        [0.6, 0.43, 0.3, 0.21]
        """
        scale, factors = _CELL / self.min_face_size, []
        while min(height, width) * scale >= _CELL:
            factors.append(scale)
            scale *= self.scale_factor
        return factors

    def _propose(self, image: np.ndarray) -> np.ndarray:
        found = [self._propose_at(image, s) for s in self.scales(*image.shape[:2])]
        boxes = np.concatenate([np.empty((0, 9)), *found])
        boxes = boxes[_suppress(boxes, 0.7)]
        size = boxes[:, [2, 3]] - boxes[:, [0, 1]]
        corners = boxes[:, :4] + boxes[:, 5:] * np.tile(size, 2)
        squares = _square(np.c_[corners, boxes[:, 4]])
        return np.trunc(squares, where=_CORNERS, out=squares)

    def _propose_at(self, image: np.ndarray, scale: float) -> np.ndarray:
        height, width = (int(np.ceil(side * scale)) for side in image.shape[:2])
        small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
        # The networks were trained on transposed pictures.
        offsets, odds = self._forward(0, small.transpose(1, 0, 2)[None])
        column, row = np.nonzero(odds[0, :, :, 1] >= self.thresholds[0])
        cell = np.c_[column, row] * _STRIDE
        near, far = np.trunc((cell + 1) / scale), np.trunc((cell + _CELL) / scale)
        score = odds[0, column, row, 1]
        boxes = np.c_[near, far, score, offsets[0, column, row]]
        return boxes[_suppress(boxes, 0.5)]

    def _refine(self, image: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        if not len(boxes):
            return boxes
        offsets, odds = self._forward(1, _crops(image, boxes, 24))
        passed = odds[:, 1] > self.thresholds[1]
        boxes = np.c_[boxes[passed, :4], odds[passed, 1]]
        kept = _suppress(boxes, 0.7)
        return _square(_moved(boxes[kept], offsets[passed][kept]))

    def _finish(
        self, image: np.ndarray, boxes: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        boxes = np.trunc(boxes, where=_CORNERS, out=boxes.copy())
        if not len(boxes):
            return boxes, np.empty((0, 5, 2))
        offsets, points, odds = self._forward(2, _crops(image, boxes, 48))
        passed = odds[:, 1] > self.thresholds[2]
        boxes = np.c_[boxes[passed, :4], odds[passed, 1]]
        landmarks = _points(boxes, points[passed])
        boxes = _moved(boxes, offsets[passed])
        kept = _suppress(boxes, 0.7, share_of_smaller)
        return boxes[kept], landmarks[kept]

    def _forward(self, stage: int, pixels: np.ndarray) -> tuple[np.ndarray, ...]:
        network = self._networks[stage]
        network.setInput((pixels - 127.5) * 0.0078125)
        names = sorted(network.getUnconnectedOutLayersNames())
        return tuple(output.copy() for output in network.forward(names))


_CORNERS = np.array([True, True, True, True, False])


def _crops(image: np.ndarray, boxes: np.ndarray, side: int) -> np.ndarray:
    """Cut each box out, black where it leaves the image, transposed and resized."""
    return np.stack([_crop(image, box, side) for box in boxes[:, :4].astype(int)])


def _crop(image: np.ndarray, box: np.ndarray, side: int) -> np.ndarray:
    left, top, right, bottom = box[0] - 1, box[1] - 1, box[2], box[3]
    height, width = image.shape[:2]
    cut = np.zeros((max(bottom - top, 1), max(right - left, 1), 3))
    x, y = (
        slice(max(left, 0), min(right, width)),
        slice(max(top, 0), min(bottom, height)),
    )
    piece = image[y, x]
    if piece.size:
        row, column = y.start - top, x.start - left
        cut[row : row + piece.shape[0], column : column + piece.shape[1]] = piece
    return cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA).transpose(
        1, 0, 2
    )


def _sizes(boxes: np.ndarray) -> np.ndarray:
    return boxes[:, 2:4] - boxes[:, :2] + 1


def _points(boxes: np.ndarray, shares: np.ndarray) -> np.ndarray:
    x, y = shares[:, None, :5], shares[:, None, 5:]
    inside = np.concatenate([x, y], axis=1).transpose(0, 2, 1)
    return inside * _sizes(boxes)[:, None] + boxes[:, None, :2] - 1


def _moved(boxes: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    corners = boxes[:, :4] + offsets * np.tile(_sizes(boxes), 2)
    return np.c_[corners, boxes[:, 4]]


def _square(boxes: np.ndarray) -> np.ndarray:
    """Grow the shorter side about the centre: the networks take squares."""
    size = boxes[:, 2:4] - boxes[:, :2]
    side = size.max(axis=1, keepdims=True)
    near = boxes[:, :2] + size / 2 - side / 2
    return np.c_[near, near + side, boxes[:, 4]]


def _suppress(boxes: np.ndarray, limit: float, overlap: Any = box_iou) -> np.ndarray:
    """Drop boxes that overlap a better one; their last row and column belong to them."""
    sizes = np.maximum(_sizes(boxes), 0)
    corners = np.c_[boxes[:, :2], sizes]
    return non_maximum_suppression(corners, boxes[:, 4], limit, overlap)
