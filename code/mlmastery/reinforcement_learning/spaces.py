"""Check that an environment has the spaces which an agent can handle.

>>> import gymnasium as gym
>>> from mlmastery.reinforcement_learning.spaces import count_actions
>>> count_actions(gym.spaces.Discrete(3), "DQN")
3
"""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces

__all__ = [
    "check_actions",
    "check_batch",
    "count_actions",
    "count_inputs",
    "count_states",
]


def count_actions(space: Any, agent: str) -> int:
    """Return the number of actions of a discrete space that starts at 0, or raise.

    Raises
    ------
    ValueError
        If the actions are continuous, or numbered from elsewhere.

    Examples
    --------
    >>> count_actions(spaces.Box(-1, 1, (1,)), "DQN")
    Traceback (most recent call last):
        ...
    ValueError: DQN needs a Discrete action space that starts at 0, got Box...
    """
    return _count(space, f"{agent} needs a Discrete action space")


def count_states(space: Any, agent: str) -> int:
    """Return the number of states of a discrete space, or raise.

    Raises
    ------
    ValueError
        If the observations are not numbers of states: no table can hold them.
    """
    return _count(
        space, f"{agent} keeps a table and needs a Discrete observation space"
    )


def _count(space: Any, needs: str) -> int:
    if not isinstance(space, spaces.Discrete) or space.start != 0:
        raise ValueError(f"{needs} that starts at 0, got {space}")
    return int(space.n)


def count_inputs(space: Any, agent: str) -> int:
    """Return the length of the vector that a network sees, or raise.

    Raises
    ------
    ValueError
        If an observation is not one row of numbers.

    Examples
    --------
    >>> count_inputs(spaces.Box(-1, 1, (4,)), "DQN")
    4
    """
    if not isinstance(space, spaces.Box) or len(space.shape) != 1:
        raise ValueError(
            f"{agent} needs a Box observation space with one axis, got {space}"
        )
    return int(space.shape[0])


def check_actions(actions: Any, n_envs: int, n_actions: int | None) -> np.ndarray:
    """Return one action for each environment as an array, or raise.

    ``n_actions`` is None where the environment itself judges the actions.

    Raises
    ------
    ValueError
        If there are more or fewer, or an action is unknown.

    Examples
    --------
    >>> check_actions([0, 2], 2, 2)
    Traceback (most recent call last):
        ...
    ValueError: actions must be from 0 to 1, got 2
    """
    array = np.asarray(actions)
    if array.shape[:1] != (n_envs,):
        raise ValueError(f"actions must be {n_envs}, got shape {array.shape}")
    if n_actions is not None:
        flat = array.tolist()  # faster than NumPy for one environment
        for action in (min(flat), max(flat)):
            if not 0 <= action < n_actions:
                raise ValueError(
                    f"actions must be from 0 to {n_actions - 1}, got {action}"
                )
    return array


def check_batch(observation: Any, n_inputs: int) -> np.ndarray:
    """Return observations as float32 of shape (n_envs, n_inputs), or raise.

    Raises
    ------
    ValueError
        If the shape is another, or a number is missing or infinite.

    Examples
    --------
    >>> check_batch([[0.0, float("nan")]], 2)
    Traceback (most recent call last):
        ...
    ValueError: observation must be finite, got nan in row 0, column 1
    """
    batch = np.asarray(observation, dtype=np.float32)
    if batch.ndim != 2 or batch.shape[1] != n_inputs:
        raise ValueError(
            f"observation must have shape (n_envs, {n_inputs}), got {batch.shape}"
        )
    if not np.isfinite(batch).all():
        row, column = np.argwhere(~np.isfinite(batch))[0].tolist()
        raise ValueError(
            f"observation must be finite, got {batch[row, column]} "
            f"in row {row}, column {column}"
        )
    return batch
