"""The chapter's models: features, scaling, what is done about imbalance, classifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from imblearn.pipeline import Pipeline
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from mlmastery.contest import cross_validate_models
from mlmastery.customer_churn.features import GROUPS, ChurnFeatures
from mlmastery.customer_churn.smote import SMOTE
from mlmastery.validation import check_choice

__all__ = [
    "Race",
    "as_records",
    "make_model",
    "published_model",
    "race",
    "scores_by_fold",
]

KINDS = ("logistic", "boosting")
IMBALANCE = ("none", "weights", "smote")


def make_model(
    kind: str = "logistic",
    imbalance: str = "none",
    groups: Sequence[str] = GROUPS,
    random_state: int = 0,
) -> Pipeline:
    """Return an unfitted pipeline from customers to probabilities of leaving.

    Parameters
    ----------
    kind : {"logistic", "boosting"}, default="logistic"
    imbalance : {"none", "weights", "smote"}, default="none"
        Class weights inversely proportional to the classes' shares, or SMOTE on the
        rows that the model is fitted on.
    groups : sequence of str
        Engineered columns, see `ChurnFeatures`.
    random_state : int, default=0

    Raises
    ------
    ValueError
        If ``kind`` or ``imbalance`` is none of these.

    Examples
    --------
    >>> list(make_model("boosting", "smote").named_steps)
    ['features', 'scale', 'resample', 'model']
    """
    check_choice(kind, "kind", KINDS)
    check_choice(imbalance, "imbalance", IMBALANCE)
    steps: list[tuple[str, Any]] = [
        ("features", ChurnFeatures(groups)),
        ("scale", StandardScaler()),
    ]
    if imbalance == "smote":
        steps.append(("resample", SMOTE(random_state=random_state)))
    weight = "balanced" if imbalance == "weights" else None
    return Pipeline([*steps, ("model", _classifier(kind, weight, random_state))])


def _classifier(kind: str, weight: str | None, random_state: int) -> Any:
    if kind == "logistic":
        return LogisticRegression(max_iter=2000, class_weight=weight)
    from lightgbm import LGBMClassifier

    return LGBMClassifier(
        n_estimators=120,
        num_leaves=8,
        learning_rate=0.05,
        class_weight=weight,
        random_state=random_state,
        n_jobs=1,
        verbose=-1,
    )


def published_model() -> Any:
    """Return the published model: words one-hot, numbers as they are, logistic.

    Takes the customers as a DataFrame.

    References
    ----------
    .. [1] Grigorev (2021), Machine Learning Zoomcamp, week 4.

    Examples
    --------
    >>> len(published_model())
    3
    """
    linear = LogisticRegression(solver="liblinear", random_state=1)
    records = FunctionTransformer(as_records)
    return make_pipeline(records, DictVectorizer(sparse=False), linear)


def as_records(customers: pd.DataFrame) -> np.ndarray:
    """Return one dict per customer; a total that is missing becomes 0, as published.

    Examples
    --------
    >>> as_records(pd.DataFrame({"tenure": [0], "total_charges": [np.nan]})).tolist()
    [{'tenure': 0, 'total_charges': 0.0}]
    """
    filled = customers.fillna({"total_charges": 0.0})
    return np.array(filled.to_dict("records"), dtype=object)


def scores_by_fold(
    predictions: pd.DataFrame,
    y: Any,
    folds: Sequence[tuple[np.ndarray, np.ndarray]],
    metric: Callable[[Any, Any], float],
) -> pd.DataFrame:
    """Score out-of-fold predictions by another metric, fold by fold.

    Parameters
    ----------
    predictions : DataFrame of shape (n_samples, n_models)
        As `mlmastery.contest.cross_validate_models` gives them.
    y : array of shape (n_samples,)
    folds : list of (train, test)
    metric : callable
        ``metric(y_true, y_pred)``.

    Returns
    -------
    DataFrame of shape (n_folds, n_models)

    Examples
    --------
    >>> folds = [(None, [0]), (None, [1])]
    >>> predictions = pd.DataFrame({"a": [0.5, 1.0]})
    >>> error = lambda y, p: float(abs(y - p).mean())
    >>> scores_by_fold(predictions, [1, 1], folds, error)["a"].tolist()
    [0.5, 0.0]
    """
    y = np.asarray(y)
    rows: list[Mapping[str, float]] = []
    for _, test in folds:
        part = predictions.iloc[test]
        rows.append({name: metric(y[test], part[name].to_numpy()) for name in part})
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Race:
    """Several models on the same folds, by several metrics.

    Parameters
    ----------
    scores : dict of DataFrame, shape (n_folds, n_models)
        One table per metric.
    rounds : list of (DataFrame of shape (n_customers, n_models), folds)
        Out-of-fold predictions of each shuffle, and its folds.
    seconds : Series of shape (n_models,)
        CPU time, all folds together.
    """

    scores: dict[str, pd.DataFrame]
    rounds: list[tuple[pd.DataFrame, list[tuple[np.ndarray, np.ndarray]]]]
    seconds: pd.Series

    @property
    def predictions(self) -> pd.DataFrame:
        """Out-of-fold predictions of the first shuffle."""
        return self.rounds[0][0]


def race(
    models: Mapping[str, Any],
    X: pd.DataFrame,
    y: Any,
    metrics: Mapping[str, Callable[[Any, Any], float]],
    seeds: Sequence[int] = (1, 2),
) -> Race:
    """Score models on five shuffled folds, once per seed, by each metric.

    Parameters
    ----------
    models : dict of estimators
    X : DataFrame of shape (n_customers, n_columns)
    y : array of 0/1, shape (n_customers,)
    metrics : dict of callables
        ``metric(y_true, probability)``.
    seeds : sequence of int, default=(1, 2)
        One shuffle each.

    Returns
    -------
    Race
    """
    found, seconds = [], []
    for seed in seeds:
        cv = KFold(5, shuffle=True, random_state=seed)
        contest = cross_validate_models(
            models, X, y, cv, roc_auc_score, method="predict_proba"
        )
        found.append((contest.predictions, list(cv.split(X, y))))
        seconds.append(contest.seconds)
    scores = {
        name: pd.concat(
            [scores_by_fold(p, y, folds, metric) for p, folds in found],
            ignore_index=True,
        )
        for name, metric in metrics.items()
    }
    return Race(scores, found, pd.concat(seconds, axis=1).sum(axis=1))
