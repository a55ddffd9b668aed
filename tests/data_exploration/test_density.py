"""Kernel densities: equal to SciPy's."""

import numpy as np
import pytest
from scipy import stats

from mlmastery.data_exploration import kernel_density, rule_bandwidth
from mlmastery.datasets import load_penguins


@pytest.mark.parametrize("rule", ["scott", "silverman"])
def test_density_equals_scipys(rule: str):
    values = load_penguins()["flipper_length_mm"]
    grid = np.linspace(150, 250, 40)
    ours = kernel_density(values, grid, rule_bandwidth(values, rule))
    theirs = stats.gaussian_kde(values.dropna(), bw_method=rule)(grid)
    np.testing.assert_allclose(ours, theirs, rtol=1e-10)


def test_density_by_hand_and_its_area():
    five = [1, 2, 3, 6, 8]
    assert kernel_density(five, [2], 1).round(3).tolist() == [0.177]
    grid = np.linspace(-10, 20, 3001)
    assert np.trapezoid(kernel_density(five, grid, 0.7), grid) == pytest.approx(1)


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: kernel_density([1.0], [1.0], 0), "bandwidth must be a number above 0"),
        (lambda: kernel_density([np.nan], [1.0], 1), "at least one known number"),
        (lambda: rule_bandwidth([1.0, np.nan]), "two known numbers, got 1"),
        (lambda: rule_bandwidth([1.0, 2.0], "best"), "rule must be one of"),
    ],
)
def test_impossible_densities_are_refused(call, complaint: str):
    with pytest.raises(ValueError, match=complaint):
        call()
