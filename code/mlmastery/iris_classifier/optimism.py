"""Optimism of the best of many scores on one test set."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.utils.validation import check_array

from mlmastery.iris_classifier.by_hand import knn_predict
from mlmastery.validation import check_count

__all__ = ["Chosen", "choose_on_test", "draw_like", "expected_best", "reuse_optimism"]


def expected_best(n_candidates: int, n_test: int, accuracy: float) -> float:
    """Return the expected highest score of equally good models on one test set.

    Exact, for models that err independently of each other.

    Parameters
    ----------
    n_candidates, n_test : int
        Number of models scored, and of rows of the test set.
    accuracy : float
        True accuracy of each model, in [0, 1].

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    >>> expected_best(1, 30, 0.5), round(expected_best(100, 30, 0.5), 2)
    (0.5, 0.73)
    """
    _check_candidates(n_candidates, n_test, accuracy)
    # E[max] is the sum over x of P(max > x), and max <= x only if all scores are.
    below = stats.binom.cdf(np.arange(n_test), n_test, accuracy)
    return float((1 - below**n_candidates).sum() / n_test)


def reuse_optimism(
    n_candidates: int,
    n_test: int,
    accuracy: float,
    repeats: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Simulate how far the best of many scores lies above the true accuracy.

    Parameters
    ----------
    n_candidates, n_test, accuracy : int, int and float
        As for `expected_best`.
    repeats : int
        Number of simulated test sets.
    rng : numpy Generator

    Returns
    -------
    ndarray of shape (repeats,)
        Highest score minus ``accuracy``, for each simulated test set.

    Examples
    --------
    >>> gaps = reuse_optimism(100, 30, 0.5, 2000, np.random.default_rng(0))
    >>> round(float(gaps.mean()), 2)
    0.23
    """
    _check_candidates(n_candidates, n_test, accuracy)
    check_count(repeats, "repeats")
    hits = rng.binomial(n_test, accuracy, size=(repeats, n_candidates))
    return hits.max(axis=1) / n_test - accuracy


def draw_like(
    X: pd.DataFrame, y: pd.Series, n_per_class: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw new rows from one normal distribution for each class of a table.

    Parameters
    ----------
    X : DataFrame or array of shape (m, n)
    y : Series or array of shape (m,)
        Each class gives its own mean and covariance.
    n_per_class : int
    rng : numpy Generator

    Returns
    -------
    rows : ndarray of shape (n_classes * n_per_class, n)
    labels : ndarray of shape (n_classes * n_per_class,)
        The classes in sorted order, each ``n_per_class`` times.

    Raises
    ------
    ValueError
        If ``n_per_class`` is out of its range, a class has fewer than two rows, a cell
        or a label is missing, or ``X`` and ``y`` differ in length.

    Examples
    --------
    >>> from mlmastery.iris_classifier import load
    >>> rows, labels = draw_like(*load("iris"), 10, np.random.default_rng(0))
    >>> rows.shape, labels[[0, 29]].tolist()
    ((30, 4), ['setosa', 'virginica'])
    """
    check_count(n_per_class, "n_per_class")
    values, labels = check_array(X, dtype=np.float64, input_name="X"), np.asarray(y)
    if len(values) != len(labels) or pd.isna(labels).any():
        raise ValueError(
            f"y must hold a label for each of the {len(values)} rows of X, "
            f"got {int((~pd.isna(labels)).sum())}"
        )
    classes, counts = np.unique(labels, return_counts=True)
    if counts.min() < 2:
        raise ValueError(
            f"class {classes[counts.argmin()]!s} has 1 row, too few for a covariance"
        )
    groups = [values[labels == name] for name in classes]
    rows = [
        rng.multivariate_normal(
            group.mean(axis=0), np.atleast_2d(np.cov(group.T)), n_per_class
        )
        for group in groups
    ]
    return np.vstack(rows), np.repeat(classes, n_per_class)


class Chosen(NamedTuple):
    """Two scores of a model that was chosen on a test set.

    Examples
    --------
    >>> Chosen(reported=1.0, fresh=0.95).fresh
    0.95
    """

    reported: float  # on the test set that chose it
    fresh: float  # on rows that chose nothing


def choose_on_test(
    X: pd.DataFrame,
    y: pd.Series,
    rng: np.random.Generator,
    *,
    neighbours: Sequence[int] = (1, 5, 9, 15),
    sizes: tuple[int, int, int] = (20, 10, 200),
) -> Chosen:
    """Try nearest neighbours on all feature subsets; choose on the test set.

    All rows are drawn by `draw_like`, so that fresh ones are free.

    Parameters
    ----------
    X, y : DataFrame and Series
        The table that `draw_like` resembles.
    rng : numpy Generator
    neighbours : sequence of int
        Numbers of neighbours to try with each subset.
    sizes : three of int
        Rows of each class to train on, to choose on, and fresh ones.

    Returns
    -------
    Chosen

    Raises
    ------
    ValueError
        If there are no numbers of neighbours to try, or one exceeds the training rows.

    Examples
    --------
    >>> from mlmastery.iris_classifier import load
    >>> chosen = choose_on_test(*load("iris"), np.random.default_rng(0))
    >>> chosen.reported > chosen.fresh
    True
    """
    if not len(neighbours):
        raise ValueError("neighbours must hold at least one number, got none")
    train, test, fresh = (draw_like(X, y, size, rng) for size in sizes)
    features = range(X.shape[1])
    subsets = [list(c) for n in features for c in combinations(features, n + 1)]

    def score(
        columns: list[int], k: int, rows: np.ndarray, labels: np.ndarray
    ) -> float:
        predicted = knn_predict(train[0][:, columns], train[1], rows[:, columns], k)
        return float(np.mean(predicted == labels))

    tried = [(score(c, k, *test), c, k) for c, k in product(subsets, neighbours)]
    reported, columns, k = max(tried, key=lambda one: one[0])
    return Chosen(reported, score(columns, k, *fresh))


def _check_candidates(n_candidates: int, n_test: int, accuracy: float) -> None:
    check_count(n_candidates, "n_candidates")
    check_count(n_test, "n_test")
    if not 0 <= accuracy <= 1:
        raise ValueError(f"accuracy must lie between 0 and 1, got {accuracy}")
