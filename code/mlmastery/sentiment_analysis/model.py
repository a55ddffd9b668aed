"""A sentiment model for use: calibrated, explained, saved as plain JSON.

>>> texts = ["good film", "a good one", "bad film", "a bad one"] * 3
>>> model = SentimentModel().fit(texts, ["pos", "pos", "neg", "neg"] * 3)
>>> model.predict(["good"])
array(['pos'], dtype='<U3')
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.utils.validation import check_is_fitted

from mlmastery.storage import replacing
from mlmastery.validation import as_sample, check_count

from .features import BagOfWords, as_flags, check_labels, check_texts, ngrams
from .nbsvm import NBSVM
from .preprocessing import step_function

__all__ = ["Explanation", "SentimentModel", "platt_scaling"]

FORMAT = "mlmastery.sentiment_analysis 1"


@dataclass(frozen=True)
class Explanation:
    """One text's probability, taken apart into the effects of its words.

    Parameters
    ----------
    label : object
        The predicted class.
    probability : float
        Of the second class.
    base : float
        Log odds of a text without a known word.
    words : dict of str to float
        What each known n-gram of the text adds to the log odds, the largest effect
        first. ``base`` and these sum to the log odds of ``probability``.
    unknown : list of str
        Tokens that no training text held often enough.
    """

    label: Any
    probability: float
    base: float
    words: dict[str, float]
    unknown: list[str]


def platt_scaling(scores: Any, positive: Any) -> tuple[float, float]:
    """Return slope and offset that turn scores into log odds.

    Parameters
    ----------
    scores : array of shape (n_samples,)
        Of rows that the scoring model has not been fitted on.
    positive : array of bool, shape (n_samples,)

    References
    ----------
    .. [1] Platt (1999), "Probabilistic Outputs for Support Vector Machines", Advances
       in Large Margin Classifiers.

    Examples
    --------
    >>> slope, offset = platt_scaling([-1, -1, 1, 1], [False, True, True, True])
    >>> round(float(expit(-slope + offset)), 2)
    0.5
    """
    values = as_sample(scores, "scores")
    flags = as_flags(positive, "positive", len(values))
    if flags.all() or not flags.any():
        raise ValueError(
            f"positive must hold both classes, got {len(flags)} times {flags[0]}"
        )
    fitted = LogisticRegression(C=1e3).fit(values[:, None], flags)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


class SentimentModel(ClassifierMixin, BaseEstimator):
    """NB-SVM on words and pairs of words, with probabilities by Platt scaling.

    Parameters
    ----------
    longest : int, default=2
        Tokens in the longest n-gram.
    min_df : int, default=1
        Training texts in which an n-gram must occur.
    C, beta : float, default=1.0 and 0.25
        Of `NBSVM`.
    steps : dict, optional
        Switches of `preprocess_text`.
    n_folds : int, default=3
        Folds that give the scores for the calibration; fewer where a class is smaller.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    coef_ : ndarray of shape (n_terms,)
        What a term's presence adds to the log odds of the second class.
    intercept_ : float
        Log odds of a text without a known term.

    Raises
    ------
    TypeError
        If a text is not a str, or ``texts`` is one str.
    ValueError
        From ``fit``, if there are not two classes with two texts each, or texts and
        labels differ in number.

    Examples
    --------
    >>> texts = ["good film", "a good one", "bad film", "a bad one"] * 3
    >>> model = SentimentModel().fit(texts, [True, True, False, False] * 3)
    >>> list(model.explain("a good idea").words)[0], model.explain("idea").unknown
    ('good', ['idea'])
    """

    def __init__(
        self,
        longest: int = 2,
        min_df: int = 1,
        C: float = 1.0,
        beta: float = 0.25,
        steps: Mapping[str, Any] | None = None,
        n_folds: int = 3,
    ) -> None:
        self.longest = longest
        self.min_df = min_df
        self.C = C
        self.beta = beta
        self.steps = steps
        self.n_folds = n_folds

    def fit(self, texts: Iterable[str], labels: Any) -> SentimentModel:
        """Learn words, weights and calibration, and return self."""
        check_count(self.n_folds, "n_folds", 2)
        texts = check_texts(texts)
        labels = check_labels(labels, len(texts))
        self.classes_, n_folds = _two_classes(labels, self.n_folds)
        positive = labels == self.classes_[1]
        X = self._new_bag().fit_transform(texts)
        svm = NBSVM(C=self.C, beta=self.beta)
        folds = StratifiedKFold(n_folds, shuffle=True, random_state=0)
        # Scores of rows that the model has seen are too large: calibrate on others.
        scores = cross_val_predict(
            svm, X, positive, cv=folds, method="decision_function"
        )
        slope, offset = platt_scaling(scores, positive)
        svm.fit(X, positive)
        self.coef_ = slope * svm.coef_
        self.intercept_ = slope * svm.intercept_ + offset
        return self

    def _new_bag(self) -> BagOfWords:
        if not isinstance(self.steps, Mapping | None):
            raise TypeError(
                f"steps must be a dict of switches, got {type(self.steps).__name__}"
            )
        prepare = step_function(**(self.steps or {}))
        self.bag_ = BagOfWords(self.longest, self.min_df, True, prepare)
        return self.bag_

    def decision_function(self, texts: Iterable[str]) -> np.ndarray:
        """Return the log odds of the second class, shape (n_texts,)."""
        check_is_fitted(self)
        return self.bag_.transform(texts) @ self.coef_ + self.intercept_

    def predict_proba(self, texts: Iterable[str]) -> np.ndarray:
        """Return calibrated probabilities, shape (n_texts, 2)."""
        positive = expit(self.decision_function(texts))
        return np.column_stack([1 - positive, positive])

    def predict(self, texts: Iterable[str]) -> np.ndarray:
        """Return the more probable label of each text."""
        positive = self.decision_function(texts) > 0
        return self.classes_[positive.astype(int)]

    def explain(self, text: str) -> Explanation:
        """Return what each word and pair of words adds to the log odds."""
        check_is_fitted(self)
        tokens = step_function(**(self.steps or {}))(text).split()
        column = self.bag_.vocabulary_
        terms = {t for t in ngrams(tokens, self.longest) if t in column}
        effects = {term: float(self.coef_[column[term]]) for term in sorted(terms)}
        log_odds = self.intercept_ + sum(effects.values())
        return Explanation(
            label=self.classes_[int(log_odds > 0)],
            probability=float(expit(log_odds)),
            base=float(self.intercept_),
            words=dict(sorted(effects.items(), key=lambda item: -abs(item[1]))),
            unknown=[t for t in dict.fromkeys(tokens) if t not in column],
        )

    def save(self, path: str | Path) -> None:
        """Write the fitted model to a file of JSON, whole or not at all.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        check_is_fitted(self)
        content = {
            "format": FORMAT,
            "settings": self.get_params() | {"steps": dict(self.steps or {})},
            "classes": self.classes_.tolist(),
            "terms": list(self.bag_.vocabulary_),
            "coef": self.coef_.tolist(),
            "intercept": self.intercept_,
        }
        with replacing(path, "w") as file:
            json.dump(content, file, ensure_ascii=False, allow_nan=False)

    @classmethod
    def load(cls, path: str | Path) -> SentimentModel:
        """Return the model that `save` wrote.

        Raises
        ------
        OSError
            If there is no such file.
        ValueError
            If it is not such a file.
        """
        content = _read(Path(path))
        model = cls(**content["settings"])
        bag = model._new_bag()
        bag.vocabulary_ = {term: j for j, term in enumerate(content["terms"])}
        model.classes_ = np.array(content["classes"])
        model.coef_ = np.array(content["coef"])
        model.intercept_ = content["intercept"]
        return model


def _two_classes(labels: np.ndarray, n_folds: int) -> tuple[np.ndarray, int]:
    """Return the two classes and the number of folds that the smaller one allows."""
    classes, counts = np.unique(labels, return_counts=True)
    if len(classes) != 2 or counts.min() < 2:
        found = dict(zip(classes.tolist(), counts.tolist(), strict=True))
        raise ValueError(
            f"labels must hold two classes with at least two texts each, got {found}"
        )
    return classes, min(n_folds, int(counts.min()))


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} must be a saved SentimentModel: {error}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(
            f"{path} must be a saved SentimentModel of format {FORMAT!r}, "
            "got other content"
        )
    for key in ("settings", "classes", "terms", "coef", "intercept"):
        if key not in content:
            raise ValueError(f"{path} must hold {key!r}, got only {sorted(content)}")
    lengths = {len(content["terms"]), len(content["coef"])}
    if len(lengths) != 1:
        raise ValueError(f"{path} must hold one weight per term, got {sorted(lengths)}")
    return content
