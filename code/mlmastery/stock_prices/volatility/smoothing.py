"""Variance forecasts without a likelihood: a rolling window, a decaying average.

>>> rolling_variance([1.0, 3.0, 1.0], window=2).tolist()
[nan, nan, 5.0, 5.0]
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from mlmastery.validation import as_sample, check_count, check_share

__all__ = ["ewma_variance", "rolling_variance"]


def rolling_variance(returns: Any, window: int = 21) -> np.ndarray:
    """Return the mean of the last squared returns.

    Parameters
    ----------
    returns : array of shape (n_days,)
        Of days; their mean is taken for zero, which costs less than estimating it.
    window : int, default=21
        Days; the first ``window`` forecasts are NaN.

    Returns
    -------
    ndarray of shape (n_days + 1,)
        Element t is for day t and uses the returns before it; the last is for the day
        that follows.

    Examples
    --------
    >>> rolling_variance([1.0, 2.0], window=1).tolist()
    [nan, 1.0, 4.0]
    """
    squares = as_sample(returns, "returns", 1) ** 2
    window = check_count(window, "window", maximum=len(squares))
    forecast = np.full(len(squares) + 1, np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(squares, window)
    forecast[window:] = windows.mean(axis=1)
    return forecast


def ewma_variance(returns: Any, decay: float = 0.94) -> np.ndarray:
    """Return the exponentially weighted mean of the squared returns before each day.

    σ²_t = λ σ²_{t−1} + (1 − λ) r²_{t−1}, begun with the first squared return.

    Parameters
    ----------
    returns : array of shape (n_days,)
    decay : float, default=0.94
        λ, between 0 and 1; the value of RiskMetrics for daily returns.

    Returns
    -------
    ndarray of shape (n_days + 1,)
        As `rolling_variance`; only the first is NaN, but the first 1 / (1 − λ) or so
        depend much on where the series begins.

    References
    ----------
    .. [1] J. P. Morgan and Reuters (1996), "RiskMetrics: Technical Document".

    Examples
    --------
    >>> ewma_variance([2.0, 1.0], decay=0.5).tolist()
    [nan, 4.0, 2.5]
    """
    squares = as_sample(returns, "returns", 0) ** 2
    check_share(decay, "decay")
    return _smooth(squares, decay)


@numba.njit(cache=True)
def _smooth(squares: np.ndarray, decay: float) -> np.ndarray:
    variance = np.full(squares.size + 1, np.nan)
    if squares.size:
        variance[1] = squares[0]
    for t in range(1, squares.size):
        variance[t + 1] = decay * variance[t] + (1 - decay) * squares[t]
    return variance
