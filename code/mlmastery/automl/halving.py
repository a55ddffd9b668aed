"""Successive halving and Hyperband, with brackets that are counted in integers.

>>> len(hyperband_brackets(243, 3))
6
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mlmastery.validation import check_count

from .space import Space

__all__ = ["Rung", "halve", "hyperband", "hyperband_brackets", "largest_power"]


class Rung(NamedTuple):
    """Number of configurations that are tried, and the budget of each.

    Examples
    --------
    >>> Rung(n_configs=9, budget=3).n_configs
    9
    """

    n_configs: int
    budget: int


def largest_power(number: int, base: int) -> int:
    """Return the largest s for which ``base**s <= number``, without a logarithm.

    Examples
    --------
    >>> largest_power(243, 3), int(math.log(243, 3))
    (5, 4)
    """
    check_count(number, "number")
    check_count(base, "base", minimum=2)
    s = 0
    while base ** (s + 1) <= number:
        s += 1
    return s


def hyperband_brackets(max_budget: int, eta: int = 3) -> list[list[Rung]]:
    """Return the rungs of each bracket, the most daring first.

    Parameters
    ----------
    max_budget : int
        Largest budget of one configuration, in the smallest unit that makes sense.
    eta : int, default=3
        From rung to rung the best 1/eta go on, with eta times the budget.

    Raises
    ------
    ValueError
        If ``max_budget`` is not a whole number of at least 1, or ``eta`` of at least 2.

    References
    ----------
    .. [1] Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar (2018), "Hyperband: A Novel
       Bandit-Based Approach to Hyperparameter Optimization", Journal of Machine
       Learning Research 18.

    Examples
    --------
    >>> for bracket in hyperband_brackets(9, 3):
    ...     print([tuple(rung) for rung in bracket])
    [(9, 1), (3, 3), (1, 9)]
    [(5, 3), (1, 9)]
    [(3, 9)]
    """
    check_count(max_budget, "max_budget")
    check_count(eta, "eta", minimum=2)
    most = largest_power(max_budget, eta)
    return [_bracket(s, most, max_budget, eta) for s in range(most, -1, -1)]


def _bracket(s: int, most: int, max_budget: int, eta: int) -> list[Rung]:
    n = -((most + 1) * eta**s // -(s + 1))  # rounded up, in integers
    return [Rung(n // eta**i, max_budget // eta ** (s - i)) for i in range(s + 1)]


def halve(
    configs: Sequence[dict[str, Any]],
    evaluate: Callable[[dict[str, Any], int], float],
    rungs: Sequence[Rung],
) -> pd.DataFrame:
    """Try all configurations with little, and the best of them with more.

    Parameters
    ----------
    configs : sequence of dict
        As many as the first rung takes.
    evaluate : callable
        ``evaluate(config, budget)`` returns a loss; NaN comes last.
    rungs : sequence of Rung

    Returns
    -------
    DataFrame
        One row per evaluation, in order: ``rung``, ``place`` (in ``configs``),
        ``config``, ``budget``, ``loss``.

    Raises
    ------
    ValueError
        If there is no rung, or the number of configurations is not that of the first.

    Examples
    --------
    >>> rungs = [Rung(2, 1), Rung(1, 2)]
    >>> tried = halve([{"x": 3}, {"x": 1}], lambda config, budget: config["x"], rungs)
    >>> tried["place"].tolist()
    [0, 1, 1]
    """
    if not rungs:
        raise ValueError("rungs must hold at least one rung, got none")
    if len(configs) != rungs[0].n_configs:
        raise ValueError(
            f"configs must be the {rungs[0].n_configs} of the first rung, "
            f"got {len(configs)}"
        )
    alive, rows = list(range(len(configs))), []
    for number, rung in enumerate(rungs):
        alive = alive[: rung.n_configs]
        losses = [float(evaluate(configs[i], rung.budget)) for i in alive]
        for place, loss in zip(alive, losses, strict=True):
            rows.append((number, place, configs[place], rung.budget, loss))
        order = np.argsort([math.inf if v != v else v for v in losses], kind="stable")
        alive = [alive[i] for i in order]
    return pd.DataFrame(rows, columns=["rung", "place", "config", "budget", "loss"])


def hyperband(
    space: Space,
    evaluate: Callable[[dict[str, Any], int], float],
    max_budget: int,
    eta: int = 3,
    random_state: int = 0,
) -> pd.DataFrame:
    """Run successive halving once for each bracket, on random configurations.

    Parameters
    ----------
    space : Space
    evaluate : callable
        ``evaluate(config, budget)`` returns a loss.
    max_budget, eta : int
        As in `hyperband_brackets`.
    random_state : int, default=0

    Returns
    -------
    DataFrame
        As from `halve`, with a column ``bracket``.

    Examples
    --------
    >>> from mlmastery.automl.space import Float
    >>> tried = hyperband(Space({"x": Float(0, 1)}), lambda c, b: c["x"], 9)
    >>> len(tried), int(tried["budget"].sum())
    (22, 78)
    """
    if not isinstance(space, Space):
        raise TypeError(f"space must be a Space, got {type(space).__name__}")
    check_count(random_state, "random_state", minimum=0)
    rng = np.random.default_rng(random_state)
    parts = []
    for number, rungs in enumerate(hyperband_brackets(max_budget, eta)):
        configs = [space.sample(rng) for _ in range(rungs[0].n_configs)]
        parts.append(halve(configs, evaluate, rungs).assign(bracket=number))
    return pd.concat(parts, ignore_index=True)
