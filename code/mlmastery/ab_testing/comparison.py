"""What every test of the chapter returns: an estimate, its interval and its p-value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from scipy import stats

from mlmastery.inference import t_interval

__all__ = ["Comparison", "check_same_units", "compare"]


@dataclass(frozen=True)
class Comparison:
    """The difference between two arms, treatment B minus control A.

    Parameters
    ----------
    method : str
        The test, in words.
    estimate : float
        In the unit of the metric, or as ``method`` says.
    low, high : float
        Ends of the interval at ``confidence``.
    p_value : float
        Two-sided, of "no difference".
    statistic : float
        What the p-value was computed from.
    confidence : float, default=0.95

    Examples
    --------
    >>> Comparison("Welch", 0.5, -0.1, 1.1, 0.1, 1.6).excludes(0.0)
    False
    """

    method: str
    estimate: float
    low: float
    high: float
    p_value: float
    statistic: float
    confidence: float = 0.95

    def excludes(self, value: float) -> bool:
        """Return whether a value lies outside the interval."""
        return not self.low <= value <= self.high

    def __str__(self) -> str:
        ends = f"[{self.low:+.4g}, {self.high:+.4g}]"
        return f"{self.method}: {self.estimate:+.4g} {ends}, p = {self.p_value:.3g}"


def compare(
    method: str,
    estimate: float,
    error: float,
    confidence: float = 0.95,
    *,
    df: float = math.inf,
    null: float = 0.0,
) -> Comparison:
    """Compare an estimate with a null value, by Student's t or the normal distribution.

    Parameters
    ----------
    method : str
    estimate, error : float
        The estimate and its standard error.
    confidence : float, default=0.95
    df : float, default=inf
        Degrees of freedom; infinitely many are the normal distribution.
    null : float, default=0
        The value under "no difference".

    Examples
    --------
    >>> round(compare("z", 1.96, 1.0).p_value, 3)
    0.05
    """
    low, high = t_interval(estimate, error, df, confidence)
    distance = estimate - null
    if error == 0:  # no spread at all: certain, whichever way
        statistic = math.copysign(math.inf, distance) if distance else 0.0
    else:
        statistic = distance / error
    p_value = float(2 * stats.t.sf(abs(statistic), df))
    return Comparison(
        method,
        float(estimate),
        float(low),
        float(high),
        p_value,
        float(statistic),
        confidence,
    )


def check_same_units(first: Any, second: Any, names: str) -> None:
    """Raise if two Series are labelled differently: they would be paired by place.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_same_units(pd.Series([1, 2]), pd.Series([3, 4]), "x and y")
    """
    if not (isinstance(first, pd.Series) and isinstance(second, pd.Series)):
        return
    if len(first) == len(second) and not first.index.equals(second.index):
        raise ValueError(
            f"{names} must hold the same units in the same order, got different "
            "indexes; align them by label, or pass .to_numpy() to pair them by place"
        )
