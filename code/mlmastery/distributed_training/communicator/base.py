"""What every transport has in common: the contract and the mailbox behind it."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Sequence

from mlmastery.distributed_training.wire import Message, PeerLost

TIMEOUT = 30.0  # seconds


class Mailbox:
    """The inbox of one rank: messages by sender, until they are received."""

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
