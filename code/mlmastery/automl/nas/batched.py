"""Train many architectures at once: one batched network, one mask for each.

>>> from mlmastery.automl.nas.architectures import ARCHITECTURES
>>> X, y = np.eye(4), np.arange(4)
>>> net = BatchedNetwork(ARCHITECTURES[:3], n_in=4, n_out=4, seeds=[0, 1])
>>> net.fit(X, y, epochs=2, batch_size=2).accuracy(X, y).shape
(3, 2)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional as F

from mlmastery.validation import check_count

from .architectures import ARCHITECTURES, Masks, architecture_masks

__all__ = [
    "BatchedNetwork",
    "Digits",
    "Trained",
    "split_digits",
    "train_all",
    "train_alone",
]

LEARNING_RATE = 0.01
BATCH = 64


class Digits(NamedTuple):
    """Pictures of digits in three parts.

    Examples
    --------
    >>> len(split_digits(random_state=0).y_train)
    800
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_validation: np.ndarray
    y_validation: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def split_digits(random_state: int = 0) -> Digits:
    """Return the 8 by 8 digits: 800 rows to train, 500 to choose, 497 to judge.

    Parameters
    ----------
    random_state : int, default=0
        Decides which row goes where.
    """
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    X = (X / 16).astype(np.float32)
    order = np.random.default_rng(random_state).permutation(len(y))
    parts = np.split(order, [800, 1300])
    return Digits(*(array[rows] for rows in parts for array in (X, y)))


class BatchedNetwork:
    """Networks of different architecture that are trained in one go.

    Each has the weights of the largest, of which a mask lets a part through. A weight
    behind a mask gets no gradient, so that each network is trained as if it were alone.

    Parameters
    ----------
    architectures : sequence of mapping
    n_in, n_out : int
        Inputs and classes.
    seeds : sequence of int
        Each architecture is trained once for each; a seed decides the initial weights.

    Attributes
    ----------
    weights : list of Tensor
        First layer, second, output, direct; biases of the first three; each with one
        slice for each architecture and seed.
    """

    def __init__(
        self,
        architectures: Sequence[Mapping[str, Any]],
        *,
        n_in: int,
        n_out: int,
        seeds: Sequence[int] = (0,),
    ) -> None:
        self.n_architectures, self.n_seeds = len(architectures), len(seeds)
        repeated = [a for _ in seeds for a in architectures]
        masks = architecture_masks(repeated)
        self.masks = Masks(*map(torch.tensor, masks))
        self.weights = _initial_weights(masks, n_in, n_out, seeds, len(architectures))

    def logits(self, X: Tensor) -> Tensor:
        """Return the outputs of every network, shape (A, n, n_out)."""
        return masked_logits(self.weights, self.masks, X)

    def fit(
        self,
        X: np.ndarray,
        y: np.ndarray,
        *,
        epochs: int,
        batch_size: int = BATCH,
        learning_rate: float = LEARNING_RATE,
        random_state: int = 0,
        watch: Any = None,
    ) -> BatchedNetwork:
        """Train all networks by Adam on the same batches.

        Parameters
        ----------
        X : ndarray of shape (n, n_in)
        y : ndarray of shape (n,)
        epochs : int
        batch_size : int, default=64
        learning_rate : float, default=0.01
        random_state : int, default=0
            Order of the rows.
        watch : callable, optional
            Called with this object after each epoch.
        """
        check_count(epochs, "epochs")
        rows = np.random.default_rng(random_state)
        inputs, targets = _floats(X), torch.tensor(y)
        optimiser = torch.optim.Adam(self.weights, lr=learning_rate, foreach=True)
        for _ in range(epochs):
            order = torch.tensor(rows.permutation(len(y)))
            for batch in order.split(batch_size):
                loss = summed_loss(self.logits(inputs[batch]), targets[batch])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
            if watch is not None:
                watch(self)
        return self

    @torch.no_grad()
    def accuracy(self, X: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the share of right answers, shape (n_architectures, n_seeds)."""
        right = self.logits(_floats(X)).argmax(dim=-1) == torch.tensor(y)
        shares = right.float().mean(dim=1).numpy()
        return shares.reshape(self.n_seeds, self.n_architectures).T


def masked_logits(weights: list[Tensor], masks: Masks, X: Tensor) -> Tensor:
    """Return logits of shape (A, n, n_out); X has shape (n, n_in)."""
    W1, W2, W3, direct, b1, b2, b3 = weights
    h = _activate(X @ W1 + b1, masks.relu_1) * masks.units_1  # (A, n, H)
    deeper = _activate(h @ W2 + b2, masks.relu_2) * masks.units_2
    h = masks.two * deeper + (1 - masks.two) * h  # without a second layer, the first
    return h @ W3 + b3 + masks.skip * (X @ direct)


def summed_loss(logits: Tensor, y: Tensor) -> Tensor:
    """Return the sum over networks of the mean cross-entropy over rows.

    The sum, and not the mean: each network then has the gradient that it has alone.
    """
    A, n, n_out = logits.shape
    flat = logits.reshape(A * n, n_out)
    return F.cross_entropy(flat, y.repeat(A), reduction="sum") / n


def _floats(X: np.ndarray) -> Tensor:
    return torch.tensor(X, dtype=torch.float32)


def _activate(z: Tensor, relu: Tensor) -> Tensor:
    return relu * z.relu() + (1 - relu) * z.tanh()


def _initial_weights(
    masks: Masks, n_in: int, n_out: int, seeds: Sequence[int], n_architectures: int
) -> list[Tensor]:
    """Draw weights of variance 1 / fan-in, where fan-in counts the units that exist."""
    H = masks.units_1.shape[-1]
    shapes = [(n_in, H), (H, H), (H, n_out), (n_in, n_out)]
    draws = [np.random.default_rng(seed) for seed in seeds]
    # One seed gives all architectures the same draws: they differ by their masks only.
    drawn = [
        np.repeat([rng.normal(size=s) for rng in draws], n_architectures, axis=0)
        for s in shapes
    ]
    first = masks.units_1.sum(axis=-1, keepdims=True)
    last = np.where(masks.two == 1, masks.units_2.sum(axis=-1, keepdims=True), first)
    fans = [n_in, first, last, n_in]
    scaled = [w / np.sqrt(fan) for w, fan in zip(drawn, fans, strict=True)]
    biases = [np.zeros((len(first), 1, n)) for n in (H, H, n_out)]
    return [
        torch.tensor(w, dtype=torch.float32).requires_grad_()
        for w in (*scaled, *biases)
    ]


def train_alone(
    architecture: Mapping[str, Any],
    digits: Digits,
    *,
    epochs: int,
    seed: int = 0,
    random_state: int = 0,
) -> torch.nn.Module:
    """Train one architecture as an ordinary torch network of its own size.

    It starts from the weights that the batched network has for this seed.

    Parameters
    ----------
    architecture : mapping
    digits : Digits
    epochs, seed : int
    random_state : int, default=0
        Order of the rows.

    Returns
    -------
    Module
    """
    net = PlainNetwork(architecture, seed, digits.X_train.shape[1], 10)
    rows = np.random.default_rng(random_state)
    X, y = torch.tensor(digits.X_train), torch.tensor(digits.y_train)
    optimiser = torch.optim.Adam(net.parameters(), lr=LEARNING_RATE)
    for _ in range(epochs):
        for batch in torch.tensor(rows.permutation(len(y))).split(BATCH):
            optimiser.zero_grad()
            F.cross_entropy(net(X[batch]), y[batch]).backward()
            optimiser.step()
    return net


class PlainNetwork(torch.nn.Module):
    """One architecture without masks: layers of just the units that it has."""

    def __init__(
        self, architecture: Mapping[str, Any], seed: int, n_in: int, n_out: int
    ) -> None:
        super().__init__()
        whole = BatchedNetwork([architecture], n_in=n_in, n_out=n_out, seeds=[seed])
        W1, W2, W3, direct, *_ = (w.detach()[0] for w in whole.weights)
        w1 = architecture["width_1"]
        w2 = architecture.get("width_2", w1)
        layers = [_linear(W1[:, :w1]), _activation(architecture["activation_1"])]
        if architecture["layers"] == 2:
            layers.append(_linear(W2[:w1, :w2]))
            layers.append(_activation(architecture["activation_2"]))
        self.body = torch.nn.Sequential(*layers, _linear(W3[:w2]))
        self.direct = _linear(direct, bias=False) if architecture["skip"] else None

    def forward(self, X: Tensor) -> Tensor:
        """Return logits of shape (n, n_out)."""
        logits: Tensor = self.body(X)
        return logits if self.direct is None else logits + self.direct(X)


def _linear(weight: Tensor, bias: bool = True) -> torch.nn.Linear:
    n_in, n_out = weight.shape
    layer = torch.nn.Linear(n_in, n_out, bias=bias)
    with torch.no_grad():
        layer.weight.copy_(weight.T)
        if bias:
            layer.bias.zero_()
    return layer


def _activation(name: str) -> torch.nn.Module:
    return {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[name]()


class Trained(NamedTuple):
    """Accuracy of every architecture, for each seed.

    Examples
    --------
    >>> Trained(pd.DataFrame({0: [0.9]}), pd.DataFrame(), np.zeros((1, 1, 1))).curves
    array([[[0.]]])
    """

    validation: pd.DataFrame  # a row per architecture, a column per seed
    test: pd.DataFrame
    curves: np.ndarray  # (epochs, n_architectures, n_seeds), on validation rows


def train_all(
    digits: Digits,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    epochs: int = 15,
    n_rows: int | None = None,
) -> Trained:
    """Train every architecture of the space from every seed.

    Parameters
    ----------
    digits : Digits
    seeds : sequence of int
        Each decides initial weights and the order of rows.
    epochs : int
    n_rows : int, optional
        Train on the first rows only.
    """
    parts = [_train_seed(digits, seed, epochs, n_rows) for seed in seeds]
    validation, test, curves = zip(*parts, strict=True)
    columns = list(seeds)
    return Trained(
        pd.DataFrame(np.hstack(validation), columns=columns),
        pd.DataFrame(np.hstack(test), columns=columns),
        np.concatenate(curves, axis=2),
    )


def _train_seed(
    digits: Digits, seed: int, epochs: int, n_rows: int | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    X, y = digits.X_train[:n_rows], digits.y_train[:n_rows]
    valid = (digits.X_validation, digits.y_validation)
    net = BatchedNetwork(ARCHITECTURES, n_in=X.shape[1], n_out=10, seeds=[seed])
    curve: list[np.ndarray] = []
    net.fit(
        X,
        y,
        epochs=epochs,
        random_state=seed,
        watch=lambda net: curve.append(net.accuracy(*valid)),
    )
    return curve[-1], net.accuracy(digits.X_test, digits.y_test), np.array(curve)
