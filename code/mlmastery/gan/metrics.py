"""Distances between sets of images in a space of features.

>>> round(frechet_of_moments([0], [[1]], [3], [[4]]), 6)
10.0
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from sklearn.neighbors import NearestNeighbors

from mlmastery.validation import as_numbers, check_count

__all__ = [
    "PrecisionRecall",
    "frechet_distance",
    "frechet_of_moments",
    "nearest_distances",
    "precision_recall",
]


def frechet_of_moments(mean_a: Any, cov_a: Any, mean_b: Any, cov_b: Any) -> float:
    """Return the squared Fréchet distance of two normal distributions.

    Parameters
    ----------
    mean_a, mean_b : array of shape (d,)
    cov_a, cov_b : array of shape (d, d)
        Symmetric and positive semi-definite; singular ones are allowed.

    References
    ----------
    .. [1] Dowson and Landau (1982), "The Fréchet Distance between Multivariate Normal
       Distributions", Journal of Multivariate Analysis 12(3).

    Examples
    --------
    >>> frechet_of_moments([0, 0], np.eye(2), [1, 0], np.eye(2))
    1.0
    """
    mean_a, cov_a, mean_b, cov_b = (
        as_numbers(v, "means and covariances") for v in (mean_a, cov_a, mean_b, cov_b)
    )
    _check_moments(mean_a, cov_a, "cov_a")
    _check_moments(mean_b, cov_b, "cov_b")
    if mean_a.shape != mean_b.shape:
        raise ValueError(
            f"both means must have one length, got {len(mean_a)} and {len(mean_b)}"
        )
    root = _symmetric_root(cov_a)
    # The trace of (A B)^(1/2) by a symmetric matrix of the same eigenvalues: the root of
    # a general matrix, A B itself, can be complex or NaN where A is singular.
    eigenvalues = np.linalg.eigvalsh(root @ cov_b @ root)
    cross = np.sqrt(np.clip(eigenvalues, 0, None)).sum()
    distance = ((mean_a - mean_b) ** 2).sum() + np.trace(cov_a + cov_b) - 2 * cross
    return max(float(distance), 0.0)


def _check_moments(mean: np.ndarray, cov: np.ndarray, name: str) -> None:
    if mean.ndim != 1 or cov.shape != (len(mean), len(mean)):
        raise ValueError(
            f"{name} must have a row and a column for each number of its mean, "
            f"got shapes {cov.shape} and {mean.shape}"
        )
    if not (np.isfinite(mean).all() and np.isfinite(cov).all()):
        raise ValueError(f"{name} and its mean must be finite, got NaN or infinity")
    if not np.allclose(cov, cov.T) or (np.diag(cov) < 0).any():
        raise ValueError(f"{name} must be symmetric, with variances of at least 0")


def _symmetric_root(cov: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(cov)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


def frechet_distance(a: Any, b: Any) -> float:
    """Return the Fréchet distance of normal distributions fitted to two sets of features.

    Parameters
    ----------
    a : array of shape (n_a, d)
    b : array of shape (n_b, d)
        At least two rows each, from one feature space.

    Raises
    ------
    ValueError
        If there are too few rows, the widths differ, or a number is not finite.

    References
    ----------
    .. [1] Heusel et al. (2017), "GANs Trained by a Two Time-Scale Update Rule Converge
       to a Local Nash Equilibrium".

    Examples
    --------
    >>> a = np.array([[0.0], [2.0]])
    >>> frechet_distance(a, a + 3)
    9.0
    """
    a, b = _features(a, "a", 2), _features(b, "b", 2)
    _check_widths(a, b)
    return frechet_of_moments(
        a.mean(0),
        np.atleast_2d(np.cov(a, rowvar=False)),
        b.mean(0),
        np.atleast_2d(np.cov(b, rowvar=False)),
    )


def _features(values: Any, name: str, minimum: int) -> np.ndarray:
    array = as_numbers(values, name)
    if array.ndim != 2 or len(array) < minimum:
        raise ValueError(
            f"{name} must hold at least {minimum} rows of features, "
            f"got shape {array.shape}"
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got NaN or infinity")
    return array


def _rows(values: Any, name: str) -> np.ndarray:
    array = as_numbers(values, name)
    if array.ndim < 2 or not array.size:
        raise ValueError(f"{name} must have shape (n, ...), got {array.shape}")
    return _features(array.reshape(len(array), -1), name, 1)


def _check_widths(a: np.ndarray, b: np.ndarray) -> None:
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            "both sets must come from one feature space, "
            f"got {a.shape[1]} and {b.shape[1]} features"
        )


class PrecisionRecall(NamedTuple):
    """Share of samples that look real, and share of real ones that samples cover.

    Examples
    --------
    >>> PrecisionRecall(0.9, 0.5).recall
    0.5
    """

    precision: float
    recall: float


def precision_recall(real: Any, fake: Any, k: int = 3) -> PrecisionRecall:
    """Judge samples by balls around real features, and the reverse.

    A ball reaches from its centre to the centre's k-th nearest neighbour of the same
    set. Precision is the share of samples inside a real one's ball; recall the share
    of real ones inside a sample's ball.

    Parameters
    ----------
    real, fake : array of shape (n, d)
        More than ``k`` rows each.
    k : int, default=3

    References
    ----------
    .. [1] Kynkäänniemi et al. (2019), "Improved Precision and Recall Metric for
       Assessing Generative Models".

    Examples
    --------
    >>> precision_recall([[0.0], [1.0], [4.0]], [[0.5], [0.6]], k=1)
    PrecisionRecall(precision=1.0, recall=0.0)
    """
    check_count(k, "k")
    real, fake = _features(real, "real", k + 1), _features(fake, "fake", k + 1)
    _check_widths(real, fake)
    return PrecisionRecall(_covered(fake, real, k), _covered(real, fake, k))


def _covered(points: np.ndarray, centres: np.ndarray, k: int) -> float:
    """Return the share of points inside the ball of at least one centre."""
    tree = NearestNeighbors(n_neighbors=k + 1, algorithm="brute").fit(centres)
    radii = tree.kneighbors(centres)[0][:, k]  # the nearest is the centre itself
    squares = (points**2).sum(1)[:, None] - 2 * points @ centres.T + (centres**2).sum(1)
    return float((np.sqrt(np.clip(squares, 0, None)) <= radii).any(axis=1).mean())


def nearest_distances(queries: Any, targets: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return each query's distance to its nearest target, and that target's row.

    Parameters
    ----------
    queries, targets : array of shape (n, ...)
        Flattened to rows.

    Examples
    --------
    >>> distances, rows = nearest_distances([[1.0]], [[5.0], [2.0]])
    >>> distances.tolist(), rows.tolist()
    ([1.0], [1])
    """
    a, b = _rows(queries, "queries"), _rows(targets, "targets")
    _check_widths(a, b)
    distances, rows = NearestNeighbors(n_neighbors=1).fit(b).kneighbors(a)
    return distances[:, 0], rows[:, 0]
