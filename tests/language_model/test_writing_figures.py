"""The second page's pictures show what they are given."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from mlmastery.language_model.samples import SPEECH
from mlmastery.language_model.writing_figures import draw_masks, draw_tree, plot_gaps


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_tree_gives_every_beginning_its_probability():
    ax = draw_tree(SPEECH, kept=["mother", "father"], ax=plt.figure().gca())
    texts = [text.get_text() for text in ax.texts]
    for expected in ("the\n0.53", "king 0.212", "mother 0.244", "sleeps 0.212"):
        assert expected in texts
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert len(dashed) == 3  # king, queen and duke are dropped


def test_masks_have_a_triangle_and_a_square():
    fig = draw_masks(["a", "b", "c"])
    assert [len(ax.patches) for ax in fig.axes] == [6, 9]
    corners = {tuple(patch.get_xy()) for patch in fig.axes[0].patches}
    assert (0 - 0.42, 2 - 0.42) in corners  # the last word looks at the first
    assert (2 - 0.42, 0 - 0.42) not in corners


def test_gaps_are_drawn_as_means_over_seeds():
    rows = [("a", 10, 0, 0.2), ("a", 10, 1, 0.4), ("a", 100, 0, 0.6), ("b", 10, 0, 0.5)]
    table = pd.DataFrame(rows, columns=["model", "updates", "seed", "accuracy"])
    ax = plot_gaps(table, ax=plt.figure().gca())
    assert [line.get_label() for line in ax.lines] == ["a", "b"]
    assert list(ax.lines[0].get_ydata()) == pytest.approx([30, 60])
