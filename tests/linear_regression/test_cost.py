import numpy as np
from kit.regression_data import made_up
from scipy.optimize import check_grad

from mlmastery.linear_regression import (
    gradient_loop,
    gradient_of_lists,
    mse_cost,
    mse_gradient,
)


def test_gradient_is_the_derivative_of_the_cost():
    X, y = made_up(30, 3)

    def cost(theta):
        return mse_cost(X, y, theta[:-1], theta[-1])

    def gradient(theta):
        dw, db = mse_gradient(X, y, theta[:-1], theta[-1])
        return np.append(dw, db)

    for theta in np.random.default_rng(1).normal(size=(5, 4)):
        assert check_grad(cost, gradient, theta) < 1e-5


def test_cost_is_half_the_mean_square():
    X, y = np.array([[1.0], [2.0]]), np.array([1.0, 4.0])
    assert mse_cost(X, y, np.array([1.0]), 0.0) == (0**2 + 2**2) / 4


def test_loops_equal_the_vectorised_gradient():
    X, y = made_up(17, 5)
    w, b = np.linspace(-1, 1, 5), 0.3
    for slow, plain, fast in zip(
        gradient_loop(X, y, w, b),
        gradient_of_lists(X.tolist(), y.tolist(), w.tolist(), b),
        mse_gradient(X, y, w, b),
        strict=True,
    ):
        np.testing.assert_allclose(slow, fast, rtol=1e-12)
        np.testing.assert_allclose(plain, fast, rtol=1e-12)
