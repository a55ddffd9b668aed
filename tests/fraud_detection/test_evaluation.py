"""Rankings, folds and thresholds."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve

from mlmastery.fraud_detection import (
    Costs,
    average_precision,
    card_precision,
    card_precision_oracle,
    daily_average_precision,
    day_of,
    expected_cost,
    precision_recall,
    prequential_folds,
    split_at,
    threshold_for,
    trapezoid_area,
)


@pytest.mark.parametrize("ties", [3, 20, 10_000])
def test_average_precision_is_that_of_scikit_learn(ties):
    rng = np.random.default_rng(ties)
    fraud = rng.random(500) < 0.1
    scores = rng.integers(0, ties, 500) + fraud
    wanted = average_precision_score(fraud, scores)
    assert average_precision(fraud.astype(int), scores) == pytest.approx(
        wanted, abs=1e-12
    )


def test_points_are_those_of_scikit_learn():
    fraud, scores = np.array([0, 1, 0, 1, 1]), np.array([0.1, 0.4, 0.4, 0.9, 0.05])
    precision, recall, _ = precision_recall_curve(fraud, scores)
    ours = precision_recall(fraud, scores)
    np.testing.assert_allclose(ours[0], precision[-2::-1])
    np.testing.assert_allclose(ours[1], recall[-2::-1])


def test_a_constant_score_knows_nothing_and_trapezoids_flatter_it():
    fraud = np.array([1] * 5 + [0] * 95)
    assert average_precision(fraud, np.ones(100)) == pytest.approx(0.05)
    assert trapezoid_area(fraud, np.ones(100)) == pytest.approx(0.525)


def test_days_without_fraud_are_left_out():
    scores = daily_average_precision([1, 1, 2, 2], [1, 0, 0, 0], [1, 2, 1, 2])
    assert scores.to_dict() == {1: 0.5}


def test_found_cards_are_blocked_and_missed_ones_stay():
    day = [1, 1, 2, 2, 3, 3]
    card = [7, 8, 7, 8, 7, 8]
    fraud = [1, 0, 1, 1, 1, 1]
    score = [0.9, 0.1, 0.9, 0.5, 0.9, 0.5]
    assert card_precision(day, card, fraud, score, k=1).tolist() == [1, 1, 0]
    missed = card_precision([1, 1, 2], [7, 8, 7], [1, 0, 1], [0.1, 0.9, 0.9], k=1)
    assert missed.tolist() == [0, 1]


def test_a_card_has_its_highest_score_and_any_of_its_frauds():
    found = card_precision([1, 1, 1], [7, 7, 8], [0, 1, 0], [0.9, 0.1, 0.5], k=1)
    assert found.tolist() == [1]


def test_the_oracle_is_a_ceiling():
    rng = np.random.default_rng(0)
    day, card = rng.integers(0, 5, 400), rng.integers(0, 60, 400)
    fraud = (rng.random(400) < 0.1).astype(int)
    best = card_precision_oracle(day, card, fraud, k=20).sum()
    assert best == pytest.approx(len(set(card[fraud == 1])) / 20)
    for seed in range(5):
        scores = np.random.default_rng(seed).random(400)
        assert card_precision(day, card, fraud, scores, k=20).sum() <= best + 1e-9


@pytest.mark.parametrize(
    ("fraud", "scores", "message"),
    [
        ([0, 1], [0.5], "one length"),
        ([0, 2], [0.5, 0.1], "0 and 1"),
        ([0, 0], [0.5, 0.1], "at least one"),
        ([0, 1], [0.5, np.nan], "scores"),
    ],
)
def test_labels_and_scores_that_do_not_fit(fraud, scores, message):
    with pytest.raises(ValueError, match=message):
        average_precision(fraud, scores)


def test_k_is_positive():
    with pytest.raises(ValueError, match="k must be"):
        card_precision([1], [1], [1], [1.0], k=0)


def table(days, cards, fraud):
    time = pd.Timestamp("2018-04-01") + pd.to_timedelta(days, "D")
    frame = pd.DataFrame({"time": time, "customer": cards, "fraud": fraud})
    return frame.sort_values("time").assign(id=range(len(frame)))


def test_a_fold_waits_for_the_labels(cards):
    fold = split_at(cards, 10, train_days=5, delay_days=4, test_days=3)
    day = day_of(cards["time"])
    assert set(day[fold.train]) == set(range(10, 15))
    assert set(day[fold.test]) == {19, 20, 21}


def test_a_card_leaves_the_test_when_its_fraud_is_known():
    # Trained on day 0, delay 2, judged on days 3 to 5; card 5 has its first fraud on day 1.
    days = [0, 0, 0, 1, 3, 3, 4, 4, 5, 5]
    cards = [1, 2, 5, 5, 1, 5, 5, 2, 5, 2]
    fraud = [1, 0, 0, 1, 0, 1, 1, 0, 1, 1]
    rows = table(days, cards, fraud)
    sizes = {"train_days": 1, "delay_days": 2, "test_days": 3}
    fold = split_at(rows, 0, **sizes)
    kept = rows.iloc[fold.test]
    # Card 1 is known at once; card 5 stays on day 3, when day 1 is not yet known.
    seen = list(zip(day_of(rows["time"])[fold.test], kept["customer"], strict=True))
    assert sorted(seen) == [(3, 5), (4, 2), (5, 2)]
    assert len(split_at(rows, 0, **sizes, remove_known=False).test) == 6


def test_fraud_before_the_training_does_not_remove_a_card():
    # As in the Handbook: card 1 had fraud on day 0, training is day 1.
    rows = table([0, 1, 1, 3, 3], [1, 1, 2, 1, 2], [1, 0, 0, 0, 1])
    sizes = {"train_days": 1, "delay_days": 1, "test_days": 1}
    assert split_at(rows, 1, **sizes).test.tolist() == [3, 4]


def test_the_share_is_over_k_where_fewer_cards_pay():
    assert card_precision([1, 1], [7, 8], [1, 0], [0.9, 0.1], k=10).tolist() == [0.1]


def test_numbers_of_cards_may_be_any():
    days, fraud = [0, 0, 0, 3, 3, 3], [1, 0, 0, 0, 1, 0]
    sizes = {"train_days": 1, "delay_days": 2, "test_days": 1}
    for cards in ([-1, 5, 6], [0, 1, 2], [10**12, 7, 8]):
        fold = split_at(table(days, cards * 2, fraud), 0, **sizes)
        assert fold.test.tolist() == [4, 5]


def test_folds_end_at_the_last_day(cards):
    folds = prequential_folds(cards, 3)
    day = day_of(cards["time"])
    assert [day[test].max() for _, test in folds] == [45, 52, 59]
    for train, test in folds:
        assert day[train].max() + 8 == day[test].min()


def test_periods_must_fit(cards):
    with pytest.raises(ValueError, match="do not fit into 60 days"):
        split_at(cards, 40)
    with pytest.raises(ValueError, match="do not fit"):
        prequential_folds(cards, 9)
    with pytest.raises(ValueError, match="at least one row"):
        split_at(cards.head(0), 0)
    with pytest.raises(ValueError, match="first must be a whole number"):
        split_at(cards, 0.5)


def test_thresholds_give_as_many_alerts():
    scores = np.random.default_rng(0).random(700)
    limit = threshold_for(scores, n_days=7, alerts_a_day=10)
    assert (scores > limit).sum() == 70
    assert (scores > threshold_for(scores, 7, 1000)).all()
    assert (scores > threshold_for(scores, 7, 100)).all()
    assert (np.ones(9) > threshold_for(np.ones(9), 1, 3)).sum() == 0


@pytest.mark.parametrize("rate", [0, -1, np.nan])
def test_rates_are_positive(rate):
    with pytest.raises(ValueError, match="alerts_a_day"):
        threshold_for([0.5], 1, rate)


@pytest.mark.parametrize("scores", [[], [0.1, np.nan]])
def test_a_threshold_needs_scores(scores):
    with pytest.raises(ValueError, match="scores must hold"):
        threshold_for(scores, 1, 1)


def test_costs_are_of_rows_that_fit():
    with pytest.raises(ValueError, match="one length"):
        expected_cost([1], [1.0, 2.0], [1], Costs(4.0))
    for amount in (-1.0, np.nan):
        with pytest.raises(ValueError, match="no negative and no missing"):
            expected_cost([1], [amount], [1], Costs(4.0))


def test_cost_by_hand():
    fraud, amount = [1, 0, 1, 0], [80.0, 20.0, 50.0, 10.0]
    assert expected_cost(fraud, amount, [1, 1, 0, 0], Costs(4.0)) == 2 * 4 + 50
    half = expected_cost(fraud, amount, [1, 1, 0, 0], Costs(4.0, saved=0.5))
    assert half == 2 * 4 + 50 + 40
