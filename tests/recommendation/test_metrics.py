"""Metrics, with values from public bug reports and references."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_absolute_error, ndcg_score, root_mean_squared_error

from mlmastery.recommendation import (
    beyond_accuracy,
    calibration_divergence,
    coverage,
    dcg,
    judge_lists,
    list_diversity,
    mae,
    ndcg_at_k,
    novelty,
    precision_at_k,
    recall_at_k,
    rmse,
)

WIKIPEDIA = dict(enumerate([3, 2, 3, 0, 1, 2, 3, 2]))  # the last two are not shown


def test_relevance_grades_count():
    assert dcg([3, 2, 3, 0, 1, 2]) == pytest.approx(6.861127, abs=1e-6)
    assert dcg([3, 3, 3, 2, 2, 2]) == pytest.approx(8.740262, abs=1e-6)
    assert ndcg_at_k(range(6), WIKIPEDIA, 6) == pytest.approx(0.785002, abs=1e-6)
    exponential = ndcg_at_k(range(6), WIKIPEDIA, 6, gain="exponential")
    assert exponential == pytest.approx(0.751083, abs=1e-6)


def test_the_discount_is_the_usual_one_and_the_best_list_is_cut():
    truth = {"a": 3, "b": 5, "c": 4}
    assert ndcg_at_k(["a", "b"], truth, 2) == pytest.approx(0.818030, abs=1e-5)
    assert ndcg_at_k(["b", "c"], truth, 2) == 1.0


@pytest.mark.parametrize(("rank", "value"), [(1, 1.0), (2, 0.6309), (3, 0.5)])
def test_a_single_hit(rank, value):
    shown = ["x", "y", "z"]
    assert ndcg_at_k(shown, {shown[rank - 1]}, 3) == pytest.approx(value, abs=1e-4)


@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=12).filter(any), st.integers(1, 12)
)
def test_ndcg_equals_scikit_learn_and_never_exceeds_one(grades, k):
    shown = range(len(grades))
    ours = ndcg_at_k(shown, dict(enumerate(grades)), k)
    reference = ndcg_score([grades], [[-rank for rank in shown]], k=k)
    assert ours == pytest.approx(reference)
    assert 0 <= ours <= 1 + 1e-12


def test_precision_and_recall_divide_by_places_and_by_likes():
    shown, liked = [3, 7, 9, 1], {7, 1, 5}
    assert precision_at_k(shown, liked, 4) == 2 / 4
    assert recall_at_k(shown, liked, 4) == pytest.approx(2 / 3)
    assert precision_at_k(shown[:1], {3}, 4) == 1 / 4  # empty places are misses


def test_errors_equal_scikit_learn():
    rng = np.random.default_rng(0)
    y, p = rng.normal(size=(2, 50))
    assert rmse(y, p) == pytest.approx(root_mean_squared_error(y, p))
    assert mae(y, p) == pytest.approx(mean_absolute_error(y, p))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rmse([1, 2], [1]), r"got shapes \(2,\) and \(1,\)"),
        (lambda: mae([], []), "at least one"),
        (lambda: recall_at_k([1], set(), 1), "relevant must hold at least one film"),
        (lambda: ndcg_at_k([1], set(), 1), "a grade above 0, got none"),
        (lambda: ndcg_at_k([1], {1: 0}, 1), "a grade above 0, got none"),
        (lambda: ndcg_at_k([1, 1], {1}, 2), "shown must hold each film once"),
        (lambda: precision_at_k([1, 1], {1}, 2), "shown must hold each film once"),
        (lambda: precision_at_k([1], {1}, 0), "k must be a whole number"),
        (lambda: ndcg_at_k([1], {1}, 1, gain="log"), "gain must be one of linear"),
        (lambda: list_diversity([[1, 0]]), "number of films must be"),
        (lambda: novelty(["a"], {"a": 0}), "share_of_users must be a number above 0"),
        (lambda: coverage([[1]], 0), "n_items must be a whole number"),
    ],
)
def test_questions_without_an_answer_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_diversity_is_one_minus_the_mean_cosine_of_pairs():
    assert list_diversity([[2, 0], [5, 0]]) == pytest.approx(0)
    assert list_diversity([[1, 0], [0, 3]]) == 1
    assert list_diversity([[0, 0], [0, 3]]) == 1
    assert list_diversity([[1, 0], [1, 1], [0, 1]]) == pytest.approx(1 - 2**0.5 / 3)


def test_novelty_is_a_mean_of_bits():
    shares = {"half": 0.5, "eighth": 0.125}
    assert novelty(["half", "eighth"], shares) == 2
    assert novelty(["half"], shares) == 1


def test_coverage_counts_each_film_once():
    assert coverage([[1, 2], [2], [1]], 8) == 0.25


def test_calibration_is_a_smoothed_divergence():
    assert calibration_divergence([3, 1], [6, 2]) == pytest.approx(0)
    p, q = np.array([0.5, 0.5]), np.array([0.99, 0.01])
    mixed = 0.9 * q + 0.1 * p
    expected = (p * np.log(p / mixed)).sum()
    assert calibration_divergence(p, q, 0.1) == pytest.approx(expected)
    assert calibration_divergence([1, 0], [0, 1]) == pytest.approx(np.log(100))


def test_users_without_a_liked_film_are_not_judged():
    judged = judge_lists({1: [7, 8], 2: [7, 8]}, {1: {7}, 3: {7}}, 2)
    assert judged.index.tolist() == [1]
    assert judged.loc[1].tolist() == [0.5, 1.0, 1.0]


def test_beyond_accuracy_by_hand():
    genres = pd.DataFrame({"War": [1, 0, 1], "Love": [0, 1, 0]}, index=[7, 8, 9])
    train = pd.DataFrame({"user_id": [1, 2, 3, 4], "movie_id": [7, 7, 7, 8]})
    found = beyond_accuracy({1: [8, 9]}, train, genres)
    assert found["diversity"] == 1
    assert found["novelty"] == pytest.approx((2 + 3) / 2)  # 1 of 4; half of one of 4
    assert found["coverage"] == pytest.approx(2 / 3)
    expected = calibration_divergence([1, 0], [1, 1])
    assert found["miscalibration"] == pytest.approx(expected, abs=1e-6)
