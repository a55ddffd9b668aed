"""Neighbours: chosen among those who rated, equal to Surprise's."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from surprise import KNNBaseline, KNNBasic, KNNWithMeans

from mlmastery.recommendation import (
    Baseline,
    NeighbourModel,
    common_similarity,
    encode_ratings,
    predict_rating,
)
from mlmastery.recommendation import neighbours as module
from mlmastery.recommendation.race import SurpriseModel

STARS = np.array([[4, 0, 5.0], [5, 3, 0], [1, 1, 0], [2, 5, 0]])
ALIKE = np.array([[1, 0.5, 0.2, 0.1], [0.5, 1, 0, 0], [0.2, 0, 1, 0], [0.1, 0, 0, 1]])


def test_neighbours_are_chosen_among_the_users_who_rated():
    alike = ALIKE.copy()
    alike[2, 0], alike[2, 1] = 0.1, 0.9  # the nearest to user 2 did not rate film 2
    assert predict_rating(2, 2, STARS, alike, k=1) == 5.0


def test_weights_are_similarities():
    assert predict_rating(0, 1, STARS, ALIKE, k=2) == pytest.approx((1.5 + 0.2) / 0.7)
    assert predict_rating(0, 1, STARS, ALIKE, k=1) == 3.0


def test_the_own_rating_is_left_out():
    assert predict_rating(1, 0, STARS, ALIKE, k=1) == 4.0


def test_without_a_neighbour_the_own_mean_answers_and_never_zero():
    assert predict_rating(3, 2, STARS, np.eye(4)) == 3.5
    alone = np.vstack([STARS, [0, 0, 0]])
    assert predict_rating(4, 2, alone, np.eye(5)) == pytest.approx(26 / 8)


def test_users_with_a_negative_similarity_are_left_out():
    alike = ALIKE.copy()
    alike[0, 2] = -0.9
    assert predict_rating(0, 1, STARS, alike, k=2) == pytest.approx((1.5 + 0.5) / 0.6)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 0, STARS, ALIKE[:3], 2), r"compare the 4 rows .* got shape \(3, 4\)"),
        ((4, 0, STARS, ALIKE, 2), "user must be a whole number from 0 to 3, got 4"),
        ((0, 3, STARS, ALIKE, 2), "item must be a whole number from 0 to 2, got 3"),
        ((-1, 0, STARS, ALIKE, 2), "user must be a whole number from 0 to 3, got -1"),
        ((0, 0, STARS, ALIKE, 0), "k must be a whole number of at least 1, got 0"),
    ],
)
def test_bad_arguments_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        predict_rating(*arguments)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (NeighbourModel(centre="none", k=7), KNNBasic(k=7, verbose=False)),
        (NeighbourModel(centre="mean", k=7), KNNWithMeans(k=7, verbose=False)),
        (NeighbourModel(k=7), KNNBaseline(k=7, verbose=False)),
        (
            NeighbourModel(by="item", kind="pearson", k=5, shrinkage=100),
            KNNBaseline(
                k=5,
                sim_options={"name": "pearson_baseline", "user_based": False},
                verbose=False,
            ),
        ),
        (
            NeighbourModel(kind="cosine", k=6, by="item"),
            KNNBaseline(
                k=6, sim_options={"name": "cosine", "user_based": False}, verbose=False
            ),
        ),
    ],
)
def test_predictions_equal_those_of_surprise(ours, theirs, table):
    train, test = table.iloc[200:], table.iloc[:200]
    answer = ours.fit(train).predict_many(test)
    reference = SurpriseModel(theirs).fit(train).predict_many(test)
    # Where two neighbours tie at place k, either may be taken.
    assert np.isclose(answer, reference, atol=2e-5).mean() >= 0.99


def test_blocks_do_not_change_similarities(table, monkeypatch):
    rows = encode_ratings(table).matrix()
    whole = common_similarity(rows, "pearson", 10)
    monkeypatch.setattr(module, "BLOCK", 7)
    np.testing.assert_array_equal(common_similarity(rows, "pearson", 10), whole)


def test_similarity_looks_at_common_columns_only():
    rows = sparse.csr_matrix([[4.0, 2, 0, 5], [2.0, 1, 5, 0], [0, 0, 1, 0]])
    assert common_similarity(rows, "cosine")[0, 1] == pytest.approx(1.0)
    assert common_similarity(rows)[0, 1] == pytest.approx(1 / (1 + (4 + 1) / 2))
    assert common_similarity(rows)[0, 2] == 0


def test_predictions_without_a_neighbour_are_counted(table):
    model = NeighbourModel().fit(table)
    model.predict_many(table.head(10))
    assert model.alone_ == 0
    assert model.predict(1, 999).reason == "film 999 unknown"
    assert model.alone_ == 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"by": "film"}, "by must be one of user, item"),
        ({"centre": "median"}, "centre must be one of none, mean, baseline"),
        ({"kind": "jaccard"}, "kind must be one of msd, cosine, pearson"),
        ({"k": 0}, "k must be a whole number"),
        (
            {"kind": "pearson", "shrinkage": -1},
            "shrinkage must be a number of at least 0",
        ),
    ],
)
def test_bad_settings_are_named(settings, words, table):
    with pytest.raises(ValueError, match=words):
        NeighbourModel(**settings).fit(table)


@pytest.mark.parametrize("centre", ["none", "mean", "baseline"])
def test_raters_without_a_common_film_are_no_neighbours(centre):
    stars = {"user_id": [1, 1, 2, 2], "movie_id": [1, 2, 3, 4]}
    table = pd.DataFrame({**stars, "rating": [5.0, 4.0, 2.0, 1.0]})
    model = NeighbourModel(centre=centre).fit(table)
    answer = model.predict(1, 3).rating
    assert model.alone_ == 1
    if centre != "mean":
        assert answer == pytest.approx(Baseline().fit(table).predict(1, 3).rating)
