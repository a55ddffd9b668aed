"""Plot digits, decision boundaries, computation graphs, losses and activations.

What draws one panel takes ``ax`` and returns it; what draws several makes a figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlmastery.bookkit import palette
from mlmastery.bookkit.diagrams import arrow, blank, box
from mlmastery.neural_network.autograd import Value, ancestors
from mlmastery.neural_network.estimator import NeuralNetwork
from mlmastery.neural_network.functions import ACTIVATIONS, sigmoid
from mlmastery.renamed import renamed

COLOURS = [palette[name] for name in ("blue", "vermillion", "green", "purple")]


def plot_activation_functions(
    names: Sequence[str] = ("sigmoid", "tanh", "relu"),
) -> Figure:
    """Draw activation functions and, below each, its slope; return the figure.

    Examples
    --------
    >>> fig = plot_activation_functions(["tanh"])
    >>> len(fig.axes)
    2
    >>> plt.close(fig)
    """
    z = np.linspace(-6, 6, 400)
    fig, axes = plt.subplots(
        2,
        len(names),
        figsize=(6.6, 3.4),
        sharex=True,
        squeeze=False,
        layout="constrained",
    )
    for (top, bottom), name in zip(axes.T, names, strict=True):
        function, slope = ACTIVATIONS[name]
        top.plot(z, function(z), color=palette["blue"])
        bottom.plot(z, slope(function(z)), color=palette["vermillion"])
        top.set_title(name)
        bottom.set(ylim=(-0.05, 1.1), xlabel="z")
    axes[0, 0].set_ylabel("g(z)")
    axes[1, 0].set_ylabel("slope")
    return fig


def plot_paired_losses(
    curves: Mapping[str, np.ndarray], width: int = 20, *, ax: Axes | None = None
) -> Axes:
    """Draw pairs of loss curves, averaged over ``width`` steps: lines and dots.

    Parameters
    ----------
    curves : mapping from a name to an array of shape (steps, 2)

    Examples
    --------
    >>> ax = plot_paired_losses({"sgd": np.ones((50, 2))})
    >>> len(ax.lines)
    2
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    for (name, curve), colour in zip(curves.items(), COLOURS, strict=False):
        lines, dots = (np.convolve(c, np.ones(width) / width, "valid") for c in curve.T)
        ax.semilogy(lines, color=colour, label=name)
        ax.semilogy(range(0, len(dots), width), dots[::width], ".", color=colour)
    ax.set(xlabel="step", ylabel="loss (nats)")
    ax.legend()
    return ax


def plot_signals_by_layer(reports: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw spread and gradient by layer for several reports; return the figure.

    Examples
    --------
    >>> report = pd.DataFrame({"spread": [1.0, 0.1], "gradient": [0.1, 1.0]})
    >>> fig = plot_signals_by_layer({"He": report})
    >>> len(fig.axes)
    2
    >>> plt.close(fig)
    """
    fig, axes = plt.subplots(1, 2, figsize=(6.8, 2.8), layout="constrained")
    titles = {"spread": "spread of activations", "gradient": "gradient, RMS"}
    for ax, (column, title) in zip(axes, titles.items(), strict=True):
        for (name, report), colour in zip(reports.items(), COLOURS, strict=False):
            ax.semilogy(report.index, report[column], ".-", color=colour, label=name)
        ax.set(xlabel="layer", title=title)
    axes[1].legend(title="initial weights", loc="center left", bbox_to_anchor=(1, 0.5))
    return fig


def plot_validation_curves(
    models: Mapping[str, NeuralNetwork], *, ax: Axes | None = None
) -> Axes:
    """Draw training (dashed) and validation loss (solid), the best epoch marked.

    Examples
    --------
    >>> model = NeuralNetwork((2,), epochs=2, patience=2, random_state=0)
    >>> ax = plot_validation_curves({"plain": model.fit(np.eye(20), [0, 1] * 10)})
    >>> len(ax.lines)
    3
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    for (name, model), colour in zip(models.items(), COLOURS[1::-1], strict=False):
        epochs, curve = range(1, model.n_epochs_ + 1), model.validation_curve_
        ax.semilogy(epochs, model.loss_curve_, "--", color=colour)
        ax.semilogy(epochs, curve, color=colour, label=name)
        ax.plot(model.best_epoch_, min(curve), "o", color=colour)
    ax.set(xlabel="epoch", ylabel="loss (nats)")
    ax.legend()
    return ax


def plot_divergence(runs: Mapping[str, np.ndarray]) -> Figure:
    """Draw loss, gradient and largest activation by step; return the figure.

    Parameters
    ----------
    runs : mapping from a name to an array of shape (3, steps)

    Examples
    --------
    >>> fig = plot_divergence({"stable": np.ones((3, 5))})
    >>> len(fig.axes)
    3
    >>> plt.close(fig)
    """
    fig, axes = plt.subplots(1, 3, figsize=(6.8, 2.6), layout="constrained")
    for (name, run), colour in zip(runs.items(), COLOURS[1::-1], strict=False):
        for ax, curve in zip(axes, run, strict=True):
            # What is zero has no place on a logarithmic axis.
            ax.semilogy(np.maximum(curve, 1e-3), ".-", color=colour, label=name)
    for ax, title in zip(axes, ("loss", "gradient", "largest activation"), strict=True):
        ax.set(title=title, xlabel="step")
    axes[2].legend()
    return fig


def plot_images(
    images: np.ndarray,
    titles: Sequence[str] = (),
    *,
    columns: int = 6,
    cmap: str = "gray_r",
    wrong: Sequence[bool] = (),
) -> Figure:
    """Draw images of shape (m, 784) or (m, 28, 28) in a grid and return the figure.

    Titles of images marked ``wrong`` are vermillion. Each image has its own scale; a
    diverging ``cmap`` is centred at zero.

    Examples
    --------
    >>> fig = plot_images(np.zeros((4, 784)), list("abcd"), columns=2)
    >>> len(fig.axes)
    4
    >>> plt.close(fig)
    """
    rows = -(-len(images) // columns)
    size = (6.4, 6.4 / columns * rows * (1.25 if len(titles) else 1.02))
    fig, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for i, ax in enumerate(axes.flat):
        ax.axis("off")
        if i < len(images):
            image = np.reshape(images[i], (28, 28))
            top = max(float(np.abs(image).max()), 1e-12)
            low = 0 if cmap.startswith("gray") else -top
            ax.imshow(image, cmap=cmap, vmin=low, vmax=top)
        if i < len(titles):
            colour = "vermillion" if len(wrong) and wrong[i] else "black"
            ax.set_title(titles[i], fontsize=9, color=palette[colour])
    return fig


def plot_decision_boundary(
    model: Any, X: np.ndarray, y: np.ndarray, *, ax: Axes | None = None
) -> Axes:
    """Colour the plane by the predicted class, draw the points, return the Axes.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> X, y = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1])
    >>> ax = plot_decision_boundary(DummyClassifier().fit(X, y), X, y)
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    colours = COLOURS[:3]
    reach = 1.1 * np.abs(X).max()
    side = np.linspace(-reach, reach, 160)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    areas = model.predict(grid).reshape(160, 160)
    levels = np.arange(-0.5, 3)
    ax.contourf(side, side, areas, levels=levels, colors=colours, alpha=0.25)
    for k, colour in enumerate(colours[: len(np.unique(y))]):
        ax.plot(*X[y == k].T, ".", color=colour, markersize=4)
    ax.set(xticks=[], yticks=[], aspect="equal")
    return ax


def plot_loss_slopes() -> Figure:
    """Draw slopes of losses by score (sigmoid unit) and by error; return the figure.

    Examples
    --------
    >>> fig = plot_loss_slopes()
    >>> len(fig.axes)
    2
    >>> plt.close(fig)
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(6.8, 2.8), layout="constrained")
    z = np.linspace(-8, 8, 200)
    p = sigmoid(z)
    left.plot(z, p - 1, color=COLOURS[0], label="cross-entropy")
    left.plot(z, (p - 1) * p * (1 - p), color=COLOURS[1], label="squared error")
    left.set(title="sigmoid unit, target 1", xlabel="z", ylabel="slope by z")
    error = np.linspace(-3, 3, 200)
    slopes = {"squared": error, "absolute": np.sign(error)}
    slopes["Huber, δ = 1"] = np.clip(error, -1, 1)
    for (name, slope), line, colour in zip(
        slopes.items(), ("-", "-", "--"), COLOURS[1:], strict=True
    ):
        right.plot(error, slope, line, color=colour, label=name)
    right.set(title="regression", xlabel="output minus target")
    for ax in (left, right):
        ax.legend(fontsize=8)
    return fig


def plot_rate_sweep(
    rates: np.ndarray,
    losses: Mapping[str, np.ndarray],
    *,
    ceiling: float,
    ax: Axes | None = None,
) -> Axes:
    """Draw losses by learning rate: the mean of the seeds, and a band from end to end.

    Parameters
    ----------
    rates : ndarray of shape (n_rates,)
    losses : mapping from a name to an array of shape (n_rates, n_seeds)
    ceiling : float
        What is larger, or infinite, is drawn here.

    Examples
    --------
    >>> ax = plot_rate_sweep(np.array([0.1, 1]), {"SGD": np.ones((2, 3))}, ceiling=2)
    >>> len(ax.lines)
    1
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    for (name, table), colour in zip(losses.items(), COLOURS, strict=False):
        shown = np.minimum(table, ceiling)
        ax.fill_between(
            rates, shown.min(axis=1), shown.max(axis=1), color=colour, alpha=0.2
        )
        ax.loglog(rates, shown.mean(axis=1), ".-", color=colour, label=name)
    ax.set(xlabel="learning rate", ylabel="validation loss (nats)")
    ax.set_yticks([0.3, 0.5, 1, 2], labels=["0.3", "0.5", "1", "2"])
    ax.minorticks_off()
    ax.legend(fontsize=8)
    return ax


def plot_ravine_path(
    path: np.ndarray, hessian: np.ndarray, colour: str, *, ax: Axes | None = None
) -> Axes:
    """Draw a path over the level lines of a quadratic in the plane.

    Parameters
    ----------
    path : ndarray of shape (steps, 2)
    hessian : ndarray of shape (2, 2)
        Positive definite; the surface is half of x H x.

    Examples
    --------
    >>> ax = plot_ravine_path(np.zeros((3, 2)), np.diag([1.0, 9.0]), "black")
    >>> len(ax.lines)
    5
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    curvature, axes = np.linalg.eigh(hessian)
    turn = np.linspace(0, 2 * np.pi, 40)
    circle = np.array([np.cos(turn), np.sin(turn)])
    for level in (5, 40):
        ellipse = axes @ (np.sqrt(2 * level / curvature)[:, None] * circle)
        ax.plot(*ellipse, color="0.6", linewidth=0.7)
    ax.plot(*path.T, "-", color=colour, linewidth=1)
    ax.plot(*path[-1], "o", color=colour, markersize=4)
    ax.plot(0, 0, "+", color="black")
    ax.set(xticks=[], yticks=[])
    return ax


def draw_ravine_paths(
    paths: Mapping[str, Mapping[str, np.ndarray]],
    hessians: Mapping[str, np.ndarray],
    step: int,
    axes: np.ndarray,
) -> np.ndarray:
    """Draw a row of panels for each surface and a column for each rule; return axes.

    Parameters
    ----------
    paths : mapping from a surface to a mapping from a rule to an array (steps, 2)
    hessians : mapping from a surface to an array of shape (2, 2)
    step : int
        Where the paths end.
    axes : ndarray of Axes, shape (n_surfaces, n_rules)

    Examples
    --------
    >>> fig, axes = plt.subplots(1, 2, squeeze=False)
    >>> path = np.ones((3, 2))
    >>> _ = draw_ravine_paths({"": {"a": path, "b": path}}, {"": np.eye(2)}, 1, axes)
    >>> [ax.get_title() for ax in axes[0]]
    ['a', 'b']
    >>> plt.close(fig)
    """
    for row, (where, by_rule) in zip(axes, paths.items(), strict=True):
        for ax, (rule, path), colour in zip(
            row, by_rule.items(), COLOURS, strict=False
        ):
            plot_ravine_path(path[: step + 1], hessians[where], colour, ax=ax)
            # A surface along the axes is flat: it is stretched to be seen.
            height = 10 if hessians[where][0, 1] else 4
            ax.set(xlim=(-10, 10), ylim=(-height, height))
            ax.set_title(rule if where == next(iter(paths)) else "", fontsize=9)
        row[0].set_ylabel(where, fontsize=8)
    return axes


def plot_network(
    weights: Sequence[np.ndarray],
    names: Sequence[Sequence[str]],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw units in columns and a line for each weight: wider for a larger one.

    Parameters
    ----------
    weights : sequence of ndarray of shape (n_in, n_out)
        Positive ones are blue, negative ones orange-red.
    names : sequence of sequence of str
        Of the units of each column; the first are the inputs.

    Examples
    --------
    >>> ax = plot_network([np.array([[1.0], [-2.0]])], [["x", "y"], ["sum"]])
    >>> [line.get_linewidth() for line in ax.lines]
    [2.0, 4.0]
    >>> plt.close(ax.figure)
    """
    ax = blank(plt.gca() if ax is None else ax)
    places = [
        [(2.2 * i, (len(c) - 1) / 2 - k) for k in range(len(c))]
        for i, c in enumerate(names)
    ]
    for W, left, right in zip(weights, places, places[1:], strict=False):
        for (i, k), weight in np.ndenumerate(W):
            line = np.array([left[i], right[k]]).T
            colour = palette["blue" if weight > 0 else "vermillion"]
            width = 4 * abs(weight) / max(float(np.abs(W).max()), 1e-12)
            ax.plot(*line, color=colour, linewidth=width, alpha=0.7)
    for column, labels in zip(places, names, strict=True):
        for place, label in zip(column, labels, strict=True):
            box(ax, place, label, shape="circle", color="0.3")
    ax.margins(0.12)
    return ax


def plot_computation_graph(
    result: Value, names: Mapping[int, str], *, ax: Axes | None = None
) -> Axes:
    """Draw the values behind ``result`` from left to right, with data and gradient.

    An arrow carries the slope of its one step.

    Parameters
    ----------
    names : mapping from the id of a value to its name
        Values without a name show their numbers only.

    Examples
    --------
    >>> x = Value(2.0)
    >>> ax = plot_computation_graph(x * x, {id(x): "x"})
    >>> len(ax.texts)  # two boxes, two arrows, two slopes
    6
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    place, boxes = graph_layout(result), {}
    for value in ancestors(result):
        text = f"{names.get(id(value), '')}\n{value.data:.3g}\nslope {value.grad:.3g}"
        boxes[id(value)] = box(ax, place[id(value)], text.strip(), fontsize=8)
    for value in ancestors(result):
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            factor = f"×{slope:.3g}".replace("-", "−")
            label = arrow(ax, boxes[id(parent)], boxes[id(value)], factor)
            if place[id(parent)][1] == place[id(value)][1]:  # a gap that is too narrow
                label.set_y(label.get_position()[1] + 0.45)
    ax.set(xlim=(-0.5, max(x for x, _ in place.values()) + 0.5), ylim=(-0.7, 3.7))
    ax.axis("off")
    return ax


def graph_layout(result: Value) -> dict[int, tuple[float, float]]:
    """Place each value one column right of its parents, evenly within a column.

    What has no parents stands one column left of the first value that needs it.

    Examples
    --------
    >>> x = Value(2.0)
    >>> list(graph_layout(x + 1.0).values())
    [(0, 3.0), (0, 0.0), (1, 1.5)]
    """
    column: dict[int, int] = {}
    for value in ancestors(result):
        column[id(value)] = 1 + max((column[id(p)] for p in value.parents), default=-1)
    for value in reversed(ancestors(result)):
        for parent in value.parents:
            if not parent.parents:
                column[id(parent)] = column[id(value)] - 1
    members = pd.Series(column).groupby(column).groups
    heights = {
        key: 3 * (1 - (i + (len(keys) == 1) / 2) / max(len(keys) - 1, 1))
        for keys in members.values()
        for i, key in enumerate(keys)
    }
    return {key: (column[key], float(heights[key])) for key in column}


def plot_diagnoses(
    activations: Mapping[str, Sequence[np.ndarray]],
    reports: Sequence[pd.DataFrame],
    *,
    share_y: bool = False,
) -> Figure:
    """Compare networks layer by layer: their activations and their gradients.

    Parameters
    ----------
    activations : mapping from a name to a list of ndarray
        What :func:`hidden_activations` returned for each network.
    reports : sequence of DataFrame
        What :func:`diagnose` returned for each.
    share_y : bool, default=False
        Whether the activations have one scale.

    Examples
    --------
    >>> report = pd.DataFrame({"gradient": [0.1]}, index=[1])
    >>> fig = plot_diagnoses({"new": [np.eye(2)]}, [report])
    >>> plt.close(fig)
    """
    n = len(activations)
    fig, axes = plt.subplots(1, n + 1, figsize=(6.8, 2.7), layout="constrained")
    colours = [palette["vermillion"], palette["blue"], palette["green"]]
    for ax, (name, hidden), colour in zip(
        axes, activations.items(), colours, strict=False
    ):
        plot_activation_quantiles(hidden, colour, ax=ax)
        ax.set_title(name)
    if share_y:  # sharey would take the first panel's limits and cut the others
        limits = np.array([ax.get_ylim() for ax in axes[:n]])
        for ax in axes[:n]:
            ax.set_ylim(limits[:, 0].min(), limits[:, 1].max())
    axes[0].set_ylabel("activation")
    for (name, report), colour in zip(
        zip(activations, reports, strict=True), colours, strict=False
    ):
        heights = np.maximum(report["gradient"], 1e-12)  # a zero has no place on a log
        axes[-1].semilogy(report.index, heights, "o-", color=colour, label=name)
    axes[-1].set(xlabel="layer", title="gradient, RMS", xticks=reports[0].index)
    return fig


def plot_activation_quantiles(
    hidden: Sequence[np.ndarray], colour: str, *, ax: Axes | None = None
) -> Axes:
    """Draw quantiles of each layer's activations: 1, 25, 50, 75 and 99 %.

    Examples
    --------
    >>> ax = plot_activation_quantiles([np.arange(10.0)], "black")
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    for number, A in enumerate(hidden, start=1):
        low, q1, middle, q3, high = np.quantile(A, [0.01, 0.25, 0.5, 0.75, 0.99])
        ax.vlines(number, low, high, color=colour, linewidth=1.5)
        ax.vlines(number, q1, q3, color=colour, linewidth=7, alpha=0.6)
        ax.plot(number, middle, "_", color="black", markersize=12)
    ax.set(xlabel="layer", xticks=range(1, len(hidden) + 1))
    ax.margins(x=0.2)
    return ax


__getattr__ = renamed(
    __name__,
    {
        "plot_activations": "plot_activation_quantiles",
        "plot_boundary": "plot_decision_boundary",
        "plot_depths": "plot_signals_by_layer",
        "plot_explosion": "plot_divergence",
        "plot_graph": "plot_computation_graph",
        "plot_health": "plot_diagnoses",
        "plot_overfitting": "plot_validation_curves",
        "plot_slopes": "plot_activation_functions",
        "plot_twin_losses": "plot_paired_losses",
        "show_images": "plot_images",
    },
)
