"""Plots that several chapters share: a confusion matrix, intervals, a reliability diagram.

>>> import pandas as pd
>>> from mlmastery.bookkit.plots import plot_confusion
>>> plot_confusion(pd.DataFrame([[3, 1], [0, 4]])).get_ylabel()
'true'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

__all__ = ["plot_confusion", "plot_intervals", "plot_reliability"]

STYLES = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D")


def plot_confusion(
    counts: pd.DataFrame,
    *,
    rotation: float = 0,
    fontsize: float | None = None,
    show_zeros: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw a confusion matrix with its counts, darker where there are more.

    Parameters
    ----------
    counts : DataFrame of shape (n_classes, n_classes)
        True classes in the rows, predicted ones in the columns, in the same order.
    rotation : float, default=0
        Of the labels of the columns, in degrees.
    fontsize : float, optional
        Of the counts, in points.
    show_zeros : bool, default=True
        Whether to write zeros, which crowd a large matrix.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If ``counts`` is not square.

    Examples
    --------
    >>> names = ["a", "b"]
    >>> ax = plot_confusion(pd.DataFrame([[3, 1], [0, 4]], index=names, columns=names))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('predicted', 'true')
    """
    if counts.shape[0] != counts.shape[1]:
        raise ValueError(f"counts must be square, got shape {counts.shape}")
    ax = plt.gca() if ax is None else ax
    values = counts.to_numpy()
    # The scale ends well above the largest count, so that black text stays legible.
    ax.imshow(values, cmap="Blues", vmin=0, vmax=1.6 * values.max())
    for (row, column), count in np.ndenumerate(values):
        text = str(count) if count or show_zeros else ""
        ax.text(column, row, text, ha="center", va="center", fontsize=fontsize)
    ax.set_xticks(
        range(len(counts)), [str(c) for c in counts.columns], rotation=rotation
    )
    ax.set_yticks(range(len(counts)), [str(c) for c in counts.index])
    ax.set(xlabel="predicted", ylabel="true")
    ax.grid(False)
    return ax


def plot_intervals(
    table: pd.DataFrame,
    *,
    value: str,
    scale: float = 1,
    shift: float = 0,
    ax: Axes | None = None,
    **style: Any,
) -> Axes:
    """Draw one value per row with its interval, the first row on top.

    Parameters
    ----------
    table : DataFrame
        With the columns ``value`` names, ``low`` and ``high``.
    value : str
        The column of the values; also the label of the axis.
    scale : float, default=1
        What all are multiplied by: 100 for percentage points.
    shift : float, default=0
        How far above its row each value is drawn, in rows.
    ax : Axes, optional
    **style
        For ``Axes.errorbar``.

    Returns
    -------
    Axes

    Examples
    --------
    >>> scores = pd.DataFrame({"accuracy": [0.9], "low": [0.8], "high": [1.0]})
    >>> plot_intervals(scores, value="accuracy").get_xlabel()
    'accuracy'
    """
    ax = plt.gca() if ax is None else ax
    middle, low, high = (scale * table[name] for name in (value, "low", "high"))
    rows = np.arange(len(table))[::-1]
    arms = [middle - low, high - middle]
    look = {"fmt": "o", "capsize": 3, **style}
    ax.errorbar(middle, rows + shift, xerr=arms, **look)
    ax.set_yticks(rows, [str(name) for name in table.index])
    ax.set(xlabel=value, ylim=(-0.6, len(table) - 0.4))
    return ax


def plot_reliability(
    tables: Mapping[str, pd.DataFrame],
    *,
    xlabel: str = "predicted probability",
    ylabel: str = "observed share",
    ax: Axes | None = None,
) -> Axes:
    """Draw observed shares against predicted ones, a line for each model.

    Parameters
    ----------
    tables : dict of str to DataFrame
        From `mlmastery.calibration.reliability_table`.
    xlabel, ylabel : str
    ax : Axes, optional

    Returns
    -------
    Axes
        The grey diagonal is where a model keeps its word.

    Examples
    --------
    >>> from mlmastery.calibration import reliability_table
    >>> table = reliability_table([0, 1, 1, 1], [0.5, 0.5, 0.9, 0.9])
    >>> plot_reliability({"ours": table}).get_ylabel()
    'observed share'
    """
    ax = plt.gca() if ax is None else ax
    ax.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    looks = zip(STYLES, MARKERS, strict=True)
    for (name, table), (style, marker) in zip(tables.items(), looks, strict=False):
        x, y, low, high = (table[k] for k in ("predicted", "observed", "low", "high"))
        look: dict[str, Any] = {"linestyle": style, "marker": marker, "markersize": 3}
        # Wilson's interval of 0 or of all may miss the share by a rounding error.
        ax.errorbar(x, y, np.maximum([y - low, high - y], 0), label=name, **look)
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(0, 1.02), ylim=(0, 1.02))
    ax.legend(loc="upper left")
    return ax
