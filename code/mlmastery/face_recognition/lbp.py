"""Local binary patterns: which neighbours of a pixel are as bright as the pixel."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.face_recognition.images import as_grey
from mlmastery.validation import check_count

__all__ = ["chi_square_similarity", "lbp_code", "lbp_histograms", "lbp_image"]

# From the left upper neighbour clockwise: the first is worth 1, the last 128.
_NEIGHBOURS = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]


def lbp_image(image: Any) -> np.ndarray:
    """Return the pattern of each pixel that has eight neighbours.

    Parameters
    ----------
    image : array of uint8, grey or RGB
        At least 3 × 3 pixels.

    Returns
    -------
    ndarray of uint8, shape (height - 2, width - 2)

    Raises
    ------
    ValueError
        If the image is smaller.

    Examples
    --------
    >>> lbp_image(np.full((3, 4), 9, dtype=np.uint8)).tolist()
    [[255, 255]]
    """
    grey = as_grey(image)
    height, width = grey.shape
    if min(height, width) < 3:
        raise ValueError(f"image must have at least 3 × 3 pixels, got {grey.shape}")
    centre, codes = grey[1:-1, 1:-1], np.zeros((height - 2, width - 2), dtype=np.uint8)
    for bit, (row, column) in enumerate(_NEIGHBOURS):
        neighbour = grey[row : row + height - 2, column : column + width - 2]
        codes |= (neighbour >= centre).astype(np.uint8) << bit
    return codes


def lbp_code(patch: Any) -> int:
    """Return the pattern of the middle pixel of a 3 × 3 patch.

    Examples
    --------
    >>> lbp_code(np.array([[6, 5, 2], [7, 6, 1], [9, 8, 7]], dtype=np.uint8))
    241
    """
    codes = lbp_image(patch)
    if codes.size != 1:
        raise ValueError(f"patch must have 3 × 3 pixels, got {np.shape(patch)}")
    return int(codes[0, 0])


def lbp_histograms(image: Any, grid: int = 7) -> np.ndarray:
    """Return how often each pattern occurs in each cell of a grid, side by side.

    Patterns with more than two changes between 0 and 1 around the circle share one
    bin: 58 uniform patterns and that bin make 59 numbers a cell.

    Parameters
    ----------
    image : array of uint8, grey or RGB
    grid : int, default=7
        Number of cells in each direction.

    Returns
    -------
    ndarray of float, shape (grid * grid * 59,)
        The numbers of a cell add up to 1.

    Raises
    ------
    ValueError
        If the image has fewer patterns than cells in a direction.

    References
    ----------
    .. [1] Ahonen, Hadid and Pietikäinen (2006), "Face Description with Local Binary
       Patterns", IEEE PAMI 28(12).

    Examples
    --------
    >>> lbp_histograms(np.full((30, 30), 9, dtype=np.uint8), grid=2).sum()
    np.float64(4.0)
    """
    codes = _BIN[lbp_image(image)]
    check_count(grid, "grid", 1, min(codes.shape))
    cells = [
        np.bincount(cell.ravel(), minlength=59) / cell.size
        for rows in np.array_split(codes, grid)
        for cell in np.array_split(rows, grid, axis=1)
    ]
    return np.concatenate(cells)


def chi_square_similarity(first: Any, second: Any) -> np.ndarray:
    """Return minus the chi-square distance of each histogram from each other.

    Parameters
    ----------
    first : array of shape (n, n_bins)
    second : array of shape (m, n_bins)
        No number below zero.

    Returns
    -------
    ndarray of float, shape (n, m)
        ``-Σ (a - b)² / (a + b)``: 0 for equal histograms; empty bins add nothing.

    Examples
    --------
    >>> chi_square_similarity([[1.0, 0.0]], [[0.5, 0.5]]).round(3)
    array([[-0.667]])
    """
    a, b = (np.atleast_2d(np.asarray(v, dtype=float)) for v in (first, second))
    if a.shape[1] != b.shape[1] or not ((a >= 0).all() and (b >= 0).all()):
        raise ValueError("first and second must be histograms with the same bins")
    rows = [_distances(row, b) for row in a]
    return -np.array(rows)


def _distances(row: np.ndarray, others: np.ndarray) -> np.ndarray:
    total = others + row
    quotient = np.divide(
        (others - row) ** 2, total, np.zeros_like(total), where=total > 0
    )
    return quotient.sum(axis=1)


def _uniform_bins() -> np.ndarray:
    bits = (np.arange(256)[:, None] >> np.arange(8)) & 1
    uniform = (bits != np.roll(bits, 1, axis=1)).sum(axis=1) <= 2
    return np.where(uniform, np.cumsum(uniform) - 1, 58)


_BIN = _uniform_bins()
