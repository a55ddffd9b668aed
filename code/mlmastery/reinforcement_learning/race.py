"""Train one agent on CartPole by the chapter's protocol, and judge it.

>>> from mlmastery.reinforcement_learning.race import make_agent
>>> make_agent("A2C", random_state=0).name
'ActorCritic'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.ledger import cpu_timed
from mlmastery.validation import check_choice

from .actor_critic import ActorCritic
from .cartpole import VectorCartPole
from .dqn import DQN
from .environments import GymBatch
from .evaluation import evaluate
from .policy_gradient import Reinforce
from .training import Training, train

__all__ = ["Outcome", "make_agent", "summarise", "train_on_cartpole"]

AGENTS: dict[str, Any] = {"DQN": DQN, "A2C": ActorCritic, "REINFORCE": Reinforce}
# Seeds of episodes: policies are chosen on the first, judged on the second.
CHOOSE, JUDGE = 7, 99
N_CHOOSE, N_JUDGE = 20, 100
N_ENVS = 32
STEPS = {"DQN": 192_000, "A2C": 307_200, "REINFORCE": 150_000}
EVERY = {"DQN": 8_000, "A2C": 20_480, "REINFORCE": 10_000}
REWARD = {"DQN": "fall", "A2C": "survival", "REINFORCE": "survival"}


@dataclass(frozen=True)
class Outcome:
    """One training and what its policies scored on fresh episodes.

    ``last`` and ``best`` hold one score per episode; ``training`` is the log;
    ``last_policy`` holds the weights at the end of the training.
    """

    agent: Any  # with the best policy loaded
    training: Training
    last: np.ndarray
    best: np.ndarray
    seconds: float
    last_policy: Any = None

    @property
    def n_steps(self) -> int:
        """Environment steps of the training."""
        return int(self.training.rows[-1]["step"])

    def report(self) -> str:
        """Return the outcome in two sentences."""
        return (
            f"{self.agent.name} took {self.n_steps:,} steps. Judged once on "
            f"{len(self.last)} fresh episodes, its last policy scores "
            f"{self.last.mean():.1f}, its best {self.best.mean():.1f}."
        )


def make_agent(name: str, random_state: int, **settings: Any) -> Any:
    """Return an agent with the chapter's settings for CartPole, or others.

    Parameters
    ----------
    name : {"DQN", "A2C", "REINFORCE"}
    random_state : int
    **settings
        Of the agent, instead of the chapter's.
    """
    check_choice(name, "name", AGENTS)
    poles = VectorCartPole(1)
    return AGENTS[name](
        poles.observation_space,
        poles.action_space,
        random_state=random_state,
        **settings,
    )


def train_on_cartpole(
    name: str,
    random_state: int,
    *,
    reward: str | None = None,
    n_steps: int | None = None,
    stop: bool = True,
    **settings: Any,
) -> Outcome:
    """Train until two checks in a row are perfect, then judge last and best policy.

    A check plays 20 episodes with seeds of its own. The policies are judged on 100
    episodes of Gymnasium's CartPole-v1, with other seeds.

    Parameters
    ----------
    name : {"DQN", "A2C", "REINFORCE"}
    random_state : int
        Of the weights, the exploration, the replay and the training's episodes.
    reward : {"survival", "fall"}, optional
        What the agent learns from; by default 0 and −1 at the fall for DQN.
    n_steps : int, optional
        The most environment steps to take.
    stop : bool, default=True
        Whether to stop early; else all steps are taken.
    **settings
        Of the agent.
    """
    agent = make_agent(name, random_state, **settings)
    env = VectorCartPole(N_ENVS, reward=reward or REWARD[name])
    choose = VectorCartPole(N_CHOOSE)
    training, seconds = cpu_timed(
        lambda: train(
            agent,
            env,
            STEPS[name] if n_steps is None else n_steps,
            random_state=1000 + random_state,
            check=lambda a: float(evaluate(a, choose, CHOOSE).mean()),
            check_every=EVERY[name],
            goal=500 if stop else np.inf,
        )
    )
    judge = GymBatch("CartPole-v1", N_JUDGE)
    last = best = evaluate(agent, judge, JUDGE)
    last_policy = agent.policy_state()
    if training.best_step < training.rows[-1]["step"]:
        agent.load_policy(training.best)
        best = evaluate(agent, judge, JUDGE)
    return Outcome(agent, training, last, best, seconds, last_policy)


def summarise(outcomes: dict[str, dict[int, Outcome]]) -> pd.DataFrame:
    """Return one row per agent and seed: steps, seconds, last and best score.

    Parameters
    ----------
    outcomes : dict
        ``outcomes[agent][seed]``.
    """
    rows = [
        {
            "agent": name, "seed": seed, "steps": one.n_steps,
            "CPU s": round(one.seconds, 1), "last": one.last.mean(),
            "best": one.best.mean(),
        }
        for name, by_seed in outcomes.items()
        for seed, one in by_seed.items()
    ]  # fmt: skip
    return pd.DataFrame(rows).set_index(["agent", "seed"])
