import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from mlmastery.linear_regression import sklearn_alpha, soft_threshold


@given(st.floats(-50, 50), st.floats(0, 20))
def test_soft_threshold_minimises_its_objective(z, threshold):
    ours = float(soft_threshold(np.array([z]), threshold)[0])

    def objective(v):
        return (v - z) ** 2 / 2 + threshold * abs(v)

    best = minimize_scalar(objective, bracket=(-60, 60)).fun
    assert objective(ours) <= best + 1e-9


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 20))
def test_soft_threshold_is_odd_and_never_spreads(a, b, threshold):
    low, high = soft_threshold(np.array([a, b]), threshold)
    assert abs(low - high) <= abs(a - b) + 1e-12
    assert soft_threshold(np.array([-a]), threshold)[0] == -low


def test_soft_threshold_refuses_a_negative_threshold():
    with pytest.raises(
        ValueError, match="threshold must be a number of at least 0, got -1"
    ):
        soft_threshold(np.zeros(2), -1)


def test_sklearn_alpha_refuses_an_unknown_penalty():
    with pytest.raises(ValueError, match="penalty must be one of"):
        sklearn_alpha(1.0, 10, "ridge")
