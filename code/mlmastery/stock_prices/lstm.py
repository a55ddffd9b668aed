"""An LSTM in Keras: one step, several steps at once, or one step again and again."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from mlmastery.stock_prices.forecasters import Forecaster
from mlmastery.stock_prices.sequences import create_sequences
from mlmastery.validation import check_count, check_number

__all__ = ["LSTMForecaster", "SequenceLSTM", "build_lstm", "lstm_step"]


def lstm_step(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Take one step of an LSTM cell and return its new output and memory.

    Parameters
    ----------
    x : ndarray of shape (n_features,)
        One row of the window.
    h, c : ndarray of shape (n_units,)
        Output and memory so far.
    W, U, b : ndarray of shape (n_features, 4 n_units), (n_units, 4 n_units), (4 n_units,)
        Weights in Keras' order of gates: input, forget, candidate, output.

    References
    ----------
    .. [1] Hochreiter and Schmidhuber (1997), "Long Short-Term Memory", Neural
       Computation 9(8).

    Examples
    --------
    >>> zero = np.zeros(1)
    >>> lstm_step(zero, zero, np.ones(1), np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4))
    (array([0.23105858]), array([0.5]))
    """
    i, f, g, o = np.split(x @ W + h @ U + b, 4)
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def build_lstm(
    shape: tuple[int, int], units: int = 16, horizon: int = 1, random_state: int = 0
) -> Any:
    """Return a Keras network: an LSTM layer and a linear layer of ``horizon`` outputs.

    Parameters
    ----------
    shape : tuple of int
        Rows and features of a window.
    units : int, default=16
    horizon : int, default=1
    random_state : int, default=0
        Seed of the initial weights.

    Examples
    --------
    >>> build_lstm((20, 1), units=16).count_params()  # doctest: +SKIP
    1169
    """
    import keras

    glorot = keras.initializers.GlorotUniform(seed=random_state)
    orthogonal = keras.initializers.Orthogonal(seed=random_state)
    last = keras.initializers.GlorotUniform(seed=random_state + 1)
    return keras.Sequential(
        [
            keras.Input(shape),
            keras.layers.LSTM(
                units, kernel_initializer=glorot, recurrent_initializer=orthogonal
            ),
            keras.layers.Dense(horizon, kernel_initializer=last),
        ]
    )


class SequenceLSTM(BaseEstimator):
    """Regress what follows a window on the window.

    Parameters
    ----------
    units : int, default=16
    epochs : int, default=6
    batch_size : int, default=128
    learning_rate : float, default=0.01
    validation : float, default=0.0
        Share of the last windows that is watched and not learned from.
    random_state : int, default=0

    Attributes
    ----------
    model_ : keras.Model
    history_ : dict of lists
        ``loss``, and ``val_loss`` with validation, one number per epoch.

    Examples
    --------
    >>> X, y = create_sequences(np.sin(np.arange(200.0)), 10)
    >>> SequenceLSTM().fit(X, y).predict(X).shape  # doctest: +SKIP
    (190, 1)
    """

    def __init__(
        self,
        units=16,
        epochs=6,
        batch_size=128,
        learning_rate=0.01,
        validation=0.0,
        random_state=0,
    ):
        self.units = units
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation = validation
        self.random_state = random_state

    def fit(self, X, y) -> Self:
        """Train on windows of shape (n, rows[, features]) and targets (n[, horizon]).

        A second call starts from fresh weights and keeps the compiled graph.
        """
        X, y = _as_windows(X), np.asarray(y, np.float32)
        if y.ndim not in (1, 2) or len(y) != len(X) or not np.isfinite(y).all():
            raise ValueError(
                "y must hold finite numbers, a row for each window, "
                f"got shape {y.shape} for {len(X)} windows"
            )
        y = y.reshape(len(X), -1)
        check_number(self.validation, "validation", maximum=0.9)
        split = round(len(X) * (1 - self.validation))
        self._prepare(X.shape[1:], y.shape[1])
        history = self.model_.fit(
            _batches(X[:split], y[:split], self.batch_size, self.random_state),
            epochs=check_count(self.epochs, "epochs"),
            validation_data=(X[split:], y[split:]) if self.validation else None,
            shuffle=False,  # the batches come shuffled
            verbose=0,
        )
        self.history_ = history.history
        return self

    def _prepare(self, shape: tuple[int, int], horizon: int) -> None:
        """Compile a network of this shape, or give the compiled one fresh weights."""
        import keras

        fresh = build_lstm(shape, self.units, horizon, self.random_state)
        built: Any = getattr(self, "model_", None)
        same = built is not None and built.input_shape[1:] == shape
        if not same or built.output_shape[1] != horizon:
            fresh.compile(keras.optimizers.Adam(self.learning_rate), "mse")
            self.model_ = fresh
            return
        built.set_weights(fresh.get_weights())
        for variable in built.optimizer.variables:
            variable.assign(keras.ops.zeros_like(variable))
        built.optimizer.learning_rate.assign(self.learning_rate)

    def predict(self, X) -> np.ndarray:
        """Return what follows each window, shape (n, horizon)."""
        check_is_fitted(self)
        return np.asarray(self.model_(_as_windows(X), training=False), dtype=float)


def _as_windows(X: Any) -> np.ndarray:
    """Return windows as float32 of shape (n, rows, features)."""
    X = np.asarray(X, np.float32)
    if X.ndim == 2:
        X = X[..., None]
    if X.ndim != 3:
        raise ValueError(
            f"X must have shape (n, rows) or (n, rows, features), got {X.shape}"
        )
    if not len(X) or not np.isfinite(X).all():
        bad = int((~np.isfinite(X)).sum())
        raise ValueError(
            f"X must hold windows of finite numbers, got {len(X)} windows, "
            f"{bad} numbers not finite"
        )
    return X


def _batches(X, y, batch_size: int, seed: int) -> Any:
    """Return shuffled batches that come in the same order in every run."""
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((X, y))
    data = data.shuffle(len(X), seed=seed, reshuffle_each_iteration=True)
    return data.batch(check_count(batch_size, "batch_size"))


class LSTMForecaster(Forecaster):
    """Forecast the next value by an LSTM on the last ones.

    Parameters
    ----------
    seq_length : int, default=20
        Values that each forecast sees.
    units, epochs, random_state : int, default=16, 3, 0
        As in `SequenceLSTM`.

    Examples
    --------
    >>> LSTMForecaster(seq_length=5).seq_length
    5
    """

    def __init__(self, seq_length=20, units=16, epochs=3, random_state=0):
        self.seq_length = seq_length
        self.units = units
        self.epochs = epochs
        self.random_state = random_state

    def _fit(self, series: np.ndarray) -> None:
        self.mean_, self.scale_ = float(series.mean()), float(series.std()) or 1.0
        X, y = create_sequences((series - self.mean_) / self.scale_, self.seq_length)
        if not hasattr(self, "network_"):
            self.network_ = SequenceLSTM()
        names = ("units", "epochs", "random_state")
        self.network_.set_params(**{name: getattr(self, name) for name in names})
        self.network_.fit(X, y)

    def _one_step(self, series: np.ndarray, start: int) -> np.ndarray:
        check_count(start, "start", self.seq_length)
        past = (series[start - self.seq_length :] - self.mean_) / self.scale_
        X, _ = create_sequences(past, self.seq_length)
        return self.network_.predict(X)[:, 0] * self.scale_ + self.mean_
