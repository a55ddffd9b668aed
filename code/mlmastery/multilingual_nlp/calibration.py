"""Whether an identifier is right as often as it says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.inference import wilson_interval
from mlmastery.multilingual_nlp.characters import check_texts, words
from mlmastery.validation import as_numbers, check_count

__all__ = ["cut_pieces", "expected_calibration_error", "reliability_table"]


def cut_pieces(
    texts: Iterable[str], labels: Iterable[str], sizes: Iterable[int] = (1, 2, 5, 15)
) -> pd.DataFrame:
    """Cut texts into pieces of a few words, as short texts to calibrate and test on.

    Parameters
    ----------
    texts : iterable of str
    labels : iterable of str
    sizes : iterable of int, default=(1, 2, 5, 15)
        Words per piece. One piece of each size begins at the first word of a text,
        then the next after it, as long as there are words.

    Returns
    -------
    DataFrame
        ``text``, ``label``, ``size``.

    Examples
    --------
    >>> cut_pieces(["one two three"], ["en"], sizes=[2])["text"].tolist()
    ['one two']
    """
    sizes = [check_count(size, "sizes") for size in sizes]
    texts, labels = check_texts(texts), list(labels)
    if len(texts) != len(labels):
        raise ValueError(
            "texts and labels must have one entry per text, "
            f"got {len(texts)} and {len(labels)}"
        )
    rows = []
    for text, label in zip(texts, labels, strict=True):
        found = words(text)
        for size in sizes:
            for i in range(0, len(found) - size + 1, size):
                start, end = found[i][0], found[i + size - 1][1]
                rows.append((text[start:end], label, size))
    return pd.DataFrame(rows, columns=["text", "label", "size"])


def reliability_table(correct: Any, confidence: Any, n_bins: int = 10) -> pd.DataFrame:
    """Compare stated confidence and observed accuracy, in bins of equal width.

    Parameters
    ----------
    correct : array of bool, shape (n_texts,)
    confidence : array of shape (n_texts,)
        The probability of the predicted language, between 0 and 1.
    n_bins : int, default=10

    Returns
    -------
    DataFrame
        ``confidence``, ``accuracy``, ``low``, ``high`` (Wilson, 95 %), ``n``; empty
        bins are left out.

    Examples
    --------
    >>> reliability_table([True, False], [0.95, 0.85], n_bins=2)["accuracy"].tolist()
    [0.5]
    """
    right, p = _checked(correct, confidence)
    n_bins = check_count(n_bins, "n_bins")
    bins = _bin_numbers(p, n_bins)
    rows = []
    for number in np.unique(bins):
        inside = bins == number
        hits, n = int(right[inside].sum()), int(inside.sum())
        rows.append((p[inside].mean(), hits / n, *wilson_interval(hits, n), n))
    return pd.DataFrame(rows, columns=["confidence", "accuracy", "low", "high", "n"])


def expected_calibration_error(
    correct: Any, confidence: Any, n_bins: int = 10
) -> float:
    """Return the mean distance of confidence and accuracy over bins of equal width.

    Parameters
    ----------
    correct : array of bool, shape (n_texts,)
    confidence : array of shape (n_texts,)
    n_bins : int, default=10

    Returns
    -------
    float
        0 if all bins are right as often as they say, at most 1.

    Examples
    --------
    >>> expected_calibration_error([True, True, True, False], [1.0, 1.0, 1.0, 1.0])
    0.25
    """
    table = reliability_table(correct, confidence, n_bins)
    gap = (table["confidence"] - table["accuracy"]).abs()
    return float((gap * table["n"]).sum() / table["n"].sum())


def _bin_numbers(p: np.ndarray, n_bins: int) -> np.ndarray:
    return np.minimum((p * n_bins).astype(int), n_bins - 1)  # 1.0 is in the last bin


def _checked(correct: Any, confidence: Any) -> tuple[np.ndarray, np.ndarray]:
    hits, p = as_numbers(correct, "correct"), as_numbers(confidence, "confidence")
    if not np.isin(hits, (0, 1)).all():
        wrong = hits[~np.isin(hits, (0, 1))][0]
        raise ValueError(f"correct must be true or false for each text, got {wrong}")
    right = hits.astype(bool)
    if right.shape != p.shape or right.ndim != 1 or not len(p):
        raise ValueError(
            "correct and confidence must have one entry per text, at least one, "
            f"got shapes {right.shape} and {p.shape}"
        )
    if not ((p >= 0) & (p <= 1)).all():
        wrong = p[~((p >= 0) & (p <= 1))][0]
        raise ValueError(f"confidence must lie between 0 and 1, got {wrong}")
    return right, p
