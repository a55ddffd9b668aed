"""Classification metrics computed from the counts of a confusion table."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["accuracy", "class_counts", "classification_summary", "confusion_table"]


def confusion_table(
    y_true: Any, y_pred: Any, labels: Sequence[Any] | None = None
) -> pd.DataFrame:
    """Count how often each class was predicted as each other.

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
    truth, predicted = _labels(y_true, "y_true"), _labels(y_pred, "y_pred")
    if len(truth) != len(predicted):
        raise ValueError(
            "y_true and y_pred must have one label per row each, "
            f"got {len(truth)} and {len(predicted)}"
        )
    names = _classes([*truth, *predicted], labels)
    position = {name: i for i, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), dtype=int)
    for t, p in zip(truth, predicted, strict=True):
        counts[position[t], position[p]] += 1
    return pd.DataFrame(
        counts,
        index=pd.Index(names, name="truth"),
        columns=pd.Index(names, name="predicted"),
    )


def _labels(y: Any, argument: str) -> list[Any]:
    """Return the labels as a list, or raise if some are missing or there are none."""
    # A list of 1 and "a" would become an array of texts, in which 1 is "1".
    array = np.asarray(y if hasattr(y, "dtype") else np.asarray(y, dtype=object))
    if array.ndim != 1:
        raise ValueError(f"{argument} must be one-dimensional, got shape {array.shape}")
    if not len(array):
        raise ValueError(f"{argument} must hold at least one label, got none")
    missing = int(pd.isna(array).sum())
    if missing:
        raise ValueError(f"{argument} must have no missing labels, got {missing}")
    labels: list[Any] = pd.Index(array).tolist()  # NumPy would make dates integers
    return labels


def _classes(occurring: list[Any], labels: Sequence[Any] | None) -> list[Any]:
    """Return the classes in order, or raise if a label is not one of them."""
    if labels is None:
        try:
            return sorted(set(occurring))
        except TypeError as error:
            kinds = sorted({type(label).__name__ for label in occurring})
            raise ValueError(
                f"labels must be of one kind, got {' and '.join(kinds)}"
            ) from error
    names = _labels(labels, "labels")
    if len(set(names)) < len(names):
        raise ValueError(f"labels must name each class once, got {names}")
    unknown = sorted({str(label) for label in occurring if label not in names})
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
    counts = _square(table)
    return float(np.trace(counts) / counts.sum())


def _square(table: pd.DataFrame) -> np.ndarray:
    """Return the counts of a confusion table, or raise if it is not one."""
    counts = np.asarray(table)
    if counts.ndim != 2 or len(set(counts.shape)) > 1 or not counts.sum():
        raise ValueError(
            "table must be square and hold at least one count, "
            f"got shape {counts.shape} and a sum of {counts.sum():g}"
        )
    return counts


def class_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Count true and false positives and negatives of each class against the rest.

    Parameters
    ----------
    table : DataFrame of shape (n_classes, n_classes)
        As :func:`confusion_table` gives it.

    Returns
    -------
    DataFrame of shape (n_classes, 4)
        True positives ``tp``, false positives ``fp``, false negatives ``fn`` and true
        negatives ``tn``.

    Examples
    --------
    >>> class_counts(confusion_table(["a", "a", "b"], ["a", "b", "b"])).loc["b"].tolist()
    [1, 1, 0, 1]
    """
    counts, table = _square(table), pd.DataFrame(table)
    tp = np.diag(counts)
    fp = counts.sum(axis=0) - tp  # in the column, but not of the class
    fn = counts.sum(axis=1) - tp  # in the row, but predicted as another
    tn = counts.sum() - tp - fp - fn
    return pd.DataFrame({"tp": tp, "fp": fp, "fn": fn, "tn": tn}, index=table.index)


def classification_summary(
    y_true: Any,
    y_pred: Any,
    labels: Sequence[Any] | None = None,
    zero_division: float = 0.0,
) -> pd.DataFrame:
    """Compute precision, recall and F1 of each class, and their averages, from counts.

    Parameters
    ----------
    y_true, y_pred : array of shape (n_samples,)
    labels : sequence, optional
        The classes and their order; by default those that occur, sorted.
    zero_division : {0.0, 1.0, nan}, default=0.0
        The value of a ratio 0 / 0. Averages leave out a nan.

    Returns
    -------
    DataFrame of shape (n_classes + 2, 4)
        Columns ``precision``, ``recall``, ``f1``, each in [0, 1], and ``support``, the
        number of true rows. The last two rows are the plain mean over classes and the
        mean weighted by support, called ``mean`` and ``weighted mean``, whatever the
        classes are called.

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
    known = isinstance(zero_division, Real) and zero_division in (0, 1)
    if not (known or zero_division != zero_division):  # only nan is not itself
        raise ValueError(f"zero_division must be 0, 1 or nan, got {zero_division!r}")
    counts = class_counts(confusion_table(y_true, y_pred, labels))
    tp, fp, fn = (counts[name].to_numpy(float) for name in ("tp", "fp", "fn"))
    summary = pd.DataFrame(
        {
            "precision": _ratio(tp, tp + fp, zero_division),
            "recall": _ratio(tp, tp + fn, zero_division),
            # Equation 2.5 in counts, which is defined where only precision is not.
            "f1": _ratio(2 * tp, 2 * tp + fp + fn, zero_division),
            "support": tp + fn,
        },
        index=pd.Index(counts.index, name="class", dtype=object),
    )
    support = summary["support"].to_numpy()
    scores = summary.iloc[:, :3].to_numpy()
    means = pd.DataFrame(
        [
            [*_mean(scores, np.ones_like(support)), support.sum()],
            [*_mean(scores, support), support.sum()],
        ],
        index=["mean", "weighted mean"],
        columns=summary.columns,
    )
    return pd.concat([summary, means]).rename_axis("class")


def _ratio(part: np.ndarray, whole: np.ndarray, if_zero: float) -> np.ndarray:
    return np.divide(part, whole, out=np.full_like(part, if_zero), where=whole > 0)


def _mean(scores: np.ndarray, weights: np.ndarray) -> list[float]:
    """Average each column over the rows where it is a number; nan if there is none."""
    means = []
    for column in scores.T:
        defined = ~np.isnan(column)
        weight = weights[defined]
        if not weight.sum():  # of classes without true rows only: weigh them equally
            weight = np.ones_like(weight)
        means.append(
            float(column[defined] @ weight / weight.sum()) if len(weight) else np.nan
        )
    return means
