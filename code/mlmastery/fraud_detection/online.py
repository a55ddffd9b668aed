"""A model that learns one label at a time, and the queue in which features wait.

>>> import numpy as np
>>> model, waiting = OnlineScorer(["amount"]), PendingLabels(limit=100)
>>> waiting.put(17, np.array([250.0]), known_after=86_400)
>>> before = model.score_one([250.0])
>>> model.learn_one(waiting.take(17, now=86_400), 1)
>>> model.score_one([250.0]) > before
True
"""

from __future__ import annotations

import io
import json
import operator
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
from river import linear_model, optim, preprocessing
from river.base import AnomalyDetector

from mlmastery.validation import as_sample, check_count, check_number

from .matrix import as_matrix

__all__ = [
    "LabelError",
    "OnlineScorer",
    "PendingLabels",
    "RiverScorer",
    "follow_stream",
]

FORMAT = 1
STATE = {"names", "learning_rate", "n_learned", "steps", "intercept", "weights"}
STATE |= {"counts", "means", "variances"}


class LabelError(ValueError):
    """A label that cannot be learned: unknown, a duplicate, or too early."""


class OnlineScorer:
    """River's logistic regression behind its scaler, saved as numbers.

    Parameters
    ----------
    names : sequence of str
        Names of the features, in their order.
    learning_rate : float, default=0.01

    Attributes
    ----------
    n_learned : int
        Labels learned so far.
    version : str
        Changes with every label.

    Examples
    --------
    >>> model = OnlineScorer(["amount", "night"])
    >>> model.score_one([30.0, 0.0])
    0.5
    >>> model.learn_one([30.0, 0.0], 0)
    >>> OnlineScorer.from_bytes(model.to_bytes()).version
    'online-1'
    """

    def __init__(self, names: Sequence[str], learning_rate: float = 0.01) -> None:
        self.names = tuple(names)
        if not self.names or len(set(self.names)) < len(self.names):
            raise ValueError(f"names must be different names, got {self.names}")
        self.learning_rate = check_number(learning_rate, "learning_rate", open=True)
        self.n_learned = 0
        self._scaler = preprocessing.StandardScaler()
        self._line = linear_model.LogisticRegression(optim.SGD(self.learning_rate))

    @property
    def version(self) -> str:
        """Return a name that changes with every label."""
        return f"online-{self.n_learned}"

    def score_one(self, features: Any) -> float:
        """Return the probability of fraud of one transaction."""
        x = self._scaler.transform_one(self._named(features))
        return float(self._line.predict_proba_one(x)[True])

    def learn_one(self, features: Any, fraud: int) -> None:
        """Learn the label, 0 or 1, of one transaction."""
        if fraud not in (0, 1):
            raise ValueError(f"fraud must be 0 or 1, got {fraud!r}")
        named = self._named(features)
        self._scaler.learn_one(named)
        self._line.learn_one(self._scaler.transform_one(named), bool(fraud))
        self.n_learned += 1

    def score(self, X: Any) -> np.ndarray:
        """Return the probability of each row, shape (n_rows,)."""
        X = as_matrix(X, n_columns=len(self.names))
        mean, deviation, weights = self._numbers()
        Z = np.divide(X - mean, deviation, out=np.zeros_like(X), where=deviation != 0)
        return 1 / (1 + np.exp(-np.clip(Z @ weights + self._line.intercept, -500, 500)))

    def to_bytes(self) -> bytes:
        """Return the whole state as JSON: weights, means, variances and counts."""
        scaler, line = self._scaler, self._line
        state = {
            "format": FORMAT,
            "names": self.names,
            "learning_rate": self.learning_rate,
            "n_learned": self.n_learned,
            "steps": line.optimizer.n_iterations,
            "intercept": float(line.intercept),
            "weights": {k: float(v) for k, v in line.weights.items()},
            "counts": {k: int(v) for k, v in scaler.counts.items()},
            "means": {k: float(v) for k, v in scaler.means.items()},
            "variances": {k: float(v) for k, v in scaler.vars.items()},
        }
        return json.dumps(state).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return the model that `to_bytes` saved; it scores and learns as before."""
        try:
            state = json.loads(data)
        except ValueError as error:
            raise ValueError(f"data must be an OnlineScorer, {error}") from None
        if not isinstance(state, dict) or state.get("format") != FORMAT:
            raise ValueError(f"data must be an OnlineScorer of format {FORMAT}")
        missing = STATE - set(state)
        if missing:
            raise ValueError(f"data must be an OnlineScorer, without {sorted(missing)}")
        model = cls(state["names"], state["learning_rate"])
        model.n_learned = state["n_learned"]
        model._line.optimizer.n_iterations = state["steps"]
        model._line.intercept = state["intercept"]
        model._line._weights.update(state["weights"])
        model._scaler.counts.update(state["counts"])
        model._scaler.means.update(state["means"])
        model._scaler.vars.update(state["variances"])
        return model

    def _named(self, features: Any) -> dict[str, float]:
        values = as_sample(features, "features", 1)
        if len(values) != len(self.names):
            raise ValueError(
                f"features must hold {len(self.names)} numbers, got {len(values)}"
            )
        return dict(zip(self.names, values.tolist(), strict=True))

    def _numbers(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        scaler, weights = self._scaler, self._line.weights
        columns = (
            [scaler.means[k] for k in self.names],
            [max(scaler.vars[k], 0.0) ** 0.5 for k in self.names],
            [weights.get(k, 0.0) for k in self.names],
        )
        mean, deviation, line = (np.array(c, float) for c in columns)
        return mean, deviation, line


class PendingLabels:
    """Features of transactions that wait for their labels.

    Parameters
    ----------
    limit : int, default=1_000_000
        Transactions that may wait; beyond it the oldest is dropped and counted.
    remember : int, default=100_000
        Ids learned last that are known as duplicates when they come again.

    Attributes
    ----------
    dropped : int
        Transactions whose label can no longer be learned.

    Examples
    --------
    >>> waiting = PendingLabels(limit=2)
    >>> for number in (1, 2, 3):
    ...     waiting.put(number, [number], known_after=number + 7)
    >>> len(waiting), waiting.dropped
    (2, 1)
    >>> waiting.take(2, now=8)
    Traceback (most recent call last):
        ...
    mlmastery.fraud_detection.online.LabelError: label of transaction 2 came at 8, \
before 9, when it can be known
    """

    def __init__(self, limit: int = 1_000_000, remember: int = 100_000) -> None:
        self.limit = check_count(limit, "limit")
        self.remember = check_count(remember, "remember")
        self.dropped = 0
        self._waiting: OrderedDict[int, tuple[np.ndarray, float]] = OrderedDict()
        self._learned: OrderedDict[int, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, number: int) -> bool:
        return number in self._waiting

    def put(self, number: int, features: Any, known_after: float) -> None:
        """Keep a transaction's features; its label may come from this time on."""
        if number in self._waiting or number in self._learned:
            raise LabelError(f"transaction {number} is waiting or learned already")
        row = as_sample(features, "features", 1).copy()
        check_number(known_after, "known_after", -np.inf)
        if self._waiting:  # rows of two lengths could not be saved
            n = len(next(iter(self._waiting.values()))[0])
            if len(row) != n:
                raise ValueError(f"features must hold {n} numbers, got {len(row)}")
        self._waiting[operator.index(number)] = (row, known_after)
        if len(self._waiting) > self.limit:
            self._waiting.popitem(last=False)
            self.dropped += 1

    def take(self, number: int, now: float) -> np.ndarray:
        """Return the features and forget them, or raise `LabelError`."""
        if number in self._learned:
            raise LabelError(f"label of transaction {number} is a duplicate")
        if number not in self._waiting:
            raise LabelError(f"label of transaction {number} has no features waiting")
        features, known_after = self._waiting[number]
        if not now >= known_after:  # a time that is not a number is refused, too
            raise LabelError(
                f"label of transaction {number} came at {now}, before {known_after}, "
                "when it can be known"
            )
        del self._waiting[number]
        self._learned[number] = None
        if len(self._learned) > self.remember:
            self._learned.popitem(last=False)
        return features

    def to_bytes(self) -> bytes:
        """Return the queue as an npz archive without pickles.

        Examples
        --------
        >>> waiting = PendingLabels()
        >>> waiting.put(5, [1.0, 2.0], known_after=3)
        >>> 5 in PendingLabels.from_bytes(waiting.to_bytes())
        True
        """
        rows = [features for features, _ in self._waiting.values()]
        times = [known_after for _, known_after in self._waiting.values()]
        memory = io.BytesIO()
        np.savez(
            memory,
            sizes=np.array([self.limit, self.remember, self.dropped]),
            waiting=np.array(list(self._waiting), np.int64),
            features=np.array(rows, float),
            known_after=np.array(times, float),
            learned=np.array(list(self._learned), np.int64),
        )
        return memory.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return the queue that `to_bytes` saved."""
        with np.load(io.BytesIO(data), allow_pickle=False) as saved:
            limit, remember, dropped = saved["sizes"].tolist()
            queue = cls(limit, remember)
            queue.dropped = dropped
            rows = zip(saved["features"], saved["known_after"].tolist(), strict=True)
            queue._waiting.update(zip(saved["waiting"].tolist(), rows, strict=True))
            queue._learned.update(dict.fromkeys(saved["learned"].tolist()))
        return queue


class RiverScorer:
    """Any model of River with `score_one` and `learn_one` on arrays.

    Parameters
    ----------
    model : river classifier or anomaly detector
    names : sequence of str

    Examples
    --------
    >>> from river import tree
    >>> scorer = RiverScorer(tree.HoeffdingTreeClassifier(), ["amount"])
    >>> scorer.learn_one([3.0], 1)
    >>> scorer.score_one([3.0])
    1.0
    """

    def __init__(self, model: Any, names: Sequence[str]) -> None:
        self.model, self.names = model, tuple(names)
        last = list(getattr(model, "steps", {"": model}).values())[-1]
        self._is_detector = isinstance(last, AnomalyDetector)

    def score_one(self, features: Iterable[float]) -> float:
        """Return the probability of fraud, or the anomaly score."""
        x = dict(zip(self.names, features, strict=True))
        if self._is_detector:
            return float(self.model.score_one(x))
        return float(self.model.predict_proba_one(x).get(True, 0.0))

    def learn_one(self, features: Iterable[float], fraud: int) -> None:
        """Learn one row; a detector does not look at the label."""
        x = dict(zip(self.names, features, strict=True))
        if self._is_detector:
            self.model.learn_one(x)
        else:
            self.model.learn_one(x, bool(fraud))


def follow_stream(
    model: Any, X: Any, fraud: Any, seconds: Any, delay_days: float = 7
) -> np.ndarray:
    """Score each transaction, and learn each label when it becomes known.

    Parameters
    ----------
    model : OnlineScorer or RiverScorer
        Changed by what it learns.
    X : array of shape (n_rows, n_columns)
        In the order of time.
    fraud : array of shape (n_rows,)
    seconds : array of shape (n_rows,)
        Times in rising order.
    delay_days : float, default=7
        0: each label is learned right after its transaction has been scored.

    Returns
    -------
    ndarray of shape (n_rows,)
        Scores given before the label was known.

    Examples
    --------
    >>> X, fraud, day = np.ones((4, 1)), [1, 1, 1, 1], 86_400 * np.arange(4)
    >>> follow_stream(OnlineScorer(["one"]), X, fraud, day, 2).tolist()[:2]
    [0.5, 0.5]
    """
    X = as_matrix(X)
    fraud, seconds = as_sample(fraud, "fraud", 1), as_sample(seconds, "seconds", 1)
    if len(fraud) != len(X) or len(seconds) != len(X):
        raise ValueError("X, fraud and seconds must have the same number of rows")
    if (np.diff(seconds) < 0).any():
        raise ValueError("seconds must be in rising order")
    if not np.isin(fraud, (0, 1)).all():
        raise ValueError("fraud must hold 0 and 1 only")
    delay = 86_400 * check_number(delay_days, "delay_days")
    scores, waiting = np.empty(len(X)), deque[int]()
    labels = fraud.astype(int).tolist()
    for i, now in enumerate(seconds.tolist()):
        while waiting and seconds[waiting[0]] + delay <= now:
            j = waiting.popleft()
            model.learn_one(X[j], labels[j])
        scores[i] = model.score_one(X[i])
        waiting.append(i)
    return scores
