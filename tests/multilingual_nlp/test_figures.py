"""The figures draw what they are given."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from mlmastery.multilingual_nlp import figures


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


RECALL = pd.DataFrame(
    {"recall": [0.9, 0.2], "low": [0.8, 0.1], "high": [1.0, 0.3],
     "trained": [True, False]},
    index=["de", "sv"],
)  # fmt: skip
TOKENS = pd.DataFrame({"ratio": [2.0, 1.0], "bytes": [30, 10]}, index=["hi", "en"])
SHIFT = pd.DataFrame({"neutral, train": [0.5], "neutral, test": [0.1]}, index=["amh"])
ANCHORS = pd.DataFrame(
    {"n": [1, 2], "right": [0.1, 0.9], "anchors are": "translations"}
)


def test_every_figure_is_drawn_on_its_axes(ax):
    drawn = [
        figures.plot_probabilities(pd.Series([0.2, 0.8], index=["de", "en"]), ax=ax),
        figures.plot_accuracy(pd.DataFrame({"ours": [0.5]}, index=["de"]), ax=ax),
        figures.plot_alignment([[0, 1]], [[1, 0]], ax=ax),
        figures.plot_anchors(ANCHORS, ax=ax),
        figures.plot_recall(RECALL, ax=ax),
        figures.plot_tokens(TOKENS, ax=ax),
        figures.plot_shift(SHIFT, ax=ax),
    ]
    assert all(axes is ax for axes in drawn)


def test_words_stand_at_their_points(ax):
    points = {"English": [[0.0, 0.0]], "French": [[1.0, 2.0]]}
    figures.plot_words(points, {"English": ["law"], "French": ["loi"]}, ax=ax)
    assert [t.get_text() for t in ax.texts] == ["law", "loi"]
    assert [tuple(t.xy) for t in ax.texts] == [(0.0, 0.0), (1.0, 2.0)]


def test_tokens_are_bars_and_bytes_are_ratios(ax):
    figures.plot_tokens(TOKENS, ax=ax)
    assert [bar.get_width() for bar in ax.patches] == [2.0, 1.0]
    assert ax.lines[0].get_xdata().tolist() == [3.0, 1.0]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["hi", "en"]
