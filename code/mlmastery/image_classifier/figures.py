"""The chapter's pictures: grids of images, evidence, training."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlmastery.bookkit.figures import palette
from mlmastery.image_classifier.by_hand import output_size
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


def plot_sizes(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw means with intervals against the number of training images.

    Parameters
    ----------
    table : DataFrame
        Index entrant and n; ``mean``, ``low``, ``high``.
    ax : Axes, optional

    Examples
    --------
    >>> index = pd.MultiIndex.from_product([["ours"], [50, 150]])
    >>> table = pd.DataFrame({"mean": 0.8, "low": 0.7, "high": 0.9}, index=index)
    >>> plot_sizes(table).get_xscale()
    'log'
    """
    ax = plt.gca() if ax is None else ax
    styles = ("o-", "s--", "^:", "d-.")
    names = table.index.get_level_values(0).unique()
    for i, (name, style) in enumerate(zip(names, styles, strict=False)):
        rows = table.loc[name]
        shifted = rows.index.to_numpy() * 1.03**i  # so that intervals stand apart
        errors = [rows["mean"] - rows["low"], rows["high"] - rows["mean"]]
        ax.errorbar(shifted, rows["mean"], errors, fmt=style, label=name, capsize=2)
    sizes = table.index.get_level_values(1).unique()
    ax.set(xscale="log", xlabel="training images", ylabel="accuracy")
    ax.set_xticks(sizes, [f"{n:,}" for n in sizes])
    ax.minorticks_off()
    ax.legend()
    return ax


def plot_windows(settings: Sequence[tuple[int, int, int]], side: int = 6) -> Figure:
    """Draw where a window of three by three lies first and second, per setting.

    Parameters
    ----------
    settings : sequence of (stride, padding, dilation)
    side : int, default=6
        Of the image, in pixels.
    """
    fig, axes = plt.subplots(1, len(settings), figsize=(7.2, 7.6 / len(settings) + 0.5))
    for ax, (stride, padding, dilation) in zip(axes, settings, strict=True):
        _plot_window(ax, side, stride, padding, dilation)
        positions = output_size(side, 3, stride, padding, dilation)
        ax.set_title(
            f"stride {stride}, padding {padding},\ndilation {dilation}: "
            f"{positions} × {positions}",
            fontsize=8,
        )
    return fig


def _plot_window(ax: Axes, side: int, stride: int, padding: int, dilation: int) -> None:
    cells = range(-padding, side + padding)
    for i in cells:
        for j in cells:
            inside = 0 <= i < side and 0 <= j < side
            ax.add_patch(
                Rectangle(
                    (j, i),
                    1,
                    1,
                    fill=False,
                    lw=0.7,
                    ls="-" if inside else ":",
                    ec="0.45",
                )
            )
    looks = (("o", palette["blue"], 0.36), ("s", palette["vermillion"], 0.66))
    for shift, (marker, colour, offset) in zip((0, stride), looks, strict=True):
        taps = dilation * np.arange(3) - padding
        columns, rows = np.meshgrid(taps + shift + offset, taps + offset)
        ax.plot(columns.ravel(), rows.ravel(), marker, ms=3.5, color=colour)
    ax.set(
        xlim=(cells[0] - 0.2, cells[-1] + 1.2), ylim=(cells[-1] + 1.2, cells[0] - 0.2)
    )
    ax.set_aspect("equal")
    ax.set_axis_off()


__getattr__ = renamed(
    __name__, {"gallery": "mlmastery.image_classifier.figures.plot_images"}
)
