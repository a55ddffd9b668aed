"""Write a report as one HTML file that opens anywhere."""

import base64
import gc
import html
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from mlmastery.data_exploration.columns import Numbers
from mlmastery.data_exploration.content import ReportContent, marked
from mlmastery.data_exploration.figures import PANELS, draw_all, style
from mlmastery.data_exploration.findings import CATEGORIES, Finding, count, per_cent
from mlmastery.storage import replacing

HEADINGS = {
    "target": "What goes with the target",
    "distributions": "How the numbers are distributed",
    "categories": "The commonest values of the categories",
    "dates": "Rows over time",
    "missing": "Where cells are missing",
    "boxes": "How far the numbers reach",
    "correlations": "Which numbers go together",
    "pairs": "Pairs of numbers, a sample of the rows",
    "map": "All numbers at once: principal components of a sample",
}
KINDS_DRAWN = {
    "distributions": ("number",),
    "categories": CATEGORIES,
    "boxes": ("number",),
    "correlations": ("number",),
    "dates": ("date",),
}
OPEN = ("target", "distributions")  # drawings that are not folded
STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fdfdfc; --line: #d8d8d4;
  --soft: #f1f1ee; --strong: #0b4f83; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e3; --paper: #17181a;
  --line: #3a3c40; --soft: #222428; --strong: #8cc4f0; }
  img { filter: invert(1) hue-rotate(180deg); } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.2rem 1rem 3rem; max-width: 62rem; color: var(--ink);
  background: var(--paper); font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 1.4rem 0 .3rem; color: var(--strong); }
h3 { font-size: 1rem; margin: .7rem 0 .1rem; }
p, ul { margin: .25rem 0; }
details { border-top: 1px solid var(--line); padding: .35rem 0; }
summary { cursor: pointer; font-weight: 600; color: var(--strong); }
code { font-size: .92em; background: var(--soft); padding: .05em .3em; border-radius: 3px;
  overflow-wrap: anywhere; }
li { margin: .2rem 0; }
img { max-width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; max-width: 18rem; overflow: hidden; text-overflow: ellipsis; }
th:first-child, td:first-child, .left { text-align: left; }
thead th { background: var(--soft); }
.text td { text-align: left; }
@media print { @page { size: A4; margin: 12mm; } body { font-size: 9.5pt; padding: 0; }
  table { font-size: 7.5pt; } th, td { padding: .1rem .3rem; }
  details:not([open]) { display: none; } img { max-height: 75mm; } .wide { overflow: hidden; } }
"""


def write_page(report: ReportContent, path: Path, title: str) -> Path:
    """Write the report to ``path`` and return it; a file there is replaced at the end."""
    with replacing(path) as file:
        file.write(render(report, title).encode("utf-8", "replace"))
    return path


def render(report: ReportContent, title: str) -> str:
    """Return the report as one HTML text; whatever comes from the table is escaped."""
    head = html.escape(title)
    note = f"<p>{html.escape(report.note)}</p>" if report.note else ""
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{head}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{head}</h1><p>{html.escape(report.summary)}</p>{note}",
        _findings(report),
        "<h2>The columns</h2>" + _columns(report),
        _folded("All statistics of the numbers", _overview(report)),
        *_missing(report),
        *_profiles(report),
        _folded("First, random and last rows", _table(_rows(report))),
        *_figures(report),
        "</main></body></html>",
    ]
    return "\n".join(parts)


def _folded(heading: str, body: str, is_open: bool = False) -> str:
    """Return a part of the page that the reader unfolds."""
    state = " open" if is_open else ""
    return f"<details{state}><summary>{html.escape(heading)}</summary>{body}</details>"


def _findings(report: ReportContent) -> str:
    nothing = "<p>No rule found anything odd. Look at the drawings anyway.</p>"
    if not report.findings:
        return "<h2>Findings</h2>" + nothing
    parts = ["<h2>Findings</h2>"]
    if all(finding.group.startswith("Limits") for finding in report.findings):
        parts.append(nothing)
    for group, findings in report.headlines.items():
        parts.append(f"<h3>{html.escape(group)}</h3>{_list(findings)}")
    printed = {id(f) for findings in report.headlines.values() for f in findings}
    rest = [f for f in report.findings if id(f) not in printed]
    if rest:
        words = f"{len(rest)} further finding{'' if len(rest) == 1 else 's'}"
        parts.append(_folded(words, _list(rest)))
    return "".join(parts)


def _list(findings: list[Finding]) -> str:
    return "<ul>" + "".join(f"<li>{marked(str(f))}</li>" for f in findings) + "</ul>"


def _columns(report: ReportContent) -> str:
    """Return the table of all columns, as narrow as it can be."""
    table = report.overview
    shown = {
        "kind": table["kind"],
        "missing": [
            f"{n:,} ({per_cent(n / report.n_rows)})" if n else "0"
            for n in table["missing"]
        ],
        "distinct": [f"{n:,}" for n in table["distinct"]],
        "commonest": [_short(value) for value in table["top"]],
        "from": [_end(row, "minimum", "earliest") for _, row in table.iterrows()],
        "median": [_number(value) for value in table["median"]],
        "to": [_end(row, "maximum", "latest") for _, row in table.iterrows()],
    }
    return _table(pd.DataFrame(shown, index=table.index))


def _end(row: pd.Series, number: str, date: str) -> str:
    """Write the smallest or largest value of a column of numbers or dates."""
    if pd.notna(row[date]):
        return str(row[date])[:10]
    return _number(row[number])


def _overview(report: ReportContent) -> str:
    labels = {"minimum": "min", "maximum": "max", "q25": "25 %", "q75": "75 %"}
    numbers = [n for n in Numbers.__dataclass_fields__ if n != "infinite"]
    table = report.overview[report.overview["kind"] == "number"]
    shown = {labels.get(n, n): [_number(v) for v in table[n]] for n in numbers}
    return _table(pd.DataFrame(shown, index=table.index))


def _profiles(report: ReportContent) -> list[str]:
    """Return extreme values, dates and texts, each if the table has such columns."""
    parts = []
    if len(report.extremes):
        shown = report.extremes.map(
            lambda pairs: ", ".join(f"{_number(v)} (row {row})" for v, row in pairs)
        )
        parts.append(_folded("Extreme values", _table(shown, "text")))
    if len(report.dates):
        shown = report.dates.map(_moment)
        parts.append(_folded("Dates", _table(shown)))
    if len(report.texts):
        parts.append(_folded("Texts and categories", _table(report.texts, "text")))
    return parts


def _moment(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return str(value).removesuffix(" 00:00:00")
    return "" if value is None or value is pd.NaT else f"{value}"


def _rows(report: ReportContent) -> pd.DataFrame:
    """Return the sample of rows, wide tables cut, with their labels in front."""
    rows = report.rows.iloc[:, :40]
    labels = [f"{part}: {row}" for part, row in rows.index]
    cells = {name: [_short(value) for value in rows[name]] for name in rows}
    return pd.DataFrame(cells, index=pd.Index(labels, name="row"))


def _number(value: float) -> str:
    if pd.isna(value):
        return ""
    # A year would look odd with a comma.
    return count(value).replace(",", "") if abs(value) < 10_000 else count(value)


def _short(value: object) -> str:
    gone = value is None or (pd.api.types.is_scalar(value) and pd.isna(value))
    text = "" if gone else str(value)
    return text if len(text) <= 30 else text[:29] + "…"


def _missing(report: ReportContent) -> list[str]:
    if report.missing.empty:
        return []
    patterns = report.patterns.head(12)
    names = [", ".join(map(str, c)) or "nothing" for c in patterns["columns"]]
    shown = {
        "missing together": [_short_list(name) for name in names],
        "rows": [f"{n:,}" for n in patterns["rows"]],
        "share": [per_cent(share) for share in patterns["share"]],
    }
    table = pd.DataFrame(shown).set_index("missing together")
    return [_folded("Missing cells, by pattern", _table(table))]


def _short_list(text: str) -> str:
    return text if len(text) <= 90 else text[:89] + "…"


def _table(table: pd.DataFrame, kind: str = "wide") -> str:
    """Return an HTML table; pandas escapes the cells, whatever they hold."""
    frame = table.copy()
    frame.insert(0, table.index.name, table.index, allow_duplicates=True)
    with pd.option_context("display.max_colwidth", 200):
        body = _as_html(frame)
    classes = "wide" if kind == "wide" else f"wide {kind}"
    return f'<div class="{classes}" tabindex="0">{body}</div>'


def _as_html(frame: pd.DataFrame) -> str:
    return frame.to_html(index=False, border=0, justify="unset", max_cols=None)


def _figures(report: ReportContent) -> list[str]:
    """Return the drawings, with a word on columns that a full drawing leaves out."""
    with _without_collection():
        return _drawn(report)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Put off the search for unused objects: drawing makes very many, all in use."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _drawn(report: ReportContent) -> list[str]:
    parts = []
    for name, figure in draw_all(report).items():
        heading = HEADINGS[name]
        kinds = KINDS_DRAWN.get(name)
        n = int(report.overview["kind"].isin(kinds).sum()) if kinds else 0
        n = len(report.missing) if name == "missing" else n
        if n > PANELS:
            heading += f": the first {PANELS} of {n:,} columns"
        parts.append(_folded(heading, _image(figure, heading), name in OPEN))
    return parts


def _image(figure: Figure, alt: str) -> str:
    """Return the drawing inside the page, as vectors where it has few of them."""
    file = io.BytesIO()
    with style():
        figure.savefig(file, format="svg", metadata={"Date": None}, dpi=110)
    data = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{data}">'
