"""Rules that look at one column at a time: faults of the data, shapes of columns."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from mlmastery.data_exploration.amounts import FORMATS, split_amount
from mlmastery.data_exploration.columns import (
    date_formats,
    share_of_numbers,
    types_of,
)
from mlmastery.data_exploration.findings import (
    AT_MOST,
    Facts,
    Finding,
    capped,
    cell,
    count,
    per_cent,
    quoted,
    rows_of,
)

CODES = [sign * float(digits) for sign in (1, -1) for digits in (99, 999, 9999, 99999)]
ENOUGH = 100  # known cells below which a share of outliers says little
GAP_SIGNS = ("na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "missing")


def duplicates(f: Facts) -> Iterator[Finding]:
    """Report rows that repeat an earlier row."""
    n = f.duplicates
    if n:
        rows = "row repeats" if n == 1 else "rows repeat"
        text = f"{count(n)} {rows} an earlier row in every column."
        yield Finding(text, "duplicates", (), n)


def duplicate_columns(f: Facts) -> Iterator[Finding]:
    """Report columns that hold the same cells as an earlier column."""
    alike: dict[tuple[object, ...], list[str]] = {}
    kinds = ("empty", "constant", "binary")  # few values agree easily
    for name, row in f.overview[~f.overview["kind"].isin(kinds)].iterrows():
        key = row["missing"], row["distinct"], row["top count"], str(row["top"])
        earlier = alike.setdefault(key, [])
        same = next((e for e in earlier if f.df[e].equals(f.df[name])), None)
        if same is None:
            earlier.append(name)
        elif len(f.df) > 9:
            n = len(f.df)
            text = f"{quoted(name)} equals {quoted(same)} in all {count(n)} rows."
            yield Finding(text, "duplicate columns", (same, name), n)


def empty_columns(f: Facts) -> Iterator[Finding]:
    """Report columns without a single value."""
    for name in f.of_kind("empty"):
        text = f"{quoted(name)} is empty: all {count(len(f.df))} cells are missing."
        yield Finding(text, "empty", (name,), len(f.df))


def constant_columns(f: Facts) -> Iterator[Finding]:
    """Report columns with one value only."""
    for name in f.of_kind("constant"):
        row = f.overview.loc[name]
        if len(f.df) == 1:
            continue
        text = (
            f"{quoted(name)} has the same value, {cell(row['top'])}, in all "
            f"{rows_of(row['top count'])} where it is known."
        )
        yield Finding(text, "constant", (name,), row["top count"])


def mixed_types(f: Facts) -> Iterator[Finding]:
    """Report columns that hold numbers and texts."""
    for name in f.df.columns:
        kinds = types_of(f.df[name].dropna())
        if len(kinds) < 2:
            continue
        parts = [f"{count(n)} cells of {kind}" for kind, n in kinds.items()]
        rarest = min(kinds.values())
        text = f"{quoted(name)} mixes types: {', '.join(parts)}."
        yield Finding(text, "mixed types", (name,), rarest)


def numbers_as_text(f: Facts) -> Iterator[Finding]:
    """Report text columns that are numbers but for a few cells."""
    for name in f.of_kind("category", "text"):
        known = f.df[name].dropna()
        if types_of(known).get("number") or _are_number_levels(known):
            continue
        known = known.astype(str)
        share, other = share_of_numbers(known)
        signs = _gap_signs(known)
        n_signs = int(sum(signs.values()))
        if share > 0.8 or (share > 0.2 and share * len(known) + n_signs == len(known)):
            text = (
                f"{quoted(name)} is text, yet {per_cent(share)} of its cells read as "
                f"numbers{_others(signs, n_signs, other)}."
            )
            yield Finding(text, "numbers as text", (name,), share)
        elif _are_amounts(known):
            text = (
                f"{quoted(name)} is text, yet its cells are numbers in another format, "
                f"such as {cell(known.iloc[0])}."
            )
            yield Finding(text, "numbers as text", (name,), 1.0)


def _are_number_levels(known: pd.Series) -> bool:
    """Return whether a column of pandas' categories has numbers for them."""
    levels = getattr(known.dtype, "categories", None)
    return levels is not None and pd.api.types.is_numeric_dtype(levels.dtype)


def _are_amounts(known: pd.Series) -> bool:
    """Return whether some distinct cells are all numbers as people write them."""
    amounts = [split_amount(text) for text in known.unique()[:100]]
    return all(
        a is not None and any(f.read(a.body) is not None for f in FORMATS)
        for a in amounts
    )


def _gap_signs(known: pd.Series) -> dict[str, int]:
    """Count the cells that stand for a missing value, such as " NA"."""
    counts = known.value_counts()
    bare = counts.index.astype(str).str.strip().str.casefold()
    return dict(counts[(bare == "") | bare.isin(GAP_SIGNS)])


def _others(signs: dict[str, int], n_signs: int, other: str) -> str:
    if signs:
        sign = max(signs, key=lambda key: signs[key])
        cells = "cell holds" if n_signs == 1 else "cells hold"
        return f"; {count(n_signs)} {cells} a sign for “missing”, such as {sign!r}"
    return f"; the others are such as {cell(other)}" if other else ""


def dates_as_text(f: Facts) -> Iterator[Finding]:
    """Report dates stored as text, and the format that converts them."""
    for name in f.of_kind("date"):
        known = f.df[name].dropna()
        if isinstance(known.iloc[0], str):
            n = len(known)
            text = (
                f"{quoted(name)} holds {count(n)} dates as text, such as "
                f"{cell(f.overview.loc[name, 'top'])}; {_advice(known)}"
            )
            yield Finding(text, "dates as text", (name,), n)


def _advice(known: pd.Series) -> str:
    """Say which call converts these texts, or what has to be decided first."""
    forms = date_formats(known.unique())
    if not forms:
        return (
            "no format fits all of them: pandas.to_datetime with errors='coerce' "
            "shows which cells are odd."
        )
    if len(forms) == 1:
        zone = " and utc=True" if "%z" in forms[0] else ""  # offsets may differ
        return f"pandas.to_datetime with format={forms[0]!r}{zone} converts them."
    first, second = forms[:2]
    return (
        f"format={first!r} and format={second!r} fit all of them, and only the source "
        "can say which is meant."
    )


def spellings(f: Facts) -> Iterator[Finding]:
    """Report categories that differ only in capitals and spaces."""
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
    """Report infinite values, which poison every mean."""
    for name, n in f.overview["infinite"].dropna().items():
        if n:
            values = "value" if n == 1 else "values"
            text = f"{quoted(name)} holds {count(n)} infinite {values}."
            yield Finding(text, "infinite", (name,), n)


def clock_numbers(f: Facts) -> Iterator[Finding]:
    """Find times of day written as 1759, whose next is 1800."""
    for name in f.of_kind("number"):
        known = f.values(name)
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
    """Find zeros apart from every other value: they may mean "not measured"."""
    for name in f.of_kind("number"):
        if f.overview.loc[name, "minimum"] != 0 or f.overview.loc[name, "distinct"] < 8:
            continue
        known = f.values(name)
        others = np.unique(known[known > 0])
        n, following = int((known == 0).sum()), float(others[0])
        steps = np.diff(others[: max(2, len(others) // 2)])
        apart = following > 3 * steps.max() and following > 0.1 * np.median(others)
        if n <= 0.6 * len(known) and apart:
            text = (
                f"{quoted(name)} is 0 in {rows_of(n)}, and its next value is "
                f"{count(following)}: do these zeros mean “not measured”?"
            )
            yield Finding(text, "zeros", (name,), n)


def stray_codes(f: Facts) -> Iterator[Finding]:
    """Find values such as -999 that stand far from all others."""
    for name in f.of_kind("number"):
        low, high = f.overview.loc[name, ["minimum", "maximum"]]
        for code in CODES:
            if code not in (low, high):
                continue
            known = f.values(name)
            n = int((known == code).sum())
            others = known[known != code]
            if n < 2 or not len(others):
                continue
            reach = others.max() - others.min()
            if max(code - others.max(), others.min() - code) > 0.5 * reach:
                text = (
                    f"{quoted(name)} is {code:g} in {count(n)} rows, far from all other "
                    "values: is it a code for “missing”?"
                )
                yield Finding(text, "codes", (name,), n)


def long_tails(f: Facts) -> Iterator[Finding]:
    """Report columns whose mean a few large values carry away."""
    yield from capped(_tails(f), "columns have a long tail")


def _tails(f: Facts) -> Iterator[Finding]:
    skew = (
        f.overview.loc[f.of_kind("number"), "skew"]
        .dropna()
        .drop(f.identifiers, errors="ignore")
    )
    skew = skew[(skew.abs() > 2) & (f.overview.loc[skew.index, "distinct"] > 10)]
    for name in skew.abs().sort_values(ascending=False, kind="stable").index:
        row = f.overview.loc[name]
        side, there = ("right", "above") if skew[name] > 0 else ("left", "below")
        text = (
            f"{quoted(name)} has a long tail on the {side} (skewness "
            f"{count(skew[name])}): its mean, {count(row['mean'])}, lies {there} its "
            f"median, {count(row['median'])}."
        )
        if (row["mean"] - row["median"]) * np.sign(skew[name]) > 0.1 * row["std"]:
            yield Finding(text, "long tail", (name,), float(skew[name]))


def far_values(f: Facts) -> Iterator[Finding]:
    """Report single values that are absurdly far out, with their row."""
    findings = sorted(_far(f), key=lambda finding: -finding.number)
    yield from capped(findings, "columns have such a value")


def _far(f: Facts) -> Iterator[Finding]:
    for name in f.of_kind("number"):
        row = f.overview.loc[name]
        below, above = row["mean"] - row["minimum"], row["maximum"] - row["mean"]
        far, where = (above, "maximum") if above >= below else (below, "minimum")
        if row["std"] > 0 and far > 8 * row["std"] and name not in f.identifiers:
            values = f.floats[name]
            find = np.nanargmax if where == "maximum" else np.nanargmin
            text = (
                f"{quoted(name)} reaches {count(row[where])}, "
                f"{count(round(far / row['std']))} standard deviations from its mean: "
                f"look at row {f.label(int(find(values)))}."
            )
            yield Finding(text, "far values", (name,), round(far / row["std"]))


def many_outliers(f: Facts) -> Iterator[Finding]:
    """Report columns that the usual rule for outliers does not suit."""
    known = pd.Series({name: len(f.values(name)) for name in f.outliers.index})
    # Among few rows a bell curve has so many by chance: of 25, in one column of eight.
    shares = (f.outliers["iqr"] / known)[known >= ENOUGH]
    shares = shares.drop(f.identifiers, errors="ignore")
    shares = shares[shares > 0.05].sort_values(ascending=False, kind="stable")
    findings = (
        Finding(
            f"The 1.5-IQR rule calls {per_cent(share)} of {quoted(name)} outliers: so "
            "many speak of the column's shape, not of errors.",
            "many outliers",
            (name,),
            float(share),
        )
        for name, share in shares.items()
    )
    yield from capped(findings, "columns have more than 5 % of them", AT_MOST)


def one_value_dominates(f: Facts) -> Iterator[Finding]:
    """Report columns that are nearly constant."""
    for name in f.of_kind("number", "category", "boolean", "binary", "code"):
        row = f.overview.loc[name]
        known = f.known(name)
        if known >= 20 and row["top count"] > 0.95 * known:
            text = (
                f"{quoted(name)} is {cell(row['top'])} in "
                f"{per_cent(row['top count'] / known)} of the rows where it is known."
            )
            yield Finding(text, "one value", (name,), row["top count"] / known)


def identifiers(f: Facts) -> Iterator[Finding]:
    """Report columns that name rows instead of describing them."""
    findings = (
        Finding(
            f"{quoted(name)} differs in all {count(f.known(name))} rows: it names them.",
            "identifier",
            (name,),
            f.known(name),
        )
        for name in f.overview.index
        if name in f.identifiers
    )
    yield from capped(findings, "columns differ in every row")
