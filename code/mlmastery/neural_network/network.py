"""A sequence of layers whose parameters stand in one vector, and a training step."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import numpy as np

from mlmastery.neural_network.functions import Loss, cross_entropy
from mlmastery.neural_network.layers import (
    Activation,
    BatchNorm,
    Dense,
    Dropout,
    Layer,
)
from mlmastery.neural_network.optimizers import Optimizer
from mlmastery.validation import check_count, check_number


def he_scale(n_in: int, n_out: int) -> float:
    """Return He's scale, which keeps the variance of signals through ReLUs (Eq. 10.16).

    The two makes up for the half of a symmetric signal that a ReLU sets to zero.

    References
    ----------
    .. [1] He et al. (2015), "Delving Deep into Rectifiers", ICCV.

    Examples
    --------
    >>> he_scale(50, 10)
    0.2
    """
    return math.sqrt(2 / n_in)


def xavier_scale(n_in: int, n_out: int) -> float:
    """Return Xavier's scale, between keeping signals forward and gradients back.

    References
    ----------
    .. [1] Glorot and Bengio (2010), "Understanding the difficulty of training deep
       feedforward neural networks", AISTATS.

    Examples
    --------
    >>> xavier_scale(40, 10)
    0.2
    """
    return math.sqrt(2 / (n_in + n_out))


SCALES: Mapping[str, Any] = MappingProxyType({"he": he_scale, "xavier": xavier_scale})


class Network:
    """Layers in sequence. ``theta`` holds all parameters, ``grad`` their gradients.

    Parameters
    ----------
    layers : sequence of Layer
    dtype : dtype, default=float64

    Attributes
    ----------
    theta, grad : ndarray of shape (n_parameters,)
        The layers' own arrays are views of these two.

    Examples
    --------
    >>> network = Network([Dense(2, 3), Activation("relu"), Dense(3, 1)])
    >>> network.theta.shape
    (13,)
    >>> network.parameters()["W1"].shape
    (2, 3)
    """

    def __init__(self, layers: Sequence[Layer], dtype: Any = np.float64) -> None:
        self.layers = list(layers)
        sizes = [math.prod(s) for layer in layers for s in layer.shapes().values()]
        self.theta = np.zeros(sum(sizes), dtype)
        self.grad = np.zeros_like(self.theta)
        self._bind()
        for layer in self.layers:
            layer.reset_parameters()

    def forward(self, X: np.ndarray, training: bool = False) -> np.ndarray:
        """Return the scores (m, k) for the rows of X (m, n)."""
        X = np.asarray(X)
        for layer in self.layers:
            X = layer.forward(X, training)
        return X

    def backward(self, dZ: np.ndarray) -> None:
        """Fill ``grad``, from the gradient with respect to the last scores."""
        for layer in reversed(self.layers[1:]):
            dZ = layer.backward(dZ)
        self.first.backward_parameters(dZ)

    @property
    def first(self) -> Any:
        """Return the layer that reads the data."""
        return self.layers[0]

    @property
    def dense(self) -> list[Any]:
        """Return the layers that have weights."""
        return [layer for layer in self.layers if layer.penalised]

    def parameters(self) -> dict[str, np.ndarray]:
        """Return the views of ``theta`` by name: W1, b1, W2, ..."""
        return {name: getattr(layer, p) for name, layer, p in self._named()}

    def gradients(self) -> dict[str, np.ndarray]:
        """Return the views of ``grad``, named like :meth:`parameters`."""
        return {name: getattr(layer, "d" + p) for name, layer, p in self._named()}

    def penalty(self, alpha: float) -> float:
        """Return alpha / 2 * sum(W**2); biases are not penalised."""
        return alpha / 2 * sum(float(np.vdot(W, W)) for W, _ in self._penalised())

    def add_penalty_gradient(self, alpha: float) -> None:
        """Add alpha W to each dW."""
        for W, dW in self._penalised():
            dW += alpha * W

    def state(self) -> list[np.ndarray]:
        """Return a copy of everything that training changes."""
        return [array.copy() for array in self._trained_arrays()]

    def restore(self, state: Sequence[np.ndarray]) -> None:
        """Go back to a state that :meth:`state` returned."""
        for array, old in zip(self._trained_arrays(), state, strict=True):
            array[:] = old

    @contextmanager
    def preserved(self) -> Iterator[Callable[[], None]]:
        """Put everything back on leaving, to the bit, whatever was run inside.

        Weights, gradients, running averages, what layers remember of their last
        batch, and the generators of dropout. The value of the context sets the
        generators alone back to where they were.

        Examples
        --------
        >>> network = Network([Dense(1, 1)])
        >>> with network.preserved():
        ...     network.theta += 5
        >>> network.theta
        array([0., 0.])
        """
        arrays = [self.grad, *self._trained_arrays()]
        old = [array.copy() for array in arrays]
        attributes = [dict(vars(layer)) for layer in self.layers]
        held = itertools.chain.from_iterable(a.values() for a in attributes)
        generators = [g for g in held if isinstance(g, np.random.Generator)]
        states = [g.bit_generator.state for g in generators]

        def rewind() -> None:
            for generator, state in zip(generators, states, strict=True):
                generator.bit_generator.state = state

        try:
            yield rewind
        finally:
            rewind()
            for layer, before in zip(self.layers, attributes, strict=True):
                vars(layer).clear()
                vars(layer).update(before)
            for array, values in zip(arrays, old, strict=True):
                array[...] = values

    def places(self) -> list[tuple[Layer, str]]:
        """Return each layer with its number and kind, such as "layer 2 (Dense)".

        Examples
        --------
        >>> [place for _, place in Network([Dense(1, 1), Activation("relu")]).places()]
        ['layer 1 (Dense)', 'layer 1 (Activation relu)']
        """
        number, places = 0, []
        for layer in self.layers:
            number += bool(layer.penalised)
            kind = " ".join([type(layer).__name__, *[getattr(layer, "name", "")]])
            places.append((layer, f"layer {number} ({kind.strip()})"))
        return places

    def _trained_arrays(self) -> list[np.ndarray]:
        buffers = (layer.buffers() for layer in self.layers)
        return [self.theta, *itertools.chain.from_iterable(buffers)]

    def _penalised(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for layer in self.layers:
            for name in layer.penalised:
                yield getattr(layer, name), getattr(layer, "d" + name)

    def _named(self) -> Iterator[tuple[str, Layer, str]]:
        number = 0
        for layer in self.layers:
            number += bool(layer.penalised)  # what follows weights shares their number
            for parameter in layer.shapes():
                yield f"{parameter}{number}", layer, parameter

    def _bind(self) -> None:
        """Make the layers' parameters and gradients views of theta and grad."""
        start = 0
        for layer in self.layers:
            for name, shape in layer.shapes().items():
                stop = start + math.prod(shape)
                setattr(layer, name, self.theta[start:stop].reshape(shape))
                setattr(layer, "d" + name, self.grad[start:stop].reshape(shape))
                start = stop

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._bind()  # a copy's layers must view the copy's vectors


def check_network(network: Any) -> Network:
    """Return a network of layers, or raise: a fitted estimator holds one.

    Examples
    --------
    >>> check_network("relu")
    Traceback (most recent call last):
        ...
    TypeError: network must be a Network, such as network_ of a fitted NeuralNetwork,
    got str
    """
    if not isinstance(network, Network):
        raise TypeError(
            "network must be a Network, such as network_ of a fitted NeuralNetwork, "
            f"got {type(network).__name__}"
        )
    return network


def build_network(
    sizes: Sequence[int],
    activation: str = "relu",
    *,
    rng: np.random.Generator,
    init: str | float = "auto",
    dropout: float = 0.0,
    batch_norm: bool = False,
    dtype: Any = np.float64,
) -> Network:
    """Stack dense layers of the given sizes, with an activation between each two.

    Parameters
    ----------
    sizes : sequence of int
        Number of inputs, of units in each hidden layer, of outputs.
    activation : {"relu", "leaky_relu", "tanh", "sigmoid"}
    rng : Generator
        Draws the weights, and the masks of dropout.
    init : {"auto", "he", "xavier"} or float
        Standard deviation of the initial weights, by rule or as a number; 0 makes
        all of them zero. "auto" takes he for the ReLUs and xavier for the others.
    dropout : float
        Share of each hidden layer's activations to drop while training, in [0, 1).
    batch_norm : bool
        Whether to standardise the sums before each activation.

    Raises
    ------
    TypeError
        If ``rng`` is no generator: a seed would not say what else draws from it.
    ValueError
        If a setting is unknown or out of range.

    Examples
    --------
    >>> network = build_network([4, 5, 3], rng=np.random.default_rng(0))
    >>> network.forward(np.ones((2, 4))).shape
    (2, 3)
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a NumPy Generator, got {rng!r}")
    if np.dtype(dtype).kind != "f":
        raise ValueError(f"dtype must be one of floats, got {np.dtype(dtype)}")
    if len(sizes) < 2:
        raise ValueError(
            "sizes must hold the number of inputs, of units in each hidden layer and "
            f"of outputs, got {list(sizes)}"
        )
    for size in sizes:
        check_count(size, "sizes")
    layers: list[Layer] = []
    for n_in, n_out in itertools.pairwise(sizes[:-1]):
        layers.append(Dense(n_in, n_out))
        layers += [BatchNorm(n_out)] if batch_norm else []
        layers.append(Activation(activation))
        layers += [Dropout(dropout, rng)] if dropout else []
    network = Network([*layers, Dense(sizes[-2], sizes[-1])], dtype)
    for d in network.dense:
        d.W[:] = rng.normal(0, _scale(init, activation, d), d.W.shape)
    return network


def _scale(init: str | float, activation: str, layer: Dense) -> float:
    if not isinstance(init, str):
        return check_number(init, "init")
    if init == "auto":
        init = "he" if activation.endswith("relu") else "xavier"
    if init not in SCALES:
        raise ValueError(
            f"init must be 'auto', {', '.join(map(repr, SCALES))} or a number, "
            f"got {init!r}"
        )
    return float(SCALES[init](layer.n_in, layer.n_out))


def train_step(
    network: Network,
    X: np.ndarray,
    y: np.ndarray,
    optimizer: Optimizer,
    loss: Loss = cross_entropy,
    alpha: float = 0.0,
) -> float:
    """Run forward and backward pass and one step; return the loss before the step.

    Parameters
    ----------
    X : ndarray of shape (m, n)
    y : ndarray
        What ``loss`` compares the scores with.
    alpha : float
        Strength of an L2 penalty on the weights.

    Examples
    --------
    >>> network = build_network([2, 3, 2], rng=np.random.default_rng(0))
    >>> from mlmastery.neural_network import SGD
    >>> X, y = np.eye(2), np.array([0, 1])
    >>> losses = [train_step(network, X, y, SGD(0.5)) for _ in range(50)]
    >>> losses[0] > 10 * losses[-1]
    True
    """
    scores = network.forward(X, training=True)
    value, dscores = loss(scores, y)
    network.backward(dscores)
    if alpha:
        value += network.penalty(alpha)
        network.add_penalty_gradient(alpha)
    optimizer.step(network.theta, network.grad)
    return value


def minibatches(
    m: int, size: int | None, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Shuffle the row numbers 0 to m - 1 and yield them in batches of nearly one size.

    A leftover batch of a row or two would have a far noisier gradient, and batch
    normalisation cannot take a single row.

    Examples
    --------
    >>> [len(rows) for rows in minibatches(10, 4, np.random.default_rng(0))]
    [4, 3, 3]
    """
    check_count(m, "m")
    size = m if size is None else check_count(size, "size")
    yield from np.array_split(rng.permutation(m), math.ceil(m / size))
