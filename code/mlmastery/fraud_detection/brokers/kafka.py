"""The Kafka protocol as the log, spoken by librdkafka.

A topic's partitions are read from given offsets, without the group's own assignment:
the alert store decides who owns a partition.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from .base import Broker, BrokerDown, Delivery

__all__ = ["KafkaLog"]

TOPIC, GROUP = "transactions", "scorers"
SECONDS = 10.0


class KafkaLog(Broker):
    """Partitions of one topic; offset 1 here is Kafka's offset 0.

    Parameters
    ----------
    servers : str
        ``host:port`` of one broker or several, with commas between.
    capacity : int, default=10000
        Events that may wait in a partition.
    partitions : int, default=1
        Of the topic, where it does not exist yet.
    topic : str, default="transactions"
    """

    def __init__(
        self,
        servers: str,
        capacity: int = 10_000,
        partitions: int = 1,
        topic: str = TOPIC,
    ) -> None:
        super().__init__(capacity)
        self.topic, self._at = topic, {}  # type: ignore[var-annotated]
        common: dict[str, Any] = {"bootstrap.servers": servers, "log_level": 0}
        self._producer = Producer(
            {**common, "enable.idempotence": True, "linger.ms": 0}
        )
        group = {"group.id": GROUP, "enable.auto.commit": False}
        self._consumer = Consumer(
            {**common, **group, "auto.offset.reset": "earliest", "fetch.wait.max.ms": 5}
        )
        self._create(AdminClient(common), partitions)

    def _create(self, admin: Any, partitions: int) -> None:
        with _as_broker_errors():
            found = admin.list_topics(self.topic, timeout=SECONDS).topics[self.topic]
            if found.error is None and len(found.partitions) >= partitions:
                return
            wanted = admin.create_topics([NewTopic(self.topic, partitions, 1)])
            wanted[self.topic].result(SECONDS)

    def append(
        self, partition: int, payloads: Sequence[bytes], after: int | None = None
    ) -> int:
        """Write events and wait until the broker has them all."""
        last = self.end(partition)
        self.check_place(partition, last, after)
        self.check_room(partition, len(payloads), last - self.committed(partition))
        errors: list[Any] = []

        def delivered(error: Any, _: Any) -> None:
            if error is not None:
                errors.append(error)

        for payload in payloads:
            self._producer.produce(
                self.topic, payload, partition=partition, on_delivery=delivered
            )
        left = self._producer.flush(SECONDS)
        if left or errors:
            raise BrokerDown(f"Kafka does not answer: {errors or left}")
        return last + len(payloads)

    def read(
        self, partition: int, after: int, maximum: int = 100, wait: float = 0.0
    ) -> list[Delivery]:
        """Return the next events."""
        if self._at.get(partition) != after:
            self._consumer.assign([TopicPartition(self.topic, partition, after)])
            self._at = {partition: after}
            wait = max(wait, 1.0)  # the first fetch of a position takes a moment
        found: list[Delivery] = []
        deadline = time.monotonic() + wait
        while not found and time.monotonic() < deadline:
            found = _deliveries(self._consumer.consume(maximum, min(wait, 0.05)))
        if found:
            self._at[partition] = found[-1].offset
        return found

    def commit(self, partition: int, offset: int) -> None:
        """Note a position in Kafka's own table of groups."""
        place = TopicPartition(self.topic, partition, offset)
        with _as_broker_errors():
            self._consumer.commit(offsets=[place], asynchronous=False)

    def committed(self, partition: int) -> int:
        """Return the position noted last."""
        place = TopicPartition(self.topic, partition)
        with _as_broker_errors():
            (found,) = self._consumer.committed([place], SECONDS)
        return max(found.offset, 0)

    def end(self, partition: int) -> int:
        """Return the last offset."""
        place = TopicPartition(self.topic, partition)
        with _as_broker_errors():
            _, high = self._consumer.get_watermark_offsets(place, SECONDS)
        return max(int(high), 0)

    def close(self) -> None:
        """Close both connections."""
        self._producer.flush(1)
        self._consumer.close()


@contextmanager
def _as_broker_errors() -> Iterator[None]:
    """Say a lost broker as every broker says it."""
    try:
        yield
    except (KafkaException, TimeoutError) as error:
        raise BrokerDown(f"Kafka does not answer: {error}") from error


def _deliveries(messages: Any) -> list[Delivery]:
    for message in messages:
        if message.error() is not None:
            raise BrokerDown(f"Kafka does not answer: {message.error()}")
    return [Delivery(m.offset() + 1, m.value()) for m in messages]
