"""Judge predictions and lists: errors, precision, recall, NDCG, and beyond accuracy.

The discount of NDCG is ``1 / log2(rank + 1)``, ranks from 1, and gains are linear unless
said otherwise: LensKit and older papers discount ranks 1 and 2 alike, which gives other
numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from mlmastery.validation import check_choice, check_count, check_number

__all__ = [
    "calibration_divergence",
    "coverage",
    "dcg",
    "list_diversity",
    "mae",
    "ndcg_at_k",
    "novelty",
    "precision_at_k",
    "recall_at_k",
    "rmse",
]


def rmse(y_true: Any, y_pred: Any) -> float:
    """Return the root of the mean squared error, in stars.

    Examples
    --------
    >>> rmse([4, 2], [1, 2]).__round__(3)
    2.121
    """
    return float(np.sqrt(np.mean(_errors(y_true, y_pred) ** 2)))


def mae(y_true: Any, y_pred: Any) -> float:
    """Return the mean absolute error, in stars.

    Examples
    --------
    >>> mae([4, 2], [1, 2])
    1.5
    """
    return float(np.mean(np.abs(_errors(y_true, y_pred))))


def _errors(y_true: Any, y_pred: Any) -> np.ndarray:
    truth, answer = np.asarray(y_true, float), np.asarray(y_pred, float)
    if truth.shape != answer.shape or not truth.size:
        raise ValueError(
            "y_true and y_pred must have one rating per row each, at least one; "
            f"got shapes {truth.shape} and {answer.shape}"
        )
    gaps = [int((~np.isfinite(a)).sum()) for a in (truth, answer)]
    if any(gaps):
        raise ValueError(
            "y_true and y_pred must be finite, "
            f"got {gaps[0]} and {gaps[1]} missing or infinite values"
        )
    return truth - answer


def precision_at_k(shown: Sequence[Any], relevant: Collection[Any], k: int) -> float:
    """Return the share of the k places that hold a relevant film.

    A list shorter than k has empty places, and these are misses.

    Examples
    --------
    >>> precision_at_k([3, 7, 9, 1], {7, 1, 5}, k=2)
    0.5
    """
    return _hits(shown, relevant, k) / k


def recall_at_k(shown: Sequence[Any], relevant: Collection[Any], k: int) -> float:
    """Return the share of the relevant films that are among the first k.

    Raises
    ------
    ValueError
        If no film is relevant: such a user cannot be judged.

    Examples
    --------
    >>> recall_at_k([3, 7, 9, 1], {7, 1, 5, 8}, k=2)
    0.25
    """
    if not len(relevant):
        raise ValueError("relevant must hold at least one film, got none")
    return _hits(shown, relevant, k) / len(relevant)


def _hits(shown: Sequence[Any], relevant: Collection[Any], k: int) -> int:
    check_count(k, "k")
    first = list(shown)[:k]
    if len(set(first)) != len(first):
        raise ValueError("shown must hold each film once")
    return sum(film in relevant for film in first)


def dcg(gains: Any) -> float:
    """Return the sum of gains, each divided by ``log2(rank + 1)``.

    Examples
    --------
    >>> dcg([3, 2, 3, 0, 1, 2]).__round__(6)
    6.861127
    """
    values = np.asarray(gains, float)
    return float(np.sum(values / np.log2(np.arange(len(values)) + 2)))


def ndcg_at_k(
    shown: Sequence[Any],
    relevant: Collection[Any] | Mapping[Any, float],
    k: int,
    *,
    gain: str = "linear",
) -> float:
    """Return the discounted gain of the first k over the largest possible.

    Parameters
    ----------
    shown : sequence of ids
        Best first, each once.
    relevant : set of ids, or dict of id to grade
        A set has grade 1 for each.
    k : int
    gain : {"linear", "exponential"}, default="linear"
        The grade, or ``2 ** grade - 1``.

    Raises
    ------
    ValueError
        If no film has a grade above 0, a film is shown twice, or k is out of its range.

    References
    ----------
    .. [1] Järvelin and Kekäläinen (2002), "Cumulated Gain-Based Evaluation of IR
       Techniques", ACM TOIS 20(4).

    Examples
    --------
    >>> round(ndcg_at_k(["a", "b", "c"], {"b"}, k=3), 4)
    0.6309
    """
    check_choice(gain, "gain", ("linear", "exponential"))
    _hits(shown, (), k)
    grade = relevant if isinstance(relevant, Mapping) else dict.fromkeys(relevant, 1.0)
    if not all(value >= 0 for value in grade.values()):
        raise ValueError("relevant must hold grades of at least 0")
    got = np.array([grade.get(film, 0.0) for film in list(shown)[:k]])
    best = np.sort(np.array(list(grade.values()), float))[::-1][:k]
    if gain == "exponential":
        got, best = 2**got - 1, 2**best - 1
    if not best.sum() > 0:
        raise ValueError("relevant must hold a film with a grade above 0, got none")
    return dcg(got) / dcg(best)


def list_diversity(vectors: Any) -> float:
    """Return one minus the mean cosine of all pairs of a list's films.

    Parameters
    ----------
    vectors : array of shape (n_films, n_features)
        Such as genres. A row of zeros has cosine 0 with all.

    Examples
    --------
    >>> list_diversity([[1, 0], [1, 0], [0, 1]]).__round__(3)
    0.667
    """
    rows = np.asarray(vectors, float)
    n = check_count(len(rows), "number of films", minimum=2)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = rows / np.where(length > 0, length, 1)
    pairs = (rows @ rows.T)[np.triu_indices(n, 1)]
    return float(1 - pairs.mean())


def novelty(shown: Sequence[Any], share_of_users: Mapping[Any, float]) -> float:
    """Return the mean surprise of a list, in bits: ``-log2`` of the share who know it.

    Parameters
    ----------
    shown : sequence of ids
    share_of_users : mapping of id to float
        Above 0 and at most 1, for each film shown.

    Examples
    --------
    >>> novelty(["known", "rare"], {"known": 0.5, "rare": 0.125})
    2.0
    """
    absent = [film for film in shown if film not in share_of_users]
    if absent or not len(shown):
        raise ValueError(
            "shown must hold at least one film, each with a share_of_users; "
            f"got {len(shown)} films, without a share: {absent[:3]}"
        )
    shares = [
        check_number(share_of_users[film], "share_of_users", 0, 1, open=True)
        for film in shown
    ]
    return float(-np.mean(np.log2(shares)))


def coverage(lists: Sequence[Sequence[Any]], n_items: int) -> float:
    """Return the share of the catalogue that appears in at least one list.

    Examples
    --------
    >>> coverage([[1, 2], [2, 3]], n_items=4)
    0.75
    """
    n_shown = len({film for shown in lists for film in shown})
    return n_shown / check_count(n_items, "n_items", minimum=max(n_shown, 1))


def calibration_divergence(history: Any, shown: Any, smoothing: float = 0.01) -> float:
    """Return how far the genres of a list are from those of the user's history, in nats.

    The divergence of Kullback and Leibler of ``(1 - s) q + s p`` from ``p``.

    Parameters
    ----------
    history, shown : array of shape (n_genres,)
        Weights of the genres, at least one above 0; scaled to shares here.
    smoothing : float, default=0.01

    References
    ----------
    .. [1] Steck (2018), "Calibrated Recommendations", RecSys.

    Examples
    --------
    >>> calibration_divergence([1, 1], [2, 2])
    0.0
    """
    weights = [np.asarray(a, float) for a in (history, shown)]
    if weights[0].shape != weights[1].shape or not all(
        (a >= 0).all() and a.sum() > 0 for a in weights
    ):
        raise ValueError(
            "history and shown must hold as many weights, at least 0 and one above; "
            f"got {weights[0].tolist()} and {weights[1].tolist()}"
        )
    p, q = (a / a.sum() for a in weights)
    mixed = (1 - smoothing) * q + smoothing * p
    there = p > 0
    return float(np.sum(p[there] * np.log(p[there] / mixed[there])))
