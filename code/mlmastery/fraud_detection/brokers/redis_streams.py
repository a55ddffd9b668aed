"""Redis Streams as the log: a server that several machines can reach.

The offset of an event is the first half of its id, set by the writer, so that an event
that is sent again after a lost answer is refused and not written twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis

from .base import Broker, BrokerDown, BrokerFull, Delivery

__all__ = ["RedisStreams"]

FIELD = b"event"


class RedisStreams(Broker):
    """One stream a partition; positions live beside the streams.

    Parameters
    ----------
    url : str
        For example ``redis://127.0.0.1:6379/0``.
    capacity : int, default=10000
        Events that may wait in a partition.
    partitions : int, optional
        Taken and not needed.
    prefix : str, default="fraud"
        Start of all keys.
    """

    def __init__(
        self,
        url: str,
        capacity: int = 10_000,
        partitions: int = 1,
        prefix: str = "fraud",
    ) -> None:
        super().__init__(capacity)
        self._client: Any = redis.Redis.from_url(url, socket_timeout=5)
        self._prefix = prefix
        with _as_broker_errors():
            self._client.ping()

    def append(
        self, partition: int, payloads: Sequence[bytes], after: int | None = None
    ) -> int:
        """Write events in one transaction of the server."""
        last = self.end(partition)
        self.check_place(partition, last, after)
        self.check_room(partition, len(payloads), last - self.committed(partition))
        key = self._key(partition)
        with _as_broker_errors(), self._client.pipeline(transaction=True) as pipe:
            for i, payload in enumerate(payloads, start=last + 1):
                pipe.xadd(key, {FIELD: payload}, id=f"{i}-0")
            pipe.execute()
        return last + len(payloads)

    def read(
        self, partition: int, after: int, maximum: int = 100, wait: float = 0.0
    ) -> list[Delivery]:
        """Return the next events; the server holds the call back where it waits."""
        block = max(round(wait * 1000), 1) if wait else None
        with _as_broker_errors():
            found = self._client.xread(
                {self._key(partition): f"{after}-0"}, count=maximum, block=block
            )
        entries = _entries(found)
        return [Delivery(_number(name), fields[FIELD]) for name, fields in entries]

    def commit(self, partition: int, offset: int) -> None:
        """Note a position; it never goes back."""
        with _as_broker_errors():
            if offset > self.committed(partition):
                self._client.set(self._key(partition) + ":committed", offset)

    def committed(self, partition: int) -> int:
        """Return the position noted last."""
        with _as_broker_errors():
            return int(self._client.get(self._key(partition) + ":committed") or 0)

    def end(self, partition: int) -> int:
        """Return the last offset."""
        with _as_broker_errors():
            found = self._client.xrevrange(self._key(partition), count=1)
        return _number(found[0][0]) if found else 0

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _key(self, partition: int) -> str:
        return f"{self._prefix}:{partition}"


def _entries(found: Any) -> list[Any]:
    """Return the entries of the one stream that was asked for."""
    if not found:
        return []
    if isinstance(found, dict):  # as newer protocols answer
        (blocks,) = found.values()
        return list(blocks[0]) if isinstance(blocks[0], list) else list(blocks)
    return list(found[0][1])


def _number(name: bytes) -> int:
    return int(name.split(b"-")[0])


@contextmanager
def _as_broker_errors() -> Iterator[None]:
    """Say a lost or a full server as every broker says them."""
    try:
        yield
    except (redis.ConnectionError, redis.TimeoutError) as error:
        raise BrokerDown(f"Redis does not answer: {error}") from error
    except redis.ResponseError as error:
        if "OOM" in str(error) or "MISCONF" in str(error):
            raise BrokerFull(f"Redis has no room: {error}") from error
        raise
