"""Online learning: scores before labels, state as numbers, the queue of labels."""

import numpy as np
import pytest
from river import linear_model, preprocessing

from mlmastery.fraud_detection.online import (
    LabelError,
    OnlineScorer,
    PendingLabels,
    RiverScorer,
    follow_stream,
)

NAMES = ["amount", "risk", "night"]


@pytest.fixture
def stream():
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.gamma(2, 30, 300), rng.random(300), np.zeros(300)])
    fraud = (rng.random(300) < 0.1 + 0.5 * (X[:, 1] > 0.7)).astype(int)
    return X, fraud, np.arange(300) * 3600.0


def learned(X, fraud):
    model = OnlineScorer(NAMES)
    for x, y in zip(X, fraud, strict=True):
        model.learn_one(x, y)
    return model


def test_equals_river_pipeline_that_learns_in_the_same_order(stream):
    X, fraud, _ = stream
    model = learned(X, fraud)
    scaler, line = preprocessing.StandardScaler(), linear_model.LogisticRegression()
    for x, y in zip(X, fraud, strict=True):
        named = dict(zip(NAMES, x, strict=True))
        scaler.learn_one(named)
        line.learn_one(scaler.transform_one(named), bool(y))
    for x in X[:20]:
        named = scaler.transform_one(dict(zip(NAMES, x, strict=True)))
        assert model.score_one(x) == line.predict_proba_one(named)[True]


def test_many_rows_score_as_one_by_one(stream):
    X, fraud, _ = stream
    model = learned(X, fraud)
    one_by_one = [model.score_one(x) for x in X]
    np.testing.assert_allclose(model.score(X), one_by_one, rtol=1e-12)


def test_saved_model_scores_and_learns_exactly_as_before(stream):
    X, fraud, _ = stream
    model = learned(X[:150], fraud[:150])
    again = OnlineScorer.from_bytes(model.to_bytes())
    assert again.version == model.version == "online-150"
    for x, y in zip(X[150:], fraud[150:], strict=True):
        assert again.score_one(x) == model.score_one(x)
        model.learn_one(x, y)
        again.learn_one(x, y)
    assert again.to_bytes() == model.to_bytes()


def test_saved_state_is_json_and_refuses_another_format():
    with pytest.raises(ValueError, match="format 1"):
        OnlineScorer.from_bytes(b'{"format": 2}')
    with pytest.raises(ValueError, match="format 1"):
        OnlineScorer.from_bytes(b"[]")


@pytest.mark.parametrize(
    ("features", "message"),
    [([1.0, 2.0], "3 numbers, got 2"), ([1.0, np.nan, 0.0], "finite")],
)
def test_refuses_bad_features(features, message):
    with pytest.raises(ValueError, match=message):
        OnlineScorer(NAMES).score_one(features)


def test_refuses_bad_labels_and_names():
    with pytest.raises(ValueError, match="fraud must be 0 or 1, got 2"):
        OnlineScorer(NAMES).learn_one([1.0, 2.0, 3.0], 2)
    with pytest.raises(ValueError, match="different names"):
        OnlineScorer(["a", "a"])


def test_no_score_has_seen_its_own_label(stream):
    X, fraud, seconds = stream
    at_once = follow_stream(OnlineScorer(NAMES), X, fraud, seconds, 0)
    changed = fraud.copy()
    changed[200] = 1 - changed[200]
    other = follow_stream(OnlineScorer(NAMES), X, changed, seconds, 0)
    np.testing.assert_array_equal(at_once[:201], other[:201])
    assert at_once[201] != other[201]


def test_delayed_label_changes_nothing_before_it_is_known(stream):
    X, fraud, seconds = stream
    late = follow_stream(OnlineScorer(NAMES), X, fraud, seconds, 2)
    changed = fraud.copy()
    changed[100] = 1 - changed[100]
    other = follow_stream(OnlineScorer(NAMES), X, changed, seconds, 2)
    # Two days are 48 hourly transactions: the label comes before the 148th is scored.
    assert np.flatnonzero(late != other)[0] == 148
    assert (late[:48] == 0.5).all()


def test_follow_stream_checks_its_arrays(stream):
    X, fraud, seconds = stream
    with pytest.raises(ValueError, match="rising order"):
        follow_stream(OnlineScorer(NAMES), X, fraud, seconds[::-1])
    with pytest.raises(ValueError, match="same number"):
        follow_stream(OnlineScorer(NAMES), X, fraud[1:], seconds)
    with pytest.raises(ValueError, match="delay_days"):
        follow_stream(OnlineScorer(NAMES), X, fraud, seconds, -1)


def test_label_is_learned_once_and_told_otherwise():
    waiting = PendingLabels()
    waiting.put(1, [2.0], known_after=10)
    with pytest.raises(LabelError, match="before 10"):
        waiting.take(1, now=9)
    assert waiting.take(1, now=10).tolist() == [2.0]
    with pytest.raises(LabelError, match="duplicate"):
        waiting.take(1, now=11)
    with pytest.raises(LabelError, match="no features"):
        waiting.take(2, now=11)
    with pytest.raises(LabelError, match="already"):
        waiting.put(1, [2.0], known_after=20)


def test_queue_is_bounded_and_counts_what_it_dropped():
    waiting = PendingLabels(limit=2, remember=1)
    for number in range(4):
        waiting.put(number, [number], known_after=0)
    assert (len(waiting), waiting.dropped) == (2, 2)
    assert 1 not in waiting
    assert 2 in waiting
    waiting.take(2, now=0)
    waiting.take(3, now=0)
    with pytest.raises(LabelError, match="no features"):
        waiting.take(2, now=0)  # only the last id is remembered


def test_queue_keeps_its_own_copy_of_the_features():
    row = np.array([1.0])
    waiting = PendingLabels()
    waiting.put(1, row, known_after=0)
    row[0] = 9.0
    assert waiting.take(1, now=0).tolist() == [1.0]


def test_saved_queue_continues():
    waiting = PendingLabels(limit=3)
    for number in range(5):
        waiting.put(number, [number, 1.0], known_after=number)
    waiting.take(2, now=2)
    again = PendingLabels.from_bytes(waiting.to_bytes())
    assert (len(again), again.dropped, again.limit) == (2, 2, 3)
    assert again.take(4, now=4).tolist() == [4.0, 1.0]
    with pytest.raises(LabelError, match="duplicate"):
        again.take(2, now=9)
    with pytest.raises(LabelError, match="before 3"):
        again.take(3, now=2)
    empty = PendingLabels.from_bytes(PendingLabels().to_bytes())
    assert len(empty) == 0


def test_half_space_trees_do_not_look_at_labels(stream):
    from river import anomaly

    X, fraud, seconds = stream
    X = X / X.max(axis=0).clip(1)
    scores = [
        follow_stream(
            RiverScorer(anomaly.HalfSpaceTrees(seed=0, window_size=20), NAMES),
            X,
            labels,
            seconds,
            0,
        )
        for labels in (fraud, 1 - fraud)
    ]
    np.testing.assert_array_equal(*scores)
    assert len(set(scores[0])) > 10


def test_a_time_that_is_no_number_never_releases_a_label():
    waiting = PendingLabels()
    waiting.put(1, [1.0], known_after=5)
    with pytest.raises(LabelError, match="before 5"):
        waiting.take(1, now=float("nan"))
    with pytest.raises(ValueError, match="known_after must be"):
        waiting.put(2, [1.0], known_after=float("nan"))
    assert 1 in waiting
    assert 2 not in waiting


@pytest.mark.parametrize("row", [[1.0, np.nan], [1.0], [], "a"])
def test_features_that_could_not_be_saved_are_refused(row):
    waiting = PendingLabels()
    waiting.put(1, [1.0, 2.0], known_after=5)
    with pytest.raises(ValueError, match="features must"):
        waiting.put(2, row, known_after=5)
    assert len(PendingLabels.from_bytes(waiting.to_bytes())) == 1


@pytest.mark.parametrize("data", [b"xx", b"[]", b'{"format": 1}', b'{"format": 2}'])
def test_bytes_of_no_scorer_are_told(data):
    with pytest.raises(ValueError, match="data must be an OnlineScorer"):
        OnlineScorer.from_bytes(data)


@pytest.mark.parametrize(
    ("fraud", "seconds"),
    [([0, 0.5], [0, 1]), ([0, np.nan], [0, 1]), ([0, 1], [0, np.nan])],
)
def test_half_a_label_is_not_learned_as_none(fraud, seconds):
    with pytest.raises(ValueError, match=r"fraud must|seconds must"):
        follow_stream(OnlineScorer(["a"]), np.ones((2, 1)), fraud, seconds)
