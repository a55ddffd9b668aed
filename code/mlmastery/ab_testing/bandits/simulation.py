"""Run bandits many times on arms whose rates are known, and add up the regret."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from mlmastery.ab_testing.bandits.linucb import ContextualPolicy
from mlmastery.ab_testing.bandits.policy import BanditPolicy
from mlmastery.ab_testing.bandits.regret import check_means
from mlmastery.validation import check_count

__all__ = ["simulate", "simulate_contextual"]


def simulate(
    policy: BanditPolicy,
    means: Any,
    steps: int,
    runs: int = 200,
    seed: int | None = 0,
    delay: int = 0,
) -> np.ndarray:
    """Return the cumulative pseudo-regret of a bandit on arms of known rates.

    A step's pseudo-regret is the best rate minus that of the arm pulled: it counts
    the choice, not the luck of the draw, and its sum never falls.

    Parameters
    ----------
    policy : BanditPolicy
        It is reset first, and holds the last state afterwards.
    means : array-like of shape (n_arms,)
        Success rates in [0, 1].
    steps : int
    runs : int, default=200
        Independent runs.
    seed : int, default=0
    delay : int, default=0
        How many steps later a reward arrives; those of the last steps never do.

    Returns
    -------
    ndarray of shape (runs, steps)
        In expected successes.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> from mlmastery.ab_testing.bandits import EpsilonGreedy
    >>> by_chance = EpsilonGreedy(epsilon=1.0)
    >>> regret = simulate(by_chance, [0.1, 0.3], steps=1000, runs=100)
    >>> bool(abs(regret[:, -1].mean() - 1000 * 0.1) < 2)  # half of the pulls lose 0.2
    True
    """
    rates = check_means(means)
    check_count(steps, "steps")
    check_count(delay, "delay", minimum=0)
    rng = np.random.default_rng(seed)
    policy.reset(runs, len(rates))
    gaps = rates.max() - rates
    regret = np.empty((runs, steps))
    on_the_way: deque = deque()
    for step in range(steps):
        arms = policy.choose(rng)
        regret[:, step] = gaps[arms]
        on_the_way.append((arms, rng.random(runs) < rates[arms]))
        if len(on_the_way) > delay:
            policy.update(*on_the_way.popleft())
    return regret.cumsum(axis=1)


def simulate_contextual(
    policy: ContextualPolicy,
    coefficients: Any,
    steps: int,
    runs: int = 100,
    seed: int | None = 0,
    delay: int = 0,
) -> np.ndarray:
    """Return the cumulative pseudo-regret of a bandit that sees a context first.

    A context is (1, u₁, ..., u_{d-1}) with independent uniform u. An arm succeeds with
    probability x·θ; the best arm of the step is the best for its own context.

    Parameters
    ----------
    policy : ContextualPolicy
        A `LinUCB`, or a `WithoutContext`.
    coefficients : array-like of shape (n_arms, n_features)
        θ of each arm; the first column is the intercept.
    steps : int
    runs : int, default=100
    seed : int, default=0
    delay : int, default=0
        How many steps later a reward arrives.

    Returns
    -------
    ndarray of shape (runs, steps)
        In expected successes.

    Raises
    ------
    ValueError
        If an argument is outside its range, or a probability can leave [0, 1].

    Examples
    --------
    >>> from mlmastery.ab_testing.bandits import LinUCB
    >>> theta = [[0.1, 0.6], [0.7, -0.6]]  # each is better for half of the users
    >>> simulate_contextual(LinUCB(), theta, steps=100, runs=5).shape
    (5, 100)
    """
    theta = _check_coefficients(coefficients)
    n_arms, n_features = theta.shape
    check_count(steps, "steps")
    check_count(delay, "delay", minimum=0)
    rng = np.random.default_rng(seed)
    policy.reset(runs, n_arms, n_features)
    rows = np.arange(runs)
    regret = np.empty((runs, steps))
    on_the_way: deque = deque()
    for step in range(steps):
        contexts = np.hstack([np.ones((runs, 1)), rng.random((runs, n_features - 1))])
        rates = contexts @ theta.T  # (runs, n_arms)
        arms = policy.choose(contexts, rng)
        rate = rates[rows, arms]
        regret[:, step] = rates.max(axis=1) - rate
        on_the_way.append((contexts, arms, rng.random(runs) < rate))
        if len(on_the_way) > delay:
            policy.update(*on_the_way.popleft())
    return regret.cumsum(axis=1)


def _check_coefficients(coefficients: Any) -> np.ndarray:
    theta = np.asarray(coefficients, float)
    if theta.ndim != 2 or theta.shape[0] < 2 or theta.shape[1] < 1:
        raise ValueError(
            f"coefficients must have shape (n_arms, n_features), got {theta.shape}"
        )
    slopes = theta[:, 1:]
    lowest = theta[:, 0] + np.minimum(slopes, 0).sum(axis=1)
    highest = theta[:, 0] + np.maximum(slopes, 0).sum(axis=1)
    if not ((lowest >= 0) & (highest <= 1)).all():
        raise ValueError(
            "coefficients must keep every probability between 0 and 1, "
            f"got {lowest.min():g} to {highest.max():g}"
        )
    return theta
