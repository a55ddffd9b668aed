"""What a report holds, whoever draws it or writes it as a page."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from mlmastery.data_exploration.findings import Finding, plain_text
from mlmastery.data_exploration.loading import megabytes


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
    target : str or None
    note : str
        Where the rows come from, if they are not the whole table.
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
    target: str | None = None
    note: str = ""
    data: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)

    @property
    def summary(self) -> str:
        """One sentence on the size of the table."""
        size = megabytes(self.memory)
        columns = len(self.overview)
        return f"{self.n_rows:,} rows and {columns:,} columns, {size} in memory."

    def __str__(self) -> str:
        lines = [plain_text(finding) for finding in self.findings]
        return "\n".join([self.summary, *(f"- {line}" for line in lines)])

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{html.escape(plain_text(f))}</li>" for f in self.findings)
        return f"<p>{html.escape(self.summary)}</p><ul>{items}</ul>"

    def _repr_markdown_(self) -> str:
        # A backquoted name is code in Markdown as well.
        lines = [f"- {finding.text}" for finding in self.findings]
        return "\n".join([self.summary, "", *lines])
