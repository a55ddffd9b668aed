"""Activations and losses: plain functions of arrays, each with its derivative.

An activation's derivative takes the *output* of the activation, which the forward pass
has computed anyway. A loss returns its value and its gradient with respect to the
scores it was given, both averaged over the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from mlmastery.validation import as_numbers, check_number

Function = Callable[[np.ndarray], np.ndarray]
Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]

NEGATIVE_SLOPE = 0.01  # of the leaky ReLU, as in PyTorch


def sigmoid(Z: np.ndarray) -> np.ndarray:
    """Return ``1 / (1 + exp(-Z))`` without overflow.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    Z = as_floats(Z, "Z")
    E = np.exp(-np.abs(Z))  # the exponent is never positive, so nothing overflows
    return np.where(Z >= 0, 1, E) / (1 + E)


def sigmoid_derivative(A: np.ndarray) -> np.ndarray:
    """Return the slope of the sigmoid where its output is ``A``: at most a quarter.

    Examples
    --------
    >>> sigmoid_derivative(np.array([0.5, 0.9])).round(2)
    array([0.25, 0.09])
    """
    A = as_floats(A, "A")
    return A * (1 - A)


def tanh(Z: np.ndarray) -> np.ndarray:
    """Return the hyperbolic tangent.

    Examples
    --------
    >>> tanh(np.array([0.0]))
    array([0.])
    """
    return np.tanh(as_floats(Z, "Z"))


def tanh_derivative(A: np.ndarray) -> np.ndarray:
    """Return the slope of tanh where its output is ``A``.

    Examples
    --------
    >>> tanh_derivative(np.array([0.0, 1.0]))
    array([1., 0.])
    """
    return 1 - as_floats(A, "A") ** 2


def relu(Z: np.ndarray) -> np.ndarray:
    """Keep positive numbers, replace negative ones by zero.

    References
    ----------
    .. [1] Nair and Hinton (2010), "Rectified Linear Units Improve Restricted
       Boltzmann Machines", ICML.

    Examples
    --------
    >>> relu(np.array([-2.0, 3.0]))
    array([0., 3.])
    """
    return np.maximum(as_floats(Z, "Z"), 0)


def relu_derivative(A: np.ndarray) -> np.ndarray:
    """Return the slope of the ReLU: one where its output is positive, else zero.

    Examples
    --------
    >>> relu_derivative(np.array([0.0, 3.0])).astype(int)
    array([0, 1])
    """
    return A > 0


def leaky_relu(Z: np.ndarray) -> np.ndarray:
    """Keep positive numbers, shrink negative ones to a hundredth.

    Examples
    --------
    >>> leaky_relu(np.array([-2.0, 3.0]))
    array([-0.02,  3.  ])
    """
    Z = as_floats(Z, "Z")
    return np.maximum(Z, NEGATIVE_SLOPE * Z)


def leaky_relu_derivative(A: np.ndarray) -> np.ndarray:
    """Return the slope of the leaky ReLU where its output is ``A``.

    Examples
    --------
    >>> leaky_relu_derivative(np.array([-0.02, 3.0]))
    array([0.01, 1.  ])
    """
    A = as_floats(A, "A")
    return np.where(A > 0, 1, NEGATIVE_SLOPE).astype(A.dtype)


def softmax(Z: np.ndarray) -> np.ndarray:
    """Turn each row of scores into probabilities (Eq. 10.4).

    Parameters
    ----------
    Z : ndarray of shape (m, k)

    Returns
    -------
    ndarray of shape (m, k)
        Positive, each row adding up to one.

    Raises
    ------
    ValueError
        If Z is not a table of numbers with at least one column.

    Examples
    --------
    >>> softmax(np.array([[0.0, np.log(3.0)], [1000.0, 0.0]])).round(2)
    array([[0.25, 0.75],
           [1.  , 0.  ]])
    """
    Z = as_table(Z, "Z")
    E = np.exp(Z - Z.max(axis=1, keepdims=True))  # shifting changes no ratio
    return E / E.sum(axis=1, keepdims=True)


def softmax_backward(dA: np.ndarray, A: np.ndarray) -> np.ndarray:
    """Carry a gradient back through softmax, whose outputs were ``A``.

    Examples
    --------
    >>> softmax_backward(np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]]))
    array([[ 0.25, -0.25]])
    """
    # The Jacobian diag(A) - A A.T, applied to dA without being built.
    return A * (dA - (dA * A).sum(axis=1, keepdims=True))


def cross_entropy(logits: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean negative log-probability of the right classes (Eq. 10.5).

    Parameters
    ----------
    logits : ndarray of shape (m, k)
        Scores before softmax.
    y : ndarray of shape (m,)
        The right class of each row, a whole number from 0 to k - 1.

    Returns
    -------
    loss : float
        In nats.
    gradient : ndarray of shape (m, k)
        With respect to ``logits``: probabilities minus one-hot labels, over m
        (Eq. 10.6).

    Raises
    ------
    ValueError
        If a label is not a whole number from 0 to k - 1, or the shapes disagree.

    Examples
    --------
    >>> loss, gradient = cross_entropy(np.zeros((1, 2)), np.array([0]))
    >>> round(loss, 4), gradient
    (0.6931, array([[-0.5,  0.5]]))
    """
    logits, y = as_table(logits, "logits"), np.asarray(y)
    _check_labels(logits, y)
    m, rows = len(y), np.arange(len(y))
    shifted = logits - logits.max(axis=1, keepdims=True)
    E = np.exp(shifted)
    total = E.sum(axis=1, keepdims=True)
    # -log p = log(sum E) - z: a logarithm of p itself could be that of a rounded 0.
    loss = np.mean(np.log(total[:, 0]) - shifted[rows, y])
    gradient = E / total
    gradient[rows, y] -= 1
    return float(loss), gradient / m


def binary_cross_entropy(logits: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean negative log-probability a sigmoid gives to labels 0 and 1.

    Parameters
    ----------
    logits, y : ndarray of one shape
        Scores before the sigmoid; labels.

    Examples
    --------
    >>> loss, gradient = binary_cross_entropy(np.zeros(1), np.ones(1))
    >>> round(loss, 4), gradient
    (0.6931, array([-0.5]))
    """
    logits, y = as_floats(logits, "logits"), as_floats(y, "y")
    _check_shapes(logits, y)
    if not np.isin(y, (0, 1)).all():
        raise ValueError(f"y must hold only 0 and 1, got {_examples(y)}")
    # logaddexp(0, z) is log(1 + e^z) without overflow for large z.
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    return float(loss), (sigmoid(logits) - y) / logits.size


def squared_error(outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """Return half the squared distance to the targets, averaged over the rows.

    Parameters
    ----------
    outputs, targets : ndarray of shape (m, k)

    Examples
    --------
    >>> squared_error(np.array([[3.0]]), np.array([[1.0]]))
    (2.0, array([[2.]]))
    """
    difference = _differences(outputs, targets)
    m = len(difference)
    return float((difference**2).sum() / (2 * m)), difference / m


def absolute_error(
    outputs: np.ndarray, targets: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the absolute distance to the targets, averaged over the rows (Eq. 10.11).

    Parameters
    ----------
    outputs, targets : ndarray of shape (m, k)

    Examples
    --------
    >>> absolute_error(np.array([[3.0]]), np.array([[1.0]]))
    (2.0, array([[1.]]))
    """
    difference = _differences(outputs, targets)
    m = len(difference)
    return float(np.abs(difference).sum() / m), np.sign(difference) / m


def huber_loss(
    outputs: np.ndarray, targets: np.ndarray, delta: float = 1.0
) -> tuple[float, np.ndarray]:
    """Return Huber's loss, averaged over the rows: squared near zero, then straight.

    Parameters
    ----------
    outputs, targets : ndarray of shape (m, k)
    delta : float
        Where the straight part begins, above 0, in units of the targets (Eq. 10.11).

    References
    ----------
    .. [1] Huber (1964), "Robust Estimation of a Location Parameter", Annals of
       Mathematical Statistics 35(1).

    Examples
    --------
    >>> huber_loss(np.array([[3.0], [0.5]]), np.zeros((2, 1)))
    (1.3125, array([[0.5 ],
           [0.25]]))
    """
    check_number(delta, "delta", open=True)
    difference = _differences(outputs, targets)
    m, distance = len(difference), np.abs(difference)
    straight = delta * (distance - delta / 2)
    cost = np.where(distance <= delta, difference**2 / 2, straight)
    return float(cost.sum() / m), np.clip(difference, -delta, delta) / m


def as_floats(values: np.ndarray, name: str) -> np.ndarray:
    """Return an array of floats; whole numbers and booleans become float64.

    Unsigned integers would wrap around below zero, without a word.

    Raises
    ------
    ValueError
        If a value is not a number.

    Examples
    --------
    >>> as_floats(np.array([1], dtype=np.uint8), "Z") - 2
    array([-1.])
    """
    array = np.asarray(values)
    if array.dtype.kind == "f":
        return array
    if values is None:
        raise ValueError(f"{name} must be numbers, got None")
    return as_numbers(array, name)


def as_table(values: np.ndarray, name: str) -> np.ndarray:
    """Return a table of floats, one row per example and at least one column.

    Raises
    ------
    ValueError
        If it is no table of numbers.

    Examples
    --------
    >>> as_table([1.0, 2.0], "Z")
    Traceback (most recent call last):
        ...
    ValueError: Z must have one row per example, shape (m, k) with k > 0, got (2,)
    """
    table = as_floats(values, name)
    if table.ndim != 2 or not table.shape[1]:
        raise ValueError(
            f"{name} must have one row per example, shape (m, k) with k > 0, "
            f"got {table.shape}"
        )
    return table


def _differences(outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    outputs, targets = as_floats(outputs, "outputs"), as_floats(targets, "targets")
    _check_shapes(outputs, targets)
    return outputs - targets


def _check_labels(logits: np.ndarray, y: np.ndarray) -> None:
    _check_rows(logits, "logits")
    m, k = logits.shape
    if y.shape != (m,):
        raise ValueError(
            f"y must hold one class per row of logits, shape ({m},), got {y.shape}"
        )
    if y.dtype.kind not in "iu" or (m and (y.min() < 0 or y.max() >= k)):
        raise ValueError(
            f"y must hold whole numbers from 0 to {k - 1}, one for each of the {k} "
            f"columns of logits, got {_examples(y)}"
        )


def _check_shapes(outputs: np.ndarray, targets: np.ndarray) -> None:
    if outputs.shape != targets.shape:
        raise ValueError(
            "outputs and targets must have one shape, "
            f"got {outputs.shape} and {targets.shape}"
        )
    _check_rows(outputs, "outputs")


def _check_rows(outputs: np.ndarray, name: str) -> None:
    if not (outputs.ndim and outputs.size):  # a mean over no rows is NaN
        raise ValueError(f"{name} must have at least one row, got {outputs.shape}")


def _examples(y: np.ndarray) -> str:
    values = np.unique(y)
    shown = ", ".join(str(v) for v in values[:6].tolist())
    return f"{shown}{', ...' if len(values) > 6 else ''} ({y.dtype})"


ACTIVATIONS: Mapping[str, tuple[Function, Function]] = MappingProxyType(
    {
        "sigmoid": (sigmoid, sigmoid_derivative),
        "tanh": (tanh, tanh_derivative),
        "relu": (relu, relu_derivative),
        "leaky_relu": (leaky_relu, leaky_relu_derivative),
    }
)
"""Name of each activation, the function, and its slope as a function of its output."""
