"""Simulate rounds with ten thousand clients that come and go.

A federation too large to run is simulated event by event: clients differ in speed and
connection, are there for some hours a day, and queue at the server's one connection.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

__all__ = [
    "DAY",
    "Population",
    "make_population",
    "simulate_buffered",
    "simulate_synchronous",
]

DAY = 86_400.0  # seconds
NOBODY = -1


# --- who takes part ------------------------------------------------------------------


@dataclass(frozen=True)
class Population:
    """Clients by their arrays, each of shape (n_clients,).

    Attributes
    ----------
    rows : ndarray
        How many each holds.
    seconds_per_row, seconds_per_byte : ndarray
        Of its processor and its connection.
    opens_at, open_for : ndarray
        When in the day it becomes available, and for how many seconds.
    """

    rows: np.ndarray
    seconds_per_row: np.ndarray
    seconds_per_byte: np.ndarray
    opens_at: np.ndarray
    open_for: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def seconds_left(self, time: float) -> np.ndarray:
        """Return for how long each client stays from now on; not above 0 if away.

        >>> clients = make_population(2, np.random.default_rng(0), hours_open=24)
        >>> (clients.seconds_left(1e6) > 0).tolist()
        [True, True]
        """
        since = (time - self.opens_at) % DAY
        always = self.open_for >= DAY
        return np.where(always, np.inf, self.open_for - since)

    def stay(self, client: int, time: float) -> float:
        """Return `seconds_left` of one client."""
        if self.open_for[client] >= DAY:
            return float("inf")
        since = (time - self.opens_at[client]) % DAY
        return float(self.open_for[client] - since)

    def available(self, time: float) -> np.ndarray:
        """Return the numbers of the clients that are there at this time."""
        return np.flatnonzero(self.seconds_left(time) > 0)

    def work_seconds(self, epochs: float, n_bytes: int) -> np.ndarray:
        """Return how long each takes to load, train and send, without the queue."""
        compute = epochs * self.rows * self.seconds_per_row
        return compute + 2 * n_bytes * self.seconds_per_byte


def make_population(
    n_clients: int,
    rng: np.random.Generator,
    *,
    rows: float = 100,
    seconds_per_row: float = 1e-3,
    seconds_per_byte: float = 1e-6,
    spread: float = 0.5,
    hours_open: float = 8,
    night: float = 0.7,
) -> Population:
    """Draw clients that differ.

    Parameters
    ----------
    n_clients : int
    rng : Generator
    rows, seconds_per_row, seconds_per_byte : float
        Medians over the clients.
    spread : float, default=0.5
        Standard deviation of the logarithm of each of the three; 0 for clients alike.
    hours_open : float, default=8
        How long a client is available each day; 24 for always.
    night : float, default=0.7
        Share of the clients that open around one hour, as phones do that are charged
        at night; the others open at any time.

    Examples
    --------
    >>> clients = make_population(10_000, np.random.default_rng(0))
    >>> counts = [len(clients.available(hour * 3600.0)) for hour in range(24)]
    >>> min(counts) < 1500 < 6000 < max(counts)
    True
    """
    _check_population(n_clients, spread, hours_open, night)
    rows_, per_row, per_byte = (
        median * np.exp(spread * rng.normal(size=n_clients))
        for median in (rows, seconds_per_row, seconds_per_byte)
    )
    evening = rng.normal(22 * 3600, 3600, n_clients)
    any_time = rng.uniform(0, DAY, n_clients)
    opens_at = np.where(rng.random(n_clients) < night, evening, any_time) % DAY
    whole = np.maximum(1, np.rint(rows_)).astype(int)
    open_for = np.full(n_clients, hours_open * 3600.0)
    return Population(whole, per_row, per_byte, opens_at, open_for)


def _check_population(n_clients, spread, hours_open, night) -> None:
    if n_clients < 1 or not 0 <= spread < np.inf:
        raise ValueError(
            "n_clients must be at least 1 and spread at least 0, "
            f"got {n_clients!r} and {spread!r}"
        )
    if not (0 < hours_open <= 24 and 0 <= night <= 1):
        raise ValueError(
            "hours_open must lie in (0, 24] and night in [0, 1], "
            f"got {hours_open!r} and {night!r}"
        )


# --- rounds event by event -----------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    """One new version of the model in a simulation's result."""

    version: int
    start: float  # seconds since the beginning
    seconds: float
    started: int  # clients that were sent the model
    received: int  # whose update counted
    late: int  # that would have come, but the server no longer waited
    lost: int  # that went away before they were done
    staleness: float  # versions between an update's start and its use, on average
    done: bool
    n_bytes: int  # up and down together


def simulate_synchronous(
    population: Population,
    n_rounds: int,
    *,
    goal: int,
    n_bytes: int,
    rng: np.random.Generator,
    over_selection: float = 1.3,
    deadline: float = 600.0,
    epochs: float = 1,
    server_seconds_per_byte: float = 0.0,
) -> pd.DataFrame:
    """Simulate rounds in which the server waits for ``goal`` clients.

    Parameters
    ----------
    population : Population
    n_rounds : int
    goal : int
        How many updates end a round.
    n_bytes : int
        Of the model, and of an update.
    rng : Generator
    over_selection : float, default=1.3
        How many times ``goal`` are asked, since some will be slow or leave.
    deadline : float, default=600.0
        Seconds after which a round ends; with fewer than ``goal`` it has failed.
    epochs : float, default=1
    server_seconds_per_byte : float, default=0.0
        Of the server's connection, through which updates come one after the other.

    Returns
    -------
    DataFrame
        One row for each round: ``version``, ``start``, ``seconds``, ``started``,
        ``received``, ``late``, ``lost``, ``staleness``, ``done``, ``n_bytes``.

    References
    ----------
    .. [1] Bonawitz et al. (2019), "Towards Federated Learning at Scale: System
       Design", MLSys.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> clients = make_population(100, rng, spread=0, hours_open=24)
    >>> rounds = simulate_synchronous(clients, 2, goal=10, n_bytes=0, rng=rng)
    >>> rounds[["start", "seconds", "started", "received", "late"]]
       start  seconds  started  received  late
    0    0.0      0.1       13        10     3
    1    0.1      0.1       13        10     3
    """
    _check_simulation(population, goal, n_bytes, deadline)
    work = population.work_seconds(epochs, n_bytes)
    service = n_bytes * server_seconds_per_byte
    time, rows = 0.0, []
    for version in range(n_rounds):
        there = population.available(time)
        asked = min(len(there), round(goal * over_selection))
        chosen = rng.choice(there, size=asked, replace=False)
        stays = work[chosen] <= population.seconds_left(time)[chosen]
        ends = list(_queue(np.sort(work[chosen[stays]]), service))
        within = sum(end <= deadline for end in ends)
        done = within >= goal
        seconds = ends[goal - 1] if done else deadline
        received = goal if done else within
        rows.append(
            _Row(
                version=version,
                start=time,
                seconds=seconds,
                started=asked,
                received=received,
                late=len(ends) - received,
                lost=asked - len(ends),
                staleness=0.0,
                done=done,
                n_bytes=n_bytes * (asked + received),
            )
        )
        time += seconds
    return pd.DataFrame([asdict(row) for row in rows])


def _queue(arrivals: np.ndarray, service: float) -> Iterator[float]:
    """Yield when each update is in: one at a time, in the order they arrive."""
    free = 0.0
    for arrival in arrivals.tolist():
        free = max(free, arrival) + service
        yield free


def simulate_buffered(
    population: Population,
    n_versions: int,
    *,
    goal: int,
    n_bytes: int,
    rng: np.random.Generator,
    concurrency: int | None = None,
    epochs: float = 1,
    server_seconds_per_byte: float = 0.0,
    patience: float = DAY,
) -> pd.DataFrame:
    """Simulate a server that waits for nobody: every ``goal`` updates it moves on.

    ``concurrency`` clients train at any time; whoever delivers or leaves is replaced
    at once by another. A slow client holds nobody up, but its update is stale.

    Parameters
    ----------
    n_versions : int
        How many times the model moves.
    concurrency : int, optional
        As many as ``goal`` if left to itself.
    patience : float, default=86400
        Seconds without a new version after which the simulation gives up; the result
        is then shorter.

    Other parameters and the result are those of `simulate_synchronous`; ``late`` is
    always 0.

    References
    ----------
    .. [1] Nguyen et al. (2022), "Federated Learning with Buffered Asynchronous
       Aggregation", AISTATS.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> clients = make_population(100, rng, spread=0, hours_open=24)
    >>> moves = simulate_buffered(clients, 2, goal=10, n_bytes=0, rng=rng)
    >>> moves[["start", "seconds", "received", "staleness"]]
       start  seconds  received  staleness
    0    0.0      0.1        10        0.0
    1    0.1      0.1        10        0.9
    """
    _check_simulation(population, goal, n_bytes, patience)
    concurrency = goal if concurrency is None else concurrency
    if not 1 <= concurrency <= len(population):
        raise ValueError(
            f"concurrency must lie between 1 and the {len(population)} clients, "
            f"got {concurrency}"
        )
    work = population.work_seconds(epochs, n_bytes)
    server = _Buffer(goal, n_bytes, n_bytes * server_seconds_per_byte)
    # time, client, version it began at, whether it delivers
    events: list[tuple[float, int, int, bool]] = []
    busy: set[int] = set()

    def hire(time: float) -> bool:
        """Give the model to one more client; False if nobody is there."""
        client = _somebody(population, time, busy, rng)
        if client is None:
            return False
        busy.add(client)
        server.started += 1
        stays = population.stay(client, time)
        end = time + min(seconds[client], stays)
        delivers = seconds[client] <= stays
        heapq.heappush(events, (end, client, server.version, delivers))
        return True

    heapq.heappush(events, (0.0, NOBODY, 0, False))
    idle, polling, seconds = concurrency, True, work.tolist()
    while server.version < n_versions:
        time, client, version, delivers = heapq.heappop(events)
        if time - server.moved_at > patience:
            break
        if client == NOBODY:
            polling = False
        else:
            busy.discard(client)
            time = server.take(time, version, delivers)
            idle += 1
        while idle and hire(time):
            idle -= 1
        if idle and not polling:  # look again in a minute, for all places at once
            polling = True
            heapq.heappush(events, (time + 60.0, NOBODY, 0, False))
    return pd.DataFrame([asdict(row) for row in server.rows])


def _somebody(population, time, busy, rng, tries: int = 50) -> int | None:
    """Draw a client that is there and free; None if none of ``tries`` is."""
    for client in rng.integers(0, len(population), tries).tolist():
        if client not in busy and population.stay(client, time) > 0:
            return client
    free = np.setdiff1d(population.available(time), list(busy))
    return int(rng.choice(free)) if len(free) else None


class _Buffer:
    """The server of `simulate_buffered`: it fills up, and then the model moves."""

    def __init__(self, goal: int, n_bytes: int, service: float):
        self.goal, self.n_bytes, self.service = goal, n_bytes, service
        self.version, self.moved_at, self.free = 0, 0.0, 0.0
        self.started = self.lost = 0
        self.ages: list[int] = []
        self.rows: list[_Row] = []

    def take(self, time: float, version: int, delivers: bool) -> float:
        """Note that a client delivers what it began at a version, or has left.

        Returns when that is done, and another client may take its place.
        """
        if not delivers:
            self.lost += 1
            return time
        self.free = max(self.free, time) + self.service
        self.ages.append(self.version - version)
        if len(self.ages) == self.goal:
            self._move()
        return self.free

    def _move(self) -> None:
        self.rows.append(
            _Row(
                version=self.version,
                start=self.moved_at,
                seconds=self.free - self.moved_at,
                started=self.started,
                received=self.goal,
                late=0,
                lost=self.lost,
                staleness=float(np.mean(self.ages)),
                done=True,
                n_bytes=self.n_bytes * (self.started + self.goal),
            )
        )
        self.version, self.moved_at = self.version + 1, self.free
        self.started, self.lost, self.ages = 0, 0, []


def _check_simulation(population, goal, n_bytes, wait) -> None:
    if not 1 <= goal <= len(population):
        raise ValueError(
            f"goal must lie between 1 and the {len(population)} clients, got {goal}"
        )
    if n_bytes < 0 or not wait > 0:
        raise ValueError(
            "n_bytes must be at least 0 and a deadline above 0, "
            f"got {n_bytes!r} and {wait!r}"
        )
