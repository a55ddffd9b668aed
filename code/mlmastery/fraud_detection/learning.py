"""What a scorer learns and watches while the stream runs.

>>> watch = DayWatch(reference=5)
>>> for day in range(5):
...     for i in range(40 + day):
...         _ = watch.add(day * 86_400 + i, alert=i < 10)
>>> noisy = [watch.add(5 * 86_400 + i, alert=True) for i in range(400)]
>>> [row[1:] for row in watch.add(6 * 86_400, alert=False)]
[('alerts', 400.0, 'high'), ('transactions', 400.0, 'high')]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mlmastery.validation import check_count

from .events import DAY
from .features import FEATURES

if TYPE_CHECKING:
    from .drift import AlarmRate

__all__ = ["DayWatch", "OnlineLearner"]

RATES = ("alerts", "transactions")


class OnlineLearner:
    """An online model, and the features that wait for their labels.

    Parameters
    ----------
    delay : int, default=604800
        Seconds from a transaction to its label, at least.

    Examples
    --------
    >>> learner = OnlineLearner(delay=10)
    >>> row = np.ones(len(FEATURES))
    >>> learner.transaction({"id": 1, "time": 0}, row)
    0.5
    >>> learner.label({"id": 1, "time": 10, "fraud": 1})
    >>> learner.model.n_learned
    1
    """

    def __init__(self, delay: int = 7 * DAY) -> None:
        from .online import OnlineScorer, PendingLabels  # River takes a second

        self.delay = delay
        self.model, self.waiting = OnlineScorer(FEATURES), PendingLabels()
        self.refused = 0

    def transaction(self, event: Mapping[str, Any], features: np.ndarray) -> float:
        """Return the online score, and keep the features for the label."""
        self.waiting.put(event["id"], features, event["time"] + self.delay)
        return self.model.score_one(features)

    def label(self, event: Mapping[str, Any]) -> None:
        """Learn a label whose transaction was seen in this partition."""
        from .online import LabelError

        if event["id"] not in self.waiting:
            return
        try:
            features = self.waiting.take(event["id"], event["time"])
        except LabelError:
            self.refused += 1
            return
        self.model.learn_one(features, event["fraud"])

    def to_parts(self) -> dict[str, bytes]:
        """Return the state by name."""
        waiting = self.waiting.to_bytes()
        return {"online": self.model.to_bytes(), "waiting": waiting}

    def restore(self, parts: Mapping[str, bytes]) -> None:
        """Take the state that `to_parts` returned."""
        from .online import OnlineScorer, PendingLabels

        self.model = OnlineScorer.from_bytes(parts["online"])
        self.waiting = PendingLabels.from_bytes(parts["waiting"])


class DayWatch:
    """Alerts and transactions of each day against the stream's first days.

    Parameters
    ----------
    reference : int, default=14
        Days whose numbers set the limits, at least 5.
    false_alarm : float, default=1/365
        Probability of an alarm on a stable day, both rates together.
    skip : int, default=0
        Days before the reference, in which the windows fill.

    Attributes
    ----------
    all_days : list of [day, alerts, transactions]
    """

    def __init__(
        self, reference: int = 14, false_alarm: float = 1 / 365, skip: int = 0
    ) -> None:
        self.reference = check_count(reference, "reference", 5)
        self.skip = check_count(skip, "skip", 0)
        self.false_alarm = false_alarm
        self.all_days: list[list[int]] = []
        self._charts: dict[str, AlarmRate] = {}

    def add(self, time: int, alert: bool) -> list[tuple[int, str, float, str]]:
        """Count a transaction; return the alarms of the day that it ends."""
        day, rows = time // DAY, []
        if not self.all_days or day > self.all_days[-1][0]:
            rows = self._close()
            self.all_days.append([day, 0, 0])
        self.all_days[-1][1] += bool(alert)
        self.all_days[-1][2] += 1
        return rows

    def _close(self) -> list[tuple[int, str, float, str]]:
        """Judge the day that is over."""
        if len(self.all_days) <= self.skip + self.reference:
            return []
        if not self._charts:
            self._learn_limits()
        day, *numbers = self.all_days[-1]
        rows = []
        for name, value in zip(RATES, numbers, strict=True):
            side = self._charts[name].update(value)
            if side:
                rows.append((day, name, float(value), side))
        return rows

    def _learn_limits(self) -> None:
        from .drift import AlarmRate

        columns = np.array(self.all_days[self.skip :][: self.reference])[:, 1:].T
        each = self.false_alarm / len(RATES)
        self._charts = {
            name: AlarmRate(days, each)
            for name, days in zip(RATES, columns, strict=True)
        }

    @property
    def limits(self) -> dict[str, tuple[float, float]]:
        """Lower and upper limit of each rate, once the reference is complete."""
        return {name: (chart.low, chart.high) for name, chart in self._charts.items()}

    def restore(self, days: list[list[int]]) -> None:
        """Take the numbers of the days so far."""
        self.all_days, self._charts = days, {}
