"""Learn a table of action values from experience: Monte Carlo, SARSA, Q-learning.

>>> from mlmastery.reinforcement_learning import GridWorld, GymBatch, QLearning, train
>>> worlds = GymBatch(lambda: GridWorld(["S..G"]))
>>> agent = QLearning(worlds.observation_space, worlds.action_space, gamma=0.9)
>>> _ = train(agent, worlds, n_steps=2000, random_state=0)
>>> agent.q.max(axis=1).round(2).tolist()
[0.81, 0.9, 1.0, 0.0]
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from mlmastery.validation import check_number

from .environments import Step
from .exploration import EpsilonGreedy, describe
from .returns import check_discount, discounted_returns
from .spaces import count_actions, count_states

__all__ = ["MonteCarlo", "QLearning", "Sarsa", "TabularAgent"]


class TabularAgent:
    """A table ``q[state, action]`` and a way to explore; the methods add an update.

    Parameters
    ----------
    observation_space, action_space : gymnasium.spaces.Discrete
    gamma : float, default=0.99
        The discount.
    learning_rate : float, default=0.1
        The α of the updates, from 0 to 1.
    explore : EpsilonGreedy, Boltzmann or None
        None is ε-greedy with ε = 0.1.
    initial_value : float, default=0.0
        Of every entry; one above all returns makes what is untried attractive.
    random_state : int, default=0

    Attributes
    ----------
    q : ndarray of shape (n_states, n_actions)

    Raises
    ------
    ValueError
        If a space is not discrete, or a number is out of its range.
    """

    name: ClassVar[str] = "TabularAgent"

    def __init__(
        self,
        observation_space: Any,
        action_space: Any,
        *,
        gamma: float = 0.99,
        learning_rate: float = 0.1,
        explore: Any = None,
        initial_value: float = 0.0,
        random_state: int = 0,
    ):
        self.n_inputs = count_states(observation_space, self.name)
        self.n_actions = count_actions(action_space, self.name)
        self.gamma = check_discount(gamma)
        self.learning_rate = check_number(learning_rate, "learning_rate", 0, 1)
        self.explore = EpsilonGreedy(0.1) if explore is None else explore
        if not hasattr(self.explore, "choose"):
            raise ValueError(f"explore must be such as EpsilonGreedy, got {explore!r}")
        initial_value = check_number(initial_value, "initial_value", -math.inf)
        self.q = np.full((self.n_inputs, self.n_actions), initial_value)
        self.rng = np.random.default_rng(random_state)
        self.n_steps = 0

    def act(self, states: np.ndarray) -> np.ndarray:
        """Choose one action for every state, exploring."""
        return np.array([self._choose(int(state)) for state in states])

    def _choose(self, state: int) -> int:
        if not 0 <= state < self.n_inputs:
            raise ValueError(
                f"state must be from 0 to {self.n_inputs - 1}, got {state}"
            )
        return self.explore.choose(self.q[state], self.n_steps, self.rng)

    def best_actions(self, states: Any) -> np.ndarray:
        """Return the greedy action of every state; ties go to the first."""
        return self.q[np.asarray(states)].argmax(axis=-1)

    def learn(self, states: np.ndarray, actions: np.ndarray, step: Step) -> None:
        """Update the table by one step of every environment."""
        rows = zip(
            states.tolist(), actions.tolist(), step.reward.tolist(),
            step.next_observation.tolist(), step.terminated.tolist(),
            step.ended.tolist(), strict=True,
        )  # fmt: skip
        for env, (state, action, reward, reached, terminated, ended) in enumerate(rows):
            self._update(env, state, action, reward, reached, terminated, ended)
        self.n_steps += len(states)

    def _update(
        self,
        env: int,
        state: int,
        action: int,
        reward: float,
        reached: int,
        terminated: bool,
        ended: bool,
    ) -> None:
        raise NotImplementedError

    def _move(self, state: int, action: int, target: float) -> None:
        """Move one entry towards a target by the learning rate."""
        if not math.isfinite(target):
            raise ValueError(f"reward must be finite, got a target of {target}")
        self.q[state, action] += self.learning_rate * (target - self.q[state, action])

    def settings(self) -> dict[str, Any]:
        """Return what a checkpoint must agree in."""
        return {
            "agent": self.name,
            "n_inputs": self.n_inputs,
            "n_actions": self.n_actions,
            "gamma": self.gamma,
            "learning_rate": self.learning_rate,
            "explore": describe(self.explore),
        }

    def state_dict(self) -> dict[str, Any]:
        """Return all that learning depends on."""
        return {
            "q": self.q.copy(),
            "n_steps": self.n_steps,
            "rng": self.rng.bit_generator.state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""
        self.q = np.array(state["q"])
        self.n_steps = int(state["n_steps"])
        self.rng.bit_generator.state = state["rng"]


class QLearning(TabularAgent):
    """Q-learning: the target takes the best action of the next state.

    ``Q(s, a) += α (r + γ max Q(s', ·) − Q(s, a))``

    References
    ----------
    .. [1] Watkins and Dayan (1992), "Q-learning", Machine Learning 8.

    Examples
    --------
    >>> import gymnasium as gym
    >>> two = gym.spaces.Discrete(2)
    >>> agent = QLearning(two, two, gamma=0.9, learning_rate=0.5)
    >>> agent.q[1] = [4.0, 2.0]
    >>> agent.update(state=0, action=0, reward=1.0, next_state=1, terminated=False)
    >>> round(float(agent.q[0, 0]), 2)  # half of the way to 1 + 0.9 · 4
    2.3
    """

    name = "QLearning"

    def update(
        self, state: int, action: int, reward: float, next_state: int, terminated: bool
    ) -> None:
        """Learn from one step."""
        # Truncation does not matter here: the next state keeps its value.
        follows = 0.0 if terminated else self.gamma * self.q[next_state].max()
        self._move(state, action, reward + follows)

    def _update(
        self,
        env: int,
        state: int,
        action: int,
        reward: float,
        reached: int,
        terminated: bool,
        ended: bool,
    ) -> None:
        self.update(state, action, reward, reached, terminated)


class Sarsa(TabularAgent):
    """SARSA: the target takes the action that the agent really does next.

    References
    ----------
    .. [1] Rummery and Niranjan (1994), "On-Line Q-Learning Using Connectionist
       Systems", Cambridge University, CUED/F-INFENG/TR 166.

    Examples
    --------
    >>> import gymnasium as gym
    >>> two = gym.spaces.Discrete(2)
    >>> agent = Sarsa(two, two, gamma=0.9, learning_rate=0.5)
    >>> agent.q[1] = [4.0, 2.0]
    >>> agent.update(0, 0, 1.0, next_state=1, next_action=1, terminated=False)
    >>> round(float(agent.q[0, 0]), 2)  # half of the way to 1 + 0.9 · 2
    1.4
    """

    name = "Sarsa"

    def __init__(self, *args: Any, **settings: Any):
        super().__init__(*args, **settings)
        self._chosen: dict[int, int] = {}  # environment: action that comes next

    def act(self, states: np.ndarray) -> np.ndarray:
        """Return the actions that the last updates counted on, or choose new ones."""
        actions = [
            self._chosen.pop(env) if env in self._chosen else self._choose(int(state))
            for env, state in enumerate(states)
        ]
        return np.array(actions)

    def update(
        self,
        state: int,
        action: int,
        reward: float,
        next_state: int,
        next_action: int,
        terminated: bool,
    ) -> None:
        """Learn from one step and the action after it."""
        follows = 0.0 if terminated else self.gamma * self.q[next_state, next_action]
        self._move(state, action, reward + follows)

    def _update(
        self,
        env: int,
        state: int,
        action: int,
        reward: float,
        reached: int,
        terminated: bool,
        ended: bool,
    ) -> None:
        next_action = self._choose(reached)
        self.update(state, action, reward, reached, next_action, terminated)
        if not ended:
            self._chosen[env] = next_action

    def state_dict(self) -> dict[str, Any]:
        """Return all that learning depends on."""
        return super().state_dict() | {"chosen": dict(self._chosen)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""
        super().load_state_dict(state)
        self._chosen = dict(state["chosen"])


class MonteCarlo(TabularAgent):
    """Every-visit Monte Carlo: the target is the whole return of the episode.

    A truncated episode is followed by the value of the best action, since its return
    was cut off.

    References
    ----------
    .. [1] Sutton and Barto (2018), Reinforcement Learning, 2nd edition, chapter 5.

    Examples
    --------
    >>> import gymnasium as gym
    >>> three, two = gym.spaces.Discrete(3), gym.spaces.Discrete(2)
    >>> agent = MonteCarlo(three, two, gamma=0.5, learning_rate=1.0)
    >>> agent.finish([(0, 1, 0.0), (1, 0, 8.0)], after=0.0)
    >>> agent.q[:2].tolist()
    [[0.0, 4.0], [8.0, 0.0]]
    """

    name = "MonteCarlo"

    def __init__(self, *args: Any, **settings: Any):
        super().__init__(*args, **settings)
        self._episodes: dict[int, list[tuple[int, int, float]]] = {}

    def finish(self, episode: list[tuple[int, int, float]], after: float) -> None:
        """Learn from the states, actions and rewards of one episode."""
        returns = discounted_returns([row[2] for row in episode], self.gamma, after)
        for (state, action, _), value in zip(episode, returns.tolist(), strict=True):
            self._move(state, action, value)

    def _update(
        self,
        env: int,
        state: int,
        action: int,
        reward: float,
        reached: int,
        terminated: bool,
        ended: bool,
    ) -> None:
        self._episodes.setdefault(env, []).append((state, action, reward))
        if ended:
            after = 0.0 if terminated else float(self.q[reached].max())
            self.finish(self._episodes.pop(env), after)

    def state_dict(self) -> dict[str, Any]:
        """Return all that learning depends on."""
        episodes = {env: list(rows) for env, rows in self._episodes.items()}
        return super().state_dict() | {"episodes": episodes}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was called."""
        super().load_state_dict(state)
        self._episodes = {
            env: [tuple(row) for row in rows] for env, rows in state["episodes"].items()
        }
