"""The run of the page that must keep failing."""

import pytest
from sklearn.preprocessing import StandardScaler

from mlmastery.linear_regression import (
    DivergenceError,
    LinearRegressionScratch,
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
