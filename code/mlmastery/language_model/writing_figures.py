"""Pictures of the second page: a tree of drafts, two masks, the cost of pieces."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlmastery.bookkit import palette
from mlmastery.bookkit.diagrams import box


def draw_tree(
    chances: Mapping[str, Mapping[str, float]],
    kept: Sequence[str],
    *,
    root: str = ".",
    ax: Axes | None = None,
) -> Axes:
    """Draw a tree of three words, with the probability of each beginning.

    Parameters
    ----------
    chances : mapping of str to mapping of str to float
        The chance of each word after the word before.
    kept : sequence of str
        Second words that the search keeps; the others are drawn dashed.
    root : str, default="."
        The word before the first.
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    ax.axis("off")
    seconds = [(a, b) for a in chances[root] for b in chances[a]]
    height = {pair: 2.0 * (len(seconds) - 1 - i) for i, pair in enumerate(seconds)}
    middle = float(np.mean(list(height.values())))
    ax.text(0, middle, "start", ha="center", va="center")
    for first, chance in chances[root].items():
        y = float(np.mean([height[p] for p in seconds if p[0] == first]))
        ax.plot((0.3, 1.7), (middle, y), color="0.4", linewidth=1)
        box(ax, (2, y), f"{first}\n{chance:.2f}", color="0.4", fontsize=8)
        for second, share in chances[first].items():
            _draw_branch(ax, y, height[first, second], second, chance * share, kept)
            _draw_leaf(ax, height[first, second], chance * share, chances[second])
    ax.set(xlim=(-0.5, 8.6), ylim=(-1, max(height.values()) + 1))
    return ax


def _draw_branch(
    ax: Axes, start: float, end: float, word: str, chance: float, kept: Sequence[str]
) -> None:
    color = palette["blue"] if word in kept else palette["vermillion"]
    style = "-" if word in kept else "--"
    ax.plot((2.4, 3.9), (start, end), style, color=color, linewidth=1.2)
    label = f"{word} {chance:.3f}"
    box(ax, (4.6, end), label, color=color, fontsize=8)


def _draw_leaf(ax: Axes, y: float, chance: float, after: Mapping[str, float]) -> None:
    word, share = max(after.items(), key=lambda item: item[1])
    ax.plot((5.4, 6.5), (y, y), color="0.4", linewidth=1)
    ax.text(6.6, y, f"{word} {chance * share:.3f}", va="center", fontsize=8)


def draw_masks(words: Sequence[str]) -> Figure:
    """Draw which word looks at which, with a causal mask and without a mask.

    Parameters
    ----------
    words : sequence of str
        The words of one sentence.
    """
    n = len(words)
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.1))
    grids = {"GPT: the past only": np.tri(n), "BERT: both sides": np.ones((n, n))}
    for ax, (title, grid) in zip(axes, grids.items(), strict=True):
        for row, column in np.argwhere(grid > 0):
            ax.add_patch(
                plt.Rectangle(
                    (column - 0.42, row - 0.42), 0.84, 0.84, color=palette["sky_blue"]
                )
            )
        ax.set_xticks(range(n), words, fontsize=8, rotation=45)
        ax.set_yticks(range(n), words, fontsize=8)
        ax.set(xlim=(-0.6, n - 0.4), ylim=(n - 0.4, -0.6), aspect="equal")
        ax.set(title=title, xlabel="is looked at")
        ax.grid(visible=False)
    axes[0].set_ylabel("looks")
    return fig


def plot_gaps(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of gaps filled against updates, a line for each model.

    Parameters
    ----------
    table : DataFrame
        With model, updates, seed and accuracy.
    ax : Axes, optional
    """
    ax = plt.gca() if ax is None else ax
    styles = ("o-", "s--", "^-.", "D:")
    for style, (name, rows) in zip(styles, table.groupby("model"), strict=False):
        means = rows.groupby("updates")["accuracy"].mean()
        ax.plot(means.index, 100 * means, style, label=name, markersize=4)
    ax.set(xscale="log", xlabel="updates", ylabel="gaps filled (%)")
    ax.set_xticks(sorted(table["updates"].unique()))
    ax.set_xticklabels([f"{n:,}" for n in sorted(table["updates"].unique())])
    ax.minorticks_off()
    ax.legend()
    return ax
