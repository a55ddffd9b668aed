"""Stable-Baselines3 under the chapter's protocol: the same checks and the same judge.

>>> from mlmastery.reinforcement_learning.library import PUBLISHED
>>> PUBLISHED["A2C"]["n_envs"]
8
"""

from __future__ import annotations

from typing import Any

import numpy as np
from stable_baselines3 import A2C, DQN
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env

from .cartpole import VectorCartPole
from .environments import GymBatch
from .evaluation import evaluate
from .race import CHOOSE, JUDGE, N_CHOOSE, N_JUDGE

__all__ = ["PUBLISHED", "LibraryAgent", "library_on_cartpole"]

# The settings of hyperparams/dqn.yml and a2c.yml in RL Baselines3 Zoo for CartPole-v1,
# which go with 50,000 and 500,000 steps there; not tuned by us.
PUBLISHED: dict[str, dict[str, Any]] = {
    "DQN": {
        "n_envs": 1,
        "learning_rate": 2.3e-3,
        "batch_size": 64,
        "buffer_size": 100_000,
        "learning_starts": 1000,
        "gamma": 0.99,
        "target_update_interval": 10,
        "train_freq": 256,
        "gradient_steps": 128,
        "exploration_fraction": 0.16,
        "exploration_final_eps": 0.04,
        "policy_kwargs": {"net_arch": [256, 256]},
    },
    "A2C": {"n_envs": 8, "ent_coef": 0.0},
}
MODELS = {"DQN": DQN, "A2C": A2C}


class LibraryAgent:
    """A model of the library, seen as an agent of the chapter."""

    def __init__(self, model: Any):
        self.model = model

    def best_actions(self, observations: np.ndarray) -> np.ndarray:
        """Return the greedy action of every row."""
        actions: np.ndarray = self.model.predict(observations, deterministic=True)[0]
        return actions


class _Checks(BaseCallback):
    """Check the policy now and then, and keep the weights of the best check."""

    def __init__(self, every: int):
        super().__init__()
        self.every = every
        self.scores: list[float] = []
        self.best: dict[str, Any] = {}
        self.choose = VectorCartPole(N_CHOOSE)

    def _on_step(self) -> bool:
        before = self.num_timesteps - self.training_env.num_envs
        if self.num_timesteps // self.every > before // self.every:
            agent = LibraryAgent(self.model)
            score = float(evaluate(agent, self.choose, CHOOSE).mean())
            if score >= max(self.scores, default=-np.inf):
                state = self.model.policy.state_dict()
                self.best = {key: value.clone() for key, value in state.items()}
            self.scores.append(score)
        return True


def library_on_cartpole(
    name: str, random_state: int, n_steps: int, every: int
) -> tuple[np.ndarray, np.ndarray, list[float]]:
    """Return the scores of the last and the best policy on fresh episodes, and checks.

    Parameters
    ----------
    name : {"DQN", "A2C"}
    random_state : int
    n_steps, every : int
        Environment steps of the training and between two checks.
    """
    settings = dict(PUBLISHED[name])
    env = make_vec_env("CartPole-v1", settings.pop("n_envs"), seed=random_state)
    model = MODELS[name]("MlpPolicy", env, seed=random_state, device="cpu", **settings)
    checks = _Checks(every)
    model.learn(n_steps, callback=checks)
    judge = GymBatch("CartPole-v1", N_JUDGE)
    last = evaluate(LibraryAgent(model), judge, JUDGE)
    model.policy.load_state_dict(checks.best)
    return last, evaluate(LibraryAgent(model), judge, JUDGE), checks.scores
