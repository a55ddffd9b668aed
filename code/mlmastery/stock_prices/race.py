"""All forecasters on the same days, and what their forecasts are worth."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.ledger import cpu_timed
from mlmastery.stock_prices.forecasters import Forecaster
from mlmastery.stock_prices.walk_forward import WalkForwardSplit
from mlmastery.validation import as_sample, check_count

__all__ = [
    "ReturnRace",
    "SuspiciousHitRateWarning",
    "best_shift",
    "hit_rate",
    "r_squared",
    "race_returns",
]


class SuspiciousHitRateWarning(UserWarning):
    """More than 60 % of daily directions were right: look for a leak first."""


def r_squared(actual: Any, forecast: Any) -> float:
    """Return the share of the variance around the mean that a forecast explains.

    Raises
    ------
    ValueError
        If the lengths differ, or the actual values are all equal.

    Examples
    --------
    >>> r_squared([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    1.0
    """
    y, f = _pair(actual, forecast)
    if np.ptp(y) == 0:
        raise ValueError(f"actual must vary, got {len(y)} times {y[0]:g}")
    return float(1 - ((y - f) ** 2).sum() / ((y - y.mean()) ** 2).sum())


def hit_rate(actual: Any, forecast: Any, suspicious: float = 0.6) -> float:
    """Return the share of days whose direction a forecast gets right.

    Days without a move and forecasts of exactly 0 have no direction and do not count.

    Parameters
    ----------
    actual, forecast : array of shape (n,)
    suspicious : float, default=0.6
        Above this, on at least 100 days, a warning asks for the leak.

    Returns
    -------
    float
        NaN if no day counts.

    Warns
    -----
    SuspiciousHitRateWarning

    Examples
    --------
    >>> hit_rate([0.1, -0.2, 0.3, 0.0], [0.1, 0.1, 0.2, 0.1]).__round__(3)
    0.667
    """
    y, f = _pair(actual, forecast)
    counts = (y != 0) & (f != 0)
    if not counts.any():
        return float("nan")
    rate = float((np.sign(y) == np.sign(f))[counts].mean())
    if rate > suspicious and counts.sum() >= 100:
        warnings.warn(
            f"a hit rate of {rate:.2f} on {counts.sum()} days is more than daily "
            "returns give: check features and labels for values from the future",
            SuspiciousHitRateWarning,
            stacklevel=2,
        )
    return rate


def best_shift(actual: Any, forecast: Any, most: int = 10) -> int:
    """Return by how many days a forecast follows what it forecasts.

    It is the shift from 0 to ``most`` with the smallest mean squared error between the
    forecast and the actual value so many days before.

    Examples
    --------
    >>> price = np.random.default_rng(0).normal(size=200).cumsum()
    >>> best_shift(price[1:], price[:-1])  # each forecast is the value of the day before
    1
    """
    y, f = _pair(actual, forecast)
    check_count(most, "most", 0, len(y) - 1)
    errors = [((f[k:] - y[: len(y) - k]) ** 2).mean() for k in range(most + 1)]
    return int(np.argmin(errors))


def _pair(actual: Any, forecast: Any) -> tuple[np.ndarray, np.ndarray]:
    y, f = as_sample(actual, "actual", 2), as_sample(forecast, "forecast", 1)
    if len(y) != len(f):
        raise ValueError(
            f"forecast must have one value for each actual one, got {len(f)} for {len(y)}"
        )
    return y, f


@dataclass(frozen=True)
class ReturnRace:
    """One-step forecasts of several models on the same days.

    Attributes
    ----------
    forecasts : DataFrame of shape (n_days, n_models)
        The index holds the rows of the series that were forecast.
    actual : ndarray of shape (n_days,)
    seconds : dict of float
        Processor time of each model, training included.

    Examples
    --------
    >>> table = pd.DataFrame({"naive": [0.0, 0.0]})
    >>> ReturnRace(table, np.array([1.0, -3.0]), {"naive": 0.1}).losses["naive"].tolist()
    [1.0, 9.0]
    """

    forecasts: pd.DataFrame
    actual: np.ndarray
    seconds: dict[str, float]

    @property
    def losses(self) -> pd.DataFrame:
        """Squared errors, one row per day."""
        return self.forecasts.rsub(self.actual, axis=0) ** 2

    def join(self, other: ReturnRace) -> ReturnRace:
        """Return both races as one; they must be of the same days.

        Raises
        ------
        ValueError
            If the days differ, or both races have a model of one name.
        """
        same = self.forecasts.index.equals(other.forecasts.index)
        if not same or not np.array_equal(self.actual, other.actual):
            raise ValueError("other must be a race of the same days, got other rows")
        both = self.forecasts.columns.intersection(other.forecasts.columns)
        if len(both):
            raise ValueError(f"other must have models of other names, got {[*both]}")
        forecasts = self.forecasts.join(other.forecasts)
        return ReturnRace(forecasts, self.actual, self.seconds | other.seconds)

    def table(self, baseline: str = "naive") -> pd.DataFrame:
        """Return error relative to the baseline's, hit rate, seconds: one row per model."""
        if baseline not in self.forecasts:
            names = ", ".join(self.forecasts)
            raise ValueError(f"baseline must be one of {names}, got {baseline!r}")
        error = self.losses.mean()
        hits = {n: hit_rate(self.actual, f) for n, f in self.forecasts.items()}
        columns = {"MSE ratio": error / error[baseline], "hit rate": pd.Series(hits)}
        return pd.DataFrame({**columns, "CPU s": pd.Series(self.seconds)})


def race_returns(
    models: Mapping[str, Forecaster], returns: Any, cv: WalkForwardSplit
) -> ReturnRace:
    """Train every model on every fold and collect its one-step forecasts.

    Parameters
    ----------
    models : mapping of str to Forecaster
    returns : array of shape (n,)
    cv : WalkForwardSplit
        Parameters are learned on the training rows; a forecast of a test day also sees
        the test days before it.

    Raises
    ------
    ValueError
        If there is no model, one is not a `Forecaster`, or a fold trains on rows that
        do not come before its test rows, as with ``train_after`` or ``KFold``.

    Examples
    --------
    >>> from mlmastery.stock_prices import NaiveForecaster
    >>> cv = WalkForwardSplit(4, 2)
    >>> race = race_returns({"naive": NaiveForecaster()}, np.arange(9.0), cv)
    >>> race.actual
    array([4., 5., 6., 7.])
    """
    series = as_sample(returns, "returns", 2)
    if not isinstance(models, Mapping) or not models:
        raise ValueError(f"models must be a dict of forecasters, got {models!r}")
    for name, model in models.items():
        if not isinstance(model, Forecaster):
            raise ValueError(f"models must be forecasters, got {model!r} as {name!r}")
    folds = list(cv.split(series))
    for k, (train, test) in enumerate(folds):
        runs = all((np.diff(part) == 1).all() for part in (train, test))
        if not len(train) or not runs or train[-1] >= test[0]:
            raise ValueError(
                "cv must train on neighbouring rows before those it tests, "
                f"which fold {k} does not"
            )
    rows = np.concatenate([test for _, test in folds])
    forecasts, seconds = {}, {}
    for name, model in models.items():
        run = partial(_forecast_folds, model, series, folds)
        forecasts[name], seconds[name] = cpu_timed(run)
    return ReturnRace(pd.DataFrame(forecasts, index=rows), series[rows], seconds)


def _forecast_folds(
    model: Forecaster, series: np.ndarray, folds: list[tuple[np.ndarray, np.ndarray]]
) -> np.ndarray:
    return np.concatenate([_forecast_fold(model, series, *fold) for fold in folds])


def _forecast_fold(
    model: Forecaster, series: np.ndarray, train: np.ndarray, test: np.ndarray
) -> np.ndarray:
    """Fit on the training rows; forecast the test rows from all rows before each."""
    first, stop = train[0], test[-1] + 1
    model.fit(series[train])
    return model.forecast(series[first:stop], start=int(test[0] - first))
