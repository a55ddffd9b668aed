"""Choose a learning rate by short trials."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.utils.validation import check_X_y

from mlmastery.linear_regression.convergence import largest_curvature
from mlmastery.linear_regression.cost import mse_cost
from mlmastery.linear_regression.paths import descent_path
from mlmastery.validation import check_count, check_number

__all__ = ["LearningRateSearch", "find_learning_rate"]


@dataclass(frozen=True)
class LearningRateSearch:
    """Losses after a short trial of each learning rate.

    Examples
    --------
    >>> LearningRateSearch(np.array([0.1, 1.0]), np.array([2.0, np.inf])).best
    0.1
    """

    rates: np.ndarray  # (k,), as given
    losses: np.ndarray  # (k,), inf where the trial diverged

    @property
    def best(self) -> float:
        """Return the rate whose trial reached the lowest loss."""
        return float(self.rates[np.argmin(self.losses)])


def find_learning_rate(
    X: np.ndarray, y: np.ndarray, rates: Sequence[float], steps: int = 20
) -> LearningRateSearch:
    """Run a few steps from zero with each learning rate and record the final loss.

    Raises
    ------
    ValueError
        If a rate is not a number above 0, if every rate diverges, or for NaN or infinity
        in ``X`` or ``y``.

    Examples
    --------
    >>> X, y = np.array([[-1.0], [1.0]]), np.array([-2.0, 2.0])
    >>> find_learning_rate(X, y, [0.01, 0.1, 1.0, 10.0]).best
    1.0
    """
    X, y = check_X_y(X, y, dtype=np.float64, y_numeric=True)
    rates = [check_number(rate, "rates", open=True) for rate in rates]
    if not rates:
        raise ValueError("rates must hold at least one number, got none")
    check_count(steps, "steps")
    losses = np.array([_trial_loss(X, y, rate, steps) for rate in rates])
    if not np.isfinite(losses).any():
        raise ValueError(
            f"rates must include one that does not diverge, got {min(rates):.3g} to "
            f"{max(rates):.3g}; 1/L is {1 / largest_curvature(X):.3g}"
        )
    return LearningRateSearch(np.asarray(rates, dtype=float), losses)


def _trial_loss(X: np.ndarray, y: np.ndarray, rate: float, steps: int) -> float:
    walk = descent_path(X, y, rate, steps)
    with np.errstate(over="ignore", invalid="ignore"):
        first, last = (mse_cost(X, y, p[:-1], p[-1]) for p in walk[[0, -1]])
    return last if last <= first else math.inf  # inf for NaN too
