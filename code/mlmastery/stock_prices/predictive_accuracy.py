"""Test whether two forecasts differ in accuracy by more than chance.

>>> test = diebold_mariano([4.0, 1.0, 9.0, 4.0], [1.0, 1.0, 4.0, 1.0])
>>> round(test.statistic, 3), round(test.p_value, 3)
(2.668, 0.076)
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from mlmastery.inference import t_interval
from mlmastery.validation import as_sample, check_count

__all__ = ["DieboldMariano", "diebold_mariano"]


class DieboldMariano(NamedTuple):
    """A mean difference in loss, its interval, and the test of "no difference".

    Attributes
    ----------
    mean : float
        Mean of loss_a − loss_b: positive where the second forecast is better.
    low, high : float
        95 % interval of the mean.
    statistic : float
        Student's t, with one degree of freedom less than days.
    p_value : float
        Two-sided.
    """

    mean: float
    low: float
    high: float
    statistic: float
    p_value: float


def diebold_mariano(
    loss_a: Any, loss_b: Any, horizon: int = 1, lags: int | None = None
) -> DieboldMariano:
    """Compare two forecasts by their losses on the same days.

    Forecasts ``horizon`` days ahead share shocks, so their losses are correlated over
    up to horizon − 1 days; the variance of the mean counts these autocovariances. The
    correction of Harvey, Leybourne and Newbold widens the test for short series.

    Parameters
    ----------
    loss_a, loss_b : array of shape (n_days,)
        For example squared errors.
    horizon : int, default=1
        Days ahead, at least 1 and less than the number of days.
    lags : int, optional
        Autocovariances counted, by default horizon − 1. A number given is counted with
        Bartlett's falling weights: for losses that correlate although the horizon is
        one day, as those of a window do that forgets slowly.

    Raises
    ------
    ValueError
        If the lengths differ or are below 3, a loss is not finite, the difference is the same every
        day, or its estimated variance is not positive.

    References
    ----------
    .. [1] Diebold and Mariano (1995), "Comparing Predictive Accuracy", Journal of
       Business & Economic Statistics 13(3).
    .. [2] Harvey, Leybourne and Newbold (1997), "Testing the Equality of Prediction
       Mean Squared Errors", International Journal of Forecasting 13(2).
    .. [3] Newey and West (1987), "A Simple, Positive Semi-Definite, Heteroskedasticity
       and Autocorrelation Consistent Covariance Matrix", Econometrica 55(3).

    Examples
    --------
    >>> diebold_mariano([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    Traceback (most recent call last):
        ...
    ValueError: loss_a and loss_b must not differ by the same amount (0.0) every day: ...
    """
    a, b = as_sample(loss_a, "loss_a", 3), as_sample(loss_b, "loss_b", 3)
    if len(a) != len(b):
        raise ValueError(
            f"loss_a and loss_b must be of the same days, got {len(a)} and {len(b)}"
        )
    n, difference = len(a), a - b
    horizon = check_count(horizon, "horizon", maximum=n - 1)
    mean = float(difference.mean())
    if np.ptp(difference) <= 1e-12 * max(np.abs(a).max(), np.abs(b).max()):
        raise ValueError(
            f"loss_a and loss_b must not differ by the same amount ({mean}) every day: "
            "without variation there is nothing to test against; are both forecasts one?"
        )
    weights = _weights(horizon, lags, n)
    variance = _long_run_variance(difference, weights) / n
    # Harvey, Leybourne and Newbold: the plain variance is too small in short series.
    corrected = variance * n / (n + 1 - 2 * horizon + horizon * (horizon - 1) / n)
    if not corrected > 0:
        raise ValueError(
            f"the variance of the mean difference must be positive, got {corrected:g}: "
            f"horizon {horizon} is too long for {n} days; use a shorter one"
        )
    error = math.sqrt(corrected)
    low, high = t_interval(mean, error, n - 1)
    p_value = float(2 * stats.t.sf(abs(mean) / error, n - 1))
    return DieboldMariano(mean, low, high, mean / error, p_value)


def _weights(horizon: int, lags: int | None, n: int) -> np.ndarray:
    """Return the weight of each autocovariance from lag 0 on."""
    if lags is None:
        return np.ones(horizon)
    count = check_count(lags, "lags", minimum=0, maximum=n - 1)
    return 1 - np.arange(count + 1) / (count + 1)


def _long_run_variance(values: np.ndarray, weights: np.ndarray) -> float:
    """Return the variance plus twice the weighted autocovariances."""
    centred, n = values - values.mean(), len(values)
    covariances = [centred[k:] @ centred[: n - k] / n for k in range(len(weights))]
    return float(covariances[0] + 2 * (weights[1:] @ covariances[1:]))
