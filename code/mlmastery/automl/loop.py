"""Trials in rounds: ask for a few, run them anywhere, tell their losses in order.

The round has a fixed size, each trial a seed from its number, and losses are told in the
order of the numbers: the search is the same with one process or many, and after a kill.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mlmastery.storage import replacing

from .engines import run_trials
from .search.base import Searcher, SpaceExhausted
from .store import TrialStore
from .trial import TrialResult

__all__ = ["TrialLoop"]

PATIENCE = 20  # failures beyond the number of successes, after which a search ends

Numbered = tuple[int, dict[str, Any]]


@dataclass
class TrialLoop:
    """Runs the trials of one search until a budget is used up.

    Parameters
    ----------
    searcher : Searcher
    store : TrialStore
        Trials that it holds already are not run again.
    folder : Path
        For the predictions of each trial.
    evaluate : callable
        ``evaluate((number, config))`` returns a `TrialResult`.
    deadline : float
        Of `time.monotonic`.
    trial_seconds : float
        Most seconds of one trial.
    max_trials : int, optional
        Completed trials after which the search ends.
    batch_size : int, default=4
    engine : str, default="serial"
    n_jobs : int, default=1

    Attributes
    ----------
    why_ended : str
    """

    searcher: Searcher
    store: TrialStore
    folder: Path
    evaluate: Callable[[Numbered], TrialResult]
    deadline: float
    trial_seconds: float
    max_trials: int | None = None
    batch_size: int = 4
    engine: str = "serial"
    n_jobs: int = 1
    why_ended: str = field(default="", init=False)
    _losses: dict[int, float] = field(default_factory=dict, init=False)
    _known: dict[int, float] = field(default_factory=dict, init=False)

    def run(self) -> None:
        """Run rounds until the time, the trials or the space are used up."""
        self.store.requeue_stale()
        table = self.store.trials()
        done = table[table["state"].isin(["complete", "failed"])]
        self._known = dict(zip(done["number"], done["loss"], strict=True))
        number = 0
        while not self._ended():
            batch = self._ask(number)
            number += len(batch)
            self._run_round(batch)
            for n, config in batch:
                if n in self._losses:
                    self.searcher.tell(config, self._losses[n])

    def _ask(self, number: int) -> list[Numbered]:
        batch: list[Numbered] = []
        try:
            for i in range(self.batch_size):
                batch.append((number + i, self.searcher.ask()))
        except SpaceExhausted as error:
            if not batch:
                self.why_ended = str(error)
        return batch

    def _run_round(self, batch: list[Numbered]) -> None:
        while batch and not self._ended():
            # Never more at once than may still be needed: which trials are run must
            # not depend on the number of processes.
            size = min(self.n_jobs, self._needed())
            chunk, batch = batch[:size], batch[size:]
            new = [task for task in chunk if not self._recall(task)]
            self._run_new(new)

    def _recall(self, task: Numbered) -> bool:
        number, config = task
        self.store.add(number, config)
        if number in self._known:
            self._losses[number] = self._known[number]
        return number in self._known

    def _run_new(self, tasks: list[Numbered]) -> None:
        for number, _ in tasks:
            if not self.store.start(number):
                raise RuntimeError(
                    f"trial {number} of {self.store.path} runs in another process"
                )
        left = self.deadline - time.monotonic()
        timeout = max(0.01, min(left, self.trial_seconds))
        outcomes = run_trials(
            self.evaluate,
            tasks,
            engine=self.engine,
            n_jobs=self.n_jobs,
            timeout=timeout,
        )
        for at, outcome in outcomes:
            self._note(tasks[at][0], outcome, timeout)

    def _note(self, number: int, outcome: Any, timeout: float) -> None:
        self._losses[number] = math.nan
        if isinstance(outcome, TimeoutError):
            self.store.fail(number, f"stopped after {timeout:.1f} s")
        elif isinstance(outcome, Exception):
            self.store.fail(number, f"{type(outcome).__name__}: {outcome}"[:300])
        else:
            # First the predictions: a trial that is complete has them.
            with replacing(self.folder / f"{number}.npy") as file:
                np.save(file, outcome.predictions)
            self.store.complete(number, outcome.loss, outcome.seconds)
            self._losses[number] = outcome.loss

    def _needed(self) -> int:
        if self.max_trials is None:
            return self.n_jobs
        return self.max_trials - self._completed()

    def _completed(self) -> int:
        return sum(map(math.isfinite, self._losses.values()))

    def _ended(self) -> bool:
        completed = self._completed()
        if self._needed() <= 0:
            self.why_ended = f"{completed} trials are complete"
        elif time.monotonic() >= self.deadline:
            self.why_ended = "the time is used up"
        elif len(self._losses) - completed >= PATIENCE + completed:
            self.why_ended = f"{len(self._losses) - completed} trials failed"
        return bool(self.why_ended)
