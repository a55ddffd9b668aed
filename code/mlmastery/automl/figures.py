"""The chapter's pictures: they draw what they are given and compute nothing.

>>> len(COLOURS) >= 6
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

__all__ = [
    "COLOURS",
    "plot_curves",
    "plot_densities",
    "plot_halving",
    "plot_posterior",
    "plot_projection",
    "plot_table",
]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#be8c00", "#3a9bd9", "#444444")
STYLES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)), "-")


def plot_projection(
    points: Mapping[str, np.ndarray], axes: Sequence[Axes]
) -> Sequence[Axes]:
    """Draw each set of points in the square, and their first coordinates below it."""
    for ax, (name, cloud) in zip(axes, points.items(), strict=True):
        ax.plot(*cloud.T, "o", color=COLOURS[0])
        ax.plot(cloud[:, 0], np.full(len(cloud), -0.12), "|", ms=12, color=COLOURS[1])
        ax.set(xlim=(-0.05, 1.05), ylim=(-0.2, 1.05), title=name)
        ax.set(xlabel="the setting that matters", ylabel="the other")
    return axes


def plot_posterior(
    x: np.ndarray,
    truth: np.ndarray,
    mean: np.ndarray,
    sd: np.ndarray,
    seen: tuple[np.ndarray, np.ndarray],
    gain: np.ndarray,
    axes: Sequence[Axes],
) -> Sequence[Axes]:
    """Draw a posterior with its observations, and the expected improvement below."""
    top, below = axes
    top.plot(x, truth, "k:", lw=1, label="true loss")
    top.plot(x, mean, color=COLOURS[0], label="mean")
    band = (mean - 2 * sd, mean + 2 * sd)
    top.fill_between(x, *band, color=COLOURS[0], alpha=0.2, label="two sd")
    top.plot(*seen, "o", color="black", ms=4)
    top.set(ylim=(-2.5, 3.0), ylabel="loss")
    below.fill_between(x, 0, gain / max(gain.max(), 1e-12), color=COLOURS[1], alpha=0.5)
    below.axvline(x[gain.argmax()], color=COLOURS[1], lw=1)
    below.set(ylim=(0, 1.1), xlabel="setting", ylabel="EI / max", yticks=[0, 1])
    return axes


def plot_densities(
    u: np.ndarray,
    good: np.ndarray,
    bad: np.ndarray,
    points: tuple[np.ndarray, np.ndarray],
    ax: Axes | None = None,
) -> Axes:
    """Draw the densities of good and bad configurations, and where each lies."""
    ax = plt.gca() if ax is None else ax
    for density, at, name, colour, y in (
        (good, points[0], "good", COLOURS[2], -0.15),
        (bad, points[1], "bad", COLOURS[1], -0.4),
    ):
        ax.plot(u, density, color=colour, label=name)
        ax.plot(at, np.full(len(at), y), "|", color=colour, ms=9)
    ax.plot(u, good / bad, "k--", lw=1, label="good / bad")
    ax.set(xlabel="share of the way", ylabel="density", xlim=(0, 1))
    ax.legend()
    return ax


def plot_curves(
    curves: pd.DataFrame, ax: Axes | None = None, ylabel: str = "normalised regret"
) -> Axes:
    """Draw one curve per row against the evaluations; the scale is logarithmic."""
    ax = plt.gca() if ax is None else ax
    looks = zip(curves.iterrows(), COLOURS, STYLES, strict=False)
    for (name, curve), colour, style in looks:
        ax.plot(curve.index, curve, color=colour, ls=style, label=str(name))
    ax.set(yscale="log", xlabel="evaluations", ylabel=ylabel)
    ax.legend(fontsize=8)
    return ax


def plot_table(losses: pd.DataFrame, ax: Axes | None = None) -> Any:
    """Draw losses as colours, one row per width, one column per penalty."""
    ax = plt.gca() if ax is None else ax
    image = ax.imshow(losses, aspect="auto", origin="lower", cmap="viridis_r", vmax=1)
    ax.set_xticks(range(0, losses.shape[1], 3), losses.columns[::3])
    ax.set_yticks(range(len(losses)), losses.index)
    ax.set(xlabel="penalty (power of 2)", ylabel="width (power of 2)")
    return plt.colorbar(image, ax=ax, label="loss")


def plot_halving(tried: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each configuration's loss against its budget; lines end where it is dropped."""
    ax = plt.gca() if ax is None else ax
    last = tried["rung"].max()
    for _, part in tried.groupby("place"):
        kept = part["rung"].max() == last
        colour, width = (COLOURS[1], 2.0) if kept else (COLOURS[0], 1.0)
        ax.plot(part["budget"], part["loss"], "o-", color=colour, lw=width, ms=3)
    budgets = sorted(tried["budget"].unique())
    ax.set(xscale="log", xlabel="budget (eighths of the rows)", ylabel="loss")
    ax.minorticks_off()
    ax.set_xticks(budgets, [str(b) for b in budgets])
    return ax
