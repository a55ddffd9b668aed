"""Runs whose workers exchange messages with each other: ring, pipeline, stale server.

Rank 0 keeps the record. There is nobody to take over the part of a rank that is lost,
so such a run ends with an error then, and goes on from its checkpoint when it is
started again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mlmastery.distributed_training.aggregation import Closed
from mlmastery.distributed_training.collectives import all_gather, broadcast
from mlmastery.distributed_training.communicator import Communicator, run_ranks
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.data_parallel import DataParallelTrainer
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.parameter_server import (
    SERVER,
    run_parameter_server,
)
from mlmastery.distributed_training.pipeline import pipeline_gradient
from mlmastery.distributed_training.rounds import TrainingResult, restore
from mlmastery.distributed_training.run_files import Record, RunFiles

Step = Callable[[np.ndarray, int], tuple[float, np.ndarray]]  # loss and parameters


def exchanges(config: DistributedMLConfig) -> bool:
    """Whether the workers of a configuration exchange messages with each other."""
    ranks = config.parallel in ("ring", "pipeline") or config.staleness > 0
    return ranks and config.engine in ("local", "processes")


def run_group(
    config: DistributedMLConfig, files: RunFiles | None = None
) -> TrainingResult:
    """Start the ranks, as threads of this process or as processes, and wait for them."""
    n_ranks = config.workers + (config.staleness > 0)  # and the server
    processes = config.engine == "processes"
    timeout = config.join_timeout + config.rounds * config.round_timeout
    results = run_ranks(
        be_rank,
        n_ranks,
        "tcp" if processes else "threads",
        args=(config, files is not None),
        processes=processes,
        timeout=timeout,
    )
    return results[0]


def be_rank(
    communicator: Communicator, config: DistributedMLConfig, writes: bool
) -> TrainingResult | None:
    """Be one rank; the first returns the result, having written it if ``writes``."""
    first = communicator.rank == 0
    record = RunFiles(config) if first and writes else Record()
    job = Job(config)
    parameters, _, begin = restore(job, record)
    job.check()
    parameters = broadcast(communicator, parameters)
    begin = int(broadcast(communicator, np.array(begin)))
    rank = _Rank(communicator, job, record if first else None)
    run = rank.serve if config.staleness > 0 else rank.march
    parameters = run(parameters, begin)
    if not first:
        return None
    record.save(max(begin, config.rounds), {"parameters": parameters})
    record.write_status("finished")
    return TrainingResult(parameters, record.history, record.faults)


class _Rank:
    """One rank of a run; with a record, the first."""

    def __init__(self, communicator: Communicator, job: Job, record: Record | None):
        self.communicator, self.job, self.record = communicator, job, record
        self.config, self._sent = job.config, communicator.bytes_sent

    def march(self, parameters: np.ndarray, begin: int) -> np.ndarray:
        """Take all steps together with the others."""
        ring = self.config.parallel == "ring"
        step = self._ring(parameters) if ring else self._pipeline
        for number in range(begin, self.config.rounds):
            loss, parameters = step(parameters, number)
            self._note(number, parameters, loss, self.config.workers)
        return parameters

    def _ring(self, parameters: np.ndarray) -> Step:
        self.job.model.set_parameters(parameters)
        rate = self.config.learning_rate
        trainer = DataParallelTrainer(
            self.job.model, self.communicator, learning_rate=rate, method="ring"
        )
        trainer.check_equal(self.job.data.X, self.job.data.y)

        def step(parameters: np.ndarray, number: int) -> tuple[float, np.ndarray]:
            rows = self.job.data.batch(number)
            self.job.model.set_parameters(parameters)
            loss = trainer.step(self.job.data.X[rows], self.job.data.y[rows])
            return loss, self.job.model.get_parameters()

        return step

    def _pipeline(
        self, parameters: np.ndarray, number: int
    ) -> tuple[float, np.ndarray]:
        rows, model = self.job.data.batch(number), self.job.model
        model.set_parameters(parameters)
        own = pipeline_gradient(
            self.communicator,
            model,
            self.job.data.X[rows],
            self.job.data.y[rows],
            n_micro=self.config.micro_batches,
        )
        gradient = np.concatenate(all_gather(self.communicator, own.gradient))
        losses = all_gather(self.communicator, np.array(own.loss))
        moved = parameters - self.config.learning_rate * gradient
        return float(np.sum(losses)), moved.astype(parameters.dtype)

    def serve(self, parameters: np.ndarray, begin: int) -> np.ndarray:
        """Be the parameter server, or a worker that may run ahead of the others."""
        n_steps = self.config.rounds - begin
        if n_steps <= 0:
            return parameters

        def on_round(n_done: int, current: np.ndarray, loss: float) -> None:
            number = begin + n_done - 1
            self._note(number, current.copy(), loss, self.config.workers)

        result = run_parameter_server(
            self.communicator,
            parameters,
            lambda current, step: self._gradient(current, begin + step),
            n_steps=n_steps,
            learning_rate=self.config.learning_rate,
            staleness=self.config.staleness,
            on_round=on_round,
        )
        return parameters if result is None else result.parameters

    def _gradient(self, parameters: np.ndarray, number: int) -> Any:
        n_workers, own = self.config.workers, self.communicator.rank - SERVER - 1
        rows = np.array_split(self.job.data.batch(number), n_workers)[own]
        self.job.model.set_parameters(parameters)
        loss, gradient = self.job.model.loss_and_gradient(
            self.job.data.X[rows], self.job.data.y[rows]
        )
        return gradient, loss

    def _note(self, number: int, parameters: np.ndarray, loss: float, n: int) -> None:
        if self.record is None:
            return
        if not np.isfinite(parameters).all():
            raise ValueError(
                f"training diverged in round {number}: lower learning_rate="
                f"{self.config.learning_rate:g}; the checkpoint before it is kept"
            )
        before, self._sent = self._sent, self.communicator.bytes_sent
        sent = self._sent - before
        closed = Closed(parameters, {}, n, loss if np.isfinite(loss) else None)
        self.record.note(self.job.line(number, closed, 0, sent))
        if (number + 1) % self.config.checkpoint_every == 0:
            self.record.save(number + 1, {"parameters": parameters})
        self.record.write_status("running")
