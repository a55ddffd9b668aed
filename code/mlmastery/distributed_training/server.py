"""The server of a run: gives out work, notices who is lost, and never forgets.

One thread owns all state and takes events from a queue; a thread for each connection
only reads frames and puts them there. So there is nothing to lock, and every decision
can be read in one place.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mlmastery.distributed_training import wire
from mlmastery.distributed_training.checkpoint import (
    CheckpointError,
    CheckpointManager,
)
from mlmastery.distributed_training.communicator import listen
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.health import FailureDetector, Membership
from mlmastery.distributed_training.job import Job, Parcel, Update
from mlmastery.distributed_training.settings import changeable_on_resume
from mlmastery.distributed_training.wire import Channel, Message, PeerLost, WireError
from mlmastery.storage import replacing

logger = logging.getLogger(__name__)


class NoWorkersError(RuntimeError):
    """No worker, or too few, joined in time."""


@dataclass
class TrainingResult:
    """The result of a run.

    Attributes
    ----------
    parameters : ndarray of shape (n_parameters,)
    history : list of dict
        For each round: number, loss, accuracy on held-out rows, seconds, bytes
        received, clients and those that are missing.
    faults : list of dict
        What went wrong, in which round, and what was done.
    members : list of dict
        Every worker that took part.
    """

    parameters: np.ndarray
    history: list[dict[str, Any]]
    faults: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)


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
    dropped: set[int] = field(default_factory=set)
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
        self.config, self._secret, self._on_change = config, secret, on_change
        self.job = Job(config)
        self.checkpoints = CheckpointManager(config.directory, config.keep)
        self.members = Membership()
        self.detector = FailureDetector(config.silence)
        self.history: list[dict[str, Any]] = []
        self.faults: list[dict[str, Any]] = []
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

    # --- the run ---------------------------------------------------------------------

    def run(self) -> TrainingResult:
        """Run all rounds that no checkpoint holds yet, and return the result."""
        self._start_thread(self._accept)
        try:
            parameters, state, first = self._resume()
            self._wait_for_workers(self.config.min_workers)
            for number in range(first, self.config.rounds):
                parameters, state = self._one_round(number, parameters, state)
                if (number + 1) % self.config.checkpoint_every == 0:
                    self._save(number + 1, parameters, state)
            self._save(self.config.rounds, parameters, state)
            self._write_status("finished")
            members = [asdict(member) for member in self.members.members.values()]
            return TrainingResult(parameters, self.history, self.faults, members)
        except BaseException:
            self._write_status("failed")
            raise
        finally:
            self.close()

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
        self._deadline = start + self.config.round_timeout
        while work.open() and time.monotonic() < self._deadline:
            self._give_out_work()
            self._handle_next_event()
            self._look_after_health()
        missing = sorted(set(clients) - set(work.updates))
        if missing:
            self._fault("missing", "", f"clients {missing} did not deliver in time")
        parameters, state = self.job.combine(parameters, state, work.updates)
        self._note_round(work, missing, parameters, time.monotonic() - start)
        self._round = None
        return parameters, state

    def _note_round(self, work: _Round, missing, parameters, seconds: float) -> None:
        updates = [work.updates[client] for client in sorted(work.updates)]
        weights = np.array([update.weight for update in updates])
        loss = float(np.average([update.loss for update in updates], weights=weights))
        self.history.append(
            {
                "round": work.number,
                "loss": loss if np.isfinite(loss) else None,
                "accuracy": self.job.accuracy(parameters),
                "clients": len(updates),
                "missing": len(missing),
                "bytes": work.n_bytes,
                "seconds": round(seconds, 4),
            }
        )
        self._write_status("running")

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
        if work.waiting:
            return work.waiting.pop(0)
        if not self.config.reassign:
            return None
        now, limit = time.monotonic(), self.config.task_timeout
        slow = [key for key, since in work.started.items() if now - since > limit]
        once = [c for c, _ in slow if sum(c == other for other, _ in work.started) == 1]
        if once:
            late = next(name for client, name in slow if client == once[0])
            self._fault("straggler", late, f"client {once[0]} also given to {worker}")
            return once[0]
        return None

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
        number, client = message.meta.get("round"), int(message.meta.get("client", -1))
        if (
            work is None
            or number != work.number
            or (client, worker) not in work.started
        ):
            return
        del work.started[client, worker]
        try:
            update = self.job.unpack(_parcel(message), client)
        except ValueError as error:
            self._give_back([client])
            self._refuse(worker, str(error))
            return
        if not np.isfinite(update.vector).all():
            work.dropped.add(client)
            self._fault("refused", worker, f"update of client {client} is not finite")
            return
        member.state = "idle"
        member.updates += 1
        member.bytes_received += message.n_bytes
        work.n_bytes += message.n_bytes
        work.updates.setdefault(client, update)
        work.started = {k: t for k, t in work.started.items() if k[0] != client}
        for other in self.members.alive:
            if not work.assigned(other):
                self.members.members[other].state = "idle"

    def _give_back(self, clients: list[int]) -> None:
        """Let clients wait for another worker, or drop them where none may help."""
        work = self._round
        assert work is not None
        for client in clients:
            taken = any(client == other for other, _ in work.started)
            if client in work.updates or taken:
                continue
            if self.config.reassign:
                work.waiting.insert(0, client)
            else:
                work.dropped.add(client)

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
                connection, self._secret, timeout=5.0, limit=self.config.max_frame
            )
        except (WireError, PeerLost, TimeoutError) as error:
            why = f"{type(error).__name__}: {error}"
            self._events.put(Event("stranger", f"{peer[0]}:{peer[1]}", None, why=why))
            return
        name = str(channel.identity.get("worker", peer))
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
            elif message.kind == "update":
                self._take_update(worker, message)
        except (TypeError, ValueError) as error:
            self._refuse(worker, f"its message makes no sense: {error}")

    def _greet(self, worker: str, channel: Channel) -> None:
        """Tell a worker what the run is about; it answers when it is ready."""
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
        self.members.join(worker)
        self._informed.pop(worker, None)
        self.detector.heard(worker)
        self._write_status("running")

    def _refuse(self, worker: str, why: str) -> None:
        """Send a worker away for good."""
        try:
            self._channels[worker].send(Message("refused", {"why": why}), 1.0)
        except PeerLost:
            pass  # it is gone already, which is what we want
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
        what = "given to others" if self.config.reassign else "left out"
        self._fault("lost", worker, f"{why}; clients {clients} {what}")

    def _look_after_health(self) -> None:
        if self._events.empty():  # else a sign of life may be waiting there
            for worker in self.detector.suspects():
                silence = self.config.silence
                self._lose(worker, f"no sign of life for {silence:g} s")
        if len(self.members.alive) < self.config.min_workers:
            self._wait_for_workers(self.config.min_workers)

    def _wait_for_workers(self, n: int) -> None:
        start = time.monotonic()
        deadline = start + self.config.join_timeout
        while len(self.members.alive) < n:
            if time.monotonic() > deadline:
                host, port = self.address
                raise NoWorkersError(
                    f"{n} worker(s) needed, {len(self.members.alive)} joined at "
                    f"{host}:{port} within {self.config.join_timeout:g} s"
                )
            self._handle_next_event()
        self._deadline += time.monotonic() - start  # nobody worked meanwhile

    # --- what is remembered ----------------------------------------------------------

    def _resume(self) -> tuple[np.ndarray, dict, int]:
        found = self.checkpoints.load_latest()
        for why in self.checkpoints.damaged:
            self._fault("checkpoint", "", f"{why}; the one before it was used")
        if found is None:
            parameters = self.job.model.get_parameters()
            return parameters, self.job.strategy.start(parameters.size), 0
        self._check_same_run(found.meta["config"])
        self.history = found.meta["history"]
        self.faults += found.meta["faults"]
        state = dict(found.arrays)
        return state.pop("parameters"), state, found.step

    def _check_same_run(self, saved: dict[str, Any]) -> None:
        own, changeable = self.config.to_dict(), changeable_on_resume(self.config)
        for name, value in saved.items():
            if name not in changeable and own.get(name) != value:
                raise CheckpointError(
                    f"{self.config.directory} holds a run with {name}={value!r}, the "
                    f"configuration says {own.get(name)!r}; choose another directory"
                )

    def _save(self, step: int, parameters: np.ndarray, state: dict) -> None:
        meta = {
            "config": self.config.to_dict(),
            "history": self.history,
            "faults": self.faults,
        }
        self.checkpoints.save(step, meta, {"parameters": parameters, **state})

    def _fault(self, kind: str, worker: str, why: str) -> None:
        number = self._round.number if self._round else None
        logger.info("round %s: %s %s: %s", number, kind, worker, why)
        self.faults.append(
            {"round": number, "kind": kind, "worker": worker, "why": why}
        )
        self._write_status("running")

    def status(self, phase: str) -> dict[str, Any]:
        """Return what is known about the run, as plain values."""
        return {
            "phase": phase,
            "pid": os.getpid(),
            "address": list(self.address),
            "rounds": self.config.rounds,
            "history": self.history,
            "faults": self.faults,
            "workers": [asdict(member) for member in self.members.members.values()],
        }

    def _write_status(self, phase: str) -> None:
        status = self.status(phase)
        path = Path(self.config.directory) / "status.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(json.dumps(status).encode())
        if self._on_change is not None:
            self._on_change(status)

    def _start_thread(self, target, *args) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()


def _parcel(message: Message) -> Parcel:
    arrays, meta = dict(message.arrays), message.meta
    loss = arrays.pop("loss", np.array(np.nan))
    if loss.shape != () or type(meta.get("weight")) is not float:
        raise ValueError(f"an update has a loss and a weight, got {meta}")
    return Parcel(arrays, meta["weight"], float(loss))
