"""The rules behind a report's findings: each a sentence, with the number in it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlmastery.data_exploration.columns import finite, share_of_numbers, types_of
from mlmastery.data_exploration.missing import missing_by
from mlmastery.data_exploration.relations import correlation_ratio, strongest_pairs

CODES = [sign * float(digits) for sign in (1, -1) for digits in (99, 999, 9999, 99999)]
SMALL_GROUP = 20  # rows below which a group's share says little
AT_MOST = 6  # sentences of one kind; a list of a hundred is not read


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
    """

    text: str
    topic: str
    columns: tuple[str, ...]
    number: float

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
    target: str | None = None

    def of_kind(self, *kinds: str) -> list[str]:
        """Name the columns of these kinds."""
        return list(self.overview.index[self.overview["kind"].isin(kinds)])


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


def duplicates(f: Facts) -> Iterator[Finding]:
    """Rows that are there twice."""
    n = f.duplicates
    if n:
        rows = "row repeats" if n == 1 else "rows repeat"
        text = f"{count(n)} {rows} an earlier row in every column."
        yield Finding(text, "duplicates", (), n)


def empty_columns(f: Facts) -> Iterator[Finding]:
    """Columns without a single value."""
    for name in f.of_kind("empty"):
        text = f"{quoted(name)} is empty: all {count(len(f.df))} cells are missing."
        yield Finding(text, "empty", (name,), len(f.df))


def constant_columns(f: Facts) -> Iterator[Finding]:
    """Columns with one value only."""
    for name in f.of_kind("constant"):
        row = f.overview.loc[name]
        text = (
            f"{quoted(name)} has the same value, {_cell(row['top'])}, in all "
            f"{count(row['top count'])} rows where it is known."
        )
        yield Finding(text, "constant", (name,), row["top count"])


def _cell(value: object) -> str:
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return count(float(value)) if abs(float(value)) > 9999 else f"{value:g}"
    text = str(value)
    return repr(text if len(text) <= 40 else text[:37] + "...")


def mixed_types(f: Facts) -> Iterator[Finding]:
    """Numbers and texts in one column."""
    for name in f.df.columns:
        known = f.df[name].dropna()
        kinds = types_of(known)
        if len(kinds) < 2:
            continue
        parts = [f"{count(n)} cells of {kind}" for kind, n in kinds.items()]
        rarest = min(kinds.values())
        text = f"{quoted(name)} mixes types: {', '.join(parts)}."
        yield Finding(text, "mixed types", (name,), rarest)


def numbers_as_text(f: Facts) -> Iterator[Finding]:
    """Text columns that are numbers but for a few cells."""
    for name in f.of_kind("category", "text"):
        known = f.df[name].dropna()
        if types_of(known).get("number"):
            continue
        share, other = share_of_numbers(known)
        if share > 0.8:
            rest = f"; the others are such as {_cell(other)}" if other else ""
            text = (
                f"{quoted(name)} is text, yet {per_cent(share)} of its cells read as "
                f"numbers{rest}."
            )
            yield Finding(text, "numbers as text", (name,), share)


def dates_as_text(f: Facts) -> Iterator[Finding]:
    """Dates that nobody has converted."""
    for name in f.of_kind("date"):
        if not pd.api.types.is_datetime64_any_dtype(f.df[name].dtype):
            n = int(f.df[name].notna().sum())
            text = (
                f"{quoted(name)} holds {count(n)} dates as text, such as "
                f"{_cell(f.overview.loc[name, 'top'])}; pandas.to_datetime converts them."
            )
            yield Finding(text, "dates as text", (name,), n)


def spellings(f: Facts) -> Iterator[Finding]:
    """Categories that differ only in capitals and spaces."""
    for name in f.of_kind("category"):
        values = pd.Series(f.df[name].dropna().unique()).astype(str)
        bare = values.str.strip().str.casefold()
        alike = bare.duplicated(keep=False)
        doubled = values[alike].groupby(bare[alike]).agg(list)
        if len(doubled):
            text = (
                f"{quoted(name)} spells {count(len(doubled))} of its values in several "
                f"ways, such as {' and '.join(map(repr, doubled.iloc[0][:3]))}."
            )
            yield Finding(text, "spelling", (name,), len(doubled))


def infinities(f: Facts) -> Iterator[Finding]:
    """Infinite values, which poison every mean."""
    for name, n in f.overview["infinite"].dropna().items():
        if n:
            text = f"{quoted(name)} holds {count(n)} infinite values."
            yield Finding(text, "infinite", (str(name),), n)


def missing_columns(f: Facts) -> Iterator[Finding]:
    """Report columns and rows with missing cells."""
    gaps = f.overview["missing"].sort_values(ascending=False, kind="stable")
    gaps = gaps[(gaps > 0) & (f.overview.loc[gaps.index, "kind"] != "empty")]
    for name, n in gaps.head(AT_MOST).items():
        text = (
            f"{quoted(name)} is missing in {count(n)} rows ({per_cent(n / len(f.df))})."
        )
        yield Finding(text, "missing", (str(name),), n)
    if len(gaps) > AT_MOST:
        n = len(gaps) - AT_MOST
        text = f"{count(n)} further columns have missing cells: see the table."
        yield Finding(text, "missing", tuple(map(str, gaps.index[AT_MOST:])), n)


def missing_together(f: Facts) -> Iterator[Finding]:
    """Columns that lose their values in the same rows."""
    empty = set(f.of_kind("empty"))
    for _, row in f.patterns.iterrows():
        names = [name for name in row["columns"] if name not in empty]
        if len(names) > 1 and row["rows"] > 1:
            shown = quoted(*names) if len(names) < 8 else f"{len(names)} columns"
            text = f"{shown} are missing together in {count(row['rows'])} rows."
            yield Finding(text, "missing together", tuple(names), row["rows"])
            return


def missing_depends(f: Facts) -> Iterator[Finding]:
    """Columns whose gaps can be foretold from another column: not at random."""
    share = f.overview["missing"] / len(f.df)
    gaps = list(share.index[(share > 0.01) & (share < 0.99)])
    groups = {name: _groups(f, name) for name in share.index[share < 0.01] if gaps}
    for name in gaps:
        gone = f.df[name].isna().astype(float)
        links = {
            by: correlation_ratio(codes, gone)
            for by, codes in groups.items()
            if codes is not None
        }
        by = max(links, key=lambda key: links[key], default="")
        if not by or not links[by] > 0.1:
            continue
        shares = missing_by(f.df, name, by)
        worst, best = shares.idxmax(), shares.idxmin()
        text = (
            f"Whether {quoted(name)} is missing depends on {quoted(by)}: it is in "
            f"{per_cent(shares[worst])} of the rows where that is {_group(worst)}, and "
            f"in {per_cent(shares[best])} where it is {_group(best)}."
        )
        yield Finding(text, "missing depends", (str(name), by), float(shares[worst]))


def _groups(f: Facts, by: str) -> pd.Series | None:
    """Return the group of each row as a number, or None where groups are too small."""
    values, kind = f.df[by], f.overview.loc[by, "kind"]
    if f.overview.loc[by, "distinct"] > 60:
        if kind != "number":
            return None
        known = values.where(np.isfinite(values.astype(float)))
        return pd.qcut(known, 10, False, duplicates="drop")
    if kind not in ("category", "number", "boolean"):
        return None
    return None if values.value_counts().min() < SMALL_GROUP else values


def _group(value: object) -> str:
    if isinstance(value, pd.Interval):
        return f"above {count(value.left)} and at most {count(value.right)}"
    return _cell(value)


def clock_numbers(f: Facts) -> Iterator[Finding]:
    """Find times of day written as 1759, whose next is 1800."""
    for name in f.of_kind("number"):
        known = finite(f.df[name])
        top = f.overview.loc[name, "maximum"]
        if f.overview.loc[name, "distinct"] < 100 or not 1200 < top <= 2400:
            continue
        if (known % 1 == 0).all() and known.min() >= 0 and (known % 100 < 60).all():
            text = (
                f"{quoted(name)} looks like times of day written as numbers: the last "
                f"two digits stay below 60 in all {count(len(known))} values."
            )
            yield Finding(text, "clock times", (name,), len(known))


def stray_zeros(f: Facts) -> Iterator[Finding]:
    """Zeros far from every other value: they may mean "not measured"."""
    for name in f.of_kind("number"):
        row = f.overview.loc[name]
        known = finite(f.df[name])
        if row["minimum"] != 0 or row["distinct"] < 20:
            continue
        n, following = int((known == 0).sum()), float(known[known > 0].min())
        if n < 0.05 * len(known) and following > 0.2 * row["median"]:
            text = (
                f"{quoted(name)} is 0 in {count(n)} rows, and its next value is "
                f"{count(following)}: do these zeros mean “not measured”?"
            )
            yield Finding(text, "zeros", (name,), n)


def stray_codes(f: Facts) -> Iterator[Finding]:
    """Values such as -999 that stand far from all others."""
    for name in f.of_kind("number"):
        known = finite(f.df[name])
        for code in CODES:
            n = int((known == code).sum())
            others = known[known != code]
            if n < 2 or others.empty:
                continue
            reach = others.max() - others.min()
            gap = max(code - others.max(), others.min() - code)
            if gap > 0.5 * reach:
                text = (
                    f"{quoted(name)} is {code:g} in {count(n)} rows, far from all other "
                    "values: is it a code for “missing”?"
                )
                yield Finding(text, "codes", (name,), n)


def long_tails(f: Facts) -> Iterator[Finding]:
    """Means that a few large values have carried away."""
    skew = f.overview["skew"].dropna()
    skew = skew[(skew.abs() > 2) & (f.overview.loc[skew.index, "distinct"] > 10)]
    for name in skew.abs().sort_values(ascending=False, kind="stable").index[:AT_MOST]:
        row = f.overview.loc[name]
        side, there = ("right", "above") if skew[name] > 0 else ("left", "below")
        text = (
            f"{quoted(name)} has a long tail on the {side} (skewness "
            f"{count(skew[name])}): its mean, {count(row['mean'])}, lies {there} its "
            f"median, {count(row['median'])}."
        )
        if (row["mean"] - row["median"]) * np.sign(skew[name]) > 0.1 * row["std"]:
            yield Finding(text, "long tail", (str(name),), float(skew[name]))


def far_values(f: Facts) -> Iterator[Finding]:
    """Single values that are absurdly far out."""
    for name in f.of_kind("number"):
        row = f.overview.loc[name]
        below, above = row["mean"] - row["minimum"], row["maximum"] - row["mean"]
        far, where = (above, "maximum") if above >= below else (below, "minimum")
        if row["std"] > 0 and far > 8 * row["std"]:
            text = (
                f"{quoted(name)} reaches {count(row[where])}, "
                f"{count(round(far / row['std']))} standard deviations from its mean: "
                "look at that row."
            )
            yield Finding(text, "far values", (name,), round(far / row["std"]))


def many_outliers(f: Facts) -> Iterator[Finding]:
    """Columns that the usual rule for outliers does not suit."""
    shares = (f.outliers["iqr"] / len(f.df)).sort_values(ascending=False, kind="stable")
    for name, share in shares[shares > 0.05].head(AT_MOST).items():
        text = (
            f"The 1.5-IQR rule calls {per_cent(share)} of {quoted(name)} outliers: so "
            "many speak of the column's shape, not of errors."
        )
        yield Finding(text, "many outliers", (str(name),), float(share))


def near_copies(f: Facts) -> Iterator[Finding]:
    """Find number columns that say the same."""
    if "pearson" not in f.correlations:
        return
    pairs = strongest_pairs(f.correlations["pearson"])
    for _, (first, second, r) in (
        pairs[pairs["value"].abs() > 0.9].head(AT_MOST).iterrows()
    ):
        text = f"{quoted(first, second)} nearly repeat each other: correlation {r:.3f}."
        yield Finding(text, "near copies", (first, second), float(r))


def bent_relations(f: Facts) -> Iterator[Finding]:
    """Relations that rise or fall, but not along a line."""
    if "spearman" not in f.correlations:
        return
    straight = strongest_pairs(f.correlations["pearson"]).set_index(["first", "second"])
    ranked = strongest_pairs(f.correlations["spearman"])
    n = 0
    for _, (first, second, rank) in ranked[ranked["value"].abs() > 0.5].iterrows():
        r = straight["value"].get((first, second), np.nan)
        if n < AT_MOST and abs(rank) - abs(r) > 0.2:
            n += 1
            text = (
                f"{quoted(first, second)} go together, but not along a line: Spearman's "
                f"correlation is {rank:.2f}, Pearson's {r:.2f}."
            )
            yield Finding(text, "bent relation", (first, second), float(rank))


def tied_categories(f: Facts) -> Iterator[Finding]:
    """Categories that determine each other."""
    if "cramers_v" not in f.correlations:
        return
    pairs = strongest_pairs(f.correlations["cramers_v"])
    for _, (first, second, v) in pairs[pairs["value"] > 0.6].head(AT_MOST).iterrows():
        text = f"{quoted(first, second)} are tied: Cramér's V is {v:.2f}."
        yield Finding(text, "tied categories", (first, second), float(v))


def reversals(f: Facts) -> Iterator[Finding]:
    """Correlations that change sign within every group: Simpson's paradox."""
    if "pearson" not in f.correlations:
        return
    whole = f.correlations["pearson"]
    some = f.df if len(f.df) <= 20_000 else f.df.sample(20_000, random_state=0)
    numbers = list(whole.columns[:30])
    for by in f.of_kind("category", "boolean"):
        sizes = some[by].value_counts()
        if not 2 <= len(sizes) <= 12 or sizes.min() < SMALL_GROUP:
            continue
        values = some[numbers].astype(float).replace([np.inf, -np.inf], np.nan)
        within = [part.corr() for _, part in values.groupby(some[by], observed=True)]
        yield from _reversed_pairs(whole.loc[numbers, numbers], within, by)


def _reversed_pairs(
    whole: pd.DataFrame, within: list[pd.DataFrame], by: str
) -> Iterator[Finding]:
    stacked = np.stack([table.to_numpy() for table in within])
    for i, j in zip(*np.triu_indices(len(whole), k=1), strict=True):
        r, parts = whole.to_numpy()[i, j], stacked[:, i, j]
        if abs(r) > 0.15 and (np.sign(r) * parts < -0.15).all():
            low, high = sorted((parts.min(), parts.max()))
            text = (
                f"{quoted(whole.columns[i], whole.columns[j])} correlate at {r:.2f} "
                f"over all rows, and at {low:.2f} to {high:.2f} within each group of "
                f"{quoted(by)}: the sign turns round."
            )
            columns = whole.columns[i], whole.columns[j], by
            yield Finding(text, "reversal", columns, float(r))


def one_value_dominates(f: Facts) -> Iterator[Finding]:
    """Columns that are nearly constant."""
    for name in f.of_kind("number", "category", "boolean"):
        row = f.overview.loc[name]
        known = len(f.df) - row["missing"]
        if row["top count"] > 0.95 * known:
            text = (
                f"{quoted(name)} is {_cell(row['top'])} in "
                f"{per_cent(row['top count'] / known)} of its rows."
            )
            yield Finding(text, "one value", (name,), row["top count"] / known)


def identifiers(f: Facts) -> Iterator[Finding]:
    """Columns that name rows instead of describing them."""
    n = len(f.df)
    for name in f.overview.index[(f.overview["distinct"] == n) & (n >= SMALL_GROUP)]:
        values = f.df[name]
        counts_up = pd.api.types.is_integer_dtype(values.dtype) and (
            values.is_monotonic_increasing and values.iloc[-1] - values.iloc[0] < 2 * n
        )
        if counts_up or f.overview.loc[name, "kind"] in ("text", "category"):
            text = f"{quoted(name)} differs in all {count(n)} rows: it names them."
            yield Finding(text, "identifier", (str(name),), n)


def about_target(f: Facts) -> Iterator[Finding]:
    """Say what goes with the column that is to be predicted."""
    if f.target is None:
        return
    name, row = f.target, f.overview.loc[f.target]
    if row["kind"] == "number":
        yield from _number_target(f, name)
        return
    known = len(f.df) - row["missing"]
    share = row["top count"] / max(1, known)
    text = (
        f"The target {quoted(name)} has {count(row['distinct'])} values; always saying "
        f"{_cell(row['top'])} would be right in {per_cent(share)} of the rows."
    )
    yield Finding(text, "target", (name,), share)
    ratios = {n: correlation_ratio(f.df[name], f.df[n]) for n in f.of_kind("number")}
    best = max(ratios, key=lambda n: np.nan_to_num(ratios[n]), default=None)
    if best is not None and ratios[best] > 0.05:
        text = (
            f"Of the numbers, {quoted(best)} tells the values of the target "
            f"{quoted(name)} apart best: {per_cent(ratios[best])} of its variance lies "
            "between them."
        )
        yield Finding(text, "target", (name, best), ratios[best])


def _number_target(f: Facts, name: str) -> Iterator[Finding]:
    if "pearson" not in f.correlations:
        return
    others = f.correlations["pearson"][name].drop(name).dropna()
    if len(others):
        best = others.abs().idxmax()
        text = (
            f"The target {quoted(name)} goes most closely with {quoted(best)}: "
            f"correlation {others[best]:.2f}."
        )
        if abs(others[best]) > 0.95:
            text += " Would it be known in time, or does it give the answer away?"
        yield Finding(text, "target", (name, str(best)), float(others[best]))


RULES: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    about_target,
    duplicates,
    empty_columns,
    mixed_types,
    numbers_as_text,
    infinities,
    stray_codes,
    stray_zeros,
    clock_numbers,
    dates_as_text,
    spellings,
    missing_columns,
    missing_together,
    missing_depends,
    reversals,
    near_copies,
    bent_relations,
    tied_categories,
    far_values,
    long_tails,
    many_outliers,
    constant_columns,
    one_value_dominates,
    identifiers,
)


def find_all(facts: Facts) -> list[Finding]:
    """Apply every rule and return what they find, the gravest kinds first."""
    return [finding for rule in RULES for finding in rule(facts)]


def plain_text(finding: Finding) -> str:
    """Return the sentence without the marks around column names.

    Examples
    --------
    >>> plain_text(Finding("`a` is empty.", "empty", ("a",), 3))
    'a is empty.'
    """
    return re.sub(r"`([^`]*)`", r"\1", finding.text)
