"""Fetch a table from a web API: page by page, politely, and again if it fails."""

import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
import requests

from mlmastery.data_exploration.records import TableError, frame_of_records
from mlmastery.validation import check_number

logger = logging.getLogger(__name__)
RETRY = {429, 500, 502, 503, 504}  # busy or broken for the moment


def fetch_pages(
    url: str,
    *,
    params: Mapping[str, Any] | None = None,
    next_key: str = "next",
    timeout: float = 10.0,
    attempts: int = 4,
    pause: float = 0.5,
    per_second: float = 5.0,
    max_pages: int = 1000,
    sleep: Callable[[float], None] = time.sleep,
) -> pd.DataFrame:
    """Return the records of all pages of an API as one table.

    Each answer is JSON: a list of records, or an object with one list of records and,
    under ``next_key``, the address of the next page or nothing.

    Parameters
    ----------
    url : str
        The first page.
    params : mapping, optional
        Put into the first address, as in ``{"limit": 100}``.
    next_key : str, default="next"
        Where an answer names the next page.
    timeout : float, default=10.0
        Seconds to wait for the server; without it a silent one would hang us forever.
    attempts : int, default=4
        How often to ask for one page.
    pause : float, default=0.5
        Seconds before the second attempt, doubled before each later one, unless the
        server says how long in ``Retry-After``.
    per_second : float, default=5.0
        At most so many requests per second.
    max_pages : int, default=1000
        Where to stop an API whose pages never end.
    sleep : callable, default=time.sleep
        What waiting means; tests replace it.

    Returns
    -------
    DataFrame

    Raises
    ------
    TableError
        Naming the address: no answer, a refusal, no table in the answer, a page that
        comes round again, or more pages than ``max_pages``.
    """
    if attempts < 1:
        raise ValueError(f"attempts must be at least 1, got {attempts}")
    check_number(per_second, "per_second", open=True)
    first = requests.Request("GET", url, params=dict(params or {})).prepare().url
    ask = _RetryingClient(timeout, attempts, pause, 1 / per_second, sleep)
    with requests.Session() as session:
        pages = _pages(first or url, next_key, max_pages, session, ask)
        frames = [frame for frame in pages if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _pages(
    url: str,
    next_key: str,
    max_pages: int,
    session: requests.Session,
    ask: "_RetryingClient",
) -> Iterator[pd.DataFrame]:
    seen: set[str] = set()
    following: str | None = url
    while following:
        if following in seen:
            raise TableError(f"{following} comes round again: its pages form a circle")
        if len(seen) == max_pages:
            raise TableError(f"{url} has more than max_pages={max_pages} pages")
        seen.add(following)
        content = ask(session, following)
        yield frame_of_records(content, following)
        step = content.get(next_key) if isinstance(content, dict) else None
        following = requests.compat.urljoin(following, step) if step else None


class _RetryingClient:
    """Request one page at a time, at a limited rate, again where that may help."""

    def __init__(
        self,
        timeout: float,
        attempts: int,
        pause: float,
        interval: float,
        sleep: Callable[[float], None],
    ) -> None:
        self.timeout, self.attempts, self.pause = timeout, attempts, pause
        self.interval, self.sleep = interval, sleep
        self._last = -interval

    def __call__(self, session: requests.Session, url: str) -> Any:
        for attempt in range(1, self.attempts + 1):
            wait = self.pause * 2 ** (attempt - 1)
            try:
                response = self._get(session, url)
            except (requests.ConnectionError, requests.Timeout) as error:
                reason = type(error).__name__
            else:
                if response.status_code not in RETRY:
                    return _content(response, url)
                reason = f"status {response.status_code}"
                wait = _asked_to_wait(response, wait)
            if attempt < self.attempts:
                logger.info("%s: %s, again in %.1f s", url, reason, wait)
                self.sleep(wait)
        raise TableError(f"{url} did not answer in {self.attempts} attempts: {reason}")

    def _get(self, session: requests.Session, url: str) -> requests.Response:
        early = self._last + self.interval - time.monotonic()
        if early > 0:
            self.sleep(early)
        self._last = time.monotonic()
        return session.get(url, timeout=self.timeout)


def _asked_to_wait(response: requests.Response, wait: float) -> float:
    """Return the seconds of Retry-After, where the server sent them as a number."""
    try:
        seconds = float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return wait
    return seconds if 0 <= seconds < math.inf else wait


def _content(response: requests.Response, url: str) -> Any:
    if not response.ok:
        raise TableError(f"{url} refused with status {response.status_code}")
    try:
        return response.json()
    except requests.exceptions.JSONDecodeError as error:
        raise TableError(f"{url} did not answer with JSON: {error}") from error
