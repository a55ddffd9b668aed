"""The workflow of a classification project, one function for each step.

``load`` → ``split`` → ``explore`` → ``make_classifier`` → ``fold_scores`` → ``fit`` →
``score_once``, with ``evaluate`` wherever predictions meet the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import (
    ParameterGrid,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from mlmastery.bookkit import HoldOut
from mlmastery.datasets import load_iris, load_wine
from mlmastery.inference import Interval, wilson_interval
from mlmastery.iris_classifier.metrics import (
    accuracy,
    classification_summary,
    confusion_table,
)

__all__ = [
    "Evaluation",
    "NestedScores",
    "evaluate",
    "explore",
    "fit",
    "fold_scores",
    "grid_scores",
    "load",
    "make_classifier",
    "nested_scores",
    "parameter_impact",
    "score_once",
    "split",
]

TABLES: Mapping[str, tuple[Callable[[], pd.DataFrame], str]] = MappingProxyType(
    {"iris": (load_iris, "species"), "wine": (load_wine, "cultivar")}
)
# What to make, and whether it measures distances and so needs features of one scale.
CLASSIFIERS: Mapping[str, tuple[type, bool]] = MappingProxyType(
    {
        "knn": (KNeighborsClassifier, True),
        "svm": (SVC, True),
        "tree": (DecisionTreeClassifier, False),
        "forest": (RandomForestClassifier, False),
    }
)
Folds = Sequence[tuple[np.ndarray, np.ndarray]]


# --- load, explore, split ------------------------------------------------------------


def load(name: str) -> tuple[pd.DataFrame, pd.Series]:
    """Load a table as features and classes.

    Parameters
    ----------
    name : {"iris", "wine"}

    Returns
    -------
    X : DataFrame of shape (n_samples, n_features)
    y : Series of shape (n_samples,)

    Raises
    ------
    ValueError
        If there is no such table here.

    Examples
    --------
    >>> X, y = load("iris")
    >>> X.shape, y.nunique()
    ((150, 4), 3)
    """
    if name not in TABLES:
        raise ValueError(f"name must be one of {', '.join(TABLES)}, got {name!r}")
    loader, target = TABLES[name]
    table = loader()
    return table.drop(columns=target), table[target]


def explore(X: pd.DataFrame, y: pd.Series) -> pd.DataFrame:
    """Say of each feature what to know before modelling.

    Returns
    -------
    DataFrame of shape (n_features, 4 + n_classes)
        ``missing`` cells, ``min``, ``max``, the mean of each class, and ``separation``:
        variance between the class means over variance within the classes (the F
        statistic); near 1 for a feature that tells nothing.

    Raises
    ------
    ValueError
        If ``X`` and ``y`` differ in length, there are no rows, or only one class.

    References
    ----------
    .. [1] Fisher (1925), Statistical Methods for Research Workers, chapter 7.

    Examples
    --------
    >>> explore(*load("iris"))["separation"].idxmax()
    'petal_length'
    """
    _check_table(X, y)
    groups = X.groupby(y.to_numpy())
    sizes, k = groups.size(), y.nunique()
    between = ((groups.mean() - X.mean()) ** 2).mul(sizes, axis=0).sum() / (k - 1)
    within = ((X - groups.transform("mean")) ** 2).sum() / (len(X) - k)
    facts = pd.DataFrame({"missing": X.isna().sum(), "min": X.min(), "max": X.max()})
    means = groups.mean().T.add_prefix("mean ")
    return facts.join(means).assign(separation=between / within)


def _check_table(X: Any, y: Any) -> None:
    if len(X) != len(y):
        raise ValueError(f"X and y must have equally many rows, got {len(X)}, {len(y)}")
    if not len(y):
        raise ValueError("X and y must have at least one row, got none")
    if pd.isna(y).any():
        raise ValueError(
            f"y must have no missing classes, got {int(pd.isna(y).sum())} of {len(y)}"
        )
    classes = pd.unique(np.asarray(y))
    if len(classes) < 2:
        raise ValueError(f"y must hold at least two classes, got only {classes[0]!r}")


def split(
    X: pd.DataFrame,
    y: pd.Series,
    *,
    test_size: float = 0.2,
    random_state: int,
    name: str = "test",
) -> HoldOut:
    """Lock a share of every class away for the final score.

    Parameters
    ----------
    X, y : as :func:`load` gives them
    test_size : float, default=0.2
        Share of the rows, between 0 and 1; each class gives this share.
    random_state : int
    name : str, default="test"
        What the report calls the locked part.

    Raises
    ------
    ValueError
        If the table is unusable or a class too small to be in both parts.

    Examples
    --------
    >>> held = split(*load("iris"), random_state=0)
    >>> held.y_train.value_counts().tolist()
    [40, 40, 40]
    """
    _check_table(X, y)
    if not 0 < test_size < 1:
        raise ValueError(f"test_size must lie between 0 and 1, got {test_size}")
    counts = pd.Series(np.asarray(y)).value_counts()
    share = min(test_size, 1 - test_size)
    if counts.min() < 2 or round(counts.min() * share) < 1:
        raise ValueError(
            f"class {counts.idxmin()!r} has {counts.min()} rows, too few to be in both "
            f"parts with test_size={test_size}"
        )
    return HoldOut(
        X, y, test_size=test_size, random_state=random_state, stratify=y, name=name
    )


# --- models --------------------------------------------------------------------------


def make_classifier(kind: str, **settings: Any) -> Pipeline:
    """Make an unfitted classifier with the preprocessing that it needs.

    Parameters
    ----------
    kind : {"knn", "svm", "tree", "forest"}
    **settings
        Of scikit-learn's class; the step is called ``model``.

    Returns
    -------
    Pipeline
        With a ``scale`` step where distances matter, without one for trees.

    Raises
    ------
    ValueError
        If there is no such kind, or it has no such setting.

    Examples
    --------
    >>> list(make_classifier("knn", n_neighbors=3).named_steps)
    ['scale', 'model']
    >>> list(make_classifier("tree").named_steps)
    ['model']
    """
    if kind not in CLASSIFIERS:
        raise ValueError(f"kind must be one of {', '.join(CLASSIFIERS)}, got {kind!r}")
    make, scaled = CLASSIFIERS[kind]
    known = make().get_params()
    unknown = [name for name in settings if name not in known]
    if unknown:
        raise ValueError(
            f"{kind} has no setting {', '.join(unknown)}; it has {', '.join(known)}"
        )
    if "random_state" in known:
        settings = {"random_state": 0, **settings}
    model = make(**settings)
    scale = [("scale", StandardScaler())] if scaled else []
    return Pipeline([*scale, ("model", model)])


def fit(model: Any, held: HoldOut) -> Any:
    """Fit a fresh copy of the model on the training part.

    Examples
    --------
    >>> held = split(*load("iris"), random_state=0)
    >>> fit(make_classifier("tree"), held).classes_.tolist()
    ['setosa', 'versicolor', 'virginica']
    """
    return held.fit(clone(model))


# --- evaluation ----------------------------------------------------------------------


@dataclass(frozen=True)
class Evaluation:
    """What is to be said of predictions, all of it from one table of counts.

    Examples
    --------
    >>> found = evaluate(["a", "a", "b"], ["a", "b", "b"])
    >>> round(found.accuracy, 2), found.table.loc["a", "b"].item()
    (0.67, 1)
    """

    accuracy: float
    interval: Interval  # Wilson, 95 %, for independent rows
    table: pd.DataFrame  # confusion table, truth in rows
    summary: pd.DataFrame  # precision, recall, F1 and support


def evaluate(
    y_true: Any, y_pred: Any, labels: Sequence[Any] | None = None
) -> Evaluation:
    """Compare predictions with the truth.

    Parameters
    ----------
    y_true, y_pred : array of shape (n_samples,)
    labels : sequence, optional
        Classes in the order of the tables.

    Raises
    ------
    ValueError
        If the labels are empty, missing, unknown, or differ in number.

    Examples
    --------
    >>> evaluate([1, 2, 2], [1, 2, 2]).accuracy
    1.0
    """
    table = confusion_table(y_true, y_pred, labels)
    counts = table.to_numpy()
    return Evaluation(
        accuracy=accuracy(table),
        interval=wilson_interval(int(np.trace(counts)), int(counts.sum())),
        table=table,
        summary=classification_summary(y_true, y_pred, labels),
    )


def score_once(model: Any, held: HoldOut) -> Evaluation:
    """Open the locked part, for this one model; a second call raises.

    Raises
    ------
    HoldOutError
        If it was opened before.

    Examples
    --------
    >>> held = split(*load("iris"), random_state=0)
    >>> score_once(fit(make_classifier("svm"), held), held).accuracy > 0.8
    True
    >>> held.scored
    1
    """
    held.score(model, {"accuracy": lambda truth, guess: float(np.mean(truth == guess))})
    _, y_test, y_pred = held.reveal()
    return evaluate(y_test, y_pred)


# --- cross-validation ----------------------------------------------------------------


def fold_scores(
    model: Any,
    X: pd.DataFrame,
    y: pd.Series,
    *,
    n_splits: int = 5,
    n_repeats: int = 1,
    random_state: int = 0,
) -> np.ndarray:
    """Accuracy on each fold of a stratified, shuffled cross-validation.

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
    >>> fold_scores(make_classifier("tree"), *load("iris")).shape
    (5,)
    """
    _check_folds(y, n_splits)
    folds = RepeatedStratifiedKFold(
        n_splits=n_splits, n_repeats=n_repeats, random_state=random_state
    )
    return cross_val_score(model, X, y, cv=folds)


def _check_folds(y: Any, n_splits: int) -> None:
    if n_splits < 2:
        raise ValueError(f"n_splits must be at least 2, got {n_splits}")
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
    folds : sequence of (train, test) row numbers

    Returns
    -------
    DataFrame, one row per combination
        The settings, ``mean`` and ``sd`` of the accuracy over the folds.

    Examples
    --------
    >>> X, y = load("iris")
    >>> folds = list(StratifiedKFold(3).split(X, y))
    >>> model, grid = make_classifier("knn"), {"model__n_neighbors": [1, 5]}
    >>> grid_scores(model, grid, X, y, folds).shape
    (2, 3)
    """
    X, y = np.asarray(X), np.asarray(y)
    rows = []
    for settings in ParameterGrid(dict(grid)):
        scores = []
        for train, test in folds:
            fitted = clone(model).set_params(**settings).fit(X[train], y[train])
            scores.append(np.mean(fitted.predict(X[test]) == y[test]))
        rows.append({**settings, "mean": np.mean(scores), "sd": np.std(scores)})
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class NestedScores:
    """Scores of a whole search: outside, where it never looked, and inside.

    Examples
    --------
    >>> NestedScores(np.array([0.9, 1.0]), np.array([1.0, 1.0]), ()).optimism.__round__(2)
    0.05
    """

    outer: np.ndarray  # (n_outer,), accuracy of each winner on its outer test fold
    inner: np.ndarray  # (n_outer,), the score that made it the winner
    chosen: tuple[dict[str, Any], ...]  # the winner's settings in each outer fold

    @property
    def optimism(self) -> float:
        """How much higher the winners scored where they were chosen."""
        return float(self.inner.mean() - self.outer.mean())


def nested_scores(
    model: Any,
    grid: Mapping[str, Sequence[Any]],
    X: Any,
    y: Any,
    outer: Any = None,
    inner: Any = None,
) -> NestedScores:
    """Search inside every training fold, and score the winner outside.

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
    >>> X, y = load("iris")
    >>> found = nested_scores(make_classifier("knn"), {"model__n_neighbors": [1, 5]}, X, y)
    >>> len(found.chosen)
    5
    """
    outer = outer or StratifiedKFold(5, shuffle=True, random_state=0)
    inner = inner or StratifiedKFold(4, shuffle=True, random_state=0)
    _check_folds(y, max(outer.get_n_splits(), inner.get_n_splits()))
    X, y = np.asarray(X), np.asarray(y)
    outside, inside, chosen = [], [], []
    for train, test in outer.split(X, y):
        folds = list(inner.split(X[train], y[train]))
        found = grid_scores(model, grid, X[train], y[train], folds)
        best = found.loc[found["mean"].idxmax()]
        settings = {name: found.loc[best.name, name] for name in grid}
        winner = clone(model).set_params(**settings).fit(X[train], y[train])
        outside.append(np.mean(winner.predict(X[test]) == y[test]))
        inside.append(best["mean"])
        chosen.append(settings)
    return NestedScores(np.array(outside), np.array(inside), tuple(chosen))


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
    """Accuracy on training rows and on left-out rows as one setting changes.

    Returns
    -------
    DataFrame indexed by the values
        ``train``, ``left out`` and ``sd`` (of the left-out accuracy over the folds).

    Raises
    ------
    ValueError
        If a class has fewer rows than there are folds.

    Examples
    --------
    >>> impact = parameter_impact(make_classifier("tree"), "model__max_depth", [1, 3],
    ...                           *load("iris"))
    >>> impact["train"].is_monotonic_increasing
    True
    """
    _check_folds(y, n_splits)
    X, y = np.asarray(X), np.asarray(y)
    folds = StratifiedKFold(n_splits, shuffle=True, random_state=random_state)
    rows = {}
    for value in values:
        scores = []
        for train, test in folds.split(X, y):
            fitted = clone(model).set_params(**{setting: value}).fit(X[train], y[train])
            scores.append(
                [np.mean(fitted.predict(X[p]) == y[p]) for p in (train, test)]
            )
        means, sds = np.mean(scores, axis=0), np.std(scores, axis=0)
        rows[value] = [*means, sds[1]]
    columns = ["train", "left out", "sd"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)
