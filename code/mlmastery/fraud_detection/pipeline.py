"""What happens to one event, without any broker, store or process.

The same events in the same order give the same effects and the same state, so that a
scorer that was killed can build its state again from the log.

>>> from mlmastery.fraud_detection.events import to_json
>>> from mlmastery.fraud_detection.scoring_models import LinearModel
>>> pipeline = Pipeline(LinearModel({"amount": 0.02}, -5.0, "v1"))
>>> event = {"kind": "transaction", "id": 1, "time": 0, "customer": 3, "terminal": 8}
>>> lines = [to_json(event | {"amount": 400.0}), to_json(event | {"amount": -1})]
>>> effects = pipeline.run([Delivery(1, lines[0]), Delivery(2, lines[1])])
>>> len(effects.scores), len(effects.alerts), effects.dead[0][2]
(1, 1, 'amount must be from 0 to 1000000, got -1')
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .brokers.base import Delivery
from .events import EventError, parse
from .features import FEATURES
from .scoring_models import ScoringModel
from .state import FeatureState
from .store import Effects, Seen

__all__ = ["Pipeline", "nothing_seen"]

Lookup = Callable[[str, Iterable[int]], Mapping[int, Seen]]
CONTENT = {
    "transaction": ("time", "customer", "terminal", "amount"),
    "label": ("fraud",),
}


class Ready(NamedTuple):
    """A transaction whose features are known and whose score is not."""

    offset: int
    event: Mapping[str, Any]
    features: np.ndarray
    online: float | None
    marks: str
    before: float | None  # the score, where the transaction was scored before a kill


def nothing_seen(kind: str, ids: Iterable[int]) -> dict[int, Seen]:
    """Return what a store answers that is empty.

    Examples
    --------
    >>> nothing_seen("label", [1])
    {}
    """
    return {}


class Pipeline:
    """Parse, find duplicates, compute features, score, learn, watch.

    Parameters
    ----------
    model : ScoringModel
    state : FeatureState, optional
    threshold : float, default=0.5
        A score of at least this is an alert.
    lateness : int, default=3600
        Seconds by which the watermark stays behind the latest event time.
    ahead : int, default=300
        Seconds by which an event may be later than its arrival.
    learner : OnlineLearner, optional
        Learns from labels.
    watch : DayWatch, optional
        Rings when daily numbers leave their limits.
    partition : int, default=0

    Attributes
    ----------
    latest : int
        The latest event time that was believed.

    Examples
    --------
    >>> from mlmastery.fraud_detection.scoring_models import LinearModel
    >>> Pipeline(LinearModel({}, 0.0, "v1")).watermark
    -3600
    """

    def __init__(
        self,
        model: ScoringModel,
        state: FeatureState | None = None,
        *,
        threshold: float = 0.5,
        lateness: int = 3600,
        ahead: int = 300,
        learner: Any = None,
        watch: Any = None,
        partition: int = 0,
    ) -> None:
        self.model, self.state = model, state or FeatureState()
        self.threshold, self.lateness, self.ahead = threshold, lateness, ahead
        self.learner, self.watch = learner, watch
        self.partition = partition
        self.latest = 0

    @property
    def watermark(self) -> int:
        """The event time before which no more events are expected."""
        return self.latest - self.lateness

    def run(
        self, deliveries: Sequence[Delivery], lookup: Lookup = nothing_seen
    ) -> Effects:
        """Return what a batch of events changes.

        Parameters
        ----------
        deliveries : sequence of Delivery
            In the order of the log.
        lookup : callable
            Called with a kind and ids, returns those that were seen before.
        """
        effects = Effects(offset=deliveries[-1].offset if deliveries else 0)
        effects.version = self.model.version
        parsed = self._parsed(deliveries, effects)
        seen = {
            kind: dict(lookup(kind, [e["id"] for _, e in parsed if e["kind"] == kind]))
            for kind in CONTENT
        }
        ready: list[Ready] = []
        for delivery, event in parsed:
            known = seen[event["kind"]]
            before = known.get(event["id"])
            content = tuple(event[name] for name in CONTENT[event["kind"]])
            # An id of another partition may have the same offset, and other content.
            if before is not None and before[:2] != (delivery.offset, content):
                self._again(delivery, content, before, effects)
                continue
            known[event["id"]] = Seen(delivery.offset, content, 0.0)
            score = before.score if before else None
            self._first(delivery.offset, event, score, ready, effects)
        self._score(ready, effects)
        return effects

    def _parsed(
        self, deliveries: Sequence[Delivery], effects: Effects
    ) -> list[tuple[Delivery, dict[str, Any]]]:
        good = []
        for delivery in deliveries:
            try:
                event = parse(delivery.payload)
                self._check_clock(event)
                good.append((delivery, event))
            except EventError as error:
                _bury(delivery, str(error), effects)
        return good

    def _check_clock(self, event: Mapping[str, Any]) -> None:
        early = event["time"] - event["arrived"]
        if early > self.ahead:
            raise EventError(
                f"the event is {early} s later than its arrival, allowed are "
                f"{self.ahead} s: its clock is wrong"
            )

    def _again(
        self, delivery: Delivery, content: tuple, before: Seen, effects: Effects
    ) -> None:
        if content == before.content:
            effects.count("duplicates")
        else:
            reason = (
                f"the id came before, at offset {before.offset}, with other content"
            )
            _bury(delivery, reason, effects)

    def _first(
        self,
        offset: int,
        event: dict[str, Any],
        before: float | None,
        ready: list[Ready],
        effects: Effects,
    ) -> None:
        if event["kind"] == "label":
            self._label(event)
            effects.labels.append((event["id"], event["fraud"], offset))
            effects.count("labels")
            return
        marks = self._mark(event, effects)
        if self._is_unknown(event):
            marks.append("unknown")
            effects.count("unknown")
        features = self._features(event)
        online = None
        if self.learner is not None:
            online = self.learner.transaction(event, features)
        ready.append(Ready(offset, event, features, online, ",".join(marks), before))

    def _mark(self, event: Mapping[str, Any], effects: Effects) -> list[str]:
        """Say whether an event is late, and let the watermark move if it is not."""
        late = event["time"] < self.watermark
        self.latest = max(self.latest, event["time"])
        if late:
            effects.count("late")
        return ["late"] if late else []

    def _features(self, event: Mapping[str, Any]) -> np.ndarray:
        # An event that comes behind younger ones counts at the moment of its coming:
        # the answer cannot wait, and windows that were used cannot be opened again.
        return self.state.transaction(_no_sooner(event, self.state.now))

    def _is_unknown(self, event: Mapping[str, Any]) -> bool:
        """Return whether places are known, but not that of this card or terminal."""
        tables = (self.state._home, self.state._spot)
        numbers = (event["customer"], event["terminal"])
        return any(
            table is not None and not _holds(table[0], number)
            for table, number in zip(tables, numbers, strict=True)
        )

    def _label(self, event: Mapping[str, Any]) -> None:
        self.state.label(_no_sooner(event, self.state.now))
        if self.learner is not None:
            self.learner.label(event)

    def _score(self, ready: Sequence[Ready], effects: Effects) -> None:
        if not ready:
            return
        new = [i for i, one in enumerate(ready) if one.before is None]
        scores = np.array([one.before or 0.0 for one in ready])
        if new:
            scores[new] = self.model.score(np.stack([ready[i].features for i in new]))
        for one, score in zip(ready, scores.tolist(), strict=True):
            self._add(one, score, effects)
        effects.count("scored", len(ready))

    def _add(self, one: Ready, score: float, effects: Effects) -> None:
        event, alert = one.event, score >= self.threshold
        version = self.model.version
        head = [
            event[name] for name in ("id", "time", "customer", "terminal", "amount")
        ]
        row = (*head, one.features.tobytes(), score, one.online, one.marks, version)
        effects.scores.append((*row, self.partition, one.offset))
        if alert:
            reason = top_reason(self.model, one.features)
            effects.alerts.append((*head[:3], head[4], score, reason, version))
        if self.watch is not None:
            effects.alarms += self.watch.add(event["time"], alert)

    # Checkpoints

    def to_bytes(self) -> bytes:
        """Return the whole state, without pickle."""
        parts = {"state": self.state.to_bytes()}
        if self.learner is not None:
            parts |= self.learner.to_parts()
        days = self.watch.all_days if self.watch is not None else None
        head = {"latest": self.latest, "days": days}
        head["sizes"] = {name: len(part) for name, part in parts.items()}
        return json.dumps(head).encode() + b"\n" + b"".join(parts.values())

    def restore(self, content: bytes) -> None:
        """Take the state that `to_bytes` returned.

        Examples
        --------
        >>> from mlmastery.fraud_detection.scoring_models import LinearModel
        >>> old, new = (Pipeline(LinearModel({}, 0.0, "v1")) for _ in range(2))
        >>> old.latest = 9
        >>> new.restore(old.to_bytes())
        >>> new.latest
        9
        """
        first, _, rest = content.partition(b"\n")
        head, parts, start = json.loads(first), {}, 0
        for name, size in head["sizes"].items():
            parts[name] = rest[start : start + size]
            start += size
        self.latest = head["latest"]
        self.state = FeatureState.from_bytes(parts["state"])
        if self.learner is not None:
            self.learner.restore(parts)
        if self.watch is not None:
            self.watch.restore(head["days"])


def _holds(axis: np.ndarray, number: int) -> bool:
    return 0 <= number < len(axis) and not np.isnan(axis[number])


def _no_sooner(event: Mapping[str, Any], now: int) -> Mapping[str, Any]:
    return event if event["time"] >= now else {**event, "time": now}


def _bury(delivery: Delivery, reason: str, effects: Effects) -> None:
    effects.dead.append((delivery.offset, delivery.payload, reason))
    effects.count("dead letters")


def top_reason(model: Any, features: np.ndarray) -> str:
    """Return the name of the feature that speaks most for fraud.

    Examples
    --------
    >>> from mlmastery.fraud_detection.scoring_models import LinearModel
    >>> row = np.zeros(len(FEATURES))
    >>> row[[0, 5]] = 300.0, 2.0
    >>> top_reason(LinearModel({"amount": 0.02, FEATURES[5]: 0.1}, -5.0, "v1"), row)
    'amount'
    """
    booster = getattr(model, "booster", None)
    if booster is not None:
        import xgboost

        # Shapley values: how much each feature moves the log odds of this row.
        row = xgboost.DMatrix(features[np.newaxis], nthread=1)
        return str(
            FEATURES[int(booster.predict(row, pred_contribs=True)[0, :-1].argmax())]
        )
    line = getattr(model, "line", None)
    return "" if line is None else FEATURES[int(np.argmax(features * line))]
