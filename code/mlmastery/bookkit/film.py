"""A film: the pictures of one cell, one for each value of a parameter or a time."""

import base64
import io
import os
import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from mlmastery.bookkit.figures import notebook_shell

FILM = "application/vnd.mlmastery.frames+json"
_RECORD = "application/papermill.record/"
_MOST_FRAMES = 40
_MOST_BYTES = 400_000
_PRINTED = 6
_COORDINATES = re.compile(r' (?:d|x|y)="[^"]*"')
_LONG_NUMBER = re.compile(r"(\d\.\d\d)\d+")


def frames(
    name: str,
    draw: Callable[..., object],
    values: Iterable[Any],
    *,
    label: str | Callable[[Any], str] = "{}",
    **subplots: Any,
) -> None:
    """Make the pictures of a film, which the page's ``frames`` directive shows.

    On the site the reader moves a slider or plays the film; print shows at most six of
    the pictures in a strip. In a notebook the pictures are shown one below the other.

    Parameters
    ----------
    name : str
        What the directive asks for; unique in the page.
    draw : callable
        ``draw(ax, value)`` draws one picture; with more than one pair of axes,
        ``draw(axes, value)``. Set the limits of the axes, or the pictures will jump.
    values : iterable
        One value for each picture, in order: 2 to 40 of them.
    label : str or callable, default="{}"
        A format for the value, or a function of it, such as ``"k = {}"``.
    **subplots
        What ``matplotlib.pyplot.subplots`` takes, such as ``figsize``.

    Raises
    ------
    ValueError
        If there are fewer than 2 pictures or more than 40, if two have one label, or if
        together they are larger than 400 kB.

    Examples
    --------
    >>> def draw(ax, power):
    ...     ax.plot([0, 1, 2], [0, 1, 2**power])
    >>> frames("powers", draw, [1, 2, 3], label="x to the power {}")
    """
    values = list(values)
    labels = [label(v) if callable(label) else label.format(v) for v in values]
    _check_number(name, labels)
    printed = set(np.linspace(0, len(values) - 1, min(len(values), _PRINTED)).round())
    film = [
        _picture(text, draw, value, n in printed, subplots)
        for n, (text, value) in enumerate(zip(labels, values, strict=True))
    ]
    size = sum(len(picture["svg"]) for picture in film)
    if size > _MOST_BYTES:
        raise ValueError(
            f"frames {name!r}: {len(film)} pictures take {size / 1000:.0f} kB, may take "
            f"{_MOST_BYTES / 1000:.0f}; draw fewer pictures or fewer points, or give "
            "the many points rasterized=True"
        )
    _show(name, film)


def _check_number(name: str, labels: list[str]) -> None:
    if not 2 <= len(labels) <= _MOST_FRAMES:
        raise ValueError(
            f"frames {name!r}: expected 2 to {_MOST_FRAMES} values, got {len(labels)}"
            + ("; a single picture is an ordinary figure" if len(labels) == 1 else "")
        )
    twice = sorted({text for text in labels if labels.count(text) > 1})
    if twice:
        raise ValueError(f"frames {name!r}: two pictures have the label {twice[0]!r}")


def _picture(
    label: str,
    draw: Callable[..., object],
    value: Any,
    printed: bool,
    subplots: dict[str, Any],
) -> dict[str, str]:
    """Draw one picture, for the site and, if it is to be printed, for print."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(**subplots)
    try:
        draw(axes, value)
        picture = {"label": label, "svg": _svg(fig)}
        if printed:
            pdf = io.BytesIO()
            fig.savefig(pdf, format="pdf", metadata={"CreationDate": None})
            picture["pdf"] = base64.b64encode(pdf.getvalue()).decode()
    finally:
        plt.close(fig)
    return picture


def _svg(fig: Any) -> str:
    """Return a figure as SVG without metadata, to a hundredth of a point."""
    out = io.StringIO()
    fig.savefig(out, format="svg", metadata={"Date": None})
    text = re.sub(
        r"<metadata>.*?</metadata>|<!--.*?-->", "", out.getvalue(), flags=re.S
    )
    text = _COORDINATES.sub(lambda found: _LONG_NUMBER.sub(r"\1", found[0]), text)
    return re.sub(r">\s+<", "><", text)


def _show(name: str, film: list[dict[str, str]]) -> None:
    """Leave the film where the directive finds it; show it where nobody builds a book."""
    from mlmastery.bookkit.notebook import BUILDING, show

    if notebook_shell() is None:
        return
    note = {"scrapbook": {"name": name, "mime_prefix": _RECORD}}
    if BUILDING in os.environ:
        show({_RECORD + FILM: film}, note)  # type: ignore[dict-item]
        return
    from IPython.display import SVG, Markdown, display

    for picture in film:
        display(Markdown(f"**{picture['label']}**"), SVG(picture["svg"]))
