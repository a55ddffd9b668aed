"""Plots say what they draw."""

import numpy as np
import torch


def test_weights_are_drawn_with_queries_in_rows():
    import matplotlib.pyplot as plt

    from mlmastery.language_model.figures import plot_grids

    weights = torch.tensor([[1.0, 0.0], [0.5, 0.5]])
    (ax,) = plot_grids({"": weights}, "a ").axes
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("query", "key")
    np.testing.assert_array_equal(ax.get_images()[0].get_array(), weights)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "blank"]
    plt.close("all")
