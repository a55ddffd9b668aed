"""Explore a table as a whole: one call, one report."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mlmastery.data_exploration.columns import (
    overview_table,
    plain,
    require_table,
)
from mlmastery.data_exploration.content import ReportContent
from mlmastery.data_exploration.findings import (
    CATEGORIES,
    MANY_COLUMNS,
    MANY_VALUES,
    Facts,
    as_floats,
)
from mlmastery.data_exploration.missing import missing_patterns
from mlmastery.data_exploration.outliers import outlier_table
from mlmastery.data_exploration.profiles import (
    extreme_values,
    profile_dates,
    profile_texts,
    row_samples,
)
from mlmastery.data_exploration.relations import correlation_table
from mlmastery.data_exploration.rules import find_all
from mlmastery.ledger import recorded_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class EDAReport(ReportContent):
    """A report on a table before any model, with its drawings.

    Its attributes are those of `ReportContent`.
    """

    def figures(self) -> "dict[str, Figure]":
        """Draw the table: distributions, categories, gaps, boxes, relations, a map.

        Returns
        -------
        dict of Figure
            Only those that the table allows.
        """
        from mlmastery.data_exploration.figures import draw_all

        return draw_all(self)

    def to_html(self, path: str | Path, title: str = "Data report") -> Path:
        """Write the report as one HTML file that needs no network and no other file.

        Returns
        -------
        Path
            The file written.
        """
        from mlmastery.data_exploration.page import write_page

        return write_page(self, Path(path), title)


def comprehensive_eda(
    df: pd.DataFrame, target: Any = None, *, note: str = ""
) -> EDAReport:
    """Explore a table: columns, gaps, outliers, relations, and what is odd about it.

    Nothing is changed, dropped or filled. Counts, shares and correlations are of all
    rows; only drawings and the search for reversed correlations use a sample where
    there are many.

    Parameters
    ----------
    df : DataFrame of shape (n_rows, n_columns)
        Any table with at least one row and names that differ.
    target : str, optional
        Name of the column that is to be predicted.
    note : str, default=""
        Where the rows come from, for the report's head.

    Returns
    -------
    EDAReport

    Raises
    ------
    TypeError
        If ``df`` is not a DataFrame.
    ValueError
        If it has no rows, no columns or doubled names, or if ``target`` is not one of
        its columns.

    Examples
    --------
    >>> df = pd.DataFrame({"x": [1.0, 2.0, None], "y": ["a", "a", "a"]})
    >>> for finding in comprehensive_eda(df).findings:
    ...     print(finding)
    `y` has the same value, 'a', in all 3 rows where it is known.
    `x` is missing in 1 row (33.3 %).
    """
    require_table(df)
    if target is not None and target not in df.columns:
        raise ValueError(f"target must be a column of df, got {target!r}")
    target = str(target) if isinstance(target, bool) else target
    # Squares of the largest numbers overflow to infinity, which the tables then show.
    with np.errstate(over="ignore", invalid="ignore"):
        cells = plain(_named(df)).reset_index(drop=True)
        return _report(_facts(cells, target, df.index), note)


def _named(df: pd.DataFrame) -> pd.DataFrame:
    """Write names that pandas would take for a choice of rows as text."""
    odd = [name for name in df.columns if isinstance(name, bool | np.bool)]
    return df.rename(columns={name: str(name) for name in odd})


def _facts(df: pd.DataFrame, target: Any, labels: pd.Index) -> Facts:
    overview = overview_table(df)
    return Facts(
        df=df,
        overview=overview,
        patterns=missing_patterns(df),
        outliers=outlier_table(df, _names(overview, "number")),
        correlations=_correlations(df, overview),
        duplicates=int(df.duplicated().sum()),
        target=target,
        labels=labels,
    )


def _report(facts: Facts, note: str) -> EDAReport:
    df, overview = facts.df, facts.overview
    gaps = overview["missing"]
    gaps = gaps[gaps > 0].sort_values(ascending=False, kind="stable")
    return EDAReport(
        overview=overview,
        missing=pd.DataFrame({"missing": gaps, "share": gaps / len(df)}),
        patterns=facts.patterns,
        outliers=facts.outliers,
        correlations=facts.correlations,
        findings=find_all(facts),
        n_rows=len(df),
        duplicates=facts.duplicates,
        memory=int(overview["memory"].sum()),
        target=facts.target,
        note=note,
        extremes=extreme_values(df, _names(overview, "number"), facts.labels),
        dates=profile_dates(df, _names(overview, "date")),
        texts=profile_texts(df, _names(overview, "text", "category")),
        rows=row_samples(df, facts.labels),
        data=df,
    )


def _names(overview: pd.DataFrame, *kinds: str) -> list[str]:
    return list(overview.index[overview["kind"].isin(kinds)])


def _correlations(df: pd.DataFrame, overview: pd.DataFrame) -> dict[str, pd.DataFrame]:
    numbers = _names(overview, "number")[:MANY_COLUMNS]
    names = [
        name
        for name in _names(overview, *CATEGORIES)
        if overview.loc[name, "distinct"] <= MANY_VALUES
    ][:MANY_COLUMNS]
    tables = {}
    if len(numbers) > 1:
        values = pd.DataFrame({name: as_floats(df[name]) for name in numbers})
        tables["pearson"] = correlation_table(values, "pearson")
        tables["spearman"] = correlation_table(values, "spearman")
    if len(names) > 1:
        # Truth values count as categories, and so do numbers in a column of objects.
        tables["cramers_v"] = correlation_table(
            df[names].astype("category"), "cramers_v"
        )
    return tables


def recorded_race() -> pd.DataFrame:
    """Return the race of this report against other profilers, as it was recorded.

    ``benchmarks/data_exploration.py`` runs it and writes the file; see there.

    Returns
    -------
    DataFrame
        One row per tool: seconds, CPU seconds, memory, what its report holds and
        states, date and hardware.

    Examples
    --------
    >>> recorded_race()["tool"].iloc[0]
    'comprehensive_eda'
    """
    return recorded_table("data_exploration", "race")
