"""Judge a greedy policy on episodes that it has not been chosen on.

>>> from mlmastery.reinforcement_learning import DQN, VectorCartPole, evaluate
>>> poles = VectorCartPole(3)
>>> agent = DQN(poles.observation_space, poles.action_space)
>>> evaluate(agent, poles, seed=0).shape
(3,)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.validation import check_count

from .environments import Environments, GymBatch

__all__ = ["evaluate", "record_episode"]


def evaluate(
    agent: Any, env: Environments, seed: int, max_steps: int = 10_000
) -> np.ndarray:
    """Return the score of one greedy episode in every environment.

    Parameters
    ----------
    agent : object with ``best_actions``
    env : Environments
    seed : int
        Of the first and only reset.
    max_steps : int, default=10_000
        Steps after which an episode that has not ended counts as it stands.

    Returns
    -------
    ndarray of shape (n_envs,)
    """
    observation = env.reset(seed)
    scores, running = np.zeros(env.n_envs), np.ones(env.n_envs, dtype=bool)
    for _ in range(check_count(max_steps, "max_steps")):
        step = env.step(agent.best_actions(observation))
        scores += running * step.score
        running &= ~step.ended
        observation = step.observation
        if not running.any():
            break
    return scores


def record_episode(
    agent: Any, name: str, seed: int, max_steps: int = 10_000
) -> np.ndarray:
    """Return the observations of one greedy episode of a Gymnasium environment.

    Returns
    -------
    ndarray of shape (n_steps + 1, n_inputs)

    Examples
    --------
    >>> from mlmastery.reinforcement_learning import DQN, GymBatch
    >>> env = GymBatch("CartPole-v1")
    >>> agent = DQN(env.observation_space, env.action_space)
    >>> record_episode(agent, "CartPole-v1", seed=0).shape[1]
    4
    """
    env = GymBatch(name)
    rows = [env.reset(seed)[0]]
    for _ in range(check_count(max_steps, "max_steps")):
        step = env.step(agent.best_actions(rows[-1][None]))
        rows.append(step.next_observation[0])
        if step.ended[0]:
            break
    return np.array(rows)
