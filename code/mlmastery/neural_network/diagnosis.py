"""Diagnose a network that does not learn: each layer's activations and gradients."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mlmastery.neural_network.functions import ACTIVATIONS, Loss, cross_entropy
from mlmastery.neural_network.layers import Activation
from mlmastery.neural_network.network import Network, check_network

SATURATION_SLOPE = 0.01  # a unit with a lower slope is saturated: it hardly learns


def diagnose(
    network: Network, X: np.ndarray, y: np.ndarray, loss: Loss = cross_entropy
) -> pd.DataFrame:
    """Measure every hidden layer on one batch, forward and backward.

    The network is afterwards what it was before, to the bit: weights, running
    averages, generators and what its layers remember.

    Parameters
    ----------
    network : Network
    X : ndarray of shape (m, n)
        A batch as in training: batch normalisation takes its moments from these rows.
    y : ndarray
        What ``loss`` compares the scores with.

    Returns
    -------
    DataFrame with a row for each hidden layer
        ``mean`` and ``spread`` of its activations; ``flat``, the share of numbers
        where the activation's slope is below a hundredth; ``dead``, the share of
        units that are flat for every row; ``alike``, the share of units that repeat
        an earlier one; ``gradient``, the root mean square of its weights' gradient.

    Raises
    ------
    ValueError
        If a layer's activations or gradients are NaN or infinite.

    Examples
    --------
    >>> from mlmastery.neural_network import build_network
    >>> network = build_network([2, 4, 2], rng=np.random.default_rng(0), init=0.0)
    >>> report = diagnose(network, np.eye(2), np.array([0, 1]))
    >>> report.loc[1, ["dead", "alike", "gradient"]].tolist()
    [1.0, 0.75, 0.0]
    """
    with check_network(network).preserved():
        scores = network.forward(X, training=True)
        hidden = _activations(network)
        network.backward(loss(scores, y)[1])
        rows = [
            {**signals(layer), "gradient": _root_mean_square(d.dW, number)}
            for number, (layer, d) in enumerate(
                zip(hidden, network.dense, strict=False), start=1
            )
        ]
    return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="layer"))


def hidden_activations(network: Network, X: np.ndarray) -> list[np.ndarray]:
    """Return each hidden layer's activations on a batch, as in training.

    The network is afterwards what it was before.

    Raises
    ------
    ValueError
        If a layer's activations are NaN or infinite.

    Examples
    --------
    >>> from mlmastery.neural_network import build_network
    >>> network = build_network([2, 4, 2], rng=np.random.default_rng(0))
    >>> [A.shape for A in hidden_activations(network, np.eye(2))]
    [(2, 4)]
    """
    with check_network(network).preserved():
        network.forward(X, training=True)
        return [layer.A for layer in _activations(network)]


def _activations(network: Network) -> list[Activation]:
    """Return the hidden layers after a forward pass; none may be NaN."""
    hidden = [layer for layer in network.layers if isinstance(layer, Activation)]
    for number, layer in enumerate(hidden, start=1):
        broken = int((~np.isfinite(layer.A)).sum())
        if broken:  # NaN is neither flat nor dead: every share would be too small
            raise ValueError(
                f"the activations of hidden layer {number} must be finite, got "
                f"{broken} of {layer.A.size} numbers that are NaN or infinite"
            )
    return hidden


def _root_mean_square(dW: np.ndarray, number: int) -> float:
    if not np.isfinite(dW).all():
        raise ValueError(f"the gradient by W{number} must be finite, got NaN or inf")
    return float(np.sqrt(np.mean(dW**2)))


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
