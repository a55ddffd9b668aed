"""Pipelines from a table of houses to prices."""

from functools import partial
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.compose import (
    ColumnTransformer,
    TransformedTargetRegressor,
    make_column_selector,
)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from mlmastery.contest import cross_validate_models
from mlmastery.housing_prices.checks import check_pairs, check_prices
from mlmastery.housing_prices.features import AmesFeatures
from mlmastery.housing_prices.geography import LocalProjection, NeighbourPrice

PLACE = ["longitude", "latitude"]


def rmsle(y_true: Any, y_pred: Any) -> float:
    r"""Return the root mean squared error of the logarithm of the price.

    Errors are ratios: 0.10 is about ten per cent. scikit-learn's metric of this name adds
    1 to each price first, so that zero is allowed; for prices it makes no difference.

    Raises
    ------
    ValueError
        If a price is not positive, or the two do not have the same shape.

    Examples
    --------
    >>> round(rmsle([100_000, 200_000], [110_000, 220_000]), 4)
    0.0953
    """
    check_pairs(y_true, y_pred)
    ratio = np.log(check_prices(y_pred) / check_prices(y_true))
    return float(np.sqrt(np.mean(ratio**2)))


def log_target(regressor: Any) -> TransformedTargetRegressor:
    """Fit the regressor to log prices and give back prices.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> model = log_target(LinearRegression()).fit([[0.0], [1.0]], [100.0, 1000.0])
    >>> float(model.predict([[0.5]])[0].round())
    316.0
    """
    return TransformedTargetRegressor(
        regressor, func=_log_price, inverse_func=np.exp, check_inverse=False
    )


def _log_price(prices: np.ndarray) -> np.ndarray:
    return np.log(check_prices(prices))


def signed_log(X: Any) -> Any:
    """Return ``sign(x) log(1 + |x|)``, a logarithm that takes zero and below.

    Examples
    --------
    >>> signed_log(np.array([0.0, 9.0, -9.0])).round(2)
    array([ 0. ,  2.3, -2.3])
    """
    return np.sign(X) * np.log1p(np.abs(X))


def as_categories(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as words: whole numbers as their digits, missing cells as NaN.

    Of one house, or of a few read from a file, a column of words may hold nothing but
    gaps, or codes such as 20, and arrive as numbers; the encoder knows words.

    Examples
    --------
    >>> as_categories(pd.DataFrame({"alley": [None], "code": [20.0]})).iloc[0].tolist()
    [nan, '20']
    """
    return table.astype(object).map(_word).astype(object)


def _word(cell: Any) -> Any:
    if pd.isna(cell):
        return np.nan
    whole = isinstance(cell, Real) and float(cell).is_integer()
    return str(int(cell)) if whole else str(cell)


def logs_then_scale() -> Pipeline:
    """Return a scaler for skewed columns: logarithm first, then mean 0 and sd 1."""
    logs = FunctionTransformer(signed_log, feature_names_out="one-to-one")
    return make_pipeline(logs, StandardScaler())


def preprocessor(scaler: Any = None, place: BaseEstimator | None = None) -> Any:
    """Return the step that turns a table of any columns into a matrix of numbers.

    Parameters
    ----------
    scaler : transformer, optional
        For the numeric columns, after missing cells got their median; by default none.
    place : transformer, optional
        For longitude and latitude in addition, such as `location_features()`.

    Returns
    -------
    ColumnTransformer
        Text is one-hot encoded; categories seen fewer than thirty times, or never, share
        a column or have none.

    Examples
    --------
    >>> table = pd.DataFrame({"area": [90.0, np.nan, 110.0], "zone": list("aab")})
    >>> preprocessor().fit_transform(table).shape
    (3, 2)
    """
    numeric = make_pipeline(
        SimpleImputer(strategy="median"), scaler or FunctionTransformer()
    )
    categorical = make_pipeline(
        FunctionTransformer(as_categories, feature_names_out="one-to-one"),
        OneHotEncoder(
            min_frequency=30, handle_unknown="infrequent_if_exist", sparse_output=False
        ),
    )
    steps = [
        ("num", numeric, make_column_selector(dtype_include="number")),
        ("cat", categorical, make_column_selector(dtype_exclude="number")),
    ]
    return ColumnTransformer(steps + ([("place", place, PLACE)] if place else []))


def location_features(n_neighbors: int = 10, n_clusters: int = 12) -> Pipeline:
    """Return the features of a location: neighbours' prices, distances to centres.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> where, price = rng.normal(size=(40, 2)), rng.normal(size=40)
    >>> location_features(n_clusters=3).fit_transform(where, price).shape
    (40, 4)
    """
    near = NeighbourPrice(n_neighbors)
    centres = KMeans(n_clusters, n_init=3, random_state=0)
    return make_pipeline(
        LocalProjection(), FeatureUnion([("near", near), ("far", centres)])
    )


def house_pipeline(
    regressor: Any,
    features: Any = None,
    scaler: Any = None,
    place: BaseEstimator | None = None,
) -> TransformedTargetRegressor:
    """Return table -> features -> matrix -> regressor of the log price.

    Parameters
    ----------
    regressor : estimator
        Sees a matrix of numbers and log prices.
    features : transformer, optional
        From DataFrame to DataFrame, such as `AmesFeatures`.
    scaler, place : transformer, optional
        As for `preprocessor`.

    Returns
    -------
    TransformedTargetRegressor
        Its ``predict`` gives prices.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> table = pd.DataFrame({"area": [50.0, 100.0, 200.0]})
    >>> model = house_pipeline(LinearRegression()).fit(table, [1e5, 2e5, 8e5])
    >>> model.predict(table).round(-3)
    array([100000., 200000., 800000.])
    """
    steps = [("features", features)] if features is not None else []
    steps += [("matrix", preprocessor(scaler, place)), ("regressor", regressor)]
    return log_target(Pipeline(steps))


def ames_pipeline(regressor: Any) -> TransformedTargetRegressor:
    """Return `house_pipeline` with all columns that the chapter makes for Ames.

    `AmesFeatures`, logarithms before scaling, and the features of a location.

    Examples
    --------
    >>> from sklearn.linear_model import Ridge
    >>> list(ames_pipeline(Ridge()).regressor.named_steps)
    ['features', 'matrix', 'regressor']
    """
    return house_pipeline(
        regressor, AmesFeatures(), logs_then_scale(), location_features()
    )


cross_validate_rmsle = partial(cross_validate_models, metric=rmsle)
"""Fit and score several models on the same folds, by `rmsle`: see `mlmastery.contest`."""
