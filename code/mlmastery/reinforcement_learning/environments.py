"""Several environments side by side, with the end of an episode told correctly.

>>> from mlmastery.reinforcement_learning import GymBatch
>>> GymBatch("CartPole-v1", n_envs=2).reset(seed=0).shape
(2, 4)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import gymnasium as gym
import numpy as np

from mlmastery.validation import check_count

from .spaces import check_actions

__all__ = ["Environments", "GymBatch", "Step"]


@dataclass(frozen=True)
class Step:
    """One step of every environment.

    ``next_observation`` is what the action led to; ``observation`` is what to act on
    next, which differs where an episode ended and another one began.

    Examples
    --------
    >>> no = np.array([False])
    >>> Step(np.zeros(1), np.zeros(1), np.ones(1), no, no, np.ones(1)).ended.tolist()
    [False]
    """

    observation: np.ndarray
    next_observation: np.ndarray
    reward: np.ndarray
    terminated: np.ndarray
    truncated: np.ndarray
    score: np.ndarray  # reward in the environment's own unit, for reports

    @property
    def ended(self) -> np.ndarray:
        """Whether an episode stopped, for either reason, in each environment."""
        return self.terminated | self.truncated


class Environments(Protocol):
    """The interface that `train` needs."""

    n_envs: int
    observation_space: Any
    action_space: Any

    def reset(self, seed: int) -> np.ndarray:
        """Start all episodes and return the first observations."""

    def step(self, actions: np.ndarray) -> Step:
        """Act in every environment; those whose episode ends begin the next."""

    def settings(self) -> dict[str, Any]:
        """Return what a checkpoint must agree in."""

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next steps depend on."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""


class GymBatch:
    """Gymnasium environments in a row, each restarted in the step in which it ends.

    Only the first reset gets a seed: a seed at every reset would replay one episode.

    Parameters
    ----------
    make : str or callable
        A name that Gymnasium knows, or a function that makes an environment.
    n_envs : int, default=1
    **settings
        For ``gymnasium.make``.

    Examples
    --------
    >>> envs = GymBatch("FrozenLake-v1", is_slippery=False)
    >>> envs.reset(seed=0).tolist(), envs.step(np.array([2])).observation.tolist()
    ([0], [1])
    """

    def __init__(
        self,
        make: str | Callable[..., gym.Env[Any, Any]],
        n_envs: int = 1,
        **settings: Any,
    ):
        self.n_envs = check_count(n_envs, "n_envs")
        factory = make if callable(make) else lambda **kw: gym.make(make, **kw)
        self.envs = [factory(**settings) for _ in range(n_envs)]
        self.observation_space = self.envs[0].observation_space
        self.action_space = self.envs[0].action_space

    def reset(self, seed: int) -> np.ndarray:
        """Seed every environment with its own number and return first observations."""
        seeds = np.random.SeedSequence(seed).generate_state(self.n_envs)
        pairs = zip(self.envs, seeds.tolist(), strict=True)
        return np.stack([env.reset(seed=number)[0] for env, number in pairs])

    def step(self, actions: np.ndarray) -> Step:
        """Act in every environment."""
        n_actions = getattr(self.action_space, "n", None)
        actions = check_actions(actions, self.n_envs, n_actions).tolist()
        rows = [env.step(a) for env, a in zip(self.envs, actions, strict=True)]
        reached, rewards, terminated, truncated = (
            np.array([row[i] for row in rows]) for i in range(4)
        )
        shown = [
            env.reset()[0] if row[2] or row[3] else row[0]
            for env, row in zip(self.envs, rows, strict=True)
        ]
        rewards = rewards.astype(float)
        return Step(np.array(shown), reached, rewards, terminated, truncated, rewards)

    def settings(self) -> dict[str, Any]:
        """Return what a checkpoint must agree in."""
        spec, inner = self.envs[0].spec, self.envs[0].unwrapped
        name = spec.id if spec is not None else type(inner).__name__
        return {"env": name, "n_envs": self.n_envs}

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next steps depend on.

        Raises
        ------
        TypeError
            If an environment keeps its state elsewhere, as LunarLander does in its
            physics engine: such a training cannot be resumed to the bit.
        """
        return {"envs": [_env_state(env) for env in self.envs]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""
        for env, saved in zip(self.envs, state["envs"], strict=True):
            _restore_env(env, saved)


STATE = ("s", "state")  # of toy texts; of classic control and GridWorld


def _env_state(env: gym.Env[Any, Any]) -> dict[str, Any]:
    inner: Any = env.unwrapped
    name = next((name for name in STATE if hasattr(inner, name)), None)
    if name is None:
        raise TypeError(f"the state of {env} cannot be saved: it has none of {STATE}")
    return {
        "name": name,
        "value": np.asarray(getattr(inner, name)).tolist(),
        "rng": inner.np_random.bit_generator.state,
        "elapsed": [_elapsed(layer) for layer in _layers(env)],
    }


def _restore_env(env: gym.Env[Any, Any], saved: dict[str, Any]) -> None:
    env.reset()  # wrappers refuse a step before it
    inner: Any = env.unwrapped
    value = saved["value"]
    setattr(inner, saved["name"], np.array(value) if isinstance(value, list) else value)
    inner.np_random.bit_generator.state = saved["rng"]
    for layer, elapsed in zip(_layers(env), saved["elapsed"], strict=True):
        if elapsed is not None:
            layer._elapsed_steps = elapsed


def _layers(env: Any) -> list[Any]:
    layers = []
    while isinstance(env, gym.Wrapper):
        layers.append(env)
        env = env.env
    return layers


def _elapsed(layer: Any) -> int | None:
    limited = isinstance(layer, gym.wrappers.TimeLimit)
    return layer._elapsed_steps if limited else None
