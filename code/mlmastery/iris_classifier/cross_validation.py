"""Cross-validation by hand: scores of folds, grid search, nested search, one setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.model_selection import (
    ParameterGrid,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_val_score,
)

from mlmastery.validation import check_count

__all__ = [
    "NestedScores",
    "fold_scores",
    "grid_scores",
    "nested_scores",
    "parameter_impact",
]

Folds = Iterable[tuple[np.ndarray, np.ndarray]]


def fold_scores(
    model: Any,
    X: pd.DataFrame,
    y: pd.Series,
    *,
    n_splits: int = 5,
    n_repeats: int = 1,
    random_state: int = 0,
) -> np.ndarray:
    """Return the accuracy on each fold of a stratified, shuffled cross-validation.

    Returns
    -------
    ndarray of shape (n_splits * n_repeats,)
        The same rows in the same order for every model of one ``random_state``.

    Raises
    ------
    ValueError
        If a class has fewer rows than there are folds.

    Examples
    --------
    >>> from mlmastery.iris_classifier import load, make_classifier
    >>> fold_scores(make_classifier("tree"), *load("iris")).shape
    (5,)
    """
    _check_folds(y, n_splits)
    folds = RepeatedStratifiedKFold(
        n_splits=n_splits, n_repeats=n_repeats, random_state=random_state
    )
    return cross_val_score(model, X, y, cv=folds)


def _check_folds(y: Any, n_splits: int) -> None:
    check_count(n_splits, "n_splits", minimum=2)
    counts = pd.Series(np.asarray(y)).value_counts()
    if counts.empty:
        raise ValueError("y must hold at least one row, got none")
    if counts.min() < n_splits:
        raise ValueError(
            f"class {counts.idxmin()!r} has {counts.min()} rows, too few for "
            f"{n_splits} folds: every fold must have one to test on"
        )


def grid_scores(
    model: Any, grid: Mapping[str, Sequence[Any]], X: Any, y: Any, folds: Folds
) -> pd.DataFrame:
    """Score every combination of settings on the same folds: a grid search by hand.

    Parameters
    ----------
    model : unfitted classifier
    grid : mapping of setting to values
        Names as ``set_params`` takes them, such as ``model__C``.
    X, y : arrays
    folds : iterable of (train, test) row numbers

    Returns
    -------
    DataFrame, one row per combination
        The settings, ``mean`` and ``sd`` of the accuracy over the folds.

    Raises
    ------
    ValueError
        If there are no folds.

    Examples
    --------
    >>> from mlmastery.iris_classifier import load, make_classifier
    >>> X, y = load("iris")
    >>> folds = list(StratifiedKFold(3).split(X, y))
    >>> model, grid = make_classifier("knn"), {"model__n_neighbors": [1, 5]}
    >>> grid_scores(model, grid, X, y, folds).shape
    (2, 3)
    """
    X, y, folds = np.asarray(X), np.asarray(y), list(folds)
    if not folds:
        raise ValueError("folds must hold at least one pair of row numbers, got none")
    combinations = list(ParameterGrid(dict(grid)))
    scores = []
    for settings in combinations:
        of_folds = []
        for train, test in folds:
            fitted = clone(model).set_params(**settings).fit(X[train], y[train])
            of_folds.append(np.mean(fitted.predict(X[test]) == y[test]))
        scores.append(of_folds)
    table = {name: _as_given([c[name] for c in combinations]) for name in grid}
    means, sds = np.mean(scores, axis=1), np.std(scores, axis=1)
    return pd.DataFrame({**table, "mean": means, "sd": sds})


def _as_given(values: Sequence[Any]) -> pd.Series:
    """Return settings as a column: numbers as numbers, others, such as None, as given."""
    numbers = all(isinstance(v, Real) for v in values)
    return pd.Series(list(values), dtype=None if numbers else object)


@dataclass(frozen=True)
class NestedScores:
    """Scores of a whole search on the outer folds and, of its winners, on the inner.

    Examples
    --------
    >>> scores = NestedScores(np.array([0.9, 1.0]), np.array([1.0, 1.0]), ())
    >>> round(scores.optimism, 2)
    0.05
    """

    outer: np.ndarray  # (n_outer,), accuracy of each winner on its outer test fold
    inner: np.ndarray  # (n_outer,), its mean accuracy on the inner folds
    chosen: tuple[dict[str, Any], ...]  # the winner's settings in each outer fold

    @property
    def optimism(self) -> float:
        """Mean inner score of the winners minus their mean outer score."""
        return float(self.inner.mean() - self.outer.mean())


def nested_scores(
    model: Any,
    grid: Mapping[str, Sequence[Any]],
    X: Any,
    y: Any,
    outer: Any = None,
    inner: Any = None,
) -> NestedScores:
    """Search in each training fold, score the winner on its outer test fold.

    Parameters
    ----------
    model, grid, X, y : as for :func:`grid_scores`
    outer, inner : scikit-learn splitters, optional
        By default stratified and shuffled, with five and four folds.

    Raises
    ------
    ValueError
        If a class has too few rows for the folds.

    References
    ----------
    .. [1] Varma and Simon (2006), "Bias in error estimation when using
       cross-validation for model selection", BMC Bioinformatics 7.

    Examples
    --------
    >>> from mlmastery.iris_classifier import load, make_classifier
    >>> grid = {"model__n_neighbors": [1, 5]}
    >>> scores = nested_scores(make_classifier("knn"), grid, *load("iris"))
    >>> len(scores.chosen)
    5
    """
    outer = outer or StratifiedKFold(5, shuffle=True, random_state=0)
    inner = inner or StratifiedKFold(4, shuffle=True, random_state=0)
    for splitter in (outer, inner):
        if isinstance(splitter, StratifiedKFold):
            _check_folds(y, splitter.get_n_splits())
    X, y = np.asarray(X), np.asarray(y)
    outer_scores, inner_scores, chosen = [], [], []
    for train, test in outer.split(X, y):
        folds = list(inner.split(X[train], y[train]))
        scores = grid_scores(model, grid, X[train], y[train], folds)
        best = scores["mean"].idxmax()
        settings = list(ParameterGrid(dict(grid)))[best]
        winner = clone(model).set_params(**settings).fit(X[train], y[train])
        outer_scores.append(np.mean(winner.predict(X[test]) == y[test]))
        inner_scores.append(scores.loc[best, "mean"])
        chosen.append(settings)
    return NestedScores(np.array(outer_scores), np.array(inner_scores), tuple(chosen))


def parameter_impact(
    model: Any,
    setting: str,
    values: Sequence[Any],
    X: Any,
    y: Any,
    *,
    n_splits: int = 5,
    random_state: int = 0,
) -> pd.DataFrame:
    """Measure training and validation accuracy as one setting changes.

    Returns
    -------
    DataFrame indexed by the values
        ``train``, ``validation`` and ``sd`` (of the validation accuracy over the folds).

    Raises
    ------
    ValueError
        If a class has fewer rows than there are folds.

    Examples
    --------
    >>> from mlmastery.iris_classifier import load, make_classifier
    >>> impact = parameter_impact(make_classifier("tree"), "model__max_depth", [1, 3],
    ...                           *load("iris"))
    >>> impact["train"].is_monotonic_increasing
    True
    """
    _check_folds(y, n_splits)
    X, y, values = np.asarray(X), np.asarray(y), list(values)
    folds = StratifiedKFold(n_splits, shuffle=True, random_state=random_state)
    rows = []
    for value in values:
        scores = []
        for train, test in folds.split(X, y):
            fitted = clone(model).set_params(**{setting: value}).fit(X[train], y[train])
            scores.append(
                [np.mean(fitted.predict(X[p]) == y[p]) for p in (train, test)]
            )
        means, sds = np.mean(scores, axis=0), np.std(scores, axis=0)
        rows.append([*means, sds[1]])
    columns = ["train", "validation", "sd"]
    return pd.DataFrame(rows, index=pd.Index(_as_given(values)), columns=columns)
