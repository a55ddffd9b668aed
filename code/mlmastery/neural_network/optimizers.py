"""Optimisers: how a gradient becomes a step. Each updates a vector in place.

All parameters of a network stand in one vector, so an optimiser is its formula and
nothing else. The conventions are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from mlmastery.validation import check_number


class SGD:
    """Plain gradient descent: a step against the gradient.

    Parameters
    ----------
    learning_rate : float

    References
    ----------
    .. [1] Robbins and Monro (1951), "A Stochastic Approximation Method", Annals of
       Mathematical Statistics 22(3).

    Examples
    --------
    >>> theta = np.array([1.0])
    >>> SGD(0.1).step(theta, np.array([2.0]))
    >>> theta
    array([0.8])
    """

    def __init__(self, learning_rate: float = 0.1) -> None:
        self.learning_rate = _check_rate(learning_rate)

    def step(self, theta: np.ndarray, grad: np.ndarray) -> None:
        """Update ``theta`` in place."""
        theta -= self.learning_rate * grad


class Momentum:
    """Gradient descent with momentum: a velocity, to which each gradient adds.

    References
    ----------
    .. [1] Polyak (1964), "Some methods of speeding up the convergence of iteration
       methods", USSR Computational Mathematics and Mathematical Physics 4(5).

    Examples
    --------
    >>> theta, optimizer = np.array([1.0]), Momentum(0.1)
    >>> for _ in range(2):
    ...     optimizer.step(theta, np.array([2.0]))
    >>> theta.round(2)
    array([0.42])
    """

    def __init__(self, learning_rate: float = 0.1, beta: float = 0.9) -> None:
        self.learning_rate = _check_rate(learning_rate)
        self.beta = _check_decay(beta, "beta")
        self.v: np.ndarray | float = 0.0

    def step(self, theta: np.ndarray, grad: np.ndarray) -> None:
        """Update ``theta`` in place."""
        self.v = self.beta * self.v + grad
        theta -= self.learning_rate * self.v


class RMSProp:
    """Gradient descent, each gradient over a running root mean square of itself.

    References
    ----------
    .. [1] Tieleman and Hinton (2012), "Lecture 6.5: rmsprop", Neural Networks for
       Machine Learning.

    Examples
    --------
    >>> theta = np.array([1.0, 1.0])
    >>> RMSProp(0.01).step(theta, np.array([2.0, 200.0]))
    >>> theta.round(3)
    array([0.9, 0.9])
    """

    def __init__(
        self, learning_rate: float = 0.001, beta: float = 0.99, eps: float = 1e-8
    ) -> None:
        self.learning_rate = _check_rate(learning_rate)
        self.beta, self.eps = _check_decay(beta, "beta"), check_number(eps, "eps")
        self.s: np.ndarray | float = 0.0

    def step(self, theta: np.ndarray, grad: np.ndarray) -> None:
        """Update ``theta`` in place."""
        self.s = self.beta * self.s + (1 - self.beta) * grad**2
        theta -= self.learning_rate * grad / (np.sqrt(self.s) + self.eps)


class Adam:
    """Momentum and RMSProp together, both corrected for their start at zero.

    References
    ----------
    .. [1] Kingma and Ba (2015), "Adam: A Method for Stochastic Optimization", ICLR.

    Examples
    --------
    >>> theta = np.array([1.0, 1.0])
    >>> Adam(0.01).step(theta, np.array([2.0, 200.0]))
    >>> theta.round(3)
    array([0.99, 0.99])
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> None:
        self.learning_rate = _check_rate(learning_rate)
        self.eps = check_number(eps, "eps")
        self.beta1 = _check_decay(beta1, "beta1")
        self.beta2 = _check_decay(beta2, "beta2")
        self.m: np.ndarray | float = 0.0
        self.s: np.ndarray | float = 0.0
        self.t = 0

    def step(self, theta: np.ndarray, grad: np.ndarray) -> None:
        """Update ``theta`` in place."""
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * grad
        self.s = self.beta2 * self.s + (1 - self.beta2) * grad**2
        # Both averages start at zero: after t steps they hold only a share
        # 1 - beta**t of the gradients' weight, and are divided by it (Eq. 10.15).
        m_hat = self.m / (1 - self.beta1**self.t)
        s_hat = self.s / (1 - self.beta2**self.t)
        theta -= self.learning_rate * m_hat / (np.sqrt(s_hat) + self.eps)


def _check_rate(learning_rate: float) -> float:
    return check_number(learning_rate, "learning_rate", open=True)


def _check_decay(beta: float, name: str) -> float:
    """Return a decay rate from 0 to below 1: at 1 a moving average never moves."""
    if check_number(beta, name) >= 1:
        raise ValueError(f"{name} must be below 1, got {beta}")
    return beta


Optimizer = SGD | Momentum | RMSProp | Adam
OPTIMIZERS: Mapping[str, type] = MappingProxyType(
    {"sgd": SGD, "momentum": Momentum, "rmsprop": RMSProp, "adam": Adam}
)
