"""The chapter's drawings; nothing is computed here.

>>> import pandas as pd
>>> plot_intervals_of({"linear": (0.1, 0.0, 0.2)}, xlabel="gain").get_xlabel()
'gain'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text

__all__ = [
    "plot_intervals_of",
    "plot_kinds",
    "plot_marks",
    "plot_noise_columns",
    "plot_routes",
    "plot_sweep",
    "plot_timeline",
]

KINDS = ("numeric", "binary", "category", "date", "dropped")
HATCHES = ("", "//", "..", "xx", "")
GREY = "0.85"


def plot_routes(
    routes: Mapping[str, Sequence[str]], ends: Sequence[str], *, ax: Axes | None = None
) -> Axes:
    """Draw a pipeline: a gate, a route of boxes for each kind of column, the ends.

    Parameters
    ----------
    routes : dict of sequences of str
        The steps of each kind of column.
    ends : sequence of str
        The steps behind the routes.
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    rows, width = len(routes), max(map(len, routes.values()))
    middle = (rows - 1) / 2
    gate = _box(ax, 0, middle, "gate")
    last = [
        _box(ax, width + 1 + column, middle, step) for column, step in enumerate(ends)
    ]
    for row, (kind, steps) in enumerate(routes.items()):
        texts = [f"{kind}:\n{steps[0]}", *steps[1:]]
        boxes = [_box(ax, 1 + c, rows - 1 - row, text) for c, text in enumerate(texts)]
        _join(ax, [gate, *boxes, *last[:1]])
    _join(ax, last)
    ax.set(xlim=(-0.5, width + len(ends) + 0.5), ylim=(-0.6, rows - 0.4))
    ax.axis("off")
    return ax


def _box(ax: Axes, x: float, y: float, text: str) -> Text:
    box = {"boxstyle": "round,pad=0.35", "facecolor": "none", "edgecolor": "C0"}
    return ax.text(x, y, text, ha="center", va="center", fontsize=8, bbox=box)


def _join(ax: Axes, boxes: Sequence[Text]) -> None:
    """Draw an arrow from the edge of each box to that of the next."""
    for first, second in pairwise(boxes):
        ends = {"patchA": first.get_bbox_patch(), "patchB": second.get_bbox_patch()}
        ax.annotate(
            "",
            second.get_position(),
            first.get_position(),
            arrowprops={"arrowstyle": "->", "shrinkA": 1, "shrinkB": 1, **ends},
        )


def plot_kinds(counts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many columns of each kind every table has.

    Parameters
    ----------
    counts : DataFrame of shape (n_tables, n_kinds)
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    left = np.zeros(len(counts))
    for number, kind in enumerate(KINDS):
        if kind in counts:
            values = counts[kind].to_numpy()
            ax.barh(
                counts.index,
                values,
                left=left,
                label=kind,
                hatch=HATCHES[number],
                color=GREY if kind == "dropped" else f"C{number}",
                edgecolor="black",
                linewidth=0.5,
            )
            left += values
    ax.set(xlabel="columns")
    ax.invert_yaxis()
    ax.legend(loc="lower right")
    return ax


def plot_intervals_of(
    intervals: Mapping[str, tuple[float, float, float]],
    *,
    xlabel: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw a mean with its interval per row, the first on top, and a line at zero.

    Parameters
    ----------
    intervals : dict of tuples
        Mean, low and high.
    xlabel : str
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    rows = np.arange(len(intervals))[::-1]
    mean, low, high = np.array(list(intervals.values()), dtype=float).T
    ax.errorbar(mean, rows, xerr=[mean - low, high - mean], fmt="o", capsize=3)
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set_yticks(rows, list(intervals))
    ax.set(xlabel=xlabel, ylim=(-0.6, len(intervals) - 0.4))
    return ax


def plot_sweep(sweep: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the outcome of each flipped byte by its position in the file.

    Parameters
    ----------
    sweep : DataFrame
        From `flip_sweep`.
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    names = ["zip", "reader", "harmless", "changed"]
    for row, name in enumerate(names):
        positions = sweep.loc[sweep["outcome"] == name, "position"]
        ax.plot(positions, np.full(len(positions), row), "|", markersize=12)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="position in the file (bytes)", ylim=(-0.6, len(names) - 0.4))
    return ax


def plot_timeline(runs: Mapping[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw the steps of several runs one after the other, cached ones hatched.

    Parameters
    ----------
    runs : dict of DataFrames
        The ``steps`` of a `RunReport` each.
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    for row, (name, steps) in enumerate(runs.items()):
        start = 0.0
        for number, step in enumerate(steps.itertuples()):
            ax.barh(
                name,
                step.seconds,
                left=start,
                color=f"C{number}",
                edgecolor="black",
                linewidth=0.5,
                hatch="///" * step.cached,
                label=step.Index if row == 0 else None,
            )
            start += step.seconds
    ax.set(xlabel="seconds")
    ax.invert_yaxis()
    ax.legend(loc="lower right", ncols=2)
    return ax


def plot_marks(
    table: pd.DataFrame, *, mark: Any = "caught", ax: Axes | None = None
) -> Axes:
    """Draw a table of marks: a filled square where a cell holds the mark.

    Parameters
    ----------
    table : DataFrame
    mark : object, default="caught"
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    rows, columns = np.nonzero((table == mark).to_numpy())
    ax.plot(columns, rows, "s", markersize=8)
    ax.set_xticks(range(table.shape[1]), list(table.columns), rotation=90)
    ax.set_yticks(range(table.shape[0]), list(table.index))
    ax.set(xlim=(-0.6, table.shape[1] - 0.4), ylim=(table.shape[0] - 0.4, -0.6))
    return ax


def plot_noise_columns(
    f_values: np.ndarray, chosen: np.ndarray, score: float, *, ax: Axes | None = None
) -> Axes:
    """Draw the F statistics of noise columns, and those that were chosen.

    Parameters
    ----------
    f_values : array of shape (n_features,)
    chosen : array of shape (k,)
        Their places.
    score : float
        Accuracy, written into the picture.
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    ax.hist(f_values, bins=[n / 2 for n in range(51)], color=GREY, edgecolor="0.6")
    ax.plot(f_values[chosen], np.full(len(chosen), 1.3), "v", color="C1", markersize=5)
    ax.text(24, 60, f"accuracy {score:.2f}", ha="right")
    ax.set(xlim=(0, 25), ylim=(0.8, 2000), yscale="log")
    ax.set(xlabel="F statistic of a noise column", ylabel="columns")
    return ax
