"""The rule-based rival: VADER, a list of words with scores and five rules."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from .features import check_labels, check_texts

__all__ = ["VaderModel", "vader_scores"]


@lru_cache(maxsize=1)
def _analyser() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def vader_scores(texts: Iterable[str]) -> np.ndarray:
    """Return VADER's compound scores, from -1 to 1, shape (n_texts,).

    References
    ----------
    .. [1] Hutto and Gilbert (2014), "VADER: A Parsimonious Rule-based Model for
       Sentiment Analysis of Social Media Text", ICWSM.

    Examples
    --------
    >>> vader_scores(["This is good.", "The film ends."]).round(2)
    array([0.44, 0.  ])
    """
    polarity = _analyser().polarity_scores
    return np.array([polarity(text)["compound"] for text in check_texts(texts)])


class VaderModel(ClassifierMixin, BaseEstimator):
    """Call a text positive where VADER's score is above 0; nothing is learned.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)

    Examples
    --------
    >>> VaderModel().fit(["a", "b"], [0, 1]).predict(["great", "awful"])
    array([1, 0])
    """

    def fit(self, texts: Iterable[str], y: Any) -> VaderModel:
        """Note the labels and return self."""
        self.classes_ = np.unique(check_labels(y, len(check_texts(texts)), "y"))
        if len(self.classes_) != 2:
            raise ValueError(f"y must hold two classes, got {len(self.classes_)}")
        return self

    def decision_function(self, texts: Iterable[str]) -> np.ndarray:
        """Return the compound scores, shape (n_texts,)."""
        return vader_scores(texts)

    def predict_proba(self, texts: Iterable[str]) -> np.ndarray:
        """Return scores moved to the range from 0 to 1; they are not calibrated."""
        positive = (vader_scores(texts) + 1) / 2
        return np.column_stack([1 - positive, positive])

    def predict(self, texts: Iterable[str]) -> np.ndarray:
        """Return the second class where the score is above 0."""
        check_is_fitted(self)
        return self.classes_[(vader_scores(texts) > 0).astype(int)]
