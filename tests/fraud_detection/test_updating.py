"""Policies of retraining: no label before it is known, feedback as it comes."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.fraud_detection.updating import (
    Feedback,
    Refit,
    appears,
    fit_boosted,
    follow_feedback,
    follow_refits,
    on_alarm,
    weekly,
)


class Spy:
    """A model that remembers what it was trained on; its score is the first column."""

    def __init__(self):
        self.seen = []

    def __call__(self, X, fraud, weight=None):
        self.seen.append((X.copy(), np.array(fraud), weight))
        turn = len(self.seen)
        return lambda new: new[:, 0] + 1000 * turn


@pytest.fixture
def stream():
    day = np.repeat(np.arange(42), 10)
    X = np.column_stack([np.tile(np.arange(10.0), 42), day])
    fraud = np.tile([0, 1, 0, 0, 0, 0, 0, 0, 0, 1], 42)
    return X, fraud, day


def test_a_scenario_begins_on_its_day():
    table = pd.DataFrame({"scenario": [4, 0, 3, 4, 4], "id": range(5)})
    later = appears(table, [0, 1, 1, 2, 3], 4, 2)
    assert later["id"].tolist() == [1, 2, 3, 4]
    assert later.index.tolist() == [0, 1, 2, 3]


def test_weekly_uses_the_newest_known_days():
    plan = weekly(20, 35, window=7, delay_days=7)
    assert plan == [Refit(20, 6, 13), Refit(27, 13, 20), Refit(34, 20, 27)]
    assert weekly(8, 9, window=14)[0] == Refit(8, 0, 1)
    assert weekly(20, 24, window=3, delay_days=0, every=2)[1] == Refit(22, 19, 22)


def test_an_alarm_is_answered_once_and_after_its_wait():
    start = Refit(56, 42, 49)
    plan = on_alarm(start, [60, 61, 73, 74, 90], window=14, wait=3, pause=14)
    assert plan == [start, Refit(63, 42, 56), Refit(77, 56, 70), Refit(93, 72, 86)]
    assert on_alarm(start, [], window=7) == [start]
    assert on_alarm(start, [50], window=7) == [start]


def test_each_day_is_scored_by_the_model_of_its_day(stream):
    X, fraud, day = stream
    spy = Spy()
    run = follow_refits(X, fraud, day, [Refit(20, 3, 13), Refit(30, 10, 23)], spy)
    assert run.refits == 2
    assert run.cpu_seconds >= 0
    assert np.isnan(run.scores[day < 20]).all()
    assert (run.scores[(day >= 20) & (day < 30)] // 1000 == 1).all()
    assert (run.scores[day >= 30] // 1000 == 2).all()
    days = [(seen[0][:, 1].min(), seen[0][:, 1].max()) for seen in spy.seen]
    assert days == [(3, 12), (10, 22)]


def test_a_label_that_is_not_known_is_refused(stream):
    X, fraud, day = stream
    with pytest.raises(ValueError, match="model of day 20 is trained on day 13"):
        follow_refits(X, fraud, day, [Refit(20, 3, 14)], Spy())
    follow_refits(X, fraud, day, [Refit(20, 3, 14)], Spy(), delay_days=6)


def test_all_labels_are_weekly_retraining(stream):
    X, fraud, day = stream
    one, other = Spy(), Spy()
    start = Refit(14, 0, 7)
    follow_refits(X, fraud, day, [start, *weekly(21, 42, window=14)], one)
    follow_feedback(X, fraud, day, Feedback("all"), start=start, end=42, fit=other)
    assert len(one.seen) == len(other.seen) == 4
    for a, b in zip(one.seen, other.seen, strict=True):
        np.testing.assert_array_equal(a[0], b[0])
        np.testing.assert_array_equal(a[1], b[1])
        assert (b[2] == 1).all()


def feed(stream, labels, **settings):
    X, fraud, day = stream
    spy = Spy()
    feedback = Feedback(labels, alerts_a_day=3, **settings)
    run = follow_feedback(
        X, fraud, day, feedback, start=Refit(14, 0, 7), end=42, window=7, fit=spy
    )
    assert run.refits == 4
    assert not np.isnan(run.scores[day >= 14]).any()
    return spy.seen[-1]  # trained on days 28 to 34, all of them served


def test_unalerted_fraud_is_learned_as_genuine(stream):
    X, fraud, weight = feed(stream, "alerts, rest genuine")
    assert len(X) == 70
    assert (weight == 1).all()
    assert fraud[X[:, 0] == 9].all()  # among the three highest scores of its day
    assert not fraud[X[:, 0] == 1].any()  # a fraud that was not alerted


def test_alerts_alone_are_learned(stream):
    X, fraud, weight = feed(stream, "alerts")
    assert sorted(set(X[:, 0])) == [7, 8, 9]
    assert len(X) == 21
    assert fraud.sum() == 7
    assert (weight == 1).all()


def test_the_audit_is_weighted_by_its_inverse(stream):
    X, fraud, weight = feed(stream, "alerts and audit", audit=0.25)
    alerted = X[:, 0] >= 7
    assert alerted.sum() == 21
    assert (weight[alerted] == 1).all()
    assert 3 <= (~alerted).sum() <= 25
    assert (weight[~alerted] == 4).all()
    assert (fraud[X[:, 0] == 1] == 1).all()  # what the audit finds is the truth


def test_feedback_checks_its_settings():
    with pytest.raises(ValueError, match="labels"):
        Feedback("some")
    with pytest.raises(ValueError, match="audit"):
        Feedback("alerts", audit=0)
    with pytest.raises(ValueError, match="alerts_a_day"):
        Feedback("alerts", alerts_a_day=0)


def test_boosted_trees_learn_weights_and_want_both_classes():
    X = np.arange(100.0)[:, None]
    fraud = X[:, 0] >= 50
    weight = np.where(X[:, 0] < 60, 1, 1000)
    assert fit_boosted(X, fraud)(X)[70] > 0.9 > 0.1 > fit_boosted(X, fraud)(X)[20]
    noisy = np.tile([0, 1], 50)
    heavy = np.where(noisy, 9.0, 1.0)
    assert fit_boosted(X * 0, noisy, heavy)(X * 0)[0] == pytest.approx(0.9, abs=0.02)
    assert len(weight) == 100
    with pytest.raises(ValueError, match="both 0 and 1"):
        fit_boosted(X, np.zeros(100))


@pytest.mark.parametrize("labels", [[0, 1], [0, np.nan] * 10, [0, 2] * 10, [1] * 20])
def test_labels_that_no_booster_can_learn_are_told(labels):
    with pytest.raises(ValueError, match="fraud must hold both 0 and 1"):
        fit_boosted(np.ones((20, 1)), labels)


def test_refits_must_be_in_order():
    X, fraud = np.arange(50.0)[:, None], np.arange(50) % 2
    day = np.repeat(np.arange(5), 10)
    for refits in ([], [Refit(3, 0, 2), Refit(2, 0, 1)]):
        with pytest.raises(ValueError, match="rising days"):
            follow_refits(X, fraud, day, refits, delay_days=0)


def test_a_calendar_cannot_begin_before_the_first_label():
    with pytest.raises(ValueError, match="no label is known"):
        weekly(7, 20, window=7)
    assert weekly(8, 9, window=7) == [Refit(8, 0, 1)]


def test_a_scenario_appears_in_rows_with_a_day_each():
    with pytest.raises(ValueError, match="day must hold 1 days"):
        appears(pd.DataFrame({"scenario": [0]}), [0, 1], 1, 1)
