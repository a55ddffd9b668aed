"""Content, the hybrid, and cold starts."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from mlmastery.recommendation import (
    EASE,
    ContentFactors,
    ContentModel,
    FoldIn,
    FunkSVD,
    HybridRanker,
    cold_user_errors,
    film_words,
    genre_table,
    hide_films,
    hide_users,
    new_user_arrays,
)


@pytest.mark.parametrize(
    ("film", "words"),
    [
        (
            ("It's a War", "War|Drama", 1999.0),
            ["genre:war", "genre:drama", "decade:1990", "war"],
        ),
        ((None, "(no genres listed)", float("nan")), []),
        ((float("nan"), "", None), []),
        (("Amélie 2", "Comedy", 2001), ["genre:comedy", "decade:2000", "amélie"]),
    ],
)
def test_words_of_films_with_gaps(film, words):
    assert film_words(*film) == words


def test_weights_are_learned_from_films_with_training_ratings_only(table, films):
    model = ContentModel(films).fit(table[table["movie_id"] < 300])
    assert model.n_learned_ == 30
    learned = [
        film_words(*row) for row in films[["title", "genres", "year"]].values[:30]
    ]
    reference = TfidfVectorizer(analyzer=list, min_df=2).fit(learned)
    row = film_words(*films[["title", "genres", "year"]].values[61])
    np.testing.assert_allclose(
        model.vectors_[61].toarray(), reference.transform([row]).toarray()
    )


def test_profiles_lean_to_films_rated_above_the_users_mean(films):
    table = pd.DataFrame(
        {"user_id": 1, "movie_id": [5, 15, 25, 35], "rating": [5, 1, 3, 5]}
    )
    scores = ContentModel(films).fit(table).scores([1])[0]
    comedies, wars = scores[::3], scores[1::3]
    assert comedies.min() > 0 > wars.max()
    assert np.abs(scores).max() <= 1 + 1e-12


def test_scores_are_cosines(table, films):
    model = ContentModel(films).fit(table)
    profile, film = model.profiles_[3].toarray()[0], model.vectors_[8].toarray()[0]
    cosine = profile @ film / np.linalg.norm(profile) / np.linalg.norm(film)
    assert model.scores([4])[0, 8] == pytest.approx(cosine)


def test_genres_become_columns(films):
    genres = genre_table(films)
    assert list(genres) == ["Comedy", "Drama", "Romance", "War"]
    assert genres.loc[5].tolist() == [1, 0, 1, 0]
    assert genre_table(films.assign(genres="(no genres listed)")).shape == (62, 0)


def test_the_hybrid_has_each_model_at_its_ends(table, films):
    users = [1, 2]
    content, ease = ContentModel(films).fit(table), EASE(10.0, min_likes=3).fit(table)
    all_content = HybridRanker(ContentModel(films), EASE(10.0, min_likes=3), 1.0).fit(
        table
    )
    none = HybridRanker(ContentModel(films), EASE(10.0, min_likes=3), 0.0).fit(table)
    order = np.argsort(-content.scores(users), axis=1)[:, :5]
    np.testing.assert_array_equal(
        np.argsort(-all_content.scores(users), axis=1)[:, :5], order
    )
    films_of_ease = ease.items_.to_numpy()[
        np.argsort(-ease.scores(users), axis=1)[:, :5]
    ]
    together = none.items_.to_numpy()[np.argsort(-none.scores(users), axis=1)[:, :5]]
    np.testing.assert_array_equal(together, films_of_ease)


def test_the_hybrid_standardises_each_user(table, films):
    model = HybridRanker(ContentModel(films), EASE(10.0, min_likes=3), 0.0).fit(table)
    scores = model.scores([1, 7])
    np.testing.assert_allclose(scores.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(scores.std(axis=1), 1)
    with pytest.raises(
        ValueError, match="weight must be a number of at least 0 and at most 1"
    ):
        HybridRanker(ContentModel(films), EASE(), 1.5).fit(table)


def test_hidden_users_are_whole(table):
    others, hidden = hide_users(table, 5, min_ratings=10)
    assert hidden["user_id"].nunique() == 5
    assert not set(hidden["user_id"]) & set(others["user_id"])
    assert len(others) + len(hidden) == len(table)
    with pytest.raises(ValueError, match="n_users must be a whole number from 1 to"):
        hide_users(table, 500)


def test_hidden_films_are_whole(table):
    train, cold = hide_films(table, 0.25)
    assert cold["movie_id"].nunique() == 15
    assert not set(cold["movie_id"]) & set(train["movie_id"])
    assert set(cold["user_id"]) <= set(train["user_id"])


def test_cold_users_are_judged_by_their_last_ratings(table):
    others, hidden = hide_users(table, 4, min_ratings=30)
    model = FunkSVD(3, 20).fit(others)
    errors = cold_user_errors(model, hidden, [0, 5], n_judged=10, prior=2.0)
    user = errors.index[1]
    own = hidden[hidden["user_id"] == user].sort_values("timestamp")
    first, last = own.head(5), own.tail(10)
    bias, factors = model.fold_in(first["movie_id"], first["rating"], 2.0)
    place = model.items_.get_indexer(last["movie_id"])
    stars = model.mean_ + bias + model.item_bias_[place]
    stars = np.clip(stars + model.item_factors_[place] @ factors, 0.5, 5)
    assert errors.loc[user, 5] == pytest.approx(((last["rating"] - stars) ** 2).mean())
    assert errors.shape == (4, 2)


def test_new_films_get_the_ridge_of_their_words(table, films):
    train = table[table["movie_id"] < 500]
    rater, content = FunkSVD(2, 20).fit(train), ContentModel(films).fit(train)
    model = ContentFactors(content, rater, penalty=1e9).fit()
    new = table[table["movie_id"] >= 500]
    np.testing.assert_allclose(  # so strong a penalty leaves the user's mean
        model.predict_many(new), rater.predict_many(new), atol=1e-4
    )
    loose = ContentFactors(content, rater, penalty=2.0).fit()
    X = content.vectors_[content.items_.get_indexer(rater.items_)].toarray()
    n = train["movie_id"].value_counts().reindex(rater.items_).to_numpy()
    gram = X.T @ (X * n[:, None]) + 2.0 * np.eye(X.shape[1])
    expected = np.linalg.solve(gram, X.T @ (n * rater.item_bias_))
    np.testing.assert_allclose(loose.weights_[:, 0], expected)
    with pytest.raises(ValueError, match="penalty must be a number above 0, got 0"):
        ContentFactors(content, rater, 0).fit()


def test_a_held_out_user_is_folded_in_from_the_first_ratings(table):
    others, hidden = hide_users(table, 4, min_ratings=30)
    model = FunkSVD(3, 20).fit(others)
    X, y = new_user_arrays(model, hidden, n_shown=5, n_judged=10)
    stars = FoldIn(model, 2.0, n_shown=5).predict(X)
    assert X.shape == (4, 21)
    assert stars.shape == y.shape == (4, 10)
    errors = cold_user_errors(model, hidden, [5], n_judged=10, prior=2.0)
    squares = ((y - stars) ** 2).mean(axis=1)
    np.testing.assert_allclose(squares, errors.loc[X[:, 0].astype(int), 5])


def test_users_with_too_few_ratings_are_not_judged(table):
    model = FunkSVD(3, 5).fit(table)
    few = table[table["user_id"] == 3].head(14)
    X, y = new_user_arrays(model, pd.concat([few, table[table["user_id"] == 5]]), 5, 10)
    assert X[:, 0].tolist() == [5]
    assert len(y) == 1
