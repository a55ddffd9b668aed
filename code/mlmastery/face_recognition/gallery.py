"""Decide whose face it is among enrolled people, or that it is nobody's of them.

>>> import numpy as np
>>> gallery = Gallery(["Ada", "Bob"], np.eye(2))
>>> gallery.identify([0.8, 0.6], threshold=0.5).name
'Ada'
>>> gallery.identify([0.8, 0.6], threshold=0.9).status
'unknown'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlmastery.validation import check_choice, check_number

from .embedding import unit_length

__all__ = [
    "Gallery",
    "Identification",
    "distance_to_similarity",
    "majority",
]

RULES = ("best", "mean")


@dataclass(frozen=True)
class Identification:
    """Answer to the question of whose face a picture shows.

    Parameters
    ----------
    status : {"known", "unknown", "no face"}
        Unknown: there is a face, and no enrolled person reaches the threshold.
    name : str or None
        Of the person, where known.
    score : float or None
        Similarity to the nearest enrolled person; None without a face or people.
    box : tuple of float, optional
        Left, top, width and height of the face in pixels.

    Examples
    --------
    >>> Identification("no face").name is None
    True
    """

    status: str
    name: str | None = None
    score: float | None = None
    box: tuple[float, float, float, float] | None = None


class Gallery:
    """Embeddings of enrolled photographs, searched by one matrix product.

    Parameters
    ----------
    owners : sequence of str
        The person of each row.
    embeddings : array of shape (n_photographs, dimension)
        Rows are scaled to unit length.

    Attributes
    ----------
    people : list of str
        In the order of their first photograph.

    Raises
    ------
    ValueError
        If the two lengths differ, or a row is zero or not finite.

    Examples
    --------
    >>> gallery = Gallery(["Ada", "Ada", "Bob"], [[1, 0], [0, 1], [-1, 0]])
    >>> gallery.scores([[1.0, 0.0]], rule="best").round(2)
    array([[ 1., -1.]])
    >>> gallery.scores([[1.0, 0.0]], rule="mean").round(2)
    array([[ 0.5, -1. ]])
    """

    def __init__(self, owners: Sequence[str], embeddings: Any) -> None:
        rows = np.asarray(embeddings, dtype=float)
        if len(owners) == 0:
            rows = rows.reshape(0, rows.shape[-1] if rows.ndim == 2 else 0)
        if rows.ndim != 2:
            raise ValueError(f"embeddings must have two axes, got shape {rows.shape}")
        if len(owners) != len(rows):
            raise ValueError(
                "owners and embeddings must have one length, "
                f"got {len(owners)} and {len(rows)}"
            )
        self.people = list(dict.fromkeys(owners))
        # Rows of one person lie side by side, so that one reduction serves everybody.
        place = {name: i for i, name in enumerate(self.people)}
        codes = np.array([place[name] for name in owners], dtype=int)
        order = np.argsort(codes, kind="stable")
        self._embeddings = unit_length(rows[order], "embeddings")
        self._counts = np.bincount(codes, minlength=len(self.people))
        self._starts = np.cumsum(self._counts) - self._counts

    def __len__(self) -> int:
        return len(self._embeddings)

    def scores(self, probes: Any, rule: str = "best") -> np.ndarray:
        """Return the similarity of each probe to each person.

        Parameters
        ----------
        probes : array of shape (n_probes, dimension)
        rule : {"best", "mean"}, default="best"
            Of the similarities to a person's photographs.

        Returns
        -------
        ndarray of shape (n_probes, n_people)

        Raises
        ------
        ValueError
            If the dimension is another than that of the gallery, or the rule unknown.
        """
        check_choice(rule, "rule", RULES)
        rows = np.atleast_2d(unit_length(probes, "probes"))
        if not len(self):
            return np.empty((len(rows), 0))
        if rows.ndim != 2 or rows.shape[1] != self._embeddings.shape[1]:
            raise ValueError(
                f"probes must have {self._embeddings.shape[1]} columns as the gallery, "
                f"got shape {rows.shape}"
            )
        similarity = rows @ self._embeddings.T
        if rule == "best":
            return np.maximum.reduceat(similarity, self._starts, axis=1)
        return np.add.reduceat(similarity, self._starts, axis=1) / self._counts

    def identify(
        self, embedding: Any, threshold: float, rule: str = "best"
    ) -> Identification:
        """Return the most similar person if similar enough, else unknown.

        Parameters
        ----------
        embedding : array of shape (dimension,)
        threshold : float
            Smallest cosine similarity of a match, from -1 to 1.
        rule : {"best", "mean"}, default="best"

        Raises
        ------
        ValueError
            If an argument is out of its range.
        """
        check_number(threshold, "threshold", -1, 1)
        scores = self.scores(embedding, rule)[0]
        if not len(scores):
            return Identification("unknown")
        best = int(scores.argmax())
        score = float(scores[best])
        if score >= threshold:
            return Identification("known", self.people[best], score)
        return Identification("unknown", None, score)


def majority(answers: Collection[Any], unknown: Any = None) -> Any:
    """Return the answer that more than half of all give, otherwise ``unknown``.

    Examples
    --------
    >>> majority(["Ada", None, "Ada"]), majority(["Ada", None]), majority([])
    ('Ada', None, None)
    """
    for answer, count in Counter(answers).most_common(1):
        if count > len(answers) / 2:
            return answer
    return unknown


def distance_to_similarity(distance: float) -> float:
    """Return the cosine similarity of unit vectors at a Euclidean distance.

    Parameters
    ----------
    distance : float
        From 0 to 2: dlib's published tolerance, 0.6, is such a distance.

    Raises
    ------
    ValueError
        If it is out of its range.

    Examples
    --------
    >>> round(distance_to_similarity(0.6), 2)
    0.82
    """
    return 1 - check_number(distance, "distance", 0, 2) ** 2 / 2
