"""Ranks as threads of one process."""

from __future__ import annotations

import numpy as np

from mlmastery.distributed_training.communicator.base import Communicator
from mlmastery.distributed_training.wire import Message, PeerLost


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
