"""The workflow of a classification project, one function for each step.

``load`` → ``split`` → ``explore`` → ``make_classifier`` → ``fit`` → ``score_once``, with
``evaluate`` wherever predictions meet the truth. Cross-validation, between making and
fitting, is in `mlmastery.iris_classifier.cross_validation`.
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
from mlmastery.renamed import renamed
from mlmastery.validation import check_choice, check_share

__all__ = [
    "Evaluation",
    "evaluate",
    "explore",
    "fit",
    "load",
    "make_classifier",
    "score_once",
    "split",
]

TABLES: Mapping[str, tuple[Callable[[], pd.DataFrame], str]] = MappingProxyType(
    {"iris": (load_iris, "species"), "wine": (load_wine, "cultivar")}
)
# The class, and whether it computes distances and so needs features of one scale.
CLASSIFIERS: Mapping[str, tuple[type, bool]] = MappingProxyType(
    {
        "knn": (KNeighborsClassifier, True),
        "svm": (SVC, True),
        "tree": (DecisionTreeClassifier, False),
        "forest": (RandomForestClassifier, False),
    }
)


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
    loader, target = TABLES[check_choice(name, "name", TABLES)]
    table = loader()
    return table.drop(columns=target), table[target]


def explore(X: pd.DataFrame, y: pd.Series) -> pd.DataFrame:
    """Summarise each feature before modelling.

    Parameters
    ----------
    X : DataFrame of shape (n_samples, n_features)
    y : Series of shape (n_samples,)

    Returns
    -------
    DataFrame of shape (n_features, 4 + n_classes)
        ``missing`` cells, ``min``, ``max``, the mean of each class, and ``separation``,
        the F statistic: variance between the class means over variance within the
        classes, near 1 for a feature that does not depend on the class.

    Raises
    ------
    ValueError
        If ``X`` and ``y`` differ in length, there are no rows, or only one class, or a
        column does not hold numbers.

    References
    ----------
    .. [1] Fisher (1925), Statistical Methods for Research Workers, chapter 7.

    Examples
    --------
    >>> explore(*load("iris"))["separation"].idxmax()
    'petal_length'
    """
    _check_table(X, y)
    X = pd.DataFrame(X)
    if not X.columns.is_unique:
        raise ValueError(f"X must name each column once, got {list(X.columns)}")
    texts = [str(name) for name in X if not pd.api.types.is_numeric_dtype(X[name])]
    if texts:
        raise ValueError(f"X must hold numbers only, got others in {', '.join(texts)}")
    groups = X.groupby(np.asarray(y))
    sizes = groups.count()  # of each feature: a row with a gap does not count for it
    k = (sizes > 0).sum()
    between = ((groups.mean() - X.mean()) ** 2).mul(sizes).sum() / (k - 1)
    within = ((X - groups.transform("mean")) ** 2).sum() / (X.count() - k)
    facts = pd.DataFrame({"missing": X.isna().sum(), "min": X.min(), "max": X.max()})
    means = groups.mean().T.add_prefix("mean ")
    return facts.join(means).assign(separation=between / within)


def _check_table(X: Any, y: Any) -> None:
    if np.ndim(y) != 1:
        raise ValueError(f"y must be one-dimensional, got shape {np.shape(y)}")
    if len(X) != len(y):
        raise ValueError(f"X and y must have equally many rows, got {len(X)}, {len(y)}")
    if _in_another_order(X, y):
        raise ValueError(
            "y must have the rows of X in the same order, got the labels of its index "
            "in another; y.loc[X.index] puts them right"
        )
    if not len(y):
        raise ValueError("X and y must have at least one row, got none")
    if pd.isna(y).any():
        raise ValueError(
            f"y must have no missing classes, got {int(pd.isna(y).sum())} of {len(y)}"
        )
    classes = pd.unique(np.asarray(y))
    if len(classes) < 2:
        raise ValueError(f"y must hold at least two classes, got only {classes[0]!r}")


def _in_another_order(X: Any, y: Any) -> bool:
    """Return whether both have an index of the same labels, and it pairs other rows."""
    if not (isinstance(X, pd.DataFrame) and isinstance(y, pd.Series)):
        return False
    unlike = not X.index.equals(y.index) and X.index.is_unique
    return bool(unlike and set(X.index) == set(y.index))


def split(
    X: pd.DataFrame,
    y: pd.Series,
    *,
    test_size: float = 0.2,
    random_state: int,
    name: str = "test",
) -> HoldOut:
    """Hold out a share of every class for the final score.

    Parameters
    ----------
    X, y : as :func:`load` gives them
    test_size : float, default=0.2
        Share of the rows, between 0 and 1; each class gives this share.
    random_state : int
    name : str, default="test"
        Name of the held-out part in the report.

    Raises
    ------
    ValueError
        If rows or classes are missing, or a class is too small to be in both parts.

    Examples
    --------
    >>> held = split(*load("iris"), random_state=0)
    >>> held.y_train.value_counts().tolist()
    [40, 40, 40]
    """
    _check_table(X, y)
    check_share(test_size, "test_size")
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
    make, scaled = CLASSIFIERS[check_choice(kind, "kind", CLASSIFIERS)]
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
    return _check_held(held).fit(clone(model))


def _check_held(held: Any) -> HoldOut:
    if not isinstance(held, HoldOut):
        raise TypeError(
            f"held must be a HoldOut, as split returns it, got {type(held).__name__}"
        )
    return held


# --- evaluation ----------------------------------------------------------------------


@dataclass(frozen=True)
class Evaluation:
    """Metrics of predictions, all from one confusion table.

    Examples
    --------
    >>> evaluation = evaluate(["a", "a", "b"], ["a", "b", "b"])
    >>> round(evaluation.accuracy, 2), evaluation.table.loc["a", "b"].item()
    (0.67, 1)
    """

    accuracy: float
    interval: Interval  # Wilson, 95 %, for independent rows
    table: pd.DataFrame  # confusion table, truth in rows
    summary: pd.DataFrame  # precision, recall, F1 and support


def evaluate(
    y_true: Any, y_pred: Any, labels: Sequence[Any] | None = None
) -> Evaluation:
    """Evaluate predictions against the true labels.

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
    """Score a model on the held-out part, once; a second call raises.

    Raises
    ------
    HoldOutError
        If it was scored before.

    Examples
    --------
    >>> held = split(*load("iris"), random_state=0)
    >>> score_once(fit(make_classifier("svm"), held), held).accuracy > 0.8
    True
    >>> held.scored
    1
    """
    _check_held(held).score(
        model, {"accuracy": lambda y, predicted: float(np.mean(y == predicted))}
    )
    _, y_test, y_pred = held.reveal()
    return evaluate(y_test, y_pred)


__getattr__ = renamed(
    __name__,
    {
        name: f"mlmastery.iris_classifier.cross_validation.{name}"
        for name in (
            "NestedScores",
            "fold_scores",
            "grid_scores",
            "nested_scores",
            "parameter_impact",
        )
    },
)
