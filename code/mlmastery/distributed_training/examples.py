"""A small model and a loader, as a configuration names them.

>>> from mlmastery.distributed_training.config import DistributedMLConfig
>>> here = "mlmastery.distributed_training.examples"
>>> config = DistributedMLConfig(model=f"{here}:small_network",
...                              loader=f"{here}:digits_of", n_clients=4)
>>> config.built_in
False
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlmastery.distributed_training.partition import dirichlet

if TYPE_CHECKING:
    from torch import nn

N_TEST = 300


def small_network() -> nn.Module:
    """Return a network for digits in PyTorch, with a batch norm and its buffers.

    >>> sum(1 for _ in small_network().buffers())
    3
    """
    from torch import nn

    return nn.Sequential(
        nn.Linear(64, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 10)
    )


def small_keras_network() -> Any:
    """Return the same network in Keras."""
    import tensorflow as tf

    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            layers.Input((64,)),
            layers.Dense(16),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(10),
        ]
    )


def digits_of(client: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return two hundred rows of a client, or for None those that are held out.

    >>> X, y = digits_of(3)
    >>> X.shape, y.shape
    ((200, 64), (200,))
    """
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    if client is None:
        return X[-N_TEST:] / 16, y[-N_TEST:]
    rows = np.random.default_rng(client).choice(len(X) - N_TEST, 200, replace=False)
    return X[rows] / 16, y[rows]


@cache
def _dealt() -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    rng = np.random.default_rng(22)
    order = rng.permutation(len(X))
    X, y = X[order] / 16, y[order]
    return X, y, dirichlet(y[N_TEST:], 100, 1.0, rng)


def honest_offices(client: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return what one of a hundred offices holds, by Dirichlet shares of 1.

    >>> sum(len(honest_offices(client)[0]) for client in range(100))
    1497
    """
    X, y, parts = _dealt()
    if client is None:
        return X[:N_TEST], y[:N_TEST]
    rows = parts[client] + N_TEST
    return X[rows], y[rows]


def one_office_lies(client: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the same, but office 0 has false labels: 9 - y instead of y.

    >>> set((one_office_lies(0)[1] + honest_offices(0)[1]).tolist())
    {9}
    """
    X, y = honest_offices(client)
    return X, 9 - y if client == 0 else y
