"""The chapter's figures: profit, survival, uplift."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mlmastery.bookkit import palette
from mlmastery.customer_churn.survival import SurvivalCurve

__all__ = [
    "plot_profit",
    "plot_qini",
    "plot_scores",
    "plot_survival",
]

COLOURS = ("blue", "vermillion", "green")
STYLES = ("-", "--", ":")


def plot_profit(
    curves: Mapping[str, pd.DataFrame], threshold: float, *, ax: Axes | None = None
) -> Axes:
    """Draw profit per customer against the threshold, one line per model."""
    ax = plt.gca() if ax is None else ax
    for (name, curve), style in zip(curves.items(), STYLES, strict=False):
        ax.plot(curve["threshold"], curve["profit"], style, label=name)
    ax.axvline(threshold, color="0.5", linestyle="-.", linewidth=1)
    ax.set(xlabel="threshold", ylabel="profit per customer (US$)", ylim=(-5, None))
    ax.legend()
    return ax


def plot_survival(
    curves: Mapping[str, SurvivalCurve], *, ax: Axes | None = None
) -> Axes:
    """Draw the share still there against months, with its interval."""
    ax = plt.gca() if ax is None else ax
    for (name, curve), key, style in zip(curves.items(), COLOURS, STYLES, strict=False):
        table = curve.table
        times = np.concatenate([[0.0], table.index, [curve.last]])
        shares = np.concatenate([[1.0], table["survival"]])
        steps = np.append(shares, shares[-1])
        ax.step(times, steps, style, where="post", color=palette[key], label=name)
        ax.fill_between(
            table.index,
            table["low"],
            table["high"],
            step="post",
            alpha=0.2,
            color=palette[key],
        )
    ax.set(xlabel="months with the company", ylabel="share still there", ylim=(0, 1.03))
    ax.legend()
    return ax


def plot_qini(curves: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the visits gained against the share written to, one line per ranking."""
    ax = plt.gca() if ax is None else ax
    for (name, curve), style in zip(curves.groupby("ranking"), STYLES, strict=False):
        ax.plot(curve["share"], curve["gain"], style, label=str(name))
    last = curves.groupby("ranking")["random"].max().mean()
    ax.plot([0, 1], [0, last], color="0.6", linewidth=1, label="at random")
    ax.set(xlabel="share of customers written to", ylabel="visits gained per customer")
    ax.legend()
    return ax


def plot_scores(
    left: np.ndarray, probability: np.ndarray, threshold: float, *, ax: Axes
) -> Axes:
    """Draw how many stayers and leavers have which probability, and the threshold."""
    bins = np.linspace(0, 1, 26).tolist()
    parts = [probability[left == 0], probability[left == 1]]
    colours = [palette["blue"], palette["vermillion"]]
    ax.hist(parts, bins, stacked=True, color=colours, label=["stayed", "left"])
    ax.axvline(threshold, color="black", linewidth=1.5)
    ax.axvspan(threshold, 1, color="0.5", alpha=0.15)
    ax.set(xlabel="predicted probability", ylabel="customers", xlim=(0, 1))
    ax.legend(loc="upper right")
    return ax
