"""The content of a report, apart from its drawings and its page."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mlmastery.data_exploration.findings import Finding, plain_text
from mlmastery.data_exploration.loading import megabytes
from mlmastery.data_exploration.rules import headlines

PRINTED = 12  # findings; the rest are counted


def marked(sentence: str) -> str:
    """Escape a sentence for HTML, with what stood between backquotes as code.

    Examples
    --------
    >>> marked("`a` < 2")
    '<code>a</code> &lt; 2'
    """
    parts = html.escape(sentence).split("`")
    if len(parts) % 2 == 0:  # a name that holds a backquote itself
        return html.escape(sentence)
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))


@dataclass(frozen=True)
class ReportContent:
    """Hold what there is to know of a table before any model.

    Attributes
    ----------
    overview : DataFrame
        One row per column: kind, type, missing cells, distinct values, summary.
    missing : DataFrame
        The columns with missing cells: count and share.
    patterns : DataFrame
        Which columns are missing together: see `missing_patterns`.
    outliers : DataFrame
        Counts by three rules: see `outlier_table`.
    correlations : mapping of str to DataFrame
        ``pearson``, ``spearman`` and ``cramers_v``, as far as columns suit them.
    findings : list of Finding
        Plain sentences, each with the number that supports it.
    n_rows, duplicates, memory : int
        Rows, rows that repeat an earlier one, and bytes in memory.
    target : str, optional
    note : str
        Where the rows come from, if they are not the whole table.
    extremes : DataFrame
        The smallest and largest values of each number column, with their rows.
    dates, texts : DataFrame
        One row per column of dates, and of texts and categories.
    rows : DataFrame
        First, last and random rows of the table.
    """

    overview: pd.DataFrame
    missing: pd.DataFrame
    patterns: pd.DataFrame
    outliers: pd.DataFrame
    correlations: Mapping[str, pd.DataFrame]
    findings: list[Finding]
    n_rows: int
    duplicates: int
    memory: int
    target: Any = None
    note: str = ""
    extremes: pd.DataFrame = field(default_factory=pd.DataFrame)
    dates: pd.DataFrame = field(default_factory=pd.DataFrame)
    texts: pd.DataFrame = field(default_factory=pd.DataFrame)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    data: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)

    @property
    def summary(self) -> str:
        """One sentence on the size of the table."""
        size = megabytes(self.memory)
        columns = len(self.overview)
        rows = "1 row" if self.n_rows == 1 else f"{self.n_rows:,} rows"
        width = "1 column" if columns == 1 else f"{columns:,} columns"
        return f"{rows} and {width}, {size} in memory."

    @property
    def headlines(self) -> dict[str, list[Finding]]:
        """The gravest findings by heading; at most twelve are printed."""
        groups: dict[str, list[Finding]] = {}
        for finding in headlines(self.findings, PRINTED):
            groups.setdefault(finding.group, []).append(finding)
        return groups

    @property
    def rest(self) -> str:
        """One sentence on the findings that are not printed, empty if there are none."""
        n = len(self.findings) - PRINTED
        findings = "finding" if n == 1 else "findings"
        return f"{n:,} further {findings} in `.findings`." if n > 0 else ""

    def __str__(self) -> str:
        lines = [self.summary]
        for group, findings in self.headlines.items():
            lines += [f"{group}:", *(f"- {plain_text(f)}" for f in findings)]
        return "\n".join([*lines, *([self.rest] if self.rest else [])])

    def _repr_html_(self) -> str:
        parts = [f"<p>{html.escape(self.summary)}</p>"]
        for group, findings in self.headlines.items():
            items = "".join(f"<li>{marked(f.text)}</li>" for f in findings)
            parts.append(f"<p><b>{html.escape(group)}</b></p><ul>{items}</ul>")
        return "".join(parts) + (f"<p>{marked(self.rest)}</p>" if self.rest else "")

    def _repr_markdown_(self) -> str:
        # A backquoted name is code in Markdown as well.
        lines = [self.summary]
        for group, findings in self.headlines.items():
            lines += ["", f"**{group}**", "", *(f"- {f.text}" for f in findings)]
        return "\n".join([*lines, *(["", self.rest] if self.rest else [])])
