"""Choose by what is known of the user: a bandit on a linear model."""

from __future__ import annotations

from typing import Protocol, Self

import numpy as np

from mlmastery.ab_testing.bandits.policy import BanditPolicy, check_arms, random_argmax
from mlmastery.validation import check_count, check_number

__all__ = ["ContextualPolicy", "LinUCB", "WithoutContext"]


class ContextualPolicy(Protocol):
    """A policy as `simulate_contextual` calls it."""

    def reset(self, runs: int, n_arms: int, n_features: int) -> Self:
        """Forget everything and return self."""

    def choose(self, contexts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the arm to pull in each run, an int array of shape (runs,)."""

    def update(
        self, contexts: np.ndarray, arms: np.ndarray, rewards: np.ndarray
    ) -> None:
        """Take in one reward per run."""


class LinUCB:
    """Pull the arm with the largest upper bound of its linear prediction.

    Each arm has a ridge regression of its own. With A = λI + Σ x xᵀ and b = Σ r x
    over its pulls, an arm's bound for the context x is xᵀA⁻¹b + α sqrt(xᵀA⁻¹x).

    Parameters
    ----------
    alpha : float, default=1.0
        Width of the bound in standard errors, at least 0.
    penalty : float, default=1.0
        λ of the ridge, above 0.

    Attributes
    ----------
    inverse : ndarray of shape (runs, n_arms, n_features, n_features)
        A⁻¹ of each arm.
    moment : ndarray of shape (runs, n_arms, n_features)
        b of each arm.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    References
    ----------
    .. [1] Li, Chu, Langford and Schapire (2010), "A Contextual-Bandit Approach to
       Personalized News Article Recommendation", WWW, algorithm 1.

    Examples
    --------
    >>> policy = LinUCB().reset(runs=1, n_arms=2, n_features=1)
    >>> policy.update(np.array([[1.0]]), np.array([1]), np.array([1.0]))
    >>> policy.coefficients()[0, :, 0]  # 0, and 1 / (1 + 1)
    array([0. , 0.5])
    >>> policy.bounds(np.array([[1.0]])).round(3)  # 0 + 1, 1/2 + sqrt(1/2)
    array([[1.   , 1.207]])
    """

    def __init__(self, alpha: float = 1.0, penalty: float = 1.0):
        self.alpha = check_number(alpha, "alpha")
        self.penalty = check_number(penalty, "penalty", open=True)

    def reset(self, runs: int, n_arms: int, n_features: int) -> Self:
        """Forget everything and return self.

        Parameters
        ----------
        runs, n_arms, n_features : int

        Raises
        ------
        ValueError
            If there is no run or feature, or fewer than two arms.
        """
        check_count(runs, "runs")
        check_count(n_arms, "n_arms", minimum=2)
        d = check_count(n_features, "n_features")
        self.inverse = np.tile(np.eye(d) / self.penalty, (runs, n_arms, 1, 1))
        self.moment = np.zeros((runs, n_arms, d))
        self._rows = np.arange(runs)
        return self

    def coefficients(self) -> np.ndarray:
        """Return the ridge coefficients A⁻¹b; shape (runs, n_arms, n_features)."""
        return (self.inverse @ self.moment[..., None])[..., 0]

    def bounds(self, contexts: np.ndarray) -> np.ndarray:
        """Return the upper bound of each arm.

        Parameters
        ----------
        contexts : ndarray of shape (runs, n_features)

        Returns
        -------
        ndarray of shape (runs, n_arms)
        """
        # A⁻¹ is symmetric: A⁻¹x serves both the prediction and the variance.
        weighted = np.einsum("rade,re->rad", self.inverse, contexts)
        predicted = (weighted * self.moment).sum(axis=2)
        variance = np.einsum("rad,rd->ra", weighted, contexts)
        return predicted + self.alpha * np.sqrt(variance)

    def choose(self, contexts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the arm to pull in each run, an int array of shape (runs,).

        Parameters
        ----------
        contexts : ndarray of shape (runs, n_features)
        rng : numpy.random.Generator
            Draws among equal bounds.
        """
        return random_argmax(self.bounds(contexts), rng)

    def update(
        self, contexts: np.ndarray, arms: np.ndarray, rewards: np.ndarray
    ) -> None:
        """Take in one reward per run.

        Parameters
        ----------
        contexts : ndarray of shape (runs, n_features)
            Those for which the arms were chosen.
        arms : int array of shape (runs,)
        rewards : array of shape (runs,)

        Raises
        ------
        ValueError
            If a context or a reward is not finite, or an arm is none of those.
        """
        check_arms(arms, self.moment)
        if not (np.isfinite(contexts).all() and np.isfinite(rewards).all()):
            raise ValueError("contexts and rewards must be finite, got NaN or infinity")
        pulled = self._rows, arms
        # Sherman and Morrison: the inverse of A + xxᵀ without inverting again.
        weighted = np.einsum("rde,re->rd", self.inverse[pulled], contexts)
        scale = 1 + (weighted * contexts).sum(axis=1)
        outer = weighted[:, :, None] * weighted[:, None, :]
        self.inverse[pulled] -= outer / scale[:, None, None]
        self.moment[pulled] += np.asarray(rewards, float)[:, None] * contexts


class WithoutContext:
    """A bandit that does not look at the context, for comparison.

    Parameters
    ----------
    policy : BanditPolicy

    Examples
    --------
    >>> from mlmastery.ab_testing.bandits import UCB1
    >>> policy = WithoutContext(UCB1()).reset(runs=3, n_arms=2, n_features=5)
    >>> policy.choose(np.ones((3, 5)), np.random.default_rng(0)).shape
    (3,)
    """

    def __init__(self, policy: BanditPolicy):
        self.policy = policy

    def reset(self, runs: int, n_arms: int, n_features: int) -> Self:
        """Forget everything and return self."""
        self.policy.reset(runs, n_arms)
        return self

    def choose(self, contexts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the arm to pull in each run, an int array of shape (runs,)."""
        return self.policy.choose(rng)

    def update(
        self, contexts: np.ndarray, arms: np.ndarray, rewards: np.ndarray
    ) -> None:
        """Take in one reward per run; the contexts are not used."""
        self.policy.update(arms, rewards)
