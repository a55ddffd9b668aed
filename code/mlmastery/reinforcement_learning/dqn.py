"""Q-learning with a network: replay, a target network, double and dueling.

>>> from mlmastery.reinforcement_learning import DQN, VectorCartPole
>>> poles = VectorCartPole(2)
>>> agent = DQN(poles.observation_space, poles.action_space)
>>> agent.act(poles.reset(seed=0)).shape
(2,)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mlmastery.validation import check_choice, check_count, check_number

from .environments import Step
from .exploration import Linear, as_schedule, describe
from .networks import DuelingNetwork, copy_state, make_network, soft_update
from .replay import ReplayBuffer
from .returns import check_discount, td_target
from .spaces import check_batch, count_actions, count_inputs

__all__ = ["DQN", "q_targets"]


@torch.no_grad()
def q_targets(
    online: nn.Module,
    target: nn.Module,
    rewards: Tensor,
    next_observations: Tensor,
    terminated: Tensor,
    gamma: float,
    double: bool,
) -> Tensor:
    """Return DQN's targets; with ``double``, ``online`` picks the action.

    Parameters
    ----------
    online, target : nn.Module
        Networks that map (batch, n_inputs) to (batch, n_actions).
    rewards, terminated : Tensor of shape (batch,)
    next_observations : Tensor of shape (batch, n_inputs)
    gamma : float
    double : bool

    References
    ----------
    .. [1] van Hasselt, Guez and Silver (2016), "Deep Reinforcement Learning with
       Double Q-learning", AAAI.
    """
    values = target(next_observations)
    if double:
        chosen = online(next_observations).argmax(dim=1, keepdim=True)
        next_value = values.gather(1, chosen).squeeze(1)
    else:
        next_value = values.max(dim=1).values
    return td_target(rewards, next_value, terminated, gamma)


class DQN:
    """Deep Q-network.

    Parameters
    ----------
    observation_space : gymnasium.spaces.Box
        With one axis.
    action_space : gymnasium.spaces.Discrete
    hidden : sequence of int, default=(64, 64)
    learning_rate : callable or float, default=None
        Of Adam, above 0, or a function of the iteration. None falls from 3e-3 to 2e-4
        within 6,000.
    gamma : float, default=0.99
    batch_size : int, default=256
        Transitions of an update, at most ``buffer_size``.
    updates_per_step : int, default=2
        Updates after each step of all environments.
    target : {"soft", "hard", "none"}, default="soft"
        The target network follows at every update by the share ``tau``, is copied every
        ``target_every`` updates, or is the online network itself.
    tau : float, default=0.02
    target_every : int, default=100
    double, dueling : bool, default=True and False
    replay : bool, default=True
        False learns from the last step alone.
    buffer_size : int, default=50_000
    epsilon : callable or float, default=None
        From 0 to 1, or a function of the iteration. None falls from 1 to 0.04 within
        600.
    clip : float, default=10.0
        Maximum norm of the gradient.
    random_state : int, default=0

    Raises
    ------
    ValueError
        If a space is of another kind, a number out of its range, or an observation
        not finite.

    References
    ----------
    .. [1] Mnih et al. (2015), "Human-Level Control through Deep Reinforcement
       Learning", Nature 518.

    Examples
    --------
    >>> import gymnasium as gym
    >>> box, two = gym.spaces.Box(-1, 1, (3,)), gym.spaces.Discrete(2)
    >>> DQN(box, two).best_actions(np.zeros((5, 3))).shape
    (5,)
    """

    name = "DQN"

    def __init__(
        self,
        observation_space: Any,
        action_space: Any,
        *,
        hidden: Sequence[int] = (64, 64),
        learning_rate: Any = None,
        gamma: float = 0.99,
        batch_size: int = 256,
        updates_per_step: int = 2,
        target: str = "soft",
        tau: float = 0.02,
        target_every: int = 100,
        double: bool = True,
        dueling: bool = False,
        replay: bool = True,
        buffer_size: int = 50_000,
        epsilon: Any = None,
        clip: float = 10.0,
        random_state: int = 0,
    ):
        self.n_inputs = count_inputs(observation_space, self.name)
        self.n_actions = count_actions(action_space, self.name)
        self.hidden = tuple(hidden)
        rate = Linear(3e-3, 2e-4, 6000) if learning_rate is None else learning_rate
        self.learning_rate = as_schedule(rate, "learning_rate", open=True)
        self.gamma = check_discount(gamma)
        self.batch_size = check_count(batch_size, "batch_size")
        self.updates_per_step = check_count(updates_per_step, "updates_per_step")
        self.target_kind = check_choice(target, "target", ("soft", "hard", "none"))
        self.tau = check_number(tau, "tau", 0, 1, open=True)
        self.target_every = check_count(target_every, "target_every")
        self.double, self.dueling, self.replay = double, dueling, replay
        chance = Linear(1.0, 0.04, 600) if epsilon is None else epsilon
        self.epsilon = as_schedule(chance, "epsilon", maximum=1)
        self.clip = check_number(clip, "clip", open=True)
        self.rng = np.random.default_rng(random_state)
        self.online = self._network(random_state)
        self.target = self._network(random_state)
        self._weights = list(self.online.parameters())  # once: it is slow to collect
        self.optimizer = torch.optim.Adam(self._weights, self._rate(0))
        self.buffer = ReplayBuffer(buffer_size, self.n_inputs)
        if replay and self.batch_size > buffer_size:
            raise ValueError(
                f"batch_size must be at most buffer_size, {buffer_size}, got {batch_size}"
            )
        self.n_iterations = self.n_updates = 0

    def _network(self, random_state: int) -> nn.Module:
        if self.dueling:
            return DuelingNetwork(
                self.n_inputs, self.hidden, self.n_actions, random_state=random_state
            )
        return make_network(
            self.n_inputs, self.hidden, self.n_actions, random_state=random_state
        )

    def _rate(self, iteration: int) -> float:
        return float(self.learning_rate(iteration))

    @torch.no_grad()
    def q_values(self, observations: Any) -> np.ndarray:
        """Return Q of shape (n_envs, n_actions)."""
        batch = check_batch(observations, self.n_inputs)
        return self.online(torch.from_numpy(batch)).numpy()

    def best_actions(self, observations: Any) -> np.ndarray:
        """Return the greedy action of every row."""
        return self.q_values(observations).argmax(axis=1)

    def act(self, observations: Any) -> np.ndarray:
        """Return one action for every row, exploring."""
        greedy = self.best_actions(observations)
        random = self.rng.integers(self.n_actions, size=len(greedy))
        explore = self.rng.random(len(greedy)) < self.epsilon(self.n_iterations)
        return np.where(explore, random, greedy)

    def learn(self, observations: Any, actions: np.ndarray, step: Step) -> None:
        """Store one step of every environment and run the updates that are due."""
        batch = (
            check_batch(observations, self.n_inputs),
            actions,
            step.reward.astype(np.float32),
            check_batch(step.next_observation, self.n_inputs),
            step.terminated.astype(np.float32),
        )
        if self.replay:
            self.buffer.add(*batch)
        self.optimizer.param_groups[0]["lr"] = self._rate(self.n_iterations)
        self.n_iterations += 1
        if self.replay and len(self.buffer) < self.batch_size:
            return
        for _ in range(self.updates_per_step):
            self.update(
                *(
                    self.buffer.sample(self.batch_size, self.rng)
                    if self.replay
                    else batch
                )
            )

    def update(
        self,
        observations: np.ndarray,
        actions: np.ndarray,
        rewards: np.ndarray,
        next_observations: np.ndarray,
        terminated: np.ndarray,
    ) -> float:
        """Take one step of Adam on the Huber loss and return the loss."""
        arrays = (rewards, next_observations, terminated)
        reward, reached, end = map(torch.from_numpy, arrays)
        other = self.online if self.target_kind == "none" else self.target
        targets = q_targets(
            self.online, other, reward, reached, end, self.gamma, self.double
        )
        q = self.online(torch.from_numpy(observations))
        taken = q.gather(1, torch.from_numpy(actions)[:, None]).squeeze(1)
        loss = nn.functional.smooth_l1_loss(taken, targets)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._weights, self.clip)
        self.optimizer.step()
        self.n_updates += 1
        self._follow()
        return float(loss.detach())

    def _follow(self) -> None:
        """Let the target network follow the online network."""
        if self.target_kind == "soft":
            soft_update(self.target, self.online, self.tau)
        elif self.target_kind == "hard" and self.n_updates % self.target_every == 0:
            soft_update(self.target, self.online, 1.0)

    def settings(self) -> dict[str, Any]:
        """Return what a checkpoint must agree in."""
        names = (
            "n_inputs", "n_actions", "gamma", "batch_size", "updates_per_step",
            "target_kind", "tau", "target_every", "double", "dueling", "replay", "clip",
        )  # fmt: skip
        chosen = {name: getattr(self, name) for name in names}
        capacity = self.buffer.capacity
        return {
            "agent": self.name, **chosen, "hidden": list(self.hidden),
            "buffer_size": capacity, "learning_rate": describe(self.learning_rate),
            "epsilon": describe(self.epsilon),
        }  # fmt: skip

    def policy_state(self) -> dict[str, Any]:
        """Return the weights that acting needs."""
        return copy_state(self.online)

    def load_policy(self, state: dict[str, Any]) -> None:
        """Act with other weights from now on."""
        self.online.load_state_dict(state)

    def state_dict(self) -> dict[str, Any]:
        """Return all that learning depends on."""
        return {
            "online": copy_state(self.online),
            "target": copy_state(self.target),
            "optimizer": copy_state(self.optimizer),
            "buffer": self.buffer.state_dict(),
            "rng": self.rng.bit_generator.state,
            "n_iterations": self.n_iterations,
            "n_updates": self.n_updates,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""
        self.online.load_state_dict(state["online"])
        self.target.load_state_dict(state["target"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.buffer.load_state_dict(state["buffer"])
        self.rng.bit_generator.state = state["rng"]
        self.n_iterations = state["n_iterations"]
        self.n_updates = state["n_updates"]
