"""Advantage actor-critic: short rollouts, a critic, and generalised advantages.

>>> from mlmastery.reinforcement_learning import ActorCritic, VectorCartPole
>>> poles = VectorCartPole(2)
>>> agent = ActorCritic(poles.observation_space, poles.action_space)
>>> agent.act(poles.reset(seed=0)).shape
(2,)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mlmastery.validation import check_count, check_number

from .environments import Step
from .exploration import Linear
from .policy_gradient import PolicyAgent, log_probabilities
from .returns import check_discount, gae, td_target
from .spaces import check_batch

__all__ = ["ActorCritic", "critic_loss"]


def critic_loss(
    value: nn.Module,
    observations: Tensor,
    rewards: Tensor,
    next_observations: Tensor,
    terminated: Tensor,
    gamma: float,
) -> Tensor:
    """Return the mean squared TD error; no gradient flows through the target.

    Parameters
    ----------
    value : nn.Module
        Maps (batch, n_inputs) to (batch, 1).
    observations, next_observations : Tensor of shape (batch, n_inputs)
    rewards, terminated : Tensor of shape (batch,)
    gamma : float
    """
    with torch.no_grad():
        next_value = value(next_observations).squeeze(1)
    target = td_target(rewards, next_value, terminated, gamma)
    return nn.functional.mse_loss(value(observations).squeeze(1), target)


class ActorCritic(PolicyAgent):
    """Update after every ``rollout_steps`` steps of all environments.

    Parameters
    ----------
    rollout_steps : int, default=32
    lam : float, default=0.95
        The λ of `gae`: 0 trusts the critic after one step, 1 only what was observed.
    n_updates : int, default=300
        After which the learning rate of 7e-3 has fallen to zero, where none is given.
    entropy_weight : float, default=0.0
        Of a bonus for policies that stay random.
    normalise : bool, default=True
        Divide the advantages of a rollout by their standard deviation.
    **settings
        Of `PolicyAgent`.

    References
    ----------
    .. [1] Mnih et al. (2016), "Asynchronous Methods for Deep Reinforcement Learning",
       ICML.

    Examples
    --------
    >>> import gymnasium as gym
    >>> box, two = gym.spaces.Box(-1, 1, (3,)), gym.spaces.Discrete(2)
    >>> ActorCritic(box, two, lam=1.0).settings()["lam"]
    1.0
    """

    name = "ActorCritic"

    def __init__(
        self,
        *args: Any,
        rollout_steps: int = 32,
        lam: float = 0.95,
        n_updates: int = 300,
        entropy_weight: float = 0.0,
        normalise: bool = True,
        learning_rate: Any = None,
        **settings: Any,
    ):
        rate = Linear(7e-3, 0.0, check_count(n_updates, "n_updates"))
        rate = rate if learning_rate is None else learning_rate
        super().__init__(*args, learning_rate=rate, **settings)
        self.rollout_steps = check_count(rollout_steps, "rollout_steps")
        self.lam = check_discount(lam, "lam")
        self.entropy_weight = check_number(entropy_weight, "entropy_weight")
        self.normalise = normalise
        self._rollout: list[tuple[np.ndarray, ...]] = []

    def learn(self, observations: Any, actions: np.ndarray, step: Step) -> None:
        """Collect the step, and update when the rollout is full."""
        batch = check_batch(observations, self.n_inputs)
        reached = check_batch(step.next_observation, self.n_inputs)
        self._rollout.append(
            (batch, actions, step.reward, reached, step.terminated, step.ended)
        )
        if len(self._rollout) == self.rollout_steps:
            self.update(*(np.stack(part) for part in zip(*self._rollout, strict=False)))
            self._rollout = []

    def update(
        self,
        states: np.ndarray,
        actions: np.ndarray,
        rewards: np.ndarray,
        reached: np.ndarray,
        terminated: np.ndarray,
        ended: np.ndarray,
    ) -> None:
        """Take one step of Adam on a rollout; arrays are (n_steps, n_envs, ...)."""
        flat = states.reshape(-1, self.n_inputs)
        values, next_values = (
            self.state_values(rows.reshape(-1, self.n_inputs)).reshape(rewards.shape)
            for rows in (states, reached)
        )
        advantages = gae(
            rewards, values, next_values, terminated, ended, self.gamma, self.lam
        )
        returns = torch.from_numpy((advantages + values).ravel()).float()
        weights = torch.from_numpy(advantages.ravel()).float()
        if self.normalise and len(weights) > 1:
            weights = (weights - weights.mean()) / (weights.std() + 1e-8)
        batch = torch.from_numpy(flat)
        logs = log_probabilities(self.policy, batch, torch.from_numpy(actions.ravel()))
        # Weights and returns come from state_values, so no gradient flows through them.
        error = nn.functional.mse_loss(self.value(batch).squeeze(1), returns)
        loss = -(logs * weights).mean() + self.value_weight * error
        if self.entropy_weight:
            loss = loss - self.entropy_weight * self._entropy(batch)
        self._descend(loss)

    def _entropy(self, batch: Tensor) -> Tensor:
        logs = self.policy(batch).log_softmax(dim=1)
        return -(logs.exp() * logs).sum(dim=1).mean()

    def settings(self) -> dict[str, Any]:
        """Return what a checkpoint must agree in."""
        names = ("rollout_steps", "lam", "entropy_weight", "normalise")
        return super().settings() | {name: getattr(self, name) for name in names}

    def state_dict(self) -> dict[str, Any]:
        """Return all that learning depends on, with the rollout that is under way."""
        return super().state_dict() | {"rollout": list(self._rollout)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""
        super().load_state_dict(state)
        self._rollout = [tuple(row) for row in state["rollout"]]
