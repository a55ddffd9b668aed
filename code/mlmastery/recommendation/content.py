"""What a film is about: genres, decade and words of the title."""

from __future__ import annotations

import re
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from mlmastery.validation import check_number

from .base import codes_of
from .factors import FunkSVD
from .ratings import check_columns, encode_ratings

__all__ = ["ContentFactors", "ContentModel", "film_words", "genre_table"]

WORD = re.compile(r"[^\W\d_]{3,}")
EMPTY_GENRES = {"", "(no genres listed)"}


def film_words(title: Any, genres: Any, year: Any) -> list[str]:
    """Return the words that describe a film; what is missing gives none.

    Examples
    --------
    >>> film_words("Toy Story", "Animation|Comedy", 1995)
    ['genre:animation', 'genre:comedy', 'decade:1990', 'toy', 'story']
    """
    words = [f"genre:{name.lower()}" for name in _genres(genres)]
    if pd.notna(year):
        words.append(f"decade:{int(year) // 10 * 10}")
    return words + (WORD.findall(title.lower()) if isinstance(title, str) else [])


def _genres(genres: Any) -> list[str]:
    if not isinstance(genres, str) or genres in EMPTY_GENRES:
        return []
    return genres.split("|")


def genre_table(films: pd.DataFrame) -> pd.DataFrame:
    """Return films by genres, 1 where a film has the genre.

    Examples
    --------
    >>> films = pd.DataFrame({"movie_id": [1], "genres": ["Comedy|War"]})
    >>> genre_table(films).loc[1].to_dict()
    {'Comedy': 1.0, 'War': 1.0}
    """
    lists = [_genres(text) for text in films["genres"]]
    names = sorted({name for row in lists for name in row})
    table = np.array([[name in row for name in names] for row in lists], dtype=float)
    return pd.DataFrame(table, pd.Index(films["movie_id"], name="movie_id"), names)


class ContentModel:
    """Score a film by the cosine of its words with those of the films liked.

    Words are weighted by TF-IDF, which is learned from the films with training ratings
    only; other films are described by words known from there.

    Parameters
    ----------
    films : DataFrame
        ``movie_id``, ``title``, ``genres``, ``year``: all that may be shown.
    min_films : int, default=2
        Words of fewer films are left out.

    Attributes
    ----------
    n_learned_ : int
        Films that the weights were learned from.
    items_ : Index
        All films.
    vectors_ : csr_matrix of shape (n_films, n_words)
    """

    def __init__(self, films: pd.DataFrame, min_films: int = 2) -> None:
        self.films = films
        self.min_films = min_films

    def fit(self, ratings: pd.DataFrame) -> Self:
        """Learn from ``user_id``, ``movie_id`` and ``rating``."""
        self.data_ = encode_ratings(ratings)
        check_columns(self.films, "films", ["movie_id", "title", "genres", "year"])
        self.items_ = pd.Index(self.films["movie_id"])
        if not self.items_.is_unique:
            raise ValueError("films must hold each movie_id once")
        rows = codes_of(self.items_, self.data_.items, "films with ratings")
        known = self.items_.isin(self.data_.items)
        columns = (self.films[name] for name in ("title", "genres", "year"))
        words = [film_words(*row) for row in zip(*columns, strict=True)]
        learned = [row for row, there in zip(words, known, strict=True) if there]
        weights = TfidfVectorizer(analyzer=list, min_df=self.min_films)
        weights.fit(learned)
        self.n_learned_, self.vectors_ = len(learned), weights.transform(words)
        means = np.bincount(self.data_.user, self.data_.value) / np.bincount(
            self.data_.user
        )
        rest = self.data_.matrix(self.data_.value - means[self.data_.user])
        self.profiles_ = rest @ self.vectors_[rows]
        return self

    def scores(self, users: Any) -> np.ndarray:
        """Return cosines of users and films, shape (n_users, n_films)."""
        profiles = self.profiles_[codes_of(self.data_.users, users, "users")]
        length = sparse.linalg.norm(profiles, axis=1)[:, None]
        product = (profiles @ self.vectors_.T).toarray()  # films have length 1
        return product / np.where(length > 0, length, 1)


class ContentFactors:
    """Guess bias and factors of a film that has no ratings from its words.

    Ridge regression from the words of the rated films to their bias and factors.

    Parameters
    ----------
    content : ContentModel
        Fitted on the ratings that ``rater`` was.
    rater : FunkSVD
        Fitted.
    penalty : float, default=10.0

    Raises
    ------
    ValueError
        From ``fit``, if the penalty is not above 0.
    """

    def __init__(
        self, content: ContentModel, rater: FunkSVD, penalty: float = 10.0
    ) -> None:
        self.content = content
        self.rater = rater
        self.penalty = penalty

    def fit(self) -> Self:
        """Learn one column of weights for the bias and one for each factor."""
        check_number(self.penalty, "penalty", open=True)
        rated = self.content.items_.get_indexer(self.rater.data_.items)
        X = self.content.vectors_[rated]
        # Films with many ratings have biases and factors that are known better.
        n = np.bincount(self.rater.data_.item)
        wanted = np.column_stack([self.rater.item_bias_, self.rater.item_factors_])
        gram = (X.T @ X.multiply(n[:, None])).toarray()
        gram[np.diag_indices_from(gram)] += self.penalty
        self.weights_ = np.linalg.solve(gram, X.T @ (wanted * n[:, None]))
        return self

    def predict_many(self, pairs: pd.DataFrame) -> np.ndarray:
        """Return the expected rating of each ``user_id`` and ``movie_id``."""
        rater = self.rater
        check_columns(pairs, "pairs", ["user_id", "movie_id"])
        user = codes_of(rater.data_.users, pairs["user_id"], "user_id")
        film = codes_of(self.content.items_, pairs["movie_id"], "movie_id")
        bias, factors = np.split(
            self.content.vectors_[film] @ self.weights_, [1], axis=1
        )
        taste = np.einsum("nf,nf->n", rater.taste_[user], factors)
        stars = rater.mean_ + rater.user_bias_[user] + bias.ravel() + taste
        return np.clip(stars, *rater.data_.scale)
