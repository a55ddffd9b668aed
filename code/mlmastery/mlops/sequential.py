"""Charts that watch a stream: CUSUM, Page–Hinkley and DDM, one value at a time.

>>> chart = Cusum(k=0.5, h=4)
>>> [chart.update(x) for x in (0, 3, 0.2, 2.5)]
[False, False, False, True]
"""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np

from mlmastery.validation import check_choice, check_count, check_number

__all__ = ["DDM", "Chart", "Cusum", "EveryN", "PageHinkley", "alarms", "cusum_path"]


class Chart(Protocol):
    """A detector that sees one value and says whether it raises an alarm."""

    def update(self, x: float) -> bool:
        """Take one value; return whether it raises an alarm."""


class Cusum:
    """Sum what exceeds the expected by more than an allowance; alarm above a limit.

    Parameters
    ----------
    k : float, default=0.5
        Allowance, in standard deviations of the stream.
    h : float, default=5
        Limit of the sum, in the same unit.
    two_sided : bool, default=False
        Whether a fall raises an alarm too.

    Attributes
    ----------
    high, low : float
        The two sums, both at least 0.

    References
    ----------
    .. [1] Page (1954), "Continuous Inspection Schemes", Biometrika 41.

    Examples
    --------
    >>> chart = Cusum(k=0.5, h=2, two_sided=True)
    >>> [chart.update(x) for x in (-1.5, -1.7)], round(chart.low, 2)
    ([False, True], 2.2)
    """

    def __init__(self, k: float = 0.5, h: float = 5, two_sided: bool = False) -> None:
        self.k, self.h = check_number(k, "k"), check_number(h, "h", open=True)
        self.two_sided = two_sided
        self.reset()

    def reset(self) -> None:
        """Begin again, as after an alarm that was dealt with."""
        self.high = self.low = 0.0

    def update(self, x: float) -> bool:
        """Take one standardised value; return whether a sum is above the limit."""
        if not math.isfinite(x):
            raise ValueError(f"x must be a finite number, got {x!r}")
        self.high = max(0.0, self.high + x - self.k)
        self.low = max(0.0, self.low - x - self.k) if self.two_sided else 0.0
        return max(self.high, self.low) > self.h


def cusum_path(values: Any, k: float = 0.5) -> np.ndarray:
    """Return the one-sided sums of one or many streams.

    Parameters
    ----------
    values : array of shape (n_steps,) or (n_runs, n_steps)
        Standardised.
    k : float, default=0.5

    Returns
    -------
    ndarray
        Of the shape of ``values``.

    Examples
    --------
    >>> cusum_path([0.0, 3.0, 0.5, 2.5]).tolist()
    [0.0, 2.5, 2.5, 4.5]
    """
    values = np.asarray(values, float)
    path, level = np.empty_like(values), np.zeros(values.shape[:-1])
    for t in range(values.shape[-1]):
        level = np.maximum(0, level + values[..., t] - k)
        path[..., t] = level
    return path


class PageHinkley:
    """Compare a stream with its own running mean.

    Parameters
    ----------
    min_instances : int, default=30
        Values before the first possible alarm.
    delta : float, default=0.005
        Allowance.
    threshold : float, default=50
    alpha : float, default=0.9999
        Factor by which old sums fade at each step.
    mode : {"both", "up", "down"}, default="both"

    References
    ----------
    .. [1] Page (1954), "Continuous Inspection Schemes", Biometrika 41.

    Examples
    --------
    >>> chart = PageHinkley(min_instances=3, threshold=1, mode="up")
    >>> [chart.update(x) for x in (0, 0, 0, 1, 1, 1)]
    [False, False, False, False, True, False]
    """

    def __init__(
        self,
        min_instances: int = 30,
        delta: float = 0.005,
        threshold: float = 50.0,
        alpha: float = 0.9999,
        mode: str = "both",
    ) -> None:
        self.min_instances = check_count(min_instances, "min_instances")
        self.delta = check_number(delta, "delta")
        self.threshold = check_number(threshold, "threshold", open=True)
        self.alpha = check_number(alpha, "alpha", 0, 1, open=True)
        self.mode = check_choice(mode, "mode", ("both", "up", "down"))
        self.reset()

    def reset(self) -> None:
        """Begin again, as the next value after an alarm does."""
        self._n, self._mean = 0, 0.0
        self._up = self._down = 0.0
        self._lowest, self._highest = math.inf, -math.inf
        self._alarm = False

    def update(self, x: float) -> bool:
        """Take one value; return whether it raises an alarm."""
        if self._alarm:
            self.reset()
        self._n += 1
        self._mean += (x - self._mean) / self._n
        self._up = self.alpha * self._up + x - self._mean - self.delta
        self._down = self.alpha * self._down + x - self._mean + self.delta
        self._lowest = min(self._lowest, self._up)
        self._highest = max(self._highest, self._down)
        rise, fall = self._up - self._lowest, self._highest - self._down
        over = (rise > self.threshold and self.mode != "down") or (
            fall > self.threshold and self.mode != "up"
        )
        self._alarm = self._n >= self.min_instances and over
        return self._alarm


class DDM:
    """Watch the error rate of a classifier; alarm where it leaves its best by 3 SE.

    Parameters
    ----------
    warm_start : int, default=30
        Values before the first possible alarm.
    limit : float, default=3
        Standard errors above the best state so far.

    References
    ----------
    .. [1] Gama et al. (2004), "Learning with Drift Detection", SBIA.

    Examples
    --------
    >>> chart = DDM(warm_start=5)
    >>> stream = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    >>> [chart.update(x) for x in stream].index(True)
    12
    """

    def __init__(self, warm_start: int = 30, limit: float = 3.0) -> None:
        self.warm_start = check_count(warm_start, "warm_start")
        self.limit = check_number(limit, "limit", open=True)
        self.reset()

    def reset(self) -> None:
        """Begin again, as the next value after an alarm does."""
        self._n, self._rate = 0, 0.0
        self._best_rate, self._best_error = math.inf, 0.0
        self._alarm = False

    def update(self, x: float) -> bool:
        """Take 1 for an error, 0 for none; return whether it raises an alarm."""
        if self._alarm:
            self.reset()
        self._n += 1
        self._rate += (x - self._rate) / self._n
        error = math.sqrt(max(self._rate * (1 - self._rate), 0) / self._n)
        if self._n > self.warm_start:
            if self._rate + error <= self._best_rate + self._best_error:
                self._best_rate, self._best_error = self._rate, error
            limit = self._best_rate + self.limit * self._best_error
            self._alarm = self._rate + error > limit
        return self._alarm


class EveryN:
    """Raise an alarm every n steps, whatever comes: the rival of every detector.

    Parameters
    ----------
    n : int, default=100

    Examples
    --------
    >>> chart = EveryN(2)
    >>> [chart.update(0) for _ in range(4)]
    [False, True, False, True]
    """

    def __init__(self, n: int = 100) -> None:
        self.n, self._seen = check_count(n, "n"), 0

    def update(self, x: float) -> bool:
        """Count one step; return whether it is an n-th one."""
        self._seen += 1
        return self._seen % self.n == 0


def alarms(chart: Chart, stream: Any) -> list[int]:
    """Return the steps, from 0, at which a chart raises an alarm.

    Parameters
    ----------
    chart : Chart
        It begins again by itself, or goes on.
    stream : array of shape (n_steps,)

    Examples
    --------
    >>> alarms(EveryN(2), [0, 0, 0, 0])
    [1, 3]
    """
    return [t for t, x in enumerate(stream) if chart.update(float(x))]
