"""Plots say what they draw."""

import numpy as np
import pytest


def test_a_map_of_evidence_covers_the_whole_image():
    import matplotlib.pyplot as plt

    from mlmastery.image_classifier.figures import plot_evidence

    ax = plot_evidence(np.zeros((20, 28), np.uint8), np.array([[-3.0, 1.0]]))
    image, evidence = ax.get_images()
    assert list(image.get_extent()) == list(evidence.get_extent())
    assert evidence.get_clim() == (-3, 3)  # no evidence is the middle of the colours
    plt.close("all")


def test_history_tells_training_from_validation():
    import matplotlib.pyplot as plt

    from mlmastery.image_classifier.figures import plot_history

    history = {"loss": [2.0], "val_loss": [3.0]}
    loss, _ = plot_history(history | {"accuracy": [0.5], "val_accuracy": [0.4]})
    drawn = {line.get_label(): line.get_ydata()[0] for line in loss.get_lines()}
    assert drawn == {"training": 2, "validation": 3}
    plt.close("all")


def test_windows_cover_the_pixels_of_their_setting():
    import matplotlib.pyplot as plt

    from mlmastery.image_classifier.figures import plot_windows

    fig = plot_windows([(2, 1, 1), (1, 0, 2)])
    first, second = fig.axes[0].get_lines()
    step = second.get_xdata().mean() - first.get_xdata().mean()
    assert step == pytest.approx(2 + 0.3)  # the stride, and the marks' own distance
    assert np.floor(first.get_xdata()).min() == -1  # begins in the padding
    assert set(np.floor(fig.axes[1].get_lines()[0].get_xdata())) == {0, 2, 4}
    assert fig.axes[0].get_title().endswith("3 × 3")
    plt.close("all")


def test_sizes_are_drawn_with_their_intervals():
    import matplotlib.pyplot as plt
    import pandas as pd

    from mlmastery.image_classifier.figures import plot_sizes

    index = pd.MultiIndex.from_product([["a", "b"], [50, 150]])
    table = pd.DataFrame({"mean": 0.8, "low": 0.7, "high": 0.95}, index=index)
    ax = plot_sizes(table, ax=plt.subplots()[1])
    segments = ax.containers[0][2][0].get_segments()
    assert segments[0][:, 1].tolist() == pytest.approx([0.7, 0.95])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a", "b"]
    plt.close("all")
