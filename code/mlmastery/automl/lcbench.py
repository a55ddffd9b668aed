"""Successive halving and Hyperband on LCBench, a surrogate of learning curves.

The surrogate, of YAHPO Gym, predicts how a network's validation loss falls with the
epochs, on 34 tables of OpenML. It does not come with the book.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd

from mlmastery.inference import paired_interval
from mlmastery.ledger import Recorded, cpu_timed
from mlmastery.spread import Spread

from .halving import halve, hyperband, hyperband_brackets
from .space import Float, Integer, Space

__all__ = ["SPACE", "Surrogate", "lcbench_figures", "race_lcbench"]

EPOCHS = 52
SPACE = Space(
    {
        "batch_size": Integer(16, 512, log=True),
        "learning_rate": Float(1e-4, 0.1, log=True),
        "momentum": Float(0.1, 0.99),
        "weight_decay": Float(1e-5, 0.1),
        "num_layers": Integer(1, 5),
        "max_units": Integer(64, 1024, log=True),
        "max_dropout": Float(0.0, 1.0),
    }
)  # the epochs come before them in the surrogate's input
CROSS_ENTROPY = 2  # of its outputs: time, validation accuracy, this, ...
REFERENCE = 2000  # configurations of which the best stands for the best of all
PROTOCOL = (
    "34 tasks, mean of 10 seeds; equal epochs; validation cross-entropy, between the "
    "median (1) and the best of 2,000 random configurations (0)"
)


class Surrogate:
    """Predicted validation losses of a network on one task after some epochs.

    Parameters
    ----------
    folder : Path
        Holds ``model.onnx``, ``encoding.json`` and ``config_space.json``.

    Raises
    ------
    FileNotFoundError
        If one of them is not there.
    """

    def __init__(self, folder: Path):
        model = (folder / "model.onnx").read_bytes()
        self.sha256 = hashlib.sha256(model).hexdigest()
        self._session = onnxruntime.InferenceSession(model)
        encoding = json.loads((folder / "encoding.json").read_text(encoding="utf-8"))
        self._codes = encoding["OpenML_task_id"]
        space = json.loads((folder / "config_space.json").read_text(encoding="utf-8"))
        named = {p["name"]: p for p in space["hyperparameters"]}
        self.tasks: list[str] = named["OpenML_task_id"]["choices"]

    def losses(self, task: str, configs: list[dict], epochs: int) -> np.ndarray:
        """Return the validation cross-entropy of each configuration, shape (n,)."""
        rows = [[epochs, *(config[name] for name in SPACE.names)] for config in configs]
        codes = np.full((len(rows), 1), self._codes[task], np.int32)
        inputs = {"x_cont": np.array(rows, np.float32), "x_cat": codes}
        predicted: np.ndarray = self._session.run(None, inputs)[0]
        return predicted[:, CROSS_ENTROPY].astype(float)

    def loss(self, task: str, config: dict[str, Any], epochs: int) -> float:
        """Return the validation cross-entropy of one configuration."""
        return float(self.losses(task, [config], epochs)[0])


def race_lcbench(folder: Path, seeds: int = 10) -> pd.DataFrame:
    """Search every task at equal epochs; return the regret of each strategy.

    Parameters
    ----------
    folder : Path
    seeds : int, default=10

    Returns
    -------
    DataFrame
        ``task``, ``seed``, and the regret of ``random``, ``halving`` and
        ``Hyperband``: the loss after all epochs of what each would choose.
    """
    surrogate, rows = Surrogate(folder), []
    for task in surrogate.tasks:
        best, median = _scale(surrogate, task)
        for seed in range(seeds):
            chosen = _choices(partial(surrogate.loss, task), seed)
            losses = {n: surrogate.loss(task, c, EPOCHS) for n, c in chosen.items()}
            regrets = {n: (v - best) / (median - best) for n, v in losses.items()}
            rows.append({"task": task, "seed": seed, **regrets})
    return pd.DataFrame(rows)


def _scale(surrogate: Surrogate, task: str) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    configs = [SPACE.sample(rng) for _ in range(REFERENCE)]
    losses = surrogate.losses(task, configs, EPOCHS)
    return float(losses.min()), float(np.median(losses))


def _choices(loss: Any, seed: int) -> dict[str, dict[str, Any]]:
    """Return what each strategy chooses for the epochs of one Hyperband."""
    tried = hyperband(SPACE, loss, EPOCHS, random_state=seed)
    epochs = int(tried["budget"].sum())
    rng = np.random.default_rng([seed, 1])
    full = [SPACE.sample(rng) for _ in range(epochs // EPOCHS)]
    halved = pd.concat(
        _halvings(loss, epochs, np.random.default_rng([seed, 2])), ignore_index=True
    )
    return {
        "random": min(full, key=lambda config: loss(config, EPOCHS)),
        "halving": _best(halved),
        "Hyperband": _best(tried),
    }


def _halvings(
    loss: Any, epochs: int, rng: np.random.Generator
) -> Iterator[pd.DataFrame]:
    """Repeat the bracket that begins with one epoch as often as the epochs allow."""
    rungs = hyperband_brackets(EPOCHS)[0]
    cost = sum(rung.n_configs * rung.budget for rung in rungs)
    for _ in range(epochs // cost):
        yield halve([SPACE.sample(rng) for _ in range(rungs[0].n_configs)], loss, rungs)


def _best(tried: pd.DataFrame) -> dict[str, Any]:
    """Return the configuration with the lowest loss after all epochs."""
    whole = tried[tried["budget"] == EPOCHS]
    config: dict[str, Any] = whole.loc[whole["loss"].idxmin(), "config"]
    return config


def lcbench_figures(folder: Path) -> tuple[pd.DataFrame, list[Recorded]]:
    """Return the mean regret of each strategy with its gain on random search.

    Returns
    -------
    DataFrame
        ``strategy``, ``regret``, and ``gain``, ``low``, ``high``: random search less
        the strategy, paired over the tasks (95 %).
    list of Recorded
    """
    raced, seconds = cpu_timed(lambda: race_lcbench(folder))
    means = raced.drop(columns="seed").groupby("task").mean()
    sha, rows, figures = Surrogate(folder).sha256, [], []
    for name in means:
        gain = paired_interval(means["random"], means[name], 0)
        error = float(means[name].std(ddof=1) / np.sqrt(len(means)))
        regret = float(means[name].mean())
        rows.append((name, regret, gain.mean, gain.low, gain.high))
        spread, took = Spread.standard_error(error), seconds / means.shape[1]
        named = f"LCBench, {name}"
        figures.append(Recorded(named, regret, spread, "regret", PROTOCOL, took, sha))
    columns = ["strategy", "regret", "gain", "low", "high"]
    return pd.DataFrame(rows, columns=columns), figures
