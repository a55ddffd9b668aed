"""Drawings that need more than a few lines: maps and sorted bars."""

from typing import Any

import numpy as np
import pandas as pd

from mlmastery.bookkit import palette


def house_map(houses: pd.DataFrame, values: Any, ax: Any, **options: Any) -> Any:
    """Draw houses where they stand, coloured by a value, and return the points.

    Parameters
    ----------
    houses : DataFrame
        With ``longitude`` and ``latitude``.
    values : array of shape (n,)
    ax : Axes
    **options
        For ``Axes.scatter``, such as ``cmap``, ``vmin`` and ``vmax``.
    """
    options = {"s": 5, "linewidths": 0, "rasterized": True, **options}
    points = ax.scatter(houses["longitude"], houses["latitude"], c=values, **options)
    ax.set_aspect(1 / np.cos(np.radians(houses["latitude"].mean())))
    ax.set(xlabel="longitude", ylabel="latitude")
    ax.locator_params(nbins=4)
    return points


def scores_plot(scores: pd.DataFrame, ax: Any) -> Any:
    """Draw the folds' errors of several models as dots, with their means as bars."""
    for place, name in enumerate(scores.columns[::-1]):
        column = scores[name]
        ax.plot(column, np.full(len(column), place), "o", color="0.6", markersize=4)
        ax.plot(column.mean(), place, "|", color=palette["vermillion"], markersize=18)
    ax.set_yticks(range(scores.shape[1]), scores.columns[::-1])
    ax.set(xlabel="RMSLE of a fold", ylim=(-0.6, scores.shape[1] - 0.4))
    return ax


def bars(values: pd.Series, ax: Any, spread: pd.Series | None = None) -> Any:
    """Draw a series as horizontal bars, first entry on top."""
    turned = values.iloc[::-1]
    error = None if spread is None else spread.loc[turned.index]
    ax.barh(turned.index.astype(str), turned, xerr=error, color=palette["blue"])
    return ax


def curves_plot(grid: Any, curves: np.ndarray, ax: Any, n_shown: int = 60) -> Any:
    """Draw some rows' curves thinly and the mean of all thickly."""
    step = max(1, len(curves) // n_shown)
    ax.plot(grid, curves[::step].T, color="0.75", linewidth=0.6)
    ax.plot(grid, curves.mean(axis=0), color=palette["vermillion"], linewidth=2.5)
    return ax
