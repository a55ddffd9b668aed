"""Tag sequences with an averaged perceptron, trained on whole sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from sklearn.exceptions import NotFittedError

from mlmastery.validation import check_count

from .checks import check_sentences
from .decoding import bio_rules, emission_scores, train_epoch, viterbi
from .features import word_features

__all__ = ["AveragedPerceptronTagger"]

Features = Callable[[Sequence[str]], list[list[str]]]
UNKNOWN = -1  # the number of a feature that has no weight


class AveragedPerceptronTagger:
    """Score a sequence of tags by its features and transitions; learn from mistakes.

    A sentence whose best sequence is wrong adds one to the weights of its true tags
    and takes one from those of the predicted: w ← w + Φ(x, y) − Φ(x, ŷ). Prediction
    uses the mean of the weights after all sentences of all epochs.

    Parameters
    ----------
    features : callable, default=word_features
        Takes the tokens of a sentence, returns equally many features for each.
    epochs : int, default=5
        Passes through the sentences, each in an order of its own.
    min_count : int, default=2
        Features that training saw less often have no weight.
    random_state : int or None, default=0
        Seed of the orders.

    Attributes
    ----------
    tags_ : list of str
        The columns of the weights.
    feature_ids_ : dict of str to int
        The row of each feature's weights.
    weights_ : ndarray of shape (n_features, n_tags)
        Averaged.
    transitions_ : ndarray of shape (n_tags, n_tags)
        Averaged weight of a tag (column) after another (row); ``-inf`` where BIO
        forbids it.
    start_ : ndarray of shape (n_tags,)
        The same for the first token.
    mistakes_ : list of int
        Wrongly tagged sentences in each epoch.

    Raises
    ------
    ValueError
        From ``fit``, if there is no sentence, or sentences and tags differ in length.

    References
    ----------
    .. [1] Collins (2002), "Discriminative Training Methods for Hidden Markov Models",
       EMNLP.
    .. [2] Freund and Schapire (1999), "Large Margin Classification Using the Perceptron
       Algorithm", Machine Learning 37(3).

    Examples
    --------
    >>> sentences = [["in", "Lima"], ["in", "Paris"], ["a", "day"]]
    >>> tags = [["O", "B-LOC"], ["O", "B-LOC"], ["O", "O"]]
    >>> tagger = AveragedPerceptronTagger().fit(sentences, tags)
    >>> tagger.predict([["in", "Quito"]])
    [['O', 'B-LOC']]
    """

    def __init__(
        self,
        features: Features = word_features,
        *,
        epochs: int = 5,
        min_count: int = 2,
        random_state: int | None = 0,
    ) -> None:
        self.features = features
        self.epochs = epochs
        self.min_count = min_count
        self.random_state = random_state

    def fit(
        self, sentences: Sequence[Sequence[str]], tags: Sequence[Sequence[str]]
    ) -> AveragedPerceptronTagger:
        """Learn the weights.

        Parameters
        ----------
        sentences : sequence of sequence of str
            Tokens; sentences without any are passed over.
        tags : sequence of sequence of str
            One tag a token.
        """
        check_sentences(sentences, tags)
        epochs = check_count(self.epochs, "epochs")
        rng = np.random.default_rng(self.random_state)
        self.tags_ = sorted({tag for row in tags for tag in row})
        rows, bounds = self._learn_features(sentences)
        codes = {tag: code for code, tag in enumerate(self.tags_)}
        gold = np.array([codes[tag] for row in tags for tag in row])
        rules, start_rules = bio_rules(self.tags_)
        n_features, n_tags = len(self.feature_ids_), len(self.tags_)
        # Below the features' weights lie those of transitions and of the start.
        weights = np.zeros((n_features + n_tags + 1, n_tags))
        stamped, n_steps, self.mistakes_ = np.zeros_like(weights), 0, []
        for _ in range(epochs):
            order = rng.permutation(len(bounds) - 1)
            self.mistakes_.append(
                train_epoch(
                    rows,
                    gold,
                    bounds,
                    order,
                    rules,
                    start_rules,
                    weights,
                    stamped,
                    n_steps,
                )
            )
            n_steps += len(order)
        mean = weights - stamped / n_steps
        self.weights_ = mean[:n_features]
        self.transitions_ = mean[n_features:-1] + rules
        self.start_ = mean[-1] + start_rules
        return self

    def predict(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """Return the best allowed sequence of tags for each sentence.

        Parameters
        ----------
        sentences : iterable of sequence of str

        Returns
        -------
        list of list of str
        """
        if not hasattr(self, "weights_"):
            raise NotFittedError("the tagger knows no tag yet: call fit first")
        return [self._predict_one(sentence) for sentence in sentences]

    def _predict_one(self, tokens: Sequence[str]) -> list[str]:
        if isinstance(tokens, str):
            raise TypeError("a sentence must be a list of tokens, got a text")
        if not len(tokens):
            return []
        scores = emission_scores(self._known_features(tokens), self.weights_)
        path = viterbi(scores, self.transitions_, self.start_)
        return [self.tags_[code] for code in path]

    def _known_features(self, tokens: Sequence[str]) -> np.ndarray:
        ids = self.feature_ids_
        rows = [[ids.get(f, UNKNOWN) for f in row] for row in self.features(tokens)]
        return np.array(rows, dtype=np.int32)

    def _learn_features(self, sentences: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return the numbers of each token's features, and where sentences begin."""
        minimum = check_count(self.min_count, "min_count")
        ids: dict[str, int] = {}
        rows: list[list[int]] = []
        bounds = [0]
        for tokens in sentences:
            for row in self.features(tokens):
                rows.append([ids.setdefault(f, len(ids)) for f in row])
            bounds.append(len(rows))
        found = np.array(rows, dtype=np.int32)
        frequent = np.bincount(found.ravel(), minlength=len(ids)) >= minimum
        new_ids = np.where(frequent, np.cumsum(frequent) - 1, UNKNOWN).astype(np.int32)
        self.feature_ids_ = {
            feature: int(new_ids[old]) for feature, old in ids.items() if frequent[old]
        }
        return new_ids[found], np.unique(bounds)
