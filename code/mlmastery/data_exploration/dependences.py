"""Rules that look at several columns: what goes together more than chance allows.

Each family of comparisons keeps the chance of a false finding below `ALPHA`: p values
are corrected for the number of comparisons, and an effect must be large as well.
"""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from mlmastery.data_exploration.chance import (
    Association,
    correlation_p,
    cramers_association,
    crossed,
    epsilon_squared,
    group_codes,
    together_p,
)
from mlmastery.data_exploration.findings import (
    AT_MOST,
    MANY_COLUMNS,
    Facts,
    Finding,
    capped,
    cell,
    count,
    per_cent,
    quoted,
    rows_of,
)
from mlmastery.data_exploration.relations import pearson, strongest_pairs
from mlmastery.inference import holm

ALPHA = 0.01  # chance of one false finding or more in a family of comparisons
SMALL_GROUP = 20  # rows below which a group's share says little
FEW_ROWS = 10  # shared rows below which no relation of two columns is reported
REPEATED = 0.99  # correlation of columns that nearly repeat each other
STRONG = 0.9  # correlation that is reported
MOST_FOR_REVERSAL = 30  # number columns among which reversed correlations are sought


def missing_columns(f: Facts) -> Iterator[Finding]:
    """Report columns with missing cells."""
    gaps = f.overview["missing"].sort_values(ascending=False, kind="stable")
    gaps = gaps[(gaps > 0) & (f.overview.loc[gaps.index, "kind"] != "empty")]
    _, alike = _distinct_gaps(f, list(gaps.index))
    for names in alike[:AT_MOST]:
        n = gaps[names[0]]
        shown = quoted(*names) if len(names) < 8 else f"{len(names)} columns"
        one = len(names) == 1
        where = (
            f"is missing in {rows_of(n)}"
            if one
            else f"are missing in the same {rows_of(n)}"
        )
        text = f"{shown} {where} ({per_cent(n / len(f.df))})."
        yield Finding(text, "missing", tuple(names), n)
    n = sum(map(len, alike[AT_MOST:]))
    if n:
        columns = "column has" if n == 1 else "columns have"
        text = f"{count(n)} further {columns} missing cells: see the table."
        yield Finding(text, "missing", (), n, -1.0)


def missing_together(f: Facts) -> Iterator[Finding]:
    """Report columns that lose their values in the same rows more often than by chance."""
    empty = set(f.of_kind("empty"))
    patterns = [
        names
        for columns in f.patterns["columns"].head(MANY_COLUMNS)
        if len(names := tuple(name for name in columns if name not in empty)) > 1
    ]
    tested = [_together(f, names) for names in patterns]
    columns = int((f.overview["missing"] > 0).sum()) - len(empty)
    said: list[set[str]] = []
    for names, (link, n) in zip(patterns, tested, strict=True):
        # These columns were picked since they meet: any others might have met as well.
        p = link.p_value * math.comb(columns, len(names))
        surprising = p < ALPHA and n >= 2 and n > 1.2 * link.effect
        if not surprising or any(_overlap(set(names), earlier) for earlier in said):
            continue
        shown = quoted(*names) if len(names) < 8 else f"{len(names)} columns"
        chance = "fewer than 1" if link.effect < 1 else f"about {link.effect:,.0f}"
        text = (
            f"{shown} are missing together in {rows_of(n)}; gaps that are independent "
            f"would meet in {chance}."
        )
        said.append(set(names))
        yield Finding(text, "missing together", names, n)
        if len(said) == 3:
            return


def _overlap(names: set[str], earlier: set[str]) -> bool:
    return len(names & earlier) > len(names | earlier) / 2


def _together(f: Facts, names: tuple[str, ...]) -> tuple[Association, int]:
    n = int(f.df[list(names)].isna().all(axis=1).sum())
    shares = f.overview.loc[list(names), "missing"].to_numpy(float) / len(f.df)
    return together_p(len(f.df), shares, n), n


def missing_depends(f: Facts) -> Iterator[Finding]:
    """Report columns whose gaps depend on another column: not at random."""
    missing = f.overview["missing"]
    gaps = list(missing.index[(missing >= 5) & (missing <= len(f.df) - 5)])
    sources = list(missing.index[missing < 0.01 * len(f.df)])
    if not gaps or not sources:
        return
    patterns, names = _distinct_gaps(f, gaps[:MANY_COLUMNS])
    links = {by: _gap_links(f, by, patterns) for by in sources[:MANY_COLUMNS]}
    links = {by: found for by, found in links.items() if found}
    p = np.array([[link.p_value for link in found] for found in links.values()])
    corrected = holm(p.ravel()).reshape(p.shape)
    effects = np.array([[link.effect for link in found] for found in links.values()])
    if not links:
        return
    for i, columns in enumerate(names):
        kept = np.where((corrected[:, i] < ALPHA) & (effects[:, i] ** 2 > 0.1))[0]
        if len(kept):
            by = list(links)[kept[effects[kept, i].argmax()]]
            yield _gap_finding(f, columns, by, patterns[:, i])


def _distinct_gaps(f: Facts, gaps: list[str]) -> tuple[np.ndarray, list[list[str]]]:
    """Return the distinct patterns of gaps as columns of 0 and 1, and who has each."""
    gone = f.df[gaps].isna().to_numpy() if gaps else np.empty((len(f.df), 0), bool)
    alike: dict[bytes, list[int]] = {}
    for i, column in enumerate(gone.T):
        alike.setdefault(column.tobytes(), []).append(i)
    firsts = [same[0] for same in alike.values()]
    return gone[:, firsts], [[gaps[i] for i in same] for same in alike.values()]


def _gap_links(f: Facts, by: str, patterns: np.ndarray) -> list[Association]:
    """Measure how far each pattern of gaps depends on the groups of a column."""
    groups = _groups(f, by)
    if groups is None:
        return []
    codes, names = groups
    inside = codes >= 0
    codes, gone = codes[inside], patterns[inside]
    sizes = np.bincount(codes, minlength=len(names))
    if patterns.shape[1] <= 12:
        rows = [codes[column] for column in gone.T]
        lost = np.column_stack([np.bincount(c, minlength=len(names)) for c in rows])
    else:  # many columns: sum each group's rows for all of them at once
        order = np.argsort(codes, kind="stable")
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        lost = np.add.reduceat(gone[order].astype(np.int64), starts, axis=0)
    return [cramers_association(np.column_stack([k, sizes - k])) for k in lost.T]


def _groups(f: Facts, by: str) -> tuple[np.ndarray, pd.Index] | None:
    """Return groups of at least `SMALL_GROUP` rows, or None if there are no two."""
    if by in f.identifiers:
        return None
    kind, distinct = f.overview.loc[by, ["kind", "distinct"]]
    values = f.df[by]
    if kind == "number" and distinct > 60:
        bins = min(10, f.known(by) // SMALL_GROUP)
        if bins < 2:
            return None
        values = pd.qcut(pd.Series(f.floats[by]), bins, duplicates="drop")
    elif kind not in ("category", "number", "boolean", "binary", "code"):
        return None
    codes, names = group_codes(values, SMALL_GROUP)
    return (codes, names) if len(names) > 1 else None


def _gap_finding(f: Facts, columns: list[str], by: str, gone: np.ndarray) -> Finding:
    groups = _groups(f, by)
    assert groups is not None
    codes, names = groups
    inside = codes >= 0
    shares = np.bincount(codes[inside], gone[inside]) / np.bincount(codes[inside])
    worst, best = int(shares.argmax()), int(shares.argmin())
    shown = quoted(*columns) if len(columns) < 4 else f"{len(columns)} columns"
    one = len(columns) == 1
    text = (
        f"Whether {shown} {'is' if one else 'are'} missing depends on {quoted(by)}: "
        f"{'it is' if one else 'they are'} in {per_cent(shares[worst])} of the rows "
        f"where that is {_group(names[worst])}, and in {per_cent(shares[best])} where "
        f"it is {_group(names[best])}."
    )
    return Finding(text, "missing depends", (*columns, by), float(shares[worst]))


def _group(value: object) -> str:
    if isinstance(value, pd.Interval):
        return f"above {count(value.left)} and at most {count(value.right)}"
    return cell(value)


def _pairs(f: Facts, method: str) -> pd.DataFrame:
    """Return the pairs of a table with the rows they share and corrected p values."""
    table = f.correlations[method]
    names = [name for name in table.columns if name not in f.identifiers]
    pairs = strongest_pairs(table.loc[names, names])
    shared = f.shared.loc[names, names]
    i, j = (shared.columns.get_indexer(pairs[side]) for side in ("first", "second"))
    pairs["n"] = shared.to_numpy()[i, j]
    # One value far out makes a Pearson correlation alone, never one of ranks.
    ranked = f.correlations["spearman"].loc[names, names].to_numpy()[i, j]
    weaker = np.fmin(pairs["value"].abs(), np.abs(ranked))
    pairs["p"] = holm(correlation_p(weaker, pairs["n"].to_numpy()))
    return pairs[(pairs["n"] >= FEW_ROWS) & (pairs["p"] < ALPHA)]


def near_copies(f: Facts) -> Iterator[Finding]:
    """Find number columns that nearly repeat each other."""
    if "pearson" not in f.correlations:
        return
    pairs = _pairs(f, "pearson")
    pairs = pairs[pairs["value"].abs() >= REPEATED]
    same = {n.columns for n in _equal_columns(f, pairs)}
    findings = (
        Finding(
            f"{quoted(row['first'], row['second'])} nearly repeat each other: "
            f"correlation {row['value']:.3f} in {rows_of(row['n'])}.",
            "near copies",
            (row["first"], row["second"]),
            float(row["value"]),
        )
        for _, row in pairs.iterrows()
        if (row["first"], row["second"]) not in same
    )
    yield from capped(findings, "pairs of columns nearly repeat each other")


def _equal_columns(f: Facts, pairs: pd.DataFrame) -> Iterator[Finding]:
    for _, row in pairs.iterrows():
        first, second = row["first"], row["second"]
        if f.df[first].equals(f.df[second]):
            yield Finding("", "", (first, second), 0)


def strong_correlations(f: Facts) -> Iterator[Finding]:
    """Find number columns that are strongly correlated but do not repeat each other."""
    if "pearson" not in f.correlations:
        return
    pairs = _pairs(f, "pearson")
    strong = pairs[pairs["value"].abs().between(STRONG, REPEATED, inclusive="left")]
    findings = (
        Finding(
            f"{quoted(row['first'], row['second'])} are strongly correlated: "
            f"{row['value']:.2f} in {rows_of(row['n'])}.",
            "correlated",
            (row["first"], row["second"]),
            float(row["value"]),
        )
        for _, row in strong.iterrows()
    )
    yield from capped(findings, "pairs of columns are strongly correlated")


def bent_relations(f: Facts) -> Iterator[Finding]:
    """Find relations that rise or fall, but not along a line."""
    if "spearman" not in f.correlations:
        return
    straight = f.correlations["pearson"]
    ranked = _pairs(f, "spearman")
    findings = []
    for _, row in ranked[ranked["value"].abs() > 0.5].iterrows():
        first, second, rank = row["first"], row["second"], row["value"]
        r = straight.loc[first, second]
        if abs(rank) - abs(r) > 0.2:
            text = (
                f"{quoted(first, second)} go together, but not along a line: Spearman's "
                f"correlation is {rank:.2f}, Pearson's {r:.2f}."
            )
            findings.append(
                Finding(text, "bent relation", (first, second), float(rank))
            )
    yield from capped(findings, "pairs of columns go together, but not along a line")


def tied_categories(f: Facts) -> Iterator[Finding]:
    """Find categories that go together closely."""
    names = f.categories[:MANY_COLUMNS]
    if "cramers_v" not in f.correlations or len(names) < 2:
        return
    table = f.correlations["cramers_v"].loc[names, names]
    pairs = strongest_pairs(table)
    links = [
        cramers_association(crossed(f.codes[row["first"]], f.codes[row["second"]]))
        if row["value"] > 0.6
        else Association(row["value"], 1.0, 0)
        for _, row in pairs.iterrows()
    ]
    # The largest effects come first; those without a test count as comparisons too.
    pairs["p"] = holm(np.array([link.p_value for link in links]))
    pairs["n"] = [link.n for link in links]
    tied = pairs[(pairs["value"] > 0.6) & (pairs["p"] < ALPHA) & (pairs["n"] >= 20)]
    findings = (
        Finding(
            f"{quoted(row['first'], row['second'])} are closely associated: Cramér's V "
            f"is {row['value']:.2f}.",
            "tied categories",
            (row["first"], row["second"]),
            float(row["value"]),
        )
        for _, row in tied.iterrows()
    )
    yield from capped(findings, "pairs of categories are closely associated")


def group_differences(f: Facts) -> Iterator[Finding]:
    """Find numbers that differ between the groups of a category."""
    names = [n for n in f.categories[:MANY_COLUMNS] if n != f.target]
    names = [n for n in names if f.overview.loc[n, "distinct"] <= 30]
    numbers = [n for n in f.numbers[:MANY_COLUMNS] if n != f.target]
    links = [
        (epsilon_squared(f.codes[by], f.floats[name]), name, by)
        for name in numbers
        for by in names
    ]
    corrected = holm(np.array([link.p_value for link, _, _ in links]))
    best: dict[str, tuple[float, str]] = {}
    for p, (link, name, by) in zip(corrected, links, strict=True):
        if p < ALPHA and link.n >= 30 and link.effect > 0.5:
            best[name] = max(best.get(name, (0.0, by)), (link.effect, by))
    ranked = sorted(best.items(), key=lambda item: -item[1][0])
    findings = (
        Finding(
            f"{quoted(name)} differs between the groups of {quoted(by)}: "
            f"{per_cent(effect)} of its variance lies between them.",
            "group differences",
            (name, by),
            effect,
        )
        for name, (effect, by) in ranked
    )
    yield from capped(findings, "number columns differ between groups", 3)


def reversals(f: Facts) -> Iterator[Finding]:
    """Find correlations that change sign within every group: Simpson's paradox."""
    if "pearson" not in f.correlations:
        return
    whole = f.correlations["pearson"]
    some = f.df if len(f.df) <= 20_000 else f.df.sample(20_000, random_state=0)
    numbers = [n for n in whole.columns if n in f.numbers][:MOST_FOR_REVERSAL]
    values = np.column_stack([f.floats[n][some.index] for n in numbers] or [[]])
    groupings = [by for by in f.categories if f.overview.loc[by, "distinct"] <= 60]
    comparisons = max(1, len(groupings) * len(numbers) * (len(numbers) - 1) // 2)
    found: list[Finding] = []
    for by in groupings:
        codes, names = group_codes(some[by], SMALL_GROUP)
        known = f.known(by) * len(some) / len(f.df)
        if 2 <= len(names) <= 12 and (codes >= 0).sum() >= 0.8 * known:
            parts = [values[codes == code] for code in range(len(names))]
            found += _reversed_pairs(
                whole.loc[numbers, numbers], parts, by, comparisons
            )
    yield from capped(found, "correlations change sign within groups")


def _reversed_pairs(
    whole: pd.DataFrame, parts: list[np.ndarray], by: str, comparisons: int
) -> Iterator[Finding]:
    within = np.stack([pearson(part) for part in parts])
    rows = np.stack([_shared(part) for part in parts])
    for i, j in zip(*np.triu_indices(len(whole), k=1), strict=True):
        r, inside, n = whole.to_numpy()[i, j], within[:, i, j], rows[:, i, j]
        if not (abs(r) > 0.15 and (np.sign(r) * inside < -0.15).all()):
            continue
        chance = max(float(correlation_p(r, n.sum())), _pooled_p(inside, n))
        if chance * comparisons < ALPHA and n.min() >= FEW_ROWS:
            text = (
                f"{quoted(whole.columns[i], whole.columns[j])} correlate at {r:.2f} "
                f"over all rows, and at {inside.min():.2f} to {inside.max():.2f} "
                f"within each group of {quoted(by)}: the sign turns round."
            )
            columns = whole.columns[i], whole.columns[j], by
            yield Finding(text, "reversal", columns, float(r))


def _shared(part: np.ndarray) -> np.ndarray:
    known = (~np.isnan(part)).astype(float)
    return known.T @ known


def _pooled_p(r: np.ndarray, n: np.ndarray) -> float:
    """Test whether correlations within groups are zero, by Fisher's z, pooled."""
    weights = np.maximum(n - 3, 1)
    z = np.arctanh(np.clip(r, -0.999999, 0.999999))
    pooled = np.tanh((weights * z).sum() / weights.sum())
    return float(correlation_p(pooled, n.sum()))


def limits(f: Facts) -> Iterator[Finding]:
    """Report what the tables of pairs leave out of a wide table."""
    numbers, names = len(f.of_kind("number")), len(f.categories)
    kinds = [("number", numbers)] * (numbers > MANY_COLUMNS)
    kinds += [("category", names)] * (names > MANY_COLUMNS)
    for kind, n in kinds:
        target = "; the target is compared with every column" if f.target else ""
        text = (
            f"Pairs of {kind} columns are compared among the first {MANY_COLUMNS} of "
            f"{count(n)} only{target}."
        )
        yield Finding(text, "limits", (), n)
    if MOST_FOR_REVERSAL < numbers and f.categories:
        text = (
            f"Reversed correlations are sought among the first {MOST_FOR_REVERSAL} of "
            f"{count(numbers)} number columns only."
        )
        yield Finding(text, "limits", (), numbers)
    if numbers > 24 or names > 24:
        n = max(numbers, names)
        text = f"Drawings show the first 24 columns of a kind; one kind has {count(n)}."
        yield Finding(text, "limits", (), n)
