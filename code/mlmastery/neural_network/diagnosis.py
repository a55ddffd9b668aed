"""Diagnose a network that does not learn: each layer's activations and gradients."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mlmastery.neural_network.functions import ACTIVATIONS, Loss, cross_entropy
from mlmastery.neural_network.layers import Activation
from mlmastery.neural_network.network import Network

SATURATION_SLOPE = 0.01  # a unit with a lower slope is saturated: it hardly learns


def diagnose(
    network: Network, X: np.ndarray, y: np.ndarray, loss: Loss = cross_entropy
) -> pd.DataFrame:
    """Measure every hidden layer on one batch, forward and backward.

    Returns
    -------
    DataFrame with a row for each hidden layer
        ``mean`` and ``spread`` of its activations; ``flat``, the share of numbers
        where the activation's slope is below a hundredth; ``dead``, the share of
        units that are flat for every row; ``alike``, the share of units that repeat
        an earlier one; ``gradient``, the root mean square of its weights' gradient.

    Examples
    --------
    >>> from mlmastery.neural_network import build_network
    >>> network = build_network([2, 4, 2], rng=np.random.default_rng(0), init=0.0)
    >>> report = diagnose(network, np.eye(2), np.array([0, 1]))
    >>> report.loc[1, ["dead", "alike", "gradient"]].tolist()
    [1.0, 0.75, 0.0]
    """
    network.backward(loss(network.forward(X, training=True), y)[1])
    hidden = [layer for layer in network.layers if isinstance(layer, Activation)]
    rows = [
        {**signals(layer), "gradient": float(np.sqrt(np.mean(d.dW**2)))}
        for layer, d in zip(hidden, network.dense, strict=False)
    ]
    return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="layer"))


def signals(layer: Activation) -> dict[str, float]:
    """Summarise the activations that a layer gave in its last forward pass.

    Examples
    --------
    >>> layer = Activation("relu")
    >>> _ = layer.forward(np.array([[-1.0, 2.0], [-3.0, -4.0]]), training=True)
    >>> signals(layer)["dead"]
    0.5
    """
    saturated = ACTIVATIONS[layer.name][1](layer.A) < SATURATION_SLOPE
    distinct = np.unique(layer.A, axis=1).shape[1]
    return {
        "mean": float(layer.A.mean()),
        "spread": float(layer.A.std()),
        "flat": float(saturated.mean()),
        "dead": float(saturated.all(axis=0).mean()),
        "alike": 1 - distinct / layer.A.shape[1],
    }
