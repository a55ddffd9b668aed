"""The chapter's figures: prices, indicators, folds, networks, equity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mlmastery.bookkit import palette
from mlmastery.stock_prices.autocorrelation import white_noise_bound
from mlmastery.stock_prices.race import r_squared

__all__ = [
    "plot_correlogram",
    "plot_folds",
    "plot_history",
    "plot_lines",
    "plot_network",
    "plot_shift",
]

STYLES = ("-", "--", ":", "-.")


def plot_lines(
    lines: Mapping[str, Any], x: Any = None, *, ax: Axes | None = None, **style: Any
) -> Axes:
    """Draw one line per name, told apart by dashes as well as by colour."""
    ax = plt.gca() if ax is None else ax
    look = {"linewidth": 1.1, **style}
    for k, (name, values) in enumerate(lines.items()):
        where = np.arange(len(values)) if x is None else x
        ax.plot(where, values, STYLES[k % len(STYLES)], label=name, **look)
    if len(lines) > 1:
        ax.legend()
    return ax


def plot_correlogram(
    values: np.ndarray, n: int, *, ax: Axes | None = None, **labels: Any
) -> Axes:
    """Draw correlations from lag 1 on, with the bound of white noise of n values."""
    ax = plt.gca() if ax is None else ax
    lags = np.arange(1, len(values))
    ax.axhspan(-white_noise_bound(n), white_noise_bound(n), color="0.85")
    ax.vlines(lags, 0, values[1:], color=palette["blue"])
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set(**labels)
    return ax


def plot_folds(
    folds: Sequence[tuple[np.ndarray, np.ndarray]], *, ax: Axes | None = None
) -> Axes:
    """Draw the rows of each fold: training and test parts, gaps left white."""
    ax = plt.gca() if ax is None else ax
    for k, (train, test) in enumerate(folds):
        first = k == 0
        for rows, key, name in ((train, "blue", "train"), (test, "vermillion", "test")):
            ax.plot(
                rows,
                np.full(len(rows), k),
                "s",
                color=palette[key],
                markersize=4,
                label=name if first else None,
            )
    ax.set(xlabel="row", ylabel="fold", yticks=range(len(folds)))
    ax.set_ylim(len(folds) - 0.5, -0.8)  # the first fold on top
    ax.legend(loc="upper right", ncols=2)
    return ax


def plot_shift(
    actual: np.ndarray, forecast: np.ndarray, shift: int, *, ax: Axes
) -> Axes:
    """Draw a price and a forecast moved back by some days, with their R² above."""
    n = len(actual) - shift
    moved = forecast[shift:]
    share = r_squared(actual[:n], moved)
    ax.plot(actual, color="black", linewidth=1.2, label="actual")
    ax.plot(np.arange(n), moved, "--", color=palette["vermillion"], label="forecast")
    ax.set(xlabel="trading day", ylabel="index points", title=f"R² {share:.3f}")
    ax.legend(loc="upper right")
    return ax


def plot_history(
    history: Mapping[str, Sequence[float]], *, ax: Axes | None = None
) -> Axes:
    """Draw training and validation loss after each epoch."""
    ax = plt.gca() if ax is None else ax
    names = {"loss": "training", "val_loss": "validation"}
    lines = {names[key]: values for key, values in history.items() if key in names}
    plot_lines(lines, np.arange(1, len(history["loss"]) + 1), ax=ax, marker="o")
    ax.set(xlabel="epoch", ylabel="mean squared error")
    return ax


def plot_network(layers: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw layers as boxes from left to right, with output shapes and parameters.

    Parameters
    ----------
    layers : DataFrame
        One row a layer: ``output`` (text) and ``parameters`` (number), named by index.
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    for k, (name, row) in enumerate(layers.iterrows()):
        text = f"{name}\n{row['output']}\n{row['parameters']:,} weights"
        box = {"boxstyle": "round,pad=0.5", "facecolor": "0.93", "edgecolor": "black"}
        ax.text(2 * k, 0, text, ha="center", va="center", bbox=box, fontsize=9)
        if k:
            arrow = {"arrowstyle": "->", "color": "black", "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", (2 * k - 0.68, 0), (2 * k - 1.32, 0), arrowprops=arrow)
    ax.set(xlim=(-1, 2 * len(layers) - 1), ylim=(-0.5, 0.5))
    ax.axis("off")
    return ax
