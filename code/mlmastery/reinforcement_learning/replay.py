"""A memory of transitions, overwritten from its oldest end.

>>> from mlmastery.reinforcement_learning import ReplayBuffer
>>> len(ReplayBuffer(capacity=3, n_inputs=4))
0
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.validation import check_count

__all__ = ["ReplayBuffer"]


class ReplayBuffer:
    """Keep the last ``capacity`` transitions and draw from them with replacement.

    Parameters
    ----------
    capacity : int
    n_inputs : int
        Length of an observation.

    References
    ----------
    .. [1] Lin (1992), "Self-Improving Reactive Agents Based on Reinforcement Learning,
       Planning and Teaching", Machine Learning 8.

    Examples
    --------
    >>> buffer = ReplayBuffer(2, n_inputs=1)
    >>> for x in (1.0, 2.0, 3.0):
    ...     buffer.add([[x]], [0], [x], [[x + 1]], [False])
    >>> sorted(buffer.rewards.tolist()), len(buffer)
    ([2.0, 3.0], 2)
    """

    def __init__(self, capacity: int, n_inputs: int):
        self.capacity = check_count(capacity, "capacity")
        self.observations = np.zeros((capacity, n_inputs), np.float32)
        self.next_observations = np.zeros((capacity, n_inputs), np.float32)
        self.actions = np.zeros(capacity, np.int64)
        self.rewards = np.zeros(capacity, np.float32)
        self.terminated = np.zeros(capacity, np.float32)
        self.n_added = 0

    def __len__(self) -> int:
        return min(self.n_added, self.capacity)

    def add(
        self,
        observations: Any,
        actions: Any,
        rewards: Any,
        next_observations: Any,
        terminated: Any,
    ) -> None:
        """Store one transition of every environment.

        ``terminated`` is False for a truncated step: its next state keeps its value.

        Raises
        ------
        ValueError
            If more come at once than there is room for.
        """
        n = len(actions)
        if n > self.capacity:
            raise ValueError(f"at most {self.capacity} fit at once, got {n}")
        places = (self.n_added + np.arange(n)) % self.capacity
        self.observations[places] = observations
        self.actions[places] = actions
        self.rewards[places] = rewards
        self.next_observations[places] = next_observations
        self.terminated[places] = terminated
        self.n_added += n

    def sample(self, size: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        """Return observations, actions, rewards, next observations and ends.

        Raises
        ------
        ValueError
            If nothing is stored yet.
        """
        if not len(self):
            raise ValueError("the buffer is empty: add transitions before sampling")
        rows = rng.integers(len(self), size=size)
        return (
            self.observations[rows],
            self.actions[rows],
            self.rewards[rows],
            self.next_observations[rows],
            self.terminated[rows],
        )

    def state_dict(self) -> dict[str, Any]:
        """Return what is stored, without the empty places."""
        n = len(self)
        arrays = {name: getattr(self, name)[:n].copy() for name in ARRAYS}
        return {"n_added": self.n_added, "arrays": arrays}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""
        self.n_added = int(state["n_added"])
        for name in ARRAYS:
            getattr(self, name)[: len(self)] = state["arrays"][name]


ARRAYS = ("observations", "actions", "rewards", "next_observations", "terminated")
