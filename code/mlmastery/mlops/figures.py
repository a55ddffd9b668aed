"""The page's pictures: they draw what they are given and compute nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

__all__ = ["plot_latencies", "plot_lineage"]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
STYLES = ("-", "--", "-.", ":")


def plot_lineage(boxes: Mapping[str, str], *, ax: Axes | None = None) -> Axes:
    """Draw the way from a prediction to model, code and data, one box for each."""
    ax = plt.gca() if ax is None else ax
    places = dict(
        zip(boxes, ((0.1, 0.5), (0.42, 0.5), (0.8, 0.8), (0.8, 0.2)), strict=True)
    )
    for name, words in boxes.items():
        ax.text(
            *places[name],
            f"{name}\n{words}",
            ha="center",
            va="center",
            fontsize=8,
            bbox={"boxstyle": "round,pad=0.5", "fc": "none", "ec": COLOURS[0]},
        )
    ways = [((0.2, 0.5), (0.33, 0.5)), ((0.51, 0.56), (0.65, 0.8))]
    ways += [((0.51, 0.44), (0.65, 0.2)), ((0.8, 0.6), (0.8, 0.4))]
    for start, end in ways:
        arrow = {"arrowstyle": "->", "color": COLOURS[1]}
        ax.annotate("", xy=end, xytext=start, arrowprops=arrow)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    return ax


def plot_latencies(
    latencies: Mapping[str, Sequence[float]], *, ax: Axes | None = None
) -> Axes:
    """Draw the share of answers within a time, given in seconds, for each route."""
    ax = plt.gca() if ax is None else ax
    for (name, values), colour, style in zip(
        latencies.items(), COLOURS, STYLES, strict=False
    ):
        ordered = 1000 * np.sort(np.asarray(values))
        share = np.arange(1, len(ordered) + 1) / len(ordered)
        ax.step(ordered, share, where="post", color=colour, ls=style, label=name)
    ax.set(xscale="log", xlabel="milliseconds", ylabel="answered", ylim=(0, 1.02))
    ax.legend(frameon=False, fontsize=8)
    return ax
