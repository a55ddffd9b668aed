"""The chapter's figures: rates with intervals, differences, reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mlmastery.bookkit import palette
from mlmastery.bookkit.diagrams import arrow, blank, box
from mlmastery.bookkit.plots import plot_intervals
from mlmastery.renamed import renamed
from mlmastery.titanic_survival.explain import PassengerPrediction

__all__ = [
    "plot_ablation",
    "plot_bagging",
    "plot_differences",
    "plot_log_loss",
    "plot_rates",
    "plot_reasons",
]


def plot_rates(
    rates: pd.DataFrame, *, colour: str = "blue", ax: Axes | None = None
) -> Axes:
    """Draw each group's share of survivors as a dot with its interval.

    Parameters
    ----------
    rates : DataFrame
        From `survival_rates`.
    colour : str, default="blue"
        Of the book's palette.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from mlmastery.titanic_survival import survival_rates
    >>> rates = survival_rates(pd.Series(["a", "b"]), pd.Series([1, 0]))
    >>> [float(y) for y in plot_rates(rates).get_ylim()]
    [0.0, 1.05]
    """
    ax = plt.gca() if ax is None else ax
    places = np.arange(len(rates))
    arms = [rates["rate"] - rates["low"], rates["high"] - rates["rate"]]
    ax.errorbar(places, rates["rate"], arms, fmt="o", color=palette[colour], capsize=3)
    labels = [f"{name}\n{n}" for name, n in zip(rates.index, rates["n"], strict=True)]
    ax.set_xticks(places, labels)
    ax.set(ylabel="share of survivors", ylim=(0, 1.05), xlim=(-0.5, len(rates) - 0.5))
    return ax


def plot_differences(
    table: pd.DataFrame, *, ax: Axes | None = None, **style: Any
) -> Axes:
    """Draw one difference of accuracy per row with its interval, against zero.

    Parameters
    ----------
    table : DataFrame
        With the columns ``difference``, ``low`` and ``high``, as shares.
    ax : Axes, optional
    **style
        For `mlmastery.bookkit.plots.plot_intervals`.

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"difference": [0.1], "low": [0.0], "high": [0.2]})
    >>> plot_differences(table).get_xlabel()
    'percentage points'
    """
    ax = plt.gca() if ax is None else ax
    ax.axvline(0, color="0.6", linewidth=1)
    plot_intervals(table, value="difference", scale=100, ax=ax, **style)
    ax.set(xlabel="percentage points")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax


def plot_ablation(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw both measurements of each feature, one above the other.

    Parameters
    ----------
    table : DataFrame
        From `ablation`.
    ax : Axes, optional

    Examples
    --------
    >>> ends = ["difference", "low", "high"]
    >>> ways = ["added to the base", "kept among all"]
    >>> columns = pd.MultiIndex.from_product([ways, ends])
    >>> table = pd.DataFrame([[0.1, 0.0, 0.2] * 2], index=["Title"], columns=columns)
    >>> [label.get_text() for label in plot_ablation(table).get_yticklabels()]
    ['Title']
    """
    ax = plt.gca() if ax is None else ax
    looks = {
        "kept among all": ("s", "blue", -0.13),
        "added to the base": ("o", "orange", 0.13),
    }
    for way, (marker, colour, shift) in looks.items():
        style = {"fmt": marker, "color": palette[colour], "label": way}
        plot_differences(table[way], shift=shift, markersize=4, **style, ax=ax)
    ax.legend(loc="lower right", fontsize="small")
    return ax


def plot_reasons(prediction: PassengerPrediction, *, ax: Axes | None = None) -> Axes:
    """Draw the facts' contributions, from the average prediction to this one.

    Parameters
    ----------
    prediction : PassengerPrediction
    ax : Axes, optional

    Examples
    --------
    >>> effects = pd.Series({"age": 0.2})
    >>> prediction = PassengerPrediction(True, 0.6, pd.Series(), effects, 0.4, ())
    >>> [float(x) for x in plot_reasons(prediction).get_xlim()]
    [0.0, 1.0]
    """
    ax = plt.gca() if ax is None else ax
    effects = prediction.reasons
    starts = prediction.average + np.concatenate([[0], np.cumsum(effects)[:-1]])
    places = np.arange(len(effects))[::-1]
    colours = [palette["blue" if e > 0 else "vermillion"] for e in effects]
    ax.barh(places, effects, left=starts, color=colours, height=0.6)
    for place, start, effect in zip(places, starts, effects, strict=True):
        right = max(start, start + effect)
        ax.text(right + 0.01, place, f"{effect:+.2f}", va="center", fontsize="small")
    for x, style in ((prediction.average, ":"), (prediction.probability, "-")):
        ax.axvline(x, color="0.4", linestyle=style, linewidth=1, zorder=0)
    ax.set_yticks(places, effects.index)
    ax.set(xlabel="probability of surviving", xlim=(0, 1))
    return ax


__getattr__ = renamed(
    __name__, {"survival_rates": "mlmastery.titanic_survival.rates.survival_rates"}
)


def plot_log_loss(*, ax: Axes | None = None) -> Axes:
    """Draw the loss of a stated probability for a survivor and for a victim.

    Examples
    --------
    >>> ax = plot_log_loss()
    >>> [line.get_label() for line in ax.lines]
    ['survived: −log p', 'died: −log(1 − p)']
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    p = np.linspace(0.005, 0.995, 200)
    ax.plot(p, -np.log(p), color=palette["blue"], label="survived: −log p")
    ax.plot(p, -np.log(1 - p), color=palette["vermillion"], label="died: −log(1 − p)")
    ax.set(xlabel="stated probability p of surviving", ylabel="loss")
    ax.legend()
    return ax


def plot_bagging(
    samples: Sequence[Sequence[int]],
    probabilities: Sequence[float],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the way from the rows over resamples and trees to their average.

    Parameters
    ----------
    samples : sequence of sequences of int
        The row numbers that each tree was grown on.
    probabilities : sequence of float
        What each tree says about one new row.

    Examples
    --------
    >>> ax = plot_bagging([[1, 1, 3], [2, 3, 3]], [0.5, 1.0])
    >>> "average 0.75" in [t.get_text().replace(chr(10), " ") for t in ax.texts]
    True
    >>> plt.close(ax.figure)
    """
    ax = blank(plt.gca() if ax is None else ax)
    heights = np.arange(len(samples))[::-1] * 1.1
    middle = float(heights.mean())
    ax.set(xlim=(-1.2, 9.6), ylim=(-0.7, heights[0] + 0.7))
    rows = sorted({row for sample in samples for row in sample})
    n = max(len(samples[0]), rows[-1])
    start = box(ax, (0, middle), f"rows\n1 … {n}")
    trees = []
    for k, (sample, p, y) in enumerate(
        zip(samples, probabilities, heights, strict=True)
    ):
        drawn = box(ax, (3.1, y), " ".join(map(str, sorted(sample))))
        tree = box(ax, (6.4, y), f"tree {k + 1}: {p:.2f}", color=palette["green"])
        arrow(ax, start, drawn)
        arrow(ax, drawn, tree)
        trees.append(tree)
    mean = np.mean(probabilities)
    end = box(ax, (8.8, middle), f"average\n{mean:.2f}", color=palette["vermillion"])
    for tree in trees:
        arrow(ax, tree, end)
    return ax
