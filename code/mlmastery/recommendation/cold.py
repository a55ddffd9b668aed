"""Cold starts, measured: users with few ratings, films with none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_count, check_share

from .factors import FunkSVD

__all__ = [
    "FoldIn",
    "cold_user_errors",
    "hide_films",
    "hide_users",
    "new_user_arrays",
]


def hide_users(
    ratings: pd.DataFrame, n_users: int, *, min_ratings: int = 40, random_state: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ratings of all other users, and those of some drawn at random.

    Parameters
    ----------
    ratings : DataFrame
    n_users : int
        How many to hide, among users with at least ``min_ratings``.
    min_ratings : int, default=40
    random_state : int, default=0
    """
    counts = ratings["user_id"].value_counts()
    candidates = np.sort(counts.index[counts >= min_ratings].to_numpy())
    check_count(n_users, "n_users", maximum=len(candidates))
    rng = np.random.default_rng(random_state)
    hidden = ratings["user_id"].isin(rng.choice(candidates, n_users, replace=False))
    return ratings[~hidden], ratings[hidden]


def hide_films(
    ratings: pd.DataFrame, share: float = 0.1, *, random_state: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ratings of all other films, and those of a share drawn at random.

    Ratings of users who then have no training rating are left out of both parts.
    """
    films = np.sort(ratings["movie_id"].unique())
    rng = np.random.default_rng(random_state)
    n = round(check_share(share, "share") * len(films))
    hidden = ratings["movie_id"].isin(rng.choice(films, n, replace=False))
    train, cold = ratings[~hidden], ratings[hidden]
    return train, cold[cold["user_id"].isin(train["user_id"])]


def cold_user_errors(
    model: FunkSVD,
    hidden: pd.DataFrame,
    shown: Sequence[int],
    n_judged: int = 20,
    prior: float = 10.0,
) -> pd.DataFrame:
    """Return each hidden user's error after the model saw so many of their ratings.

    Each user's last ``n_judged`` ratings by time judge; the first ones are shown. Users
    with too few ratings of known films for the largest number are left out.

    Parameters
    ----------
    model : FunkSVD
        Fitted without these users.
    hidden : DataFrame
        Their ratings, with ``timestamp``.
    shown : sequence of int
        Numbers of ratings to fold in.
    prior : float, default=10.0
        As in `FunkSVD.fold_in`.
    n_judged : int, default=20

    Returns
    -------
    DataFrame of shape (n_users, n_numbers)
        Mean squared errors, in squared stars.
    """
    known = hidden[hidden["movie_id"].isin(model.data_.items)]
    rows = {}
    for user, part in known.sort_values("timestamp", kind="stable").groupby("user_id"):
        if len(part) < max(shown) + n_judged:
            continue
        first, last = part.iloc[:-n_judged], part.iloc[-n_judged:]
        rows[user] = {n: _error(model, first.iloc[:n], last, prior) for n in shown}
    return pd.DataFrame.from_dict(rows, orient="index")


def _error(
    model: FunkSVD, first: pd.DataFrame, last: pd.DataFrame, prior: float
) -> float:
    bias, factors = model.fold_in(first["movie_id"], first["rating"], prior)
    films: Any = model.data_.items.get_indexer(last["movie_id"])
    stars = model.mean_ + bias + model.item_bias_[films]
    stars = np.clip(stars + model.item_factors_[films] @ factors, *model.data_.scale)
    return float(np.mean((last["rating"] - stars) ** 2))


def new_user_arrays(
    model: FunkSVD, hidden: pd.DataFrame, n_shown: int = 10, n_judged: int = 20
) -> tuple[np.ndarray, np.ndarray]:
    """Return what is seen of new users, and the stars to predict.

    Parameters
    ----------
    model : FunkSVD
        Films that it does not know are left out.
    hidden : DataFrame
        Ratings of the new users, with ``timestamp``.
    n_shown, n_judged : int
        Each user's first and last ratings by time.

    Returns
    -------
    X : ndarray of shape (n_users, 1 + 2 * n_shown + n_judged)
        User, films seen, their stars, films to judge.
    y : ndarray of shape (n_users, n_judged)
        Stars of the films to judge.
    """
    known = hidden[hidden["movie_id"].isin(model.data_.items)]
    rows, stars = [], []
    for user, part in known.sort_values("timestamp", kind="stable").groupby("user_id"):
        first, last = part.head(n_shown), part.tail(n_judged)
        if len(part) >= n_shown + n_judged:
            seen = [first["movie_id"], first["rating"], last["movie_id"]]
            rows.append(np.concatenate([[user], *seen]))
            stars.append(last["rating"])
    return np.array(rows), np.array(stars)


class FoldIn:
    """Predict the stars of new users after folding in what is seen of them.

    Parameters
    ----------
    model : FunkSVD
        Fitted.
    prior : float
        As in `FunkSVD.fold_in`.
    n_shown : int, default=10
    """

    def __init__(self, model: FunkSVD, prior: float, n_shown: int = 10) -> None:
        self.model = model
        self.prior = prior
        self.n_shown = n_shown

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return stars, shape (n_users, n_judged), from X of `new_user_arrays`."""
        return np.array([self._predict_one(row) for row in X])

    def _predict_one(self, row: np.ndarray) -> np.ndarray:
        model, n = self.model, self.n_shown
        seen, stars, judged = np.split(row[1:], [n, 2 * n])
        bias, factors = model.fold_in(seen.astype(int), stars, self.prior)
        films = model.data_.items.get_indexer(judged.astype(int))
        raw = model.mean_ + bias + model.item_bias_[films]
        return np.clip(raw + model.item_factors_[films] @ factors, *model.data_.scale)
