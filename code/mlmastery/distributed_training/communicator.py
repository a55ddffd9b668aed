"""Passing messages between ranks: one contract, three transports.

Every rank has a number from 0 to ``world_size - 1``. Messages from one rank to another
arrive in the order in which they were sent; every wait has a deadline; who waits for a
rank that is gone is told so at once.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np

from mlmastery.distributed_training import wire
from mlmastery.distributed_training.wire import Channel, Message, PeerLost, WireError

TIMEOUT = 30.0  # seconds
TRANSPORTS = ("threads", "tcp", "gloo")


class Mailbox:
    """What has arrived at one rank, by sender, until somebody takes it."""

    def __init__(self) -> None:
        self._arrived: dict[int, deque[Message]] = defaultdict(deque)
        self._lost: dict[int, str] = {}
        self._changed = threading.Condition()

    def put(self, source: int, message: Message) -> None:
        """Add a message from a rank."""
        with self._changed:
            self._arrived[source].append(message)
            self._changed.notify_all()

    def lose(self, source: int, why: str) -> None:
        """Note that nothing more will come from a rank."""
        with self._changed:
            self._lost.setdefault(source, why)
            self._changed.notify_all()

    def lost(self) -> set[int]:
        """Return the ranks from which nothing more will come, all having been taken."""
        with self._changed:
            return {rank for rank in self._lost if not self._arrived[rank]}

    def take(self, sources: Sequence[int], timeout: float) -> tuple[int, Message]:
        """Wait for a message from any of these ranks; the oldest of a rank comes first.

        A rank's messages that came before it was lost can still be taken.
        """
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for source in sources:
                    if self._arrived[source]:
                        return source, self._arrived[source].popleft()
                lost = [source for source in sources if source in self._lost]
                if len(lost) == len(sources):
                    why = "; ".join(f"rank {s}: {self._lost[s]}" for s in lost)
                    raise PeerLost(why or "there is no other rank")
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    raise TimeoutError


class Communicator(ABC):
    """Send messages to other ranks and receive theirs.

    Use it in a ``with`` statement, or call `close`.

    Attributes
    ----------
    rank : int
        Number of this participant, from 0.
    world_size : int
        Number of participants.
    bytes_sent : int
        Bytes of all arrays sent so far, equal on every transport; what frames add to
        them is `wire.frame_size`'s business.
    messages_sent : int
    """

    def __init__(self, rank: int, world_size: int):
        if not 0 <= rank < world_size:
            raise ValueError(
                f"rank must lie between 0 and {world_size - 1}, got {rank}"
            )
        self.rank, self.world_size = rank, world_size
        self.bytes_sent = self.messages_sent = 0
        self._mailbox = Mailbox()
        self._closed = False

    def send(self, to: int, message: Message) -> None:
        """Send a message to another rank; the arrays may be changed afterwards.

        Raises
        ------
        ValueError
            If there is no such other rank.
        PeerLost
            If that rank is gone, or takes nothing for 30 seconds.
        """
        self._check(to)
        self._deliver(to, message)
        self.bytes_sent += message.n_bytes
        self.messages_sent += 1

    def receive(self, source: int, timeout: float = TIMEOUT) -> Message:
        """Return the next message from a rank.

        Raises
        ------
        TimeoutError
            If none came within ``timeout`` seconds. The next call may succeed.
        PeerLost
            If that rank is gone and everything it sent has been received.
        """
        self._check(source)
        return self._take([source], timeout)[1]

    def receive_any(self, timeout: float = TIMEOUT) -> tuple[int, Message]:
        """Return the next message from whichever rank, and the number of that rank."""
        return self._take(self.others, timeout)

    @property
    def others(self) -> list[int]:
        """All ranks but this one."""
        return [rank for rank in range(self.world_size) if rank != self.rank]

    @property
    def lost(self) -> set[int]:
        """The ranks that are gone and whose messages have all been received."""
        return self._mailbox.lost()

    @abstractmethod
    def _deliver(self, to: int, message: Message) -> None:
        """Bring a message on its way."""

    def close(self) -> None:
        """Leave the group; calling it again does nothing."""
        self._closed = True

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def _take(self, sources: Sequence[int], timeout: float) -> tuple[int, Message]:
        if self._closed:
            raise RuntimeError(f"the communicator of rank {self.rank} is closed")
        try:
            return self._mailbox.take(sources, timeout)
        except TimeoutError:
            raise TimeoutError(
                f"rank {self.rank} waited {timeout:g} s for a message from rank "
                f"{' or '.join(map(str, sources))}, none came"
            ) from None

    def _check(self, other: int) -> None:
        if other not in self.others:
            raise ValueError(
                f"rank {self.rank} of {self.world_size} can exchange messages with "
                f"ranks {self.others}, got {other!r}"
            )
        if self._closed:
            raise RuntimeError(f"the communicator of rank {self.rank} is closed")


# --- threads of one process ----------------------------------------------------------


class ThreadCommunicator(Communicator):
    """Ranks as threads of one process: a message is a copy in a list.

    Made by `local_group`. Nothing is hidden, so a debugger can stop anywhere.
    """

    def __init__(self, rank: int, group: list[ThreadCommunicator], world_size: int):
        super().__init__(rank, world_size)
        self._group = group

    def _deliver(self, to: int, message: Message) -> None:
        peer = self._group[to]
        if peer._closed:
            raise PeerLost(f"rank {to} has left")
        arrays = {name: np.array(array) for name, array in message.arrays.items()}
        peer._mailbox.put(self.rank, Message(message.kind, dict(message.meta), arrays))

    def close(self) -> None:
        """Leave the group, and let the others know."""
        super().close()
        for rank in self.others:
            self._group[rank]._mailbox.lose(self.rank, "has left")


def local_group(n: int) -> list[ThreadCommunicator]:
    """Return ``n`` communicators that reach each other within this process.

    >>> first, second = local_group(2)
    >>> first.send(1, Message("hello", {}, {"x": np.arange(3)}))
    >>> second.receive(0).arrays["x"]
    array([0, 1, 2])
    """
    if n < 1:
        raise ValueError(f"a group has at least 1 rank, got {n}")
    group: list[ThreadCommunicator] = []
    group.extend(ThreadCommunicator(rank, group, n) for rank in range(n))
    return group


# --- sockets -------------------------------------------------------------------------


class TcpCommunicator(Communicator):
    """Ranks as processes, on one machine or several, each connected to each by TCP.

    Rank 0 listens at the address; the others tell it where they listen, get the list of
    all, and connect to those before them.

    Parameters
    ----------
    rank, world_size : int
    address : (str, int)
        Where rank 0 listens.
    secret : bytes
        Known to all ranks; who does not know it is turned away.
    timeout : float, default=30.0
        Seconds for the whole group to come together, and for a peer to take bytes.
    listener : socket.socket, optional
        A socket that listens at the address already, for rank 0.

    Raises
    ------
    TimeoutError
        If the group is not complete in time; the message counts who came.
    """

    def __init__(
        self,
        rank: int,
        world_size: int,
        address: tuple[str, int],
        secret: bytes,
        *,
        timeout: float = TIMEOUT,
        listener: socket.socket | None = None,
    ):
        super().__init__(rank, world_size)
        self._timeout, self._secret = timeout, secret
        self._channels: dict[int, Channel] = {}
        deadline = time.monotonic() + timeout
        if listener is None:
            own = address if rank == 0 else (_own_host(address), 0)
            listener = listen(own)
        try:
            with listener:
                self._meet(listener, address, deadline)
        except BaseException:
            self.close()
            raise
        self._readers = [
            threading.Thread(target=self._read, args=item, daemon=True)
            for item in self._channels.items()
        ]
        for reader in self._readers:
            reader.start()

    def _meet(self, listener, address, deadline: float) -> None:
        """Connect to every rank before this one, let every rank after it connect."""
        if self.rank > 0:
            where = listener.getsockname()[:2]
            self._call(0, address, deadline, where)
            left = deadline - time.monotonic()
            places = self._channels[0].receive(max(left, 1e-3)).meta["places"]
            for rank in range(1, self.rank):
                self._call(rank, tuple(places[rank]), deadline, where)
        while len(self._channels) < self.world_size - 1:
            self._answer(listener, deadline)
        if self.rank == 0:
            places = [self._channels[r].identity["place"] for r in self.others]
            for channel in self._channels.values():
                channel.send(Message("places", {"places": [address, *places]}), 5.0)

    def _call(self, rank: int, address, deadline: float, where) -> None:
        identity = {"rank": self.rank, "size": self.world_size, "place": where}
        self._channels[rank] = patiently(
            lambda: wire.connect(address, self._secret, identity=identity), deadline
        )

    def _answer(self, listener: socket.socket, deadline: float) -> None:
        left = deadline - time.monotonic()
        listener.settimeout(max(left, 1e-3))
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            raise TimeoutError(
                f"rank {self.rank} waited {self._timeout:g} s for {self.world_size - 1}"
                f" other ranks, {len(self._channels)} came"
            ) from None
        try:
            channel = wire.accept(connection, self._secret)
        except (WireError, PeerLost, TimeoutError):
            return  # a stranger; the group still waits for its own
        peer, size = (int(channel.identity.get(key, -1)) for key in ("rank", "size"))
        if size != self.world_size or peer in self._channels or peer == self.rank:
            channel.close()
            return
        self._channels[peer] = channel

    def _read(self, source: int, channel: Channel) -> None:
        try:
            while not self._closed:
                try:
                    self._mailbox.put(source, channel.receive(1.0))
                except TimeoutError:
                    continue
        except (WireError, PeerLost) as error:
            self._mailbox.lose(source, str(error))

    def _deliver(self, to: int, message: Message) -> None:
        self._channels[to].send(message, self._timeout)

    def close(self) -> None:
        """Close all connections and wait for the threads that read them."""
        super().close()
        for channel in self._channels.values():
            channel.close()
        for reader in getattr(self, "_readers", []):
            reader.join(5.0)


def listen(address: tuple[str, int]) -> socket.socket:
    """Return a socket that listens, or say which port is taken.

    Port 0 lets the system choose a free one; ``getsockname`` tells which.
    """
    try:
        return socket.create_server(address)
    except OSError as error:
        raise OSError(
            error.errno, f"cannot listen at {address[0]}:{address[1]}: {error.strerror}"
        ) from None


def patiently(attempt: Callable[[], Any], deadline: float, pause: float = 0.05) -> Any:
    """Repeat an attempt to connect until it succeeds or the deadline has passed."""
    while True:
        try:
            return attempt()
        except (OSError, PeerLost) as error:
            refused = isinstance(error, WireError)
            if refused or time.monotonic() + pause > deadline:
                raise
        time.sleep(pause)
        pause = min(1.5 * pause, 1.0)


def _own_host(address: tuple[str, int]) -> str:
    """Return this machine's address as seen on the way to another one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(address)  # of a datagram socket: sends nothing
        return probe.getsockname()[0]


# --- torch.distributed ---------------------------------------------------------------


class GlooCommunicator(Communicator):
    """Ranks joined by ``torch.distributed`` with its gloo backend.

    Parameters
    ----------
    rank, world_size : int
    store : torch.distributed.Store
        Where the ranks find each other: a ``TCPStore`` between machines, a
        ``HashStore`` within one process.
    timeout : float, default=30.0
        Seconds for the group to come together.

    Attributes
    ----------
    group : torch.distributed.ProcessGroupGloo
        For gloo's own collectives.

    Notes
    -----
    A receive of gloo that runs out of time breaks the whole group. So a thread for each
    peer receives without end, and waiting with a deadline is left to the mailbox.
    """

    def __init__(
        self, rank: int, world_size: int, store: Any, *, timeout: float = TIMEOUT
    ):
        super().__init__(rank, world_size)
        import torch
        from torch import distributed

        self._torch = torch
        self.group = distributed.ProcessGroupGloo(
            store, rank, world_size, timedelta(seconds=timeout)
        )
        self._channel: Any = distributed.ProcessGroupGloo(
            distributed.PrefixStore("messages", store),
            rank,
            world_size,
            timedelta(days=1),
        )
        self._underway: dict[int, deque] = defaultdict(deque)
        self._readers = [
            threading.Thread(target=self._read, args=(source,), daemon=True)
            for source in self.others
        ]
        for reader in self._readers:
            reader.start()

    def _deliver(self, to: int, message: Message) -> None:
        frame = self._torch.frombuffer(
            bytearray(wire.encode(message)), dtype=self._torch.uint8
        )
        size = self._torch.tensor([len(frame)])
        self._post(to, size)
        self._post(to, frame)

    def _post(self, to: int, tensor) -> None:
        """Send without waiting: a rank may send before the other one receives."""
        try:
            work = self._channel.send([tensor], to, 0)
        except RuntimeError as error:
            raise PeerLost(f"could not send to rank {to}: {error}") from None
        underway = self._underway[to]
        underway.append((work, tensor))
        while len(underway) > 64:
            underway.popleft()[0].wait()

    def _read(self, source: int) -> None:
        try:
            while True:
                size = self._torch.zeros(1, dtype=self._torch.int64)
                self._channel.recv([size], source, 0).wait()
                if size.item() == 0:
                    return self._mailbox.lose(source, "has left")
                frame = self._torch.zeros(int(size), dtype=self._torch.uint8)
                self._channel.recv([frame], source, 0).wait()
                self._mailbox.put(source, wire.decode(frame.numpy().data))
        except (RuntimeError, WireError) as error:
            self._mailbox.lose(source, f"the connection broke: {error}")

    def close(self) -> None:
        """Tell the others, and wait until they leave too or are gone."""
        if self._closed:
            return
        super().close()
        for to in self.others:
            try:
                self._post(to, self._torch.tensor([0]))
            except PeerLost:
                continue
        for reader in self._readers:
            reader.join(5.0)


# --- running a function on every rank ------------------------------------------------


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
    if transport not in TRANSPORTS:
        raise ValueError(f"transport must be one of {TRANSPORTS}, got {transport!r}")
    if processes and transport == "threads":
        raise ValueError("ranks in processes need the transport 'tcp' or 'gloo'")
    if processes:
        return _run_processes(function, n, transport, args, timeout)
    return _run_threads(function, _joiners(n, transport), args, timeout)


def _joiners(n: int, transport: str) -> list[Callable[[], Communicator]]:
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
    """What the ranks returned so far, or the first error."""

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


def _run_threads(function, joiners, args, timeout: float) -> list[Any]:
    outcome, members = _Outcome(len(joiners)), []

    def work(rank: int) -> None:
        with ExitStack() as stack:
            try:
                communicator = stack.enter_context(joiners[rank]())
                members.append(communicator)
                outcome.note(rank, function(communicator, *args))
            except BaseException as error:  # noted before the others see it leave
                outcome.note(rank, error=error)

    threads = [
        threading.Thread(target=work, args=(rank,), daemon=True)
        for rank in range(len(joiners))
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
