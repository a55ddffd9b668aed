"""Several days ahead: repeat, feed forecasts back, or forecast all at once."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from mlmastery.validation import check_count

__all__ = ["OneFeature", "RecursiveForecaster", "RepeatMean", "roll_forward"]


def roll_forward(model: Any, X: np.ndarray, horizon: int) -> np.ndarray:
    """Forecast several steps with a one-step model by feeding its forecasts back.

    Parameters
    ----------
    model : estimator
        ``predict`` turns windows into one value each.
    X : ndarray of shape (n, rows)
    horizon : int

    Returns
    -------
    ndarray of shape (n, horizon)

    Raises
    ------
    ValueError
        If windows have several features: the model does not forecast all of them.

    Examples
    --------
    >>> class Plus:
    ...     def predict(self, X):
    ...         return X[:, -1] + 1
    >>> roll_forward(Plus(), np.array([[1.0, 2.0]]), 3)
    array([[3., 4., 5.]])
    """
    window = _as_rows(X)
    out = []
    for _ in range(check_count(horizon, "horizon")):
        step = np.asarray(model.predict(window))
        if not step.ndim or len(step) != len(window):
            raise ValueError(
                "model must forecast one value for each window, "
                f"got shape {step.shape} for {len(window)} windows"
            )
        step = step.reshape(len(window), -1)[:, :1]
        out.append(step)
        window = np.concatenate([window[:, 1:], step], axis=1)
    return np.concatenate(out, axis=1)


def _as_rows(X: Any) -> np.ndarray:
    """Return windows as floats of shape (n, rows), or raise."""
    window = np.asarray(X, dtype=float)
    if window.ndim != 2 or not window.size:
        raise ValueError(f"X must have shape (n, rows), got {window.shape}")
    return window


class RecursiveForecaster(BaseEstimator):
    """Learn one step, and take it ``horizon`` times.

    Parameters
    ----------
    model : estimator
        Learns the first column of the targets.
    horizon : int

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> X, y = np.array([[1.0], [2.0], [4.0]]), np.array([[2.0, 4], [4, 8], [8, 16]])
    >>> RecursiveForecaster(LinearRegression(), 2).fit(X, y).predict([[3.0]]).round(6)
    array([[ 6., 12.]])
    """

    def __init__(self, model, horizon):
        self.model = model
        self.horizon = horizon

    def fit(self, X, y) -> Self:
        """Learn from windows (n, rows) and what follows, (n, at least 1)."""
        check_count(self.horizon, "horizon")
        targets = np.asarray(y)
        if targets.ndim != 2:
            raise ValueError(f"y must have shape (n, horizon), got {targets.shape}")
        self.model_ = clone(self.model).fit(X, targets[:, 0])
        return self

    def predict(self, X) -> np.ndarray:
        """Return forecasts of shape (n, horizon)."""
        check_is_fitted(self)
        return roll_forward(self.model_, X, self.horizon)


class RepeatMean(BaseEstimator):
    """Forecast the mean of the last values of a window for every day ahead.

    Parameters
    ----------
    horizon : int
    n_last : int, default=1
        1 repeats the last value: the naive forecast.

    Examples
    --------
    >>> RepeatMean(horizon=2).fit(None, None).predict([[1.0, 3.0]])
    array([[3., 3.]])
    """

    def __init__(self, horizon, n_last=1):
        self.horizon = horizon
        self.n_last = n_last

    def fit(self, X, y) -> Self:
        """Learn nothing."""
        return self

    def predict(self, X) -> np.ndarray:
        """Return forecasts of shape (n, horizon)."""
        window = _as_rows(X)
        check_count(self.n_last, "n_last", 1, window.shape[1])
        level = window[:, -self.n_last :].mean(axis=1, keepdims=True)
        return np.repeat(level, check_count(self.horizon, "horizon"), axis=1)


class OneFeature(BaseEstimator):
    """Show a model one feature of windows that have several.

    Parameters
    ----------
    model : estimator
        Takes windows of shape (n, rows).
    column : int, default=0

    Examples
    --------
    >>> windows = np.array([[[1.0, 9.0], [3.0, 9.0]]])
    >>> OneFeature(RepeatMean(horizon=1)).fit(windows, [[4.0]]).predict(windows)
    array([[3.]])
    """

    def __init__(self, model, column=0):
        self.model = model
        self.column = column

    def fit(self, X, y) -> Self:
        """Learn from one feature of windows of shape (n, rows, n_features)."""
        self.model_ = clone(self.model).fit(self._shown(X), y)
        return self

    def predict(self, X) -> np.ndarray:
        """Return what the model says to its feature."""
        check_is_fitted(self)
        return self.model_.predict(self._shown(X))

    def _shown(self, X: Any) -> np.ndarray:
        windows = np.asarray(X)
        if windows.ndim != 3:
            raise ValueError(
                f"X must have shape (n, rows, n_features), got {windows.shape}"
            )
        check_count(self.column, "column", 0, windows.shape[2] - 1)
        return windows[..., self.column]
