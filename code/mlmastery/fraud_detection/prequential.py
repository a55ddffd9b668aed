"""Train on one week, wait for the labels, judge on another, and move on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mlmastery.validation import check_count

from .features import seconds_of
from .simulator import DAY

__all__ = ["Fold", "day_of", "prequential_folds", "prequential_scores", "split_at"]


class Fold(NamedTuple):
    """Rows to train on and rows to judge on.

    Examples
    --------
    >>> Fold(np.array([0, 1]), np.array([5])).test
    array([5])
    """

    train: np.ndarray
    test: np.ndarray


def day_of(times: pd.Series) -> np.ndarray:
    """Return the day of each time, counted from the first one's day.

    Examples
    --------
    >>> day_of(pd.Series(pd.to_datetime(["2018-04-01 23:00", "2018-04-02 01:00"])))
    array([0, 1])
    """
    days = seconds_of(times) // DAY
    return days - days.min(initial=days[0] if len(days) else 0)


def split_at(
    transactions: pd.DataFrame,
    first: int,
    *,
    train_days: int = 7,
    delay_days: int = 7,
    test_days: int = 7,
    remove_known: bool = True,
) -> Fold:
    """Return the rows of a training period, and those judged after a delay.

    Parameters
    ----------
    transactions : DataFrame
        Sorted by time.
    first : int
        First day of training, counted from the table's first day.
    train_days, delay_days, test_days : int
        Lengths. The labels of the days between are not known when the test begins.
    remove_known : bool, default=True
        Leave out of a test day the cards whose fraud is known by then: those with fraud
        in training, or on a day that ended ``delay_days`` before the test day.

    Returns
    -------
    Fold
        Positions of rows.

    Raises
    ------
    ValueError
        If a length is not positive, or the periods do not fit into the table.

    Examples
    --------
    >>> from mlmastery.fraud_detection import simulate
    >>> table = simulate(50, 100, 30).transactions
    >>> fold = split_at(table, 5)
    >>> np.unique(day_of(table["time"])[fold.test])
    array([19, 20, 21, 22, 23, 24, 25])
    """
    check_count(train_days, "train_days")
    check_count(test_days, "test_days")
    check_count(delay_days, "delay_days", minimum=0)
    if not len(transactions):
        raise ValueError("transactions must hold at least one row")
    day = day_of(transactions["time"])
    begin = first + train_days + delay_days
    if first < 0 or begin + test_days > day.max() + 1:
        raise ValueError(
            f"days {first} to {begin + test_days} do not fit into {day.max() + 1} days"
        )
    check_count(first, "first", minimum=0)
    train = np.nonzero((day >= first) & (day < first + train_days))[0]
    test = np.nonzero((day >= begin) & (day < begin + test_days))[0]
    if remove_known:
        card = pd.factorize(transactions["customer"])[0]
        known = _known_from(card, transactions["fraud"].to_numpy(), day, first)
        # A card is known on a test day if it had fraud before that day less the delay.
        test = test[day[test] - delay_days <= known[card[test]]]
    return Fold(train, test)


def _known_from(
    card: np.ndarray, fraud: np.ndarray, day: np.ndarray, first: int
) -> np.ndarray:
    """Return the first day with fraud of each card, from ``first`` on."""
    known = np.full(int(card.max()) + 1, np.iinfo(np.int64).max)
    rows = np.nonzero((fraud == 1) & (day >= first))[0]
    np.minimum.at(known, card[rows], day[rows])
    return known


def prequential_folds(
    transactions: pd.DataFrame, n_folds: int, *, step_days: int = 7, **lengths: Any
) -> list[Fold]:
    """Return folds whose test periods end at the table's end, ``step_days`` apart.

    Parameters
    ----------
    transactions : DataFrame
    n_folds : int
    step_days : int, default=7
    **lengths
        For `split_at`.

    Examples
    --------
    >>> from mlmastery.fraud_detection import simulate
    >>> table = simulate(50, 100, 40).transactions
    >>> len(prequential_folds(table, 3))
    3
    """
    check_count(n_folds, "n_folds")
    check_count(step_days, "step_days")
    names = ("train_days", "delay_days", "test_days")
    whole = sum(lengths.get(name, 7) for name in names)
    last = int(day_of(transactions["time"]).max()) + 1 - whole
    starts = [last - step_days * i for i in range(n_folds)][::-1]
    return [split_at(transactions, first, **lengths) for first in starts]


def prequential_scores(
    make: Callable[[], Any],
    transactions: pd.DataFrame,
    features: pd.DataFrame,
    folds: Sequence[Fold],
) -> pd.DataFrame:
    """Train a new model on each fold and score its test rows.

    Parameters
    ----------
    make : callable
        Returns an untrained classifier with ``fit`` and ``predict_proba``.
    transactions, features : DataFrame
        Of the same rows.
    folds : sequence of Fold

    Returns
    -------
    DataFrame
        id, day, customer, amount, fraud, scenario and score of each test row.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from mlmastery.fraud_detection import batch_features, simulate
    >>> table = simulate(50, 100, 30).transactions
    >>> folds = prequential_folds(table, 1)
    >>> scored = prequential_scores(DummyClassifier, table, batch_features(table), folds)
    >>> scored["day"].min(), scored["day"].max()
    (np.int64(23), np.int64(29))
    """
    fraud = transactions["fraud"].to_numpy()
    day = day_of(transactions["time"])
    parts = []
    for train, test in folds:
        model = make().fit(_rows(features, train), fraud[train])
        part = transactions.iloc[test].drop(columns=["time", "terminal"])
        score = model.predict_proba(_rows(features, test))[:, 1]
        parts.append(part.assign(day=day[test], score=score))
    return pd.concat(parts, ignore_index=True)


def _rows(features: pd.DataFrame, places: np.ndarray) -> np.ndarray:
    return features.iloc[places].to_numpy(dtype=np.float32)
