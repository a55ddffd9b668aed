"""Make the lists of a model and judge them, one row per user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from mlmastery.validation import check_count

from .metrics import (
    calibration_divergence,
    coverage,
    list_diversity,
    ndcg_at_k,
    novelty,
    precision_at_k,
    recall_at_k,
)
from .splits import Split

__all__ = [
    "Judged",
    "beyond_accuracy",
    "judge_lists",
    "judge_ranking",
    "liked_films",
    "top_lists",
]

Lists = dict[Any, list[Any]]


class _Scorer(Protocol):
    @property
    def items_(self) -> pd.Index: ...

    def scores(self, users: Any) -> np.ndarray: ...


def top_lists(
    model: _Scorer,
    users: Any,
    seen: pd.DataFrame,
    k: int = 10,
    *,
    only: Any = None,
) -> Lists:
    """Return the k films with the highest scores of each user, without those seen.

    Parameters
    ----------
    model : object with ``items_`` and ``scores(users)``
    users : sequence of ids
    seen : DataFrame
        ``user_id`` and ``movie_id`` of the films to leave out, liked or not.
    k : int, default=10
    only : collection of ids, optional
        Films that may be shown; by default all that the model knows.
    """
    users, films = pd.Index(users), model.items_
    check_count(k, "k", maximum=len(films))
    scores = np.array(model.scores(users), dtype=float)
    row = users.get_indexer(seen["user_id"])
    column = films.get_indexer(seen["movie_id"])
    known = (row >= 0) & (column >= 0)
    scores[row[known], column[known]] = -np.inf
    if only is not None:
        scores[:, ~films.isin(only)] = -np.inf
    # Equal scores must not depend on the sort: the film with the lower number wins.
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return {
        user: films[best[n][scores[n, best[n]] > -np.inf]].tolist()
        for n, user in enumerate(users)
    }


def liked_films(test: pd.DataFrame, like: float = 4.0) -> dict[Any, set[Any]]:
    """Return the films that each user rated ``like`` or above: a poor rating is no hit.

    Examples
    --------
    >>> table = pd.DataFrame({"user_id": [1, 1], "movie_id": [7, 8], "rating": [2, 5]})
    >>> liked_films(table)
    {1: {8}}
    """
    liked = test[test["rating"] >= like]
    return {user: set(part["movie_id"]) for user, part in liked.groupby("user_id")}


def judge_lists(
    lists: Mapping[Any, Sequence[Any]], relevant: Mapping[Any, set[Any]], k: int = 10
) -> pd.DataFrame:
    """Return precision, recall and NDCG of each user who has a list and a liked film.

    Parameters
    ----------
    lists : dict of user to list of films
    relevant : dict of user to set of films
        As `liked_films` gives it.
    k : int, default=10

    Examples
    --------
    >>> judge_lists({1: [7, 8]}, {1: {8}}, k=2).round(3).to_dict("index")
    {1: {'precision': 0.5, 'recall': 1.0, 'NDCG': 0.631}}
    """
    rows = {
        user: {
            "precision": precision_at_k(shown, relevant[user], k),
            "recall": recall_at_k(shown, relevant[user], k),
            "NDCG": ndcg_at_k(shown, relevant[user], k),
        }
        for user, shown in lists.items()
        if user in relevant
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def beyond_accuracy(
    lists: Mapping[Any, Sequence[Any]], train: pd.DataFrame, genres: pd.DataFrame
) -> dict[str, float]:
    """Return what accuracy does not say of the lists, as means over the users.

    Parameters
    ----------
    lists : dict of user to list of films
    train : DataFrame
        The ratings learned from.
    genres : DataFrame of shape (n_films, n_genres)
        0 or 1, one row per film of the catalogue.

    Returns
    -------
    dict
        ``diversity`` (0 to 1), ``novelty`` (bits), ``coverage`` (0 to 1) and
        ``miscalibration`` (nats). A film without training ratings counts as known to
        half a user.
    """
    n_users = train["user_id"].nunique()
    counts = train["movie_id"].value_counts().reindex(genres.index).fillna(0)
    share = (counts.clip(lower=0.5) / n_users).to_dict()
    table, place = genres.to_numpy(float), genres.index
    rated = dict(iter(train.groupby("user_id")["movie_id"]))
    diverse, unknown, astray = [], [], []
    for user, shown in lists.items():
        rows = table[place.get_indexer(list(shown))]
        diverse.append(list_diversity(rows))
        unknown.append(novelty(shown, share))
        history = table[place.get_indexer(rated[user])].sum(axis=0)
        astray.append(calibration_divergence(history, rows.sum(axis=0) + 1e-9))
    return {
        "diversity": float(np.mean(diverse)),
        "novelty": float(np.mean(unknown)),
        "coverage": coverage(list(lists.values()), len(genres)),
        "miscalibration": float(np.mean(astray)),
    }


class Judged(NamedTuple):
    """The lists of a model, and how each user's list does.

    Parameters
    ----------
    lists : dict of user to list of films
    by_user : DataFrame
        ``precision``, ``recall`` and ``NDCG``, one row per user.
    """

    lists: Lists
    by_user: pd.DataFrame


def judge_ranking(
    model: _Scorer, split: Split, k: int = 10, *, only: Any = None
) -> Judged:
    """Show k films to every user that the split can judge, and judge the lists.

    Parameters
    ----------
    model : object with ``items_`` and ``scores(users)``
        Fitted on ``split.train``.
    split : Split
    k : int, default=10
    only : collection of ids, optional
        Films that may be shown.
    """
    relevant = liked_films(split.test)
    users = sorted(relevant.keys() & set(split.train["user_id"]))
    lists = top_lists(model, users, split.train, k, only=only)
    return Judged(lists, judge_lists(lists, relevant, k))
