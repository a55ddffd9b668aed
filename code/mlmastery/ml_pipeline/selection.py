"""Choose features and models inside the folds, and show what happens outside them.

>>> import pandas as pd
>>> scores = pd.DataFrame({"small": [0.80, 0.84], "large": [0.81, 0.85]})
>>> one_standard_error(scores)
'small'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import check_scoring
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import _safe_indexing as rows_of

from mlmastery.validation import check_count, check_number

__all__ = [
    "NestedScores",
    "best_of_noise",
    "noise_selection",
    "one_standard_error",
    "out_of_fold_means",
    "select_model",
]


def noise_selection(
    n_features: int, *, k: int = 20, n_samples: int = 50, random_state: int = 0
) -> dict[str, float]:
    """Return the accuracy on pure noise of k features chosen outside and inside the folds.

    Parameters
    ----------
    n_features : int
        Candidates, standard normal and independent of the two classes.
    k : int, default=20
    n_samples : int, default=50
        Half of them of each class.
    random_state : int, default=0

    Returns
    -------
    dict
        "outside" and "inside", mean accuracy over five folds. The truth is 0.5.

    Examples
    --------
    >>> noise = noise_selection(2000)
    >>> noise["outside"] > 0.8, noise["inside"] < 0.75
    (True, True)
    """
    check_count(n_features, "n_features", minimum=k)
    rng = np.random.default_rng(random_state)
    X = rng.normal(size=(n_samples, n_features))
    y = np.arange(n_samples) % 2
    folds = StratifiedKFold(5, shuffle=True, random_state=random_state)
    chosen = SelectKBest(f_classif, k=k).fit_transform(X, y)
    inside = make_pipeline(
        SelectKBest(f_classif, k=k), LogisticRegression(max_iter=1000)
    )
    return {
        "outside": float(
            cross_val_score(
                LogisticRegression(max_iter=1000), chosen, y, cv=folds
            ).mean()
        ),
        "inside": float(cross_val_score(inside, X, y, cv=folds).mean()),
    }


def best_of_noise(
    n_models: int, *, n_samples: int = 60, random_state: int = 0
) -> dict[str, float]:
    """Return the score of the best of many models on noise, as seen and as nested.

    Parameters
    ----------
    n_models : int
        Each is the same classifier on five noise columns of its own.
    n_samples : int, default=60
    random_state : int, default=0

    Returns
    -------
    dict
        "seen": the best mean accuracy over five folds; "nested": the accuracy on outer
        folds of what the inner folds chose.

    Examples
    --------
    >>> found = best_of_noise(10)
    >>> found["seen"] > found["nested"]
    True
    """
    check_count(n_models, "n_models")
    rng = np.random.default_rng(random_state)
    y = np.arange(n_samples) % 2
    tables = rng.normal(size=(n_models, n_samples, 5))
    folds = StratifiedKFold(5, shuffle=True, random_state=random_state)
    seen = np.mean([_accuracies(tables, y, *f) for f in folds.split(y, y)], axis=0)
    nested = []
    for train, test in folds.split(y, y):
        within = StratifiedKFold(4).split(y[train], y[train])
        inner = [_accuracies(tables[:, train], y[train], *f) for f in within]
        best = int(np.argmax(np.mean(inner, axis=0)))
        nested.append(_accuracies(tables[[best]], y, train, test)[0])
    return {"seen": float(seen.max()), "nested": float(np.mean(nested))}


def _accuracies(
    tables: np.ndarray, y: np.ndarray, train: np.ndarray, test: np.ndarray
) -> np.ndarray:
    """Return the accuracy of a least-squares classifier on each table, all at once."""
    signs = 2.0 * y - 1
    X = tables[:, train]
    gram = X.transpose(0, 2, 1) @ X + np.eye(X.shape[2])
    weights = np.linalg.solve(gram, X.transpose(0, 2, 1) @ signs[train][:, None])
    guess = (tables[:, test] @ weights)[..., 0] > 0
    return (guess == (y[test] == 1)).mean(axis=1)


def out_of_fold_means(
    categories: Any, y: Any, folds: Any, *, smooth: float = 1.0
) -> np.ndarray:
    """Encode each row's category by the mean target of the rows in other folds.

    Parameters
    ----------
    categories : array of shape (n_samples,)
    y : array of shape (n_samples,)
        Numbers.
    folds : splitter
    smooth : float, default=1.0
        Weight of the mean of all rows of the other folds, in rows.

    Returns
    -------
    ndarray of shape (n_samples,)
        No row's own target enters its value, by way of the overall mean neither.

    Examples
    --------
    >>> from sklearn.model_selection import KFold
    >>> out_of_fold_means(["a", "a", "b", "b"], [0, 1, 1, 1], KFold(4)).round(3).tolist()
    [1.0, 0.333, 0.833, 0.833]
    """
    check_number(smooth, "smooth", open=True)
    names, target = pd.Series(np.asarray(categories)), pd.Series(y, dtype=float)
    if len(names) != len(target):
        raise ValueError(
            f"categories and y must have one length, got {len(names)} and {len(target)}"
        )
    out = np.empty(len(target))
    for train, test in folds.split(np.zeros((len(target), 1)), target):
        prior = target.iloc[train].mean()
        groups = target.iloc[train].groupby(names.iloc[train].to_numpy())
        means = (groups.sum() + smooth * prior) / (groups.count() + smooth)
        out[test] = names.iloc[test].map(means).fillna(prior)
    return out


def one_standard_error(scores: pd.DataFrame) -> str:
    """Return the first model whose mean is within a standard error of the best mean.

    Parameters
    ----------
    scores : DataFrame of shape (n_folds, n_models)
        Larger is better; models from simple to complex.

    Returns
    -------
    str
    """
    means = scores.mean()
    best = means.idxmax()
    error = scores[best].std(ddof=1) / np.sqrt(len(scores))
    return str(means.index[means >= means[best] - error][0])


@dataclass(frozen=True)
class NestedScores:
    """Scores of a whole selection, and what it chose.

    Parameters
    ----------
    scores : Series of shape (n_outer,)
        Of the chosen model on each outer fold.
    chosen : Series of shape (n_outer,)
        Its name.
    inner : DataFrame of shape (n_inner, n_models)
        Scores of all models on the inner folds of all rows.
    final : str
        The choice on all rows, by the rule of one standard error.
    """

    scores: pd.Series
    chosen: pd.Series
    inner: pd.DataFrame
    final: str


def select_model(
    candidates: Mapping[str, Any],
    X: Any,
    y: Any,
    *,
    outer: Any,
    inner: Any,
    scoring: str | None = None,
) -> NestedScores:
    """Choose between pipelines by inner folds; score the choosing by outer folds.

    Parameters
    ----------
    candidates : dict of estimators
        From simple to complex: of those within a standard error of the best, the first
        is chosen.
    X : DataFrame or array of shape (n_samples, n_columns)
    y : array of shape (n_samples,)
    outer, inner : splitter
    scoring : str, optional
        As scikit-learn names it; larger is better.

    Returns
    -------
    NestedScores

    Raises
    ------
    ValueError
        If there is no candidate.
    """
    if not candidates:
        raise ValueError("candidates must hold at least one estimator, got none")
    scorer = check_scoring(next(iter(candidates.values())), scoring)
    scores, chosen = [], []
    for train, test in outer.split(X, y):
        X_train, y_train = rows_of(X, train), rows_of(y, train)
        table = _score_all(candidates, X_train, y_train, inner, scoring)
        name = one_standard_error(table)
        model = clone(candidates[name]).fit(X_train, y_train)
        scores.append(float(scorer(model, rows_of(X, test), rows_of(y, test))))
        chosen.append(name)
    table = _score_all(candidates, X, y, inner, scoring)
    return NestedScores(
        pd.Series(scores), pd.Series(chosen), table, one_standard_error(table)
    )


def _score_all(
    candidates: Mapping[str, Any], X: Any, y: Any, cv: Any, scoring: str | None
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: cross_val_score(model, X, y, cv=cv, scoring=scoring)
            for name, model in candidates.items()
        }
    )
