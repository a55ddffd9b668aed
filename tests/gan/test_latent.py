"""Lines and arcs."""

import numpy as np
import pytest

from mlmastery.gan import latent_walk, lerp, slerp


def test_arc_by_hand():
    np.testing.assert_allclose(slerp([1, 0], [0, 1], 1 / 3), [0.75**0.5, 0.5])
    np.testing.assert_allclose(slerp([4, 0], [1, 3**0.5], 0.5), [5 / 3**0.5, 1])


def test_ends_and_length():
    a, b = np.random.default_rng(0).normal(size=(2, 32))
    b *= np.linalg.norm(a) / np.linalg.norm(b)
    walk = latent_walk(a, b, 7)
    np.testing.assert_allclose(walk[[0, -1]], [a, b], atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(walk, axis=1), np.linalg.norm(a))
    steps = np.linalg.norm(np.diff(walk, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0])


def test_the_line_is_shorter_in_the_middle():
    line = latent_walk([1.0, 0], [0, 1.0], 3, "line")
    assert line[1].tolist() == [0.5, 0.5]


def test_parallel_vectors_walk_the_line():
    np.testing.assert_allclose(slerp([1, 2], [2, 4], 0.25), lerp([1, 2], [2, 4], 0.25))


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ([0.0, 0.0], [1.0, 0.0], "must not be zero"),
        ([1.0, 0.0], [-2.0, 0.0], "opposite directions"),
        ([1.0], [1.0, 2.0], "one length"),
        ([np.nan, 1.0], [1.0, 2.0], "a must hold"),
    ],
)
def test_refused(a, b, message):
    with pytest.raises(ValueError, match=message):
        slerp(a, b, 0.5)


def test_from_a_vector_to_itself():
    np.testing.assert_array_equal(slerp([1.0, 0.0], [1.0, 0.0], 0.3), [1.0, 0.0])
    # an angle of exactly one is an arc like any other
    a, b = [1.0, 0.0], [np.cos(1), np.sin(1)]
    np.testing.assert_allclose(slerp(a, b, 0.5), [np.cos(0.5), np.sin(0.5)])
