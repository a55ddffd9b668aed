"""A worker: asks the server what the run is about, then does the work it is given."""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from typing import Any

import numpy as np

from mlmastery.distributed_training import wire
from mlmastery.distributed_training.communicator import host_and_port, retry_until
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.health import Heartbeat
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.memory import MemoryFiles
from mlmastery.distributed_training.packing import UNFIT, Parcel, Update
from mlmastery.distributed_training.run_files import run_directory
from mlmastery.distributed_training.secure_round import KINDS, SecureParty
from mlmastery.distributed_training.wire import (
    AuthenticationError,
    Channel,
    Message,
    PeerLost,
    WireError,
)

logger = logging.getLogger(__name__)
UNABLE = (*UNFIT, OSError, ImportError, RuntimeError)  # what else goes wrong ends it


class RefusedError(RuntimeError):
    """The server does not want this worker; it says why."""


class Worker:
    """Work for the server at an address until it says goodbye.

    Parameters
    ----------
    address : (str, int)
    secret : bytes
        The server's.
    name : str
        Under which the server knows this worker, also after it comes back.
    patience : float, default=30.0
        Seconds to try to reach the server, at first and again after each loss.

    Raises
    ------
    RefusedError
        From ``run``, if the server refuses this worker.
    WireError
        If the server is not what it should be: other version, other secret.
    OSError
        If it cannot be reached for as long as ``patience``.
    """

    def __init__(
        self,
        address: tuple[str, int],
        secret: bytes,
        *,
        name: str,
        patience: float = 30.0,
    ):
        if not patience >= 0:
            raise ValueError(f"patience must be seconds from 0, got {patience!r}")
        self.address, self.name, self.patience = address, name, patience
        self._secret, self._token = secret, secrets.token_hex(8)
        self.party: SecureParty | None = None
        self.job: Job | None = None
        self.reconnected = -1

    def run(self) -> int:
        """Work until the run is over; return the number of updates sent."""
        n_updates = 0
        while True:
            channel = self._connect()
            self.reconnected += 1
            try:
                for update in self._serve(channel):
                    n_updates += update
                return n_updates
            except (PeerLost, WireError, TimeoutError) as error:
                logger.info("%s lost the server (%s), tries again", self.name, error)
            finally:
                channel.close()

    def _connect(self) -> Channel:
        identity = {"worker": self.name, "token": self._token}
        try:
            return retry_until(
                lambda: wire.connect(self.address, self._secret, identity=identity),
                time.monotonic() + self.patience,
            )
        except AuthenticationError as error:
            where = host_and_port(self.address)
            raise AuthenticationError(
                f"{error}: is it the secret of {where}?"
            ) from error
        except ConnectionRefusedError as error:
            where = f"{host_and_port(self.address)} within {self.patience:g} s"
            raise ConnectionRefusedError(f"no server at {where}") from error
        except TimeoutError as error:
            where = host_and_port(self.address)
            raise TimeoutError(f"{where} does not answer as a server does") from error

    def _serve(self, channel: Channel):
        """Answer the server's messages; yield 1 after each update."""
        first = channel.receive(30.0)
        if first.kind == "bye":
            return
        if first.kind == "refused":
            raise RefusedError(first.meta["why"])
        config = self._introduce(channel, first)
        inbox, beat = Inbox(channel), Message("alive")
        longest = config.round_timeout + config.join_timeout
        with Heartbeat(lambda: channel.send(beat, config.heartbeat), config.heartbeat):
            while (message := inbox.newest(longest)).kind != "bye":
                if message.kind == "refused":
                    raise RefusedError(message.meta["why"])
                for answer in self._answers(message, inbox.parameters):
                    try:
                        channel.send(answer, 30.0)
                    except PeerLost:
                        break  # the inbox knows whether the server said goodbye before
                    yield int(answer.kind in ("update", "masked"))

    def _introduce(self, channel: Channel, first: Message) -> DistributedMLConfig:
        config = DistributedMLConfig.from_dict(first.meta)
        if self.job is None or self.job.config != config:
            try:
                self.job = self.make_job(config)
            except UNABLE as error:
                channel.send(Message("unable", {"why": _why(error)}), 5.0)
                raise
        self.party = SecureParty(self.job, self._update)
        channel.limit = config.max_frame
        ready: dict[str, Any] = {"n_parameters": self.job.model.n_parameters}
        if config.remembers:
            ready["holds"] = sorted(self.job.packer.memory)
        channel.send(Message("ready", ready), 5.0)
        return config

    def _answers(self, message: Message, parameters: np.ndarray):
        """Yield what is said to one message of the server."""
        if message.kind in KINDS and self.party is not None:
            yield from self.party.answer(message)
        elif message.kind == "work":
            yield self._answer(message, parameters)

    def _answer(self, work: Message, parameters: np.ndarray) -> Message:
        number, client = work.meta["round"], work.meta["client"]
        meta = {"round": number, "client": client}
        if self._remembers():
            self._recall(number, client, meta)
        parcel = self.work(parameters, number, client)
        if parcel.diverged:
            return Message("diverged", meta | {"why": parcel.why})
        if self._remembers():
            self._save_memory(client)
        meta["weight"] = parcel.weight
        return Message("update", meta, parcel.arrays | {"loss": np.array(parcel.loss)})

    def _remembers(self) -> bool:
        assert self.job is not None
        return self.job.config.remembers

    def _memory_files(self) -> MemoryFiles:
        assert self.job is not None
        return MemoryFiles(run_directory(self.job.config) / "memory")

    def _save_memory(self, client: int) -> None:
        assert self.job is not None
        self._memory_files().save(client, self.job.packer.memory[client])

    def _recall(self, number: int, client: int, meta: dict[str, Any]) -> None:
        """Take back what a client's compressor left out, whoever did its work."""
        assert self.job is not None
        own = self.job.packer.memory.setdefault(client, {})
        own |= self._memory_files().load(client)
        earlier = self.job.packer.memory_before(number, client)
        meta["remembers"] = -1 if earlier is None else earlier

    def _update(self, parameters: np.ndarray, number: int, client: int):
        """Do one client's work of a secure round, or say why there is none."""
        parcel = self.work(parameters, number, client)
        if parcel.diverged:
            return parcel.why
        return Update(parcel.arrays["values"], parcel.weight, parcel.loss)

    def make_job(self, config: DistributedMLConfig) -> Job:
        """Load data and model of a run."""
        return Job(config)

    def work(self, parameters: np.ndarray, number: int, client: int) -> Parcel:
        """Do one client's work of one round."""
        assert self.job is not None
        return self.job.work(parameters, number, client)


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


class Inbox:
    """A thread that reads what the server sends while the worker works.

    A worker that was slow finds several messages. Only the last counts: the server
    gives new work to a worker when the old has been done by others.
    """

    def __init__(self, channel: Channel):
        self.parameters = np.zeros(0)
        self._arrived: queue.Queue[Message | ConnectionError] = queue.Queue()
        threading.Thread(target=self._read, args=(channel,), daemon=True).start()

    def _read(self, channel: Channel) -> None:
        while True:
            try:
                self._arrived.put(channel.receive(1.0))
            except TimeoutError:
                continue
            except (PeerLost, WireError) as error:
                return self._arrived.put(error)

    def newest(self, timeout: float) -> Message:
        """Wait for a message and return the last one, or the goodbye if there is one."""
        try:
            arrived = self._arrived.get(timeout=timeout)
        except queue.Empty:
            raise PeerLost(f"the server was silent for {timeout:g} s") from None
        while True:
            if isinstance(arrived, ConnectionError):
                raise arrived
            if "parameters" in arrived.arrays:
                self.parameters = arrived.arrays["parameters"]
            if arrived.kind != "work" or self._arrived.empty():
                return arrived
            arrived = self._arrived.get()
