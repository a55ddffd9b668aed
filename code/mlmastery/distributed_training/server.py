"""The server of a run: gives out work, notices who is lost, and never forgets.

One thread owns all state and takes events from a queue; a thread for each connection
only reads frames and puts them there. So there is nothing to lock, and every decision
can be read in one place.
"""

from __future__ import annotations

import logging
import queue
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from mlmastery.distributed_training import wire
from mlmastery.distributed_training.checkpoint import CheckpointError
from mlmastery.distributed_training.communicator import host_and_port, listen
from mlmastery.distributed_training.config import ROOM, DistributedMLConfig
from mlmastery.distributed_training.health import FailureDetector, Membership
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.packing import UNFIT, Parcel, Update
from mlmastery.distributed_training.rounds import (
    TrainingResult,
    pack,
    report,
    restore,
)
from mlmastery.distributed_training.run_files import RunFiles, RunLockedError
from mlmastery.distributed_training.secure import SecureAggregationError
from mlmastery.distributed_training.secure_round import KINDS, SecureRound
from mlmastery.distributed_training.wire import Channel, Message, PeerLost, WireError

__all__ = [
    "CheckpointError",
    "NoWorkersError",
    "RunLockedError",
    "TrainingResult",
    "TrainingServer",
]

logger = logging.getLogger(__name__)
MAX_NAME = 100  # characters of a worker's name


class NoWorkersError(RuntimeError):
    """No worker, or too few, joined in time."""


@dataclass
class Event:
    """Something that happened on a connection."""

    kind: str  # joined, message, left, stranger
    worker: str
    channel: Channel | None
    message: Message | None = None
    why: str = ""


@dataclass
class _Round:
    """The open work of one round."""

    number: int
    waiting: list[int]  # clients that nobody works on
    started: dict[tuple[int, str], float] = field(default_factory=dict)
    updates: dict[int, Update] = field(default_factory=dict)
    diverged: set[int] = field(default_factory=set)  # what came cannot be used
    n_bytes: int = 0

    def assigned(self, worker: str) -> list[int]:
        return [client for client, name in self.started if name == worker]

    def open(self) -> set[int]:
        return set(self.waiting) | {c for c, _ in self.started} - set(self.updates)


class TrainingServer:
    """Run the rounds of a configuration with whatever workers join.

    Parameters
    ----------
    config : DistributedMLConfig
    secret : bytes
        Workers must know it.
    on_change : callable, optional
        Called with the status, a dict, whenever something happened.

    Attributes
    ----------
    address : (str, int)
        Where the server listens, once it is made.

    Raises
    ------
    OSError
        If the port is taken.
    NoWorkersError
        From ``run``, if nobody joins in time.
    CheckpointError
        From ``run``, if the directory holds the checkpoints of another run.
    RunLockedError
        From ``run``, if another process runs in the directory.

    Notes
    -----
    A worker that is lost, silent, slow or talks nonsense costs time, never a result:
    its clients are given to others, and of several updates of one client the first
    that arrives counts, all being equal.
    """

    def __init__(
        self,
        config: DistributedMLConfig,
        secret: bytes,
        *,
        on_change: Callable[[dict], None] | None = None,
    ):
        self.config, self._secret = config, secret
        self.job = Job(config)
        self._largest = min(config.max_frame, largest_answer(self.job))
        self.files = RunFiles(config, on_change)
        self.checkpoints = self.files.checkpoints
        self.members = Membership()
        self.detector = FailureDetector(config.silence)
        self._owners: dict[int, str] = {}  # worker that remembers a client
        self._delivered = np.full(config.n_clients, -1)  # last round of each client
        self._secure: SecureRound | None = None
        self._events: queue.Queue[Event] = queue.Queue(maxsize=1024)
        self._channels: dict[str, Channel] = {}
        self._informed: dict[str, int] = {}  # worker: round whose parameters it has
        self._round: _Round | None = None
        self._deadline = 0.0  # of the present round
        self._done = threading.Event()
        self._threads: list[threading.Thread] = []
        self._last_status = 0.0
        self._listener = listen((config.host, config.port))
        self.address = self._listener.getsockname()[:2]

    @property
    def history(self) -> list[dict[str, Any]]:
        """One line for each round."""
        return self.files.history

    @property
    def faults(self) -> list[dict[str, Any]]:
        """Everything that went wrong, over all resumptions."""
        return self.files.faults

    # --- the run ---------------------------------------------------------------------

    def run(self) -> TrainingResult:
        """Run all rounds that no checkpoint holds yet, and return the result."""
        try:
            with self.files:
                return self._run()
        finally:
            self.close()

    def _run(self) -> TrainingResult:
        parameters, state, first = self._resume()  # of another run, nothing is touched
        self._start_thread(self._accept)
        try:
            if first < self.config.rounds:
                parameters, state = self._all_rounds(parameters, state, first)
            self._write_status("finished")
        except BaseException:
            self._write_status("failed")
            raise
        members = [asdict(member) for member in self.members.members.values()]
        return TrainingResult(parameters, self.history, self.faults, members)

    def _all_rounds(self, parameters: np.ndarray, state: dict, first: int):
        self._write_status("running")
        self.job.check()
        self._wait_for_workers(self.config.min_workers)
        for number in range(first, self.config.rounds):
            parameters, state = self._one_round(number, parameters, state)
            if (number + 1) % self.config.checkpoint_every == 0:
                self._save(number + 1, parameters, state)
        self._save(self.config.rounds, parameters, state)
        return parameters, state

    def is_finished(self) -> bool:
        """Whether a checkpoint holds all rounds already."""
        try:
            found = self.checkpoints.load_latest()
        except CheckpointError:
            return False  # `run` will say what is wrong
        return found is not None and found.step >= self.config.rounds

    def close(self) -> None:
        """Let all workers go and stop listening."""
        self._listener.close()
        while not self._events.empty():
            event = self._events.get()
            if event.kind == "joined" and event.channel is not None:
                self._channels.setdefault(event.worker, event.channel)
        for channel in self._channels.values():
            try:
                channel.send(Message("bye"), 1.0)
            except PeerLost:
                continue
        self._done.set()
        for channel in self._channels.values():
            channel.close()
        for thread in self._threads:
            thread.join(6.0)

    def _one_round(self, number: int, parameters: np.ndarray, state: dict):
        start = time.monotonic()
        clients = self.job.clients(number)
        self._round = work = _Round(number, list(clients))
        self._parameters = parameters
        self._deadline = start + self._patience()
        if self.config.secure:
            closed = self._sum_securely(work, parameters, state)
        else:
            self._collect(work, len(clients))
            closed = self.job.aggregation.close(parameters, state, work.updates)
        report(self.files, number, closed)
        n_missing = len(clients) - closed.n_clients
        line = self.job.line(number, closed, n_missing, work.n_bytes)
        seconds = round(time.monotonic() - start, 4)
        self.files.note(line | {"seconds": seconds})
        self._round = self._secure = None
        self._write_status("running")
        return closed.parameters, closed.state

    def _patience(self) -> float:
        """Return after how many seconds a round goes on without stragglers."""
        stragglers, limit = self.config.stragglers, self.config.round_timeout
        if stragglers.get("policy") == "drop":
            return min(limit, stragglers["after"])
        return limit

    def _collect(self, work: _Round, n_clients: int) -> None:
        """Give out the work of a round and take what comes in time."""
        clients = set(work.waiting)
        while work.open() and time.monotonic() < self._deadline:
            self._give_out_work()
            self._handle_next_event()
            self._look_after_health()
        for client in work.updates:
            self._delivered[client] = work.number
        missing = sorted(clients - set(work.updates) - work.diverged)
        if missing:
            self._fault("missing", "", f"clients {missing} did not deliver in time")

    # --- secure sums -----------------------------------------------------------------

    def _sum_securely(self, work: _Round, parameters: np.ndarray, state: dict):
        """Run a round of which this server sees the sum alone."""
        clients = list(work.waiting)
        work.waiting = []
        idle = self.job.idle_partners(clients)
        total, why = None, ""
        while len(self.members.alive) < self.config.min_workers:
            self._wait_for_workers(self.config.min_workers)
        assigned = _share_out([*clients, *idle], self.members.alive)
        self._secure = secure = SecureRound(
            work.number, assigned, parameters.size + 2, self.job.aggregation.grid
        )
        try:
            for step in KINDS:
                self._secure_step(secure, step, parameters, idle)
            total = secure.total()
        except (SecureAggregationError, *UNFIT) as error:
            why = str(error)
        work.n_bytes = secure.n_bytes
        for client, reason in sorted(secure.diverged.items()):
            self._fault("diverged", "", _left_out(client, reason))
        n_clients = len(set(secure.server.masked) - set(idle))
        return self.job.aggregation.close_sum(parameters, state, total, n_clients, why)

    def _secure_step(self, secure: SecureRound, step: str, parameters, idle) -> None:
        secure.go_on(step)
        for worker in list(secure.assigned):
            message = secure.question(worker, parameters, idle)
            try:
                self._channels[worker].send(message, 5.0)
            except (PeerLost, KeyError) as error:
                self._lose(worker, str(error))
        quick = min(self._deadline, time.monotonic() + self.config.task_timeout)
        deadline = self._deadline if step == "masked" else quick
        while secure.waiting() and time.monotonic() < deadline:
            self._handle_next_event()
            self._look_for_silence()
        secure.enough()

    # --- work ------------------------------------------------------------------------

    def _give_out_work(self) -> None:
        """Give every idle worker a client that waits, or one that takes too long."""
        work = self._round
        if work is None:
            return
        for worker in self.members.alive:
            if work.assigned(worker):
                continue
            client = self._next_client(worker)
            if client is not None:
                self._send_work(worker, client)

    def _next_client(self, worker: str) -> int | None:
        work = self._round
        assert work is not None
        for client in work.waiting:
            if self._may_have(worker, client):
                work.waiting.remove(client)
                return client
        if not self.config.reassign or self.config.remembers:
            return None
        now, limit = time.monotonic(), self.config.task_timeout
        slow = [key for key, since in work.started.items() if now - since > limit]
        once = [c for c, _ in slow if sum(c == other for other, _ in work.started) == 1]
        if once:
            late = next(name for client, name in slow if client == once[0])
            self._fault("straggler", late, f"client {once[0]} also given to {worker}")
            return once[0]
        return None

    def _may_have(self, worker: str, client: int) -> bool:
        """Whether a client may go to a worker: not if another remembers it."""
        if not self.config.remembers:
            return True
        owner = self._owners.setdefault(client, worker)
        if owner != worker and owner not in self.members.alive:
            self._owners[client] = worker
            return True
        return owner == worker

    def _send_work(self, worker: str, client: int) -> None:
        work = self._round
        assert work is not None
        arrays = {}
        if self._informed.get(worker) != work.number:
            arrays = {"parameters": self._parameters}
        message = Message("work", {"round": work.number, "client": client}, arrays)
        work.started[client, worker] = time.monotonic()
        self.members.members[worker].state = "working"
        try:
            self._channels[worker].send(message, 5.0)
            self._informed[worker] = work.number
        except PeerLost as error:
            self._lose(worker, str(error))

    def _take_update(self, worker: str, message: Message) -> None:
        """Keep an update of the present round; a late or second one changes nothing."""
        work, member = self._round, self.members.members[worker]
        client = self._asked_for(worker, message)
        if work is None or client is None:
            return
        del work.started[client, worker]
        try:
            update = self.job.packer.unpack(_parcel(message), client)
        except ValueError as error:
            self._give_back([client])
            self._refuse(worker, str(error))
            return
        if update.diverged:
            work.diverged.add(client)
            self._fault("refused", worker, f"update of client {client} is not finite")
            self._done_with(client)
            return
        self._check_memory(worker, client, message)
        member.updates += 1
        member.bytes_received += message.n_bytes
        work.n_bytes += message.n_bytes
        work.updates.setdefault(client, update)
        self._done_with(client)

    def _asked_for(self, worker: str, message: Message) -> int | None:
        """Return the client that a message is about, if this worker was asked for it.

        A message that is late, repeated or about something else changes nothing.
        """
        work, client = self._round, message.meta.get("client")
        if type(client) is not int:
            raise ValueError(f"a client has a number, got {client!r}")
        if work is None or message.meta.get("round") != work.number:
            return None
        return client if (client, worker) in work.started else None

    def _take_diverged(self, worker: str, message: Message) -> None:
        """Go on without a client whose training came to no usable numbers."""
        reason = str(message.meta.get("why", "its training diverged"))[:300]
        if self._secure is not None:
            self._secure.give_up(worker, message.meta["client"], reason)
            return
        work, client = self._round, self._asked_for(worker, message)
        if work is None or client is None:
            return
        work.diverged.add(client)
        self._fault("diverged", worker, _left_out(client, reason))
        self._done_with(client)

    def _done_with(self, client: int) -> None:
        """Expect nothing more about a client in this round; who did it is idle."""
        work = self._round
        assert work is not None
        work.started = {k: t for k, t in work.started.items() if k[0] != client}
        for other in self.members.alive:
            if not work.assigned(other):
                self.members.members[other].state = "idle"

    def _check_memory(self, worker: str, client: int, message: Message) -> None:
        """Note it if a client's compressor has forgotten what it left out before."""
        expected, found = int(self._delivered[client]), message.meta.get("remembers")
        if self.config.remembers and found != expected:
            why = f"what client {client} left out before round {expected + 1} is lost"
            self._fault("memory", worker, why)

    def _give_back(self, clients: list[int]) -> None:
        """Let clients wait for another worker, where another may have them."""
        work = self._round
        assert work is not None
        if not self.config.reassign:
            return
        for client in clients:
            taken = any(client == other for other, _ in work.started)
            if client not in work.updates and not taken:
                work.waiting.insert(0, client)

    # --- workers ---------------------------------------------------------------------

    def _accept(self) -> None:
        self._listener.settimeout(0.2)
        while not self._done.is_set():
            try:
                connection, peer = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self._start_thread(self._converse, connection, peer)

    def _converse(self, connection: socket.socket, peer) -> None:
        """Greet one peer, then put everything that it says into the queue."""
        try:
            channel = wire.accept(
                connection, self._secret, timeout=5.0, limit=self._largest
            )
        except (WireError, PeerLost, TimeoutError) as error:
            why = f"{type(error).__name__}: {error}"
            self._events.put(Event("stranger", f"{peer[0]}:{peer[1]}", None, why=why))
            return
        name = channel.identity.get("worker", f"{peer[0]}:{peer[1]}")
        if not _is_name(name):
            why = f"a name has 1 to {MAX_NAME} printable characters, got {name!r:.200}"
            self._events.put(Event("stranger", f"{peer[0]}:{peer[1]}", None, why=why))
            _say_refused(channel, why)
            return channel.close()
        self._events.put(Event("joined", name, channel))
        while not self._done.is_set():
            try:
                message = channel.receive(1.0)
            except TimeoutError:
                continue
            except (WireError, PeerLost) as error:
                self._events.put(Event("left", name, channel, why=str(error)))
                return
            self._events.put(Event("message", name, channel, message))
        channel.close()

    def _handle_next_event(self, timeout: float = 0.1) -> None:
        try:
            event = self._events.get(timeout=timeout)
        except queue.Empty:
            return
        if event.kind == "stranger":
            self._fault("stranger", event.worker, f"turned away: {event.why}")
        elif event.kind == "joined" and event.channel is not None:
            self._greet(event.worker, event.channel)
        elif self._channels.get(event.worker) is not event.channel:
            return  # from a connection that was replaced or given up
        elif event.kind == "left":
            self._lose(event.worker, event.why)
        elif event.message is not None:
            self._hear(event.worker, event.message)

    def _hear(self, worker: str, message: Message) -> None:
        if worker in self.members.alive:
            self.detector.heard(worker)
        try:
            if message.kind == "ready":
                self._admit(worker, message)
            elif message.kind == "alive":
                return
            elif message.kind == "unable":
                self._refuse(worker, f"it cannot: {str(message.meta['why'])[:300]}")
            elif worker not in self.members.alive:
                self._refuse(worker, f"it sent {message.kind!r} before it was ready")
            elif message.kind == "update":
                self._take_update(worker, message)
            elif message.kind == "diverged":
                self._take_diverged(worker, message)
            elif self._secure is not None and message.kind in KINDS:
                self._secure.hear(worker, message)
                member = self.members.members[worker]
                member.updates += message.kind == "masked"
                member.bytes_received += message.n_bytes
        except UNFIT as error:
            self._refuse(worker, f"its message makes no sense: {error!r:.300}")

    def _greet(self, worker: str, channel: Channel) -> None:
        """Tell a worker what the run is about; it answers when it is ready.

        A name is for one worker: one that comes back is known by its token, and a
        second one is turned away.
        """
        known = self._channels.get(worker)
        if known is not None and not _same_process(known, channel):
            why = f"a worker of the name {worker!r} is here already"
            self._fault("refused", worker, f"{why}; the second is turned away")
            _say_refused(channel, why)
            return channel.close()
        if worker in self.members.alive:
            self._lose(worker, "joined anew")
        old = self._channels.pop(worker, None)
        if old is not None:
            old.close()
        self._channels[worker] = channel
        try:
            channel.send(Message("config", self.config.to_dict()), 5.0)
        except PeerLost:
            del self._channels[worker]

    def _admit(self, worker: str, message: Message) -> None:
        """Count a worker as a member if its model is ours."""
        expected, found = self.job.model.n_parameters, message.meta.get("n_parameters")
        if found != expected:
            why = f"its model has {found} parameters, the run's {expected}"
            self._refuse(worker, why)
            return
        for client in message.meta.get("holds", []):
            if type(client) is int:
                self._owners[client] = worker
        self.members.join(worker)
        self._informed.pop(worker, None)
        self.detector.heard(worker)
        self._write_status("running")

    def _refuse(self, worker: str, why: str) -> None:
        """Send a worker away for good."""
        _say_refused(self._channels[worker], why)
        self._fault("refused", worker, why)
        self._lose(worker, why)

    def _lose(self, worker: str, why: str) -> None:
        """Give up a worker and let others do what it had begun."""
        channel = self._channels.pop(worker, None)
        if channel is not None:
            channel.close()
        self.detector.forget(worker)
        if worker not in self.members.alive:
            return
        self.members.lose(worker, why)
        work, clients = self._round, []
        if work is not None:
            clients = work.assigned(worker)
            for client in clients:
                del work.started[client, worker]
            self._give_back(clients)
        if self._secure is not None:
            clients = self._secure.lose(worker)
        again = self.config.reassign and self._secure is None
        what = "given to others" if again else "left out"
        self._fault("lost", worker, f"{why}; clients {clients} {what}")

    def _look_for_silence(self) -> None:
        if self._events.empty():  # else a sign of life may be waiting there
            for worker in self.detector.suspects():
                silence = self.config.silence
                self._lose(worker, f"no sign of life for {silence:g} s")

    def _look_after_health(self) -> None:
        self._look_for_silence()
        if len(self.members.alive) < self.config.min_workers:
            self._wait_for_workers(self.config.min_workers)

    def _wait_for_workers(self, n: int) -> None:
        start = time.monotonic()
        deadline = start + self.config.join_timeout
        while len(self.members.alive) < n:
            if time.monotonic() > deadline:
                raise NoWorkersError(
                    f"{n} worker(s) needed, {len(self.members.alive)} joined at "
                    f"{host_and_port(self.address)} within "
                    f"{self.config.join_timeout:g} s"
                )
            self._handle_next_event()
        self._deadline += time.monotonic() - start  # nobody worked meanwhile

    # --- what is remembered ----------------------------------------------------------

    def _resume(self) -> tuple[np.ndarray, dict, int]:
        parameters, state, first = restore(self.job, self.files)
        self._delivered = state.pop("delivered", self._delivered)
        return parameters, state, first

    def _save(self, step: int, parameters: np.ndarray, state: dict) -> None:
        arrays = pack(self.job, parameters, state)
        if self.config.remembers:
            arrays["delivered"] = self._delivered
        self.files.save(step, arrays)

    def _fault(self, kind: str, worker: str, why: str) -> None:
        number = self._round.number if self._round else None
        logger.info("round %s: %s %s: %s", number, kind, worker, why)
        self.files.fault(number, kind, worker, why)
        self._write_status("running")

    def status(self, phase: str) -> dict[str, Any]:
        """Return what is known about the run, as plain values."""
        workers = [asdict(member) for member in self.members.members.values()]
        self.files.details = {"address": list(self.address), "workers": workers}
        return self.files.status(phase)

    def _write_status(self, phase: str) -> None:
        self.status(phase)
        self.files.write_status(phase)

    def _start_thread(self, target, *args) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()


def _left_out(client: int, reason: str) -> str:
    return f"client {client} is left out: {reason}"


def largest_answer(job: Job) -> int:
    """Return the bytes that a worker may send at once: more has no place in a run.

    Sixteen bytes a number are twice what a masked vector takes; letters and shares of a
    secure round are at most one for each pair of clients.
    """
    pairs = job.config.n_clients**2 if job.config.secure else 0
    return ROOM + 16 * (job.model.n_parameters + 2) + 128 * pairs


def _is_name(name: Any) -> bool:
    return type(name) is str and 0 < len(name) <= MAX_NAME and name.isprintable()


def _same_process(known: Channel, channel: Channel) -> bool:
    token = channel.identity.get("token")
    return type(token) is str and known.identity.get("token") == token


def _say_refused(channel: Channel, why: str) -> None:
    try:
        channel.send(Message("refused", {"why": why}), 1.0)
    except PeerLost:
        pass  # it is gone already, which is what we want


def _share_out(clients: list[int], workers: list[str]) -> dict[str, list[int]]:
    """Return the clients that each worker speaks for, as evenly as can be."""
    n = len(workers)
    shares = {worker: sorted(clients)[i::n] for i, worker in enumerate(workers)}
    return {worker: own for worker, own in shares.items() if own}


def _parcel(message: Message) -> Parcel:
    arrays, meta = dict(message.arrays), message.meta
    loss = arrays.pop("loss", np.array(np.nan))
    if loss.shape != () or type(meta.get("weight")) is not float:
        raise ValueError(f"an update has a loss and a weight, got {meta}")
    return Parcel(arrays, meta["weight"], float(loss))
