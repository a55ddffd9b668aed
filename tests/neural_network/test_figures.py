import inspect

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mlmastery.neural_network import (
    build_network,
    diagnose,
    figures,
    hidden_activations,
)


@pytest.mark.parametrize(
    ("old", "new"),
    [("show_images", "plot_images"), ("plot_boundary", "plot_decision_boundary")],
)
def test_old_names_still_work(old, new):
    with pytest.warns(FutureWarning, match=f"is now .*{new}"):
        assert getattr(figures, old) is getattr(figures, new)


def test_plots_of_one_panel_draw_where_they_are_told():
    _, (left, right) = plt.subplots(1, 2)
    assert figures.plot_paired_losses({"sgd": np.ones((50, 2))}, ax=left) is left
    assert not right.lines
    plt.close(left.figure)
    plots = [f for name, f in vars(figures).items() if name.startswith("plot_")]
    for plot in plots:
        ax = inspect.signature(plot).parameters.get("ax")
        returns = inspect.signature(plot).return_annotation
        assert returns == ("Figure" if ax is None else "Axes"), plot.__name__
        assert ax is None or ax.kind is ax.KEYWORD_ONLY, plot.__name__


def test_a_network_of_zeros_is_drawn_without_a_warning():
    ax = figures.plot_network([np.zeros((2, 1))], [["x", "y"], ["sum"]])
    assert [line.get_linewidth() for line in ax.lines] == [0, 0]
    plt.close(ax.figure)


def test_runs_that_diverged_are_drawn_at_the_ceiling():
    losses = {"SGD": np.array([[0.5, 0.7], [np.inf, 3.0]])}
    ax = figures.plot_rate_sweep(np.array([0.1, 1.0]), losses, ceiling=2.5)
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [0.6, 2.5])
    plt.close(ax.figure)


def test_diagnoses_are_drawn_from_activations_and_reports():
    net = build_network([2, 4, 2], rng=np.random.default_rng(0))
    seen = hidden_activations(net, np.eye(2))
    fig = figures.plot_diagnoses({"new": seen}, [diagnose(net, np.eye(2), [0, 1])])
    assert [ax.get_title() for ax in fig.axes] == ["new", "gradient, RMS"]
    plt.close(fig)


def test_each_panel_of_the_ravine_ends_at_its_step():
    paths = {
        w: {r: np.arange(8.0).reshape(4, 2) + k for k, r in enumerate("ab")}
        for w in "uv"
    }
    fig, axes = plt.subplots(2, 2)
    hessians = {"u": np.eye(2), "v": np.array([[2.0, 1.0], [1.0, 2.0]])}
    figures.draw_ravine_paths(paths, hessians, 2, axes)
    dot = axes[1, 1].lines[-2]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (5, 6)
    assert [ax.get_title() for ax in axes.flat] == ["a", "b", "", ""]
    assert axes[0, 0].get_ylim() == (-4, 4)
    assert axes[1, 0].get_ylim() == (-10, 10)
    plt.close(fig)


def test_panels_of_one_scale_hold_the_activations_of_all():
    seen = {"dead": [np.zeros((4, 3))], "healthy": [np.linspace(0, 5, 12)]}
    report = pd.DataFrame({"gradient": [0.1]}, index=[1])
    fig = figures.plot_diagnoses(seen, [report, report], share_y=True)
    left, right = (ax.get_ylim() for ax in fig.axes[:2])
    assert left == right
    assert right[1] >= 4.9
    plt.close(fig)
