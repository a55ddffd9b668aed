"""Rates of open-set identification: false alarms, misses, ranks.

>>> import numpy as np
>>> scores = np.array([[0.9, 0.2], [0.3, 0.6], [0.5, 0.1]])
>>> open_set_rates(scores, [0, 1, -1], threshold=0.55)
OpenSetRates(false_alarms=0.0, misses=0.0, strangers=1, enrolled=2)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mlmastery.validation import check_count, check_number, check_share

from .gallery import Gallery, majority
from .verification import threshold_at_far

__all__ = [
    "OpenSetRates",
    "OpenSetTrial",
    "det_curve",
    "errors_over_splits",
    "growth_of_false_alarms",
    "independent_false_alarms",
    "miss_by_person",
    "open_set_rates",
    "open_set_trial",
    "rank_rates",
    "threshold_for_false_alarms",
    "vote_errors",
]

STRANGER = -1


class OpenSetRates(NamedTuple):
    """Errors of a threshold.

    Parameters
    ----------
    false_alarms : float
        Share of the strangers' probes that were given a name (FPIR).
    misses : float
        Share of the enrolled people's probes that were not given theirs (FNIR).
    strangers, enrolled : int
        Probes of each kind.

    Examples
    --------
    >>> OpenSetRates(0.0, 0.1, 50, 50).misses
    0.1
    """

    false_alarms: float
    misses: float
    strangers: int
    enrolled: int


class OpenSetTrial(NamedTuple):
    """Scores of probes against a gallery, with the truth.

    Parameters
    ----------
    scores : ndarray of shape (n_probes, n_enrolled)
    truth : ndarray of shape (n_probes,)
        Column of the probe's person, -1 of a stranger.
    person : ndarray of shape (n_probes,)
        Who the probe shows, strangers too.

    Examples
    --------
    >>> OpenSetTrial(np.eye(2), np.array([0, 1]), np.array([4, 7])).truth.tolist()
    [0, 1]
    """

    scores: np.ndarray
    truth: np.ndarray
    person: np.ndarray


def open_set_rates(scores: Any, truth: Any, threshold: float) -> OpenSetRates:
    """Return the two error rates at a threshold.

    An enrolled person's probe is missed if the best score is below the threshold or
    belongs to somebody else.

    Parameters
    ----------
    scores : array of shape (n_probes, n_enrolled)
    truth : array of int, shape (n_probes,)
        Column of the probe's person, -1 of a stranger.
    threshold : float

    Raises
    ------
    ValueError
        If the shapes disagree, or one of the two kinds of probes is missing.

    References
    ----------
    .. [1] ISO/IEC 19795-1:2021, Biometric Performance Testing and Reporting.

    Examples
    --------
    >>> open_set_rates([[0.9, 0.8], [0.4, 0.7]], [1, -1], 0.5).misses
    1.0
    """
    scores, truth = _checked(scores, truth)
    wrong = _answers(scores, threshold) != truth
    stranger = truth == STRANGER
    if stranger.all() or not stranger.any():
        raise ValueError("truth must hold strangers (-1) and enrolled people")
    return OpenSetRates(
        float(wrong[stranger].mean()),
        float(wrong[~stranger].mean()),
        int(stranger.sum()),
        int((~stranger).sum()),
    )


def _answers(scores: np.ndarray, threshold: float) -> np.ndarray:
    """Return the column that each probe is taken for, -1 where no score reaches it."""
    check_number(threshold, "threshold", -math.inf)
    return np.where(scores.max(axis=1) >= threshold, scores.argmax(axis=1), STRANGER)


def _checked(scores: Any, truth: Any) -> tuple[np.ndarray, np.ndarray]:
    scores, truth = np.asarray(scores, dtype=float), np.asarray(truth)
    if scores.ndim != 2 or truth.shape != scores.shape[:1] or not scores.size:
        raise ValueError(
            "scores must have a row for each of truth and a column for each person, "
            f"got shapes {scores.shape} and {truth.shape}"
        )
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite, got NaN or infinity")
    if not np.issubdtype(truth.dtype, np.integer):
        raise ValueError(f"truth must hold whole numbers, got {truth.dtype}")
    if truth.min() < STRANGER or truth.max() >= scores.shape[1]:
        raise ValueError(
            f"truth must be from -1 to {scores.shape[1] - 1}, "
            f"got {truth.min()} to {truth.max()}"
        )
    return scores, truth


def threshold_for_false_alarms(
    scores: Any, truth: Any, false_alarm_rate: float
) -> float:
    """Return the smallest threshold whose share of false alarms is at most a rate.

    Parameters
    ----------
    scores : array of shape (n_probes, n_enrolled)
    truth : array of int, shape (n_probes,)
    false_alarm_rate : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If there are no strangers, or an argument is out of its range.

    Examples
    --------
    >>> scores = [[0.1], [0.2], [0.3], [0.4]]
    >>> 0.3 < threshold_for_false_alarms(scores, [-1, -1, -1, -1], 0.25) < 0.301
    True
    """
    scores, truth = _checked(scores, truth)
    check_share(false_alarm_rate, "false_alarm_rate")
    if not (truth == STRANGER).any():
        raise ValueError("truth must hold strangers (-1), got none")
    return threshold_at_far(scores[truth == STRANGER].max(axis=1), false_alarm_rate)


def det_curve(scores: Any, truth: Any) -> pd.DataFrame:
    """Return false alarms and misses at every threshold that changes one of them.

    Parameters
    ----------
    scores : array of shape (n_probes, n_enrolled)
    truth : array of int, shape (n_probes,)

    Returns
    -------
    DataFrame
        ``threshold``, ``false alarms``, ``misses``, by rising threshold.

    Examples
    --------
    >>> det_curve([[0.9], [0.4]], [0, -1])
       threshold  false alarms  misses
    0        0.4           1.0     0.0
    1        0.9           0.0     0.0
    """
    scores, truth = _checked(scores, truth)
    rows = []
    for threshold in np.unique(scores.max(axis=1)):
        rates = open_set_rates(scores, truth, threshold)
        rows.append((threshold, rates.false_alarms, rates.misses))
    return pd.DataFrame(rows, columns=["threshold", "false alarms", "misses"])


def rank_rates(scores: Any, truth: Any) -> np.ndarray:
    """Return for each rank the share of enrolled probes found up to it (CMC).

    Parameters
    ----------
    scores : array of shape (n_probes, n_enrolled)
    truth : array of int, shape (n_probes,)
        Strangers (-1) do not count.

    Returns
    -------
    ndarray of shape (n_enrolled,)
        The first is the rank-1 identification rate.

    Examples
    --------
    >>> rank_rates([[0.9, 0.1, 0.0], [0.5, 0.4, 0.1]], [0, 1])
    array([0.5, 1. , 1. ])
    """
    scores, truth = _checked(scores, truth)
    scores, truth = scores[truth != STRANGER], truth[truth != STRANGER]
    if not len(truth):
        raise ValueError("truth must hold enrolled people, got strangers only")
    own = scores[np.arange(len(truth)), truth][:, None]
    # A tie counts against: the person might be listed after the other.
    ranks = (scores >= own).sum(axis=1)
    counts = np.bincount(ranks, minlength=scores.shape[1] + 1)[1:]
    return np.asarray(counts.cumsum() / len(truth))


def open_set_trial(
    embeddings: Any,
    people: Any,
    enrolled: Sequence[Any],
    n_photographs: int = 3,
    rule: str = "best",
    random_state: int | None = 0,
    probes: tuple[Any, Any] | None = None,
) -> OpenSetTrial:
    """Enrol some people by some photographs and score all other photographs.

    Parameters
    ----------
    embeddings : array of shape (n, dimension)
    people : array of shape (n,)
    enrolled : sequence
        Of ``people``; everybody else is a stranger.
    n_photographs : int, default=3
        For each enrolled person, drawn at random; the others are probes.
    rule : {"best", "mean"}, default="best"
    random_state : int or None, default=0
    probes : (array, array), optional
        Embeddings and people of other photographs that are scored instead.

    Examples
    --------
    >>> trial = open_set_trial(np.eye(6), [1, 1, 2, 2, 3, 3], [1, 2], 1)
    >>> trial.scores.shape, trial.truth.tolist()
    ((4, 2), [0, 1, -1, -1])
    """
    rows, people = np.asarray(embeddings, dtype=float), np.asarray(people)
    check_count(n_photographs, "n_photographs")
    if len(rows) != len(people):
        raise ValueError(
            "embeddings and people must have one length, "
            f"got {len(rows)} and {len(people)}"
        )
    if not len(enrolled) or len(set(enrolled)) < len(enrolled):
        raise ValueError(f"enrolled must hold people once each, got {enrolled}")
    rng = np.random.default_rng(random_state)
    chosen = []
    for name in enrolled:
        own = np.flatnonzero(people == name)
        left = len(own) - n_photographs
        if left < (probes is None):
            raise ValueError(
                f"n_photographs must leave a probe of {name}, "
                f"got {n_photographs} of {len(own)}"
            )
        chosen.append(np.sort(rng.permutation(own)[:n_photographs]))
    columns = {name: i for i, name in enumerate(enrolled)}
    taken = np.concatenate(chosen)
    gallery = Gallery([str(columns[p]) for p in people[taken].tolist()], rows[taken])
    if probes is None:
        others = np.setdiff1d(np.arange(len(rows)), taken)
        probes = rows[others], people[others]
    shown = np.asarray(probes[1])
    truth = [columns.get(p, STRANGER) for p in shown.tolist()]
    return OpenSetTrial(gallery.scores(probes[0], rule), np.array(truth), shown)


def errors_over_splits(
    gallery: tuple[Any, Any],
    probes: tuple[Any, Any],
    n_photographs: int = 3,
    rule: str = "best",
    false_alarm_rate: float = 0.05,
    n_splits: int = 40,
    random_state: int | None = 0,
) -> pd.DataFrame:
    """Choose a threshold on one half of the people, judge it on the other; repeat.

    In either half, one half of the people is enrolled and the rest are strangers.

    Parameters
    ----------
    gallery, probes : (array of shape (n, dimension), array of shape (n,))
        Embeddings and people: photographs for enrolment, and others.
    n_photographs : int, default=3
    rule : {"best", "mean"}, default="best"
    false_alarm_rate : float, default=0.05
        Wanted, on the first half.
    n_splits : int, default=40
    random_state : int or None, default=0

    Returns
    -------
    DataFrame
        A row for each split and person of its second half: ``split``, ``person``,
        ``stranger``, ``probes``, ``errors`` (names given to strangers, or own names not
        given) and the split's ``threshold``.

    Examples
    --------
    >>> rows, people = np.eye(8), np.arange(8)
    >>> table = errors_over_splits((rows, people), (rows, people), 1, n_splits=2)
    >>> len(table), int(table["errors"].sum())
    (8, 0)
    """
    names = np.unique(np.asarray(gallery[1]))
    if len(names) < 4:
        raise ValueError(f"gallery must hold at least 4 people, got {len(names)}")
    rng = np.random.default_rng(random_state)
    tables = []
    for split in range(check_count(n_splits, "n_splits")):
        halves = np.array_split(rng.permutation(names), 2)
        seeds = rng.integers(0, 2**31, 2)
        tuning, judging = (
            _half_trial(gallery, probes, half, n_photographs, rule, int(seed))
            for half, seed in zip(halves, seeds, strict=True)
        )
        threshold = threshold_for_false_alarms(
            tuning.scores, tuning.truth, false_alarm_rate
        )
        table = _errors(judging, threshold)
        tables.append(table.assign(split=split, threshold=threshold))
    return pd.concat(tables, ignore_index=True)


def _half_trial(
    gallery: tuple[Any, Any],
    probes: tuple[Any, Any],
    people: np.ndarray,
    n_photographs: int,
    rule: str,
    seed: int,
) -> OpenSetTrial:
    enrolled = people[: len(people) // 2].tolist()
    shown = np.isin(probes[1], people)
    among = np.asarray(probes[0])[shown], np.asarray(probes[1])[shown]
    return open_set_trial(*gallery, enrolled, n_photographs, rule, seed, among)


def _errors(trial: OpenSetTrial, threshold: float) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "person": trial.person,
            "stranger": trial.truth == STRANGER,
            "errors": _answers(trial.scores, threshold) != trial.truth,
        }
    )
    groups = table.groupby(["person", "stranger"])["errors"]
    return groups.agg(probes="size", errors="sum").reset_index()


def independent_false_alarms(rate: float, n_enrolled: int) -> float:
    """Return the false alarms of a gallery if its people raised them independently.

    Parameters
    ----------
    rate : float
        False alarms against one enrolled person, from 0 to 1.
    n_enrolled : int

    Examples
    --------
    >>> round(independent_false_alarms(0.01, 100), 2)
    0.63
    """
    check_number(rate, "rate", 0, 1)
    return 1 - (1 - rate) ** check_count(n_enrolled, "n_enrolled")


def growth_of_false_alarms(
    trial: OpenSetTrial,
    threshold: float,
    sizes: Sequence[int],
    n_draws: int = 200,
    random_state: int | None = 0,
) -> pd.DataFrame:
    """Measure false alarms in galleries of some sizes, drawn from one trial's.

    Parameters
    ----------
    trial : OpenSetTrial
    threshold : float
    sizes : sequence of int
        People enrolled.
    n_draws : int, default=200
        Galleries of each size.
    random_state : int or None, default=0

    Returns
    -------
    DataFrame
        ``people``, ``measured`` and ``independent``: the formula, from the rate that a
        gallery of one has on average.

    Examples
    --------
    >>> trial = OpenSetTrial(np.eye(2)[[0, 1, 0]], np.array([-1] * 3), np.arange(3))
    >>> growth_of_false_alarms(trial, 0.5, [1, 2], 50).round(2)["measured"].tolist()[1]
    1.0
    """
    scores, truth = _checked(trial.scores, trial.truth)
    if not (truth == STRANGER).any():
        raise ValueError("trial must hold strangers (-1), got none")
    alarms = scores[truth == STRANGER] >= threshold
    single = float(alarms.mean())
    rng = np.random.default_rng(random_state)
    rows = []
    for size in sizes:
        check_count(size, "sizes", 1, alarms.shape[1])
        drawn = [
            alarms[:, rng.permutation(alarms.shape[1])[:size]].any(axis=1).mean()
            for _ in range(n_draws)
        ]
        rows.append((size, np.mean(drawn), independent_false_alarms(single, size)))
    return pd.DataFrame(rows, columns=["people", "measured", "independent"])


def miss_by_person(trial: OpenSetTrial, threshold: float) -> pd.DataFrame:
    """Count the probes and misses of each enrolled person.

    Parameters
    ----------
    trial : OpenSetTrial
    threshold : float

    Returns
    -------
    DataFrame
        Index ``person``; ``probes`` and ``misses``, most misses first.

    Examples
    --------
    >>> trial = OpenSetTrial(np.array([[0.9, 0.1], [0.2, 0.3]]), np.array([0, 1]),
    ...                      np.array([5, 6]))
    >>> miss_by_person(trial, 0.5)["misses"].to_dict()
    {6: 1, 5: 0}
    """
    scores, truth = _checked(trial.scores, trial.truth)
    known = truth != STRANGER
    miss = _answers(scores, threshold) != truth
    table = pd.DataFrame({"person": trial.person[known], "miss": miss[known]})
    counts = table.groupby("person")["miss"].agg(probes="size", misses="sum")
    return counts.sort_values("misses", ascending=False, kind="stable")


def vote_errors(trial: OpenSetTrial, threshold: float) -> pd.DataFrame:
    """Compare single answers with the vote of all probes of a person.

    The vote is the answer that more than half of the probes give, otherwise unknown.

    Parameters
    ----------
    trial : OpenSetTrial
    threshold : float

    Returns
    -------
    DataFrame
        A row for each person of the probes: ``person``, ``stranger``, ``single``, the
        share of single answers that are wrong, and ``vote``, 1 where the vote is.

    Examples
    --------
    >>> scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.2, 0.6]])
    >>> trial = OpenSetTrial(scores, np.array([0, 0, 0]), np.array([7, 7, 7]))
    >>> vote_errors(trial, 0.5).round(2)
       person  stranger  single  vote
    0       7     False    0.33   0.0
    """
    scores, truth = _checked(trial.scores, trial.truth)
    said = _answers(scores, threshold)
    rows = []
    for person in np.unique(trial.person):
        own = trial.person == person
        winner, expected = majority(said[own].tolist(), STRANGER), truth[own][0]
        wrong = float((said[own] != expected).mean())
        rows.append((person, expected == STRANGER, wrong, float(winner != expected)))
    return pd.DataFrame(rows, columns=["person", "stranger", "single", "vote"])
