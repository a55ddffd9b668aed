"""The parts that all models of ratings share: ids, the scale, the reason."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd

from .ratings import Prediction, Ratings, check_columns, encode_ratings

__all__ = ["Baseline", "RatingModel", "code_of", "codes_of"]


def code_of(known: pd.Index, value: Any, name: str) -> int:
    """Return the number of an id, -1 if it is unknown.

    Raises
    ------
    TypeError
        If the id is of another type than those learned: text where they are numbers.

    Examples
    --------
    >>> code_of(pd.Index([3, 7]), 7, "user"), code_of(pd.Index([3, 7]), 8, "user")
    (1, -1)
    >>> code_of(pd.Index([3, 7]), "7", "user")
    Traceback (most recent call last):
        ...
    TypeError: user must be an id of type int, such as 3, got '7' (str)
    """
    example = known[:1].tolist()[0]
    plain = value.item() if isinstance(value, np.generic) else value
    if type(plain) is not type(example):
        raise TypeError(
            f"{name} must be an id of type {type(example).__name__}, such as "
            f"{example!r}, got {plain!r} ({type(plain).__name__})"
        )
    return int(known.get_indexer([plain])[0])


def codes_of(
    known: pd.Index, values: Any, name: str, *, unknown: bool = False
) -> np.ndarray:
    """Return the numbers of ids; unknown ones are -1 if allowed, else refused.

    Raises
    ------
    TypeError
        If an id is of another type than those learned.
    ValueError
        If an id is unknown. Position -1 would be the last row, another's numbers.

    Examples
    --------
    >>> codes_of(pd.Index([3, 7]), [7, 3], "users").tolist()
    [1, 0]
    >>> codes_of(pd.Index([3, 7]), [7, 8], "users")
    Traceback (most recent call last):
        ...
    ValueError: users must be known from training, got 8
    """
    ids = pd.Index(values)
    codes: np.ndarray = np.asarray(known.get_indexer(ids))
    absent = ids[codes < 0].unique()
    # Integers need one look; mixed types are all among the unknown or None.
    kinds: dict[str, Any] = {type(value).__name__: value for value in absent.tolist()}
    for value in kinds.values():
        code_of(known, value, name)
    if len(absent) and not unknown:
        few = ", ".join(map(repr, absent[:3].tolist()))
        raise ValueError(f"{name} must be known from training, got {few}")
    return codes


class RatingModel:
    """Fit on a table of ratings, predict stars.

    A subclass has ``_fit(data)`` and ``_raw(user, item)``, which take row and column
    numbers; -1 stands for an unknown user or film.

    Attributes
    ----------
    data_ : Ratings
        The ratings learned from.
    clipped_ : int
        Predictions of the last `predict_many` that lay outside the scale.
    """

    data_: Ratings

    def fit(
        self, ratings: pd.DataFrame, scale: tuple[float, float] | None = None
    ) -> Self:
        """Learn from ``user_id``, ``movie_id`` and ``rating``."""
        self.data_ = encode_ratings(ratings, scale)
        self._fit(self.data_)
        return self

    def predict(self, user: Any, item: Any) -> Prediction:
        """Return the expected rating, with the reason where an id is unknown."""
        u = code_of(self.data_.users, user, "user")
        i = code_of(self.data_.items, item, "item")
        unknown = [
            text
            for text, code in ((f"user {user}", u), (f"film {item}", i))
            if code < 0
        ]
        reason = " and ".join(unknown) + " unknown" if unknown else ""
        raw = float(self._raw(np.array([u]), np.array([i]))[0])
        low, high = self.data_.scale
        rating = min(max(raw, low), high)
        return Prediction(rating, reason, clipped=rating != raw)

    def predict_many(self, pairs: pd.DataFrame) -> np.ndarray:
        """Return the expected rating of each ``user_id`` and ``movie_id``."""
        check_columns(pairs, "pairs", ["user_id", "movie_id"])
        data = self.data_
        user = codes_of(data.users, pairs["user_id"], "user_id", unknown=True)
        item = codes_of(data.items, pairs["movie_id"], "movie_id", unknown=True)
        raw = self._raw(user, item)
        stars = np.clip(raw, *self.data_.scale)
        self.clipped_ = int((raw != stars).sum())
        return stars

    def scores(self, users: Any) -> np.ndarray:
        """Return the expected rating of every film, shape (n_users, n_items)."""
        rows = codes_of(self.data_.users, users, "users")
        films = np.arange(len(self.data_.items))
        return np.array([self._raw(np.full(len(films), u), films) for u in rows])

    @property
    def items_(self) -> pd.Index:
        """The ids of the columns of `scores`."""
        return self.data_.items

    def _fit(self, data: Ratings) -> None:
        raise NotImplementedError

    def _raw(self, user: np.ndarray, item: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class Baseline(RatingModel):
    """Mean rating, plus the user's and the film's deviation from it.

    Deviations are shrunk towards zero where ratings are few, and estimated in turn.

    Parameters
    ----------
    user_shrinkage, item_shrinkage : float
        As many ratings of zero deviation are added to each user, to each film.
    n_rounds : int, default=10

    References
    ----------
    .. [1] Koren (2010), "Factor in the Neighbors", ACM TKDD 4(1), section 2.1.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"user_id": [1, 1, 2], "movie_id": [1, 2, 1], "rating": [5.0, 3.0, 4.0]}
    ... )
    >>> Baseline(0, 0).fit(table).predict(2, 2).rating.__round__(2)
    3.0
    """

    def __init__(
        self,
        user_shrinkage: float = 15,
        item_shrinkage: float = 10,
        n_rounds: int = 10,
    ) -> None:
        self.user_shrinkage = user_shrinkage
        self.item_shrinkage = item_shrinkage
        self.n_rounds = n_rounds

    def _fit(self, data: Ratings) -> None:
        self.mean_ = float(data.value.mean())
        self.user_bias_, self.item_bias_ = (
            np.zeros(data.shape[0]),
            np.zeros(data.shape[1]),
        )
        rest = data.value - self.mean_
        for _ in range(self.n_rounds):
            left = rest - self.user_bias_[data.user]
            self.item_bias_ = _shrunk(
                left, data.item, data.shape[1], self.item_shrinkage
            )
            left = rest - self.item_bias_[data.item]
            self.user_bias_ = _shrunk(
                left, data.user, data.shape[0], self.user_shrinkage
            )

    def _raw(self, user: np.ndarray, item: np.ndarray) -> np.ndarray:
        # Position -1 is the zero that is added at the end: an unknown id has no bias.
        user_bias, item_bias = (
            np.append(self.user_bias_, 0),
            np.append(self.item_bias_, 0),
        )
        return self.mean_ + user_bias[user] + item_bias[item]


def _shrunk(
    rest: np.ndarray, group: np.ndarray, n_groups: int, shrinkage: float
) -> np.ndarray:
    count = np.bincount(group, minlength=n_groups)
    return np.bincount(group, rest, n_groups) / (count + shrinkage)
