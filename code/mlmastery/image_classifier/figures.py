"""The chapter's pictures: grids of images, evidence, training."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlmastery.renamed import renamed


def plot_images(
    images: Sequence[np.ndarray] | np.ndarray,
    titles: Sequence[str] = (),
    *,
    columns: int = 6,
    width: float = 6.4,
) -> Figure:
    """Draw images in rows, each below its title, and return the figure."""
    rows = -(-len(images) // columns)
    side = width / columns
    height = rows * (side + (0.3 if titles else 0.05))
    fig, axes = plt.subplots(rows, columns, figsize=(width, height), squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for i, image in enumerate(images):
        plot_image(image, title=titles[i] if titles else "", ax=axes.flat[i])
    return fig


def plot_image(image: np.ndarray, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw one image, grey or in colour, on the full range of its numbers."""
    ax = plt.gca() if ax is None else ax
    largest = 255 if image.dtype == np.uint8 else 1.0
    ax.imshow(image, cmap="gray", vmin=0, vmax=largest)
    ax.set_title(title, fontsize=8)
    ax.set_axis_off()
    return ax


def plot_evidence(
    image: np.ndarray,
    evidence: np.ndarray,
    *,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw an image below a map of evidence: orange for a dog, violet for a cat."""
    ax = plot_image(image, title=title, ax=ax)
    height, width = image.shape[:2]
    limit = np.abs(evidence).max() or 1.0
    ax.imshow(
        evidence,
        cmap="PuOr_r",
        vmin=-limit,
        vmax=limit,
        alpha=0.75,
        # The map has fewer positions than the image has pixels, and covers all of it.
        extent=(-0.5, width - 0.5, height - 0.5, -0.5),
        interpolation="bilinear",
    )
    return ax


def plot_history(
    history: Mapping[str, list[float]], *, axes: Sequence[Axes] | None = None
) -> Sequence[Axes]:
    """Draw loss and accuracy of each epoch, on training and on validation images."""
    axes = plt.subplots(1, 2)[1] if axes is None else axes
    epochs = np.arange(1, len(history["loss"]) + 1)
    for ax, key in zip(axes, ("loss", "accuracy"), strict=True):
        ax.plot(epochs, history[key], label="training")
        ax.plot(epochs, history[f"val_{key}"], "--", label="validation")
        ax.set(xlabel="epoch", ylabel=key)
    axes[0].legend()
    return axes


def plot_scores(scores: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw one dot per seed and a line at the mean, one row per column of scores."""
    ax = plt.gca() if ax is None else ax
    names = list(scores)[::-1]
    for i, name in enumerate(names):
        ax.plot(scores[name], np.full(len(scores), i), "o", alpha=0.6)
        ax.plot([scores[name].mean()] * 2, [i - 0.3, i + 0.3], color="0.3")
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.set_xlabel("accuracy")
    return ax


def plot_curves(curves: Mapping[str, pd.DataFrame], *, ax: Axes | None = None) -> Axes:
    """Draw mean accuracy against the number of images, with the range of the seeds."""
    ax = plt.gca() if ax is None else ax
    styles = ("o-", "s--", "^:", "d-.")
    for (name, curve), style in zip(curves.items(), styles, strict=False):
        by_n = curve.groupby("n")["accuracy"]
        line = ax.plot(by_n.mean(), style, label=name)[0]
        ax.fill_between(
            by_n.mean().index, by_n.min(), by_n.max(), alpha=0.2, color=line.get_color()
        )
    ax.set(xscale="log", xlabel="training images", ylabel="accuracy")
    ax.legend()
    return ax


__getattr__ = renamed(
    __name__, {"gallery": "mlmastery.image_classifier.figures.plot_images"}
)
