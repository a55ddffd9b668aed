"""The generator to beat: principal components and a normal distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.decomposition import PCA

from mlmastery.gan.images import check_images
from mlmastery.validation import check_count

__all__ = ["PCAGaussian"]


class PCAGaussian:
    """Draw the scores of the first components from a normal distribution.

    Parameters
    ----------
    n_components : int, default=30

    Examples
    --------
    >>> X = np.random.default_rng(0).uniform(-1, 1, (40, 28, 28))
    >>> PCAGaussian(5).fit(X).sample(2, random_state=0).shape
    (2, 28, 28)
    """

    def __init__(self, n_components: int = 30):
        self.n_components = n_components

    def fit(self, X: Any) -> PCAGaussian:
        """Find the components of images in [-1, 1] of shape (n, 28, 28)."""
        images = check_images(
            X, "X", minimum=check_count(self.n_components, "n_components")
        )
        self.pca_ = PCA(self.n_components, random_state=0).fit(
            images.reshape(len(images), -1)
        )
        return self

    def sample(self, n: int, *, random_state: int | None = None) -> np.ndarray:
        """Draw ``n`` images, clipped to [-1, 1]."""
        if not hasattr(self, "pca_"):
            raise ValueError("this model is not fitted: call fit first")
        rng = np.random.default_rng(random_state)
        scores = rng.normal(size=(check_count(n, "n"), self.n_components))
        scores *= np.sqrt(self.pca_.explained_variance_)
        images = self.pca_.inverse_transform(scores).reshape(-1, 28, 28)
        return images.clip(-1, 1).astype(np.float32)
