"""Curves of training, the best settings, and folds that some rows do not judge."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import root_mean_squared_error

from mlmastery.housing_prices import (
    best_booster,
    booster,
    learning_curves,
    partial_folds,
)


@pytest.fixture(scope="module")
def parts():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(200, 3))
    y = X[:, 0] + 0.3 * rng.normal(size=200)
    return (X[:120], y[:120]), (X[120:], y[120:])


@pytest.mark.parametrize("kind", ["lightgbm", "xgboost"])
def test_curves_are_the_errors_of_shorter_models(parts, kind):
    curves = learning_curves(kind, {"n_estimators": 12, "learning_rate": 0.3}, *parts)
    assert curves.index.tolist() == list(range(1, 13))
    for n in (1, 5, 12):
        model = booster(kind, n_estimators=n, learning_rate=0.3).fit(*parts[0])
        for name, (X, y) in zip(("training", "validation"), parts, strict=True):
            error = root_mean_squared_error(y, model.predict(X))
            assert curves.loc[n, name] == pytest.approx(error, rel=1e-5)


def test_curves_of_an_unknown_library_are_refused(parts):
    with pytest.raises(ValueError, match="lightgbm, xgboost, got 'catboost'"):
        learning_curves("catboost", {}, *parts)


@pytest.mark.parametrize("kind", ["lightgbm", "xgboost"])
def test_boosters_use_one_thread_and_one_seed(kind):
    settings = booster(kind).get_params()
    assert (settings["n_jobs"], settings["random_state"]) == (1, 0)


def table(**settings):
    return pd.DataFrame([settings, {n: 0.9 for n in settings}])


def test_best_booster_takes_the_first_row_and_a_tenth_more_trees():
    model = best_booster(
        "lightgbm", table(num_leaves=6.0, learning_rate=0.12, trees=50.0, error=0.1)
    )
    settings = model.get_params()
    assert settings["num_leaves"] == 6
    assert isinstance(settings["num_leaves"], int)
    assert settings["learning_rate"] == 0.12
    assert settings["n_estimators"] == 55
    assert "error" not in settings
    assert "trees" not in settings


@pytest.mark.parametrize(("trees", "kept"), [(99, 108), (100, 110), (400, 110)])
def test_best_booster_stops_at_the_largest_number_of_trees(trees, kept):
    best = best_booster("xgboost", table(max_depth=4, trees=trees, error=0.1))
    assert best.get_params()["n_estimators"] == kept
    more = best_booster(
        "xgboost", table(max_depth=4, trees=100, error=0.1), factor=2, most=150
    )
    assert more.get_params()["n_estimators"] == 150


@pytest.mark.parametrize("n_splits", [2, 5, 10])
def test_rows_that_chose_are_always_trained_on_and_never_scored(n_splits):
    scored = np.random.default_rng(0).random(60) < 0.7
    tests = []
    for train, test in partial_folds(scored, n_splits).split():
        assert set(np.flatnonzero(~scored)) <= set(train)
        assert sorted([*train, *test]) == list(range(60))
        tests.append(test)
    assert len(tests) == n_splits
    assert sorted(np.concatenate(tests)) == np.flatnonzero(scored).tolist()
    assert max(map(len, tests)) - min(map(len, tests)) <= 1


def test_partial_folds_are_shuffled_by_their_seed():
    def first(seed):
        return next(iter(partial_folds([True] * 40, 4, random_state=seed).split()))[1]

    assert first(1).tolist() == first(1).tolist() != first(2).tolist()
    assert first(1).tolist() != list(range(10))


@pytest.mark.parametrize("n_splits", [1, 4])
def test_impossible_partial_folds_are_refused(n_splits):
    with pytest.raises(ValueError, match="n_splits must be a whole number from 2 to 3"):
        partial_folds([True, True, False, True], n_splits)
