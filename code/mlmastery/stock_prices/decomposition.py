"""Trend, season and rest of a series: the classical decomposition by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import as_sample, check_count

__all__ = ["centred_average", "decompose"]


def centred_average(values: Any, period: int) -> np.ndarray:
    """Return the mean of one whole season around each value, NaN at both ends.

    An even season has no middle row: its first and last row then count half.

    Examples
    --------
    >>> centred_average([1.0, 2.0, 3.0, 4.0, 5.0], 4)
    array([nan, nan,  3., nan, nan])
    """
    x = as_sample(values, "values", 1)
    weights = np.ones(check_count(period, "period", 2))
    if period % 2 == 0:
        weights = np.r_[0.5, np.ones(period - 1), 0.5]
    out, half = np.full(len(x), np.nan), len(weights) // 2
    if len(x) >= len(weights):
        out[half : len(x) - half] = np.convolve(x, weights / period, "valid")
    return out


def decompose(values: Any, period: int) -> pd.DataFrame:
    """Split a series into ``trend + season + rest``.

    Parameters
    ----------
    values : array of shape (n,)
        At least two whole seasons.
    period : int
        Rows of a season: 12 for months.

    Returns
    -------
    DataFrame of shape (n, 3)
        ``trend`` (NaN at both ends), ``season`` (sums to 0 over a season), ``rest``.
        The trend looks ahead by half a season: it describes, it must not forecast.

    Raises
    ------
    ValueError
        If there are fewer than two seasons.

    Examples
    --------
    >>> parts = decompose([1.0, 3.0, 2.0, 4.0, 3.0, 5.0], 2)
    >>> parts["season"].tolist()
    [-0.75, 0.75, -0.75, 0.75, -0.75, 0.75]
    """
    x = as_sample(values, "values", 2 * check_count(period, "period", 2))
    trend = centred_average(x, period)
    position = np.arange(len(x)) % period
    means = pd.Series(x - trend).groupby(position).mean().to_numpy()
    season = (means - means.mean())[position]
    return pd.DataFrame({"trend": trend, "season": season, "rest": x - trend - season})
