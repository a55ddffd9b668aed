"""Figures show the numbers that they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mlmastery.bookkit import palette
from mlmastery.housing_prices import figures


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_each_bar_of_a_waterfall_begins_where_the_last_ended():
    ax = figures.plot_waterfall(12.0, pd.Series({"a": 0.5, "b": -0.2, "c": 0.1}))
    bars = ax.patches
    # A negative bar is drawn from its start to the left.
    assert [bar.get_x() for bar in bars] == pytest.approx([12.0, 12.5, 12.3])
    assert [bar.get_width() for bar in bars] == pytest.approx([0.5, -0.2, 0.1])
    assert [line.get_xdata()[0] for line in ax.lines] == pytest.approx([12.0, 12.4])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b", "c"]
    low, high = ax.get_ylim()
    assert low > high, "the first bar is on top"


def test_a_waterfall_tells_rise_from_fall_by_colour():
    ax = figures.plot_waterfall(0.0, pd.Series({"up": 1.0, "down": -1.0, "none": 0.0}))
    colours = [plt.matplotlib.colors.to_hex(bar.get_facecolor()) for bar in ax.patches]
    up, down = palette["blue"].lower(), palette["vermillion"].lower()
    assert colours == [up, down, up]


def test_relative_errors_have_a_panel_for_each_model():
    axes = figures.plot_relative_errors(
        [100_000, 200_000], pd.DataFrame({"first": [3.0, -4.0], "second": [5.0, 6.0]})
    )
    points = [ax.lines[0] for ax in axes]
    assert points[0].get_xdata().tolist() == [100, 200]
    assert [p.get_ydata().tolist() for p in points] == [[3, -4], [5, 6]]
    assert [ax.get_title() for ax in axes] == ["first", "second"]
    assert axes[0].lines[1].get_ydata() == [0, 0]
    own = plt.subplots(1, 2)[1]
    errors = pd.DataFrame({"first": [3.0], "second": [5.0]})
    assert figures.plot_relative_errors([1], errors, axes=own) is own


def test_errors_above_the_frame_are_counted_at_its_edge():
    errors = pd.DataFrame({"first": [3.0, 1570.4, 130.0], "second": [5.0, 6.0, -40.0]})
    axes = figures.plot_relative_errors([1000, 2000, 3000], errors)
    marks = axes[0].lines[2]
    assert marks.get_xdata().tolist() == [2, 3]
    assert marks.get_ydata().tolist() == [axes[0].get_ylim()[1]] * 2
    assert [text.get_text() for text in axes[0].texts] == ["2 above, up to 1,570 %"]
    assert (len(axes[1].lines), len(axes[1].texts)) == (2, 0)
    assert axes[0].get_ylim()[0] == -100


def test_a_sweep_has_a_curve_for_each_penalty():
    sweep = pd.DataFrame(
        {
            "penalty": ["ridge", "ridge", "lasso"],
            "error": [0.1, 0.2, 0.3],
            "columns kept": [9, 8, 3],
        }
    )
    ax = figures.plot_sweep(sweep, ax=plt.subplots()[1])
    drawn = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert drawn == {"ridge": [[9, 0.1], [8, 0.2]], "lasso": [[3, 0.3]]}
    many = pd.DataFrame({"penalty": list("abcd"), "error": 0.1, "columns kept": 9})
    assert len(figures.plot_sweep(many, ax=plt.subplots()[1]).lines) == 4


def test_stages_are_points_and_steps():
    ax = plt.subplots()[1]
    assert figures.plot_stages([1, 2], [3, 4], [1, 2], [3.5, 3.6], ax=ax) is ax
    points, steps = ax.lines
    assert points.get_xydata().tolist() == [[1, 3], [2, 4]]
    assert np.array_equal(steps.get_ydata(), [3.5, 3.6])
    assert steps.get_drawstyle() == "steps"
