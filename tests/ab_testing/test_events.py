"""Events counted once: on SQLite and on a real PostgreSQL."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple

import pandas as pd
import pytest
import sqlalchemy as sa
from kit.services import postgres_server, service

from mlmastery.ab_testing import database
from mlmastery.ab_testing.database import metadata, open_database
from mlmastery.ab_testing.events import Audit, EventStore

NOW = 1_000_000.0
CLEAN = Audit(0, 0, 0, 0, 0)
postgres = service(postgres_server)


@pytest.fixture(params=["memory", "file", "postgres"])
def store(request, tmp_path):
    """Return an empty store on each database."""
    urls = {"memory": "sqlite://", "file": f"sqlite:///{tmp_path}/events.db"}
    url = urls.get(request.param) or request.getfixturevalue("postgres")
    engine = open_database(url)
    yield EventStore(engine, clock=lambda: NOW)
    metadata.drop_all(engine)
    engine.dispose()


def test_an_event_delivered_twice_is_one_event(store):
    assert store.expose("e", "ana", "a", at=10) == "stored"
    assert store.expose("e", "ana", "a", at=10) == "duplicate"
    assert store.convert("e", "ana", "order-1", 5.0, at=20) == "stored"
    assert store.convert("e", "ana", "order-1", 5.0, at=20) == "duplicate"
    assert store.convert("e", "ana", "order-2", 7.0, at=30) == "stored"
    assert store.outcomes("e").to_dict("records") == [
        {"unit": "ana", "arm": "a", "conversions": 2, "value": 12.0}
    ]
    assert store.counts("e").loc["a"].tolist() == [1, 1, 12]
    assert store.audit("e") == CLEAN


def test_the_first_exposure_wins_and_its_contradiction_is_counted_once(store):
    store.expose("e", "ana", "a", at=10)
    for _ in range(3):
        assert store.expose("e", "ana", "b", at=5) == "refused"
    assert store.expose("e", "ana", "c", at=5) == "refused"
    assert store.arm_of("e", "ana") == "a"
    assert store.arm_of("e", "ben") is None
    assert store.counts("e")["users"].to_dict() == {"a": 1}
    assert store.audit("e") == Audit(2, 0, 0, 0, 0)  # b and c
    # A refused claim does not move the time of the exposure either.
    store.convert("e", "ana", "k", at=7)
    assert store.audit("e").conversions_before_exposure == 1


def test_a_key_used_for_something_else_is_refused(store):
    store.expose("e", "ana", "a", at=1)
    store.convert("e", "ana", "k", 5.0, at=2)
    assert store.convert("e", "ana", "k", 6.0, at=2) == "refused"
    assert store.convert("e", "ben", "k", 5.0, at=2) == "refused"
    assert store.convert("e", "ben", "k", 5.0, at=9) == "refused"
    assert store.audit("e") == Audit(0, 2, 0, 0, 0)
    assert store.outcomes("e")["value"].tolist() == [5.0]


def test_experiments_do_not_mix(store):
    for experiment, arm in (("one", "a"), ("two", "b")):
        store.expose(experiment, "ana", arm, at=5)
        assert store.convert(experiment, "ana", "order-1", at=9) == "stored"
    store.convert("one", "ben", "order-2")
    store.convert("one", "ana", "order-3", at=1)
    store.expose("one", "ana", "b")
    store.convert("one", "ana", "order-1", 9.0)
    store.expose("one", "eva", "a", at=NOW + 100)
    assert store.outcomes("two")["conversions"].tolist() == [1]
    assert store.counts("two")["users"].to_dict() == {"b": 1}
    assert store.audit("two") == CLEAN
    assert store.audit("one") == Audit(1, 1, 1, 1, 1)


def test_a_conversion_counts_only_from_the_exposure_on(store):
    store.expose("e", "ana", "a", at=10)
    store.convert("e", "ana", "before", at=9.999)
    store.convert("e", "ana", "at once", at=10)
    store.convert("e", "ben", "never exposed", at=11)
    assert store.outcomes("e")["conversions"].tolist() == [1]
    assert store.audit("e") == Audit(0, 0, 1, 1, 0)
    # The exposure arrives late, with its own earlier time: now both count.
    store.expose("e", "ana", "a", at=8)
    assert store.outcomes("e")["conversions"].tolist() == [2]
    # Another, later one takes nothing away.
    store.expose("e", "ana", "a", at=100)
    assert store.outcomes("e")["conversions"].tolist() == [2]


def test_a_clock_in_the_future_gets_our_time_and_is_counted(store):
    store.expose("e", "ana", "a", at=NOW + 60)  # within the tolerance
    assert store.audit("e").skewed_clocks == 0
    store.expose("e", "ben", "a", at=NOW + 86_400)
    store.convert("e", "ben", "order", at=NOW + 86_400)
    assert store.audit("e") == Audit(0, 0, 0, 0, 2)
    # Believed, ben's exposure would be after an honest conversion.
    store.convert("e", "ben", "honest", at=NOW)
    assert store.outcomes("e").set_index("unit").loc["ben", "conversions"] == 2


def test_without_a_time_it_is_now(store):
    store.expose("e", "ana", "a")
    store.convert("e", "ana", "k")
    store.convert("e", "ana", "early", at=NOW - 0.001)
    assert store.outcomes("e")["conversions"].tolist() == [1]


def test_users_without_a_conversion_are_users(store):
    for i in range(3):
        store.expose("e", f"user-{i}", "a", at=1)
    store.expose("e", "ben", "b", at=1)
    store.convert("e", "user-0", "x", 2.5, at=2)
    store.convert("e", "user-0", "y", 2.5, at=2)
    assert store.counts("e").to_dict("index") == {
        "a": {"users": 3, "converted": 1, "value": 5.0},
        "b": {"users": 1, "converted": 0, "value": 0.0},
    }


def test_an_experiment_without_events_has_no_rows(store):
    assert len(store.outcomes("none")) == 0
    assert list(store.outcomes("none")) == ["unit", "arm", "conversions", "value"]
    assert len(store.counts("none")) == 0
    assert store.audit("none") == CLEAN


def test_order_and_repetition_change_nothing(store):
    rng = random.Random(0)
    deliveries = []
    for i in range(20):
        unit, arm, start = f"user-{i}", "ab"[i % 2], rng.uniform(0, 100)
        deliveries.append(("expose", (unit, arm, start)))
        deliveries.append(("expose", (unit, arm, start + 50)))
        deliveries += [
            ("convert", (unit, f"{unit}-{k}", 1.0, rng.uniform(0, 200)))
            for k in range(rng.randrange(4))
        ]
    wanted, audit = None, None
    for name in ("first", "second", "third"):
        for kind, arguments in rng.sample(deliveries * 2, 2 * len(deliveries)):
            getattr(store, kind)(name, *arguments)
        if wanted is None:
            wanted, audit = store.outcomes(name), store.audit(name)
            assert 0 < audit.conversions_before_exposure < 40
        pd.testing.assert_frame_equal(store.outcomes(name), wanted)
        assert store.audit(name) == audit


def test_concurrent_writers_count_everything_once(store):
    def send(i: int) -> tuple[str, str]:
        unit = f"user-{i % 50}"
        return (
            store.expose("e", unit, "ab"[i % 2], at=1),
            store.convert("e", unit, f"order-{i % 100}", 1.0, at=2),
        )

    with ThreadPoolExecutor(16) as pool:
        sent = list(pool.map(send, range(1000)))
    assert [s[0] for s in sent].count("stored") == 50
    assert [s[1] for s in sent].count("stored") == 100
    assert store.counts("e").to_dict("list") == {
        "users": [25, 25],
        "converted": [25, 25],
        "value": [50.0, 50.0],
    }
    assert store.audit("e") == CLEAN


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: s.expose("", "u", "a"), "experiment must be a text"),
        (lambda s: s.expose("e", "u\0", "a"), "unit must be printable"),
        (lambda s: s.expose("e", "u", ""), "arm must be a text"),
        (lambda s: s.expose("e", "u", "a", at=-1), "at must be a number of at least 0"),
        (lambda s: s.expose("e", "u", "a", at="now"), "at must be a number"),
        (lambda s: s.convert("", "u", "k"), "experiment must be a text"),
        (lambda s: s.convert("e", 5, "k"), "unit must be a text"),
        (lambda s: s.convert("e", "u", None), "key must be a text"),
        (lambda s: s.convert("e", "u", "k", float("nan")), "value must be a number"),
        (lambda s: s.convert("e", "u", "k", 1e13), "value must be .* at most 1e.12"),
        (lambda s: s.convert("e", "u", "k", -1e13), "value must be .* least -1e.12"),
        (lambda s: s.convert("e", "u", "k", True), "value must be a number"),
        (lambda s: EventStore(s.engine, tolerance=-1), "tolerance must be a number"),
    ],
)
def test_bad_events_are_refused(call, words):
    engine = open_database("sqlite://")
    with pytest.raises(ValueError, match=words):
        call(EventStore(engine))
    engine.dispose()


def test_money_back_is_a_negative_value(store):
    store.expose("e", "ana", "a", at=1)
    store.convert("e", "ana", "refund", -3.5, at=2)
    assert store.counts("e").loc["a"].tolist() == [1, 1, -3.5]


def test_a_file_holds_the_events_when_it_is_opened_again(tmp_path):
    url = f"sqlite:///{tmp_path}/events.db"
    for expected in ("stored", "duplicate"):
        engine = open_database(url)
        assert EventStore(engine).expose("e", "ana", "a", at=1) == expected
        engine.dispose()


def test_the_clock_is_the_machines_by_default():
    engine = open_database("sqlite://")
    store = EventStore(engine)
    store.expose("e", "ana", "a")
    store.expose("e", "ben", "a", at=2e9 * 2)  # the year 2096
    assert store.audit("e").skewed_clocks == 1
    engine.dispose()


def test_two_servers_may_create_the_tables_at_once(monkeypatch):
    calls = []

    def create_all(engine):
        calls.append(engine)
        if len(calls) == 1:  # the other's table appeared after we had looked
            raise sa.exc.OperationalError("CREATE TABLE", {}, Exception("exists"))

    monkeypatch.setattr(database.metadata, "create_all", create_all)
    open_database("sqlite://").dispose()
    assert len(calls) == 2


def test_an_audit_has_the_order_of_its_fields():
    names = Audit(1, 2, 3, 4, 5).__dict__
    assert astuple(Audit(**names)) == (1, 2, 3, 4, 5)
