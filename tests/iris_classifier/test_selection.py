"""Columns selected before the folds and inside them."""

import numpy as np
import pytest
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from mlmastery.iris_classifier import selection_study, strongest_columns


@pytest.mark.parametrize("seed", range(5))
def test_strongest_columns_are_those_of_sklearns_f_test(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(2, 3, size=(40, 30)), rng.permutation(np.repeat([0, 1], 20))
    reference = np.argsort(-f_classif(X, y)[0])
    assert strongest_columns(X, y, 30).tolist() == reference.tolist()
    assert strongest_columns(X, y, 4).tolist() == reference[:4].tolist()


def test_units_and_signs_of_columns_do_not_matter():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 10)), np.arange(40) % 2
    units = rng.uniform(0.1, 9, 10) * np.where(np.arange(10) % 2, 1, -1)
    expected = strongest_columns(X, y, 5).tolist()
    assert strongest_columns(X * units + 7, y, 5).tolist() == expected


@pytest.mark.parametrize("keep", [0, 4, 1.5])
def test_as_many_columns_are_kept_as_there_are(keep):
    with pytest.raises(ValueError, match="keep must be a whole number from 1 to 3"):
        strongest_columns(np.eye(4)[:, :3], np.arange(4) % 2, keep)
    assert len(strongest_columns(np.eye(4)[:, :3], np.arange(4) % 2, 3)) == 3


def test_both_error_rates_are_those_of_sklearn():
    errors = selection_study(3, n_rows=40, n_columns=300, keep=20, n_splits=4)
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(40, 300)), np.arange(40) % 2
    folds = StratifiedKFold(4, shuffle=True, random_state=3)
    neighbour = KNeighborsClassifier(1)
    best = SelectKBest(k=20).fit(X, y)
    before = cross_val_score(neighbour, best.transform(X), y, cv=folds)
    pipeline = make_pipeline(SelectKBest(k=20), neighbour)
    inside = cross_val_score(pipeline, X, y, cv=folds)
    assert errors.before == pytest.approx(1 - before.mean())
    assert errors.inside == pytest.approx(1 - inside.mean())


def test_selecting_before_the_folds_keeps_making_noise_look_like_skill():
    """The failing run of the page must keep failing."""
    studies = np.array([selection_study(seed, n_columns=2000) for seed in range(8)])
    assert studies[:, 0].max() < 0.25
    assert abs(studies[:, 1].mean() - 0.5) < 0.15


def test_constant_columns_come_last_without_a_warning():
    X = np.column_stack(
        [np.ones(6), [1, 2, 3, 4, 5, 6], np.full(6, 0.1), [1, 1, 1, 2, 2, 2]]
    )
    assert strongest_columns(X, np.array([0, 0, 0, 1, 1, 1]), 4).tolist() == [
        3,
        1,
        0,
        2,
    ]


@pytest.mark.parametrize("labels", [["a", "b"], [True, False], [7, -7], [0.5, 0.25]])
def test_any_two_labels_do(labels):
    rng = np.random.default_rng(0)
    X, codes = rng.normal(size=(30, 9)), np.arange(30) % 2
    expected = strongest_columns(X, codes, 5).tolist()
    assert strongest_columns(X, np.array(labels)[codes], 5).tolist() == expected
    assert strongest_columns(X, [labels[c] for c in codes], 5).tolist() == expected


@pytest.mark.parametrize("y", [list("abca"), [0, 0, 0, 0], list("aaaa"), [0, 1, 0]])
def test_labels_that_order_no_column_are_refused(y):
    with pytest.raises(ValueError, match="y must hold 4 numbers or labels of two"):
        strongest_columns(np.eye(4), y, 1)


def test_numbers_of_more_than_two_values_are_correlated_as_they_are():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 12)), rng.integers(0, 5, 40)
    strength = [abs(np.corrcoef(column, y)[0, 1]) for column in X.T]
    assert strongest_columns(X, y, 12).tolist() == np.argsort(strength)[::-1].tolist()


def test_tables_with_gaps_are_refused():
    X = np.eye(4)
    X[0, 0] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN"):
        strongest_columns(X, [0, 1, 0, 1], 1)


def test_bytes_do_not_wrap_around():
    X = np.array([[0, 9], [1, 9], [254, 8], [255, 9]], dtype=np.uint8)
    assert strongest_columns(X, [0, 0, 1, 1], 2).tolist() == [0, 1]
