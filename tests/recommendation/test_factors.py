"""FunkSVD and SVD++: parity, the composed rule, divergence, folding in."""

import numpy as np
import pytest

from mlmastery.recommendation import FunkSVD, SVDPlusPlus, choose_settings, rmse
from mlmastery.recommendation.factors import funk_epochs, plusplus_epochs
from mlmastery.recommendation.race import library_gap


@pytest.mark.parametrize("plusplus", [False, True])
def test_factors_equal_those_of_surprise(plusplus, table):
    assert library_gap(table, plusplus, n_epochs=4) < 1e-12


def slow_plusplus(start, item, value, mean, bu, bi, P, Q, Y, n_epochs, rate, penalty):
    """SVD++ as it is written: every vector of the user moves in every step."""
    for _ in range(n_epochs):
        for u in range(len(start) - 1):
            rated = item[start[u] : start[u + 1]]
            root = np.sqrt(len(rated))
            for n in range(start[u], start[u + 1]):
                i, implicit = item[n], Y[rated].sum(axis=0) / root
                error = value[n] - mean - bu[u] - bi[i] - Q[i] @ (P[u] + implicit)
                bu[u] += rate * (error - penalty * bu[u])
                bi[i] += rate * (error - penalty * bi[i])
                p, q = P[u].copy(), Q[i].copy()
                P[u] += rate * (error * q - penalty * p)
                Q[i] += rate * (error * (p + implicit) - penalty * q)
                Y[rated] += rate * (error * q / root - penalty * Y[rated])


def test_the_composed_rule_is_svdplusplus_itself():
    rng = np.random.default_rng(0)
    start = np.array([0, 3, 3, 8, 10])  # the second user has no rating
    item = np.array([0, 1, 2, 0, 2, 3, 4, 5, 1, 5])
    value = rng.normal(3, 1, 10)
    shapes = [(4,), (6,), (4, 3), (6, 3), (6, 3)]
    first = [rng.normal(0, 0.5, shape) for shape in shapes]
    second = [array.copy() for array in first]
    plusplus_epochs(start, item, value, 3.1, *first, 5, 0.05, 0.1)
    slow_plusplus(start, item, value, 3.1, *second, 5, 0.05, 0.1)
    for ours, slow in zip(first, second, strict=True):
        np.testing.assert_allclose(ours, slow, atol=1e-13)


def test_one_step_on_paper():
    bu, bi = np.zeros(1), np.zeros(1)
    P, Q = np.array([[1.0]]), np.array([[0.5]])
    place = np.array([0])
    funk_epochs(place, place, np.array([5.0]), 3.0, bu, bi, P, Q, 1, 0.1, 0.2)
    assert P[0, 0] == pytest.approx(1 + 0.1 * (1.5 * 0.5 - 0.2 * 1))
    assert Q[0, 0] == pytest.approx(0.5 + 0.1 * (1.5 * 1 - 0.2 * 0.5))
    assert bu[0] == bi[0] == pytest.approx(0.15)


def test_no_epoch_leaves_the_mean_and_small_factors(table):
    model = FunkSVD(3, 0).fit(table)
    assert model.mean_ == pytest.approx(table["rating"].mean())
    assert not model.user_bias_.any()
    assert np.std(model.item_factors_) == pytest.approx(0.1, rel=0.2)


@pytest.mark.parametrize("kind", [FunkSVD, SVDPlusPlus])
def test_factors_beat_the_mean_on_ratings_not_seen(kind, table):
    train, test = table.iloc[300:], table.iloc[:300]
    model = kind(3, 80, 0.02, 0.05).fit(train)
    flat = rmse(test["rating"], np.full(300, train["rating"].mean()))
    assert rmse(test["rating"], model.predict_many(test)) < 0.8 * flat


@pytest.mark.parametrize("kind", [FunkSVD, SVDPlusPlus])
def test_a_seed_repeats_and_another_differs(kind, table):
    first, again = (kind(2, 3).fit(table).item_factors_ for _ in range(2))
    np.testing.assert_array_equal(first, again)
    other = kind(2, 3, random_state=1).fit(table).item_factors_
    assert np.abs(first - other).max() > 0.01


def test_divergence_is_an_error_and_names_the_rate(table):
    with pytest.raises(ValueError, match=r"diverge: learning_rate .* got 3"):
        FunkSVD(10, 30, learning_rate=3).fit(table)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"n_factors": 0}, "n_factors must be a whole number of at least 1, got 0"),
        ({"n_epochs": -1}, "n_epochs must be a whole number of at least 0, got -1"),
        ({"learning_rate": 0}, "learning_rate must be a number above 0, got 0"),
        ({"penalty": -0.1}, "penalty must be a number of at least 0, got -0.1"),
    ],
)
def test_bad_settings_are_named(settings, words, table):
    with pytest.raises(ValueError, match=words):
        FunkSVD(**settings).fit(table)


def test_scores_are_the_predictions(table):
    for kind in (FunkSVD, SVDPlusPlus):
        model = kind(3, 5).fit(table)
        row = model.scores([7])[0]
        pairs = table.head(1).assign(user_id=7, movie_id=int(model.items_[4]))
        assert model.predict_many(pairs)[0] == pytest.approx(np.clip(row[4], 0.5, 5))


def test_folding_in_solves_the_ridge_regression(table):
    model = FunkSVD(3, 20).fit(table)
    own = table[table["user_id"] == 4]
    bias, factors = model.fold_in(own["movie_id"], own["rating"], prior=2.0)
    films = model.items_.get_indexer(own["movie_id"])
    Q, rest = model.item_factors_[films], own["rating"] - model.mean_
    error = rest - model.item_bias_[films] - bias - Q @ factors
    strength = model.penalty * len(own) + 2.0
    # At the best point the gradient is zero.
    assert error.sum() == pytest.approx(strength * bias)
    np.testing.assert_allclose(Q.T @ error, strength * factors, atol=1e-9)


def test_folding_in_nothing_is_the_average_user(table):
    model = FunkSVD(3, 20).fit(table)
    bias, factors = model.fold_in([], [])
    assert bias == 0
    assert not factors.any()


def test_one_rating_moves_a_new_user_less_with_a_prior(table):
    model = FunkSVD(3, 20).fit(table)
    film = [int(model.items_[0])]
    wild, tame = (model.fold_in(film, [5.0], prior)[0] for prior in (0.0, 3.0))
    assert wild > 3 * tame > 0


def test_settings_are_chosen_without_the_test_part(table):
    grid = {"n_factors": [2], "n_epochs": [0, 60], "learning_rate": [0.02]}
    tried = choose_settings(FunkSVD, grid, table)
    assert tried["n_epochs"].tolist() == [60, 0]
    assert list(tried) == ["n_factors", "n_epochs", "learning_rate", "RMSE"]
    assert tried["RMSE"].is_monotonic_increasing
    with pytest.raises(ValueError, match="grid must hold at least one value each"):
        choose_settings(FunkSVD, {"n_factors": []}, table)
    with pytest.raises(ValueError, match="by must be one of RMSE, NDCG"):
        choose_settings(FunkSVD, grid, table, by="MAE")


def test_the_defaults_are_the_settings_that_the_record_chose():
    """The page's first table says so of FunkSVD."""
    model = FunkSVD()
    settings = model.n_factors, model.n_epochs, model.learning_rate, model.penalty
    assert settings == (100, 60, 0.008, 0.1)
