"""One trial: a configuration cross-validated, with the predictions that an ensemble needs.

>>> log_loss(np.array([[0.8, 0.2]]), np.array([0])).__round__(3)
0.223
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import KFold, StratifiedKFold

__all__ = ["LOSSES", "Evaluation", "TrialResult", "fold_rows", "log_loss", "seed_of"]


def log_loss(predictions: np.ndarray, y: np.ndarray) -> float:
    """Return minus the mean log probability of the right class, in nats.

    Parameters
    ----------
    predictions : ndarray of shape (n, n_classes)
    y : ndarray of int, shape (n,)
    """
    right = predictions[np.arange(len(y)), y]
    return float(-np.log(np.clip(right, 1e-15, 1)).mean())


def one_minus_auc(predictions: np.ndarray, y: np.ndarray) -> float:
    """Return the share of pairs in the wrong order; with many classes, the mean of each.

    A class against all others, and the mean over classes.
    """
    return float(np.mean([_misordered(p, y == c) for c, p in enumerate(predictions.T)]))


def error_rate(predictions: np.ndarray, y: np.ndarray) -> float:
    """Return the share of rows whose largest probability is of a wrong class."""
    return float((predictions.argmax(axis=1) != y).mean())


def root_mean_squared_error(predictions: np.ndarray, y: np.ndarray) -> float:
    """Return the root mean squared error, in the unit of y."""
    return float(np.sqrt(((predictions[:, 0] - y) ** 2).mean()))


def mean_absolute_error(predictions: np.ndarray, y: np.ndarray) -> float:
    """Return the mean absolute error, in the unit of y."""
    return float(np.abs(predictions[:, 0] - y).mean())


LOSSES: dict[str, dict[str, Callable[[np.ndarray, np.ndarray], float]]] = {
    "classes": {
        "log_loss": log_loss,
        "one_minus_auc": one_minus_auc,
        "error": error_rate,
    },
    "numbers": {"rmse": root_mean_squared_error, "mae": mean_absolute_error},
}


class TrialResult(NamedTuple):
    """Loss, seconds, and predictions of rows that the models had not seen.

    Examples
    --------
    >>> TrialResult(0.5, 1.0, np.zeros((2, 1))).loss
    0.5
    """

    loss: float
    seconds: float
    predictions: np.ndarray


@dataclass
class Evaluation:
    """Cross-validates a configuration; a process can be sent it.

    Parameters
    ----------
    X : DataFrame
    y : ndarray of shape (n,)
        Classes as 0, 1, ...; or numbers.
    folds : list of (train, test)
    build : callable
        ``build(config, random_state)``.
    loss : callable
        ``loss(predictions, y)``.
    n_classes : int
        0 for numbers.
    random_state : int
    """

    X: pd.DataFrame
    y: np.ndarray
    folds: list[tuple[np.ndarray, np.ndarray]]
    build: Callable[[dict[str, Any], int], Any]
    loss: Callable[[np.ndarray, np.ndarray], float]
    n_classes: int
    random_state: int

    def __call__(self, task: tuple[int, dict[str, Any]]) -> TrialResult:
        """Evaluate a trial, given by number and configuration."""
        number, config = task
        began = time.perf_counter()
        predictions = np.zeros((len(self.y), self.n_classes or 1))
        for train, test in self.folds:
            model = self.fit(number, config, train)
            predictions[test] = self.predict(model, self.X.iloc[test])
        if not np.isfinite(predictions).all():
            raise ValueError("the model predicts numbers that are not finite")
        loss = self.loss(predictions, self.y)
        return TrialResult(loss, time.perf_counter() - began, predictions)

    def fit(self, number: int, config: dict[str, Any], rows: Any = None) -> Any:
        """Return the trial's model, fitted on some rows or on all."""
        rows = np.arange(len(self.y)) if rows is None else rows
        model = self.build(dict(config), seed_of(self.random_state, number))
        with warnings.catch_warnings():
            # A fit that has not converged is judged by its loss, as any other.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return model.fit(self.X.iloc[rows], self.y[rows])

    def predict(self, model: Any, X: pd.DataFrame) -> np.ndarray:
        """Return probabilities or numbers, shape (n, n_classes or 1)."""
        if not self.n_classes:
            return np.asarray(model.predict(X), float)[:, None]
        # A fold may lack a class: its column stays at zero.
        aligned = np.zeros((len(X), self.n_classes))
        aligned[:, model.classes_] = model.predict_proba(X)
        return aligned


def seed_of(random_state: int, number: int) -> int:
    """Return the seed of a trial: the same wherever and whenever it runs.

    Examples
    --------
    >>> seed_of(0, 1) == seed_of(0, 1), seed_of(0, 1) == seed_of(0, 2)
    (True, False)
    """
    state = np.random.SeedSequence([random_state, number]).generate_state(1)[0]
    return int(state % 2**31)


def fold_rows(
    y: np.ndarray, classes: bool, n_splits: int, random_state: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return training and test rows of each fold, with the classes' shares if possible.

    Parameters
    ----------
    y : ndarray of shape (n,)
    classes : bool
    n_splits : int
        Fewer if there are fewer rows.
    random_state : int

    Raises
    ------
    ValueError
        If there are fewer than two rows.
    """
    if len(y) < 2:
        raise ValueError("two samples are needed to validate a model, got n_samples=1")
    n = min(n_splits, len(y))
    rarest = int(np.bincount(y).min()) if classes else 0
    kind = StratifiedKFold if rarest >= n else KFold
    splitter = kind(n, shuffle=True, random_state=random_state)
    return list(splitter.split(np.zeros(len(y)), y))


def _misordered(scores: np.ndarray, positive: np.ndarray) -> float:
    n, m = int(positive.sum()), int((~positive).sum())
    if not n or not m:
        raise ValueError("one_minus_auc needs rows of each class and of another")
    above = rankdata(scores)[positive].sum() - n * (n + 1) / 2
    return 1 - above / (n * m)
