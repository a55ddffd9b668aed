"""GARCH and GJR-GARCH by hand: a variance that remembers yesterday's shock.

>>> import numpy as np
>>> returns = np.random.default_rng(0).normal(size=500)
>>> model = GARCH().fit(returns)
>>> bool(0.8 < model.forecast() < 1.2)
True
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
import pandas as pd
from scipy import optimize

from mlmastery.validation import as_sample, check_count, check_number

__all__ = ["GARCH", "GJR", "check_returns", "log_likelihood", "variance_path"]

MINIMUM = 100  # returns; with fewer the likelihood is nearly flat in alpha and beta


@numba.njit(cache=True)
def variance_path(
    residuals: np.ndarray,
    omega: float,
    alpha: float,
    gamma: float,
    beta: float,
    presample: float,
) -> np.ndarray:
    """Return the conditional variance of each day and of the day that follows.

    Parameters
    ----------
    residuals : ndarray of shape (n_days,)
        Returns less their mean, in per cent say.
    omega, alpha, gamma, beta : float
        Constant, weight of a squared shock, what a fall adds to that weight, weight of
        yesterday's variance.
    presample : float
        Squared shock and variance of the day before the first.

    Returns
    -------
    ndarray of shape (n_days + 1,)
        Element t depends on the residuals before day t alone.

    Examples
    --------
    >>> variance_path(np.array([2.0, -1.0]), 0.1, 0.2, 0.1, 0.5, 1.0).round(3).tolist()
    [0.85, 1.325, 1.062]
    """
    variance = np.empty(residuals.size + 1)
    # The sign of the shock before the first day is unknown: half of gamma counts.
    variance[0] = omega + (alpha + gamma / 2 + beta) * presample
    for t in range(residuals.size):
        weight = alpha + gamma if residuals[t] < 0 else alpha
        variance[t + 1] = omega + weight * residuals[t] ** 2 + beta * variance[t]
    return variance


@numba.njit(cache=True)
def log_likelihood(residuals: np.ndarray, variance: np.ndarray) -> float:
    """Return the Gaussian log likelihood of residuals, each with its own variance.

    Parameters
    ----------
    residuals, variance : ndarray
        Further variances than residuals are not used.

    Examples
    --------
    >>> round(log_likelihood(np.array([0.0]), np.array([1.0])), 4)
    -0.9189
    """
    total = 0.0
    for t in range(residuals.size):
        total -= math.log(variance[t]) + residuals[t] ** 2 / variance[t]
    return (total - residuals.size * math.log(2 * math.pi)) / 2


class GARCH:
    """Fit the GARCH(1,1) model of Bollerslev by maximum likelihood.

    r_t = μ + ε_t with Var(ε_t | past) = σ²_t = ω + α ε²_{t−1} + β σ²_{t−1}.

    Parameters
    ----------
    presample : float, optional
        ε²_0 and σ²_0, in squared units of the returns. By default the mean of the
        squared residuals, as in the published benchmark; ``arch`` takes another
        value, hence other estimates.
    tolerance : float, default=1e-8
        The search ends when parameters (of standardised returns) and log likelihood
        change by less.

    Attributes
    ----------
    params_ : Series
        mu, omega, alpha and beta; of `GJR` gamma too, before beta.
    log_likelihood_ : float
    variance_ : ndarray of shape (n_days + 1,)
        Conditional variances of the days fitted; the last is of the day that follows.

    References
    ----------
    .. [1] Bollerslev (1986), "Generalized Autoregressive Conditional
       Heteroskedasticity", Journal of Econometrics 31(3).
    .. [2] Fiorentini, Calzolari and Panattoni (1996), "Analytic Derivatives and the
       Computation of GARCH Estimates", Journal of Applied Econometrics 11(4).

    Examples
    --------
    >>> GARCH().fit([0.1, -0.2])
    Traceback (most recent call last):
        ...
    ValueError: returns must hold at least 100 finite numbers in one row, got shape (2,)
    """

    names: tuple[str, ...] = ("mu", "omega", "alpha", "beta")
    starts: tuple[float, ...] = (0.0, 0.05, 0.05, 0.9)  # of standardised returns

    def __init__(self, presample: float | None = None, tolerance: float = 1e-8):
        self.presample = presample
        self.tolerance = tolerance

    def fit(self, returns: Any, start: Sequence[float] | None = None) -> GARCH:
        """Find the parameters under which the returns are most likely.

        Parameters
        ----------
        returns : array of shape (n_days,)
            In any unit; the search runs on returns divided by their deviation, so
            that the unit changes nothing but the scale of μ and ω.
        start : sequence of float, optional
            Parameters to start from, as in ``params_``: those of an earlier fit.

        Returns
        -------
        GARCH
            This object.

        Raises
        ------
        ValueError
            If there are fewer than 100 returns, one is not finite, or all are equal, or
            ``start`` is not of a stationary model of this kind.
        RuntimeError
            If the search does not end.
        """
        values = check_returns(returns)
        if self.presample is not None:
            check_number(self.presample, "presample", open=True)
        scale = values.std()
        units = self._units(scale)
        first = self.starts if start is None else self._checked_start(start) / units
        # Nelder and Mead need no gradient, and take infinity where none is allowed.
        search = optimize.minimize(
            self._negative_log_likelihood,
            first,
            args=(values / scale, scale),
            method="Nelder-Mead",
            options={
                "xatol": self.tolerance,
                "fatol": self.tolerance,
                "maxiter": 5000,
                "maxfev": 5000,
            },
        )
        if not search.success:
            raise RuntimeError(
                f"the search for the parameters failed: {search.message}"
            )
        self.params_ = pd.Series(search.x * units, index=list(self.names))
        self.log_likelihood_ = float(-search.fun - len(values) * math.log(scale))
        self.variance_ = self.filter(values)
        self._returns = values
        return self

    def _checked_start(self, start: Sequence[float]) -> np.ndarray:
        values = np.asarray(start, dtype=float)
        names = ", ".join(self.names)
        if values.shape != (len(self.names),):
            raise ValueError(f"start must hold {names}, got {values.size} numbers")
        if not self._stationary(*self._complete(values)[1:]):
            raise ValueError(
                f"start must be parameters of a stationary model, got {values.tolist()}"
            )
        return values

    def _units(self, scale: float) -> np.ndarray:
        """Return what one unit of each standardised parameter is worth."""
        powers = {"mu": scale, "omega": scale**2}
        return np.array([powers.get(name, 1.0) for name in self.names])

    def _complete(self, params: Any) -> tuple[float, ...]:
        """Return mu, omega, alpha, gamma, beta; gamma is 0 without leverage."""
        mu, omega, alpha, *gamma, beta = params
        return mu, omega, alpha, gamma[0] if gamma else 0.0, beta

    @staticmethod
    def _stationary(omega: float, alpha: float, gamma: float, beta: float) -> bool:
        """Return whether variances stay positive and a shock fades."""
        fades = alpha + gamma / 2 + beta < 1
        return omega > 0 and min(alpha, alpha + gamma, beta) >= 0 and fades

    def _negative_log_likelihood(
        self, params: np.ndarray, returns: np.ndarray, scale: float = 1.0
    ) -> float:
        mu, omega, alpha, gamma, beta = self._complete(params)
        if not self._stationary(omega, alpha, gamma, beta):
            return math.inf
        residuals = returns - mu
        before = self._before(residuals, scale)
        variance = variance_path(residuals, omega, alpha, gamma, beta, before)
        return -log_likelihood(residuals, variance)

    def _before(self, residuals: np.ndarray, scale: float = 1.0) -> float:
        if self.presample is not None:
            return self.presample / scale**2
        return float(residuals @ residuals / len(residuals))

    def filter(self, returns: Any) -> np.ndarray:
        """Return the conditional variances of other returns, parameters unchanged.

        Parameters
        ----------
        returns : array of shape (n_days,)
            In the unit of the returns fitted.

        Returns
        -------
        ndarray of shape (n_days + 1,)
            Element t uses the returns before day t (and, for the day before the first,
            ``presample``); the last is the forecast for the day that follows.
        """
        mu, omega, alpha, gamma, beta = self._complete(self.params_)
        residuals = as_sample(returns, "returns", 1) - mu
        before = self._before(residuals)
        return variance_path(residuals, omega, alpha, gamma, beta, before)

    def forecast(self, horizon: int = 1) -> float:
        """Return the variance expected ``horizon`` days after the last one fitted.

        Parameters
        ----------
        horizon : int, default=1

        Returns
        -------
        float
            In squared units of the returns; it tends to ω / (1 − persistence).
        """
        steps = check_count(horizon, "horizon") - 1
        _, omega, alpha, gamma, beta = self._complete(self.params_)
        persistence = alpha + gamma / 2 + beta
        level = omega / (1 - persistence)
        return float(level + persistence**steps * (self.variance_[-1] - level))

    def standard_errors(self) -> pd.Series:
        """Return the standard errors from the curvature of the log likelihood.

        The inverse Hessian, as fGarch reports; ``arch`` reports robust ones by default.
        """
        size = np.maximum(np.abs(self.params_.to_numpy()), 1e-3 * self._returns.std())
        steps = 1e-4 * size

        def loss(params: np.ndarray) -> float:
            return self._negative_log_likelihood(params, self._returns)

        hessian = _hessian(loss, self.params_.to_numpy(), steps)
        return pd.Series(np.sqrt(np.diag(np.linalg.inv(hessian))), self.params_.index)


class GJR(GARCH):
    """Fit the model of Glosten, Jagannathan and Runkle: falls weigh more than rises.

    σ²_t = ω + (α + γ [ε_{t−1} < 0]) ε²_{t−1} + β σ²_{t−1}; else as `GARCH`.

    References
    ----------
    .. [1] Glosten, Jagannathan and Runkle (1993), "On the Relation between the Expected
       Value and the Volatility of the Nominal Excess Return on Stocks", Journal of
       Finance 48(5).

    Examples
    --------
    >>> GJR.names
    ('mu', 'omega', 'alpha', 'gamma', 'beta')
    """

    names = ("mu", "omega", "alpha", "gamma", "beta")
    starts = (0.0, 0.05, 0.03, 0.05, 0.9)


def check_returns(returns: Any, minimum: int = MINIMUM) -> np.ndarray:
    """Return returns as an array of floats, or raise.

    Raises
    ------
    ValueError
        If there are too few, one is not finite, or all are equal.

    Examples
    --------
    >>> check_returns([0.0] * 200)
    Traceback (most recent call last):
        ...
    ValueError: returns must vary, got 200 times 0.0
    """
    values = as_sample(returns, "returns", minimum)
    if np.ptp(values) == 0:
        raise ValueError(f"returns must vary, got {len(values)} times {values[0]}")
    return values


def _hessian(function: Any, at: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return second derivatives by central differences, as a symmetric matrix."""
    n = len(at)
    moves = np.diag(steps)
    hessian = np.empty((n, n))
    for i in range(n):
        for j in range(i + 1):
            a, b = moves[i], moves[j]
            corners = function(at + a + b) - function(at + a - b)
            corners -= function(at - a + b) - function(at - a - b)
            hessian[i, j] = hessian[j, i] = corners / (4 * steps[i] * steps[j])
    return hessian
