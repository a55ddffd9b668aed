"""Rule on the target: what goes with the column that is to be predicted."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from mlmastery.data_exploration.chance import (
    FEW,
    Association,
    correlation_p,
    cramers_association,
    crossed,
    epsilon_squared,
    group_codes,
)
from mlmastery.data_exploration.findings import (
    MANY_VALUES,
    Facts,
    Finding,
    cell,
    count,
    per_cent,
    quoted,
    rows_of,
)
from mlmastery.inference import holm

ALPHA = 0.01  # chance of one false finding or more
WEAK = 0.1  # strength below which an association is not reported
LEAK = 0.95  # strength that may give the answer away
ENOUGH = 20  # rows in which both columns must be known


@dataclass(frozen=True)
class Link:
    """Association of one column with the target.

    Parameters
    ----------
    name : str
        The column.
    strength : float
        In [0, 1]: the absolute correlation, Cramér's V, or the root of epsilon squared.
    measured : str
        The measure and its value, in words.
    p_value : float
    n : int
        Rows in which both are known.
    """

    name: str
    strength: float
    measured: str
    p_value: float
    n: int


def about_target(f: Facts) -> Iterator[Finding]:
    """Say what goes with the target, of all columns of the table."""
    if f.target is None:
        return
    name, row = f.target, f.overview.loc[f.target]
    if row["kind"] in ("empty", "constant"):
        yield _nothing_to_predict(f)
        return
    number = row["kind"] == "number"
    if not number:
        share = row["top count"] / f.known(name)
        text = (
            f"The target {quoted(name)} has {count(row['distinct'])} values; always "
            f"saying {cell(row['top'])} would be right in {per_cent(share)} of the "
            "rows where it is known."
        )
        yield Finding(text, "target", (name,), share, 1.0)
    if not number and row["distinct"] > MANY_VALUES:
        return
    links = _number_links(f) if number else _class_links(f)
    yield from _closest(f, links)


def _nothing_to_predict(f: Facts) -> Finding:
    n = f.known(f.target)
    what = "has one value only" if n else "is empty"
    text = (
        f"The target {quoted(f.target)} {what} in all {rows_of(len(f.df))}: there is "
        "nothing to predict."
    )
    return Finding(text, "target", (f.target,), n)


def _number_links(f: Facts) -> list[Link]:
    y = f.floats[f.target]
    links = [_correlated(name, f.floats[name], y) for name in f.numbers]
    by_group = {name: epsilon_squared(f.codes[name], y) for name in f.categories}
    links += [_variance(name, link) for name, link in by_group.items()]
    return [link for link in links if link.name != f.target]


def _correlated(name: str, x: np.ndarray, y: np.ndarray) -> Link:
    both = ~np.isnan(x) & ~np.isnan(y)
    x, y, n = x[both], y[both], int(both.sum())
    r = weaker = _pearson(x, y)
    if 2 < n <= FEW:  # one value far out makes a correlation, but never one of ranks
        weaker = min(abs(r), abs(_pearson(rankdata(x), rankdata(y))))
    p = float(correlation_p(np.array(weaker), np.array(n)))
    return Link(name, abs(r), f"correlation {r:.2f}", p, n)


def _pearson(x: np.ndarray, y: np.ndarray) -> float:
    x, y = _centred(x), _centred(y)
    lengths = float(np.sqrt((x @ x) * (y @ y)))
    return float(np.clip(x @ y / lengths, -1, 1)) if lengths > 0 else 0.0


def _centred(x: np.ndarray) -> np.ndarray:
    """Scale numbers to at most 1 first: squares of the largest would overflow."""
    if not len(x):
        return x
    x = x / max(1.0, float(np.abs(x).max()))
    centred = x - x.mean()
    largest = np.abs(centred).max()
    return centred / largest if largest > 1e-13 else np.zeros_like(x)


def _variance(name: str, link: Association) -> Link:
    effect = max(0.0, float(np.nan_to_num(link.effect)))
    words = f"{per_cent(effect)} of the variance lies between groups"
    return Link(name, effect**0.5, words, link.p_value, link.n)


def _class_links(f: Facts) -> list[Link]:
    target, _ = group_codes(f.df[f.target])
    links = [
        _variance(name, epsilon_squared(target, f.floats[name])) for name in f.numbers
    ]
    for name in f.categories:
        link = cramers_association(crossed(f.codes[name], target))
        v = float(np.nan_to_num(link.effect))
        links.append(Link(name, v, f"Cramér's V {v:.2f}", link.p_value, link.n))
    return [link for link in links if link.name != f.target]


def _closest(f: Facts, links: list[Link]) -> Iterator[Finding]:
    """Report the three columns that go most closely with the target, if any do."""
    corrected = holm(np.array([link.p_value for link in links]))
    kept = [
        link
        for link, p in zip(links, corrected, strict=True)
        if p < ALPHA and link.strength > WEAK and link.n >= ENOUGH
    ]
    if not kept:
        if links:
            text = (
                f"None of {count(len(links))} columns goes with the target "
                f"{quoted(f.target)} more closely than chance allows."
            )
            yield Finding(text, "target", (f.target,), len(links))
        return
    # Strengths among few rows do not compare with those among nearly all.
    kept.sort(key=lambda link: (_sparse(f, link), -link.strength))
    first, *others = kept[:3]
    text = f"The target {quoted(f.target)} goes most closely with {_said(f, first)}"
    text += (
        f", then with {' and '.join(_said(f, link) for link in others)}."
        if others
        else "."
    )
    if first.strength > LEAK:
        text += " Would it be known in time, or does it give the answer away?"
    columns = (f.target, *(link.name for link in kept[:3]))
    yield Finding(text, "target", columns, first.strength)


def _sparse(f: Facts, link: Link) -> bool:
    return link.n < f.known(f.target) / 2


def _said(f: Facts, link: Link) -> str:
    where = f", known in {rows_of(link.n)}" if _sparse(f, link) else ""
    return f"{quoted(link.name)} ({link.measured}{where})"
