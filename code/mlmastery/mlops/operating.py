"""Operating characteristics: how often an alarm is false, how late it is true.

>>> run_length([[0, 1, 3, 1]], limit=2).tolist()
[3]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import as_sample, check_count, check_number, check_share

from .sequential import Chart, alarms, cusum_path

__all__ = [
    "alarm_f1",
    "limit_for_days",
    "operating_curve",
    "resample_blocks",
    "run_length",
    "stream_table",
    "two_sided_path",
]


def run_length(paths: Any, limit: float) -> np.ndarray:
    """Return the step, from 1, at which each path first exceeds a limit.

    Parameters
    ----------
    paths : array of shape (n_runs, n_steps)
    limit : float

    Returns
    -------
    ndarray of int, shape (n_runs,)
        One more than the number of steps where a path never does.

    Examples
    --------
    >>> run_length([[0, 5], [0, 1]], limit=2).tolist()
    [2, 3]
    """
    above = np.asarray(paths) > limit
    return np.where(above.any(axis=1), above.argmax(axis=1), above.shape[1]) + 1


def resample_blocks(
    values: Any,
    n_steps: int,
    n_runs: int,
    block: int = 7,
    random_state: int | None = None,
) -> np.ndarray:
    """Draw long streams from a short one, in blocks of neighbouring days.

    Days that follow each other stay together, so that the streams keep most of the
    correlation between neighbours.

    Parameters
    ----------
    values : array of shape (n,)
        One number a day; the last is followed by the first.
    n_steps, n_runs : int
        Shape of what is drawn.
    block : int, default=7
    random_state : int, optional

    Returns
    -------
    ndarray of shape (n_runs, n_steps)

    References
    ----------
    .. [1] Politis and Romano (1992), "A Circular Block-Resampling Procedure for
       Stationary Data", in Exploring the Limits of Bootstrap.

    Examples
    --------
    >>> resample_blocks([1, 2, 3], 4, 1, block=2, random_state=0).tolist()
    [[3.0, 1.0, 2.0, 3.0]]
    """
    values = as_sample(values, "values")
    for name, value in (("n_steps", n_steps), ("n_runs", n_runs), ("block", block)):
        check_count(value, name)
    rng = np.random.default_rng(random_state)
    starts = rng.integers(len(values), size=(n_runs, -(-n_steps // block)))
    places = starts[:, :, None] + np.arange(block)
    return values[places.reshape(n_runs, -1)[:, :n_steps] % len(values)]


def two_sided_path(values: Any, k: float) -> np.ndarray:
    """Return the larger of the sums of rises and of falls.

    Parameters
    ----------
    values : array of shape (n_runs, n_steps) or (n_steps,)
        Standardised.
    k : float

    Examples
    --------
    >>> two_sided_path([-2.0, -2.0], 0.5).tolist()
    [1.5, 3.0]
    """
    values = np.asarray(values, float)
    return np.maximum(cusum_path(values, k), cusum_path(-values, k))


def limit_for_days(paths: Any, days: int, probability: float) -> float:
    """Return the limit that a stable stream exceeds within some days so often.

    Parameters
    ----------
    paths : array of shape (n_runs, n_steps)
        Of streams without drift; at least ``days`` steps.
    days : int
    probability : float
        Of at least one false alarm within these days.

    Examples
    --------
    >>> limit_for_days([[0, 1], [0, 2], [0, 3], [0, 4]], 2, 0.5)
    2.5
    """
    check_share(probability, "probability")
    paths = np.asarray(paths, float)
    check_count(days, "days", 1, paths.shape[1])
    highest = paths[:, :days].max(axis=1)
    return float(np.quantile(highest, 1 - probability))


def operating_curve(
    values: Any,
    shifts: Iterable[float],
    limits: Iterable[float],
    k: float = 0.25,
    days: int = 90,
    n_runs: int = 400,
    block: int = 7,
    random_state: int | None = None,
) -> pd.DataFrame:
    """Tabulate false alarms a month and days to detect of two-sided CUSUM charts.

    Parameters
    ----------
    values : array of shape (n_days,)
        Standardised days without drift; see `resample_blocks`.
    shifts : iterable of float
        Changes of the mean, in standard deviations of a day.
    limits : iterable of float
    k : float, default=0.25
    days : int, default=90
        For which each stream is watched.
    n_runs, block, random_state
        Of the resampling.

    Returns
    -------
    DataFrame
        ``limit``, ``shift``, ``false_month`` (alarms in 30 days without drift, the
        chart starting again after each), ``found`` (share of the streams in which the
        shift raises an alarm in time), ``days`` (median delay; a stream without an
        alarm counts as ``days + 1``).

    Examples
    --------
    >>> table = operating_curve([-1.0, 1.0], [2.0], [3.0], n_runs=5, random_state=0)
    >>> table["days"].tolist()
    [2.0]
    """
    check_number(k, "k")
    stable = resample_blocks(values, days, n_runs, block, random_state)
    rows = []
    limits = list(limits)
    false = {h: _restarted(stable, k, h) * 30 / days for h in limits}
    for shift in shifts:
        paths = two_sided_path(stable + shift, k)
        for h in limits:
            delay = run_length(paths, h)
            rows.append((h, shift, false[h], np.mean(delay <= days), np.median(delay)))
    return pd.DataFrame(
        rows, columns=["limit", "shift", "false_month", "found", "days"]
    )


def _restarted(streams: np.ndarray, k: float, h: float) -> float:
    """Return the alarms a stream of a chart that starts again after each."""
    high = low = np.zeros(len(streams))
    count = np.zeros(len(streams))
    for x in streams.T:
        high, low = np.maximum(0, high + x - k), np.maximum(0, low - x - k)
        rang = np.maximum(high, low) > h
        count += rang
        high, low = np.where(rang, 0, high), np.where(rang, 0, low)
    return float(count.mean())


def stream_table(
    charts: dict[str, Callable[[], Chart]],
    base: float = 0.2,
    changed: Iterable[float] = (0.3, 0.5),
    n_stable: int = 5000,
    n_after: int = 2000,
    n_runs: int = 30,
    random_state: int | None = None,
) -> pd.DataFrame:
    """Race detectors on simulated error streams, some stable and some with a jump.

    Parameters
    ----------
    charts : dict of str to callable
        Each call returns a fresh detector.
    base : float, default=0.2
        Error rate before.
    changed : iterable of float, default=(0.3, 0.5)
        Error rates after.
    n_stable, n_after : int
        Steps without drift, and steps in which a drift can be found; before it the
        detector sees 1,000 stable steps.
    n_runs : int, default=30
    random_state : int, optional
        All detectors see the same streams.

    Returns
    -------
    DataFrame
        One row a detector: ``false`` (alarms in the stable steps), and for each rate
        ``found`` and ``delay`` (median of those found).

    Examples
    --------
    >>> from mlmastery.mlops.sequential import EveryN
    >>> stream_table({"dummy": EveryN}, n_runs=2, random_state=0)["false"].tolist()
    [50.0]
    """
    rates = list(changed)
    rng = np.random.default_rng(random_state)
    stable = rng.random((n_runs, n_stable)) < base
    before = rng.random((n_runs, 1000)) < base
    after = {p: rng.random((n_runs, n_after)) < p for p in rates}
    rows = {}
    for name, make in charts.items():
        row = {"false": float(np.mean([len(alarms(make(), s)) for s in stable]))}
        for p in rates:
            delays = [
                _delay(make(), b, a) for b, a in zip(before, after[p], strict=True)
            ]
            found = [d for d in delays if d is not None]
            row[f"found {p:g}"] = len(found) / n_runs
            row[f"delay {p:g}"] = float(np.median(found)) if found else np.nan
        rows[name] = row
    return pd.DataFrame(rows).T


def _delay(chart: Chart, before: np.ndarray, after: np.ndarray) -> int | None:
    alarms(chart, before)
    return next((t + 1 for t, x in enumerate(after) if chart.update(float(x))), None)


def alarm_f1(found: Iterable[int], drifts: Iterable[int], tolerance: int) -> float:
    """Score alarms as a classifier: a drift is found by one alarm shortly after it.

    Parameters
    ----------
    found : iterable of int
        Steps of the alarms.
    drifts : iterable of int
        Steps at which the stream changed.
    tolerance : int
        Steps after a drift in which an alarm counts.

    Examples
    --------
    >>> alarm_f1([110, 500], [100], tolerance=50).__round__(2)
    0.67
    """
    found, drifts = list(found), list(drifts)
    hits = sum(any(d <= a < d + tolerance for a in found) for d in drifts)
    total = len(found) + len(drifts)
    return 2 * hits / total if total else 1.0
