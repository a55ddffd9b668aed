"""Eigenfaces: photographs as weights of a few pictures that vary most."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from mlmastery.validation import check_count

__all__ = ["Eigenfaces", "as_rows"]


def as_rows(images: Any) -> np.ndarray:
    """Return equal-sized photographs as rows of pixels.

    Parameters
    ----------
    images : array of shape (n, height, width) or (n, n_pixels)

    Returns
    -------
    ndarray of float, shape (n, n_pixels)

    Raises
    ------
    ValueError
        If the shape is another, or a value is missing.

    Examples
    --------
    >>> as_rows(np.zeros((3, 4, 5))).shape
    (3, 20)
    """
    values = np.asarray(images, dtype=float)
    if values.ndim not in (2, 3) or not values.size:
        raise ValueError(
            "images must have the shape (n, height, width) or (n, n_pixels), "
            f"got {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError("images must hold finite numbers")
    return values.reshape(len(values), -1)


class Eigenfaces:
    """Principal components of photographs, from scratch.

    Parameters
    ----------
    n_components : int, default=50
        Number of components that are kept.
    whiten : bool, default=False
        Divide each weight by its standard deviation, so that all components count
        the same.

    Attributes
    ----------
    mean_ : ndarray of shape (n_pixels,)
    components_ : ndarray of shape (n_components, n_pixels)
        The eigenfaces, each of length 1, largest variance first.
    variances_ : ndarray of shape (n_components,)
    share_ : ndarray of shape (n_components,)
        Each component's share of the whole variance.

    References
    ----------
    .. [1] Turk and Pentland (1991), "Eigenfaces for Recognition", Journal of Cognitive
       Neuroscience 3(1).

    Examples
    --------
    >>> faces = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    >>> model = Eigenfaces(n_components=1).fit(faces)
    >>> model.mean_.tolist(), model.variances_.round(3).tolist()
    ([2.0, 2.0], [2.0])
    """

    def __init__(self, n_components: int = 50, whiten: bool = False) -> None:
        self.n_components = n_components
        self.whiten = whiten

    def fit(self, images: Any) -> Self:
        """Learn the mean and the components; raise if there are too few photographs."""
        rows = as_rows(images)
        most = min(len(rows) - 1, rows.shape[1])
        n = check_count(self.n_components, "n_components", 1, max(most, 1))
        self.mean_ = rows.mean(axis=0)
        # The right singular vectors of the centred rows are the eigenvectors of their
        # covariance, and the matrix of pixels by pixels is never formed.
        _, sizes, directions = np.linalg.svd(rows - self.mean_, full_matrices=False)
        variances = sizes**2 / (len(rows) - 1)
        if not variances.sum():
            raise ValueError("images must differ from each other")
        self.components_, self.variances_ = directions[:n], variances[:n]
        self.share_ = self.variances_ / variances.sum()
        return self

    def transform(self, images: Any) -> np.ndarray:
        """Return the weights of each photograph, shape (n, n_components)."""
        rows = as_rows(images)
        if rows.shape[1] != self._fitted().shape[1]:
            raise ValueError(
                f"images must have {self.components_.shape[1]} pixels as in fit, "
                f"got {rows.shape[1]}"
            )
        weights = (rows - self.mean_) @ self.components_.T
        return weights / np.sqrt(self.variances_) if self.whiten else weights

    def inverse_transform(self, weights: Any) -> np.ndarray:
        """Return the photographs that weights describe, shape (n, n_pixels)."""
        values = np.atleast_2d(np.asarray(weights, dtype=float))
        if values.shape[1] != len(self._fitted()):
            raise ValueError(
                f"weights must have {len(self.components_)} columns, one per "
                f"component, got {values.shape[1]}"
            )
        if self.whiten:
            values = values * np.sqrt(self.variances_)
        return values @ self.components_ + self.mean_

    def _fitted(self) -> np.ndarray:
        if not hasattr(self, "components_"):
            raise ValueError("fit must be called first")
        return self.components_
