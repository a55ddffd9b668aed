"""The same pipeline as a dataflow of bytewax, for more than one machine.

python -m mlmastery.fraud_detection.bytewax_flow CONFIG

Bytewax keeps positions and states in its own recovery store; rows are written by their
keys, so that what is replayed after a kill changes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import bytewax.operators as op
from bytewax.dataflow import Dataflow
from bytewax.inputs import FixedPartitionedSource, StatefulSourcePartition
from bytewax.operators import StatefulBatchLogic
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import cluster_main

from .brokers.base import Delivery
from .config import FraudStreamConfig, read_config
from .scorer import make_pipeline
from .scoring_models import load_model
from .store import Effects, Seen, Store

__all__ = ["flow_of", "main", "run_flow"]

Keyed = tuple[str, tuple[int, Delivery]]


class _Reader(StatefulSourcePartition):
    """One partition of our log, from the position that the recovery store holds."""

    def __init__(
        self, config: FraudStreamConfig, partition: int, at: int | None
    ) -> None:
        self.config, self.partition, self.at = config, partition, at or 0
        self.broker = config.open_broker()

    def next_batch(self) -> Iterable[Keyed]:
        found = self.broker.read(self.partition, self.at, self.config.batch)
        if not found:
            raise StopIteration
        self.at = found[-1].offset
        return [(str(self.partition), (self.partition, one)) for one in found]

    def next_awake(self) -> datetime | None:
        return None

    def snapshot(self) -> int:
        return self.at

    def close(self) -> None:
        self.broker.close()


class _Log(FixedPartitionedSource):
    """All partitions of our log, up to their present ends."""

    def __init__(self, config: FraudStreamConfig) -> None:
        self.config = config

    def list_parts(self) -> list[str]:
        return [str(p) for p in range(self.config.partitions)]

    def build_part(self, step_id: str, for_part: str, resume_state: Any) -> _Reader:
        return _Reader(self.config, int(for_part), resume_state)


class _Score(StatefulBatchLogic):
    """A batch of deliveries in, its effects out."""

    def __init__(
        self, config: FraudStreamConfig, state: tuple[int, bytes] | None
    ) -> None:
        self.config, self.state = config, state
        self.partition = -1
        self.pipeline: Any = None
        self.recent: dict[tuple[str, int], Seen] = {}
        self.store = Store(config.path("store.db"))

    def _prepare(self, partition: int) -> None:
        """Build the pipeline; the partition is known from the first event."""
        model = load_model(self.config.path(self.config.model))
        self.partition = partition
        self.pipeline = make_pipeline(self.config, model, partition)
        if self.state is not None:
            self.pipeline.restore(self.state[1])

    def on_batch(self, values: list[tuple[int, Delivery]]) -> tuple[list[Any], bool]:
        if self.pipeline is None:
            self._prepare(values[0][0])
        deliveries = [delivery for _, delivery in values]
        effects = self.pipeline.run(deliveries, self._seen)
        for row in effects.scores:
            self.recent["transaction", row[0]] = Seen(row[-1], row[1:5], row[6])
        for number, fraud, offset in effects.labels:
            self.recent["label", number] = Seen(offset, (fraud,), 0.0)
        return [(self.partition, effects)], StatefulBatchLogic.RETAIN

    def _seen(self, kind: str, ids: Iterable[int]) -> dict[int, Seen]:
        """Return what the store holds, and what is on its way there."""
        numbers = list(ids)
        found = self.store.seen(self.partition, kind, numbers)
        for number in numbers:
            if (kind, number) in self.recent:
                found[number] = self.recent[kind, number]
        return found

    def snapshot(self) -> tuple[int, bytes] | None:
        # An epoch ends when its rows are in the store.
        self.recent.clear()
        return (
            (self.partition, self.pipeline.to_bytes()) if self.pipeline else self.state
        )


class _Writer(StatelessSinkPartition):
    def __init__(self, config: FraudStreamConfig) -> None:
        self.store = Store(config.path("store.db"))

    def write_batch(self, items: list[tuple[str, tuple[int, Effects]]]) -> None:
        for _, (partition, effects) in items:
            self.store.insert(partition, effects)

    def close(self) -> None:
        self.store.close()


class _Rows(DynamicSink):
    def __init__(self, config: FraudStreamConfig) -> None:
        self.config = config

    def build(self, step_id: str, worker_index: int, worker_count: int) -> _Writer:
        return _Writer(self.config)


def flow_of(config: FraudStreamConfig) -> Dataflow:
    """Return the dataflow: log, pipeline by partition, rows.

    Parameters
    ----------
    config : FraudStreamConfig
    """
    flow = Dataflow("fraud")
    stream: Any = op.input("log", flow, _Log(config))

    # The key is the partition: it decides on which worker the state lives.
    scored = op.stateful_batch("score", stream, lambda state: _Score(config, state))
    op.output("rows", scored, _Rows(config))
    return flow


def run_flow(config: FraudStreamConfig, epoch: float = 1.0) -> None:
    """Score what the log holds, going on from the last finished epoch.

    Parameters
    ----------
    config : FraudStreamConfig
    epoch : float, default=1
        Seconds from one saved state to the next.
    """
    folder = config.path("recovery")
    if not folder.exists():
        folder.mkdir()
        init_db_dir(folder, 1)
    Store(config.path("store.db")).close()
    cluster_main(
        flow_of(config),
        [],
        0,
        epoch_interval=timedelta(seconds=epoch),
        recovery_config=RecoveryConfig(folder),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the dataflow of a configuration."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    run_flow(read_config(words[0]), float(words[1]) if len(words) > 1 else 1.0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
