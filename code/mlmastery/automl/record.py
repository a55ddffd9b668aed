"""Record searches on published tables in which every configuration was trained."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import spearmanr
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mlmastery.datasets import (
    fingerprint,
    load_amlb_2019,
    load_german_credit,
    load_nas_bench_201,
    load_nas_bench_macro,
)
from mlmastery.ledger import Recorded, cpu_timed, write_recorded_table
from mlmastery.spread import Spread

from .benchmarks import fcnet_tasks, hpobench_tasks
from .lcbench import lcbench_figures
from .published import automl_figures, benchmark_figures, race_figures
from .race import OptunaSearch, at_evaluation, race_searchers, repeats
from .regret import run_search
from .search.evolution import EvolutionSearch
from .search.gaussian_process import GaussianProcessSearch
from .search.random import RandomSearch
from .space import Choice, Space
from .tabulated import TabulatedTask

__all__ = ["record"]

SEARCHERS: dict[str, Callable[..., Any]] = {
    "random": RandomSearch,
    "evolution": EvolutionSearch,
    "Gaussian process": GaussianProcessSearch,
    "Optuna's TPE": OptunaSearch,
}
RUNS = {"random": 100, "evolution": 100, "Gaussian process": 20, "Optuna's TPE": 20}
LONGEST = {
    "random": 300,
    "evolution": 300,
    "Gaussian process": 100,
    "Optuna's TPE": 100,
}
AT = (50, 100, 300)
STEPS = (20, 40, 60)


def record(data_dir: Path) -> list[Recorded]:
    """Search published tables, cross-validate on credit-g, and race whole systems.

    Parameters
    ----------
    data_dir : Path
        Holds the folders of the data sets.

    Returns
    -------
    list of Recorded
        Tables are written beside, to ``recorded/automl``.
    """
    figures = [*_nas_bench_201(), *_nas_bench_macro()]
    _grid_race("hpobench_mlp", hpobench_tasks(), seeds=10)
    figures += _grid_race("hpolib_fcnet", fcnet_tasks(), seeds=5)
    figures += _lcbench(data_dir) + _credit()
    return [*figures, *benchmark_figures(), *race_figures(), *automl_figures()]


def _lcbench(data_dir: Path) -> list[Recorded]:
    table, figures = lcbench_figures(data_dir / "yahpo_lcbench")
    write_recorded_table(table, "automl", "lcbench", "%.5g")
    return figures


def _standard_error(values: Any) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values)))


# Cells of NAS-Bench-201 and networks of NAS-Bench-Macro


def _nas_bench_201() -> list[Recorded]:
    frame, sha = load_nas_bench_201(), fingerprint("nas_bench_201")
    edges = [f"edge_{i}" for i in range(6)]
    space = Space({e: Choice(*sorted(frame[e].unique())) for e in edges})
    rows, figures = [], []
    means = pd.DataFrame()
    for task in ("cifar10", "cifar100", "imagenet"):
        accuracies = frame[[f"{task}_accuracy_{i}" for i in range(3)]].to_numpy(float)
        means[task] = np.nanmean(accuracies, axis=1)
        configs = frame[edges].to_dict("records")
        rows += _noisy_race(task, space, configs, accuracies)
    table = pd.DataFrame(rows)
    write_recorded_table(table, "automl", "nas_bench_201", "%.5g")
    figures += _race_figures("NAS-Bench-201", table, sha)
    write_recorded_table(_transfer(means), "automl", "nas_bench_transfer", "%.5g")
    days = float(frame["cifar10_seconds"].sum() / 86400)
    protocol = "sum of the seconds of one training of every cell on CIFAR-10"
    figures.append(
        Recorded("NAS-Bench-201, days", days, None, "GPU days", protocol, 0.0, sha)
    )
    return figures


def _transfer(means: pd.DataFrame) -> pd.DataFrame:
    """Return what the best cell of one task loses on each of the others."""
    rows = []
    for source in means:
        favourite = means[source].idxmax()
        for target in means:
            rows.append(
                {
                    "source": source,
                    "target": target,
                    "lost": means[target].max() - means[target][favourite],
                    "rank correlation": spearmanr(means[source], means[target])[0],
                }
            )
    return pd.DataFrame(rows)


def _nas_bench_macro() -> list[Recorded]:
    frame, sha = load_nas_bench_macro(), fingerprint("nas_bench_macro")
    blocks = frame["blocks"].map(list)
    names = [f"layer_{i}" for i in range(8)]
    space = Space({name: Choice("0", "1", "2") for name in names})
    configs = [dict(zip(names, b, strict=True)) for b in blocks]
    accuracies = frame[[f"accuracy_{i}" for i in range(3)]].to_numpy(float)
    table = pd.DataFrame(_noisy_race("macro", space, configs, accuracies))
    write_recorded_table(table, "automl", "nas_bench_macro", "%.5g")
    return _race_figures("NAS-Bench-Macro", table, sha)


def _noisy_race(
    task: str, space: Space, configs: list[dict[str, Any]], accuracies: np.ndarray
) -> list[dict[str, Any]]:
    """Search with the accuracy of one training; judge by the mean of all."""
    at = {space.key(config): i for i, config in enumerate(configs)}
    means = np.nanmean(accuracies, axis=1)
    rows = []
    for name, make in SEARCHERS.items():
        work = partial(_searches, name, make, space, at, accuracies, means)
        (found, again), seconds = cpu_timed(work)
        for n in AT:
            if n <= LONGEST[name]:
                values = found[:, n - 1]
                rows.append(
                    {
                        "task": task,
                        "searcher": name,
                        "evaluations": n,
                        "accuracy": values.mean(),
                        "error": _standard_error(values),
                        "regret": means.max() - values.mean(),
                        "runs": len(values),
                        "repeats": again,
                        "seconds": seconds / len(values),
                    }
                )
    return rows


def _searches(
    name: str,
    make: Callable[..., Any],
    space: Space,
    at: dict[str, int],
    accuracies: np.ndarray,
    means: np.ndarray,
) -> tuple[np.ndarray, float]:
    """Return the incumbents' mean accuracies, and the mean number of repeats."""
    found, again = [], []
    for seed in range(RUNS[name]):
        rng = np.random.default_rng([seed, 1])

        def loss(config: dict[str, Any], rng: Any = rng) -> float:
            trained = accuracies[at[space.key(config)]]
            return -float(rng.choice(trained[~np.isnan(trained)]))

        searcher = make(space, random_state=seed)
        configs, losses = run_search(searcher, loss, LONGEST[name])
        places = np.array([at[space.key(config)] for config in configs])
        best = [int(np.argmin(losses[: n + 1])) for n in range(len(losses))]
        found.append(means[places[best]])
        again.append(repeats(space, configs))
    return np.array(found), float(np.mean(again))


def _race_figures(bench: str, table: pd.DataFrame, sha: str) -> list[Recorded]:
    """Return the headline, after 100 evaluations on CIFAR-10; the table has the rest."""
    shown = table[table["task"].isin(["cifar10", "macro"])]
    return [
        Recorded(
            f"{bench}, {row.searcher}, {row.evaluations}",
            float(row.accuracy),
            Spread.standard_error(float(row.error)),
            "accuracy (%)",
            f"{row.runs} runs; queries of one training, the incumbent's mean of all",
            float(row.seconds * row.runs),
            sha,
        )
        for row in shown[shown["evaluations"] == 100].itertuples()
    ]


# Grids of settings


def _grid_race(name: str, tasks: list[TabulatedTask], seeds: int) -> list[Recorded]:
    """Write the table of a race and return its last step, a figure a searcher."""
    curves, seconds = cpu_timed(lambda: race_searchers(tasks, SEARCHERS, 60, seeds))
    rows = []
    for n in STEPS:
        by_task = at_evaluation(curves, n)
        for searcher in by_task:
            for task, value in by_task[searcher].items():
                rows.append(
                    {
                        "task": task,
                        "searcher": searcher,
                        "evaluations": n,
                        "regret": value,
                        "repeats": curves.attrs["repeats"][searcher]
                        / seeds
                        / len(tasks),
                    }
                )
    table = pd.DataFrame(rows)
    write_recorded_table(table, "automl", name, "%.5g")
    sha = fingerprint(name)
    protocol = (
        f"{len(tasks)} tasks, {seeds} seeds; 0 is the best of the table, 1 the worst"
    )
    last = table[table["evaluations"] == STEPS[-1]]
    groups = last.groupby("searcher", sort=False)["regret"]
    return [
        Recorded(
            f"FC-Net, {searcher}, {STEPS[-1]}",
            float(values.mean()),
            Spread.standard_error(_standard_error(values)),
            "normalised regret",
            protocol,
            seconds / len(groups),
            sha,
        )
        for searcher, values in groups
    ]


# Credit-g of the AutoML Benchmark


def _credit() -> list[Recorded]:
    published = load_amlb_2019()
    groups = published[published["task"] == "credit-g"].groupby("framework")["auc"]
    table = groups.agg(["mean", "std", "count"]).reset_index()
    frame, sha = load_german_credit(), fingerprint("german_credit")
    X, y = frame.drop(columns="credit"), frame["credit"] == 2
    figures, rows = [], []
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    for name, model in _credit_models().items():
        work = partial(cross_val_score, model, X, y, cv=folds, scoring="roc_auc")
        scores, seconds = cpu_timed(work)
        rows.append(
            {
                "framework": name,
                "mean": scores.mean(),
                "std": scores.std(ddof=1),
                "count": 10,
            }
        )
        figures.append(
            Recorded(
                f"credit-g, {name}",
                float(scores.mean()),
                Spread.sd(float(scores.std(ddof=1))),
                "AUC",
                "10 stratified folds of our own",
                seconds,
                sha,
            )
        )
    write_recorded_table(
        pd.concat([table, pd.DataFrame(rows)]), "automl", "amlb_credit", "%.5g"
    )
    return figures


def _credit_models() -> dict[str, Any]:
    texts = make_column_selector(dtype_exclude="number")
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), texts), remainder=StandardScaler()
    )
    forest = RandomForestClassifier(500, random_state=0)
    return {
        "our folds, default forest": make_pipeline(columns, forest),
        "our folds, logistic": make_pipeline(
            columns, LogisticRegression(max_iter=1000)
        ),
    }
