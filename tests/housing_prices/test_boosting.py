"""Boosting from scratch against the library's, and what is read out of boosted trees."""

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.utils.estimator_checks import parametrize_with_checks

from mlmastery.housing_prices import BoostedTrees, booster, leaf_depths, split_gain


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 4))
    return X, X[:, 0] * X[:, 1] + np.sin(2 * X[:, 2]) + 0.1 * rng.normal(size=300)


@parametrize_with_checks([BoostedTrees(n_trees=5)])
def test_boosted_trees_follow_the_estimator_api(estimator, check):
    check(estimator)


@pytest.mark.parametrize("rate", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("depth", [1, 3])
def test_each_stage_is_scikit_learns(data, rate, depth):
    X, y = data
    settings = {"learning_rate": rate, "max_depth": depth, "random_state": 3}
    ours = BoostedTrees(15, **settings).fit(X, y)
    theirs = GradientBoostingRegressor(n_estimators=15, **settings).fit(X, y)
    first, *stages = ours.staged_predict(X)
    np.testing.assert_allclose(first, y.mean())
    np.testing.assert_allclose(stages, list(theirs.staged_predict(X)), atol=1e-10)
    np.testing.assert_array_equal(ours.predict(X), stages[-1])


def test_boosting_leaves_nine_tenths_of_each_residual():
    model = BoostedTrees(n_trees=3).fit([[0.0], [1.0]], [12.0, 12.4])
    stages = np.array(list(model.staged_predict([[0.0], [1.0]])))
    np.testing.assert_allclose(stages[:, 0], 12.2 - 0.2 * (1 - 0.9 ** np.arange(4)))
    assert model.base_ == pytest.approx(12.2)
    assert len(model.trees_) == 3


def test_a_hundred_trees_of_depth_three_unless_told(data):
    model = BoostedTrees().fit(*data)
    assert len(model.trees_) == 100
    assert max(tree.get_depth() for tree in model.trees_) == 3


def test_boosting_keeps_the_target_as_it_was(data):
    X, y = data
    before = y.copy()
    BoostedTrees(2).fit(X, y)
    np.testing.assert_array_equal(y, before)


@pytest.mark.parametrize(
    "settings", [{"n_trees": 0}, {"max_depth": 0}, {"n_trees": 1.5}]
)
def test_impossible_forests_are_refused(data, settings):
    with pytest.raises(ValueError, match="must be a whole number of at least 1"):
        BoostedTrees(**settings).fit(*data)


@pytest.mark.parametrize("penalty", [0.0, 1.0, 7.5])
def test_gain_is_the_fall_of_the_penalised_cost(penalty):
    """A leaf's best value is G / (n + penalty); the costs follow from it."""

    def cost(residuals):
        value = residuals.sum() / (len(residuals) + penalty)
        return ((residuals - value) ** 2).sum() + penalty * value**2

    left, right = np.array([0.3, -0.1, 0.2]), np.array([-0.5, 0.1])
    fall = cost(np.concatenate([left, right])) - cost(left) - cost(right)
    assert split_gain(left, right, penalty) == pytest.approx(fall)


def test_xgboost_cuts_where_the_gain_is_largest():
    residuals = np.array([0.2, 0.1, -0.05, -0.25])
    gains = [split_gain(residuals[:i], residuals[i:]) for i in (1, 2, 3)]
    np.testing.assert_allclose(gains, [0.03, 0.06, 0.046875])
    settings = {"max_depth": 1, "learning_rate": 1, "base_score": 0, "reg_lambda": 1}
    model = booster("xgboost", n_estimators=1, **settings)
    tree = (
        model.fit(np.arange(4)[:, None], residuals).get_booster().trees_to_dataframe()
    )
    assert tree["Gain"][0] == pytest.approx(max(gains), abs=1e-6)
    np.testing.assert_allclose(
        model.predict(np.arange(4)[:, None]), [0.1, 0.1, -0.1, -0.1], atol=1e-6
    )


def _depths_by_walking(tree, children, depth=0):
    below = children(tree)
    if not below:
        return [depth]
    return list(
        itertools.chain(*(_depths_by_walking(b, children, depth + 1) for b in below))
    )


@pytest.mark.parametrize("tree", [0, 2])
def test_depths_of_leaves_are_those_of_a_walk(data, tree):
    model = booster("lightgbm", n_estimators=3, num_leaves=12).fit(*data)
    root = model.booster_.dump_model()["tree_info"][tree]["tree_structure"]
    walked = _depths_by_walking(
        root, lambda n: [n["left_child"], n["right_child"]] if "left_child" in n else []
    )
    expected = pd.Series(walked).value_counts().sort_index().to_dict()
    assert leaf_depths("lightgbm", model, tree).to_dict() == expected


@pytest.mark.parametrize("tree", [0, 2])
def test_depths_of_xgboosts_leaves_are_those_of_its_text(data, tree):
    model = booster("xgboost", n_estimators=3, max_depth=4).fit(*data)
    lines = model.get_booster().get_dump()[tree].splitlines()
    walked = [len(x) - len(x.lstrip("\t")) for x in lines if "leaf=" in x]
    expected = pd.Series(walked).value_counts().sort_index().to_dict()
    assert leaf_depths("xgboost", model, tree).to_dict() == expected


def test_leaves_of_an_unknown_library_are_refused(data):
    with pytest.raises(ValueError, match="lightgbm, xgboost, got 'catboost'"):
        leaf_depths("catboost", None)


def test_a_cut_between_equal_residuals_gains_nothing_without_a_penalty():
    # 1/1 + 1/1 - 4/2: the whole is taken away, and its sum is not zero here.
    assert split_gain([1.0], [1.0], reg_lambda=0.0) == pytest.approx(0)
    assert split_gain([1.0, 1.0], [3.0], reg_lambda=1.0) == pytest.approx(
        4 / 3 + 9 / 2 - 25 / 4
    )
