"""Tenure patterns, services and charges as columns; guards against leaking ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.utils.validation import check_is_fitted

from mlmastery.customer_churn.checks import check_flags
from mlmastery.validation import as_numbers, check_choice, check_number

__all__ = [
    "CATEGORIES",
    "FLAGS",
    "GROUPS",
    "LABEL",
    "NUMBERS",
    "ChurnFeatures",
    "leaking_columns",
    "repeated_customers",
]

LABEL = "churn"
NUMBERS = ["tenure", "monthly_charges", "total_charges"]
FLAGS = [
    "female",
    "senior_citizen",
    "partner",
    "dependents",
    "phone_service",
    "paperless_billing",
]
PROTECTIONS = ["online_security", "online_backup", "device_protection", "tech_support"]
STREAMING = ["streaming_tv", "streaming_movies"]
CATEGORIES = [
    "multiple_lines",
    "internet_service",
    *PROTECTIONS,
    *STREAMING,
    "contract",
    "payment_method",
]
GROUPS = ("tenure", "services", "charges")


class ChurnFeatures(TransformerMixin, BaseEstimator):
    """Turn customers into numbers: the table's own columns, and groups made of them.

    Categories are learned in `fit` and become columns of zeros and ones; a category
    that training did not have gets zeros in all of them.

    Parameters
    ----------
    groups : sequence of {"tenure", "services", "charges"}
        Which engineered columns to add; all by default.

    Attributes
    ----------
    categories_ : dict of list
        The known values of each word column, but the first, which is the baseline.

    Raises
    ------
    ValueError
        If a column is missing, the label is among the columns, or a tenure or charge
        is negative or missing.

    Examples
    --------
    >>> ChurnFeatures(groups=["age"]).fit(pd.DataFrame())
    Traceback (most recent call last):
        ...
    ValueError: groups must be one of tenure, services, charges, got 'age'
    """

    def __init__(self, groups: Sequence[str] = GROUPS) -> None:
        self.groups = groups

    def fit(self, X: pd.DataFrame, y: Any = None) -> ChurnFeatures:
        """Learn the categories of each word column and return self."""
        if isinstance(self.groups, str) or not isinstance(self.groups, Sequence):
            raise ValueError(f"groups must be a list of names, got {self.groups!r}")
        for group in self.groups:
            check_choice(group, "groups", GROUPS)
        customers = check_customers(X)
        if not len(customers):
            raise ValueError("X must hold at least one customer, got none")
        self.categories_ = {
            name: sorted(customers[name].astype(str).unique())[1:]
            for name in CATEGORIES
        }
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return a float column for each number, category and engineered feature."""
        check_is_fitted(self)
        customers = check_customers(X)
        made = {name: customers[name].astype(float) for name in (*NUMBERS, *FLAGS)}
        for name, values in self.categories_.items():
            words = customers[name].astype(str)
            made |= {f"{name}={v}": (words == v).astype(float) for v in values}
        for group in self.groups:
            made |= _MAKERS[group](customers)
        return pd.DataFrame(made, index=customers.index).astype(float)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the names of the columns that `transform` makes."""
        check_is_fitted(self)
        known = [f"{n}={v}" for n, values in self.categories_.items() for v in values]
        added = [name for group in self.groups for name in _NAMES[group]]
        return np.array([*NUMBERS, *FLAGS, *known, *added], dtype=object)


def check_customers(X: Any) -> pd.DataFrame:
    """Return the customers if their columns can be used, or raise.

    A total that is missing in a customer's first month becomes 0.

    Raises
    ------
    ValueError
        If the label is among the columns, one is missing, or a number is impossible.
    """
    if not isinstance(X, pd.DataFrame):
        raise ValueError(f"X must be a DataFrame, got {type(X).__name__}")
    if any(str(name).lower() == LABEL for name in X):
        raise ValueError(
            f"X must not hold the label {LABEL!r}: it is what is predicted"
        )
    repeated = X.columns[X.columns.duplicated()]
    if len(repeated):
        raise ValueError(f"X must have each column once, got {repeated[0]!r} twice")
    missing = [name for name in (*NUMBERS, *FLAGS, *CATEGORIES) if name not in X]
    if missing:
        raise ValueError(
            f"X must have the column {missing[0]!r}, got {list(X.columns)}"
        )
    # Who has not completed a month has not been billed: nothing is unknown there.
    months = as_numbers(X["tenure"], "tenure")
    unbilled = (months == 0) & X["total_charges"].isna().to_numpy()
    customers = X.assign(total_charges=X["total_charges"].mask(unbilled, 0.0))
    for name in NUMBERS:
        values = as_numbers(customers[name], name)
        _refuse(customers[name], (values >= 0) & (values < np.inf), "at least 0")
    for name in FLAGS:
        _refuse(
            customers[name],
            np.isin(as_numbers(customers[name], name), [0, 1]),
            "0 or 1",
        )
    for name in CATEGORIES:
        _refuse(customers[name], customers[name].notna().to_numpy(), "a word")
    return customers


def _refuse(column: pd.Series, right: np.ndarray, expected: str) -> None:
    wrong = column[~right]
    if len(wrong):
        raise ValueError(
            f"{column.name} must be {expected} for every customer, "
            f"got {wrong.iloc[0]} in row {wrong.index[0]}"
        )


def _tenure_features(customers: pd.DataFrame) -> dict[str, pd.Series]:
    """Early months count most: logarithm, first half year, whole contract years."""
    months = customers["tenure"].astype(float)
    monthly = _is(customers["contract"], "Month-to-month")
    return {
        "log_tenure": np.log1p(months),
        "first_half_year": (months <= 6).astype(float),
        "new_and_unbound": (months <= 6) * monthly,
        "year_ends": ((months > 0) & (months % 12 == 0)).astype(float),
    }


def _service_features(customers: pd.DataFrame) -> dict[str, pd.Series]:
    """Count services; fibre without protection is an interaction of two columns."""
    protections = _count(customers, PROTECTIONS)
    online = 1 - _is(customers["internet_service"], "No")
    fibre = _is(customers["internet_service"], "Fiber optic")
    return {
        "services": protections
        + _count(customers, [*STREAMING, "multiple_lines"])
        + customers["phone_service"]
        + online,
        "protections": protections,
        "fibre_unprotected": fibre * (protections == 0),
    }


def _charge_features(customers: pd.DataFrame) -> dict[str, pd.Series]:
    """Compare today's bill with the average so far, and with what it buys."""
    monthly = customers["monthly_charges"].astype(float)
    months = customers["tenure"].clip(lower=1)
    # A customer of no full month has no average yet: today's bill stands in.
    average = (customers["total_charges"] / months).where(
        customers["tenure"] > 0, monthly
    )
    automatic = customers["payment_method"].astype(str).str.contains("automatic")
    services = _service_features(customers)["services"]
    return {
        "charge_rise": monthly - average,
        "charge_per_service": monthly / services.clip(lower=1),
        "pays_automatically": automatic.astype(float),
    }


_MAKERS = {
    "tenure": _tenure_features,
    "services": _service_features,
    "charges": _charge_features,
}
_NAMES = {
    "tenure": ["log_tenure", "first_half_year", "new_and_unbound", "year_ends"],
    "services": ["services", "protections", "fibre_unprotected"],
    "charges": ["charge_rise", "charge_per_service", "pays_automatically"],
}


def _is(column: pd.Series, value: str) -> pd.Series:
    return (column.astype(str) == value).astype(float)


def _count(customers: pd.DataFrame, names: list[str]) -> pd.Series:
    return pd.concat([_is(customers[name], "Yes") for name in names], axis=1).sum(
        axis=1
    )


def leaking_columns(X: pd.DataFrame, y: Any, limit: float = 0.95) -> list[str]:
    """Return the columns that alone rank leavers too well to be true.

    Parameters
    ----------
    X : DataFrame of shape (n_customers, n_columns)
        Words are ranked by a logistic regression fitted on other customers.
    y : array of 0/1, shape (n_customers,)
    limit : float, default=0.95
        Area under the ROC curve, in either direction, from which a column is named.

    Returns
    -------
    list of str

    Examples
    --------
    >>> X = pd.DataFrame({"tenure": [1, 9, 2, 8], "cancelled": [1, 1, 0, 0]})
    >>> leaking_columns(X, [1, 1, 0, 0])
    ['cancelled']
    """
    check_number(limit, "limit", minimum=0.5, maximum=1)
    label = check_flags(y, "y")
    if len(label) != len(X) or label.all() or not label.any():
        raise ValueError(
            f"y must hold both classes, one entry for each of {len(X)} rows, "
            f"got {int(label.sum())} leavers of {len(label)}"
        )
    areas = [_area_alone(X.iloc[:, i], label) for i in range(X.shape[1])]
    return [
        str(name)
        for name, area in zip(X, areas, strict=True)
        if max(area, 1 - area) >= limit
    ]


def _area_alone(values: pd.Series, label: np.ndarray) -> float:
    """Return the area under the ROC curve of one column."""
    if values.dtype.kind not in "biuf":
        folds = StratifiedKFold(max(2, min(5, label.sum(), (~label).sum())))
        words = values.astype(str).to_numpy(dtype=object)[:, None]
        # Coded from other rows: a word that occurs once, such as a name, says nothing.
        coded = make_pipeline(
            OneHotEncoder(handle_unknown="ignore"), LogisticRegression()
        )
        shares = cross_val_predict(
            coded, words, label.astype(int), cv=folds, method="predict_proba"
        )
        values = pd.Series(shares[:, 1])
    ranks = values.astype("Float64").rank().fillna(0).to_numpy(float)
    return float(roc_auc_score(label, ranks))


def repeated_customers(customers: pd.DataFrame) -> int:
    """Return how many rows repeat an earlier one in every column.

    Examples
    --------
    >>> repeated_customers(pd.DataFrame({"tenure": [1, 1, 2]}))
    1
    """
    return int(customers.duplicated().sum())
