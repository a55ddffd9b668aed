"""Each wrong argument is refused by its name, and none is taken in silence."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.housing_prices import (
    BoostedTrees,
    LocalProjection,
    NeighbourPrice,
    SpatialKFold,
    best_booster,
    booster,
    by_source,
    conformal_quantile,
    covered,
    draw_settings,
    group_widths,
    ice_curves,
    largest_contributions,
    leaf_depths,
    log_errors,
    morans_i,
    partial_folds,
    pooled_coverage,
    price_interval,
    rmsle,
    shapley_values,
    split_gain,
    tune,
)

WHERE = [[-93.60, 42.0], [-93.61, 42.0], [-93.62, 42.01]]
LINE = np.arange(8.0)[:, None]


@pytest.mark.parametrize("measure", [rmsle, log_errors])
@pytest.mark.parametrize(
    ("truth", "guess"),
    [([1, 2], [1]), ([1], [1, 2]), ([1, 2], [[1], [2]]), ([], []), (3.0, [3.0])],
)
def test_prices_of_other_houses_are_not_compared(measure, truth, guess):
    with pytest.raises(ValueError, match="one price per house, got shapes"):
        measure(truth, guess)


def test_one_price_is_compared_with_one():
    assert rmsle(np.float64(100.0), np.float64(100.0 * np.e)) == pytest.approx(1)


@pytest.mark.parametrize("scores", [3.0, [[1.0, 2.0], [3.0, 4.0]]])
def test_scores_are_one_row(scores):
    with pytest.raises(ValueError, match="scores must be one row"):
        conformal_quantile(scores)


@pytest.mark.parametrize("width", [-0.1, np.nan, [0.1, -0.2]])
def test_a_width_below_zero_would_turn_an_interval_round(width):
    with pytest.raises(ValueError, match="width must be at least 0"):
        price_interval([100.0, 200.0], width)


def test_there_is_one_width_per_price():
    with pytest.raises(ValueError, match="one number or one per price"):
        price_interval([100.0, 200.0], [0.1, 0.2, 0.3])
    ends = price_interval([100.0, 200.0], [0.0, np.log(2)])
    assert ends == pytest.approx(np.array([[100.0, 100.0], [100.0, 400.0]]))


def test_a_list_of_intervals_is_taken():
    assert covered([1.0, 5.0], [[1, 2], [1, 2]]).tolist() == [True, False]


@pytest.mark.parametrize("interval", [[1, 2], [[1, 2]], [[1, 2, 3], [1, 2, 3]]])
def test_there_is_one_interval_per_price(interval):
    with pytest.raises(ValueError, match="interval must have shape"):
        covered([1.0, 5.0], interval)


def test_an_unknown_price_is_neither_inside_nor_outside():
    with pytest.raises(ValueError, match="positive and finite, got nan in row 0"):
        covered([np.nan], [[1, 2]])


def test_each_score_has_a_group():
    with pytest.raises(ValueError, match="one entry per score"):
        group_widths([1.0, 2.0], [0], [0])
    with pytest.raises(ValueError, match="no missing values"):
        group_widths([1.0, 2.0], [0, np.nan], [0])


@pytest.mark.parametrize(
    ("numbers", "name"),
    [
        ({"n": 5, "p": 2}, "n "),
        ({"n": 20, "p": 0}, "p "),
        ({"n": 20, "p": 2, "repeats": 0}, "repeats"),
        ({"n": 20, "p": 2, "n_folds": 1}, "n_folds"),
    ],
)
def test_impossible_simulations_are_refused(numbers, name):
    with pytest.raises(ValueError, match=f"^{name}"):
        pooled_coverage(**numbers)


@pytest.mark.parametrize("rate", [0, -1, np.nan, "a"])
def test_a_step_has_a_length(rate):
    with pytest.raises(ValueError, match="learning_rate must be a number above 0"):
        BoostedTrees(2, learning_rate=rate).fit(LINE, LINE[:, 0])


@pytest.mark.parametrize("kind", ["lightgbm", "xgboost"])
@pytest.mark.parametrize("tree", [-1, 1])
def test_leaves_of_a_tree_that_is_not_there_are_refused(kind, tree):
    model = booster(kind, n_estimators=1).fit(LINE, LINE[:, 0])
    with pytest.raises(ValueError, match=f"tree must be .* got {tree}"):
        leaf_depths(kind, model, tree)


@pytest.mark.parametrize("offset", [0, -1, np.nan])
def test_a_neighbour_at_the_same_place_has_a_finite_weight(offset):
    near = NeighbourPrice(2, distance_offset=offset)
    with pytest.raises(ValueError, match="distance_offset must be a number above 0"):
        near.fit(WHERE, [1.0, 2.0, 3.0])


@pytest.mark.parametrize("values", [[1.0, 2.0], [1.0, np.nan, 3.0]])
def test_each_place_has_a_finite_value(values):
    with pytest.raises(ValueError, match="values must be 3 finite numbers"):
        morans_i(values, WHERE, 1)


def test_equal_values_have_no_pattern_to_measure():
    with pytest.raises(ValueError, match="must not all be equal"):
        morans_i([2.0, 2.0, 2.0], WHERE, 1)


def test_more_neighbours_than_places_are_refused():
    with pytest.raises(ValueError, match=r"n_neighbors must be .* from 1 to 2"):
        morans_i([1.0, 2.0, 3.0], WHERE, 3)


@pytest.mark.parametrize("shape", [(3, 3), (0, 2), (2,)])
def test_other_houses_have_the_features_of_the_one_to_explain(shape):
    with pytest.raises(ValueError, match="background must have rows like x"):
        shapley_values(lambda Z: Z.sum(axis=1), [1.0, 2.0], np.zeros(shape))


def test_no_trials_are_refused():
    part = (pd.DataFrame({"a": LINE[:, 0]}), LINE[:, 0])
    with pytest.raises(ValueError, match="trials must hold at least one"):
        tune("xgboost", [], part, part)
    with pytest.raises(ValueError, match="patience must be a whole number"):
        tune("xgboost", [{}], part, part, patience=0)


@pytest.mark.parametrize(
    "scores", [["1", "2", "3"], np.array(["2020"] * 3, "M8[D]"), [1j, 2.0]]
)
def test_scores_that_are_no_numbers_are_refused(scores):
    with pytest.raises(ValueError, match="scores must be numbers"):
        conformal_quantile(scores, 0.5)


@pytest.mark.parametrize("prices", [["1"], np.array(["2020"], "M8[D]"), ["$1,000"]])
def test_prices_that_are_no_numbers_are_refused(prices):
    with pytest.raises(ValueError, match="prices must be numbers"):
        rmsle(prices, prices)


def test_an_interval_without_ends_is_refused():
    with pytest.raises(ValueError, match="interval must have no missing ends, got 1"):
        covered([1.0], [[0.5, np.nan]])


def test_groups_may_be_words_and_numbers():
    groups = np.array(["a", 1, "b"], object)
    widths = group_widths([1.0, 2.0, 3.0], groups, np.array([1, "a"], object), 0.5)
    np.testing.assert_array_equal(widths, [2.0, 1.0])


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_morans_i_has_no_unit(scale):
    values = np.array([1.0, 2.0, 4.0])
    want = morans_i(values, WHERE, 1)
    assert morans_i(scale * values, WHERE, 1) == pytest.approx(want)


def test_equal_values_have_no_pattern_though_their_mean_is_rounded():
    with pytest.raises(ValueError, match="values must not all be equal"):
        morans_i([0.1, 0.1, 0.1], WHERE, 1)


def test_spatial_folds_need_as_many_places():
    with pytest.raises(ValueError, match=r"n_places must be .* from 1 to 3, got 25"):
        SpatialKFold(2).folds(WHERE)
    with pytest.raises(ValueError, match="X must hold at least 2 different places"):
        SpatialKFold(2, n_places=2).folds([WHERE[0]] * 3)


@pytest.mark.parametrize("estimator", [NeighbourPrice(), BoostedTrees(2)])
@pytest.mark.parametrize("y", [["a", "b", "c"], np.array(["2020"] * 3, "M8[D]")])
def test_a_target_that_is_no_number_is_refused(estimator, y):
    with pytest.raises(ValueError, match="y must be numbers"):
        estimator.fit(WHERE, y)


def test_a_rate_at_which_the_residuals_overflow_is_named():
    with pytest.raises(ValueError, match=r"learning_rate must be .*, got 1e\+30"):
        BoostedTrees(200, 1e30).fit(LINE, LINE[:, 0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [1.0]), "left must hold at least 1"),
        (([1.0], [np.nan]), "right must hold at least 1"),
        (([1.0], [2.0], -1), "reg_lambda must be a number of at least 0, got -1"),
    ],
)
def test_a_cut_without_a_gain_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        split_gain(*arguments)


@pytest.mark.parametrize(
    "predict", [lambda Z: np.column_stack([Z, Z]), lambda Z: np.ones(1)]
)
def test_answers_that_are_not_one_per_row_have_no_shapley_values(predict):
    with pytest.raises(ValueError, match=r"predict must return shape \(4,\), got"):
        shapley_values(predict, [2.0, 3.0], np.zeros((4, 2)))


def test_a_row_in_another_order_than_its_background_is_refused():
    background = pd.DataFrame({"a": [0.0], "b": [0.0]})
    row = pd.Series({"b": 1.0, "a": 2.0})
    with pytest.raises(ValueError, match="x must have the columns of background"):
        shapley_values(lambda Z: Z[:, 0], row, background)


@pytest.mark.parametrize("column", [0, "self"])
def test_a_curve_follows_a_column_of_any_name(column):
    X = pd.DataFrame({column: [0.0, 1.0], "other": [1.0, 1.0]})
    model = DummyModel()
    np.testing.assert_array_equal(
        ice_curves(model, X, column, [5, 7]), [[6.0, 8.0], [6.0, 8.0]]
    )


class DummyModel:
    """Answers with the sum of a row."""

    def predict(self, X):
        """Return the sums."""
        return X.sum(axis=1).to_numpy()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["other"], "columns must hold the source of 'cat__zone_A'"),
        ("zone", "columns must be a list, got the text 'zone'"),
    ],
)
def test_columns_without_the_source_are_refused(columns, message):
    with pytest.raises(ValueError, match=message):
        by_source(np.ones((1, 2)), ["cat__zone_A", "num__b"], columns)


def test_contributions_keep_their_sum():
    twins = pd.Series([1.0, 2.0, 3.0], index=["a", "a", "b"])
    assert largest_contributions(twins, 1).to_dict() == {"b": 3.0, "all others": 3.0}
    with pytest.raises(ValueError, match="n_shown must be a whole number"):
        largest_contributions(twins, -1)
    with pytest.raises(ValueError, match="values must have no missing values, got 1"):
        largest_contributions(pd.Series([1.0, np.nan]), 1)


@pytest.mark.parametrize("values", [[], "gbdt", 3])
def test_settings_without_a_choice_are_refused(values):
    with pytest.raises(ValueError, match="space must list the values of 'a'"):
        draw_settings({"a": values}, 2, np.random.default_rng(0))


def test_the_number_of_draws_is_checked():
    with pytest.raises(ValueError, match="n_trials must be a whole number"):
        draw_settings({"a": [1]}, -1, np.random.default_rng(0))


def test_the_best_booster_takes_words_and_leaves_out_what_its_draw_lacked():
    table = pd.DataFrame({"boosting_type": ["dart"], "num_leaves": [np.nan]})
    tuned = table.assign(trees=50.0, error=0.1)
    settings = best_booster("lightgbm", tuned).get_params()
    assert (settings["boosting_type"], settings["num_leaves"]) == ("dart", 31)


@pytest.mark.parametrize("scored", [["False", "True"], [5, 7], [np.nan, 1.0]])
def test_rows_to_score_must_be_true_or_false(scored):
    with pytest.raises(
        ValueError, match=r"scored must be (true or false|numbers), got"
    ):
        partial_folds(scored, 2)


def test_tuning_refuses_what_it_sets_itself_and_targets_that_are_missing():
    part = LINE, LINE[:, 0]
    with pytest.raises(ValueError, match="trials must not set n_estimators"):
        tune("lightgbm", [{"n_estimators": 3}], part, part)
    with pytest.raises(ValueError, match="the target in valid must hold at least 1"):
        tune("lightgbm", [{"num_leaves": 4}], part, (LINE, np.full(8, np.nan)))


def test_trials_may_come_one_by_one():
    part = LINE, LINE[:, 0]
    assert (
        len(tune("xgboost", ({"max_depth": d} for d in (1, 2)), part, part, 1, 2)) == 2
    )


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ([[0.0, 95.0]], "latitude must be from -90 to 90, got 95"),
        ([[181.0, 0.0]], "longitude must be from -180 to 180, got 181"),
        ([[179.9, 0.0], [-179.9, 0.0]], "longitudes must span less than 180 degrees"),
    ],
)
def test_places_that_one_local_map_cannot_hold_are_refused(place, message):
    with pytest.raises(ValueError, match=message):
        LocalProjection().fit(place)
    with pytest.raises(ValueError, match=message):
        morans_i(np.arange(len(place) + 1.0), [*place, [0.0, 1.0]], 1)


@pytest.mark.parametrize(
    ("kind", "other"), [("lightgbm", "xgboost"), ("xgboost", "lightgbm")]
)
def test_a_booster_of_the_other_kind_is_named(kind, other):
    model = booster(other, n_estimators=1).fit(LINE, LINE[:, 0])
    with pytest.raises(ValueError, match=f"model must be a booster of kind '{kind}'"):
        leaf_depths(kind, model)
