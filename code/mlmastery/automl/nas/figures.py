"""Figures of the pages on architecture search; all numbers are computed elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

__all__ = ["plot_curves", "plot_proxies", "plot_ranked", "plot_scatter"]


def plot_ranked(values: Any, low: Any, high: Any, *, ax: Axes) -> Axes:
    """Draw values from smallest to largest, with the range of each."""
    order = np.argsort(values)
    place = np.arange(len(order))
    ax.vlines(place, np.asarray(low)[order], np.asarray(high)[order], lw=1, alpha=0.5)
    ax.plot(place, np.asarray(values)[order], ".", ms=4)
    ax.set(xlabel="architecture, sorted", ylabel="validation accuracy")
    return ax


def plot_scatter(x: Any, y: Any, special: Any, *, ax: Axes, label: str) -> Axes:
    """Draw points, some of them marked."""
    x, y = np.asarray(x), np.asarray(y)
    ax.plot(x, y, ".", color="0.6", ms=5)
    ax.plot(x[special], y[special], "o", color="C3", ms=6, label=label)
    ax.legend(loc="lower right")
    return ax


def plot_proxies(tables: dict[str, pd.DataFrame], *, ax: Axes) -> Axes:
    """Draw the rank correlation of each proxy with its interval, a colour per table."""
    n = len(next(iter(tables.values())))
    for i, (label, table) in enumerate(tables.items()):
        y = np.arange(n)[::-1] + 0.15 - 0.3 * i
        ax.hlines(y, table["low"], table["high"], color=f"C{i}")
        ax.plot(table["tau"], y, "os"[i], color=f"C{i}", label=label)
    ax.axvline(0, color="0.5", lw=1)
    ax.set_yticks(np.arange(n)[::-1], next(iter(tables.values())).index)
    ax.set_xlabel("Kendall's tau")
    ax.legend(loc="lower left")
    return ax


def plot_curves(curves: dict[str, np.ndarray], *, ax: Axes) -> Axes:
    """Draw the mean of runs (rows) with two standard errors on both sides."""
    for (label, runs), style in zip(
        curves.items(), ("-", "--", "-.", ":"), strict=False
    ):
        mean = runs.mean(axis=0)
        error = runs.std(axis=0, ddof=1) / np.sqrt(len(runs))
        x = np.arange(1, len(mean) + 1)
        (line,) = ax.plot(x, mean, style, label=label)
        ax.fill_between(
            x, mean - 2 * error, mean + 2 * error, alpha=0.2, color=line.get_color()
        )
    ax.legend()
    return ax
