"""How good a ranking is: average precision, and cards checked by analysts each day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import as_numbers, check_count

__all__ = [
    "average_precision",
    "card_precision",
    "card_precision_oracle",
    "daily_average_precision",
    "precision_recall",
    "trapezoid_area",
]


def precision_recall(fraud: Any, scores: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return precision and recall at each distinct score, from the highest down.

    Parameters
    ----------
    fraud : array of shape (n,)
        0 or 1, at least one of them 1.
    scores : array of shape (n,)

    Raises
    ------
    ValueError
        If the lengths differ, a label is neither 0 nor 1, or there is no fraud.

    Examples
    --------
    >>> precision, recall = precision_recall([1, 0, 1], [0.9, 0.5, 0.5])
    >>> precision.round(3).tolist(), recall.tolist()
    ([1.0, 0.667], [0.5, 1.0])
    """
    fraud, scores = _pair(fraud, scores)
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(fraud[order])
    ordered = scores[order]
    ends = np.r_[np.nonzero(ordered[1:] != ordered[:-1])[0], len(scores) - 1]
    return found[ends] / (ends + 1), found[ends] / found[-1]


def average_precision(fraud: Any, scores: Any) -> float:
    """Return the mean precision over the frauds, each at its own score.

    Parameters
    ----------
    fraud : array of shape (n,)
        0 or 1.
    scores : array of shape (n,)

    Raises
    ------
    ValueError
        As `precision_recall`.

    Examples
    --------
    >>> average_precision([1, 0, 0, 1], [0.9, 0.8, 0.3, 0.1])
    0.75
    """
    precision, recall = precision_recall(fraud, scores)
    return float(np.sum(precision * np.diff(recall, prepend=0.0)))


def trapezoid_area(fraud: Any, scores: Any) -> float:
    """Return the area under straight lines between the points of the curve.

    The curve starts at recall 0 with precision 1, as in plots. The area is too large
    where scores are tied: it is here to be compared, not to be used.

    Parameters
    ----------
    fraud : array of shape (n,)
        0 or 1.
    scores : array of shape (n,)

    Examples
    --------
    >>> trapezoid_area([1] + 19 * [0], 20 * [0.5])
    0.525
    """
    precision, recall = precision_recall(fraud, scores)
    return float(np.trapezoid(np.r_[1.0, precision], np.r_[0.0, recall]))


def daily_average_precision(day: Any, fraud: Any, scores: Any) -> pd.Series:
    """Return the average precision of each day; days without fraud are left out.

    Parameters
    ----------
    day, fraud, scores : array of shape (n,)

    Examples
    --------
    >>> daily_average_precision([1, 1, 2, 2], [1, 0, 1, 0], [2, 1, 1, 2]).tolist()
    [1.0, 0.5]
    """
    table = pd.DataFrame({"fraud": np.asarray(fraud), "score": np.asarray(scores)})
    parts = table.groupby(np.asarray(day))
    return pd.Series(
        {
            name: average_precision(part["fraud"], part["score"])
            for name, part in parts
            if part["fraud"].any()
        }
    )


def card_precision(
    day: Any, customer: Any, fraud: Any, scores: Any, k: int = 100
) -> pd.Series:
    """Return, for each day, the share of fraudulent cards among the first ``k``.

    A card's score is its highest of the day. A card that was found is blocked: it is
    left out on later days.

    Parameters
    ----------
    day, customer, fraud, scores : array of shape (n,)
    k : int, default=100
        Cards that the analysts check in a day.

    Raises
    ------
    ValueError
        If the lengths differ, or ``k`` is not positive.

    Examples
    --------
    >>> card_precision([1, 1, 2], [7, 8, 7], [1, 0, 1], [0.9, 0.1, 0.9], k=1).tolist()
    [1.0, 0.0]
    """
    check_count(k, "k")
    fraud, scores = _pair(fraud, scores, need=False)
    table = pd.DataFrame({"day": np.asarray(day), "customer": np.asarray(customer)})
    table = table.assign(fraud=fraud, score=scores)
    cards = table.groupby(["day", "customer"], as_index=False).max()
    blocked: set[int] = set()
    shares = {}
    for name, part in cards.groupby("day"):
        open_ = part[~part["customer"].isin(blocked)]
        top = open_.sort_values("score", ascending=False, kind="stable").head(k)
        shares[name] = float(top["fraud"].sum() / k)
        blocked |= set(top.loc[top["fraud"] == 1, "customer"])
    return pd.Series(shares)


def card_precision_oracle(
    day: Any, customer: Any, fraud: Any, k: int = 100
) -> pd.Series:
    """Return what `card_precision` would be if the labels were the scores.

    Parameters
    ----------
    day, customer, fraud : array of shape (n,)
    k : int, default=100

    Examples
    --------
    >>> card_precision_oracle([1, 1, 2], [7, 8, 7], [1, 0, 1], k=2).tolist()
    [0.5, 0.0]
    """
    return card_precision(day, customer, fraud, fraud, k)


def _pair(fraud: Any, scores: Any, need: bool = True) -> tuple[np.ndarray, np.ndarray]:
    fraud, scores = as_numbers(fraud, "fraud"), as_numbers(scores, "scores")
    if fraud.shape != scores.shape or fraud.ndim != 1:
        raise ValueError(
            f"fraud and scores must be of one length, got {fraud.shape}, {scores.shape}"
        )
    if np.isnan(scores).any():
        raise ValueError("scores must not be missing")
    if not np.isin(fraud, (0, 1)).all():
        raise ValueError("fraud must hold 0 and 1 only")
    if need and not fraud.any():
        raise ValueError("fraud must hold at least one 1")
    return fraud, scores
