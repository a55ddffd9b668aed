"""Ways to keep a model current: never, by the calendar, on alarm, from alerts alone.

>>> weekly(56, 77, window=7, delay_days=7)
[Refit(day=56, first=42, end=49), Refit(day=63, first=49, end=56), \
Refit(day=70, first=56, end=63)]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mlmastery.ledger import cpu_timed
from mlmastery.validation import check_choice, check_count, check_share

from .matrix import as_matrix

__all__ = [
    "Feedback",
    "PolicyRun",
    "Refit",
    "appears",
    "fit_boosted",
    "follow_feedback",
    "follow_refits",
    "on_alarm",
    "weekly",
]

Scorer = Callable[[np.ndarray], np.ndarray]
Fit = Callable[[np.ndarray, np.ndarray, Any], Scorer]
FEEDBACK = ("all", "alerts", "alerts, rest genuine", "alerts and audit")


class Refit(NamedTuple):
    """A model that serves from ``day`` on, trained on days ``first`` to ``end`` - 1.

    Examples
    --------
    >>> Refit(day=56, first=42, end=49).end
    49
    """

    day: int
    first: int
    end: int


class PolicyRun(NamedTuple):
    """Scores of a period under one policy, and what they cost.

    Examples
    --------
    >>> PolicyRun(np.zeros(2), 1, 0.5).refits
    1
    """

    scores: np.ndarray
    refits: int
    cpu_seconds: float


def appears(
    transactions: pd.DataFrame, day: Any, scenario: int, first_day: int
) -> pd.DataFrame:
    """Return a world in which one fraud scenario begins on a given day.

    Parameters
    ----------
    transactions : DataFrame
        With the column scenario.
    day : array of int, shape (n_rows,)
        Day of each row, from 0.
    scenario : int
    first_day : int
        Rows of the scenario before it are taken out, not relabelled.

    Examples
    --------
    >>> table = pd.DataFrame({"scenario": [0, 4, 4]})
    >>> appears(table, [0, 1, 2], 4, 2)["scenario"].tolist()
    [0, 4]
    """
    if np.shape(day) != (len(transactions),):
        raise ValueError(
            f"day must hold {len(transactions)} days, got shape {np.shape(day)}"
        )
    early = (transactions["scenario"] == scenario) & (np.asarray(day) < first_day)
    return transactions[~early].reset_index(drop=True)


def weekly(
    first: int, end: int, *, window: int, delay_days: int = 7, every: int = 7
) -> list[Refit]:
    """Return the calendar that refits every week on the newest known labels.

    Parameters
    ----------
    first, end : int
        Days served: from ``first`` to ``end`` - 1.
    window : int
        Days in a training set.
    delay_days : int, default=7
        Days until a label is known.
    every : int, default=7

    Examples
    --------
    >>> weekly(20, 21, window=14)
    [Refit(day=20, first=0, end=13)]
    """
    check_count(window, "window")
    if first <= delay_days:
        raise ValueError(f"first must be above {delay_days}: no label is known earlier")
    days = range(first, end, check_count(every, "every"))
    known = (day - delay_days for day in days)
    return [
        Refit(day, max(0, last - window), last)
        for day, last in zip(days, known, strict=True)
    ]


def on_alarm(
    start: Refit,
    alarms: Sequence[int],
    *,
    window: int,
    wait: int = 0,
    pause: int = 14,
    delay_days: int = 7,
) -> list[Refit]:
    """Return the refits that alarms lead to, after the first model.

    Parameters
    ----------
    start : Refit
        The first model.
    alarms : sequence of int
        Days with an alarm, in their order.
    window : int
        Days in a training set.
    wait : int, default=0
        Days from an alarm to its refit.
    pause : int, default=14
        Days after an alarm in which others are not heard.
    delay_days : int, default=7

    Examples
    --------
    >>> [r.day for r in on_alarm(Refit(56, 42, 49), [70, 71, 90], window=7, wait=7)]
    [56, 77, 97]
    """
    refits, deaf_until = [start], start.day
    for alarm in alarms:
        if alarm >= deaf_until:
            day = alarm + wait
            last = day - delay_days
            refits.append(Refit(day, max(0, last - window), last))
            deaf_until = alarm + pause
    return refits


def fit_boosted(
    X: Any, fraud: Any, weight: Any = None, random_state: int = 0
) -> Scorer:
    """Train the boosted trees of the first page and return their scoring function.

    Parameters
    ----------
    X : array of shape (n_rows, n_columns)
    fraud : array of shape (n_rows,)
    weight : array of shape (n_rows,), optional
    random_state : int, default=0

    Examples
    --------
    >>> X = np.arange(40.0)[:, None]
    >>> score = fit_boosted(X, X[:, 0] > 30)
    >>> bool(score(np.array([[39.0]])) > score(np.array([[1.0]])))
    True
    """
    import xgboost

    from .models import ROUNDS, SETTINGS

    X, fraud = as_matrix(X), np.asarray(fraud, float)
    if fraud.shape != (len(X),) or set(np.unique(fraud)) != {0.0, 1.0}:
        raise ValueError(f"fraud must hold both 0 and 1, for each of {len(X)} rows")
    rows = xgboost.DMatrix(X, fraud, weight=weight, nthread=1)
    booster = xgboost.train(SETTINGS | {"seed": random_state}, rows, ROUNDS)
    return lambda new: np.asarray(booster.inplace_predict(as_matrix(new)), float)


def follow_refits(
    X: Any,
    fraud: Any,
    day: Any,
    refits: Sequence[Refit],
    fit: Fit = fit_boosted,
    delay_days: int = 7,
) -> PolicyRun:
    """Score a period with models that are replaced on given days.

    Parameters
    ----------
    X : array of shape (n_rows, n_columns)
    fraud, day : array of shape (n_rows,)
    refits : sequence of Refit
        In the order of their days.
    fit : callable, default=fit_boosted
    delay_days : int, default=7

    Returns
    -------
    PolicyRun
        ``scores`` is NaN before the first model.

    Raises
    ------
    ValueError
        If a model is trained on a label that is not yet known on its day.

    Examples
    --------
    >>> X, day = np.arange(40.0)[:, None], np.repeat(np.arange(4), 10)
    >>> follow_refits(X, np.arange(40) % 2, day, [Refit(2, 0, 2)], delay_days=0).refits
    1
    """
    X, fraud, day = as_matrix(X), np.asarray(fraud), np.asarray(day)
    scores, seconds = np.full(len(X), np.nan), 0.0
    if not refits or (np.diff([refit.day for refit in refits]) <= 0).any():
        raise ValueError("refits must hold at least one, on rising days")
    ends = [refit.day for refit in refits[1:]] + [int(day.max()) + 1]
    for refit, end in zip(refits, ends, strict=True):
        if refit.end > refit.day - delay_days:
            raise ValueError(
                f"the model of day {refit.day} is trained on day {refit.end - 1}, "
                f"whose labels are known on day {refit.end - 1 + delay_days + 1}"
            )
        rows = (day >= refit.first) & (day < refit.end)
        score, took = cpu_timed(partial(fit, X[rows], fraud[rows], None))
        served = (day >= refit.day) & (day < end)
        scores[served] = score(X[served])
        seconds += took
    return PolicyRun(scores, len(refits), seconds)


@dataclass(frozen=True)
class Feedback:
    """Which labels come back from the analysts.

    Parameters
    ----------
    labels : str
        ``"all"``; ``"alerts"``: other rows are not learned; ``"alerts, rest genuine"``:
        other rows are taken for genuine; ``"alerts and audit"``: a random share of the
        other rows is looked at too and weighted by its inverse.
    alerts_a_day : int, default=200
        Transactions with the highest scores of a day.
    audit : float, default=0.01
        Share of the rows without alert that is audited.

    Examples
    --------
    >>> Feedback("alerts").alerts_a_day
    200
    """

    labels: str
    alerts_a_day: int = 200
    audit: float = 0.01

    def __post_init__(self) -> None:
        check_choice(self.labels, "labels", FEEDBACK)
        check_count(self.alerts_a_day, "alerts_a_day")
        check_share(self.audit, "audit")


def follow_feedback(
    X: Any,
    fraud: Any,
    day: Any,
    feedback: Feedback,
    *,
    start: Refit,
    end: int,
    window: int = 14,
    delay_days: int = 7,
    fit: Fit = fit_boosted,
    random_state: int = 0,
) -> PolicyRun:
    """Refit every week on the labels that this feedback has brought.

    The first model learns from all labels of its days. Days of the first training set
    that a later window still holds keep them.

    Parameters
    ----------
    X : array of shape (n_rows, n_columns)
    fraud, day : array of shape (n_rows,)
    feedback : Feedback
    start : Refit
        The first model.
    end : int
        The first day that is no longer served.
    window : int, default=14
        Days of labels in a later training set.
    delay_days : int, default=7
    fit : callable, default=fit_boosted
    random_state : int, default=0
        Seed of the audit.

    Returns
    -------
    PolicyRun
    """
    X, fraud, day = as_matrix(X), np.asarray(fraud), np.asarray(day)
    rng = np.random.default_rng(random_state)
    target, weight = fraud.astype(float), np.ones(len(X))
    scores, seconds, trained = np.full(len(X), np.nan), 0.0, 0
    for now in range(start.day, end, 7):
        known = now - delay_days
        first, last = (
            (start.first, start.end) if not trained else (known - window, known)
        )
        rows = (day >= first) & (day < last) & (weight > 0)
        score, took = cpu_timed(partial(fit, X[rows], target[rows], weight[rows]))
        seconds, trained = seconds + took, trained + 1
        week = np.flatnonzero((day >= now) & (day < min(now + 7, end)))
        scores[week] = score(X[week])
        for d in np.unique(day[week]):
            today = week[day[week] == d]
            _take_labels(today, scores, feedback, target, weight, rng)
    return PolicyRun(scores, trained, seconds)


def _take_labels(
    today: np.ndarray,
    scores: np.ndarray,
    feedback: Feedback,
    target: np.ndarray,
    weight: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Set targets and weights of a day's rows to what the feedback tells of them."""
    order = np.argsort(-scores[today], kind="stable")
    others = today[order[feedback.alerts_a_day :]]
    if feedback.labels == "alerts":
        weight[others] = 0
    elif feedback.labels == "alerts, rest genuine":
        target[others] = 0
    elif feedback.labels == "alerts and audit":
        audited = rng.random(len(others)) < feedback.audit
        weight[others] = np.where(audited, 1 / feedback.audit, 0)
