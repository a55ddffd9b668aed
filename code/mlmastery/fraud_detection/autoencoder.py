"""An autoencoder in Keras: rows that it cannot copy through a bottleneck are odd.

>>> import numpy as np
>>> line = np.outer(np.linspace(-1, 1, 50), [1, 1])
>>> pca_errors(line, [[1, 1], [1, -1]], n_components=1).sum(axis=1).round(6).tolist()
[0.0, 2.0]
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from mlmastery.validation import check_count, check_number

from .matrix import as_matrix

__all__ = ["Autoencoder", "build_autoencoder", "pca_errors"]


def build_autoencoder(
    n_columns: int, hidden: int = 12, bottleneck: int = 4, random_state: int = 0
) -> Any:
    """Return a Keras network that maps a row to itself through few numbers.

    Parameters
    ----------
    n_columns : int
    hidden : int, default=12
        Units before and after the bottleneck; 0: a linear network without them.
    bottleneck : int, default=4
    random_state : int, default=0
        Seed of the initial weights.

    Examples
    --------
    >>> build_autoencoder(20).count_params()  # doctest: +SKIP
    624
    """
    import keras

    sizes = [hidden, bottleneck, hidden] if hidden else [bottleneck]
    layers: list[Any] = [keras.Input((n_columns,))]
    for i, size in enumerate([*sizes, n_columns]):
        last = i == len(sizes)
        layers.append(
            keras.layers.Dense(
                size,
                activation="tanh" if hidden and not last else None,
                kernel_initializer=keras.initializers.GlorotUniform(random_state + i),
            )
        )
    return keras.Sequential(layers)


class Autoencoder:
    """Score rows by the squared error of their copy; trained without labels.

    Columns are scaled by the mean and standard deviation of the training rows and
    cut off at ten deviations, so that one wild value does not steer the training.

    Parameters
    ----------
    hidden : int, default=12
        0 for a linear network.
    bottleneck : int, default=4
    epochs : int, default=30
        At most: training ends when the validation loss has not fallen for
        ``patience`` epochs, and the best weights are kept.
    patience : int, default=4
    batch_size : int, default=256
    learning_rate : float, default=0.005
    validation : float, default=0.2
        Share of the rows, the last ones, that is watched and not learned from.
    clip : float, default=10
        In standard deviations.
    random_state : int, default=0

    Attributes
    ----------
    history_ : dict of lists
        ``loss`` and ``val_loss``, one number an epoch.

    References
    ----------
    .. [1] Hawkins et al. (2002), "Outlier Detection Using Replicator Neural
       Networks", DaWaK.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(500, 3))
    >>> Autoencoder(bottleneck=2).fit(X).errors(X).shape  # doctest: +SKIP
    (500, 3)
    """

    def __init__(
        self,
        hidden: int = 12,
        bottleneck: int = 4,
        epochs: int = 30,
        patience: int = 4,
        batch_size: int = 256,
        learning_rate: float = 0.005,
        validation: float = 0.2,
        clip: float = 10.0,
        random_state: int = 0,
    ) -> None:
        self.hidden = check_count(hidden, "hidden", 0)
        self.bottleneck = check_count(bottleneck, "bottleneck")
        self.epochs = check_count(epochs, "epochs")
        self.patience = check_count(patience, "patience")
        self.batch_size = check_count(batch_size, "batch_size")
        self.learning_rate = check_number(learning_rate, "learning_rate", open=True)
        self.validation = check_number(validation, "validation", 0, 0.9, open=True)
        self.clip = check_number(clip, "clip", open=True)
        self.random_state = random_state
        self._network: Any = None

    def fit(self, X: Any) -> Self:
        """Train on rows in their order; a second call starts from fresh weights."""
        X = as_matrix(X)
        split = round(len(X) * (1 - self.validation))
        if not 1 < split < len(X):
            raise ValueError(f"X must have rows for both parts, got {len(X)}")
        self._mean, deviation = X[:split].mean(axis=0), X[:split].std(axis=0)
        self._deviation = np.where(deviation > 0, deviation, 1.0)
        Z = self._scale(X).astype(np.float32)
        self._prepare(X.shape[1])
        self._train(Z[:split], Z[split:])
        return self

    def errors(self, X: Any) -> np.ndarray:
        """Return the squared error of each column of each row, in squared deviations."""
        if self._network is None:
            raise ValueError("fit the autoencoder first")
        Z = self._scale(as_matrix(X, n_columns=len(self._mean)))
        return (Z - self._copy(Z)) ** 2

    def score(self, X: Any) -> np.ndarray:
        """Return the mean squared error of each row: high if it is odd."""
        return self.errors(X).mean(axis=1)

    def explain(self, row: Any, names: Any, n: int = 3) -> list[tuple[str, float]]:
        """Return the columns with the largest share of a row's error.

        Parameters
        ----------
        row : array of shape (n_columns,)
        names : sequence of str
        n : int, default=3
        """
        errors = self.errors(np.asarray(row, float)[None])[0]
        if len(names) != len(errors):
            raise ValueError(f"names must be {len(errors)}, got {len(names)}")
        order = np.argsort(-errors, kind="stable")[:n]
        return [(str(names[j]), float(errors[j] / errors.sum())) for j in order]

    def _scale(self, X: np.ndarray) -> np.ndarray:
        return np.clip((X - self._mean) / self._deviation, -self.clip, self.clip)

    def _copy(self, Z: np.ndarray) -> np.ndarray:
        """Return the network's copy, computed from its weights without a graph."""
        weights = self._network.get_weights()
        for i in range(0, len(weights), 2):
            Z = Z @ weights[i] + weights[i + 1]
            if self.hidden and i < len(weights) - 2:
                Z = np.tanh(Z)
        return Z

    def _prepare(self, n_columns: int) -> None:
        """Compile a network, or give the compiled one fresh weights."""
        import keras

        fresh = build_autoencoder(
            n_columns, self.hidden, self.bottleneck, self.random_state
        )
        if self._network is None or self._network.input_shape[1] != n_columns:
            fresh.compile(keras.optimizers.Adam(self.learning_rate), "mse")
            self._network = fresh
            return
        self._network.set_weights(fresh.get_weights())
        for variable in self._network.optimizer.variables:
            variable.assign(keras.ops.zeros_like(variable))
        self._network.optimizer.learning_rate.assign(self.learning_rate)

    def _train(self, train: np.ndarray, watched: np.ndarray) -> None:
        """Run epochs of shuffled batches; keep the weights of the best epoch."""
        rng = np.random.default_rng(self.random_state)
        best, weights, waited = np.inf, self._network.get_weights(), 0
        self.history_: dict[str, list[float]] = {"loss": [], "val_loss": []}
        for _ in range(self.epochs):
            self._epoch(train[rng.permutation(len(train))])
            loss = float(np.mean((watched - self._copy(watched)) ** 2))
            seen = float(np.mean((train - self._copy(train)) ** 2))
            self.history_["val_loss"].append(loss)
            self.history_["loss"].append(seen)
            waited += 1
            if loss < best:
                best, weights, waited = loss, self._network.get_weights(), 0
            if waited == self.patience:
                break
        self._network.set_weights(weights)

    def _epoch(self, rows: np.ndarray) -> None:
        size = min(self.batch_size, len(rows))
        # A shorter last batch would have another shape: its graph is never compiled.
        for stop in range(size, len(rows) + 1, size):
            batch = rows[stop - size : stop]
            self._network.train_on_batch(batch, batch)


def pca_errors(X: Any, other: Any, n_components: int) -> np.ndarray:
    """Return squared errors of rows after projection on principal components.

    Parameters
    ----------
    X : array of shape (n_rows, n_columns)
        Rows that give mean and components.
    other : array of shape (n_others, n_columns)
        Rows whose errors are wanted.
    n_components : int

    Returns
    -------
    ndarray of shape (n_others, n_columns)
    """
    X = as_matrix(X)
    other = as_matrix(other, "other", X.shape[1])
    check_count(n_components, "n_components", 1, X.shape[1])
    mean = X.mean(axis=0)
    _, _, axes = np.linalg.svd(X - mean, full_matrices=False)
    kept = axes[:n_components]
    centred = other - mean
    return (centred - centred @ kept.T @ kept) ** 2
