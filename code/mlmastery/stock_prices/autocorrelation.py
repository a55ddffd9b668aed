"""Autocorrelations and partial autocorrelations by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.validation import as_sample, check_count

__all__ = ["acf", "ljung_box", "pacf", "white_noise_bound"]


def acf(values: Any, n_lags: int) -> np.ndarray:
    """Return the autocorrelations at the lags 0 to ``n_lags``.

    Parameters
    ----------
    values : array of shape (n,)
    n_lags : int
        Below n.

    Returns
    -------
    ndarray of shape (n_lags + 1,)
        All sums are divided by n, so that a lag k is pulled towards 0 by (n - k) / n.

    Raises
    ------
    ValueError
        If the series is constant, has a missing value, or is too short.

    Examples
    --------
    >>> acf([1.0, 2.0, 3.0, 4.0], 2)
    array([ 1.  ,  0.25, -0.3 ])
    """
    x = as_sample(values, "values", check_count(n_lags, "n_lags") + 1)
    x = x - x.mean()
    total = x @ x
    # A rounding error of the mean is not a variance.
    if total <= 1e-20 * len(x) * (1 + float(np.abs(values).max()) ** 2):
        raise ValueError("values must vary, got a constant series")
    return np.array([x[: len(x) - k] @ x[k:] for k in range(n_lags + 1)]) / total


def pacf(values: Any, n_lags: int) -> np.ndarray:
    """Return the partial autocorrelations by the recursion of Durbin and Levinson.

    The entry k is the last coefficient of the best linear forecast from the k values
    before, so it is what the k-th lag adds to the nearer ones.

    Parameters
    ----------
    values : array of shape (n,)
    n_lags : int
        Below n.

    Returns
    -------
    ndarray of shape (n_lags + 1,)
        The entry 0 is 1.

    Examples
    --------
    >>> pacf([1.0, 2.0, 3.0, 4.0], 2).round(3)
    array([ 1.   ,  0.25 , -0.387])
    """
    rho = acf(values, n_lags)
    out, phi = [1.0], np.array([])
    for k in range(1, n_lags + 1):
        near = rho[k - 1 : 0 : -1]  # rho_{k-1}, ..., rho_1
        last = (rho[k] - phi @ near) / (1 - phi @ rho[1:k])
        phi = np.append(phi - last * phi[::-1], last)
        out.append(float(last))
    return np.array(out)


def white_noise_bound(n: int) -> float:
    """Return the bound that 95 % of the autocorrelations of white noise respect.

    Examples
    --------
    >>> white_noise_bound(400)
    0.098
    """
    return 1.96 / check_count(n, "n") ** 0.5


def ljung_box(values: Any, n_lags: int) -> tuple[float, float]:
    """Test "no autocorrelation up to ``n_lags``": return the statistic and its p-value.

    References
    ----------
    .. [1] Ljung and Box (1978), "On a Measure of Lack of Fit in Time Series Models",
       Biometrika 65(2).

    Examples
    --------
    >>> statistic, p_value = ljung_box([1.0, 2.0, 3.0, 4.0], 1)
    >>> statistic
    0.5
    """
    from scipy.stats import chi2

    rho = acf(values, n_lags)[1:]
    n, k = len(values), np.arange(1, n_lags + 1)
    statistic = float(n * (n + 2) * (rho**2 / (n - k)).sum())
    return statistic, float(chi2.sf(statistic, n_lags))
