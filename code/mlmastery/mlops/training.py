"""Train the model of late arrivals, and compare the candidates day by day.

>>> from mlmastery.mlops.flight_rows import departures
>>> model = train(departures("2013-01-01", "2013-01-08"))
>>> model[-1].__class__.__name__
'LogisticRegression'
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from mlmastery.validation import check_count, check_number

from .flight_rows import CATEGORIES, FEATURES, NUMBERS

__all__ = [
    "boosted",
    "daily_losses",
    "frame_hash",
    "log_losses",
    "logistic",
    "probabilities",
    "train",
]

MAX_ROWS = 40_000
RARE = 20  # flights: categories seen less often share one column


def logistic(penalty: float = 10.0) -> Pipeline:
    """Return an untrained logistic regression on one-hot categories and numbers.

    Parameters
    ----------
    penalty : float, default=10.0
        Strength of the L2 penalty, the inverse of scikit-learn's ``C``.

    Examples
    --------
    >>> logistic(2.0)[-1].C
    0.5
    """
    check_number(penalty, "penalty", open=True)
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    categories = OneHotEncoder(
        handle_unknown="ignore", min_frequency=RARE, sparse_output=False
    )
    columns = make_column_transformer(
        (categories, list(CATEGORIES)), (numbers, list(NUMBERS))
    )
    return make_pipeline(columns, LogisticRegression(C=1 / penalty, max_iter=500))


def boosted(rounds: int = 60, random_state: int = 0) -> Pipeline:
    """Return untrained gradient-boosted trees on the same columns.

    Parameters
    ----------
    rounds : int, default=60
        Trees.
    random_state : int, default=0

    Examples
    --------
    >>> boosted(5)[-1].max_iter
    5
    """
    codes = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=RARE
    )
    columns = make_column_transformer(
        (codes, list(CATEGORIES)), ("passthrough", list(NUMBERS))
    )
    trees = HistGradientBoostingClassifier(
        max_iter=rounds,
        early_stopping=False,
        categorical_features=list(range(len(CATEGORIES))),
        random_state=random_state,
    )
    return make_pipeline(columns, trees)


def train(
    frame: pd.DataFrame, *, random_state: int = 0, max_rows: int = MAX_ROWS
) -> Pipeline:
    """Train the model in service on labelled departures.

    Parameters
    ----------
    frame : DataFrame
        As ``departures`` returns it.
    random_state : int, default=0
        Of the sample, where there are more than ``max_rows`` departures.
    max_rows : int, default=40000

    Returns
    -------
    Pipeline
        Fitted; takes a frame with the columns ``FEATURES``.

    Raises
    ------
    ValueError
        If the labels are all alike.
    """
    check_count(max_rows, "max_rows")
    if frame["late"].nunique() < 2:
        raise ValueError("late must hold both outcomes, got one")
    if len(frame) > max_rows:
        frame = frame.sample(max_rows, random_state=random_state)
    fitted: Pipeline = logistic().fit(frame[list(FEATURES)], frame["late"])
    return fitted


def probabilities(model: Any, frame: pd.DataFrame) -> np.ndarray:
    """Return each departure's probability of a late arrival, shape (n,)."""
    return np.asarray(model.predict_proba(frame[list(FEATURES)]))[:, 1]


def log_losses(late: Any, probability: Any) -> np.ndarray:
    """Return the log loss of each prediction in nats, shape (n,).

    Probabilities are kept 1e-6 away from 0 and 1, which bounds one loss at 13.8.

    Examples
    --------
    >>> log_losses([True, False], [0.5, 0.25]).round(4)
    array([0.6931, 0.2877])
    """
    p = np.clip(np.asarray(probability, dtype=float), 1e-6, 1 - 1e-6)
    return -np.log(np.where(np.asarray(late, dtype=bool), p, 1 - p))


def daily_losses(models: Mapping[str, Any], frame: pd.DataFrame) -> pd.DataFrame:
    """Return the mean log loss of each model on each local day.

    Flights of a day share weather and crowding; days are the unit of comparison.

    Returns
    -------
    DataFrame of shape (n_days, n_models)
    """
    losses = {
        name: log_losses(frame["late"], probabilities(model, frame))
        for name, model in models.items()
    }
    days = frame["date"].to_numpy()
    return pd.DataFrame(losses).groupby(days).mean().rename_axis("date")


def frame_hash(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of a frame's columns and values, whatever its index.

    Examples
    --------
    >>> one = pd.DataFrame({"a": [1, 2]})
    >>> frame_hash(one) == frame_hash(one.set_axis([5, 6]))
    True
    """
    digest = hashlib.sha256(repr([(c, str(frame[c].dtype)) for c in frame]).encode())
    values = pd.util.hash_pandas_object(frame, index=False)
    digest.update(values.to_numpy().tobytes())
    return digest.hexdigest()
