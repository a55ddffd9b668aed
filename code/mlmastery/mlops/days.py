"""Drift between two spans of days, whose rows are not independent.

>>> import numpy as np
>>> same = np.array([[5, 5], [5, 5]])
>>> exchange_days_test(same, same).p_value
1.0
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_count, check_share

from .psi import Bins, psi_from_counts
from .two_sample import SampleTest, chi_square_test

__all__ = [
    "DayCounts",
    "day_threshold",
    "exchange_days_test",
    "permute_days_test",
    "week_pairs",
]

MOST_PAIRS = 12  # 2**11 exchanges are tabulated at once


class DayCounts:
    """Counts of one feature's bins, one row a day.

    Parameters
    ----------
    values : Series of shape (n_rows,)
    days : array of shape (n_rows,)
        The day of each row.
    bins : Bins, optional
        Learned from all values where not given.

    Attributes
    ----------
    days : Index
        Sorted.
    counts : ndarray of int, shape (n_days, n_labels)

    Examples
    --------
    >>> table = DayCounts(pd.Series(["a", "b", "a"]), [1, 1, 2])
    >>> table.counts.tolist()
    [[1, 1, 0, 0], [1, 0, 0, 0]]
    """

    def __init__(self, values: pd.Series, days: Any, bins: Bins | None = None) -> None:
        self.bins = bins or Bins(values)
        codes, self.days = pd.factorize(np.asarray(days), sort=True)
        order = np.argsort(codes, kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(codes))[:-1])
        self.counts = np.array([self.bins.counts(values.iloc[part]) for part in parts])

    def between(self, start: Any, stop: Any) -> np.ndarray:
        """Return the rows of the days from ``start`` up to, not including, ``stop``."""
        inside = (self.days >= start) & (self.days < stop)
        return self.counts[inside]


def exchange_days_test(first: Any, second: Any) -> SampleTest:
    """Compare two spans of days by exchanging days that stand at the same place.

    The index of the two spans is compared with its values after every exchange of
    Monday for Monday, Tuesday for Tuesday and so on: whole days move, with all that
    their rows have in common.

    Parameters
    ----------
    first, second : array of shape (n_days, n_bins)
        Counts; day i of one may change places with day i of the other.

    Returns
    -------
    SampleTest
        Its p-value is at least 1 / 2**(n_days − 1).

    Raises
    ------
    ValueError
        If the shapes differ, or there are more than twelve days.

    Examples
    --------
    >>> first = np.array([[9, 1], [8, 2], [9, 1]])
    >>> exchange_days_test(first, first[:, ::-1]).p_value
    0.25
    """
    first, second = np.asarray(first), np.asarray(second)
    if first.shape != second.shape or first.ndim != 2:
        raise ValueError(
            f"first and second must have the same days and bins, got {first.shape} "
            f"and {second.shape}"
        )
    check_count(len(first), "the number of days", 1, MOST_PAIRS)
    total = first.sum(axis=0) + second.sum(axis=0)
    # The index is symmetric, so the first day can stay where it is.
    swaps = np.array(list(itertools.product([0, 1], repeat=len(first) - 1)))
    swaps = np.column_stack([np.zeros(len(swaps), int), swaps])
    exchanged = first.sum(axis=0) + swaps @ (second - first)
    index = [psi_from_counts(row, total - row) for row in exchanged]
    p_value = np.mean(np.array(index) >= index[0] - 1e-12)
    return SampleTest(index[0], float(p_value))


def permute_days_test(
    reference: Any,
    current: Any,
    n_permutations: int = 500,
    random_state: int | None = None,
) -> SampleTest:
    """Compare two spans of different length by dealing out their days at random.

    Parameters
    ----------
    reference, current : array of shape (n_days, n_bins) and (m_days, n_bins)
        Counts.
    n_permutations : int, default=500
    random_state : int, optional

    Returns
    -------
    SampleTest
        Its p-value holds where days are exchangeable: neighbours that resemble each
        other make it too small.

    Examples
    --------
    >>> calm, storm = np.array([[9, 1]] * 6), np.array([[1, 9]] * 4)
    >>> permute_days_test(calm, storm, random_state=0).p_value < 0.05
    True
    """
    reference, current = np.asarray(reference), np.asarray(current)
    both = np.concatenate([reference, current])
    total = both.sum(axis=0)
    chosen = np.arange(len(both)) >= len(reference)
    rng = np.random.default_rng(random_state)
    check_count(n_permutations, "n_permutations")
    dealt = rng.permuted(np.tile(chosen, (n_permutations, 1)), axis=1)
    index = psi_from_counts(total - chosen @ both, chosen @ both)
    null = np.array([psi_from_counts(total - row, row) for row in dealt @ both])
    p_value = (1 + np.sum(null >= index - 1e-12)) / (1 + n_permutations)
    return SampleTest(index, float(p_value))


def day_threshold(
    reference: Any,
    window: int,
    quantile: float = 0.95,
    n_runs: int = 200,
    random_state: int | None = None,
) -> float:
    """Return the index that days of the reference alone exceed so seldom.

    Parameters
    ----------
    reference : array of shape (n_days, n_bins)
        Counts of days without drift.
    window : int
        Days that are compared with all others; fewer than ``n_days``.
    quantile : float, default=0.95
    n_runs : int, default=200
    random_state : int, optional

    Examples
    --------
    >>> day_threshold(np.array([[5, 5]] * 10), 3, random_state=0)
    0.0
    """
    reference = np.asarray(reference)
    check_count(window, "window", 1, len(reference) - 1)
    check_share(quantile, "quantile")
    rng = np.random.default_rng(random_state)
    chosen = np.tile(np.arange(len(reference)) < window, (n_runs, 1))
    inside = rng.permuted(chosen, axis=1) @ reference
    total = reference.sum(axis=0)
    return float(np.quantile([psi_from_counts(total - i, i) for i in inside], quantile))


def week_pairs(
    tables: dict[str, DayCounts],
    starts: Iterable[pd.Timestamp],
    weeks: int = 1,
    shuffle: bool = False,
    random_state: int | None = None,
) -> pd.DataFrame:
    """Test each pair of neighbouring spans of weeks, by rows and by days.

    Parameters
    ----------
    tables : dict of str to DayCounts
        One a feature.
    starts : iterable of Timestamp
        First days; the second span begins ``weeks`` weeks later.
    weeks : int, default=1
        Length of each span.
    shuffle : bool, default=False
        Whether days of the same weekday change places at random first, so that no
        drift can be left between the spans.
    random_state : int, optional

    Returns
    -------
    DataFrame
        ``feature``, ``start``, ``rows`` (p-value of χ² as if rows were independent),
        ``days`` (of `exchange_days_test`).

    Examples
    --------
    >>> days = pd.date_range("2013-01-07", periods=14)
    >>> table = DayCounts(pd.Series(["a", "b"] * 14), days.repeat(2))
    >>> week_pairs({"x": table}, [days[0]])[["rows", "days"]].values.tolist()
    [[1.0, 1.0]]
    """
    rng = np.random.default_rng(random_state)
    span = pd.Timedelta(weeks=check_count(weeks, "weeks"))
    rows = []
    for start in starts:
        swap = rng.random(7 * weeks) < 0.5 if shuffle else np.zeros(7 * weeks, bool)
        for feature, table in tables.items():
            first = table.between(start, start + span)
            second = table.between(start + span, start + 2 * span)
            if len(first) != len(second) or len(first) != 7 * weeks:
                continue
            first, second = (
                np.where(swap[:, None], second, first),
                np.where(swap[:, None], first, second),
            )
            by_rows = chi_square_test(first.sum(axis=0), second.sum(axis=0))
            by_days = exchange_days_test(first, second)
            rows.append((feature, start, by_rows.p_value, by_days.p_value))
    return pd.DataFrame(rows, columns=["feature", "start", "rows", "days"])
