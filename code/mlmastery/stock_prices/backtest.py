"""Trade a rule on past returns: positions held a day later, costs, Sharpe ratio.

>>> import pandas as pd
>>> result = run_backtest(pd.Series([0.0, 1.0, 1.0]), pd.Series([0.5, 0.1, -0.1]))
>>> result.equity.round(2).tolist()
[1.0, 1.1, 0.99]
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from mlmastery.validation import as_sample, check_count, check_number

__all__ = ["Backtest", "SharpeRatio", "hold_next_day", "run_backtest", "sharpe_ratio"]

YEAR = 252  # trading days


def hold_next_day(signal: pd.Series) -> pd.Series:
    """Turn what is known after the close of a day into the position of the next day.

    Parameters
    ----------
    signal : Series of shape (n_days,)
        Wanted position, as a share of the wealth: 1 is all, −1 sold short; computed
        with prices up to the day's own close.

    Returns
    -------
    Series of shape (n_days,)
        No position on the first day, nor where the signal is missing.

    Examples
    --------
    >>> hold_next_day(pd.Series([1.0, -1.0, 1.0])).tolist()
    [0.0, 1.0, -1.0]
    """
    if not isinstance(signal, pd.Series):
        raise ValueError(f"signal must be a Series, got {type(signal).__name__}")
    return signal.astype(float).shift(1).fillna(0.0)


class SharpeRatio(NamedTuple):
    """An annualised Sharpe ratio with its uncertainty.

    Attributes
    ----------
    ratio : float
        Mean over deviation of a year's returns.
    standard_error : float
    low, high : float
        95 % interval.
    """

    ratio: float
    standard_error: float
    low: float
    high: float


def sharpe_ratio(
    returns: Any, periods: int = YEAR, lags: int | None = None
) -> SharpeRatio:
    """Return the annualised Sharpe ratio and its standard error by Lo's formulas.

    Parameters
    ----------
    returns : array of shape (n_days,)
        Above the riskless rate; at least 30.
    periods : int, default=252
        Periods of a year.
    lags : int, optional
        By default the returns count as independent and normal: the ratio of a day is
        multiplied by √periods, its variance is (1 + SR² / 2) / n. With ``lags`` the
        first autocorrelations enter both, and skewness and kurtosis the error.

    Raises
    ------
    ValueError
        If there are too few returns, one is not finite, or all are equal.

    References
    ----------
    .. [1] Lo (2002), "The Statistics of Sharpe Ratios", Financial Analysts Journal
       58(4).

    Examples
    --------
    >>> returns = np.tile([0.02, -0.01], 120)
    >>> round(sharpe_ratio(returns, periods=12).ratio, 3)
    1.155
    """
    values = as_sample(returns, "returns", 30)
    check_count(periods, "periods")
    if np.ptp(values) == 0:
        raise ValueError("returns must vary: a Sharpe ratio divides by their deviation")
    daily = values.mean() / values.std()
    if lags is None:
        scale, variance = math.sqrt(periods), 1 + daily**2 / 2
    else:
        check_count(lags, "lags", minimum=0, maximum=len(values) - 2)
        scale = _annual_factor(values, periods, lags)
        variance = _ratio_variance(values, lags)
    ratio = float(scale * daily)
    error = float(scale * math.sqrt(variance / len(values)))
    half = float(stats.norm.ppf(0.975)) * error
    return SharpeRatio(ratio, error, ratio - half, ratio + half)


def _annual_factor(values: np.ndarray, periods: int, lags: int) -> float:
    """Return what a day's ratio is multiplied by: √periods without autocorrelation."""
    centred = values - values.mean()
    total = float(periods)
    for k in range(1, min(lags, periods - 1) + 1):
        correlation = centred[k:] @ centred[:-k] / (centred @ centred)
        total += 2 * (periods - k) * correlation
    if total <= 0:
        raise ValueError(
            f"lags must leave a year's variance positive, got {lags}; use fewer"
        )
    return periods / math.sqrt(total)


def _ratio_variance(values: np.ndarray, lags: int) -> float:
    """Return n times the variance of mean / deviation, by the delta method.

    The long-run variance of each day's influence on the ratio, with Bartlett's
    weights, which keep it positive.
    """
    deviation = values.std()
    z = (values - values.mean()) / deviation
    ratio = values.mean() / deviation
    influence = z - ratio * (z**2 - 1) / 2
    total = influence @ influence
    for k in range(1, lags + 1):
        total += 2 * (1 - k / (lags + 1)) * (influence[k:] @ influence[:-k])
    return float(total / len(values))


@dataclass(frozen=True)
class Backtest:
    """The days of a trading rule.

    Attributes
    ----------
    gross, net : Series of shape (n_days,)
        Returns before and after costs.
    turnover : Series of shape (n_days,)
        Share of the wealth traded each day: |position − position of the day before|.
    """

    gross: pd.Series
    net: pd.Series
    turnover: pd.Series

    @property
    def equity(self) -> pd.Series:
        """Wealth at the end of each day, of 1 at the start."""
        return (1 + self.net).cumprod()

    @property
    def drawdown(self) -> pd.Series:
        """Loss since the highest wealth so far, as a share of it; 0 at a new high."""
        # The start counts as a high: a rule that only loses has its loss from there.
        return 1 - self.equity / self.equity.cummax().clip(lower=1.0)

    def sharpe(self, periods: int = YEAR, lags: int | None = None) -> SharpeRatio:
        """Return the Sharpe ratio of the net returns; see `sharpe_ratio`."""
        return sharpe_ratio(self.net, periods, lags)

    def summary(self, periods: int = YEAR) -> pd.Series:
        """Return the figures of a report, a year's unless they say otherwise.

        ``return`` (geometric), ``volatility``, ``sharpe`` and its ``standard error``,
        ``worst drawdown`` of all days, and ``turnover`` (1: the wealth traded once).
        """
        ratio = self.sharpe(periods)
        years = len(self.net) / periods
        return pd.Series(
            {
                "return": self.equity.iloc[-1] ** (1 / years) - 1,
                "volatility": self.net.std() * math.sqrt(periods),
                "sharpe": ratio.ratio,
                "standard error": ratio.standard_error,
                "worst drawdown": self.drawdown.max(),
                "turnover": self.turnover.sum() / years,
            }
        )


def run_backtest(
    positions: pd.Series, returns: pd.Series, cost: float = 0.0
) -> Backtest:
    """Hold a position each day and pay for every change of it.

    Parameters
    ----------
    positions : Series of shape (n_days,)
        Share of the wealth held during day t, decided on what was known at the end of
        day t − 1; `hold_next_day` makes it from a signal.
    returns : Series of shape (n_days,)
        Simple (not log) returns from the close of t − 1 to that of t; same index.
    cost : float, default=0.0
        Paid per unit of turnover, as a share: 0.001 is ten basis points.

    Returns
    -------
    Backtest

    Raises
    ------
    ValueError
        If the indexes differ or do not rise, a number is not finite, a return is below −1, or the
        rule loses more than everything.

    Examples
    --------
    >>> days = pd.Series([1.0, -1.0])
    >>> run_backtest(days, pd.Series([0.0, 0.0]), cost=0.01).net.tolist()
    [-0.01, -0.02]
    """
    for name, days in (("positions", positions), ("returns", returns)):
        if not isinstance(days, pd.Series):
            raise ValueError(f"{name} must be a Series, got {type(days).__name__}")
    if not positions.index.equals(returns.index):
        raise ValueError(
            "positions and returns must have the same index, "
            f"got {len(positions)} and {len(returns)} rows"
        )
    if not (returns.index.is_monotonic_increasing and returns.index.is_unique):
        raise ValueError("returns must be sorted by time without duplicate days")
    check_number(cost, "cost")
    for name, values in (("positions", positions), ("returns", returns)):
        if not np.isfinite(values.to_numpy(dtype=float)).all():
            raise ValueError(f"{name} must be finite on every day")
    if (returns < -1).any():
        raise ValueError(
            f"returns must be simple returns of at least -1, got {returns.min()}; "
            "are they log returns or per cent?"
        )
    turnover = positions.diff().fillna(positions).abs()
    gross = positions * returns
    net = gross - cost * turnover
    if (net <= -1).any():
        day = net.index[np.flatnonzero(net <= -1)[0]]
        raise ValueError(f"the rule must keep some wealth, but lost all on {day}")
    return Backtest(gross, net, turnover)
