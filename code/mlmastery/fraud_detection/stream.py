"""`FraudStream`: producer, scorers and the live page as processes of one machine."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any, Self

from .brokers import Broker, BrokerDown
from .config import FraudStreamConfig
from .processes import Child
from .reasons import in_words
from .scoring_models import load_model
from .store import Store

__all__ = ["FraudStream"]

LOOK = 0.05  # seconds between two looks at the processes
STARTING = 10.0  # seconds that a scorer may take until it first holds its lease
COMMAND = (sys.executable, "-m", "mlmastery.fraud_detection")


class FraudStream:
    """Run the stream as real processes; start again what ends; stop in order.

    Parameters
    ----------
    config : FraudStreamConfig
    config_path : str or Path
        The file that the child processes read.
    broker : Broker, optional
        Connection of the supervisor's own; opened by the configuration otherwise.
    command : sequence of str, optional
        What starts a child; ``produce`` or ``score`` and its arguments follow.

    Attributes
    ----------
    children : dict of str to Child
        ``"producer"``, ``"scorer-0"``, …
    restarts : int
        Processes that were started again.

    Raises
    ------
    ModelError
        If the model cannot be used.
    FileNotFoundError
        If there are no events.
    """

    def __init__(
        self,
        config: FraudStreamConfig,
        config_path: str | Path,
        broker: Broker | None = None,
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        if not config.path(config.events).exists():
            raise FileNotFoundError(f"no events: {config.path(config.events)}")
        load_model(config.path(config.model))
        self.config, self.config_path, self.command = config, config_path, command
        self.children: dict[str, Child] = {}
        self.retired: list[Child] = []
        self.restarts, self.produced = 0, False
        self.notes: deque[str] = deque(maxlen=20)
        self._broker = broker
        self._began: dict[str, float] = {}
        self._stopping = threading.Event()
        self._lock, self._asking = threading.RLock(), threading.Lock()
        self._speeds: deque[tuple[float, int]] = deque(maxlen=40)

    def __enter__(self) -> Self:
        self._lock_folder()
        try:
            self._open()
        except BaseException:
            self._unlock()
            raise
        return self

    def _open(self) -> None:
        with Store(self.config.path("store.db")) as store:  # before two create it
            store.agree("partitions", self.config.partitions)
        if self._broker is None:
            self._broker = self.config.open_broker()
        for partition in range(self.config.partitions):
            self._start(f"scorer-{partition}")
        self._start("producer")
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _lock_folder(self) -> None:
        """Hold the folder; SQLite's lock ends with the process, however it ends.

        Two producers of one log would each take the other's events for their own.
        """
        self._held = sqlite3.connect(
            self.config.path("running.db"), timeout=0, check_same_thread=False
        )
        try:
            self._held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._held.close()
            if "locked" not in str(error):
                raise
            raise FileExistsError(
                f"a stream is already running in {self.config.folder}"
            ) from None

    def _unlock(self) -> None:
        self._held.close()  # the file stays: another process may be about to lock it

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._watcher.join()
        children = [*self.children.values(), *self.retired]
        for child in children:
            child.send(signal.SIGCONT)
            child.send(signal.SIGTERM)
        for child in children:
            child.stop()
        if self._broker is not None:
            self._broker.close()
        self._unlock()

    def _start(self, name: str) -> None:
        kind, _, number = name.partition("-")
        action = "produce" if kind == "producer" else "score"
        words = [*self.command, action, str(self.config_path)]
        if number:
            words.append(number)
        log = self.config.path(f"{name}.log")
        self.children[name] = Child(words, log)
        self._began[name] = time.monotonic()

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK):
            try:
                with self._lock:
                    self._look()
            except (sqlite3.Error, OSError) as error:  # a full disk, a locked store
                note = f"the supervisor waits: {error}"
                if not self.notes or self.notes[-1] != note:
                    self.notes.append(note)

    def _look(self) -> None:
        for name, child in list(self.children.items()):
            if child.status is None:
                self._replace_frozen(name, child)
            elif name == "producer" and child.status == 0:
                self.produced = True
            else:
                child.close()
                self._free(name, child)
                self._again(name, f"{name} ended with status {child.status}")

    def _free(self, name: str, child: Child) -> None:
        """End the lease of a process that is known to be dead: no one has to wait."""
        if name == "producer":
            return
        with Store(self.config.path("store.db")) as store:
            store.release_of(f"process {child.pid}")

    def _replace_frozen(self, name: str, child: Child) -> None:
        """Start another scorer where one has let its lease run out."""
        age = time.monotonic() - self._began[name]
        if name == "producer" or age < max(self.config.lease, STARTING):
            lease = None
        else:
            with Store(self.config.path("store.db")) as store:
                lease = store.lease(int(name.partition("-")[2]))
        if lease is None or lease[2] > -self.config.lease:
            return
        for old in [c for c in self.retired if c.status is None]:
            old.kill()
        self.retired.append(child)
        self._again(name, f"{name} is silent, another one takes its partition")

    def _again(self, name: str, note: str) -> None:
        if self.restarts > 3:
            time.sleep(0.2)  # what cannot start must not fill the log
        self.restarts += 1
        self.notes.append(note)
        self._start(name)

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to a process, as a fault does."""
        with self._lock:
            self.children[name].send(number)
            if number == signal.SIGKILL:
                self.children[name].process.wait()

    def positions(self) -> list[int]:
        """Return the offset of each partition up to which effects are written."""
        with Store(self.config.path("store.db")) as store:
            return [store.position(p) for p in range(self.config.partitions)]

    def lag(self) -> list[int]:
        """Return how many events of each partition wait for their scores."""
        assert self._broker is not None
        with self._asking:  # the page asks from threads of its own
            ends = [self._broker.end(p) for p in range(self.config.partitions)]
        return [end - at for end, at in zip(ends, self.positions(), strict=True)]

    def wait(self, seconds: float, events: int | None = None) -> bool:
        """Wait until all events have their effects, or this many; return whether so."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(BrokerDown):
                if events is not None and sum(self.positions()) >= events:
                    return True
                if self.produced and not any(self.lag()):
                    return True
            time.sleep(LOOK)
        return False

    def status(self) -> dict[str, Any]:
        """Return what the live page shows."""
        try:
            lag: list[int] | None = self.lag()
        except (BrokerDown, AssertionError):
            lag = None
        with Store(self.config.path("store.db")) as store:
            found = _stored(store)
        self._speeds.append((time.monotonic(), found["counts"].get("scored", 0)))
        state = "broker down" if lag is None else self._state(lag)
        if self._broker is None:
            state = "starting"
        return found | {
            "state": state,
            "broker": self.config.broker,
            "lag": lag or [],
            "rate": self._speed(),
            "restarts": self.restarts,
            "notes": list(self.notes)[-4:],
        }

    def _state(self, lag: list[int]) -> str:
        return "finished" if self.produced and not any(lag) else "running"

    def _speed(self) -> float:
        """Return the transactions a second of the last seconds."""
        now = self._speeds[-1][0]
        recent = [pair for pair in self._speeds if pair[0] >= now - 4]
        (start, before), (stop, after) = recent[0], recent[-1]
        return (after - before) / (stop - start) if stop > start else 0.0


def _stored(store: Store) -> dict[str, Any]:
    """Return what the page shows of the store."""
    names = ("partition", "day", "rate", "value", "side")
    alerts = [a | {"reason": in_words(a["reason"])} for a in store.newest_alerts()]
    letters, alarms = store.table("dead_letters")[-5:], store.table("alarms")[-5:]
    return {
        "counts": store.counts(),
        "latencies": store.latencies(),
        "alerts": alerts,
        "n_alerts": store.size("alerts"),
        "versions": sorted({row[2] for row in store.table("positions")}),
        "dead": [
            {"partition": row[0], "offset": row[1], "reason": row[3]} for row in letters
        ],
        "alarms": [dict(zip(names, row, strict=True)) for row in alarms],
        "swaps": [f"partition {row[0]}: {row[3]}" for row in store.table("swaps")[-4:]],
    }
