"""Ranks joined by ``torch.distributed``."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from datetime import timedelta
from typing import Any

from mlmastery.distributed_training import wire
from mlmastery.distributed_training.communicator.base import TIMEOUT, Communicator
from mlmastery.distributed_training.wire import Message, PeerLost, WireError


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
    Gloo neither encrypts nor authenticates: it belongs into a network of one's own.

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
