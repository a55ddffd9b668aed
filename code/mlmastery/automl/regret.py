"""How far a search is from the best, evaluation by evaluation.

>>> regret_curve([3.0, 1.0, 2.0], best=1.0, worst=5.0)
array([0.5, 0. , 0. ])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_count

from .search.base import SpaceExhausted

__all__ = ["mean_ranks", "regret_curve", "run_search"]


def regret_curve(losses: Any, best: float, worst: float) -> np.ndarray:
    """Return the normalised regret of the incumbent after each evaluation.

    Parameters
    ----------
    losses : array of shape (n,)
        In the order of the search; NaN where an evaluation failed.
    best, worst : float
        Smallest and largest loss of the whole space.

    Returns
    -------
    ndarray of shape (n,)
        0 for the best configuration, 1 for the worst, and 1 before the first success.

    Raises
    ------
    ValueError
        If ``worst`` is not above ``best``.
    """
    if not worst > best:
        raise ValueError(f"worst must be above best, got {worst} and {best}")
    losses = np.where(np.isnan(losses), worst, np.asarray(losses, float))
    return (np.minimum.accumulate(losses) - best) / (worst - best)


def run_search(
    searcher: Any,
    objective: Callable[[dict[str, Any]], float],
    n_trials: int,
    batch_size: int = 1,
) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Ask and tell until the trials, or the space, are used up.

    Parameters
    ----------
    searcher : Searcher
    objective : callable
        Takes a configuration, returns a loss.
    n_trials : int
    batch_size : int, default=1
        Configurations asked for before their losses are told.

    Returns
    -------
    configs : list of dict
    losses : ndarray of shape (n_trials,)
        Shorter if the space had fewer configurations.

    Raises
    ------
    ValueError
        If ``n_trials`` or ``batch_size`` is not a whole number in its range.
    """
    check_count(n_trials, "n_trials", minimum=0)
    check_count(batch_size, "batch_size")
    configs: list[dict[str, Any]] = []
    losses: list[float] = []
    try:
        while len(losses) < n_trials:
            size = min(batch_size, n_trials - len(losses))
            batch = [searcher.ask() for _ in range(size)]
            for config in batch:
                losses.append(objective(config))
                searcher.tell(config, losses[-1])
            configs += batch
    except SpaceExhausted:
        pass
    return configs, np.array(losses)


def mean_ranks(regrets: pd.DataFrame) -> pd.Series:
    """Return the mean rank of each column, 1 for the smallest; ties share a rank.

    Examples
    --------
    >>> mean_ranks(pd.DataFrame({"a": [0.1, 0.2], "b": [0.2, 0.2]})).to_dict()
    {'a': 1.25, 'b': 1.75}
    """
    return regrets.rank(axis=1).mean()
