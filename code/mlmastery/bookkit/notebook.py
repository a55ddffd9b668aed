"""What a page's cells call: set_up, glue, claim and result."""

import ast
import html
import itertools
import linecache
import math
import os
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import FrameType
from typing import Any

import numpy as np

from mlmastery.bookkit.figures import notebook_shell, show_vector_figures, use_style
from mlmastery.spread import Spread, check_spread, decimals

# Set where the book is built: there a claim that does not hold stops the build.
BUILDING = "MLMASTERY_BUILD"
_claim_numbers = itertools.count(1)


class ClaimError(AssertionError):
    """A claim of the text does not hold in this run."""


@dataclass(frozen=True)
class Published:
    """A figure somebody else published, to stand beside ours.

    Parameters
    ----------
    value : float
        In the unit of our metric.
    protocol : str
        How it was measured: data, split, number of runs.
    source : str
        BibTeX key in ``book/references.bib``.
    comparable : bool, default=True
        Whether data and protocol are ours.
    why_not : str, default=""
        The difference, required if not comparable.
    spread : float, optional
        As published, in the unit of ``value``.

    Raises
    ------
    ValueError
        If it is not comparable and ``why_not`` is empty, or the reverse.

    Examples
    --------
    >>> Published(0.81, "same split", "doe2020").comparable
    True
    """

    value: float
    protocol: str
    source: str
    comparable: bool = True
    why_not: str = ""
    spread: float | None = None

    def __post_init__(self) -> None:
        if self.comparable == bool(self.why_not):
            raise ValueError(
                "why_not must say what differs exactly where comparable is False, "
                f"got comparable={self.comparable} and why_not={self.why_not!r}"
            )


def set_up() -> None:
    """Prepare a page: figure style, vector figures, tables that also print.

    Outside IPython it only sets the figure style. Claims are numbered from 1 again.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> with plt.rc_context():
    ...     set_up()
    """
    global _claim_numbers
    use_style()
    _claim_numbers = itertools.count(1)
    shell = notebook_shell()
    if shell is not None:
        from mlmastery.bookkit.tables import register_tables

        show_vector_figures(shell)
        register_tables(shell)


def glue(name: str, value: object, spec: str = "") -> None:
    """Store ``format(value, spec)`` for the page's prose, which shows it by name.

    The text is kept in the notebook's output where myst-nb's ``glue`` roles look for
    it; nothing is shown in the cell.

    Parameters
    ----------
    name : str
        Unique in the page, without a colon, which the role reads as a format.
    value : object
        What is measured.
    spec : str, default=""
        Format specification, such as ``".2f"`` or ``",.0f"``.

    Raises
    ------
    ValueError
        If the name is unusable or the specification does not suit the value.

    Examples
    --------
    >>> glue("test-error", 0.1234, ".1%")
    """
    if not name or ":" in name or name != name.strip():
        raise ValueError(f"name must be a word without a colon, got {name!r}")
    text = format(value, spec)
    prefix = "application/papermill.record/"
    metadata = {"scrapbook": {"name": name, "mime_prefix": prefix}}
    # myst-nb evaluates the text as a Python literal: 1,234 would become a tuple, and
    # 0.50 lose its zero. The literal of a string comes back as it is.
    show({prefix + "text/plain": repr(text)}, metadata)


def claim(text: str, holds: bool | np.bool, *, quiet: bool = False) -> None:
    """Show a sentence about the results with a check mark, or fail if it is false.

    The check mark opens the condition. In the book's build, and outside a notebook, a
    false claim is an error; in a reader's notebook, where something was changed, it is
    shown as not holding and the next cell runs.

    Parameters
    ----------
    text : str
        One sentence, without a number that another run could change.
    holds : bool
        The comparison itself, computed from this run.
    quiet : bool, default=False
        Whether it is checked and counted but shown on the page of all claims only.

    Raises
    ------
    ClaimError
        If the claim does not hold.
    TypeError
        If ``holds`` is anything but a bool: an array or a number is a mistake.

    Examples
    --------
    >>> claim("A mean lies between the extremes.", 1 < 2 < 3)
    >>> claim("One is more than two.", 1 > 2)
    Traceback (most recent call last):
    mlmastery.bookkit.notebook.ClaimError: One is more than two.
    """
    if not isinstance(holds, bool | np.bool):
        raise TypeError(f"holds must be a bool, got {type(holds).__name__}: {holds!r}")
    if not text.strip():
        raise ValueError("text must be a sentence, got an empty one")
    if not holds and (BUILDING in os.environ or notebook_shell() is None):
        raise ClaimError(text)
    key = f"claim-{next(_claim_numbers)}"
    code = condition(sys._getframe(1))
    note = {"kind": "claim", "id": key, "text": text, "code": code, "quiet": quiet}
    show(_claim_box(key, text, code, bool(holds), quiet), {"mlmastery": note})


def condition(frame: FrameType) -> str:
    """Return the source of the second argument of the call that a frame is at.

    The position of the call is Python's own, so a claim in a loop, a condition or a
    function is found too. Where the source is not at hand the text is empty.
    """
    code = frame.f_code
    line, end_line, start, end = next(
        itertools.islice(code.co_positions(), frame.f_lasti // 2, None)
    )
    lines = linecache.getlines(code.co_filename, frame.f_globals)
    if not lines or line is None or end_line is None:
        return ""
    call = [text.encode() for text in lines[line - 1 : end_line]]
    call[-1] = call[-1][
        :end
    ]  # columns count bytes; the end first: it may be the same line
    call[0] = call[0][start:]
    source = b"".join(call).decode()
    called = ast.parse(source, mode="eval").body
    assert isinstance(called, ast.Call)
    named = {keyword.arg: keyword.value for keyword in called.keywords}
    holds = named["holds"] if "holds" in named else called.args[1]
    return textwrap.dedent(ast.get_source_segment(source, holds, padded=True) or "")


def _claim_box(
    key: str, text: str, code: str, holds: bool, quiet: bool
) -> dict[str, str]:
    """Return the claim for the site, for print and as text."""
    mark, label = ("✓", "Claim.") if holds else ("✗", "This does not hold in your run:")
    kind = "claim" if holds else "claim claim-broken"
    said = (
        f'<span aria-hidden="true">{mark}</span> '
        f"<strong>{label}</strong> {html.escape(text)}"
    )
    checked = f"<pre><code>{html.escape(code)}</code></pre>" if code else ""
    page = f"<summary>{said}</summary>{checked}" if code else f"<p>{said}</p>"
    tag = "details" if code else "div"
    if quiet and holds:
        anchor = f'<span class="claim-quiet" id="{key}"></span>'
        return {"text/html": anchor, "text/plain": ""}
    return {
        "text/html": f'<{tag} class="{kind}" id="{key}">{page}</{tag}>',
        "text/markdown": f"{mark} **{label}** {text}",
        "text/plain": f"{mark} {label} {text}",
    }


def result(
    name: str,
    value: float,
    *,
    spread: Spread,
    metric: str,
    protocol: str,
    seconds: float,
    data: str,
    published: Sequence[Published] = (),
    note: str = "",
) -> None:
    """Show a chapter's headline figure beside published ones.

    The results page lists it, from the output's metadata.

    Parameters
    ----------
    name : str
        What was built, as in "ridge on the diabetes data".
    value : float
        The figure, in the metric's unit.
    spread : Spread
        Its uncertainty, in the same unit.
    metric, protocol : str
        What is measured (with its unit) and how.
    seconds : float
        What the run took here.
    data : str
        Name of the data set.
    published : sequence of Published
        In the order to be shown.
    note : str, default=""
        What a reader should know of the comparison, shown below the table.

    Raises
    ------
    TypeError
        If the spread does not say its kind.
    ValueError
        If a number is not finite, or ``seconds`` is negative.

    Examples
    --------
    >>> result("ridge", 53.1, spread=Spread.sd(2.0), metric="RMSE",
    ...        protocol="5 folds", seconds=1.2, data="diabetes")
    """
    check_spread(spread)
    for key, number in (("value", value), ("seconds", seconds)):
        if not math.isfinite(number) or (number < 0 and key != "value"):
            raise ValueError(f"{key} must be finite, only value negative; got {number}")
    fields = {
        "kind": "result",
        "name": name,
        "value": float(value),
        "spread": spread.fields(),
        "metric": metric,
        "protocol": protocol,
        "seconds": float(seconds),
        "data": data,
        "published": [asdict(other) for other in published],
        "note": note,
    }
    show(_result_tables(fields, published), {"mlmastery": fields})


def _result_tables(
    fields: Mapping[str, Any], published: Sequence[Published]
) -> dict[str, str]:
    """Lay out our figure and the published ones as HTML, Markdown and text."""
    import pandas as pd

    from mlmastery.bookkit.tables import to_html, to_markdown

    ours = (
        fields["name"],
        Spread.read(fields["spread"]).beside(fields["value"]),
        f"{fields['protocol']}; {format_seconds(fields['seconds'])} s here",
    )
    rows = [ours, *(_published_row(other) for other in published)]
    table = pd.DataFrame(rows, columns=["", fields["metric"], "protocol"])
    note = fields["note"]
    return {
        "text/html": to_html(table, index=False)
        + (note and f"<p>{html.escape(note)}</p>"),
        "text/markdown": to_markdown(table, index=False) + (note and f"\n\n{note}"),
        "text/plain": table.to_string(index=False) + (note and f"\n{note}"),
    }


def _published_row(other: Published) -> tuple[str, str, str]:
    caveat = "" if other.comparable else f"; not comparable, because {other.why_not}"
    value = rounded(other.value, other.spread)
    return author_and_year(other.source), value, other.protocol + caveat


def author_and_year(key: str) -> str:
    """Return what a key of the bibliography says, for readers far from the list.

    Examples
    --------
    >>> author_and_year("geron2022hands"), author_and_year("mcMahan2017communication")
    ('Geron (2022)', 'McMahan (2017)')
    """
    return re.sub(
        r"^([a-z])([A-Za-z]*)(\d{4}).*",
        lambda m: f"{m[1].upper()}{m[2]} ({m[3]})",
        key,
    )


def format_seconds(seconds: float) -> str:
    """Return a duration with two digits, or more if it is long.

    Examples
    --------
    >>> format_seconds(0.3125), format_seconds(158.4)
    ('0.31', '158')
    """
    return f"{seconds:.2g}" if seconds < 10 else f"{seconds:.0f}"


def rounded(value: float, spread: float | None = None) -> str:
    """Return a number with the digits that its spread supports.

    Examples
    --------
    >>> rounded(0.812345, 0.0123), rounded(53.1234, 2.04), rounded(0.81)
    ('0.812 ± 0.012', '53.1 ± 2.0', '0.81')
    """
    if not spread:
        return f"{value:.4g}" if spread is None else f"{value:.4g} ± 0"
    digits = f".{decimals(spread)}f"
    return f"{value:{digits}} ± {spread:{digits}}"


def show(bundle: dict[str, str], metadata: dict[str, Any]) -> None:
    """Display one output with its metadata in a notebook; elsewhere do nothing."""
    if notebook_shell() is not None:
        from IPython.display import display

        display(bundle, metadata=metadata, raw=True)
