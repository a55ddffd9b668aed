"""Each wrong argument is refused by its name, and none is taken in silence."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.housing_prices import (
    BoostedTrees,
    NeighbourPrice,
    booster,
    conformal_quantile,
    covered,
    group_widths,
    leaf_depths,
    log_errors,
    morans_i,
    pooled_coverage,
    price_interval,
    rmsle,
    shapley_values,
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
