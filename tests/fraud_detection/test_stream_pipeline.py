"""The pipeline: features as in the batch, duplicates, late events, and checkpoints."""

import json

import numpy as np
import pytest

from mlmastery.fraud_detection import FeatureState, batch_features, simulate
from mlmastery.fraud_detection.brokers import Delivery
from mlmastery.fraud_detection.events import events_of, route, to_json
from mlmastery.fraud_detection.learning import DayWatch, OnlineLearner
from mlmastery.fraud_detection.orders import ORDERS, consume, lost_and_doubled
from mlmastery.fraud_detection.pipeline import Pipeline, top_reason
from mlmastery.fraud_detection.queueing import mean_time_in_system, simulate_queue
from mlmastery.fraud_detection.scoring_models import (
    LinearModel,
    ModelError,
    load_model,
)
from mlmastery.fraud_detection.spoil import spoil
from mlmastery.fraud_detection.store import Seen
from mlmastery.fraud_detection.stream_tables import (
    feature_table,
    run_log,
    score_table,
    wide_faults,
)

MODEL = LinearModel({"amount": 0.02}, -5.0, "v1")
BASE = {"kind": "transaction", "customer": 3, "terminal": 8, "amount": 20.0}


def event(number, time, **more):
    return to_json(BASE | {"id": number, "time": time} | more)


@pytest.fixture(scope="module")
def world():
    return simulate(40, 80, 20, random_state=2)


@pytest.fixture(scope="module")
def lines(world):
    return [to_json(e) for e in events_of(world.transactions)]


def pipeline(world, **more):
    return Pipeline(MODEL, FeatureState(world.customers, world.terminals), **more)


@pytest.mark.parametrize("partitions", [1, 3])
def test_the_streams_features_equal_those_of_the_batch(world, lines, partitions):
    batch = batch_features(
        world.transactions, customers=world.customers, terminals=world.terminals
    )
    effects = [run_log(pipeline(world), log) for log in route(lines, partitions)]
    assert feature_table(score_table(effects)).equals(batch)


def test_scores_do_not_depend_on_the_size_of_the_batches(world, lines):
    whole = run_log(pipeline(world), lines).scores
    pipe, parts, seen = pipeline(world), [], {}

    def lookup(kind, ids):
        return {i: seen[kind, i] for i in ids if (kind, i) in seen}

    for start in range(0, len(lines), 7):
        deliveries = [
            Delivery(start + k + 1, p) for k, p in enumerate(lines[start : start + 7])
        ]
        parts += pipe.run(deliveries, lookup).scores
    assert parts == whole


def test_bad_events_change_nothing_but_their_counts(world, lines):
    clean = run_log(pipeline(world), lines)
    spoilt, _ = spoil(lines, each=6)
    bad = run_log(pipeline(world), spoilt)
    assert [row[:10] for row in bad.scores] == [row[:10] for row in clean.scores]
    assert bad.counts["duplicates"] == 6
    assert bad.counts["dead letters"] == len(bad.dead) == 24
    reasons = [reason for _, _, reason in bad.dead]
    for word in ("JSON object", "amount must", "its clock is wrong", "other content"):
        assert sum(word in reason for reason in reasons) == 6


def test_a_duplicate_in_the_same_batch_and_in_a_later_one_has_no_effect():
    lines = [event(1, 10), event(1, 10), event(2, 20)]
    pipe = Pipeline(MODEL)
    effects = run_log(pipe, lines)
    assert [row[0] for row in effects.scores] == [1, 2]
    counts = feature_table(score_table([effects]))["card_count_1d"]
    assert counts.tolist() == [1, 2]
    seen = {1: Seen(1, (10, 3, 8, 20.0), 0.1)}
    later = pipe.run(
        [Delivery(4, lines[0])], lambda kind, ids: seen if kind != "label" else {}
    )
    assert later.scores == []
    assert later.counts == {"duplicates": 1}


def test_a_label_that_comes_twice_counts_once():
    label = to_json(
        {"kind": "label", "id": 1, "time": 700_000, "transaction_time": 9}
        | {"customer": 3, "terminal": 8, "fraud": 1}
    )
    effects = run_log(Pipeline(MODEL), [label, label, event(2, 700_001)])
    risk = feature_table(score_table([effects]))
    assert risk.loc[2, "terminal_count_30d"] == 1
    assert effects.counts["duplicates"] == 1


def test_a_label_that_contradicts_the_first_is_a_dead_letter():
    label = {"kind": "label", "id": 1, "time": 9, "transaction_time": 9}
    label |= {"customer": 3, "terminal": 8}
    lines = [to_json(label | {"fraud": fraud}) for fraud in (0, 1)]
    effects = run_log(Pipeline(MODEL), lines)
    assert "other content" in effects.dead[0][2]
    assert effects.labels == [(1, 0, 1)]


def test_an_id_of_another_partition_is_a_dead_letter_at_the_same_offset_too():
    seen = {1: Seen(1, (10, 99, 8, 20.0), 0.1)}
    effects = Pipeline(MODEL).run(
        [Delivery(1, event(1, 10))], lambda kind, ids: seen if kind != "label" else {}
    )
    assert effects.scores == []
    assert "other content" in effects.dead[0][2]


def test_a_late_event_is_scored_marked_and_counted():
    lines = [event(1, 100_000), event(2, 100_000 - 3600), event(3, 100_000 - 3601)]
    effects = run_log(Pipeline(MODEL, lateness=3600), lines)
    assert [row[8] for row in effects.scores] == ["", "", "late"]
    assert effects.counts["late"] == 1
    # It counts from its arrival: the windows hold all three.
    assert feature_table(score_table([effects]))["card_count_1d"].tolist() == [1, 2, 3]


def test_a_clock_that_is_ahead_does_not_move_the_watermark():
    pipe = Pipeline(MODEL, ahead=300)
    run_log(pipe, [event(1, 1000, arrived=1000)])
    bad = run_log(pipe, [event(2, 1301, arrived=1000)], 2)
    assert pipe.latest == 1000
    assert "301 s later than its arrival" in bad.dead[0][2]
    fine = run_log(pipe, [event(3, 1300, arrived=1000)], 3)
    assert len(fine.scores) == 1
    assert pipe.latest == 1300


@pytest.mark.parametrize("change", [{"customer": 10**6}, {"terminal": 10**6}])
def test_an_unknown_card_or_terminal_is_scored_and_marked(world, lines, change):
    pipe = pipeline(world)
    run_log(pipe, lines[:200])
    latest = pipe.latest
    odd = [event(10**7 + k, latest + k, **change) for k in range(2)]
    effects = run_log(pipe, odd, 201)
    assert [row[8] for row in effects.scores] == ["unknown"] * 2
    table = feature_table(score_table([effects]))
    assert table["card_count_1d"].diff().iloc[1] == 1
    assert table["home_distance"].tolist() == [0, 0]
    assert effects.counts["unknown"] == 2
    if "customer" in change:
        assert table["card_count_30d"].tolist() == [1, 2]  # an empty history


def test_alerts_are_the_scores_from_the_threshold_on():
    lines = [event(1, 1, amount=250.0), event(2, 2, amount=249.0)]
    effects = run_log(Pipeline(MODEL, threshold=0.5), lines)
    assert [row[0] for row in effects.alerts] == [1]
    assert effects.alerts[0][5] == "amount"


@pytest.mark.parametrize("cut", [1, 333, 700])
def test_a_restored_pipeline_goes_on_byte_for_byte(world, lines, cut):
    def new():
        return pipeline(world, learner=OnlineLearner(), watch=DayWatch(5))

    deliveries = [Delivery(i, p) for i, p in enumerate(lines, 1)]
    whole = new()
    first, rest = whole.run(deliveries[:cut]), whole.run(deliveries[cut:])
    half = new()
    assert half.run(deliveries[:cut]).scores == first.scores
    revived = Pipeline(MODEL, learner=OnlineLearner(), watch=DayWatch(5))
    revived.restore(half.to_bytes())
    again = revived.run(deliveries[cut:])
    assert again.scores == rest.scores
    assert again.alarms == rest.alarms
    assert revived.to_bytes() == whole.to_bytes()


def test_an_event_is_late_behind_a_checkpoint_too():
    old, new = Pipeline(MODEL), Pipeline(MODEL)
    run_log(old, [event(1, 100_000)])
    new.restore(old.to_bytes())
    late = run_log(new, [event(2, 100_000 - 3601)], first=2)
    assert late.scores[0][8] == "late"
    assert late.counts["late"] == 1


def test_a_rebuilt_state_takes_the_scores_that_were_written():
    """After a swap the replay must not score again: the watch counts alerts."""
    lines = [event(1, 1, amount=400.0)]
    watch = DayWatch(5)
    pipe = Pipeline(LinearModel({}, -9.0, "v2"), watch=watch)
    seen = {1: Seen(1, (1, 3, 8, 400.0), 0.95)}
    pipe.run([Delivery(1, lines[0])], lambda k, ids: seen if k != "label" else {})
    assert watch.all_days == [[0, 1, 1]]


# --- learning and watching ----------------------------------------------------------


def test_the_learner_learns_each_label_once_and_none_that_is_unknown(world, lines):
    learner = OnlineLearner()
    effects = run_log(pipeline(world, learner=learner), lines)
    assert learner.model.n_learned == len(effects.scores)
    assert len(learner.waiting) == 0
    learner.label({"id": 10**9, "time": 10**9, "fraud": 1})
    assert learner.model.n_learned == len(effects.scores)


def test_a_label_that_comes_too_early_is_refused():
    learner = OnlineLearner(delay=100)
    learner.transaction({"id": 1, "time": 50}, np.zeros(21))
    learner.label({"id": 1, "time": 149, "fraud": 1})
    assert (learner.refused, learner.model.n_learned) == (1, 0)
    learner.label({"id": 1, "time": 150, "fraud": 1})
    assert learner.model.n_learned == 1


def test_days_before_the_reference_set_no_limits():
    numbers = [0, 1, 900, 50, 52, 48, 51, 49, 50, 90]
    rows = {}
    for skip in (0, 3):
        watch, rows[skip] = DayWatch(reference=5, skip=skip), []
        for day, n in enumerate([*numbers, 1]):
            for i in range(n):
                rows[skip] += watch.add(day * 86_400 + i, alert=True)
    assert rows[0] == []
    assert [row[0] for row in rows[3]] == [9, 9]


def test_the_watch_rings_on_days_that_are_over_and_never_in_the_reference():
    watch = DayWatch(reference=6)
    numbers = [50, 52, 48, 51, 300, 49, 50]
    rows = []
    for day, n in enumerate(numbers):
        for i in range(n):
            rows += watch.add(day * 86_400 + i, alert=False)
    assert rows == []
    for i in range(2000):
        rows += watch.add(7 * 86_400 + i, alert=False)
    assert rows == []
    rows += watch.add(8 * 86_400, alert=False)
    assert [(row[0], row[1], row[3]) for row in rows] == [(7, "transactions", "high")]


# --- models -------------------------------------------------------------------------


def test_a_changed_model_is_refused(tmp_path):
    MODEL.save(tmp_path)
    path = tmp_path / "linear.json"
    body = json.loads(path.read_text())
    path.write_text(json.dumps(body | {"intercept": 5.0}))
    with pytest.raises(ModelError, match="its checksum is wrong"):
        load_model(tmp_path)
    path.write_text("{")
    with pytest.raises(ModelError, match="is damaged"):
        load_model(tmp_path)


def test_a_model_with_unknown_features_is_refused():
    with pytest.raises(ModelError, match="unknown features"):
        LinearModel({"colour": 1.0}, 0.0, "v1")


def test_a_model_whose_scores_are_no_probabilities_is_refused(tmp_path, monkeypatch):
    MODEL.save(tmp_path)
    monkeypatch.setattr(
        LinearModel, "score", lambda self, rows: np.array([0.1, np.nan])
    )
    with pytest.raises(ModelError, match="outside 0 to 1"):
        load_model(tmp_path)


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="holds no model"):
        load_model(tmp_path)


def test_trees_are_loaded_checked_and_give_reasons(tmp_path, world):
    from mlmastery.fraud_detection import train_model
    from mlmastery.fraud_detection.features import FEATURES

    batch = batch_features(world.transactions)
    model = train_model(world.transactions, batch)
    model.save(tmp_path)
    loaded = load_model(tmp_path)
    assert loaded.version == model.version
    row = batch.iloc[int(np.argmax(batch["amount"]))].to_numpy()
    assert top_reason(loaded, row) in FEATURES
    content = bytearray((tmp_path / "model.ubj").read_bytes())
    content[99] ^= 1
    (tmp_path / "model.ubj").write_bytes(content)
    with pytest.raises(ModelError, match="SHA-256"):
        load_model(tmp_path)


# --- orders and queues --------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "lost", "doubled"),
    [
        ("commit first", 3, 0),
        ("write first", 0, 3),
        ("mark first", 3, 0),
        ("write by key", 0, 0),
        ("together", 0, 0),
    ],
)
def test_what_kills_between_two_steps_cost(order, lost, doubled):
    log = list(range(1, 51))
    rows = consume(log, order, kill_at=[1, 20, 50])
    assert lost_and_doubled(rows, log) == (lost, doubled)


@pytest.mark.parametrize("order", ORDERS)
def test_without_kills_every_order_is_right(order):
    assert consume([3, 1, 2], order) == [3, 1, 2]


def test_an_unknown_order_is_refused():
    with pytest.raises(ValueError, match="order must be one of"):
        consume([1], "hope")


@pytest.mark.parametrize("load", [0.2, 0.6, 0.85])
def test_the_simulated_queue_agrees_with_the_formula(load):
    times = simulate_queue(load, 200_000, random_state=3)
    assert times.mean() == pytest.approx(mean_time_in_system(load), rel=0.1)


def test_the_first_event_never_waits():
    rng = np.random.default_rng(5)
    assert simulate_queue(0.9, 1, random_state=5)[0] == rng.exponential(1.0, 1)[0]


def test_the_wide_table_has_a_row_a_fault_and_a_column_a_broker():
    import pandas as pd

    rows = [
        {"fault": f, "broker": b, "struck": 2, "lost": 1, "doubled": 3}
        for f, b in (("z", "redis"), ("a", "sqlite"), ("z", "sqlite"))
    ]
    wide = wide_faults(pd.DataFrame(rows))
    assert wide.index.tolist() == ["z", "a"]
    assert wide.columns.tolist() == ["sqlite", "redis"]
    assert wide.loc["a", "redis"] == "–"
    assert wide.loc["z", "redis"] == "2: 1, 3"
