"""Tables and ids as people have them: the right value, or an error that names it."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.recommendation import (
    EASE,
    Baseline,
    ContentFactors,
    ContentModel,
    FunkSVD,
    HybridRanker,
    ImplicitALS,
    ItemCosine,
    NeighbourModel,
    Popularity,
    Recommender,
    SVDPlusPlus,
    calibration_divergence,
    check_ratings,
    cold_user_errors,
    coverage,
    ndcg_at_k,
    novelty,
    predict_rating,
    rmse,
    split_by_time,
    split_by_user,
    split_random,
    top_lists,
)

RATERS = [Baseline(), FunkSVD(2, 2), SVDPlusPlus(2, 2), NeighbourModel()]
RANKERS = [Popularity(), ItemCosine(), EASE(10.0, min_likes=1), ImplicitALS(3)]


def names(models):
    return [type(model).__name__ for model in models]


@pytest.mark.parametrize("model", [*RATERS, *RANKERS], ids=names([*RATERS, *RANKERS]))
def test_an_unknown_user_does_not_get_the_scores_of_another(model, table):
    model.fit(table)
    with pytest.raises(ValueError, match="users must be known from training, got 999"):
        model.scores([1, 999])
    with pytest.raises(TypeError, match=r"users must be an id of type int, .* got '1'"):
        model.scores(["1"])
    np.testing.assert_allclose(
        model.scores([40, 1])[1],
        model.scores(pd.Series([1], index=[5], dtype="Int64"))[0],
        atol=1e-12,
    )


def test_content_and_hybrid_refuse_an_unknown_user(table, films):
    content = ContentModel(films)
    hybrid = HybridRanker(content, EASE(10.0, min_likes=1), 0.2).fit(table)
    for model in (content, hybrid):
        with pytest.raises(ValueError, match="users must be known from training"):
            model.scores([999])
    with pytest.raises(ValueError, match="users must be known from training"):
        top_lists(hybrid, [999], table, 3)


@pytest.mark.parametrize("model", RATERS, ids=names(RATERS))
def test_pairs_to_predict_are_checked(model, table):
    model.fit(table)
    assert model.predict_many(table.head(0)).shape == (0,)
    mixed = pd.DataFrame({"user_id": [1, "2"], "movie_id": [5, 5]}, dtype=object)
    with pytest.raises(TypeError, match=r"user_id must be an id .* got '2' \(str"):
        model.predict_many(mixed)
    with pytest.raises(TypeError, match=r"user_id must be an id .* got nan"):
        model.predict_many(table.head(2).assign(user_id=[1, None]))
    with pytest.raises(TypeError, match="pairs must be a DataFrame, got list"):
        model.predict_many([(1, 5)])
    with pytest.raises(ValueError, match=r"pairs must have .* missing: movie_id"):
        model.predict_many(table[["user_id"]])
    np.testing.assert_array_equal(
        model.predict_many(table.head(4).convert_dtypes()),
        model.predict_many(table.head(4)),
    )
    # An unknown user is allowed here, and gets what predict says.
    new = table.head(1).assign(user_id=999, movie_id=5)
    assert model.predict_many(new)[0] == model.predict(999, 5).rating


@pytest.mark.parametrize(
    ("items", "stars", "error", "words"),
    [
        ([9999], [5.0], ValueError, "items must be known from training, got 9999"),
        (
            ["5"],
            [5.0],
            TypeError,
            "items must be an id of type int, such as 5, got '5'",
        ),
        ([5, 15], [5.0], ValueError, "one rating per film, got 2 and 1"),
        ([5], [np.nan], ValueError, "ratings must lie on the scale 0.5 to 5"),
        ([5], [50], ValueError, r"ratings must lie on the scale 0.5 to 5, got \[50\]"),
        ([5], ["5"], TypeError, r"ratings must be numbers, got \['5'\]"),
        ([5], [True], TypeError, r"ratings must be numbers, got \[True\]"),
    ],
)
def test_ratings_folded_in_are_checked(items, stars, error, words, table):
    with pytest.raises(error, match=words):
        FunkSVD(2, 2).fit(table).fold_in(items, stars)


def test_a_recommender_takes_arrays_and_series_and_refuses_text(table):
    model = Recommender(ranker=EASE(10.0, min_likes=1)).fit(table)
    model.fold_in(900, np.array([5, 15]), pd.Series([4.0, 0.5], index=[3, 8]))
    assert model.seen_[900] == {5: 4.0, 15: 0.5}
    with pytest.raises(TypeError, match="ratings must be numbers, got"):
        model.fold_in(900, [5], ["5"])
    with pytest.raises(ValueError, match="one rating per film, got 0 and 0"):
        model.fold_in(900, [], [])


def test_films_of_the_content_are_checked(table, films):
    with pytest.raises(ValueError, match=r"films with ratings must be known .* got 55"):
        ContentModel(films.head(5)).fit(table)
    with pytest.raises(ValueError, match="films must hold each movie_id once"):
        ContentModel(pd.concat([films, films.head(1)])).fit(table)
    with pytest.raises(ValueError, match=r"films must have .* missing: genres"):
        ContentModel(films.drop(columns="genres")).fit(table)
    guess = ContentFactors(ContentModel(films).fit(table), FunkSVD(2, 2).fit(table))
    guess.fit()
    for column in ("user_id", "movie_id"):
        with pytest.raises(ValueError, match=f"{column} must be known from training"):
            guess.predict_many(table.head(1).assign(**{column: 9999}))


def test_labels_that_repeat_do_not_change_a_split(table):
    half = len(table) // 2
    pieces = [table.iloc[:half], table.iloc[half:].reset_index(drop=True)]
    repeated = pd.concat([p.reset_index(drop=True) for p in pieces])
    for split in (split_random, split_by_user, split_by_time):
        once, again = (split(t, min_users=1).test for t in (table, repeated))
        np.testing.assert_array_equal(once["timestamp"], again["timestamp"])


@pytest.mark.parametrize("split", [split_by_user, split_by_time])
def test_times_are_checked(split, table):
    with pytest.raises(ValueError, match=r"ratings must have .* missing: timestamp"):
        split(table.drop(columns="timestamp"))
    gaps = table["timestamp"].where(np.arange(len(table)) >= 3)
    with pytest.raises(ValueError, match="timestamp must not be missing, got 3 gaps"):
        split(table.assign(timestamp=gaps))
    # As text, 10 would come before 9.
    with pytest.raises(TypeError, match="timestamp must be numbers or dates, got"):
        split(table.assign(timestamp=table["timestamp"].astype(str)))
    dates = pd.to_datetime(table["timestamp"], unit="D")
    later = split(table.assign(timestamp=dates), min_users=1)
    expected = split(table, min_users=1).test.index
    assert later.test.index.tolist() == expected.tolist()


@pytest.mark.parametrize("split", [split_random, split_by_user, split_by_time])
def test_only_tables_are_split(split):
    with pytest.raises(TypeError, match="ratings must be a DataFrame, got list"):
        split([1, 2])


def test_ratings_are_no_booleans_and_columns_stand_once(table):
    for kind in ("bool", "boolean"):
        with pytest.raises(TypeError, match="rating must be numbers, got bool"):
            check_ratings(table.assign(rating=(table["rating"] > 3).astype(kind)))
    with pytest.raises(ValueError, match="each column once, twice: rating"):
        check_ratings(table[["user_id", "movie_id", "rating", "rating"]])
    gaps = table["rating"].astype("Float64").mask(table.index == 3)
    with pytest.raises(ValueError, match="rating must be finite"):
        check_ratings(table.assign(rating=gaps))


@pytest.mark.parametrize("scale", [(5, 0.5), 5, (np.nan, 5), (1, 1), (1, 2, 3)])
def test_a_scale_has_a_lower_and_a_higher_end(scale, table):
    with pytest.raises(ValueError, match="scale must be the lowest and the highest"):
        check_ratings(table, scale)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rmse([np.nan, 1], [1, 1]), "must be finite, got 1 and 0 missing"),
        (lambda: ndcg_at_k([1, 2], {1: -1, 2: 3}, 2), "grades of at least 0"),
        (lambda: ndcg_at_k([1, 2], {1: np.nan, 2: 1}, 2), "grades of at least 0"),
        (lambda: novelty([], {}), "at least one film"),
        (lambda: novelty([1, 2], {1: 0.5}), r"without a share: \[2\]"),
        (lambda: coverage([[1, 2, 3]], 2), "n_items must be .* at least 3, got 2"),
        (lambda: calibration_divergence([0, 0], [1, 1]), "one above; got"),
        (lambda: calibration_divergence([-1, 2], [1, 1]), "at least 0 and one above"),
        (lambda: calibration_divergence([1, 2], [1, 1, 1]), "hold as many weights"),
        (
            lambda: predict_rating(0, 1, np.zeros((2, 2)), np.eye(2)),
            "ratings_matrix must hold at least one rating",
        ),
    ],
)
def test_numbers_that_mean_nothing_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_users_with_too_few_ratings_do_not_judge(table):
    model = FunkSVD(2, 2).fit(table)
    n = table["user_id"].value_counts()
    enough = sorted(n.index[n >= 40])
    assert 0 < len(enough) < n.size
    assert cold_user_errors(model, table, [0, 20]).index.tolist() == enough
