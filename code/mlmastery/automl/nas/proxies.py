"""How well a cheap score ranks architectures, and what choosing the best costs.

>>> kendall_tau([1, 2, 3], [10, 30, 20])
0.3333333333333333
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.inference import Interval, bootstrap, percentile_interval
from mlmastery.validation import as_numbers, check_count

__all__ = ["judge_proxies", "kendall_tau", "selection_gap", "tau_interval"]


def kendall_tau(first: Any, second: Any) -> float:
    """Return Kendall's tau-b: agreeing pairs minus disagreeing, over those without ties.

    Parameters
    ----------
    first, second : array of shape (n,)
        Scores of the same things.

    Raises
    ------
    ValueError
        If the lengths differ, a score is missing, or all scores of one are equal.

    Examples
    --------
    >>> kendall_tau([1, 2, 3, 4], [4, 3, 2, 1])
    -1.0
    """
    a, b = as_numbers(first, "first"), as_numbers(second, "second")
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"first and second must pair up, got {a.shape} and {b.shape}")
    if np.isnan(a).any() or np.isnan(b).any():
        raise ValueError("first and second must have no missing value, got NaN")
    upper = np.triu_indices(len(a), 1)
    signs_a = np.sign(a[:, None] - a)[upper]
    signs_b = np.sign(b[:, None] - b)[upper]
    untied = np.count_nonzero(signs_a) * np.count_nonzero(signs_b)
    if untied == 0:
        raise ValueError("first and second must not be constant")
    return float(signs_a @ signs_b / math.sqrt(untied))


def tau_interval(first: Any, second: Any, n_resamples: int = 400) -> Interval:
    """Return the bootstrap interval of Kendall's tau over the architectures."""
    a, b = as_numbers(first, "first"), as_numbers(second, "second")
    draws = bootstrap(kendall_tau, a, b, n_resamples=n_resamples)
    return percentile_interval(draws)


def judge_proxies(
    proxies: Mapping[str, Any], truth: Any, costs: Mapping[str, float]
) -> pd.DataFrame:
    """Return how well each proxy ranks, and what its favourite loses.

    Parameters
    ----------
    proxies : mapping of str to array of shape (n,)
        Larger is better.
    truth : array of shape (n,)
        The accuracy of each architecture, from other runs.
    costs : mapping of str to float
        In full trainings of the whole space.

    Returns
    -------
    DataFrame
        By proxy: ``cost``, ``tau``, ``low`` and ``high`` of its interval, and
        ``lost``, the accuracy of the best minus that of the proxy's favourite, in
        percentage points.

    Examples
    --------
    >>> judge_proxies({"size": [1, 2, 3]}, [0.7, 0.9, 0.8], {"size": 0}).round(2)
          cost   tau  low  high  lost
    size     0  0.33 -1.0   1.0  10.0
    """
    truth = as_numbers(truth, "truth")
    rows = {}
    for name, values in proxies.items():
        scores = np.asarray(values, float)
        # Of three resampled architectures all may be the same one.
        low, high = _interval(scores, truth)
        lost = 100 * (truth.max() - truth[scores == scores.max()].mean())
        rows[name] = (costs[name], kendall_tau(scores, truth), low, high, lost)
    columns = ["cost", "tau", "low", "high", "lost"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _interval(scores: np.ndarray, truth: np.ndarray) -> Interval:
    if len(scores) < 10:
        return Interval(-1.0, 1.0)
    return tau_interval(scores, truth)


def selection_gap(
    seen: Any,
    fresh: Any,
    n_candidates: int,
    n_repeats: int = 1000,
    random_state: int = 0,
) -> np.ndarray:
    """Choose the best of a few by the scores seen; return what a new look takes away.

    Parameters
    ----------
    seen, fresh : array of shape (n,)
        Scores for the choice, and of the same architectures on new rows or runs.
    n_candidates : int
        Architectures of which the best is chosen.
    n_repeats : int, default=1000
    random_state : int, default=0

    Returns
    -------
    ndarray of shape (n_repeats,)
        The score seen minus the fresh score of the one chosen.

    Examples
    --------
    >>> selection_gap([0.9, 0.5], [0.8, 0.6], n_candidates=2, n_repeats=1).round(2)
    array([0.1])
    """
    seen, fresh = as_numbers(seen, "seen"), as_numbers(fresh, "fresh")
    if seen.shape != fresh.shape:
        raise ValueError(
            f"seen and fresh must pair up, got {seen.shape}, {fresh.shape}"
        )
    check_count(n_candidates, "n_candidates", maximum=len(seen))
    rng = np.random.default_rng(random_state)
    gaps = np.empty(n_repeats)
    for i in range(n_repeats):
        rows = rng.choice(len(seen), n_candidates, replace=False)
        chosen = rows[np.argmax(seen[rows])]
        gaps[i] = seen[chosen] - fresh[chosen]
    return gaps
