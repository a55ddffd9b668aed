"""Isolation forest: by hand, by recursion, and beside scikit-learn's."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.ensemble import IsolationForest

from mlmastery.fraud_detection.isolation import (
    IsolationTree,
    IsolationTrees,
    anomaly_score,
    average_path,
    cut_segments,
    expected_paths,
    from_sklearn,
    grow_tree,
)

SEVEN = np.array([0.0, 1, 2, 3, 4, 5, 15])


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 4)) * [1, 5, 1, 100]
    X[:20] += [8, 0, 0, 0]
    return X.astype(np.float32).astype(float)


def test_average_path_by_hand():
    # c(3) = 2 (ln 2 + 0.57722) - 4/3
    assert average_path(3) == pytest.approx(2 * (np.log(2) + 0.5772157) - 4 / 3)
    assert average_path([0, 1, 2]).tolist() == [0, 0, 1]
    assert average_path(256) == pytest.approx(10.2448, abs=1e-4)
    with pytest.raises(ValueError, match="at least 0, got -1"):
        average_path([-1, 3])


def test_score_is_half_at_the_usual_path_and_one_at_none():
    assert anomaly_score([0, average_path(64), 2 * average_path(64)], 64).tolist() == [
        1.0,
        0.5,
        0.25,
    ]
    with pytest.raises(ValueError, match="sample_size"):
        anomaly_score([1.0], 1)


def test_paths_of_a_tree_on_paper():
    """First cut at 8, then at 2.5: 15 needs one cut, the others two plus c(rows)."""
    tree = IsolationTree(
        feature=np.array([0, 0, -1, -1, -1]),
        threshold=np.array([8, 2.5, 0, 0, 0]),
        left=np.array([1, 3, 2, 3, 4]),
        right=np.array([2, 4, 2, 3, 4]),
        path=np.array([0, 1, 1, 2 + average_path(3), 2 + average_path(3)]),
    )
    c3 = float(average_path(3))
    want = [2 + c3] * 6 + [1]
    np.testing.assert_allclose(tree.path_lengths(SEVEN[:, None]), want)
    # A value at the threshold goes left.
    assert tree.path_lengths([[8.0]])[0] == 2 + c3


def test_expected_paths_by_hand():
    # Three points 0, 1, 3: the first cut falls into the gap of 2 with probability 2/3.
    want = [1 / 3 * 1 + 2 / 3 * 2, 2, 1 / 3 * 2 + 2 / 3 * 1]
    np.testing.assert_allclose(expected_paths([0, 1, 3]), want)
    assert expected_paths([4, 9]).tolist() == [1, 1]


def test_expected_paths_are_those_of_grown_trees():
    grown = [
        grow_tree(SEVEN[:, None], np.random.default_rng(s), 20).path_lengths(
            SEVEN[:, None]
        )
        for s in range(1500)
    ]
    error = np.std(grown, axis=0) / 1500**0.5
    assert (np.abs(np.mean(grown, axis=0) - expected_paths(SEVEN)) < 4 * error).all()


@pytest.mark.parametrize("points", [[1, 1, 2], [3, 2, 1], [1, np.nan], [1]])
def test_expected_paths_refuse_bad_points(points):
    with pytest.raises(ValueError, match="points"):
        expected_paths(points)


def test_scores_on_sklearns_trees_are_sklearns(rows):
    theirs = IsolationForest(n_estimators=30, random_state=1).fit(rows)
    ours = from_sklearn(theirs)
    np.testing.assert_allclose(
        ours.score(rows), -theirs.score_samples(rows), atol=1e-12
    )


def test_own_forest_is_as_near_as_two_seeds(rows):
    ours = [IsolationTrees(random_state=s).fit(rows).score(rows) for s in range(3)]
    theirs = [
        -IsolationForest(random_state=s).fit(rows).score_samples(rows) for s in range(3)
    ]
    between = [spearmanr(a, b)[0] for a in ours for b in theirs]
    among = [spearmanr(theirs[i], theirs[j])[0] for i in range(3) for j in range(i)]
    assert np.mean(between) > np.mean(among) - 0.01
    gap = np.mean(ours, axis=0) - np.mean(theirs, axis=0)
    assert abs(gap.mean()) < 0.005  # the same scale, not only the same order


def test_far_rows_come_first(rows):
    order = np.argsort(-IsolationTrees(random_state=0).fit(rows).score(rows))
    assert len(set(order[:60]) & set(range(20))) >= 15


def test_every_training_row_of_a_deep_tree_is_alone():
    X = np.random.default_rng(0).normal(size=(50, 3))
    tree = grow_tree(X, np.random.default_rng(0), max_depth=200)
    leaves = tree.feature < 0
    assert leaves.sum() == 50
    assert (tree.path_lengths(X) == np.round(tree.path_lengths(X))).all()


def test_depth_is_limited_and_leaves_add_what_is_left():
    X = np.random.default_rng(0).normal(size=(64, 2))
    tree = grow_tree(X, np.random.default_rng(0), max_depth=1)
    left = int((X[:, tree.feature[0]] <= tree.threshold[0]).sum())
    want = {round(1 + float(average_path(n)), 9) for n in (left, 64 - left)}
    assert set(tree.path_lengths(X).round(9)) == want


def test_equal_rows_are_not_cut():
    tree = grow_tree(np.ones((5, 2)), np.random.default_rng(0), 8)
    assert tree.path_lengths([[1.0, 1.0]])[0] == average_path(5)
    constant = np.column_stack([np.ones(30), np.arange(30.0)])
    assert set(grow_tree(constant, np.random.default_rng(0), 8).feature) <= {-1, 1}


def test_neighbouring_floats_are_separated():
    X = np.array([[1.0], [np.nextafter(1.0, 2)]])
    tree = grow_tree(X, np.random.default_rng(0), 8)
    assert tree.path_lengths(X).tolist() == [1, 1]
    assert len(tree.feature) == 3


def test_seed_and_sample_size(rows):
    a = IsolationTrees(5, 64, 3).fit(rows)
    b = IsolationTrees(5, 64, 3).fit(rows)
    np.testing.assert_array_equal(a.score(rows), b.score(rows))
    assert (a.score(rows) != IsolationTrees(5, 64, 4).fit(rows).score(rows)).any()
    assert IsolationTrees(2, 256).fit(rows[:40]).sample_size_ == 40


def test_blocks_of_rows_do_not_change_scores(rows):
    forest = IsolationTrees(3).fit(rows)
    many = np.vstack([rows, rows])  # more than one block of 4,096
    np.testing.assert_array_equal(forest.score(many)[:3000], forest.score(rows))


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([1.0, 2.0], "shape"),
        ([[np.nan, 1.0], [1.0, 1.0]], "1 are not"),
        ([[1.0, 2.0]], "at least 2 rows"),
        (np.empty((0, 2)), "shape"),
    ],
)
def test_refuses_bad_rows(X, message):
    with pytest.raises(ValueError, match=message):
        IsolationTrees().fit(X)


def test_refuses_other_columns(rows):
    with pytest.raises(ValueError, match="4 columns, got 3"):
        IsolationTrees(2).fit(rows).score(rows[:, :3])


def test_segments_lie_in_their_boxes():
    X = np.random.default_rng(0).normal(size=(30, 2))
    tree = grow_tree(X, np.random.default_rng(1), 6)
    segments = cut_segments(tree, [-5, -5], [5, 5])
    assert len(segments) == (tree.feature >= 0).sum()
    assert [s[0] for s in segments] == sorted(s[0] for s in segments)
    for _, start, end in segments:
        assert (start == end).sum() == 1
        assert (end >= start).all()
        assert start.min() >= -5
        assert end.max() <= 5
    root, first = tree.feature[0], segments[0]
    assert first[1][root] == first[2][root] == tree.threshold[0]
    assert (first[1][1 - root], first[2][1 - root]) == (-5, 5)


def test_segments_end_at_earlier_cuts():
    tree = IsolationTree(
        feature=np.array([0, 1, -1, -1, -1]),
        threshold=np.array([2.0, 3, 0, 0, 0]),
        left=np.array([1, 3, 2, 3, 4]),
        right=np.array([2, 4, 2, 3, 4]),
        path=np.zeros(5),
    )
    lines = [
        (d, a.tolist(), b.tolist()) for d, a, b in cut_segments(tree, [0, 0], [9, 9])
    ]
    assert lines == [(0, [2, 0], [2, 9]), (1, [0, 3], [2, 3])]
    mirrored = IsolationTree(
        tree.feature,
        tree.threshold,
        np.array([2, 3, 2, 3, 4]),
        np.array([1, 4, 2, 3, 4]),
        tree.path,
    )
    assert cut_segments(mirrored, [0, 0], [9, 9])[1][1].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda X: IsolationTrees().score(X), "fit the forest"),
        (lambda X: anomaly_score(-1.0, 8), "path must hold"),
        (lambda X: anomaly_score(np.nan, 8), "path must hold"),
        (
            lambda X: grow_tree(X, np.random.default_rng(0), 3).path_lengths(X[:, :1]),
            "",
        ),
        (
            lambda X: grow_tree(X, np.random.default_rng(0), 3).path_lengths(
                X * np.nan
            ),
            "",
        ),
        (lambda X: from_sklearn(IsolationForest()), "must be fitted"),
        (lambda X: from_sklearn(IsolationForest(max_features=1).fit(X)), "all columns"),
    ],
)
def test_wrong_use_is_told(call, message):
    X = np.random.default_rng(0).normal(size=(50, 2))
    X[:, 0] = 0  # the trees cut the second column only
    with pytest.raises(ValueError, match=message or "X must h"):
        call(X)


@pytest.mark.parametrize(("n_rows", "n_nodes"), [(2, 3), (3, 5)])
def test_few_rows_are_all_drawn_and_all_alone(n_rows, n_nodes):
    """Rows drawn twice, or a depth rounded down, leave trees with fewer nodes."""
    X = np.arange(float(n_rows))[:, None]
    trees = IsolationTrees(n_trees=20, random_state=0).fit(X).trees_
    assert {len(tree.feature) for tree in trees} == {n_nodes}
