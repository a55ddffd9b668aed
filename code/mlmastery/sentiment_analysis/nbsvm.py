"""NB-SVM: a linear classifier on words weighed by their naive Bayes log ratio.

>>> X, y = [[1, 0], [0, 1], [1, 0], [0, 1]], [0, 1, 0, 1]
>>> NBSVM().fit(X, y).predict([[0, 1]])
array([1])
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.svm import LinearSVC
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmastery.validation import check_number

from .features import as_counts, as_flags

__all__ = ["NBSVM", "log_count_ratio"]


def log_count_ratio(X: Any, positive: Any, alpha: float = 1.0) -> np.ndarray:
    """Return how much more probable each word is in positive texts, as a logarithm.

    Parameters
    ----------
    X : array or sparse matrix of shape (n_samples, n_features)
        Counts, or zeros and ones.
    positive : array of bool, shape (n_samples,)
    alpha : float, default=1.0
        Added to the count of each word in each class, above 0.

    Returns
    -------
    ndarray of shape (n_features,)

    References
    ----------
    .. [1] Wang and Manning (2012), "Baselines and Bigrams: Simple, Good Sentiment and
       Topic Classification", ACL.

    Examples
    --------
    >>> log_count_ratio([[1, 0], [0, 1], [0, 1]], [False, True, True]).round(3)
    array([-0.981,  0.811])
    """
    check_number(alpha, "alpha", open=True)
    X = as_counts(X, "X")
    positive = as_flags(positive, "positive", X.shape[0])
    p = alpha + np.asarray(X[positive].sum(axis=0)).ravel()
    q = alpha + np.asarray(X[~positive].sum(axis=0)).ravel()
    return np.log(p / p.sum()) - np.log(q / q.sum())


class NBSVM(ClassifierMixin, BaseEstimator):
    """Fit a linear SVM to ``X * r`` and pull its weights towards their mean size.

    Parameters
    ----------
    C : float, default=1.0
        Inverse of the penalty of the SVM, above 0.
    beta : float, default=0.25
        From 0 (weights of equal size, as naive Bayes has them) to 1 (the SVM's own).
    alpha : float, default=1.0
        For `log_count_ratio`.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    ratio_ : ndarray of shape (n_features,)
        Log-count ratio of each feature.
    coef_ : ndarray of shape (n_features,)
        What one occurrence adds to the score.
    intercept_ : float

    Raises
    ------
    ValueError
        From ``fit``, if a setting is out of its range, a value is negative, or there
        are not two classes.

    References
    ----------
    .. [1] Wang and Manning (2012), "Baselines and Bigrams: Simple, Good Sentiment and
       Topic Classification", ACL.

    Examples
    --------
    >>> model = NBSVM(beta=0.0).fit([[1, 0], [0, 1]], ["bad", "good"])
    >>> model.predict([[0, 1], [1, 0]])
    array(['good', 'bad'], dtype='<U4')
    """

    def __init__(self, C: float = 1.0, beta: float = 0.25, alpha: float = 1.0) -> None:
        self.C = C
        self.beta = beta
        self.alpha = alpha

    def fit(self, X: Any, y: Any) -> NBSVM:
        """Learn ratio and weights, and return self."""
        check_number(self.C, "C", open=True)
        check_number(self.beta, "beta", maximum=1)
        X, y = validate_data(self, X, y, accept_sparse="csr")
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        if len(self.classes_) != 2:
            raise ValueError(
                "Only binary classification is supported. y must hold two classes, "
                f"got {len(self.classes_)} class(es)"
            )
        if X.min() < 0:
            raise ValueError("Negative values in data passed to NBSVM: must be counts")
        positive = y == self.classes_[1]
        self.ratio_ = log_count_ratio(X, positive, self.alpha)
        weighed = sparse.csr_matrix(X).multiply(self.ratio_).tocsr()
        svm = LinearSVC(C=self.C, max_iter=5000, random_state=0).fit(weighed, positive)
        w, b = svm.coef_.ravel(), svm.intercept_[0]
        w = (1 - self.beta) * np.abs(w).mean() + self.beta * w
        self.coef_, self.intercept_ = w * self.ratio_, float(b)
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """Return scores, positive for the second class; shape (n_samples,)."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False)
        return np.asarray(X @ self.coef_ + self.intercept_).ravel()

    def predict(self, X: Any) -> np.ndarray:
        """Return the class of each row."""
        check_is_fitted(self)
        return self.classes_[(self.decision_function(X) > 0).astype(int)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.poor_score = True  # on data that are no counts
        return tags
