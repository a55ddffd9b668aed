import inspect

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlmastery.neural_network import figures


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
