"""A model of one's own, PyTorch or Keras, behind the same flat vector.

The vector holds all parameters and after them all buffers: a batch norm's running means
travel and are averaged like weights, or a server would test with counters of nobody.
"""

from __future__ import annotations

import os
import random
import zlib
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np

from mlmastery.distributed_training.model import (
    DEVICES,
    FRAMEWORKS,
    ModelWrapper,
    tensorflow_device,
    torch_device,
)
from mlmastery.validation import check_choice


class OwnModel(ModelWrapper):
    """Wrap what a factory makes: a PyTorch module or a Keras model of logits.

    Parameters
    ----------
    factory : callable
        Called without arguments.
    framework : {"pytorch", "tensorflow"}, default="pytorch"
    random_state : int, default=0
        Seed of the first parameters.
    device : {"cpu", "cuda", "auto"}, default="cpu"

    Attributes
    ----------
    n_buffers : int
        Numbers that training does not move, which come last in the vector: frozen
        parameters and buffers.

    Raises
    ------
    TypeError
        If the factory returns something else than a model of the framework.

    Examples
    --------
    >>> from torch import nn
    >>> model = OwnModel(lambda: nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3)))
    >>> model.n_parameters, model.n_buffers
    (28, 7)
    """

    def __init__(
        self,
        factory: Callable[[], Any],
        *,
        framework: str = "pytorch",
        random_state: int = 0,
        device: str = "cpu",
    ):
        check_choice(framework, "framework", FRAMEWORKS)
        check_choice(device, "device", DEVICES)
        self.framework, self.random_state = framework, random_state
        self.dtype, self.layers = np.dtype("float32"), ()
        make = _Module if framework == "pytorch" else _Keras
        self._own: Any = make(factory, random_state, device)
        self._backend = self._own
        self._vector = self._own.vector()

    @property
    def n_buffers(self) -> int:
        """Number of buffers, which come last in the vector."""
        return self._own.n_buffers

    @property
    def n_fixed(self) -> int:
        """Number of frozen parameters, counters and constants, at the very end."""
        return self._own.n_fixed

    def step(self, gradient: np.ndarray, learning_rate: float) -> np.ndarray:
        """Return by how much one step moves parameters, and the batch the buffers."""
        return self._after_step(gradient, learning_rate) - self._vector

    def _after_step(self, gradient: np.ndarray, learning_rate: float) -> np.ndarray:
        moved = self._vector - np.float32(learning_rate) * gradient
        if self.n_buffers:
            moved[-self.n_buffers :] = self._own.vector()[-self.n_buffers :]
        return moved

    def _check(self, X, y) -> tuple[np.ndarray, np.ndarray]:
        X, y = self._check_X(X), np.asarray(y)
        if y.shape != (len(X),) or y.dtype.kind not in "iu" or y.min() < 0:
            raise ValueError(
                f"y must hold one class, a whole number from 0, for each of {len(X)} "
                f"rows, got shape {y.shape} and dtype {y.dtype}"
            )
        return X, y.astype(np.int64)

    def _check_X(self, X) -> np.ndarray:
        X = np.ascontiguousarray(X, dtype=self.dtype)
        if X.ndim < 2 or len(X) == 0:
            raise ValueError(f"X must hold at least one row, got shape {X.shape}")
        return X


def _check_parameters(named: list[tuple[str, Any]]) -> None:
    """Refuse a model that has nothing to learn, or parameters of unknown shape."""
    from torch.nn.parameter import is_lazy

    if not named or any(is_lazy(parameter) for _, parameter in named):
        raise TypeError(
            "the model must have parameters that can be trained, of known shapes, got "
            f"{[name for name, _ in named] or 'none'}"
        )


def _is_statistic(name: str) -> bool:
    """Whether a buffer is a running mean or variance of rows, as batch norms have."""
    statistics = ("running_mean", "running_var", "moving_mean", "moving_variance")
    return name.endswith(statistics)


def _clean(name: str, array: np.ndarray) -> np.ndarray:
    """Return a buffer that its layer can use: an average may leave a variance below 0."""
    return np.maximum(array, 0) if name.endswith(("var", "variance")) else array


def _has_statistics(X: np.ndarray, n_buffers: int) -> bool:
    """Whether a batch norm can use the mean of these rows: a single one is its own."""
    return len(X) > 1 or n_buffers == 0


def _seed(*arrays: np.ndarray) -> int:
    """Return a seed that is equal wherever the same work is done: dropout follows it."""
    seed = 0
    for array in arrays:
        seed = zlib.crc32(np.ascontiguousarray(array).view(np.uint8).data, seed)
    return seed


class _Module:
    """A PyTorch module."""

    def __init__(self, factory, random_state: int, device: str):
        import torch

        self.torch, self.device = torch, torch_device(device)
        with self._random(random_state):
            module = factory()
        if not isinstance(module, torch.nn.Module):
            raise TypeError(f"the model must be a PyTorch module, got {module!r}")
        self.module = module.to(self.device)
        trained = [(k, p) for k, p in module.named_parameters() if p.requires_grad]
        _check_parameters(trained)
        frozen = [(k, p) for k, p in module.named_parameters() if not p.requires_grad]
        # An infinite mask has no mean; every process makes its own.
        buffers = [(k, b) for k, b in module.named_buffers() if b.isfinite().all()]
        rest = sorted(
            [*frozen, *buffers], key=lambda named: not _is_statistic(named[0])
        )
        self.names, self.tensors = zip(*trained, *rest, strict=True)
        self.n_own = len(trained)
        self.sizes = [tensor.numel() for tensor in self.tensors]
        self.n_buffers = sum(self.sizes[self.n_own :])
        self.n_fixed = sum(t.numel() for name, t in rest if not _is_statistic(name))

    @contextmanager
    def _random(self, seed: int):
        with self.torch.random.fork_rng():
            self.torch.manual_seed(seed)
            yield

    def vector(self) -> np.ndarray:
        arrays = [t.detach().cpu().numpy().ravel() for t in self.tensors]
        return np.concatenate(arrays).astype(np.float32)

    def _load(self, vector: np.ndarray) -> None:
        pieces = np.split(vector, np.cumsum(self.sizes)[:-1])
        with self.torch.no_grad():
            for name, tensor, piece in zip(
                self.names, self.tensors, pieces, strict=True
            ):
                whole = not tensor.is_floating_point()
                piece = np.rint(piece) if whole else _clean(name, piece)
                tensor.copy_(self.torch.tensor(piece).view(tensor.shape))

    def loss_and_gradient(self, vector, X, y):
        self._load(vector)
        self.module.train(_has_statistics(X, self.n_buffers))
        with self._random(_seed(vector, X)):
            loss = self._loss(X, y)
            return loss.item(), self._slope(loss)

    def _slope(self, loss) -> np.ndarray:
        """Return the gradient; it is zero where a loss does not depend on a number."""
        own = self.tensors[: self.n_own]
        gradients = self.torch.autograd.grad(loss, own, materialize_grads=True)
        flat = [gradient.cpu().numpy().ravel() for gradient in gradients]
        return np.concatenate([*flat, np.zeros(self.n_buffers, np.float32)])

    def _loss(self, X, y):
        X, y = (self.torch.tensor(array, device=self.device) for array in (X, y))
        return self.torch.nn.functional.cross_entropy(self.module(X), y)

    def per_sample_gradients(self, vector, X, y):
        rows = [self._gradient_of_one(vector, x[None], y[i : i + 1])
                for i, x in enumerate(X)]  # fmt: skip
        return np.stack(rows)

    def _gradient_of_one(self, vector, x, y):
        self._load(vector)
        self.module.eval()  # a batch norm of one row would be its own mean
        return self._slope(self._loss(x, y))

    def probabilities(self, vector, X):
        self._load(vector)
        self.module.eval()
        with self.torch.no_grad():
            logits = self.module(self.torch.tensor(X, device=self.device))
            return logits.softmax(dim=1).cpu().numpy()


class _Keras:
    """A Keras model on TensorFlow."""

    def __init__(self, factory, random_state: int, device: str):
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
        import tensorflow as tf

        self.tf, self.device = tf, tensorflow_device(device)
        state = random.getstate()
        random.seed(random_state)  # Keras draws the seeds of its layers here
        try:
            model = factory()
        finally:
            random.setstate(state)
        if not isinstance(model, tf.keras.Model) or not model.built:
            raise TypeError(f"the model must be a built Keras model, got {model!r}")
        if not model.trainable_variables:
            raise TypeError("the model must have parameters that can be trained")
        self.model = model
        others = [(v, "float" in str(v.dtype)) for v in model.non_trainable_variables]
        floats = [v for v, is_float in others if is_float]
        floats.sort(key=lambda variable: not _is_statistic(variable.name))
        self.seeds = [v for v, is_float in others if not is_float]
        self.own, self.variables = (
            model.trainable_variables,
            [*model.trainable_variables, *floats],
        )
        self.sizes = [int(np.prod(v.shape)) for v in self.variables]
        self.n_buffers = sum(self.sizes[len(self.own) :])
        fixed = [v for v in floats if not _is_statistic(v.name)]
        self.n_fixed = sum(int(np.prod(v.shape)) for v in fixed)

    def vector(self) -> np.ndarray:
        arrays = [np.ravel(v.numpy()) for v in self.variables]
        return np.concatenate(arrays).astype(np.float32)

    def _load(self, vector: np.ndarray, seed: int = 0) -> None:
        pieces = np.split(vector, np.cumsum(self.sizes)[:-1])
        for variable, piece in zip(self.variables, pieces, strict=True):
            variable.assign(_clean(variable.name, piece).reshape(variable.shape))
        for state in self.seeds:
            state.assign(np.full(state.shape, seed % 2**31))

    def loss_and_gradient(self, vector, X, y):
        return self._slope(vector, X, y, training=_has_statistics(X, self.n_buffers))

    def _slope(self, vector, X, y, training: bool):
        self._load(vector, _seed(vector, X))
        with self.tf.device(self.device), self.tf.GradientTape() as tape:
            logits = self.model(self.tf.constant(X), training=training)
            losses = self.tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
            loss = self.tf.reduce_mean(losses)
        zero = self.tf.UnconnectedGradients.ZERO
        own = [v.value for v in self.own]
        gradients = tape.gradient(loss, own, unconnected_gradients=zero)
        flat = [np.ravel(gradient.numpy()) for gradient in gradients]
        zeros = np.zeros(self.n_buffers, np.float32)
        return float(loss), np.concatenate([*flat, zeros])

    def per_sample_gradients(self, vector, X, y):
        return np.stack(
            [
                self._slope(vector, X[i : i + 1], y[i : i + 1], training=False)[1]
                for i in range(len(X))
            ]
        )

    def probabilities(self, vector, X):
        self._load(vector)
        with self.tf.device(self.device):
            logits = self.model(self.tf.constant(X), training=False)
            return self.tf.nn.softmax(logits).numpy()
