"""Alarms on rates that are counted once a day, with a stated false-alarm rate.

>>> chart = AlarmRate([20, 24, 17, 22, 25, 19, 21, 23, 18, 20], false_alarm=0.01)
>>> chart.update(22), chart.update(70)
(None, 'high')
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from mlmastery.validation import as_sample, check_choice, check_count, check_share

__all__ = [
    "AlarmRate",
    "DriftAlarm",
    "DriftEvent",
    "ddm_orientation",
    "precision_by_day",
]


class AlarmRate:
    """Compare a number of each day with the days of a stable reference.

    A day, not a transaction, is the unit: transactions of one day share its cards and
    terminals. Counts are compared as square roots, whose spread hardly depends on
    the mean; the limits are those of a prediction by Student's t, so that few
    reference days give wide limits.

    Parameters
    ----------
    reference : array of shape (n_days,)
        Numbers of stable days, at least 5.
    false_alarm : float, default=1/365
        Probability of an alarm on a stable day, both sides together.
    kind : {"count", "share", "value"}, default="count"
        How the numbers are transformed: square root, arcsine of the root, not at all.

    Attributes
    ----------
    low, high : float
        Limits, in the unit of the reference; a number outside is an alarm.

    Examples
    --------
    >>> chart = AlarmRate([0.5, 0.6, 0.4, 0.55, 0.45], 0.05, kind="share")
    >>> round(chart.low, 2), round(chart.high, 2)
    (0.27, 0.73)
    """

    def __init__(
        self, reference: Any, false_alarm: float = 1 / 365, kind: str = "count"
    ) -> None:
        self.kind = check_choice(kind, "kind", ("count", "share", "value"))
        values = self._transform(as_sample(reference, "reference", 5))
        self.n_days = len(values)
        self.false_alarm = check_share(false_alarm, "false_alarm")
        quantile = stats.t.isf(self.false_alarm / 2, self.n_days - 1)
        half = quantile * values.std(ddof=1) * math.sqrt(1 + 1 / self.n_days)
        self._limits = values.mean() - half, values.mean() + half
        self.low, self.high = (self._back(limit) for limit in self._limits)

    def update(self, value: float) -> str | None:
        """Return "high" or "low" if today's number is outside the limits."""
        now = float(self._transform(as_sample([value], "value", 1))[0])
        if now > self._limits[1]:
            return "high"
        return "low" if now < self._limits[0] else None

    def _transform(self, values: np.ndarray) -> np.ndarray:
        if self.kind == "value":
            return values
        highest = math.inf if self.kind == "count" else 1
        if values.min() < 0 or values.max() > highest:
            raise ValueError(
                f"a {self.kind} must lie between 0 and {highest}, "
                f"got {values.min()} to {values.max()}"
            )
        roots = np.sqrt(values)
        return roots if self.kind == "count" else np.arcsin(roots)

    def _back(self, limit: float) -> float:
        if self.kind == "value":
            return float(limit)
        if self.kind == "count":
            return max(limit, 0.0) ** 2
        return math.sin(min(max(limit, 0.0), math.pi / 2)) ** 2


@dataclass(frozen=True)
class DriftEvent:
    """An alarm: on which day, of which rate, on which side.

    Examples
    --------
    >>> str(DriftEvent(3, "alerts", 70.0, "high"))
    'day 3: alerts is high (70)'
    """

    day: int
    rate: str
    value: float
    side: str

    def __str__(self) -> str:
        return f"day {self.day}: {self.rate} is {self.side} ({self.value:g})"


class DriftAlarm:
    """Watch several rates at once; their false alarms add up to the stated rate.

    Parameters
    ----------
    reference : mapping of str to array
        Numbers of stable days of each rate.
    false_alarm : float, default=1/365
        Probability of at least one alarm on a stable day, at most.
    kinds : mapping of str to str, optional
        As for `AlarmRate`; a rate that is not named is a count.

    Attributes
    ----------
    events : list of DriftEvent

    Examples
    --------
    >>> watch = DriftAlarm({"alerts": [9, 11, 10, 8, 12, 10]}, false_alarm=0.01)
    >>> watch.update({"alerts": 10}), str(watch.update({"alerts": 60})[0])
    ([], 'day 1: alerts is high (60)')
    """

    def __init__(
        self,
        reference: Mapping[str, Any],
        false_alarm: float = 1 / 365,
        kinds: Mapping[str, str] | None = None,
    ) -> None:
        if not reference:
            raise ValueError("reference must name at least one rate")
        kinds = kinds or {}
        unknown = set(kinds) - set(reference)
        if unknown:
            raise ValueError(f"kinds names rates without reference: {sorted(unknown)}")
        each = check_share(false_alarm, "false_alarm") / len(reference)
        self.charts = {
            name: AlarmRate(days, each, kinds.get(name, "count"))
            for name, days in reference.items()
        }
        self.events: list[DriftEvent] = []
        self._day = 0

    def update(self, rates: Mapping[str, float | None]) -> list[DriftEvent]:
        """Take the numbers of the next day; None where a rate is not yet known."""
        unknown = set(rates) - set(self.charts)
        if unknown:
            raise ValueError(f"rates must be of the reference, got {sorted(unknown)}")
        found = []
        for name, value in rates.items():
            side = None if value is None else self.charts[name].update(value)
            if side:
                found.append(DriftEvent(self._day, name, float(value or 0), side))
        self._day += 1
        self.events += found
        return found


def precision_by_day(
    day: Any, alerted: Any, fraud: Any, n_days: int, delay_days: int = 7
) -> np.ndarray:
    """Return the confirmed precision of alerts as it is known on each day.

    Parameters
    ----------
    day : array of int, shape (n_rows,)
        Day of each transaction, from 0.
    alerted, fraud : array of bool, shape (n_rows,)
    n_days : int
        Days of the calendar on which somebody asks.
    delay_days : int, default=7
        What is known on day t concerns the alerts of day t minus this.

    Returns
    -------
    ndarray of shape (n_days,)
        NaN where nothing is known yet, or there was no alert.

    Examples
    --------
    >>> precision_by_day([0, 0, 1], [1, 1, 1], [1, 0, 1], 4, delay_days=2).tolist()
    [nan, nan, 0.5, 1.0]
    """
    check_count(n_days, "n_days")
    check_count(delay_days, "delay_days", 0)
    day, alerted = np.asarray(day, int), np.asarray(alerted, bool)
    fraud = np.asarray(fraud, bool)
    if not day.shape == alerted.shape == fraud.shape:
        raise ValueError("day, alerted and fraud must have the same number of rows")
    hits = alerted & fraud
    count = np.bincount(day[alerted], minlength=n_days)[:n_days]
    right = np.bincount(day[hits], minlength=n_days)[:n_days]
    known = np.full(n_days, np.nan)
    # An alert of day t is confirmed on day t + delay_days, never before.
    share = np.divide(right, count, out=np.full(n_days, np.nan), where=count > 0)
    if delay_days < n_days:
        known[delay_days:] = share[: n_days - delay_days]
    return known


def ddm_orientation(detector: Any, n_steps: int = 4000, random_state: int = 0) -> str:
    """Say which input a drift detector was built for, by trying both.

    Parameters
    ----------
    detector : callable
        Called without arguments, returns a fresh detector with River's ``update`` and
        ``drift_detected``.
    n_steps : int, default=4000
    random_state : int, default=0

    Returns
    -------
    str
        ``"1 = error"``, ``"1 = correct"``, ``"either"`` or ``"neither"``: the input
        with which the detector rings on a model whose errors rise from one in ten to
        one in two.

    Examples
    --------
    >>> from river import drift
    >>> ddm_orientation(drift.binary.DDM), ddm_orientation(drift.ADWIN)
    ('1 = error', 'either')
    """
    rng = np.random.default_rng(random_state)
    half = check_count(n_steps, "n_steps", 2) // 2
    errors = rng.random(2 * half) < np.repeat([0.1, 0.5], half)
    as_error = _rings(detector(), errors, half)
    as_correct = _rings(detector(), ~errors, half)
    names = {(True, False): "1 = error", (False, True): "1 = correct"}
    return names.get((as_error, as_correct), "either" if as_error else "neither")


def _rings(detector: Any, stream: np.ndarray, start: int) -> bool:
    """Return whether the detector rings after the change."""
    rang = False
    for t, x in enumerate(stream.astype(int).tolist()):
        detector.update(x)
        rang |= bool(detector.drift_detected) and t >= start
    return rang
