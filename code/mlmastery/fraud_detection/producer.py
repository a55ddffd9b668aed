"""The producer process: it sends a file of events to the broker, at a rate.

After a kill it goes on from the end of the log, partition by partition.
"""

from __future__ import annotations

import logging
import threading
import time

from .brokers import Broker, BrokerDown, BrokerFull
from .config import FraudStreamConfig
from .events import route

__all__ = ["Producer"]

BATCH = 200  # events sent together, at most
TICK = 0.05  # seconds between two sends at a given rate
WAIT = 0.02  # seconds until a full broker is asked again
log = logging.getLogger(__name__)
log.addHandler(logging.NullHandler())  # a program that wants the messages says so


class Producer:
    """Send each partition's events in their order, each one once.

    Parameters
    ----------
    config : FraudStreamConfig
    broker : Broker
    stopping : threading.Event, optional

    Attributes
    ----------
    refusals : int
        How often the broker was full.
    """

    def __init__(
        self,
        config: FraudStreamConfig,
        broker: Broker,
        stopping: threading.Event | None = None,
    ) -> None:
        self.config, self.broker = config, broker
        self.stopping = stopping or threading.Event()
        self.refusals = 0
        lines = config.path(config.events).read_bytes().splitlines()
        self.logs = route(lines, config.partitions)
        self.done = [0] * config.partitions
        self._unsure = set(range(config.partitions))

    def run(self) -> None:
        """Send until all is sent, or until told to stop."""
        for partition in range(len(self.logs)):
            self._patiently(partition, 0)
        began, sent = time.monotonic(), 0
        while not self.stopping.is_set():
            left = [p for p, log_ in enumerate(self.logs) if self.done[p] < len(log_)]
            if not left:
                return
            size = self._size(time.monotonic() - began, sent)
            for partition in left:
                sent += self._patiently(partition, max(size // len(left), 1))
            if self.config.rate:
                self.stopping.wait(TICK)

    def _size(self, seconds: float, sent: int) -> int:
        if not self.config.rate:
            return BATCH
        due = round(seconds * self.config.rate) - sent
        return min(max(due, 1), BATCH)

    def _send(self, partition: int, size: int) -> int:
        """Send the next events behind those that arrived.

        Where an answer was lost, or the log ends elsewhere, look what is there.
        """
        if partition in self._unsure:
            self.done[partition] = self.broker.end(partition)
            self._unsure.discard(partition)
        start = self.done[partition]
        part = self.logs[partition][start : start + size]
        if part:
            self._unsure.add(partition)
            self.done[partition] = self.broker.append(partition, part, start)
            self._unsure.discard(partition)
        return len(part)

    def _patiently(self, partition: int, size: int) -> int:
        """Send as soon as the broker takes it."""
        while not self.stopping.is_set():
            try:
                return self._send(partition, size)
            except BrokerFull as error:
                self.refusals += 1
                if self.refusals == 1:
                    log.warning("%s; waiting", error)
                self.stopping.wait(WAIT)
            except BrokerDown as error:
                log.warning("%s; trying again", error)
                self.stopping.wait(0.2)
        return 0
