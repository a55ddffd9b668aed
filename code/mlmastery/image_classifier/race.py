"""Several finished classifiers on the same images, and what their scores are worth."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from scipy.stats import binomtest


class Entrants:
    """Fitted classifiers that answer together, so that a test set is opened once.

    Parameters
    ----------
    models : dict of fitted classifiers
        Each with ``predict_proba`` for images, and the same two classes.
    """

    def __init__(self, models: Mapping[str, Any]) -> None:
        self.models = dict(models)

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return each model's probability of the second class, shape (n, models)."""
        return np.column_stack([m.predict_proba(X)[:, 1] for m in self.models.values()])

    def accuracies(self, positive: str) -> dict[str, Callable[[Any, Any], float]]:
        """Return a metric for each model: its share of right answers."""

        def metric(i: int) -> Callable[[Any, Any], float]:
            return lambda y, p: float(((p[:, i] > 0.5) == (y == positive)).mean())

        return {name: metric(i) for i, name in enumerate(self.models)}


def with_intervals(right: pd.DataFrame) -> pd.DataFrame:
    """Summarise who was right about what: accuracy with its Wilson interval.

    Parameters
    ----------
    right : DataFrame of bool
        One row per image, one column per model.

    Returns
    -------
    DataFrame
        ``accuracy``, ``low``, ``high`` (95 %), best first.

    Examples
    --------
    >>> with_intervals(pd.DataFrame({"a": [True] * 9 + [False]})).round(2)
       accuracy  low  high
    a       0.9  0.6  0.98
    """
    rows = {}
    for name in right:
        hits, n = int(right[name].sum()), len(right)
        low, high = binomtest(hits, n).proportion_ci(method="wilson")
        rows[name] = {"accuracy": hits / n, "low": low, "high": high}
    return pd.DataFrame(rows).T.sort_values("accuracy", ascending=False)


def paired(right: pd.DataFrame, first: str, second: str) -> tuple[int, int, float]:
    """Compare two models where they disagree (McNemar's exact test).

    Returns
    -------
    (int, int, float)
        How often only ``first`` was right, how often only ``second``, and the two-sided
        p-value of such a split if neither were better.

    References
    ----------
    .. [1] McNemar (1947), "Note on the Sampling Error of the Difference between
       Correlated Proportions or Percentages", Psychometrika 12.

    Examples
    --------
    >>> right = pd.DataFrame({"a": [True] * 8, "b": [False] * 7 + [True]})
    >>> paired(right, "a", "b")
    (7, 0, 0.015625)
    """
    only_first = int((right[first] & ~right[second]).sum())
    only_second = int((right[second] & ~right[first]).sum())
    either = only_first + only_second
    p = binomtest(only_first, either).pvalue if either else 1.0
    return only_first, only_second, float(p)


def recorded_ablation(epochs: int) -> pd.DataFrame:
    """Return what `benchmarks/image_ablation.py` measured: accuracies after some epochs.

    Parameters
    ----------
    epochs : {8, 40}

    Returns
    -------
    DataFrame of shape (10, 5)
        One row per seed, one column per setting of the network.

    Raises
    ------
    ValueError
        If nothing was recorded after so many epochs.

    Examples
    --------
    >>> recorded_ablation(8).columns[0]
    'plain'
    """
    table = pd.read_csv(Path(__file__).with_name("ablation.csv"))
    found = table[table["epochs"] == epochs]
    if found.empty:
        known = sorted(set(table["epochs"]))
        raise ValueError(f"epochs must be one of {known}, got {epochs}")
    return found.pivot(index="seed", columns="setting", values="accuracy")[
        found["setting"].unique()
    ]


def mean_intervals(values: pd.DataFrame) -> pd.DataFrame:
    """Summarise repeated measurements: their mean with its interval by Student's t.

    Parameters
    ----------
    values : DataFrame
        One row per repeat, at least two, one column per quantity.

    Returns
    -------
    DataFrame
        ``mean``, ``low``, ``high`` (95 %), one row per column of ``values``.

    Raises
    ------
    ValueError
        If there are fewer than two repeats.

    Examples
    --------
    >>> mean_intervals(pd.DataFrame({"a": [1.0, 2.0, 3.0]})).round(2)
       mean   low  high
    a   2.0 -0.48  4.48
    """
    n = len(values)
    if n < 2:
        raise ValueError(f"values must have at least two rows, got {n}")
    half = stats.t.ppf(0.975, n - 1) * values.std() / n**0.5
    mean = values.mean()
    return pd.DataFrame({"mean": mean, "low": mean - half, "high": mean + half})


def learning_curve(
    fit: Callable[[np.ndarray, int], Callable[[np.ndarray], np.ndarray]],
    order: Sequence[np.ndarray],
    y: np.ndarray,
    sizes: Iterable[int],
    watched: np.ndarray,
) -> pd.DataFrame:
    """Train on ever more rows and score on rows that are never trained on.

    Parameters
    ----------
    fit : callable
        ``fit(rows, seed)`` returns a function from rows to predicted classes.
    order : sequence of arrays
        For each seed the training rows in some order; the first n are used.
    y : ndarray
        Classes of all rows.
    sizes : iterable of int
    watched : ndarray
        Rows to score on.

    Returns
    -------
    DataFrame
        ``n``, ``seed`` and ``accuracy``.
    """
    found = []
    for seed, rows in enumerate(order):
        for n in sizes:
            predict = fit(rows[:n], seed)
            accuracy = float(np.mean(predict(watched) == y[watched]))
            found.append({"n": n, "seed": seed, "accuracy": accuracy})
    return pd.DataFrame(found)
