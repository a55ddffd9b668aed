"""The chapter's pictures: probabilities, attention weights, losses, the stack."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from mlmastery.bookkit import palette
from mlmastery.bookkit.diagrams import arrow, blank, box
from mlmastery.language_model.attention import attention_weights
from mlmastery.renamed import renamed


def visible(text: str) -> str:
    """Return a token as it can be read on an axis.

    Examples
    --------
    >>> visible(" "), visible("a"), visible(chr(10))
    ('blank', 'a', 'line end')
    """
    return {" ": "blank", "\n": "line end"}.get(text, text)


def plot_next(
    probabilities: Tensor,
    names: Sequence[str],
    *,
    count: int = 8,
    ax: Axes | None = None,
) -> Axes:
    """Draw the probabilities, (V,), of the ``count`` likeliest next tokens as bars."""
    ax = plt.gca() if ax is None else ax
    values, order = probabilities.topk(count)
    labels = [visible(names[i]) for i in order.tolist()]
    ax.barh(labels[::-1], values.flip(0).tolist())
    ax.grid(axis="y", visible=False)
    return ax


def plot_maps(maps: Sequence[Tensor], letters: str) -> Figure:
    """Draw the attention weights of every block (rows) and head (columns).

    Parameters
    ----------
    maps : sequence of Tensor, each of shape (heads, T, T)
        As `attention_maps` gives them.
    letters : str
        The T characters that were read.
    """
    rows, columns = len(maps), len(maps[0])
    fig, axes = plt.subplots(
        rows, columns, figsize=(3.1 * columns, 3.0 * rows), squeeze=False
    )
    labels = [c.replace("\n", "|") for c in letters]
    for i, j in np.ndindex(rows, columns):
        ax: Any = axes[i, j]
        _plot_weights(maps[i][j], labels, fontsize=7, ax=ax)
        place = "first" if i == 0 else "last" if i == rows - 1 else "middle"
        ax.set_title(f"{place} block, head {j + 1}", fontsize=9)
    return fig


def _plot_weights(
    weights: Tensor, labels: Sequence[str], *, fontsize: float, ax: Axes
) -> None:
    ax.imshow(weights.detach().numpy(), cmap="Blues", vmin=0, vmax=1)
    ax.set_xticks(range(len(labels)), labels, fontsize=fontsize)
    ax.set_yticks(range(len(labels)), labels, fontsize=fontsize)
    ax.grid(visible=False)


def plot_losses(
    curves: Mapping[str, Any],
    levels: Mapping[str, float],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw validation loss against updates, with the losses of models as lines.

    Parameters
    ----------
    curves : mapping of name to list of Point
        Histories of runs.
    levels : mapping of name to float
        Losses to compare with, in nats.
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    for name, history in curves.items():
        steps, losses = [p.step for p in history], [p.validation_loss for p in history]
        ax.plot(steps, losses, "o-", markersize=3, label=name)
    styles = ("--", ":", "-.")
    for style, (name, level) in zip(styles, levels.items(), strict=False):
        ax.axhline(level, color="0.35", linestyle=style, linewidth=1, label=name)
    ax.set(xlabel="updates", ylabel="loss (nats per character)")
    ax.legend()
    return ax


RACERS = {
    "nanoGPT, published": "vermillion",
    "nanoGPT, tuned": "orange",
    "ours": "blue",
}


def plot_race(race: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw loss against processor time, one line per model and seed.

    Parameters
    ----------
    race : DataFrame
        Rows of one text, as `recorded_race` returns them; the loss of the model
        "counts" is drawn as a horizontal line.
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    for model, colour in RACERS.items():
        runs = race[race["model"] == model].groupby("seed")
        for i, (_, run) in enumerate(runs):
            line: dict[str, Any] = {
                "color": palette[colour],
                "label": model if i == 0 else None,
                "markersize": 3,
            }
            ax.plot(run["cpu_seconds"], run["loss"], "o-", alpha=0.8, **line)
    for level in race.loc[race["model"] == "counts", "loss"]:
        ax.axhline(level, color="0.35", linestyle="--", label="counts of four")
    ax.set(xlabel="processor time (s)", ylabel="loss (nats per character)")
    ax.legend()
    return ax


def plot_grids(grids: Mapping[str, Tensor], letters: str) -> Figure:
    """Draw square matrices of weights side by side, labelled by letters.

    Parameters
    ----------
    grids : mapping of title to Tensor of shape (T, T)
        Weights between 0 and 1.
    letters : str
        The T characters they belong to.
    """
    fig, axes = plt.subplots(1, len(grids), figsize=(3.2 * len(grids), 2.9))
    labels = [visible(c) for c in letters]
    ax: Any
    for ax, (title, grid) in zip(np.atleast_1d(axes), grids.items(), strict=True):
        _plot_weights(grid, labels, fontsize=8, ax=ax)
        ax.set(xlabel="key", ylabel="query", title=title)
    return fig


def draw_heads(*, ax: Axes | None = None) -> Axes:
    """Draw attention with two heads, from the vectors that enter to those that leave."""
    ax = blank(plt.gca() if ax is None else ax)
    colours = [palette["blue"], palette["vermillion"]]
    enter = box(ax, (0, 0), "vectors\n(T, C)", color="0.3")
    joined = box(ax, (8.6, 0), "side by side\n(T, C)", color="0.3")
    leave = box(ax, (11, 0), "mixed\n(T, C)", color="0.3")
    arrow(ax, joined, leave, "W")
    for head, (colour, y) in enumerate(zip(colours, (1.9, -1.9), strict=True), 1):
        made = [
            box(ax, (2.4, y + dy), f"{name}  (T, D)", color=colour)
            for name, dy in (("Q", 0.9), ("K", 0), ("V", -0.9))
        ]
        shares = box(ax, (4.9, y + 0.45), "softmax\n(T, T)", color=colour)
        summed = box(ax, (6.7, y), "sums of V\n(T, D)", color=colour)
        for part in made:
            arrow(ax, enter, part, color=colour)
        for part in made[:2]:
            arrow(ax, part, shares, color=colour)
        arrow(ax, made[2], summed, color=colour)
        arrow(ax, shares, summed, color=colour)
        arrow(ax, summed, joined, color=colour)
        ax.text(4.9, y + 1.3, f"head {head}", ha="center", color=colour, fontsize=9)
    ax.set(xlim=(-0.8, 11.8), ylim=(-3.3, 3.6))
    return ax


def draw_attention(
    x: Tensor, w_q: Tensor, w_k: Tensor, w_v: Tensor, *, ax: Axes | None = None
) -> Axes:
    """Draw how the last of three vectors attends, with every number on the way.

    Parameters
    ----------
    x : Tensor of shape (3, 2)
        One row a token.
    w_q, w_k, w_v : Tensor of shape (2, 2)
        Make queries, keys and values of it: ``q = x @ w_q``.
    ax : Axes, optional
    """
    ax = blank(plt.gca() if ax is None else ax)
    q, k, v = x[-1] @ w_q, x @ w_k, x @ w_v
    scores = k @ q / len(q) ** 0.5
    weights = attention_weights(q[None], k)[0]
    ask = box(ax, (5.2, -2.4), f"$q_3$ = {_row(q)}", color=palette["vermillion"])
    end = box(ax, (12.4, 2.05), f"output 3: sum\n{_row(weights @ v, 2)}", color="0.3")
    for i, (y, bend) in enumerate(((5.2, 0.35), (2.6, 0.34), (0.0, 0.0))):
        token = box(ax, (0, y), f"$x_{i + 1}$ = {_row(x[i])}", color="0.3")
        key = box(ax, (2.6, y + 0.55), f"$k_{i + 1}$ = {_row(k[i])}")
        value = box(ax, (2.6, y - 0.55), f"$v_{i + 1}$ = {_row(v[i])}", color=GREEN)
        score = box(ax, (5.2, y + 0.55), f"score {scores[i]:.2f}")
        weight = box(ax, (8.7, y + 0.55), f"weight {weights[i]:.2f}")
        arrow(ax, token, key)
        arrow(ax, token, value, color=GREEN)
        arrow(ax, key, score)
        arrow(ax, ask, score, color=palette["vermillion"], bend=bend)
        arrow(ax, score, weight)
        part = box(
            ax, (8.7, y - 0.55), f"share {_row(weights[i] * v[i], 2)}", color=GREEN
        )
        arrow(ax, value, part, color=GREEN)
        arrow(ax, weight, part)
        arrow(ax, part, end, color=GREEN)
    arrow(ax, token, ask, color=palette["vermillion"])
    ax.set(xlim=(-1.2, 13.7), ylim=(-3, 6.4))
    return ax


GREEN = palette["green"]


def _row(vector: Tensor, digits: int = 0) -> str:
    return "(" + ", ".join(f"{number:.{digits}f}" for number in vector.tolist()) + ")"


STACK = (  # from the bottom: text, shape that leaves it; "+" adds what went past
    ("token numbers", "(B, T)"),
    ("table of vectors, positions", "(B, T, C)"),
    ("norm", ""),
    ("attention", "(B, T, C)"),
    ("+", ""),
    ("norm", ""),
    ("feed-forward", "(B, T, C)"),
    ("+", "(B, T, C)"),
    ("norm", "(B, T, C)"),
    ("linear map", "(B, T, V): logits"),
)


def draw_stack(*, ax: Axes | None = None) -> Axes:
    """Draw the Transformer as a column of boxes with its two residual paths."""
    ax = plt.gca() if ax is None else ax
    ax.set(xlim=(0, 10), ylim=(-0.5, len(STACK) - 0.4))
    ax.axis("off")
    middle: dict[str, Any] = {"ha": "center", "va": "center"}
    adding: dict[str, Any] = {"color": palette["vermillion"], "linewidth": 1.2}
    for level, (label, shape) in enumerate(STACK):
        ax.text(7.2, level, shape, va="center", fontsize=8)
        ax.text(5, level, label, **middle, fontsize=9)
        if level:
            arrow = {"arrowstyle": "->", "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", (5, level - 0.3), (5, level - 0.7), arrowprops=arrow)
        if label != "+":
            frame: dict[str, Any] = {"facecolor": "none", "edgecolor": palette["blue"]}
            ax.add_patch(plt.Rectangle((3, level - 0.3), 4, 0.6, **frame))
            continue
        ax.plot(5, level, "o", markersize=13, markerfacecolor="none", **adding)
        ax.plot((5, 2.3, 2.3), (level - 2.5, level - 2.5, level), "--", **adding)
        past = {"arrowstyle": "->", "linestyle": "--", "shrinkB": 7, **adding}
        ax.annotate("", (5, level), (2.3, level), arrowprops=past)
    ax.add_patch(plt.Rectangle((1.9, 1.4), 7.1, 6.1, facecolor="none", edgecolor="0.6"))
    ax.text(1.7, 4.5, "block,\nL times", ha="right", va="center", fontsize=9)
    return ax


__getattr__ = renamed(
    __name__,
    {
        name: f"mlmastery.language_model.inspection.{name}"
        for name in ("attention_maps", "token_share")
    },
)
