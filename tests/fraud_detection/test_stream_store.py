"""The store: all or nothing, one owner, and a disk that is full."""

import contextlib
import sqlite3
from dataclasses import replace

import pytest

from mlmastery.fraud_detection.brokers import BrokerMoved
from mlmastery.fraud_detection.faults import prepare
from mlmastery.fraud_detection.producer import Producer
from mlmastery.fraud_detection.scorer import (
    Scorer,
    bucket_of,
    make_pipeline,
    read_places,
)
from mlmastery.fraud_detection.scoring_models import LinearModel
from mlmastery.fraud_detection.store import Effects, FencedError, Store, StoreFull

ROW = (1, 10, 3, 8, 20.0, b"", 0.5, None, "", "v1", 0, 1)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def fence(store):
    return store.take(0, "me", 60)


@pytest.fixture
def setting(tmp_path):
    return prepare(tmp_path / "s", partitions=1, cards=20, days=10, rate=0)


def filled(setting):
    """Return a broker that holds all events."""
    broker = setting.config.open_broker()
    Producer(setting.config, broker).run()
    return broker


# --- writing ------------------------------------------------------------------------


def test_a_batch_is_written_whole(store, fence):
    effects = Effects(offset=7, scores=[ROW], dead=[(2, b"x", "why")])
    effects.count("scored", 3)
    store.write(0, fence, effects, b"state", latencies={3: 2})
    store.write(0, fence, Effects(offset=9), latencies={3: 1})
    assert store.position(0) == 9
    assert store.checkpoint(0) == (7, b"state")
    assert store.counts() == {"scored": 3}
    assert store.latencies() == {3: 3}
    assert store.table("dead_letters") == [(0, 2, b"x", "why")]


def test_a_failed_batch_leaves_nothing(store, fence):
    effects = Effects(offset=7, scores=[ROW], alarms=[("too", "short")])
    effects.count("scored")
    with pytest.raises(sqlite3.OperationalError):
        store.write(0, fence, effects)
    assert (store.size("scores"), store.position(0), store.counts()) == (0, 0, {})


def test_a_row_keeps_what_was_written_first(store, fence):
    store.write(0, fence, Effects(offset=1, scores=[ROW]))
    other = (*ROW[:6], 0.9, *ROW[7:])
    store.write(0, fence, Effects(offset=2, scores=[other]))
    assert store.table("scores") == [ROW]


def test_a_damaged_checkpoint_counts_as_none(store, fence):
    store.write(0, fence, Effects(offset=5), b"state")
    store.connection.execute("UPDATE checkpoints SET state = x'00'")
    assert store.checkpoint(0) == (0, None)


def test_ids_are_seen_with_their_offsets_and_contents(store, fence):
    effects = Effects(offset=2, scores=[ROW], labels=[(1, 1, 2)])
    store.write(0, fence, effects)
    assert store.seen(0, "transaction", [1, 2])[1].content == (10, 3, 8, 20.0)
    assert store.seen(0, "label", [1])[1].offset == 2
    assert store.seen(1, "label", [1]) == {}  # labels are written to each partition


def test_results_tell_any_difference(store, fence, tmp_path):
    before = store.results()
    store.write(0, fence, Effects(offset=1))
    assert store.results() != before


def test_the_newest_alerts_come_first(store, fence):
    alerts = [(i, 100 - i, 3, 5.0, 0.9, "amount", "v1") for i in range(5)]
    store.write(0, fence, Effects(offset=1, alerts=alerts))
    assert [a["id"] for a in store.newest_alerts(2)] == [0, 1]


# --- who may write ------------------------------------------------------------------


def test_a_lease_keeps_others_out_until_it_runs_out(store):
    first = store.take(0, "a", 60)
    assert store.take(0, "b", 60) is None
    assert store.take(1, "b", 60) == 1
    store.release(0, first)
    assert store.take(0, "b", 60) == first + 1


def test_an_owner_whose_lease_was_taken_can_do_nothing(store):
    old = store.take(0, "a", 0)
    new = store.take(0, "b", 60)
    for act in (
        lambda: store.write(0, old, Effects(offset=5)),
        lambda: store.renew(0, old, 60),
    ):
        with pytest.raises(
            FencedError, match=f"number is {new}, this scorer has {old}"
        ):
            act()
    store.release(0, old)  # neither can it free what is no longer its own
    assert store.take(0, "c", 60) is None
    assert store.position(0) == 0


def test_only_the_leases_of_a_dead_process_are_freed(store):
    store.take(0, "process 1", 60)
    store.take(1, "process 2", 60)
    store.release_of("process 1")
    assert store.take(0, "new", 60)
    assert store.take(1, "new", 60) is None


# --- a disk that is full --------------------------------------------------------------


def test_a_full_disk_is_told_and_nothing_is_acknowledged(store, fence):
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    big = Effects(offset=3, dead=[(i, b"x" * 3000, "why") for i in range(50)])
    with pytest.raises(StoreFull, match="cannot write: database or disk is full"):
        store.write(0, fence, big)
    assert store.position(0) == 0
    store.connection.execute("PRAGMA max_page_count = 1000000")
    store.write(0, fence, big)
    assert (store.position(0), store.size("dead_letters")) == (3, 50)


def test_a_scorer_waits_on_a_full_disk_and_goes_on_without_a_loss(setting, tmp_path):
    store = Store(tmp_path / "s" / "store.db")
    scorer = Scorer(setting.config, 0, store, filled(setting))
    scorer.start()
    scorer.step()
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    refusals = []

    def make_room(seconds):
        refusals.append(store.position(0))
        if len(refusals) == 3:
            store.connection.execute("PRAGMA max_page_count = 1000000")
        return False

    scorer.stopping.wait = make_room
    while scorer.step(wait=0):
        pass
    assert len(refusals) == 3
    assert len(set(refusals)) == 1  # not one position was acknowledged meanwhile
    assert store.results() == setting.expected()


# --- a scorer in this process ---------------------------------------------------------


@pytest.mark.parametrize("checkpoint", [100, 100_000])
def test_a_scorer_that_starts_again_builds_the_same_state(tmp_path, checkpoint):
    setting = prepare(
        tmp_path / "s",
        partitions=1,
        cards=20,
        days=10,
        checkpoint=checkpoint,
        capacity=10**6,
        lease=0.01,
        online=True,
    )
    broker = filled(setting)
    for _ in range(40):  # each of them dies without a word after three batches
        store = Store(setting.config.path("store.db"))
        scorer = Scorer(setting.config, 0, store, broker)
        scorer.start()
        for _ in range(3):
            scorer.step(wait=0)
        store.close()
    with Store(setting.config.path("store.db")) as store:
        assert store.position(0) == broker.end(0)
        assert store.results() == setting.expected()
        assert store.counts()["scored"] == store.size("scores")


def test_a_scorer_that_is_stopped_while_it_rebuilds_saves_no_half_state(setting):
    broker = filled(setting)
    store = Store(setting.config.path("store.db"))
    first = Scorer(setting.config, 0, store, broker, owner="first")
    first.start()
    while store.position(0) < 300:
        first.step()
    store.release_of("first")  # killed: no state behind offset 300 was saved
    second = Scorer(setting.config, 0, store, broker, owner="second")
    second._read = lambda *_, **__: second.stopping.set() or []
    second.run()
    assert store.checkpoint(0) == (0, None)
    last = Scorer(setting.config, 0, store, broker, owner="last")
    assert last.start()  # at once: the second one has given the partition back
    while last.step(wait=0):
        pass
    assert store.results() == setting.expected()


def test_a_scorer_that_is_stopped_on_a_full_disk_saves_no_state_ahead(setting):
    broker = filled(setting)
    store = Store(setting.config.path("store.db"))
    scorer = Scorer(setting.config, 0, store, broker, owner="first")
    original, calls = store.write, []

    def write(*arguments):
        calls.append(arguments)
        if len(calls) == 4:
            scorer.stopping.set()
            raise StoreFull("for a moment")
        original(*arguments)

    store.write = write
    scorer.run()
    assert store.position(0) == 150
    assert store.checkpoint(0) == (0, None)
    last = Scorer(setting.config, 0, store, broker, owner="last")
    assert last.start()
    while last.step(wait=0):
        pass
    assert store.results() == setting.expected()


def test_a_scorer_that_ends_in_order_leaves_nothing_to_replay(setting):
    broker = filled(setting)
    store = Store(setting.config.path("store.db"))
    scorer = Scorer(setting.config, 0, store, broker)
    scorer.start()
    scorer.step()
    scorer._finish()
    assert store.checkpoint(0)[0] == store.position(0) == broker.committed(0) == 50
    scorer.stopping.set()
    scorer.start = lambda: True
    scorer.run()
    assert store.take(0, "the next", 1)


def test_a_swap_changes_the_model_between_two_batches(setting):
    broker = filled(setting)
    store = Store(setting.config.path("store.db"))
    scorer = Scorer(setting.config, 0, store, broker)
    scorer.start()
    scorer.step()
    folder = setting.path.parent
    LinearModel({"amount": 0.01}, -3.0, "v2").save(folder / "v2")
    (folder / "empty").mkdir()
    store.point(folder / "v2")
    scorer.step()
    store.point(folder / "empty")
    while scorer.step(wait=0):
        pass
    rows = store.table("scores")
    versions = sorted((row[11], row[9]) for row in rows)
    assert [v for _, v in versions] == sorted(v for _, v in versions)
    assert {v for o, v in versions if o <= 50} == {"v1"}
    assert {v for o, v in versions if o > 50} == {"v2"}
    assert {row[0] for row in rows} == setting.truth()
    notes = [row[2:] for row in store.table("swaps")]
    assert notes[0] == (50, "version v2")
    assert notes[1][1].startswith("refused: the folder empty holds no model")


def test_a_new_scorer_starts_with_the_model_that_was_asked_for_last(setting):
    store = Store(setting.config.path("store.db"))
    folder = setting.path.parent
    LinearModel({}, 0.0, "v2").save(folder / "v2")
    store.point(folder / "v2")
    scorer = Scorer(setting.config, 0, store, filled(setting))
    scorer.start()
    assert scorer.pipeline.model.version == "v2"
    assert store.table("swaps") == [(0, 1, 0, "version v2")]
    (folder / "v2" / "linear.json").write_text("gone")
    scorer = Scorer(setting.config, 0, store, scorer.broker)
    store.release_of(scorer.owner)
    scorer.start()
    assert scorer.pipeline.model.version == "v1"


def test_a_refused_model_does_not_cost_the_accepted_one_at_the_next_start(setting):
    store = Store(setting.config.path("store.db"))
    folder = setting.path.parent
    LinearModel({}, 0.0, "v2").save(folder / "v2")
    store.point(folder / "v2")
    store.point(folder / "nothing")
    scorer = Scorer(setting.config, 0, store, filled(setting))
    scorer.start()
    assert scorer.pipeline.model.version == "v2"
    scorer.step()
    notes = [row[3] for row in store.table("swaps")]
    assert notes[0] == "version v2"
    assert notes[1].startswith("refused: the folder nothing")
    assert {row[9] for row in store.table("scores")} == {"v2"}


def test_a_lease_that_cannot_be_renewed_does_not_end_the_scorer(setting):
    store = Store(setting.config.path("store.db"))
    scorer = Scorer(setting.config, 0, store, setting.config.open_broker())
    scorer.start()
    store.connection.execute("PRAGMA query_only = 1")
    assert scorer.step(wait=0) == 0
    store.connection.execute("PRAGMA query_only = 0")
    assert scorer.step(wait=0) == 0


def test_a_setting_of_the_store_stays(store):
    store.agree("partitions", 2)
    store.agree("partitions", 2)
    with pytest.raises(ValueError, match=r"partitions must stay 2, .* got 4"):
        store.agree("partitions", 4)


def test_partitions_share_the_probability_of_a_false_alarm(tmp_path):
    setting = prepare(tmp_path / "s", cards=20, days=10)
    pipe = make_pipeline(setting.config, LinearModel({}, 0.0, "v1"), 1)
    assert pipe.watch.false_alarm == pytest.approx(1 / 365 / 2)
    assert pipe.watch.skip == 37
    quiet = replace(setting.config, watch=False)
    assert make_pipeline(quiet, LinearModel({}, 0.0, "v1"), 1).watch is None


def test_buckets_hold_their_upper_ends():
    assert [bucket_of(ms / 1000) for ms in (0.2, 1, 2, 2.1, 1000)] == [0, 0, 1, 2, 10]


def test_places_come_back_as_they_were(setting):
    from mlmastery.fraud_detection import simulate

    world = simulate(20, 40, 10)
    places = read_places(setting.config.path("places.npz"))
    assert places["customers"]["x"].tolist() == world.customers["x"].tolist()
    assert places["terminals"]["terminal"].tolist() == list(range(40))


# --- the producer -------------------------------------------------------------------


def test_a_producer_goes_on_from_the_end_of_each_partition(tmp_path):
    setting = prepare(tmp_path / "s", cards=20, days=10, capacity=10**6)
    logs = setting.logs()
    with setting.config.open_broker() as broker:
        broker.append(0, logs[0][:100])
        Producer(setting.config, broker).run()
        for p in (0, 1):
            found = [d.payload for d in broker.read(p, 0, 10**6)]
            assert found == logs[p]


def test_a_producer_that_lost_an_answer_sends_nothing_twice(setting):
    from mlmastery.fraud_detection.brokers import BrokerDown

    broker = setting.config.open_broker()
    original, calls = broker.append, []

    def append(partition, part, after):
        last = original(partition, part, after)
        calls.append(last)
        if len(calls) in (1, 3):
            raise BrokerDown("the answer was lost")
        return last

    broker.append = append
    broker.capacity = 10**6
    producer = Producer(setting.config, broker)
    producer.stopping.wait = lambda seconds: False
    producer.run()
    found = [d.payload for d in broker.read(0, 0, 10**6)]
    assert found == setting.logs()[0]
    assert len(calls) >= 3


def test_a_producer_sends_again_what_the_broker_has_lost(setting):
    broker = setting.config.open_broker()
    producer = Producer(setting.config, broker)
    producer._patiently(0, 100)
    producer._patiently(0, 100)
    broker._ask("DELETE FROM log WHERE offset > 150")  # acknowledged, and lost
    producer.run()
    sent = [d.payload for d in broker.read(0, 0, 10**6)]
    assert sent == setting.logs()[0]


def test_two_producers_of_one_log_take_nothing_from_each_other(setting):
    broker = setting.config.open_broker()
    one, two = (Producer(setting.config, broker) for _ in range(2))
    for producer in (one, two, one, one, two):
        with contextlib.suppress(BrokerMoved):
            producer._send(0, 50)
    two.run()
    one.run()
    sent = [d.payload for d in broker.read(0, 0, 10**6)]
    assert sent == setting.logs()[0]


def test_a_full_broker_lets_the_producer_wait(setting):
    broker = setting.config.open_broker()
    broker.capacity = 300
    producer = Producer(setting.config, broker)
    producer.stopping.wait = lambda s: broker.commit(0, broker.end(0))
    producer.run()
    assert producer.refusals >= 1
    assert broker.end(0) == len(setting.logs()[0])
