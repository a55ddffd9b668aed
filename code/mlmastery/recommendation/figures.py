"""The chapter's plots."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mlmastery.bookkit.figures import palette

__all__ = ["plot_cold_users", "plot_factors", "plot_long_tail", "plot_race"]


def plot_long_tail(counts: pd.Series, *, ax: Axes | None = None) -> Axes:
    """Draw ratings per film, most rated first, on logarithmic axes.

    Parameters
    ----------
    counts : Series
        Ratings of each film.
    """
    ax = plt.gca() if ax is None else ax
    falling = np.sort(counts.to_numpy())[::-1]
    ax.loglog(np.arange(1, len(falling) + 1), falling)
    ax.set(xlabel="rank of the film", ylabel="ratings")
    return ax


def plot_race(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw error against CPU seconds, one labelled dot per model.

    Parameters
    ----------
    table : DataFrame
        ``RMSE`` and ``seconds``, one row per model.
    """
    ax = plt.gca() if ax is None else ax
    ours = table.index.str.startswith("ours")
    for mask, colour in ((ours, "vermillion"), (~ours, "blue")):
        part = table[mask]
        ax.scatter(part["seconds"], part["RMSE"], color=palette[colour], zorder=3)
    for name, row in table.iterrows():
        ax.annotate(
            str(name),
            (row["seconds"], row["RMSE"]),
            xytext=(5, -11) if _has_dot_above(table, row) else (5, 4),
            textcoords="offset points",
            fontsize=8,
        )
    ax.set(xscale="log", xlabel="CPU seconds per fold", ylabel="RMSE (stars)")
    ax.margins(x=0.25, y=0.15)
    return ax


def _has_dot_above(table: pd.DataFrame, row: pd.Series) -> bool:
    """Say whether a slightly larger error, at like seconds, needs the place above."""
    higher = (table["RMSE"] - row["RMSE"]).between(1e-9, 0.005)
    near = (table["seconds"] / row["seconds"]).between(0.3, 5)
    return bool((higher & near).any())


def plot_factors(
    factors: np.ndarray,
    groups: Any,
    labels: dict[int, str] | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw films in the plane of two factors, coloured by group.

    Parameters
    ----------
    factors : ndarray of shape (n_films, 2)
    groups : sequence of str
        One per film.
    labels : dict of int to str, optional
        Films to name, by row.
    """
    ax = plt.gca() if ax is None else ax
    groups = np.asarray(groups)
    colours = (palette[name] for name in ("blue", "vermillion", "green", "purple"))
    for name, colour in zip(np.unique(groups), colours, strict=False):
        here = groups == name
        x, y = factors[here].T
        ax.scatter(x, y, s=12, color=colour, label=name)
    for row, text in (labels or {}).items():
        ax.annotate(text, factors[row], fontsize=7)
    ax.set(xlabel="factor 1", ylabel="factor 2")
    return ax


def plot_cold_users(
    tables: dict[str, pd.DataFrame], level: float, *, ax: Axes | None = None
) -> Axes:
    """Draw error against the number of ratings shown, with intervals.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Root mean squared errors: ``mean``, ``low``, ``high`` by number of ratings.
    level : float
        A horizontal line: the error of the films' means alone.
    """
    ax = plt.gca() if ax is None else ax
    for name, table in tables.items():
        arms = [table["mean"] - table["low"], table["high"] - table["mean"]]
        place = np.arange(len(table))
        ax.errorbar(place, table["mean"], yerr=arms, marker="o", capsize=3, label=name)
        ax.set_xticks(place, [str(n) for n in table.index])
    ax.axhline(level, color="black", linestyle=":", label="no rating seen")
    ax.set(xlabel="ratings seen of the new user", ylabel="error (stars)")
    ax.legend()
    return ax
