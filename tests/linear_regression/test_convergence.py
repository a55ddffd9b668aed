import numpy as np
import pytest
from kit.regression_data import made_up

from mlmastery.linear_regression import (
    DivergenceError,
    LinearRegressionScratch,
    columns_determine_weights,
    condition_number,
    convergence_factor,
    iterations_to_reach,
    largest_curvature,
    normal_equations,
)


def test_step_limit_separates_stable_from_diverging(diabetes):
    X, y = diabetes
    limit = 2 / largest_curvature(X)
    LinearRegressionScratch(0.99 * limit, iterations=2000, tol=0).fit(X, y)
    with pytest.raises(DivergenceError):
        LinearRegressionScratch(1.01 * limit, iterations=2000, tol=0).fit(X, y)


def test_distance_shrinks_at_least_as_fast_as_promised(diabetes):
    X, y = diabetes
    best = normal_equations(X, y)

    def distance(model):
        return np.hypot(
            np.linalg.norm(model.coef_ - best.weights),
            model.intercept_ - best.intercept,
        )

    start = np.hypot(np.linalg.norm(best.weights), best.intercept)
    factor = convergence_factor(condition_number(X))
    for k in (10, 300, 2000):
        model = LinearRegressionScratch(iterations=k, tol=0).fit(X, y)
        assert distance(model) <= factor**k * start
    enough = iterations_to_reach(condition_number(X), 1e-3)
    model = LinearRegressionScratch(iterations=enough, tol=0).fit(X, y)
    assert distance(model) <= 1e-3 * start


def test_iterations_to_reach_is_the_first_that_suffices():
    k = iterations_to_reach(50.0, 1e-4)
    assert (1 - 1 / 50) ** k <= 1e-4 < (1 - 1 / 50) ** (k - 1)


@pytest.mark.parametrize(
    ("kappa", "shrink"), [(0.5, 0.1), (np.inf, 0.1), (4.0, 1.0), (4.0, 0.0)]
)
def test_iterations_to_reach_refuses_numbers_out_of_range(kappa, shrink):
    with pytest.raises(ValueError, match=r"kappa must be|shrink must lie"):
        iterations_to_reach(kappa, shrink)


def test_condition_number_matches_numpy(diabetes):
    A = np.column_stack([diabetes[0], np.ones(len(diabetes[0]))])
    assert condition_number(diabetes[0]) == pytest.approx(np.linalg.cond(A) ** 2)


def test_penalty_adds_curvature_to_the_weights_but_not_to_the_intercept():
    X, _ = made_up()
    X += 3
    A = np.column_stack([X, np.ones(len(X))])
    hessian = A.T @ A / len(A) + np.diag([0.7] * X.shape[1] + [0.0])
    eigenvalues = np.linalg.eigvalsh(hessian)
    assert largest_curvature(X, 0.7) == pytest.approx(eigenvalues[-1])
    assert condition_number(X, 0.7) == pytest.approx(np.linalg.cond(hessian))


def test_rank_does_not_depend_on_units_or_origins():
    X, _ = made_up()
    assert columns_determine_weights(X * [1e-12, 1, 1e6, 1e12] + [0, 1e6, 0, 5])
    assert not columns_determine_weights(np.column_stack([X, 1e9 * X[:, 0] - 4]))
    assert not columns_determine_weights(np.column_stack([X, np.full(len(X), 3.0)]))
    assert not columns_determine_weights(
        X[:4]
    )  # four rows, four weights, one intercept
    assert columns_determine_weights(X[:5])


def test_rank_of_centred_columns_allows_for_rounding():
    X, _ = made_up()
    centred = np.vstack([X, -X])  # mean zero: the sum of two columns is a third one
    assert not columns_determine_weights(
        np.column_stack([centred, centred[:, 0] + centred[:, 1]])
    )


def test_condition_number_is_finite_whenever_the_weights_are_determined():
    X, _ = made_up()
    kappa = condition_number(X * [1e-6, 1, 1, 1e4])
    assert 1e18 < kappa < np.inf
    assert condition_number(np.column_stack([X, 2 * X[:, 1] + 1])) == np.inf


def test_curvature_of_a_table_with_holes_is_refused_by_name():
    X, _ = made_up()
    X[0, 0] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN"):
        largest_curvature(X)
