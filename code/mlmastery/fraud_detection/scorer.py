"""One scorer process: it owns a partition, reads, scores and writes, batch by batch."""

from __future__ import annotations

import logging
import math
import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .brokers import Broker, BrokerDown, Delivery
from .config import FraudStreamConfig
from .learning import DayWatch, OnlineLearner
from .pipeline import Pipeline
from .scoring_models import ModelError, load_model
from .state import FeatureState
from .store import Effects, Store, StoreFull

__all__ = ["Scorer", "bucket_of", "make_pipeline", "read_places", "write_places"]

WARM_UP = 37  # days: the longest window, and the delay of the labels
FALSE_ALARM = 1 / 365  # on a stable day, all partitions and rates together
PAUSE = 0.2  # seconds until what failed is tried again
log = logging.getLogger(__name__)
log.addHandler(logging.NullHandler())  # a program that wants the messages says so


def bucket_of(seconds: float) -> int:
    """Return the bucket of a latency: 3 holds more than 4 and up to 8 milliseconds.

    Examples
    --------
    >>> [bucket_of(ms / 1000) for ms in (0.5, 1.5, 4, 5, 100)]
    [0, 1, 2, 3, 7]
    """
    return max(math.ceil(math.log2(max(seconds * 1000, 1e-9))), 0)


def write_places(path: Path, customers: pd.DataFrame, terminals: pd.DataFrame) -> None:
    """Write where cards and terminals are."""
    np.savez(path, customers=_places(customers), terminals=_places(terminals))


def _places(table: pd.DataFrame) -> np.ndarray:
    return table.iloc[:, :3].to_numpy(float)


def read_places(path: Path) -> dict[str, pd.DataFrame]:
    """Return the places as `FeatureState` takes them; nothing where no file is."""
    if not path.exists():
        return {}
    tables = {}
    with np.load(path, allow_pickle=False) as places:
        for name, key in (("customers", "customer"), ("terminals", "terminal")):
            frame = pd.DataFrame(places[name], columns=[key, "x", "y"])
            tables[name] = frame.astype({key: int})
    return tables


def make_pipeline(config: FraudStreamConfig, model: Any, partition: int) -> Pipeline:
    """Return the pipeline of a partition before its first event."""
    places = read_places(config.path(config.places))
    state = FeatureState(**places, delay_days=config.delay_days)
    delay = config.delay_days * 86_400
    return Pipeline(
        model,
        state,
        threshold=config.threshold,
        lateness=config.lateness,
        ahead=config.ahead,
        learner=OnlineLearner(delay) if config.online else None,
        watch=_watch(config),
        partition=partition,
    )


def _watch(config: FraudStreamConfig) -> DayWatch | None:
    """Return a watch of one partition; all together keep the false-alarm rate."""
    if not config.watch:
        return None
    return DayWatch(false_alarm=FALSE_ALARM / config.partitions, skip=WARM_UP)


class Scorer:
    """Read from a broker, score, and write effects and position in one transaction.

    Parameters
    ----------
    config : FraudStreamConfig
    partition : int
    store : Store
    broker : Broker
    stopping : threading.Event, optional
        Ends `run` in order.
    owner : str, optional
        Name for the lease; the process' number otherwise.
    """

    def __init__(
        self,
        config: FraudStreamConfig,
        partition: int,
        store: Store,
        broker: Broker,
        stopping: threading.Event | None = None,
        owner: str = "",
    ) -> None:
        self.config, self.partition = config, partition
        self.store, self.broker = store, broker
        self.stopping = stopping or threading.Event()
        self.owner = owner or f"process {os.getpid()}"
        self.offset = self.saved = 0
        self.number = 0  # of the request by which the model was loaded
        self.ahead = False
        self.latencies: dict[int, int] = {}
        self.fence: int | None = None
        self.pipeline: Pipeline | None = None

    def start(self) -> bool:
        """Take the partition and build the state; return whether both are done."""
        while self.fence is None and not self.stopping.is_set():
            self.fence = self.store.take(self.partition, self.owner, self.config.lease)
            if self.fence is None:
                self.stopping.wait(PAUSE)
        if self.fence is None:
            return False
        self.pipeline = make_pipeline(self.config, self._first_model(), self.partition)
        done = self._rebuild(self.pipeline)
        if done and self.number:
            note = f"version {self.pipeline.model.version}"
            self.store.note_swap(self.partition, self.number, self.offset, note)
        return done

    def _first_model(self) -> Any:
        """Return the model asked for last that can be loaded."""
        for number, folder in self.store.pointers():
            try:
                model = load_model(folder)
            except ModelError as error:
                log.warning("%s", error)
                continue
            self.number = number
            return model
        return load_model(self.config.path(self.config.model))

    def _rebuild(self, pipeline: Pipeline) -> bool:
        """Bring the state to the position: checkpoint, then the log again.

        Return False where it was told to stop on the way: half a state must not be
        saved with the position of a whole one.
        """
        self.offset = self.store.position(self.partition)
        self.saved, state = self.store.checkpoint(self.partition)
        if state is not None:
            pipeline.restore(state)
        at = self.saved
        while at < self.offset:
            deliveries = self._read(at, min(self.offset - at, 1000), wait=1.0)
            if self.stopping.is_set():
                return False
            if deliveries:
                pipeline.run(deliveries, self._seen)
                at = deliveries[-1].offset
            self._keep()
        return True

    def _seen(self, kind: str, ids: Any) -> Any:
        return self.store.seen(self.partition, kind, ids)

    def _renew(self) -> None:
        assert self.fence is not None
        self.store.renew(self.partition, self.fence, self.config.lease)

    def _keep(self) -> None:
        """Renew the lease while nothing comes, as far as the store can be written."""
        try:
            self._renew()
        except sqlite3.OperationalError as error:
            log.warning("%s; the lease cannot be renewed", error)
            self.stopping.wait(PAUSE)

    def run(self) -> None:
        """Score until told to stop; then save the state and give the partition back.

        Raises
        ------
        FencedError
            If another scorer has taken the partition.
        """
        if self.start():
            while not self.stopping.is_set():
                self.step()
            self._finish()
        if self.fence is not None:
            self.store.release(self.partition, self.fence)

    def step(self, wait: float = 0.1) -> int:
        """Handle one batch; return how many events it had."""
        self._swap()
        deliveries = self._read(self.offset, self.config.batch, wait)
        if not deliveries:
            self._keep()
            return 0
        began = time.perf_counter()
        self._handle(deliveries)
        bucket = bucket_of(time.perf_counter() - began)
        # Written with the next batch: before the commit no one knows how long it takes.
        self.latencies[bucket] = self.latencies.get(bucket, 0) + len(deliveries)
        return len(deliveries)

    def _handle(self, deliveries: list[Delivery]) -> None:
        assert self.pipeline is not None
        effects = self.pipeline.run(deliveries, self._seen)
        due = effects.offset - self.saved >= self.config.checkpoint
        state = self.pipeline.to_bytes() if due else None
        if not self._write(effects, state):
            self.ahead = True  # the state has counted what was not written
            return
        self.offset = effects.offset
        if due:
            self.saved = self.offset
            self._commit()

    def _write(self, effects: Effects, state: bytes | None) -> bool:
        """Write, as often as it takes: nothing is acknowledged before."""
        assert self.fence is not None
        while True:
            try:
                self.store.write(
                    self.partition,
                    self.fence,
                    effects,
                    state,
                    self.config.lease,
                    self.latencies,
                )
                self.latencies = {}
                return True
            except (StoreFull, sqlite3.OperationalError) as error:
                log.warning("%s; the events wait in the log", error)
            if self.stopping.wait(PAUSE):
                return False

    def _read(self, after: int, maximum: int, wait: float) -> list[Delivery]:
        try:
            return self.broker.read(self.partition, after, maximum, wait)
        except BrokerDown as error:
            log.warning("%s; trying again", error)
            self.stopping.wait(PAUSE)
            return []

    def _commit(self) -> None:
        try:
            self.broker.commit(self.partition, self.saved)
        except BrokerDown as error:  # the store's position counts, not the broker's
            log.warning("%s", error)

    def _swap(self) -> None:
        """Change the model between two batches, if another one is asked for."""
        pointer = self.store.pointer()
        if pointer is None or pointer[0] == self.number:
            return
        assert self.pipeline is not None
        self.number, folder = pointer
        try:
            self.pipeline.model = load_model(folder)
            note = f"version {self.pipeline.model.version}"
        except ModelError as error:
            note = f"refused: {error}"
            log.warning("%s", note)
        self.store.note_swap(self.partition, self.number, self.offset, note)

    def _finish(self) -> None:
        """Save the state, so that the next start reads nothing twice."""
        assert self.fence is not None
        assert self.pipeline is not None
        if self.offset > self.saved and not self.ahead:
            effects = Effects(offset=self.offset, version=self.pipeline.model.version)
            self.saved = self.offset
            if self._write(effects, self.pipeline.to_bytes()):
                self._commit()
