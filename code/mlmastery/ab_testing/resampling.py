"""Compare any statistic of two arms by the bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mlmastery.ab_testing.comparison import Comparison
from mlmastery.inference import bootstrap, percentile_interval
from mlmastery.validation import as_sample

__all__ = ["bootstrap_test"]


def bootstrap_test(
    a: Any,
    b: Any,
    statistic: Callable[[np.ndarray], float] = np.mean,
    confidence: float = 0.95,
    *,
    n_resamples: int = 2000,
    random_state: int | None = 0,
) -> Comparison:
    """Compare a statistic of two arms, resampling the units of each.

    Parameters
    ----------
    a, b : array of shape (n,)
    statistic : callable, default=numpy.mean
        Of one arm's values: a median, a trimmed mean, a 90th percentile.
    confidence : float, default=0.95
    n_resamples : int, default=2000
    random_state : int or None, default=0

    Returns
    -------
    Comparison
        Percentile interval; the p-value is twice the smaller share of resampled
        differences on one side of 0, counting the data themselves once.

    Raises
    ------
    ValueError
        If an arm is too small, or the statistic is not one finite number.

    References
    ----------
    .. [1] Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.

    Examples
    --------
    >>> result = bootstrap_test([1.0, 2.0, 3.0], [5.0, 6.0, 7.0], np.median)
    >>> result.estimate, result.excludes(0)
    (4.0, True)
    """
    a, b = as_sample(a, "a"), as_sample(b, "b")
    if not callable(statistic):
        raise ValueError(f"statistic must be a function, got {statistic!r}")
    values = [statistic(arm) for arm in (a, b)]
    if not all(np.ndim(v) == 0 and np.isfinite(v) for v in values):
        raise ValueError(
            f"statistic must return one finite number for each arm, got {values}"
        )
    seeds = np.random.SeedSequence(random_state).generate_state(2)
    drawn_a, drawn_b = (
        bootstrap(statistic, arm, n_resamples=n_resamples, random_state=int(seed))
        for arm, seed in zip((a, b), seeds, strict=True)
    )
    differences = drawn_b - drawn_a
    low, high = percentile_interval(differences, confidence)
    side = min((differences <= 0).sum(), (differences >= 0).sum())
    p_value = float(min(1.0, 2 * (side + 1) / (n_resamples + 1)))
    estimate = float(values[1] - values[0])
    return Comparison("bootstrap", estimate, low, high, p_value, estimate, confidence)
