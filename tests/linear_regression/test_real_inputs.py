"""What people pass to the tools of chapter 3."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from kit.regression_data import made_up

from mlmastery.linear_regression import (
    Line,
    LinearRegressionScratch,
    columns_determine_weights,
    condition_number,
    descent_path,
    find_learning_rate,
    mse_gradient,
    normal_equations,
    qr_least_squares,
)
from mlmastery.linear_regression.estimator import _unit_slopes
from mlmastery.linear_regression.figures import plot_penalty_border


@pytest.mark.parametrize("kind", [list, pd.DataFrame])
def test_lists_and_frames_are_tables(kind):
    X, _ = made_up()
    table = X.tolist() if kind is list else kind(X)
    assert condition_number(table) == condition_number(X)
    assert columns_determine_weights(table)


def test_rank_of_what_is_no_table_is_refused():
    X, _ = made_up()
    holes = X.copy()
    holes[0, 0] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN"):
        columns_determine_weights(holes)
    with pytest.raises(ValueError, match="Expected 2D array"):
        columns_determine_weights(X[:, 0])
    with pytest.raises(ValueError, match="0 sample"):
        columns_determine_weights(X[:0])


def test_tiny_columns_have_weights():
    X, y = made_up()
    lines = [solve(1e-160 * X, y) for solve in (normal_equations, qr_least_squares)]
    for line in lines:
        assert line.weights * 1e-160 == pytest.approx(normal_equations(X, y).weights)


def test_a_start_of_another_length_is_refused():
    X, y = made_up()
    with pytest.raises(ValueError, match=r"start must have shape \(5,\), got \(2,\)"):
        descent_path(X, y, 0.1, 1, start=[0, 0])


def test_batches_of_no_row_are_refused():
    X, y = made_up()
    with pytest.raises(ValueError, match=r"batch_size must be .* at least 1, got 0"):
        descent_path(X, y, 0.1, 1, batch_size=0)


def test_a_path_that_diverges_ends_without_a_warning():
    X, y = made_up()
    assert not np.isfinite(descent_path(1e150 * X, y, 1.0, 4)[-1]).all()


@pytest.mark.parametrize("rates", [[], [-0.1, 0.1], [0.0], [np.nan], ["fast"]])
def test_rates_that_are_no_steps_are_refused(rates):
    X, y = made_up()
    with pytest.raises(ValueError, match="rates must"):
        find_learning_rate(X, y, rates)


def test_a_search_without_steps_is_refused():
    X, y = made_up()
    with pytest.raises(ValueError, match=r"steps must be .* at least 1, got 0"):
        find_learning_rate(X, y, [0.1], steps=0)


def test_slopes_are_judged_in_standard_deviations():
    X, y = made_up()
    X = X * 1000
    expected = y.std() * np.append(X.std(axis=0), 1.0)
    assert _unit_slopes(X, y) == pytest.approx(expected)


def test_the_slopes_of_a_pass_are_a_mean_over_its_steps():
    X, y = made_up()
    half = LinearRegressionScratch(batch_size=len(y) // 2)
    start = Line(np.zeros(X.shape[1]), 0.0)
    _, slopes = half._run_pass(X, y, start, 1e-6, np.random.default_rng(0))
    assert slopes == pytest.approx(np.append(*mse_gradient(X, y, *start)), rel=0.01)


@pytest.mark.parametrize("power", [1, 2])
def test_all_points_of_a_border_cost_as_much_as_its_dot(power):
    best = np.array([3.0, 4.0])
    ax = plot_penalty_border(best, power)
    border = ax.lines[0].get_xydata()
    plt.close(ax.figure)
    sizes = np.linalg.norm(border, power, axis=1)
    assert sizes == pytest.approx(np.linalg.norm(best, power))


# --- scales -----------------------------------------------------------------------------


@pytest.mark.parametrize("unit", [1e-300, 1e-150, 1e150, 1e300])
@pytest.mark.parametrize("solve", [normal_equations, qr_least_squares])
def test_exact_solvers_in_any_unit(solve, unit: float):
    rng = np.random.default_rng(0)
    x = rng.normal(5, 1, size=(60, 1))
    y = 2 * x[:, 0] + rng.normal(size=60)
    expected = solve(x, y).weights
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(solve(x * unit, y).weights * unit, expected)


def test_ridge_of_a_column_in_a_tiny_unit():
    x, y = np.array([[1.0], [2.0], [4.0]]), np.array([1.0, 3.0, 5.0])
    line = normal_equations(x * 1e-200, y, alpha=1.0)
    covariance = np.cov(x[:, 0], y, ddof=0)[0, 1]
    np.testing.assert_allclose(line.weights, covariance * 1e-200)


def test_half_precision_targets_keep_their_mean():
    x = np.arange(1999.0)[:, None]
    y = (0.3 * x[:, 0]).astype(np.float16)
    exact = normal_equations(x, y.astype(float))
    assert normal_equations(x, y).intercept == pytest.approx(exact.intercept, abs=1e-9)


def test_equal_targets_have_their_own_unit():
    x = np.linspace(-1, 1, 10)[:, None]
    model = LinearRegressionScratch().fit(x, np.full(10, 0.1))
    assert model.converged_
    assert model.intercept_ == pytest.approx(0.1, rel=1e-5)


def test_a_target_in_a_tiny_unit_is_not_fitted_at_once():
    x = np.linspace(-1, 1, 30)[:, None]
    model = LinearRegressionScratch(iterations=5000).fit(x, 1e-200 * (1 + 3 * x[:, 0]))
    np.testing.assert_allclose(model.coef_, 3e-200, rtol=1e-4)


@pytest.mark.parametrize("name", ["X", "y"])
def test_numbers_whose_squares_overflow_are_named(name: str):
    table = {"X": np.array([[1.0], [2.0]]), "y": np.array([1.0, 2.0])}
    table[name] = table[name] * 1e160
    with pytest.raises(ValueError, match=rf"{name} must hold numbers up to 1e\+100"):
        LinearRegressionScratch().fit(**table)


@pytest.mark.parametrize("solve", [normal_equations, qr_least_squares])
def test_targets_of_text_are_refused(solve):
    with pytest.raises(ValueError, match="y must hold numbers, got"):
        solve(np.array([[1.0], [2.0]]), np.array(["1", "2"]))


def test_a_negative_strength_of_a_penalty_is_named():
    with pytest.raises(
        ValueError, match="alpha must be a number of at least 0, got -1"
    ):
        condition_number(np.array([[1.0], [2.0]]), -1)
