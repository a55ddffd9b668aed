"""Frames: what goes in comes out, and every kind of damage is told apart."""

import socket
import struct
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mlmastery.distributed_training import wire
from mlmastery.distributed_training.wire import (
    PREFIX,
    AuthenticationError,
    Channel,
    ChecksumError,
    FrameError,
    Message,
    OversizedError,
    PeerLost,
    VersionError,
    WireError,
    decode,
    encode,
    frame_size,
)

KEY = b"k" * 32
SAMPLE = Message(
    "update", {"round": 3, "é": None}, {"a": np.arange(6.0), "b": np.ones(1)}
)


def same(found, expected):
    assert (found.kind, found.meta) == (expected.kind, expected.meta)
    assert list(found.arrays) == list(expected.arrays)
    for name, array in expected.arrays.items():
        got = found.arrays[name]
        assert got.dtype == array.dtype.newbyteorder("=")
        assert got.shape == array.shape
        np.testing.assert_array_equal(got, array)


@given(
    hnp.arrays(
        hnp.boolean_dtypes()
        | hnp.integer_dtypes(endianness="?")
        | hnp.floating_dtypes(endianness="?", sizes=(16, 32, 64))
        | hnp.complex_number_dtypes(endianness="?", sizes=(64, 128)),
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    )
)
@settings(max_examples=150, deadline=None)
def test_every_array_comes_back(array):
    message = Message("x", {}, {"first": array, "second": array.T})
    found = decode(encode(message, KEY, 5), KEY, 5)
    same(found, message)
    assert all(a.flags.aligned for a in found.arrays.values())


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


@given(st.text(), st.dictionaries(st.text(max_size=3), plain, max_size=3))
@settings(max_examples=50, deadline=None)
def test_every_meta_comes_back(kind, meta):
    same(decode(encode(Message(kind, meta))), Message(kind, meta))


def test_size_is_what_is_sent():
    assert frame_size(SAMPLE) == len(encode(SAMPLE))
    assert SAMPLE.n_bytes == 56


@given(st.integers(0, 10**9), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_any_damaged_byte_is_found(position, flip):
    frame = bytearray(encode(SAMPLE, KEY, 1))
    frame[position % len(frame)] ^= flip
    with pytest.raises(WireError):
        decode(frame, KEY, 1)


@given(st.integers(0, 10**9))
@settings(deadline=None)
def test_any_truncation_is_found(length):
    frame = encode(SAMPLE, KEY, 1)
    with pytest.raises(FrameError):
        decode(frame[: length % len(frame)], KEY, 1)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_garbage_is_a_wire_error_and_nothing_else(content):
    with pytest.raises(WireError):
        decode(content)
    prefix = PREFIX.pack(wire.MAGIC, wire.VERSION, len(content), 0, 0, b"")
    with pytest.raises(WireError):
        wire.unpack(content, memoryview(b""))
    with pytest.raises(WireError):
        decode(prefix + content)


@pytest.mark.parametrize(
    "header",
    [
        b"[]",
        b'["x", {}, [["a", "|O", [1]]]]',  # objects would be pickles
        b'["x", {}, [["a", "<f8", [-1]]]]',
        b'["x", {}, [["a", "<f8", [1e3]]]]',
        b'["x", {}, [["a", "<f8", [99999999999, 99999999999]]]]',
        b'["x", {}, [["a", "<f8", 3]]]',
        b'["x", [], []]',
        b"[1, {}, []]",
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_headers_without_sense(header):
    with pytest.raises(FrameError, match="makes no sense"):
        wire.unpack(header, memoryview(bytes(8)))


def test_a_body_longer_than_described():
    with pytest.raises(FrameError, match="describes 0 bytes, the body has 8"):
        wire.unpack(b'["x", {}, []]', memoryview(bytes(8)))


def test_each_fault_has_its_error():
    frame = encode(SAMPLE, KEY, 1)
    with pytest.raises(AuthenticationError):
        decode(frame, b"other", 1)
    with pytest.raises(AuthenticationError):  # repeated or reordered
        decode(frame, KEY, 2)
    with pytest.raises(OversizedError, match="may have 100 bytes here"):
        decode(frame, KEY, 1, limit=100)
    with pytest.raises(VersionError, match="this side speaks version 1, the peer 513"):
        decode(frame[:4] + struct.pack("!I", 513) + frame[8:], KEY, 1)
    with pytest.raises(ChecksumError):
        decode(frame[:-1] + b"\x01", KEY, 1)
    with pytest.raises(FrameError, match="begins with"):
        decode(b"HTTP" + frame[4:], KEY, 1)


@pytest.mark.parametrize(
    "array", [np.array(["text"]), np.array([None]), np.zeros(2, "V3")]
)
def test_only_numbers_are_sent(array):
    with pytest.raises(TypeError, match="array 'a' must hold numbers"):
        encode(Message("x", {}, {"a": array}))


@pytest.mark.parametrize("value", [object(), b"bytes", float("nan"), np.float32(1)])
def test_only_plain_meta_is_sent(value):
    with pytest.raises(TypeError, match="must be plain JSON values"):
        encode(Message("x", {"value": value}))


def test_no_pickle_in_what_speaks_to_others():
    from pathlib import Path

    folder = Path(wire.__file__).parent
    for name in ("wire", "server", "worker", "checkpoint", "collectives", "health"):
        assert "import pickle" not in (folder / f"{name}.py").read_text()
    assert b"\x80\x04" not in encode(SAMPLE)[:200]


# --- channels ------------------------------------------------------------------------


@pytest.fixture
def pair():
    ends = socket.socketpair()
    channels = [Channel(end) for end in ends]
    yield channels
    for channel in channels:
        channel.close()


def greet(secret_a=b"s", secret_b=b"s"):
    """Return what accept and connect return, or their errors."""
    listener = socket.create_server(("127.0.0.1", 0))
    outcome = {}

    def answer():
        with listener:
            connection, _ = listener.accept()
            try:
                outcome["a"] = wire.accept(connection, secret_a, timeout=2)
            except ConnectionError as error:
                outcome["a"] = error

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        outcome["b"] = wire.connect(
            listener.getsockname(), secret_b, timeout=2, identity={"worker": "w"}
        )
    except ConnectionError as error:
        outcome["b"] = error
    thread.join(5)
    return outcome["a"], outcome["b"]


def test_both_sides_prove_that_they_know_the_secret():
    a, b = greet()
    assert a.identity == {"worker": "w"}
    a.send(SAMPLE, 1)
    same(b.receive(1), SAMPLE)
    b.send(SAMPLE, 1)
    same(a.receive(1), SAMPLE)
    a.close()
    b.close()


def test_the_wrong_secret_is_refused_on_both_sides():
    a, b = greet(b"right", b"wrong")
    assert isinstance(b, AuthenticationError)
    assert isinstance(a, (PeerLost, AuthenticationError))


def recorded_bytes(secret):
    """Return what a client sends in a whole conversation, as an eavesdropper has it."""
    sent = []

    class Tap:
        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def sendmsg(self, views, *rest):
            n_bytes = self.inner.sendmsg(views, *rest)
            sent.append(b"".join(bytes(view) for view in views)[:n_bytes])
            return n_bytes

    listener = socket.create_server(("127.0.0.1", 0))
    original = socket.create_connection
    thread = threading.Thread(
        target=lambda: wire.accept(listener.accept()[0], secret, timeout=2).close()
    )
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            socket, "create_connection", lambda *a, **k: Tap(original(*a, **k))
        )
        wire.connect(listener.getsockname(), secret, timeout=2).close()
    thread.join(5)
    listener.close()
    return b"".join(sent)


def test_a_recorded_greeting_is_worth_nothing():
    recording = recorded_bytes(b"secret")
    ours, theirs = socket.socketpair()
    theirs.sendall(recording)
    with pytest.raises(AuthenticationError):
        wire.accept(ours, b"secret", timeout=2)
    theirs.close()


def test_repeated_reordered_and_mirrored_frames_are_refused():
    for attack in ("repeat", "swap", "mirror"):
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        channel.rekey(b"up", b"down")
        first, second = (encode(SAMPLE, b"down", number) for number in (0, 1))
        frames = {
            "repeat": first + first,
            "swap": second + first,
            "mirror": encode(SAMPLE, b"up", 0),
        }[attack]
        theirs.sendall(frames)
        with pytest.raises(AuthenticationError):
            [channel.receive(1) for _ in range(2)]
        theirs.close()


def test_before_the_greeting_nobody_makes_us_allocate():
    ours, theirs = socket.socketpair()
    theirs.sendall(PREFIX.pack(wire.MAGIC, wire.VERSION, 5000, 0, 0, b""))
    with pytest.raises(OversizedError, match="may have 4096 bytes here"):
        wire.accept(ours, b"s", timeout=1)
    theirs.close()


def test_a_timeout_leaves_the_channel_in_order(pair):
    a, b = pair
    with pytest.raises(TimeoutError):
        b.receive(0.02)
    a.send(SAMPLE, 1)
    same(b.receive(1), SAMPLE)


def test_a_frame_in_small_pieces_is_put_together():
    ours, theirs = socket.socketpair()
    channel, frame = Channel(ours), encode(SAMPLE)

    def drip():
        for i in range(0, len(frame), 9):
            theirs.sendall(frame[i : i + 9])
            time.sleep(0.001)

    thread = threading.Thread(target=drip)
    thread.start()
    same(channel.receive(2), SAMPLE)
    thread.join()
    channel.close()
    theirs.close()


def test_a_peer_that_stops_within_a_frame_is_lost(monkeypatch):
    monkeypatch.setattr(wire, "STALL", 0.1)
    ours, theirs = socket.socketpair()
    theirs.sendall(encode(SAMPLE)[:-1])
    with pytest.raises(PeerLost, match="middle of a frame"):
        Channel(ours).receive(1)
    theirs.close()


def test_a_peer_that_takes_nothing_is_lost(pair):
    a, _ = pair
    with pytest.raises(PeerLost, match="takes no more bytes"):
        a.send(Message("big", {}, {"a": np.zeros(10_000_000)}), 0.1)


def test_a_peer_that_left_is_lost(pair):
    a, b = pair
    a.close()
    with pytest.raises(PeerLost, match="closed"):
        b.receive(1)
    with pytest.raises(PeerLost, match="could not send"):
        [b.send(SAMPLE, 1) for _ in range(3)]


def test_many_threads_send_whole_frames(pair):
    a, b = pair

    def send(i):
        for _ in range(20):
            a.send(Message(str(i), {}, {"a": np.full(1000, i)}), 5)

    threads = [threading.Thread(target=send, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(80):
        message = b.receive(5)
        assert (message.arrays["a"] == int(message.kind)).all()
    for thread in threads:
        thread.join()
