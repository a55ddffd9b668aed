"""Drawings of chapter 7; each takes data and an Axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .model import Explanation

__all__ = [
    "plot_effects",
    "plot_grades",
    "plot_idf",
    "plot_lengths",
    "plot_losses",
    "plot_scores",
    "plot_word_map",
]


def plot_effects(
    explanation: Explanation, *, k: int = 8, ax: Axes | None = None
) -> Axes:
    """Draw what the strongest words add to the log odds, one bar each."""
    ax = plt.gca() if ax is None else ax
    words = list(explanation.words.items())[:k][::-1]
    values = [effect for _, effect in words]
    colours = ["C0" if v > 0 else "C1" for v in values]
    ax.barh(range(len(words)), values, color=colours)
    ax.set_yticks(range(len(words)), [word for word, _ in words])
    ax.axvline(0, color="black", lw=0.8)
    ax.set(xlabel="added to the log odds")
    return ax


def plot_scores(scores: Any, *, ax: Axes | None = None) -> Axes:
    """Draw the distribution of human scores."""
    ax = plt.gca() if ax is None else ax
    ax.hist(
        np.asarray(scores, dtype=float),
        bins=np.linspace(-4, 4, 33).tolist(),
        color="C0",
    )
    ax.axvline(0, color="black", lw=0.8)
    ax.set(xlabel="mean human score", ylabel="sentences")
    return ax


def plot_idf(formulas: Mapping[str, Any], n: int, *, ax: Axes | None = None) -> Axes:
    """Draw inverse document frequency against document frequency, a line a formula."""
    ax = plt.gca() if ax is None else ax
    df = np.arange(1, n + 1)
    styles = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1))]
    for style, (name, formula) in zip(styles, formulas.items(), strict=False):
        ax.plot(df, formula(df, n), linestyle=style, label=name)
    ax.set(xlabel="texts with the term", ylabel="inverse document frequency")
    ax.set_xscale("log")
    ax.legend(frameon=False)
    return ax


def plot_losses(curves: Mapping[str, Any], *, ax: Axes | None = None) -> Axes:
    """Draw the training loss of each run against the epoch."""
    ax = plt.gca() if ax is None else ax
    for marker, (name, losses) in zip("os^vd", curves.items(), strict=False):
        ax.plot(range(1, len(losses) + 1), losses, marker=marker, label=name)
    ax.set(xlabel="epoch", ylabel="training loss (nats)")
    ax.set_xticks(range(1, max(map(len, curves.values())) + 1))
    ax.legend(frameon=False)
    return ax


def plot_grades(tables: Mapping[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw the share called good against the grade that people gave."""
    ax = plt.gca() if ax is None else ax
    for marker, (name, table) in zip("os^vd", tables.items(), strict=False):
        ax.plot(range(len(table)), table["share"], marker=marker, label=name)
    grades = [str(grade) for grade in next(iter(tables.values())).index]
    ax.set_xticks(range(len(grades)), grades)
    ax.set(xlabel="grade by people", ylabel="share called good", ylim=(0, 1))
    ax.legend(frameon=False)
    return ax


def plot_lengths(lengths: Any, pad_to: int, *, ax: Axes | None = None) -> Axes:
    """Draw how many sentences have which length, and the length of the padding."""
    ax = plt.gca() if ax is None else ax
    ax.hist(lengths, bins=list(range(0, pad_to + 2, 2)), color="C0")
    ax.axvline(pad_to, color="C1", ls="--")
    at = (pad_to - 1, 0.97)
    ax.annotate(
        "padded to", at, xycoords=ax.get_xaxis_transform(), ha="right", va="top"
    )
    ax.set(xlabel="tokens in the sentence", ylabel="sentences")
    return ax


def plot_word_map(
    points: np.ndarray, words: list[str], signs: Any, *, ax: Axes | None = None
) -> Axes:
    """Write words at their places in the plane; marks say which side they belong to."""
    ax = plt.gca() if ax is None else ax
    signs = np.asarray(signs)
    for sign, colour, marker in ((1, "C0", "o"), (-1, "C1", "x")):
        rows = signs == sign
        x, y = points[rows].T
        ax.scatter(x, y, c=colour, marker=marker, s=18)
    for place, word in zip(points, words, strict=True):
        ax.annotate(
            word, tuple(place), xytext=(3, 2), textcoords="offset points", fontsize=8
        )
    ax.set(xlabel="first component", ylabel="second component")
    return ax
