"""Score a forecast of variance against a squared return, a noisy but fair proxy.

>>> qlike([1.0], [1.0]).tolist()
[1.0]
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["qlike", "squared_error"]


def qlike(squared_returns: Any, variance: Any) -> np.ndarray:
    """Return ln σ² + r² / σ² of each day: the Gaussian log likelihood, turned round.

    Parameters
    ----------
    squared_returns, variance : array of shape (n_days,)
        What came and what was forecast, in the same unit.

    Returns
    -------
    ndarray of shape (n_days,)
        Smaller is better. The least expected value is at the true variance, although
        a squared return is a noisy measure of it.

    Raises
    ------
    ValueError
        If a forecast is not positive, or the shapes differ.

    References
    ----------
    .. [1] Patton (2011), "Volatility Forecast Comparison Using Imperfect Volatility
       Proxies", Journal of Econometrics 160(1).

    Examples
    --------
    >>> qlike([1.0], [0.0])
    Traceback (most recent call last):
        ...
    ValueError: variance must be positive, got 0.0 at row 0
    """
    actual, forecast = _aligned(squared_returns, variance)
    return np.log(forecast) + actual / forecast


def squared_error(squared_returns: Any, variance: Any) -> np.ndarray:
    """Return (r² − σ²)² of each day, which a few wild days dominate.

    Parameters
    ----------
    squared_returns, variance : array of shape (n_days,)

    Raises
    ------
    ValueError
        If a forecast is not positive, or the shapes differ.

    Examples
    --------
    >>> squared_error([4.0], [1.0]).tolist()
    [9.0]
    """
    actual, forecast = _aligned(squared_returns, variance)
    return (actual - forecast) ** 2


def _aligned(squared_returns: Any, variance: Any) -> tuple[np.ndarray, np.ndarray]:
    actual = np.asarray(squared_returns, dtype=float)
    forecast = np.asarray(variance, dtype=float)
    if actual.shape != forecast.shape:
        raise ValueError(
            "squared_returns and variance must be of the same days, "
            f"got shapes {actual.shape} and {forecast.shape}"
        )
    wrong = np.flatnonzero(~(actual >= 0))
    if wrong.size:
        raise ValueError(
            "squared_returns must be 0 or more, "
            f"got {actual[wrong[0]]} at row {wrong[0]}"
        )
    bad = np.flatnonzero(~(forecast > 0))
    if bad.size:
        raise ValueError(
            f"variance must be positive, got {forecast[bad[0]]} at row {bad[0]}"
        )
    return actual, forecast
