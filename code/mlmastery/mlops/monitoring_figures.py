"""Figures of the page on monitoring; each takes data and draws on given axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter

__all__ = [
    "plot_alert_timeline",
    "plot_cusum",
    "plot_day_tests",
    "plot_month_matrix",
    "plot_operating_curve",
    "plot_policies",
    "plot_psi_null",
    "plot_rejections",
    "plot_shares",
    "plot_story",
]

MARKS = {"alarm": "v", "gate": "s", "promoted": "^", "rolled back": "x"}


def _axes(ax: Axes | None) -> Axes:
    return plt.gca() if ax is None else ax


def plot_shares(reference: Any, current: Any, *, ax: Axes | None = None) -> Axes:
    """Draw the shares of two samples side by side, one pair a bin.

    Parameters
    ----------
    reference, current : array of shape (n_bins,)
        Counts.
    """
    ax = _axes(ax)
    a, b = np.asarray(reference, float), np.asarray(current, float)
    place = np.arange(len(a))
    ax.bar(place - 0.2, a / a.sum(), 0.4, label="reference")
    ax.bar(place + 0.2, b / b.sum(), 0.4, label="current")
    ax.set(xlabel="bin", ylabel="share of rows")
    ax.legend()
    return ax


def plot_psi_null(runs: Any, threshold: float, *, ax: Axes | None = None) -> Axes:
    """Draw the distribution of the index without drift, with two limits.

    Parameters
    ----------
    runs : array of shape (n_runs,)
    threshold : float
        Quantile of the theory.
    """
    ax = _axes(ax)
    ax.hist(np.minimum(runs, 0.79), bins=[i / 50 for i in range(41)], color="0.6")
    ax.axvline(0.1, ls="--", color="C1", label="rule of thumb, 0.1")
    ax.axvline(min(threshold, 0.79), color="C0", label="95 % quantile, theory")
    ax.set(xlim=(0, 0.8), xlabel="PSI without drift", ylabel="runs")
    ax.legend(loc="upper right")
    return ax


def plot_rejections(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw shares of alarms against the number of rows, one line a column.

    Parameters
    ----------
    table : DataFrame
        Indexed by the number of rows.
    """
    ax = _axes(ax)
    for name, marker in zip(table, "os^Dv", strict=False):
        ax.plot(table.index, table[name], marker=marker, label=name)
    ax.set(xscale="log", ylim=(-0.03, 1.03), xlabel="rows in each sample")
    ax.set_ylabel("share of runs with an alarm")
    ax.legend()
    return ax


def plot_day_tests(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the false-alarm rate of each feature by two tests.

    Parameters
    ----------
    table : DataFrame
        Indexed by feature, columns ``rows`` and ``days``.
    """
    ax = _axes(ax)
    place = np.arange(len(table))
    ax.plot(table["rows"], place, "o", label="rows independent")
    ax.plot(table["days"], place, "s", label="days exchanged")
    ax.axvline(0.05, ls=":", color="0.4")
    ax.set_yticks(place, list(table.index))
    ax.set(xlabel="share of shuffled week pairs with p ≤ 0.05", xlim=(-0.03, 1.03))
    ax.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1))
    return ax


def plot_month_matrix(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a number for each feature and month as shades with the number in it.

    Parameters
    ----------
    table : DataFrame
        Features in rows, months in columns.
    """
    ax = _axes(ax)
    values = np.log10(np.maximum(table.to_numpy(float), 1e-3))
    ax.imshow(values, cmap="Greys", vmin=-3, vmax=1.5, aspect="auto")
    ax.set_yticks(range(len(table)), list(table.index))
    ax.set_xticks(range(table.shape[1]), list(table.columns))
    ax.grid(False)
    for (i, j), value in np.ndenumerate(table.to_numpy(float)):
        colour = "white" if value > 0.5 else "black"
        ax.text(j, i, f"{value:.2f}", ha="center", va="center", color=colour, size=7)
    return ax


def plot_cusum(
    days: Any, levels: Any, limit: float = 1.0, *, ax: Axes | None = None
) -> Axes:
    """Draw the level of a chart by day, with its limit.

    Parameters
    ----------
    days : array of datetime64, shape (n_days,)
    levels : array of shape (n_days,)
    limit : float, default=1
    """
    ax = _axes(ax)
    ax.plot(days, levels)
    ax.axhline(limit, ls="--", color="C1")
    ax.set(ylabel="larger sum / limit", ylim=(0, None))
    return ax


def plot_operating_curve(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw days to detect against false alarms a month, one line a shift.

    Parameters
    ----------
    table : DataFrame
        As `operating_curve` returns it.
    """
    ax = _axes(ax)
    for (shift, rows), marker in zip(table.groupby("shift"), "os^Dv", strict=False):
        label = f"shift {shift:g} sd"
        ax.plot(rows["false_month"], rows["days"], marker=marker, label=label)
    ax.set(xlabel="false alarms in 30 days", ylabel="median days to detect")
    ax.set_ylim(0, None)
    ax.legend()
    return ax


def plot_alert_timeline(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw when each alert fired.

    Parameters
    ----------
    table : DataFrame
        As `replay_rules` returns it.
    """
    ax = _axes(ax)
    firing = table[table["change"] == "firing"]
    names = sorted(firing["alert"].unique())
    for place, name in enumerate(names):
        times = firing.loc[firing["alert"] == name, "time"]
        ax.plot(times, np.full(len(times), place), "|", ms=12, mew=2)
    ax.set_yticks(range(len(names)), names)
    ax.set(ylim=(-0.6, len(names) - 0.4))
    ax.xaxis.set_major_formatter(DateFormatter("%b"))
    return ax


def plot_story(
    days: pd.DataFrame, events: pd.DataFrame, *, axes: Any = None
) -> np.ndarray:
    """Draw the chart of a story above, its versions' losses below, with events.

    Parameters
    ----------
    days, events : DataFrame
        Of a `StoryResult`.
    axes : array of two Axes, optional
    """
    axes = plt.gcf().subplots(2, 1, sharex=True) if axes is None else axes
    plot_cusum(days.index, days["level"], ax=axes[0])
    for row, (what, marker) in enumerate(MARKS.items()):
        at = events.loc[events["what"] == what, "day"]
        height = np.full(len(at), 2.4 - 0.2 * row)
        axes[0].plot(at, height, marker, ls="", ms=5, label=what)
    axes[0].set_ylim(0, 2.6)
    axes[0].legend(ncols=4, loc="upper center", bbox_to_anchor=(0.5, 1.3))
    weekly = days["loss"].rolling(7, min_periods=1).mean()
    for version, part in weekly.groupby(days["version"]):
        axes[1].plot(part.index, part, label=f"v{version:g}")
    axes[1].set_ylabel("log loss, 7 days")
    axes[1].legend(ncols=6, fontsize=7)
    axes[1].xaxis.set_major_formatter(DateFormatter("%b"))
    return np.asarray(axes)


def plot_policies(
    intervals: Mapping[str, Any], label: str, *, ax: Axes | None = None
) -> Axes:
    """Draw intervals of differences, one line each.

    Parameters
    ----------
    intervals : mapping of str to interval
        Each with ``mean``, ``low`` and ``high``.
    label : str
        Of the horizontal axis.
    """
    ax = _axes(ax)
    for place, (_, found) in enumerate(intervals.items()):
        ax.plot([found.low, found.high], [place, place], color="C0")
        ax.plot(found.mean, place, "o", color="C0")
    ax.axvline(0, ls=":", color="0.4")
    ax.set_yticks(range(len(intervals)), list(intervals))
    ax.set(xlabel=label, ylim=(-0.5, len(intervals) - 0.5))
    return ax
