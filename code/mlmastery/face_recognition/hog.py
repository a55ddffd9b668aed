"""Histograms of oriented gradients: which way brightness changes in a cell."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.face_recognition.images import as_grey
from mlmastery.validation import check_count

__all__ = ["gradients", "hog_cell", "hog_cells", "orientation_histogram"]


def gradients(image: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return size and angle of the change of brightness at each pixel.

    Parameters
    ----------
    image : array of uint8, grey or RGB
        At the border the pixel beyond is the mirrored one.

    Returns
    -------
    size, angle : ndarray of float, shape (height, width)
        Angles in degrees from 0 up to 180: dark to bright and bright to dark count
        as one orientation.

    Examples
    --------
    >>> size, angle = gradients(np.array([[0, 5, 9]] * 3, dtype=np.uint8))
    >>> float(size[1, 1]), float(angle[1, 1])
    (9.0, 0.0)
    """
    grey = np.pad(as_grey(image).astype(float), 1, mode="reflect")
    across = grey[1:-1, 2:] - grey[1:-1, :-2]
    down = grey[2:, 1:-1] - grey[:-2, 1:-1]
    return np.hypot(across, down), np.degrees(np.arctan2(down, across)) % 180


def orientation_histogram(
    size: Any, angle: Any, n_bins: int = 9, weights: Any = 1.0
) -> np.ndarray:
    """Add up gradients by orientation; each is shared by the two nearest bins.

    Parameters
    ----------
    size, angle : array
        By `gradients`; one shape.
    n_bins : int, default=9
        Bins of equal width from 0 to 180 degrees, the last beside the first.
    weights : array, default=1.0
        Factor of each gradient.

    Returns
    -------
    ndarray of float, shape (n_bins,)

    Raises
    ------
    ValueError
        If the shapes differ, or a number is not finite.

    Examples
    --------
    >>> orientation_histogram([10.0], [25.0], n_bins=9).round(2).tolist()
    [2.5, 7.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    check_count(n_bins, "n_bins", 2)
    sizes, angles = (np.asarray(values, dtype=float) for values in (size, angle))
    if sizes.shape != angles.shape or not np.isfinite(sizes + angles).all():
        raise ValueError(
            "size and angle must be finite numbers of one shape, "
            f"got {sizes.shape} and {angles.shape}"
        )
    place = angles.ravel() * n_bins / 180 - 0.5
    lower = np.floor(place).astype(int)
    amount = (sizes * weights).ravel()
    upper_share = amount * (place - lower)
    histogram = np.zeros(n_bins)
    np.add.at(histogram, lower % n_bins, amount - upper_share)
    np.add.at(histogram, (lower + 1) % n_bins, upper_share)
    return histogram


def hog_cell(image: Any, n_bins: int = 9) -> np.ndarray:
    """Return the histogram of one square cell as OpenCV's descriptor computes it.

    Pixels in the middle of the cell count more: by a Gaussian of the distance, and by
    the share that a neighbouring cell would take. The result is divided by its
    length, large values are cut to 0.2, and it is divided again.

    Parameters
    ----------
    image : array of uint8, shape (side, side), grey or RGB
    n_bins : int, default=9

    Returns
    -------
    ndarray of float, shape (n_bins,)

    Examples
    --------
    >>> ramp = np.tile(np.arange(8, dtype=np.uint8), (8, 1))
    >>> hog_cell(ramp).round(2).tolist()
    [0.7, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.7]
    """
    size, angle = gradients(image)
    side = len(size)
    if size.shape != (side, side):
        raise ValueError(f"image must be a square cell, got {size.shape}")
    place = np.arange(side)
    # OpenCV centres the Gaussian half a pixel beyond the middle.
    gauss = np.exp(-((place - side / 2) ** 2) / (2 * (side / 4) ** 2))
    row = gauss * (1 - np.abs(place - (side - 1) / 2) / side)
    histogram = orientation_histogram(size, angle, n_bins, np.outer(row, row))
    clipped = np.minimum(_scaled(histogram, 0.1 * n_bins), 0.2)
    return _scaled(clipped, 1e-3)


def hog_cells(image: Any, side: int = 8, n_bins: int = 9) -> np.ndarray:
    """Return a plain histogram for each cell of an image, for drawing.

    Parameters
    ----------
    image : array of uint8, grey or RGB
    side : int, default=8
        A cell's side in pixels; a rest at the border is left out.
    n_bins : int, default=9

    Returns
    -------
    ndarray of float, shape (n_rows, n_columns, n_bins)

    Examples
    --------
    >>> hog_cells(np.zeros((20, 16), dtype=np.uint8)).shape
    (2, 2, 9)
    """
    check_count(side, "side")
    size, angle = gradients(image)
    rows, columns = size.shape[0] // side, size.shape[1] // side
    cells = np.zeros((rows, columns, n_bins))
    for row, column in np.ndindex(rows, columns):
        part = np.s_[row * side : (row + 1) * side, column * side : (column + 1) * side]
        cells[row, column] = orientation_histogram(size[part], angle[part], n_bins)
    return cells


def _scaled(values: np.ndarray, floor: float) -> np.ndarray:
    return values / (np.sqrt((values**2).sum()) + floor)
