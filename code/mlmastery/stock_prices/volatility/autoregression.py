"""Forecast variance from ranges: Parkinson's estimate, Corsi's regression.

>>> parkinson_variance([1.1], [1.0]).round(6).tolist()
[0.003276]
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlmastery.validation import as_sample

__all__ = ["HAR", "parkinson_variance"]

HORIZONS = (1, 5, 22)  # a day, a week, a month, in trading days


def parkinson_variance(high: Any, low: Any) -> np.ndarray:
    """Estimate a day's variance from its highest and lowest price.

    Parameters
    ----------
    high, low : array of shape (n_days,)
        Prices, above 0.

    Returns
    -------
    ndarray of shape (n_days,)
        (ln high − ln low)² / (4 ln 2), in squared log returns.

    Raises
    ------
    ValueError
        If a price is not positive, or a low is above its high.

    References
    ----------
    .. [1] Parkinson (1980), "The Extreme Value Method for Estimating the Variance of
       the Rate of Return", Journal of Business 53(1).

    Examples
    --------
    >>> parkinson_variance([1.0], [1.1])
    Traceback (most recent call last):
        ...
    ValueError: low must be positive and at most high, got low 1.1, high 1.0 at row 0
    """
    top, bottom = np.asarray(high, dtype=float), np.asarray(low, dtype=float)
    if top.shape != bottom.shape:
        raise ValueError(
            "high and low must be of the same days, "
            f"got shapes {top.shape} and {bottom.shape}"
        )
    bad = np.flatnonzero(~((bottom > 0) & (bottom <= top)))
    if bad.size:
        raise ValueError(
            "low must be positive and at most high, got low "
            f"{bottom[bad[0]]}, high {top[bad[0]]} at row {bad[0]}"
        )
    return np.log(top / bottom) ** 2 / (4 * math.log(2))


class HAR:
    """Regress a day's squared return on the variance of a day, a week and a month.

    Parameters
    ----------
    floor : float, default=0.05
        The least forecast, as a share of the mean of the squared returns fitted: a
        regression may say less than nothing, a variance may not.

    Attributes
    ----------
    coef_ : ndarray of shape (4,)
        Intercept and weights of the three means.

    References
    ----------
    .. [1] Corsi (2009), "A Simple Approximate Long-Memory Model of Realized
       Volatility", Journal of Financial Econometrics 7(2).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> variance = rng.exponential(size=300)
    >>> model = HAR().fit(rng.normal(size=300), variance)
    >>> model.predict(variance).shape
    (301,)
    """

    def __init__(self, floor: float = 0.05):
        self.floor = floor

    def fit(self, returns: Any, variance: Any) -> HAR:
        """Fit by least squares.

        Parameters
        ----------
        returns : array of shape (n_days,)
        variance : array of shape (n_days,)
            A measure of each day's variance, such as Parkinson's, of the same days.

        Raises
        ------
        ValueError
            If the lengths differ or there are fewer than 50 days.
        """
        squares = as_sample(returns, "returns", 1) ** 2
        if len(squares) != len(variance) or len(squares) < 50:
            raise ValueError(
                "returns and variance must be of the same days, at least 50; "
                f"got {len(squares)} and {len(variance)}"
            )
        X = _means(variance)[:-1]
        known = ~np.isnan(X).any(axis=1)
        self.coef_ = np.linalg.lstsq(X[known], squares[known], rcond=None)[0]
        self._least = self.floor * squares.mean()
        return self

    def predict(self, variance: Any) -> np.ndarray:
        """Forecast each day's variance from the days before it.

        Parameters
        ----------
        variance : array of shape (n_days,)

        Returns
        -------
        ndarray of shape (n_days + 1,)
            NaN in the first month; the last is for the day that follows.
        """
        return np.maximum(_means(variance) @ self.coef_, self._least)


def _means(variance: Any) -> np.ndarray:
    """Return 1 and the means over the days before each: shape (n_days + 1, 4)."""
    values = as_sample(variance, "variance", HORIZONS[-1])
    X = np.full((len(values) + 1, 1 + len(HORIZONS)), np.nan)
    X[:, 0] = 1
    for column, days in enumerate(HORIZONS, start=1):
        windows = np.lib.stride_tricks.sliding_window_view(values, days)
        X[days:, column] = windows.mean(axis=1)
    return X
