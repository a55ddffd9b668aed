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


@pytest.mark.parametrize("solve", [normal_equations, qr_least_squares])
def test_units_of_the_columns_do_not_make_a_table_singular(solve):
    X, y = made_up()
    X = X * [1e-3, 1, 1e8, 1e12] + [0, 1989, 3e7, 0]
    line = solve(X, y)
    reference = LinearRegression().fit((X - X.mean(0)) / X.std(0), y)
    np.testing.assert_allclose(line.weights * X.std(0), reference.coef_, rtol=1e-6)
    assert line.intercept + X.mean(0) @ line.weights == pytest.approx(y.mean())


@pytest.mark.parametrize("solve", [normal_equations, qr_least_squares])
def test_the_same_column_in_another_unit_is_singular(solve):
    X, y = made_up()
    for copy in (273.15 + X[:, 0], 32 + 1.8 * X[:, 0], X[:, 0] * 1e9, X.sum(axis=1)):
        with pytest.raises(ValueError, match="is singular"):
            solve(np.column_stack([X, copy]), y)


@pytest.mark.parametrize("solve", [normal_equations, qr_least_squares])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_exact_solvers_name_cells_that_are_no_numbers(solve, bad):
    X, y = made_up()
    X[3, 1] = bad
    with pytest.raises(ValueError, match=r"Input X contains (NaN|infinity)"):
        solve(X, y)
    with pytest.raises(ValueError, match=r"Input y contains (NaN|infinity)"):
        solve(np.nan_to_num(X), np.where(y > 1, bad, y))


def test_ridge_leaves_a_constant_column_at_zero():
    X, y = made_up()
    padded = np.insert(X, 1, 7.0, axis=1)
    line = normal_equations(padded, y, alpha=0.3)
    assert line.weights[1] == pytest.approx(0)
    other = np.delete(line.weights, 1)
    np.testing.assert_allclose(other, normal_equations(X, y, alpha=0.3).weights)


def test_a_negative_penalty_is_refused():
    with pytest.raises(ValueError, match="alpha must be a number of at least 0"):
        normal_equations(*made_up(), alpha=-1)
