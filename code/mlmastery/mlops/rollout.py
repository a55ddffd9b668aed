"""A canary: a share of the flights asks the challenger until the numbers decide.

>>> controller = CanaryController(0.1, minimum=100)
>>> controller.observe("champion", 0.2, False)
>>> controller.decision
'continue'
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mlmastery.validation import check_choice, check_count, check_number, check_share

from .training import log_losses

__all__ = [
    "ARMS",
    "CanaryController",
    "arm_of",
    "canary_outcomes",
    "daily_canary_outcomes",
    "position",
]

ARMS = ("champion", "challenger")


def position(identity: str, salt: str = "") -> float:
    """Return a number from 0 to 1 that belongs to an id, in every process.

    Python's own ``hash`` of a text differs from process to process.

    Examples
    --------
    >>> round(position("UA1545-EWR-0101"), 4)
    0.2615
    """
    digest = hashlib.sha256(f"{salt}{identity}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def arm_of(identity: str, share: float, salt: str = "") -> str:
    """Return the arm of a flight; raising the share moves flights one way only.

    Examples
    --------
    >>> arm_of("UA1545-EWR-0101", 0.1), arm_of("UA1545-EWR-0101", 0.5)
    ('champion', 'challenger')
    """
    return ARMS[position(identity, salt) < share]


class CanaryController:
    """Decide by looks at doubling sample sizes whether a challenger may take over.

    At each look the mean log losses of both arms are compared by Welch's interval. The
    challenger is rolled back when it is surely worse, promoted when it is surely not
    worse by ``margin``, and rolled back when the last look could not tell.

    Parameters
    ----------
    share : float
        Of the flights that ask the challenger; between 0 and 1.
    minimum : int
        Labelled flights of the challenger at the first look.
    looks : int, default=4
        Each needs twice as many flights as the one before.
    margin : float, default=0.02
        Nats of log loss.
    wrong : float, default=0.05
        Bound on the probability of promoting a challenger that is worse by the margin,
        and on that of ruling an equal one surely worse: over all looks together, by
        Bonferroni's inequality, where the flights' losses are independent. Where the
        difference of the models varies from day to day it does not hold:
        ``daily_canary_outcomes`` compares days.
    """

    def __init__(
        self,
        share: float,
        minimum: int,
        *,
        looks: int = 4,
        margin: float = 0.02,
        wrong: float = 0.05,
    ):
        self.share = check_share(share, "share")
        self.minimum = check_count(minimum, "minimum", minimum=2)
        self.looks = check_count(looks, "looks")
        self.margin = check_number(margin, "margin", open=True)
        self.wrong = check_share(wrong, "wrong")
        self._sums = {arm: np.zeros(3) for arm in ARMS}  # n, sum, sum of squares
        self._looked: list[dict[str, float]] = []
        self._decision = "continue"

    def observe(self, arm: str, probability: float, label: bool) -> None:
        """Count one labelled prediction; after a decision nothing changes it."""
        check_choice(arm, "arm", ARMS)
        loss = float(log_losses([label], [probability])[0])
        self._count(arm, loss)

    def observe_many(
        self, arms: Iterable[str], probabilities: Iterable[float], labels: Iterable
    ) -> str:
        """Count predictions one after the other; return the decision."""
        for arm, p, label in zip(arms, probabilities, labels, strict=True):
            self.observe(arm, p, label)
        return self.decision

    def _count(self, arm: str, loss: float) -> None:
        if self._decision != "continue":
            return
        self._sums[arm] += (1, loss, loss * loss)
        due = self.minimum * 2 ** len(self._looked)
        if arm == "challenger" and self._sums[arm][0] >= due:
            self._look()

    def count_all(self, arm: str, losses: np.ndarray) -> None:
        """Replace what was counted for an arm by these losses, without a look."""
        squares = float(np.square(losses).sum())
        self._sums[arm] = np.array([len(losses), losses.sum(), squares])

    def look(self) -> str:
        """Look now, and return the decision."""
        self._look()
        return self._decision

    def _look(self) -> None:
        if self._sums["champion"][0] < 2:
            return
        gap, error, df = _welch(self._sums["challenger"], self._sums["champion"])
        half = float(stats.t.ppf(1 - self.wrong / self.looks, df)) * error
        low, high = gap - half, gap + half
        n = self._sums["challenger"][0]
        self._looked.append({"n": int(n), "difference": gap, "low": low, "high": high})
        if low > 0:
            self._decision = "roll back"
        elif high <= self.margin:
            self._decision = "promote"
        elif len(self._looked) == self.looks:
            self._decision = "roll back"  # what cannot be told stays out

    @property
    def decision(self) -> str:
        """Return "continue", "promote" or "roll back"."""
        return self._decision

    @property
    def table(self) -> pd.DataFrame:
        """The looks so far: ``n``, ``difference`` of the losses, ``low``, ``high``."""
        return pd.DataFrame(self._looked, columns=["n", "difference", "low", "high"])


def canary_outcomes(
    champion: np.ndarray,
    challenger: np.ndarray,
    controller: Callable[[], CanaryController],
    runs: int = 200,
    random_state: int = 0,
    dates: Any = None,
) -> pd.DataFrame:
    """Repeat a canary on flights in random order, and return how each ended.

    Parameters
    ----------
    champion, challenger : array of shape (n_flights,)
        Loss of either model on the same flights; each flight is seen by one arm.
    controller : callable
        Makes a new controller for each run.
    runs : int, default=200
    random_state : int, default=0
    dates : array of shape (n_flights,), optional
        Day of each flight. Whole days are then drawn with replacement, in place of
        flights in random order: what a day does to a model comes as one piece.

    Returns
    -------
    DataFrame of shape (runs, 2)
        ``decision``, and ``flights`` of the challenger until then.
    """
    rng = np.random.default_rng(random_state)
    old, new = _losses(champion, challenger)
    days = None if dates is None else _by_day(dates, len(old))
    ends = []
    for _ in range(check_count(runs, "runs")):
        order = rng.permutation(len(old)) if days is None else _some_days(days, rng)
        ends.append(_one_canary(old[order], new[order], controller(), rng))
    return pd.DataFrame(ends, columns=["decision", "flights"])


def daily_canary_outcomes(
    champion: np.ndarray,
    challenger: np.ndarray,
    dates: Any,
    *,
    share: float = 0.2,
    looks: Sequence[int] = (7, 14, 28),
    margin: float = 0.05,
    wrong: float = 0.05,
    runs: int = 200,
    random_state: int = 0,
) -> pd.DataFrame:
    """Repeat a canary that compares days, and return how each ended.

    Each day gives one difference of the arms' mean losses; at each look Student's
    interval over days decides as ``CanaryController`` does over flights. Days are drawn
    with replacement.

    Parameters
    ----------
    champion, challenger : array of shape (n_flights,)
        Loss of either model on the same flights; each flight is seen by one arm.
    dates : array of shape (n_flights,)
    share : float, default=0.2
    looks : sequence of int, default=(7, 14, 28)
        Numbers of days.
    margin, wrong : float
        As in ``CanaryController``; each look has the level ``wrong / len(looks)``.
    runs : int, default=200
    random_state : int, default=0

    Returns
    -------
    DataFrame of shape (runs, 2)
        ``decision``, and ``days`` until then.
    """
    check_share(share, "share")
    if not len(looks) or min(looks) < 2 or list(looks) != sorted(set(looks)):
        raise ValueError(f"looks must be rising numbers of days from 2 on, got {looks}")
    old, new = _losses(champion, challenger)
    days, level = _by_day(dates, len(old)), check_share(wrong, "wrong") / len(looks)
    rng = np.random.default_rng(random_state)
    ends = []
    for _ in range(check_count(runs, "runs")):
        drawn = [days[i] for i in rng.integers(len(days), size=max(looks))]
        gaps = np.array([_day_gap(old[d], new[d], share, rng) for d in drawn])
        ends.append(_decide_by_days(gaps, looks, margin, level))
    return pd.DataFrame(ends, columns=["decision", "days"])


def _losses(*arms: Any) -> list[np.ndarray]:
    old, new = (np.asarray(a, dtype=float) for a in arms)
    if old.ndim != 1 or old.shape != new.shape:
        raise ValueError(
            "champion and challenger must hold one loss for each of the same flights, "
            f"got shapes {old.shape} and {new.shape}"
        )
    return [old, new]


def _by_day(dates: Any, n: int) -> list[np.ndarray]:
    dates = np.asarray(dates)
    if dates.shape != (n,):
        raise ValueError(f"dates must hold {n} days, got shape {dates.shape}")
    return [np.flatnonzero(dates == day) for day in np.unique(dates)]


def _some_days(days: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    return np.concatenate([days[i] for i in rng.integers(len(days), size=len(days))])


def _day_gap(
    old: np.ndarray, new: np.ndarray, share: float, rng: np.random.Generator
) -> float:
    chosen = rng.random(len(old)) < share
    if chosen.all() or not chosen.any():
        return float("nan")  # a day on which one arm saw no flight says nothing
    return float(new[chosen].mean() - old[~chosen].mean())


def _decide_by_days(
    gaps: np.ndarray, looks: Sequence[int], margin: float, level: float
) -> tuple[str, int]:
    for days in looks:
        seen = gaps[:days][~np.isnan(gaps[:days])]
        if len(seen) < 2:
            continue
        half = stats.t.ppf(1 - level, len(seen) - 1) * seen.std(ddof=1)
        half /= len(seen) ** 0.5
        if seen.mean() - half > 0:
            return "roll back", days
        if seen.mean() + half <= margin:
            return "promote", days
    return "roll back", max(looks)


def _one_canary(
    champion: np.ndarray,
    challenger: np.ndarray,
    controller: CanaryController,
    rng: np.random.Generator,
) -> tuple[str, int]:
    chosen = rng.random(len(champion)) < controller.share
    for due in controller.minimum * 2 ** np.arange(controller.looks):
        ends = np.flatnonzero(chosen)[due - 1 : due]
        if not len(ends):
            return controller.decision, int(chosen.sum())
        part = slice(0, int(ends[0]) + 1)
        inside = chosen[part]
        controller.count_all("challenger", challenger[part][inside])
        controller.count_all("champion", champion[part][~inside])
        if controller.look() != "continue":
            return controller.decision, int(due)
    return controller.decision, int(due)


def _welch(first: np.ndarray, second: np.ndarray) -> tuple[float, float, float]:
    means, errors, parts = [], [], []
    for n, total, squares in (first, second):
        mean = total / n
        variance = max(0.0, (squares - n * mean * mean) / (n - 1)) / n
        means.append(mean)
        errors.append(variance)
        parts.append(variance**2 / (n - 1))
    squared = sum(errors)
    df = squared**2 / sum(parts) if sum(parts) > 0 else first[0] + second[0] - 2
    return means[0] - means[1], math.sqrt(squared), float(df)
