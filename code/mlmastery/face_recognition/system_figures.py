"""Figures of the running system: frames with names, error curves, ages, stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .figures import draw_face

__all__ = [
    "plot_ages",
    "plot_bars",
    "plot_det",
    "show_seen",
]


def show_seen(
    image: Any, seen: Sequence[Any], *, shrink: int = 1, ax: Axes | None = None
) -> Axes:
    """Show a frame with a box and a name for each face.

    Parameters
    ----------
    image : array of shape (height, width, 3)
    seen : sequence of Seen or dict
    shrink : int, default=1
        Show every ``shrink``-th pixel's mean, for small files.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = plt.gca() if ax is None else ax
    grey = np.asarray(image)[..., 0]
    height, width = (side // shrink * shrink for side in grey.shape)
    blocks = grey[:height, :width].reshape(
        height // shrink, shrink, width // shrink, shrink
    )
    small = (blocks.mean(axis=(1, 3)) // 8 * 8).astype(np.uint8)
    extent = (0, width, height, 0)
    ax.imshow(small, cmap="gray", vmin=0, vmax=255, extent=extent, interpolation="none")
    for face in seen:
        values = face if isinstance(face, Mapping) else vars(face)
        draw_face(ax, values["box"], values["name"] or "unknown")
    ax.set(xlim=(0, width), ylim=(height, 0))
    ax.set_axis_off()
    return ax


def plot_det(curves: Mapping[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw misses against false alarms, one line for each curve."""
    ax = plt.gca() if ax is None else ax
    for name, curve in curves.items():
        ax.plot(
            curve["false alarms"], curve["misses"], drawstyle="steps-post", label=name
        )
    ax.set(xscale="symlog", xlabel="false alarms (share of strangers)")
    ax.set_xscale("symlog", linthresh=0.01)
    ax.set(xlim=(0, 1), ylim=(0, None), ylabel="misses (share of enrolled)")
    ax.set_xticks([0, 0.01, 0.1, 1], ["0", "0.01", "0.1", "1"])
    ax.legend(fontsize=8)
    return ax


def plot_ages(tables: Mapping[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw the age of each answer against the time at which it is given."""
    ax = plt.gca() if ax is None else ax
    for name, table in tables.items():
        ax.plot(table["done"], table["age"], marker=".", ms=3, label=name)
    ax.set(xlabel="time of the answer (s)", ylabel="age of the answer (s)")
    ax.set(xlim=(0, None), ylim=(0, None))
    ax.legend(fontsize=8)
    return ax


def plot_bars(values: pd.Series, xlabel: str, *, ax: Axes | None = None) -> Axes:
    """Draw a horizontal bar for each entry, the first on top."""
    ax = plt.gca() if ax is None else ax
    ax.barh(values.index.astype(str), values)
    ax.invert_yaxis()
    ax.set(xlabel=xlabel)
    return ax
