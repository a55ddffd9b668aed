"""SMOTE by hand: new minority rows on the lines between neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import check_X_y

from mlmastery.validation import check_count

__all__ = ["SMOTE", "interpolate"]


class SMOTE(BaseEstimator):
    """Fill the smaller class up with points between its rows and their neighbours.

    Stands in an imbalanced-learn pipeline, which calls it when fitting and never when
    predicting.

    Parameters
    ----------
    k_neighbors : int, default=5
        Neighbours within the smaller class, at least 1.
    random_state : int or None, default=None

    Raises
    ------
    ValueError
        From ``fit_resample``, if there are not two classes, or if the smaller has too
        few rows for ``k_neighbors``.

    References
    ----------
    .. [1] Chawla, Bowyer, Hall and Kegelmeyer (2002), "SMOTE: Synthetic Minority
       Over-sampling Technique", Journal of Artificial Intelligence Research 16.

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [8.0], [9.0], [7.0], [6.0]], [1, 1, 0, 0, 0, 0]
    >>> X_new, y_new = SMOTE(k_neighbors=1, random_state=0).fit_resample(X, y)
    >>> X_new.shape, int(y_new.sum())
    ((8, 1), 4)
    """

    def __init__(self, k_neighbors: int = 5, random_state: int | None = None) -> None:
        self.k_neighbors = k_neighbors
        self.random_state = random_state

    def fit_resample(self, X: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows with new ones of the smaller class after them.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
        y : array of shape (n_samples,)

        Returns
        -------
        X, y : ndarray
            As many rows of both classes; the given rows come first.
        """
        X, y = check_X_y(X, y)
        X = X.astype(float)
        k = check_count(self.k_neighbors, "k_neighbors")
        label, n_new = _smaller_class(y)
        minority = X[y == label]
        if not n_new:
            return X, y
        _check_enough(label, len(minority), k)
        rng = np.random.default_rng(self.random_state)
        new = interpolate(minority, n_new, k, rng)
        return np.vstack([X, new]), np.concatenate([y, np.full(n_new, label, y.dtype)])


def interpolate(
    rows: np.ndarray, n_new: int, k: int, rng: np.random.Generator
) -> np.ndarray:
    """Return points between rows and their k nearest neighbours.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_features)
    n_new : int
    k : int
        At most ``n_rows - 1``.
    rng : Generator

    Returns
    -------
    ndarray of shape (n_new, n_features)

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> new = interpolate(np.array([[0.0, 0.0], [2.0, 2.0]]), 3, 1, rng)
    >>> bool((new[:, 0] == new[:, 1]).all())  # on the line between the two
    True
    """
    # Each row's nearest neighbour is the row itself: ask for one more, drop the first.
    nearest = NearestNeighbors(n_neighbors=k + 1).fit(rows)
    neighbours = nearest.kneighbors(rows, return_distance=False)[:, 1:]
    start = rng.integers(len(rows), size=n_new)
    end = neighbours[start, rng.integers(k, size=n_new)]
    share = rng.uniform(size=(n_new, 1))
    return rows[start] + share * (rows[end] - rows[start])


def _smaller_class(y: np.ndarray) -> tuple[Any, int]:
    labels, counts = np.unique(y, return_counts=True)
    if len(labels) != 2:
        raise ValueError(f"y must have two classes, got {labels.tolist()}")
    return labels[counts.argmin()], int(counts.max() - counts.min())


def _check_enough(label: Any, n_rows: int, k: int) -> None:
    if n_rows <= k:
        largest = f"the largest that works is {n_rows - 1}"
        if n_rows < 2:
            largest = "one row has no neighbour"
        raise ValueError(
            f"k_neighbors must be below the {n_rows} rows of class {label}, "
            f"got {k}; {largest}"
        )
