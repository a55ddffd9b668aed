"""Interpretation of a model: curves of one feature, and Shapley values."""

import math
import warnings
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from sklearn.inspection import permutation_importance

from mlmastery.validation import check_count


def ice_curves(model: Any, X: pd.DataFrame, column: str, grid: Any) -> np.ndarray:
    """Return each row's prediction as one column takes the values of a grid.

    Their mean over the rows is the partial dependence.

    Parameters
    ----------
    model : estimator
        With ``predict``.
    X : DataFrame of shape (n_samples, n_columns)
    column : str
        The column to vary; all others stay as they are.
    grid : array of shape (n_grid,)

    Returns
    -------
    ndarray of shape (n_samples, n_grid)

    Raises
    ------
    ValueError
        If ``X`` does not have the column.

    References
    ----------
    .. [1] Goldstein, Kapelner, Bleich and Pitkin (2015), "Peeking Inside the Black
       Box", Journal of Computational and Graphical Statistics 24(1).

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> X = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [1.0, 0.0, 1.0]})
    >>> model = LinearRegression().fit(X, 3 * X["a"] + X["b"])
    >>> ice_curves(model, X, "a", [0, 1]).round(6)
    array([[1., 4.],
           [0., 3.],
           [1., 4.]])
    """
    if column not in X:
        raise ValueError(f"column must be a column of X, got {column!r}")
    kept = X.drop(columns=column)
    at = [kept.assign(_=v).set_axis([*kept, column], axis=1)[X.columns] for v in grid]
    return np.column_stack([model.predict(table) for table in at])


def shapley_values(
    predict: Callable[[np.ndarray], np.ndarray], x: Any, background: Any
) -> np.ndarray:
    """Return the exact Shapley value of each feature of one row.

    The value of a coalition is the mean prediction when its features have the row's
    values and the others come from the background. All 2 ** n_features coalitions are
    evaluated.

    Parameters
    ----------
    predict : callable
        From (n, n_features) to (n,).
    x : array of shape (n_features,)
        The row to explain; at most 15 features.
    background : array of shape (n_background, n_features)

    Returns
    -------
    ndarray of shape (n_features,)
        Their sum is the prediction minus the mean prediction on the background.

    Raises
    ------
    ValueError
        If there are more than 15 features, or the background has other columns or none.

    References
    ----------
    .. [1] Shapley (1953), "A Value for n-Person Games", Contributions to the Theory of
       Games 2.

    Examples
    --------
    >>> background = np.zeros((1, 2))
    >>> shapley_values(lambda X: X[:, 0] * X[:, 1] + X[:, 0], [2.0, 3.0], background)
    array([5., 3.])
    """
    _check_columns(x, background)
    x, background = np.asarray(x, dtype=float), np.asarray(background, dtype=float)
    n = x.size
    if x.ndim != 1 or background.shape[1:] != x.shape or not len(background):
        raise ValueError(
            "background must have rows like x, "
            f"got shape {background.shape} for x of shape {x.shape}"
        )
    if n > 15:
        raise ValueError(f"x must have at most 15 features, got {n}")
    value_of = {}
    for coalition in _subsets(range(n)):
        rows = background.copy()
        rows[:, list(coalition)] = x[list(coalition)]
        value_of[coalition] = _one_per_row(predict(rows), len(rows)).mean()
    values = np.zeros(n)
    for i in range(n):
        for coalition in _subsets([j for j in range(n) if j != i]):
            size = len(coalition)
            # Equation 5.8: the share of all orders in which exactly these come before i.
            weight = 1 / (n * math.comb(n - 1, size))
            joined = tuple(sorted((*coalition, i)))
            values[i] += weight * (value_of[joined] - value_of[coalition])
    return values


def _check_columns(x: Any, background: Any) -> None:
    """Raise where two tables name their columns, and in another order."""
    if isinstance(x, pd.Series) and isinstance(background, pd.DataFrame):
        if list(x.index) != list(background.columns):
            raise ValueError(
                "x must have the columns of background in their order, "
                f"{list(background.columns)}, got {list(x.index)}"
            )


def _one_per_row(answer: Any, n: int) -> np.ndarray:
    if np.shape(answer) != (n,):
        raise ValueError(f"predict must return shape ({n},), got {np.shape(answer)}")
    return np.asarray(answer)


def _subsets(items: Any) -> list[tuple[int, ...]]:
    items = list(items)
    return [c for size in range(len(items) + 1) for c in combinations(items, size)]


def tree_shap(model: Any, Z: Any, background: Any = None) -> np.ndarray:
    """Return Shapley values of a tree ensemble's predictions, by the package shap.

    Parameters
    ----------
    model : fitted tree ensemble
    Z : DataFrame or array of shape (n_samples, n_features)
        Rows to explain, as the ensemble sees them.
    background : array of shape (n_background, n_features), optional
        As in `shapley_values`; without it the trees' own counts are used.

    Returns
    -------
    ndarray of shape (n_samples, n_features)

    References
    ----------
    .. [1] Lundberg et al. (2020), "From Local Explanations to Global Understanding with
       Explainable AI for Trees", Nature Machine Intelligence 2.
    """
    with warnings.catch_warnings():
        # shap 0.51 builds its colour maps by methods that matplotlib 3.11 will drop, and
        # its progress bar, not used here, asks for notebook widgets.
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        warnings.filterwarnings("ignore", "IProgress not found")
        import shap
    if background is None:
        explainer = shap.TreeExplainer(model)
    else:
        explainer = shap.TreeExplainer(
            model, background, feature_perturbation="interventional"
        )
    return np.asarray(explainer.shap_values(Z))


def compare_importance(
    model: Any, Z: pd.DataFrame, y: Any, n_repeats: int = 5, random_state: int = 0
) -> pd.DataFrame:
    """Measure the importance of each column of one LightGBM model in three ways.

    Parameters
    ----------
    model : fitted LGBMRegressor
    Z : DataFrame of shape (n_samples, n_features)
        Rows that the model has not seen.
    y : array of shape (n_samples,)
    n_repeats : int, default=5
        Shuffles of each column.
    random_state : int, default=0

    Returns
    -------
    DataFrame of shape (n_features, 3)
        ``gain``: what the cuts on the column lowered the training cost by;
        ``permutation``: by how much the RMSE on these rows rises when it is shuffled;
        ``shap``: mean absolute Shapley value on these rows. Each is divided by its sum,
        a negative rise of the error counting as 0.

    Examples
    --------
    >>> from mlmastery.housing_prices import booster
    >>> rng = np.random.default_rng(0)
    >>> Z = pd.DataFrame(rng.normal(size=(200, 2)), columns=["signal", "noise"])
    >>> model = booster("lightgbm", n_estimators=20).fit(Z, Z["signal"])
    >>> bool((compare_importance(model, Z, Z["signal"]).loc["signal"] > 0.9).all())
    True
    """
    shuffles = permutation_importance(
        model,
        Z,
        y,
        scoring="neg_root_mean_squared_error",
        n_repeats=n_repeats,
        random_state=random_state,
    )
    measured = {
        "gain": model.booster_.feature_importance("gain"),
        "permutation": np.maximum(shuffles["importances_mean"], 0),
        "shap": np.abs(tree_shap(model, Z)).mean(axis=0),
    }
    table = pd.DataFrame(measured, index=Z.columns)
    return table / table.sum()


def largest_contributions(values: pd.Series, n_shown: int = 8) -> pd.Series:
    """Return the largest Shapley values of one row, and the sum of the others.

    Parameters
    ----------
    values : Series of shape (n_features,)
    n_shown : int, default=8
        How many to keep, by absolute value.

    Returns
    -------
    Series
        With the same sum; the last entry is called "all others".

    Examples
    --------
    >>> parts = pd.Series({"area": 0.3, "age": -0.2, "pool": 0.05, "shed": 0.01})
    >>> largest_contributions(parts, 2).round(2).to_dict()
    {'area': 0.3, 'age': -0.2, 'all others': 0.06}
    """
    check_count(n_shown, "n_shown", minimum=0)
    if values.isna().any():
        missing = int(values.isna().sum())
        raise ValueError(f"values must have no missing values, got {missing}")
    order = np.argsort(-values.abs().to_numpy(), kind="stable")
    kept, others = values.iloc[order[:n_shown]], values.iloc[order[n_shown:]]
    return pd.concat([kept, pd.Series({"all others": others.sum()})])


def by_source(
    values: np.ndarray, names: Any, columns: Sequence[str] = ()
) -> pd.DataFrame:
    """Sum the Shapley values of the columns that come from one column of the table.

    Parameters
    ----------
    values : ndarray of shape (n_samples, n_features)
    names : sequence of str
        As `preprocessor` gives them: ``num__age``, ``cat__neighborhood_NAmes``.
    columns : sequence of str, optional
        The columns of the table. Without them the part of a name after its last
        underscore is taken for the category.

    Returns
    -------
    DataFrame of shape (n_samples, n_sources)

    Examples
    --------
    >>> names = ["num__age", "cat__zone_A", "cat__zone_B"]
    >>> by_source(np.array([[1.0, 2.0, 3.0]]), names)
       age  zone
    0  1.0   5.0
    >>> names = ["cat__zone_A_1", "cat__zone_infrequent_sklearn"]
    >>> by_source(np.array([[2.0, 3.0]]), names, columns=["zone"]).columns.tolist()
    ['zone']
    """
    if isinstance(columns, str):
        raise ValueError(f"columns must be a list, got the text {columns!r}")
    sources = [_source(str(name), columns) for name in names]
    return pd.DataFrame(values, columns=sources).T.groupby(level=0, sort=False).sum().T


def _source(name: str, columns: Sequence[str]) -> str:
    """Return the column that an encoded one comes from."""
    kind, _, rest = name.partition("__")
    if kind != "cat":
        return rest
    known = [column for column in columns if rest.startswith(f"{column}_")]
    if known:
        return max(known, key=len)
    if len(columns):
        raise ValueError(f"columns must hold the source of {name!r}, which none begins")
    return rest.removesuffix("_sklearn").rpartition("_")[0]  # ..._infrequent_sklearn
