"""Ask a service many times, and say how long the answers took.

>>> percentile([3.0, 1.0, 2.0], 0.5)
2.0
"""

from __future__ import annotations

import http.client
import json
import math
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mlmastery.validation import as_sample, check_count, check_share

BUSY = 503

__all__ = ["LoadResult", "load_rounds", "load_test", "percentile"]


class LoadResult(NamedTuple):
    """The answers of a load test.

    Examples
    --------
    >>> LoadResult(2.0, [0.1, 0.3], [200, 503], 0).rate
    1.0
    """

    seconds: float
    latencies: list[float]  # seconds, one for each answer
    statuses: list[int]
    retries: int

    @property
    def rate(self) -> float:
        """Return the answers a second."""
        return len(self.latencies) / self.seconds


def percentile(values: Any, share: float) -> float:
    """Return the smallest value that at least this share of the values do not exceed.

    Parameters
    ----------
    values : array of shape (n,)
    share : float
        0.99 for the 99th percentile.

    Examples
    --------
    >>> percentile(range(1, 101), 0.99)
    99.0
    """
    ordered = sorted(as_sample(values, "values", minimum=1).tolist())
    # 0.99 * 100 is a little more than 99 in floating point.
    rank = math.ceil(round(check_share(share, "share") * len(ordered), 9))
    return float(ordered[max(rank, 1) - 1])


def load_test(
    address: str,
    path: str,
    bodies: Sequence[Any],
    *,
    concurrency: int = 8,
    retries: int = 0,
) -> LoadResult:
    """Post bodies from several threads, each with one connection that stays open.

    Parameters
    ----------
    address : str
        Such as ``http://127.0.0.1:8000``.
    path : str
    bodies : sequence
        What is sent as JSON.
    concurrency : int, default=8
        Threads.
    retries : int, default=0
        How often a request without an answer, or refused by 503, is sent again.

    Returns
    -------
    LoadResult

    Raises
    ------
    ConnectionError
        If a request stays without an answer after its retries.
    """
    check_count(concurrency, "concurrency")
    queue = iter([json.dumps(body).encode() for body in bodies])
    client = _Client(urlsplit(address).netloc, path, queue, retries)
    threads = [threading.Thread(target=client.work) for _ in range(concurrency)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if client.unanswered:
        raise ConnectionError(f"no answer: {client.trouble[-1]}")
    return LoadResult(seconds, client.latencies, client.statuses, client.again)


def load_rounds(
    address: str, plan: Mapping[str, tuple[str, Any, int, int]], rounds: int = 3
) -> dict[str, list[LoadResult]]:
    """Run several load tests in turn, from a process of its own.

    Threads of one Python process take turns: a client beside the server would slow it
    down, and a quick route more than a slow one.

    Parameters
    ----------
    address : str
        Such as ``http://127.0.0.1:8000``.
    plan : mapping of str to (path, body, requests, callers)
        For each test where and what is sent, how often in one round, and by how many
        threads.
    rounds : int, default=3
        Each goes once through the plan.

    Returns
    -------
    dict of str to list of LoadResult
        The rounds of each test.

    Raises
    ------
    ConnectionError
        If a request stays without an answer.
    """
    check_count(rounds, "rounds")
    done = subprocess.run(
        [sys.executable, "-m", "mlmastery.mlops.load"],
        input=json.dumps([address, dict(plan), rounds]),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        raise ConnectionError(f"the load test ended early: {''.join(last)}")
    found = json.loads(done.stdout)
    return {name: [LoadResult(*r) for r in results] for name, results in found.items()}


def _all_rounds(
    address: str, plan: Mapping[str, Sequence[Any]], rounds: int
) -> dict[str, list[LoadResult]]:
    results: dict[str, list[LoadResult]] = {name: [] for name in plan}
    for _ in range(rounds):
        for name, (path, body, requests, callers) in plan.items():
            run = load_test(address, path, [body] * requests, concurrency=callers)
            results[name].append(run)
    return results


class _Client:
    def __init__(self, place: str, path: str, queue: Iterable[bytes], retries: int):
        self.place, self.path, self.retries = place, path, retries
        self.latencies: list[float] = []
        self.statuses: list[int] = []
        self.trouble: list[Exception] = []
        self.unanswered = 0
        self.again = 0
        self._queue, self._lock = iter(queue), threading.Lock()

    def work(self) -> None:
        connection = http.client.HTTPConnection(self.place, timeout=30)
        while True:
            with self._lock:  # an iterator must not be advanced by two at once
                body = next(self._queue, None)
            if body is None:
                connection.close()
                return
            began = time.perf_counter()
            status = self._ask(connection, body)
            if status is None:
                self.unanswered += 1
            else:
                self.latencies.append(time.perf_counter() - began)
                self.statuses.append(status)

    def _ask(self, connection: http.client.HTTPConnection, body: bytes) -> int | None:
        for attempt in range(self.retries + 1):
            status = self._once(connection, body)
            if status not in (None, BUSY) or attempt == self.retries:
                return status
            with self._lock:
                self.again += 1
            time.sleep(0.05 * attempt)
        return None

    def _once(self, connection: http.client.HTTPConnection, body: bytes) -> int | None:
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", self.path, body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()  # the next request opens it again
            self.trouble.append(error)
            return None
        return answer.status


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_all_rounds(*json.load(sys.stdin))))
