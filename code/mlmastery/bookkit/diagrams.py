"""Boxes and arrows: what a drawing of parts and of what flows between them is made of.

>>> import matplotlib.pyplot as plt
>>> from mlmastery.bookkit.diagrams import arrow, blank, box
>>> fig, ax = plt.subplots()
>>> one, two = (box(blank(ax), (x, 0), str(x)) for x in (0, 2))
>>> arrow(ax, one, two, "goes on").get_text()
'goes on'
>>> plt.close(fig)
"""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.text import Text

from mlmastery.bookkit.figures import palette

__all__ = ["arrow", "blank", "box"]


def blank(ax: Axes) -> Axes:
    """Take axes, ticks and grid away; a unit is as long upwards as sideways.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> blank(ax).axison
    False
    >>> plt.close(fig)
    """
    ax.axis("off")
    ax.set_aspect("equal")
    return ax


def box(
    ax: Axes,
    place: tuple[float, float],
    text: str,
    *,
    color: str = palette["blue"],
    shape: str = "round",
    **style: Any,
) -> Text:
    """Write a text with a frame around it, and return it for `arrow`.

    Parameters
    ----------
    place : tuple of float
        The middle of the text, in the units of the axes.
    text : str
    color : str
        Of the frame.
    shape : str, default="round"
        A box style of Matplotlib, such as "circle".
    **style
        For ``Axes.text``, such as ``fontsize``.

    Returns
    -------
    Text

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> box(ax, (1, 2), "norm").get_position()
    (1, 2)
    >>> plt.close(fig)
    """
    frame = {"boxstyle": shape, "facecolor": "white", "edgecolor": color}
    look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, **style}
    ax.update_datalim([place])
    return ax.text(*place, text, bbox=frame, **look)


def arrow(
    ax: Axes,
    start: Text,
    end: Text,
    text: str = "",
    *,
    color: str = "0.4",
    bend: float = 0.0,
    **style: Any,
) -> Text:
    """Draw an arrow from the frame of one box to that of another, with a text on it.

    Parameters
    ----------
    start, end : Text
        As `box` returned them.
    text : str, optional
        Stands in the middle of the arrow.
    color : str
        Of arrow and text.
    bend : float, default=0
        How far a curved arrow leaves the straight line, as a share of its length.
    **style
        For the arrow, such as ``linestyle``.

    Returns
    -------
    Text
        That of the arrow.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> a, b = box(ax, (0, 0), "a"), box(ax, (1, 1), "b")
    >>> arrow(ax, a, b, "sum").get_position()
    (0.5, 0.5)
    >>> plt.close(fig)
    """
    (x0, y0), (x1, y1) = start.get_position(), end.get_position()
    ends = {"patchA": start.get_bbox_patch(), "patchB": end.get_bbox_patch()}
    look = {"arrowstyle": "->", "color": color, "shrinkA": 0, "shrinkB": 0, **style}
    look["connectionstyle"] = f"arc3,rad={bend}"
    ax.annotate("", (x1, y1), (x0, y0), arrowprops={**look, **ends})
    # A curve's middle lies half its bend beside the straight line.
    x = (x0 + x1) / 2 + bend * (y1 - y0) / 2
    y = (y0 + y1) / 2 - bend * (x1 - x0) / 2
    label = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    middle: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8}
    return ax.text(x, y, text, color=color, bbox=label if text else None, **middle)
