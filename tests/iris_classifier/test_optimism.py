"""Rows that are drawn like a table's, and the best of many tries on one test set."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.iris_classifier import (
    choose_on_test,
    draw_like,
    expected_best,
    load,
    reuse_optimism,
)


def test_drawn_rows_have_means_and_covariances_of_each_class():
    X, y = load("iris")
    rows, labels = draw_like(X, y, 40_000, np.random.default_rng(0))
    assert rows.shape == (120_000, 4)
    for name in y.unique():
        ours = rows[labels == name]
        theirs = X[y == name]
        np.testing.assert_allclose(ours.mean(axis=0), theirs.mean(), atol=0.02)
        np.testing.assert_allclose(np.cov(ours.T), theirs.cov(), atol=0.02)


def test_drawn_classes_are_sorted_and_equally_large_whatever_the_index():
    X, y = load("wine")
    order = np.random.default_rng(1).permutation(len(X))
    _, labels = draw_like(X.iloc[order], y.iloc[order], 7, np.random.default_rng(0))
    classes, counts = np.unique(labels, return_counts=True)
    assert counts.tolist() == [7, 7, 7]
    np.testing.assert_array_equal(labels, np.repeat(classes, 7))


def test_a_seed_gives_the_same_rows():
    X, y = load("iris")
    first, again = (draw_like(X, y, 3, np.random.default_rng(5))[0] for _ in "ab")
    np.testing.assert_array_equal(first, again)


def test_a_class_of_one_and_no_rows_are_refused():
    X, y = load("iris")
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="versicolor has 1 row, too few"):
        draw_like(X.iloc[:51], y.iloc[:51], 3, rng)
    with pytest.raises(ValueError, match="n_per_class must be a whole number"):
        draw_like(X, y, 0, rng)
    assert len(draw_like(X.iloc[:52], y.iloc[:52], 3, rng)[0]) == 6


def test_scores_are_shares_of_test_and_fresh_rows():
    X, y = load("iris")
    chosen = choose_on_test(X, y, np.random.default_rng(2))
    assert round(chosen.reported * 30, 9) == round(chosen.reported * 30)
    assert round(chosen.fresh * 600, 9) == round(chosen.fresh * 600)
    small = choose_on_test(X, y, np.random.default_rng(2), sizes=(20, 4, 7))
    assert round(small.reported * 12, 9) == round(small.reported * 12)
    assert round(small.fresh * 21, 9) == round(small.fresh * 21)


def test_one_try_has_no_optimism_and_many_have():
    X, y = load("iris")
    rng = np.random.default_rng(0)
    gaps = {"one": [], "many": []}
    for _ in range(60):
        for name, columns, k in (
            ("one", X.columns[2:3], (5,)),
            ("many", X.columns, (1, 5, 9)),
        ):
            chosen = choose_on_test(X[columns], y, rng, neighbours=k)
            gaps[name].append(chosen.reported - chosen.fresh)
    error = np.std(gaps["one"], ddof=1) / np.sqrt(60)
    assert abs(np.mean(gaps["one"])) < 3.5 * error
    assert np.mean(gaps["many"]) > 0.03


def test_the_best_try_is_chosen_among_all_subsets_and_voters():
    # Only both columns together tell the classes apart: the sum has the sign.
    rng = np.random.default_rng(0)
    shared = rng.normal(size=200)
    side = np.repeat([-1.0, 1.0], 100)
    X = pd.DataFrame({"a": 50 * shared + side, "b": -50 * shared + side})
    chosen = choose_on_test(
        X, pd.Series(side), rng, neighbours=(1,), sizes=(300, 30, 300)
    )
    alone = choose_on_test(
        X[["a"]], pd.Series(side), rng, neighbours=(1,), sizes=(300, 30, 300)
    )
    assert alone.fresh < 0.65 < chosen.reported


def test_best_of_two_on_one_row_is_three_quarters():
    assert expected_best(2, 1, 0.5) == 0.75
    # Two models on two rows: 1 with 7/16, at least 1/2 with 15/16 of the chances.
    assert expected_best(2, 2, 0.5) == pytest.approx((7 + 15) / 32)
    assert expected_best(5, 10, 1.0) == 1
    assert expected_best(5, 10, 0.0) == 0


def test_simulated_gaps_are_one_for_each_test_set():
    gaps = reuse_optimism(1, 4, 0.25, 5000, np.random.default_rng(0))
    assert gaps.shape == (5000,)
    assert set(np.unique(gaps)) <= {-0.25, 0.0, 0.25, 0.5, 0.75}
    assert abs(gaps.mean()) < 0.02


@pytest.mark.parametrize("accuracy", [-0.01, 1.01, float("nan")])
def test_an_accuracy_outside_of_0_to_1_is_refused(accuracy):
    with pytest.raises(ValueError, match="accuracy must lie between 0 and 1"):
        expected_best(2, 3, accuracy)


@pytest.mark.parametrize("n_test", [0, -1, 1.5])
def test_a_test_set_has_at_least_one_row(n_test):
    with pytest.raises(ValueError, match="n_test must be a whole number"):
        expected_best(2, n_test, 0.5)


@pytest.mark.parametrize(
    "as_given", [list, np.asarray, lambda y: pd.Categorical(y), lambda y: y[::-1][::-1]]
)
def test_tables_and_labels_may_be_of_any_container(as_given):
    X, y = load("iris")
    rows, labels = draw_like(X.to_numpy(), as_given(y), 4, np.random.default_rng(0))
    again, _ = draw_like(X, y, 4, np.random.default_rng(0))
    np.testing.assert_array_equal(rows, again)
    assert labels[::4].tolist() == ["setosa", "versicolor", "virginica"]
    numbers = y.map({"setosa": 2, "versicolor": 1, "virginica": 3})
    assert draw_like(X, numbers, 1, np.random.default_rng(0))[1].tolist() == [1, 2, 3]


def test_gaps_missing_labels_and_unequal_lengths_are_refused():
    X, y = load("iris")
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="Input X contains NaN"):
        draw_like(X.mask(X > 7), y, 3, rng)
    with pytest.raises(ValueError, match="each of the 150 rows of X, got 149"):
        draw_like(X, y.mask(y.index == 3), 3, rng)
    with pytest.raises(ValueError, match="each of the 150 rows of X, got 149"):
        draw_like(X, y.iloc[1:], 3, rng)


def test_constant_columns_stay_constant():
    X, y = load("iris")
    rows, _ = draw_like(X.assign(petal_width=2.0), y, 5, np.random.default_rng(0))
    np.testing.assert_allclose(rows[:, 3], 2)


def test_default_sizes_are_those_of_the_page():
    X, y = load("iris")
    page = {"neighbours": (1, 5, 9, 15), "sizes": (20, 10, 200)}
    for seed in range(25):
        ours = choose_on_test(X, y, np.random.default_rng(seed))
        assert ours == choose_on_test(X, y, np.random.default_rng(seed), **page)
