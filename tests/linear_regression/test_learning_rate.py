import numpy as np
import pytest

from mlmastery.linear_regression import find_learning_rate, largest_curvature


def test_learning_rate_finder_marks_divergence_and_picks_the_lowest(diabetes):
    X, y = diabetes
    limit = 2 / largest_curvature(X)
    search = find_learning_rate(X, y, [limit / 100, limit / 2, 2 * limit], steps=50)
    assert search.best == limit / 2
    assert np.isinf(search.losses).tolist() == [False, False, True]


def test_learning_rate_finder_says_when_every_rate_diverges(raw_diabetes):
    with pytest.raises(ValueError, match="does not diverge, got 1 to 10; 1/L is"):
        find_learning_rate(*raw_diabetes, [1.0, 10.0])


def test_learning_rate_finder_does_not_take_holes_for_divergence(diabetes):
    X, y = diabetes
    with pytest.raises(ValueError, match="Input y contains NaN"):
        find_learning_rate(X, np.where(y > 300, np.nan, y), [0.1])
