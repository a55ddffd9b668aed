"""Figures of the page on the running system; each draws what it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

__all__ = [
    "plot_alarm",
    "plot_arrivals",
    "plot_kills",
    "plot_lateness",
    "plot_log",
    "plot_orders",
    "plot_partitions",
    "plot_queue",
    "plot_race",
    "plot_risk",
    "plot_versions",
]

MARKERS = {"scorer-0": "v", "scorer-1": "^", "producer": "s"}
HATCHES = ("", "//", "..", "xx")


def _axes(ax: Axes | None) -> Axes:
    return plt.gca() if ax is None else ax


def plot_log(
    size: int,
    positions: Mapping[str, int],
    *,
    capacity: int = 12,
    ax: Axes | None = None,
) -> Axes:
    """Draw a log's events as boxes, and where each reader stands below them.

    Parameters
    ----------
    size : int
        Events in the log.
    positions : mapping of str to int
        Offset of the last event that each reader has finished.
    capacity : int, default=12
        Places drawn.
    """
    ax = _axes(ax)
    for place in range(1, capacity + 1):
        full = place <= size
        box = Rectangle((place - 0.45, 0), 0.9, 0.9, ec="C0", fill=False)
        box.set_linestyle("-" if full else ":")
        ax.add_patch(box)
        if full:
            ax.text(place, 0.45, str(place), ha="center", va="center", fontsize=9)
    for k, (name, at) in enumerate(positions.items()):
        y = -0.55 - 0.75 * k
        ax.plot([at + 0.5] * 2, [y + 0.25, 0.95], color=f"C{k + 1}", lw=2)
        ax.text(at + 0.5, y, f"{name}: {at}", ha="center", va="top", fontsize=9)
    ax.set(xlim=(-0.6, capacity + 1), ylim=(-2.1, 1.2))
    ax.set_axis_off()
    return ax


def plot_partitions(counts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the events of each partition, one bar a kind.

    Parameters
    ----------
    counts : DataFrame of shape (n_partitions, n_kinds)
    """
    ax = _axes(ax)
    place, width = np.arange(len(counts)), 0.8 / counts.shape[1]
    for k, name in enumerate(counts.columns):
        shift = (k - (counts.shape[1] - 1) / 2) * width
        ax.bar(place + shift, counts[name], width, label=name, hatch=HATCHES[k])
    ax.set(xlabel="partition", ylabel="events", xticks=place)
    ax.set_ylim(0, 1.3 * counts.to_numpy().max())
    ax.legend(ncols=counts.shape[1], loc="upper center")
    return ax


def plot_risk(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a terminal's frauds by day, and its risk as the stream knows it.

    Parameters
    ----------
    table : DataFrame
        Columns day, fraud and risk, a row for each transaction of the terminal.
    """
    ax = _axes(ax)
    ax.step(table["day"], table["risk"], where="post", label="risk known to the stream")
    for value, marker, name in ((1, "x", "fraud"), (0, ".", "genuine")):
        rows = table[table["fraud"] == value]
        ax.scatter(
            rows["day"], rows["fraud"], marker=marker, color=f"C{value + 1}", label=name
        )
    ax.set(xlabel="day", ylabel="risk, and label", ylim=(-0.08, 1.35))
    ax.legend(ncols=3, loc="upper center")
    return ax


def plot_arrivals(
    time: Any, arrived: Any, marks: Any, watermark: Any, *, ax: Axes | None = None
) -> Axes:
    """Draw event times against arrival, in hours, with the watermark as a line.

    Parameters
    ----------
    time, arrived : array of shape (n,)
        In the order of arrival, in hours.
    marks : array of bool, shape (n,)
        Late events.
    watermark : array of shape (n,)
        Behind each event.
    """
    ax = _axes(ax)
    time, arrived, marks = np.asarray(time), np.asarray(arrived), np.asarray(marks)
    ax.scatter(arrived[~marks], time[~marks], s=8, label="in time")
    ax.scatter(arrived[marks], time[marks], s=24, marker="x", color="C1", label="late")
    ax.step(arrived, watermark, where="post", color="C2", ls="--", label="watermark")
    ax.set(xlabel="arrival (hours)", ylabel="event time (hours)")
    ax.legend()
    return ax


def plot_lateness(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw shares of late and of changed rows against the wait, in minutes.

    Parameters
    ----------
    table : DataFrame
        Index minutes, one column a share.
    """
    ax = _axes(ax)
    for k, name in enumerate(table.columns):
        ax.plot(table.index, table[name], marker="os^"[k], label=name, ls="-:"[k])
    ax.set(xlabel="the buffer waits (minutes)", ylabel="share of transactions")
    ax.set_ylim(bottom=0)
    ax.legend()
    return ax


def plot_orders(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw rows lost and doubled for each order of the steps.

    Parameters
    ----------
    table : DataFrame
        Index order; columns lost and doubled.
    """
    ax = _axes(ax)
    place = np.arange(len(table))
    for k, name in enumerate(("lost", "doubled")):
        bars = ax.barh(place + 0.2 - 0.4 * k, table[name], 0.4, label=name)
        ax.bar_label(bars, padding=2, fontsize=8)
    ax.set(yticks=place, yticklabels=table.index, xlabel="rows")
    ax.set_xlim(0, 1.2 * table.to_numpy().max())
    ax.invert_yaxis()
    ax.legend()
    return ax


def plot_queue(
    utilisation: Any, formula: Any, points: Mapping[float, float], *, ax=None
) -> Axes:
    """Draw the mean time in the system by formula (line) and simulation (points)."""
    ax = _axes(ax)
    ax.plot(utilisation, formula, label="formula")
    ax.plot(list(points), list(points.values()), "o", label="simulated")
    ax.set(xlabel="utilisation", ylabel="time in the system\n(mean services)")
    ax.set(ylim=(0, None), xlim=(0, 1))
    ax.legend()
    return ax


def plot_versions(scores: pd.DataFrame, swap: int, *, ax: Axes | None = None) -> Axes:
    """Draw scores by offset, one marker a version, and the swap as a line."""
    ax = _axes(ax)
    for k, (version, rows) in enumerate(scores.groupby("version", sort=False)):
        ax.plot(rows["offset"], rows["score"], ".^"[k], ms=3, label=version)
    ax.axvline(swap, ymax=0.8, color="C2", ls="--", lw=1.5)
    ax.set(xlabel="offset", ylabel="score", ylim=(-0.03, 1.3))
    ax.legend(ncols=2, loc="upper center", markerscale=2)
    return ax


def plot_alarm(
    days: Sequence[int],
    alerts: Sequence[int],
    limits: tuple[float, float],
    alarms: Sequence[int],
    reference: tuple[int, int],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw alerts a day, the limits, the edges of the reference, and the alarms."""
    ax = _axes(ax)
    x, y = np.asarray(days), np.asarray(alerts)
    ax.plot(x, y, marker=".", label="alerts")
    for limit in limits:
        ax.axhline(limit, color="C1", ls="--", lw=1)
    for edge in reference:
        ax.axvline(edge - 0.5, color="C2", ls=":", lw=1.5)
    rang = np.isin(x, alarms)
    ax.plot(x[rang], y[rang], "v", color="C1", ms=8, label="alarm")
    ax.set(xlabel="day", ylabel="alerts a day")
    ax.set_ylim(bottom=0)
    ax.legend()
    return ax


def plot_kills(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw events written and events waiting over time, with the kills.

    Parameters
    ----------
    table : DataFrame
        Columns second, written, waiting and killed.
    """
    ax = _axes(ax)
    ax.plot(table["second"], table["written"], label="written")
    ax.plot(table["second"], table["waiting"], ls="--", label="waiting in the log")
    struck = table[table["killed"].fillna("") != ""]
    for row in struck.itertuples():
        marker = MARKERS[row.killed]
        ax.plot(row.second, row.written, marker, color="C2", ms=8, label=row.killed)
    ax.set(xlabel="seconds", ylabel="events")
    ax.legend(fontsize=8)
    return ax


def plot_race(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw events a second with the range of the rounds, on a logarithmic axis.

    Parameters
    ----------
    table : DataFrame
        Columns broker, batch, "a second", lowest and highest.
    """
    ax = _axes(ax)
    names = [f"{row.broker}, {row.batch}" for row in table.itertuples()]
    place, rate = np.arange(len(table)), table["a second"].to_numpy()
    low, high = rate - table["lowest"], table["highest"] - rate
    ax.errorbar(rate, place, xerr=[low, high], fmt="o", capsize=3)
    ax.set(xscale="log", xlabel="events a second", yticks=place, yticklabels=names)
    ticks = [2_000, 5_000, 10_000, 20_000, 50_000]
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()
    ax.invert_yaxis()
    return ax
