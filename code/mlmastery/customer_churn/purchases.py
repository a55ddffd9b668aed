"""Customers without a contract: the BG/NBD model of purchases and silent leaving."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from mlmastery.validation import as_numbers, check_number

__all__ = ["BetaGeometric", "log_likelihood"]


def log_likelihood(
    r: float, alpha: float, a: float, b: float, x: Any, t_x: Any, T: Any
) -> np.ndarray:
    """Return each customer's log-likelihood under BG/NBD.

    Parameters
    ----------
    r, alpha : float
        Purchase rates are Gamma(r, alpha) over the customers.
    a, b : float
        Chances of leaving after a purchase are Beta(a, b).
    x : array of shape (n,)
        Repeat purchases.
    t_x, T : array of shape (n,)
        Time of the last purchase and of the end, from the first purchase; one unit.

    References
    ----------
    .. [1] Fader, Hardie and Lee (2005), "“Counting Your Customers” the Easy Way",
       Marketing Science 24(2), equation 6.

    Examples
    --------
    >>> log_likelihood(1.0, 1.0, 1.0, 1.0, [0], [0.0], [1.0]).round(4).tolist()
    [-0.6931]
    """
    x, t_x, T = (np.asarray(v, dtype=float) for v in (x, t_x, T))
    purchases = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    # The customer is alive and has stayed x times, or left right after purchase x.
    alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + T)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b)
    left = left - (r + x) * np.log(alpha + t_x)
    return purchases + np.where(x > 0, np.logaddexp(alive, left), alive)


class BetaGeometric(BaseEstimator):
    """BG/NBD: expected purchases, and the chance that a customer is still one.

    Attributes
    ----------
    r_, alpha_, a_, b_ : float
        Maximum-likelihood parameters.
    log_likelihood_ : float
        Of all customers together.

    References
    ----------
    .. [1] Fader, Hardie and Lee (2005), "“Counting Your Customers” the Easy Way",
       Marketing Science 24(2).

    Examples
    --------
    >>> model = BetaGeometric.of(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> round(float(model.expected_purchases(39, 2, 30.43, 38.86)), 3)
    1.226
    """

    @classmethod
    def of(cls, *, r: float, alpha: float, a: float, b: float) -> BetaGeometric:
        """Return a model with known parameters, each above 0."""
        model = cls()
        for name, value in (("r", r), ("alpha", alpha), ("a", a), ("b", b)):
            setattr(model, f"{name}_", check_number(value, name, open=True))
        return model

    def fit(self, x: Any, t_x: Any, T: Any) -> BetaGeometric:
        """Maximise the likelihood over the logarithms of the parameters.

        Parameters
        ----------
        x, t_x, T : array of shape (n_customers,)
            Repeat purchases, time of the last, length of observation.

        Raises
        ------
        ValueError
            If times are out of order, or a last purchase lacks a repeat.
        """
        x, t_x, T = _check_histories(x, t_x, T)
        if x.ndim != 1 or len(x) < 2 or not x.any():
            raise ValueError(
                "x must hold two customers or more, at least one with a repeat "
                f"purchase, got {x[:5].tolist()}"
            )

        def loss(logs: np.ndarray) -> float:
            r, alpha, a, b = np.exp(logs).tolist()
            return -float(log_likelihood(r, alpha, a, b, x, t_x, T).sum())

        options = {"xatol": 1e-8, "fatol": 1e-8, "maxiter": 4000}
        found = minimize(loss, np.zeros(4), method="Nelder-Mead", options=options)
        self.r_, self.alpha_, self.a_, self.b_ = np.exp(found.x).tolist()
        self.log_likelihood_ = -float(found.fun)
        return self

    def alive(self, x: Any, t_x: Any, T: Any) -> np.ndarray:
        """Return the probability that each customer has not left."""
        check_is_fitted(self, "r_")
        x, t_x, T = _check_histories(x, t_x, T)
        ratio = (self.alpha_ + T) / (self.alpha_ + t_x)
        odds = self.a_ / (self.b_ + np.maximum(x, 1) - 1) * ratio ** (self.r_ + x)
        return np.where(x > 0, 1 / (1 + odds), 1.0)

    def expected_purchases(self, t: float, x: Any, t_x: Any, T: Any) -> np.ndarray:
        """Return how many purchases to expect in the next ``t`` units of time."""
        check_number(t, "t", open=True)
        if self.a_ == 1:
            raise ValueError("a must differ from 1: the formula divides by a - 1")
        alive = self.alive(x, t_x, T)
        x, _, T = _check_histories(x, t_x, T)
        a, b, r, end = self.a_, self.b_, self.r_ + x, self.alpha_ + T
        series = hyp2f1(r, b + x, a + b + x - 1, t / (end + t))
        to_come = (a + b + x - 1) / (a - 1) * (1 - (end / (end + t)) ** r * series)
        return to_come * alive


def _check_histories(x: Any, t_x: Any, T: Any) -> tuple[np.ndarray, ...]:
    if any(np.asarray(v).dtype.kind in "mM" for v in (t_x, T)):
        raise ValueError("t_x and T must be numbers in one unit, got times or dates")
    named = {"x": x, "t_x": t_x, "T": T}
    x, t_x, T = (as_numbers(values, name) for name, values in named.items())
    if not (x.shape == t_x.shape == T.shape):
        raise ValueError(
            "x, t_x and T must have one entry per customer, "
            f"got shapes {x.shape}, {t_x.shape} and {T.shape}"
        )
    for name, values in zip(named, (x, t_x, T), strict=True):
        if not np.isfinite(values).all():
            raise ValueError(f"{name} must be finite, got a gap or infinity")
    if (x != np.round(x)).any():
        raise ValueError("x must be whole numbers of repeat purchases")
    if (x < 0).any() or (t_x < 0).any() or (t_x > T).any():
        raise ValueError("histories must have x >= 0 and 0 <= t_x <= T")
    if ((x == 0) & (t_x > 0)).any():
        raise ValueError("t_x must be 0 where x is 0: no repeat purchase has a time")
    return x, t_x, T
