"""Build a pipeline for a table: columns by kind, one step for each idea.

>>> import pandas as pd
>>> df = pd.DataFrame({"x": [0.0, 1, 2, 3] * 9, "job": list("ab") * 18, "y": [0, 0, 1, 1] * 9})
>>> [name for name, _ in build_pipeline(df, "y").steps]
['gate', 'features', 'model']
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.feature_selection import SelectKBest, f_classif, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from mlmastery.validation import check_choice, check_count

from .kinds import ColumnKinds, infer_kinds, infer_task
from .transformers import (
    CategoryIndicators,
    ColumnGate,
    DateParts,
    MedianFill,
    QuantileClipper,
)

__all__ = ["MODELS", "build_pipeline", "column_features", "split_target"]

MODELS = ("linear", "forest", "boosting")


def build_pipeline(
    df: pd.DataFrame,
    target: str,
    *,
    model: str = "linear",
    select: int | None = None,
    extra: str = "refuse",
    random_state: int = 0,
) -> Pipeline:
    """Return an unfitted pipeline for a table, by the kinds of its columns.

    Parameters
    ----------
    df : DataFrame of shape (n_samples, n_columns)
        Training rows, with the target. Only names and kinds of columns are taken.
    target : str
    model : {"linear", "forest", "boosting"}, default="linear"
    select : int, optional
        How many features to keep, chosen by a univariate F test inside the pipeline.
    extra : {"refuse", "ignore"}, default="refuse"
        What to do with columns that the training table did not have.
    random_state : int, default=0

    Returns
    -------
    Pipeline
        To be fitted on ``df`` without the target; it takes the columns by name.

    Raises
    ------
    TypeError, ValueError
        If the table, the target or an option cannot be used.

    Examples
    --------
    >>> df = pd.DataFrame({"x": [0.0, 1.0, 2.0], "y": [1.5, 2.5, 3.5]})
    >>> pipeline = build_pipeline(df, "y").fit(df[["x"]], df["y"])
    >>> pipeline.predict(pd.DataFrame({"x": [1.0]})).round(1)
    array([2.5])
    """
    check_choice(model, "model", MODELS)
    check_choice(extra, "extra", ("refuse", "ignore"))
    kinds = infer_kinds(df, target)
    task = infer_task(df[target])
    if not kinds.used:
        raise ValueError(f"no column of df can be used: {kinds.dropped}")
    steps = [
        ("gate", ColumnGate(extra)),
        ("features", column_features(kinds, scale=model == "linear")),
    ]
    if select is not None:
        check_count(select, "select")
        steps.append(("select", SelectKBest(_F_TESTS[task], k=select)))
    return Pipeline([*steps, ("model", _model(model, task, random_state))])


_F_TESTS = {"classification": f_classif, "regression": f_regression}


def column_features(kinds: ColumnKinds, *, scale: bool = True) -> ColumnTransformer:
    """Return the features of each kind of column: numbers, two values, names, dates.

    Parameters
    ----------
    kinds : ColumnKinds
    scale : bool, default=True
        Whether numbers are centred and divided by their standard deviation. Trees need
        no scale, and rounding scaled numbers moves rows across their thresholds.

    Examples
    --------
    >>> features = column_features(ColumnKinds(numeric=("age",), dropped={"id": "…"}))
    >>> [name for name, _, columns in features.transformers]
    ['numeric']
    """
    scaler = [StandardScaler()] if scale else []
    routes: dict[str, Any] = {
        "numeric": make_pipeline(QuantileClipper(), MedianFill(), *scaler),
        "binary": SimpleImputer(strategy="most_frequent"),
        "category": CategoryIndicators(),
        "date": make_pipeline(DateParts(), MedianFill(), *scaler),
    }
    columns = {kind: list(getattr(kinds, kind)) for kind in routes}
    return ColumnTransformer(
        [(kind, routes[kind], names) for kind, names in columns.items() if names],
        verbose_feature_names_out=False,
    )


def _model(name: str, task: str, random_state: int) -> Any:
    classes = task == "classification"
    if name == "linear":
        return LogisticRegression(max_iter=2000) if classes else Ridge(alpha=10.0)
    if name == "forest":
        forest = RandomForestClassifier if classes else RandomForestRegressor
        return forest(100, min_samples_leaf=2, random_state=random_state)
    boosting = (
        HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
    )
    return boosting(learning_rate=0.1, max_iter=100, random_state=random_state)


def split_target(df: pd.DataFrame, target: str) -> tuple[pd.DataFrame, pd.Series]:
    """Return the table without its target, and the target.

    Raises
    ------
    ValueError
        If there is no such column.

    Examples
    --------
    >>> X, y = split_target(pd.DataFrame({"x": [1], "y": [2]}), "y")
    >>> list(X.columns), y.tolist()
    (['x'], [2])
    """
    if target not in df.columns:
        raise ValueError(f"target must be a column of df, got {target!r}")
    return df.drop(columns=target), df[target]
