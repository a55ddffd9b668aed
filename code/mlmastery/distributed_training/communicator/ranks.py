"""Run a function on every rank of a group, as threads or as processes."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

from mlmastery.distributed_training.communicator.base import TIMEOUT, Communicator
from mlmastery.distributed_training.communicator.gloo import GlooCommunicator
from mlmastery.distributed_training.communicator.tcp import TcpCommunicator, listen
from mlmastery.distributed_training.communicator.threads import local_group
from mlmastery.distributed_training.wire import PeerLost
from mlmastery.validation import check_choice

TRANSPORTS = ("threads", "tcp", "gloo")


def run_ranks(
    function: Callable[..., Any],
    n: int,
    transport: str = "threads",
    *,
    args: Sequence[Any] = (),
    processes: bool = False,
    timeout: float = 60.0,
) -> list[Any]:
    """Run ``function(communicator, *args)`` on every rank of a group.

    Parameters
    ----------
    function : callable
        With ``processes=True`` it must be importable by its name.
    n : int
        Number of ranks.
    transport : {"threads", "tcp", "gloo"}, default="threads"
    args : sequence, default=()
        Further arguments, the same for all ranks.
    processes : bool, default=False
        Whether each rank is a process of its own ("tcp" and "gloo" only) or a thread of
        this one, which starts faster.
    timeout : float, default=60.0
        Seconds for the whole.

    Returns
    -------
    list
        What each rank returned, in order of rank.

    Raises
    ------
    Exception
        The first error of any rank; the other ranks are ended.

    Examples
    --------
    >>> run_ranks(lambda communicator: communicator.rank * 10, 3)
    [0, 10, 20]
    """
    check_choice(transport, "transport", TRANSPORTS)
    if processes and transport == "threads":
        raise ValueError("ranks in processes need the transport 'tcp' or 'gloo'")
    if processes:
        return _run_processes(function, n, transport, args, timeout)
    return _run_threads(function, _communicator_factories(n, transport), args, timeout)


def _communicator_factories(n: int, transport: str) -> list[Callable[[], Communicator]]:
    """Return for each rank the function that makes its communicator."""
    if transport == "threads":
        return [lambda c=c: c for c in local_group(n)]  # type: ignore[misc]
    secret = os.urandom(32)
    if transport == "gloo":
        from torch.distributed import HashStore

        store: Any = HashStore()
        return [partial(GlooCommunicator, rank, n, store) for rank in range(n)]
    listener = listen(("127.0.0.1", 0))
    where = listener.getsockname()[:2]
    make = partial(TcpCommunicator, world_size=n, address=where, secret=secret)
    first = partial(make, 0, listener=listener)
    return [first, *(partial(make, rank) for rank in range(1, n))]


class _Outcome:
    """Return the ranks' results so far, or raise the first error."""

    def __init__(self, n: int):
        self.results: dict[int, Any] = {}
        self.error: BaseException | None = None
        self.n, self.changed = n, threading.Condition()

    def note(self, rank: int, result: Any = None, error: BaseException | None = None):
        with self.changed:
            self.results[rank] = result
            self.error = self.error or error
            self.changed.notify_all()

    def complete(self) -> bool:
        return self.error is not None or len(self.results) == self.n

    def get(self, timeout: float) -> list[Any]:
        with self.changed:
            if not self.changed.wait_for(self.complete, timeout):
                missing = sorted(set(range(self.n)) - set(self.results))
                raise TimeoutError(f"ranks {missing} did not end in {timeout:g} s")
            if self.error is not None:
                raise self.error
            return [self.results[rank] for rank in range(self.n)]


def _run_threads(function, factories, args, timeout: float) -> list[Any]:
    outcome, members = _Outcome(len(factories)), []

    def work(rank: int) -> None:
        with ExitStack() as stack:
            try:
                communicator = stack.enter_context(factories[rank]())
                members.append(communicator)
                outcome.note(rank, function(communicator, *args))
            except BaseException as error:  # noted before the others see it leave
                outcome.note(rank, error=error)

    threads = [
        threading.Thread(target=work, args=(rank,), daemon=True)
        for rank in range(len(factories))
    ]
    for thread in threads:
        thread.start()
    try:
        return outcome.get(timeout)
    finally:
        if not outcome.complete() or outcome.error is not None:
            for member in members:
                member.close()
        for thread in threads:
            thread.join(5.0)


def _run_processes(function, n: int, transport: str, args, timeout: float) -> list[Any]:
    context = multiprocessing.get_context("spawn")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        where = probe.getsockname()[:2]
    secret, deadline = os.urandom(32), time.monotonic() + timeout
    workers, pipes = [], []
    for rank in range(n):
        ours, theirs = context.Pipe(duplex=False)
        work = (theirs, function, rank, n, transport, where, secret, args)
        workers.append(context.Process(target=_process, args=work, daemon=True))
        workers[-1].start()
        theirs.close()
        pipes.append(ours)
    try:
        return _gather(pipes, deadline)
    finally:
        for worker in workers:
            worker.join(max(min(deadline - time.monotonic(), 5.0), 0.0))
            worker.kill()
            worker.join(5.0)
            worker.close()


def _gather(pipes, deadline: float) -> list[Any]:
    results: dict[int, Any] = {}
    error: BaseException | None
    while len(results) < len(pipes):
        waiting = [pipe for rank, pipe in enumerate(pipes) if rank not in results]
        ready = multiprocessing.connection.wait(
            waiting, max(deadline - time.monotonic(), 0.0)
        )
        if not ready:
            raise TimeoutError(f"{len(waiting)} ranks did not end in time")
        for rank in [pipes.index(pipe) for pipe in ready]:
            try:
                results[rank], error = pipes[rank].recv()
            except EOFError:
                raise PeerLost(f"the process of rank {rank} died") from None
            if error is not None:
                raise error
    return [results[rank] for rank in range(len(pipes))]


def _process(pipe, function, rank, n, transport, where, secret, args) -> None:
    """Be one rank in a process of its own."""
    try:
        with join(rank, n, transport, where, secret) as communicator:
            pipe.send((function(communicator, *args), None))
    except BaseException as error:
        pipe.send((None, error))


def join(
    rank: int,
    world_size: int,
    transport: str,
    address: tuple[str, int],
    secret: bytes,
    timeout: float = TIMEOUT,
) -> Communicator:
    """Join a group of processes that meets at an address, by "tcp" or by "gloo"."""
    if transport == "tcp":
        return TcpCommunicator(rank, world_size, address, secret, timeout=timeout)
    if transport != "gloo":
        raise ValueError(f"processes meet by 'tcp' or 'gloo', got {transport!r}")
    from torch.distributed import TCPStore

    wait = timedelta(seconds=timeout)
    store = TCPStore(*address, world_size, is_master=rank == 0, timeout=wait)
    return GlooCommunicator(rank, world_size, store, timeout=timeout)
