"""Judge a sentiment model beyond accuracy: by strength, by phenomenon, by rank.

>>> phenomena(["Not bad, but is it better than the book?"]).loc[0, "negation"]
np.True_
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mlmastery.inference import newcombe_interval, wilson_interval
from mlmastery.validation import as_sample

from .features import as_flags, check_texts
from .preprocessing import tokenize

__all__ = [
    "PHENOMENA",
    "accuracy_by_group",
    "contrast_with_rest",
    "grade_counts",
    "phenomena",
    "rank_correlation",
]

PHENOMENA = {
    "negation": re.compile(r"\b(?:not|no|never|nor|without|nothing)\b|n['’]t\b"),
    "contrast": re.compile(r"\b(?:but|although|though|however|despite|while)\b"),
    "question": re.compile(r"\?"),
    "comparison": re.compile(
        r"\b(?:than|more|less|most|least|better|worse|as \w+ as)\b"
    ),
    "scare quotes": re.compile(r"\(!\)|\.\.\.|[\"“”]|\bso-called\b|''|(?<!\w)'\w"),
    "condition": re.compile(r"\b(?:if|would|could|should|might)\b"),
}
GRADES = ["very bad", "bad", "near zero", "good", "very good"]


def phenomena(texts: Iterable[str]) -> pd.DataFrame:
    """Say which phenomena a text shows, as far as patterns can find them.

    Parameters
    ----------
    texts : iterable of str

    Returns
    -------
    DataFrame of bool
        One column for each pattern of `PHENOMENA`, and ``short`` (at most 8 tokens) and
        ``long`` (at least 28).

    Examples
    --------
    >>> phenomena(["A fine film."]).loc[0].loc[lambda row: row].index.tolist()
    ['short']
    """
    listed = check_texts(texts)
    lower = [text.lower() for text in listed]
    columns = {
        name: [bool(pattern.search(text)) for text in lower]
        for name, pattern in PHENOMENA.items()
    }
    length = np.array([len(tokenize(text)) for text in listed])
    return pd.DataFrame({**columns, "short": length <= 8, "long": length >= 28})


def accuracy_by_group(groups: pd.DataFrame, correct: Any) -> pd.DataFrame:
    """Return the accuracy inside each group of texts, with its Wilson interval.

    Parameters
    ----------
    groups : DataFrame of bool, shape (n_texts, n_groups)
    correct : array of bool, shape (n_texts,)

    Returns
    -------
    DataFrame
        ``texts``, ``accuracy``, ``low``, ``high`` (95 %), one row per group that has a
        text.

    Examples
    --------
    >>> groups = pd.DataFrame({"all": [True] * 4, "none": [False] * 4})
    >>> accuracy_by_group(groups, [True, True, True, False]).round(2)
         texts  accuracy  low  high
    all    4.0      0.75  0.3  0.95
    """
    right, rows = as_flags(correct, "correct"), {}
    for name in groups:
        inside = as_flags(groups[name], f"groups[{name!r}]", len(right))
        n, hits = int(inside.sum()), int(right[inside].sum())
        if n:
            interval = wilson_interval(hits, n)._asdict()
            rows[name] = {"texts": n, "accuracy": hits / n, **interval}
    return pd.DataFrame(rows).T


def contrast_with_rest(groups: pd.DataFrame, correct: Any) -> pd.DataFrame:
    """Return accuracy inside each group minus accuracy outside, with its interval.

    The interval is that of two independent shares (95 %, Newcombe's method 10).

    Parameters
    ----------
    groups : DataFrame of bool, shape (n_texts, n_groups)
        Each group and its rest must hold a text.
    correct : array of bool, shape (n_texts,)

    References
    ----------
    .. [1] Newcombe (1998), "Interval Estimation for the Difference between Independent
       Proportions", Statistics in Medicine 17(8).

    Examples
    --------
    >>> groups = pd.DataFrame({"long": [True, True, False, False]})
    >>> contrast_with_rest(groups, [False, True, True, True]).round(2)
          texts  difference   low  high
    long    2.0        -0.5 -0.91  0.27
    """
    right, rows = as_flags(correct, "correct"), {}
    for name in groups:
        inside = as_flags(groups[name], f"groups[{name!r}]", len(right))
        a, b = right[inside], right[~inside]
        if not len(a) or not len(b):
            raise ValueError(
                f"groups must hold texts inside and outside {name!r}, got {len(a)} and "
                f"{len(b)}"
            )
        rest, group = ((int(part.sum()), len(part)) for part in (b, a))
        low, high = newcombe_interval(*rest, *group)
        rows[name] = {
            "texts": len(a),
            "difference": a.mean() - b.mean(),
            "low": low,
            "high": high,
        }
    return pd.DataFrame(rows).T


def grade_counts(scores: Any, predicted: Any, limit: float = 0.5) -> pd.DataFrame:
    """Count predictions by the grade that people gave.

    Parameters
    ----------
    scores : array of shape (n_texts,)
        Mean human scores, from -4 to 4.
    predicted : array of bool, shape (n_texts,)
        Whether the model calls the text positive.
    limit : float, default=0.5
        Scores at most this far from 0 are near zero; those beyond 2 are strong.

    Returns
    -------
    DataFrame
        ``texts``, ``called good`` and their ``share``, one row per grade.

    Examples
    --------
    >>> grade_counts([-3, 0.2, 3], [False, True, True])["share"].dropna().tolist()
    [0.0, 1.0, 1.0]
    """
    if not 0 < limit < 2:
        raise ValueError(f"limit must lie between 0 and 2, got {limit!r}")
    points = as_sample(scores, "scores", 1)
    edges = [-np.inf, -2, -limit, limit, 2, np.inf]
    grade = pd.cut(points, edges, labels=GRADES)
    called = pd.Series(as_flags(predicted, "predicted", len(points)))
    table = called.groupby(grade, observed=False).agg(["size", "sum", "mean"])
    table.columns = ["texts", "called good", "share"]
    return table


def rank_correlation(scores: Any, probabilities: Any) -> float:
    """Return Spearman's correlation of human scores and predicted probabilities.

    Unlike accuracy it sees whether "superb" gets more than "decent".

    Raises
    ------
    ValueError
        If the lengths differ or all values of one side are equal.

    Examples
    --------
    >>> round(rank_correlation([-2, 0, 3], [0.1, 0.4, 0.9]), 6)
    1.0
    """
    a, b = as_sample(scores, "scores"), as_sample(probabilities, "probabilities")
    if a.shape != b.shape or np.ptp(a) == 0 or np.ptp(b) == 0:
        raise ValueError(
            "scores and probabilities must be of one length and each vary, got "
            f"lengths {len(a)} and {len(b)}"
        )
    return float(stats.spearmanr(a, b).statistic)
