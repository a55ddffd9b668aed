"""Rules common to all bandits: many independent runs, advanced together.

>>> import numpy as np
>>> random_argmax(np.array([[0.2, 0.7], [0.9, 0.1]]), np.random.default_rng(0))
array([1, 0])
"""

from __future__ import annotations

from typing import Self

import numpy as np

from mlmastery.validation import check_count

__all__ = ["BanditPolicy", "check_arms", "random_argmax"]


class BanditPolicy:
    """A bandit without context: it knows what each arm has paid so far.

    A subclass adds `choose`. All arrays have a row per run, so that hundreds of
    independent runs cost one NumPy call per step.

    Attributes
    ----------
    pulls : ndarray of shape (runs, n_arms)
        How many rewards of each arm have arrived.
    totals : ndarray of shape (runs, n_arms)
        Their sums.
    """

    def reset(self, runs: int, n_arms: int) -> Self:
        """Forget everything and return self.

        Parameters
        ----------
        runs : int
            Independent runs; 1 for a bandit in use.
        n_arms : int

        Raises
        ------
        ValueError
            If there is no run, or fewer than two arms.
        """
        shape = (check_count(runs, "runs"), check_count(n_arms, "n_arms", minimum=2))
        self.pulls, self.totals = np.zeros(shape), np.zeros(shape)
        self._rows = np.arange(runs)
        return self

    def choose(self, rng: np.random.Generator) -> np.ndarray:
        """Return the arm to pull in each run, an int array of shape (runs,)."""
        raise NotImplementedError

    def update(self, arms: np.ndarray, rewards: np.ndarray) -> None:
        """Take in one reward per run.

        Parameters
        ----------
        arms : int array of shape (runs,)
            Those that were pulled, now or before.
        rewards : array of shape (runs,)
            Each from 0 to 1.

        Raises
        ------
        ValueError
            If a reward is outside [0, 1], for which the bounds do not hold, or an arm
            is none of those.
        """
        check_arms(arms, self.pulls)
        rewards = np.asarray(rewards, float)
        if not ((rewards >= 0) & (rewards <= 1)).all():
            raise ValueError(
                "rewards must lie between 0 and 1, "
                f"got {rewards.min():g} to {rewards.max():g}"
            )
        self.pulls[self._rows, arms] += 1
        self.totals[self._rows, arms] += rewards

    @property
    def means(self) -> np.ndarray:
        """The mean reward of each arm, 0 before the first; shape (runs, n_arms)."""
        return self.totals / np.maximum(self.pulls, 1)


def check_arms(arms: np.ndarray, values: np.ndarray) -> None:
    """Raise if arms are not one column of ``values`` per row: -1 would be the last.

    Examples
    --------
    >>> check_arms([0, 2], np.zeros((2, 2)))
    Traceback (most recent call last):
        ...
    ValueError: arms must hold a whole number from 0 to 1 for each of 2 run(s), got [0, 2]
    """
    pulled = np.asarray(arms)
    runs, n_arms = values.shape[:2]
    good = pulled.shape == (runs,) and np.issubdtype(pulled.dtype, np.integer)
    if not good or ((pulled < 0) | (pulled >= n_arms)).any():
        raise ValueError(
            f"arms must hold a whole number from 0 to {n_arms - 1} for each of {runs} "
            f"run(s), got {arms!r}"
        )


def random_argmax(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the column of the largest value in each row; equals are drawn by lot.

    NumPy's argmax takes the first: it would give the first arm every early pull.

    Parameters
    ----------
    values : ndarray of shape (runs, n_arms)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (runs,)
    """
    largest = values == values.max(axis=1, keepdims=True)
    # 1 - random() is never 0, so that only the largest can win.
    return (largest * (1 - rng.random(values.shape))).argmax(axis=1)
