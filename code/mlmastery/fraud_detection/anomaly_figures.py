"""Figures of the page on anomalies; each takes data and draws on given axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

__all__ = [
    "plot_alarm_rates",
    "plot_by_scenario",
    "plot_cuts",
    "plot_daily",
    "plot_gains",
    "plot_lines",
    "plot_loss",
    "plot_paths",
    "plot_row_errors",
    "plot_score_plane",
]

MARKERS = "os^Dv*P"


def _axes(ax: Axes | None) -> Axes:
    return plt.gca() if ax is None else ax


def plot_cuts(X: Any, segments: Sequence[Any], *, ax: Axes | None = None) -> Axes:
    """Draw rows of two columns, the last as a star, and the cuts of a tree.

    Parameters
    ----------
    X : array of shape (n_rows, 2)
    segments : sequence of (depth, start, end)
        From ``cut_segments``.
    """
    ax = _axes(ax)
    X = np.asarray(X, float)
    ax.plot(*X[:-1].T, "o", ms=3, color="C0")
    ax.plot(*X[-1], "*", ms=11, color="C1")
    for depth, start, end in segments:
        line = [[start[0], end[0]], [start[1], end[1]]]
        ax.plot(*line, color="0.3", lw=max(0.5, 1.8 - 0.25 * depth))
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    return ax


def plot_paths(
    points: Any, exact: Any, simulated: Any, *, ax: Axes | None = None
) -> Axes:
    """Draw mean path lengths of points on a line, exact and of grown trees."""
    ax = _axes(ax)
    ax.plot(points, exact, "o", ms=8, mfc="none", label="exact")
    ax.plot(points, simulated, "x", label="mean of grown trees")
    ax.set(xlabel="point", ylabel="path length", ylim=(0, None))
    ax.legend()
    return ax


def plot_score_plane(
    score: Callable[[np.ndarray], np.ndarray],
    X: Any,
    *,
    limit: float = 8.0,
    ax: Axes | None = None,
) -> Axes:
    """Draw a score over a square as shades, with rows as points."""
    ax = _axes(ax)
    ticks = np.linspace(-limit, limit, 61)
    plane = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    values = score(plane).reshape(len(ticks), -1)
    extent = (-limit, limit, -limit, limit)
    picture = ax.imshow(values, origin="lower", extent=extent, cmap="Greys_r")
    ax.figure.colorbar(picture, ax=ax, label="score", shrink=0.8)
    ax.plot(*np.asarray(X, float).T, ".", ms=2, color="C1")
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    ax.grid(False)
    return ax


def plot_lines(
    table: pd.DataFrame, xlabel: str, ylabel: str, *, ax: Axes | None = None
) -> Axes:
    """Draw each column of a table against its index on logarithmic axes."""
    ax = _axes(ax)
    for name, marker in zip(table, MARKERS, strict=False):
        ax.plot(table.index, table[name], marker=marker, label=str(name))
    ax.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return ax


def plot_loss(
    history: Mapping[str, Sequence[float]], *, ax: Axes | None = None
) -> Axes:
    """Draw training and validation loss of each epoch."""
    ax = _axes(ax)
    epochs = np.arange(1, len(history["loss"]) + 1)
    ax.plot(epochs, history["loss"], label="training")
    ax.plot(epochs, history["val_loss"], ls="--", label="validation")
    ax.set(xlabel="epoch", ylabel="mean squared error", ylim=(0, None))
    ax.legend()
    return ax


def plot_row_errors(
    errors: Any, names: Sequence[str], n: int = 6, *, ax: Axes | None = None
) -> Axes:
    """Draw the columns with the largest errors of one row as bars."""
    ax = _axes(ax)
    errors = np.asarray(errors, float)
    order = np.argsort(-errors)[:n][::-1]
    ax.barh(range(n), errors[order])
    ax.set_yticks(range(n), [names[j] for j in order])
    ax.set_xlabel("squared error (squared deviations)")
    return ax


def plot_by_scenario(
    means: pd.DataFrame,
    low: pd.DataFrame,
    high: pd.DataFrame,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the average precision of each detector and scenario with its interval.

    Parameters
    ----------
    means, low, high : DataFrame
        Detectors in rows, scenarios in columns.
    """
    ax = _axes(ax)
    for j, (name, marker) in enumerate(zip(means, MARKERS, strict=False)):
        place = np.arange(len(means)) + 0.17 * (j - (means.shape[1] - 1) / 2)
        ax.hlines(place, low[name].clip(lower=0), high[name], color=f"C{j}")
        ax.plot(means[name], place, marker, color=f"C{j}", label=str(name))
    ax.set_yticks(range(len(means)), list(means.index))
    ax.invert_yaxis()
    ax.set(xlabel="average precision", xlim=(-0.02, 1.02))
    ax.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.4, 1))
    return ax


def plot_daily(
    table: pd.DataFrame, change: int, ylabel: str, *, ax: Axes | None = None
) -> Axes:
    """Draw a line for each column against the day, with a line at the change."""
    ax = _axes(ax)
    styles = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 2)))
    for name, style in zip(table, styles, strict=False):
        ax.plot(table.index, table[name], ls=style, label=str(name))
    ax.axvline(change - 0.5, color="0.4", lw=1)
    ax.set(xlabel="day", ylabel=ylabel)
    ax.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1))
    return ax


def plot_gains(gaps: Mapping[str, Any], xlabel: str, *, ax: Axes | None = None) -> Axes:
    """Draw paired differences with their intervals, and a line at zero."""
    ax = _axes(ax)
    for i, gap in enumerate(gaps.values()):
        ax.hlines(i, gap.low, gap.high, color="C0")
        ax.plot(gap.mean, i, "o", color="C0")
    ax.axvline(0, ls=":", color="0.4")
    ax.set_yticks(range(len(gaps)), list(gaps))
    ax.invert_yaxis()
    ax.set_xlabel(xlabel)
    return ax


def plot_alarm_rates(
    rates: pd.DataFrame,
    charts: Mapping[str, Any],
    change: int,
    *,
    axes: Sequence[Axes] | None = None,
) -> Sequence[Axes]:
    """Draw daily rates with the limits of their charts, one panel each."""
    if axes is None:
        axes = list(plt.subplots(len(charts), 1, sharex=True)[1])
    for ax, (name, chart) in zip(axes, charts.items(), strict=True):
        ax.plot(rates.index, rates[name], marker=".", lw=1)
        outside = (rates[name] > chart.high) | (rates[name] < chart.low)
        ax.plot(
            rates.index[outside],
            rates[name][outside],
            "o",
            ms=7,
            mfc="none",
            color="C1",
        )
        for limit in (chart.low, chart.high):
            ax.axhline(limit, ls="--", lw=1, color="0.4")
        ax.axvline(change - 0.5, color="0.4", lw=1)
        ax.set_ylabel(name)
    axes[-1].set_xlabel("day")
    return axes
