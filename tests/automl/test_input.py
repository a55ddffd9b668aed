"""Inputs that people try: each is refused with a message that names it."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris

from mlmastery.automl.ensemble import select_ensemble
from mlmastery.automl.halving import halve, hyperband, largest_power
from mlmastery.automl.meta import portfolio, standardised_distances
from mlmastery.automl.models import TREES
from mlmastery.automl.nas.proxies import kendall_tau, selection_gap
from mlmastery.automl.optimism import best_of_noisy
from mlmastery.automl.regret import run_search
from mlmastery.automl.search.gaussian_process import (
    GaussianProcess,
    expected_improvement,
    matern,
)
from mlmastery.automl.search.random import RandomSearch
from mlmastery.automl.search.tpe import ParzenDensity, split_good_bad
from mlmastery.automl.space import Float, Space
from mlmastery.automl.system import AutoMLClassifier

LINE = Space({"x": Float(0, 1)})
FITTED = GaussianProcess().fit([[0.0], [1.0]], [0.0, 1.0])
HOLE = pd.DataFrame({"f": [0.0, np.nan, 2.0]}, index=["a", "b", "c"])


def zero(*_):
    return 0.0


def spread_of(predictions):
    return float((predictions**2).mean())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: run_search(RandomSearch(LINE), zero, 3, 0), "batch_size"),
        (lambda: run_search(RandomSearch(LINE), zero, -1), "n_trials"),
        (lambda: portfolio(HOLE, 1), "regrets must have no missing"),
        (lambda: standardised_distances(HOLE, "a"), "features must have no missing"),
        (lambda: standardised_distances(HOLE.fillna(1), "z"), "name must be a task"),
        (lambda: select_ensemble(np.full((2, 2, 1), np.nan), spread_of), "got NaN"),
        (lambda: largest_power(8, 1), "base must be a whole number of at least 2"),
        (lambda: halve([], zero, []), "rungs must hold at least one"),
        (lambda: best_of_noisy([], 0.1, 3), "true_scores"),
        (lambda: best_of_noisy([0.8], -1, 3), "noise"),
        (lambda: matern([[0.0]], [[1.0]], 0), "length_scale"),
        (
            lambda: GaussianProcess().fit([[np.nan], [1.0]], [0, 1]),
            "X must hold finite",
        ),
        (lambda: GaussianProcess().fit(np.zeros((0, 1)), []), "y must hold one finite"),
        (lambda: GaussianProcess().predict([[0.0]]), "fit the process before"),
        (lambda: FITTED.predict([[0.0, 1.0]]), "X must have 1 columns"),
        (lambda: expected_improvement([0.0], [-1.0], 0.0), "sd must hold"),
        (lambda: ParzenDensity([2.0]), "points must lie between"),
        (lambda: split_good_bad([1.0, 2.0], 2.0), "share"),
        (lambda: kendall_tau([1, np.nan, 2], [1, 2, 3]), "no missing value"),
        (lambda: selection_gap([0.1, 0.2], [0.1], 1), "must pair up"),
    ],
)
def test_the_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_space_must_be_a_space():
    with pytest.raises(TypeError, match="space must be a Space, got dict"):
        hyperband({"x": 1}, zero, 9)
    with pytest.raises(TypeError, match="search_space must be a ModelSpace, got str"):
        AutoMLClassifier(search_space="trees").fit(*load_iris(return_X_y=True))


def test_a_model_whose_loss_is_nan_is_not_selected():
    models = [[[np.nan], [0.0]], [[0.5], [0.5]]]
    assert select_ensemble(models, spread_of).tolist() == [0, 1]


@pytest.fixture(scope="module")
def fitted():
    flowers = load_iris(return_X_y=True)
    automl = AutoMLClassifier(max_trials=1, search_space=TREES["classes"])
    return automl.fit(*flowers), *flowers


@pytest.mark.parametrize(
    ("rows", "labels", "message"),
    [
        (slice(None), slice(3), "same number of rows, got 150 and 3"),
        (slice(None), None, "given together"),
        (None, slice(None), "given together"),
    ],
)
def test_test_rows_must_pair_up_and_a_failed_look_is_none(
    fitted, rows, labels, message
):
    automl, X, y = fitted
    looks = automl.test_looks_
    with pytest.raises(ValueError, match=message):
        automl.leaderboard(
            None if rows is None else X[rows], None if labels is None else y[labels]
        )
    assert automl.test_looks_ == looks


def test_a_missing_label_is_named():
    X, _ = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match="y must have no missing value"):
        AutoMLClassifier().fit(X, np.array(["a", None, "b"] * 50, dtype=object))
