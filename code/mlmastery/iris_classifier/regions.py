"""Decision regions of a classifier in the plane of two features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from mlmastery.bookkit import palette

__all__ = ["CLASS_COLOURS", "CLASS_MARKERS", "plot_regions"]

CLASS_COLOURS = tuple(palette[name] for name in ("blue", "orange", "green", "purple"))
CLASS_MARKERS = "os^D"


def plot_regions(
    model: Any,
    X: pd.DataFrame,
    y: pd.Series,
    *,
    resolution: int = 120,
    labels: Sequence[Any] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a classifier's decision regions and the rows that it classifies.

    Parameters
    ----------
    model : fitted classifier
        On exactly the two columns of ``X``.
    X : DataFrame of shape (n_samples, 2)
        The rows to draw.
    y : Series of shape (n_samples,)
        Their classes.
    resolution : int, default=120
        Points of the grid in each direction.
    labels : sequence, optional
        Classes in the order of the colours; by default the model's.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If ``X`` does not have two columns, or there are more classes than colours.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> X = pd.DataFrame({"length": [1.0, 2.0], "width": [1.0, 3.0]})
    >>> model = DecisionTreeClassifier().fit(X, ["a", "b"])
    >>> plot_regions(model, X, pd.Series(["a", "b"])).get_xlabel()
    'length'
    """
    if X.shape[1] != 2:
        raise ValueError(f"X must have two columns to be drawn, got {X.shape[1]}")
    names = list(model.classes_ if labels is None else labels)
    if len(names) > len(CLASS_COLOURS):
        raise ValueError(
            f"labels must hold at most {len(CLASS_COLOURS)} classes, got {len(names)}"
        )
    ax = plt.gca() if ax is None else ax
    mesh, predicted = _predict_on_grid(model, X, resolution)
    colours = ListedColormap(CLASS_COLOURS[: len(names)])
    codes = pd.Index(names).get_indexer(predicted.ravel()).reshape(predicted.shape)
    ax.pcolormesh(
        *mesh, codes, cmap=colours, vmin=-0.5, vmax=len(names) - 0.5, alpha=0.25,
        rasterized=True,
    )  # fmt: skip
    for name, colour, marker in zip(names, CLASS_COLOURS, CLASS_MARKERS, strict=False):
        rows = X[(y == name).to_numpy()].to_numpy()
        ax.plot(*rows.T, marker, color=colour, markersize=3.5, label=str(name))
    ax.set(xlabel=str(X.columns[0]), ylabel=str(X.columns[1]))
    ax.grid(False)
    return ax


def _predict_on_grid(
    model: Any, X: pd.DataFrame, resolution: int
) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """Return the grid around the data and the prediction at each of its points."""
    low, high = X.min().to_numpy(), X.max().to_numpy()
    margin = 0.08 * (high - low)
    axes = [
        np.linspace(a, b, resolution)
        for a, b in zip(low - margin, high + margin, strict=True)
    ]
    mesh = np.meshgrid(*axes)
    points = pd.DataFrame(np.column_stack([m.ravel() for m in mesh]), columns=X.columns)
    predicted = np.asarray(model.predict(points)).reshape(resolution, resolution)
    return mesh, predicted
