"""Record the runs that are too long for the page: ablation, library, LunarLander."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from mlmastery.inference import paired_interval, t_interval
from mlmastery.ledger import Recorded, cpu_timed, write_recorded_table
from mlmastery.spread import Spread

from .dqn import DQN
from .environments import GymBatch
from .evaluation import evaluate
from .exploration import Linear
from .library import library_on_cartpole
from .race import CHOOSE, EVERY, JUDGE, train_on_cartpole
from .training import train

__all__ = ["record"]

SLUG = "reinforcement_learning"
SEEDS = range(301, 306)  # never used to choose a setting
EQUAL_STEPS = {"DQN": 128_000, "A2C": 163_840}
ABLATION_STEPS = 128_000
CHANGES: dict[str, dict[str, Any]] = {
    "as in the chapter": {},
    "no replay": {"replay": False},
    "no target network": {"target": "none"},
    "hard target, every 100": {"target": "hard"},
    "not double": {"double": False},
    "dueling": {"dueling": True},
    "one update a step": {"updates_per_step": 1},
    "reward 1 a step": {"reward": "survival"},
}
LANDER_STEPS, LANDER_ENVS = 240_000, 16
LANDER: dict[str, Any] = {
    "hidden": (128, 128),
    "learning_rate": Linear(1e-3, 1e-4, LANDER_STEPS // LANDER_ENVS),
    "epsilon": Linear(1.0, 0.02, LANDER_STEPS // LANDER_ENVS // 4),
    "batch_size": 128,
    "updates_per_step": 4,
    "tau": 0.01,
    "buffer_size": 200_000,
}
RACE = "100 fresh episodes of CartPole-v1, seeds 301 to 305, {} environment steps"
LAND = (
    "LunarLander-v3, seeds 301 to 305, 240,000 steps, 100 fresh episodes, "
    "settings from one try on seed 100"
)


def record(data_dir: Path) -> list[Recorded]:
    """Run the ablation, the race with the library, and LunarLander; nothing is read.

    Parameters
    ----------
    data_dir : Path
        Not used: environments have no data.

    Returns
    -------
    list of Recorded
    """
    torch.set_num_threads(1)
    return [*_lander(), *_race(), *_ablation()]


def _figure(
    name: str, scores: list[float], protocol: str, seconds: float, metric: str
) -> Recorded:
    """Return the mean over seeds with its interval by Student's t."""
    mean = float(np.mean(scores))
    error = float(np.std(scores, ddof=1)) / len(scores) ** 0.5
    low, high = t_interval(mean, error, len(scores) - 1)
    # There is no data: the hash is that of the protocol.
    sha = hashlib.sha256(protocol.encode()).hexdigest()
    spread = Spread.interval(low, high)
    return Recorded(name, float(mean), spread, metric, protocol, seconds, sha)


def _lander() -> list[Recorded]:
    rows, seconds = [], 0.0
    for seed in SEEDS:
        scores, used = cpu_timed(partial(_land, seed))
        rows.append({"seed": seed, **scores})
        seconds += used
    table = write_recorded_table(pd.DataFrame(rows), SLUG, "lander", "%.2f")
    return [
        _figure(f"LunarLander, DQN, {part}", list(table[part]), LAND, seconds, "return")
        for part in ("last", "best")
    ]


def _land(seed: int) -> dict[str, float]:
    env = GymBatch("LunarLander-v3", LANDER_ENVS)
    choose, judge = GymBatch("LunarLander-v3", 20), GymBatch("LunarLander-v3", 100)
    agent = DQN(env.observation_space, env.action_space, random_state=seed, **LANDER)
    training = train(
        agent, env, LANDER_STEPS, random_state=1000 + seed, check_every=20_000,
        check=lambda a: float(evaluate(a, choose, CHOOSE, 1000).mean()),
    )  # fmt: skip
    last = evaluate(agent, judge, JUDGE, 1000)
    if training.best is not None:
        agent.load_policy(training.best)
    best = evaluate(agent, judge, JUDGE, 1000)
    return {
        "last": last.mean(), "best": best.mean(), "episode sd": best.std(ddof=1),
        "landed": (best >= 200).mean(),
    }  # fmt: skip


def _race() -> list[Recorded]:
    rows, figures = [], []
    for name, n_steps in EQUAL_STEPS.items():
        protocol = RACE.format(f"{n_steps:,}")
        for who in ("ours", "library"):
            scores, seconds = cpu_timed(partial(_all_seeds, who, name))
            rows += scores
            for part in ("last", "best"):
                values = [row[part] for row in scores]
                label = f"{name}, {who}, {part}"
                figures.append(_figure(label, values, protocol, seconds, "return"))
    write_recorded_table(pd.DataFrame(rows), SLUG, "race", "%.2f")
    return figures


def _all_seeds(who: str, name: str) -> list[dict[str, Any]]:
    n_steps, every = EQUAL_STEPS[name], EVERY[name]
    rows = []
    for seed in SEEDS:
        if who == "ours":
            outcome = train_on_cartpole(name, seed, n_steps=n_steps, stop=False)
            last, best = outcome.last, outcome.best
            checks = list(outcome.training.history["check"])
        else:
            last, best, checks = library_on_cartpole(name, seed, n_steps, every)
        rows.append(
            {
                "agent": name, "who": who, "seed": seed, "last": last.mean(),
                "best": best.mean(), "curve": np.mean(checks),
            }
        )  # fmt: skip
    return rows


def _ablation() -> list[Recorded]:
    rows, seconds = [], 0.0
    for label, change in CHANGES.items():
        for seed in SEEDS:
            work = partial(train_on_cartpole, "DQN", seed, stop=False, **change)
            outcome, used = cpu_timed(partial(work, n_steps=ABLATION_STEPS))
            curve = outcome.training.history["check"].mean()
            scores = {"last": outcome.last.mean(), "best": outcome.best.mean()}
            rows.append({"change": label, "seed": seed, "curve": curve, **scores})
            seconds += used
    table = write_recorded_table(pd.DataFrame(rows), SLUG, "ablation", "%.2f")
    return _gains(table, seconds)


def _gains(table: pd.DataFrame, seconds: float) -> list[Recorded]:
    """Return every change minus the chapter's settings, paired by seed."""
    checks = ABLATION_STEPS // EVERY["DQN"]
    protocol = (
        f"mean of the {checks} checks of {ABLATION_STEPS:,} steps, paired by seed"
    )
    sha = hashlib.sha256(protocol.encode()).hexdigest()
    wide = table.pivot(index="seed", columns="change", values="curve")
    figures = []
    for label in list(CHANGES)[1:]:
        gain = paired_interval(wide[label], wide["as in the chapter"], 0)
        spread = Spread.interval(gain.low, gain.high)
        name = f"ablation: {label}"
        figures.append(
            Recorded(name, gain.mean, spread, "steps gained", protocol, seconds, sha)
        )
    return figures
