"""Explore or exploit: schedules, and ways to choose among estimated values.

>>> from mlmastery.reinforcement_learning.exploration import Linear
>>> [round(Linear(1.0, 0.1, 90)(step), 2) for step in (0, 45, 90, 1000)]
[1.0, 0.55, 0.1, 0.1]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from typing import Any

import numpy as np

from mlmastery.validation import check_count, check_number

__all__ = [
    "Boltzmann",
    "Constant",
    "EpsilonGreedy",
    "Linear",
    "as_schedule",
    "describe",
    "greedy_action",
]

Schedule = Callable[[int], float]


@dataclass(frozen=True)
class Constant:
    """The same value at every step.

    Examples
    --------
    >>> Constant(0.1)(5)
    0.1
    """

    value: float

    def __call__(self, step: int) -> float:
        """Return the value."""
        return self.value


@dataclass(frozen=True)
class Linear:
    """A straight line from ``start`` to ``end`` within ``n_steps``, then ``end``.

    Raises
    ------
    ValueError
        If ``n_steps`` is not at least 1.

    Examples
    --------
    >>> Linear(1.0, 0.0, 4)(1)
    0.75
    """

    start: float
    end: float
    n_steps: int

    def __post_init__(self) -> None:
        check_count(self.n_steps, "n_steps")

    def __call__(self, step: int) -> float:
        """Return the value at a step."""
        share = min(step / self.n_steps, 1.0)
        return self.start + share * (self.end - self.start)


def greedy_action(q: np.ndarray, rng: np.random.Generator) -> int:
    """Return an action of the largest value; ties are drawn with equal chances.

    ``argmax`` takes the first of equal values: on a table of zeros it never tries any
    other action.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> sorted({greedy_action(np.array([1.0, 0.0, 1.0]), rng) for _ in range(20)})
    [0, 2]
    """
    best = np.flatnonzero(q == q.max())
    if not len(best):
        raise ValueError(f"q must be numbers, got {q}")
    return int(best[0] if len(best) == 1 else best[rng.integers(len(best))])


class EpsilonGreedy:
    """Act at random with probability ε, else greedily.

    Parameters
    ----------
    epsilon : float or callable
        A number from 0 to 1, or a function of the step.

    Examples
    --------
    >>> EpsilonGreedy(0.2).probabilities(np.array([0.0, 1.0])).tolist()
    [0.1, 0.9]
    """

    def __init__(self, epsilon: float | Schedule):
        self.schedule = as_schedule(epsilon, "epsilon", maximum=1)

    def choose(self, q: np.ndarray, step: int, rng: np.random.Generator) -> int:
        """Return an action for the values ``q`` of one state."""
        if rng.random() < self.schedule(step):
            return int(rng.integers(len(q)))
        return greedy_action(q, rng)

    def probabilities(self, q: np.ndarray, step: int = 0) -> np.ndarray:
        """Return the probability of every action."""
        best = q == q.max()
        epsilon = self.schedule(step)
        return epsilon / len(q) + (1 - epsilon) * best / best.sum()


class Boltzmann:
    """Choose with probabilities proportional to ``exp(q / temperature)``.

    Parameters
    ----------
    temperature : float or callable
        Above 0, in units of the values; or a function of the step.

    Examples
    --------
    >>> Boltzmann(1.0).probabilities(np.array([0.0, np.log(3)])).round(2).tolist()
    [0.25, 0.75]
    """

    def __init__(self, temperature: float | Schedule):
        self.schedule = as_schedule(temperature, "temperature", open=True)

    def choose(self, q: np.ndarray, step: int, rng: np.random.Generator) -> int:
        """Return an action for the values ``q`` of one state."""
        sums = self.probabilities(q, step).cumsum()
        return min(int(np.searchsorted(sums, rng.random())), len(q) - 1)

    def probabilities(self, q: np.ndarray, step: int = 0) -> np.ndarray:
        """Return the probability of every action."""
        # The largest is taken off first: exp overflows for large values.
        weights = np.exp((q - q.max()) / self.schedule(step))
        return weights / weights.sum()


def as_schedule(value: Any, name: str, **limits: Any) -> Schedule:
    """Return a function of the step: the value itself, or a number that stays.

    Examples
    --------
    >>> as_schedule(0.5, "epsilon")(7)
    0.5
    """
    return value if callable(value) else Constant(check_number(value, name, **limits))


def describe(schedule: Any) -> str:
    """Return a text by which a checkpoint tells schedules apart.

    Examples
    --------
    >>> describe(Linear(1.0, 0.1, 90))
    'Linear(start=1.0, end=0.1, n_steps=90)'
    >>> describe(EpsilonGreedy(0.2))
    'EpsilonGreedy(Constant(value=0.2))'
    """
    name = type(schedule).__name__
    if isinstance(schedule, EpsilonGreedy | Boltzmann):
        return f"{name}({describe(schedule.schedule)})"
    if is_dataclass(schedule):
        return repr(schedule)
    return str(getattr(schedule, "__qualname__", name))
