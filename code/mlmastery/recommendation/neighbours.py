"""Neighbours: the rating as a mean of what similar users, or similar films, got."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from mlmastery.validation import check_choice, check_count, check_number

from .base import Baseline, RatingModel
from .ratings import Ratings

__all__ = ["NeighbourModel", "common_similarity", "predict_rating"]

BLOCK = 500  # rows compared at a time


def predict_rating(
    user: int,
    item: int,
    ratings_matrix: np.ndarray,
    similarity_matrix: np.ndarray,
    k: int = 10,
) -> float:
    """Return the mean rating of the k most similar users who rated the film.

    Weights are the similarities. Where no similar user rated the film, the answer is
    the user's own mean; where the user has no rating, the mean of all ratings.

    Parameters
    ----------
    user, item : int
        Row and column.
    ratings_matrix : ndarray of shape (n_users, n_items)
        Stars; 0 means none.
    similarity_matrix : ndarray of shape (n_users, n_users)
    k : int, default=10

    Raises
    ------
    ValueError
        If the shapes do not fit, or a number is out of its range.

    Examples
    --------
    >>> stars = np.array([[4, 0], [5, 3], [1, 1]])
    >>> alike = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.2], [0.1, 0.2, 1.0]])
    >>> round(predict_rating(0, 1, stars, alike), 1)
    2.8
    """
    stars, alike = np.asarray(ratings_matrix), np.asarray(similarity_matrix)
    if alike.shape != (len(stars), len(stars)):
        raise ValueError(
            f"similarity_matrix must compare the {len(stars)} rows of ratings_matrix, "
            f"got shape {alike.shape}"
        )
    check_count(user, "user", 0, stars.shape[0] - 1)
    check_count(item, "item", 0, stars.shape[1] - 1)
    check_count(k, "k")
    raters = np.flatnonzero((stars[:, item] > 0) & (alike[user] > 0))
    raters = raters[raters != user]
    nearest = raters[np.argsort(-alike[user, raters], kind="stable")[:k]]
    if len(nearest):
        return float(np.average(stars[nearest, item], weights=alike[user, nearest]))
    own = stars[user][stars[user] > 0]
    if not (stars > 0).any():
        raise ValueError("ratings_matrix must hold at least one rating above 0")
    return float(own.mean() if len(own) else stars[stars > 0].mean())


def common_similarity(
    rows: sparse.csr_matrix, kind: str = "msd", shrinkage: float = 0
) -> np.ndarray:
    """Return how similar rows are on the columns that both have.

    Parameters
    ----------
    rows : csr_matrix of shape (n, m)
        Ratings, or deviations for ``"pearson"``. Explicit zeros count as present.
    kind : {"msd", "cosine", "pearson"}, default="msd"
        ``1 / (1 + mean squared difference)``; the cosine; or the cosine of deviations,
        times ``(c - 1) / (c - 1 + shrinkage)`` for c common columns.
    shrinkage : float, default=0

    Returns
    -------
    ndarray of shape (n, n)
        0 where two rows have no column in common.

    Examples
    --------
    >>> common_similarity(sparse.csr_matrix([[4.0, 2, 0], [4, 4, 1]])).round(2)
    array([[1.  , 0.33],
           [0.33, 1.  ]], dtype=float32)
    """
    check_choice(kind, "kind", ("msd", "cosine", "pearson"))
    check_number(shrinkage, "shrinkage")
    alike = np.empty((rows.shape[0], rows.shape[0]), dtype=np.float32)
    # Block by block: four full arrays of 8,000 films would take 2 GB.
    for start in range(0, rows.shape[0], BLOCK):
        block = slice(start, start + BLOCK)
        alike[block] = _block_similarity(rows, block, kind, shrinkage)
    return alike


def _block_similarity(
    rows: sparse.csr_matrix, block: slice, kind: str, shrinkage: float
) -> np.ndarray:
    present, squares = rows.copy(), rows.multiply(rows).tocsr()
    present.data = np.ones_like(rows.data)
    common = (present[block] @ present.T).toarray()
    product = (rows[block] @ rows.T).toarray()
    # Sums of squares over the columns in common, of the one row and of the other.
    first = (squares[block] @ present.T).toarray()
    second = (present[block] @ squares.T).toarray()
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == "msd":
            alike = 1 / (1 + (first + second - 2 * product) / common)
        else:
            alike = product / np.sqrt(first * second)
            if kind == "pearson":
                alike *= (common - 1) / (common - 1 + shrinkage)
    return np.where((common > 0) & np.isfinite(alike), alike, 0.0)


class NeighbourModel(RatingModel):
    """Add to a centre the weighted mean deviation of the k nearest neighbours.

    Parameters
    ----------
    by : {"user", "item"}, default="user"
        Whether users or films are compared.
    centre : {"none", "mean", "baseline"}, default="baseline"
        The number that deviations are taken from: 0, the mean of the user (of the
        film, for ``by="item"``), or the baseline.
    kind : {"msd", "cosine", "pearson"}, default="msd"
        As in `common_similarity`.
    k : int, default=40
    shrinkage : float, default=100
        For ``"pearson"``.

    Attributes
    ----------
    similarity_ : ndarray of shape (n, n)
        Of users, or of films.
    alone_ : int
        Predictions of the last call that found no neighbour.

    References
    ----------
    .. [1] Koren (2010), "Factor in the Neighbors", ACM TKDD 4(1).
    """

    def __init__(
        self,
        by: str = "user",
        centre: str = "baseline",
        kind: str = "msd",
        k: int = 40,
        shrinkage: float = 100,
    ) -> None:
        self.by = by
        self.centre = centre
        self.kind = kind
        self.k = k
        self.shrinkage = shrinkage

    def _fit(self, data: Ratings) -> None:
        check_choice(self.by, "by", ("user", "item"))
        check_choice(self.centre, "centre", ("none", "mean", "baseline"))
        check_count(self.k, "k")
        self._baseline = Baseline()
        self._baseline.data_ = data
        self._baseline._fit(data)
        rest = data.value - self._centre(data.user, data.item)
        compared = data.value
        if self.kind == "pearson":
            compared = data.value - self._baseline._raw(data.user, data.item)
        ratings, self._rest = data.matrix(compared), data.matrix(rest)
        if self.by == "item":
            ratings, self._rest = ratings.T.tocsr(), self._rest.T.tocsr()
        self.similarity_ = common_similarity(ratings, self.kind, self.shrinkage)
        self._by_column = self._rest.tocsc()

    def _centre(self, user: np.ndarray, item: np.ndarray) -> np.ndarray:
        if self.centre == "baseline":
            return self._baseline._raw(user, item)
        if self.centre == "none":
            return np.zeros(len(user))
        group, n = (self._own(user, item), self.data_.shape[self.by == "item"])
        own = self._own(self.data_.user, self.data_.item)
        counts = np.bincount(own, minlength=n)
        means = np.bincount(own, self.data_.value, n) / np.maximum(counts, 1)
        # The last place is for -1: an unknown user or film has the mean of all.
        return np.append(means, self.data_.value.mean())[group]

    def _own(self, user: np.ndarray, item: np.ndarray) -> np.ndarray:
        return user if self.by == "user" else item

    def _raw(self, user: np.ndarray, item: np.ndarray) -> np.ndarray:
        row, column = (user, item) if self.by == "user" else (item, user)
        answer = self._centre(user, item)
        found = np.zeros(len(row), dtype=bool)
        for c in np.unique(column[(row >= 0) & (column >= 0)]):
            here = np.flatnonzero((column == c) & (row >= 0))
            shift, found[here] = self._mean_deviation(row[here], c)
            answer[here] += shift
        if self.centre == "none":
            answer[~found] = self._baseline._raw(user[~found], item[~found])
        self.alone_ = int((~found).sum())
        return answer

    def _mean_deviation(self, rows: np.ndarray, column: int) -> tuple[Any, Any]:
        """Return the neighbours' weighted mean for some rows of one column."""
        place = slice(*self._by_column.indptr[column : column + 2])
        raters, rest = self._by_column.indices[place], self._by_column.data[place]
        weights = np.maximum(self.similarity_[np.ix_(rows, raters)], 0)
        weights[rows[:, None] == raters] = 0
        if len(raters) > self.k:
            far = np.argpartition(-weights, self.k - 1, axis=1)[:, self.k :]
            np.put_along_axis(weights, far, 0, axis=1)
        total = weights.sum(axis=1)
        return (weights @ rest) / np.where(total > 0, total, 1), total > 0
