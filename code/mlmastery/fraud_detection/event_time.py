"""Event time against arrival: watermarks, late events, and a buffer that waits.

>>> import numpy as np
>>> time, arrived = np.array([10, 12, 11, 13]), np.array([10, 12, 30, 31])
>>> watermarks(time, lateness=2).tolist()
[8, 10, 10, 11]
>>> late(time, lateness=0).tolist()
[False, False, True, False]
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from mlmastery.validation import check_number

__all__ = ["arrivals", "by_arrival", "in_order", "late", "watermarks"]


def arrivals(
    time: np.ndarray, share: float, scale: float, *, random_state: int = 0
) -> np.ndarray:
    """Return arrival times: most at once, a share after an exponential delay.

    Parameters
    ----------
    time : ndarray of shape (n,)
        Event times in seconds.
    share : float
        Of the events that are delayed, from 0 to 1.
    scale : float
        Mean delay in seconds.
    random_state : int, default=0

    Examples
    --------
    >>> arrivals(np.array([5, 6]), 0.0, 60.0).tolist()
    [5, 6]
    """
    check_number(share, "share", 0, 1)
    rng = np.random.default_rng(random_state)
    delay = rng.exponential(check_number(scale, "scale"), len(time))
    delay[rng.random(len(time)) >= share] = 0.0
    return np.asarray(time) + np.ceil(delay).astype(int)


def by_arrival(
    events: Iterable[Mapping[str, Any]], arrived: Mapping[int, int]
) -> list[dict[str, Any]]:
    """Return events in the order in which they reach the log.

    Parameters
    ----------
    events : iterable of mapping
        As `events_of` yields them; labels arrive in time.
    arrived : mapping of int to int
        Arrival of each transaction by its id.

    Examples
    --------
    >>> pair = [{"kind": "transaction", "id": i, "time": i} for i in (0, 1)]
    >>> [event["id"] for event in by_arrival(pair, {0: 9, 1: 1})]
    [1, 0]
    """
    moved = [
        {**event, "arrived": arrived[event["id"]]}
        if event["kind"] == "transaction"
        else dict(event)
        for event in events
    ]
    return sorted(moved, key=lambda event: event.get("arrived", event["time"]))


def watermarks(time: np.ndarray, lateness: float) -> np.ndarray:
    """Return the watermark behind each event, in the order of arrival.

    Parameters
    ----------
    time : ndarray of shape (n,)
        Event times in the order of arrival.
    lateness : float
        Seconds.
    """
    check_number(lateness, "lateness")
    return np.maximum.accumulate(np.asarray(time)) - lateness


def late(time: np.ndarray, lateness: float) -> np.ndarray:
    """Return which events lie behind the watermark that they found.

    Parameters
    ----------
    time : ndarray of shape (n,)
        Event times in the order of arrival.
    lateness : float
    """
    found = watermarks(time, lateness)
    return np.concatenate([[False], np.asarray(time)[1:] < found[:-1]])


def in_order(
    events: Iterable[Mapping[str, Any]], lateness: float
) -> Iterator[Mapping[str, Any]]:
    """Hold events back until the watermark has passed them; yield them by event time.

    An event that is later than that is yielded at once, out of order.

    Parameters
    ----------
    events : iterable of mapping
        With ``time`` and ``id``, in the order of arrival.
    lateness : float
        Seconds.

    Examples
    --------
    >>> events = [{"id": i, "time": t} for i, t in enumerate([10, 12, 11, 20])]
    >>> [event["time"] for event in in_order(events, 3)]
    [10, 11, 12, 20]
    """
    waiting: list[tuple[int, bool, int, Mapping[str, Any]]] = []
    latest = -np.inf
    for event in events:
        latest = max(latest, event["time"])
        second = event.get("kind") != "label"  # at equal times labels come first
        heapq.heappush(waiting, (event["time"], second, event["id"], event))
        while waiting and waiting[0][0] <= latest - lateness:
            yield heapq.heappop(waiting)[-1]
    while waiting:
        yield heapq.heappop(waiting)[-1]
