"""The race: every model chooses one setting among four, on the same inner split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.feature_selection import VarianceThreshold
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    StratifiedKFold,
    StratifiedShuffleSplit,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Binarizer, StandardScaler
from sklearn.svm import LinearSVC

from mlmastery.contest import Contest, cross_validate_models
from mlmastery.inference import paired_interval
from mlmastery.validation import check_choice

from .naive_bayes import MultinomialNaiveBayes
from .nbsvm import NBSVM

__all__ = ["ablation", "against", "choose", "dense_model", "run_race", "word_models"]

INNER = StratifiedShuffleSplit(1, test_size=0.2, random_state=0)
FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)


def choose(model: Any, setting: str, values: Sequence[float]) -> GridSearchCV:
    """Return the model with one setting chosen on a fifth of its training rows.

    Examples
    --------
    >>> choose(MultinomialNaiveBayes(), "alpha", [0.1, 1.0]).param_grid
    {'alpha': [0.1, 1.0]}
    """
    return GridSearchCV(model, {setting: list(values)}, cv=INNER, scoring="accuracy")


def word_models() -> dict[str, Any]:
    """Return the linear models on counts of n-grams, each with four settings to try.

    The first step drops n-grams that no training row has, so that a matrix counted once
    for all rows tells a fold nothing about its test rows.
    """
    penalties = [0.1, 1.0, 4.0, 16.0]
    plain = make_pipeline(TfidfTransformer(), LogisticRegression(solver="liblinear"))
    svm = make_pipeline(TfidfTransformer(), LinearSVC(random_state=0))
    models = {
        "naive Bayes": choose(MultinomialNaiveBayes(), "alpha", [0.1, 0.3, 1.0, 3.0]),
        "TF-IDF, logistic": choose(plain, "logisticregression__C", penalties),
        "TF-IDF, SVM": choose(svm, "linearsvc__C", [0.03, 0.1, 0.3, 1.0]),
        "NB-SVM": make_pipeline(
            Binarizer(), choose(NBSVM(), "C", [0.003, 0.01, 0.1, 1.0])
        ),
    }
    return {k: make_pipeline(VarianceThreshold(), m) for k, m in models.items()}


def dense_model() -> Any:
    """Return a logistic regression on sentence vectors, with four settings to try."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return choose(model, "logisticregression__C", [0.001, 0.01, 0.1, 1.0])


def run_race(
    entries: Mapping[str, tuple[Any, Any]], y: Any, cv: Any = FOLDS, metric: Any = None
) -> Contest:
    """Fit models on the same folds, each on its own representation of the texts.

    Parameters
    ----------
    entries : dict of (model, X)
        X has a row for each label.
    y : array of shape (n_texts,)
    cv : splitter
    metric : callable, optional
        ``metric(y_true, y_pred)``; the accuracy by default.

    Returns
    -------
    Contest
    """
    contests = [
        cross_validate_models({name: model}, X, y, cv, metric or accuracy)
        for name, (model, X) in entries.items()
    ]
    return Contest(
        pd.concat([c.scores for c in contests], axis=1),
        pd.concat([c.predictions.reset_index(drop=True) for c in contests], axis=1),
        pd.concat([c.seconds for c in contests]),
    )


def accuracy(y_true: Any, y_pred: Any) -> float:
    """Return the share of right labels.

    Examples
    --------
    >>> accuracy([0, 1], [0, 0])
    0.5
    """
    true, answered = np.asarray(y_true), np.asarray(y_pred)
    if true.shape != answered.shape or not true.size:
        raise ValueError(
            "y_true and y_pred must be of one shape and hold a label, got shapes "
            f"{true.shape} and {answered.shape}"
        )
    return float(np.mean(true == answered))


def against(scores: pd.DataFrame, base: str, test_to_train: float) -> pd.DataFrame:
    """Return each model's paired difference to one of them, with its interval.

    Parameters
    ----------
    scores : DataFrame of shape (n_folds, n_models)
    base : str
        The column that the others are compared with.
    test_to_train : float
        As in `mlmastery.inference.paired_interval`.

    Examples
    --------
    >>> scores = pd.DataFrame({"a": [0.8, 0.7], "b": [0.9, 0.8]})
    >>> against(scores, "a", 0.25)["mean"].round(2).to_dict()
    {'b': 0.1}
    """
    check_choice(base, "base", scores.columns)
    if scores.isna().to_numpy().any():
        raise ValueError(
            f"scores must not be missing, got {int(scores.isna().sum().sum())} NaN"
        )
    rows = {
        name: paired_interval(scores[name], scores[base], test_to_train)._asdict()
        for name in scores
        if name != base
    }
    return pd.DataFrame(rows).T


def ablation(
    variants: Mapping[str, Any], y: Any, model: Any, cv: Any = FOLDS
) -> pd.DataFrame:
    """Score one model on several countings of the same texts.

    Parameters
    ----------
    variants : dict of matrices of shape (n_texts, n_terms)
    y : array of shape (n_texts,)
    model : estimator
    cv : splitter

    Returns
    -------
    DataFrame of shape (n_folds, n_variants)
        Accuracies.
    """
    fitted = make_pipeline(VarianceThreshold(), model)
    return run_race({name: (fitted, X) for name, X in variants.items()}, y, cv).scores
