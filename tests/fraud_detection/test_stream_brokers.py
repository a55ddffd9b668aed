"""The three logs: one protocol, the same answers; and facts about Redis' own groups."""

import sqlite3
import threading
import time

import pytest
from kit.servers import free_port
from kit.services import redis_server, service

from mlmastery.fraud_detection.brokers import (
    BrokerDown,
    BrokerFull,
    BrokerMoved,
    open_broker,
)
from mlmastery.fraud_detection.servers import kafka_mock

redis_url = service(redis_server)


@pytest.fixture(scope="module")
def kafka():
    with kafka_mock() as address:
        yield address


@pytest.fixture(params=["sqlite", "redis", "kafka"])
def log(request, tmp_path):
    options = {"capacity": 50, "partitions": 2}
    if request.param == "redis":
        address = request.getfixturevalue("redis_url")
        options["prefix"] = request.node.name
    elif request.param == "kafka":
        address = request.getfixturevalue("kafka")
        options["topic"] = "".join(c for c in request.node.name if c.isalnum())
    else:
        address = str(tmp_path / "log.db")
    if request.param == "redis":
        from mlmastery.fraud_detection.brokers.redis_streams import RedisStreams

        broker = RedisStreams(address, **options)
    elif request.param == "kafka":
        from mlmastery.fraud_detection.brokers.kafka import KafkaLog

        broker = KafkaLog(address, **options)
    else:
        broker = open_broker("sqlite", address, **options)
    with broker:
        yield broker


def test_events_come_back_in_order_from_any_offset(log):
    assert log.end(0) == 0
    assert log.append(0, [b"a", b"b"]) == 2
    assert log.append(0, [b"c"]) == 3
    assert [tuple(d) for d in log.read(0, 0, 10, 1.0)] == [
        (1, b"a"),
        (2, b"b"),
        (3, b"c"),
    ]
    assert [d.offset for d in log.read(0, 0, 2, 1.0)] == [1, 2]
    assert [d.payload for d in log.read(0, 2, 10, 1.0)] == [b"c"]
    assert log.read(0, 3, 10, 0.02) == []


def test_partitions_do_not_mix(log):
    log.append(0, [b"zero"])
    log.append(1, [b"one", b"two"])
    assert (log.end(0), log.end(1)) == (1, 2)
    assert [d.payload for d in log.read(1, 0, 10, 1.0)] == [b"one", b"two"]
    log.commit(1, 2)
    assert (log.committed(0), log.committed(1)) == (0, 2)


def test_a_full_log_refuses_all_of_a_part_and_takes_it_after_a_commit(log):
    log.append(0, [b"x"] * 45)
    with pytest.raises(BrokerFull, match="45 events waiting, 6 more would exceed"):
        log.append(0, [b"y"] * 6)
    assert log.end(0) == 45
    log.commit(0, 1)
    assert log.waiting(0) == 44
    assert log.append(0, [b"y"] * 6) == 51


def test_an_append_at_another_place_than_the_end_is_refused(log):
    log.append(0, [b"a", b"b"], after=0)
    for wrong in (0, 1, 3):
        with pytest.raises(BrokerMoved, match="ends at offset 2, expected was"):
            log.append(0, [b"c"], after=wrong)
    assert log.append(0, [b"c"], after=2) == 3


def test_a_reader_waits_for_what_comes(log):
    log.append(0, [b"first"])
    log.read(0, 0, 1, 1.0)
    began = time.monotonic()
    assert log.read(0, 1, 1, 0.1) == []
    assert time.monotonic() - began > 0.08


@pytest.mark.parametrize("kind", ["redis", "kafka"])
def test_a_broker_that_is_not_there_is_said_so(kind, monkeypatch):
    if kind == "kafka":
        monkeypatch.setattr("mlmastery.fraud_detection.brokers.kafka.SECONDS", 0.3)
    address = f"127.0.0.1:{free_port()}"
    address = f"redis://{address}/0" if kind == "redis" else address
    with pytest.raises(BrokerDown, match="does not answer"):
        open_broker(kind, address)


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(BrokerDown, match="does not exist"):
        open_broker("sqlite", str(tmp_path / "none" / "log.db"))


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="one of sqlite, redis, kafka, got 'rabbit'"):
        open_broker("rabbit", "")


def test_a_full_disk_under_the_log_is_a_full_broker(tmp_path):
    with open_broker("sqlite", str(tmp_path / "log.db")) as log:
        log.append(0, [b"x" * 1000] * 10)
        pages = log._connection.execute("PRAGMA page_count").fetchone()[0]
        log._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(BrokerFull, match="cannot grow"):
            log.append(0, [b"y" * 1000] * 100)
        assert log.end(0) == 10
        log._connection.execute("PRAGMA max_page_count = 1000000")
        assert log.append(0, [b"y" * 1000] * 100) == 110


def test_a_commit_of_the_past_changes_nothing(tmp_path):
    with open_broker("sqlite", str(tmp_path / "log.db")) as log:
        log.append(0, [b"x"] * 9)
        log.commit(0, 7)
        log.commit(0, 3)
        assert log.committed(0) == 7


def test_two_writers_of_one_file_take_turns(tmp_path):
    path = str(tmp_path / "log.db")
    open_broker("sqlite", path).close()

    def write(letter):
        with open_broker("sqlite", path) as log:
            for _ in range(40):
                log.append(0, [letter])

    threads = [threading.Thread(target=write, args=(c,)) for c in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_broker("sqlite", path) as log:
        found = [d.payload for d in log.read(0, 0, 1000)]
    assert sorted(found) == [b"a"] * 40 + [b"b"] * 40


def test_an_event_is_not_written_over(tmp_path):
    with open_broker("sqlite", str(tmp_path / "log.db")) as log:
        log.append(0, [b"a"])
        with pytest.raises(sqlite3.IntegrityError):
            log._connection.execute("INSERT INTO log VALUES (0, 1, 'b')")


# --- Redis' own groups: why positions are kept in the store ---------------------------


@pytest.fixture
def client(redis_url):
    import redis

    with redis.Redis.from_url(redis_url) as opened:
        opened.flushdb()
        yield opened


def entries(answer):
    """Return the entries of one stream, as lists or as a mapping gives them."""
    if not answer:
        return []
    block = next(iter(answer.values())) if isinstance(answer, dict) else answer[0][1]
    return block[0] if block and isinstance(block[0], list) else block


def test_a_group_that_starts_at_the_end_sees_nothing_of_what_came_before(client):
    for i in range(5):
        client.xadd("s", {"i": i})
    client.xgroup_create("s", "late", id="$")
    client.xgroup_create("s", "whole", id="0")
    assert len(entries(client.xreadgroup("late", "a", {"s": ">"}, count=9))) == 0
    assert len(entries(client.xreadgroup("whole", "a", {"s": ">"}, count=9))) == 5


def test_an_acknowledgement_does_not_shorten_the_stream(client):
    client.xadd("s", {"i": 0})
    client.xgroup_create("s", "g", id="0")
    (entry,) = entries(client.xreadgroup("g", "a", {"s": ">"}))
    client.xack("s", "g", entry[0])
    assert client.xlen("s") == 1


def test_a_consumer_that_is_deleted_takes_its_pending_events_along(client):
    for i in range(3):
        client.xadd("s", {"i": i})
    client.xgroup_create("s", "g", id="0")
    client.xreadgroup("g", "a", {"s": ">"}, count=3)
    assert client.xpending("s", "g")["pending"] == 3
    client.xgroup_delconsumer("s", "g", "a")
    assert client.xpending("s", "g")["pending"] == 0
    assert len(entries(client.xreadgroup("g", "b", {"s": ">"}, count=3))) == 0


def test_a_second_group_of_one_name_is_refused(client):
    import redis

    client.xadd("s", {"i": 0})
    client.xgroup_create("s", "g", id="0")
    with pytest.raises(redis.ResponseError, match="BUSYGROUP"):
        client.xgroup_create("s", "g", id="0")


def test_two_claimers_without_a_minimum_idle_time_get_the_same_event(client):
    client.xadd("s", {"i": 0})
    client.xgroup_create("s", "g", id="0")
    client.xreadgroup("g", "slow", {"s": ">"})
    first = client.xautoclaim("s", "g", "b", min_idle_time=0)[1]
    second = client.xautoclaim("s", "g", "c", min_idle_time=0)[1]
    assert [e[0] for e in first] == [e[0] for e in second]
    assert client.xautoclaim("s", "g", "d", min_idle_time=60_000)[1] == []


def test_two_writes_of_one_transaction_are_two_events_unless_the_writer_sets_the_id(
    client,
):
    import redis

    client.xadd("s", {"id": 17})
    client.xadd("s", {"id": 17})
    assert client.xlen("s") == 2
    client.xadd("own", {"id": 17}, id="1-0")
    with pytest.raises(redis.ResponseError, match="equal or smaller"):
        client.xadd("own", {"id": 17}, id="1-0")
    assert client.xlen("own") == 1
