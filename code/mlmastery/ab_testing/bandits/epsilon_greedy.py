"""Pull the arm that looks best, and now and then another, by chance."""

from __future__ import annotations

import numpy as np

from mlmastery.ab_testing.bandits.policy import BanditPolicy, random_argmax
from mlmastery.validation import check_number

__all__ = ["EpsilonGreedy"]


class EpsilonGreedy(BanditPolicy):
    """Explore with probability ε, else pull the arm with the largest mean.

    Its regret grows in proportion to time: it explores as much after a year as on
    the first day.

    Parameters
    ----------
    epsilon : float, default=0.1
        From 0, greedy, to 1, all by chance.

    Raises
    ------
    ValueError
        If ``epsilon`` is outside [0, 1].

    References
    ----------
    .. [1] Sutton and Barto (2018), "Reinforcement Learning", section 2.2.

    Examples
    --------
    >>> policy = EpsilonGreedy(epsilon=0.0).reset(runs=1, n_arms=2)
    >>> policy.update(np.array([1]), np.array([1.0]))
    >>> policy.choose(np.random.default_rng(0))
    array([1])
    """

    def __init__(self, epsilon: float = 0.1):
        self.epsilon = check_number(epsilon, "epsilon", maximum=1)

    def choose(self, rng: np.random.Generator) -> np.ndarray:
        """Return the arm to pull in each run, an int array of shape (runs,)."""
        runs, n_arms = self.pulls.shape
        explore = rng.random(runs) < self.epsilon
        best = random_argmax(self.means, rng)
        return np.where(explore, rng.integers(n_arms, size=runs), best)
