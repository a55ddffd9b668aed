"""The models that the AutoML system chooses from, and their settings.

>>> DEFAULTS["classes"].space.parameters["model"].options
('linear', 'neighbours', 'forest', 'boosting')
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from .space import Choice, Float, Integer, Space

__all__ = ["DEFAULTS", "TREES", "ModelSpace", "as_frame", "table_pipeline"]


@dataclass(frozen=True)
class ModelSpace:
    """A search space, and the function that makes a model of a configuration.

    Parameters
    ----------
    space : Space
    build : callable
        ``build(config, random_state)`` returns an estimator for a DataFrame.
    default : dict, optional
        The configuration that is tried first.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> space = Space({"max_depth": Integer(1, 9)})
    >>> trees = ModelSpace(space, lambda c, s: DecisionTreeClassifier(random_state=s, **c))
    >>> trees.build({"max_depth": 2}, 0)
    DecisionTreeClassifier(max_depth=2, random_state=0)
    """

    space: Space
    build: Callable[[dict[str, Any], int], Any] = field(repr=False)  # it has an address
    default: Mapping[str, Any] | None = None


SPACE = Space(
    {
        "model": Choice("linear", "neighbours", "forest", "boosting"),
        "linear.strength": Float(1e-3, 1e3, log=True),
        "neighbours.k": Integer(1, 64, log=True),
        "neighbours.weights": Choice("uniform", "distance"),
        "forest.max_features": Float(0.05, 1.0, log=True),
        "forest.min_samples_leaf": Integer(1, 32, log=True),
        "boosting.learning_rate": Float(0.01, 0.3, log=True),
        "boosting.max_iter": Integer(25, 200, log=True),
        "boosting.max_leaf_nodes": Integer(3, 48, log=True),
        "boosting.l2_regularization": Float(1e-3, 1e2, log=True),
    },
    conditions={
        f"{model}.{setting}": ("model", (model,))
        for model, settings in {
            "linear": ("strength",),
            "neighbours": ("k", "weights"),
            "forest": ("max_features", "min_samples_leaf"),
            "boosting": (
                "learning_rate",
                "max_iter",
                "max_leaf_nodes",
                "l2_regularization",
            ),
        }.items()
        for setting in settings
    },
)


def as_frame(X: Any) -> pd.DataFrame:
    """Return a table whose columns are numbers with NaN, or texts with NaN.

    Parameters
    ----------
    X : DataFrame or array of shape (n, d)

    Raises
    ------
    TypeError
        If a column holds dates or times, of which no model here can make a number.

    Examples
    --------
    >>> as_frame(pd.DataFrame({"a": [True, False], "b": ["x", None]})).dtypes.tolist()
    [dtype('float64'), dtype('O')]
    """
    if not isinstance(X, pd.DataFrame):
        X = np.asarray(X)
        return pd.DataFrame(X, columns=[f"x{j}" for j in range(X.shape[1])])
    columns = {str(name): _column(str(name), X[name]) for name in X}
    return pd.DataFrame(columns, index=X.index)


def _column(name: str, column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column):
        raise TypeError(f"column {name!r} holds dates: turn them into numbers first")
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return column.astype(float)
    texts = column.astype(object)
    # One kind of missing: NaN. Mixed types would not sort.
    return (
        texts.where(column.notna(), np.nan).map(str, na_action="ignore").astype(object)
    )


def table_pipeline(model: Any) -> Pipeline:
    """Put a model behind imputation, scaling and one column per category.

    Parameters
    ----------
    model : estimator

    Returns
    -------
    Pipeline
        For the tables of `as_frame`.
    """
    numbers = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler()
    )
    texts = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=20, sparse_output=False
    )
    columns = ColumnTransformer(
        [
            ("numbers", numbers, make_column_selector(dtype_include="number")),
            ("texts", texts, make_column_selector(dtype_exclude="number")),
        ]
    )
    return make_pipeline(columns, model)


def _settings(config: Mapping[str, Any]) -> dict[str, Any]:
    prefix = f"{config['model']}."
    return {k.removeprefix(prefix): v for k, v in config.items() if k != "model"}


def _classifier(config: dict[str, Any], random_state: int) -> Pipeline:
    s = _settings(config)
    if config["model"] == "linear":
        model = LogisticRegression(C=s["strength"], max_iter=500)
    elif config["model"] == "neighbours":
        model = KNeighborsClassifier(n_neighbors=s["k"], weights=s["weights"])
    elif config["model"] == "forest":
        model = RandomForestClassifier(random_state=random_state, **s)
    else:
        model = HistGradientBoostingClassifier(
            random_state=random_state, early_stopping=False, **s
        )
    return table_pipeline(model)


def _regressor(config: dict[str, Any], random_state: int) -> Pipeline:
    s = _settings(config)
    if config["model"] == "linear":
        model = Ridge(alpha=1 / s["strength"])
    elif config["model"] == "neighbours":
        model = KNeighborsRegressor(n_neighbors=s["k"], weights=s["weights"])
    elif config["model"] == "forest":
        model = RandomForestRegressor(random_state=random_state, **s)
    else:
        model = HistGradientBoostingRegressor(
            random_state=random_state, early_stopping=False, **s
        )
    return table_pipeline(model)


DEFAULTS = {
    "classes": ModelSpace(
        SPACE,
        _classifier,
        {"model": "forest", "forest.max_features": 0.3, "forest.min_samples_leaf": 1},
    ),
    "numbers": ModelSpace(
        SPACE,
        _regressor,
        {"model": "forest", "forest.max_features": 1.0, "forest.min_samples_leaf": 1},
    ),
}


def _classification_tree(config: dict[str, Any], random_state: int) -> Pipeline:
    return table_pipeline(DecisionTreeClassifier(random_state=random_state, **config))


def _regression_tree(config: dict[str, Any], random_state: int) -> Pipeline:
    return table_pipeline(DecisionTreeRegressor(random_state=random_state, **config))


DEPTHS = Space({"max_depth": Integer(1, 8), "min_samples_leaf": Integer(1, 20)})
DEFAULT_TREE = {"max_depth": 8, "min_samples_leaf": 1}
# A small space of fast models, to try what the system does.
TREES = {
    "classes": ModelSpace(DEPTHS, _classification_tree, DEFAULT_TREE),
    "numbers": ModelSpace(DEPTHS, _regression_tree, DEFAULT_TREE),
}
