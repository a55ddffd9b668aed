"""Plots that several chapters share."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mlmastery.bookkit.plots import plot_confusion, plot_intervals


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture
def counts():
    return pd.DataFrame([[0, 2], [0, 1]], index=["a", "b"], columns=["a", "b"])


@pytest.fixture
def gains():
    return pd.DataFrame(
        {"gain": [0.1, 0.3], "low": [0.0, 0.1], "high": [0.4, 0.35]}, index=["x", "y"]
    )


def test_confusion_plot_has_the_true_classes_in_rows(counts):
    ax = plot_confusion(counts)
    written = {tuple(text.get_position()): text.get_text() for text in ax.texts}
    assert written[1, 0] == "2"  # x is the prediction b, y the true class a
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_zeros_of_a_large_confusion_plot_can_be_left_out(counts):
    ax = plot_confusion(counts, show_zeros=False)
    assert sorted(text.get_text() for text in ax.texts) == ["", "", "1", "2"]


def test_a_confusion_plot_needs_a_square():
    with pytest.raises(ValueError, match=r"must be square, got shape \(1, 2\)"):
        plot_confusion(pd.DataFrame([[1, 2]]))


def test_intervals_are_scaled_and_the_first_row_is_on_top(gains):
    ax = plot_intervals(gains, value="gain", scale=100, shift=0.1)
    points = ax.lines[0].get_xydata()
    np.testing.assert_allclose(points, [[10, 1.1], [30, 0.1]])
    (arms,) = ax.collections
    ends = [segment[:, 0] for segment in arms.get_segments()]
    np.testing.assert_allclose(ends, [[0, 40], [10, 35]])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["x", "y"]


@pytest.mark.parametrize("plot", [plot_confusion, plot_intervals])
def test_plots_draw_on_the_axes_given_and_return_them(plot, counts, gains):
    _, (first, _) = plt.subplots(1, 2)  # the second is the current one
    data = {plot_confusion: (counts, {}), plot_intervals: (gains, {"value": "gain"})}
    table, options = data[plot]
    assert plot(table, **options, ax=first) is first
