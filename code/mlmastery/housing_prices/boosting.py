"""Gradient boosting for squared error, from scratch, and a look into boosted trees."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.tree import DecisionTreeRegressor
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmastery.housing_prices.checks import check_target
from mlmastery.housing_prices.tuning import BOOSTERS, booster
from mlmastery.validation import (
    LARGEST,
    as_sample,
    check_choice,
    check_count,
    check_number,
)


class BoostedTrees(RegressorMixin, BaseEstimator):
    """Boosted regression trees for squared error.

    Parameters
    ----------
    n_trees : int, default=100
    learning_rate : float, default=0.1
        Factor of each tree's prediction.
    max_depth : int, default=3
    random_state : int, default=0
        Decides between equally good cuts.

    Attributes
    ----------
    base_ : float
        Mean target, the prediction before the first tree.
    trees_ : list of DecisionTreeRegressor

    Raises
    ------
    ValueError
        From ``fit``, if ``n_trees`` or ``max_depth`` is not a whole number of at least
        1, or ``learning_rate`` is not a number above 0 or lets the residuals grow without end.

    References
    ----------
    .. [1] Friedman (2001), "Greedy Function Approximation: A Gradient Boosting
       Machine", Annals of Statistics 29(5).

    Examples
    --------
    >>> model = BoostedTrees(n_trees=1).fit([[0.0], [1.0]], [12.0, 12.4])
    >>> model.predict([[0.0], [1.0]]).round(2)
    array([12.18, 12.22])
    """

    def __init__(self, n_trees=100, learning_rate=0.1, max_depth=3, random_state=0):
        self.n_trees = n_trees
        self.learning_rate = learning_rate
        self.max_depth = max_depth
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> "BoostedTrees":
        """Fit each tree to the residuals of the sum of those before it."""
        check_target(y)
        X, y = validate_data(self, X, y, y_numeric=True, dtype=float)
        check_count(self.n_trees, "n_trees")
        check_count(self.max_depth, "max_depth")
        check_number(self.learning_rate, "learning_rate", open=True)
        self.base_, self.trees_ = float(np.mean(y)), []
        residual = y - self.base_
        for _ in range(self.n_trees):  # equation 5.5
            tree = DecisionTreeRegressor(
                max_depth=self.max_depth, random_state=self.random_state
            ).fit(X, residual)
            residual = residual - self.learning_rate * tree.predict(X)
            self.trees_.append(tree)
            self._check_divergence(residual)
        return self

    def _check_divergence(self, residual: np.ndarray) -> None:
        if np.abs(residual).max() > LARGEST:
            raise ValueError(
                "learning_rate must be small enough for residuals that shrink, "
                f"got {self.learning_rate:g}: they grow without end"
            )

    def staged_predict(self, X: Any) -> Iterator[np.ndarray]:
        """Yield the prediction before the first tree, and after each tree."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=float)
        total = np.full(len(X), self.base_)
        yield total
        for tree in self.trees_:
            total = total + self.learning_rate * tree.predict(X)
            yield total

    def predict(self, X: Any) -> np.ndarray:
        """Return the sum of the mean and all trees, shape (n,)."""
        *_, last = self.staged_predict(X)
        return last


def split_gain(left: Any, right: Any, reg_lambda: float = 1.0) -> float:
    r"""Return how much a cut lowers the penalised cost of squared errors, times two.

    Parameters
    ----------
    left, right : array of shape (n,)
        Residuals on the two sides of the cut.
    reg_lambda : float, default=1.0
        Penalty on the square of a leaf's value.

    Returns
    -------
    float
        XGBoost's "gain": G² / (n + λ) of both sides minus that of the whole, where G is
        a sum of residuals.

    References
    ----------
    .. [1] Chen and Guestrin (2016), "XGBoost: A Scalable Tree Boosting System", KDD,
       equation 7.

    Examples
    --------
    >>> round(split_gain([0.2, 0.1], [-0.05, -0.25]), 6)
    0.06
    """
    # Equation 5.7; each score is the sum in the numerator of equation 5.6, squared.
    check_number(reg_lambda, "reg_lambda")
    left, right = as_sample(left, "left", 1), as_sample(right, "right", 1)
    whole = np.concatenate([left, right])
    return (
        _score(left, reg_lambda) + _score(right, reg_lambda) - _score(whole, reg_lambda)
    )


def _score(residuals: Any, reg_lambda: float) -> float:
    return float(np.sum(residuals) ** 2 / (np.size(residuals) + reg_lambda))


def leaf_depths(kind: str, model: Any, tree: int = 0) -> pd.Series:
    """Count the leaves of one tree of a fitted booster by their depth.

    Parameters
    ----------
    kind : str
        ``"lightgbm"`` or ``"xgboost"``.
    model : fitted estimator
        As `booster` gives it.
    tree : int, default=0

    Returns
    -------
    Series
        Number of leaves for each depth; the root has depth 0.

    Raises
    ------
    ValueError
        If ``kind`` is neither name or not the model's, or the model has no such tree.

    Examples
    --------
    >>> from mlmastery.housing_prices import booster
    >>> X = np.arange(64.0)[:, None]
    >>> model = booster("xgboost", n_estimators=1, max_depth=2).fit(X, X[:, 0])
    >>> leaf_depths("xgboost", model).to_dict()
    {2: 4}
    """
    check_choice(kind, "kind", BOOSTERS)
    if not isinstance(model, type(booster(kind))):
        raise ValueError(
            f"model must be a booster of kind {kind!r}, got {type(model).__name__}"
        )
    if kind == "lightgbm":
        nodes = model.booster_.trees_to_dataframe()
        nodes = nodes[nodes["tree_index"] == tree]
        depths = nodes.loc[nodes["left_child"].isna(), "node_depth"] - 1
    else:
        nodes = model.get_booster().trees_to_dataframe()
        nodes = nodes[nodes["Tree"] == tree]
        depths = _xgboost_depths(nodes.set_index("ID")) if len(nodes) else nodes["ID"]
    if depths.empty:
        raise ValueError(f"tree must be the number of a tree, got {tree}")
    return depths.value_counts().sort_index().rename("leaves")


def _xgboost_depths(nodes: pd.DataFrame) -> pd.Series:
    """Return the depth of each leaf; a node comes before its children."""
    depth = {nodes.index[0]: 0}
    for name, node in nodes.iterrows():
        if node["Feature"] != "Leaf":
            depth[node["Yes"]] = depth[node["No"]] = depth[name] + 1
    return pd.Series(depth)[nodes.index[nodes["Feature"] == "Leaf"]]
