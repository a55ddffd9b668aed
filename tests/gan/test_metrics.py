"""The distance against values by hand and SciPy, precision against plain loops."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from mlmastery.gan import (
    frechet_distance,
    frechet_of_moments,
    nearest_distances,
    precision_recall,
)


def test_ten():
    assert frechet_of_moments([0], [[1]], [3], [[4]]) == pytest.approx(10)


def test_of_samples_by_hand():
    # means 1 and 6, variances 2 and 8
    distance = frechet_distance([[0.0], [2.0]], [[4.0], [8.0]])
    assert distance == pytest.approx(25 + (2**0.5 - 8**0.5) ** 2)


def test_itself_symmetry_and_scale():
    a, b = np.random.default_rng(0).normal(size=(2, 80, 6))
    assert frechet_distance(a, a) < 1e-9
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))
    assert frechet_distance(10 * a, 10 * b) == pytest.approx(
        100 * frechet_distance(a, b)
    )


def test_equals_scipy_where_the_matrices_are_regular():
    rng = np.random.default_rng(1)
    a = rng.normal(size=(200, 5)) @ rng.normal(size=(5, 5))
    b = rng.normal(size=(300, 5)) @ rng.normal(size=(5, 5)) + 1
    c, d = np.cov(a.T), np.cov(b.T)
    by_scipy = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(
        c + d - 2 * sqrtm(c @ d).real
    )
    assert frechet_distance(a, b) == pytest.approx(by_scipy)


def test_a_singular_covariance_is_finite():
    rng = np.random.default_rng(0)
    few, many = rng.normal(size=(20, 64)), rng.normal(size=(500, 64))
    for pair in ((few, many), (many, few), (few, few)):
        distance = frechet_distance(*pair)
        assert isinstance(distance, float)
        assert np.isfinite(distance)
        assert distance >= 0


def test_fewer_samples_are_further_away():
    a, b = np.random.default_rng(0).normal(size=(2, 1000, 16))
    assert frechet_distance(a[:50], b[:50]) > 5 * frechet_distance(a, b)


def brute_precision_recall(real, fake, k):
    def covered(points, centres):
        hits = 0
        for point in points:
            for i, centre in enumerate(centres):
                others = [
                    np.linalg.norm(centre - c) for j, c in enumerate(centres) if j != i
                ]
                if np.linalg.norm(point - centre) <= sorted(others)[k - 1]:
                    hits += 1
                    break
        return hits / len(points)

    return covered(fake, real), covered(real, fake)


@pytest.mark.parametrize("k", [1, 3])
def test_precision_recall_equals_plain_loops(k):
    rng = np.random.default_rng(k)
    real, fake = rng.normal(size=(40, 2)), 0.6 * rng.normal(size=(30, 2)) + 0.5
    assert precision_recall(real, fake, k) == pytest.approx(
        brute_precision_recall(real, fake, k)
    )


def test_precision_recall_by_hand():
    real, fake = [[0.0], [1.0], [4.0]], [[0.5], [0.6]]
    assert precision_recall(real, fake, k=1) == (1.0, 0.0)
    assert precision_recall(fake, real, k=1) == (0.0, 1.0)


def test_nearest():
    distances, rows = nearest_distances(
        np.zeros((1, 2, 2)), np.stack([np.ones((2, 2)), np.full((2, 2), 0.5)])
    )
    assert distances.tolist() == [1.0]
    assert rows.tolist() == [1]


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.zeros((1, 3)), np.zeros((5, 3)), "a must hold at least 2 rows"),
        (np.zeros((5, 3)), np.zeros((1, 3)), "b must hold at least 2 rows"),
        (np.zeros((5, 3)), np.zeros((5, 4)), "one feature space, got 3 and 4"),
        (np.full((5, 3), np.nan), np.zeros((5, 3)), "a must be finite"),
        (np.zeros(5), np.zeros((5, 1)), "a must hold at least 2 rows"),
    ],
)
def test_what_has_no_distance_is_refused(a, b, message):
    with pytest.raises(ValueError, match=message):
        frechet_distance(a, b)


def test_too_few_points_for_their_balls():
    with pytest.raises(ValueError, match="fake must hold at least 4 rows"):
        precision_recall(np.zeros((9, 2)), np.zeros((3, 2)), k=3)
    with pytest.raises(ValueError, match="k must be a whole number"):
        precision_recall(np.zeros((9, 2)), np.zeros((9, 2)), k=0)
    with pytest.raises(ValueError, match="one feature space"):
        precision_recall(np.zeros((9, 2)), np.zeros((9, 3)))


@pytest.mark.parametrize(
    ("cov", "message"),
    [
        ([[1.0]], "cov_a must have a row and a column"),
        ([[1.0, np.nan], [np.nan, 1.0]], "must be finite"),
        ([[1.0, 0.5], [0.0, 1.0]], "must be symmetric"),
        ([[-1.0, 0.0], [0.0, 1.0]], "variances of at least 0"),
    ],
)
def test_what_is_no_covariance_is_refused(cov, message):
    with pytest.raises(ValueError, match=message):
        frechet_of_moments([0, 0], cov, [0, 0], np.eye(2))


def test_means_of_one_length():
    with pytest.raises(ValueError, match="one length, got 2 and 1"):
        frechet_of_moments([0, 0], np.eye(2), [0], [[1]])


def test_nearest_of_unequal_or_missing_images():
    for a, b, message in (
        (np.zeros((2, 3)), np.zeros((2, 4)), "one feature space"),
        (np.full((2, 3), np.nan), np.zeros((2, 3)), "queries must be finite"),
        (np.zeros((2, 3)), np.zeros((0, 3)), "targets must have shape"),
        (np.zeros(3), np.zeros((2, 3)), "queries must have shape"),
    ):
        with pytest.raises(ValueError, match=message):
            nearest_distances(a, b)
