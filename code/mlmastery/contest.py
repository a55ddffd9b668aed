"""Compare models on equal terms: the same folds, the same rows, the same test set.

Nothing here knows any chapter's models or data.

>>> from sklearn.dummy import DummyRegressor
>>> from sklearn.model_selection import KFold
>>> models = {"mean": DummyRegressor()}
>>> contest = cross_validate_models(
...     models, [[0.0]] * 6, [1.0] * 6, KFold(3), lambda y, p: abs(y - p).mean()
... )
>>> contest.scores["mean"].tolist()
[0.0, 0.0, 0.0]
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.utils import _safe_indexing as rows_of

from mlmastery.validation import check_choice

__all__ = ["Contest", "ModelPanel", "cross_validate_models"]

Metric = Callable[[Any, Any], float]


@dataclass(frozen=True)
class Contest:
    """Scores, out-of-fold predictions and CPU seconds of several models.

    Parameters
    ----------
    scores : DataFrame of shape (n_folds, n_models)
        One score per fold; a row is the same fold for all.
    predictions : DataFrame of shape (n_samples, n_models)
        Each row as predicted by the model that did not see it. Where folds repeat, the
        last prediction; where a row is in no test fold, NaN.
    seconds : Series of shape (n_models,)
        CPU time of fitting and predicting, all folds together.
    """

    scores: pd.DataFrame
    predictions: pd.DataFrame
    seconds: pd.Series


def cross_validate_models(
    models: Mapping[str, Any],
    X: Any,
    y: Any,
    cv: Any,
    metric: Metric,
    *,
    method: str = "predict",
    averages: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Contest:
    """Fit and score several models on the same folds.

    Parameters
    ----------
    models : dict of estimators
        Each is cloned for each fold.
    X : DataFrame or array of shape (n_samples, ...)
    y : array of shape (n_samples,)
    cv : splitter
        Such as ``KFold(10, shuffle=True, random_state=0)``.
    metric : callable
        ``metric(y_true, y_pred)``.
    method : {"predict", "predict_proba"}, default="predict"
        With "predict_proba" the prediction is the second class's probability.
    averages : dict of sequences of str, default={}
        Further entries: the mean prediction of these models, which are not fitted again.
        Their seconds are those of their members.

    Returns
    -------
    Contest

    Raises
    ------
    ValueError
        If there is no model, an average has an unknown one or the name of a model, or
        ``method`` is neither.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.metrics import accuracy_score
    >>> from sklearn.model_selection import KFold
    >>> models = {"majority": DummyClassifier()}
    >>> y = [0, 0, 0, 1]
    >>> contest = cross_validate_models(
    ...     models, [[0]] * 4, y, KFold(2), accuracy_score
    ... )
    >>> contest.scores["majority"].tolist()
    [1.0, 0.5]
    """
    if not models:
        raise ValueError("models must hold at least one estimator, got none")
    check_choice(method, "method", ("predict", "predict_proba"))
    averages = {name: tuple(members) for name, members in averages.items()}
    if both := sorted(set(models) & set(averages)):
        raise ValueError(f"averages must have other names than models, got {both}")
    y = np.asarray(y)
    folds = list(cv.split(X, y))
    answers, seconds = {}, {}
    for name, model in models.items():
        start = time.process_time()
        answers[name] = [_fit_predict(model, X, y, fold, method) for fold in folds]
        seconds[name] = time.process_time() - start
    for name, members in averages.items():
        for member in members:
            check_choice(member, f"averages[{name!r}]", models)
        by_fold = zip(*(answers[member] for member in members), strict=True)
        answers[name] = [np.mean(p, axis=0) for p in by_fold]
        seconds[name] = sum(seconds[member] for member in members)
    return _scored(answers, seconds, X, y, folds, metric)


def _scored(
    answers: dict, seconds: dict, X: Any, y: np.ndarray, folds: list, metric: Metric
) -> Contest:
    scores, predictions = {}, {}
    for name, by_fold in answers.items():
        pairs = list(zip(folds, by_fold, strict=True))
        scores[name] = [float(metric(y[test], p)) for (_, test), p in pairs]
        predictions[name] = _by_row(pairs, len(y))
    return Contest(
        pd.DataFrame(scores),
        pd.DataFrame(predictions).set_axis(_index(X, len(y))),
        pd.Series(seconds, name="seconds"),
    )


def _fit_predict(model: Any, X: Any, y: Any, fold: tuple, method: str) -> np.ndarray:
    train, test = fold
    fitted = clone(model).fit(rows_of(X, train), y[train])
    return _predict(fitted, rows_of(X, test), method)


def _predict(fitted: Any, X: Any, method: str) -> np.ndarray:
    answer = np.asarray(getattr(fitted, method)(X))
    return answer[:, 1] if method == "predict_proba" else answer


def _by_row(pairs: list, n: int) -> pd.Series:
    """Put the folds' predictions in the order of the rows."""
    rows = np.concatenate([test for (_, test), _ in pairs])
    values = pd.Series(np.concatenate([p for _, p in pairs]), index=rows)
    return values[~values.index.duplicated(keep="last")].reindex(range(n))


def _index(X: Any, n: int) -> pd.Index:
    return X.index if isinstance(X, pd.DataFrame) else pd.RangeIndex(n)


class ModelPanel(BaseEstimator):
    """Several models as one, whose prediction has a column for each.

    So that one look at a test set compares them all, on the same rows.

    Parameters
    ----------
    models : dict of estimators
        Fitted or not; `fit` fits a clone of each, and without it they answer as they
        are.

    Attributes
    ----------
    models_ : dict of estimators
        The fitted clones, after `fit`.

    Examples
    --------
    >>> from sklearn.dummy import DummyRegressor
    >>> panel = ModelPanel({"a": DummyRegressor(), "b": DummyRegressor()})
    >>> panel.fit([[0], [1]], [10.0, 20.0]).predict([[5]])
    array([[15., 15.]])
    """

    def __init__(self, models: Mapping[str, Any]) -> None:
        self.models = models

    def fit(self, X: Any, y: Any) -> ModelPanel:
        """Fit a clone of each model and return self."""
        self.models_ = {name: clone(m).fit(X, y) for name, m in self.models.items()}
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return predictions, shape (n_samples, n_models)."""
        return self._columns(X, "predict")

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the probabilities of the second class, shape (n_samples, n_models)."""
        return self._columns(X, "predict_proba")

    def metrics(self, metric: Metric) -> dict[str, Metric]:
        """Return the metric for each model: applied to that model's column.

        Parameters
        ----------
        metric : callable
            ``metric(y_true, y_pred)`` for the predictions of one model.

        Examples
        --------
        >>> panel = ModelPanel({"a": None, "b": None})
        >>> worst = panel.metrics(lambda y, p: float(abs(y - p).max()))
        >>> worst["b"](np.array([1.0]), np.array([[1.0, 3.0]]))
        2.0
        """

        def of_column(i: int) -> Metric:
            return lambda y_true, y_pred: metric(y_true, y_pred[:, i])

        return {name: of_column(i) for i, name in enumerate(self.models)}

    def _columns(self, X: Any, method: str) -> np.ndarray:
        fitted = getattr(self, "models_", self.models)
        return np.column_stack([_predict(m, X, method) for m in fitted.values()])
