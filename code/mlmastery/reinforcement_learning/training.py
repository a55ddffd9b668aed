"""One loop for all agents: act, learn, look, save, and resume to the bit.

>>> from mlmastery.reinforcement_learning import GridWorld, GymBatch, Sarsa, train
>>> worlds = GymBatch(lambda: GridWorld(["S.G"]))
>>> agent = Sarsa(worlds.observation_space, worlds.action_space)
>>> run = train(agent, worlds, n_steps=200, check_every=100, random_state=0)
>>> run.history["step"].tolist()
[100, 200]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_count

from .environments import Environments

__all__ = ["Training", "train"]

Check = Callable[[Any], float]
KIND = "agent"  # of the files


@dataclass
class Training:
    """Progress of a training: its log, and the best policy so far.

    Attributes
    ----------
    rows : list of dict
        One at every check: ``step``, ``episodes`` and ``score`` (mean of the episodes
        that ended since the last check; NaN without any), ``check``.
    best : dict or None
        Weights of the last of the best checks, for ``agent.load_policy``.
    best_step : int
    stopped : bool
        Whether the goal was reached before the steps were used up.
    """

    rows: list[dict[str, float]] = field(default_factory=list)
    best: dict[str, Any] | None = None
    best_step: int = 0
    best_check: float = -np.inf
    in_a_row: int = 0
    stopped: bool = False

    @property
    def history(self) -> pd.DataFrame:
        """The log as a table."""
        return pd.DataFrame(self.rows)


@dataclass
class _Progress:
    """Counters between two checks."""

    step: int
    running: np.ndarray  # (n_envs,) score of the episode under way
    ended: list[float]


def train(
    agent: Any,
    env: Environments,
    n_steps: int,
    *,
    random_state: int = 0,
    check: Check | None = None,
    check_every: int | None = None,
    goal: float = np.inf,
    patience: int = 2,
    checkpoint: str | Path | None = None,
    on_check: Callable[[Training], None] | None = None,
) -> Training:
    """Let an agent act and learn.

    Parameters
    ----------
    agent : object
        With ``act``, ``learn``, ``settings``, ``state_dict`` and ``load_state_dict``.
    env : Environments
        Such as `VectorCartPole` or `GymBatch`.
    n_steps : int
        Steps in all environments together.
    random_state : int, default=0
        Seed of the first reset. The agent has a seed of its own.
    check : callable, optional
        ``check(agent)`` returns a score of the greedy policy.
    check_every : int, optional
        Steps between two rows of the log; without it, one row at the end.
    goal : float, default=inf
        Stop once ``check`` has reached it ``patience`` times in a row.
    patience : int, default=2
    checkpoint : path, optional
        File that is rewritten at every check. Where it exists, the training goes on
        from it, and ends with the same bits as one that was never interrupted.
    on_check : callable, optional
        Called with the `Training` after every check, for progress or a film.

    Returns
    -------
    Training

    Raises
    ------
    ValueError
        If the environment has other spaces than the agent, or a number is out of its
        range.
    CheckpointError
        If the file is damaged, or of another agent, environment or seed.
    """
    n_steps = check_count(n_steps, "n_steps")
    every = n_steps if check_every is None else check_count(check_every, "check_every")
    check_count(patience, "patience")
    if check is None and goal < np.inf:
        raise ValueError(
            f"goal needs a check that can reach it, got {goal} and no check"
        )
    _check_spaces(agent, env)
    observation = env.reset(random_state)
    training = Training()
    progress = _Progress(0, np.zeros(env.n_envs), [])
    identity = {**agent.settings(), **env.settings(), "random_state": random_state}
    if checkpoint is not None and Path(checkpoint).exists():
        observation = _resume(checkpoint, agent, env, training, progress, identity)
    while progress.step < n_steps and not training.stopped:
        actions = agent.act(observation)
        step = env.step(actions)
        agent.learn(observation, actions, step)
        observation = step.observation
        before = progress.step
        _count(progress, step, env.n_envs)
        if progress.step // every > before // every or progress.step >= n_steps:
            _look(training, progress, agent, check, goal, patience)
            if checkpoint is not None:
                _save(checkpoint, agent, env, training, progress, identity, observation)
            if on_check is not None:
                on_check(training)
    return training


def _check_spaces(agent: Any, env: Environments) -> None:
    for name, value, part in (("agent", agent, "learn"), ("env", env, "step")):
        if not hasattr(value, part):
            raise ValueError(f"{name} must have a method {part}, got {value!r}")
    space: Any = env.observation_space
    n_inputs = int(space.n) if hasattr(space, "n") else int(np.prod(space.shape))
    n_actions = getattr(env.action_space, "n", None)
    if (agent.n_inputs, agent.n_actions) != (n_inputs, n_actions):
        raise ValueError(
            f"env must have the spaces of the agent, {agent.n_inputs} inputs and "
            f"{agent.n_actions} actions, got {space} and {env.action_space}"
        )


def _count(progress: _Progress, step: Any, n_envs: int) -> None:
    progress.step += n_envs
    progress.running += step.score
    if step.ended.any():
        progress.ended += progress.running[step.ended].tolist()
        progress.running[step.ended] = 0.0


def _look(
    training: Training,
    progress: _Progress,
    agent: Any,
    check: Check | None,
    goal: float,
    patience: int,
) -> None:
    """Add a row to the log, keep the policy if it is the best, and see about stopping."""
    ended = progress.ended
    row = {
        "step": progress.step,
        "episodes": len(ended),
        "score": float(np.mean(ended)) if ended else np.nan,
    }
    progress.ended = []
    if check is not None:
        row["check"] = value = float(check(agent))
        training.in_a_row = training.in_a_row + 1 if value >= goal else 0
        training.stopped = training.in_a_row >= patience
        if value >= training.best_check and hasattr(agent, "policy_state"):
            training.best, training.best_check = agent.policy_state(), value
            training.best_step = progress.step
    training.rows.append(row)


def _save(
    path: str | Path,
    agent: Any,
    env: Environments,
    training: Training,
    progress: _Progress,
    identity: dict[str, Any],
    observation: np.ndarray,
) -> None:
    from mlmastery.checkpoints import save_checkpoint

    parts = {
        "identity": identity,
        "agent": agent.state_dict(),
        "env": env.state_dict(),
        "training": vars(training),
        "progress": vars(progress),
        "observation": observation,
    }
    save_checkpoint(path, parts, KIND)


def _resume(
    path: str | Path,
    agent: Any,
    env: Environments,
    training: Training,
    progress: _Progress,
    identity: dict[str, Any],
) -> np.ndarray:
    from mlmastery.checkpoints import CheckpointError, load_checkpoint

    state = load_checkpoint(path, KIND)
    if missing := {"identity", "agent", "env", "training"} - set(state):
        raise CheckpointError(f"{path} lacks {', '.join(sorted(missing))}")
    for key, value in identity.items():
        saved = state["identity"].get(key)
        if saved != value:
            raise CheckpointError(
                f"{path} is of another training: {key} is {saved!r} there, "
                f"expected {value!r}"
            )
    agent.load_state_dict(state["agent"])
    env.load_state_dict(state["env"])
    vars(training).update(state["training"])
    vars(progress).update(state["progress"])
    observation: np.ndarray = state["observation"]
    return observation
