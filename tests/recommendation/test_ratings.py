"""Tables of ratings: what is refused, and what the numbers of rows mean."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.recommendation import (
    EASE,
    Baseline,
    FunkSVD,
    check_ratings,
    encode_ratings,
    matrix_to_ratings,
)


def small(**changes):
    columns = {"user_id": [1, 1, 2], "movie_id": [7, 8, 7], "rating": [4.0, 0.5, 5.0]}
    return pd.DataFrame({**columns, **changes})


@pytest.mark.parametrize(
    ("table", "error", "words"),
    [
        ([[1, 7, 4.0]], TypeError, "must be a DataFrame, got list"),
        (small().drop(columns="rating"), ValueError, "missing: rating"),
        (small(user_id=[1, None, 2]), ValueError, "user_id must not be missing, got 1"),
        (small(user_id=[1, 1.5, 2]), TypeError, "user_id must hold whole .* got float"),
        (small(movie_id=[7, "8", 9]), TypeError, "movie_id must hold .* got int, str"),
        (small(rating=["4", "2", "5"]), TypeError, "rating must be numbers"),
        (small(rating=[4, np.nan, 5]), ValueError, "rating must be finite"),
        (small(rating=[4, np.inf, 5]), ValueError, "rating must be finite"),
        (small().head(1), ValueError, "at least 2 rows, got 1"),
        (small().head(0), ValueError, "at least 2 rows, got 0"),
        (small(rating=3.0), ValueError, "all 3 are 3: there is nothing to learn"),
        (small(movie_id=[7, 7, 8]), ValueError, "1 rows repeat a user and a film"),
    ],
)
def test_tables_that_teach_nothing_are_refused(table, error, words):
    with pytest.raises(error, match=words):
        check_ratings(table)


def test_ratings_off_the_scale_are_counted():
    with pytest.raises(ValueError, match=r"0.5 to 5, got 2 outside, from 0 to 50"):
        check_ratings(small(rating=[0, 50, 3]), scale=(0.5, 5))
    assert len(check_ratings(small(), scale=(0.5, 5))) == 3


def test_the_scale_is_that_of_the_data():
    assert encode_ratings(small()).scale == (0.5, 5.0)
    assert encode_ratings(small(), (0, 10)).scale == (0, 10)


def test_ids_may_be_text():
    data = encode_ratings(small(user_id=["b", "b", "a"]))
    assert data.users.tolist() == ["a", "b"]
    assert data.user.tolist() == [1, 1, 0]


def test_numbers_go_by_ascending_id_whatever_the_order_of_rows():
    data = encode_ratings(small(movie_id=[90, 8, 8]))
    assert data.items.tolist() == [8, 90]
    np.testing.assert_array_equal(data.matrix().toarray(), [[0.5, 4], [5, 0]])


def test_likes_begin_at_the_threshold():
    data = encode_ratings(small())
    np.testing.assert_array_equal(data.likes(4).toarray(), [[1, 0], [1, 0]])
    np.testing.assert_array_equal(data.likes(4.5).toarray(), [[0, 0], [1, 0]])


def test_seven_users_and_eleven_films_stay_what_they_are():
    rng = np.random.default_rng(0)
    matrix = rng.integers(1, 6, (7, 11)).astype(float)
    table = matrix_to_ratings(matrix, range(7), range(100, 111))
    model = FunkSVD(3, 2).fit(table)
    assert model.user_factors_.shape == (7, 3)
    assert model.item_factors_.shape == (11, 3)
    assert EASE(1.0, min_likes=1).fit(table).scores([0, 3]).shape == (2, 11)
    with pytest.raises(ValueError, match=r"7 users .* 11 films .*\(11, 7\): it is tr"):
        matrix_to_ratings(matrix.T, range(7), range(11))
    with pytest.raises(ValueError, match=r"got \(7, 10\)$"):
        matrix_to_ratings(matrix[:, :10], range(7), range(11))


def test_a_matrix_returns(table):
    data = encode_ratings(table)
    back = matrix_to_ratings(data.matrix(), data.users, data.items)
    keys = ["user_id", "movie_id"]
    pd.testing.assert_frame_equal(
        back.sort_values(keys, ignore_index=True),
        table[[*keys, "rating"]].sort_values(keys, ignore_index=True),
    )


@pytest.mark.parametrize("model", [Baseline(), FunkSVD(2, 5)])
def test_unknown_ids_have_a_reason(model, table):
    model.fit(table)
    assert model.predict(1, 5).reason == ""
    assert model.predict(999, 5).reason == "user 999 unknown"
    assert model.predict(1, 999).reason == "film 999 unknown"
    assert model.predict(0, 1).reason == "user 0 and film 1 unknown"
    assert model.predict(0, 1).rating == pytest.approx(table["rating"].mean())


@pytest.mark.parametrize("model", [Baseline(), FunkSVD(2, 5)])
def test_ids_of_another_type_are_refused(model, table):
    model.fit(table)
    with pytest.raises(
        TypeError, match=r"user must be .* int, such as 1, got '1' \(str"
    ):
        model.predict("1", 5)
    with pytest.raises(TypeError, match=r"item must be an id of type int, such as 5"):
        model.predict(1, "5")
    with pytest.raises(TypeError, match="movie_id must be an id of type int"):
        model.predict_many(pd.DataFrame({"user_id": [1], "movie_id": ["5"]}))
    assert model.predict(np.int64(1), np.int64(5)).reason == ""


def test_predictions_are_clipped_and_counted(table):
    model = FunkSVD(5, 60, 0.05, 0.0).fit(table)
    stars = model.predict_many(table)
    assert stars.min() == 0.5
    assert stars.max() == 5.0
    assert model.clipped_ == np.isin(stars, [0.5, 5.0]).sum() > 0
    one = table.iloc[int(stars.argmax())]
    assert model.predict(int(one["user_id"]), int(one["movie_id"])).clipped


def test_one_prediction_is_that_of_many(table):
    model = FunkSVD(4, 10).fit(table)
    stars = model.predict_many(table.head(5))
    for n, row in enumerate(table.head(5).itertuples()):
        assert model.predict(row.user_id, row.movie_id).rating == pytest.approx(
            stars[n]
        )


def test_the_baseline_equals_that_of_surprise(table):
    from surprise import BaselineOnly

    from mlmastery.recommendation.race import SurpriseModel

    theirs = SurpriseModel(BaselineOnly(verbose=False)).fit(table)
    np.testing.assert_allclose(
        Baseline().fit(table).predict_many(table), theirs.predict_many(table)
    )


def test_scores_are_predictions_of_all_films(table):
    model = Baseline().fit(table)
    scores = model.scores([3, 1])
    assert scores.shape == (2, len(model.items_))
    film = model.items_[7]
    assert scores[1, 7] == pytest.approx(model.predict(1, int(film)).rating)
