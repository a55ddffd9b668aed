"""What every broker offers, and the two ways in which it refuses.

>>> Delivery(3, b"payload").offset
3
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, Self

from mlmastery.validation import check_count

__all__ = ["Broker", "BrokerDown", "BrokerFull", "BrokerMoved", "Delivery"]


class BrokerDown(ConnectionError):
    """The broker does not answer; the producer and the scorers try again.

    Examples
    --------
    >>> str(BrokerDown("no server at port 1"))
    'no server at port 1'
    """


class BrokerMoved(BrokerDown):
    """The log ends at another offset than the producer knows; it must look again.

    Examples
    --------
    >>> str(BrokerMoved("partition 0 ends at offset 3"))
    'partition 0 ends at offset 3'
    """


class BrokerFull(RuntimeError):
    """The broker has no room; the producer must wait until scorers have caught up.

    Examples
    --------
    >>> str(BrokerFull("10 events wait"))
    '10 events wait'
    """


class Delivery(NamedTuple):
    """One event as a broker hands it out.

    Parameters
    ----------
    offset : int
        Position in its partition, from 1.
    payload : bytes

    Examples
    --------
    >>> Delivery(1, b"x").payload
    b'x'
    """

    offset: int
    payload: bytes


class Broker(ABC):
    """A log of several partitions that is only ever appended to.

    Parameters
    ----------
    capacity : int
        Events that may wait in a partition, from the last commit to the end.

    Examples
    --------
    >>> Broker.__abstractmethods__ >= {"read", "commit"}
    True
    """

    def __init__(self, capacity: int = 10_000) -> None:
        self.capacity = check_count(capacity, "capacity")

    @abstractmethod
    def append(
        self, partition: int, payloads: Sequence[bytes], after: int | None = None
    ) -> int:
        """Write events behind the last one; return the offset of the last.

        Parameters
        ----------
        partition : int
        payloads : sequence of bytes
        after : int, optional
            Offset at which the log must end now. A server that was killed may have lost
            what it had acknowledged, and another producer may have written.

        Raises
        ------
        BrokerFull
            If more than ``capacity`` events would wait; nothing is written then.
        BrokerDown
            If the broker does not answer. The events may be written or not.
        BrokerMoved
            If the log ends elsewhere; nothing is written then.
        """

    @abstractmethod
    def read(
        self, partition: int, after: int, maximum: int = 100, wait: float = 0.0
    ) -> list[Delivery]:
        """Return events behind an offset, in their order; wait where there are none."""

    @abstractmethod
    def commit(self, partition: int, offset: int) -> None:
        """Note that the events up to this offset are not needed again."""

    @abstractmethod
    def committed(self, partition: int) -> int:
        """Return the offset of the last commit, 0 before the first."""

    @abstractmethod
    def end(self, partition: int) -> int:
        """Return the offset of the last event, 0 before the first."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""

    def waiting(self, partition: int) -> int:
        """Return how many events lie behind the last commit."""
        return self.end(partition) - self.committed(partition)

    def check_place(self, partition: int, last: int, after: int | None) -> None:
        """Refuse to write behind anything but the event that the sender knows."""
        if after is not None and last != after:
            raise BrokerMoved(
                f"partition {partition} ends at offset {last}, expected was {after}"
            )

    def check_room(self, partition: int, more: int, waiting: int) -> None:
        """Refuse what would not fit."""
        if waiting + more > self.capacity:
            raise BrokerFull(
                f"partition {partition} has {waiting} events waiting, {more} more "
                f"would exceed its capacity of {self.capacity}"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
