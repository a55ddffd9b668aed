"""The classifier, with the interface of scikit-learn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import train_test_split
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmastery.neural_network.functions import cross_entropy, softmax
from mlmastery.neural_network.layers import Activation, check_dropout
from mlmastery.neural_network.network import (
    Network,
    build_network,
    minibatches,
    train_step,
)
from mlmastery.neural_network.optimizers import OPTIMIZERS
from mlmastery.validation import check_choice, check_count, check_number

DIVERGENCE_FACTOR = 1e3  # a loss this many times the first one does not come back


class DivergenceError(ValueError):
    """Raised when the loss of training grows without bound.

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
        Maximum number of passes over the rows.
    batch_size : int or None, default=32
        Rows per step; None takes all rows at once.
    init : {"auto", "he", "xavier"} or float, default="auto"
        See :func:`build_network`.
    alpha : float, default=0.0
        L2 penalty ``alpha / 2 * sum(W**2)`` on the mean loss; biases are not penalised.
    dropout : float, default=0.0
        Share of hidden activations to drop while training, in [0, 1).
    batch_norm : bool, default=False
        Whether to standardise the sums before each activation.
    patience : int or None, default=None
        Stop early when the validation loss, on a tenth of the rows, has not fallen
        by more than ``tol`` for so many epochs, and go back to the last epoch that
        improved it. None trains to the end on all rows.
    tol : float, default=1e-4
        The smallest fall of the validation loss that counts; a tie never does.
    dtype : {"float64", "float32"}, default="float64"
    random_state : int or None, default=None
        Decides the initial weights, batches, dropout and the validation rows.

    Attributes
    ----------
    classes_ : ndarray of shape (k,)
    network_ : Network
        The layers, with all parameters in ``network_.theta``.
    loss_curve_ : list of float
        Mean loss of the steps of each epoch, penalty included.
    validation_curve_ : list of float
        Loss on the validation rows, after each epoch; empty without ``patience``.
    n_epochs_, best_epoch_ : int
        Epochs run, and the one whose weights were kept.

    Raises
    ------
    DivergenceError
        From ``fit``, if the loss grows without bound.
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
        tol: float = 1e-4,
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
        self.tol = tol
        self.dtype = dtype
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Learn from ``X`` (m, n) and the labels ``y`` (m,) and return self."""
        self._check_parameters()
        X, y = validate_data(self, X, y, dtype=np.dtype(self.dtype))
        classes, codes = self._encode(y)
        rng = np.random.default_rng(self.random_state)
        sizes = [X.shape[1], *self.layers, len(classes)]
        network = build_network(
            sizes,
            self.activation,
            rng=rng,
            init=self.init,
            dropout=self.dropout,
            batch_norm=self.batch_norm,
            dtype=self.dtype,
        )
        self._train(network, X, codes, rng)
        self.classes_, self.network_ = classes, network  # only what was trained
        return self

    def forward(self, X: Any) -> np.ndarray:
        """Return the scores before softmax, shape (m, k)."""
        check_is_fitted(self, "network_")
        X = validate_data(self, X, reset=False, dtype=np.dtype(self.dtype))
        return self.network_.forward(X)

    def backward(self, X: Any, y: Any) -> dict[str, np.ndarray]:
        """Return the gradient of the mean loss on these rows by W1, b1, W2, ...

        Of the loss of the scores that :meth:`forward` returns: batch normalisation
        uses its running averages, as in use. Nothing of the network changes.
        """
        check_is_fitted(self, "network_")
        X = validate_data(self, X, reset=False, dtype=np.dtype(self.dtype))
        y = np.asarray(y)
        unknown = np.setdiff1d(y, self.classes_).tolist()
        if unknown:
            raise ValueError(f"y must hold labels that fit has seen, got {unknown}")
        codes = np.searchsorted(self.classes_, y)
        with self.network_.preserved():
            self.network_.backward(cross_entropy(self.network_.forward(X), codes)[1])
            return {name: g.copy() for name, g in self.network_.gradients().items()}

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the probability of each class, shape (m, k)."""
        return softmax(self.forward(X))

    def predict(self, X: Any) -> np.ndarray:
        """Return the most probable label of each row, shape (m,)."""
        scores = self.forward(X)
        return self.classes_[scores.argmax(axis=1)]

    def _encode(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Map the classes to the numbers 0 to k - 1, as the loss needs them."""
        check_classification_targets(y)
        classes, codes = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(
                f"y must hold at least two classes, got 1 class: {classes.tolist()}"
            )
        return classes, codes

    def _train(
        self, network: Network, X: np.ndarray, y: np.ndarray, rng: np.random.Generator
    ) -> None:
        """Run the epochs, keeping the curves and the best state."""
        X, y, validation = self._validation_split(X, y)
        optimizer = OPTIMIZERS[self.optimizer](self.learning_rate)
        self.loss_curve_: list[float] = []
        self.validation_curve_: list[float] = []
        losses: list[float] = []
        self.best_epoch_, best, best_loss = 0, network.state(), math.inf
        for epoch in range(1, self.epochs + 1):
            steps = list(minibatches(len(y), self.batch_size, rng))
            for rows in steps:
                losses.append(self._step(network, X[rows], y[rows], optimizer))
                self._check_divergence(losses)
            self.loss_curve_.append(float(np.mean(losses[-len(steps) :])))
            loss = self._validation_loss(network, validation)
            # Without validation the last epoch is kept, whatever its loss.
            if loss is None or loss < best_loss - self.tol:
                self.best_epoch_, best, best_loss = epoch, network.state(), loss or 0.0
            elif epoch - self.best_epoch_ >= (self.patience or math.inf):
                break
        network.restore(best)
        if not np.isfinite(network.theta).all():  # the last step has no loss after it
            raise DivergenceError([*losses, math.nan], self.learning_rate)
        self.n_epochs_ = len(self.loss_curve_)

    def _step(
        self, network: Network, X: np.ndarray, y: np.ndarray, optimizer: Any
    ) -> float:
        with np.errstate(over="ignore", invalid="ignore"):  # _check_divergence
            return train_step(network, X, y, optimizer, alpha=self.alpha)

    def _check_divergence(self, losses: list[float]) -> None:
        # At least 1.0, since single batches differ: one after an easy first is no alarm.
        # Not ">": a comparison with NaN is false, and NaN is divergence too.
        if not losses[-1] <= DIVERGENCE_FACTOR * max(losses[0], 1.0):
            raise DivergenceError(losses, self.learning_rate)

    def _validation_loss(
        self, network: Network, validation: tuple[np.ndarray, np.ndarray] | None
    ) -> float | None:
        """Return and record the loss on the validation rows, if there are any."""
        if validation is None:
            return None
        X_val, y_val = validation
        loss = cross_entropy(network.forward(X_val), y_val)[0]
        self.validation_curve_.append(loss)
        return loss

    def _validation_split(self, X: np.ndarray, y: np.ndarray) -> tuple[Any, Any, Any]:
        if self.patience is None:
            return X, y, None
        X, X_val, y, y_val = train_test_split(
            X, y, test_size=0.1, random_state=self.random_state
        )
        return X, y, (X_val, y_val)

    def _check_parameters(self) -> None:
        Activation(self.activation)  # knows its names
        check_choice(self.optimizer, "optimizer", OPTIMIZERS)
        check_choice(self.dtype, "dtype", ("float64", "float32"))
        check_number(self.learning_rate, "learning_rate", open=True)
        check_number(self.alpha, "alpha")
        check_number(self.tol, "tol")
        check_dropout(self.dropout)
        if not isinstance(self.batch_norm, bool | np.bool_):
            raise TypeError(
                f"batch_norm must be True or False, got {self.batch_norm!r}"
            )
        if isinstance(self.layers, str) or not isinstance(self.layers, Iterable):
            raise TypeError(
                f"layers must be a sequence of widths, such as (64,), got {self.layers!r}"
            )
        for width in self.layers:
            check_count(width, "layers")
        check_count(self.epochs, "epochs")
        for name in ("batch_size", "patience"):
            if getattr(self, name) is not None:
                check_count(getattr(self, name), name)
