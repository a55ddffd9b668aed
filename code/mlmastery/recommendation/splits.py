"""Three ways to hold ratings out, each saying how many users it can judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_count, check_share

from .ratings import check_columns

__all__ = ["Split", "split_by_time", "split_by_user", "split_random"]


@dataclass(frozen=True)
class Split:
    """Ratings to learn from, ratings to judge by.

    Parameters
    ----------
    train, test : DataFrame
    n_evaluable : int
        Users with a training rating and a liked film in the test part.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    n_evaluable: int


def split_random(
    ratings: pd.DataFrame,
    share: float = 0.2,
    *,
    random_state: int = 0,
    like: float = 4.0,
    min_users: int = 100,
) -> Split:
    """Hold out a share of all ratings, drawn at random.

    Parameters
    ----------
    ratings : DataFrame
        With ``user_id``, ``rating`` and, but here, ``timestamp``.
    share : float, default=0.2
    random_state : int, default=0
    like : float, default=4.0
        Stars from which on a film counts as liked.
    min_users : int, default=100
        Fewer evaluable users are refused.

    Raises
    ------
    ValueError
        If a number is out of its range or too few users can be judged.
    """
    check_columns(ratings, "ratings", ["user_id", "rating"])
    n = round(check_share(share, "share") * len(ratings))
    order = np.random.default_rng(random_state).permutation(len(ratings))
    held = np.zeros(len(ratings), dtype=bool)
    held[order[:n]] = True
    return _split(ratings, held, like, min_users)


def split_by_user(
    ratings: pd.DataFrame,
    share: float = 0.2,
    *,
    like: float = 4.0,
    min_users: int = 100,
) -> Split:
    """Hold out the last share of each user's ratings, by time.

    Ratings of the same second keep the order of the table. A user with too few ratings
    for the share has none held out.

    Examples
    --------
    >>> table = pd.DataFrame({"user_id": [1] * 5, "movie_id": range(5),
    ...                       "rating": 4.0, "timestamp": [5, 1, 2, 3, 4]})
    >>> split_by_user(table, min_users=1).test["timestamp"].tolist()
    [5]
    """
    check_share(share, "share")
    _check_times(ratings)
    # Row numbers, since labels may repeat in a table made of several.
    rows = ratings[["user_id", "timestamp"]].reset_index(drop=True)
    users = rows.sort_values("timestamp", kind="stable").groupby("user_id")
    place, n = users.cumcount(), users["user_id"].transform("size")
    # 1e-9: 0.58 * 50 must be 29 and is 28.999… in floating point.
    held = place >= n - np.floor(share * n + 1e-9)
    return _split(ratings, held.reindex(rows.index).to_numpy(), like, min_users)


def split_by_time(
    ratings: pd.DataFrame,
    share: float = 0.2,
    *,
    like: float = 4.0,
    min_users: int = 100,
) -> Split:
    """Hold out the last share of all ratings, by time: what a service would meet.

    Examples
    --------
    >>> table = pd.DataFrame({"user_id": [1, 1, 2, 2, 2], "movie_id": range(5),
    ...                       "rating": 4.0, "timestamp": [5, 1, 2, 3, 4]})
    >>> split_by_time(table, min_users=1).n_evaluable
    1
    >>> split_by_time(table)
    Traceback (most recent call last):
        ...
    ValueError: the split can judge 1 users, min_users asks for 100: choose another \
split, or set min_users
    """
    _check_times(ratings)
    n = round(check_share(share, "share") * len(ratings))
    order = np.argsort(ratings["timestamp"].to_numpy(), kind="stable")
    held = np.zeros(len(ratings), dtype=bool)
    held[order[len(ratings) - n :]] = True
    return _split(ratings, held, like, min_users)


def _check_times(ratings: Any) -> None:
    check_columns(ratings, "ratings", ["user_id", "rating", "timestamp"])
    times = ratings["timestamp"]
    if times.isna().any():
        raise ValueError(
            f"timestamp must not be missing, got {int(times.isna().sum())} gaps"
        )
    if times.dtype.kind not in "iufM":
        raise TypeError(f"timestamp must be numbers or dates, got {times.dtype}")


def _split(ratings: pd.DataFrame, held: np.ndarray, like: float, minimum: int) -> Split:
    check_count(minimum, "min_users")
    train, test = ratings[~held], ratings[held]
    liked = test.loc[test["rating"] >= like, "user_id"].unique()
    n = len(set(liked) & set(train["user_id"]))
    if n < minimum:
        raise ValueError(
            f"the split can judge {n} users, min_users asks for {minimum}: choose "
            "another split, or set min_users"
        )
    return Split(train, test, n)
