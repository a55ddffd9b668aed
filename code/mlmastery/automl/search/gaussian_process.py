"""Bayesian optimisation by hand: a Gaussian process and expected improvement.

>>> model = GaussianProcess(length_scale=0.5).fit([[0.0], [1.0]], [1.0, -1.0])
>>> mean, sd = model.predict([[0.0], [0.5]])
>>> bool(abs(mean[0] - 1) < 1e-4), bool(sd[1] > sd[0])
(True, True)
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
from scipy.linalg import cho_solve, solve_triangular
from scipy.spatial.distance import cdist
from scipy.stats import norm

from mlmastery.automl.space import Space
from mlmastery.validation import check_count, check_number

from .base import Searcher

__all__ = [
    "GaussianProcess",
    "GaussianProcessSearch",
    "cholesky_with_jitter",
    "expected_improvement",
    "matern",
    "most_likely_process",
]

LENGTH_SCALES = (0.15, 0.3, 0.6, 1.2)
NOISES = (1e-4, 1e-2, 1e-1)


def matern(A: Any, B: Any, length_scale: float) -> np.ndarray:
    """Return the Matérn 5/2 covariance of each row of A with each row of B.

    Parameters
    ----------
    A, B : array of shape (n, d) and (m, d)
    length_scale : float
        Distance over which values stay alike, in the unit of the inputs.

    Returns
    -------
    ndarray of shape (n, m)
        1 where rows are equal.

    Examples
    --------
    >>> matern([[0.0]], [[0.0], [1.0]], 1.0).round(3)
    array([[1.   , 0.524]])
    """
    check_number(length_scale, "length_scale", open=True)
    r = math.sqrt(5) * cdist(np.atleast_2d(A), np.atleast_2d(B)) / length_scale
    return (1 + r + r**2 / 3) * np.exp(-r)


def cholesky_with_jitter(K: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the lower Cholesky factor, and the jitter that the diagonal needed.

    Two equal rows make a covariance matrix singular. The jitter, tried from nothing
    upwards, repairs it.

    Parameters
    ----------
    K : ndarray of shape (n, n)

    Raises
    ------
    ValueError
        If K is not a covariance matrix even with a jitter of 1e-2.

    Examples
    --------
    >>> L, jitter = cholesky_with_jitter(np.ones((2, 2)))
    >>> 0 < jitter < 1e-8
    True
    """
    for jitter in (0.0, *(10.0**k for k in range(-10, -1))):
        try:
            L = np.linalg.cholesky(K + jitter * np.eye(len(K)))
        except np.linalg.LinAlgError:
            continue
        # A pivot lost in rounding error is as bad as a negative one.
        if np.diag(L).min() ** 2 > 1e-13:
            return L, jitter
    raise ValueError("K must be positive semidefinite; a jitter of 1e-2 did not help")


class GaussianProcess:
    """A Gaussian process with mean 0, variance 1 and a Matérn 5/2 covariance.

    Parameters
    ----------
    length_scale : float, default=0.5
    noise : float, default=1e-6
        Variance of the observations about the function.

    Attributes
    ----------
    log_marginal_likelihood_ : float
        Of the observations, in nats.
    jitter_ : float
        What the diagonal needed besides the noise.

    References
    ----------
    .. [1] Rasmussen and Williams (2006), "Gaussian Processes for Machine Learning",
       algorithm 2.1.
    """

    def __init__(self, length_scale: float = 0.5, noise: float = 1e-6) -> None:
        self.length_scale = check_number(length_scale, "length_scale", open=True)
        self.noise = check_number(noise, "noise")

    def fit(self, X: Any, y: Any) -> GaussianProcess:
        """Condition on observations.

        Parameters
        ----------
        X : array of shape (n, d)
        y : array of shape (n,)

        Raises
        ------
        ValueError
            If the shapes do not agree or a number is not finite.
        """
        self.X_, y = np.atleast_2d(np.asarray(X, float)), np.asarray(y, float)
        if y.shape != self.X_.shape[:1] or not np.isfinite(y).all() or not len(y):
            raise ValueError(
                f"y must hold one finite number for each row of X, got {y.shape} for "
                f"{self.X_.shape}"
            )
        if not np.isfinite(self.X_).all():
            raise ValueError("X must hold finite numbers only")
        K = matern(self.X_, self.X_, self.length_scale) + self.noise * np.eye(len(y))
        self.factor_, self.jitter_ = cholesky_with_jitter(K)
        self.weights_ = cho_solve((self.factor_, True), y)
        self.log_marginal_likelihood_ = float(
            -0.5 * y @ self.weights_
            - np.log(np.diag(self.factor_)).sum()
            - 0.5 * len(y) * math.log(2 * math.pi)
        )
        return self

    def predict(self, X: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard deviation of the function at new points.

        Parameters
        ----------
        X : array of shape (m, d)

        Returns
        -------
        mean, sd : ndarray of shape (m,)

        Raises
        ------
        ValueError
            If there was no fit, or the columns are not those of the fit.
        """
        if not hasattr(self, "X_"):
            raise ValueError("fit the process before it predicts")
        X = np.atleast_2d(np.asarray(X, float))
        if X.shape[1] != self.X_.shape[1]:
            raise ValueError(
                f"X must have {self.X_.shape[1]} columns, as in fit, got {X.shape[1]}"
            )
        k = matern(self.X_, X, self.length_scale)
        v = solve_triangular(self.factor_, k, lower=True)
        variance = np.maximum(1 - (v**2).sum(axis=0), 0)
        return k.T @ self.weights_, np.sqrt(variance)


def most_likely_process(X: Any, y: Any) -> GaussianProcess:
    """Fit the process with the largest marginal likelihood on a grid.

    Parameters
    ----------
    X : array of shape (n, d)
    y : array of shape (n,)
        With mean 0 and variance about 1.

    Returns
    -------
    GaussianProcess
    """
    spread = math.sqrt(np.atleast_2d(X).shape[1])
    grid = itertools.product(LENGTH_SCALES, NOISES)
    fits = [GaussianProcess(spread * scale, noise).fit(X, y) for scale, noise in grid]
    return max(fits, key=lambda model: model.log_marginal_likelihood_)


def expected_improvement(mean: Any, sd: Any, best: float) -> np.ndarray:
    """Return by how much a loss is expected to fall below the best, counting gains only.

    Parameters
    ----------
    mean, sd : array of shape (n,)
        Of the loss that is predicted.
    best : float
        Smallest loss so far.

    Returns
    -------
    ndarray of shape (n,)
        At least 0.

    Raises
    ------
    ValueError
        If a standard deviation is negative or NaN.

    References
    ----------
    .. [1] Jones, Schonlau and Welch (1998), "Efficient Global Optimization of Expensive
       Black-Box Functions", Journal of Global Optimization 13.

    Examples
    --------
    >>> expected_improvement([0.0, 2.0], [1.0, 0.0], 0.0).round(4)
    array([0.3989, 0.    ])
    """
    mean, sd = np.asarray(mean, float), np.asarray(sd, float)
    if not (sd >= 0).all():
        raise ValueError("sd must hold numbers of at least 0")
    gain = best - mean
    safe = np.where(sd > 0, sd, 1.0)
    z = gain / safe
    expected = gain * norm.cdf(z) + sd * norm.pdf(z)
    return np.maximum(np.where(sd > 0, expected, gain), 0)


class GaussianProcessSearch(Searcher):
    """Propose the candidate with the largest expected improvement.

    Candidates are random points and small changes of the best configurations.

    Parameters
    ----------
    space : Space
    n_initial : int, default=8
        Random configurations before the first model.
    n_candidates : int, default=1000
    random_state : int, default=0

    Attributes
    ----------
    model_ : GaussianProcess
        The last one; on standardised losses.
    """

    def __init__(
        self,
        space: Space,
        *,
        n_initial: int = 8,
        n_candidates: int = 1000,
        random_state: int = 0,
    ) -> None:
        super().__init__(space, random_state=random_state)
        self.n_initial = check_count(n_initial, "n_initial", minimum=2)
        self.n_candidates = check_count(n_candidates, "n_candidates")

    def _propose(self) -> dict[str, Any]:
        if self.n_finite < self.n_initial:
            return self.unseen()
        candidates = self._candidates()
        gains = self._gains(self.space.encode_units(candidates))
        for at in np.argsort(-gains, kind="stable"):
            config = self.space.decode(candidates[at])
            if self.is_new(config):
                return config
        return self.unseen()

    def _gains(self, points: np.ndarray) -> np.ndarray:
        units, losses = self.history()
        X = self.space.encode_units(units)
        scale = losses.std() or 1.0
        y = (losses - losses.mean()) / scale
        self.model_ = most_likely_process(X, y)
        if self.pending:
            self._believe_pending(X, y)
        mean, sd = self.model_.predict(points)
        return expected_improvement(mean, sd, y.min())

    def _believe_pending(self, X: np.ndarray, y: np.ndarray) -> None:
        # What is being evaluated counts as if it had come out as predicted: the spread
        # there is gone, and the next proposal goes elsewhere.
        units = np.array([self.space.units(c) for c in self.pending.values()])
        waiting = self.space.encode_units(units)
        mean, _ = self.model_.predict(waiting)
        model = GaussianProcess(self.model_.length_scale, self.model_.noise)
        self.model_ = model.fit(np.vstack([X, waiting]), np.concatenate([y, mean]))

    def _candidates(self) -> np.ndarray:
        n_parameters = len(self.space.names)
        drawn = self.rng.random((self.n_candidates, n_parameters))
        units, losses = self.history()
        best = units[np.argsort(losses, kind="stable")[:5]]
        near = np.repeat(best, max(1, self.n_candidates // 20), axis=0)
        steps = self.rng.normal(0, 0.1, near.shape)
        changed = self.rng.random(near.shape) < 2 / n_parameters
        again = self.rng.random(near.shape)
        choice = np.array([p.size < 20 for p in self.space.parameters.values()])
        # A step of 0.1 cannot leave a wide bin: few values are drawn anew.
        moved = np.where(choice, again, np.clip(near + steps, 0, 1))
        return np.vstack([drawn, np.where(changed, moved, near)])
