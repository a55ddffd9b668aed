"""Gradient checking: compare backpropagation with the definition of a derivative."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from mlmastery.neural_network.functions import Loss, cross_entropy
from mlmastery.neural_network.network import Network, check_network
from mlmastery.validation import check_number


def numerical_gradient(
    cost: Callable[[np.ndarray], float], theta: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Differentiate ``cost`` by every entry of ``theta`` with central differences.

    Costs two evaluations per entry: for checking, never for training.

    Parameters
    ----------
    cost : callable
        Takes an array like ``theta``, returns a number.
    theta : ndarray of float64, any shape
        Is moved in place and put back, also after an error.
    h : float
        How far to move (Eq. 10.10). The error is of order h squared, plus rounding
        over h.

    Returns
    -------
    ndarray of the shape of ``theta``

    Raises
    ------
    TypeError
        If ``theta`` is not an array of float64: whole numbers cannot be moved by h,
        and single precision has too few digits for the difference.
    ValueError
        If ``h`` is not positive.

    Examples
    --------
    >>> numerical_gradient(lambda t: float(t @ t), np.array([1.0, -2.0])).round(6)
    array([ 2., -4.])
    """
    if not isinstance(theta, np.ndarray) or theta.dtype != np.float64:
        kind = getattr(theta, "dtype", type(theta).__name__)
        raise TypeError(f"theta must be an array of float64, got {kind}")
    check_number(h, "h", open=True)
    gradient = np.empty_like(theta)
    for i in np.ndindex(theta.shape):
        old = theta[i]
        try:
            theta[i] = old + h
            cost_above = float(cost(theta))
            theta[i] = old - h
            cost_below = float(cost(theta))
        finally:
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
    near a data point. A bias before batch normalisation has a gradient of zero, and
    its error is one of rounding. Dropout draws the same mask each time. The network
    is afterwards what it was before, to the bit.

    Returns
    -------
    Series
        The relative error of each parameter's gradient.

    Raises
    ------
    TypeError
        If the network is not in float64, which finite differences need.
    ValueError
        If something is NaN or infinite on the way; the message names the layer.

    Examples
    --------
    >>> from mlmastery.neural_network import build_network
    >>> network = build_network([3, 4, 2], "tanh", rng=np.random.default_rng(0))
    >>> errors = check_gradients(network, np.eye(3), np.array([0, 1, 1]))
    >>> list(errors.index), bool(errors.max() < 1e-7)
    (['W1', 'b1', 'W2', 'b2'], True)
    """
    if check_network(network).theta.dtype != np.float64:
        raise TypeError(f"network must have dtype float64, got {network.theta.dtype}")
    with network.preserved() as rewind:

        def cost(theta: np.ndarray) -> float:  # theta is network.theta itself
            rewind()  # the same dropout as in the pass that is checked
            return loss(network.forward(X, training=True), y)[0]

        ours = _named_gradients(network, X, y, loss)
        network.grad[:] = numerical_gradient(cost, network.theta, h)
        theirs = network.gradients()
        for name, gradient in theirs.items():
            _check_finite(gradient, f"the finite difference by {name}")
        errors = {name: relative_error(ours[name], theirs[name]) for name in ours}
    return pd.Series(errors)


def _named_gradients(
    network: Network, X: np.ndarray, y: np.ndarray, loss: Loss
) -> dict[str, np.ndarray]:
    """Run both passes layer by layer, so that what is not finite has a place."""
    places = {id(layer): place for layer, place in network.places()}
    signal = np.asarray(X)
    _check_finite(signal, "X")
    for layer in network.layers:
        signal = layer.forward(signal, True)
        _check_finite(signal, f"the output of {places[id(layer)]}")
    value, dZ = loss(signal, y)
    _check_finite(np.append(dZ, value), "the loss or its gradient")
    for layer in reversed(network.layers):
        dZ = layer.backward(dZ)
        own = [getattr(layer, "d" + p).ravel() for p in layer.shapes()]
        gradients = np.concatenate([np.ravel(dZ), *own])
        _check_finite(gradients, f"the gradient that leaves {places[id(layer)]}")
    return {name: g.copy() for name, g in network.gradients().items()}


def _check_finite(array: np.ndarray, place: str) -> None:
    broken = int((~np.isfinite(array)).sum())
    if broken:
        raise ValueError(
            f"{place} must be finite, got {broken} of {array.size} numbers "
            "that are NaN or infinite"
        )
