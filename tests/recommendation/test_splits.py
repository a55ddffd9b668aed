"""Splits that say how many users they can judge."""

import pandas as pd
import pytest

from mlmastery.recommendation import split_by_time, split_by_user, split_random

SPLITS = [split_random, split_by_user, split_by_time]


@pytest.mark.parametrize("split", SPLITS)
def test_parts_are_disjoint_and_complete(split, table):
    parts = split(table, min_users=1)
    together = pd.concat([parts.train, parts.test]).sort_index()
    pd.testing.assert_frame_equal(together, table)
    assert len(parts.test) == pytest.approx(0.2 * len(table), rel=0.1)


@pytest.mark.parametrize("split", SPLITS)
def test_too_few_users_are_refused_unless_told(split, table):
    with pytest.raises(
        ValueError, match=r"can judge \d+ users, min_users asks for 100"
    ):
        split(table)
    assert split(table, min_users=30).n_evaluable >= 30


def test_each_user_loses_the_last_ratings(table):
    parts = split_by_user(table, 0.25, min_users=1)
    for user, own in table.groupby("user_id"):
        held = parts.test[parts.test["user_id"] == user]
        kept = parts.train[parts.train["user_id"] == user]
        assert len(held) == len(own) // 4
        assert held["timestamp"].min() > kept["timestamp"].max()


def test_time_divides_all_users_at_one_moment(table):
    parts = split_by_time(table, min_users=1)
    assert parts.test["timestamp"].min() > parts.train["timestamp"].max()


def test_ratings_of_one_second_keep_their_order():
    table = pd.DataFrame(
        {"user_id": 1, "movie_id": range(10), "rating": 4.0, "timestamp": 7}
    )
    assert split_by_user(table, min_users=1).test["movie_id"].tolist() == [8, 9]
    assert split_by_time(table, min_users=1).test["movie_id"].tolist() == [8, 9]


def test_a_user_with_too_few_ratings_has_none_held_out():
    table = pd.DataFrame(
        {
            "user_id": [1] * 4 + [2] * 5,
            "movie_id": range(9),
            "rating": 4.0,
            "timestamp": range(9),
        }
    )
    assert split_by_user(table, min_users=1).test["user_id"].tolist() == [2]


def test_evaluable_users_have_a_training_rating_and_a_liked_test_film():
    table = pd.DataFrame(
        {
            "user_id": [1, 2, 3, 3, 1, 2, 4],
            "movie_id": range(7),
            "rating": [4, 4, 4, 4, 5, 2, 5],
            "timestamp": range(7),
        }
    )
    # Held out: user 1 liked, user 2 did not, user 4 has no training rating.
    assert split_by_time(table, 3 / 7, min_users=1).n_evaluable == 1
    assert split_by_time(table, 3 / 7, like=2, min_users=1).n_evaluable == 2


def test_a_seed_repeats_and_another_differs(table):
    first, again, other = (
        split_random(table, random_state=seed, min_users=1).test for seed in (0, 0, 1)
    )
    assert first.index.equals(again.index)
    assert not first.index.equals(other.index)


@pytest.mark.parametrize("split", SPLITS)
def test_the_share_is_a_share(split, table):
    with pytest.raises(ValueError, match="share must lie between 0 and 1, got 20"):
        split(table, 20)


def test_a_share_is_rounded_down_as_on_paper():
    table = pd.DataFrame(
        {"user_id": 1, "movie_id": range(50), "rating": 4.0, "timestamp": range(50)}
    )
    # To the machine 0.58 * 50 is 28.999...
    assert len(split_by_user(table, 0.58, min_users=1).test) == 29
