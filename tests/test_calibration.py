"""Stated probabilities beside what happened: on paper, and what is refused."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from mlmastery.bookkit.plots import plot_reliability
from mlmastery.calibration import expected_calibration_error, reliability_table


def test_bins_of_equal_width_on_paper():
    table = reliability_table([1, 1, 0, 1], [1.0, 0.95, 0.91, 0.5])
    assert table["n"].tolist() == [1, 3]
    assert table["observed"].tolist() == pytest.approx([1, 2 / 3])
    assert table["predicted"].tolist() == pytest.approx([0.5, 2.86 / 3])
    error = (0.5 * 1 + abs(2.86 / 3 - 2 / 3) * 3) / 4
    assert expected_calibration_error([1, 1, 0, 1], [1.0, 0.95, 0.91, 0.5]) == (
        pytest.approx(error)
    )
    assert len(reliability_table([1, 0], [0.1, 0.3], n_bins=5)) == 2


def test_bins_of_equal_count():
    p = np.array([0.9, 0.1, 0.2, 0.8, 0.3, 0.7])
    table = reliability_table([1, 0, 0, 1, 0, 1], p, 2, bins_of_equal="count")
    np.testing.assert_allclose(table["predicted"], [0.2, 0.8])
    assert table["observed"].tolist() == [0, 1]
    assert table["n"].tolist() == [3, 3]
    assert table["low"][0] == 0
    assert table["high"][1] == 1
    with pytest.raises(ValueError, match="n_bins must be a whole number from 1 to 6"):
        reliability_table([1, 0, 0, 1, 0, 1], p, 7, bins_of_equal="count")


@pytest.mark.parametrize(
    ("ours", "theirs"), [("width", "uniform"), ("count", "quantile")]
)
def test_the_table_is_that_of_scikit_learn(ours, theirs):
    rng = np.random.default_rng(0)
    p = rng.uniform(size=500)
    y = rng.uniform(size=500) < p**2
    share, mean = calibration_curve(y, p, n_bins=10, strategy=theirs)
    table = reliability_table(y, p, 10, ours)
    np.testing.assert_allclose(table["observed"], share, atol=0.02)
    np.testing.assert_allclose(table["predicted"], mean, atol=0.002)


@pytest.mark.parametrize(
    ("outcomes", "probabilities", "message"),
    [
        ([True], [1.2], "got 1.2"),
        ([True], [-0.1], "between 0 and 1"),
        ([True], [0.1, 0.2], "shapes"),
        ([], [], "at least one"),
        ([1.0, np.nan], [0.2, 0.3], "outcomes must be"),
        ([2, 0], [0.2, 0.3], "outcomes must be"),
        (["False", "True"], [0.2, 0.3], "outcomes must be"),
    ],
)
def test_what_is_no_outcome_or_no_probability_is_refused(
    outcomes, probabilities, message
):
    with pytest.raises(ValueError, match=message):
        reliability_table(outcomes, probabilities)


def test_an_unknown_kind_of_bins_is_refused():
    with pytest.raises(ValueError, match="bins_of_equal must be one of"):
        reliability_table([1], [0.5], bins_of_equal="size")


def test_the_diagram_draws_each_table_and_the_diagonal():
    tables = {n: reliability_table([0, 1], [0.2, p]) for n, p in (("a", 0.8), ("b", 1))}
    ax = plot_reliability(tables, xlabel="confidence", ylabel="accuracy")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [1, 1]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("confidence", "accuracy")
