"""Exact solutions of worlds whose transitions are known.

``P[state][action]`` is a list of ``(probability, next state, reward, terminated)``, as
in ``env.unwrapped.P`` of Gymnasium's toy texts.

>>> from mlmastery.reinforcement_learning import GridWorld
>>> from mlmastery.reinforcement_learning.exact import value_iteration
>>> value_iteration(GridWorld(["S..G"]).P, gamma=0.9).values.round(2).tolist()
[0.81, 0.9, 1.0, 0.0]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlmastery.validation import check_count, check_number

from .returns import check_discount

__all__ = [
    "Model",
    "Solution",
    "finite_horizon_values",
    "greedy_policy",
    "policy_iteration",
    "policy_values",
    "value_iteration",
]


@dataclass(frozen=True)
class Solution:
    """Values and policy of a solved world, and how many sweeps it took.

    Examples
    --------
    >>> Solution(np.zeros(1), np.zeros(1, int), 3).n_sweeps
    3
    """

    values: np.ndarray  # (n_states,)
    policy: np.ndarray  # (n_states,) actions
    n_sweeps: int


class Model:
    """Transitions as arrays: expected rewards, and probabilities of going on.

    Parameters
    ----------
    P : dict or Model
        ``P[state][action]``, a list of outcomes.

    Attributes
    ----------
    rewards : ndarray of shape (n_states, n_actions)
        Expected reward.
    onward : ndarray of shape (n_states, n_actions, n_states)
        Probability of the next state where the episode goes on: a row sums to less
        than one where it may end.

    Raises
    ------
    ValueError
        If there is no state, a reward is not finite, or the probabilities of an action
        do not sum to 1.

    Examples
    --------
    >>> Model({0: {0: [(1.0, 0, 5.0, True)]}}).onward.sum()
    np.float64(0.0)
    """

    def __init__(self, P: Any):
        n_states, n_actions = _sizes(P)
        self.rewards = np.zeros((n_states, n_actions))
        self.onward = np.zeros((n_states, n_actions, n_states))
        for state, actions in P.items():
            for action, outcomes in actions.items():
                total = sum(outcome[0] for outcome in outcomes)
                if not abs(total - 1) <= 1e-9:
                    raise ValueError(
                        f"probabilities of state {state}, action {action} "
                        f"must sum to 1, got {total}"
                    )
                for chance, target, reward, terminated in outcomes:
                    if not 0 <= target < n_states:
                        raise ValueError(
                            f"next states must be from 0 to {n_states - 1}, got "
                            f"{target} after state {state}, action {action}"
                        )
                    self.rewards[state, action] += chance * reward
                    if not terminated:
                        self.onward[state, action, target] += chance

        if not np.isfinite(self.rewards).all():
            state, action = np.argwhere(~np.isfinite(self.rewards))[0].tolist()
            raise ValueError(
                f"rewards of state {state}, action {action} must be finite, "
                f"got {self.rewards[state, action]}"
            )

    def q_values(self, values: np.ndarray, gamma: float) -> np.ndarray:
        """Return the value of every action where each next state has ``values``."""
        return self.rewards + gamma * self.onward @ values


def _sizes(P: Any) -> tuple[int, int]:
    """Return the numbers of states and actions, or raise."""
    if not isinstance(P, Mapping) or not all(
        isinstance(a, Mapping) for a in P.values()
    ):
        raise ValueError("P must be a dict of dicts, P[state][action]")
    if not P or not P.get(0):
        raise ValueError("P must have at least one state and one action, got none")
    n_states, n_actions = len(P), len(P[0])
    for state in range(n_states):
        if set(P.get(state, ())) != set(range(n_actions)):
            raise ValueError(
                f"P must have actions 0 to {n_actions - 1} in state {state}, got "
                f"{sorted(P.get(state, ()))}"
            )
    return n_states, n_actions


def _check_policy(policy: Any, model: Model) -> np.ndarray:
    """Return the actions of a policy, one for each state, or raise."""
    n_states, n_actions = model.rewards.shape
    actions = np.asarray(policy)
    if actions.shape != (n_states,):
        raise ValueError(f"policy must have {n_states} actions, got {actions.shape}")
    if actions.min() < 0 or actions.max() >= n_actions:
        raise ValueError(
            f"policy must hold actions from 0 to {n_actions - 1}, got {actions.tolist()}"
        )
    return actions


def _model(P: Any) -> Model:
    return P if isinstance(P, Model) else Model(P)


def greedy_policy(P: Any, values: np.ndarray, gamma: float) -> np.ndarray:
    """Return the best action of every state by one step of looking ahead.

    Ties go to the first action.

    Examples
    --------
    >>> greedy_policy({0: {0: [(1, 0, 1, True)], 1: [(1, 0, 2, True)]}}, np.zeros(1), 1)
    array([1])
    """
    # Equal actions may differ in their last bits; rounding keeps the first of them.
    return np.argmax(_model(P).q_values(values, gamma).round(10), axis=1)


def value_iteration(
    P: Any, gamma: float, tolerance: float = 1e-10, max_sweeps: int = 100_000
) -> Solution:
    """Apply the Bellman equation to all states until nothing changes.

    Parameters
    ----------
    P : dict or Model
    gamma : float
        The discount, from 0 to 1.
    tolerance : float, default=1e-10
        Largest change of a value at which it stops.
    max_sweeps : int, default=100_000

    Returns
    -------
    Solution

    Raises
    ------
    RuntimeError
        If values still change after ``max_sweeps``, as they do for ever where
        ``gamma`` is 1 and rewards can be collected without an end.

    References
    ----------
    .. [1] Bellman (1957), Dynamic Programming, Princeton University Press.

    Examples
    --------
    >>> loop = {0: {0: [(1.0, 0, 1.0, False)]}}
    >>> value_iteration(loop, gamma=0.5).values.round(6).tolist()
    [2.0]
    """
    check_discount(gamma)
    check_number(tolerance, "tolerance", open=True)
    model = _model(P)
    values = np.zeros(len(model.rewards))
    for sweep in range(1, check_count(max_sweeps, "max_sweeps") + 1):
        new = model.q_values(values, gamma).max(axis=1)
        change, values = np.abs(new - values).max(), new
        if change < tolerance:
            return Solution(values, greedy_policy(model, values, gamma), sweep)
    raise RuntimeError(f"values still change by {change:.3g} after {max_sweeps} sweeps")


def policy_values(P: Any, policy: Any, gamma: float) -> np.ndarray:
    """Return the exact value of every state under a policy, by a linear system.

    Parameters
    ----------
    P : dict or Model
    policy : array of shape (n_states,) or (n_states, n_actions)
        Actions, or the probabilities of the actions.
    gamma : float
        Below 1, unless the policy ends every episode.

    Raises
    ------
    ValueError
        If the policy may go on for ever at ``gamma`` 1, so that there is no value.

    Examples
    --------
    >>> policy_values({0: {0: [(1.0, 0, 1.0, False)]}}, [0], gamma=0.5).tolist()
    [2.0]
    """
    check_discount(gamma)
    model = _model(P)
    chances = np.asarray(policy)
    if chances.ndim == 1:
        chances = np.eye(model.rewards.shape[1])[_check_policy(chances, model)]
    rewards = (chances * model.rewards).sum(axis=1)
    onward = np.einsum("sa,sat->st", chances, model.onward)
    matrix = np.eye(len(rewards)) - gamma * onward
    try:
        values = np.linalg.solve(matrix, rewards)
    except np.linalg.LinAlgError:
        raise ValueError(
            "policy must end every episode where gamma is 1; it may go on for ever"
        ) from None
    return values


def policy_iteration(P: Any, gamma: float) -> Solution:
    """Evaluate a policy exactly, improve it greedily, and repeat until it stays.

    Parameters
    ----------
    P : dict or Model
    gamma : float
        Below 1: the first policy may walk in a circle.

    Returns
    -------
    Solution

    References
    ----------
    .. [1] Howard (1960), Dynamic Programming and Markov Processes, MIT Press.

    Examples
    --------
    >>> P = {0: {0: [(1.0, 0, 1.0, True)], 1: [(1.0, 0, 2.0, True)]}}
    >>> policy_iteration(P, gamma=0.9).values.tolist()
    [2.0]
    """
    model = _model(P)
    policy = np.zeros(len(model.rewards), dtype=int)
    for sweep in range(1, 1001):
        values = policy_values(model, policy, gamma)
        better = greedy_policy(model, values, gamma)
        if (better == policy).all():
            return Solution(values, policy, sweep)
        policy = better
    raise RuntimeError("the policy still changes after 1000 improvements")


def finite_horizon_values(
    P: Any, n_steps: int, policy: Any | None = None, gamma: float = 1.0
) -> np.ndarray:
    """Return the values with ``n_steps`` left: of a policy, or the best possible.

    The best possible may choose by the steps left too, which no fixed policy can.

    Parameters
    ----------
    P : dict or Model
    n_steps : int
    policy : array of shape (n_states,), optional
        Actions; without it the best in every step.
    gamma : float, default=1.0

    Examples
    --------
    >>> finite_horizon_values({0: {0: [(1.0, 0, 1.0, False)]}}, 3).tolist()
    [3.0]
    """
    check_discount(gamma)
    model = _model(P)
    n_steps = check_count(n_steps, "n_steps", 0)
    values = np.zeros(len(model.rewards))
    if policy is None:
        for _ in range(n_steps):
            values = model.q_values(values, gamma).max(axis=1)
        return values
    states, actions = np.arange(len(values)), _check_policy(policy, model)
    rewards, onward = model.rewards[states, actions], model.onward[states, actions]
    for _ in range(n_steps):
        values = rewards + gamma * onward @ values
    return values
