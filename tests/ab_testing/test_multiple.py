"""Adjusted p-values against statsmodels."""

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from mlmastery.ab_testing import benjamini_hochberg, bonferroni, holm

PAIRS = [(bonferroni, "bonferroni"), (holm, "holm"), (benjamini_hochberg, "fdr_bh")]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@settings(max_examples=50, deadline=None)
@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_is_that_of_statsmodels(ours, theirs, p_values):
    # statsmodels collects garbage after Holm's method: a second in a large process.
    with mock.patch("gc.collect"):
        expected = multipletests(p_values, method=theirs)[1]
    np.testing.assert_allclose(ours(p_values), expected, atol=1e-12)


def test_the_order_is_kept():
    assert holm([0.04, 0.01]).tolist() == [0.04, 0.02]


@pytest.mark.parametrize("p_values", [[], [0.5, 1.1], [-0.1], [[0.1]], [np.nan]])
@pytest.mark.parametrize("adjusted", [bonferroni, holm, benjamini_hochberg])
def test_what_is_no_p_value_is_refused(adjusted, p_values):
    with pytest.raises(
        ValueError, match="p_values must be a row of numbers from 0 to 1"
    ):
        adjusted(p_values)
