"""The folds that are used where none are given, and settings by themselves."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import (
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_val_score,
)

from mlmastery.iris_classifier import (
    fold_scores,
    load,
    make_classifier,
    nested_scores,
    parameter_impact,
)

KNN = make_classifier("knn")


@pytest.fixture(scope="module")
def iris():
    return load("iris")


def test_nested_folds_are_five_outside_and_four_inside_shuffled_by_seed_zero(iris):
    grid = {"model__n_neighbors": [1, 5, 15, 40]}
    by_default = nested_scores(KNN, grid, *iris)
    stated = nested_scores(
        KNN,
        grid,
        *iris,
        outer=StratifiedKFold(5, shuffle=True, random_state=0),
        inner=StratifiedKFold(4, shuffle=True, random_state=0),
    )
    np.testing.assert_array_equal(by_default.outer, stated.outer)
    np.testing.assert_array_equal(by_default.inner, stated.inner)
    assert by_default.chosen == stated.chosen
    gap = by_default.inner.mean() - by_default.outer.mean()
    assert by_default.optimism == pytest.approx(gap)


def test_impact_is_that_of_scikit_learn_on_the_stated_folds(iris):
    impact = parameter_impact(KNN, "model__n_neighbors", [3, 30], *iris)
    for random_state, same in ((0, True), (1, False)):
        folds = StratifiedKFold(5, shuffle=True, random_state=random_state)
        scores = [
            cross_val_score(make_classifier("knn", n_neighbors=k), *iris, cv=folds)
            for k in (3, 30)
        ]
        ours = impact[["validation", "sd"]].to_numpy()
        theirs = [[s.mean(), s.std()] for s in scores]
        assert np.allclose(ours, theirs) is same


def test_fold_scores_are_those_of_scikit_learn_on_the_stated_folds(iris):
    for change in ({}, {"n_splits": 3, "n_repeats": 2, "random_state": 7}):
        stated = {"n_splits": 5, "n_repeats": 1, "random_state": 0, **change}
        theirs = cross_val_score(KNN, *iris, cv=RepeatedStratifiedKFold(**stated))
        np.testing.assert_array_equal(fold_scores(KNN, *iris, **change), theirs)


def test_a_class_with_as_many_rows_as_folds_is_enough(iris):
    X, y = (part.iloc[:55] for part in iris)
    assert len(fold_scores(KNN, X, y, n_splits=5)) == 5
    with pytest.raises(ValueError, match="'versicolor' has 5 rows, too few for 6"):
        fold_scores(KNN, X, y, n_splits=6)


def test_impact_is_indexed_by_the_values_in_their_order(iris):
    impact = parameter_impact(KNN, "model__n_neighbors", [9, 1, 5], *iris)
    assert impact.index.tolist() == [9, 1, 5]
    assert isinstance(impact, pd.DataFrame)
