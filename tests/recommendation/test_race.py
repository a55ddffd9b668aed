"""The race: Surprise's folds, rows in its order, and what was recorded."""

import numpy as np
import pytest
from surprise import BaselineOnly, Dataset, Reader
from surprise.model_selection import KFold

from mlmastery.ledger import figures_table
from mlmastery.recommendation import Baseline, rmse
from mlmastery.recommendation.race import PublishedFolds, SurpriseModel, race_ratings

PUBLISHED = {  # those without a random start
    "Slope One": 0.946,
    "k-NN": 0.98,
    "centred k-NN": 0.951,
    "k-NN baseline": 0.931,
    "baseline": 0.944,
}
STARTED = {"SVD": 0.934, "SVD++": 0.919, "NMF": 0.963, "co-clustering": 0.963}


def test_folds_are_those_of_the_library(table):
    data = Dataset.load_from_df(table[["user_id", "movie_id", "rating"]], Reader())
    theirs = KFold(5, random_state=0).split(data)
    for (rows, held), (train, test) in zip(
        PublishedFolds().split(table), theirs, strict=True
    ):
        ours = table.iloc[held]
        assert [tuple(row[:2]) for row in test] == list(
            zip(ours["user_id"], ours["movie_id"], strict=True)
        )
        first = table.iloc[rows[0]]
        assert train.to_raw_uid(0) == first["user_id"]
        assert len(rows) == train.n_ratings
        assert not set(rows) & set(held)


def test_fewer_folds_are_the_first_ones(table):
    folds = PublishedFolds(2)
    assert folds.get_n_splits() == 2
    for two, five in zip(
        folds.split(table), PublishedFolds().split(table), strict=False
    ):
        np.testing.assert_array_equal(two[1], five[1])
    with pytest.raises(
        ValueError, match="n_run must be a whole number from 1 to 5, got 6"
    ):
        PublishedFolds(6)


def test_a_race_scores_each_fold_on_what_was_held_out(table):
    models = {"ours": Baseline(), "theirs": SurpriseModel(BaselineOnly(verbose=False))}
    contest = race_ratings(models, table, n_folds=2)
    assert contest.scores.shape == (2, 2)
    np.testing.assert_allclose(contest.scores["ours"], contest.scores["theirs"])
    rows, held = next(PublishedFolds().split(table))
    model = Baseline().fit(table.iloc[rows])
    expected = rmse(table["rating"].iloc[held], model.predict_many(table.iloc[held]))
    assert contest.scores["ours"][0] == pytest.approx(expected)


def test_the_recorded_table_is_the_published_one_and_ours_are_below():
    recorded = figures_table("recommendation")
    value = recorded.loc[recorded["metric"] == "RMSE", "value"]
    for name, published in PUBLISHED.items():
        assert value[f"Surprise {name}, RMSE"] == pytest.approx(published, abs=0.0006)
    for name, published in STARTED.items():
        assert value[f"Surprise {name}, RMSE"] == pytest.approx(published, abs=0.003)
    for name in ("ours, FunkSVD", "ours, SVD++"):
        assert value[f"{name}, RMSE"] <= 0.912
        gain = recorded.loc[f"{name} − Surprise SVD++"]
        assert gain["value"] + gain["spread"] < 0
