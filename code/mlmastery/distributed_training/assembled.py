"""The assembled system: one file, all protections, and somebody who disturbs.

`assembled_run` takes the configuration ``assembled.yml`` beside this module, kills a
worker on the way and returns what came of it. `liar_table` shows what one client that
lies does to the same rounds under each way to aggregate, and so what a secure sum
cannot prevent.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil

from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.engine import train
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.rounds import TrainingResult, rounds

FILE = "assembled.yml"


def assembled_config(directory: str | Path, **changes: Any) -> DistributedMLConfig:
    """Return the configuration of the assembled system, with some fields changed.

    >>> config = assembled_config("run", rounds=2)
    >>> config.secure, config.privacy["noise_multiplier"], config.rounds
    (True, 1.0, 2)
    """
    path = Path(str(files(__package__) / FILE))
    config = DistributedMLConfig.from_yaml(path)
    return config.replace(directory=str(directory), **changes)


def assembled_run(
    directory: str | Path, *, kill_in_round: int | None = 3, **changes: Any
) -> TrainingResult:
    """Run the assembled system, one worker being killed on the way.

    Parameters
    ----------
    directory : path
        Of the run; the same again resumes it.
    kill_in_round : int, optional
        After how many rounds a worker gets SIGKILL; None for never.
    **changes
        Fields of the configuration.

    Returns
    -------
    TrainingResult
        Its ``summary()`` has accuracy, bytes, seconds and epsilon.
    """
    killed: list[int] = []

    def kill_one(status: dict[str, Any]) -> None:
        if kill_in_round is None or killed or status["done"] < kill_in_round:
            return
        for worker in _workers()[:1]:  # none where the run was finished before
            killed.append(worker.pid)
            worker.kill()

    return train(assembled_config(directory, **changes), kill_one)


def right_answers(parameters: np.ndarray) -> np.ndarray:
    """Return for each held-out row whether these parameters name its digit.

    >>> right_answers(np.zeros(650)).shape
    (300,)
    """
    job = Job(assembled_config("unused", engine="local"))
    X, y = job.data.test_rows
    job.model.set_parameters(parameters)
    return job.model.predict(X) == y


def _workers() -> list[psutil.Process]:
    """Return the worker processes of this one, oldest first."""
    children = psutil.Process().children()
    alive = (child for child in children if child.status() != psutil.STATUS_ZOMBIE)
    return [child for child in alive if "worker" in child.cmdline()]


class LyingJob(Job):
    """Work in which one client answers with the opposite of what it learnt.

    Parameters
    ----------
    config : DistributedMLConfig
    liar : int
        The client.
    strength : float
        How many times longer than what it learnt its answer is.
    """

    def __init__(self, config: DistributedMLConfig, liar: int, strength: float):
        super().__init__(config)
        self.liar, self.strength = liar, strength

    def trained(self, parameters, round_number: int, client: int):
        """Return what the client says it has learnt."""
        vector, weight, loss = super().trained(parameters, round_number, client)
        if client == self.liar:
            vector = (-self.strength * vector).astype(vector.dtype)
        return vector, weight, loss


def liar_table(
    config: DistributedMLConfig, *, liar: int = 0, strength: float = 1000.0
) -> pd.DataFrame:
    """Return the accuracy with and without a liar, by way to aggregate.

    Parameters
    ----------
    config : DistributedMLConfig
        Of a federated run; engine, protections and strategy are set here. All clients
        take part in every round, so that the liar does.
    liar : int, default=0
    strength : float, default=1000.0

    Returns
    -------
    DataFrame
        ``way``, ``honest``, ``lying`` (accuracy after the last round) and ``moved``,
        how far the liar moved the parameters in the end.

    Notes
    -----
    Robust rules look at single updates, so they go with open rounds. The server can
    clip single updates there as well. In a secure sum every client must be trusted to
    clip itself; all that the server can do is to bring the sum back to the length that
    honest clients can reach, which leaves the liar up to all of it.
    """
    quiet = {"clip": 1.0, "noise_multiplier": 0.0}
    ways: dict[str, dict[str, Any]] = {
        "open": {},
        "open, median": {"strategy": "median"},
        "open, clipped by the server": {"privacy": quiet},
        "secure": {"secure": True},
        "secure, sum brought back": {"secure": True, "privacy": quiet},
    }
    base = config.replace(
        engine="local",
        secure=False,
        privacy={},
        compression="none",
        strategy="fedavg",
        client_fraction=1.0,
    )
    rows = [
        _row(base.replace(**way), name, liar, strength) for name, way in ways.items()
    ]
    return pd.DataFrame(rows)


def _row(config: DistributedMLConfig, name: str, liar: int, strength: float) -> dict:
    honest, lying = (
        _run(LyingJob(config, liar, factor)) for factor in (-1.0, strength)
    )
    return {
        "way": name,
        "honest": honest.history[-1]["accuracy"],
        "lying": lying.history[-1]["accuracy"],
        "moved": float(np.linalg.norm(honest.parameters - lying.parameters)),
    }


def _run(job: Job) -> TrainingResult:
    return rounds(job, lambda p, number, clients: _work(job, p, number, clients))


def _work(job: Job, parameters: np.ndarray, number: int, clients: list[int]):
    return {client: job.update(parameters, number, client) for client in clients}
