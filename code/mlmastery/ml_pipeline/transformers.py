"""Transformers that learn from the training rows alone.

Each passes scikit-learn's estimator checks, and none holds a column's name: what a
column is for stands in the pipeline's column lists.

>>> import numpy as np
>>> clip = QuantileClipper(0.25, 0.75).fit([[0.0], [1.0], [2.0], [3.0], [100.0]])
>>> clip.transform([[50.0]])
array([[3.]])
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmastery.validation import check_choice, check_count, check_number

from .kinds import check_table

__all__ = [
    "CategoryIndicators",
    "ColumnGate",
    "DateParts",
    "MedianFill",
    "QuantileClipper",
]

MISSING, RARE = "(missing)", "(rare)"
YEAR = 365.2425  # mean length of a year in days


class QuantileClipper(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Clip each column to two quantiles of the training rows (winsorise).

    Parameters
    ----------
    low, high : float, default=0.01 and 0.99
        Shares, ``0 <= low < high <= 1``.

    Attributes
    ----------
    low_, high_ : ndarray of shape (n_features,)
        The limits, in the columns' units; NaN where a column was empty.

    Raises
    ------
    ValueError
        From ``fit``, if the shares are not in order or not between 0 and 1.

    Examples
    --------
    >>> QuantileClipper(0.0, 1.0).fit([[1.0], [3.0]]).transform([[9.0], [np.nan]])
    array([[ 3.],
           [nan]])
    """

    def __init__(self, low: float = 0.01, high: float = 0.99) -> None:
        self.low = low
        self.high = high

    def fit(self, X: Any, y: Any = None) -> QuantileClipper:
        """Learn the limits from the rows of X and return self."""
        check_number(self.low, "low", maximum=1)
        check_number(self.high, "high", maximum=1)
        if self.low >= self.high:
            raise ValueError(
                f"low must be below high, got low={self.low} and high={self.high}"
            )
        X = validate_data(self, X, dtype=float, ensure_all_finite="allow-nan")
        limits = [_quantiles(column, (self.low, self.high)) for column in X.T]
        self.low_, self.high_ = np.array(limits).T
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return X with each value moved into its column's limits; NaN stays."""
        check_is_fitted(self)
        X = validate_data(
            self, X, dtype=float, ensure_all_finite="allow-nan", reset=False
        )
        return np.clip(X, self.low_, self.high_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _quantiles(column: np.ndarray, shares: tuple[float, float]) -> np.ndarray:
    known = column[~np.isnan(column)]
    # Limits of an empty column: clip changes nothing where they are infinite.
    return np.quantile(known, shares) if len(known) else np.array([-np.inf, np.inf])


class MedianFill(TransformerMixin, BaseEstimator):
    """Fill gaps with the training medians, and say in further columns where they were.

    Attributes
    ----------
    medians_ : ndarray of shape (n_features,)
        0 where a column was empty.
    gaps_ : ndarray of int
        The columns that had a missing value in training: each gets an indicator.

    Examples
    --------
    >>> MedianFill().fit([[1.0], [3.0], [np.nan]]).transform([[np.nan], [5.0]])
    array([[2., 1.],
           [5., 0.]])
    """

    def fit(self, X: Any, y: Any = None) -> MedianFill:
        """Learn the medians and return self."""
        X = self._numbers(X, reset=True)
        halves = [_quantiles(column, (0.5, 0.5))[0] for column in X.T]
        self.medians_ = np.where(np.isfinite(halves), halves, 0.0)
        self.gaps_ = np.flatnonzero(np.isnan(X).any(axis=0))
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return the filled columns, then the indicators."""
        check_is_fitted(self)
        X = self._numbers(X, reset=False)
        gap = np.isnan(X)
        filled = np.where(gap, self.medians_, X)
        return np.hstack([filled, gap[:, self.gaps_].astype(float)])

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the columns' names, and those of the indicators."""
        check_is_fitted(self)
        names = _names_in(self, input_features)
        gaps = [f"{names[i]}_missing" for i in self.gaps_]
        return np.array([*names, *gaps], dtype=object)

    def _numbers(self, X: Any, *, reset: bool) -> np.ndarray:
        return validate_data(
            self, X, dtype=float, ensure_all_finite="allow-nan", reset=reset
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _names_in(transformer: Any, input_features: Any) -> list[str]:
    names = getattr(transformer, "feature_names_in_", input_features)
    if names is None:
        names = [f"x{i}" for i in range(transformer.n_features_in_)]
    return [str(name) for name in names]


class CategoryIndicators(TransformerMixin, BaseEstimator):
    """Give each frequent category a column of zeros and ones, and the rare ones together.

    A missing value is a category of its own. A category that training did not have
    counts as rare; where no rare one was seen, its row is all zeros.

    Parameters
    ----------
    min_count : int, default=10
        A category of fewer training rows is rare.

    Attributes
    ----------
    kept_ : list of ndarray of str
        The categories of each column that have indicators, in order.

    Raises
    ------
    ValueError
        From ``fit``, if ``min_count`` is not a whole number of at least 1.

    Examples
    --------
    >>> pool = CategoryIndicators(2).fit([["a"], ["a"], ["b"]])
    >>> pool.get_feature_names_out(["job"]).tolist()
    ['job_(rare)', 'job_a']
    >>> pool.transform([["a"], ["b"], ["new"], [None]]).tolist()
    [[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]
    """

    def __init__(self, min_count: int = 10) -> None:
        self.min_count = min_count

    def fit(self, X: Any, y: Any = None) -> CategoryIndicators:
        """Count the categories of each column and return self."""
        check_count(self.min_count, "min_count")
        texts = self._texts(X, reset=True)
        self.kept_ = [self._frequent(column) for column in texts.T]
        return self

    def _frequent(self, column: np.ndarray) -> np.ndarray:
        names, counts = np.unique(column, return_counts=True)
        rare = (counts < self.min_count) & (names != MISSING)
        pooled = np.where(rare, RARE, names)
        return np.unique(pooled).astype(object)

    def transform(self, X: Any) -> np.ndarray:
        """Return the indicators, shape (n_samples, n_kept)."""
        check_is_fitted(self)
        texts = self._texts(X, reset=False)
        pairs = zip(texts.T, self.kept_, strict=True)
        return np.hstack([_indicators(column, kept) for column, kept in pairs])

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the name of each indicator: column and category."""
        check_is_fitted(self)
        names = _names_in(self, input_features)
        pairs = zip(names, self.kept_, strict=True)
        return np.array([f"{n}_{c}" for n, kept in pairs for c in kept], dtype=object)

    def _texts(self, X: Any, *, reset: bool) -> np.ndarray:
        if isinstance(X, list):
            # NumPy would turn a missing value beside texts into the text "nan".
            X = np.array(X, dtype=object)
        X = validate_data(self, X, dtype=None, ensure_all_finite=False, reset=reset)
        values = np.asarray(X, dtype=object)
        texts = np.array([str(v) for v in values.ravel()]).reshape(values.shape)
        return np.where(pd.isna(values), MISSING, texts)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def _indicators(column: np.ndarray, kept: np.ndarray) -> np.ndarray:
    known = np.isin(column, kept.astype(str)) | (column == MISSING)
    pooled = np.where(known, column, RARE)
    return (pooled[:, None] == kept.astype(str)[None, :]).astype(float)


class DateParts(TransformerMixin, BaseEstimator):
    """Turn dates into days, a place in the year and a day of the week.

    Attributes
    ----------
    n_features_in_ : int

    Notes
    -----
    Numbers are taken as days since 1970-01-01. The place in the year is a point on a
    circle, so that 31 December lies beside 1 January.

    Examples
    --------
    >>> dates = pd.DataFrame({"day": pd.to_datetime(["1970-01-02", "1970-01-04"])})
    >>> DateParts().fit_transform(dates)[:, [0, 3]]
    array([[1., 4.],
           [3., 6.]])
    """

    def fit(self, X: Any, y: Any = None) -> DateParts:
        """Note the columns and return self."""
        self._days(X, reset=True)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return days, sine and cosine of the year, and weekday (Monday is 0)."""
        check_is_fitted(self, "n_features_in_")
        days = self._days(X, reset=False)
        angle = 2 * np.pi * (days % YEAR) / YEAR
        weekday = (np.floor(days) + 3) % 7  # 1 January 1970 was a Thursday
        return np.hstack([days, np.sin(angle), np.cos(angle), weekday])

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the name of each output column: part and date."""
        check_is_fitted(self, "n_features_in_")
        names = _names_in(self, input_features)
        parts = ("days", "sin", "cos", "weekday")
        return np.array([f"{n}_{p}" for p in parts for n in names], dtype=object)

    def _days(self, X: Any, *, reset: bool) -> np.ndarray:
        if isinstance(X, pd.DataFrame):
            X = X.apply(_as_days)
        return validate_data(
            self, X, dtype=float, ensure_all_finite="allow-nan", reset=reset
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _as_days(column: pd.Series) -> pd.Series:
    if not types.is_datetime64_any_dtype(column):
        return column
    return (column - pd.Timestamp(0, tz=column.dt.tz)) / pd.Timedelta(days=1)


class ColumnGate(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Let through the columns that were fitted, by name and in their order.

    Truth values and nullable whole numbers become floats, all texts become objects:
    the steps behind the gate see three types.

    Parameters
    ----------
    extra : {"refuse", "ignore"}, default="refuse"
        What to do with a column that was not there in ``fit``.

    Attributes
    ----------
    feature_names_in_ : ndarray of str
        If fitted on a table.

    Raises
    ------
    TypeError
        From ``transform``, for an array without names after a table with names.
    ValueError
        For missing, duplicate or extra columns, each named.

    Examples
    --------
    >>> gate = ColumnGate().fit(pd.DataFrame({"a": [1.0], "b": [2.0]}))
    >>> gate.transform(pd.DataFrame({"b": [5.0], "a": [4.0]})).to_dict("list")
    {'a': [4.0], 'b': [5.0]}
    >>> gate.transform(pd.DataFrame({"b": [5.0]}))
    Traceback (most recent call last):
        ...
    ValueError: X lacks 1 of 2 columns: a
    """

    def __init__(self, extra: str = "refuse") -> None:
        self.extra = extra

    def fit(self, X: Any, y: Any = None) -> ColumnGate:
        """Note the columns and return self."""
        check_choice(self.extra, "extra", ("refuse", "ignore"))
        if isinstance(X, pd.DataFrame):
            check_table(X, "X")
        validate_data(self, X, dtype=None, ensure_all_finite=False)
        return self

    def transform(self, X: Any) -> Any:
        """Return the fitted columns in their order; an array as it came."""
        check_is_fitted(self, "n_features_in_")
        names = getattr(self, "feature_names_in_", None)
        if names is None:
            return validate_data(
                self, X, dtype=None, ensure_all_finite=False, reset=False
            )
        if not isinstance(X, pd.DataFrame):
            raise TypeError(
                f"X must be a DataFrame with the {len(names)} fitted columns, got "
                f"{type(X).__name__}: without names their order cannot be checked"
            )
        self._check_names(check_table(X, "X"), list(names))
        return X[list(names)].apply(_plain_type)

    def _check_names(self, X: pd.DataFrame, names: list[str]) -> None:
        lacks = [n for n in names if n not in X.columns]
        if lacks:
            raise ValueError(
                f"X lacks {len(lacks)} of {len(names)} columns: {', '.join(lacks)}"
            )
        extra = [n for n in X.columns if n not in names]
        if extra and self.extra == "refuse":
            raise ValueError(
                f"X has {len(extra)} columns that were not fitted: {', '.join(extra)}"
            )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags


def _plain_type(column: pd.Series) -> pd.Series:
    if types.is_datetime64_any_dtype(column):
        return column
    if types.is_numeric_dtype(column):  # truth values too
        return column.astype("float64")
    return column.astype(object).where(column.notna(), np.nan)
