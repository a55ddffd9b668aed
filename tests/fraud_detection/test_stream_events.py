"""Events on the wire: what is refused, in which words, and where each one goes."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from mlmastery.fraud_detection import simulate
from mlmastery.fraud_detection.event_time import (
    arrivals,
    by_arrival,
    in_order,
    late,
    watermarks,
)
from mlmastery.fraud_detection.events import (
    EventError,
    events_of,
    parse,
    partition_of,
    route,
    to_json,
)
from mlmastery.fraud_detection.spoil import spoil

GOOD = {"kind": "transaction", "id": 1, "time": 100, "customer": 3, "terminal": 8}
GOOD |= {"amount": 12.5}
LABEL = {"kind": "label", "id": 1, "time": 700, "customer": 3, "terminal": 8}
LABEL |= {"transaction_time": 100, "fraud": 1}


@pytest.fixture(scope="module")
def world():
    return simulate(30, 60, 12, random_state=1)


def test_a_good_event_is_read_as_it_was_written():
    assert parse(to_json(GOOD)) == GOOD | {"arrived": 100}
    assert parse(to_json(LABEL)) == LABEL | {"arrived": 700}
    assert parse(to_json(GOOD | {"amount": 7})) == GOOD | {
        "amount": 7.0,
        "arrived": 100,
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": -0.01}, "amount must be from 0 to 1000000"),
        ({"amount": 1e9}, "amount must be from 0 to 1000000"),
        ({"amount": 10**400}, "amount must be from 0 to 1000000, got 10{39}$"),
        ({"time": 10**400}, "time must be from 0"),
        ({"kind": "x" * 1000}, "got 'x{39}$"),
        ({"amount": "12"}, "amount must be a number"),
        ({"amount": True}, "amount must be a number"),
        ({"id": 1.5}, "id must be a whole number"),
        ({"customer": None}, "customer must be a whole number"),
        ({"terminal": -1}, "terminal must be from 0"),
        ({"time": 2**60}, "time must be from 0"),
        ({"arrived": "now"}, "arrived must be a whole number"),
        ({"kind": "refund"}, "kind must be transaction or label"),
    ],
)
def test_a_field_that_cannot_be_is_named(change, words):
    with pytest.raises(EventError, match=words):
        parse(json.dumps(GOOD | change).encode())


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"[1]", b"7", b"\xff\xfe", b'"text"', b"[" * 100_000]
)
def test_what_is_no_object_is_said_so(payload):
    with pytest.raises(EventError, match="must be a JSON object"):
        parse(payload)


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_an_amount_that_is_no_finite_number_is_refused(word):
    text = to_json(GOOD).replace(b"12.5", word)
    with pytest.raises(EventError, match="amount must be from"):
        parse(text)


@pytest.mark.parametrize("name", ["id", "time", "customer", "terminal", "amount"])
def test_an_absent_field_is_named(name):
    event = {key: value for key, value in GOOD.items() if key != name}
    with pytest.raises(EventError, match=f"{name} is absent"):
        parse(to_json(event))


def test_a_label_must_be_0_or_1():
    with pytest.raises(EventError, match="fraud must be 0 or 1"):
        parse(to_json(LABEL | {"fraud": 2}))


def test_events_come_by_time_with_labels_first(world):
    events = list(events_of(world.transactions))
    keys = [(e["time"], e["kind"] != "label", e["id"]) for e in events]
    assert keys == sorted(keys)
    labels = {e["id"]: e for e in events if e["kind"] == "label"}
    assert len(labels) == len(world.transactions)
    for event in events:
        if event["kind"] == "transaction":
            label = labels[event["id"]]
            assert label["time"] == event["time"] + 7 * 86_400
            assert label["transaction_time"] == event["time"]
            assert "fraud" not in event


def test_a_label_comes_before_a_transaction_of_the_same_second():
    table = pd.DataFrame({"id": [0, 1], "customer": 3, "terminal": 8, "fraud": 0})
    table["time"] = pd.to_datetime(["2018-04-01 10:00", "2018-04-08 10:00"])
    found = [(e["kind"], e["id"]) for e in events_of(table.assign(amount=5.0))]
    assert found[1:3] == [("label", 0), ("transaction", 1)]


def test_the_partition_of_a_card_is_the_same_in_six_processes():
    code = (
        "from mlmastery.fraud_detection.events import partition_of as p\n"
        "print([p(c, 7) for c in range(200)], hash('card-1'))"
    )
    env = {k: v for k, v in os.environ.items() if k != "PYTHONHASHSEED"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=env
        )
        for _ in range(6)
    ]
    said = [process.communicate(timeout=60)[0].split("]") for process in started]
    assert len({line[0] for line in said}) == 1
    assert len({line[1] for line in said}) > 1  # Python's own hash is salted
    assert said[0][0] == str([partition_of(c, 7) for c in range(200)])[:-1]
    assert set(map(int, said[0][0][1:].split(", "))) == set(range(7))


def test_cards_go_to_one_partition_and_labels_to_all(world):
    lines = [to_json(event) for event in events_of(world.transactions)]
    logs = route(lines, 3)
    for number, log in enumerate(logs):
        events = [json.loads(line) for line in log]
        for event in events:
            if event["kind"] == "transaction":
                assert partition_of(event["customer"], 3) == number
        assert sum(e["kind"] == "label" for e in events) == len(world.transactions)
    assert sum(map(len, logs)) == 4 * len(world.transactions)


def test_what_cannot_be_routed_goes_to_the_first_partition():
    odd = [b"broken", b"[]", b'{"customer":"x"}', b'{"customer":true}']
    assert route(odd, 3) == [odd, [], []]


def test_planted_events_come_behind_their_originals(world):
    lines = [to_json(event) for event in events_of(world.transactions)]
    spoilt, counts = spoil(lines, each=7)
    assert len(spoilt) == len(lines) + 35
    assert set(counts.values()) == {7}
    kept = iter(spoilt)
    assert all(line in kept for line in lines)  # the good ones in their order


# --- event time ---------------------------------------------------------------------


def test_the_watermark_never_goes_back():
    times = np.random.default_rng(0).integers(0, 1000, 500)
    level = watermarks(times, 50)
    assert (np.diff(level) >= 0).all()
    assert level[-1] == times.max() - 50


def test_an_event_is_compared_with_the_watermark_that_it_finds():
    assert late(np.array([10, 12, 11, 15, 12]), 2).tolist() == [False] * 4 + [True]
    assert late(np.array([10, 12, 10]), 2).tolist() == [False] * 3  # exactly at it


def test_a_buffer_orders_what_is_not_too_late(world):
    seconds = [e["time"] for e in events_of(world.transactions)]
    arrived = arrivals(np.array(seconds), 0.2, 600, random_state=0)
    assert (arrived >= seconds).all()
    assert 0.1 < (arrived > seconds).mean() < 0.3
    events = list(events_of(world.transactions))
    delays = {
        e["id"]: e["time"] + 60 * (e["id"] % 5)
        for e in events
        if e["kind"] == "transaction"
    }
    moved = by_arrival(events, delays)
    times = [e["time"] for e in moved]
    assert times != sorted(times)
    ordered = list(in_order(moved, 300))
    keys = [(e["time"], e["kind"] != "label", e["id"]) for e in ordered]
    assert keys == sorted(keys)
    assert len(ordered) == len(events)
