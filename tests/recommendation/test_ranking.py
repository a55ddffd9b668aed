"""Rankings: parity of ALS and EASE, and lists that hold nothing seen."""

import numpy as np
import pandas as pd
import pytest
from implicit.als import AlternatingLeastSquares
from sklearn.metrics.pairwise import cosine_similarity

from mlmastery.recommendation import (
    EASE,
    FunkSVD,
    ImplicitALS,
    ItemCosine,
    Popularity,
    Recommender,
    choose_settings,
    judge_ranking,
    liked_films,
    split_by_user,
    top_lists,
)

RANKERS = [Popularity(), ItemCosine(), EASE(10.0), ImplicitALS(4, n_rounds=2)]


def test_als_equals_implicit(table):
    ours = ImplicitALS(4, confidence=3.0, penalty=0.7, n_rounds=2).fit(table)
    theirs = AlternatingLeastSquares(
        4,
        regularization=0.7,
        iterations=2,
        num_threads=1,
        use_cg=False,
        use_native=False,
        dtype=np.float64,
    )
    rng = np.random.default_rng(0)
    theirs.user_factors = rng.normal(0, 0.1, (40, 4))
    theirs.item_factors = rng.normal(0, 0.1, (60, 4))
    theirs.fit(ours.liked_ * 4.0, show_progress=False)  # its weights are 1 + confidence
    np.testing.assert_allclose(ours.user_factors_, theirs.user_factors, atol=1e-9)
    np.testing.assert_allclose(ours.item_factors_, theirs.item_factors, atol=1e-9)


def test_als_on_paper():
    model = ImplicitALS(1, confidence=1.0, penalty=1.0)
    from scipy import sparse

    liked = sparse.csr_matrix([[0.0, 1.0], [0.0, 0.0]])
    solved = model._solve(liked, np.array([[1.0], [2.0]]))
    np.testing.assert_allclose(solved, [[0.4], [0.0]])


def test_ease_columns_are_ridge_regressions_without_the_film_itself(table):
    model = EASE(7.0, min_likes=1).fit(table)
    X = model.liked_[:, model.kept_].toarray()
    j, others = 5, np.arange(X.shape[1]) != 5
    A = X[:, others]
    ridge = np.linalg.solve(A.T @ A + 7.0 * np.eye(A.shape[1]), A.T @ X[:, j])
    np.testing.assert_allclose(model.weights_[others, j], ridge, atol=1e-12)
    assert not np.diag(model.weights_).any()


def test_films_with_few_likes_come_last(table):
    model = EASE(7.0, min_likes=12).fit(table)
    few = np.asarray(model.liked_.sum(axis=0)).ravel() < 12
    assert few.any()
    assert (model.scores([1])[0][few] == -1e9).all()
    assert (model.scores([1])[0][~few] > -1e9).all()
    with pytest.raises(ValueError, match="no film has min_likes=99 likes"):
        EASE(min_likes=99).fit(table)


def test_item_cosine_equals_scikit_learn(table):
    model = ItemCosine().fit(table)
    X = model.liked_.toarray()
    alike = cosine_similarity(X.T)
    np.fill_diagonal(alike, 0)
    np.testing.assert_allclose(model.scores([1, 9]), X[[0, 8]] @ alike)


def test_popularity_counts_likes_and_not_ratings(table):
    model = Popularity().fit(table)
    counts = table[table["rating"] >= 4].groupby("movie_id").size()
    expected = counts.reindex(model.items_, fill_value=0)
    np.testing.assert_array_equal(model.scores([1, 2]), [expected, expected])


@pytest.mark.parametrize(
    "model", [*RANKERS, FunkSVD(2, 3)], ids=lambda m: type(m).__name__
)
def test_no_list_holds_a_film_rated_in_training(model, table):
    split = split_by_user(table, min_users=1)
    lists = judge_ranking(model.fit(split.train), split).lists
    assert len(lists) == split.n_evaluable
    for user, shown in lists.items():
        seen = split.train.loc[split.train["user_id"] == user, "movie_id"]
        assert len(set(shown)) == len(shown) > 0
        assert not set(shown) & set(seen)


def test_a_poor_rating_is_no_hit():
    table = pd.DataFrame(
        {"user_id": [1, 1, 2], "movie_id": [7, 8, 7], "rating": [2, 4, 3]}
    )
    assert liked_films(table) == {1: {8}}


def test_only_films_that_may_be_shown_are(table):
    model = Popularity().fit(table)
    lists = top_lists(model, [1, 2], table.head(0), 3, only=[15, 25])
    assert {film for shown in lists.values() for film in shown} == {15, 25}


def test_equal_scores_go_by_id(table):
    model = Popularity().fit(table)
    model.count_[:] = 1
    assert top_lists(model, [3], table.head(0), 4)[3] == [5, 15, 25, 35]


def test_more_films_than_there_are_is_refused(table):
    with pytest.raises(
        ValueError, match="k must be a whole number from 1 to 60, got 61"
    ):
        top_lists(Popularity().fit(table), [1], table, 61)


def test_rankers_are_chosen_by_ndcg_largest_first(table):
    tried = choose_settings(EASE, {"penalty": (1.0, 1e9)}, table, by="NDCG", share=0.2)
    assert tried["NDCG"].is_monotonic_decreasing
    assert (tried["NDCG"] > 0).all()


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (EASE(0), "penalty must be a number above 0, got 0"),
        (ImplicitALS(0), "n_factors must be a whole number"),
        (
            ImplicitALS(confidence=-1),
            "confidence must be a number of at least 0, got -1",
        ),
        (ImplicitALS(penalty=0), "penalty must be a number above 0, got 0"),
    ],
)
def test_bad_settings_are_named(model, words, table):
    with pytest.raises(ValueError, match=words):
        model.fit(table)


@pytest.fixture
def recommender(table):
    titles = {5: "Five", 15: "Fifteen"}
    return Recommender(titles, EASE(10.0, min_likes=9), FunkSVD(3, 20)).fit(table)


def test_recommendations_are_the_list_of_the_ranker(recommender, table):
    expected = top_lists(recommender.ranker, [4], table, 5)[4]
    suggestions = recommender.recommend(4, 5)
    assert [s.item for s in suggestions] == expected
    scores = [s.score for s in suggestions]
    assert scores == sorted(scores, reverse=True)


def test_expected_stars_are_those_of_the_rater(recommender):
    first = recommender.recommend(4, 1)[0]
    assert first.rating == pytest.approx(
        recommender.rater.predict(4, first.item).rating
    )
    assert recommender.predict(4, 5) == recommender.rater.predict(4, 5)


def test_seen_films_come_back_when_asked_for(recommender, table):
    seen = set(table.loc[table["user_id"] == 4, "movie_id"])
    assert not seen & {s.item for s in recommender.recommend(4, 60)}
    everything = recommender.recommend(4, 60, exclude_seen=False)
    assert {s.item for s in everything} == set(recommender.items_)


def test_reasons_are_liked_films_with_the_largest_weights(recommender, table):
    suggestion = recommender.recommend(4, 1)[0]
    rated = table[table["user_id"] == 4].set_index("movie_id")["rating"]
    ease, items = recommender.ranker, recommender.items_
    kept = items[ease.kept_]
    liked = [film for film in rated.index[rated >= 4] if film in kept]
    column = ease.weights_[:, kept.get_loc(suggestion.item)]
    weights = {film: column[kept.get_loc(film)] for film in liked}
    assert suggestion.score == pytest.approx(sum(weights.values()))
    assert list(suggestion.because) == sorted(weights, key=weights.get)[::-1][:2]


def test_reasons_name_titles(recommender):
    recommender.fold_in(99, [5, 15], [5.0, 5.0])
    named = {s.reason for s in recommender.recommend(99, 3)}
    assert any("because you liked F" in reason for reason in named)
    assert all("film" not in reason for reason in named)


def test_a_user_without_likes_gets_popular_films_and_the_reason(recommender, table):
    first = recommender.recommend(99, 1)[0]
    counts = table[table["rating"] >= 4].groupby("movie_id").size()
    assert first.because == ()
    assert first.reason == f"liked by {counts.max()} users"
    recommender.fold_in(99, [5], [1.0])
    assert recommender.recommend(99, 1)[0].reason.startswith("liked by")


def test_folding_in_adds_a_user_and_changes_no_other(recommender):
    before = recommender.recommend(4, 3)
    films = recommender.item_factors_.copy()
    recommender.fold_in(99, [5, 15, 25], [5.0, 1.0, 3.0])
    assert recommender.recommend(4, 3) == before
    np.testing.assert_array_equal(recommender.item_factors_, films)
    assert recommender.predict(99, 35).reason == ""
    bias, factors = recommender.rater.fold_in([5, 15, 25], [5.0, 1.0, 3.0])
    np.testing.assert_array_equal(recommender.user_factors(99), factors)
    film = recommender.items_.get_loc(35)
    raw = recommender.rater.mean_ + bias + recommender.rater.item_bias_[film]
    raw += recommender.item_factors_[film] @ factors
    assert recommender.predict(99, 35).rating == pytest.approx(raw)


def test_folding_in_keeps_old_ratings_and_replaces_one_given_again(recommender, table):
    own = table[table["user_id"] == 4]
    old = dict(zip(own["movie_id"], own["rating"], strict=True))
    film = own["movie_id"].iloc[0]
    recommender.fold_in(4, [film], [0.5])
    assert recommender.seen_[4] == {**old, film: 0.5}
    assert film not in {s.item for s in recommender.recommend(4, 60)}


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("4", [5], [3.0]), TypeError, "user must be an id of type int"),
        ((4, ["5"], [3.0]), TypeError, "item must be an id of type int"),
        ((4, [6], [3.0]), ValueError, r"items must be known films, got \[6\]"),
        ((4, [5, 15], [3.0]), ValueError, "one rating per film, got 2 and 1"),
        ((4, [], []), ValueError, "one rating per film, got 0 and 0"),
        ((4, [5], [5.5]), ValueError, r"on the scale 0.5 to 5, got \[5.5\]"),
        ((4, [5], [0.0]), ValueError, r"on the scale 0.5 to 5, got \[0.0\]"),
        ((4, [5], [float("nan")]), ValueError, "on the scale"),
    ],
)
def test_bad_ratings_are_not_folded_in(arguments, error, words, recommender):
    before = dict(recommender.seen_[4])
    with pytest.raises(error, match=words):
        recommender.fold_in(*arguments)
    assert recommender.seen_[4] == before


def test_unknown_ids_have_reasons_and_wrong_types_are_refused(recommender):
    assert recommender.predict(999, 5).reason == "user 999 unknown"
    assert recommender.predict(4, 999).reason == "film 999 unknown"
    assert recommender.predict(999, 998).reason == "user 999 and film 998 unknown"
    for call in (recommender.predict, lambda user, _: recommender.recommend(user)):
        with pytest.raises(TypeError, match=r"user must be an id .* got '4' \(str\)"):
            call("4", 5)
    with pytest.raises(
        ValueError, match="k must be a whole number of at least 1, got 0"
    ):
        recommender.recommend(4, 0)


def test_ids_come_back_as_plain_numbers(recommender):
    assert type(recommender.recommend(4, 1)[0].item) is int
