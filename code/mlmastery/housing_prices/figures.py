"""The chapter's figures: maps, scores of folds, sorted bars, curves."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mlmastery.bookkit import palette
from mlmastery.renamed import renamed

__all__ = [
    "plot_bars",
    "plot_curves",
    "plot_fold_scores",
    "plot_house_map",
    "plot_relative_errors",
    "plot_stages",
    "plot_sweep",
    "plot_waterfall",
]

LARGEST_SHOWN = 120  # per cent: a few errors are ten times as large


def plot_house_map(
    houses: pd.DataFrame, values: Any, *, ax: Axes | None = None, **style: Any
) -> Axes:
    """Draw houses on a map, coloured by a value.

    Parameters
    ----------
    houses : DataFrame
        With ``longitude`` and ``latitude``.
    values : array of shape (n,)
    ax : Axes, optional
    **style
        For ``Axes.scatter``, such as ``cmap``, ``vmin`` and ``vmax``.

    Returns
    -------
    Axes
        The points, for a colour bar, are its last collection.

    Examples
    --------
    >>> houses = pd.DataFrame({"longitude": [-93.6], "latitude": [42.0]})
    >>> plot_house_map(houses, [150]).get_ylabel()
    'latitude'
    """
    ax = plt.gca() if ax is None else ax
    style = {"s": 5, "linewidths": 0, "rasterized": True, **style}
    ax.scatter(houses["longitude"], houses["latitude"], c=values, **style)
    # A degree of longitude is shorter by this cosine: distances look right on paper.
    ax.set_aspect(1 / np.cos(np.radians(houses["latitude"].mean())))
    ax.set(xlabel="longitude", ylabel="latitude")
    ax.locator_params(nbins=4)
    return ax


def plot_fold_scores(scores: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the folds' errors of several models as dots, with their means as bars.

    Parameters
    ----------
    scores : DataFrame of shape (n_folds, n_models)
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> scores = pd.DataFrame({"ridge": [0.1, 0.2], "lasso": [0.3, 0.4]})
    >>> [label.get_text() for label in plot_fold_scores(scores).get_yticklabels()]
    ['lasso', 'ridge']
    """
    ax = plt.gca() if ax is None else ax
    for row, name in enumerate(scores.columns[::-1]):
        column = scores[name]
        ax.plot(column, np.full(len(column), row), "o", color="0.6", markersize=4)
        ax.plot(column.mean(), row, "|", color=palette["vermillion"], markersize=18)
    ax.set_yticks(range(scores.shape[1]), scores.columns[::-1])
    ax.set(xlabel="RMSLE of a fold", ylim=(-0.6, scores.shape[1] - 0.4))
    return ax


def plot_bars(
    values: pd.Series, *, spread: pd.Series | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a series as horizontal bars, the first entry on top.

    Parameters
    ----------
    values : Series
    spread : Series, optional
        Half the length of each bar's error bar, matched by index.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = plot_bars(pd.Series({"area": 2.0, "age": 1.0}))
    >>> [float(bar.get_width()) for bar in ax.patches]
    [1.0, 2.0]
    """
    ax = plt.gca() if ax is None else ax
    reversed_values = values.iloc[::-1]
    error = None if spread is None else spread.loc[reversed_values.index]
    labels = reversed_values.index.astype(str)
    ax.barh(labels, reversed_values, xerr=error, color=palette["blue"])
    return ax


def plot_waterfall(
    base: float, contributions: pd.Series, *, ax: Axes | None = None
) -> Axes:
    """Draw contributions as bars that start where the sum of those before ends.

    Parameters
    ----------
    base : float
        The prediction without any contribution.
    contributions : Series
        The first entry is drawn on top.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = plot_waterfall(12.0, pd.Series({"area": 0.3, "age": -0.1}))
    >>> [round(float(bar.get_x()), 1) for bar in ax.patches]
    [12.0, 12.3]
    """
    ax = plt.gca() if ax is None else ax
    ends = base + contributions.cumsum().to_numpy()
    starts = np.concatenate([[base], ends[:-1]])
    rows = np.arange(len(contributions))
    colours = np.where(contributions >= 0, palette["blue"], palette["vermillion"])
    ax.use_sticky_edges = False  # room beside both lines
    ax.barh(rows, contributions, left=starts, color=colours)
    ax.axvline(base, color="0.6", linewidth=0.8, linestyle="--")
    ax.axvline(ends[-1], color="black", linewidth=0.8)
    ax.set_yticks(rows, contributions.index)
    ax.invert_yaxis()
    return ax


def plot_relative_errors(
    prices: Any, per_cent: pd.DataFrame, *, axes: Any = None
) -> np.ndarray:
    """Draw errors in per cent against the price, one panel for each model.

    An error is -100 % at least; those above 120 % are triangles at the upper edge.

    Parameters
    ----------
    prices : array of shape (n,)
        In dollars.
    per_cent : DataFrame of shape (n, n_models)
    axes : array of Axes, optional
        One for each model.

    Returns
    -------
    ndarray of Axes

    Examples
    --------
    >>> axes = plot_relative_errors([1e5], pd.DataFrame({"a": [3.0], "b": [5.0]}))
    >>> [ax.get_title() for ax in axes]
    ['a', 'b']
    """
    if axes is None:
        axes = plt.subplots(1, per_cent.shape[1], sharey=True)[1]
    for ax, name in zip(axes, per_cent, strict=True):
        ax.plot(np.divide(prices, 1000), per_cent[name], "o", markersize=2)
        ax.axhline(0, color="black", linewidth=0.8)
        ax.set(title=name, xlabel="price (1,000 US$)", ylim=(-100, LARGEST_SHOWN))
        _mark_larger(ax, np.divide(prices, 1000), per_cent[name].to_numpy())
    axes[0].set_ylabel("error (%)")
    return axes


def _mark_larger(ax: Axes, x: np.ndarray, errors: np.ndarray) -> None:
    """Draw triangles at the upper edge for errors above it, and say how large they are."""
    above = errors > LARGEST_SHOWN
    if above.any():
        edge = np.full(above.sum(), LARGEST_SHOWN)
        ax.plot(x[above], edge, "^", clip_on=False, color=palette["vermillion"])
        text = f"{above.sum()} above, up to {errors.max():,.0f} %"
        ax.text(0.98, 0.95, text, transform=ax.transAxes, ha="right", va="top")


def plot_sweep(sweep: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw validation errors of several penalties against the columns kept.

    Parameters
    ----------
    sweep : DataFrame
        With columns ``penalty``, ``error`` and ``columns kept``.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> sweep = pd.DataFrame({"penalty": ["l"], "error": [0.1], "columns kept": [9]})
    >>> plot_sweep(sweep).lines[0].get_xdata().tolist()
    [9]
    """
    ax = plt.gca() if ax is None else ax
    parts = sweep.groupby("penalty", sort=False)
    for marker, (name, part) in zip(cycle("so^"), parts, strict=False):
        ax.plot(part["columns kept"], part["error"], marker + "-", label=name)
    ax.set(xlabel="columns kept", ylabel="RMSLE on the validation part")
    ax.legend()
    return ax


def plot_stages(
    x: Any, y: Any, grid: Any, curve: Any, *, ax: Axes | None = None
) -> Axes:
    """Draw points, and the prediction of a model of one column as steps.

    Parameters
    ----------
    x, y : array of shape (n,)
    grid, curve : array of shape (n_grid,)
        The prediction along the column.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_stages([1, 2], [3, 4], [1, 2], [3.5, 3.5]).lines[-1].get_ydata().tolist()
    [3.5, 3.5]
    """
    ax = plt.gca() if ax is None else ax
    ax.plot(x, y, "o", color="0.75", markersize=2, rasterized=True)
    ax.plot(grid, curve, color=palette["vermillion"], linewidth=2, drawstyle="steps")
    return ax


def plot_curves(
    grid: Any, curves: np.ndarray, *, n_shown: int = 60, ax: Axes | None = None
) -> Axes:
    """Draw some rows' curves as thin lines and the mean of all as a thick one.

    Parameters
    ----------
    grid : array of shape (n_grid,)
    curves : ndarray of shape (n_rows, n_grid)
        As `ice_curves` gives them; their mean is the partial dependence.
    n_shown : int, default=60
        About how many rows to draw.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = plot_curves([0, 1], np.array([[1.0, 2.0], [3.0, 4.0]]))
    >>> ax.lines[-1].get_ydata().tolist()
    [2.0, 3.0]
    """
    ax = plt.gca() if ax is None else ax
    step = max(1, len(curves) // n_shown)
    ax.plot(grid, curves[::step].T, color="0.75", linewidth=0.6)
    ax.plot(grid, curves.mean(axis=0), color=palette["vermillion"], linewidth=2.5)
    return ax


__getattr__ = renamed(
    __name__,
    {
        "bars": "mlmastery.housing_prices.figures.plot_bars",
        "curves_plot": "mlmastery.housing_prices.figures.plot_curves",
        "house_map": "mlmastery.housing_prices.figures.plot_house_map",
        "scores_plot": "mlmastery.housing_prices.figures.plot_fold_scores",
    },
)
