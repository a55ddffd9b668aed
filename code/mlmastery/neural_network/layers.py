"""Layers: the formulas as functions, and small objects that hold their parameters.

Every layer has ``forward``, which remembers what the way back will need, and
``backward``, which takes the gradient with respect to its output, stores the gradients
of its own parameters, and returns the gradient with respect to its input.
"""

from __future__ import annotations

import numpy as np

from mlmastery.neural_network.functions import ACTIVATIONS
from mlmastery.validation import check_choice, check_number


def dense_forward(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the weighted sums of each row: X (m, n), W (n, k), b (k,) give (m, k).

    Examples
    --------
    >>> dense_forward(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([5.0]))
    array([[16.]])
    """
    return X @ W + b


def dense_backward(
    dZ: np.ndarray, X: np.ndarray, W: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of X, W and b, given that of the output (Eq. 10.8).

    Examples
    --------
    >>> X, W = np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])
    >>> dX, dW, db = dense_backward(np.array([[1.0]]), X, W)
    >>> dX, dW.ravel(), db
    (array([[3., 4.]]), array([1., 2.]), array([1.]))
    """
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)


def dropout_mask(
    shape: tuple[int, ...], rate: float, rng: np.random.Generator
) -> np.ndarray:
    """Draw zeros with probability ``rate``, and 1 / (1 - rate) elsewhere.

    The scale keeps the expected sum of what survives, so nothing has to change when
    the network predicts.

    References
    ----------
    .. [1] Srivastava et al. (2014), "Dropout: A Simple Way to Prevent Neural Networks
       from Overfitting", JMLR 15.

    Examples
    --------
    >>> dropout_mask((6,), 0.5, np.random.default_rng(0))
    array([2., 0., 0., 0., 2., 2.])
    """
    return (rng.random(shape) >= check_dropout(rate)) / (1 - rate)


def check_dropout(rate: float) -> float:
    """Return the share of activations to drop, at least 0 and below 1, or raise.

    Raises
    ------
    ValueError
        If it is out of range; at 1 nothing would survive to be scaled up.

    Examples
    --------
    >>> check_dropout(0.5)
    0.5
    """
    if check_number(rate, "dropout") >= 1:
        raise ValueError(f"dropout must be below 1, got {rate}")
    return rate


def batch_norm_forward(
    Z: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Standardise each column over the batch, then scale and shift it (Eq. 10.17).

    Returns
    -------
    Y : ndarray of shape (m, k)
    Z_hat : ndarray of shape (m, k)
        The standardised columns.
    spread : ndarray of shape (k,)
        The standard deviations they were divided by, with ``eps`` in them.

    References
    ----------
    .. [1] Ioffe and Szegedy (2015), "Batch Normalization: Accelerating Deep Network
       Training by Reducing Internal Covariate Shift", ICML.

    Examples
    --------
    >>> Z = np.array([[1.0], [3.0]])
    >>> batch_norm_forward(Z, np.ones(1), np.zeros(1), eps=0.0)[0].ravel()
    array([-1.,  1.])
    """
    spread = np.sqrt(Z.var(axis=0) + eps)
    Z_hat = (Z - Z.mean(axis=0)) / spread
    return gamma * Z_hat + beta, Z_hat, spread


def batch_norm_backward(
    dY: np.ndarray, Z_hat: np.ndarray, spread: np.ndarray, gamma: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of Z, gamma and beta, given that of the output.

    Mean and spread depend on every row, hence the two means that are subtracted: a
    shift of a whole column, or a stretch of it, cannot change the output.

    Examples
    --------
    >>> Z = np.array([[1.0], [3.0], [8.0]])
    >>> _, Z_hat, spread = batch_norm_forward(Z, np.ones(1), np.zeros(1))
    >>> dZ, _, _ = batch_norm_backward(np.ones((3, 1)), Z_hat, spread, np.ones(1))
    >>> bool(np.allclose(dZ, 0))
    True
    """
    dgamma, dbeta = (dY * Z_hat).sum(axis=0), dY.sum(axis=0)
    m = len(dY)
    dZ = gamma / spread * (dY - dbeta / m - Z_hat * dgamma / m)
    return dZ, dgamma, dbeta


class Layer:
    """The interface of all layers; on its own it passes everything through unchanged.

    Attributes
    ----------
    penalised : tuple of str
        Names of the parameters that an L2 penalty shrinks.

    Examples
    --------
    >>> Layer().forward(np.ones((1, 2)), training=True)
    array([[1., 1.]])
    """

    penalised: tuple[str, ...] = ()

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the names and shapes of the layer's parameters."""
        return {}

    def reset_parameters(self) -> None:
        """Set parameters and buffers to what they are before training: here, zeros."""
        for name in self.shapes():
            getattr(self, name)[:] = 0

    def buffers(self) -> list[np.ndarray]:
        """Return the arrays that training changes beside the parameters."""
        return []

    def forward(self, X: np.ndarray, training: bool) -> np.ndarray:
        """Return the output for the rows of ``X``."""
        return X

    def backward(self, dY: np.ndarray) -> np.ndarray:
        """Store the parameters' gradients, return that of the last input."""
        return dY

    def backward_parameters(self, dY: np.ndarray) -> None:
        """Store the parameters' gradients only, where the input's is of no use."""
        self.backward(dY)


class Dense(Layer):
    """Weighted sums plus biases, with parameters ``W`` (n_in, n_out) and ``b``.

    Examples
    --------
    >>> Dense(3, 2).shapes()
    {'W': (3, 2), 'b': (2,)}
    """

    penalised = ("W",)
    W: np.ndarray
    b: np.ndarray
    dW: np.ndarray
    db: np.ndarray

    def __init__(self, n_in: int, n_out: int) -> None:
        self.n_in, self.n_out = n_in, n_out

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the names and shapes of the layer's parameters."""
        return {"W": (self.n_in, self.n_out), "b": (self.n_out,)}

    def forward(self, X: np.ndarray, training: bool) -> np.ndarray:
        """Return the sums, shape (m, n_out)."""
        if X.ndim != 2 or X.shape[1] != self.n_in:
            raise ValueError(
                f"X must have shape (n_samples, {self.n_in}), got {X.shape}"
            )
        self.X = X
        return dense_forward(X, self.W, self.b)

    def backward(self, dZ: np.ndarray) -> np.ndarray:
        """Store dW and db, return dX."""
        self.backward_parameters(dZ)
        return dZ @ self.W.T

    def backward_parameters(self, dZ: np.ndarray) -> None:
        """Store dW and db only: nobody asks for the gradient of the data."""
        np.matmul(self.X.T, dZ, out=self.dW)
        dZ.sum(axis=0, out=self.db)


class Activation(Layer):
    """A nonlinear function, applied to each number.

    Raises
    ------
    ValueError
        If ``name`` is not one of `ACTIVATIONS`.

    Examples
    --------
    >>> Activation("relu").forward(np.array([[-1.0, 2.0]]), training=True)
    array([[0., 2.]])
    """

    def __init__(self, name: str) -> None:
        self.name = check_choice(name, "activation", ACTIVATIONS)

    def forward(self, Z: np.ndarray, training: bool) -> np.ndarray:
        """Return the activations, of the shape of ``Z``."""
        self.A = ACTIVATIONS[self.name][0](Z)
        return self.A

    def backward(self, dA: np.ndarray) -> np.ndarray:
        """Return dZ: dA times the slope (Eq. 10.9)."""
        # The slope as a function of the output A, so that Z need not be kept.
        return dA * ACTIVATIONS[self.name][1](self.A)


class Dropout(Layer):
    """Set inputs to zero at random while training, none when predicting.

    Examples
    --------
    >>> layer = Dropout(0.5, np.random.default_rng(0))
    >>> layer.forward(np.ones((1, 6)), training=True)
    array([[2., 0., 0., 0., 2., 2.]])
    >>> layer.forward(np.ones((1, 2)), training=False)
    array([[1., 1.]])
    """

    def __init__(self, rate: float, rng: np.random.Generator) -> None:
        self.rate, self.rng = check_dropout(rate), rng

    def forward(self, X: np.ndarray, training: bool) -> np.ndarray:
        """Multiply by a new mask while training."""
        self.mask = None
        if training:
            self.mask = dropout_mask(X.shape, self.rate, self.rng).astype(X.dtype)
        return X if self.mask is None else X * self.mask

    def backward(self, dY: np.ndarray) -> np.ndarray:
        """Return the gradient with zeros where the input was dropped."""
        return dY if self.mask is None else dY * self.mask


class BatchNorm(Layer):
    """Standardise columns by the batch in training, by running moments afterwards.

    The running mean and variance follow PyTorch's rule: a tenth of the batch's each
    step, and the unbiased variance.

    Examples
    --------
    >>> BatchNorm(3).shapes()
    {'gamma': (3,), 'beta': (3,)}
    """

    gamma: np.ndarray
    beta: np.ndarray
    dgamma: np.ndarray
    dbeta: np.ndarray

    def __init__(self, n: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        self.n, self.momentum, self.eps = n, momentum, eps
        self.running_mean, self.running_var = np.zeros(n), np.ones(n)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the names and shapes of the layer's parameters."""
        return {"gamma": (self.n,), "beta": (self.n,)}

    def reset_parameters(self) -> None:
        """Set scale to 1 and shift to 0, and forget the running moments."""
        super().reset_parameters()
        self.gamma[:] = 1
        self.running_mean[:], self.running_var[:] = 0, 1

    def buffers(self) -> list[np.ndarray]:
        """Return the running mean and variance, which the gradient does not move."""
        return [self.running_mean, self.running_var]

    def forward(self, Z: np.ndarray, training: bool) -> np.ndarray:
        """Standardise, scale and shift each column."""
        self.training = training
        if not training:
            self.spread = np.sqrt(self.running_var + self.eps).astype(Z.dtype)
            self.Z_hat = ((Z - self.running_mean) / self.spread).astype(Z.dtype)
            return self.gamma * self.Z_hat + self.beta
        if len(Z) < 2:  # one row is its own mean: everything would become 0
            raise ValueError(
                f"Z must have at least 2 rows in a training batch, got {len(Z)}"
            )
        self._update_running_moments(Z)
        Y, self.Z_hat, self.spread = batch_norm_forward(
            Z, self.gamma, self.beta, self.eps
        )
        return Y

    def backward(self, dY: np.ndarray) -> np.ndarray:
        """Store dgamma and dbeta, return dZ, by the moments of the last forward."""
        dZ, self.dgamma[:], self.dbeta[:] = batch_norm_backward(
            dY, self.Z_hat, self.spread, self.gamma
        )
        # The running moments do not depend on the rows: nothing to subtract.
        return dZ if self.training else dY * self.gamma / self.spread

    def _update_running_moments(self, Z: np.ndarray) -> None:
        mean, var = Z.mean(axis=0), Z.var(axis=0, ddof=1)
        self.running_mean += self.momentum * (mean - self.running_mean)
        self.running_var += self.momentum * (var - self.running_var)
