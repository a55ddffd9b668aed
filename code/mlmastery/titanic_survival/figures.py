"""The chapter's figures: rates with intervals, differences, reasons."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mlmastery.bookkit import palette
from mlmastery.inference import wilson_interval
from mlmastery.titanic_survival.explain import PassengerPrediction

__all__ = [
    "plot_ablation",
    "plot_intervals",
    "plot_rates",
    "plot_reasons",
    "survival_rates",
]


def survival_rates(groups: pd.Series, survived: pd.Series) -> pd.DataFrame:
    """Return the share of survivors in each group, with a 95 % Wilson interval.

    Parameters
    ----------
    groups : Series of shape (n_passengers,)
    survived : Series of shape (n_passengers,)
        0 and 1, matched by index.

    Returns
    -------
    DataFrame
        One row per group: ``n``, ``rate``, ``low``, ``high``.

    Examples
    --------
    >>> rates = survival_rates(pd.Series(["a", "a", "b"]), pd.Series([1, 0, 1]))
    >>> rates["rate"].tolist()
    [0.5, 1.0]
    """
    counts = survived.groupby(groups).agg(["sum", "size"])
    ends = [wilson_interval(int(hits), int(n)) for hits, n in counts.to_numpy()]
    low, high = zip(*ends, strict=True)
    rate = counts["sum"] / counts["size"]
    columns = {"n": counts["size"], "rate": rate, "low": low, "high": high}
    return pd.DataFrame(columns, index=counts.index)


def plot_rates(
    rates: pd.DataFrame, ax: Axes | None = None, colour: str = "blue"
) -> Axes:
    """Draw each group's share of survivors as a dot with its interval.

    Parameters
    ----------
    rates : DataFrame
        From `survival_rates`.
    ax : Axes, optional
    colour : str, default="blue"
        Of the book's palette.

    Examples
    --------
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


def plot_intervals(
    table: pd.DataFrame, ax: Axes | None = None, shift: float = 0, **style: Any
) -> Axes:
    """Draw one difference per row with its interval, the first row on top.

    Parameters
    ----------
    table : DataFrame
        With the columns ``difference``, ``low`` and ``high``.
    ax : Axes, optional
    shift : float, default=0
        How far above its row each difference is drawn.
    **style
        For ``Axes.errorbar``.

    Examples
    --------
    >>> table = pd.DataFrame({"difference": [0.1], "low": [0.0], "high": [0.2]})
    >>> plot_intervals(table).get_xlabel()
    'percentage points'
    """
    ax = plt.gca() if ax is None else ax
    places = np.arange(len(table))[::-1]
    middle = table["difference"] * 100
    arms = [middle - table["low"] * 100, table["high"] * 100 - middle]
    ax.axvline(0, color="0.6", linewidth=1)
    look: dict[str, Any] = {"fmt": "o", "capsize": 3, **style}
    ax.errorbar(middle, places + shift, xerr=arms, **look)
    ax.set_yticks(places, [str(name) for name in table.index])
    ax.set(xlabel="percentage points", ylim=(-0.6, len(table) - 0.4))
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax


def plot_ablation(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
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
        plot_intervals(table[way], ax, shift=shift, markersize=4, **style)
    ax.legend(loc="lower right", fontsize="small")
    return ax


def plot_reasons(found: PassengerPrediction, ax: Axes | None = None) -> Axes:
    """Draw how the facts lead from the average prediction to this one.

    Parameters
    ----------
    found : PassengerPrediction
    ax : Axes, optional

    Examples
    --------
    >>> effects = pd.Series({"age": 0.2})
    >>> found = PassengerPrediction(True, 0.6, pd.Series(), effects, 0.4, ())
    >>> [float(x) for x in plot_reasons(found).get_xlim()]
    [0.0, 1.0]
    """
    ax = plt.gca() if ax is None else ax
    effects = found.reasons
    starts = found.average + np.concatenate([[0], np.cumsum(effects)[:-1]])
    places = np.arange(len(effects))[::-1]
    colours = [palette["blue" if e > 0 else "vermillion"] for e in effects]
    ax.barh(places, effects, left=starts, color=colours, height=0.6)
    for place, start, effect in zip(places, starts, effects, strict=True):
        right = max(start, start + effect)
        ax.text(right + 0.01, place, f"{effect:+.2f}", va="center", fontsize="small")
    for x, style in ((found.average, ":"), (found.probability, "-")):
        ax.axvline(x, color="0.4", linestyle=style, linewidth=1, zorder=0)
    ax.set_yticks(places, effects.index)
    ax.set(xlabel="probability of surviving", xlim=(0, 1))
    return ax
