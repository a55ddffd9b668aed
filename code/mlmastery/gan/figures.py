"""Pictures of the chapter: grids of digits, the ring, curves of distance."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mlmastery.gan.ring import ring_centres

__all__ = ["plot_budgets", "plot_digits", "plot_ring"]

STYLES = ("-", "--", ":", "-.", (0, (5, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "^", "D", "v", "x")


def plot_digits(images: Any, n_columns: int = 10, *, ax: Axes | None = None) -> Axes:
    """Draw images of 28 x 28 in rows, as dark strokes on white.

    Parameters
    ----------
    images : array of shape (n, 28, 28)
        In [-1, 1].
    n_columns : int, default=10
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    images = np.asarray(images)
    blank = np.full((-len(images) % n_columns, 28, 28), -1.0)
    tiles = np.concatenate([images, blank]).reshape(-1, n_columns, 28, 28)
    picture = tiles.transpose(0, 2, 1, 3).reshape(-1, n_columns * 28)
    ax.imshow(picture, cmap="gray_r", vmin=-1, vmax=1, interpolation="none")
    ax.set_axis_off()
    return ax


def plot_ring(points: np.ndarray, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw points of a plane over the eight means of the ring."""
    ax = plt.gca() if ax is None else ax
    centres = ring_centres()
    ax.scatter(centres[:, 0], centres[:, 1], s=60, facecolors="none", edgecolors="0.5")
    ax.plot(*points.T, ".", markersize=2, rasterized=True)
    ax.set(xlim=(-4.5, 4.5), ylim=(-4.5, 4.5), aspect="equal", title=title)
    return ax


def plot_budgets(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the mean distance of each model against its CPU seconds, with all seeds.

    Parameters
    ----------
    table : DataFrame
        ``model``, ``seed``, ``budget`` and ``FD``.
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    looks = zip(STYLES, MARKERS, strict=True)
    for (name, part), (style, marker) in zip(
        table.groupby("model", sort=False), looks, strict=False
    ):
        means = part.groupby("budget")["FD"].mean()
        (line,) = ax.plot(means, linestyle=style, marker=marker, label=str(name))
        ax.plot(part["budget"], part["FD"], ".", color=line.get_color(), markersize=3)
    ax.set(xlabel="CPU seconds", ylabel="Fréchet distance", yscale="log")
    return ax
