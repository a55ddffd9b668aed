"""Metrics from counts: the confusion table and everything that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["accuracy", "class_counts", "classification_summary", "confusion_table"]


def confusion_table(
    y_true: Any, y_pred: Any, labels: Sequence[Any] | None = None
) -> pd.DataFrame:
    """Count how often each class was taken for each other.

    Parameters
    ----------
    y_true, y_pred : array of shape (n_samples,)
        True and predicted labels.
    labels : sequence, optional
        The classes and their order; by default those that occur, sorted.

    Returns
    -------
    DataFrame of shape (n_classes, n_classes)
        Row: the truth. Column: the prediction. Entries are counts.

    Raises
    ------
    ValueError
        If the vectors are empty or of different lengths, or a label is missing,
        unknown or cannot be sorted with the others.

    Examples
    --------
    >>> confusion_table(["cat", "cat", "dog"], ["cat", "dog", "dog"])
    predicted  cat  dog
    truth
    cat          1    1
    dog          0    1
    """
    truth, guess = _vector(y_true, "y_true"), _vector(y_pred, "y_pred")
    if len(truth) != len(guess):
        raise ValueError(
            "y_true and y_pred must have one label per row each, "
            f"got {len(truth)} and {len(guess)}"
        )
    names = _classes([*truth, *guess], labels)
    place = {name: i for i, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), dtype=int)
    for t, p in zip(truth, guess, strict=True):
        counts[place[t], place[p]] += 1
    return pd.DataFrame(
        counts,
        index=pd.Index(names, name="truth"),
        columns=pd.Index(names, name="predicted"),
    )


def _vector(y: Any, argument: str) -> list[Any]:
    """Return the labels as a list, or say what is wrong with them."""
    array = np.asarray(y)
    if array.ndim != 1:
        raise ValueError(f"{argument} must be one-dimensional, got shape {array.shape}")
    if not len(array):
        raise ValueError(f"{argument} must hold at least one label, got none")
    holes = int(pd.isna(array).sum())
    if holes:
        raise ValueError(f"{argument} must have no missing labels, got {holes}")
    labels: list[Any] = array.tolist()
    return labels


def _classes(found: list[Any], labels: Sequence[Any] | None) -> list[Any]:
    """Return the classes in order, or say which label does not belong."""
    if labels is None:
        try:
            return sorted(set(found))
        except TypeError as error:
            kinds = sorted({type(label).__name__ for label in found})
            raise ValueError(
                f"labels must be of one kind, got {' and '.join(kinds)}"
            ) from error
    names = np.asarray(labels).tolist()
    if len(set(names)) < len(names):
        raise ValueError(f"labels must name each class once, got {names}")
    unknown = sorted({str(label) for label in found if label not in names})
    if unknown:
        raise ValueError(
            f"y_true and y_pred must hold only {names}, also got {', '.join(unknown)}"
        )
    return names


def accuracy(table: pd.DataFrame) -> float:
    """Return the share on the diagonal of a confusion table.

    Examples
    --------
    >>> accuracy(confusion_table(["a", "a", "b", "b"], ["a", "a", "b", "a"]))
    0.75
    """
    return float(np.trace(table.to_numpy()) / table.to_numpy().sum())


def class_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Reduce a confusion table to four counts for each class against the rest.

    Parameters
    ----------
    table : DataFrame of shape (n_classes, n_classes)
        As :func:`confusion_table` gives it.

    Returns
    -------
    DataFrame of shape (n_classes, 4)
        ``tp``, rightly called this class; ``fp``, wrongly called it; ``fn``, missed;
        ``tn``, rightly called something else.

    Examples
    --------
    >>> class_counts(confusion_table(["a", "a", "b"], ["a", "b", "b"])).loc["b"].tolist()
    [1, 1, 0, 1]
    """
    counts = table.to_numpy()
    tp = np.diag(counts)
    fp = counts.sum(axis=0) - tp  # in the column, but not of the class
    fn = counts.sum(axis=1) - tp  # in the row, but called something else
    tn = counts.sum() - tp - fp - fn
    return pd.DataFrame({"tp": tp, "fp": fp, "fn": fn, "tn": tn}, index=table.index)


def classification_summary(
    y_true: Any,
    y_pred: Any,
    labels: Sequence[Any] | None = None,
    zero_division: float = 0.0,
) -> pd.DataFrame:
    """Precision, recall and F1 of each class, and their averages, from counts.

    Parameters
    ----------
    y_true, y_pred : array of shape (n_samples,)
    labels : sequence, optional
        The classes and their order; by default those that occur, sorted.
    zero_division : {0.0, 1.0, nan}, default=0.0
        What to write where a ratio is 0 / 0. Averages leave out a nan.

    Returns
    -------
    DataFrame of shape (n_classes + 2, 4)
        Columns ``precision``, ``recall``, ``f1``, each in [0, 1], and ``support``, the
        number of true rows. The last two rows are the plain mean over classes and the
        mean weighted by support.

    Raises
    ------
    ValueError
        If the labels are unusable (see :func:`confusion_table`) or ``zero_division``
        is none of the three.

    References
    ----------
    .. [1] van Rijsbergen (1979), Information Retrieval, 2nd edition, chapter 7.

    Examples
    --------
    >>> summary = classification_summary(["a", "a", "b"], ["a", "b", "b"])
    >>> summary.loc["b"].tolist()
    [0.5, 1.0, 0.6666666666666666, 1.0]
    """
    if not (zero_division in (0.0, 1.0) or np.isnan(zero_division)):
        raise ValueError(f"zero_division must be 0, 1 or nan, got {zero_division}")
    counts = class_counts(confusion_table(y_true, y_pred, labels))
    tp, fp, fn = (counts[name].to_numpy(float) for name in ("tp", "fp", "fn"))
    summary = pd.DataFrame(
        {
            "precision": _ratio(tp, tp + fp, zero_division),
            "recall": _ratio(tp, tp + fn, zero_division),
            "f1": _ratio(2 * tp, 2 * tp + fp + fn, zero_division),
            "support": tp + fn,
        },
        index=pd.Index(counts.index, name="class", dtype=object),
    )
    support = summary["support"].to_numpy()
    scores = summary.iloc[:, :3].to_numpy()
    summary.loc["mean"] = [*_mean(scores, np.ones_like(support)), support.sum()]
    summary.loc["weighted mean"] = [*_mean(scores, support), support.sum()]
    return summary


def _ratio(part: np.ndarray, whole: np.ndarray, if_zero: float) -> np.ndarray:
    return np.divide(part, whole, out=np.full_like(part, if_zero), where=whole > 0)


def _mean(scores: np.ndarray, weights: np.ndarray) -> list[float]:
    """Average each column over the rows where it is a number; nan if there is none."""
    means = []
    for column in scores.T:
        there = ~np.isnan(column)
        weight = weights[there]
        if not weight.sum():  # what is left carries no weight: count it equally
            weight = np.ones_like(weight)
        means.append(
            float(column[there] @ weight / weight.sum()) if len(weight) else np.nan
        )
    return means
