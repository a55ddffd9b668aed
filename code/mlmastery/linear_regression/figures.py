"""Draw costs, walks on them, and the borders that penalties set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlmastery.bookkit import palette
from mlmastery.linear_regression.closed_form import qr_least_squares
from mlmastery.linear_regression.cost import mse_cost, mse_gradient
from mlmastery.linear_regression.learning_rate import LearningRateSearch
from mlmastery.linear_regression.paths import descent_path

COLOURS = ("blue", "orange", "green", "vermillion", "purple")
RED = palette["vermillion"]


def plot_residuals(
    x: np.ndarray, y: np.ndarray, w: float, b: float, *, ax: Axes | None = None
) -> Axes:
    """Draw points, a line and the vertical gap between each point and the line.

    Parameters
    ----------
    x, y : ndarray of shape (m,)
    w, b : float
        Slope and intercept of the line.

    Examples
    --------
    >>> ax = plot_residuals(np.array([1.0, 2.0]), np.array([1.0, 3.0]), 1.0, 0.5)
    >>> ax.get_title()
    'w = 1.0, b = 0.5'
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    ends = np.array([x.min(), x.max()])
    ax.vlines(x, y, w * x + b, color=RED)
    ax.plot(x, y, "o", color="0.4", markersize=3)
    ax.plot(ends, w * ends + b, color=palette["blue"])
    ax.set_title(f"w = {w:.1f}, b = {b:.1f}")
    return ax


def plot_cost_slice(
    x: np.ndarray,
    y: np.ndarray,
    b: float,
    slopes: np.ndarray,
    touch: tuple[float, ...],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the cost against the slope at a fixed intercept, with tangents.

    Parameters
    ----------
    x : ndarray of shape (m, 1)
    y : ndarray of shape (m,)
    b : float
        The intercept.
    slopes : ndarray of shape (k,)
        Where to compute the cost.
    touch : tuple of float
        Slopes at which a tangent is drawn.

    Examples
    --------
    >>> x, y = np.array([[1.0], [2.0]]), np.array([1.0, 3.0])
    >>> ax = plot_cost_slice(x, y, 0.0, np.linspace(0, 3, 9), (1.0, 2.0))
    >>> len(ax.lines)
    3
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    ax.plot(slopes, [mse_cost(x, y, np.array([w]), b) for w in slopes])
    for w in touch:
        here = np.array([w])
        tangent = mse_gradient(x, y, here, b)[0][0] * np.array([-0.8, 0.8])
        ax.plot(w + np.array([-0.8, 0.8]), mse_cost(x, y, here, b) + tangent, color=RED)
    ax.set(xlabel="slope w", ylabel="cost J")
    return ax


def plot_cost_map(
    A: np.ndarray,
    y: np.ndarray,
    u: np.ndarray,
    v: np.ndarray,
    levels: np.ndarray,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw contours of the cost over two parameters.

    Parameters
    ----------
    A : ndarray of shape (m, 2)
        What each parameter is multiplied with: two features, or one and ones.
    y : ndarray of shape (m,)
    u, v : ndarray
        Grids of the first and of the second parameter.
    levels : ndarray
        Heights of the contours, in the unit of the cost.

    Examples
    --------
    >>> A, grid = np.eye(2), np.linspace(-1, 1, 5)
    >>> ax = plot_cost_map(A, np.zeros(2), grid, grid, np.array([0.1, 0.3]))
    >>> len(ax.collections)
    1
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    U, V = np.meshgrid(u, v)
    heights = sum((U * p + V * q - t) ** 2 for (p, q), t in zip(A, y, strict=True))
    ax.contour(U, V, heights / (2 * len(y)), levels=levels, cmap="viridis")
    return ax


def plot_walk(
    path: np.ndarray, minimum: np.ndarray | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw a path over two parameters, and a cross at the minimum.

    Parameters
    ----------
    path : ndarray of shape (steps, 2)
    minimum : ndarray of shape (2,), optional

    Examples
    --------
    >>> ax = plot_walk(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([2.0, 2.0]))
    >>> len(ax.lines)
    2
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    ax.plot(*path.T, ".-", color=RED, linewidth=0.8, markersize=4)
    if minimum is not None:
        ax.plot(*minimum, "x", color="black")
    return ax


def plot_penalty_border(
    best: np.ndarray, power: int, *, ax: Axes | None = None
) -> Axes:
    """Draw all pairs of weights whose penalty equals that of ``best``, and ``best``.

    Parameters
    ----------
    best : ndarray of shape (2,)
    power : {1, 2}
        1 for the diamond of the lasso, 2 for the circle of ridge.

    Examples
    --------
    >>> ax = plot_penalty_border(np.array([3.0, 4.0]), 2)
    >>> bool(abs(ax.lines[0].get_xdata().max() - 5) < 1e-9)
    True
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    turn = np.linspace(0, 2 * np.pi, 361)
    circle = np.array([np.cos(turn), np.sin(turn)])
    border = (
        np.linalg.norm(best, power) * circle / np.linalg.norm(circle, power, axis=0)
    )
    ax.plot(*border, color=palette["orange"])
    ax.plot(*best, "o", color=RED)
    return ax


def plot_costs(
    curves: Mapping[str, Sequence[float]],
    colours: Sequence[str] = COLOURS,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw costs against passes on a logarithmic axis.

    Parameters
    ----------
    curves : mapping from a label to the cost before the first pass and after each
    colours : sequence of str
        Names in the palette, one for each curve.

    Examples
    --------
    >>> ax = plot_costs({"batch": [4.0, 2.0, 1.0]})
    >>> ax.get_yscale()
    'log'
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    for (label, curve), colour in zip(curves.items(), colours, strict=False):
        ax.semilogy(curve, label=label, color=palette[colour])
    ax.set(xlabel="pass", ylabel="cost J")
    ax.legend()
    return ax


def plot_canyon(
    tables: Mapping[str, np.ndarray], y: np.ndarray, parts: Sequence[float]
) -> Figure:
    """Draw the cost of the weights of two columns for each table, with 40 steps on it.

    Parameters
    ----------
    tables : mapping from a title to an array of shape (m, 2)
        Centred columns.
    y : ndarray of shape (m,)
        Centred, too.
    parts : sequence of float
        The learning rate of each walk, in parts of the largest stable one.

    Examples
    --------
    >>> table = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, -2.0]])
    >>> fig = plot_canyon({"raw": table}, np.array([1.0, 0.0, -1.0]), [0.5])
    >>> len(fig.axes)
    1
    >>> plt.close(fig)
    """
    fig, axes = plt.subplots(1, len(tables), figsize=(6.8, 3.4), squeeze=False)
    for ax, (title, F), part in zip(axes[0], tables.items(), parts, strict=True):
        best = qr_least_squares(F, y).weights
        steepest = np.linalg.eigvalsh(F.T @ F / len(F))[-1]
        walk = descent_path(F, y, part * 2 / steepest, 40)[:, :2]
        reach = 1.1 * np.abs(best - walk).max() * np.linspace(-1, 1, 160)
        levels = mse_cost(F, y, best, 0.0) * np.geomspace(1.01, 3, 9)
        plot_cost_map(F, y, best[0] + reach, best[1] + reach, levels, ax=ax)
        plot_walk(walk, best, ax=ax)
        ax.set(title=title, aspect="equal")
    return fig


def plot_search(
    search: LearningRateSearch, limit: float, *, ax: Axes | None = None
) -> Axes:
    """Draw the losses of a search for a learning rate, its best rate and a limit.

    Examples
    --------
    >>> search = LearningRateSearch(np.array([0.1, 1.0, 9.0]), np.array([2, 1, np.inf]))
    >>> ax = plot_search(search, 2.0)
    >>> len(ax.lines[0].get_xdata())
    2
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    finite = np.isfinite(search.losses)
    ax.loglog(search.rates[finite], search.losses[finite], ".-")
    ax.axvline(limit, linestyle="--", color="black", label="2 / L")
    ax.plot(search.best, search.losses.min(), "o", color=RED, label="lowest")
    ax.set(xlabel="learning rate", ylabel="cost")
    ax.legend()
    return ax


def plot_bounds(
    measured: Mapping[str, np.ndarray],
    bounds: Mapping[str, np.ndarray],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw distances to the solution (solid) and bounds on them (dashed).

    Examples
    --------
    >>> ax = plot_bounds({"a": np.array([1, 0.1])}, {"a": np.array([1, 0.5])})
    >>> [line.get_linestyle() for line in ax.lines]
    ['-', '--']
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    for (label, distances), colour in zip(measured.items(), COLOURS, strict=False):
        ax.semilogy(distances, color=palette[colour], label=label)
        ax.semilogy(bounds[label], "--", color=palette[colour], linewidth=1)
    ax.set(xlabel="step", ylabel="distance, relative to the start", ylim=(1e-9, 2))
    ax.legend()
    return ax


def plot_walks(walks: Mapping[str, np.ndarray], minimum: np.ndarray) -> Figure:
    """Draw each path over slope and intercept in a panel, with the minimum.

    Examples
    --------
    >>> fig = plot_walks({"all rows": np.eye(2)}, np.zeros(2))
    >>> fig.axes[0].get_title()
    'all rows'
    >>> plt.close(fig)
    """
    fig, axes = plt.subplots(
        1, len(walks), figsize=(6.8, 2.8), sharex=True, sharey=True, squeeze=False
    )
    for ax, (label, walk) in zip(axes[0], walks.items(), strict=True):
        ax.plot(*walk.T, linewidth=0.8, color=palette["blue"])
        ax.plot(*minimum, "x", color=RED)
        ax.set(title=label, xlabel="slope w")
    axes[0, 0].set_ylabel("intercept b")
    return fig


def plot_penalised_minima(
    F: np.ndarray, y: np.ndarray, solutions: Mapping[str, np.ndarray]
) -> Figure:
    """Draw the cost of two weights with the border on which each solution lies.

    Parameters
    ----------
    F : ndarray of shape (m, 2)
        Centred columns.
    y : ndarray of shape (m,)
        Centred.
    solutions : mapping with the keys "L2" and "L1"
        Weights of shape (2,).

    Examples
    --------
    >>> F, y = np.array([[1.0, 0], [0, 1], [-1, -1]]), np.array([2.0, 0, -2])
    >>> fig = plot_penalised_minima(F, y, {"L2": np.array([1.0, 0.1])})
    >>> len(fig.axes)
    1
    >>> plt.close(fig)
    """
    free = qr_least_squares(F, y).weights
    fig, axes = plt.subplots(
        1, len(solutions), figsize=(6.8, 3.3), sharey=True, squeeze=False
    )
    spread = 1.4 * np.abs(free).max() * np.linspace(-1, 1, 160)
    for ax, (label, best) in zip(axes[0], solutions.items(), strict=True):
        lowest, touched = (mse_cost(F, y, w, 0.0) for w in (free, best))
        levels = np.unique([touched, *lowest * np.array([1.02, 1.1, 1.3])])
        plot_cost_map(F, y, spread, spread, levels, ax=ax)
        plot_penalty_border(best, {"L1": 1, "L2": 2}[label], ax=ax)
        ax.plot(*free, "x", color="black")
        ax.set(title=label, aspect="equal")
    return fig


def plot_paths(
    alphas: Mapping[str, np.ndarray],
    paths: Mapping[str, np.ndarray],
    names: Sequence[str],
    shown: Sequence[str],
) -> Figure:
    """Draw coefficients against the strength of each penalty.

    Parameters
    ----------
    alphas : mapping from a title to an array of shape (k,)
    paths : mapping from a title to an array of shape (k, n)
    names : sequence of n str
    shown : sequence of str
        Names that get a colour and a label; the others are grey.

    Examples
    --------
    >>> fig = plot_paths({"L1": [1.0, 2.0]}, {"L1": np.eye(2)}, ["a", "b"], ["a"])
    >>> len(fig.axes[0].lines)
    2
    >>> plt.close(fig)
    """
    fig, axes = plt.subplots(
        1, len(paths), figsize=(6.8, 3.4), sharey=True, squeeze=False
    )
    colour = {name: palette[c] for name, c in zip(shown, COLOURS, strict=False)}
    for ax, (title, path) in zip(axes[0], paths.items(), strict=True):
        for name, weights in sorted(
            zip(names, path.T, strict=True), key=lambda pair: pair[0] in colour
        ):
            label = name if name in colour else None
            ax.semilogx(
                alphas[title], weights, label=label, color=colour.get(name, "0.75")
            )
        ax.set(title=title, xlabel="alpha")
    axes[0, 0].set_ylabel("weight")
    axes[0, -1].legend()
    return fig
