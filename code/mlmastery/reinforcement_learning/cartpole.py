"""CartPole's physics for many poles at once, equal to Gymnasium's step by step.

>>> from mlmastery.reinforcement_learning import VectorCartPole
>>> VectorCartPole(64).reset(seed=0).shape
(64, 4)
"""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from mlmastery.validation import check_choice, check_count

from .environments import Step
from .spaces import check_actions

__all__ = ["VectorCartPole", "cartpole_physics"]

GRAVITY, CART, POLE, HALF_LENGTH, FORCE, TAU = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02
MASS, MOMENT = CART + POLE, POLE * HALF_LENGTH
X_LIMIT, ANGLE_LIMIT = 2.4, 12 * 2 * np.pi / 360


def cartpole_physics(state: np.ndarray, actions: np.ndarray) -> np.ndarray:
    """Return the states after one fiftieth of a second.

    Parameters
    ----------
    state : array of shape (n_envs, 4)
        Position (m), speed (m/s), angle (rad) and angular speed (rad/s).
    actions : array of shape (n_envs,)
        1 pushes to the right, 0 to the left.

    References
    ----------
    .. [1] Barto, Sutton and Anderson (1983), "Neuronlike Adaptive Elements That Can
       Solve Difficult Learning Control Problems", IEEE Transactions SMC 13(5).

    Examples
    --------
    >>> cartpole_physics(np.zeros((1, 4)), np.array([1])).round(3).tolist()
    [[0.0, 0.195, 0.0, -0.293]]
    """
    x, speed, angle, spin = state.T
    force = np.where(actions == 1, FORCE, -FORCE)
    cosine, sine = np.cos(angle), np.sin(angle)
    pushed = (force + MOMENT * spin**2 * sine) / MASS
    spin_up = (GRAVITY * sine - cosine * pushed) / (
        HALF_LENGTH * (4.0 / 3.0 - POLE * cosine**2 / MASS)
    )
    speed_up = pushed - MOMENT * spin_up * cosine / MASS
    columns = (x + TAU * speed, speed + TAU * speed_up)
    return np.column_stack([*columns, angle + TAU * spin, spin + TAU * spin_up])


class VectorCartPole:
    """Many CartPole-v1 environments in NumPy arrays.

    Parameters
    ----------
    n_envs : int, default=32
    reward : {"survival", "fall"}, default="survival"
        ``"survival"`` is Gymnasium's: 1 a step. ``"fall"`` is 0 a step and −1 at the
        fall, the original's. Scores count steps in both.
    max_steps : int, default=500
        Time limit, at which an episode is truncated.

    Examples
    --------
    >>> poles = VectorCartPole(2, reward="fall")
    >>> _ = poles.reset(seed=0)
    >>> poles.step(np.array([0, 1])).reward.tolist()
    [0.0, 0.0]
    """

    def __init__(
        self, n_envs: int = 32, reward: str = "survival", max_steps: int = 500
    ):
        self.n_envs = check_count(n_envs, "n_envs")
        self.reward = check_choice(reward, "reward", ("survival", "fall"))
        self.max_steps = check_count(max_steps, "max_steps")
        self.observation_space = gym.spaces.Box(-np.inf, np.inf, (4,), np.float32)
        self.action_space = gym.spaces.Discrete(2)
        self.state = np.zeros((n_envs, 4))
        self.elapsed = np.zeros(n_envs, dtype=int)
        self.rng = np.random.default_rng(0)

    def reset(self, seed: int) -> np.ndarray:
        """Start all episodes and return the first observations."""
        self.rng = np.random.default_rng(seed)
        self.state = self.rng.uniform(-0.05, 0.05, (self.n_envs, 4))
        self.elapsed = np.zeros(self.n_envs, dtype=int)
        return self.state.astype(np.float32)

    def step(self, actions: np.ndarray) -> Step:
        """Act in every environment; those whose episode ends begin the next."""
        actions = check_actions(actions, self.n_envs, 2)
        reached = cartpole_physics(self.state, actions)
        self.elapsed += 1
        fallen = (np.abs(reached[:, [0, 2]]) > [X_LIMIT, ANGLE_LIMIT]).any(axis=1)
        late = self.elapsed >= self.max_steps
        ended = fallen | late
        self.state = reached.copy()
        if ended.any():
            self.state[ended] = self.rng.uniform(-0.05, 0.05, (int(ended.sum()), 4))
            self.elapsed[ended] = 0
        score = np.ones(self.n_envs)
        return Step(
            self.state.astype(np.float32),
            reached.astype(np.float32),
            score if self.reward == "survival" else np.where(fallen, -1.0, 0.0),
            fallen,
            late,
            score,
        )

    def settings(self) -> dict[str, Any]:
        """Return what a checkpoint must agree in."""
        return {
            "env": "VectorCartPole", "n_envs": self.n_envs, "reward": self.reward,
            "max_steps": self.max_steps,
        }  # fmt: skip

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next steps depend on."""
        return {
            "state": self.state.tolist(),
            "elapsed": self.elapsed.tolist(),
            "rng": self.rng.bit_generator.state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""
        self.state = np.array(state["state"])
        self.elapsed = np.array(state["elapsed"])
        self.rng.bit_generator.state = state["rng"]
