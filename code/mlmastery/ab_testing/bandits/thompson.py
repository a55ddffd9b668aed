"""Pull each arm as often as it is likely to be the best."""

from __future__ import annotations

import numpy as np

from mlmastery.ab_testing.bandits.policy import BanditPolicy
from mlmastery.validation import check_number

__all__ = ["ThompsonSampling"]


class ThompsonSampling(BanditPolicy):
    """Draw a rate from each arm's posterior and pull the arm of the largest.

    With s successes and f failures the posterior is Beta(a + s, b + f): failures, not
    pulls, are added to b.

    Parameters
    ----------
    prior : tuple of two floats, default=(1.0, 1.0)
        a and b, both above 0; (1, 1) is uniform.

    Raises
    ------
    ValueError
        If one of them is not above 0; from `update`, if a reward is not 0 or 1.

    References
    ----------
    .. [1] Thompson (1933), "On the Likelihood that One Unknown Probability Exceeds
       Another", Biometrika 25.
    .. [2] Chapelle and Li (2011), "An Empirical Evaluation of Thompson Sampling", NIPS.

    Examples
    --------
    >>> policy = ThompsonSampling().reset(runs=1, n_arms=2)
    >>> for reward in [1] * 9 + [0]:
    ...     policy.update(np.array([0]), np.array([reward]))
    >>> policy.posterior_mean()  # 10/12, and 1/2 for the arm not pulled
    array([[0.83333333, 0.5       ]])
    """

    def __init__(self, prior: tuple[float, float] = (1.0, 1.0)):
        a, b = prior
        self.prior = (
            check_number(a, "prior[0]", open=True),
            check_number(b, "prior[1]", open=True),
        )

    def update(self, arms: np.ndarray, rewards: np.ndarray) -> None:
        """Take in one reward per run, each 0 or 1; else as `BanditPolicy.update`."""
        values = np.asarray(rewards, float)
        if not np.isin(values, (0, 1)).all():
            raise ValueError(f"rewards must be 0 or 1, got {np.unique(values)}")
        super().update(arms, values)

    def posterior(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the parameters a and b of each arm, both of shape (runs, n_arms)."""
        a, b = self.prior
        return a + self.totals, b + self.pulls - self.totals

    def posterior_mean(self) -> np.ndarray:
        """Return a / (a + b) of each arm; shape (runs, n_arms)."""
        a, b = self.posterior()
        return a / (a + b)

    def choose(self, rng: np.random.Generator) -> np.ndarray:
        """Return the arm to pull in each run, an int array of shape (runs,)."""
        return rng.beta(*self.posterior()).argmax(axis=1)
