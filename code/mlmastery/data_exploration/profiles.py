"""Tables of a report beside the overview: extreme values, dates, texts, some rows."""

import unicodedata

import numpy as np
import pandas as pd

from mlmastery.data_exploration.columns import as_dates
from mlmastery.data_exploration.findings import as_floats

MANY = 50  # columns of a kind that get a row
LOOKED_AT = 20_000  # cells of a text column from which words and letters are counted


def extreme_values(
    df: pd.DataFrame, columns: list[str], labels: pd.Index | None = None, n: int = 5
) -> pd.DataFrame:
    """Return the smallest and the largest values of number columns with their rows.

    Parameters
    ----------
    df : DataFrame
    columns : list of str
    labels : Index, optional
        Labels of the rows; those of ``df`` by default.
    n : int, default=5
        Values on each side.

    Returns
    -------
    DataFrame
        Indexed by column: ``smallest`` and ``largest``, each a list of pairs of value
        and row label.

    Examples
    --------
    >>> table = extreme_values(pd.DataFrame({"a": [3.0, 1.0, 2.0]}), ["a"], n=1)
    >>> table.loc["a", "smallest"], table.loc["a", "largest"]
    ([(1.0, 1)], [(3.0, 0)])
    """
    labels = df.index if labels is None else labels
    rows = {name: _extremes(as_floats(df[name]), labels, n) for name in columns[:MANY]}
    frame = pd.DataFrame(
        {
            "smallest": [r[0] for r in rows.values()],
            "largest": [r[1] for r in rows.values()],
        },
        index=pd.Index(list(rows), name="column", dtype=object),
    )
    return frame


def _extremes(
    values: np.ndarray, labels: pd.Index, n: int
) -> tuple[list[tuple[float, object]], list[tuple[float, object]]]:
    places = np.flatnonzero(~np.isnan(values))
    known = values[places]
    n = min(n, len(known))
    if len(known) > 4 * n > 0:  # only the ends need to be sorted
        ends = np.argpartition(known, [n - 1, len(known) - n])
        low, high = np.sort(ends[:n]), np.sort(ends[len(known) - n :])
    else:
        low = high = np.arange(len(known))
    low = low[np.argsort(known[low], kind="stable")][:n]
    high = high[np.argsort(-known[high], kind="stable")][:n]
    return tuple(  # type: ignore[return-value]
        [(float(known[i]), labels[places[i]]) for i in side] for side in (low, high)
    )


def profile_dates(df: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return the range of date columns and their longest gap.

    Returns
    -------
    DataFrame
        Indexed by column: ``earliest``, ``latest``, ``days`` (distinct ones),
        ``longest gap`` in days and the date ``after`` which it begins, and
        ``unreadable`` cells.

    Examples
    --------
    >>> table = profile_dates(pd.DataFrame({"d": ["2020-01-01", "2020-01-05"]}), ["d"])
    >>> table.loc["d", ["days", "longest gap"]].tolist()
    [2, 4]
    """
    rows = {name: _dates(df[name]) for name in columns[:MANY]}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    return frame.rename_axis("column")


def _dates(values: pd.Series) -> dict[str, object]:
    counts = values.value_counts()  # each different cell is read once
    dates = as_dates(counts.index.to_series()).reset_index(drop=True)
    days = pd.DatetimeIndex(dates.dropna().dt.normalize().unique()).sort_values()
    gaps = (days[1:] - days[:-1]).days
    at = int(np.argmax(gaps)) if len(gaps) else 0
    return {
        "earliest": dates.min(),
        "latest": dates.max(),
        "days": len(days),
        "longest gap": int(gaps[at]) if len(gaps) else 0,
        "after": days[at].date() if len(gaps) else None,
        "unreadable": int(counts.to_numpy()[dates.isna().to_numpy()].sum()),
    }


def profile_texts(df: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return lengths, commonest words and characters of text columns.

    Returns
    -------
    DataFrame
        Indexed by column: ``shortest``, ``median`` and ``longest`` in characters, the
        five commonest ``words``, and the ``characters`` that are neither letters,
        digits nor spaces, the commonest first.

    Examples
    --------
    >>> table = profile_texts(pd.DataFrame({"t": ["red tea", "tea!", None]}), ["t"])
    >>> table.loc["t"].astype(str).tolist()
    ['4', '5.5', '7', 'tea (2), red (1)', '! (1)']
    """
    rows = {name: _texts(df[name].dropna()) for name in columns[:MANY]}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("column")


def _texts(known: pd.Series) -> dict[str, object]:
    if len(known) > LOOKED_AT:
        known = known.sample(LOOKED_AT, random_state=0)
    counts = known.astype(str).value_counts()
    counts = counts.sort_index().sort_values(ascending=False, kind="stable")
    lengths = np.repeat(counts.index.str.len().to_numpy(int), counts.to_numpy())
    words: dict[str, int] = {}
    signs: dict[str, int] = {}
    for text, n in counts.items():
        for word in str(text).split():
            bare = word.strip(".,;:!?()\"'").casefold()
            words[bare or word] = words.get(bare or word, 0) + int(n)
        for sign in str(text):
            if not (sign.isalnum() or sign == " "):
                signs[sign] = signs.get(sign, 0) + int(n)
    return {
        "shortest": int(lengths.min(initial=10**9)) if len(lengths) else 0,
        "median": float(np.median(lengths)) if len(lengths) else 0.0,
        "longest": int(lengths.max(initial=0)),
        "words": _commonest(words),
        "characters": _commonest({_visible(k): v for k, v in signs.items()}),
    }


def _commonest(counts: dict[str, int], n: int = 5) -> str:
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{text[:30]} ({count:,})" for text, count in ranked[:n])


def _visible(sign: str) -> str:
    """Write a character that cannot be seen by its name."""
    if sign.isprintable() and not sign.isspace():
        return sign
    return unicodedata.name(sign, f"U+{ord(sign):04X}").lower()


def row_samples(
    df: pd.DataFrame, labels: pd.Index | None = None, n: int = 5, random_state: int = 0
) -> pd.DataFrame:
    """Return first, last and random rows.

    Returns
    -------
    DataFrame
        At most ``3 * n`` different rows, with the index levels ``part`` and ``row``.

    Examples
    --------
    >>> list(row_samples(pd.DataFrame({"a": range(9)}), n=2)["a"][["first", "last"]])
    [0, 1, 7, 8]
    """
    labels = df.index if labels is None else labels
    head = np.arange(min(n, len(df)))
    tail = np.arange(max(len(head), len(df) - n), len(df))
    between = np.arange(len(head), len(df) - len(tail))
    rng = np.random.default_rng(random_state)
    some = np.sort(rng.choice(between, min(n, len(between)), replace=False))
    places = np.concatenate([head, some, tail]).astype(int)
    parts = ["first"] * len(head) + ["random"] * len(some) + ["last"] * len(tail)
    keys = pd.MultiIndex.from_arrays([parts, labels[places]], names=["part", "row"])
    return df.iloc[places].set_axis(keys)
