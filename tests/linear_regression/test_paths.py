import numpy as np
import pytest
from kit.regression_data import made_up

from mlmastery.linear_regression import (
    LinearRegressionScratch,
    descent_path,
    largest_curvature,
    mse_gradient,
)


def test_path_of_all_rows_is_that_of_the_estimator():
    X, y = made_up(offset=5)
    rate = 1 / largest_curvature(X)
    path = descent_path(X, y, rate, 30)
    model = LinearRegressionScratch(rate, 30, tol=0).fit(X, y)
    assert path.shape == (31, X.shape[1] + 1)
    np.testing.assert_allclose(path[-1], np.append(model.coef_, model.intercept_))


def test_both_parts_move_along_the_gradient_at_the_old_point():
    X, y = made_up()
    start = np.arange(5.0)
    dw, db = mse_gradient(X, y, start[:-1], start[-1])
    path = descent_path(X, y, 0.1, 1, start=start)
    np.testing.assert_allclose(path, [start, start - 0.1 * np.append(dw, db)])


def test_every_row_is_used_once_in_a_pass_and_the_last_batch_may_be_smaller():
    X, y = np.eye(7), np.ones(7)
    path = descent_path(X, y, 0.5, 2, batch_size=3, random_state=1)
    assert len(path) == 1 + 2 * 3
    moved = np.diff(path[:4, :-1], axis=0) != 0
    assert moved.sum(axis=1).tolist() == [3, 3, 1]
    assert moved.sum(axis=0).tolist() == [1] * 7


def test_seed_decides_the_order_and_nothing_given_is_changed():
    X, y = made_up()
    start = np.zeros(5)

    def walk(seed):
        return descent_path(X, y, 0.01, 2, batch_size=8, start=start, random_state=seed)

    np.testing.assert_array_equal(walk(1), walk(1))
    assert not np.array_equal(walk(1), walk(2))
    assert (start == 0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"learning_rate": 0}, "learning_rate must be a number above 0, got 0"),
        ({"passes": 0}, "passes must be a whole number of at least 1, got 0"),
        ({"batch_size": -1}, "batch_size must be a whole number of at least 1, got -1"),
    ],
)
def test_bad_arguments_of_a_path_are_named(change, message):
    X, y = made_up()
    with pytest.raises(ValueError, match=message):
        descent_path(X, y, **({"learning_rate": 0.1, "passes": 1} | change))


def test_holes_are_named():
    X, y = made_up()
    X[0, 0] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN"):
        descent_path(X, y, 0.1, 1)
