"""Technical indicators by hand, row by row equal to TA-Lib's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import as_sample, check_count, check_number, check_share

__all__ = [
    "bollinger_bands",
    "ema",
    "indicator_features",
    "macd",
    "rsi",
    "rsi_variants",
    "sma",
    "warm_up",
]


def sma(values: Any, period: int) -> np.ndarray:
    """Return the mean of the last ``period`` values, NaN in the first ``period - 1`` rows.

    Parameters
    ----------
    values : array of shape (n,)
    period : int

    Raises
    ------
    ValueError
        If a value is missing or ``period`` is not a positive whole number.

    Examples
    --------
    >>> sma([1.0, 2.0, 3.0], 2)
    array([nan, 1.5, 2.5])
    """
    series = as_sample(values, "values", 1)
    out = np.full(len(series), np.nan)
    if len(series) >= check_count(period, "period"):
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        out[period - 1 :] = windows.mean(axis=1)
    return out


def _smooth(values: np.ndarray, period: int, alpha: float) -> np.ndarray:
    """Return ``alpha x + (1 - alpha) last``, seeded by the mean of ``period`` values."""
    out = np.full(len(values), np.nan)
    if len(values) < period:
        return out
    level = values[:period].mean()
    out[period - 1] = level
    for row in range(period, len(values)):
        level = alpha * values[row] + (1 - alpha) * level
        out[row] = level
    return out


def ema(values: Any, period: int) -> np.ndarray:
    """Return the exponential moving average, seeded by the mean of the first rows.

    Parameters
    ----------
    values : array of shape (n,)
    period : int
        The weight of a new value is ``2 / (period + 1)``; the first ``period - 1`` rows
        are NaN.

    Raises
    ------
    ValueError
        If a value is missing or ``period`` is not a positive whole number.

    Examples
    --------
    >>> ema([1.0, 2.0, 2.0, 1.0], 4)
    array([nan, nan, nan, 1.5])
    """
    check_count(period, "period")
    return _smooth(as_sample(values, "values", 1), period, 2 / (period + 1))


def rsi(close: Any, period: int = 14) -> np.ndarray:
    """Return Wilder's relative strength index, from 0 to 100.

    Parameters
    ----------
    close : array of shape (n,)
    period : int, default=14
        The first ``period`` rows are NaN. The start is forgotten to one millionth after
        ``warm_up(1 / period)`` rows more.

    Returns
    -------
    ndarray of shape (n,)
        50 where no price of the window moved; TA-Lib writes 0 there.

    Raises
    ------
    ValueError
        If a value is missing or ``period`` is not a positive whole number.

    References
    ----------
    .. [1] Wilder (1978), "New Concepts in Technical Trading Systems", Trend Research.

    Examples
    --------
    >>> rsi([10.0, 11.0, 10.0, 12.0], period=2).round(1)
    array([ nan,  nan, 50. , 83.3])
    """
    check_count(period, "period")
    change = np.diff(as_sample(close, "close", 1))
    up = _smooth(np.maximum(change, 0), period, 1 / period)
    down = _smooth(np.maximum(-change, 0), period, 1 / period)
    return np.concatenate([[np.nan], _strength(up, down)])


def _strength(up: np.ndarray, down: np.ndarray) -> np.ndarray:
    moved = up + down
    share = np.divide(up, moved, out=np.full(len(up), 0.5), where=moved != 0)
    return 100 * np.where(np.isnan(moved), np.nan, share)


def rsi_variants(close: Any, period: int = 14) -> pd.DataFrame:
    """Return five series that are all called RSI, one column each.

    Parameters
    ----------
    close : array of shape (n,)
    period : int, default=14

    Returns
    -------
    DataFrame of shape (n, 5)
        ``Wilder``; pandas' ``ewm`` with ``alpha=1/period`` without (``ewm``) and with
        its correction of the start (``adjusted``); ``ewm`` with ``span=period``; plain
        means over the window (``means``). The first ``period`` rows are NaN.

    Examples
    --------
    >>> rsi_variants([10.0, 11.0, 10.0, 12.0], 2).iloc[-1].round(1).tolist()
    [83.3, 83.3, 81.8, 86.7, 66.7]
    """
    check_count(period, "period")
    change = pd.Series(as_sample(close, "close", 1)).diff()
    up, down = change.clip(lower=0), (-change).clip(lower=0)
    ways: dict[str, dict] = {
        "ewm": {"alpha": 1 / period, "adjust": False},
        "adjusted": {"alpha": 1 / period, "adjust": True},
        "span": {"span": period, "adjust": False},
    }
    table = {"Wilder": pd.Series(rsi(close, period))}
    for name, options in ways.items():
        a, b = up.ewm(**options).mean(), down.ewm(**options).mean()
        table[name] = pd.Series(_strength(a.to_numpy(), b.to_numpy()))
    a, b = up.rolling(period).mean(), down.rolling(period).mean()
    table["means"] = pd.Series(_strength(a.to_numpy(), b.to_numpy()))
    frame = pd.DataFrame(table)
    frame.iloc[:period] = np.nan
    return frame


def macd(
    close: Any, fast: int = 12, slow: int = 26, signal: int = 9
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the difference of two exponential averages, its average, and their gap.

    Parameters
    ----------
    close : array of shape (n,)
    fast, slow, signal : int, default=12, 26, 9
        Periods, ``fast`` below ``slow``.

    Returns
    -------
    line, signal_line, histogram : ndarray of shape (n,)
        All three begin in row ``slow + signal - 2``: 33 with the defaults. As in TA-Lib,
        the fast average is seeded so that it begins on the same day as the slow one.

    Raises
    ------
    ValueError
        If ``fast`` is not below ``slow``, or a value is missing.

    Examples
    --------
    >>> line, signal_line, histogram = macd(np.arange(40.0) ** 2)
    >>> int(np.isnan(line).sum())
    33
    """
    series = as_sample(close, "close", 1)
    if not check_count(fast, "fast") < check_count(slow, "slow"):
        raise ValueError(f"fast must be below slow, got {fast} and {slow}")
    check_count(signal, "signal")
    if len(series) < slow + signal - 1:  # no day has a value yet
        line, signal_line, histogram = np.full((3, len(series)), np.nan)
        return line, signal_line, histogram
    late = np.concatenate(
        [np.full(slow - fast, np.nan), ema(series[slow - fast :], fast)]
    )
    line = late[slow - 1 :] - ema(series, slow)[slow - 1 :]
    signal_line = ema(line, signal)
    line = np.where(np.isnan(signal_line), np.nan, line)
    pad = np.full(slow - 1, np.nan)
    parts = (line, signal_line, line - signal_line)
    line, signal_line, histogram = (np.concatenate([pad, x]) for x in parts)
    return line, signal_line, histogram


def bollinger_bands(
    close: Any, period: int = 20, width: float = 2.0, ddof: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return upper band, moving average and lower band.

    Parameters
    ----------
    close : array of shape (n,)
    period : int, default=20
        The first ``period - 1`` rows are NaN.
    width : float, default=2.0
        Standard deviations between average and band.
    ddof : int, default=0
        0 divides squares by ``period``, as Bollinger and TA-Lib do, 1 by one less.

    Raises
    ------
    ValueError
        If a value is missing or an argument out of its range.

    References
    ----------
    .. [1] Bollinger (2001), "Bollinger on Bollinger Bands", McGraw-Hill.

    Examples
    --------
    >>> upper, middle, lower = bollinger_bands([1.0, 3.0], period=2)
    >>> upper[1], middle[1], lower[1]
    (np.float64(4.0), np.float64(2.0), np.float64(0.0))
    """
    series = as_sample(close, "close", 1)
    check_count(ddof, "ddof", 0, check_count(period, "period") - 1)
    check_number(width, "width")
    middle, spread = sma(series, period), np.full(len(series), np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        spread[period - 1 :] = windows.std(axis=1, ddof=ddof)
    return middle + width * spread, middle, middle - width * spread


def warm_up(alpha: float, tolerance: float = 1e-6) -> int:
    """Return how many rows an exponential average needs to forget its start.

    After k rows the seed still has the weight ``(1 - alpha)**k``.

    Parameters
    ----------
    alpha : float
        Weight of a new value, between 0 and 1: ``1 / period`` for the RSI,
        ``2 / (period + 1)`` for the EMA.
    tolerance : float, default=1e-6
        The weight that the seed may keep.

    Examples
    --------
    >>> warm_up(1 / 14)
    187
    """
    check_share(alpha, "alpha")
    check_share(tolerance, "tolerance")
    return math.ceil(math.log(tolerance) / math.log(1 - alpha))


def indicator_features(returns: Any) -> np.ndarray:
    """Return five features of each evening, from returns up to that evening.

    Parameters
    ----------
    returns : array of shape (n,)
        Log returns in per cent.

    Returns
    -------
    ndarray of shape (n, 5)
        RSI-14 and position between the Bollinger bands (0 in the middle), MACD line and
        distance to the SMA-20 in per cent of the price, deviation of the last 21 returns.
        The first 33 rows have missing values.

    Examples
    --------
    >>> indicator_features(np.tile([1.0, -1.0], 30)).shape
    (60, 5)
    """
    series = as_sample(returns, "returns", 2)
    price = 100 * np.exp(np.cumsum(series) / 100)
    upper, middle, _ = bollinger_bands(price)
    band = upper - middle
    place = np.divide(price - middle, band, out=np.zeros(len(price)), where=band != 0)
    place[np.isnan(middle)] = np.nan
    moved = pd.Series(series).rolling(21).std().to_numpy()
    line = 100 * macd(price)[0] / price
    return np.column_stack(
        [rsi(price) / 100 - 0.5, place, line, 100 * (price / middle - 1), moved]
    )
