"""Learn across data sets: describe them, find near ones, start where they ended.

>>> import pandas as pd
>>> regrets = pd.DataFrame({"a": [0.0, 0.5, 0.2], "b": [0.9, 0.0, 0.3]})
>>> portfolio(regrets, 2)
[1, 0]
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.stats import skew
from sklearn.linear_model import RidgeCV
from sklearn.neighbors import KNeighborsRegressor

from mlmastery.validation import check_count

from .suite import Task
from .tabulated import TabulatedTask, split_task

__all__ = [
    "meta_features",
    "nearest_tasks",
    "portfolio",
    "regret_table",
    "standardised_distances",
]


def meta_features(task: Task, random_state: int = 0) -> pd.Series:
    """Describe a task by numbers that can be had before any search.

    Parameters
    ----------
    task : Task
    random_state : int, default=0
        Decides the split, whose training part alone is looked at for the landmarks.

    Returns
    -------
    Series
        Logarithms of rows and columns, shares of categories and missing cells,
        logarithm of the number of classes (0 for numbers), mean absolute skewness and
        correlation, and two **landmarks**: the losses of a linear model and of the
        nearest neighbour, each trained on one half of the training rows and judged on
        the other.
    """
    split = split_task(task, random_state)
    X, Y = _standardised(split.X_train), split.Y_train
    classes = task.y.nunique() if task.kind == "classes" else 1
    texts = [not pd.api.types.is_numeric_dtype(task.X[name]) for name in task.X]
    correlation = np.corrcoef(X.T) if X.shape[1] > 1 else np.ones((1, 1))
    above = np.abs(correlation[np.triu_indices(len(correlation), 1)])
    return pd.Series(
        {
            "log rows": np.log(len(task.y)),
            "log columns": np.log(X.shape[1]),
            "categories": np.mean(texts),
            "missing": float(task.X.isna().to_numpy().mean()),
            "log classes": np.log(classes),
            "skewness": float(np.log1p(np.abs(skew(X))).mean()),
            "correlation": float(above.mean()) if above.size else 0.0,
            "linear": _landmark(RidgeCV(np.logspace(-2, 3, 6)), X, Y),
            "neighbour": _landmark(KNeighborsRegressor(1), X, Y),
        }
    )


def standardised_distances(features: pd.DataFrame, name: str) -> pd.Series:
    """Return the distance of every other task from one, nearest first.

    Parameters
    ----------
    features : DataFrame
        One row per task.
    name : str

    Returns
    -------
    Series
        Euclidean, of features with mean 0 and standard deviation 1 over the *other*
        tasks. A feature that they share does not count.

    Raises
    ------
    ValueError
        If there is no such task, or a feature is missing.

    Examples
    --------
    >>> features = pd.DataFrame({"f": [0.0, 1.0, 3.0]}, index=["a", "b", "c"])
    >>> standardised_distances(features, "a").to_dict()
    {'b': 1.0, 'c': 3.0}
    """
    if name not in features.index:
        raise ValueError(f"name must be a task of features, got {name!r}")
    if features.isna().to_numpy().any():
        raise ValueError("features must have no missing value, got NaN")
    others = features.drop(index=name)
    spread = others.std(ddof=0)
    used = spread[spread > 0].index
    gaps = (others[used] - features.loc[name, used]) / spread[used]
    return ((gaps**2).sum(axis=1) ** 0.5).sort_values(kind="stable")


def nearest_tasks(features: pd.DataFrame, name: str, k: int) -> list[str]:
    """Return the k tasks nearest to one, which is not among them."""
    check_count(k, "k", maximum=len(features) - 1)
    return standardised_distances(features, name).index[:k].tolist()


def regret_table(tasks: Iterable[TabulatedTask]) -> pd.DataFrame:
    """Return the normalised regret of each configuration on each task.

    Returns
    -------
    DataFrame
        Indexed by `Space.key`, one column per task.
    """
    return pd.DataFrame(
        {t.name: (t.table["loss"] - t.best) / (t.worst - t.best) for t in tasks}
    )


def portfolio(regrets: pd.DataFrame, k: int) -> list:
    """Return k configurations of which one is good on each task, greedily.

    Each is the one that lowers most the mean over tasks of the smallest regret so far.

    Parameters
    ----------
    regrets : DataFrame
        One row per configuration, one column per task.
    k : int

    Returns
    -------
    list
        Labels of rows, in the order of choice.

    Raises
    ------
    ValueError
        If k is not from 1 to the number of configurations, or a regret is missing.
    """
    check_count(k, "k", maximum=len(regrets))
    values = regrets.to_numpy(float)
    if np.isnan(values).any():
        raise ValueError("regrets must have no missing value, got NaN")
    smallest = np.full(values.shape[1], np.inf)
    chosen: list[int] = []
    for _ in range(k):
        means = np.minimum(values, smallest).mean(axis=1)
        means[chosen] = np.inf
        chosen.append(int(means.argmin()))
        smallest = np.minimum(smallest, values[chosen[-1]])
    return regrets.index[chosen].tolist()


def _landmark(
    model: RidgeCV | KNeighborsRegressor, X: np.ndarray, Y: np.ndarray
) -> float:
    half = len(X) // 2
    predicted = model.fit(X[:half], Y[:half]).predict(X[half:]).reshape(Y[half:].shape)
    left = ((predicted - Y[half:]) ** 2).sum()
    return float(min(left / ((Y[half:] - Y[:half].mean(axis=0)) ** 2).sum(), 2.0))


def _standardised(X: np.ndarray) -> np.ndarray:
    varies = X.std(axis=0) > 0
    X = X[:, varies]
    return (X - X.mean(axis=0)) / X.std(axis=0)
