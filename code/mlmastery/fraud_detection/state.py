"""The same features one event at a time, from a state of bounded size."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from mlmastery.validation import check_count

from .features import HOUR, LARGEST, LONGEST, WINDOW_DAYS
from .geography import distance, needed_speed, places
from .simulator import DAY

__all__ = ["FeatureState", "LateEventError"]

WIDTHS = tuple(days * DAY for days in WINDOW_DAYS)


class LateEventError(ValueError):
    """An event is older than one that has already counted."""


class _Recent:
    """Times and values of one card or terminal, with running sums of each window."""

    __slots__ = ("end", "first", "times", "totals", "values", "widths")

    def __init__(self, widths: tuple[int, ...]) -> None:
        self.widths = widths
        self.times: list[int] = []
        self.values: list[int] = []
        self.first = [0] * len(widths)  # where each window begins
        self.totals = [0] * len(widths)
        self.end = 0  # entries from here on are still to come

    def add(self, time: int, value: int) -> None:
        place = bisect_right(self.times, time)
        self.times.insert(place, time)
        self.values.insert(place, value)

    def move_to(self, now: int) -> None:
        """Let in what has come, and let out what has grown too old."""
        times, values, totals = self.times, self.values, self.totals
        while self.end < len(times) and times[self.end] <= now:
            for i in range(len(totals)):
                totals[i] += values[self.end]
            self.end += 1
        for i, width in enumerate(self.widths):
            k, limit = self.first[i], now - width
            while k < self.end and times[k] <= limit:
                totals[i] -= values[k]
                k += 1
            self.first[i] = k
        if min(self.first) > 64:
            self.forget()

    def forget(self) -> None:
        gone = min(self.first)
        del self.times[:gone], self.values[:gone]
        self.first = [k - gone for k in self.first]
        self.end -= gone

    def count(self, i: int) -> int:
        return self.end - self.first[i]


class FeatureState:
    """Windows of cards and terminals, which give each transaction its features.

    Fed with the same transactions, and with their labels ``delay_days`` later, it gives
    exactly the numbers of `batch_features`. At equal times labels come before
    transactions, and transactions in the order of their ids. The state does not notice
    an event that comes twice.

    Parameters
    ----------
    customers, terminals : DataFrame, optional
        Places, as for `batch_features`.
    delay_days : int, default=7
        A label counts from this many days after its transaction, or from its arrival,
        whichever is later.

    Examples
    --------
    >>> from mlmastery.fraud_detection import FEATURES
    >>> state = FeatureState()
    >>> event = {"id": 0, "time": 1522540800, "customer": 3, "terminal": 8}
    >>> first = state.transaction(event | {"amount": 12.5})
    >>> second = state.transaction(event | {"id": 1, "amount": 50.0})
    >>> columns = [FEATURES.index(n) for n in ("card_count_1d", "amount_ratio")]
    >>> second[columns].tolist()
    [2.0, 4.0]
    """

    def __init__(
        self,
        customers: pd.DataFrame | None = None,
        terminals: pd.DataFrame | None = None,
        delay_days: int = 7,
    ) -> None:
        self.delay_days = check_count(delay_days, "delay_days", minimum=0)
        self.now = np.iinfo(np.int64).min // 2
        self._home = self._spot = None
        if customers is not None and terminals is not None:
            self._home = places(customers, "customer")
            self._spot = places(terminals, "terminal")
        self._cards: dict[int, _Recent] = {}
        self._terminals: dict[int, _Recent] = {}
        self._last: dict[int, tuple[int, int]] = {}  # time and terminal of each card

    def transaction(self, event: Mapping[str, Any]) -> np.ndarray:
        """Return the features of a transaction, which then counts.

        Parameters
        ----------
        event : mapping
            id, time (seconds since 1970), customer, terminal and amount.

        Returns
        -------
        ndarray of shape (21,)
            In the order of `FEATURES`.

        Raises
        ------
        LateEventError
            If the event is older than one before it.
        KeyError
            If a field is missing.
        ValueError
            If the amount is negative, not finite or above 1e12.
        """
        time, card = int(event["time"]), int(event["customer"])
        terminal, amount = int(event["terminal"]), float(event["amount"])
        if not 0 <= amount <= LARGEST:
            raise ValueError(f"amount must be from 0 to {LARGEST:.0e}, got {amount}")
        cents = round(amount * 100)
        self._advance(time)
        recent = self._cards.get(card)
        if recent is None:
            recent = self._cards[card] = _Recent((HOUR, *WIDTHS))
        recent.add(time, cents)
        recent.move_to(time)
        row = [cents / 100, (time // DAY + 3) % 7 >= 5, time % DAY // HOUR <= 6]
        for i in (1, 2, 3):
            row += [recent.count(i), recent.totals[i] / 100 / recent.count(i)]
        row += self._terminal_row(terminal, time)
        before = self._last.get(card)
        since = time - before[0] if before else LONGEST
        row += [recent.count(0), min(since, LONGEST) / HOUR, _ratio(recent, cents)]
        row += self._geography(card, terminal, before, since)
        self._last[card] = (time, terminal)
        return np.array(row, dtype=float)

    def label(self, event: Mapping[str, Any]) -> None:
        """Take in a label that is now known.

        Parameters
        ----------
        event : mapping
            time (when it is known), transaction_time, terminal and fraud.

        Raises
        ------
        LateEventError
            If the event is older than one before it.
        """
        time, made = int(event["time"]), int(event["transaction_time"])
        if event["fraud"] not in (0, 1):
            raise ValueError(f"fraud must be 0 or 1, got {event['fraud']!r}")
        terminal, fraud = int(event["terminal"]), int(event["fraud"])
        self._advance(time)
        recent = self._terminals.get(terminal)
        if recent is None:
            recent = self._terminals[terminal] = _Recent(WIDTHS)
        recent.add(max(time, made + self.delay_days * DAY), fraud)
        recent.move_to(time)

    def to_bytes(self) -> bytes:
        """Return the whole state as an npz file, without pickle."""
        arrays = {
            "now": np.array([self.now]),
            "delay_days": np.array([self.delay_days]),
        }
        for name, group in (("card", self._cards), ("terminal", self._terminals)):
            arrays |= _flat(name, group, self.now)
        last = sorted((card, *pair) for card, pair in self._last.items())
        arrays["last"] = np.array(last, dtype=np.int64).reshape(-1, 3)
        if self._home is not None and self._spot is not None:
            arrays |= {"home": np.array(self._home), "spot": np.array(self._spot)}
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> FeatureState:
        """Return the state that `to_bytes` wrote.

        Parameters
        ----------
        content : bytes

        Raises
        ------
        ValueError
            If the bytes are not a state, or were cut off.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return cls._from_arrays(dict(arrays))
        except (
            EOFError,
            KeyError,
            OSError,
            TypeError,
            ValueError,
            BadZipFile,
        ) as error:
            raise ValueError("content must be the bytes of a whole state") from error

    @classmethod
    def _from_arrays(cls, arrays: dict[str, np.ndarray]) -> FeatureState:
        state = cls(delay_days=int(arrays["delay_days"][0]))
        state.now = int(arrays["now"][0])
        state._cards = _unflat("card", arrays, (HOUR, *WIDTHS))
        state._terminals = _unflat("terminal", arrays, WIDTHS)
        state._last = {c: (t, k) for c, t, k in arrays["last"].tolist()}
        if "home" in arrays:
            state._home, state._spot = tuple(arrays["home"]), tuple(arrays["spot"])
        return state

    def _advance(self, time: int) -> None:
        if time < self.now:
            raise LateEventError(f"time {time} comes after {self.now}")
        self.now = time

    def _terminal_row(self, terminal: int, time: int) -> list[float]:
        recent = self._terminals.get(terminal)
        if recent is None:
            return [0.0] * 6
        recent.move_to(time)
        row: list[float] = []
        for i in range(3):
            count = recent.count(i)
            row += [count, recent.totals[i] / max(count, 1)]
        return row

    def _geography(
        self, card: int, terminal: int, before: tuple[int, int] | None, since: int
    ) -> list[float]:
        here = _place(self._spot, terminal)
        if here is None:
            return [0.0, 0.0, 0.0]
        home, last = _place(self._home, card), here
        if before:
            last = _place(self._spot, before[1]) or here
        step = distance(*here, *last)
        return [
            distance(*here, *home) if home else 0.0,
            step,
            needed_speed(step, since),
        ]


def _place(table: Any, number: int) -> tuple[float, float] | None:
    """Return a place, or None where it is not known."""
    if table is None or not 0 <= number < len(table[0]) or np.isnan(table[0][number]):
        return None
    return table[0][number], table[1][number]


def _ratio(recent: _Recent, cents: int) -> float:
    earlier, before = recent.totals[3] - cents, recent.count(3) - 1
    if before < 1 or earlier <= 0:
        return 1.0
    return cents / max(earlier / before, 1e-9)


def _flat(name: str, group: dict[int, _Recent], now: int) -> dict[str, np.ndarray]:
    keys = sorted(group)
    for key in keys:
        group[key].move_to(now)
        group[key].forget()
    times = [t for key in keys for t in group[key].times]
    return {
        f"{name}_keys": np.array(keys, dtype=np.int64),
        f"{name}_sizes": np.array([len(group[k].times) for k in keys], dtype=np.int64),
        f"{name}_times": np.array(times, dtype=np.int64),
        f"{name}_values": np.array(
            [v for key in keys for v in group[key].values], dtype=np.int64
        ),
    }


def _unflat(name: str, arrays: Any, widths: tuple[int, ...]) -> dict[int, _Recent]:
    times, values = arrays[f"{name}_times"].tolist(), arrays[f"{name}_values"].tolist()
    group, start = {}, 0
    sizes = arrays[f"{name}_sizes"].tolist()
    for key, size in zip(arrays[f"{name}_keys"].tolist(), sizes, strict=True):
        recent = group[key] = _Recent(widths)
        recent.times = times[start : start + size]
        recent.values = values[start : start + size]
        start += size
    return group
