"""Drawings of the chapter: poles, grids with values and arrows, learning curves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

__all__ = ["draw_pole", "plot_curve", "plot_grid"]

ARROWS = np.array([[-0.3, 0.0], [0.0, 0.3], [0.3, 0.0], [0.0, -0.3]])


def draw_pole(state: np.ndarray, *, ax: Axes) -> Axes:
    """Draw cart and pole of one state, in metres."""
    x, angle = float(state[0]), float(state[2])
    ax.axhline(0, color="0.6", linewidth=1)
    ax.axvline(-2.4, color="0.8", linewidth=1)
    ax.axvline(2.4, color="0.8", linewidth=1)
    ax.add_patch(Rectangle((x - 0.25, 0), 0.5, 0.25, color="0.3"))
    tip = x + np.sin(angle), 0.25 + np.cos(angle)
    ax.plot([x, tip[0]], [0.25, tip[1]], linewidth=4, solid_capstyle="round")
    ax.set(xlim=(-2.6, 2.6), ylim=(-0.1, 1.5), yticks=[], xlabel="position (m)")
    ax.set_aspect("equal")
    return ax


def plot_grid(
    values: np.ndarray,
    policy: np.ndarray,
    *,
    ax: Axes,
    moves: np.ndarray = ARROWS,
    hidden: Any = (),
    limits: tuple[float, float] | None = None,
    digits: int = 2,
) -> Axes:
    """Draw a table of state values with an arrow for the action of every state.

    ``moves`` holds an arrow for every action, (right, down); ``hidden`` lists states
    without an arrow, such as the goal. A cell whose value is NaN stays blank.
    """
    low, high = limits or (float(np.nanmin(values)), float(np.nanmax(values)))
    ax.imshow(values, cmap="Blues", vmin=low, vmax=high + 0.6 * (high - low))
    for (row, column), value in np.ndenumerate(values):
        state = row * values.shape[1] + column
        if np.isfinite(value):
            label = f"{value:.{digits}f}"
            ax.text(column, row - 0.28, label, ha="center", va="center")
        if state not in hidden:
            right, down = moves[policy.ravel()[state]]
            start = (column - right / 2, row + 0.15 - down / 2)
            arrow = {"arrowstyle": "->", "linewidth": 1.5}
            ax.annotate(
                "", (start[0] + right, start[1] + down), start, arrowprops=arrow
            )
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    return ax


def plot_curve(curve: pd.DataFrame, label: str, *, ax: Axes, **style: Any) -> Axes:
    """Draw the mean over seeds against the step, with its interval as a band."""
    steps = np.asarray(curve.index, float)
    (line,) = ax.plot(steps, curve["mean"], label=label, **style)
    ax.fill_between(
        steps,
        curve["low"],
        curve["high"],
        color=line.get_color(),
        alpha=0.2,
        linewidth=0,
    )
    ax.set(xlabel="environment steps")
    return ax
