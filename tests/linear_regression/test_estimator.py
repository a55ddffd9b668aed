import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.regression_data import made_up
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge
from sklearn.utils.estimator_checks import parametrize_with_checks

from mlmastery.linear_regression import (
    DegenerateFeaturesWarning,
    LinearRegressionScratch,
    coefficient_path,
    condition_number,
    largest_curvature,
    mse_cost,
    normal_equations,
    sklearn_alpha,
)


@pytest.mark.filterwarnings(
    # Some of the checks fit constant columns or more columns than rows on purpose.
    "ignore::mlmastery.linear_regression.DegenerateFeaturesWarning",
    "ignore::sklearn.exceptions.ConvergenceWarning",
)
@parametrize_with_checks(
    [
        LinearRegressionScratch(),
        LinearRegressionScratch(batch_size=8, random_state=0, iterations=300),
        LinearRegressionScratch(penalty="l1", alpha=0.01),
        LinearRegressionScratch(penalty="elasticnet", alpha=0.01),
    ]
)
def test_follows_estimator_api(estimator, check):
    check(estimator)


EXACT = {"iterations": 200_000, "tol": 1e-13}


@pytest.mark.parametrize("alpha", [0.05, 1.0, 20.0])
@pytest.mark.parametrize("penalty", [None, "l2", "l1", "elasticnet"])
def test_coefficients_equal_sklearn(diabetes, penalty, alpha):
    X, y = diabetes
    if penalty:
        theirs = sklearn_alpha(alpha, len(y), penalty)
    reference = {
        None: lambda: LinearRegression(),
        "l2": lambda: Ridge(alpha=theirs),
        "l1": lambda: Lasso(alpha=theirs, tol=1e-14, max_iter=10**6),
        "elasticnet": lambda: ElasticNet(
            alpha=theirs, l1_ratio=0.3, tol=1e-14, max_iter=10**6
        ),
    }[penalty]().fit(X, y)
    ours = LinearRegressionScratch(
        penalty=penalty, alpha=alpha, l1_ratio=0.3, **EXACT
    ).fit(X, y)
    assert ours.converged_
    np.testing.assert_allclose(ours.coef_, reference.coef_, rtol=0, atol=1e-6)
    assert ours.intercept_ == pytest.approx(reference.intercept_, abs=1e-6)
    np.testing.assert_array_equal(ours.coef_ == 0, reference.coef_ == 0)


@settings(deadline=None, max_examples=25)
@given(scale=st.floats(0.1, 10), column=st.integers(0, 3))
def test_rescaling_a_feature_rescales_its_coefficient(scale, column):
    X, y = made_up()
    scaled = X.copy()
    scaled[:, column] *= scale
    plain = LinearRegressionScratch(iterations=20_000, tol=1e-10).fit(X, y)
    other = LinearRegressionScratch(iterations=20_000, tol=1e-10).fit(scaled, y)
    expected = plain.coef_.copy()
    expected[column] /= scale
    np.testing.assert_allclose(other.coef_, expected, atol=1e-5)


@settings(deadline=None, max_examples=25)
@given(scale=st.floats(0.01, 100), shift=st.floats(-1e3, 1e3))
def test_rescaling_the_target_rescales_the_line(scale, shift):
    X, y = made_up()
    plain = LinearRegressionScratch(tol=1e-12).fit(X, y)
    other = LinearRegressionScratch(tol=1e-12).fit(X, scale * y + shift)
    np.testing.assert_allclose(
        other.predict(X), scale * plain.predict(X) + shift, rtol=1e-6, atol=1e-6
    )


@settings(deadline=None, max_examples=20)
@given(
    seed=st.integers(0, 1000), penalty=st.sampled_from([None, "l1", "l2", "elasticnet"])
)
def test_order_of_rows_does_not_matter(seed, penalty):
    X, y = made_up()
    order = np.random.default_rng(seed).permutation(len(y))
    model = LinearRegressionScratch(penalty=penalty, alpha=0.1)
    straight = clone(model).fit(X, y).coef_
    np.testing.assert_allclose(
        model.fit(X[order], y[order]).coef_, straight, rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("penalty", ["l1", "l2", "elasticnet"])
def test_intercept_is_never_penalised(penalty):
    X, y = made_up(offset=1e4)
    X -= X.mean(axis=0)
    model = LinearRegressionScratch(penalty=penalty, alpha=100, **EXACT).fit(X, y)
    np.testing.assert_allclose(model.coef_, 0, atol=0.1)
    assert model.intercept_ == pytest.approx(y.mean(), abs=1e-6)


ENOUGH = {"iterations": 100_000}


@pytest.mark.parametrize("offset", [-1e9, 0.0, 1e3, 1e6, 1.7e9])
@pytest.mark.parametrize("unit", [1e-6, 1.0, 3600.0])
def test_the_origin_and_the_unit_of_the_target_do_not_stop_the_descent(offset, unit):
    rng = np.random.default_rng(0)
    first = rng.normal(size=200)
    X = np.column_stack([first, first + 0.1 * rng.normal(size=200)])
    y = offset * unit + unit * (X @ [10.0, -9.0] + 0.1 * rng.normal(size=200))
    model = LinearRegressionScratch(**ENOUGH).fit(X, y)
    assert model.converged_
    assert model.score(X, y) == pytest.approx(LinearRegression().fit(X, y).score(X, y))


def test_a_column_far_from_zero_is_fitted_or_the_warning_says_that_it_is_not():
    rng = np.random.default_rng(0)
    celsius = rng.normal(20, 8, size=(300, 1))
    y = 3 * celsius[:, 0] + rng.normal(size=300)
    assert LinearRegressionScratch(**ENOUGH).fit(celsius, y).score(celsius, y) > 0.99
    with pytest.warns(ConvergenceWarning, match="StandardScaler"):
        model = LinearRegressionScratch(**ENOUGH).fit(celsius + 273.15, y)
    assert not model.converged_


@pytest.mark.parametrize("size", [None, 16])
def test_a_descent_that_ends_early_says_so(raw_diabetes, size):
    model = LinearRegressionScratch(batch_size=size, iterations=50, random_state=0)
    with pytest.warns(ConvergenceWarning, match="not converged after 50 passes"):
        model.fit(*raw_diabetes)
    assert not model.converged_
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.set_params(tol=0).fit(*raw_diabetes)  # as many as were asked for


def test_a_constant_target_is_reached():
    X, _ = made_up()
    for value in (0.0, -3.0, 1e6):
        model = LinearRegressionScratch().fit(X, np.full(len(X), value))
        assert model.converged_
        np.testing.assert_allclose(model.predict(X), value, rtol=1e-5, atol=1e-12)


def test_columns_of_very_different_units_do_not_count_as_repeated():
    X, y = made_up()
    with warnings.catch_warnings():
        warnings.simplefilter("error", DegenerateFeaturesWarning)
        LinearRegressionScratch(tol=0, iterations=3).fit(X * [1e-3, 1, 1e8, 1e12], y)


@pytest.mark.parametrize("penalty", [None, "l1", "l2", "elasticnet"])
def test_full_batch_loss_never_rises(diabetes, penalty):
    model = LinearRegressionScratch(penalty=penalty, alpha=0.5, tol=0).fit(*diabetes)
    assert (np.diff(model.loss_curve_) <= 1e-9).all()
    assert len(model.loss_curve_) == model.n_iter_ + 1


def test_loss_curve_starts_at_the_zero_line_and_ends_at_the_fitted_one(diabetes):
    X, y = diabetes
    model = LinearRegressionScratch(penalty="l1", alpha=0.5).fit(X, y)
    assert model.loss_curve_[0] == pytest.approx((y @ y) / (2 * len(y)))
    last = mse_cost(X, y, model.coef_, model.intercept_) + 0.5 * abs(model.coef_).sum()
    assert model.loss_curve_[-1] == pytest.approx(last)


def test_stronger_l1_keeps_fewer_features(diabetes):
    X, y = diabetes
    path = coefficient_path(X, y, [0.1, 2, 10, 50], penalty="l1", iterations=5000)
    kept = (path != 0).sum(axis=1)
    assert (np.diff(kept) < 0).all()
    assert kept[-1] == 0


def test_stochastic_descent_reaches_the_neighbourhood_of_the_solution():
    # With step s the iterates hover around the solution w* at a mean squared
    # distance of at most 2 s sigma^2 / mu, where mu is the smallest curvature and
    # sigma^2 the mean squared norm of a row's gradient at w* (Gower et al. 2019).
    X, y = made_up(m=300)
    best = normal_equations(X, y)
    residuals = X @ best.weights + best.intercept - y
    A = np.column_stack([X, np.ones(len(X))])
    noise = np.mean(residuals**2 * (A**2).sum(axis=1))
    mu = largest_curvature(X) / condition_number(X)
    step = 0.002
    squared = []
    for seed in range(20):
        model = LinearRegressionScratch(
            step, iterations=60, batch_size=1, random_state=seed, tol=0
        ).fit(X, y)
        gap = np.append(model.coef_ - best.weights, model.intercept_ - best.intercept)
        squared.append(gap @ gap)
    assert 0 < np.mean(squared) < 2 * step * noise / mu


def test_larger_batches_are_less_noisy():
    X, y = made_up(m=256)
    best = normal_equations(X, y).weights

    def spread(batch_size):
        model = LinearRegressionScratch(
            0.05, iterations=30 + 2 * batch_size, batch_size=batch_size, tol=0
        )
        seeded = (clone(model).set_params(random_state=seed) for seed in range(10))
        return np.mean([np.square(m.fit(X, y).coef_ - best) for m in seeded])

    assert spread(1) > 2 * spread(16) > 4 * spread(128)


@pytest.mark.parametrize("size", [1, 10, 50, None])
def test_automatic_rate_follows_the_expected_smoothness(size):
    # Gower et al. (2019), for batches of b of n rows drawn without replacement:
    # n (b - 1) / (b (n - 1)) L + (n - b) / (b (n - 1)) max_i L_i.
    X, y = made_up(m=100)
    n, b, L = 100, size or 100, largest_curvature(X)
    steepest = 1 + (X**2).sum(axis=1).max()
    smoothness = (n * (b - 1) * L + (n - b) * steepest) / (b * (n - 1))
    model = LinearRegressionScratch(
        batch_size=size, iterations=2, tol=0, random_state=0
    )
    safety = 1 if size is None else 0.5
    assert model.fit(X, y).learning_rate_ == pytest.approx(safety / smoothness)


def test_decay_lets_the_noise_die_out():
    X, y = made_up(m=256)
    best = normal_equations(X, y).weights
    common = dict(iterations=60, batch_size=1, tol=0, random_state=0)
    steady = LinearRegressionScratch(0.02, **common).fit(X, y)
    calming = LinearRegressionScratch(0.02, decay=1.0, **common).fit(X, y)
    gap = [np.abs(model.coef_ - best).max() for model in (steady, calming)]
    assert gap[1] < gap[0] / 2


def test_every_row_is_visited_once_per_pass():
    # One pass over one-hot rows from zero: each weight moves only by its own row.
    X, y = np.eye(6), np.ones(6)
    model = LinearRegressionScratch(
        0.5, iterations=1, batch_size=4, random_state=0, tol=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateFeaturesWarning)
        assert (model.fit(X, y).coef_ > 0).all()


def test_seed_decides_the_order_of_the_rows(diabetes):
    def fit(seed):
        model = LinearRegressionScratch(
            batch_size=32, iterations=5, tol=0, random_state=seed
        )
        return model.fit(*diabetes).coef_

    np.testing.assert_array_equal(fit(1), fit(1))
    assert not np.array_equal(fit(1), fit(2))


def test_nan_is_refused_by_name():
    X, y = made_up()
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN"):
        LinearRegressionScratch().fit(X, y)


def test_one_sample_is_refused():
    with pytest.raises(ValueError, match="minimum of 2 is required"):
        LinearRegressionScratch().fit([[1.0]], [2.0])


def test_constant_column_gets_coefficient_zero_and_a_warning():
    X, y = made_up(offset=50)
    padded = np.insert(X, 2, 7.0, axis=1)
    with pytest.warns(DegenerateFeaturesWarning, match=r"columns \[2\] are constant"):
        model = LinearRegressionScratch(tol=1e-12).fit(padded, y)
    reference = LinearRegression().fit(padded, y)
    assert model.coef_[2] == 0
    np.testing.assert_allclose(model.coef_, reference.coef_, atol=1e-8)
    np.testing.assert_allclose(model.predict(padded), reference.predict(padded))


def test_only_constant_columns_predict_the_mean():
    with pytest.warns(DegenerateFeaturesWarning, match="constant"):
        model = LinearRegressionScratch().fit(np.ones((4, 2)), [1.0, 2, 3, 6])
    np.testing.assert_allclose(model.predict(np.ones((1, 2))), 3)


def test_collinear_columns_share_the_coefficient_and_warn():
    X, y = made_up()
    doubled = np.column_stack([X, X[:, 0]])
    with pytest.warns(DegenerateFeaturesWarning, match="many lines fit equally well"):
        model = LinearRegressionScratch(tol=1e-12, iterations=5000).fit(doubled, y)
    reference = LinearRegression().fit(X, y)
    assert model.coef_[0] == pytest.approx(model.coef_[-1])
    np.testing.assert_allclose(model.predict(doubled), reference.predict(X), atol=1e-6)


def test_more_features_than_samples_interpolate_and_warn():
    X, y = made_up(m=6, n=20)
    with pytest.warns(DegenerateFeaturesWarning, match="too few rows"):
        model = LinearRegressionScratch(tol=1e-12, iterations=20_000).fit(X, y)
    np.testing.assert_allclose(model.predict(X), y, atol=1e-6)


def test_l2_makes_the_answer_unique_so_nothing_is_said():
    X, y = made_up(m=6, n=20)
    model = LinearRegressionScratch(
        penalty="l2", alpha=0.1, tol=1e-13, iterations=50_000
    ).fit(X, y)
    reference = Ridge(alpha=sklearn_alpha(0.1, 6, "l2")).fit(X, y)
    np.testing.assert_allclose(model.coef_, reference.coef_, atol=1e-8)


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("learning_rate", 0.0, "learning_rate must be a number above 0, got 0.0"),
        ("learning_rate", "fast", "learning_rate must be a number above 0, got 'fast'"),
        ("iterations", 0, "iterations must be a whole number of at least 1, got 0"),
        ("batch_size", 2.5, "batch_size must be a whole number of at least 1, got 2.5"),
        ("penalty", "L1", "penalty must be one of None, l1, l2, elasticnet, got 'L1'"),
        ("alpha", -1, "alpha must be a number of at least 0, got -1"),
        (
            "l1_ratio",
            -0.5,
            "l1_ratio must be a number of at least 0 and at most 1, got -0.5",
        ),
        ("l1_ratio", 2, "l1_ratio must be a number of at least 0 and at most 1, got 2"),
        ("tol", np.nan, "tol must be a number of at least 0, got nan"),
        ("decay", -0.1, "decay must be a number of at least 0, got -0.1"),
    ],
)
def test_bad_parameters_are_named(parameter, value, message):
    model = LinearRegressionScratch(**{parameter: value})
    with pytest.raises(ValueError, match=message):
        model.fit(*made_up())
