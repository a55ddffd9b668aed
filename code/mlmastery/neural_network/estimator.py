"""The finished classifier, with the interface of scikit-learn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import train_test_split
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmastery.neural_network.functions import cross_entropy, softmax
from mlmastery.neural_network.layers import Activation
from mlmastery.neural_network.network import (
    build_network,
    minibatches,
    train_step,
)
from mlmastery.neural_network.optimizers import OPTIMIZERS

EXPLOSION = 1e3  # a loss this many times the first one is not coming back


class DivergenceError(ValueError):
    """Training exploded; the message says where and what to try.

    Parameters
    ----------
    losses : list of float
        The loss of every step until then.
    learning_rate : float

    Examples
    --------
    >>> print(DivergenceError([2.3, 4e6], 10.0))
    the loss went from 2.3 to 4e+06 in 2 steps with learning_rate=10. Scale the
    features (mean 0, spread 1), or choose a smaller learning_rate
    """

    def __init__(self, losses: list[float], learning_rate: float) -> None:
        super().__init__(losses, learning_rate)
        self.losses, self.learning_rate = losses, learning_rate

    def __str__(self) -> str:
        return (
            f"the loss went from {self.losses[0]:.3g} to {self.losses[-1]:.3g} in "
            f"{len(self.losses)} steps with learning_rate={self.learning_rate:.3g}. "
            "Scale the features (mean 0, spread 1), or choose a smaller learning_rate"
        )


class NeuralNetwork(ClassifierMixin, BaseEstimator):
    """A multilayer perceptron for classification, trained by backpropagation.

    Parameters
    ----------
    layers : tuple of int, default=(64,)
        Units in each hidden layer. One entry is the classical two-layer network, an
        empty tuple is softmax regression.
    activation : {"relu", "leaky_relu", "tanh", "sigmoid"}, default="relu"
    optimizer : {"adam", "rmsprop", "momentum", "sgd"}, default="adam"
    learning_rate : float, default=0.001
    epochs : int, default=100
        Most passes over the rows.
    batch_size : int or None, default=32
        Rows per step; None takes all rows at once.
    init : {"auto", "he", "xavier"} or float, default="auto"
        See :func:`build_network`.
    alpha : float, default=0.0
        L2 penalty ``alpha / 2 * sum(W**2)`` on the mean loss; biases go free.
    dropout : float, default=0.0
        Share of hidden activations to drop while training, in [0, 1).
    batch_norm : bool, default=False
        Whether to standardise the sums before each activation.
    patience : int or None, default=None
        Stop early when the loss on a tenth of the rows, kept apart, has not fallen
        for so many epochs, and go back to the best epoch. None trains to the end on
        all rows.
    dtype : {"float64", "float32"}, default="float64"
    random_state : int or None, default=None
        Seed of weights, batches, dropout and the rows kept apart.

    Attributes
    ----------
    classes_ : ndarray of shape (k,)
    network_ : Network
        The layers, with all parameters in ``network_.theta``.
    loss_curve_ : list of float
        Mean loss of the steps of each epoch, penalty included.
    validation_curve_ : list of float
        Loss on the rows kept apart, after each epoch; empty without ``patience``.
    n_epochs_, best_epoch_ : int
        Epochs run, and the one whose weights were kept.

    Raises
    ------
    DivergenceError
        From ``fit``, if the loss explodes.
    ValueError
        From ``fit``, for NaN, a single class, or a parameter out of range.

    References
    ----------
    .. [1] Rumelhart, Hinton and Williams (1986), "Learning representations by
       back-propagating errors", Nature 323.

    Examples
    --------
    >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0]
    >>> model = NeuralNetwork((8,), "tanh", learning_rate=0.1, random_state=0)
    >>> model.fit(X, y).predict(X)
    array([0, 1, 1, 0])
    """

    def __init__(
        self,
        layers: tuple[int, ...] = (64,),
        activation: str = "relu",
        optimizer: str = "adam",
        learning_rate: float = 0.001,
        epochs: int = 100,
        batch_size: int | None = 32,
        init: str | float = "auto",
        alpha: float = 0.0,
        dropout: float = 0.0,
        batch_norm: bool = False,
        patience: int | None = None,
        dtype: str = "float64",
        random_state: int | None = None,
    ) -> None:
        self.layers = layers
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.init = init
        self.alpha = alpha
        self.dropout = dropout
        self.batch_norm = batch_norm
        self.patience = patience
        self.dtype = dtype
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Learn from ``X`` (m, n) and the labels ``y`` (m,) and return self."""
        self._check_parameters()
        X, y = validate_data(self, X, y, dtype=np.dtype(self.dtype))
        codes = self._encode(y)
        rng = np.random.default_rng(self.random_state)
        sizes = [X.shape[1], *self.layers, len(self.classes_)]
        self.network_ = build_network(
            sizes,
            self.activation,
            rng=rng,
            init=self.init,
            dropout=self.dropout,
            batch_norm=self.batch_norm,
            dtype=self.dtype,
        )
        self._train(X, codes, rng)
        return self

    def forward(self, X: Any) -> np.ndarray:
        """Return the scores before softmax, shape (m, k)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.dtype(self.dtype))
        return self.network_.forward(X)

    def backward(self, X: Any, y: Any) -> dict[str, np.ndarray]:
        """Return the gradient of the mean loss on these rows by W1, b1, W2, ..."""
        scores, y = self.forward(X), np.asarray(y)
        unknown = np.setdiff1d(y, self.classes_).tolist()
        if unknown:
            raise ValueError(f"y holds labels that fit has not seen: {unknown}")
        codes = np.searchsorted(self.classes_, y)
        self.network_.backward(cross_entropy(scores, codes)[1])
        return {name: g.copy() for name, g in self.network_.gradients().items()}

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the probability of each class, shape (m, k)."""
        return softmax(self.forward(X))

    def predict(self, X: Any) -> np.ndarray:
        """Return the most probable label of each row, shape (m,)."""
        scores = self.forward(X)
        return self.classes_[scores.argmax(axis=1)]

    def _encode(self, y: np.ndarray) -> np.ndarray:
        """Give the classes the numbers 0 to k - 1, which the loss insists on."""
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                "y must hold at least two classes, got 1 class: "
                f"{self.classes_.tolist()}"
            )
        return codes

    def _train(self, X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> None:
        """Run the epochs, keeping the curves and the best state."""
        X, y, apart = self._keep_apart(X, y)
        optimizer = OPTIMIZERS[self.optimizer](self.learning_rate)
        self.loss_curve_: list[float] = []
        self.validation_curve_: list[float] = []
        losses: list[float] = []
        self.best_epoch_, best = 0, self.network_.state()
        for epoch in range(1, self.epochs + 1):
            for rows in minibatches(len(y), self.batch_size, rng):
                losses.append(self._step(X[rows], y[rows], optimizer))
                self._watch(losses)
            steps = math.ceil(len(y) / (self.batch_size or len(y)))
            self.loss_curve_.append(float(np.mean(losses[-steps:])))
            if self._is_best(apart):
                self.best_epoch_, best = epoch, self.network_.state()
            elif epoch - self.best_epoch_ >= (self.patience or math.inf):
                break
        self.network_.restore(best)
        self.n_epochs_ = len(self.loss_curve_)

    def _step(self, X: np.ndarray, y: np.ndarray, optimizer: Any) -> float:
        with np.errstate(over="ignore", invalid="ignore"):  # _watch speaks of these
            return train_step(self.network_, X, y, optimizer, alpha=self.alpha)

    def _watch(self, losses: list[float]) -> None:
        if not losses[-1] <= EXPLOSION * max(losses[0], 1.0):  # also true for NaN
            raise DivergenceError(losses, self.learning_rate)

    def _is_best(self, apart: tuple[np.ndarray, np.ndarray] | None) -> bool:
        """Score the rows kept apart; without any, the last epoch is the best."""
        if apart is None:
            return True
        scores = self.network_.forward(apart[0])
        self.validation_curve_.append(cross_entropy(scores, apart[1])[0])
        return self.validation_curve_[-1] == min(self.validation_curve_)

    def _keep_apart(self, X: np.ndarray, y: np.ndarray) -> tuple[Any, Any, Any]:
        if self.patience is None:
            return X, y, None
        seed = self.random_state
        X, X_apart, y, y_apart = train_test_split(
            X, y, test_size=0.1, random_state=seed
        )
        return X, y, (X_apart, y_apart)

    def _check_parameters(self) -> None:
        Activation(self.activation)  # knows its names
        _check_choice("optimizer", self.optimizer, OPTIMIZERS)
        _check_choice("dtype", self.dtype, ("float64", "float32"))
        for name in ("learning_rate", "alpha", "dropout"):
            _check_number(name, getattr(self, name))
        if self.learning_rate == 0:
            raise ValueError("learning_rate must be above 0, got 0")
        if self.dropout >= 1:
            raise ValueError(f"dropout must be below 1, got {self.dropout}")
        if not isinstance(self.layers, Iterable):
            raise TypeError(
                f"layers must be a sequence of widths, such as (64,), got {self.layers!r}"
            )
        for name, count in _counts(self):
            if not isinstance(count, Integral) or count < 1:
                raise ValueError(
                    f"{name} must be a whole number of at least 1, got {count!r}"
                )


def _counts(model: NeuralNetwork) -> Iterator[tuple[str, Any]]:
    yield "epochs", model.epochs
    yield from (("layers", width) for width in model.layers)
    for name in ("batch_size", "patience"):
        if getattr(model, name) is not None:
            yield name, getattr(model, name)


def _check_choice(name: str, value: Any, known: Iterable[str]) -> None:
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}, got {value!r}")


def _check_number(name: str, value: Any) -> None:
    number = float(value) if isinstance(value, Real) else math.nan
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"{name} must be a number of at least 0, got {value!r}")
