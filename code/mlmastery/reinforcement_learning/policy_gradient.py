"""REINFORCE: raise the probability of actions that were followed by large returns.

>>> from mlmastery.reinforcement_learning import Reinforce, VectorCartPole
>>> poles = VectorCartPole(2)
>>> agent = Reinforce(poles.observation_space, poles.action_space)
>>> agent.act(poles.reset(seed=0)).shape
(2,)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mlmastery.validation import check_count, check_number

from .environments import Step
from .exploration import as_schedule, describe
from .networks import copy_state, make_network
from .returns import check_discount, discounted_returns
from .spaces import check_batch, count_actions, count_inputs

__all__ = ["PolicyAgent", "Reinforce", "log_probabilities"]


def log_probabilities(
    policy: nn.Module, observations: Tensor, actions: Tensor
) -> Tensor:
    """Return log π(a | s) of the actions, of shape (batch,).

    Examples
    --------
    >>> even = nn.Linear(1, 2, bias=False)
    >>> _ = nn.init.zeros_(even.weight)
    >>> chances = log_probabilities(even, torch.ones(1, 1), torch.tensor([0])).exp()
    >>> round(chances.item(), 2)
    0.5
    """
    logits = policy(observations).log_softmax(dim=1)
    return logits.gather(1, actions[:, None]).squeeze(1)


class PolicyAgent:
    """A policy network and a value network, which the methods train.

    Parameters
    ----------
    observation_space : gymnasium.spaces.Box
    action_space : gymnasium.spaces.Discrete
    hidden : sequence of int, default=(64, 64)
    learning_rate : callable or float
        Of Adam, above 0, or a function of the number of updates.
    gamma : float, default=0.99
    value_weight : float, default=0.5
        Weight of the value network's squared error in the loss.
    clip : float, default=0.5
        Maximum norm of the gradient.
    random_state : int, default=0

    Raises
    ------
    ValueError
        If a space is of another kind, a number out of its range, or an observation
        not finite.
    """

    name = "PolicyAgent"

    def __init__(
        self,
        observation_space: Any,
        action_space: Any,
        *,
        hidden: Sequence[int] = (64, 64),
        learning_rate: Any = 7e-3,
        gamma: float = 0.99,
        value_weight: float = 0.5,
        clip: float = 0.5,
        random_state: int = 0,
    ):
        self.n_inputs = count_inputs(observation_space, self.name)
        self.n_actions = count_actions(action_space, self.name)
        self.hidden = tuple(hidden)
        self.learning_rate = as_schedule(learning_rate, "learning_rate", open=True)
        self.gamma = check_discount(gamma)
        self.value_weight = check_number(value_weight, "value_weight")
        self.clip = check_number(clip, "clip", open=True)
        self.rng = np.random.default_rng(random_state)
        shape: dict[str, Any] = {"activation": "tanh", "orthogonal": True}
        self.policy = make_network(
            self.n_inputs, self.hidden, self.n_actions,
            random_state=2 * random_state, **shape,
        )  # fmt: skip
        self.value = make_network(
            self.n_inputs, self.hidden, 1, random_state=2 * random_state + 1, **shape
        )
        self.optimizer = torch.optim.Adam(self.parameters(), self._rate(0))
        self.n_updates = 0

    def parameters(self) -> list[Tensor]:
        """Return the weights of both networks."""
        return [*self.policy.parameters(), *self.value.parameters()]

    def _rate(self, update: int) -> float:
        return float(self.learning_rate(update))

    @torch.no_grad()
    def act(self, observations: Any) -> np.ndarray:
        """Draw one action for every row from the policy."""
        batch = torch.from_numpy(check_batch(observations, self.n_inputs))
        sums = self.policy(batch).softmax(dim=1).double().cumsum(dim=1).numpy()
        drawn = (sums < self.rng.random((len(sums), 1))).sum(axis=1)
        return np.minimum(drawn, self.n_actions - 1)

    @torch.no_grad()
    def best_actions(self, observations: Any) -> np.ndarray:
        """Return the most probable action of every row."""
        batch = torch.from_numpy(check_batch(observations, self.n_inputs))
        return self.policy(batch).argmax(dim=1).numpy()

    @torch.no_grad()
    def state_values(self, observations: Any) -> np.ndarray:
        """Return the value network's estimate for every row, as float64."""
        batch = torch.from_numpy(check_batch(observations, self.n_inputs))
        return self.value(batch).squeeze(1).double().numpy()

    def _descend(self, loss: Tensor) -> None:
        self.optimizer.param_groups[0]["lr"] = self._rate(self.n_updates)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters(), self.clip)
        self.optimizer.step()
        self.n_updates += 1

    def settings(self) -> dict[str, Any]:
        """Return what a checkpoint must agree in."""
        names = ("n_inputs", "n_actions", "gamma", "value_weight", "clip")
        chosen = {name: getattr(self, name) for name in names}
        rate = describe(self.learning_rate)
        hidden = list(self.hidden)
        return {"agent": self.name, **chosen, "hidden": hidden, "learning_rate": rate}

    def policy_state(self) -> dict[str, Any]:
        """Return the weights that acting needs."""
        return copy_state(self.policy)

    def load_policy(self, state: dict[str, Any]) -> None:
        """Act with other weights from now on."""
        self.policy.load_state_dict(state)

    def state_dict(self) -> dict[str, Any]:
        """Return all that learning depends on."""
        return {
            "policy": copy_state(self.policy),
            "value": copy_state(self.value),
            "optimizer": copy_state(self.optimizer),
            "rng": self.rng.bit_generator.state,
            "n_updates": self.n_updates,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""
        self.policy.load_state_dict(state["policy"])
        self.value.load_state_dict(state["value"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.rng.bit_generator.state = state["rng"]
        self.n_updates = state["n_updates"]


class Reinforce(PolicyAgent):
    """Learn from the returns of whole episodes.

    Parameters
    ----------
    baseline : bool, default=True
        Subtract the value network's estimate from every return.
    batch_episodes : int, default=16
        Episodes of an update.
    **settings
        Of `PolicyAgent`.

    References
    ----------
    .. [1] Williams (1992), "Simple Statistical Gradient-Following Algorithms for
       Connectionist Reinforcement Learning", Machine Learning 8.

    Examples
    --------
    >>> import gymnasium as gym
    >>> box, two = gym.spaces.Box(-1, 1, (3,)), gym.spaces.Discrete(2)
    >>> Reinforce(box, two, baseline=False).settings()["baseline"]
    False
    """

    name = "Reinforce"

    def __init__(
        self,
        *args: Any,
        baseline: bool = True,
        batch_episodes: int = 16,
        **settings: Any,
    ):
        super().__init__(*args, **settings)
        self.baseline = baseline
        self.batch_episodes = check_count(batch_episodes, "batch_episodes")
        self._open: dict[int, list[tuple[Any, int, float]]] = {}
        self._done: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def learn(self, observations: Any, actions: np.ndarray, step: Step) -> None:
        """Collect the step, and update when enough episodes have ended."""
        batch = check_batch(observations, self.n_inputs)
        ended, terminated = step.ended.tolist(), step.terminated.tolist()
        for env, row in enumerate(
            zip(batch, actions.tolist(), step.reward.tolist(), strict=False)
        ):
            self._open.setdefault(env, []).append(row)
            if ended[env]:
                after = 0.0
                if not terminated[env]:  # a return that was cut off is completed
                    after = float(self.state_values(step.next_observation[[env]])[0])
                self._close(env, after)
        if len(self._done) >= self.batch_episodes:
            self.update(
                *(np.concatenate(part) for part in zip(*self._done, strict=False))
            )
            self._done = []

    def _close(self, env: int, after: float) -> None:
        states, actions, rewards = zip(*self._open.pop(env), strict=False)
        returns = discounted_returns(rewards, self.gamma, after)
        self._done.append((np.array(states), np.array(actions), returns))

    def policy_loss(
        self, states: np.ndarray, actions: np.ndarray, returns: np.ndarray
    ) -> Tensor:
        """Return minus the mean of log π(a | s), weighted by returns or advantages."""
        weights = returns - self.state_values(states) if self.baseline else returns
        logs = log_probabilities(
            self.policy, torch.from_numpy(states), torch.from_numpy(actions)
        )
        return -(logs * torch.from_numpy(weights).float()).mean()

    def update(
        self, states: np.ndarray, actions: np.ndarray, returns: np.ndarray
    ) -> None:
        """Take one step of Adam on finished episodes."""
        values = self.value(torch.from_numpy(states)).squeeze(1)
        error = nn.functional.mse_loss(values, torch.from_numpy(returns).float())
        loss = self.policy_loss(states, actions, returns)
        self._descend(loss + self.value_weight * error)

    def settings(self) -> dict[str, Any]:
        """Return what a checkpoint must agree in."""
        own = {"baseline": self.baseline, "batch_episodes": self.batch_episodes}
        return super().settings() | own

    def state_dict(self) -> dict[str, Any]:
        """Return all that learning depends on, with the episodes that are under way."""
        under_way = {
            env: [(np.asarray(state), action, reward) for state, action, reward in rows]
            for env, rows in self._open.items()
        }
        return super().state_dict() | {"open": under_way, "done": list(self._done)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""
        super().load_state_dict(state)
        self._open = {
            env: [tuple(row) for row in rows] for env, rows in state["open"].items()
        }
        self._done = [tuple(part) for part in state["done"]]
