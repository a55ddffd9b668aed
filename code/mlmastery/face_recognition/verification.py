"""Same person or not: what a threshold lets in, what it keeps out, and how surely."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd

from mlmastery.face_recognition.embedding import cosine_similarity
from mlmastery.validation import as_sample, check_count, check_number

__all__ = [
    "PairScores",
    "Rates",
    "ThresholdVerifier",
    "accepted_rates",
    "best_threshold",
    "error_rates",
    "fold_accuracies",
    "people_intervals",
    "rate_curve",
    "split_halves",
    "threshold_at_far",
]


class Rates(NamedTuple):
    """Errors of a threshold: strangers let in, and the same person kept out.

    Examples
    --------
    >>> Rates(far=0.01, frr=0.2).far
    0.01
    """

    far: float
    frr: float


def error_rates(genuine: Any, impostor: Any, threshold: float) -> Rates:
    """Return the false acceptance rate and the false rejection rate of a threshold.

    Parameters
    ----------
    genuine, impostor : array of shape (n,)
        Scores of pairs of one person, and of two people; larger is more alike.
    threshold : float
        A score from here up is taken for the same person.

    Raises
    ------
    ValueError
        If one of the two is empty, or a score is not finite.

    Examples
    --------
    >>> error_rates([0.9, 0.8, 0.4], [0.5, 0.1], threshold=0.5)
    Rates(far=0.5, frr=0.3333333333333333)
    """
    same, other = as_sample(genuine, "genuine", 1), as_sample(impostor, "impostor", 1)
    check_number(threshold, "threshold", -math.inf)
    far, frr = (other >= threshold).mean(), (same < threshold).mean()
    return Rates(float(far), float(frr))


def threshold_at_far(impostor: Any, far: float) -> float:
    """Return the lowest threshold whose false acceptance rate is at most ``far``.

    Parameters
    ----------
    impostor : array of shape (n,)
    far : float
        From 0 up to, and without, 1. With 0 it lies just above the largest score.

    Examples
    --------
    >>> scores = [0.1, 0.2, 0.3, 0.4]
    >>> error_rates([1.0], scores, threshold_at_far(scores, 0.25)).far
    0.25
    """
    scores = np.sort(as_sample(impostor, "impostor", 1))[::-1]
    if not 0 <= far < 1:
        raise ValueError(f"far must be from 0 up to, and without, 1, got {far!r}")
    allowed = int(np.floor(far * len(scores) + 1e-9))
    return float(np.nextafter(scores[allowed], np.inf))


def rate_curve(genuine: Any, impostor: Any) -> pd.DataFrame:
    """Return both error rates at each threshold that makes a difference.

    Returns
    -------
    DataFrame
        ``threshold``, ``far``, ``frr``, thresholds rising; the last is above all
        scores.

    Examples
    --------
    >>> rate_curve([0.9, 0.4], [0.5, 0.1])[["far", "frr"]].to_numpy().tolist()
    [[1.0, 0.0], [0.5, 0.0], [0.5, 0.5], [0.0, 0.5], [0.0, 1.0]]
    """
    same = np.sort(as_sample(genuine, "genuine", 1))
    other = np.sort(as_sample(impostor, "impostor", 1))
    scores = np.unique(np.concatenate([same, other]))
    thresholds = np.append(scores, np.nextafter(scores[-1], np.inf))
    far = 1 - np.searchsorted(other, thresholds) / len(other)
    frr = np.searchsorted(same, thresholds) / len(same)
    return pd.DataFrame({"threshold": thresholds, "far": far, "frr": frr})


class PairScores:
    """All pairs of photographs with their scores, and who is in them.

    Parameters
    ----------
    similarity : array of shape (n, n)
        Of each photograph with each other, in either order; the diagonal is not used.
    people : array of shape (n,)
        Who is in each photograph; at least two people, one with two photographs.

    Attributes
    ----------
    genuine, impostor : ndarray of float
        Scores in rising order.
    names : ndarray
        The people, each once.

    Examples
    --------
    >>> similarity = [[1, 0.9, 0.2], [0.9, 1, 0.3], [0.2, 0.3, 1]]
    >>> pairs = PairScores(similarity, ["a", "a", "b"])
    >>> pairs.genuine.tolist(), pairs.impostor.tolist(), pairs.auc()
    ([0.9], [0.2, 0.3], 1.0)
    """

    def __init__(self, similarity: Any, people: Any) -> None:
        scores = np.asarray(similarity, dtype=float)
        self.names, who = np.unique(np.asarray(people), return_inverse=True)
        if scores.shape != (len(who), len(who)):
            raise ValueError(
                "similarity must have a row and a column per photograph, got "
                f"{scores.shape} for {len(who)} photographs"
            )
        first, second = np.triu_indices(len(who), 1)
        order = np.argsort(scores[first, second], kind="stable")
        first, second = first[order], second[order]
        values, same = scores[first, second], who[first] == who[second]
        if not np.allclose(scores, scores.T, equal_nan=True):
            raise ValueError("similarity must be the same in either order of a pair")
        if not np.isfinite(values).all() or same.all() or not same.any():
            raise ValueError(
                "there must be pairs of one person and pairs of two people, "
                "all with finite scores"
            )
        self.genuine, self.impostor = values[same], values[~same]
        self._genuine_people = who[first[same]]
        self._impostor_people = who[first[~same]], who[second[~same]]

    def auc(self, counts: np.ndarray | None = None) -> float:
        """Return the probability that a genuine pair scores above an impostor pair.

        Parameters
        ----------
        counts : array of shape (n_people,), optional
            How often each person was drawn in a bootstrap; once by default.
        """
        same, other = self._weights(counts)
        total = np.concatenate([[0.0], np.cumsum(other)])
        below = total[np.searchsorted(self.impostor, self.genuine, "left")]
        up_to = total[np.searchsorted(self.impostor, self.genuine, "right")]
        return float(same @ (below + up_to) / 2 / (same.sum() * total[-1]))

    def tar_at_far(self, far: float, counts: np.ndarray | None = None) -> float:
        """Return the share of genuine pairs accepted where ``far`` impostors are."""
        check_number(far, "far", 0, 1)
        same, other = self._weights(counts)
        # Walk down from the largest impostor until the allowed share is used up.
        down = np.cumsum(other[::-1])
        allowed = np.searchsorted(down, far * down[-1] + 1e-9, "right")
        if allowed == len(down):
            return 1.0
        threshold = self.impostor[::-1][allowed]
        return float(same[self.genuine > threshold].sum() / same.sum())

    def eer(self, counts: np.ndarray | None = None) -> float:
        """Return the error rate at the threshold where both rates are closest."""
        same, other = self._weights(counts)
        thresholds = np.concatenate([self.genuine, self.impostor])
        passed = np.concatenate([[0.0], np.cumsum(other)]) / other.sum()
        missed = np.concatenate([[0.0], np.cumsum(same)]) / same.sum()
        far = 1 - passed[np.searchsorted(self.impostor, thresholds)]
        frr = missed[np.searchsorted(self.genuine, thresholds)]
        best = int(np.abs(far - frr).argmin())
        return float((far[best] + frr[best]) / 2)

    def rates(self, threshold: float, counts: np.ndarray | None = None) -> Rates:
        """Return both error rates of a threshold."""
        check_number(threshold, "threshold", -math.inf)
        same, other = self._weights(counts)
        accepted = other[self.impostor >= threshold].sum() / other.sum()
        refused = same[self.genuine < threshold].sum() / same.sum()
        return Rates(float(accepted), float(refused))

    def _weights(self, counts: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        drawn = np.ones(len(self.names)) if counts is None else np.asarray(counts)
        if drawn.shape != self.names.shape or not (drawn >= 0).all():
            raise ValueError(
                f"counts must be a number from 0 up for each of {len(self.names)} "
                f"people, got {counts!r}"
            )
        one, two = self._impostor_people
        same, other = drawn[self._genuine_people] * 1.0, drawn[one] * drawn[two] * 1.0
        if not same.any() or not other.any():
            raise ValueError("counts must leave pairs of one person and of two people")
        return same, other


def split_halves(
    people: Any, n_splits: int = 50, random_state: int = 0
) -> Iterator[np.ndarray]:
    """Give, again and again, the photographs of one random half of the people.

    Parameters
    ----------
    people : array of shape (n,)
        Who is in each photograph.
    n_splits : int, default=50
    random_state : int, default=0

    Yields
    ------
    ndarray of bool, shape (n,)
        True for the photographs of the drawn half; nobody is in both halves.

    Examples
    --------
    >>> next(split_halves(["a", "a", "b", "b"], 1)).sum()
    np.int64(2)
    """
    rng, names = np.random.default_rng(random_state), np.unique(people)
    if len(names) < 2:
        raise ValueError(f"people must name at least two people, got {len(names)}")
    for _ in range(check_count(n_splits, "n_splits")):
        half = rng.permutation(names)[: len(names) // 2]
        yield np.isin(people, half)


def people_intervals(
    statistic: Callable[[np.ndarray], Any],
    n_people: int,
    n_resamples: int = 500,
    random_state: int = 0,
) -> np.ndarray:
    """Return a statistic of people drawn with replacement, again and again.

    Pairs share photographs and photographs share people: pairs are not independent of
    each other, so people are drawn. A person drawn twice counts twice, and is never
    paired with their own copy as with a stranger.

    Parameters
    ----------
    statistic : callable
        Called with how often each person was drawn; returns a number or an array.
    n_people : int
    n_resamples : int, default=500
    random_state : int, default=0

    Returns
    -------
    ndarray of shape (n_resamples, ...)

    Examples
    --------
    >>> people_intervals(np.sum, 5, n_resamples=3).tolist()
    [5, 5, 5]
    """
    check_count(n_people, "n_people", 2)
    check_count(n_resamples, "n_resamples")
    rng = np.random.default_rng(random_state)
    draws = rng.multinomial(n_people, np.full(n_people, 1 / n_people), n_resamples)
    return np.array([statistic(counts) for counts in draws])


def best_threshold(scores: Any, same: Any) -> float:
    """Return the threshold that decides most pairs rightly.

    Parameters
    ----------
    scores : array of shape (n,)
        A score from the threshold up is taken for the same person.
    same : array of bool, shape (n,)
        Whether it is.

    Returns
    -------
    float
        In the middle between two scores; the lowest of equally good ones.

    Raises
    ------
    ValueError
        If there is not one finite score per pair.

    Examples
    --------
    >>> best_threshold([0.1, 0.3, 0.7, 0.9], [False, False, True, True])
    0.5
    """
    values, truth = as_sample(scores, "scores", 1), _truth(same)
    if truth.shape != values.shape:
        raise ValueError(
            f"same must have one value per score, got {truth.shape} for {values.shape}"
        )
    cuts = np.unique(values)
    middles = np.concatenate([[cuts[0]], (cuts[1:] + cuts[:-1]) / 2, [cuts[-1] + 1e-9]])
    genuine, impostor = np.sort(values[truth]), np.sort(values[~truth])
    accepted = len(genuine) - np.searchsorted(genuine, middles)
    right = accepted + np.searchsorted(impostor, middles)
    return float(middles[right.argmax()])


def fold_accuracies(scores: Any, same: Any, folds: Any) -> pd.DataFrame:
    """Judge each fold with the threshold that is best on all others.

    Parameters
    ----------
    scores, same
        As for `best_threshold`.
    folds : array of shape (n,)
        The fold of each pair; at least two.

    Returns
    -------
    DataFrame
        One row per fold: ``n``, ``threshold``, ``accuracy``.

    Examples
    --------
    >>> scores, same = [0.1, 0.9, 0.2, 0.8], [False, True, False, True]
    >>> fold_accuracies(scores, same, [1, 1, 2, 2])["accuracy"].tolist()
    [1.0, 1.0]
    """
    values, truth = as_sample(scores, "scores", 1), _truth(same)
    fold_of, rows = np.asarray(folds), {}
    if truth.shape != values.shape:
        raise ValueError(
            f"same must have one value per score, got {truth.shape} for {values.shape}"
        )
    if len(np.unique(fold_of)) < 2 or fold_of.shape != values.shape:
        raise ValueError("folds must name one of at least two folds per pair")
    for fold in np.unique(fold_of):
        held = fold_of == fold
        threshold = best_threshold(values[~held], truth[~held])
        accuracy = ((values[held] >= threshold) == truth[held]).mean()
        rows[fold] = {"n": held.sum(), "threshold": threshold, "accuracy": accuracy}
    return pd.DataFrame(rows).T.rename_axis("fold")


def _truth(same: Any) -> np.ndarray:
    values = np.asarray(same)
    if values.dtype.kind not in "biuf" or not np.isin(values, (0, 1)).all():
        raise ValueError("same must be True or False for each pair")
    return values.astype(bool)


class ThresholdVerifier:
    """Choose a threshold on some people, and compare the photographs of others with it.

    Parameters
    ----------
    far : float, default=0.001
        False acceptance rate that is allowed on the people who choose.
    n_photos : int, default=10
        Number of photographs of each person.

    Attributes
    ----------
    threshold_ : float
        A cosine similarity from here up is accepted.

    Examples
    --------
    >>> people = [[1, 0, 1, 0.1], [0, 1, 0.1, 1]]  # two photographs each
    >>> verifier = ThresholdVerifier(far=0, n_photos=2).fit(people)
    >>> verifier.predict([[1, 0, 0.8, 0.6]]).tolist()
    [[True, True], [True, True]]
    """

    def __init__(self, far: float = 0.001, n_photos: int = 10) -> None:
        self.far = far
        self.n_photos = check_count(n_photos, "n_photos", 2)

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn from people, one a row: their embeddings side by side."""
        similarity = self._similarity(X)
        people = np.repeat(np.arange(len(X)), self.n_photos)
        impostor = PairScores(similarity, people).impostor
        self.threshold_ = threshold_at_far(impostor, self.far)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return for each two photographs whether they are accepted as one person.

        It raises a ValueError before `fit`.

        Returns
        -------
        ndarray of bool, shape (n_people * n_photos, n_people * n_photos)
        """
        if not hasattr(self, "threshold_"):
            raise ValueError("fit must be called first")
        return self._similarity(X) >= self.threshold_

    def _similarity(self, X: Any) -> np.ndarray:
        rows = np.asarray(X, dtype=float)
        if rows.ndim != 2 or rows.shape[1] % self.n_photos or not rows.size:
            raise ValueError(
                f"X must hold {self.n_photos} embeddings side by side in each row, "
                f"got shape {rows.shape}"
            )
        vectors = rows.reshape(len(rows) * self.n_photos, -1)
        return cosine_similarity(vectors, vectors)


def accepted_rates(people: Any, accepted: Any) -> Rates:
    """Return both error rates of decisions about all pairs of photographs.

    Parameters
    ----------
    people : array of shape (n_people,)
        Who is in each group of equally many photographs.
    accepted : array of bool, shape (n_photographs, n_photographs)
        By `ThresholdVerifier.predict`.

    Examples
    --------
    >>> accepted_rates([1, 2], np.eye(4))
    Rates(far=0.0, frr=1.0)
    """
    decided, names = np.asarray(accepted, dtype=bool), np.asarray(people)
    n = len(decided)
    if not len(names) or decided.shape != (n, n) or n % len(names):
        raise ValueError(
            "accepted must be square, with equally many photographs of each of "
            f"{len(names)} people, got {decided.shape}"
        )
    who = np.repeat(names, len(decided) // len(names))
    same, pair = who[:, None] == who, np.triu(np.ones_like(decided), 1)
    return Rates(
        float(decided[pair & ~same].mean()), float((~decided)[pair & same].mean())
    )
