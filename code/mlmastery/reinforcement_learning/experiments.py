"""Runs over several seeds, and how much gradients scatter.

>>> import pandas as pd
>>> from mlmastery.reinforcement_learning.experiments import learning_curve
>>> learning_curve(pd.DataFrame({0: [1.0], 1: [3.0]}, index=[100]))["mean"].tolist()
[2.0]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
import pandas as pd
import torch

from mlmastery.inference import mean_intervals
from mlmastery.ledger import cpu_timed
from mlmastery.validation import check_count

from .cartpole import VectorCartPole
from .environments import GymBatch
from .exact import Model, finite_horizon_values
from .policy_gradient import Reinforce
from .returns import discounted_returns
from .training import train

__all__ = [
    "checks_by_seed",
    "episode_gradients",
    "exact_check",
    "learning_curve",
    "steps_per_second",
    "train_seeds",
]


def exact_check(P: Any, starts: Any, n_steps: int) -> Callable[[Any], float]:
    """Return a check that computes, without sampling, what a greedy policy earns.

    Parameters
    ----------
    P : dict or Model
    starts : array of shape (n_states,)
        Probabilities of the first state.
    n_steps : int
        The time limit.

    Examples
    --------
    >>> from mlmastery.reinforcement_learning import GridWorld, GymBatch, QLearning
    >>> world = GymBatch(lambda: GridWorld(["SG"]))
    >>> agent = QLearning(world.observation_space, world.action_space)
    >>> agent.q[0, 2] = 1.0
    >>> exact_check(GridWorld(["SG"]).P, [1, 0], 5)(agent)
    1.0
    """
    model, starts = Model(P), np.asarray(starts)
    states = np.arange(len(starts))

    def check(agent: Any) -> float:
        policy = agent.best_actions(states)
        return float(finite_horizon_values(model, n_steps, policy) @ starts)

    return check


def train_seeds(
    make: Callable[[GymBatch, int], Any],
    name: str,
    n_steps: int,
    seeds: Iterable[int],
    check: Callable[[Any], float],
    check_every: int,
    **settings: Any,
) -> pd.DataFrame:
    """Train a new agent with every seed and return all logs in one table.

    Parameters
    ----------
    make : callable
        ``make(env, seed)`` returns an agent.
    name : str
        Of a Gymnasium environment.
    n_steps, check_every : int
    seeds : iterable of int
    check : callable
        Of the greedy policy.
    **settings
        For ``gymnasium.make``.

    Returns
    -------
    DataFrame
        The columns of the log, and ``seed``.
    """
    logs = []
    for seed in seeds:
        env = GymBatch(name, **settings)
        training = train(
            make(env, seed), env, n_steps, random_state=1000 + seed, check=check,
            check_every=check_every,
        )  # fmt: skip
        logs.append(training.history.assign(seed=seed))
    return pd.concat(logs, ignore_index=True)


def checks_by_seed(logs: pd.DataFrame, column: str = "check") -> pd.DataFrame:
    """Return one column per seed and one row per step.

    A run that stopped at its goal keeps its last value.

    Examples
    --------
    >>> logs = pd.DataFrame({"step": [1, 2, 1], "check": [0.0, 1.0, 5.0],
    ...                      "seed": [0, 0, 1]})
    >>> checks_by_seed(logs)[1].tolist()
    [5.0, 5.0]
    """
    return logs.pivot(index="step", columns="seed", values=column).ffill()


def learning_curve(by_seed: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over seeds at every step, with 95 % intervals by Student's t."""
    return mean_intervals(by_seed.T)


def episode_gradients(
    agent: Reinforce, n_episodes: int, seed: int = 0
) -> dict[str, np.ndarray]:
    """Return the policy gradient of single episodes, with and without the baseline.

    Both use the same policy, states, actions and rewards.

    Parameters
    ----------
    agent : Reinforce
    n_episodes : int
    seed : int, default=0

    Returns
    -------
    dict of ndarray
        ``"returns"`` and ``"advantages"``, each (n_episodes, n_weights).
    """
    episodes = _play(agent, check_count(n_episodes, "n_episodes"), seed)
    gradients: dict[str, list[np.ndarray]] = {"returns": [], "advantages": []}
    kept = agent.baseline
    for states, actions, returns in episodes:
        for name, baseline in (("returns", False), ("advantages", True)):
            agent.baseline = baseline
            loss = agent.policy_loss(states, actions, returns)
            parts = torch.autograd.grad(loss, list(agent.policy.parameters()))
            gradients[name].append(torch.cat([p.ravel() for p in parts]).numpy())
    agent.baseline = kept
    return {name: np.array(rows) for name, rows in gradients.items()}


def _play(agent: Reinforce, n_episodes: int, seed: int) -> list[tuple[np.ndarray, ...]]:
    """Return states, actions and returns of the first episode of every environment."""
    env = VectorCartPole(n_episodes)
    states, running = env.reset(seed), np.ones(n_episodes, bool)
    rows: list[list[tuple[Any, int, float]]] = [[] for _ in range(n_episodes)]
    after = np.zeros(n_episodes)
    while running.any():
        actions = agent.act(states)
        step = env.step(actions)
        for i in np.flatnonzero(running):
            rows[i].append((states[i], int(actions[i]), float(step.reward[i])))
        cut = running & step.truncated & ~step.terminated
        if cut.any():
            after[cut] = agent.state_values(step.next_observation[cut])
        running &= ~step.ended
        states = step.observation
    return [_episode(*part, agent.gamma) for part in zip(rows, after, strict=True)]


def _episode(
    rows: Sequence[tuple[Any, int, float]], after: float, gamma: float
) -> tuple[np.ndarray, ...]:
    states, actions, rewards = zip(*rows, strict=True)
    returns = discounted_returns(rewards, gamma, float(after))
    return np.array(states), np.array(actions), returns


def steps_per_second(n_steps: int = 20_000) -> dict[str, float]:
    """Return how many CartPole steps a CPU second takes, in three ways.

    Examples
    --------
    >>> list(steps_per_second(500))
    ['Gymnasium, one', 'Gymnasium, vector', 'ours, 64 poles']
    """
    rng = np.random.default_rng(0)
    single = GymBatch("CartPole-v1").envs[0]
    vector: Any = gym.make_vec(
        "CartPole-v1", 64, vectorization_mode="vector_entry_point"
    )
    poles = VectorCartPole(64)
    actions = rng.integers(2, size=(check_count(n_steps, "n_steps"), 64))
    vector.reset(seed=0)
    poles.reset(0)
    runs = {
        "Gymnasium, one": (lambda: _walk(single, actions[:, 0].tolist()), 1),
        "Gymnasium, vector": (lambda: [vector.step(a) for a in actions[::20]], 64 / 20),
        "ours, 64 poles": (lambda: [poles.step(a) for a in actions[::20]], 64 / 20),
    }
    return {
        name: share * n_steps / max(cpu_timed(work)[1], 1e-6)
        for name, (work, share) in runs.items()
    }


def _walk(env: gym.Env[Any, Any], actions: list[int]) -> None:
    env.reset(seed=0)
    for action in actions:
        _, _, terminated, truncated, _ = env.step(action)
        if terminated or truncated:
            env.reset()
