"""Pictures of parts, pipes, rings and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from mlmastery.bookkit import palette
from mlmastery.bookkit.diagrams import arrow, blank, box
from mlmastery.distributed_training.pipeline import FORWARD

COLOURS = [
    palette[name] for name in ("blue", "vermillion", "green", "purple", "orange")
]
STYLES = ("-", "--", "-.", ":", (0, (1, 3)))  # each leaves gaps for those before it

WORKER = [
    "own rows",
    "ModelWrapper\ngradient or update",
    "differential privacy\nclip, add noise",
    "GradientCompressor\nfewer bytes",
    "SecureAggregator\nadd masks",
]
SERVER = [
    "CheckpointManager\nparameters on disk",
    "FederatedLearning or\nDataParallelTrainer",
    "mean or\nrobust rule",
    "sum of what came\nwithin the deadline",
]


def plot_system(*, ax: Any = None) -> Any:
    """Draw the way of an update from a worker's rows to the server and back.

    >>> ax = plot_system()
    >>> sum(text.get_text() == "Communicator" for text in ax.texts)
    2
    >>> plt.close()
    """
    ax = blank(plt.gca() if ax is None else ax)
    worker = _row(ax, WORKER, 3.1, COLOURS[0])
    server = _row(ax, SERVER, 0.0, COLOURS[1])
    for one, two in pairwise(worker):
        arrow(ax, one, two)
    for two, one in pairwise(server):
        arrow(ax, one, two)
    arrow(ax, worker[-1], server[-1], "Communicator")
    arrow(ax, server[1], worker[1], "Communicator")
    ax.text(-1.2, 3.9, "on each worker, which sends heartbeats", fontsize=8)
    ax.text(-1.2, -0.9, "on the server, or on every worker of a ring", fontsize=8)
    ax.set(xlim=(-1.3, 13.8), ylim=(-1.2, 4.2))
    return ax


def _row(ax: Any, texts: Sequence[str], y: float, colour: str) -> list[Any]:
    """Draw boxes from left to right and return them."""
    places = np.linspace(0, 12.4, len(texts))
    return [
        box(ax, (x, y), text, color=colour, fontsize=7)
        for x, text in zip(places, texts, strict=True)
    ]


def plot_curves(
    curves: Mapping[str, Sequence[float]],
    *,
    ax: Any = None,
    x: Sequence[float] | None = None,
    start: int = 1,
    **axes: Any,
) -> Any:
    """Draw one line for each name, with the names beside the lines' colours.

    >>> ax = plot_curves({"loss": [2.0, 1.0]}, xlabel="round")
    >>> plt.close()
    """
    ax = plt.gca() if ax is None else ax
    for i, (name, values) in enumerate(curves.items()):
        steps = np.arange(start, start + len(values)) if x is None else x
        style = STYLES[(i + i // len(COLOURS)) % len(STYLES)]
        colour = COLOURS[i % len(COLOURS)]
        ax.plot(steps, values, linestyle=style, color=colour, label=name)
    ax.set(**axes)
    ax.legend(fontsize=8)
    return ax


def plot_parts(counts: np.ndarray, *, most: float | None = None, ax: Any = None) -> Any:
    """Draw who holds how many rows of each class: a dot grows with the count.

    Parameters
    ----------
    counts : ndarray of shape (n_clients, n_classes)
    most : float, optional
        Count of the largest dot, to compare several pictures.

    >>> ax = plot_parts(np.eye(3))
    >>> plt.close()
    """
    ax = plt.gca() if ax is None else ax
    clients, classes = np.indices(counts.shape)
    size = 120 * counts / (counts.max() if most is None else most)
    ax.scatter(clients, classes, s=size, color=palette["blue"])
    ax.set(xlabel="office", ylabel="digit", yticks=range(counts.shape[1]))
    return ax


def plot_schedule(
    times: Mapping[tuple[int, str, int], tuple], *, ax: Any = None
) -> Any:
    """Draw the passes of a pipeline in time, one row for each stage.

    ``times`` comes from `timeline`. Forward passes are blue, backward ones orange.

    >>> from mlmastery.distributed_training.pipeline import schedule, timeline
    >>> ax = plot_schedule(timeline(schedule("gpipe", 2, 3)))
    >>> plt.close()
    """
    ax = plt.gca() if ax is None else ax
    for (stage, kind, k), (start, end) in times.items():
        colour = palette["sky_blue" if kind == FORWARD else "orange"]
        ax.barh(stage, end - start, left=start, color=colour, edgecolor="white")
        middle = (start + end) / 2
        ax.text(middle, stage, str(k + 1), ha="center", va="center", fontsize=7)
    n_stages = 1 + max(stage for stage, _, _ in times)
    ax.set(yticks=range(n_stages), yticklabels=[f"stage {s}" for s in range(n_stages)])
    ax.invert_yaxis()
    return ax


def ring_contributions(n: int) -> list[np.ndarray]:
    """Follow a ring all-reduce: how many ranks' numbers are in each chunk.

    Returns
    -------
    list of 2 n - 1 ndarrays of shape (n, n)
        After each step, for each rank (row) and chunk (column).

    >>> [int(counts.min()) for counts in ring_contributions(3)]
    [1, 1, 1, 2, 3]
    """
    counts = np.ones((n, n), dtype=int)
    history = [counts]
    for step in range(2 * (n - 1)):
        after = counts.copy()
        for rank in range(n):
            chunk = (rank - step) % n
            arriving, neighbour = counts[rank, chunk], (rank + 1) % n
            adding = step < n - 1
            after[neighbour, chunk] = arriving + (
                counts[neighbour, chunk] if adding else 0
            )
        counts = after
        history.append(counts)
    return history


def plot_ring(n: int, *, axes: Sequence[Any]) -> None:
    """Draw how the chunks of a ring all-reduce fill up, one panel for each step.

    Parameters
    ----------
    n : int
        Ranks.
    axes : sequence of Axes
        At least 2 n - 1, in one or several rows; those left over are hidden.

    >>> fig, axes = plt.subplots(2, 3)
    >>> plot_ring(3, axes=axes.flat)
    >>> [bool(ax.axison) for ax in axes.flat]
    [True, True, True, True, True, False]
    >>> plt.close(fig)
    """
    axes, history = list(axes), ring_contributions(n)
    if len(axes) < len(history):
        raise ValueError(f"axes must be at least {len(history)}, got {len(axes)}")
    for ax in axes[len(history) :]:
        ax.axis("off")
    for step, (ax, counts) in enumerate(zip(axes, history, strict=False)):
        ax.imshow(counts, cmap="Blues", vmin=0, vmax=1.6 * n)
        ax.grid(visible=False)
        for rank, chunk in np.ndindex(n, n):
            weight = "bold" if counts[rank, chunk] == n else "normal"
            text = str(counts[rank, chunk])
            ax.text(chunk, rank, text, ha="center", va="center", weight=weight)
        ax.set(xticks=[], yticks=[], xlabel=f"step {step}" if step else "start")
        if ax.get_subplotspec().is_first_col():
            ax.set(yticks=range(n), yticklabels=[f"rank {r}" for r in range(n)])


def draw_ring(n: int, step: int = 0, *, ax: Any = None) -> Any:
    r"""Draw a ring all-reduce after some steps, and what each rank sends next.

    Parameters
    ----------
    n : int
        Ranks. Under each stands how many ranks' numbers its chunks contain.
    step : int, default=0
        Steps done; after 2 n - 2 of them nothing is sent any more.

    >>> len(draw_ring(3).texts)  # three ranks, three arrows, three chunks
    9
    >>> plt.close()
    >>> [text.get_text() for text in draw_ring(2, 2).texts]
    ['rank 0\n2 2', 'rank 1\n2 2']
    >>> plt.close()
    """
    ax = blank(plt.gca() if ax is None else ax)
    angles = np.pi / 2 - 2 * np.pi * np.arange(n) / n
    ranks = [
        box(
            ax,
            (2.0 * np.cos(a), 1.6 * np.sin(a)),
            f"rank {r}\n{' '.join(map(str, counts))}",
            color=palette["green" if (counts == n).all() else "blue"],
        )
        for (r, counts), a in zip(
            enumerate(ring_contributions(n)[step]), angles, strict=True
        )
    ]
    for rank, start in enumerate(ranks if step < 2 * n - 2 else []):
        arrow(ax, start, ranks[(rank + 1) % n], f"chunk {(rank - step) % n}", bend=-0.2)
    ax.set(xlim=(-3, 3), ylim=(-2.2, 2.2))
    return ax


PHASES = ("w goes out", "training", "updates come back", "the server averages")


def draw_round(
    rows: Mapping[str, int], phase: str | None = None, *, ax: Any = None
) -> Any:
    """Draw one round of federated averaging: what goes out and what comes back.

    Parameters
    ----------
    rows : mapping from the name of a client to its number of rows
    phase : one of `PHASES`, optional
        Which part of the round is drawn in colour; by default all of it.

    >>> len(draw_round({"office 1": 120, "office 2": 40}).texts)
    12
    >>> plt.close()
    """
    ax = blank(plt.gca() if ax is None else ax)
    middle, busy = 1.6 * (len(rows) - 1), [phase in (None, part) for part in PHASES]
    ink = [palette["orange"] if on else "0.8" for on in busy]
    server = box(ax, (middle, 2.6), "server: w", color=ink[0])
    mean = "server: w + weighted mean of the updates"
    average = box(ax, (middle, -2.6), mean, color=ink[3])
    for i, (name, count) in enumerate(rows.items()):
        text = f"{name}\ntrains on its {count} rows"
        client = box(
            ax, (3.2 * i, 0), text, color=palette["blue"] if busy[1] else "0.8"
        )
        arrow(ax, server, client, "w", color="0.2" if busy[0] else "0.8")
        arrow(
            ax,
            client,
            average,
            f"update, n = {count}",
            color="0.2" if busy[2] else "0.8",
        )
    ax.set(xlim=(-1.6, 2 * middle + 1.6), ylim=(-3, 3))
    return ax


MESSAGES = (
    "1  two public keys",
    "2  sealed shares for the others",
    "3  masked update",
    "4  shares: seeds of 1 and 2, key of 3",
)


def draw_secure_sum(*, ax: Any = None) -> Any:
    """Draw the messages of a secure sum of three offices, of which the last is lost.

    >>> len(draw_secure_sum().texts)  # four boxes, "lost", four steps, ten messages
    19
    >>> plt.close()
    """
    ax = blank(plt.gca() if ax is None else ax)
    names = ["office 1", "office 2", "office 3", "server"]
    for x, name in enumerate(names):
        color = palette["orange" if name == "server" else "blue"]
        box(ax, (1.6 * x, 0.6), name, color=color)
        end = -2.75 if name == "office 3" else -5.6
        ax.plot([1.6 * x] * 2, [0.3, end], color="0.7", linewidth=0.8)
    ax.plot(3.2, -2.75, "x", color=palette["vermillion"], markersize=9)
    ax.text(3.35, -2.75, "lost", color=palette["vermillion"], va="center")
    for step, text in enumerate(MESSAGES):
        ax.text(-0.5, -1.4 * step - 0.55, text, ha="right", va="center")
        for office in range(3 if step < 2 else 2):
            y = -1.4 * step - 0.3 - 0.28 * office
            style = {"arrowstyle": "-|>", "color": "0.25"}
            ax.annotate("", (4.8, y), (1.6 * office, y), arrowprops=style)
    ax.set(xlim=(-5.4, 5.6), ylim=(-5.7, 1))
    return ax


def plot_images(
    images: Mapping[str, np.ndarray], *, side: int, axes: Sequence[Any]
) -> None:
    """Draw flat grey pictures side by side, each under its name.

    >>> fig, ax = plt.subplots()
    >>> plot_images({"a square": np.zeros(9)}, side=3, axes=[ax])
    >>> plt.close(fig)
    """
    for ax, (name, image) in zip(axes, images.items(), strict=True):
        ax.imshow(image.reshape(side, side), cmap="gray_r", vmin=0, vmax=1)
        ax.set_title(name, fontsize=8)
        ax.axis("off")


def plot_tradeoff(scores: Mapping[str, float], smaller: Any, *, ax: Any = None) -> Any:
    """Draw a dot for each name, and write how many times smaller its messages are.

    >>> ax = plot_tradeoff({"none": 0.9, "8 bits": 0.9}, {"none": 1.0, "8 bits": 4.0})
    >>> [text.get_text() for text in ax.texts]
    ['1', '1/4']
    >>> plt.close()
    """
    ax = plt.gca() if ax is None else ax
    names, middle = list(scores), (min(scores.values()) + max(scores.values())) / 2
    ax.plot([scores[name] for name in names], names, "o", color=palette["blue"])
    for name in names:
        share = "1" if smaller[name] < 1.5 else f"1/{smaller[name]:.0f}"
        ax.annotate(
            share,
            (scores[name], name),
            (7, 0) if scores[name] < middle else (-7, 0),
            textcoords="offset points",
            ha="left" if scores[name] < middle else "right",
            va="center",
            fontsize=8,
        )
    ax.invert_yaxis()
    return ax
