"""Findings: sentences about a table, each with the number that supports it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.data_exploration.chance import group_codes

CATEGORIES = (
    "category",
    "boolean",
    "binary",
    "code",
)  # associations count their values
AT_MOST = 6  # sentences of one topic; a list of a hundred is not read
MANY_COLUMNS = 100  # of one kind in the tables of pairs
MANY_VALUES = 200  # of a category in the tables of pairs
IDENTIFIER = re.compile(r"(?i)(^|[\W_])(id|key|uuid|index|rownames?)$|.*[a-z]I[Dd]$")


# Topic of a finding: the heading it stands under, and its weight in the ranking.
TOPICS: dict[str, tuple[str, int]] = {
    "target": ("Target", 100),
    "codes": ("Data quality", 88),
    "mixed types": ("Data quality", 84),
    "numbers as text": ("Data quality", 82),
    "zeros": ("Data quality", 80),
    "clock times": ("Data quality", 78),
    "infinite": ("Data quality", 76),
    "duplicates": ("Data quality", 70),
    "duplicate columns": ("Data quality", 66),
    "dates as text": ("Data quality", 64),
    "empty": ("Data quality", 60),
    "spelling": ("Data quality", 60),
    "constant": ("Data quality", 50),
    "one value": ("Data quality", 34),
    "identifier": ("Data quality", 30),
    "missing depends": ("Missing cells", 72),
    "missing together": ("Missing cells", 60),
    "missing": ("Missing cells", 52),
    "far values": ("Distributions", 56),
    "long tail": ("Distributions", 40),
    "many outliers": ("Distributions", 30),
    "reversal": ("Relations", 90),
    "near copies": ("Relations", 62),
    "bent relation": ("Relations", 54),
    "tied categories": ("Relations", 48),
    "correlated": ("Relations", 46),
    "group differences": ("Relations", 38),
    "limits": ("Limits of this report", 95),
}
GROUPS = list(dict.fromkeys(group for group, _ in TOPICS.values()))


@dataclass(frozen=True)
class Finding:
    """One thing worth knowing of a table.

    Parameters
    ----------
    text : str
        A plain sentence.
    topic : str
        The rule that found it.
    columns : tuple of str
        Whom it concerns; empty for the whole table.
    number : float
        What supports the sentence; it stands in the text.
    severity : float, default=0.0
        Rank among the findings of one group, larger first.

    Examples
    --------
    >>> Finding("`a` is empty: all 3 cells are missing.", "empty", ("a",), 3).group
    'Data quality'
    """

    text: str
    topic: str
    columns: tuple[object, ...]
    number: float
    severity: float = 0.0

    @property
    def group(self) -> str:
        """Heading under which a report prints the finding."""
        return TOPICS.get(self.topic, ("Data quality", 0))[0]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Facts:
    """The facts that the rules look at."""

    df: pd.DataFrame
    overview: pd.DataFrame
    patterns: pd.DataFrame
    outliers: pd.DataFrame
    correlations: Mapping[str, pd.DataFrame]
    duplicates: int
    target: Any = None
    labels: pd.Index | None = None

    def of_kind(self, *kinds: str) -> list[str]:
        """Name the columns of these kinds."""
        return list(self.overview.index[self.overview["kind"].isin(kinds)])

    def known(self, name: Any) -> int:
        """Count the known cells of a column."""
        return len(self.df) - int(self.overview.loc[name, "missing"])

    def values(self, name: str) -> np.ndarray:
        """Return the known and finite numbers of a column."""
        numbers = self.floats[name]
        return numbers[~np.isnan(numbers)]

    def label(self, row: int) -> object:
        """Return the label that the caller's table has for a row."""
        return row if self.labels is None else self.labels[row]

    @cached_property
    def identifiers(self) -> set[str]:
        """Name the columns whose values name the rows."""
        return {name for name in self.overview.index if _is_identifier(self, name)}

    @cached_property
    def numbers(self) -> list[str]:
        """Name the number columns that can go together with others."""
        return [n for n in self.of_kind("number") if n not in self.identifiers]

    @cached_property
    def categories(self) -> list[str]:
        """Name the category columns that can go together with others."""
        distinct = self.overview["distinct"]
        return [
            name
            for name in self.of_kind(*CATEGORIES)
            if name not in self.identifiers and distinct[name] <= MANY_VALUES
        ]

    @cached_property
    def floats(self) -> dict[str, np.ndarray]:
        """The number columns as floats; missing and infinite cells are NaN."""
        return {name: as_floats(self.df[name]) for name in self.of_kind("number")}

    @cached_property
    def shared(self) -> pd.DataFrame:
        """Rows in which both columns of each pair of the correlations are known."""
        names = list(self.correlations["pearson"].columns)
        known = np.column_stack([~np.isnan(self.floats[name]) for name in names])
        same = known.astype(float).T @ known
        return pd.DataFrame(same.astype(int), index=names, columns=names)

    @cached_property
    def codes(self) -> dict[str, np.ndarray]:
        """The category columns as codes of their values, -1 where a cell is missing."""
        return {name: group_codes(self.df[name])[0] for name in self.categories}


def _is_identifier(f: Facts, name: str) -> bool:
    kind, n = f.overview.loc[name, "kind"], f.known(name)
    if f.overview.loc[name, "distinct"] != n or n < 20:
        return False
    if kind in ("text", "category"):
        return n == len(f.df)
    values = f.df[name]
    if kind != "number" or not pd.api.types.is_integer_dtype(values.dtype):
        return False
    values = values.dropna()
    counts_up = values.is_monotonic_increasing and (
        float(values.iloc[-1]) - float(values.iloc[0]) < 2 * n
    )
    return bool(counts_up or IDENTIFIER.search(str(name)))


def as_floats(values: pd.Series) -> np.ndarray:
    """Return numbers as floats, NaN where a cell is missing or infinite.

    Examples
    --------
    >>> as_floats(pd.Series([1, None, float("inf")])).tolist()
    [1.0, nan, nan]
    """
    if values.dtype == object:  # decimals and fractions, too
        values = values.astype(object).where(values.notna(), np.nan).map(float)
    array = values.to_numpy(dtype=float, na_value=np.nan).copy()
    array[~np.isfinite(array)] = np.nan
    return array


def capped(
    findings: Iterable[Finding], what: str, most: int = AT_MOST
) -> Iterator[Finding]:
    """Yield the first findings of a topic, and one that counts the others.

    Parameters
    ----------
    findings : iterable of Finding
        The gravest first.
    what : str
        Words for the others, such as "pairs of columns are correlated".
    """
    all_of_them = list(findings)
    yield from all_of_them[:most]
    rest = all_of_them[most:]
    if rest:
        text = f"{count(len(rest))} further {what}."
        yield Finding(text, rest[0].topic, (), len(rest), -1.0)


def count(n: float) -> str:
    """Write a number for people: thousands with commas, three digits otherwise.

    Examples
    --------
    >>> count(336776), count(12.639), count(-2.0), count(0.00012)
    ('336,776', '12.6', '-2', '0.00012')
    """
    n = float(n)
    if n.is_integer() and abs(n) < 1e15:
        return f"{int(n):,}"
    return f"{n:,.0f}" if 1000 <= abs(n) < 1e15 else f"{n:.3g}"


def rows_of(n: float) -> str:
    """Write a number of rows.

    Examples
    --------
    >>> rows_of(1), rows_of(8255)
    ('1 row', '8,255 rows')
    """
    return f"{count(n)} row{'' if n == 1 else 's'}"


def per_cent(share: float) -> str:
    """Write a share for people; what is not all is never 100 %.

    Examples
    --------
    >>> per_cent(0.02451), per_cent(0.9999), per_cent(1.0), per_cent(0.00001)
    ('2.5 %', 'over 99.9 %', '100 %', 'under 0.1 %')
    """
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def quoted(*names: object) -> str:
    """Write names between backquotes, the last after "and".

    Examples
    --------
    >>> quoted("a", "b", "c")
    '`a`, `b` and `c`'
    """
    parts = [f"`{name}`" for name in names]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def cell(value: Any) -> str:
    """Write the value of a cell for people, at most 40 letters of it.

    Examples
    --------
    >>> cell("tea"), cell(2.5)
    ("'tea'", '2.5')
    """
    number = isinstance(value, int | float | np.integer | np.floating)
    if number and not isinstance(value, bool):
        return count(float(value)) if abs(float(value)) > 9999 else f"{value:g}"
    text = str(value)
    return repr(text if len(text) <= 40 else text[:37] + "...")


def plain_text(finding: Finding) -> str:
    """Return the sentence without the marks around column names.

    Examples
    --------
    >>> plain_text(Finding("`a` is empty.", "empty", ("a",), 3))
    'a is empty.'
    """
    return re.sub(r"`([^`]*)`", r"\1", finding.text)
