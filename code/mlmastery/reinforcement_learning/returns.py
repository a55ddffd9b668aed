"""What a reward is worth later: returns, targets and advantages.

>>> from mlmastery.reinforcement_learning.returns import td_target
>>> float(td_target(1.0, 50.0, terminated=False, gamma=0.99))
50.5
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.validation import as_numbers, check_number

__all__ = ["check_discount", "discounted_returns", "gae", "td_target"]


def check_discount(gamma: Any, name: str = "gamma") -> float:
    """Return a discount between 0 and 1, both included, or raise.

    Examples
    --------
    >>> check_discount(1.5)
    Traceback (most recent call last):
        ...
    ValueError: gamma must be a number of at least 0 and at most 1, got 1.5
    """
    return check_number(gamma, name, 0, 1)


def discounted_returns(rewards: Any, gamma: float, after: float = 0.0) -> np.ndarray:
    """Return the discounted sum of rewards from every step to the end.

    Parameters
    ----------
    rewards : array of shape (n_steps,)
    gamma : float
        The discount, from 0 to 1.
    after : float, default=0.0
        Value of what follows the last step: 0 if the episode terminated there.

    Returns
    -------
    ndarray of shape (n_steps,)

    Raises
    ------
    ValueError
        If a reward is no finite number, or gamma is out of its range.

    Examples
    --------
    >>> discounted_returns([1.0, 1.0], gamma=0.9, after=10.0).round(2).tolist()
    [10.0, 10.0]
    """
    check_discount(gamma)
    rewards = as_numbers(rewards, "rewards")
    if rewards.ndim != 1:
        raise ValueError(f"rewards must have one axis, got shape {rewards.shape}")
    _check_finite(rewards, "rewards")
    _check_finite(np.asarray(after, float), "after")
    returns = np.empty(len(rewards))
    for t in range(len(rewards) - 1, -1, -1):
        after = rewards[t] + gamma * after
        returns[t] = after
    return returns


def _check_finite(array: np.ndarray, name: str) -> None:
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {array[~np.isfinite(array)][0]}")


def td_target(reward: Any, next_value: Any, terminated: Any, gamma: float) -> Any:
    """Return ``r + γ V(s')``, without the second term where the episode terminated.

    A step that was truncated, by a time limit, is not terminated: the world would
    have gone on, so that its next state keeps its value.

    Parameters
    ----------
    reward, next_value, terminated : float or array
        Of one shape; torch tensors are taken too.
    gamma : float

    Examples
    --------
    >>> td_target(np.ones(2), np.full(2, 50.0), np.array([True, False]), 0.99).tolist()
    [1.0, 50.5]
    """
    return reward + check_discount(gamma) * next_value * (1.0 - terminated)


def gae(
    rewards: Any,
    values: Any,
    next_values: Any,
    terminated: Any,
    ended: Any,
    gamma: float,
    lam: float,
) -> np.ndarray:
    """Return generalised advantage estimates: TD errors, summed with weights (γλ)ᵏ.

    Parameters
    ----------
    rewards, values, next_values : array of shape (n_steps,) or (n_steps, n_envs)
        ``next_values`` are those of the states reached, before any reset.
    terminated : array of bool, same shape
        Whether the episode reached its end: nothing follows.
    ended : array of bool, same shape
        Whether it stopped here at all, terminated or truncated: no sum crosses this.
    gamma, lam : float
        From 0 to 1.

    Returns
    -------
    ndarray, same shape

    Raises
    ------
    ValueError
        If the shapes differ, a number is missing or infinite, or a step terminated
        without having ended.

    References
    ----------
    .. [1] Schulman et al. (2016), "High-Dimensional Continuous Control Using
       Generalized Advantage Estimation", ICLR.

    Examples
    --------
    >>> no = [False, False]
    >>> gae([1.0, 1.0], [0.0, 0.5], [0.5, 0.0], no, no, gamma=1.0, lam=1.0).tolist()
    [2.0, 0.5]
    """
    check_discount(gamma)
    check_discount(lam, "lam")
    arrays = [np.asarray(a, float) for a in (rewards, values, next_values)]
    flags = [np.asarray(a, bool) for a in (terminated, ended)]
    shapes = {a.shape for a in arrays + flags}
    if len(shapes) != 1:
        raise ValueError(f"all arrays must have one shape, got {sorted(shapes)}")
    names = ("rewards", "values", "next_values")
    for name, array in zip(names, arrays, strict=True):
        _check_finite(array, name)
    if (flags[0] & ~flags[1]).any():
        raise ValueError("a step that terminated must count as ended too")
    errors = td_target(arrays[0], arrays[2], flags[0], gamma) - arrays[1]
    advantages, running = np.zeros_like(errors), np.zeros_like(errors[0])
    for t in range(len(errors) - 1, -1, -1):
        running = errors[t] + gamma * lam * np.where(flags[1][t], 0.0, running)
        advantages[t] = running
    return advantages
