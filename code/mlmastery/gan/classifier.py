"""A small classifier of digits, whose last hidden layer is the space of the distance."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlmastery.gan.images import check_images, check_labels
from mlmastery.validation import check_count

__all__ = ["DigitClassifier"]


class DigitClassifier:
    """Two convolutions, 64 features, ten logits; trained by Adam.

    Parameters
    ----------
    n_epochs : int, default=12
    n_features : int, default=64
    random_state : int, default=0

    Attributes
    ----------
    network_ : Module

    Examples
    --------
    >>> X = np.random.default_rng(0).uniform(-1, 1, (20, 28, 28))
    >>> model = DigitClassifier(n_epochs=1).fit(X, np.arange(20) % 10)
    >>> model.features(X).shape, model.predict(X).shape
    ((20, 64), (20,))
    """

    def __init__(
        self, *, n_epochs: int = 12, n_features: int = 64, random_state: int = 0
    ):
        self.n_epochs = n_epochs
        self.n_features = n_features
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> DigitClassifier:
        """Train on images in [-1, 1] of shape (n, 28, 28) and classes 0 to 9."""
        images = torch.from_numpy(check_images(X, "X")[:, None])
        labels = torch.from_numpy(check_labels(y, "y", len(images)))
        check_count(self.n_epochs, "n_epochs")
        check_count(self.n_features, "n_features")
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.random_state)
            self.network_ = self._network()
        rng = torch.Generator().manual_seed(self.random_state)
        optimiser = torch.optim.Adam(self.network_.parameters(), lr=2e-3)
        for _ in range(self.n_epochs):
            for rows in torch.randperm(len(images), generator=rng).split(64):
                loss = F.cross_entropy(self.network_(images[rows]), labels[rows])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
        return self

    def _network(self) -> nn.Sequential:
        return nn.Sequential(
            *(nn.Conv2d(1, 16, 5, 2, 2), nn.ReLU()),  # (B, 16, 14, 14)
            *(nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(), nn.Flatten()),  # (B, 1568)
            *(nn.Linear(1568, self.n_features), nn.ReLU()),
            nn.Linear(self.n_features, 10),
        )

    def features(self, X: Any) -> np.ndarray:
        """Return the last hidden layer of images in [-1, 1], (n, n_features)."""
        return self._run(X, stop=-1)

    def logits(self, X: Any) -> np.ndarray:
        """Return the scores of the ten classes, (n, 10)."""
        return self._run(X)

    def predict(self, X: Any) -> np.ndarray:
        """Return the class of each image."""
        return self.logits(X).argmax(axis=1)

    @torch.no_grad()
    def _run(self, X: Any, stop: int | None = None) -> np.ndarray:
        if not hasattr(self, "network_"):
            raise ValueError("this classifier is not fitted: call fit first")
        network = self.network_[:stop]
        images: Tensor = torch.from_numpy(check_images(X, "X")[:, None])
        return torch.cat([network(part) for part in images.split(500)]).numpy()
