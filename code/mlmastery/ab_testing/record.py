"""Record two published experiments, Cookie Cats and Hillstrom's e-mails."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from mlmastery.ab_testing.bayes import BetaRate, expected_loss, probability_better
from mlmastery.ab_testing.comparison import Comparison
from mlmastery.ab_testing.means import t_test
from mlmastery.ab_testing.proportions import sample_ratio_check, two_proportion_test
from mlmastery.ab_testing.ranks import mann_whitney
from mlmastery.datasets import fingerprint, load_cookie_cats, load_hillstrom
from mlmastery.ledger import Recorded, cpu_timed
from mlmastery.spread import Spread

__all__ = ["record"]

SECOND = "gate_40 − gate_30, all 90,189 players"
MAILED = "as assigned, against no e-mail"


def record(data_dir: Path) -> list[Recorded]:
    """Test the differences of both experiments, and the sizes of their arms.

    Parameters
    ----------
    data_dir : Path
        Holds ``cookie_cats.csv`` and the file of Hillstrom's challenge, or a folder
        ``cookie_cats`` and ``hillstrom`` with them.

    Returns
    -------
    list of Recorded
        Of each comparison the difference with its 95 % interval, and the p-value or
        t statistic as a figure of its own.

    Raises
    ------
    DataError
        If a file is missing or is not the original.
    """
    return [*_cookie_cats(load_cookie_cats()), *_hillstrom(load_hillstrom())]


def _cookie_cats(players: pd.DataFrame) -> list[Recorded]:
    sha = fingerprint("cookie_cats")
    a, b = (players[players["version"] == v] for v in ("gate_30", "gate_40"))
    figures = [_ratio("Cookie Cats", [len(a), len(b)], sha)]
    for day in (1, 7):
        hits_a, hits_b = (int(arm[f"retention_{day}"].sum()) for arm in (a, b))
        test = partial(two_proportion_test, hits_a, len(a), hits_b, len(b))
        figures += _pair(f"Cookie Cats, day {day}", test, "share back", SECOND, sha)
    prior = BetaRate()
    posterior_a, posterior_b = (
        prior.observe(hits_a, len(a)),
        prior.observe(hits_b, len(b)),
    )
    figures += _belief(posterior_a, posterior_b, sha)
    rounds = [arm["sum_gamerounds"] for arm in (a, b)]
    kept = [r[r < players["sum_gamerounds"].max()] for r in rounds]
    for name, (x, y) in {"rounds": rounds, "rounds without one player": kept}.items():
        test = partial(t_test, x, y)
        figures += _pair(f"Cookie Cats, {name}", test, "rounds", SECOND, sha)
    reached = [arm[arm["sum_gamerounds"] >= 30]["retention_7"] for arm in (a, b)]
    counts = [int(n) for r in reached for n in (r.sum(), len(r))]
    test = partial(two_proportion_test, *counts)
    name = "Cookie Cats, day 7, at least 30 rounds"
    figures += _pair(name, test, "share back", "who reached the gate", sha)
    ranks = partial(mann_whitney, *rounds)
    return [
        *figures,
        *_pair("Cookie Cats, ranks of rounds", ranks, "P(b > a)", SECOND, sha),
    ]


def _hillstrom(customers: pd.DataFrame) -> list[Recorded]:
    sha = fingerprint("hillstrom")
    arms = dict(list(customers.groupby("segment")))
    none = arms["No E-Mail"]
    sizes = [len(arm) for arm in arms.values()]
    figures = [_ratio("Hillstrom", sizes, sha)]
    for metric, unit in (("visit", "share visiting"), ("spend", "US$")):
        for name in ("Mens E-Mail", "Womens E-Mail"):
            test = partial(t_test, none[metric], arms[name][metric])
            pair = _pair(f"Hillstrom, {metric}, {name}", test, unit, MAILED, sha)
            statistic = test().statistic
            figures += [
                *pair,
                _bare(f"Hillstrom, {metric}, {name}, t", statistic, "t", MAILED, sha),
            ]
    return figures


def _pair(name: str, test: Any, metric: str, protocol: str, sha: str) -> list[Recorded]:
    """Return the difference with its interval, and its p-value."""
    done: Comparison
    done, seconds = cpu_timed(test)
    spread = Spread.interval(done.low, done.high, done.confidence)
    said = f"{done.method}; {protocol}"
    return [
        Recorded(name, done.estimate, spread, metric, said, seconds, sha),
        _bare(f"{name}, p", done.p_value, "p-value", said, sha),
    ]


def _ratio(name: str, sizes: list[int], sha: str) -> Recorded:
    p_value = sample_ratio_check(sizes).p_value
    protocol = "chi-square of the arms' sizes against equal ones"
    return _bare(f"{name}, sample ratio, p", p_value, "p-value", protocol, sha)


def _belief(a: BetaRate, b: BetaRate, sha: str) -> list[Recorded]:
    protocol = "uniform priors; day 7"
    better, loss = probability_better(a, b), expected_loss(b, a)
    return [
        _bare("Cookie Cats, P(gate_40 better)", better, "probability", protocol, sha),
        _bare("Cookie Cats, loss of gate_40", loss, "share back", protocol, sha),
    ]


def _bare(name: str, value: float, metric: str, protocol: str, sha: str) -> Recorded:
    return Recorded(name, value, None, metric, protocol, 0.0, sha)
