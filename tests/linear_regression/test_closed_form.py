import numpy as np
import pytest
from kit.regression_data import made_up
from sklearn.linear_model import LinearRegression, Ridge

from mlmastery.linear_regression import (
    normal_equations,
    qr_least_squares,
    sklearn_alpha,
)


def test_exact_solvers_equal_sklearn_on_raw_features(raw_diabetes):
    X, y = raw_diabetes
    reference = LinearRegression().fit(X, y)
    for line in (normal_equations(X, y), qr_least_squares(X, y)):
        np.testing.assert_allclose(line.weights, reference.coef_, rtol=1e-7)
        assert line.intercept == pytest.approx(reference.intercept_, rel=1e-7)


def test_normal_equations_solve_ridge(raw_diabetes):
    X, y = raw_diabetes
    line = normal_equations(X, y, alpha=2.0)
    reference = Ridge(alpha=sklearn_alpha(2.0, len(y), "l2")).fit(X, y)
    np.testing.assert_allclose(line.weights, reference.coef_, rtol=1e-8)
    assert line.intercept == pytest.approx(reference.intercept_)


def test_qr_keeps_digits_that_the_normal_equations_lose():
    base = np.linspace(-1, 1, 60)
    X = np.column_stack([base, base + 1e-6 * np.cos(9 * base)])
    y = X @ [1.0, 2.0]
    error = {
        solver: np.abs(solver(X, y).weights - [1.0, 2.0]).max()
        for solver in (normal_equations, qr_least_squares)
    }
    assert error[qr_least_squares] < 1e-8 < error[normal_equations]


@pytest.mark.parametrize("solve", [normal_equations, qr_least_squares])
def test_exact_solvers_refuse_singular_features(solve):
    X, y = made_up()
    with pytest.raises(ValueError, match="is singular: some columns are constant"):
        solve(np.column_stack([X, X[:, 0]]), y)
