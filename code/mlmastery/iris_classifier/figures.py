"""Draw the flowers, streets, settings and scores of chapter 2 on given axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mlmastery.bookkit import palette
from mlmastery.iris_classifier.regions import (
    CLASS_COLOURS,
    CLASS_MARKERS,
    plot_regions,
)

__all__ = [
    "plot_chosen",
    "plot_classes",
    "plot_grid",
    "plot_impact",
    "plot_reuse",
    "plot_street",
]


def plot_classes(X: pd.DataFrame, y: pd.Series, *, ax: Axes | None = None) -> Axes:
    """Draw rows by their two columns, with a colour and a marker for each class.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, 2)
    y : Series of shape (n_samples,)

    Examples
    --------
    >>> X = pd.DataFrame({"length": [1.0, 2.0], "width": [1.0, 3.0]})
    >>> ax = plot_classes(X, pd.Series(["a", "b"]))
    >>> [line.get_label() for line in ax.lines]
    ['a', 'b']
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    looks = zip(np.unique(y), CLASS_MARKERS, CLASS_COLOURS, strict=False)
    for name, marker, colour in looks:
        rows = X[(y == name).to_numpy()].to_numpy()
        ax.plot(*rows.T, marker, color=colour, markersize=4, label=str(name))
    ax.set(xlabel=f"{_words(X.columns[0])} (cm)", ylabel=f"{_words(X.columns[1])} (cm)")
    return ax


def _words(name: Any) -> str:
    return str(name).replace("_", " ")


def plot_street(
    model: Any,
    X: pd.DataFrame,
    y: pd.Series,
    *,
    labels: Sequence[Any] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a linear support vector machine's border, margins and support vectors.

    Parameters
    ----------
    model : fitted pipeline
        For two classes; its last step, ``model``, is an SVC.
    X : DataFrame of shape (n_samples, 2)
    y : Series of shape (n_samples,)
    labels : sequence, optional
        As for `plot_regions`.

    Examples
    --------
    >>> from mlmastery.iris_classifier.workflow import make_classifier
    >>> X = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "z": [0.0, 1.0, 0.0, 1.0]})
    >>> y = pd.Series(["a", "a", "b", "b"])
    >>> ax = plot_street(make_classifier("svm", kernel="linear").fit(X, y), X, y)
    >>> ax.get_xlabel()
    'x'
    >>> plt.close(ax.figure)
    """
    ax = plot_regions(model, X, y, labels=labels, ax=ax)
    limits = ax.axis()
    mesh = np.meshgrid(np.linspace(*limits[:2], 60), np.linspace(*limits[2:], 60))
    points = pd.DataFrame(np.column_stack([m.ravel() for m in mesh]), columns=X.columns)
    heights = model.decision_function(points).reshape(mesh[0].shape)
    ax.contour(*mesh, heights, [-1, 0, 1], colors="black", linestyles=["--", "-", "--"])
    held = X.to_numpy()[model[-1].support_].T
    ax.plot(*held, "o", markersize=9, fillstyle="none", color="black", alpha=0.6)
    return ax


def plot_impact(
    impact: pd.DataFrame, setting: str, *, log: bool = False, ax: Axes | None = None
) -> Axes:
    """Draw training and validation accuracy against one setting, with a band of one sd.

    Parameters
    ----------
    impact : DataFrame
        As `parameter_impact` returns it.
    setting : str
        The label of the axis.
    log : bool, default=False
        Whether the axis of the setting is logarithmic.

    Examples
    --------
    >>> impact = pd.DataFrame(
    ...     {"train": [1.0, 0.9], "validation": [0.8, 0.9], "sd": [0.1, 0.1]},
    ...     index=[1, 5],
    ... )
    >>> ax = plot_impact(impact, "n_neighbors")
    >>> [line.get_label() for line in ax.lines]
    ['training', 'validation']
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    middle, sd = impact["validation"], impact["sd"]
    ax.plot(impact.index, impact["train"], "o-", label="training")
    (line,) = ax.plot(impact.index, middle, "s-", label="validation")
    ax.fill_between(
        impact.index,
        middle - sd,
        np.minimum(middle + sd, 1),
        color=line.get_color(),
        alpha=0.15,
    )
    ax.set(xlabel=setting, xscale="log" if log else "linear")
    return ax


def plot_grid(scores: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the scores of a grid of two settings as a chart with numbers.

    Parameters
    ----------
    scores : DataFrame
        One setting in the rows, the other in the columns; values from 0.7 to 1 differ
        in shade.

    Examples
    --------
    >>> scores = pd.DataFrame([[0.9, 0.95]], index=[1.0], columns=[0.1, 0.2])
    >>> ax = plot_grid(scores.rename_axis("C").rename_axis("gamma", axis=1))
    >>> ax.get_xlabel(), ax.get_ylabel(), ax.texts[1].get_text()
    ('gamma', 'C', '0.950')
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    ax.imshow(scores, cmap="Blues", vmin=0.7, vmax=1.1, aspect="auto")
    for (row, column), value in np.ndenumerate(scores.to_numpy()):
        ax.text(column, row, f"{value:.3f}", ha="center", va="center", fontsize=9)
    ax.set_xticks(range(scores.shape[1]), [str(value) for value in scores.columns])
    ax.set_yticks(range(scores.shape[0]), [str(value) for value in scores.index])
    rows, columns = (str(axis.name).removeprefix("model__") for axis in scores.axes)
    ax.set(xlabel=columns, ylabel=rows)
    ax.grid(False)
    return ax


def plot_reuse(
    tries: Sequence[int],
    exact: Mapping[int, Sequence[float]],
    simulated: Mapping[int, Sequence[float]],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the expected best score by formula (lines) and by simulation (dots).

    Parameters
    ----------
    tries : sequence of int
        Numbers of models tried.
    exact, simulated : mapping of the number of test rows to one score per number

    Examples
    --------
    >>> ax = plot_reuse([1, 10], {30: [0.5, 0.6]}, {30: [0.5, 0.61]})
    >>> ax.lines[0].get_label()
    '30 test rows'
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    for rows, scores in exact.items():
        (line,) = ax.semilogx(tries, scores, label=f"{rows:,} test rows")
        ax.plot(tries, simulated[rows], "o", color=line.get_color())
    ax.axhline(0.5, color="black", linewidth=0.8)
    ax.set(xlabel="models tried on the same test set", ylabel="best score")
    ax.legend()
    return ax


def plot_chosen(chosen: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw reported scores against those on fresh rows, with the line of equality.

    Parameters
    ----------
    chosen : DataFrame
        With the columns ``reported`` and ``fresh``; equal reports are drawn over each
        other, darker where there are more.

    Examples
    --------
    >>> ax = plot_chosen(pd.DataFrame({"reported": [1.0], "fresh": [0.95]}))
    >>> ax.get_ylabel()
    'accuracy reported'
    >>> plt.close(ax.figure)
    """
    ax = plt.gca() if ax is None else ax
    ends = [chosen.min().min() - 0.01, 1.005]
    ax.plot(ends, ends, color="black", linewidth=0.8)
    ax.plot(chosen["fresh"], chosen["reported"], "o", color=palette["blue"], alpha=0.3)
    ax.set(xlabel="accuracy on fresh flowers", ylabel="accuracy reported")
    return ax
