"""What the chapter's tools must refuse, since their answer would mean nothing."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from mlmastery.iris_classifier import (
    LeakError,
    accuracy,
    check_training_ignores_test,
    choose_on_test,
    class_counts,
    explore,
    fit,
    gini,
    load,
    make_classifier,
    reuse_optimism,
    score_once,
    split,
    strongest_columns,
)


def _check(prepare, test=None):
    X, y = (part.to_numpy() for part in load("iris"))
    order = np.random.default_rng(0).permutation(len(X))
    test = order[120:] if test is None else test
    rng = np.random.default_rng(1)
    check_training_ignores_test(prepare, X, y, order[:120], test, rng)


NOTHING = {
    "None": lambda X, y, train, test: None,
    "no parts": lambda X, y, train, test: (),
    "no rows": lambda X, y, train, test: X[:0],
}


@pytest.mark.parametrize("name", NOTHING)
def test_a_preparation_that_returns_nothing_does_not_pass(name):
    with pytest.raises(ValueError, match="prepare must return what training sees"):
        _check(NOTHING[name])


def test_a_check_without_test_rows_does_not_pass():
    with pytest.raises(ValueError, match="test must hold at least one row number"):
        _check(lambda X, y, train, test: X - X.mean(axis=0), test=[])


CONTAINERS = {
    "tuple": lambda rows, centre: (rows, centre),
    "list": lambda rows, centre: [rows, centre],
    "dictionary": lambda rows, centre: {"rows": rows, "centre": centre},
    "sparse list": lambda rows, centre: [sparse.csr_matrix(rows), centre],
    "frames": lambda rows, centre: [pd.DataFrame(rows), pd.Series(centre)],
    "numbers": lambda rows, centre: [*rows.tolist(), centre.tolist()],
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_several_arrays_in_any_container_are_compared(name):
    def prepare(seen):
        return lambda X, y, train, test: CONTAINERS[name](
            X[train], X[train if seen == "train" else slice(None)].mean(axis=0)
        )

    _check(prepare("train"))
    with pytest.raises(LeakError, match="changed"):
        _check(prepare("all"))


def test_a_number_of_arrays_that_depends_on_test_rows_is_a_leak():
    with pytest.raises(LeakError, match="number of arrays"):
        _check(lambda X, y, train, test: (X[train],) * (1 if X.max() < 9 else 2))


def test_impurity_needs_one_label_for_each_row():
    with pytest.raises(ValueError, match="y must have no missing labels, got 1"):
        gini([1.0, np.nan])
    with pytest.raises(ValueError, match="got shape"):
        gini(np.array([["a", "b"], ["a", "a"]]))


def test_a_missing_label_correlates_with_nothing():
    X = np.arange(8.0).reshape(4, 2)
    for y in ([0.0, 1.0, np.nan, 0.0], np.array(["a", "b", None, "a"], dtype=object)):
        with pytest.raises(ValueError, match="y must have no missing labels, got 1"):
            strongest_columns(X, y, keep=1)


def test_choosing_needs_candidates_and_simulating_repeats():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="neighbours must hold at least one"):
        choose_on_test(*load("iris"), rng, neighbours=())
    with pytest.raises(ValueError, match="repeats must be a whole number"):
        reuse_optimism(3, 30, 0.5, 0, rng)


@pytest.mark.parametrize("step", [explore, lambda X, y: split(X, y, random_state=0)])
def test_classes_in_a_table_are_named(step):
    X, y = load("iris")
    with pytest.raises(ValueError, match="y must be one-dimensional, got shape"):
        step(X, y.to_frame())


def test_models_are_fitted_and_scored_on_a_lock_only():
    X, _ = load("iris")
    for step in (fit, score_once):
        with pytest.raises(TypeError, match=r"held must be a HoldOut.* got DataFrame"):
            step(make_classifier("tree"), X)


@pytest.mark.parametrize("counts", [np.ones((2, 3)), np.zeros((2, 2)), np.ones(4)])
def test_counts_must_be_a_square_table(counts):
    for measure in (accuracy, class_counts):
        with pytest.raises(ValueError, match="table must be square"):
            measure(counts)
    assert class_counts(np.array([[2, 1], [0, 3]])).loc[0].tolist() == [2, 0, 1, 3]


@pytest.mark.parametrize("kind", ["svm", "tree", "forest"])
def test_models_are_reproducible_unless_a_seed_is_given(kind):
    assert make_classifier(kind)["model"].random_state == 0
    assert make_classifier(kind, random_state=5)["model"].random_state == 5


def test_test_rows_lie_far_above_all_others_and_then_far_below():
    X, y = (part.to_numpy() for part in load("iris"))
    train, test = np.arange(0, 150, 2), np.arange(1, 150, 2)
    seen = []

    def prepare(X, y, train, test):
        seen.append(X[test].copy())
        return X[train]

    check_training_ignores_test(prepare, X, y, train, test, np.random.default_rng(0))
    original, above, below = seen
    assert (original == X[test]).all()
    assert (above > 5 * X.max(axis=0)).all()
    assert (below < -5 * X.max(axis=0)).all()
