"""Ratings in one form: checked, with ids mapped to rows and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

__all__ = [
    "Prediction",
    "Ratings",
    "check_ratings",
    "encode_ratings",
    "matrix_to_ratings",
]

BOOLEAN = ("bool", "boolean")
COLUMNS = ["user_id", "movie_id", "rating"]


@dataclass(frozen=True)
class Prediction:
    """An expected rating, and what it lacks.

    Parameters
    ----------
    rating : float
        In stars, inside the scale.
    reason : str
        Empty where user and film are known; else which of them is not.
    clipped : bool
        Whether the model's number lay outside the scale.
    """

    rating: float
    reason: str = ""
    clipped: bool = False


@dataclass(frozen=True)
class Ratings:
    """Ratings with row and column numbers beside the ids.

    Parameters
    ----------
    users, items : Index
        The ids, in ascending order; position is the row or column number.
    user, item : ndarray of int, shape (n_ratings,)
        Row and column of each rating.
    value : ndarray of float, shape (n_ratings,)
        Stars.
    scale : tuple of float
        Lowest and highest rating.
    """

    users: pd.Index
    items: pd.Index
    user: np.ndarray
    item: np.ndarray
    value: np.ndarray
    scale: tuple[float, float]

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of users and films."""
        return len(self.users), len(self.items)

    def matrix(self, values: Any = None) -> sparse.csr_matrix:
        """Return users by films; ``values`` stand in for the stars."""
        data = self.value if values is None else np.asarray(values, dtype=float)
        return sparse.csr_matrix((data, (self.user, self.item)), shape=self.shape)

    def likes(self, threshold: float) -> sparse.csr_matrix:
        """Return users by films, 1 where the rating is at least ``threshold``."""
        liked = self.value >= threshold
        place = (self.user[liked], self.item[liked])
        return sparse.csr_matrix((np.ones(liked.sum()), place), shape=self.shape)


def check_ratings(
    ratings: Any, scale: tuple[float, float] | None = None
) -> pd.DataFrame:
    """Return ratings that a model can learn from, or say what is wrong with them.

    Parameters
    ----------
    ratings : DataFrame
        With ``user_id``, ``movie_id`` and ``rating`` (stars); others are ignored.
    scale : tuple of float, optional
        Lowest and highest rating allowed. By default the data's own.

    Raises
    ------
    TypeError
        If it is no DataFrame, or ids are neither all whole numbers nor all text.
    ValueError
        If a column lacks, a value is missing, a user rated a film twice, a rating lies
        outside the scale, or there is nothing to learn from.

    Examples
    --------
    >>> one = pd.DataFrame({"user_id": [1], "movie_id": [7], "rating": [4.0]})
    >>> check_ratings(one)
    Traceback (most recent call last):
        ...
    ValueError: ratings must hold at least 2 rows, got 1
    """
    check_columns(ratings, "ratings", COLUMNS)
    table = ratings[COLUMNS].reset_index(drop=True)
    if len(table) < 2:
        raise ValueError(f"ratings must hold at least 2 rows, got {len(table)}")
    for name in ("user_id", "movie_id"):
        _check_ids(table[name], name)
    _check_values(table["rating"], scale)
    twice = int(table.duplicated(["user_id", "movie_id"]).sum())
    if twice:
        raise ValueError(
            f"each user must rate a film once; {twice} rows repeat a user and a film"
        )
    return table.astype({"rating": float})


def check_columns(table: Any, name: str, columns: list[str]) -> None:
    """Refuse what is no DataFrame with each of the columns once.

    Examples
    --------
    >>> check_columns(pd.DataFrame({"user_id": [1]}), "pairs", ["user_id", "movie_id"])
    Traceback (most recent call last):
        ...
    ValueError: pairs must have the columns user_id, movie_id; missing: movie_id
    """
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    missing = [column for column in columns if column not in table]
    if missing:
        raise ValueError(
            f"{name} must have the columns {', '.join(columns)}; "
            f"missing: {', '.join(missing)}"
        )
    twice = [column for column in columns if isinstance(table[column], pd.DataFrame)]
    if twice:
        raise ValueError(
            f"{name} must have each column once, twice: {', '.join(twice)}"
        )


def _check_ids(ids: pd.Series, name: str) -> None:
    if ids.isna().any():
        raise ValueError(
            f"{name} must not be missing, got {int(ids.isna().sum())} gaps"
        )
    kinds = sorted({type(value).__name__ for value in ids.unique().tolist()})
    if kinds not in (["int"], ["str"]):
        raise TypeError(
            f"{name} must hold whole numbers or text, one of both; got {', '.join(kinds)}"
        )


def check_scale(scale: Any) -> tuple[float, float] | None:
    """Return the scale if it is none, or a lower and a higher number.

    Examples
    --------
    >>> check_scale((5, 0.5))
    Traceback (most recent call last):
        ...
    ValueError: scale must be the lowest and the highest rating, got (5, 0.5)
    """
    if scale is None:
        return None
    ends = np.ravel(scale).tolist()
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise ValueError(
            f"scale must be the lowest and the highest rating, got {scale!r}"
        )
    return ends[0], ends[1]


def check_stars(ratings: Any, n_items: int, scale: tuple[float, float]) -> np.ndarray:
    """Return one rating for each film, on the scale.

    Examples
    --------
    >>> check_stars([4, 6], 2, (0.5, 5))
    Traceback (most recent call last):
        ...
    ValueError: ratings must lie on the scale 0.5 to 5, got [4, 6]
    """
    stars = np.asarray(ratings)
    if stars.shape != (n_items,):
        raise ValueError(
            "items and ratings must have one rating per film, "
            f"got {n_items} and {stars.size}"
        )
    if stars.size and stars.dtype.kind not in "iuf":
        raise TypeError(f"ratings must be numbers, got {list(ratings)}")
    low, high = scale
    if not np.all((low <= stars) & (stars <= high)):
        raise ValueError(
            f"ratings must lie on the scale {low:g} to {high:g}, got {list(ratings)}"
        )
    return stars.astype(float)


def _check_values(values: pd.Series, scale: tuple[float, float] | None) -> None:
    if not pd.api.types.is_numeric_dtype(values) or values.dtype.name in BOOLEAN:
        raise TypeError(f"rating must be numbers, got {values.dtype}")
    if not np.isfinite(values.to_numpy(float)).all():
        raise ValueError("rating must be finite, got missing or infinite values")
    if values.nunique() == 1:
        raise ValueError(
            f"ratings must differ, all {len(values)} are {values.iloc[0]:g}: "
            "there is nothing to learn"
        )
    low, high = check_scale(scale) or (values.min(), values.max())
    outside = int(((values < low) | (values > high)).sum())
    if outside:
        raise ValueError(
            f"ratings must lie on the scale {low:g} to {high:g}, got {outside} outside, "
            f"from {values.min():g} to {values.max():g}"
        )


def encode_ratings(
    ratings: pd.DataFrame, scale: tuple[float, float] | None = None
) -> Ratings:
    """Check ratings and number their users and films.

    Parameters
    ----------
    ratings : DataFrame
        As `check_ratings` takes it.
    scale : tuple of float, optional
        By default the lowest and highest rating in the data.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"user_id": [9, 5], "movie_id": [1, 1], "rating": [0.5, 4.0]}
    ... )
    >>> data = encode_ratings(table)
    >>> data.user.tolist(), data.shape, data.scale
    ([1, 0], (2, 1), (0.5, 4.0))
    """
    table = check_ratings(ratings, scale)
    user, users = pd.factorize(table["user_id"], sort=True)
    item, items = pd.factorize(table["movie_id"], sort=True)
    value = table["rating"].to_numpy()
    ends = scale or (float(value.min()), float(value.max()))
    return Ratings(pd.Index(users), pd.Index(items), user, item, value, ends)


def matrix_to_ratings(matrix: Any, user_ids: Any, movie_ids: Any) -> pd.DataFrame:
    """Return the ratings of a matrix of users by films, where zero means none.

    Raises
    ------
    ValueError
        If the shape does not fit the ids, as that of a transposed matrix.

    Examples
    --------
    >>> matrix_to_ratings([[0, 4], [3, 0], [0, 1]], ["a", "b", "c"], [1, 2]).shape
    (3, 3)
    >>> matrix_to_ratings([[0, 3, 0], [4, 0, 1]], ["a", "b", "c"], [1, 2])
    Traceback (most recent call last):
        ...
    ValueError: matrix must have 3 users as rows and 2 films as columns, got (2, 3): it \
is transposed
    """
    table = sparse.coo_matrix(matrix)
    wanted = (len(user_ids), len(movie_ids))
    if table.shape != wanted:
        hint = ": it is transposed" if table.shape == wanted[::-1] else ""
        raise ValueError(
            f"matrix must have {wanted[0]} users as rows and {wanted[1]} films as "
            f"columns, got {table.shape}{hint}"
        )
    users, films = pd.Index(user_ids)[table.row], pd.Index(movie_ids)[table.col]
    return pd.DataFrame(
        {"user_id": users, "movie_id": films, "rating": table.data.astype(float)}
    )
