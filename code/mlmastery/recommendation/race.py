"""The race against Surprise: its folds, its models, our models, one protocol."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from mlmastery.contest import Contest, cross_validate_models
from mlmastery.validation import check_count

from .factors import funk_epochs, plusplus_epochs
from .metrics import rmse

__all__ = ["PublishedFolds", "SurpriseModel", "library_gap", "race_ratings"]


class PublishedFolds:
    """The folds of Surprise's published table: ``KFold(5, random_state=0)``.

    Parameters
    ----------
    n_run : int, default=5
        How many of the five are used, from the first.

    Examples
    --------
    >>> [len(test) for _, test in PublishedFolds().split(np.zeros(12))]
    [3, 3, 2, 2, 2]
    """

    def __init__(self, n_run: int = 5) -> None:
        self.n_run = check_count(n_run, "n_run", maximum=5)

    def split(
        self, X: Any, y: Any = None, groups: Any = None
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Give the rows of training and test part, fold by fold."""
        order = np.arange(len(X))
        # The published protocol is tied to this generator of NumPy's old interface.
        np.random.RandomState(0).shuffle(order)
        folds = np.array_split(order, 5)
        for n, test in enumerate(folds[: self.n_run]):
            # The library keeps the shuffled order, and SGD depends on it.
            yield np.concatenate(folds[:n] + folds[n + 1 :]), test

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return how many folds are used."""
        return self.n_run


class SurpriseModel:
    """A model of the library Surprise behind the interface of ours.

    Parameters
    ----------
    algorithm : surprise.AlgoBase
    """

    def __init__(self, algorithm: Any) -> None:
        self.algorithm = algorithm

    def fit(self, ratings: pd.DataFrame) -> Self:
        """Learn from ``user_id``, ``movie_id`` and ``rating``."""
        from surprise import Dataset, Reader

        stars = ratings["rating"]
        reader = Reader(rating_scale=(stars.min(), stars.max()))
        table = ratings[["user_id", "movie_id", "rating"]]
        data = Dataset.load_from_df(table, reader)
        self.algorithm.fit(data.build_full_trainset())
        return self

    def predict_many(self, pairs: pd.DataFrame) -> np.ndarray:
        """Return the expected rating of each ``user_id`` and ``movie_id``."""
        ids = zip(pairs["user_id"], pairs["movie_id"], strict=True)
        return np.array([self.algorithm.predict(u, i).est for u, i in ids])


class _OnPairs(BaseEstimator):
    """A model of ratings as the contest wants it: X holds the ids, y the stars."""

    def __init__(self, model: Any = None) -> None:
        self.model = model

    def fit(self, X: pd.DataFrame, y: Any) -> Self:
        self.model_ = copy.deepcopy(self.model).fit(X.assign(rating=np.asarray(y)))
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        return self.model_.predict_many(X)


def race_ratings(
    models: Mapping[str, Any], ratings: pd.DataFrame, n_folds: int = 5
) -> Contest:
    """Run models of ratings on the published folds and score them by RMSE.

    Parameters
    ----------
    models : dict of str to model
        With ``fit(ratings)`` and ``predict_many(pairs)``.
    ratings : DataFrame
        ``user_id``, ``movie_id``, ``rating``, in the order of the data set, since the
        folds go by row.
    n_folds : int, default=5
        How many of the five folds are run.
    """
    pairs = ratings[["user_id", "movie_id"]].reset_index(drop=True)
    wrapped = {name: _OnPairs(model) for name, model in models.items()}
    stars = ratings["rating"].to_numpy(float)
    return cross_validate_models(wrapped, pairs, stars, PublishedFolds(n_folds), rmse)


def library_gap(ratings: pd.DataFrame, plusplus: bool, n_epochs: int = 3) -> float:
    """Return the largest difference to Surprise's factors of films, from one start.

    Parameters
    ----------
    ratings : DataFrame
        ``user_id``, ``movie_id`` and ``rating``.
    plusplus : bool
        SVD++, or SVD.
    n_epochs : int, default=3
    """
    from surprise import SVD, SVDpp

    kind = SVDpp if plusplus else SVD
    theirs = kind(n_factors=5, n_epochs=n_epochs, random_state=0)
    SurpriseModel(theirs).fit(ratings)
    data = theirs.trainset
    user, item, value = (
        np.array(column) for column in zip(*data.all_ratings(), strict=True)
    )
    rng = np.random.RandomState(0)
    shapes = [(data.n_users, 5), (data.n_items, 5), (data.n_items, 5)]
    P, Q, *Y = (rng.normal(0, 0.1, shape) for shape in shapes[: 2 + plusplus])
    biases = np.zeros(data.n_users), np.zeros(data.n_items)
    start = np.concatenate([[0], np.bincount(user).cumsum()])
    mean = data.global_mean
    if plusplus:
        settings = (n_epochs, 0.007, 0.02)
        plusplus_epochs(start, item, value, mean, *biases, P, Q, *Y, *settings)
    else:
        settings = (n_epochs, 0.005, 0.02)
        funk_epochs(user, item, value, mean, *biases, P, Q, *settings)
    return float(np.abs(Q - theirs.qi).max())
