"""Naive Bayes for counts of words, by hand.

>>> X, y = [[2, 0], [0, 1]], ["bad", "good"]
>>> MultinomialNaiveBayes().fit(X, y).predict([[1, 0]])
array(['bad'], dtype='<U4')
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import logsumexp
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmastery.validation import check_number

__all__ = ["MultinomialNaiveBayes"]


class MultinomialNaiveBayes(ClassifierMixin, BaseEstimator):
    """Multiply the probabilities of a text's words in each class.

    Parameters
    ----------
    alpha : float, default=1.0
        Added to each count, above 0: with 0 a word that a class has never seen would
        make the text impossible.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    class_log_prior_ : ndarray of shape (n_classes,)
    feature_log_prob_ : ndarray of shape (n_classes, n_features)
        Logarithm of each word's probability in each class.

    Raises
    ------
    ValueError
        From ``fit``, if ``alpha`` is 0 or less, a count is negative, or there is one
        class only.

    References
    ----------
    .. [1] McCallum and Nigam (1998), "A Comparison of Event Models for Naive Bayes Text
       Classification", AAAI workshop.

    Examples
    --------
    >>> model = MultinomialNaiveBayes().fit([[3, 1], [0, 2]], [0, 1])
    >>> np.exp(model.feature_log_prob_).round(2)
    array([[0.67, 0.33],
           [0.25, 0.75]])
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def fit(self, X: Any, y: Any) -> MultinomialNaiveBayes:
        """Count words per class and return self."""
        check_number(self.alpha, "alpha", open=True)
        X, y = validate_data(self, X, y, accept_sparse="csr")
        check_classification_targets(y)
        _check_counts(X, type(self).__name__)
        self.classes_, label = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                "y must hold at least two classes; the labels have one class only: "
                f"{self.classes_[0]!r}"
            )
        one_hot = np.eye(len(self.classes_))[label]  # (n_samples, n_classes)
        counts = (X.T @ one_hot).T + self.alpha
        self.feature_log_prob_ = np.log(counts / counts.sum(axis=1, keepdims=True))
        self.class_log_prior_ = np.log(one_hot.mean(axis=0))
        return self

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Return log probabilities, shape (n_samples, n_classes)."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False)
        _check_counts(X, type(self).__name__)
        joint = X @ self.feature_log_prob_.T + self.class_log_prior_
        return joint - logsumexp(joint, axis=1, keepdims=True)

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return probabilities, shape (n_samples, n_classes)."""
        return np.exp(self.predict_log_proba(X))

    def predict(self, X: Any) -> np.ndarray:
        """Return the more probable class of each row."""
        check_is_fitted(self)
        return self.classes_[self.predict_log_proba(X).argmax(axis=1)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        tags.classifier_tags.poor_score = True  # on data that are no counts
        return tags


def _check_counts(X: Any, name: str) -> None:
    # The wording is scikit-learn's, which its checks of estimators ask for.
    if X.shape[0] and X.min() < 0:
        raise ValueError(f"Negative values in data passed to {name}: must be counts")
