"""Who is there: signs of life, and the decision that somebody is lost.

A process that is slow and one that is dead look the same from outside. All a failure
detector can do is suspect after a silence; what follows from a wrong suspicion must
therefore be harmless.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]


class FailureDetector:
    """Suspect whoever has been silent for too long.

    Parameters
    ----------
    silence : float
        Seconds without a sign of life.
    clock : callable, default=time.monotonic
        Tests pass their own.

    Examples
    --------
    >>> now = 0.0
    >>> detector = FailureDetector(silence=3.0, clock=lambda: now)
    >>> detector.heard("anna")
    >>> now = 3.5
    >>> detector.suspects()
    ['anna']
    """

    def __init__(self, silence: float, clock: Clock = time.monotonic):
        if not silence > 0:
            raise ValueError(f"silence must be above 0 seconds, got {silence}")
        self.silence, self._clock = silence, clock
        self._heard: dict[str, float] = {}

    def heard(self, name: str) -> None:
        """Note a sign of life; any message is one."""
        self._heard[name] = self._clock()

    def forget(self, name: str) -> None:
        """Expect no further sign of life."""
        self._heard.pop(name, None)

    def age(self, name: str) -> float:
        """Return the seconds since the last sign of life."""
        return self._clock() - self._heard[name]

    def suspects(self) -> list[str]:
        """Return the names that have been silent for too long."""
        return [name for name in self._heard if self.age(name) > self.silence]


@dataclass
class Member:
    """A worker as the server sees it."""

    name: str
    state: str = "idle"  # idle, working, lost
    updates: int = 0
    failures: int = 0
    bytes_received: int = 0
    why: str = ""


@dataclass
class Membership:
    """Every worker that ever joined; the number grows with each change.

    >>> members = Membership()
    >>> members.join("anna"), members.join("ben"), members.lose("anna", "killed")
    (1, 2, 3)
    >>> members.alive
    ['ben']
    """

    members: dict[str, Member] = field(default_factory=dict)
    version: int = 0

    def join(self, name: str) -> int:
        """Add a worker, or take one back that was lost."""
        self.members.setdefault(name, Member(name)).state = "idle"
        return self._changed()

    def lose(self, name: str, why: str) -> int:
        """Count a worker as lost."""
        member = self.members[name]
        member.state, member.why = "lost", why
        member.failures += 1
        return self._changed()

    @property
    def alive(self) -> list[str]:
        """Names of the workers that can be given work, in order."""
        return sorted(n for n, m in self.members.items() if m.state != "lost")

    def _changed(self) -> int:
        self.version += 1
        return self.version


class Heartbeat:
    """Call a function regularly in a thread of its own until stopped.

    An error of the function ends it: who cannot send has lost the connection, and
    the main thread learns that by itself.
    """

    def __init__(self, beat: Callable[[], None], interval: float):
        self._beat, self._interval = beat, interval
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            try:
                self._beat()
            except OSError:
                return

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self._stopped.set()
        self._thread.join(5.0)
