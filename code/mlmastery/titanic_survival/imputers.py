"""Impute the missing cells of one column: from its group, or from a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmastery.data_exploration import ColumnFiller
from mlmastery.validation import check_count

__all__ = ["GroupImputer", "ModelImputer"]


class _ColumnImputer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Base of both imputers: validate a table, impute one column, return the table."""

    column: str | int

    def fit(self, X: Any, y: Any = None) -> Any:
        """Learn from the rows in which the column is known; ``y`` is unused.

        Parameters
        ----------
        X : DataFrame or array of shape (n_samples, n_features)
        y : ignored

        Raises
        ------
        ValueError
            If a named column is missing, or the one to impute has no known number, other
            things than numbers, or infinity.
        """
        frame = self._validate(X, reset=True)
        column = self._label(frame, self.column)
        known = frame[frame[column].notna()]
        if known.empty:
            raise ValueError(
                f"column {column!r} has no known value in {len(frame)} rows"
            )
        _check_numbers(known[column])
        self._fit_known(known, column)
        return self

    def transform(self, X: Any) -> Any:
        """Return the table with every missing cell of the column imputed.

        Parameters
        ----------
        X : DataFrame or array of shape (n_samples, n_features)
            With the columns of ``fit``.

        Returns
        -------
        DataFrame or ndarray, as ``X``
        """
        check_is_fitted(self)
        frame = self._validate(X, reset=False).copy()
        column = self._label(frame, self.column)
        missing = frame[column].isna()
        if missing.any():
            frame[column] = frame[column].astype(float)
            frame.loc[missing, column] = self._impute(frame[missing])
        return frame if isinstance(X, pd.DataFrame) else frame.to_numpy()

    def _validate(self, X: Any, reset: bool) -> pd.DataFrame:
        if isinstance(X, pd.DataFrame) and not X.empty:
            validate_data(self, X, reset=reset, skip_check_array=True)
            return X
        array = validate_data(self, X, reset=reset, ensure_all_finite="allow-nan")
        return pd.DataFrame(array)

    def _label(self, frame: pd.DataFrame, key: str | int) -> Any:
        """Return the label of a column given by its name or, else, its position."""
        if not isinstance(key, bool):  # True is no name, and no position either
            if key in frame.columns:
                return key
            if isinstance(key, int) and 0 <= key < frame.shape[1]:
                return frame.columns[key]
        names = ", ".join(map(str, frame.columns))
        raise ValueError(f"X has no column {key!r}, only {names}")

    def _fit_known(self, known: pd.DataFrame, column: Any) -> None:
        raise NotImplementedError

    def _impute(self, rows: pd.DataFrame) -> Any:
        raise NotImplementedError

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _check_numbers(known: pd.Series) -> None:
    numbers = pd.to_numeric(known, errors="coerce")
    if not pd.api.types.is_numeric_dtype(known) and numbers.isna().any():
        wrong = known[numbers.isna()].iloc[0]
        raise ValueError(f"column {known.name!r} must hold numbers, got {wrong!r}")
    if np.isinf(numbers.astype(float)).any():
        raise ValueError(f"column {known.name!r} must be finite, got infinity")


def _plain(rows: pd.DataFrame, keys: list[Any]) -> pd.DataFrame:
    """Return the rows with words where a key is categorical: pandas matches no others."""
    kinds = {key: rows[key].dtype for key in keys}
    categorical = [k for k, t in kinds.items() if isinstance(t, pd.CategoricalDtype)]
    return rows.astype(dict.fromkeys(categorical, object))


class GroupImputer(_ColumnImputer):
    """Impute a numeric column with the median of a row's group.

    Groups are formed by all columns of ``by``; where a group is unknown or small, by
    all but the last, and so on, down to the median of the whole column.

    Parameters
    ----------
    column : str or int, default=0
        The column to impute: its name or, in an array, its position.
    by : sequence of str or int, default=()
        The columns that form the groups, the most informative first. Empty: one median.
    min_size : int, default=5
        Known values that a group must have for its median to be used.

    Attributes
    ----------
    tables_ : list of Series
        The median of each group, for one column of ``by``, for two, and so on.
    fallback_ : float
        The median of the column.

    Raises
    ------
    ValueError
        From ``fit``: see there.

    Examples
    --------
    >>> people = pd.DataFrame({"title": ["Mr", "Mr", "Master"], "age": [30, 40, 4.0]})
    >>> imputer = GroupImputer("age", by=["title"], min_size=1).fit(people)
    >>> new = pd.DataFrame({"title": ["Master", "Sir"], "age": [None, None]})
    >>> imputer.transform(new)["age"].tolist()
    [4.0, 30.0]
    """

    def __init__(
        self, column: str | int = 0, by: Sequence[str | int] = (), min_size: int = 5
    ) -> None:
        self.column = column
        self.by = by
        self.min_size = min_size

    def _fit_known(self, known: pd.DataFrame, column: Any) -> None:
        keys = self._keys(known, column)
        self.fallback_ = float(known[column].median())
        self.tables_ = []
        for depth in range(1, len(keys) + 1):
            groups = _plain(known, keys[:depth]).groupby(keys[:depth])[column]
            self.tables_.append(groups.median()[groups.size() >= self.min_size])

    def _keys(self, known: pd.DataFrame, column: Any) -> list[Any]:
        if isinstance(self.by, str):
            raise ValueError(f"by must be a list of columns, got the text {self.by!r}")
        check_count(self.min_size, "min_size", minimum=0)
        keys = [self._label(known, key) for key in self.by]
        if column in keys:
            raise ValueError(f"by must not hold the column to impute, {column!r}")
        return keys

    def _impute(self, rows: pd.DataFrame) -> Any:
        keys = [self._label(rows, key) for key in self.by]
        imputed = np.full(len(rows), np.nan)
        for depth in range(len(keys), 0, -1):  # the finest groups first
            table = self.tables_[depth - 1]
            groups = pd.MultiIndex.from_frame(_plain(rows, keys[:depth])[keys[:depth]])
            medians = table.reindex(groups).to_numpy(float)
            imputed = np.where(np.isnan(imputed), medians, imputed)
        return np.where(np.isnan(imputed), self.fallback_, imputed)


class ModelImputer(_ColumnImputer):
    """Impute a numeric column with a model's prediction from the other columns.

    Parameters
    ----------
    column : str or int, default=0
        The column to impute.
    filler : ColumnFiller, optional
        The model; by default boosted trees: see
        `mlmastery.data_exploration.ColumnFiller`.

    Attributes
    ----------
    filler_ : ColumnFiller
        Fitted on the rows in which the column is known.

    Raises
    ------
    ValueError
        From ``fit``: see there.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [5.0, None, 7.0]})
    >>> filler = ColumnFiller("mean")
    >>> ModelImputer("b", filler).fit_transform(table)["b"].tolist()
    [5.0, 6.0, 7.0]
    """

    def __init__(self, column: str | int = 0, filler: Any = None) -> None:
        self.column = column
        self.filler = filler

    def _fit_known(self, known: pd.DataFrame, column: Any) -> None:
        filler = ColumnFiller("regression") if self.filler is None else self.filler
        others = known.drop(columns=column)
        self.filler_ = clone(filler).fit(others, known[column])

    def _impute(self, rows: pd.DataFrame) -> Any:
        return self.filler_.predict(rows.drop(columns=self._label(rows, self.column)))
