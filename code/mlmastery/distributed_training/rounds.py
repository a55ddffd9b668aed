"""The rounds of a run, whoever does the clients' work: one loop for all engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mlmastery.distributed_training.aggregation import Closed
from mlmastery.distributed_training.grid import Grid
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.packing import Arrays, Update
from mlmastery.distributed_training.run_files import Record

Work = Callable[[np.ndarray, int, list[int]], dict[int, Update]]


@dataclass
class TrainingResult:
    """The result of a run.

    Attributes
    ----------
    parameters : ndarray of shape (n_parameters,)
        As trained.
    history : list of dict
        For each round: number, loss, accuracy on held-out rows, clients and those that
        are missing, bytes received; seconds where a server waited, and epsilon where
        there is differential privacy.
    faults : list of dict
        What went wrong, in which round, and what was done.
    members : list of dict
        Every worker that took part.
    seconds : float
        That this process took for it, without the rounds of a run that it resumed.
    """

    parameters: np.ndarray
    history: list[dict[str, Any]]
    faults: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = float("nan")

    def summary(self) -> dict[str, float]:
        """Return what a run came to, in a few numbers.

        Examples
        --------
        >>> line = {"accuracy": 0.9, "bytes": 10, "missing": 1}
        >>> TrainingResult(np.zeros(2), [line, line]).summary()["bytes"]
        20
        """
        last = self.history[-1]
        return {
            "rounds": len(self.history),
            "accuracy": last["accuracy"],
            "bytes": sum(line.get("bytes", 0) for line in self.history),
            "seconds": self.seconds,
            "epsilon": last.get("epsilon", float("nan")),
            "missing": sum(line.get("missing", 0) for line in self.history),
            "faults": len(self.faults),
        }


def rounds(job: Job, work: Work, record: Record | None = None) -> TrainingResult:
    """Run all rounds that no checkpoint holds, with what does the clients' work."""
    record = Record() if record is None else record
    parameters, state, first = restore(job, record)
    job.check()
    for number in range(first, job.config.rounds):
        clients = job.clients(number)
        updates = work(parameters, number, clients)
        close = _close_secure if job.config.secure else _close_open
        closed, sent = close(job, parameters, state, clients, updates)
        parameters, state = closed.parameters, closed.state
        report(record, number, closed)
        n_missing = len(clients) - closed.n_clients
        record.note(job.line(number, closed, n_missing, sent))
        if (number + 1) % job.config.checkpoint_every == 0:
            record.save(number + 1, pack(job, parameters, state))
        record.write_status("running")
    record.save(max(first, job.config.rounds), pack(job, parameters, state))
    record.write_status("finished")
    return TrainingResult(parameters, record.history, record.faults)


def restore(job: Job, record: Record) -> tuple[np.ndarray, Arrays, int]:
    """Return parameters, state and round to begin with, from a checkpoint or anew."""
    found = record.resume()
    if found is None:
        return (
            job.model.get_parameters(),
            _charge_undone(job, record, job.aggregation.start()),
            0,
        )
    arrays, step = _charge_undone(job, record, dict(found[0])), found[1]
    record.save(step, arrays)  # only if they are other than those that are there
    memory = [name for name in arrays if name.startswith("memory/")]
    job.packer.set_memory({name: arrays.pop(name) for name in memory})
    return arrays.pop("parameters"), arrays, step


def _charge_undone(job: Job, record: Record, state: Arrays) -> Arrays:
    """Count rounds whose checkpoint is lost: what came of them was told all the same."""
    for _ in range(record.undone):
        state = job.aggregation.charge(state)
    return state


def pack(job: Job, parameters: np.ndarray, state: Arrays) -> Arrays:
    """Return all that the next round depends on, for a checkpoint."""
    return {"parameters": parameters, **state, **job.packer.get_memory()}


def report(record: Record, number: int, closed: Closed) -> None:
    """Write down who is left out and why, and that the parameters stayed."""
    for client, why in closed.lost.items():
        record.fault(number, "diverged", "", f"client {client} is left out: {why}")
    if closed.why_not:
        why = f"{closed.why_not}; the parameters stay as they were"
        record.fault(number, "round", "", why)


def _close_open(job, parameters, state, clients, updates) -> tuple[Closed, int]:
    sent = sum(update.n_bytes for update in updates.values())
    return job.aggregation.close(parameters, state, updates), sent


def _close_secure(job, parameters, state, clients, updates) -> tuple[Closed, int]:
    """Sum up by the protocol, both sides of it in this process."""
    from mlmastery.distributed_training.secure import (
        SecureAggregationError,
        SecureAggregator,
    )

    ending = job.aggregation
    partners = job.idle_partners(clients)
    terms = {c: ending.summand(updates.get(c)) for c in sorted([*clients, *partners])}
    grid = ending.grid
    lost = {c: _why_lost(updates[c]) for c in terms if not sendable(terms[c], grid)}
    terms |= {c: ending.summand(None) for c in lost}
    total, n, sent, why = None, 0, 0, ""
    try:
        whole = {c: term / grid.step for c, term in terms.items()}
        aggregator = SecureAggregator(
            len(terms), bound=grid.bound / grid.step, fraction_bits=0
        )
        found = aggregator.sum(whole, dict.fromkeys(lost, "mask"))
        cut = sum(v.nbytes for v in found.masked.values()) * (1 - grid.width / 64)
        total, sent = found.total * grid.step, found.bytes_up - round(cut)
        n = len(set(found.survivors) - set(partners))
    except (SecureAggregationError, ValueError) as error:
        why = str(error)
    closed = ending.close_sum(parameters, state, total, n, why)
    return replace(closed, lost=lost), sent


def _why_lost(update: Update) -> str:
    return update.why if update.diverged else "its update is out of bounds"


def sendable(term: np.ndarray, grid: Grid) -> bool:
    """Whether a term of a secure sum is finite and within its bound."""
    return bool(np.isfinite(term).all() and np.abs(term).max() <= grid.bound)
