"""Searches that are recorded and not run with the page: published tables, rivals, time.

The tables of the AutoML Benchmark and of HPOBench are read from the reader's own copy.
"""

from __future__ import annotations

import hashlib
import os
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

from mlmastery import datasets
from mlmastery.inference import paired_interval
from mlmastery.ledger import Recorded, cpu_timed
from mlmastery.spread import Spread

from .benchmarks import hpobench_tasks
from .models import as_frame, table_pipeline
from .race import at_evaluation, race_searchers, seeds_of
from .regret import regret_curve
from .rivals import SEARCHERS, SECONDS
from .suite import load_task
from .system import AutoMLClassifier
from .tabulated import TabulatedTask

__all__ = [
    "automl_figures",
    "benchmark_figures",
    "race_automl",
    "race_by_seconds",
    "race_figures",
]

TASKS = ("attrition", "cancer", "credit", "lending", "telco", "titanic")
DATA = ("attrition", "credit_data", "lending_club", "telco_churn", "titanic")
AMLB = "AutoML Benchmark 2019, credit-g, its 10 folds, 1 h on 8 cores: as published"
HPOBENCH = (
    "HPOBench, 8 tasks, every setting of a network in a table, loss the mean of its 5 "
    "trainings; {} seeds; normalised regret of the incumbent {}"
)
EQUAL = (
    "6 tasks of two classes, 3 splits 70/30 each, at most 2,000 training rows, {:.0f} s "
    "of search on one thread; AUC on the test part"
)


def benchmark_figures() -> list[Recorded]:
    """Return AMLB's published AUC on credit-g, one figure per framework."""
    table, sha = datasets.load_amlb_2019(), datasets.fingerprint("amlb_2019")
    rows = table[table["task"] == "credit-g"]
    folds = rows.pivot(index="fold", columns="framework", values="auc")
    rivals = ("autosklearn", "autoweka", "h2oautoml", "tpot", "tunedrandomforest")
    gains = {
        f"AMLB credit-g, randomforest − {name}": paired_interval(
            folds["randomforest"], folds[name], 1 / 9
        )
        for name in rivals
    }
    return [
        Recorded(name, g.mean, Spread.interval(g.low, g.high), "AUC", AMLB, 0.0, sha)
        for name, g in gains.items()
    ] + [
        Recorded(
            f"AMLB credit-g, {name}",
            float(part["auc"].mean()),
            Spread.sd(float(part["auc"].std())),
            "AUC",
            AMLB,
            0.0,
            sha,
        )
        for name, part in rows.groupby("framework")
    ]


def race_figures(n_trials: int = 60, seeds: int = 20) -> list[Recorded]:
    """Race searchers on HPOBench, at equal evaluations and at equal seconds."""
    sha = datasets.fingerprint("hpobench_mlp")
    tasks = hpobench_tasks()
    curves, cpu = cpu_timed(lambda: race_searchers(tasks, SEARCHERS, n_trials, seeds))
    after = HPOBENCH.format(seeds, f"after {n_trials} evaluations")
    figures = _regrets(at_evaluation(curves, n_trials), "HPOBench", after, cpu, sha)
    timed, cpu = cpu_timed(lambda: race_by_seconds(tasks, SEARCHERS, 30, seeds))
    within = HPOBENCH.format(
        seeds,
        "when the seconds of 30 mean trainings, and the searcher's own, are spent",
    )
    figures += _regrets(timed, "HPOBench seconds", within, cpu, sha)
    again = {
        name: n / (len(tasks) * seeds) for name, n in curves.attrs["repeats"].items()
    }
    figures += [
        Recorded(f"HPOBench repeats, {name}", n, None, "repeats a run", after, 0.0, sha)
        for name, n in again.items()
    ]
    return figures


def race_by_seconds(
    tasks: list[TabulatedTask],
    searchers: Mapping[str, Callable[..., Any]],
    trainings: float,
    seeds: int,
) -> pd.DataFrame:
    """Return mean regrets when the time of some mean trainings is used up.

    An evaluation takes the seconds of its table and those of the searcher itself.

    Returns
    -------
    DataFrame of shape (n_tasks, n_searchers)
    """
    return pd.DataFrame(
        {
            name: {
                task.name: np.mean(
                    [
                        _spend(task, make, trainings, seed)
                        for seed in seeds_of(place, seeds)
                    ]
                )
                for place, task in enumerate(tasks)
            }
            for name, make in searchers.items()
        }
    )


def _spend(
    task: TabulatedTask, make: Callable[..., Any], trainings: float, seed: int
) -> float:
    seconds = task.table["seconds"]
    left = trainings * float(seconds.mean())
    searcher = make(task.space, random_state=seed)
    losses: list[float] = []
    while True:
        began = time.process_time()
        config = searcher.ask()
        left -= time.process_time() - began + seconds[task.space.key(config)]
        if left < 0:
            return float(regret_curve([*losses, task.worst], task.best, task.worst)[-1])
        losses.append(task.loss(config))
        searcher.tell(config, losses[-1])


def _regrets(
    table: pd.DataFrame, name: str, protocol: str, cpu: float, sha: str
) -> list[Recorded]:
    figures = []
    for searcher in table:
        values = table[searcher]
        error = float(values.std() / len(values) ** 0.5)
        spread = Spread.standard_error(error)
        figures.append(
            Recorded(
                f"{name}, {searcher}",
                float(values.mean()),
                spread,
                "normalised regret",
                protocol,
                cpu / table.shape[1],
                sha,
            )
        )
    for searcher in table.columns.drop("Optuna TPE"):
        gain = paired_interval(table[searcher], table["Optuna TPE"], 0)
        figures.append(
            Recorded(
                f"{name}, {searcher} − Optuna TPE",
                gain.mean,
                Spread.interval(gain.low, gain.high),
                "normalised regret",
                protocol,
                0.0,
                sha,
            )
        )
    return figures


def automl_figures() -> list[Recorded]:
    """Race FLAML, the chapter's system and a default forest at equal seconds."""
    table, cpu = cpu_timed(lambda: race_automl(TASKS, SECONDS, 3))
    means = table.groupby("task")[["forest", "ours", "FLAML"]].mean()
    with _embedded_data():
        hashes = "".join(datasets.fingerprint(name) for name in DATA)
    sha = hashlib.sha256(hashes.encode()).hexdigest()
    protocol = EQUAL.format(SECONDS)
    figures = []
    for name in means:
        error = Spread.standard_error(float(means[name].std() / len(means) ** 0.5))
        value = float(means[name].mean())
        label = f"equal seconds, {name}"
        figures.append(Recorded(label, value, error, "AUC", protocol, cpu / 3, sha))
        for task, auc in means[name].items():
            each = f"equal seconds, {task}, {name}"
            figures.append(Recorded(each, float(auc), None, "AUC", protocol, 0.0, sha))
    for first, second in (("ours", "forest"), ("FLAML", "forest"), ("ours", "FLAML")):
        gain = paired_interval(means[first], means[second], 0)
        spread = Spread.interval(gain.low, gain.high)
        label = f"equal seconds, {first} − {second}"
        figures.append(Recorded(label, gain.mean, spread, "AUC", protocol, 0.0, sha))
    return figures


def race_automl(tasks: tuple[str, ...], seconds: float, n_splits: int) -> pd.DataFrame:
    """Return the test AUC of each system on each split of each task.

    Parameters
    ----------
    tasks : tuple of str
        Names of the suite, of two classes each.
    seconds : float
        Of search, for each system that searches.
    n_splits : int

    Returns
    -------
    DataFrame
        ``task``, ``split``, ``forest``, ``ours``, ``FLAML``.
    """
    rows = []
    for name in tasks:
        with _embedded_data():
            task = load_task(name)
        X = as_frame(task.X)
        y = (task.y == task.y.value_counts().index[-1]).astype(int)
        for split in range(n_splits):
            X_train, X_test, y_train, y_test = train_test_split(
                X, y, test_size=0.3, stratify=y, random_state=split
            )
            X_train, y_train = X_train[:2000], y_train[:2000]
            scores = {
                system: roc_auc_score(
                    y_test, fit(X_train, y_train, seconds, split)(X_test)
                )
                for system, fit in SYSTEMS.items()
            }
            rows.append({"task": name, "split": split, **scores})
    return pd.DataFrame(rows)


@contextmanager
def _embedded_data() -> Iterator[None]:
    """Read the data sets that come with the book, whatever MLMASTERY_DATA says."""
    before = os.environ.pop("MLMASTERY_DATA", None)
    try:
        yield
    finally:
        if before is not None:
            os.environ["MLMASTERY_DATA"] = before


def _forest(X: Any, y: Any, seconds: float, seed: int) -> Callable:
    model = table_pipeline(RandomForestClassifier(500, random_state=seed)).fit(X, y)
    return lambda new: model.predict_proba(new)[:, 1]


def _ours(X: Any, y: Any, seconds: float, seed: int) -> Callable:
    automl = AutoMLClassifier(seconds, metric="one_minus_auc", random_state=seed)
    automl.fit(X, y)
    return lambda new: automl.predict_proba(new)[:, 1]


def _flaml(X: Any, y: Any, seconds: float, seed: int) -> Callable:
    from flaml import AutoML

    model = AutoML()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(
            X,
            y,
            task="classification",
            metric="roc_auc",
            time_budget=seconds,
            n_jobs=1,
            seed=seed,
            verbose=0,
        )
    return lambda new: model.predict_proba(new)[:, 1]


SYSTEMS = {"forest": _forest, "ours": _ours, "FLAML": _flaml}
