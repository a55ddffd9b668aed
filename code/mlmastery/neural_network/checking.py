"""Gradient checking: compare backpropagation with the definition of a derivative."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from mlmastery.neural_network.functions import Loss, cross_entropy
from mlmastery.neural_network.network import Network


def numerical_gradient(
    cost: Callable[[np.ndarray], float], theta: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Differentiate ``cost`` by every entry of ``theta`` with central differences.

    Costs two evaluations per entry: for checking, never for training.

    Parameters
    ----------
    cost : callable
        Takes a vector like ``theta``.
    theta : ndarray of shape (n,)
        Is moved and put back.
    h : float
        How far to move (Eq. 10.10). The error is of order h squared, plus rounding
        over h.

    Examples
    --------
    >>> numerical_gradient(lambda t: float(t @ t), np.array([1.0, -2.0])).round(6)
    array([ 2., -4.])
    """
    gradient = np.empty_like(theta)
    for i, old in enumerate(theta.copy()):
        theta[i] = old + h
        cost_above = cost(theta)
        theta[i] = old - h
        cost_below = cost(theta)
        theta[i] = old
        gradient[i] = (cost_above - cost_below) / (2 * h)
    return gradient


def relative_error(a: np.ndarray, b: np.ndarray) -> float:
    """Return the norm of the difference over the sum of the norms: from 0 to 1.

    Examples
    --------
    >>> relative_error(np.array([1.0]), np.array([3.0]))
    0.5
    """
    total = np.linalg.norm(a) + np.linalg.norm(b)
    return 0.0 if total == 0 else float(np.linalg.norm(a - b) / total)


def check_gradients(
    network: Network,
    X: np.ndarray,
    y: np.ndarray,
    loss: Loss = cross_entropy,
    h: float = 1e-5,
) -> pd.Series:
    """Compare backpropagation with finite differences, parameter by parameter.

    Below 1e-7 is right, above 1e-4 is wrong; in between, look for a kink of a ReLU
    near a data point. Dropout must be off, as it draws a new mask each time.

    Returns
    -------
    Series
        The relative error of each parameter's gradient.

    Raises
    ------
    TypeError
        If the network is not in float64, which finite differences need.

    Examples
    --------
    >>> from mlmastery.neural_network import build_network
    >>> network = build_network([3, 4, 2], "tanh", rng=np.random.default_rng(0))
    >>> errors = check_gradients(network, np.eye(3), np.array([0, 1, 1]))
    >>> list(errors.index), bool(errors.max() < 1e-7)
    (['W1', 'b1', 'W2', 'b2'], True)
    """
    if network.theta.dtype != np.float64:
        raise TypeError(f"network must have dtype float64, got {network.theta.dtype}")

    def cost(theta: np.ndarray) -> float:  # theta is network.theta itself
        return loss(network.forward(X, training=True), y)[0]

    network.backward(loss(network.forward(X, training=True), y)[1])
    ours = {name: g.copy() for name, g in network.gradients().items()}
    network.grad[:] = numerical_gradient(cost, network.theta, h)
    theirs = network.gradients()
    return pd.Series({name: relative_error(ours[name], theirs[name]) for name in ours})
