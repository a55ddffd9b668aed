"""An LSTM that reads a sentence word by word, with and without a mask for padding.

>>> reader = LSTMClassifier(epochs=1, random_state=0)
>>> _ = reader.fit(["a good film", "a bad film"] * 8, [1, 0] * 8)
>>> reader.predict_proba(["a good film"]).shape
(1, 2)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from mlmastery.validation import check_choice, check_count, check_number

from .features import check_labels, check_texts
from .word_vectors import WordVectors

__all__ = ["LSTMClassifier", "SentenceLSTM"]

PAD, UNKNOWN = 0, 1


class SentenceLSTM(nn.Module):
    """Read padded sentences and return one score (log odds) for each.

    Parameters
    ----------
    embedding : Tensor of shape (n_words, D)
        Start of the word vectors; rows 0 and 1 are for padding and unknown words.
    hidden : int
        Size of the state H.
    masked : bool
        Whether to stop at a sentence's last word, or to read the padding too.
    pool : {"last", "max"}
        The state after the last word, or the maximum of each unit over all words.
    dropout : float
        Share of inputs and units that are set to zero in training.
    """

    def __init__(
        self,
        embedding: Tensor,
        *,
        hidden: int,
        masked: bool = True,
        pool: str = "max",
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        check_choice(pool, "pool", ("last", "max"))
        self.embedding = nn.Embedding.from_pretrained(embedding, freeze=False)
        self.lstm = nn.LSTM(embedding.size(1), hidden, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(hidden, 1)
        self.masked, self.pool = masked, pool

    def forward(self, words: Tensor, lengths: Tensor) -> Tensor:
        """Return scores, shape (B,), for words of shape (B, T)."""
        vectors = self.dropout(self.embedding(words))  # (B, T, D)
        if self.masked:
            state = self._read_packed(vectors, lengths)
        else:
            states, (last, _) = self.lstm(vectors)
            state = last[0] if self.pool == "last" else states.amax(dim=1)
        return self.out(self.dropout(state)).squeeze(1)

    def _read_packed(self, vectors: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(
            vectors, lengths, batch_first=True, enforce_sorted=False
        )
        states, (last, _) = self.lstm(packed)
        if self.pool == "last":
            return last[0]
        # Padding must lose every maximum.
        padded, _ = pad_packed_sequence(states, batch_first=True, padding_value=-2.0)
        return padded.amax(dim=1)  # (B, H)


class LSTMClassifier(ClassifierMixin, BaseEstimator):
    """Train a `SentenceLSTM` on texts and their two labels.

    Parameters
    ----------
    vectors : WordVectors, optional
        Start of the word vectors; by default they start at random.
    hidden : int, default=32
    epochs : int, default=4
    batch_size : int, default=64
    learning_rate : float, default=3e-3
        Of Adam.
    masked, pool, dropout
        As in `SentenceLSTM`.
    pad_to : int, default=0
        Length to which each batch is padded at least.
    min_count : int, default=2
        Training occurrences that a word needs to be known.
    validation : float, default=0.0
        Share of the training texts that choose the epoch; 0 keeps the last epoch.
    random_state : int, default=0
        Also seeds PyTorch's dropout, inside ``fit``, and restores its state after.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    accuracy_ : list of float
        Accuracy on the validation part after each epoch, empty without one.
    loss_ : list of float
        Mean training loss of each epoch, in nats.
    best_epoch_ : int
        The epoch that is kept, counted from 1.

    Raises
    ------
    ValueError
        From ``fit``, if there are not two classes.
    """

    def __init__(
        self,
        vectors: WordVectors | None = None,
        hidden: int = 32,
        epochs: int = 4,
        batch_size: int = 64,
        learning_rate: float = 3e-3,
        masked: bool = True,
        pool: str = "max",
        dropout: float = 0.5,
        pad_to: int = 0,
        min_count: int = 2,
        validation: float = 0.0,
        random_state: int = 0,
    ) -> None:
        self.vectors = vectors
        self.hidden = hidden
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.masked = masked
        self.pool = pool
        self.dropout = dropout
        self.pad_to = pad_to
        self.min_count = min_count
        self.validation = validation
        self.random_state = random_state

    def fit(self, texts: Iterable[str], y: Any) -> LSTMClassifier:
        """Train and return self."""
        check_count(self.epochs, "epochs")
        check_number(self.validation, "validation", maximum=0.9)
        texts = check_texts(texts)
        y = check_labels(y, len(texts), "y")
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(f"y must hold two classes, got {len(self.classes_)}")
        rng = np.random.default_rng(self.random_state)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.random_state)
            self._build(texts, rng)
            self._train(self._ids(texts), labels, rng)
        return self

    def _build(self, texts: list[str], rng: np.random.Generator) -> None:
        counts = Counter(word for text in texts for word in text.split())
        known = [w for w, n in counts.items() if n >= self.min_count]
        self.row_ = {word: i + 2 for i, word in enumerate(known)}
        size = 50 if self.vectors is None else self.vectors.vectors.shape[1]
        start = rng.normal(0, 0.3, (len(known) + 2, size))
        start[PAD] = 0
        for word, i in self.row_.items():
            if self.vectors is not None and word in self.vectors:
                start[i] = self.vectors[word]
        self.network_ = SentenceLSTM(
            torch.tensor(start, dtype=torch.float32),
            hidden=self.hidden,
            masked=self.masked,
            pool=self.pool,
            dropout=self.dropout,
        )

    def _ids(self, texts: Iterable[str]) -> list[list[int]]:
        # A text without a word is read as one unknown word: packing needs a length.
        check_is_fitted(self)
        split = (text.split() for text in check_texts(texts))
        rows = ([self.row_.get(w, UNKNOWN) for w in words] for words in split)
        return [row[:200] or [UNKNOWN] for row in rows]

    def _train(
        self, ids: list[list[int]], y: np.ndarray, rng: np.random.Generator
    ) -> None:
        order = rng.permutation(len(ids))
        n_validation = round(self.validation * len(ids))
        watched, rows = order[:n_validation], order[n_validation:]
        optimizer = torch.optim.Adam(self.network_.parameters(), lr=self.learning_rate)
        self.loss_, self.accuracy_, self.best_epoch_ = [], [], self.epochs
        kept: dict[str, Tensor] = {}
        for epoch in range(1, self.epochs + 1):
            self.loss_.append(self._epoch(ids, y, rng.permutation(rows), optimizer))
            if not n_validation:
                continue
            scores = self._scores([ids[i] for i in watched])
            self.accuracy_.append(float(((scores > 0) == y[watched]).mean()))
            if self.accuracy_[-1] == max(self.accuracy_):
                self.best_epoch_ = epoch
                kept = {k: v.clone() for k, v in self.network_.state_dict().items()}
        if kept:
            self.network_.load_state_dict(kept)

    def _epoch(
        self, ids: list[list[int]], y: np.ndarray, rows: np.ndarray, optimizer: Any
    ) -> float:
        self.network_.train()
        losses = []
        for batch in self._batches(rows, ids):
            words, lengths = self._padded([ids[i] for i in batch])
            target = torch.tensor(y[batch], dtype=torch.float32)
            scores = self.network_(words, lengths)
            loss = nn.functional.binary_cross_entropy_with_logits(scores, target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return float(np.mean(losses))

    def _batches(self, rows: np.ndarray, ids: list[list[int]]) -> Iterator[np.ndarray]:
        """Yield batches of sentences of similar length, which need little padding."""
        pool = 20 * self.batch_size
        for start in range(0, len(rows), pool):
            part = rows[start : start + pool]
            part = part[np.argsort([len(ids[i]) for i in part], kind="stable")]
            for i in range(0, len(part), self.batch_size):
                yield part[i : i + self.batch_size]

    def _padded(self, batch: list[list[int]]) -> tuple[Tensor, Tensor]:
        lengths = torch.tensor([len(row) for row in batch])
        words = torch.full((len(batch), max(int(lengths.max()), self.pad_to)), PAD)
        for i, row in enumerate(batch):
            words[i, : len(row)] = torch.tensor(row)
        return words, lengths

    def _scores(self, ids: list[list[int]]) -> np.ndarray:
        self.network_.eval()
        scores = np.zeros(len(ids))
        with torch.no_grad():
            for batch in self._batches(np.arange(len(ids)), ids):
                output = self.network_(*self._padded([ids[i] for i in batch]))
                scores[batch] = output.numpy()
        return scores

    def decision_function(self, texts: Iterable[str]) -> np.ndarray:
        """Return scores (log odds of the second class), shape (n_texts,)."""
        return self._scores(self._ids(texts))

    def predict_proba(self, texts: Iterable[str]) -> np.ndarray:
        """Return probabilities, shape (n_texts, 2)."""
        positive = 1 / (1 + np.exp(-self.decision_function(texts)))
        return np.column_stack([1 - positive, positive])

    def predict(self, texts: Iterable[str]) -> np.ndarray:
        """Return the more probable class of each text."""
        positive = self.decision_function(texts) > 0
        return self.classes_[positive.astype(int)]
