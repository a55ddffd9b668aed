"""Count entities that were found whole: precision, recall and F1, in two readings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from mlmastery.inference import Interval, bootstrap, percentile_interval

from .checks import check_pairs
from .spans import Span, bio_spans

__all__ = [
    "EntityScores",
    "entity_counts",
    "f1_difference",
    "f1_interval",
    "label_scores",
    "score_entities",
]

Tagged = Sequence[Sequence[str]]


class EntityScores(NamedTuple):
    """Shares of entities found: precision and recall, and their harmonic mean.

    Examples
    --------
    >>> EntityScores.of_counts(correct=1, gold=2, predicted=1).f1.__round__(3)
    0.667
    """

    precision: float
    recall: float
    f1: float
    correct: int
    gold: int
    predicted: int

    @classmethod
    def of_counts(cls, correct: int, gold: int, predicted: int) -> EntityScores:
        """Return the scores; each is 0 where nothing was to be found, or nothing was.

        Parameters
        ----------
        correct, gold, predicted : int
            Entities in both, in the truth, in the prediction.
        """
        return cls(
            float(correct / predicted) if predicted else 0.0,
            float(correct / gold) if gold else 0.0,
            float(2 * correct / (gold + predicted)) if gold + predicted else 0.0,
            int(correct),
            int(gold),
            int(predicted),
        )


def score_entities(
    gold: Tagged, predicted: Tagged, mode: str = "strict"
) -> EntityScores:
    """Score predicted tags by entities: label, first and last token must agree.

    Parameters
    ----------
    gold, predicted : sequence of sequence of str
        BIO tags of the same sentences.
    mode : {"strict", "conlleval"}
        How to read an I-X without its beginning, as `bio_spans` explains.

    Returns
    -------
    EntityScores

    Raises
    ------
    ValueError
        If the lengths differ, a tag is malformed, or the mode is unknown.

    Examples
    --------
    >>> gold = [["B-LOC", "I-LOC", "O", "B-PER"]]
    >>> scores = score_entities(gold, [["B-LOC", "O", "O", "B-PER"]])
    >>> scores.f1, scores.correct  # half a place is none
    (0.5, 1)
    """
    return EntityScores.of_counts(*entity_counts(gold, predicted, mode).sum(axis=0))


def entity_counts(gold: Tagged, predicted: Tagged, mode: str = "strict") -> np.ndarray:
    """Return the counts of each sentence: entities in both, in gold, in the prediction.

    Parameters
    ----------
    gold, predicted, mode
        As in `score_entities`.

    Returns
    -------
    ndarray of int, shape (n_sentences, 3)

    Examples
    --------
    >>> entity_counts([["B-LOC"], ["O"]], [["B-LOC"], ["B-LOC"]]).tolist()
    [[1, 1, 1], [0, 0, 1]]
    """
    pairs = _spans(gold, predicted, mode)
    rows = [(len(true & found), len(true), len(found)) for true, found in pairs]
    return np.array(rows, dtype=int).reshape(-1, 3)


def _spans(gold: Tagged, predicted: Tagged, mode: str) -> list[tuple[set, set]]:
    check_pairs(gold, predicted, "gold", "predicted")
    pairs = []
    for true, found in zip(gold, predicted, strict=True):
        if isinstance(true, str) or isinstance(found, str):
            raise ValueError("gold and predicted must hold lists of tags, got a text")
        check_pairs(true, found, "a sentence's gold", "predicted tags")
        pairs.append((set(bio_spans(true, mode)), set(bio_spans(found, mode))))
    return pairs


def label_scores(gold: Tagged, predicted: Tagged, mode: str = "strict") -> pd.DataFrame:
    """Score each label by itself.

    Parameters
    ----------
    gold, predicted, mode
        As in `score_entities`.

    Returns
    -------
    DataFrame
        Columns of `EntityScores`, one row a label, in alphabetical order.

    Examples
    --------
    >>> label_scores([["B-LOC", "B-PER"]], [["B-LOC", "O"]])["recall"].to_dict()
    {'LOC': 1.0, 'PER': 0.0}
    """
    pairs = _spans(gold, predicted, mode)
    labels = sorted({span.label for both in pairs for side in both for span in side})
    rows = {}
    for label in labels:
        own = [(_with(true, label), _with(found, label)) for true, found in pairs]
        counts = [(len(a & b), len(a), len(b)) for a, b in own]
        rows[label] = EntityScores.of_counts(*np.sum(counts, axis=0))
    return pd.DataFrame.from_dict(rows, "index", columns=EntityScores._fields)


def _with(spans: set[Span], label: str) -> set[Span]:
    return {span for span in spans if span.label == label}


def _f1(counts: np.ndarray) -> float:
    return EntityScores.of_counts(*counts.sum(axis=0)).f1


def f1_interval(
    gold: Tagged, predicted: Tagged, mode: str = "strict", n_resamples: int = 1000
) -> Interval:
    """Return the 95 % interval of F1 by the bootstrap over sentences.

    Parameters
    ----------
    gold, predicted, mode
        As in `score_entities`.
    n_resamples : int, default=1000

    Returns
    -------
    Interval

    Examples
    --------
    >>> gold = [["B-LOC"]] * 30
    >>> low, high = f1_interval(gold, [["B-LOC"]] * 15 + [["O"]] * 15)
    >>> low < 2 / 3 < high
    True
    """
    counts = entity_counts(gold, predicted, mode)
    return percentile_interval(bootstrap(_f1, counts, n_resamples=n_resamples))


def f1_difference(
    gold: Tagged,
    first: Tagged,
    second: Tagged,
    mode: str = "strict",
    n_resamples: int = 1000,
) -> tuple[float, Interval]:
    """Return by how much the first's F1 is above the second's, with its interval.

    Both are scored on the same resampled sentences.

    Parameters
    ----------
    gold, first, second : sequence of sequence of str
        BIO tags of the same sentences.
    mode, n_resamples
        As in `f1_interval`.

    Returns
    -------
    difference : float
    interval : Interval
        95 %.

    Examples
    --------
    >>> gold = [["B-LOC"]] * 30
    >>> f1_difference(gold, gold, gold)
    (0.0, Interval(low=0.0, high=0.0))
    """
    ours, theirs = (entity_counts(gold, tags, mode) for tags in (first, second))

    def gap(a: np.ndarray, b: np.ndarray) -> float:
        return _f1(a) - _f1(b)

    draws = bootstrap(gap, ours, theirs, n_resamples=n_resamples)
    return gap(ours, theirs), percentile_interval(draws)
