"""Logs that keep events between the producer and the scorers.

Each broker offers `append`, `read`, `commit`, `end` and `waiting`; an offset counts the
events of a partition from 1.

>>> import tempfile
>>> with open_broker("sqlite", f"{tempfile.mkdtemp()}/log.db") as log:
...     log.append(0, [b"first", b"second"])
...     [delivery.payload for delivery in log.read(0, after=1)]
2
[b'second']
"""

from __future__ import annotations

from typing import Any

from .base import Broker, BrokerDown, BrokerFull, BrokerMoved, Delivery

__all__ = [
    "KINDS",
    "Broker",
    "BrokerDown",
    "BrokerFull",
    "BrokerMoved",
    "Delivery",
    "open_broker",
]

KINDS = ("sqlite", "redis", "kafka")


def open_broker(kind: str, address: str, **options: Any) -> Broker:
    """Return a broker; its client library is imported only where it is asked for.

    Parameters
    ----------
    kind : {"sqlite", "redis", "kafka"}
    address : str
        A file, the URL of a Redis server, or Kafka's bootstrap servers.
    **options
        ``capacity`` and ``partitions``, as each broker takes them.

    Raises
    ------
    ValueError
        If the kind is unknown.
    """
    if kind == "sqlite":
        from .sqlite_log import SqliteLog

        return SqliteLog(address, **options)
    if kind == "redis":
        from .redis_streams import RedisStreams

        return RedisStreams(address, **options)
    if kind == "kafka":
        from .kafka import KafkaLog

        return KafkaLog(address, **options)
    raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
