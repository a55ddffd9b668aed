"""The chapter's figures: probabilities, alignment, recall, token costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mlmastery.bookkit import palette

__all__ = [
    "plot_accuracy",
    "plot_alignment",
    "plot_anchors",
    "plot_probabilities",
    "plot_recall",
    "plot_shift",
    "plot_tokens",
    "plot_words",
]

STYLES = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D")


def plot_probabilities(probability: pd.Series, *, ax: Axes | None = None) -> Axes:
    """Draw one bar per language, in the order of the series, from 0 to 1."""
    ax = plt.gca() if ax is None else ax
    ax.bar(probability.index.astype(str), probability, color=palette["blue"])
    ax.set(ylim=(0, 1), ylabel="probability", xlabel="language")
    return ax


def plot_accuracy(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the accuracy of each column's model, one row of markers per language."""
    ax = plt.gca() if ax is None else ax
    rows = np.arange(len(table))[::-1]
    for name, marker in zip(table, MARKERS, strict=False):
        ax.plot(table[name], rows, marker, markersize=4, label=str(name))
    ax.set_yticks(rows, table.index.astype(str))
    ax.set(xlabel="accuracy", xlim=(-0.02, 1.02))
    ax.legend(loc="lower left")
    return ax


def plot_alignment(source: Any, target: Any, *, ax: Axes | None = None) -> Axes:
    """Draw pairs of points in the plane and a line between the two of each pair."""
    ax = plt.gca() if ax is None else ax
    X, Y = np.asarray(source), np.asarray(target)
    for a, b in zip(X, Y, strict=True):
        ax.plot(*np.transpose([a, b]), color="0.7", linewidth=1)
    ax.plot(*X.T, "o", color=palette["blue"], label="source")
    ax.plot(*Y.T, "s", color=palette["vermillion"], fillstyle="none", label="target")
    ax.axhline(0, color="0.85", linewidth=0.8, zorder=0)
    ax.axvline(0, color="0.85", linewidth=0.8, zorder=0)
    ax.set_aspect("equal")
    return ax


def plot_words(
    points: Mapping[str, Any],
    labels: Mapping[str, Sequence[str]],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the words of two languages in the plane, with a line between translations."""
    ax = plt.gca() if ax is None else ax
    (first, X), (second, Y) = points.items()
    looks = ((first, X, "o", "blue", -1), (second, Y, "s", "vermillion", 1))
    for a, b in zip(X, Y, strict=True):
        ax.plot(*np.transpose([a, b]), color="0.8", linewidth=1, zorder=0)
    for name, rows, marker, colour, side in looks:
        ax.plot(*np.transpose(rows), marker, color=palette[colour], label=name)
        for point, word in zip(rows, labels[name], strict=True):
            ax.annotate(
                word,
                point,
                xytext=(0, 6 * side),
                textcoords="offset points",
                ha="center",
                va="bottom" if side > 0 else "top",
                fontsize=8,
            )
    ax.margins(0.15)
    ax.legend()
    return ax


def plot_anchors(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of words translated right against the number of anchors."""
    ax = plt.gca() if ax is None else ax
    for (name, rows), style, marker in zip(
        table.groupby("anchors are", sort=False), STYLES, MARKERS, strict=False
    ):
        ax.plot(rows["n"], rows["right"], style, marker=marker, label=str(name))
    ax.set(xlabel="passages as anchors", ylabel="right at once", ylim=(-0.02, 1))
    ax.legend()
    return ax


def plot_recall(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw recall with its interval per language, by whether the encoder knew it."""
    ax = plt.gca() if ax is None else ax
    rows = np.arange(len(table))[::-1]
    for trained, colour, marker, name in (
        (True, "blue", "o", "in the encoder's training"),
        (False, "vermillion", "s", "not in it"),
    ):
        kept = (table["trained"] == trained).to_numpy()
        part = table[kept]
        arms = [part["recall"] - part["low"], part["high"] - part["recall"]]
        ax.errorbar(
            part["recall"],
            rows[kept],
            xerr=np.maximum(arms, 0),
            fmt=marker,
            color=palette[colour],
            capsize=3,
            label=name,
        )
    ax.set_yticks(rows, table.index.astype(str))
    ax.set(xlabel="recall@1", xlim=(0, 1.02))
    ax.legend(loc="lower right")
    return ax


def plot_tokens(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the tokens of each language, and its UTF-8 bytes, against English."""
    ax = plt.gca() if ax is None else ax
    rows = np.arange(len(table))[::-1]
    ax.barh(rows, table["ratio"], color=palette["blue"], label="tokens")
    shares = table["bytes"] / table.loc["en", "bytes"]
    ax.plot(shares, rows, "D", color="black", markersize=4, label="bytes")
    ax.axvline(1, color="0.5", linewidth=1)
    ax.set_yticks(rows, table.index.astype(str))
    ax.set(xlabel="times as many as in English")
    ax.legend()
    return ax


def plot_shift(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of neutral tweets in training and in test, one line a language."""
    ax = plt.gca() if ax is None else ax
    height = -np.inf  # of the label below: labels stand apart where lines end close
    for language, row in table.sort_values("neutral, test").iterrows():
        ends = [row["neutral, train"], row["neutral, test"]]
        height = max(ends[1], height + 0.025)
        ax.plot([0, 1], ends, "-o", color="0.55", markersize=3)
        ax.plot([1.02, 1.07], [ends[1], height], color="0.75", linewidth=0.8)
        ax.annotate(str(language), (1.08, height), fontsize=8, va="center")
    ax.set_xticks([0, 1], ["train", "test"])
    ax.set(ylabel="share of neutral tweets", xlim=(-0.1, 1.25))
    return ax
