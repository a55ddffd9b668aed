"""Missing values: in which patterns, tied to what, and what to put in their place."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from mlmastery.data_exploration.columns import EASY, plain
from mlmastery.data_exploration.findings import as_floats
from mlmastery.validation import check_choice, check_count

STRATEGIES = ("mean", "median", "group", "neighbours", "regression")


def missing_patterns(df: pd.DataFrame) -> pd.DataFrame:
    """Count which columns are missing together.

    Returns
    -------
    DataFrame
        One row per pattern, the commonest first: ``columns`` (a tuple of the missing
        ones, empty for complete rows), ``rows`` and ``share``.

    Examples
    --------
    >>> missing_patterns(pd.DataFrame({"a": [1, None, None], "b": [1, None, None]}))
      columns  rows     share
    0  (a, b)     2  0.666667
    1      ()     1  0.333333
    """
    gone = df.isna()
    gone = gone.loc[:, gone.any()]
    if gone.empty:
        return pd.DataFrame({"columns": [()], "rows": [len(df)], "share": [1.0]})
    # A row's gaps as the bits of one word: comparing words is quick in any table.
    packed = np.packbits(gone.to_numpy(), axis=1)
    words = np.zeros((len(df), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    axis = 0 if words.shape[1] > 8 else None
    _, first, counts = np.unique(
        words.view(np.uint64), return_index=True, return_counts=True, axis=axis
    )
    order = np.argsort(-counts, kind="stable")
    masks = gone.to_numpy()[first[order]]
    names = [tuple(gone.columns[mask]) for mask in masks]
    rows = counts[order]
    return pd.DataFrame({"columns": names, "rows": rows, "share": rows / len(df)})


def missing_by(df: pd.DataFrame, column: str, by: str, bins: int = 10) -> pd.Series:
    """Return the share of missing cells in ``column`` within each group of ``by``.

    Parameters
    ----------
    df : DataFrame
    column, by : str
        A number column ``by`` with many values is cut into ``bins`` equal parts.

    Returns
    -------
    Series
        Indexed by the groups.

    Examples
    --------
    >>> df = pd.DataFrame({"x": [1, None, None], "g": ["a", "a", "b"]})
    >>> missing_by(df, "x", "g").to_dict()
    {'a': 0.5, 'b': 1.0}
    """
    _require_one(df, column, "column")
    _require_one(df, by, "by")
    groups = df[by]
    if pd.api.types.is_numeric_dtype(groups) and groups.nunique() > 60:
        groups = pd.Series(as_floats(groups), index=df.index)
        groups = pd.qcut(groups, bins, duplicates="drop")
    gone = df[column].isna().reset_index(drop=True)
    groups = groups.reset_index(drop=True)  # row labels may repeat
    return gone.groupby(groups, observed=True).mean().rename(f"missing {column}")


class ColumnFiller(RegressorMixin, BaseEstimator):
    """Guess a number column from the other columns, by one of five strategies.

    Parameters
    ----------
    strategy : str, default="median"
        ``mean`` and ``median`` of the column; ``group``, the median within the group
        of ``by``; ``neighbours``, the mean of the five rows most alike;
        ``regression``, boosted trees on the other columns.
    by : str or sequence of str, optional
        The grouping columns that ``group`` needs.
    random_state : int, default=0

    Raises
    ------
    ValueError
        From ``fit``, if the strategy is unknown, or ``by`` is missing or not there.

    Examples
    --------
    >>> X = pd.DataFrame({"g": ["a", "a", "b"]})
    >>> filler = ColumnFiller("group", by="g").fit(X, [1.0, 3.0, 10.0])
    >>> filler.predict(pd.DataFrame({"g": ["b", "a"]}))
    array([10.,  2.])
    """

    def __init__(
        self,
        strategy: str = "median",
        by: str | Sequence[str] | None = None,
        random_state: int = 0,
    ) -> None:
        self.strategy = strategy
        self.by = by
        self.random_state = random_state

    def fit(self, X: pd.DataFrame, y: Any) -> "ColumnFiller":
        """Learn from rows in which the column is known."""
        check_choice(self.strategy, "strategy", STRATEGIES)
        y = pd.Series(np.asarray(y, dtype=float), index=X.index)
        if y.empty or not np.isfinite(y).all():
            raise ValueError("y must hold known finite values, and at least one")
        largest = float(y.abs().max())
        self.unit_ = largest if largest > EASY else 1.0  # sums stay finite
        y = y / self.unit_
        self.centre_ = float(y.mean() if self.strategy == "mean" else y.median())
        if self.strategy == "group":
            keys = plain(X[self._groups(X)]).reset_index(drop=True)
            groups = y.reset_index(drop=True).groupby(
                [keys[name] for name in keys], observed=True
            )
            self.medians_ = groups.median()
        elif self.strategy in ("neighbours", "regression"):
            self.columns_ = _usable(X)
            self.codes_ = {
                name: pd.Index(X[name].dropna().unique())
                for name in self.columns_
                if not pd.api.types.is_numeric_dtype(X[name])
            }
            if self.columns_:
                self.model_ = self._model(len(y)).fit(self._features(X), y.to_numpy())
        return self

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return one guess per row, shape (n_rows,)."""
        check_is_fitted(self, "centre_")
        return self._scaled_guesses(X) * self.unit_

    def _scaled_guesses(self, X: pd.DataFrame) -> np.ndarray:
        if self.strategy == "group":
            keys = pd.MultiIndex.from_frame(plain(X[self._groups(X)]))
            medians = self.medians_
            if medians.index.nlevels == 1:
                keys = keys.get_level_values(0)
            fills = medians.reindex(keys).to_numpy(float)
            return np.where(np.isnan(fills), self.centre_, fills)
        if self.strategy in ("mean", "median") or not self.columns_:
            return np.full(len(X), self.centre_)
        return self.model_.predict(self._features(X))

    def _groups(self, X: pd.DataFrame) -> list[str]:
        by = [self.by] if isinstance(self.by, str) else list(self.by or [])
        if not by or not set(by) <= set(X.columns):
            raise ValueError(f"strategy 'group' needs by= with columns of X, got {by}")
        return by

    def _features(self, X: pd.DataFrame) -> np.ndarray:
        """Return numbers as they are and categories as columns of 0 and 1."""
        parts = [
            np.equal.outer(self._codes(X, name), np.arange(len(self.codes_[name])))
            if name in self.codes_
            else as_floats(X[name])[:, None]
            for name in self.columns_
        ]
        return np.hstack(parts).astype(float)

    def _codes(self, X: pd.DataFrame, name: str) -> np.ndarray:
        """Return the place of each cell among the values seen, -1 for any other."""
        return self.codes_[name].get_indexer(pd.Index(X[name]))

    def _model(self, n: int) -> Any:
        if self.strategy == "regression":
            return HistGradientBoostingRegressor(random_state=self.random_state)
        return make_pipeline(
            SimpleImputer(strategy="median"),
            StandardScaler(),
            KNeighborsRegressor(min(5, n)),
        )


def _usable(X: pd.DataFrame) -> list[str]:
    """Name the columns a model can use: not empty, and no names or free text."""
    return [name for name in X.columns if _is_usable(X[name])]


def _is_usable(values: pd.Series) -> bool:
    if pd.api.types.is_complex_dtype(values):
        return False
    if pd.api.types.is_numeric_dtype(values):
        return bool(np.isfinite(as_floats(values)).any())
    try:
        return 0 < values.nunique() <= 30
    except TypeError:  # cells that cannot be compared, such as lists
        return False


def impute(
    df: pd.DataFrame,
    column: str,
    strategy: str = "median",
    *,
    by: str | Sequence[str] | None = None,
    indicator: bool = False,
) -> pd.DataFrame:
    """Return a copy of the table with the missing cells of one number column filled.

    Parameters
    ----------
    df : DataFrame
    column : str
        The column of numbers to fill.
    strategy : str, default="median"
        One of ``mean``, ``median``, ``group``, ``neighbours``, ``regression``: see
        `ColumnFiller`.
    by : str or sequence of str, optional
        For ``group``.
    indicator : bool, default=False
        Whether to add a column ``<column>_was_missing``, which marks the guesses.

    Returns
    -------
    DataFrame

    Raises
    ------
    ValueError
        If the column is not there, does not hold numbers, or is missing in every row.

    Examples
    --------
    >>> impute(pd.DataFrame({"a": [1.0, None, 3.0, 8.0]}), "a")["a"].tolist()
    [1.0, 3.0, 3.0, 8.0]
    """
    check_choice(strategy, "strategy", STRATEGIES)
    _require_numbers(df, column)
    gone = df[column].isna()
    filled = df.copy()
    if gone.any():
        others, values = df.drop(columns=column), as_floats(df[column])
        known = ~np.isnan(values)  # infinite cells teach nothing, and stay
        filler = ColumnFiller(strategy, by).fit(others[known], values[known])
        numbers = filled[column].to_numpy(float, na_value=np.nan).copy()
        numbers[gone.to_numpy()] = filler.predict(others[gone.to_numpy()])
        filled[column] = numbers
    if indicator:
        filled[f"{column}_was_missing"] = gone
    return filled


def _require_one(df: pd.DataFrame, column: str, name: str) -> None:
    if column not in df:
        raise ValueError(f"{name} must be one of the table's columns, got {column!r}")
    if isinstance(df[column], pd.DataFrame):
        raise ValueError(f"df has {df[column].shape[1]} columns named {column!r}")


def _require_numbers(df: pd.DataFrame, column: str) -> None:
    _require_one(df, column, "column")
    if not pd.api.types.is_numeric_dtype(df[column]):
        raise ValueError(f"column {column!r} must hold numbers, got {df[column].dtype}")
    if np.isnan(as_floats(df[column])).all():
        raise ValueError(f"column {column!r} is missing in all {len(df)} rows")


def compare_imputation(
    df: pd.DataFrame,
    column: str,
    *,
    by: str | Sequence[str],
    share: float = 0.2,
    repeats: int = 5,
    random_state: int = 0,
) -> pd.DataFrame:
    """Hide known values at random, let each strategy guess them, and compare.

    Parameters
    ----------
    df : DataFrame
    column : str
        A column of numbers.
    by : str or sequence of str
        The groups of the strategy ``group``.
    share : float, default=0.2
        Of the known values to hide.
    repeats : int, default=5
        How often; every strategy sees the same hidden cells.
    random_state : int, default=0

    Returns
    -------
    DataFrame
        One row per repeat, one column per strategy: the mean absolute error, in the
        column's unit.

    Raises
    ------
    ValueError
        As `impute`, or if ``share`` is not between 0 and 1.
    """
    _require_numbers(df, column)
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, got {share}")
    check_count(repeats, "repeats")
    known = df[np.isfinite(as_floats(df[column]))]
    X, y = known.drop(columns=column), known[column].to_numpy(float)
    rng = np.random.default_rng(random_state)
    errors = []
    for _ in range(repeats):
        hidden = rng.random(len(y)) < share
        if not 0 < hidden.sum() < len(y):
            raise ValueError(
                f"share must hide some of the {len(y)} known values and leave some, "
                f"got {share}, which hides {int(hidden.sum())}"
            )
        errors.append({s: _error(s, by, X, y, hidden) for s in STRATEGIES})
    return pd.DataFrame(errors)


def _error(
    strategy: str,
    by: str | Sequence[str],
    X: pd.DataFrame,
    y: np.ndarray,
    hidden: np.ndarray,
) -> float:
    filler = ColumnFiller(strategy, by).fit(X[~hidden], y[~hidden])
    return float(np.abs(filler.predict(X[hidden]) - y[hidden]).mean())
