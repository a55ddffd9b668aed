"""The chapter's pictures."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlmastery.bookkit import palette


def gallery(
    images: Sequence[np.ndarray] | np.ndarray,
    titles: Sequence[str] = (),
    columns: int = 6,
    width: float = 6.4,
) -> Figure:
    """Show images in rows, each below its title, and return the figure."""
    rows = -(-len(images) // columns)
    side = width / columns
    height = rows * (side + (0.3 if titles else 0.05))
    fig, axes = plt.subplots(rows, columns, figsize=(width, height), squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for i, image in enumerate(images):
        show(axes.flat[i], image, titles[i] if titles else "")
    return fig


def show(ax: Axes, image: np.ndarray, title: str = "") -> None:
    """Draw one image, grey or in colour, on the full range of its bytes."""
    top = 255 if image.dtype == np.uint8 else 1.0
    ax.imshow(image, cmap="gray", vmin=0, vmax=top)
    ax.set_title(title, fontsize=8)
    ax.set_axis_off()


def heat(ax: Axes, image: np.ndarray, evidence: np.ndarray, title: str = "") -> Any:
    """Draw an image with a map of evidence over it: orange for dog, violet for cat."""
    side = image.shape[1], image.shape[0]
    limit = np.abs(evidence).max() or 1.0
    ax.imshow(image, cmap="gray", vmin=0, vmax=255)
    shown = ax.imshow(
        evidence,
        cmap="PuOr_r",
        vmin=-limit,
        vmax=limit,
        alpha=0.75,
        extent=(-0.5, side[0] - 0.5, side[1] - 0.5, -0.5),
        interpolation="bilinear",
    )
    ax.set_title(title, fontsize=8)
    ax.set_axis_off()
    return shown


def plot_history(axes: Sequence[Axes], history: dict[str, list[float]]) -> None:
    """Draw loss and accuracy of an epoch, learned from and watched."""
    epochs = np.arange(1, len(history["loss"]) + 1)
    for ax, key in zip(axes, ("loss", "accuracy"), strict=True):
        ax.plot(epochs, history[key], label="learned from")
        ax.plot(epochs, history[f"val_{key}"], "--", label="watched")
        ax.set(xlabel="epoch", ylabel=key)
    axes[0].legend()


def plot_scores(ax: Axes, scores: pd.DataFrame) -> None:
    """Draw one dot per seed and a line at the mean, one row per column of scores."""
    names = list(scores)[::-1]
    for i, name in enumerate(names):
        ax.plot(scores[name], np.full(len(scores), i), "o", alpha=0.6)
        ax.plot([scores[name].mean()] * 2, [i - 0.3, i + 0.3], color="0.3")
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.set_xlabel("accuracy")


def plot_curves(ax: Axes, curves: dict[str, pd.DataFrame]) -> None:
    """Draw mean accuracy against the number of images, with the range of the seeds."""
    styles = ("o-", "s--", "^:", "d-.")
    for (name, curve), style in zip(curves.items(), styles, strict=False):
        by_n = curve.groupby("n")["accuracy"]
        line = ax.plot(by_n.mean(), style, label=name)[0]
        ax.fill_between(
            by_n.mean().index, by_n.min(), by_n.max(), alpha=0.2, color=line.get_color()
        )
    ax.set(xscale="log", xlabel="training images", ylabel="accuracy")
    ax.legend()


def plot_intervals(
    ax: Axes,
    table: pd.DataFrame,
    label: str = "accuracy on the test set, with its 95 % interval",
) -> None:
    """Draw accuracies with their intervals, the first row on top."""
    table = table[::-1]
    at = np.arange(len(table))
    ends = [table["accuracy"] - table["low"], table["high"] - table["accuracy"]]
    ax.errorbar(table["accuracy"], at, xerr=np.array(ends), fmt="o", capsize=3)
    ax.set_yticks(at, list(table.index))
    ax.set_xlabel(label)


def plot_confusion(ax: Axes, counts: pd.DataFrame) -> None:
    """Draw a table of counts: the true class in the rows, the guess in the columns."""
    ax.imshow(counts, cmap="Blues", vmin=0, vmax=counts.to_numpy().max())
    for (i, j), count in np.ndenumerate(counts.to_numpy()):
        dark = count > counts.to_numpy().max() / 2
        colour = "white" if dark else "black"
        ax.text(j, i, count or "", ha="center", va="center", color=colour, fontsize=8)
    ax.set_xticks(range(len(counts.columns)), list(counts.columns), rotation=60)
    ax.set_yticks(range(len(counts)), list(counts.index))
    ax.set(xlabel="called", ylabel="is")
    ax.grid(False)


def plot_reliability(ax: Axes, tables: dict[str, pd.DataFrame]) -> None:
    """Draw observed frequency against stated probability, and the ideal."""
    ax.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    colours = (palette["vermillion"], palette["blue"])
    for (name, table), mark, colour in zip(
        tables.items(), ("o--", "s-"), colours, strict=True
    ):
        ax.plot(table["stated"], table["observed"], mark, label=name, color=colour)
    ax.set(xlabel="stated probability of a dog", ylabel="share of dogs")
    ax.legend()
