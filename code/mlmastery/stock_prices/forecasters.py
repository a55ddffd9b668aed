"""Forecasts of the next value, all with one interface: ``fit`` and ``forecast``."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from mlmastery.stock_prices.sequences import create_sequences
from mlmastery.validation import as_sample, check_count

__all__ = [
    "ARIMAForecaster",
    "DriftForecaster",
    "ETSForecaster",
    "FeatureForecaster",
    "Forecaster",
    "LagForecaster",
    "NaiveForecaster",
]


class Forecaster(BaseEstimator, ABC):
    """Forecast each value of a series from those before it.

    A subclass learns in ``_fit(values)`` and forecasts in ``_one_step(values, start)``.

    Examples
    --------
    >>> NaiveForecaster().fit([0.1, -0.1]).forecast([0.1, -0.1, 0.2], start=2)
    array([0.])
    """

    def fit(self, values: Any) -> Self:
        """Learn from a series of shape (n,) that ends before the first forecast."""
        series = as_sample(values, "values", 2)
        self.n_fitted_ = len(series)
        self._fit(series)
        return self

    def forecast(self, values: Any, start: int) -> np.ndarray:
        """Return forecasts of ``values[start:]``, each from the values before it only.

        Parameters
        ----------
        values : array of shape (n,)
        start : int
            From 1 to n - 1.

        Returns
        -------
        ndarray of shape (n - start,)

        Raises
        ------
        ValueError
            If ``start`` is out of range.
        """
        check_is_fitted(self)
        series = as_sample(values, "values", 2)
        check_count(start, "start", 1, len(series) - 1)
        return np.asarray(self._one_step(series, start), dtype=float)

    @abstractmethod
    def _fit(self, series: np.ndarray) -> None: ...

    @abstractmethod
    def _one_step(self, series: np.ndarray, start: int) -> np.ndarray: ...


class NaiveForecaster(Forecaster):
    """Forecast a return of 0: tomorrow's price is today's.

    Examples
    --------
    >>> NaiveForecaster().fit([1.0, 2.0]).forecast([1.0, 2.0, 3.0, 4.0], start=2)
    array([0., 0.])
    """

    def _fit(self, series: np.ndarray) -> None:
        pass

    def _one_step(self, series: np.ndarray, start: int) -> np.ndarray:
        return np.zeros(len(series) - start)


class DriftForecaster(Forecaster):
    """Forecast the mean return of the training rows: the price drifts on.

    Examples
    --------
    >>> DriftForecaster().fit([1.0, 2.0]).forecast([1.0, 2.0, 9.0], start=2)
    array([1.5])
    """

    def _fit(self, series: np.ndarray) -> None:
        self.drift_ = float(series.mean())

    def _one_step(self, series: np.ndarray, start: int) -> np.ndarray:
        return np.full(len(series) - start, self.drift_)


class ARIMAForecaster(Forecaster):
    """Forecast by an ARIMA model with a mean, fitted by statsmodels.

    Parameters
    ----------
    order : tuple of int, default=(1, 0, 1)
        Lags of the value, differences, lags of the shock.

    Examples
    --------
    >>> series = np.random.default_rng(0).normal(size=60).cumsum() / 10
    >>> ARIMAForecaster((1, 0, 0)).fit(series[:50]).forecast(series, 50).shape
    (10,)
    """

    def __init__(self, order=(1, 0, 1)):
        self.order = order

    def _fit(self, series: np.ndarray) -> None:
        from statsmodels.tsa.arima.model import ARIMA

        # The optimiser wants numbers near 1; daily returns are near .01.
        self.scale_ = float(series.std()) or 1.0
        trend = "c" if self.order[1] == 0 else "n"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # start values, and cancelling roots
            model = ARIMA(series / self.scale_, order=self.order, trend=trend)
            # Standard errors are not used, and gradients by differences cost less.
            options = {"maxiter": 50, "optim_score": "approx"}
            self.model_ = model.fit(method_kwargs=options, cov_type="none")

    def _one_step(self, series: np.ndarray, start: int) -> np.ndarray:
        # The same parameters run over new values; each forecast sees the ones before.
        run = self.model_.apply(series / self.scale_)
        return run.fittedvalues[start:] * self.scale_


class ETSForecaster(Forecaster):
    """Forecast by simple exponential smoothing, its weight fitted by statsmodels.

    Attributes
    ----------
    alpha_ : float
        Weight of a new value.
    level_ : float
        The level before the first value.

    Examples
    --------
    >>> series = np.random.default_rng(0).normal(size=60).cumsum()
    >>> ETSForecaster().fit(series[:50]).alpha_ > 0.5
    True
    """

    def _fit(self, series: np.ndarray) -> None:
        from statsmodels.tsa.api import SimpleExpSmoothing

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a weight at the edge of its range
            model = SimpleExpSmoothing(series, initialization_method="estimated").fit()
        self.alpha_ = float(model.params["smoothing_level"])
        self.level_ = float(model.params["initial_level"])

    def _one_step(self, series: np.ndarray, start: int) -> np.ndarray:
        level, out = self.level_, []
        for value in series:
            out.append(level)
            level += self.alpha_ * (value - level)
        return np.array(out[start:])


class LagForecaster(Forecaster):
    """Forecast by a regression on the last values, such as ridge or boosting.

    Parameters
    ----------
    regressor : estimator
        Of scikit-learn's kind.
    n_lags : int, default=20
        Values that each forecast sees.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> model = LagForecaster(LinearRegression(), n_lags=1).fit([1.0, 2.0, 4.0, 8.0])
    >>> model.forecast([1.0, 2.0, 4.0, 8.0, 16.0], start=4).round(6)
    array([16.])
    """

    def __init__(self, regressor, n_lags=20):
        self.regressor = regressor
        self.n_lags = n_lags

    def _fit(self, series: np.ndarray) -> None:
        # The mean is the fitted one of the training rows, never of the test rows.
        self.mean_, self.scale_ = float(series.mean()), float(series.std()) or 1.0
        X, y = create_sequences((series - self.mean_) / self.scale_, self.n_lags)
        self.regressor_ = clone(self.regressor).fit(X, y)

    def _one_step(self, series: np.ndarray, start: int) -> np.ndarray:
        check_count(start, "start", self.n_lags)
        past = (series[start - self.n_lags :] - self.mean_) / self.scale_
        X, _ = create_sequences(past, self.n_lags)
        return self.regressor_.predict(X) * self.scale_ + self.mean_


class FeatureForecaster(Forecaster):
    """Forecast by a regression on features of the past, such as indicators.

    Parameters
    ----------
    regressor : estimator
        Of scikit-learn's kind.
    features : callable
        Turns a series of shape (n,) into an array of shape (n, n_features); row t may use
        the values up to t. Rows with a missing feature are not learned from.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> model = FeatureForecaster(LinearRegression(), lambda x: x[:, None] ** 2)
    >>> model.fit([2.0, 4.0, 16.0]).forecast([2.0, 4.0, 16.0, 256.0], start=3).round(6)
    array([256.])
    """

    def __init__(self, regressor, features):
        self.regressor = regressor
        self.features = features

    def _fit(self, series: np.ndarray) -> None:
        X, y = self._features_of(series)[:-1], series[1:]
        whole = np.isfinite(X).all(axis=1)
        if not whole.any():
            raise ValueError(
                f"features must be finite in some row, got none in {len(series)} rows"
            )
        self.regressor_ = clone(self.regressor).fit(X[whole], y[whole])

    def _one_step(self, series: np.ndarray, start: int) -> np.ndarray:
        # The features of the evening before each forecast day.
        return self.regressor_.predict(self._features_of(series)[start - 1 : -1])

    def _features_of(self, series: np.ndarray) -> np.ndarray:
        X = np.asarray(self.features(series), dtype=float)
        if X.ndim != 2 or len(X) != len(series):
            raise ValueError(
                f"features must return {len(series)} rows of numbers, "
                f"got shape {X.shape}"
            )
        return X
