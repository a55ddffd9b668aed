"""Word vectors of two languages in one space: PPMI, SVD and Procrustes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlmastery.multilingual_nlp.characters import check_texts, words
from mlmastery.multilingual_nlp.retrieval import check_rows, nearest
from mlmastery.validation import check_count

__all__ = ["WordSpace", "positive_pmi", "procrustes_rotation", "translations"]


def procrustes_rotation(source: Any, target: Any) -> np.ndarray:
    """Return the orthogonal map that brings points nearest to their targets.

    Minimises the sum of squared distances between ``source @ W`` and ``target`` over
    all orthogonal ``W``.

    Parameters
    ----------
    source, target : array of shape (n_points, n_dimensions)
        Row i of both belongs together.

    Returns
    -------
    ndarray of shape (n_dimensions, n_dimensions)

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    .. [1] Schönemann (1966), "A Generalized Solution of the Orthogonal Procrustes
       Problem", Psychometrika 31(1).

    Examples
    --------
    >>> procrustes_rotation([[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [-1.0, 0.0]]).round()
    array([[ 0.,  1.],
           [-1.,  0.]])
    """
    X, Y = check_rows(source, "source"), check_rows(target, "target")
    if X.shape != Y.shape or not len(X):
        raise ValueError(
            "source and target must have one row per pair and equal columns, "
            f"got shapes {X.shape} and {Y.shape}"
        )
    U, _, Vt = np.linalg.svd(X.T @ Y)
    return U @ Vt


def positive_pmi(counts: Any) -> np.ndarray:
    """Return how much more often a word stands in a passage than chance would have it.

    Positive pointwise mutual information: the logarithm of the observed share over
    that expected from the totals of row and column, with 0 for less than expected.

    Parameters
    ----------
    counts : array of shape (n_passages, n_words)
        Not negative.

    Returns
    -------
    ndarray of shape (n_passages, n_words)

    Examples
    --------
    >>> positive_pmi([[2, 0], [0, 2]]).round(3)
    array([[0.693, 0.   ],
           [0.   , 0.693]])
    """
    table = check_rows(counts, "counts")
    if not table.sum() or (table < 0).any():
        raise ValueError(
            "counts must be 0 or more, and not all 0, "
            f"got a smallest of {table.min(initial=0)} and a sum of {table.sum()}"
        )
    share = table / table.sum()
    expected = share.sum(axis=1, keepdims=True) * share.sum(axis=0, keepdims=True)
    ratio = np.divide(share, expected, out=np.ones_like(share), where=share > 0)
    return np.maximum(np.log(ratio), 0)


@dataclass(frozen=True)
class WordSpace:
    """Vectors of the words and passages of one language, in one space.

    Parameters
    ----------
    words : list of str
        Sorted.
    vectors : ndarray of shape (n_words, n_dimensions)
    passages : ndarray of shape (n_passages, n_dimensions)

    Examples
    --------
    >>> space = WordSpace.learn(["red apple", "red car", "green apple"], 2, least=2)
    >>> space.words, space.vectors.shape, space.passages.shape
    (['apple', 'red'], (2, 2), (3, 2))
    """

    words: list[str]
    vectors: np.ndarray
    passages: np.ndarray

    @classmethod
    def learn(
        cls, texts: Sequence[str], n_dimensions: int, *, least: int = 3
    ) -> WordSpace:
        """Learn word vectors from the passages of one language.

        Parameters
        ----------
        texts : sequence of str
        n_dimensions : int
            At most as many as passages and as words.
        least : int, default=3
            Passages that must hold a word for it to get a vector.

        Raises
        ------
        ValueError
            If too few words remain.

        References
        ----------
        .. [1] Levy, Goldberg and Dagan (2015), "Improving Distributional Similarity
           with Lessons Learned from Word Embeddings", TACL 3.
        """
        check_count(least, "least")
        vocabulary, counts = _count_words(check_texts(texts), least)
        check_count(n_dimensions, "n_dimensions", maximum=min(counts.shape, default=0))
        U, S, Vt = np.linalg.svd(positive_pmi(counts), full_matrices=False)
        # Half of the singular values on each side makes words and passages comparable.
        root = np.sqrt(S[:n_dimensions])
        return cls(vocabulary, Vt[:n_dimensions].T * root, U[:, :n_dimensions] * root)

    def rotated(self, rotation: np.ndarray) -> WordSpace:
        """Return the same words and passages after an orthogonal map."""
        return WordSpace(self.words, self.vectors @ rotation, self.passages @ rotation)


def _count_words(texts: Sequence[str], least: int) -> tuple[list[str], np.ndarray]:
    found = [_long_words(text) for text in texts]
    candidates = sorted({word for passage in found for word in passage})
    column = {word: i for i, word in enumerate(candidates)}
    counts = np.zeros((len(texts), len(candidates)))
    for row, passage in enumerate(found):
        for word in passage:
            counts[row, column[word]] += 1
    enough = (counts > 0).sum(axis=0) >= least
    return [w for w, kept in zip(candidates, enough, strict=True) if kept], counts[
        :, enough
    ]


def _long_words(text: str) -> list[str]:
    """Return the words of two letters or more, in small letters, without elisions."""
    found = (text[start:end].lower() for start, end in words(text))
    pieces = (piece for word in found for piece in re.split("['’]", word))
    return [piece for piece in pieces if len(piece) > 1 and piece.isalpha()]


def translations(source: WordSpace, target: WordSpace, word: str, k: int = 1) -> list:
    """Return the words of another language nearest to a word, nearest first.

    Parameters
    ----------
    source, target : WordSpace
        In one space: ``source`` was rotated.
    word : str
        One of ``source.words``.
    k : int, default=1

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If the word has no vector.
    """
    if word not in source.words:
        raise ValueError(f"word must have a vector, got {word!r}")
    vector = source.vectors[[source.words.index(word)]]
    return [target.words[i] for i in nearest(vector, target.vectors, k)[0]]
