"""Race the forecasts of variance, walking forward through the days.

>>> import numpy as np
>>> rng = np.random.default_rng(0)
>>> contest = race_volatility(rng.normal(size=400), rng.exponential(size=400), first=300)
>>> contest.table.index.tolist()
['252-day window', '21-day window', 'EWMA 0.94', 'GARCH', 'HAR on range', 'GJR-GARCH']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mlmastery.ledger import cpu_timed
from mlmastery.stock_prices.predictive_accuracy import diebold_mariano
from mlmastery.stock_prices.volatility.autoregression import HAR
from mlmastery.stock_prices.volatility.conditional import (
    GARCH,
    GJR,
    check_returns,
    log_likelihood,
    variance_path,
)
from mlmastery.stock_prices.volatility.losses import qlike, squared_error
from mlmastery.stock_prices.volatility.smoothing import ewma_variance, rolling_variance
from mlmastery.validation import as_sample, check_count

__all__ = ["VolatilityRace", "forecast_variances", "race_volatility"]

YEARS = 2520  # trading days of ten years
MONTH = 21
RIVALS = ("21-day window", "252-day window")
TOLERANCE = 1e-4  # of the parameters at each refit: far below their standard errors


class VolatilityRace(NamedTuple):
    """Forecasts and what came.

    Attributes
    ----------
    forecasts : DataFrame of shape (n_forecasts, n_models)
        Variances, in squared units of the returns.
    squared_returns : ndarray of shape (n_forecasts,)
    table : DataFrame
        One row a model: mean ``qlike`` and ``mse``, ``r2`` of the squared return, the
        Diebold–Mariano t statistics on QLIKE against both rolling windows (positive:
        the model is better; autocovariances to 21 days counted), and CPU ``seconds``.
    """

    forecasts: pd.DataFrame
    squared_returns: np.ndarray
    table: pd.DataFrame


def race_volatility(
    returns: Any,
    range_variance: Any,
    first: int = YEARS,
    window: int = YEARS,
    refit: int = MONTH,
) -> VolatilityRace:
    """Forecast every day from ``first`` on with six models, and compare them.

    Parameters
    ----------
    returns : array of shape (n_days,)
        In per cent.
    range_variance : array of shape (n_days,)
        Each day's variance by its range, as `parkinson_variance` gives it, in the
        squared unit of the returns.
    first : int, default=2520
        Position of the first day forecast, from 252 on.
    window : int, default=2520
        Days before a refit that the model is fitted on.
    refit : int, default=21
        Days between refits; forecasts between them use new returns and old parameters.

    Returns
    -------
    VolatilityRace

    Raises
    ------
    ValueError
        If the series are not of the same days, or too short.
    """
    values = check_returns(returns)
    ranges = as_sample(range_variance, "range_variance", 1)
    if ranges.shape != values.shape:
        raise ValueError(
            "returns and range_variance must be of the same days, "
            f"got {len(values)} and {len(ranges)}"
        )
    check_count(refit, "refit")
    check_count(first, "first", minimum=252, maximum=len(values) - 2)
    plan = {"first": first, "window": window, "refit": refit}
    _compile()
    forecasts, seconds = {}, {}
    for name, forecast in _models(values, ranges, plan).items():
        forecasts[name], seconds[name] = cpu_timed(forecast)
    squares = values[first:] ** 2
    table = _compare(pd.DataFrame(forecasts), squares)
    return VolatilityRace(
        pd.DataFrame(forecasts), squares, table.assign(seconds=pd.Series(seconds))
    )


def _models(
    returns: np.ndarray, ranges: np.ndarray, plan: dict[str, int]
) -> dict[str, Callable[[], np.ndarray]]:
    first = plan["first"]
    return {
        "252-day window": lambda: rolling_variance(returns, 252)[first:-1],
        "21-day window": lambda: rolling_variance(returns, 21)[first:-1],
        "EWMA 0.94": lambda: ewma_variance(returns, 0.94)[first:-1],
        "GARCH": partial(
            forecast_variances, GARCH(tolerance=TOLERANCE), returns, **plan
        ),
        "HAR on range": partial(_forecast_har, returns, ranges, **plan),
        "GJR-GARCH": partial(
            forecast_variances, GJR(tolerance=TOLERANCE), returns, **plan
        ),
    }


def _compile() -> None:
    """Have the recursions compiled before the clock starts."""
    one = np.ones(2)
    log_likelihood(one, variance_path(one, 0.1, 0.1, 0.1, 0.1, 1.0))
    ewma_variance(one)


def _blocks(
    n_days: int, first: int, window: int, refit: int
) -> Iterator[tuple[slice, slice]]:
    """Yield the days to fit on and the days to forecast, block after block."""
    for begin in range(first, n_days, refit):
        yield (
            slice(max(0, begin - window), begin),
            slice(begin, min(begin + refit, n_days)),
        )


def forecast_variances(
    model: GARCH,
    returns: Any,
    first: int = YEARS,
    window: int = YEARS,
    refit: int = MONTH,
) -> np.ndarray:
    """Forecast each day's variance one day ahead, refitting the model now and then.

    Parameters
    ----------
    model : GARCH
        Or `GJR`; each refit starts from the last one's parameters.
    returns : array of shape (n_days,)
    first, window, refit : int
        As for `race_volatility`.

    Returns
    -------
    ndarray of shape (n_days - first,)
        The forecast for day t uses returns to day t − 1.
    """
    values = check_returns(returns)
    forecasts = []
    start = None
    for fitted, ahead in _blocks(len(values), first, window, refit):
        model.fit(values[fitted], start=start)
        start = model.params_.to_numpy()
        path = model.filter(values[fitted.start : ahead.stop])
        forecasts.append(path[ahead.start - fitted.start : -1])
    return np.concatenate(forecasts)


def _forecast_har(
    returns: np.ndarray, ranges: np.ndarray, first: int, window: int, refit: int
) -> np.ndarray:
    forecasts = []
    for fitted, ahead in _blocks(len(returns), first, window, refit):
        model = HAR().fit(returns[fitted], ranges[fitted])
        path = model.predict(ranges[fitted.start : ahead.stop])
        forecasts.append(path[ahead.start - fitted.start : -1])
    return np.concatenate(forecasts)


def _compare(forecasts: pd.DataFrame, squares: np.ndarray) -> pd.DataFrame:
    losses = {name: qlike(squares, forecasts[name]) for name in forecasts}
    rows = {}
    for name in forecasts:
        errors = squared_error(squares, forecasts[name])
        row = {"qlike": losses[name].mean(), "mse": errors.mean()}
        row["r2"] = 1 - errors.mean() / squares.var()
        for rival in RIVALS:
            row[f"t against {rival}"] = (
                diebold_mariano(losses[rival], losses[name], lags=MONTH).statistic
                if rival != name
                else np.nan
            )
        rows[name] = row
    return pd.DataFrame(rows).T
