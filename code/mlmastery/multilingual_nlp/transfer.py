"""Classify texts in a language without labels, by a model trained on another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted

from mlmastery.multilingual_nlp.characters import check_texts
from mlmastery.multilingual_nlp.encoder import encode_texts
from mlmastery.validation import check_count

__all__ = ["SentenceClassifier", "tfidf_classifier"]


class SentenceClassifier(BaseEstimator):
    """Logistic regression on the vectors of a sentence encoder.

    Parameters
    ----------
    encode : callable, default=encode_texts
        From a list of texts to an array of shape (n_texts, n_dimensions).
    longest : int, default=300
        Characters of a text that are read; the encoder's time grows with them.
    C : float, default=3.0
        Inverse penalty of the regression.

    Attributes
    ----------
    model_ : LogisticRegression

    Examples
    --------
    >>> def encode(texts):
    ...     return np.array([[float("good" in text)] for text in texts])
    >>> model = SentenceClassifier(encode).fit(["good", "bad"] * 9, [True, False] * 9)
    >>> model.predict(["so good"]).tolist()
    [True]
    """

    def __init__(
        self,
        encode: Callable[[list[str]], np.ndarray] = encode_texts,
        longest: int = 300,
        C: float = 3.0,
    ) -> None:
        self.encode = encode
        self.longest = longest
        self.C = C

    def fit(self, texts: Sequence[str], y: Sequence[Any]) -> SentenceClassifier:
        """Fit the regression and return self."""
        check_count(self.longest, "longest")
        self.model_ = LogisticRegression(C=self.C, max_iter=1000)
        self.model_.fit(self._vectors(texts), y)
        self.classes_ = self.model_.classes_
        return self

    def predict(self, texts: Sequence[str]) -> np.ndarray:
        """Return the more probable class of each text."""
        check_is_fitted(self)
        return self.model_.predict(self._vectors(texts))

    def predict_proba(self, texts: Sequence[str]) -> np.ndarray:
        """Return probabilities, shape (n_texts, n_classes)."""
        check_is_fitted(self)
        return self.model_.predict_proba(self._vectors(texts))

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        return self.encode([text[: self.longest] for text in check_texts(texts)])


def tfidf_classifier(C: float = 3.0) -> Any:
    """Return logistic regression on words and pieces of words, unfitted.

    The baseline that translates nothing: it knows the words of its training language
    only. Its features are single words and pairs, and 2 to 5 characters.

    Parameters
    ----------
    C : float, default=3.0

    Examples
    --------
    >>> model = tfidf_classifier().fit(["good", "bad"], [True, False])
    >>> model.predict(["good day"]).tolist()
    [True]
    """
    from sklearn.pipeline import make_union

    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    return make_pipeline(features, LogisticRegression(C=C, max_iter=1000))
