"""The chapter's models: features, scaling, what is done about imbalance, classifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from imblearn.pipeline import Pipeline
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from mlmastery.customer_churn.features import GROUPS, ChurnFeatures
from mlmastery.customer_churn.smote import SMOTE
from mlmastery.validation import check_choice

__all__ = ["make_model", "scores_by_fold"]

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
