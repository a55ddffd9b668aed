"""Prove a test by simulation: its false alarms and its coverage, inside binomial bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from mlmastery.ab_testing.comparison import Comparison
from mlmastery.inference import Interval
from mlmastery.validation import check_count, check_share

__all__ = ["Trial", "audit", "binomial_bounds", "repeat_test"]


@dataclass(frozen=True)
class Trial:
    """One test with the experiment on which it is tried.

    Parameters
    ----------
    run : callable
        ``run(rng, effect)`` draws an experiment with that effect and tests it.
    effect : float
        The effect under which coverage is measured.
    truth : float
        What the interval should then hold; NaN for a test without an interval.
    conservative : bool, default=False
        Whether the test promises at most α, and coverage of at least 1 − α.

    Examples
    --------
    >>> Trial(lambda rng, effect: None, 0.5, 0.5).conservative
    False
    """

    run: Callable[[np.random.Generator, float], Comparison]
    effect: float
    truth: float
    conservative: bool = False


def repeat_test(
    run: Callable[[np.random.Generator, float], Comparison],
    effect: float,
    n_runs: int,
    random_state: int | Sequence[int] | None = 0,
) -> pd.DataFrame:
    """Draw and test an experiment again and again.

    Parameters
    ----------
    run : callable
        See `Trial`.
    effect : float
    n_runs : int
    random_state : int or sequence of int or None, default=0

    Returns
    -------
    DataFrame of shape (n_runs, 3)
        ``p_value``, ``low`` and ``high``.

    Examples
    --------
    >>> from mlmastery.ab_testing import t_test
    >>> def run(rng, effect):
    ...     return t_test(rng.normal(size=9), rng.normal(effect, size=9))
    >>> bool(repeat_test(run, 9.0, 5)["p_value"].max() < 0.05)
    True
    """
    check_count(n_runs, "n_runs")
    rng = np.random.default_rng(random_state)
    results = [run(rng, effect) for _ in range(n_runs)]
    rows = [(result.p_value, result.low, result.high) for result in results]
    return pd.DataFrame(rows, columns=["p_value", "low", "high"])


def binomial_bounds(n_runs: int, rate: float, level: float = 0.9999) -> Interval:
    """Return between which shares a count of ``n_runs`` lies if its rate is right.

    Parameters
    ----------
    n_runs : int
    rate : float
        The promised rate, such as 0.05.
    level : float, default=0.9999
        Probability that a right rate stays inside: with twenty tests, one false
        alarm of the proof in 500.

    Examples
    --------
    >>> low, high = binomial_bounds(2000, 0.05)
    >>> round(low, 4), round(high, 4)
    (0.032, 0.07)
    """
    check_share(rate, "rate")
    low, high = stats.binom.interval(level, check_count(n_runs, "n_runs"), rate)
    return Interval(float(low / n_runs), float(high / n_runs))


def audit(
    trials: Mapping[str, Trial],
    n_runs: int,
    *,
    alpha: float = 0.05,
    random_state: int = 0,
) -> pd.DataFrame:
    """Measure false alarms and coverage of several tests.

    Parameters
    ----------
    trials : dict of Trial
    n_runs : int
        Experiments without an effect, and as many with one, for each test.
    alpha : float, default=0.05
    random_state : int, default=0
        Each test has streams of its own, with and without an effect.

    Returns
    -------
    DataFrame
        ``false alarms`` and ``coverage`` as shares, and ``holds``: whether both are
        inside the bounds of `binomial_bounds` (for a conservative test: on the
        promised side of them).
    """
    rows = {}
    for number, (name, trial) in enumerate(trials.items()):
        nothing = repeat_test(trial.run, 0.0, n_runs, [random_state, number, 0])
        alarms = float((nothing["p_value"] <= alpha).mean())
        coverage = np.nan
        if not np.isnan(trial.truth):
            some = repeat_test(
                trial.run, trial.effect, n_runs, [random_state, number, 1]
            )
            coverage = float(
                ((some["low"] <= trial.truth) & (trial.truth <= some["high"])).mean()
            )
        holds = _holds(alarms, coverage, n_runs, alpha, trial.conservative)
        rows[name] = {"false alarms": alarms, "coverage": coverage, "holds": holds}
    return pd.DataFrame(rows).T.astype(
        {"false alarms": float, "coverage": float, "holds": bool}
    )


def _holds(
    alarms: float, coverage: float, n_runs: int, alpha: float, conservative: bool
) -> bool:
    low, high = binomial_bounds(n_runs, alpha)
    missed = alpha if np.isnan(coverage) else 1 - coverage
    if conservative:
        return alarms <= high and missed <= high
    return low <= alarms <= high and low <= missed <= high
