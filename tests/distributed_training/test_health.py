"""Failure detection and membership, with a clock of our own."""

import threading
import time

import pytest

from mlmastery.distributed_training.health import (
    FailureDetector,
    Heartbeat,
    Membership,
)


def test_only_who_is_silent_too_long_is_suspected():
    now = [0.0]
    detector = FailureDetector(3.0, clock=lambda: now[0])
    for name in ("a", "b", "c"):
        detector.heard(name)
    now[0] = 3.0
    detector.heard("b")
    assert detector.suspects() == []  # exactly the limit is not too long
    now[0] = 3.1
    assert detector.suspects() == ["a", "c"]
    detector.heard("a")
    detector.forget("c")
    assert detector.suspects() == []
    assert detector.age("b") == pytest.approx(0.1)


def test_membership_changes_are_counted():
    members = Membership()
    members.join("a")
    members.join("b")
    members.lose("a", "killed")
    assert members.alive == ["b"]
    assert (members.members["a"].failures, members.members["a"].why) == (1, "killed")
    members.join("a")
    assert members.alive == ["a", "b"]
    assert members.version == 4


def test_a_heartbeat_beats_until_it_is_stopped():
    beats = []
    with Heartbeat(lambda: beats.append(1), 0.01):
        time.sleep(0.2)
    n_beats = len(beats)
    assert n_beats >= 3
    time.sleep(0.05)
    assert len(beats) == n_beats


def test_a_heartbeat_ends_with_its_connection():
    def broken():
        raise ConnectionError

    with Heartbeat(broken, 0.01) as heartbeat:
        heartbeat._thread.join(2)
        assert not heartbeat._thread.is_alive()
    assert all(thread is not heartbeat._thread for thread in threading.enumerate())


def test_bad_silence():
    with pytest.raises(ValueError, match="silence must be above 0 seconds, got 0"):
        FailureDetector(0)
