"""Two tests of stationarity with opposite nulls, and one verdict."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlmastery.validation import as_sample, check_share

__all__ = ["Stationarity", "check_stationarity"]


@dataclass(frozen=True)
class Stationarity:
    """P-values of both tests, with the null of each in its name.

    Attributes
    ----------
    adf_p : float
        Dickey and Fuller's augmented test. A small one speaks against a unit root.
    kpss_p : float
        Kwiatkowski et al. A small one speaks against a stationary series. The table
        that it is read from ends at .01 and .1.
    level : float
        Significance level of the verdict.

    Examples
    --------
    >>> Stationarity(adf_p=0.9, kpss_p=0.01).verdict
    'not stationary'
    """

    adf_p: float
    kpss_p: float
    level: float = 0.05

    @property
    def verdict(self) -> str:
        """Stationary or not where the tests agree, else undecided."""
        unit_root_rejected = self.adf_p < self.level
        stationary_rejected = self.kpss_p < self.level
        if unit_root_rejected == stationary_rejected:
            return "undecided"
        return "stationary" if unit_root_rejected else "not stationary"

    def __str__(self) -> str:
        return (
            f"{self.verdict}: ADF (null: unit root) p = {self.adf_p:.3f}, "
            f"KPSS (null: stationary) p = {self.kpss_p:.3f}"
        )


def check_stationarity(values: Any, level: float = 0.05) -> Stationarity:
    """Run both tests around a constant mean, by statsmodels.

    Parameters
    ----------
    values : array of shape (n,)
        At least 20 values.
    level : float, default=0.05

    Raises
    ------
    ValueError
        If a value is missing, all are equal, or there are too few.

    References
    ----------
    .. [1] Said and Dickey (1984), "Testing for Unit Roots in Autoregressive-Moving
       Average Models of Unknown Order", Biometrika 71(3).
    .. [2] Kwiatkowski, Phillips, Schmidt and Shin (1992), "Testing the Null Hypothesis
       of Stationarity", Journal of Econometrics 54.

    Examples
    --------
    >>> import numpy as np
    >>> steps = np.random.default_rng(0).normal(size=500)
    >>> check_stationarity(steps).verdict, check_stationarity(steps.cumsum()).verdict
    ('stationary', 'not stationary')
    """
    from statsmodels.tsa.stattools import adfuller, kpss

    series = as_sample(values, "values", 20)
    check_share(level, "level")
    if np.ptp(series) == 0:
        raise ValueError(f"values must vary, got {len(series)} times {series[0]:g}")
    lags = min(20, len(series) // 2 - 3)  # more cannot be estimated
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a p-value outside KPSS's table
        kpss_p = kpss(series, regression="c", nlags="auto")[1]
        adf_p = adfuller(series, maxlag=lags, autolag="AIC")[1]
    return Stationarity(float(adf_p), float(kpss_p), level)
