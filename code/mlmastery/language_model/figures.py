"""The chapter's pictures: what is likely next, who looks at whom, who learns faster."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from mlmastery.bookkit import palette
from mlmastery.language_model.transformer import Transformer


def visible(text: str) -> str:
    """Return a token as it can be read on an axis.

    Examples
    --------
    >>> visible(" "), visible("a"), visible(chr(10))
    ('blank', 'a', 'line end')
    """
    return {" ": "blank", "\n": "line end"}.get(text, text)


def plot_next(
    probabilities: Tensor, names: Sequence[str], ax: Axes, count: int = 8
) -> Axes:
    """Draw the likeliest next tokens as bars.

    Parameters
    ----------
    probabilities : Tensor of shape (V,)
        Of all tokens.
    names : sequence of str
        How to call them.
    ax : Axes
        Where to draw.
    count : int, default=8
        How many bars.

    Returns
    -------
    Axes
    """
    values, order = probabilities.topk(count)
    labels = [visible(names[i]) for i in order.tolist()]
    ax.barh(labels[::-1], values.flip(0).tolist())
    ax.grid(axis="y", visible=False)
    return ax


@torch.no_grad()
def attention_maps(model: Transformer, ids: Tensor) -> list[Tensor]:
    """Return the attention weights of every block for one sequence.

    Parameters
    ----------
    model : Transformer
        Whose attention to look at.
    ids : Tensor of int, shape (T,)
        The sequence.

    Returns
    -------
    list of Tensor, each of shape (heads, T, T)

    Examples
    --------
    >>> from mlmastery.language_model import TransformerConfig
    >>> model = Transformer(TransformerConfig(vocab_size=2, width=8, heads=2, layers=1))
    >>> attention_maps(model, torch.tensor([0, 1, 0]))[0].shape
    torch.Size([2, 3, 3])
    """
    seen: list[Tensor] = []
    layers: list[Any] = [block.attention for block in model.blocks]
    hooks = [
        layer.register_forward_pre_hook(
            lambda layer, inputs: seen.append(layer.weights(inputs[0])[0])
        )
        for layer in layers
    ]
    try:
        model(ids[None])
    finally:
        for hook in hooks:
            hook.remove()
    return seen


def plot_maps(maps: Sequence[Tensor], letters: str) -> Figure:
    """Draw the attention weights of every block (rows) and head (columns).

    Parameters
    ----------
    maps : sequence of Tensor, each of shape (heads, T, T)
        As `attention_maps` gives them.
    letters : str
        The T characters that were read.

    Returns
    -------
    Figure
    """
    rows, columns = len(maps), len(maps[0])
    fig, axes = plt.subplots(
        rows, columns, figsize=(3.1 * columns, 3.0 * rows), squeeze=False
    )
    ticks, labels = range(len(letters)), [c.replace("\n", "|") for c in letters]
    for i, j in np.ndindex(rows, columns):
        ax: Any = axes[i, j]
        ax.imshow(maps[i][j].numpy(), cmap="Blues", vmin=0, vmax=1)
        ax.set_xticks(ticks, labels, fontsize=7)
        ax.set_yticks(ticks, labels, fontsize=7)
        place = "first" if i == 0 else "last" if i == rows - 1 else "middle"
        ax.set_title(f"{place} block, head {j + 1}", fontsize=9)
        ax.grid(visible=False)
    return fig


def plot_losses(
    curves: Mapping[str, Any], levels: Mapping[str, float], ax: Axes
) -> Axes:
    """Draw validation loss against updates, with levels that do not learn.

    Parameters
    ----------
    curves : mapping of name to list of Point
        Histories of runs.
    levels : mapping of name to float
        Losses to compare with, in nats.
    ax : Axes
        Where to draw.

    Returns
    -------
    Axes
    """
    for name, history in curves.items():
        steps, losses = [p.step for p in history], [p.held_loss for p in history]
        ax.plot(steps, losses, "o-", markersize=3, label=name)
    styles = ("--", ":", "-.")
    for style, (name, level) in zip(styles, levels.items(), strict=False):
        ax.axhline(level, color="0.35", linestyle=style, linewidth=1, label=name)
    ax.set(xlabel="updates", ylabel="loss (nats per character)")
    ax.legend()
    return ax


def plot_race(race: pd.DataFrame, ax: Axes) -> Axes:
    """Draw loss against processor time, one line per model and seed.

    Parameters
    ----------
    race : DataFrame
        Rows of one text, as `recorded_race` gives them.
    ax : Axes
        Where to draw.

    Returns
    -------
    Axes
    """
    for model, colour in (("nanoGPT", "vermillion"), ("ours", "blue")):
        runs = race[race["model"] == model].groupby("seed")
        for i, (_, run) in enumerate(runs):
            label = model if i == 0 else None
            line: dict[str, Any] = {
                "color": palette[colour],
                "label": label,
                "markersize": 3,
            }
            ax.plot(run["cpu_seconds"], run["loss"], "o-", alpha=0.8, **line)
    ax.set(xlabel="processor time (s)", ylabel="validation loss (nats)")
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

    Returns
    -------
    Figure
    """
    fig, axes = plt.subplots(1, len(grids), figsize=(3.2 * len(grids), 2.9))
    ticks, labels = range(len(letters)), [visible(c) for c in letters]
    ax: Any
    for ax, (title, grid) in zip(np.atleast_1d(axes), grids.items(), strict=True):
        ax.imshow(grid.detach().numpy(), cmap="Blues", vmin=0, vmax=1)
        ax.set_xticks(ticks, labels, fontsize=8)
        ax.set_yticks(ticks, labels, fontsize=8)
        ax.set(xlabel="looked at", ylabel="asks", title=title)
        ax.grid(visible=False)
    return fig


BOXES = (  # from the bottom: text, shape that leaves it
    ("token numbers", "(B, T)"),
    ("table of vectors, positions", "(B, T, C)"),
    ("norm, attention", "(B, T, C)"),
    ("norm, feed-forward", "(B, T, C)"),
    ("norm", "(B, T, C)"),
    ("linear map", "(B, T, V): logits"),
)


def draw_stack(ax: Axes) -> Axes:
    """Draw the Transformer as a column of boxes with its two residual paths.

    Parameters
    ----------
    ax : Axes
        Where to draw.

    Returns
    -------
    Axes
    """
    ax.set(xlim=(0, 10), ylim=(-0.3, 6.6))
    ax.axis("off")
    frame: dict[str, Any] = {"facecolor": "none", "edgecolor": palette["blue"]}
    for level, (label, shape) in enumerate(BOXES):
        ax.add_patch(plt.Rectangle((3, level), 4, 0.6, **frame))
        ax.text(5, level + 0.3, label, ha="center", va="center")
        ax.text(7.2, level + 0.3, shape, va="center", fontsize=8)
        if level:
            ax.annotate(
                "", (5, level), (5, level - 0.4), arrowprops={"arrowstyle": "->"}
            )
    for level in (2, 3):  # around attention, around the feed-forward network
        xs, ys = (
            (5, 2.5, 2.5, 5),
            (level - 0.25, level - 0.25, level + 0.8, level + 0.8),
        )
        ax.plot(xs, ys, "--", color=palette["vermillion"], linewidth=1.2)
        ax.text(2.3, level + 0.25, "+", color=palette["vermillion"], ha="right")
    ax.plot((1.2, 1.2), (1.7, 3.9), color="0.4", linewidth=1)
    ax.text(1, 2.8, "block,\nL times", ha="right", va="center", fontsize=9)
    return ax


@torch.no_grad()
def token_share(model: Transformer, ids: Tensor) -> list[float]:
    """Return how much of each block's output differs from token to token.

    Parameters
    ----------
    model : Transformer
        Whose blocks to look at.
    ids : Tensor of int, shape (B, T)
        What it reads.

    Returns
    -------
    list of float
        One per block: 0 if all tokens have become one vector, at most 1.
    """
    x, shares = model.embed(ids), []
    for block in model.blocks:
        x = block(x)
        flat = x.flatten(0, 1)  # (B T, C)
        apart = (flat - flat.mean(dim=0)).square().sum()
        shares.append(float(apart / flat.square().sum()))
    return shares
