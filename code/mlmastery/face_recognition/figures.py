"""The chapter's pictures: faces in boxes, features, scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mlmastery.face_recognition.detection import Face
from mlmastery.face_recognition.integral import HaarFeature

__all__ = [
    "plot_boxes",
    "plot_faces",
    "plot_feature",
    "plot_hog",
    "plot_people",
    "plot_scores",
]


KNOWN, UNKNOWN = "#3ddc84", "#ffb000"  # boxes


def plot_picture(image: np.ndarray, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw one photograph without axes."""
    ax = plt.gca() if ax is None else ax
    largest = 255 if image.dtype == np.uint8 else None
    low = 0 if largest else None
    ax.imshow(image, cmap="gray", vmin=low, vmax=largest, interpolation="none")
    ax.set_title(title, fontsize=8)
    ax.set_axis_off()
    return ax


def plot_row(
    images: Sequence[np.ndarray], titles: Sequence[str] = (), *, axes: Sequence[Axes]
) -> None:
    """Draw photographs side by side, each below its title."""
    for i, (image, ax) in enumerate(zip(images, axes, strict=True)):
        plot_picture(image, title=titles[i] if titles else "", ax=ax)


def plot_boxes(
    image: np.ndarray, boxes: Any, *, colour: str = UNKNOWN, ax: Axes | None = None
) -> Axes:
    """Draw boxes (x, y, width, height) on a photograph, whose size stays as it is."""
    ax = plot_picture(image, ax=ax)
    for x, y, width, height in boxes:
        ax.add_patch(Rectangle((x, y), width, height, fill=False, ec=colour, lw=1))
    ax.set_xlim(-0.5, image.shape[1] - 0.5)
    ax.set_ylim(image.shape[0] - 0.5, -0.5)
    return ax


def plot_faces(
    image: np.ndarray,
    faces: Sequence[Face],
    names: Sequence[str] = (),
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw faces in boxes, with their landmarks and with names where there are some."""
    ax = plot_picture(image, ax=ax)
    for i, face in enumerate(faces):
        colour = draw_face(ax, face.box, names[i] if names else "")
        if face.landmarks is not None:
            ax.plot(*face.landmarks.T, ".", color=colour, ms=2)
    return ax


def draw_face(ax: Axes, box: Sequence[float], name: str) -> str:
    """Draw a box with a label and return its colour: green if known, orange if not."""
    colour = UNKNOWN if name in ("", "unknown") else KNOWN
    x, y, width, height = box
    ax.add_patch(Rectangle((x, y), width, height, fill=False, ec=colour, lw=1.5))
    label = {"facecolor": colour, "edgecolor": "none", "pad": 1.5}
    style: dict[str, Any] = {
        "fontsize": 8,
        "color": "black",
        "va": "bottom",
        "clip_on": True,
    }
    if name:
        ax.text(max(x, 0), y - 3, name, bbox=label, **style)
    return colour


def plot_feature(
    image: np.ndarray, feature: HaarFeature, x: int, y: int, *, ax: Axes | None = None
) -> Axes:
    """Draw a Haar feature on a photograph: dark boxes are taken from bright ones."""
    ax = plot_picture(image, ax=ax)
    for dx, dy, width, height, weight in feature.boxes:
        place = (x + dx - 0.5, y + dy - 0.5)
        face = "black" if weight < 0 else "white"
        ax.add_patch(Rectangle(place, width, height, fc=face, ec=UNKNOWN, alpha=0.55))
    return ax


def plot_hog(
    image: np.ndarray, cells: np.ndarray, side: int, *, ax: Axes | None = None
) -> Axes:
    """Draw each cell's histogram as strokes along the edges, not across them."""
    ax = plot_picture(np.zeros_like(image), ax=ax)
    angles = (np.arange(cells.shape[2]) + 0.5) * np.pi / cells.shape[2] + np.pi / 2
    strokes = cells / cells.max()
    for row, column in np.ndindex(cells.shape[:2]):
        centre = (np.array([column, row]) + 0.5) * side
        for angle, size in zip(angles, strokes[row, column], strict=True):
            step = np.array([np.cos(angle), np.sin(angle)]) * side / 2
            ends = np.array([centre - step, centre + step]).T
            ax.plot(*ends, color="white", alpha=float(min(1, 1.6 * size)), lw=1)
    return ax


def plot_scores(
    groups: Mapping[str, Any],
    threshold: float | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the scores of each group as shares of it, with a threshold."""
    ax = plt.gca() if ax is None else ax
    edges = np.linspace(-0.4, 1, 57)
    for label, scores in groups.items():
        shares = np.histogram(scores, edges)[0] / len(scores)
        ax.stairs(shares, edges, fill=True, alpha=0.6, label=label)
    if threshold is not None:
        ax.axvline(threshold, color="black", lw=1, ls="--")
    ax.set(xlabel="cosine similarity", ylabel="share", xlim=(-0.4, 1))
    ax.legend(loc="upper right")
    return ax


def plot_people(points: np.ndarray, people: Sequence[Any], *, ax: Axes) -> Axes:
    """Draw each photograph as the number of its person at its place on a map."""
    colours = plt.get_cmap("tab20")
    for place, person in zip(points, people, strict=True):
        colour = colours(int(person) % 20)
        x, y = place
        style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8}
        ax.text(x, y, str(person), color=colour, **style)
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.08 * (high - low)
    ax.set_xlim(low[0] - room[0], high[0] + room[0])
    ax.set_ylim(low[1] - room[1], high[1] + room[1])
    return ax


def plot_shares(table: pd.DataFrame, *, ax: Axes) -> Axes:
    """Draw shares as a table of grey cells, with each share written inside."""
    ax.imshow(table.to_numpy(), cmap="Greys", vmin=0, vmax=1.6, aspect="auto")
    for (row, column), share in np.ndenumerate(table.to_numpy()):
        ax.text(column, row, f"{share:.0%}", ha="center", va="center", fontsize=8)
    ax.set_xticks(range(table.shape[1]), list(table.columns), rotation=30, ha="right")
    ax.set_yticks(range(table.shape[0]), list(table.index))
    ax.grid(visible=False)
    return ax


def plot_rocs(curves: Mapping[str, pd.DataFrame], *, ax: Axes) -> Axes:
    """Draw true acceptance against false acceptance, with a logarithmic axis."""
    for name, curve in curves.items():
        ax.step(curve["far"].clip(lower=1e-4), 1 - curve["frr"], label=name)
    ax.set(xscale="log", xlim=(1e-4, 1), ylim=(0, 1.02))
    ax.set(xlabel="false acceptance rate", ylabel="true acceptance rate")
    ax.legend(loc="lower right")
    return ax
