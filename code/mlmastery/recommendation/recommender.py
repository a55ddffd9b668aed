"""The recommender that is served: what to show, why, and what to do with a new rating."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from mlmastery.validation import check_count

from .base import code_of
from .factors import FunkSVD
from .ranking import EASE
from .ratings import Prediction, check_stars

__all__ = ["Recommender", "Suggestion"]


@dataclass(frozen=True)
class Suggestion:
    """A film to show, and why.

    Parameters
    ----------
    item : id
    score : float
        The ranking model's, without a unit; higher is better.
    rating : float
        Expected stars.
    because : tuple of ids
        The liked films that contribute most to the score; empty if it is popularity.
    reason : str
        The same in words.
    """

    item: Any
    score: float
    rating: float
    because: tuple[Any, ...]
    reason: str


class Recommender:
    """Rank by EASE, estimate stars by FunkSVD, explain by the liked films.

    Parameters
    ----------
    titles : mapping of id to str, optional
        For the explanations.
    ranker : EASE, optional
    rater : FunkSVD, optional

    Attributes
    ----------
    seen_ : dict of id to dict
        The ratings of each user, those folded in included.

    Examples
    --------
    >>> table = pd.DataFrame({"user_id": [1, 1, 2, 2, 3], "movie_id": [7, 8, 7, 8, 7],
    ...                       "rating": [5.0, 4.0, 5.0, 4.5, 4.0]})
    >>> model = Recommender(ranker=EASE(1.0, min_likes=1)).fit(table)
    >>> model.recommend(3, 1)[0].item, model.recommend(3, 1)[0].because
    (8, (7,))
    >>> model.predict(99, 7).reason
    'user 99 unknown'
    """

    def __init__(
        self,
        titles: Mapping[Any, str] | None = None,
        ranker: EASE | None = None,
        rater: FunkSVD | None = None,
    ) -> None:
        self.titles = dict(titles or {})
        self.ranker = ranker or EASE()
        self.rater = rater or FunkSVD()

    def fit(self, ratings: pd.DataFrame) -> Self:
        """Learn from ``user_id``, ``movie_id`` and ``rating``."""
        self.rater.fit(ratings)
        self.ranker.fit(ratings)
        columns = ratings[["user_id", "movie_id", "rating"]]
        self.seen_: dict[Any, dict[Any, float]] = {
            user: dict(
                zip(part["movie_id"].tolist(), part["rating"].tolist(), strict=True)
            )
            for user, part in columns.groupby("user_id")
        }
        data = self.rater.data_
        self._bias = dict(zip(data.users.tolist(), self.rater.user_bias_, strict=True))
        self._taste = dict(zip(data.users.tolist(), self.rater.taste_, strict=True))
        self._liked_by = np.asarray(self.ranker.liked_.sum(axis=0)).ravel()
        self._ids = data.items.tolist()
        self._code = {item: n for n, item in enumerate(self._ids)}
        self._column = np.full(len(data.items), -1)
        self._column[self.ranker.kept_] = np.arange(len(self.ranker.kept_))
        return self

    @property
    def item_factors_(self) -> np.ndarray:
        """Films by factors, in the order of ``items_``."""
        return self.rater.item_factors_

    @property
    def items_(self) -> pd.Index:
        """The ids of all films."""
        return self.rater.data_.items

    def user_factors(self, user: Any) -> np.ndarray:
        """Return the factors of a user: 0 for one without ratings."""
        return self._taste.get(user, np.zeros(self.rater.n_factors))

    def predict(self, user: Any, item: Any) -> Prediction:
        """Return the expected stars, with a reason where an id is unknown.

        Raises
        ------
        TypeError
            If an id is of another type than those learned.
        """
        code_of(self.rater.data_.users, user, "user")
        i = code_of(self.items_, item, "item")
        unknown = [] if user in self.seen_ else [f"user {user}"]
        unknown += [] if i >= 0 else [f"film {item}"]
        raw = float(self._stars(user, [i])[0]) if i >= 0 else self._level(user)
        low, high = self.rater.data_.scale
        rating = min(max(raw, low), high)
        reason = " and ".join(unknown) + " unknown" if unknown else ""
        return Prediction(rating, reason, clipped=rating != raw)

    def _level(self, user: Any) -> float:
        return float(self.rater.mean_ + self._bias.get(user, 0.0))

    def _stars(self, user: Any, films: Any) -> np.ndarray:
        product = self.item_factors_[films] @ self.user_factors(user)
        return self._level(user) + self.rater.item_bias_[films] + product

    def recommend(
        self, user: Any, k: int = 10, exclude_seen: bool = True
    ) -> list[Suggestion]:
        """Return the k films to show, best first.

        Parameters
        ----------
        user : id
            One without likes, or unknown, gets popular films, and the reason says so.
        k : int, default=10
        exclude_seen : bool, default=True
            Whether films that the user has rated are left out.

        Raises
        ------
        TypeError
            If the id is of another type than those learned.
        ValueError
            If k is not a whole number of at least 1.
        """
        check_count(k, "k")
        code_of(self.rater.data_.users, user, "user")
        liked = self._liked(user)
        score = self._score(liked)
        if exclude_seen:
            score[[self._code[item] for item in self.seen_.get(user, {})]] = -np.inf
        best = np.argsort(-score, kind="stable")[:k]
        best = best[score[best] > -np.inf]
        stars = np.clip(self._stars(user, best), *self.rater.data_.scale)
        return [
            self._suggestion(int(i), float(score[i]), float(s), liked)
            for i, s in zip(best, stars, strict=True)
        ]

    def _liked(self, user: Any) -> np.ndarray:
        """Return the columns of the user's liked films that have weights."""
        seen = self.seen_.get(user, {})
        liked = [item for item, stars in seen.items() if stars >= self.ranker.like]
        codes = np.array([self._code[item] for item in liked], dtype=int)
        return codes[self._column[codes] >= 0]

    def _score(self, liked: np.ndarray) -> np.ndarray:
        if not len(liked):
            return self._liked_by.astype(float)
        score = np.full(len(self.items_), -1e9)
        rows = self.ranker.weights_[self._column[liked]]
        score[self.ranker.kept_] = rows.sum(axis=0)
        return score

    def _suggestion(
        self, i: int, score: float, stars: float, liked: np.ndarray
    ) -> Suggestion:
        because: tuple[Any, ...] = ()
        if self._column[i] >= 0 and len(liked):
            share = self.ranker.weights_[self._column[liked], self._column[i]]
            order = np.argsort(-share, kind="stable")[:2]
            because = tuple(self._ids[n] for n in liked[order[share[order] > 0]])
        reason = f"liked by {self._liked_by[i]:.0f} users"
        if because:
            reason = "because you liked " + " and ".join(map(self._title, because))
        return Suggestion(self._ids[i], score, stars, because, reason)

    def _title(self, item: Any) -> str:
        return self.titles.get(item, f"film {item}")

    def fold_in(
        self, user: Any, items: Sequence[Any], ratings: Sequence[float]
    ) -> None:
        """Take new ratings of a user, known or not, without training again.

        Films keep their factors; the user's bias and factors are solved for in closed
        form from all ratings of the user, old and new. A film rated again has the new
        rating.

        Raises
        ------
        TypeError
            If an id is of another type than those learned.
        ValueError
            If a film is unknown, the lengths differ or a rating is outside the scale.
        """
        code_of(self.rater.data_.users, user, "user")
        unknown = [i for i in items if code_of(self.items_, i, "item") < 0]
        if unknown:
            raise ValueError(f"items must be known films, got {unknown}")
        stars = check_stars(ratings, len(items), self.rater.data_.scale).tolist()
        if not stars:
            raise ValueError(
                "items and ratings must have one rating per film, got 0 and 0"
            )
        # Built aside, so that a reader in another thread sees the old user or the new.
        seen = {**self.seen_.get(user, {}), **dict(zip(items, stars, strict=True))}
        bias, factors = self.rater.fold_in(list(seen), list(seen.values()))
        self._taste[user], self._bias[user], self.seen_[user] = factors, bias, seen
