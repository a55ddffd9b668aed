"""Integral images, Haar features, and the cascade that asks them window by window."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mlmastery.face_recognition.images import as_grey
from mlmastery.face_recognition.weights import weight_path
from mlmastery.validation import check_count, check_number

__all__ = ["HaarCascade", "HaarFeature", "box_sum", "integral_image"]


def integral_image(values: Any) -> np.ndarray:
    """Return the sum of all pixels above and to the left of each corner.

    Parameters
    ----------
    values : array of shape (height, width)

    Returns
    -------
    ndarray of float or int, shape (height + 1, width + 1)
        Its first row and column are zero.

    Raises
    ------
    ValueError
        If there are not two axes.

    Examples
    --------
    >>> integral_image([[1, 2], [3, 4]]).tolist()
    [[0, 0, 0], [0, 1, 3], [0, 4, 10]]
    """
    pixels = np.asarray(values)
    if pixels.ndim != 2:
        raise ValueError(f"values must have two axes, got shape {pixels.shape}")
    whole = np.issubdtype(pixels.dtype, np.integer)  # bytes would overflow
    sums = pixels.astype(np.int64 if whole else float).cumsum(axis=0).cumsum(axis=1)
    return np.pad(sums, ((1, 0), (1, 0)))


def box_sum(integral: np.ndarray, x: Any, y: Any, width: Any, height: Any) -> Any:
    """Return the sum of a box's pixels from four numbers of the integral image.

    Parameters
    ----------
    integral : ndarray
        By `integral_image`.
    x, y, width, height : int or arrays of int
        The box, or many boxes at once.

    Raises
    ------
    ValueError
        If a box reaches beyond the image, or has a negative side.

    Examples
    --------
    >>> int(box_sum(integral_image([[1, 2], [3, 4]]), 1, 0, 1, 2))
    6
    """
    rows, columns = np.shape(integral)
    fits = (np.minimum(x, y) >= 0) & (np.minimum(width, height) >= 0)
    fits &= (np.add(x, width) < columns) & (np.add(y, height) < rows)
    if not np.all(fits):
        raise ValueError(
            f"x, y, width and height must be boxes inside the image of {rows - 1} rows "
            f"and {columns - 1} columns, got {x}, {y}, {width} and {height}"
        )
    return _four_look_ups(np.asarray(integral), x, y, width, height)


def _four_look_ups(
    integral: np.ndarray, x: Any, y: Any, width: Any, height: Any
) -> Any:
    right, below = x + width, y + height
    whole = integral[below, right] + integral[y, x]
    return whole - integral[y, right] - integral[below, x]


@dataclass(frozen=True)
class HaarFeature:
    """A weighted sum of the pixels in two or three boxes of a window.

    Parameters
    ----------
    boxes : tuple of (x, y, width, height, weight)
        In pixels of the cascade's window.

    Examples
    --------
    >>> edge = HaarFeature(((0, 0, 2, 1, -1.0), (1, 0, 1, 1, 2.0)))
    >>> float(edge.value(integral_image([[10, 30]]), 0, 0))
    20.0
    """

    boxes: tuple[tuple[int, int, int, int, float], ...]

    def value(self, integral: np.ndarray, x: Any, y: Any) -> Any:
        """Return the feature of the windows whose left upper corners are given."""
        parts = (
            weight * _four_look_ups(integral, x + dx, y + dy, width, height)
            for dx, dy, width, height, weight in self.boxes
        )
        return sum(parts)


@dataclass(frozen=True, eq=False)
class _Stage:
    threshold: float
    stumps: list[tuple[HaarFeature, float, float, float]]


class HaarCascade:
    """Read a cascade file of OpenCV and apply it stage by stage, by hand.

    Parameters
    ----------
    path : path, optional
        By default the frontal faces that come with OpenCV.
    min_contrast : float, default=10
        Standard deviation of a window's grey levels up to which it passes no stage.
        OpenCV has this limit, too, but no setting for it.

    Examples
    --------
    >>> cascade = HaarCascade()
    >>> cascade.window, len(cascade.stages), cascade.n_features
    (24, 25, 2913)
    """

    def __init__(
        self, path: str | Path | None = None, min_contrast: float = 10.0
    ) -> None:
        self.min_contrast = check_number(min_contrast, "min_contrast")
        file = weight_path("haar") if path is None else Path(path)
        if not file.is_file():
            raise FileNotFoundError(f"there is no cascade file {file}")
        root = _root(file)
        self.window = int(root.findtext("width") or 0)
        features = [_feature(f) for f in root.iterfind("features/_")]
        self.stages = [_stage(stage, features) for stage in root.iterfind("stages/_")]

    @property
    def n_features(self) -> int:
        """Number of features of all stages together."""
        return sum(len(stage.stumps) for stage in self.stages)

    def passed(self, image: Any, step: int = 1) -> np.ndarray:
        """Return how many stages each window of the image passes.

        Parameters
        ----------
        image : array of uint8, grey or RGB
        step : int, default=1
            Pixels from one window to the next.

        Returns
        -------
        ndarray of int, shape (n_rows, n_columns)
            As many as there are stages for a window that is taken for a face.

        Raises
        ------
        ValueError
            If the image is smaller than a window.
        """
        grey, step = as_grey(image), check_count(step, "step")
        if min(grey.shape) < self.window:
            raise ValueError(
                f"image must have at least {self.window} pixels on each side, "
                f"got {grey.shape}"
            )
        rows, columns = (np.arange(0, s - self.window + 1, step) for s in grey.shape)
        y, x = (axis.ravel() for axis in np.meshgrid(rows, columns, indexing="ij"))
        counts = self._count(grey.astype(np.int64), x, y)
        return counts.reshape(len(rows), len(columns))

    def _count(self, grey: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        sums = integral_image(grey)
        contrast = self._contrast(sums, integral_image(grey**2), x, y)
        spread = contrast / (self.window - 2) ** 2
        counts = np.zeros(len(x), dtype=int)
        alive = np.flatnonzero(spread > self.min_contrast)
        for stage in self.stages:
            votes = np.zeros(len(alive))
            for feature, threshold, below, above in stage.stumps:
                value = feature.value(sums, x[alive], y[alive]) / contrast[alive]
                votes += np.where(value < threshold, below, above)
            alive = alive[votes >= stage.threshold - 1e-5]
            counts[alive] += 1
        return counts

    def _contrast(
        self, sums: np.ndarray, squares: np.ndarray, x: np.ndarray, y: np.ndarray
    ) -> np.ndarray:
        """Return the pixels' standard deviation times their number, per window."""
        side = self.window - 2  # OpenCV leaves a border of one pixel out
        box = (x + 1, y + 1, side, side)
        variance = side * side * box_sum(squares, *box) - box_sum(sums, *box) ** 2
        return np.sqrt(np.where(variance > 0, variance, 1))


def _root(file: Path) -> ET.Element:
    try:
        root = ET.parse(file).getroot().find("cascade")
    except ET.ParseError as error:
        raise ValueError(f"{file} holds no cascade: {error}") from error
    if root is None:
        raise ValueError(f"{file} holds no cascade")
    return root


def _feature(element: ET.Element) -> HaarFeature:
    boxes = []
    for rectangle in element.iterfind("rects/_"):
        *place, weight = (rectangle.text or "").split()
        x, y, width, height = map(int, place)
        boxes.append((x, y, width, height, float(weight)))
    return HaarFeature(tuple(boxes))


def _stage(element: ET.Element, features: list[HaarFeature]) -> _Stage:
    stumps = []
    for weak in element.iterfind("weakClassifiers/_"):
        node = (weak.findtext("internalNodes") or "").split()
        below, above = map(float, (weak.findtext("leafValues") or "").split())
        stumps.append((features[int(node[2])], float(node[3]), below, above))
    return _Stage(float(element.findtext("stageThreshold") or 0), stumps)
