"""Pull the arm that could be the best: its mean plus what is not known of it."""

from __future__ import annotations

import numpy as np

from mlmastery.ab_testing.bandits.policy import BanditPolicy, random_argmax

__all__ = ["UCB1"]


class UCB1(BanditPolicy):
    """Pull the arm with the largest upper confidence bound.

    After t rewards, n of them from an arm of mean m, its bound is
    m + sqrt(2 ln t / n). An arm without a reward comes first.

    References
    ----------
    .. [1] Auer, Cesa-Bianchi and Fischer (2002), "Finite-time Analysis of the
       Multiarmed Bandit Problem", Machine Learning 47.

    Examples
    --------
    >>> policy = UCB1().reset(runs=1, n_arms=2)
    >>> for arm, reward in [(0, 1), (0, 0), (1, 0)]:
    ...     policy.update(np.array([arm]), np.array([reward]))
    >>> policy.bounds().round(3)  # 1/2 + sqrt(2 ln 3 / 2), 0 + sqrt(2 ln 3 / 1)
    array([[1.548, 1.482]])
    """

    def bounds(self) -> np.ndarray:
        """Return each arm's bound, infinite before its first reward.

        Returns
        -------
        ndarray of shape (runs, n_arms)
        """
        total = self.pulls.sum(axis=1, keepdims=True)
        width = np.sqrt(2 * np.log(np.maximum(total, 1)) / np.maximum(self.pulls, 1))
        return np.where(self.pulls == 0, np.inf, self.means + width)

    def choose(self, rng: np.random.Generator) -> np.ndarray:
        """Return the arm to pull in each run, an int array of shape (runs,)."""
        return random_argmax(self.bounds(), rng)
