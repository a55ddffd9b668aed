"""One model behind two frameworks: parameters and gradients as one flat vector.

Whatever travels between machines in this package is such a vector. The framework
computes losses and derivatives; everything else is NumPy, so that two frameworks that
start equal also stay equal.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from mlmastery.validation import check_choice, check_count, check_number

if TYPE_CHECKING:
    from torch import nn

FRAMEWORKS = ("pytorch", "tensorflow")
ACTIVATIONS = ("relu", "tanh", "sigmoid")
DEVICES = ("cpu", "cuda", "auto")
DTYPES = ("float32", "float64")


@contextmanager
def one_thread(framework: str) -> Iterator[None]:
    """Let PyTorch compute with one thread: sums split otherwise round otherwise.

    A model then learns the same to the last bit on machines of one and of many cores.

    >>> with one_thread("pytorch"):
    ...     import torch
    ...     torch.get_num_threads()
    1
    """
    if framework != "pytorch":
        yield
        return
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class _Framework(Protocol):
    """The interface that the wrapper needs of a framework."""

    def loss_and_gradient(
        self, vector: np.ndarray, X: np.ndarray, y: np.ndarray
    ) -> tuple[float, np.ndarray]:
        """Return the mean loss and its gradient, of the shape of ``vector``."""

    def per_sample_gradients(
        self, vector: np.ndarray, X: np.ndarray, y: np.ndarray
    ) -> np.ndarray:
        """Return one gradient per row, of shape (n_samples, n_parameters)."""

    def probabilities(self, vector: np.ndarray, X: np.ndarray) -> np.ndarray:
        """Return class probabilities, of shape (n_samples, n_classes)."""


def shapes_of(layers: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the shapes of weights and biases, in the order of the flat vector.

    >>> shapes_of((4, 3, 2))
    [(4, 3), (3,), (3, 2), (2,)]
    """
    pairs = pairwise(layers)
    return [shape for n_in, n_out in pairs for shape in ((n_in, n_out), (n_out,))]


def unflatten(vector: Any, shapes: Sequence[tuple[int, ...]]) -> list[Any]:
    """Cut a flat vector (NumPy, PyTorch) into arrays of these shapes, without copying.

    >>> [part.shape for part in unflatten(np.arange(17.0), shapes_of((4, 3)))[:1]]
    [(4, 3)]
    """
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes]).tolist()
    starts = [0, *ends[:-1]]
    pieces = zip(starts, ends, shapes, strict=True)
    return [vector[start:end].reshape(shape) for start, end, shape in pieces]


class _PyTorch:
    """The network in PyTorch."""

    def __init__(self, layers: Sequence[int], activation: str, device: str = "cpu"):
        import torch

        self.torch, self.shapes = torch, shapes_of(layers)
        self.device = torch_device(device)
        self.sizes = [math.prod(shape) for shape in self.shapes]
        self.activation = getattr(torch, activation)
        each = torch.func.grad(self._loss_of_one)
        self._each = torch.func.vmap(each, in_dims=(None, 0, 0), chunk_size=32)

    def _logits(self, flat, X):
        # Not `unflatten`: the gradient of a slice is a whole vector, mostly of zeros.
        pieces = zip(flat.split(self.sizes), self.shapes, strict=True)
        arrays = [piece.view(shape) for piece, shape in pieces]
        for W, b in zip(arrays[:-2:2], arrays[1:-2:2], strict=True):
            X = self.activation(X @ W + b)
        return X @ arrays[-2] + arrays[-1]

    def _loss(self, flat, X, y):
        return self.torch.nn.functional.cross_entropy(self._logits(flat, X), y)

    def _loss_of_one(self, flat, x, y):
        return self._loss(flat, x[None], y[None])

    def loss_and_gradient(self, vector, X, y):
        flat, X, y = map(self._tensor, (vector, X, y))
        loss = self._loss(flat.requires_grad_(), X, y)
        (gradient,) = self.torch.autograd.grad(loss, flat)
        return loss.item(), gradient.cpu().numpy()

    def per_sample_gradients(self, vector, X, y):
        return self._each(*map(self._tensor, (vector, X, y))).cpu().numpy()

    def probabilities(self, vector, X):
        with self.torch.no_grad():
            logits = self._logits(self._tensor(vector), self._tensor(X))
            return logits.softmax(dim=1).cpu().numpy()

    def _tensor(self, array):
        return self.torch.tensor(array, device=self.device)


class _TensorFlow:
    """The same network in TensorFlow, traced once into a graph."""

    def __init__(self, layers: Sequence[int], activation: str, device: str = "cpu"):
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
        import tensorflow as tf

        self.tf, self.shapes = tf, shapes_of(layers)
        self.device = tensorflow_device(device)
        self.activation = getattr(tf.nn, activation)
        trace = {"reduce_retracing": True}
        self._with_gradient = tf.function(self._loss_and_gradient, **trace)
        self._each = tf.function(self._jacobian, **trace)
        self._forward = tf.function(self._logits, **trace)

    def _logits(self, flat, X):
        sizes = [int(np.prod(shape)) for shape in self.shapes]
        pieces = zip(self.tf.split(flat, sizes), self.shapes, strict=True)
        arrays = [self.tf.reshape(piece, shape) for piece, shape in pieces]
        for W, b in zip(arrays[:-2:2], arrays[1:-2:2], strict=True):
            X = self.activation(X @ W + b)
        return X @ arrays[-2] + arrays[-1]

    def _losses(self, flat, X, y):
        logits = self._logits(flat, X)
        return self.tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)

    def _loss_and_gradient(self, flat, X, y):
        with self.tf.GradientTape() as tape:
            tape.watch(flat)
            loss = self.tf.reduce_mean(self._losses(flat, X, y))
        return loss, tape.gradient(loss, flat)

    def _jacobian(self, flat, X, y):
        with self.tf.GradientTape() as tape:
            tape.watch(flat)
            losses = self._losses(flat, X, y)
        return tape.jacobian(losses, flat)

    def loss_and_gradient(self, vector, X, y):
        with self.tf.device(self.device):
            loss, gradient = self._with_gradient(*map(self.tf.constant, (vector, X, y)))
        return float(loss), gradient.numpy()

    def per_sample_gradients(self, vector, X, y):
        with self.tf.device(self.device):
            return self._each(*map(self.tf.constant, (vector, X, y))).numpy()

    def probabilities(self, vector, X):
        with self.tf.device(self.device):
            logits = self._forward(self.tf.constant(vector), self.tf.constant(X))
            return self.tf.nn.softmax(logits).numpy()


def torch_device(device: str) -> str:
    """Return the device that PyTorch computes on, or refuse one that is not there."""
    import torch

    return _device(device, torch.cuda.is_available(), "cpu", "cuda")


def tensorflow_device(device: str) -> str:
    """Return the device that TensorFlow computes on, by its name there."""
    import tensorflow as tf

    found = device != "cpu" and bool(tf.config.list_physical_devices("GPU"))
    return _device(device, found, "/CPU:0", "/GPU:0")


def _device(device: str, found: bool, cpu: str, gpu: str) -> str:
    if device == "cuda" and not found:
        raise ValueError("device must be 'cpu' or 'auto' on this machine, got 'cuda'")
    return gpu if found and device != "cpu" else cpu


def first_parameters(
    layers: Sequence[int], random_state: int, dtype: str = "float32"
) -> np.ndarray:
    """Draw weights of variance 2 / n_in and zero biases, whatever the framework.

    The draw is NumPy's, so both frameworks start at the same point; the variance is
    that of He et al. (2015), "Delving Deep into Rectifiers", ICCV.
    """
    rng = np.random.default_rng(random_state)
    parts = [
        rng.normal(0, np.sqrt(2 / shape[0]), shape).ravel()
        if len(shape) == 2
        else np.zeros(shape)
        for shape in shapes_of(layers)
    ]
    return np.concatenate(parts).astype(dtype)


class ModelWrapper:
    """A network for classification whose parameters are one flat vector.

    Parameters
    ----------
    framework : {"pytorch", "tensorflow"}, default="pytorch"
        Who computes losses and gradients. Imported only when chosen.
    layers : sequence of int, default=(64, 32, 10)
        Number of inputs, of units of each hidden layer, and of classes.
    activation : {"relu", "tanh", "sigmoid"}, default="relu"
    random_state : int, default=0
        Seed of the first parameters, and of the shuffling in `train` where no
        generator is given.
    dtype : {"float32", "float64"}, default="float32"
    device : {"cpu", "cuda", "auto"}, default="cpu"
        Where the framework computes; "auto" is a GPU where there is one.

    Raises
    ------
    ValueError
        If a framework, activation or dtype is unknown, or the layers make no network.

    Examples
    --------
    >>> X, y = np.array([[0.0], [1.0]]), np.array([0, 1])
    >>> model = ModelWrapper("pytorch", layers=(1, 2))
    >>> model.get_parameters().shape
    (4,)
    >>> _ = model.train(X, y, epochs=100, batch_size=2, learning_rate=1.0)
    >>> model.score(X, y)
    1.0
    """

    def __init__(
        self,
        framework: str = "pytorch",
        *,
        layers: Sequence[int] = (64, 32, 10),
        activation: str = "relu",
        random_state: int = 0,
        dtype: str = "float32",
        device: str = "cpu",
    ):
        check_choice(device, "device", DEVICES)
        check_choice(framework, "framework", FRAMEWORKS)
        check_choice(activation, "activation", ACTIVATIONS)
        check_choice(dtype, "dtype", DTYPES)
        _check_layers(layers)
        self.framework, self.layers = framework, tuple(int(n) for n in layers)
        self.activation, self.random_state = activation, random_state
        self.dtype = np.dtype(dtype)
        backend = _PyTorch if framework == "pytorch" else _TensorFlow
        self._backend: _Framework = backend(self.layers, activation, device)
        self._vector = first_parameters(self.layers, random_state, dtype)

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases together."""
        return self._vector.size

    @property
    def n_fixed(self) -> int:
        """Numbers at the end of the vector that differential privacy leaves alone."""
        return 0

    def get_parameters(self) -> np.ndarray:
        """Return a copy of all weights and biases, shape (n_parameters,)."""
        return self._vector.copy()

    def set_parameters(self, vector: np.ndarray) -> None:
        """Replace all weights and biases by a vector of shape (n_parameters,)."""
        vector = np.asarray(vector)
        if vector.shape != self._vector.shape:
            raise ValueError(
                f"parameters must have shape {self._vector.shape} for layers "
                f"{self.layers}, got {vector.shape}"
            )
        self._vector = vector.astype(self.dtype)  # a copy

    def loss_and_gradient(
        self, X: np.ndarray, y: np.ndarray
    ) -> tuple[float, np.ndarray]:
        """Return the mean cross-entropy in nats, and its gradient (n_parameters,)."""
        X, y = self._check(X, y)
        return self._backend.loss_and_gradient(self._vector, X, y)

    def per_sample_gradients(self, X: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return one gradient for each row, shape (n_samples, n_parameters)."""
        X, y = self._check(X, y)
        return self._backend.per_sample_gradients(self._vector, X, y)

    def train(
        self,
        X: np.ndarray,
        y: np.ndarray,
        *,
        epochs: int = 1,
        batch_size: int = 32,
        learning_rate: float = 0.1,
        proximal: float = 0.0,
        generator: np.random.Generator | None = None,
        enough: Callable[[], bool] | None = None,
    ) -> float:
        """Run mini-batch gradient descent and return the last epoch's mean loss.

        ``proximal`` pulls back to where this call started: it adds the gradient of
        ``proximal / 2 * ||w - w_start||**2``, FedProx's term (Li et al., 2020).
        ``enough`` is asked after each epoch, and ends the training early.
        """
        X, y = self._check(X, y)
        _check_training(epochs, batch_size, learning_rate, proximal)
        if generator is None:
            generator = np.random.default_rng(self.random_state)
        start, loss = self._vector, float("nan")
        for _ in range(epochs):
            total = 0.0
            order = generator.permutation(len(X))
            for rows in np.split(order, range(batch_size, len(X), batch_size)):
                value, gradient = self._backend.loss_and_gradient(
                    self._vector, X[rows], y[rows]
                )
                if proximal:
                    gradient = gradient + proximal * (self._vector - start)
                self._vector = self._after_step(gradient, learning_rate)
                total += value * len(rows)
            loss = total / len(X)
            if enough is not None and enough():
                break
        return loss

    def step(self, gradient: np.ndarray, learning_rate: float) -> np.ndarray:
        """Return by how much one step against a gradient moves the parameters."""
        return (-learning_rate * gradient).astype(gradient.dtype)

    def _after_step(self, gradient: np.ndarray, learning_rate: float) -> np.ndarray:
        return self._vector - learning_rate * gradient

    def loss(self, X: np.ndarray, y: np.ndarray) -> float:
        """Return the mean cross-entropy in nats, without a gradient."""
        X, y = self._check(X, y)
        right = self._backend.probabilities(self._vector, X)[np.arange(len(y)), y]
        return float(-np.log(np.maximum(right, 1e-30)).mean())

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return the probability of each class, shape (n_samples, n_classes)."""
        return self._backend.probabilities(self._vector, self._check_X(X))

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return the most probable class of each row, shape (n_samples,)."""
        return self.predict_proba(X).argmax(axis=1)

    def score(self, X: np.ndarray, y: np.ndarray) -> float:
        """Return the share of rows whose most probable class is the right one."""
        X, y = self._check(X, y)
        return float(np.mean(self.predict(X) == y))

    def _check(self, X, y) -> tuple[np.ndarray, np.ndarray]:
        X, y = self._check_X(X), np.asarray(y)
        if y.shape != (len(X),):
            raise ValueError(
                f"y must hold one class for each of the {len(X)} rows of X, "
                f"got shape {y.shape}"
            )
        if y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= self.layers[-1]:
            raise ValueError(
                f"y must hold integers from 0 to {self.layers[-1] - 1}, "
                f"got {np.unique(y)[:5].tolist()}..."
            )
        return X, y.astype(np.int64)

    def _check_X(self, X) -> np.ndarray:
        X = np.ascontiguousarray(X, dtype=self.dtype)
        if X.ndim != 2 or X.shape[1] != self.layers[0] or len(X) == 0:
            raise ValueError(
                f"X must have at least one row and {self.layers[0]} columns, "
                f"got shape {X.shape}"
            )
        return X


def as_module(model: ModelWrapper) -> nn.Sequential:
    """Return a copy of the network as PyTorch's own layers, for its own tools.

    PyTorch stores weights as (n_out, n_in), the transpose of ours.
    """
    import torch
    from torch import nn

    name = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}[model.activation]
    dtype = getattr(torch, model.dtype.name)
    stack: list[nn.Module] = []
    arrays = unflatten(model.get_parameters(), shapes_of(model.layers))
    for W, b in zip(arrays[::2], arrays[1::2], strict=True):
        n_in, n_out = W.shape
        linear = nn.Linear(n_in, n_out, dtype=dtype)
        linear.weight.data.copy_(torch.from_numpy(W.T.copy()))
        linear.bias.data.copy_(torch.from_numpy(b))
        stack += [linear, name()]
    return nn.Sequential(*stack[:-1])


def from_module(module: nn.Sequential) -> np.ndarray:
    """Return the flat vector of a network made by `as_module`.

    Buffers that were added to it, such as the counters of a batch norm, come last.
    """
    parts = [p.detach().cpu().numpy().T.ravel() for p in module.parameters()]
    buffers = [b.detach().cpu().numpy().ravel() for b in module.buffers()]
    return np.concatenate([*parts, *(b.astype(parts[0].dtype) for b in buffers)])


def load_module(module: nn.Sequential, vector: np.ndarray) -> None:
    """Put a flat vector into a network made by `as_module`; undoes `from_module`."""
    import torch

    start = 0
    with torch.no_grad():
        for parameter in module.parameters():
            piece = vector[start : start + parameter.numel()]
            start += parameter.numel()
            turned = piece.reshape(tuple(parameter.shape)[::-1]).T
            parameter.copy_(torch.from_numpy(turned.copy()))


def _check_layers(layers: Sequence[int]) -> None:
    whole = all(isinstance(n, int | np.integer) and n >= 1 for n in layers)
    if len(layers) < 2 or not whole:
        raise ValueError(
            f"layers must hold at least two positive whole numbers, got {layers!r}"
        )


def _check_training(epochs, batch_size, learning_rate, proximal) -> None:
    check_count(epochs, "epochs")
    check_count(batch_size, "batch_size")
    check_number(learning_rate, "learning_rate")
    check_number(proximal, "proximal")
