"""What a page's cells call: set_up, glue, claim and result."""

import html
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mlmastery.bookkit.figures import notebook_shell, show_vector_figures, use_style

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


def claim(text: str, holds: bool | np.bool) -> None:
    """Show a sentence about the results with a check mark, or fail if it is false.

    Parameters
    ----------
    text : str
        One sentence, without a number that another run could change.
    holds : bool
        The comparison itself, computed from this run.

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
    if not holds:
        raise ClaimError(text)
    key = f"claim-{next(_claim_numbers)}"
    page = (
        f'<p class="claim" id="{key}"><span aria-hidden="true">✓</span> '
        f"<strong>Claim.</strong> {html.escape(text)}</p>"
    )
    bundle = {
        "text/html": page,
        "text/markdown": f"✓ **Claim.** {text}",
        "text/plain": f"✓ Claim. {text}",
    }
    show(bundle, {"mlmastery": {"kind": "claim", "id": key, "text": text}})


def result(
    name: str,
    value: float,
    *,
    spread: float,
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
    value, spread : float
        The figure and its standard deviation or half interval, in the metric's unit.
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
    ValueError
        If a number is not finite, or ``spread`` or ``seconds`` is negative.

    Examples
    --------
    >>> result("ridge", 53.1, spread=2.0, metric="RMSE", protocol="5 folds",
    ...        seconds=1.2, data="diabetes")
    """
    for key, number in (("value", value), ("spread", spread), ("seconds", seconds)):
        if not math.isfinite(number) or (number < 0 and key != "value"):
            raise ValueError(f"{key} must be finite, only value negative; got {number}")
    fields = {
        "kind": "result",
        "name": name,
        "value": float(value),
        "spread": float(spread),
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
        rounded(fields["value"], fields["spread"]),
        f"{fields['protocol']}; {two_digits(fields['seconds'])} s here",
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


def two_digits(seconds: float) -> str:
    """Return a duration with two digits, or more if it is long.

    Examples
    --------
    >>> two_digits(0.3125), two_digits(158.4)
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
    decimals = max(0, 1 - math.floor(math.log10(spread)))
    return f"{value:.{decimals}f} ± {spread:.{decimals}f}"


def show(bundle: dict[str, str], metadata: dict[str, Any]) -> None:
    """Display one output with its metadata in a notebook; elsewhere do nothing."""
    if notebook_shell() is not None:
        from IPython.display import display

        display(bundle, metadata=metadata, raw=True)
