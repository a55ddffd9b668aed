"""One set of weights for all architectures: the supernet.

>>> X, y = np.eye(4, dtype=np.float32), np.arange(4)
>>> shared = SharedNetwork(n_in=4, n_out=4).fit(X, y, epochs=1)
>>> shared.accuracies(X, y).shape
(144,)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from mlmastery.validation import check_choice, check_count

from .architectures import ARCHITECTURES, Masks, architecture_masks
from .batched import LEARNING_RATE, BatchedNetwork, masked_logits, summed_loss

__all__ = ["SharedNetwork"]

LARGEST = {"layers": 2, "width_1": 16, "activation_1": "tanh"}
LARGEST |= {"width_2": 16, "activation_2": "tanh", "skip": True}


class SharedNetwork:
    """The weights of the largest network, trained so that every part of it works.

    Each step draws a few architectures and moves the weights that these let through.

    Parameters
    ----------
    n_in, n_out : int
        Inputs and classes.
    paths : {"uniform", "largest"}, default="uniform"
        Which architectures a step trains: drawn from all, or always the largest.
    n_paths : int, default=8
        Architectures in one step.
    random_state : int, default=0

    References
    ----------
    .. [1] Guo et al. (2020), "Single Path One-Shot Neural Architecture Search with
       Uniform Sampling", ECCV.
    """

    def __init__(
        self,
        *,
        n_in: int,
        n_out: int,
        paths: str = "uniform",
        n_paths: int = 8,
        random_state: int = 0,
    ) -> None:
        self.paths = check_choice(paths, "paths", ("uniform", "largest"))
        self.n_paths = check_count(n_paths, "n_paths")
        self.random_state = random_state
        one = BatchedNetwork([LARGEST], n_in=n_in, n_out=n_out, seeds=[random_state])
        self.weights = one.weights
        self.masks = Masks(*map(torch.tensor, architecture_masks(ARCHITECTURES)))

    def fit(
        self,
        X: np.ndarray,
        y: np.ndarray,
        *,
        epochs: int,
        batch_size: int = 64,
        learning_rate: float = LEARNING_RATE,
        watch: Any = None,
    ) -> SharedNetwork:
        """Train the shared weights by Adam.

        Parameters
        ----------
        X : ndarray of shape (n, n_in)
        y : ndarray of shape (n,)
        epochs : int
        batch_size : int, default=64
        learning_rate : float, default=0.01
        watch : callable, optional
            Called with this object after each epoch.
        """
        rng = np.random.default_rng(self.random_state)
        inputs = torch.tensor(X, dtype=torch.float32)
        targets = torch.tensor(y)
        optimiser = torch.optim.Adam(self.weights, lr=learning_rate)
        for _ in range(check_count(epochs, "epochs")):
            order = torch.tensor(rng.permutation(len(y)))
            for batch in order.split(batch_size):
                masks = self._draw(rng)
                logits = masked_logits(self.weights, masks, inputs[batch])
                loss = summed_loss(logits, targets[batch]) / len(logits)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
            if watch is not None:
                watch(self)
        return self

    def _draw(self, rng: np.random.Generator) -> Masks:
        if self.paths == "largest":
            return Masks(*map(torch.tensor, architecture_masks([LARGEST])))
        rows = torch.tensor(rng.choice(len(ARCHITECTURES), self.n_paths, replace=False))
        return Masks(*(mask[rows] for mask in self.masks))

    def split(self) -> BatchedNetwork:
        """Return networks of all architectures that start from the shared weights.

        Trained further, each moves weights of its own.
        """
        n_in, n_out = self.weights[3].shape[1:]
        nets = BatchedNetwork(ARCHITECTURES, n_in=n_in, n_out=n_out)
        nets.weights = [
            w.detach().repeat(len(ARCHITECTURES), 1, 1).requires_grad_()
            for w in self.weights
        ]
        return nets

    @torch.no_grad()
    def accuracies(self, X: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the accuracy of every architecture with the shared weights."""
        logits = masked_logits(
            self.weights, self.masks, torch.tensor(X, dtype=torch.float32)
        )
        right = logits.argmax(dim=-1) == torch.tensor(y)
        return right.float().mean(dim=1).numpy().astype(float)
