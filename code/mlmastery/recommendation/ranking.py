"""Models that order films: popularity, item cosine, implicit ALS, EASE.

All have ``fit(ratings)`` and ``scores(users)``, an array of users by films whose
columns are ``items_``.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse

from mlmastery.validation import check_count, check_number

from .base import codes_of
from .ratings import Ratings, encode_ratings

__all__ = ["EASE", "ImplicitALS", "ItemCosine", "Popularity", "Ranker"]


class Ranker:
    """Learn from which films a user liked, and give every film a score.

    Parameters
    ----------
    like : float, default=4.0
        Stars from which on a film counts as liked.

    Attributes
    ----------
    data_ : Ratings
    liked_ : csr_matrix of shape (n_users, n_items)
    """

    like: float = 4.0

    def fit(self, ratings: pd.DataFrame) -> Self:
        """Learn from ``user_id``, ``movie_id`` and ``rating``."""
        self.data_: Ratings = encode_ratings(ratings)
        self.liked_ = self.data_.likes(self.like)
        self._fit(self.liked_)
        return self

    @property
    def items_(self) -> pd.Index:
        """The ids of the columns of `scores`."""
        return self.data_.items

    def scores(self, users: Any) -> np.ndarray:
        """Return a score for each user and film, shape (n_users, n_items)."""
        return self.scores_of(self.liked_[codes_of(self.data_.users, users, "users")])

    def _fit(self, liked: sparse.csr_matrix) -> None:
        raise NotImplementedError

    def scores_of(self, liked: sparse.csr_matrix) -> np.ndarray:
        """Return the scores of users with these rows of likes."""
        raise NotImplementedError


class Popularity(Ranker):
    """Score a film by how many users liked it, the same for everybody."""

    def _fit(self, liked: sparse.csr_matrix) -> None:
        self.count_ = np.asarray(liked.sum(axis=0), dtype=float).ravel()

    def scores_of(self, liked: sparse.csr_matrix) -> np.ndarray:
        """Return the same row for each user."""
        return np.tile(self.count_, (liked.shape[0], 1))


class ItemCosine(Ranker):
    """Score a film by its cosines with the films that the user liked."""

    def _fit(self, liked: sparse.csr_matrix) -> None:
        length = np.sqrt(np.asarray(liked.sum(axis=0)).ravel())
        columns = liked @ sparse.diags(1 / np.maximum(length, 1))
        self.similarity_ = (columns.T @ columns).tocsr()
        self.similarity_.setdiag(0)

    def scores_of(self, liked: sparse.csr_matrix) -> np.ndarray:
        """Return sums of cosines."""
        return (liked @ self.similarity_).toarray()


class EASE(Ranker):
    """Predict each film's column of likes from all the others, by ridge regression.

    Parameters
    ----------
    penalty : float, default=200.0
        Strength of the L2 penalty.
    min_likes : int, default=5
        Films with fewer likes get neither weights nor a score above 0.
    like : float, default=4.0

    Attributes
    ----------
    weights_ : ndarray of shape (n_kept, n_kept)
        Column j holds the weights that predict film j; the diagonal is 0.
    kept_ : ndarray of int
        The columns of films with enough likes.

    References
    ----------
    .. [1] Steck (2019), "Embarrassingly Shallow Autoencoders for Sparse Data", WWW.
    """

    def __init__(
        self, penalty: float = 200.0, min_likes: int = 5, like: float = 4.0
    ) -> None:
        self.penalty = penalty
        self.min_likes = min_likes
        self.like = like

    def _fit(self, liked: sparse.csr_matrix) -> None:
        check_number(self.penalty, "penalty", open=True)
        counts = np.asarray(liked.sum(axis=0)).ravel()
        self.kept_ = np.flatnonzero(counts >= self.min_likes)
        if not len(self.kept_):
            raise ValueError(f"no film has min_likes={self.min_likes} likes or more")
        X = liked[:, self.kept_]
        gram = (X.T @ X).toarray()
        gram[np.diag_indices_from(gram)] += self.penalty
        inverse = np.linalg.inv(gram)
        self.weights_ = -inverse / np.diag(inverse)
        np.fill_diagonal(self.weights_, 0)

    def scores_of(self, liked: sparse.csr_matrix) -> np.ndarray:
        """Return sums of weights; films with too few likes score -1e9."""
        scores = np.full(liked.shape, -1e9)
        scores[:, self.kept_] = liked[:, self.kept_] @ self.weights_
        return scores


class ImplicitALS(Ranker):
    """Factorise "liked or not", trusting a like more than its absence.

    Parameters
    ----------
    n_factors : int, default=32
    confidence : float, default=10.0
        A like weighs ``1 + confidence``, an absence 1.
    penalty : float, default=1.0
    n_rounds : int, default=10
        Each solves for all users, then for all films.
    random_state : int or None, default=0
    like : float, default=4.0

    Attributes
    ----------
    user_factors_, item_factors_ : ndarray of shape (n_users or n_items, n_factors)

    References
    ----------
    .. [1] Hu, Koren and Volinsky (2008), "Collaborative Filtering for Implicit Feedback
       Datasets", ICDM.
    """

    def __init__(
        self,
        n_factors: int = 32,
        confidence: float = 10.0,
        penalty: float = 1.0,
        n_rounds: int = 10,
        random_state: int | None = 0,
        like: float = 4.0,
    ) -> None:
        self.n_factors = n_factors
        self.confidence = confidence
        self.penalty = penalty
        self.n_rounds = n_rounds
        self.random_state = random_state
        self.like = like

    def _fit(self, liked: sparse.csr_matrix) -> None:
        check_count(self.n_factors, "n_factors")
        check_number(self.confidence, "confidence")
        check_number(self.penalty, "penalty", open=True)
        rng = np.random.default_rng(self.random_state)
        n_users, n_items = liked.shape
        self.user_factors_ = rng.normal(0, 0.1, (n_users, self.n_factors))
        self.item_factors_ = rng.normal(0, 0.1, (n_items, self.n_factors))
        by_film = liked.T.tocsr()
        for _ in range(self.n_rounds):
            self.user_factors_ = self._solve(liked, self.item_factors_)
            self.item_factors_ = self._solve(by_film, self.user_factors_)

    def _solve(self, liked: sparse.csr_matrix, fixed: np.ndarray) -> np.ndarray:
        """Return the best factors of every row of ``liked``, given the columns'."""
        f = self.n_factors
        # All columns with weight 1, and the liked ones of each row with more.
        everything = fixed.T @ fixed + self.penalty * np.eye(f)
        squares = (fixed[:, :, None] * fixed[:, None, :]).reshape(-1, f * f)
        left = everything + self.confidence * (liked @ squares).reshape(-1, f, f)
        right = (1 + self.confidence) * (liked @ fixed)
        return np.linalg.solve(left, right[:, :, None])[:, :, 0]

    def scores_of(self, liked: sparse.csr_matrix) -> np.ndarray:
        """Solve for users with these likes and return their products with the films."""
        return self._solve(liked.tocsr(), self.item_factors_) @ self.item_factors_.T
