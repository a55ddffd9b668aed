"""Tune boosted trees by random search with early stopping."""

import inspect
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import xgboost
from sklearn.model_selection import KFold, PredefinedSplit

from mlmastery.validation import as_numbers, as_sample, check_choice, check_count

BOOSTERS = ("lightgbm", "xgboost")


def booster(kind: str, **settings: Any) -> Any:
    """Return LightGBM or XGBoost, quiet, seeded and on one thread.

    Raises
    ------
    ValueError
        If ``kind`` is neither "lightgbm" nor "xgboost".

    Examples
    --------
    >>> type(booster("xgboost", n_estimators=5)).__name__
    'XGBRegressor'
    """
    check_choice(kind, "kind", BOOSTERS)
    shared = {"n_jobs": 1, "random_state": 0, **settings}
    if kind == "lightgbm":
        return lightgbm.LGBMRegressor(verbose=-1, **shared)
    return xgboost.XGBRegressor(**shared)


def draw_settings(
    space: Mapping[str, Sequence[Any]], n_trials: int, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Draw settings at random, each value of each setting equally likely.

    Examples
    --------
    >>> draw_settings({"max_depth": [4]}, 2, np.random.default_rng(0))
    [{'max_depth': 4}, {'max_depth': 4}]
    """
    check_count(n_trials, "n_trials", minimum=0)
    for name, values in space.items():
        if isinstance(values, str) or not np.iterable(values) or not len(values):
            raise ValueError(f"space must list the values of {name!r}, got {values!r}")
    return [
        {name: values[int(rng.integers(len(values)))] for name, values in space.items()}
        for _ in range(n_trials)
    ]


def best_booster(
    kind: str, tuned: pd.DataFrame, *, factor: float = 1.1, most: int = 110
) -> Any:
    """Return the booster with the settings in the first row of `tune`'s table.

    Parameters
    ----------
    kind : str
        ``"lightgbm"`` or ``"xgboost"``.
    tuned : DataFrame
        As `tune` gives it.
    factor : float, default=1.1
        Of the number of trees, for a fit to a few more rows than in tuning.
    most : int, default=110
        Largest number of trees.

    Examples
    --------
    >>> tuned = pd.DataFrame({"num_leaves": [4.0], "trees": [50.0], "error": [0.1]})
    >>> best_booster("lightgbm", tuned).get_params()["n_estimators"]
    55
    """
    # A setting that only other draws have is missing in this one.
    best = tuned.iloc[0].drop("error").dropna().to_dict()
    trees = min(int(factor * best.pop("trees") + 1e-9), most)
    # A row of a table holds floats only; the libraries ask for whole numbers.
    settings = {n: int(v) if _is_whole(v) else v for n, v in best.items()}
    return booster(kind, n_estimators=trees, **settings)


def _is_whole(value: Any) -> bool:
    number = isinstance(value, Real) and not isinstance(value, (bool, np.bool_))
    return number and float(value).is_integer()


def partial_folds(
    scored: Any, n_splits: int = 10, random_state: int = 0
) -> PredefinedSplit:
    """Return folds of some rows; the others always train and are never scored.

    Parameters
    ----------
    scored : array of bool of shape (n,)
        False for rows that chose settings and must not judge them.
    n_splits : int, default=10
    random_state : int, default=0

    Returns
    -------
    PredefinedSplit

    Raises
    ------
    ValueError
        If ``n_splits`` is below 2 or more than the rows to score.

    Examples
    --------
    >>> folds = partial_folds([True, False, True], n_splits=2)
    >>> [(train.tolist(), test.tolist()) for train, test in folds.split()]
    [([0, 1], [2]), ([1, 2], [0])]
    """
    numbers = as_numbers(scored, "scored")
    wrong = numbers[~np.isin(numbers, (0, 1))]
    if wrong.size:
        raise ValueError(f"scored must be true or false, got {wrong[0]:g}")
    rows = np.flatnonzero(numbers)
    check_count(n_splits, "n_splits", minimum=2, maximum=len(rows))
    fold = np.full(len(scored), -1)
    split = KFold(n_splits, shuffle=True, random_state=random_state).split(rows)
    for number, (_, test) in enumerate(split):
        fold[rows[test]] = number
    return PredefinedSplit(fold)


def tune(
    kind: str,
    trials: Sequence[Mapping[str, Any]],
    train: tuple[Any, Any],
    valid: tuple[Any, Any],
    patience: int = 40,
    most: int = 1500,
) -> pd.DataFrame:
    """Fit each trial until the validation error has not fallen for ``patience`` trees.

    Parameters
    ----------
    kind : str
        ``"lightgbm"`` or ``"xgboost"``.
    trials : sequence of dict
        Settings for `booster`.
    train, valid : (X, y)
        Matrices and log prices.
    patience, most : int
        Trees without improvement before stopping, and the largest number of trees.

    Returns
    -------
    DataFrame of shape (n_trials, n_settings + 2)
        The settings, the best number of ``trees`` and the validation RMSE ``error``,
        lowest error first.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(200, 3))
    >>> split = (X[:150], X[:150, 0]), (X[150:], X[150:, 0])
    >>> tune("lightgbm", [{"num_leaves": 4}], *split, most=20)["trees"][0] <= 20
    np.True_
    """
    trials = list(trials)
    if any("n_estimators" in settings for settings in trials):
        raise ValueError("trials must not set n_estimators: stopping early does")
    as_sample(valid[1], "the target in valid", 1)
    if not trials:
        raise ValueError("trials must hold at least one dict of settings")
    check_count(patience, "patience")
    check_count(most, "most")
    rows = []
    for settings in trials:
        trees, error = _early_stopped(
            kind, dict(settings), train, valid, patience, most
        )
        rows.append({**settings, "trees": trees, "error": error})
    return pd.DataFrame(rows).sort_values("error", ignore_index=True)


def learning_curves(
    kind: str,
    settings: Mapping[str, Any],
    train: tuple[Any, Any],
    valid: tuple[Any, Any],
) -> pd.DataFrame:
    """Return the error after each tree, on the training and the validation rows.

    Parameters
    ----------
    kind : str
        ``"lightgbm"`` or ``"xgboost"``.
    settings : dict
        For `booster`, with ``n_estimators``.
    train, valid : (X, y)
        Matrices and log prices.

    Returns
    -------
    DataFrame of shape (n_trees, 2)
        Root mean squared errors ``training`` and ``validation``, by number of trees.

    Examples
    --------
    >>> X = np.arange(40.0)[:, None]
    >>> parts = (X[::2], X[::2, 0]), (X[1::2], X[1::2, 0])
    >>> learning_curves("xgboost", {"n_estimators": 3}, *parts).shape
    (3, 2)
    """
    model = booster(kind, **settings)
    if kind == "lightgbm":
        _fit_watching(model, train, [train, valid])
        errors = [scores["rmse"] for scores in model.evals_result_.values()]
    else:
        model.fit(*train, eval_set=[train, valid], verbose=False)
        errors = [scores["rmse"] for scores in model.evals_result().values()]
    curves = pd.DataFrame(dict(zip(("training", "validation"), errors, strict=True)))
    return curves.set_axis(pd.RangeIndex(1, len(curves) + 1, name="trees"))


def _fit_watching(model: Any, train: Any, parts: Sequence[Any], **more: Any) -> None:
    """Fit a LightGBM model that reports its error on these parts after each tree."""
    watched: dict[str, Any] = {
        "eval_X": tuple(p[0] for p in parts),
        "eval_y": tuple(p[1] for p in parts),
    }
    if "eval_X" not in inspect.signature(model.fit).parameters:  # before 4.7
        watched = {"eval_set": list(parts)}
    model.fit(*train, **watched, eval_metric="rmse", **more)


def _early_stopped(
    kind: str,
    settings: dict[str, Any],
    train: Any,
    validation: Any,
    patience: int,
    most: int,
) -> tuple[int, float]:
    """Return the best number of trees and its validation error."""
    if kind == "lightgbm":
        model = booster(kind, n_estimators=most, **settings)
        stop = [lightgbm.early_stopping(patience, verbose=False)]
        _fit_watching(model, train, [validation], callbacks=stop)
        return model.best_iteration_, float(model.best_score_["valid_0"]["rmse"])
    model = booster(kind, n_estimators=most, early_stopping_rounds=patience, **settings)
    model.fit(*train, eval_set=[validation], verbose=False)
    return model.best_iteration + 1, float(model.best_score)
