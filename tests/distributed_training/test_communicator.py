"""One contract for three transports, and what ranks do together."""

import multiprocessing
import threading
import time

import numpy as np
import psutil
import pytest

from mlmastery.distributed_training import communicator as module
from mlmastery.distributed_training.collectives import (
    all_gather,
    barrier,
    broadcast,
    ring_all_reduce,
)
from mlmastery.distributed_training.communicator import (
    TRANSPORTS,
    TcpCommunicator,
    listen,
    local_group,
    ranks,
    run_ranks,
)
from mlmastery.distributed_training.wire import Message, PeerLost

every_transport = pytest.mark.parametrize("transport", TRANSPORTS)


def talk(communicator):
    """Send every other rank two messages, and return all that came."""
    rank = communicator.rank
    for to in communicator.others:
        array = np.full((2, 3), rank, "float32")
        communicator.send(to, Message("first", {"from": rank}, {"a": array}))
        array[:] = -1  # what was sent must not change any more
        communicator.send(to, Message("second", {"from": rank}))
    heard = []
    for source in communicator.others:
        first, second = (communicator.receive(source, 10) for _ in range(2))
        heard.append((first.kind, second.kind, first.meta["from"]))
        np.testing.assert_array_equal(first.arrays["a"], np.full((2, 3), source))
    return heard


@every_transport
@pytest.mark.parametrize("n", [1, 2, 4])
def test_messages_arrive_whole_and_in_order(transport, n):
    for rank, heard in enumerate(run_ranks(talk, n, transport)):
        others = [other for other in range(n) if other != rank]
        assert heard == [("first", "second", other) for other in others]


@every_transport
def test_a_silent_rank_is_a_timeout_and_the_next_message_still_comes(transport):
    def work(c):
        if c.rank == 1:
            c.receive(0, 10)
            c.send(0, Message("late"))
            return c.receive(0, 10).kind
        with pytest.raises(TimeoutError, match=r"rank 0 waited 0.05 s .* rank 1"):
            c.receive(1, 0.05)
        c.send(1, Message("go"))
        kind = c.receive(1, 10).kind
        c.send(1, Message("done"))
        return kind

    assert run_ranks(work, 2, transport) == ["late", "done"]


@every_transport
def test_a_rank_that_left_is_noticed_at_once_after_its_last_message(transport):
    def work(c):
        if c.rank == 1:
            c.send(0, Message("last words"))
            return None
        assert c.receive(1, 10).kind == "last words"
        start = time.monotonic()
        with pytest.raises(PeerLost):
            c.receive(1, 10)
        return time.monotonic() - start

    assert run_ranks(work, 2, transport)[0] < 3


@every_transport
def test_whoever_comes_first_is_received_first(transport):
    def work(c):
        if c.rank == 0:
            first = c.receive_any(10)[0]
            c.send(1, Message("your turn"))
            return [first, c.receive_any(10)[0]]
        if c.rank == 1:
            c.receive(0, 10)
        c.send(0, Message("here"))
        return None

    assert run_ranks(work, 3, transport)[0] == [2, 1]


@every_transport
def test_bytes_are_those_of_the_arrays_on_every_transport(transport):
    def work(c):
        c.send(1 - c.rank, Message("x", {"long": "meta" * 50}, {"a": np.zeros(100)}))
        c.receive(1 - c.rank, 10)
        return c.bytes_sent, c.messages_sent

    assert run_ranks(work, 2, transport) == [(800, 1), (800, 1)]


@every_transport
def test_large_messages_in_both_directions_do_not_lock_each_other(transport):
    def work(c):
        c.send(1 - c.rank, Message("x", {}, {"a": np.ones(4_000_000, "float32")}))
        return float(c.receive(1 - c.rank, 20).arrays["a"].sum())

    assert run_ranks(work, 2, transport) == [4e6, 4e6]


@every_transport
@pytest.mark.parametrize("to", [-1, 0, 2, "1"])
def test_no_message_to_oneself_or_to_nobody(transport, to):
    def work(c):
        barrier(c)
        if c.rank == 0:
            with pytest.raises(ValueError, match=r"rank 0 of 2 .* \[1\]"):
                c.send(to, Message("x"))
        barrier(c)

    run_ranks(work, 2, transport)


@every_transport
def test_a_closed_communicator_says_so(transport):
    kept = []
    run_ranks(kept.append, 2, transport)
    with pytest.raises(RuntimeError, match="closed"):
        kept[0].send(1 - kept[0].rank, Message("x"))
    with pytest.raises(RuntimeError, match="closed"):
        kept[0].receive(1 - kept[0].rank)


@every_transport
def test_the_first_error_of_any_rank_is_raised_and_nobody_hangs(transport):
    def work(c):
        if c.rank == 1:
            raise KeyError("of rank 1")
        c.receive(1, 20)

    start = time.monotonic()
    with pytest.raises(KeyError, match="of rank 1"):
        run_ranks(work, 3, transport)
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("n", range(1, 9))
@pytest.mark.parametrize("length", [0, 1, 2, 3, 7, 8, 9, 64, 1001])
def test_ring_all_reduce_is_the_sum_and_sends_the_least_bytes(n, length):
    arrays = np.random.default_rng(length).normal(size=(n, length))

    def work(c):
        return ring_all_reduce(c, arrays[c.rank]), c.bytes_sent

    results = run_ranks(work, n)
    for total, _ in results:
        np.testing.assert_allclose(total, arrays.sum(axis=0), rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(total, results[0][0])
    sent = [n_bytes for _, n_bytes in results]
    assert sum(sent) == 2 * (n - 1) * length * 8
    if length % n == 0:
        assert sent == [2 * (n - 1) * length * 8 // n] * n
    else:  # pieces differ by one number
        assert max(sent) - min(sent) <= 2 * 8


@every_transport
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "complex128"])
def test_ring_all_reduce_of_a_matrix_on_every_transport(transport, dtype):
    arrays = np.arange(3 * 20).reshape(3, 4, 5).astype(dtype)
    results = run_ranks(lambda c: ring_all_reduce(c, arrays[c.rank]), 3, transport)
    for total in results:
        assert total.dtype == dtype
        np.testing.assert_array_equal(total, arrays.sum(axis=0))
    assert arrays[0].sum() == np.arange(20).sum()  # the caller's array is as it was


def test_ring_all_reduce_equals_gloos():
    import torch

    arrays = np.random.default_rng(0).normal(size=(4, 1000))

    def work(c):
        tensor = torch.from_numpy(arrays[c.rank].copy())
        c.group.allreduce([tensor]).wait()
        return ring_all_reduce(c, arrays[c.rank]), tensor.numpy()

    for ours, gloos in run_ranks(work, 4, "gloo"):
        np.testing.assert_allclose(ours, gloos, rtol=1e-12)


@pytest.mark.parametrize(
    "other", [np.zeros(5), np.zeros((2, 2)), np.zeros(4, "float32")]
)
def test_ranks_with_different_models_are_told(other):
    arrays = [np.zeros(4), other]
    with pytest.raises(ValueError, match=r"rank \d adds an array of dtype and shape"):
        run_ranks(lambda c: ring_all_reduce(c, arrays[c.rank]), 2)


@every_transport
@pytest.mark.parametrize("root", [0, 2])
def test_broadcast(transport, root):
    def work(c):
        return broadcast(c, np.arange(4) if c.rank == root else None, root=root)

    for array in run_ranks(work, 5, transport):
        np.testing.assert_array_equal(array, np.arange(4))


@pytest.mark.parametrize("n", range(1, 9))
def test_broadcast_takes_n_minus_1_messages(n):
    def work(c):
        broadcast(c, np.ones(1) if c.rank == 0 else None)
        return c.messages_sent

    sent = run_ranks(work, n)
    assert sum(sent) == n - 1
    assert max(sent) == int(np.ceil(np.log2(n)))


@every_transport
def test_all_gather_of_arrays_of_different_lengths(transport):
    for gathered in run_ranks(lambda c: all_gather(c, np.arange(c.rank)), 4, transport):
        assert [len(array) for array in gathered] == [0, 1, 2, 3]


@every_transport
def test_nobody_passes_the_barrier_before_the_last_has_come(transport):
    arrived, passed = [], []

    def work(c):
        time.sleep(0.1 * c.rank)
        arrived.append(c.rank)
        barrier(c)
        passed.append(len(arrived))

    run_ranks(work, 3, transport)
    assert passed == [3, 3, 3]


def test_ranks_in_processes():
    arguments = (np.arange(5),)
    # Other children, such as a browser of other tests, may run beside the ranks.
    before = set(psutil.Process().children(recursive=True))
    results = run_ranks(ring_all_reduce, 2, "tcp", args=arguments, processes=True)
    np.testing.assert_array_equal(results, [2 * np.arange(5)] * 2)
    started = set(psutil.Process().children(recursive=True)) - before
    assert len(started) <= 1  # the resource tracker


def test_ranks_in_processes_have_a_deadline_and_may_die():
    ours, theirs = multiprocessing.Pipe(duplex=False)
    begin = time.monotonic()
    with pytest.raises(TimeoutError, match="1 ranks did not end in time"):
        ranks._gather([ours], begin + 0.05)
    assert time.monotonic() - begin < 0.8
    theirs.close()
    with pytest.raises(PeerLost, match="the process of rank 0 died"):
        ranks._gather([ours], time.monotonic() + 5)
    ours.close()


def test_a_group_that_does_not_come_together_says_who_is_missing():
    with listen(("127.0.0.1", 0)) as listener:
        where, begin = listener.getsockname(), time.monotonic()
        with pytest.raises(TimeoutError, match=r"waited 0.2 s for 2 other ranks, 0"):
            TcpCommunicator(0, 3, where, b"k", timeout=0.2, listener=listener)
        assert time.monotonic() - begin < 0.9


def test_a_stranger_does_not_get_into_the_group():
    import socket

    listener = listen(("127.0.0.1", 0))
    where = listener.getsockname()

    def knock():
        with socket.create_connection(where) as s:
            s.sendall(b"GET / HTTP/1.0\r\n\r\n" * 10)

    def wrong_key():
        with pytest.raises(ConnectionError):
            TcpCommunicator(1, 2, where, b"guess", timeout=5)

    strangers = [threading.Thread(target=f) for f in (knock, wrong_key)]
    for stranger in strangers:
        stranger.start()
        stranger.join(0.3)
    member = threading.Thread(
        target=lambda: TcpCommunicator(1, 2, where, b"right", timeout=10).close()
    )
    member.start()
    with TcpCommunicator(0, 2, where, b"right", timeout=10, listener=listener) as c:
        assert c.others == [1]
    for thread in (*strangers, member):
        thread.join(5)


def test_port_in_use_is_named():
    with listen(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen at 127.0.0.1:{port}"):
            listen(("127.0.0.1", port))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((print, 2, "pigeons"), "transport must be one of .* got 'pigeons'"),
        ((print, 0), "at least 1 rank, got 0"),
    ],
)
def test_bad_arguments(arguments, words):
    with pytest.raises(ValueError, match=words):
        run_ranks(*arguments)


def test_rank_outside_the_group():
    with pytest.raises(ValueError, match="rank must lie between 0 and 1, got 2"):
        module.ThreadCommunicator(2, local_group(2), 2)
