"""Write a report as one HTML file that opens anywhere."""

import base64
import html
import io
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from mlmastery.data_exploration.columns import Numbers
from mlmastery.data_exploration.content import ReportContent
from mlmastery.data_exploration.figures import draw_all, style
from mlmastery.data_exploration.findings import count, per_cent

HEADINGS = {
    "target": "What goes with the target",
    "distributions": "How the numbers are distributed",
    "categories": "The commonest values of the categories",
    "missing": "Where cells are missing",
    "boxes": "How far the numbers reach",
    "correlations": "Which numbers go together",
    "pairs": "Pairs of numbers, a sample of the rows",
    "map": "All numbers at once: principal components of a sample",
}
STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fdfdfc; --line: #d8d8d4;
  --soft: #f1f1ee; --strong: #0b4f83; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e3; --paper: #17181a;
  --line: #3a3c40; --soft: #222428; --strong: #8cc4f0; }
  img { filter: invert(1) hue-rotate(180deg); } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; color: var(--ink);
  background: var(--paper); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; color: var(--strong); }
code { font-size: .92em; background: var(--soft); padding: .05em .3em; border-radius: 3px;
  overflow-wrap: anywhere; }
li { margin: .35rem 0; }
img { max-width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; max-width: 18rem; overflow: hidden; text-overflow: ellipsis; }
th:first-child, td:first-child, .left { text-align: left; }
thead th { background: var(--soft); }
"""


def write_page(report: ReportContent, path: Path, title: str) -> Path:
    """Write the report to ``path`` and return it."""
    path.write_text(render(report, title), encoding="utf-8")
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
        "<h2>The columns</h2>" + _overview(report),
        *_missing(report),
        *_figures(report),
        "</main></body></html>",
    ]
    return "\n".join(parts)


def _findings(report: ReportContent) -> str:
    items = "".join(f"<li>{_marked(str(f))}</li>" for f in report.findings)
    nothing = "<p>No rule found anything odd. Look at the drawings anyway.</p>"
    return "<h2>Findings</h2>" + (f"<ul>{items}</ul>" if items else nothing)


def _marked(sentence: str) -> str:
    """Escape a sentence, with what stood between backquotes as code."""
    parts = html.escape(sentence).split("`")
    if len(parts) % 2 == 0:  # a name that holds a backquote itself
        return html.escape(sentence)
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))


def _overview(report: ReportContent) -> str:
    labels = {"minimum": "min", "maximum": "max", "q25": "25 %", "q75": "75 %"}
    numbers = [n for n in Numbers.__dataclass_fields__ if n != "infinite"]
    table = report.overview
    shown = {
        "kind": table["kind"],
        "missing": [
            f"{n:,} ({per_cent(n / report.n_rows)})" if n else "0"
            for n in table["missing"]
        ],
        "distinct": [f"{n:,}" for n in table["distinct"]],
        "commonest": [_short(value) for value in table["top"]],
        **{labels.get(n, n): [_number(v) for v in table[n]] for n in numbers},
    }
    return _table(pd.DataFrame(shown, index=table.index))


def _number(value: float) -> str:
    if pd.isna(value):
        return ""
    # A year would look odd with a comma.
    return count(value).replace(",", "") if abs(value) < 10_000 else count(value)


def _short(value: object) -> str:
    text = "" if value is None else str(value)
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
    return ["<h2>Missing cells, by pattern</h2>" + _table(table)]


def _short_list(text: str) -> str:
    return text if len(text) <= 90 else text[:89] + "…"


def _table(table: pd.DataFrame) -> str:
    """Return an HTML table; pandas escapes the cells, whatever they hold."""
    name = html.escape(str(table.index.name))
    frame = table.reset_index(names=name)
    body = frame.to_html(index=False, border=0, justify="unset", max_cols=None)
    return f'<div class="wide" tabindex="0">{body}</div>'


def _figures(report: ReportContent) -> list[str]:
    return [
        f"<h2>{HEADINGS[name]}</h2>{_image(figure, HEADINGS[name])}"
        for name, figure in draw_all(report).items()
    ]


def _image(figure: Figure, alt: str) -> str:
    """Return the drawing inside the page, as vectors where it has few of them."""
    file = io.BytesIO()
    with style():
        figure.savefig(file, format="svg", metadata={"Date": None}, dpi=110)
    data = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{data}">'
