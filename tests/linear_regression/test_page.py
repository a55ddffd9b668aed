"""The runs of the page that must keep failing."""

import numpy as np
import pytest
from sklearn.metrics import r2_score
from sklearn.preprocessing import StandardScaler

from mlmastery.linear_regression import (
    DivergenceError,
    LinearRegressionScratch,
    descent_path,
    largest_curvature,
)


def test_raw_features_diverge_and_the_error_says_what_to_do(raw_diabetes):
    """The failing run of the page must keep failing."""
    X, y = raw_diabetes
    with pytest.raises(DivergenceError, match="scale the features") as caught:
        LinearRegressionScratch(learning_rate=0.01).fit(X, y)
    stable = caught.value.stable_step
    assert stable == pytest.approx(2 / largest_curvature(X))
    assert f"2/L = {stable:.3g}" in str(caught.value)
    assert caught.value.loss_curve[-1] > 1000 * caught.value.loss_curve[0]
    # The advice is sound on both counts.
    LinearRegressionScratch(learning_rate=0.9 * stable, tol=0).fit(X, y)
    LinearRegressionScratch(learning_rate=0.01, tol=0).fit(
        StandardScaler().fit_transform(X), y
    )


def test_a_stop_relative_to_the_first_slope_is_fooled_by_an_offset(diabetes):
    X, y = diabetes
    late, rate = y + 1.7e9, 1 / largest_curvature(X)
    walk = descent_path(X, late, rate, 200)
    steepest = np.abs(np.diff(walk, axis=0)).max(axis=1) / rate
    stop = walk[np.argmax(steepest <= 1e-6 * steepest[0])]
    assert 0 < np.argmax(steepest <= 1e-6 * steepest[0]) < 199
    assert r2_score(late, X @ stop[:-1] + stop[-1]) < -1
    patient = LinearRegressionScratch(iterations=100_000).fit(X, late)
    assert patient.score(X, late) > 0.5
