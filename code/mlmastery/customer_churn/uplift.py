"""Whom a campaign changes: uplift from a randomised experiment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.utils.validation import check_is_fitted

from mlmastery.customer_churn.checks import check_flags
from mlmastery.validation import as_numbers, check_share

__all__ = ["TransformedOutcome", "TwoModels", "qini_area", "qini_curve"]


class TwoModels(BaseEstimator):
    """Predict the outcome with and without treatment, and subtract.

    Parameters
    ----------
    model : regressor or classifier
        Cloned for each arm; a classifier's probability of class 1 is used.

    Examples
    --------
    >>> from sklearn.dummy import DummyRegressor
    >>> two = TwoModels(DummyRegressor())
    >>> two.fit([[0], [0], [0], [0]], [1.0, 3.0, 0.0, 1.0], [1, 1, 0, 0]).predict([[0]])
    array([1.5])
    """

    def __init__(self, model: Any) -> None:
        self.model = model

    def fit(self, X: Any, y: Any, treated: Any) -> TwoModels:
        """Fit one model per arm and return self.

        Parameters
        ----------
        X : array of shape (n, n_features)
        y : array of shape (n,)
        treated : array of bool or 0/1, shape (n,)
            Assigned at random; else the difference is not an effect.
        """
        X, y, arm = _check_arms(X, y, treated)
        self.with_ = clone(self.model).fit(X[arm], y[arm])
        self.without_ = clone(self.model).fit(X[~arm], y[~arm])
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the predicted effect of the treatment for each row."""
        check_is_fitted(self, "with_")
        return _expected(self.with_, X) - _expected(self.without_, X)


class TransformedOutcome(BaseEstimator):
    """Regress an outcome whose mean is the effect.

    ``y (w - e) / (e (1 - e))``, with treatment w and its probability e, has the
    expectation E[y | w=1] - E[y | w=0], so that any regressor estimates the effect.

    Parameters
    ----------
    model : regressor
    share : float, default=0.5
        Probability of treatment in the experiment.

    Examples
    --------
    >>> from sklearn.dummy import DummyRegressor
    >>> one = TransformedOutcome(DummyRegressor())
    >>> one.fit([[0], [0], [0], [0]], [1.0, 3.0, 0.0, 1.0], [1, 1, 0, 0]).predict([[0]])
    array([1.5])
    """

    def __init__(self, model: Any, share: float = 0.5) -> None:
        self.model = model
        self.share = share

    def fit(self, X: Any, y: Any, treated: Any) -> TransformedOutcome:
        """Fit the regressor to the transformed outcome and return self."""
        e = check_share(self.share, "share")
        if is_classifier(self.model):
            raise ValueError(
                f"model must be a regressor, got {type(self.model).__name__}"
            )
        X, y, arm = _check_arms(X, y, treated)
        self.model_ = clone(self.model).fit(X, y * (arm - e) / (e * (1 - e)))
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the predicted effect of the treatment for each row."""
        check_is_fitted(self, "model_")
        return np.asarray(self.model_.predict(X))


def qini_curve(y: Any, treated: Any, score: Any) -> pd.DataFrame:
    """Return the extra outcome that treating the best-scored customers brings.

    Parameters
    ----------
    y : array of shape (n,)
    treated : array of bool or 0/1, shape (n,)
    score : array of shape (n,)
        Highest first; of equal scores the order of the rows decides.

    Returns
    -------
    DataFrame
        ``share`` of customers, ``gain`` per customer of the whole population, and
        ``random``, the straight line to the same end. It starts at 0.

    References
    ----------
    .. [1] Radcliffe (2007), "Using Control Groups to Target on Predicted Lift", Direct
       Marketing Analytics Journal.

    Examples
    --------
    >>> qini_curve([1, 0, 0, 0], [1, 0, 1, 0], [4, 3, 2, 1])["gain"].tolist()
    [0.0, 0.5, 0.5, 0.5, 0.5]
    """
    scores = as_numbers(score, "score")
    if scores.ndim != 1 or np.isnan(scores).any():
        raise ValueError(
            "score must be one number per customer without gaps, "
            f"got shape {scores.shape}, {int(np.isnan(scores).sum())} gaps"
        )
    scores, y, arm = _check_arms(scores, y, treated)
    order = np.argsort(-scores, kind="stable")
    y, arm = y[order], arm[order]
    n_treated, n_control = arm.cumsum(), (~arm).cumsum()
    # The control rows stand for as many as there are treated ones at that depth.
    ratio = n_treated / np.maximum(n_control, 1)
    gain = (y * arm).cumsum() - (y * ~arm).cumsum() * ratio
    gain = np.concatenate([[0.0], gain / n_treated[-1]])
    share = np.arange(len(y) + 1) / len(y)
    return pd.DataFrame({"share": share, "gain": gain, "random": share * gain[-1]})


def qini_area(y: Any, treated: Any, score: Any) -> float:
    """Return the area between the Qini curve and the straight line.

    Positive if the score finds those whom the treatment changes.

    Examples
    --------
    >>> qini_area([1, 0, 0, 0], [1, 0, 1, 0], [4, 3, 2, 1]) > 0
    True
    """
    curve = qini_curve(y, treated, score)
    return float(np.trapezoid(curve["gain"] - curve["random"], curve["share"]))


def _expected(model: Any, X: Any) -> np.ndarray:
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(X))[:, 1]
    return np.asarray(model.predict(X))


def _check_arms(X: Any, y: Any, treated: Any) -> tuple[np.ndarray, ...]:
    X, y, arm = np.asarray(X), as_numbers(y, "y"), np.asarray(treated)
    if not len(X) == len(y) == len(arm):
        raise ValueError(
            "X, y and treated must have one entry per row, "
            f"got {len(X)}, {len(y)} and {len(arm)}"
        )
    arm = check_flags(arm, "treated")
    if np.isnan(y).any():
        raise ValueError("y must have no gaps, got NaN")
    if arm.all() or not arm.any():
        raise ValueError(
            "treated must hold both arms of the experiment, "
            f"got {int(arm.sum())} treated of {len(arm)}"
        )
    return X, y, arm
