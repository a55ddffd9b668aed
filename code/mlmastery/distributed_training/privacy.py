r"""Clip, add noise, and count what that promises.

Each contribution (one sample's gradient, or one client's update) is scaled down to
norm C, the contributions are added up, and Gaussian noise of standard deviation
:math:`\sigma = z C` is added to the sum:

.. math::
    \tilde g = \frac{1}{m} \Big( \sum_i g_i \min\big(1, C / \lVert g_i \rVert\big)
               + \mathcal{N}(0, z^2 C^2 I) \Big) ,

with m the *expected* number of contributions: the number that came is itself private.
What one contribution can change in all that is published is then bounded, and the
accountant turns z, the sampling rate and the number of steps into the pair
:math:`(\varepsilon, \delta)`.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import brentq
from scipy.special import logsumexp

from mlmastery.distributed_training.model import ModelWrapper
from mlmastery.validation import check_count, check_number

__all__ = [
    "ORDERS",
    "PrivacyAccountant",
    "clip",
    "dp_sgd",
    "noise_for",
    "noisy_mean",
    "private_mean",
    "renyi_divergence",
    "sample_poisson",
    "secret_generator",
    "within_ball",
]

ORDERS = np.concatenate([np.arange(11, 110) / 10, np.arange(12.0, 64)])
FAINT = 0.1  # noise multipliers below it are bounded without counting the sampling


# --- the mechanism -------------------------------------------------------------------


def clip(contributions: np.ndarray, max_norm: float) -> np.ndarray:
    """Scale every row that is longer than ``max_norm`` down to that length.

    Parameters
    ----------
    contributions : ndarray of shape (n, n_parameters)
    max_norm : float
        Above 0.

    Examples
    --------
    >>> clip(np.array([[3.0, 4.0], [0.3, 0.4]]), 1.0)
    array([[0.6, 0.8],
           [0.3, 0.4]])
    """
    if not 0 < max_norm < np.inf:
        raise ValueError(f"max_norm must be above 0 and finite, got {max_norm!r}")
    norms = np.linalg.norm(contributions.astype(np.float64), axis=1, keepdims=True)
    if not np.isfinite(norms).all():
        raise ValueError("contributions must be finite: no scale makes others safe")
    scale = np.minimum(1.0, max_norm / np.maximum(norms, np.finfo(float).tiny))
    return (contributions * scale).astype(contributions.dtype)


def private_mean(
    contributions: np.ndarray,
    *,
    max_norm: float,
    noise_multiplier: float,
    expected: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Average clipped contributions under noise: one step of DP-SGD or DP-FedAvg.

    Parameters
    ----------
    contributions : ndarray of shape (n, n_parameters)
        Gradients of samples, or updates of clients; n may be 0.
    max_norm : float
        C, the most that one row may contribute.
    noise_multiplier : float
        z, the noise's standard deviation in units of C; at least 0.
    expected : float
        The mean number of rows under the sampling, not the number that came.
    rng : Generator

    Returns
    -------
    ndarray of shape (n_parameters,)

    References
    ----------
    .. [1] Abadi et al. (2016), "Deep Learning with Differential Privacy", CCS.
    .. [2] McMahan, Ramage, Talwar and Zhang (2018), "Learning Differentially Private
       Recurrent Language Models", ICLR.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> rows = np.array([[3.0, 4.0], [0.0, 0.0]])
    >>> private_mean(rows, max_norm=1, noise_multiplier=0, expected=2, rng=rng)
    array([0.3, 0.4])
    """
    total = clip(contributions, max_norm).sum(axis=0, dtype=np.float64)
    mean = noisy_mean(
        total,
        max_norm=max_norm,
        noise_multiplier=noise_multiplier,
        expected=expected,
        rng=rng,
    )
    return mean.astype(contributions.dtype)


def noisy_mean(
    total: np.ndarray,
    *,
    max_norm: float,
    noise_multiplier: float,
    expected: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Add the noise to a sum of clipped contributions, for instance a secure one.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> total = np.array([2.0, 4.0])
    >>> noisy_mean(total, max_norm=1, noise_multiplier=0, expected=4, rng=rng)
    array([0.5, 1. ])
    """
    if not (noise_multiplier >= 0 and expected > 0):
        raise ValueError(
            "noise_multiplier must be at least 0 and expected above 0, "
            f"got {noise_multiplier!r} and {expected!r}"
        )
    noise = rng.normal(0, noise_multiplier * max_norm, total.shape)
    return (total + noise) / expected


def within_ball(vector: np.ndarray, radius: float) -> np.ndarray:
    """Return the nearest vector of at most this length.

    >>> within_ball(np.array([3.0, 4.0]), 1.0)
    array([0.6, 0.8])
    """
    return vector * min(1.0, radius / max(np.linalg.norm(vector), np.finfo(float).tiny))


def secret_generator() -> np.random.Generator:
    """Return a generator that nobody can foresee, seeded by the operating system.

    Noise that follows from a seed which others know can be subtracted again.

    >>> first, second = secret_generator(), secret_generator()
    >>> bool(first.normal() == second.normal())
    False
    """
    return np.random.default_rng(secrets.randbits(256))


def sample_poisson(n: int, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Choose each of n independently: the sampling that the accountant assumes."""
    return np.flatnonzero(rng.random(n) < rate)


# --- the accountant ------------------------------------------------------------------


def renyi_divergence(
    noise_multiplier: float, sample_rate: float, orders: np.ndarray = ORDERS
) -> np.ndarray:
    r"""Return how well one step can be told from one without a given contribution.

    With noise of standard deviation z around 0 (absent) or, with probability q, around
    1 (present), the Rényi divergence of order :math:`\alpha` is

    .. math::
        \frac{1}{\alpha - 1} \log \int p_0(x) \left(1 - q + q\,
        e^{(2x - 1) / 2 z^2}\right)^{\alpha} dx .

    The integrand is smooth and dies out at both ends, where the trapezoidal rule errs
    by an exponentially small amount.

    Parameters
    ----------
    noise_multiplier : float
        z, above 0.
    sample_rate : float
        q, from 0 to 1.
    orders : ndarray
        Of :math:`\alpha`, above 1.

    Returns
    -------
    ndarray of shape (n_orders,)

    References
    ----------
    .. [1] Mironov, Talwar and Zhang (2019), "Rényi Differential Privacy of the Sampled
       Gaussian Mechanism", arXiv:1908.10530.

    Examples
    --------
    Without sampling it is alpha / (2 z^2):

    >>> renyi_divergence(2.0, 1.0, np.array([2.0, 8.0])).round(6)
    array([0.25, 1.  ])
    """
    _check_mechanism(noise_multiplier, sample_rate)
    if sample_rate == 0:
        return np.zeros(len(orders))
    if noise_multiplier < FAINT:  # the integral would need a very fine grid
        return np.asarray(orders) / (2 * noise_multiplier**2)
    z, alpha = noise_multiplier, np.asarray(orders)[:, None]
    step = z / 8
    x = np.arange(-12 * z, alpha.max() + 12 * z, step)
    with np.errstate(divide="ignore"):
        absent, present = np.log1p(-sample_rate), np.log(sample_rate)
    log_ratio = np.logaddexp(absent, present + (2 * x - 1) / (2 * z**2))
    log_p0 = -0.5 * (x / z) ** 2 - math.log(z * math.sqrt(2 * math.pi))
    log_moment = logsumexp(log_p0 + alpha * log_ratio, axis=1) + math.log(step)
    return np.maximum(log_moment, 0.0) / (alpha[:, 0] - 1)


def _check_mechanism(noise_multiplier: float, sample_rate: float) -> None:
    if not 0 < noise_multiplier < np.inf:
        raise ValueError(
            f"noise_multiplier must be above 0 and finite, got {noise_multiplier!r}"
        )
    if not 0 <= sample_rate <= 1:
        raise ValueError(f"sample_rate must lie between 0 and 1, got {sample_rate!r}")


@dataclass
class PrivacyAccountant:
    """Add up what each step gives away, and say it as epsilon.

    Rényi divergences of successive steps add; epsilon at a given delta is the best of
    the bounds that the orders give.

    Attributes
    ----------
    divergence : ndarray of shape (n_orders,)
        Spent so far.

    References
    ----------
    .. [1] Mironov (2017), "Rényi Differential Privacy", CSF.
    .. [2] Balle, Barthe, Gaboardi, Hsu and Sato (2020), "Hypothesis Testing
       Interpretations and Rényi Differential Privacy", AISTATS, theorem 21.

    Examples
    --------
    >>> accountant = PrivacyAccountant()
    >>> accountant.step(noise_multiplier=1.1, sample_rate=0.01, n_steps=1000)
    >>> round(accountant.epsilon(delta=1e-5), 2)
    1.71
    """

    orders: np.ndarray = field(default_factory=lambda: ORDERS)
    divergence: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.divergence = np.zeros(len(self.orders))

    def step(
        self, *, noise_multiplier: float, sample_rate: float, n_steps: int = 1
    ) -> None:
        """Account for steps of `private_mean` on a Poisson sample.

        A step without noise promises nothing: epsilon is infinite from there on.
        """
        if n_steps < 0:
            raise ValueError(f"n_steps must be at least 0, got {n_steps}")
        if n_steps == 0:
            return
        if noise_multiplier == 0:
            _check_mechanism(1.0, sample_rate)
            self.divergence = np.full(len(self.orders), np.inf)
            return
        one = renyi_divergence(noise_multiplier, sample_rate, self.orders)
        self.divergence = self.divergence + n_steps * one

    def epsilon(self, delta: float) -> float:
        """Return the smallest epsilon that goes with this delta, at least 0."""
        if not 0 < delta < 1:
            raise ValueError(f"delta must lie between 0 and 1, got {delta!r}")
        if not self.divergence.any():
            return 0.0
        a = self.orders
        slack = np.log1p(-1 / a) - (math.log(delta) + np.log(a)) / (a - 1)
        return float(max(0.0, (self.divergence + slack).min()))


def noise_for(
    epsilon: float, delta: float, *, sample_rate: float, n_steps: int
) -> float:
    """Return the smallest noise multiplier, from 0.2, that keeps to a budget.

    Raises
    ------
    ValueError
        If no multiplier up to 1000 does.

    Examples
    --------
    >>> z = noise_for(3.0, 1e-5, sample_rate=0.01, n_steps=1000)
    >>> accountant = PrivacyAccountant()
    >>> accountant.step(noise_multiplier=z, sample_rate=0.01, n_steps=1000)
    >>> round(accountant.epsilon(1e-5), 4)
    3.0
    """

    def excess(log_z: float) -> float:
        accountant = PrivacyAccountant()
        accountant.step(
            noise_multiplier=math.exp(log_z), sample_rate=sample_rate, n_steps=n_steps
        )
        return accountant.epsilon(delta) - epsilon

    low, high = math.log(0.2), math.log(1000.0)
    if not (epsilon > 0 and excess(high) < 0):
        raise ValueError(
            f"no noise multiplier up to 1000 gives epsilon={epsilon!r} at delta={delta}"
        )
    if excess(low) <= 0:
        return math.exp(low)
    return math.exp(brentq(excess, low, high, xtol=1e-6))


# --- DP-SGD --------------------------------------------------------------------------


def dp_sgd(
    model: ModelWrapper,
    X: np.ndarray,
    y: np.ndarray,
    *,
    n_steps: int,
    batch_size: float,
    learning_rate: float,
    max_norm: float,
    noise_multiplier: float,
    rng: np.random.Generator | None = None,
) -> PrivacyAccountant:
    """Train so that no single row can be told from the result.

    Parameters
    ----------
    model : ModelWrapper
        Changed in place.
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
    batch_size : float
        Expected size of a batch; each row joins with probability batch_size / n_samples.
    noise_multiplier : float
        At least 0; at 0 gradients are only clipped, and epsilon is infinite.
    rng : Generator, optional
        Draws batches and noise. Left to itself, `secret_generator`: a seed that
        others know would make the promise void.

    Returns
    -------
    PrivacyAccountant
        That has counted every step.

    Raises
    ------
    ValueError
        Before anything is trained, if an argument is out of its range.

    Examples
    --------
    >>> X, y = np.array([[-1.0], [1.0]] * 50), np.array([0, 1] * 50)
    >>> model, rng = ModelWrapper(layers=(1, 2)), np.random.default_rng(0)
    >>> spent = dp_sgd(model, X, y, n_steps=20, batch_size=20, learning_rate=0.5,
    ...                max_norm=1.0, noise_multiplier=1.0, rng=rng)
    >>> model.score(X, y), round(spent.epsilon(1e-3), 1)
    (1.0, 5.2)
    """
    rate, accountant = batch_size / len(X), PrivacyAccountant()
    check_number(max_norm, "max_norm", open=True)
    check_number(noise_multiplier, "noise_multiplier")
    check_number(batch_size, "batch_size", maximum=len(X), open=True)
    check_number(learning_rate, "learning_rate")
    check_count(n_steps, "n_steps", minimum=0)
    rng = secret_generator() if rng is None else rng
    for _ in range(n_steps):
        rows = sample_poisson(len(X), rate, rng)
        parameters = model.get_parameters()
        gradients = np.zeros((0, parameters.size), parameters.dtype)
        if len(rows):
            gradients = model.per_sample_gradients(X[rows], y[rows])
        step = private_mean(
            gradients,
            max_norm=max_norm,
            noise_multiplier=noise_multiplier,
            expected=batch_size,
            rng=rng,
        )
        model.set_parameters(parameters - learning_rate * step)
    accountant.step(
        noise_multiplier=noise_multiplier, sample_rate=rate, n_steps=n_steps
    )
    return accountant
