"""The running system: service, replay, monitor, retraining, and a status page.

python -m mlmastery.mlops up --folder state --port 8021 --speed 1
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import fcntl
import json
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.storage import replacing
from mlmastery.validation import check_count, check_number

from .alerts import AlertBook, load_rules
from .days import DayCounts
from .flight_rows import CATEGORIES, FEATURES, NUMBERS, departures
from .live import alerting, free_port, missing_programs
from .monitor import Monitor, daily_performance
from .monitor_faults import frozen_columns
from .panel import drift_panel
from .psi import Bins
from .registry import ModelRegistry, RegistryError
from .retrain import FIRST, SERVICE, WINDOW, open_registry, register_champion
from .rollout import CanaryController
from .story import MORNING, DayChart, fit_chart
from .story import known as labelled
from .tether import with_parent
from .training import probabilities

__all__ = ["Progress", "Replay", "StartError", "Supervisor", "main", "up"]

DAY = pd.Timedelta(days=1)
SHARE = 0.3
BATCH = 500  # flights a request
CANARY_DAYS, PAUSE_DAYS = 28, 7
TRAINING_SECONDS = 300
WATCHED = ("temp", "wind_speed", "visib", "precip", "pressure", *CATEGORIES)
NEVER_CONSTANT = ("temp", "pressure", "wind_speed")
KEPT_EVENTS = 200
RESTARTED = "service restarted"


class StartError(RuntimeError):
    """The system cannot start; the message says why."""


class Supervisor:
    """The prediction service as a child process that is started again when it ends.

    Parameters
    ----------
    folder : Path
        With the registry; its log goes there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.starts, self.ending = 0, False
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """The service's own address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int | None:
        """The number of the process that was started last."""
        return self.process.pid if self.process else None

    def ensure(self, seconds: float = 60) -> bool:
        """Start the service where it does not run; return whether it was started.

        After `stop` nothing is started again.

        Raises
        ------
        TimeoutError
            If no model is ready in time.
        """
        with self._lock:
            if self.alive or self.ending:
                return False
            self.process = self._start()
            self.starts += 1
            deadline = time.monotonic() + seconds
            while self.alive and not self.ending and time.monotonic() < deadline:
                if _get(f"{self.address}/readyz") is not None:
                    return True
                time.sleep(0.05)
            raise TimeoutError("the service has no model ready; see service.log")

    def _start(self) -> subprocess.Popen[bytes]:
        words = ["-m", "mlmastery.mlops", "serve", "--state", str(self.folder)]
        words += ["--port", str(self.port), "--share", str(SHARE)]
        env = os.environ | {"MLOPS_REFRESH": "0.3", "OMP_NUM_THREADS": "1"}
        env = with_parent(env)
        with (self.folder / "service.log").open("ab") as log:
            # A group of its own: Ctrl-C in the terminal reaches the supervisor alone,
            # which ends the service when all answers are given.
            return subprocess.Popen(
                [sys.executable, *words],
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> None:
        """End the service."""
        self.ending = True  # whoever waits for it to be ready waits no longer
        with self._lock:
            if self.process is None:
                return
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@dataclass
class Progress:
    """State for a restart, written whole after each simulated day.

    Parameters
    ----------
    day : str
        The next day to be served.
    """

    day: str = SERVICE
    version: int = 1
    since: str = SERVICE
    known_from: str = FIRST
    known_to: str = SERVICE
    challenger: int | None = None
    canary_since: str = ""
    quiet_until: str = SERVICE
    chart: dict[str, float] = field(default_factory=dict)
    failed: int = 0
    days: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Progress:
        """Return what the file holds, or a beginning where there is none.

        Raises
        ------
        StartError
            If the file is damaged.
        """
        if not path.exists():
            return cls()
        try:
            read = cls(**json.loads(path.read_text(encoding="utf-8")))
            pd.Timestamp(read.day)
            return read
        except (ValueError, TypeError) as error:
            raise StartError(f"{path} is damaged: {error}") from error

    def write(self, path: Path) -> None:
        """Write the file whole, or leave the old one."""
        with replacing(path, "w") as file:
            json.dump(asdict(self), file)


class Replay:
    """Flights in their order: asked, answered, labelled, monitored, retrained.

    Parameters
    ----------
    folder : Path
    supervisor : Supervisor
    registry : ModelRegistry
    speed : float
        Simulated days a second.
    """

    def __init__(
        self,
        folder: Path,
        supervisor: Supervisor,
        registry: ModelRegistry,
        speed: float,
    ) -> None:
        self.folder, self.supervisor, self.registry = folder, supervisor, registry
        self.speed = check_number(speed, "speed", open=True)
        self.path = folder / "progress.json"
        self.progress = Progress.read(self.path)
        self.frame = departures(FIRST, "2014-01-01")
        self.tables = self._count_days()
        self.monitor = Monitor(folder / "monitor.db")
        self.book = AlertBook(load_rules())
        self.severity = {rule.name: rule for rule in self.book.rules}
        self.metrics: dict[str, float] = {}
        self.drift: list[dict[str, Any]] = []
        self.latencies: deque[float] = deque(maxlen=500)
        self.answered, self.began = 0, time.monotonic()
        self.external: deque[dict[str, str]] = deque(maxlen=KEPT_EVENTS)
        self.state, self.stopping = "starting", threading.Event()
        self.controller: CanaryController | None = None
        self.training: subprocess.Popen[str] | None = None
        self.deadline = 0.0
        self.chart = self._restore_chart()
        self._agree_with_registry()

    def _agree_with_registry(self) -> None:
        """Go on from the aliases, which are set before the progress is written."""
        aliases = self.registry.aliases()
        if aliases["champion"] != self.progress.version:
            self.progress.challenger = None
            self._promote(pd.Timestamp(self.progress.day) - DAY, aliases["champion"])
        if "challenger" in aliases and self.progress.challenger is None:
            # Nothing would judge this canary.
            self.registry.remove_alias("challenger")

    def _count_days(self) -> dict[str, DayCounts]:
        """Bin the features by the days on which the champion was trained."""
        known = self._between(self.progress.known_from, self.progress.known_to)
        days = self.frame["date"]
        return {c: DayCounts(self.frame[c], days, Bins(known[c])) for c in WATCHED}

    def _restore_chart(self) -> DayChart:
        if not self.progress.chart:
            return self._fit_chart()
        values = dict(self.progress.chart)
        high, low = values.pop("high"), values.pop("low")
        chart = DayChart(**values)
        chart.chart.high, chart.chart.low = high, low
        return chart

    def _fit_chart(self) -> DayChart:
        model = self.registry.load("champion")
        known = self._between(self.progress.known_from, self.progress.known_to)
        p = probabilities(model, known)
        table = daily_performance(known["late"], p, known["date"])
        return fit_chart(
            (table["observed"] - table["expected"]) / table["n"], random_state=0
        )

    def _between(self, start: Any, stop: Any) -> pd.DataFrame:
        days = self.frame["date"]
        return self.frame[(days >= pd.Timestamp(start)) & (days < pd.Timestamp(stop))]

    def run(self) -> None:
        """Serve day after day until told to stop, or the year is over."""
        last = self.frame["date"].max()
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                if self.training is not None:
                    # At its own speed a day is longer than a training: time waits.
                    self._finish_training(pd.Timestamp(self.progress.day) - DAY)
                    self.stopping.wait(0.05)
                    continue
                if pd.Timestamp(self.progress.day) > last:
                    self.state = "finished"
                    self.stopping.wait(0.2)
                    continue
                self.one_day()
                self.state = "running"
            except Exception as error:  # a thread that ends would leave a calm page
                if self.stopping.is_set():
                    break
                # The same day is tried again: nothing is skipped or counted twice.
                self.state = "degraded"
                self.note("trouble", f"{type(error).__name__}: {error}")
                self.stopping.wait(1)
            rest = 1 / self.speed - (time.monotonic() - began)
            self.stopping.wait(max(rest, 0.001))

    def one_day(self) -> None:
        """Serve and monitor one simulated day; then write the progress.

        Where a part of it fails, all is as it was before the day.
        """
        kept = ("progress", "chart", "controller", "book")
        before = copy.deepcopy({name: getattr(self, name) for name in kept})
        try:
            self._one_day()
        except BaseException:
            known = before["progress"].events
            restarts = [e for e in self.progress.events if e["what"] == RESTARTED]
            known += [event for event in restarts if event not in known]
            vars(self).update(before)
            raise

    def _one_day(self) -> None:
        day = pd.Timestamp(self.progress.day)
        flights = self._between(day, day + DAY)
        answers = self._ask(flights)
        self._remember(flights, answers)
        if not self.monitor.advance(day):
            self.note("clock went back", f"{day:%Y-%m-%d} is before the last day seen")
        self._measure(day, flights, answers)
        self._judge_canary(day, flights, answers)
        self._raise_alarm(day)
        self.progress.day = str((day + DAY).date())
        self._write()

    def _write(self) -> None:
        chart = self.chart
        self.progress.chart = {
            "spread": chart.spread,
            "limit": chart.limit,
            "mean": chart.mean,
            "high": chart.chart.high,
            "low": chart.chart.low,
        }
        self.progress.write(self.path)

    def _ask(self, flights: pd.DataFrame) -> list[dict[str, Any]]:
        """Ask the service; after a failure it is started again and asked again."""
        rows = _as_requests(flights)
        answers: list[dict[str, Any]] = []
        for start in range(0, len(rows), BATCH):
            body = {"flights": rows[start : start + BATCH]}
            answers += self._post(body)["predictions"]
        self.answered += len(answers)
        return answers

    def _post(self, body: dict[str, Any], tries: int = 5) -> dict[str, Any]:
        for _ in range(tries):
            if self.supervisor.ensure() and self.supervisor.starts > 1:
                self.note(RESTARTED, "the process had ended")
            began = time.monotonic()
            found = _post(f"{self.supervisor.address}/predict-batch", body)
            if found is not None:
                self.latencies.append(time.monotonic() - began)
                return found
            time.sleep(0.1)
        raise TimeoutError(f"the service did not answer {tries} times")

    def _remember(self, flights: pd.DataFrame, answers: list[dict[str, Any]]) -> None:
        """Give the monitor what was predicted, and the labels that have come since."""
        self.monitor.take_predictions(
            (a["id"], moment, a["probability"], a["version"])
            for a, moment in zip(answers, _local(flights), strict=True)
        )
        today = pd.Timestamp(self.progress.day)
        morning = today + DAY + MORNING
        recent = self._between(today - 3 * DAY, today + DAY)
        came = recent["known_at"].between(morning - DAY, morning, inclusive="left")
        labels = recent[came]
        known = _local(labels) + (labels["known_at"] - labels["scheduled"])
        self.monitor.take_labels(zip(labels["id"], labels["late"], known, strict=True))

    def _measure(
        self, day: pd.Timestamp, flights: pd.DataFrame, answers: list[dict[str, Any]]
    ) -> None:
        p = np.array([a["probability"] for a in answers])
        row = daily_performance(flights["late"], p, flights["date"]).iloc[0]
        seen = labelled(flights, day + DAY)
        inside = flights.index.isin(seen.index)
        if len(seen):  # else the chart waits, and LabelsOverdue says so
            self.chart.update(float((seen["late"] - p[inside]).mean()))
        self.progress.days.append(
            {
                "day": str(day.date()),
                "loss": round(float(row["loss"]), 4),
                "observed": round(float(row["observed"] / row["n"]), 4),
                "expected": round(float(row["expected"] / row["n"]), 4),
                "level": round(self.chart.level, 3),
                "version": self.progress.version,
            }
        )
        if not self.drift or day.weekday() == 0:
            self._measure_drift(day + DAY)
        frozen = frozen_columns(flights, NEVER_CONSTANT)
        self.metrics = {
            "delays_cusum": self.chart.level,
            "delays_features_drifting": float(sum(d["drifting"] for d in self.drift)),
            "delays_features_frozen": float(len(frozen)),
            "delays_labels_known_share": self.monitor.known_share(day - DAY, day),
            "delays_retraining_failed": float(self.progress.failed),
            "delays_service_up": float(self.supervisor.alive),
        }
        for change, name in self.book.evaluate(day.to_pydatetime(), self.metrics):
            self.note(f"alert {change}", name, day)

    def _measure_drift(self, now: pd.Timestamp) -> None:
        known = self.progress.known_from, self.progress.known_to
        panel = drift_panel(self.tables, WATCHED, *known, now)
        self.drift = [
            {"feature": str(name), **row.to_dict()} for name, row in panel.iterrows()
        ]
        for entry in self.drift:
            entry["drifting"] = bool(entry["drifting"])

    def _judge_canary(
        self, day: pd.Timestamp, flights: pd.DataFrame, answers: list[dict[str, Any]]
    ) -> None:
        if self.progress.challenger is None:
            return
        if self.controller is None:
            self.controller = CanaryController(SHARE, 500, margin=0.03)
        seen = flights.index.isin(labelled(flights, day + DAY).index)
        told = [a for a, inside in zip(answers, seen, strict=True) if inside]
        arms = [a["arm"] for a in told]
        p = [a["probability"] for a in told]
        late = flights["late"][seen].tolist()
        decision = self.controller.observe_many(arms, p, late)
        over = day >= pd.Timestamp(self.progress.canary_since) + CANARY_DAYS * DAY
        if decision == "continue" and not over:
            return
        version, self.controller = self.progress.challenger, None
        self.progress.challenger = None
        if decision == "promote":
            self._promote(day, version)
        else:
            self.note("rolled back", f"version {version}", day)
            self._pause(day)
        self.registry.remove_alias("challenger")

    def _promote(self, day: pd.Timestamp, version: int) -> None:
        self.registry.set_alias("champion", version)
        self.progress.version, self.progress.since = version, str(day.date())
        self.progress.known_from = str((day - (WINDOW - 1) * DAY).date())
        self.progress.known_to = str((day + DAY).date())
        self.chart, self.drift = self._fit_chart(), []
        self.tables = self._count_days()
        self.note("promoted", f"version {version}", day)

    def _pause(self, day: pd.Timestamp) -> None:
        self.progress.quiet_until = str((day + PAUSE_DAYS * DAY).date())
        self.chart.chart.reset()

    def _raise_alarm(self, day: pd.Timestamp) -> None:
        busy = self.training is not None or self.progress.challenger is not None
        quiet = day < pd.Timestamp(self.progress.quiet_until)
        if self.chart.level <= 1 or busy or quiet:
            return
        self.note("alarm", f"{self.chart.level:.2f} of the limit", day)
        if self.metrics["delays_features_frozen"]:
            self.note("no retraining", "a feed is frozen", day)
            self._pause(day)
            return
        tomorrow = str((day + DAY).date())
        words = ["-m", "mlmastery.mlops.retrain", "--folder", str(self.folder)]
        self.training = subprocess.Popen(
            [sys.executable, *words, "--day", tomorrow],
            env=with_parent(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.deadline = time.monotonic() + TRAINING_SECONDS
        self.note("retraining", f"on the days before {tomorrow}", day)

    def _finish_training(self, day: pd.Timestamp) -> None:
        if self.training is None:
            return
        late = time.monotonic() >= self.deadline
        if self.training.poll() is None:
            if not late:
                return
            self.training.kill()
        out, err = self.training.communicate()
        status, self.training = self.training.returncode, None
        try:
            if status:
                raise ChildProcessError(_reason(status, err, late))
            self._take_challenger(day, json.loads(out))
            self.progress.failed = 0
        except Exception as error:  # also of the registry: the champion stays
            self.progress.failed = 1
            self.note("retraining failed", f"the champion stays: {error}", day)
            self._pause(day)
        self._write()

    def _take_challenger(self, day: pd.Timestamp, report: dict[str, Any]) -> None:
        """Begin the canary of a challenger that the gate let pass."""
        version = report["version"]
        if not report["passed"]:
            broken = [name for name, ok in report["checks"].items() if not ok]
            self.note("gate refused", f"version {version}: {', '.join(broken)}", day)
            self._pause(day)
            return
        self.registry.set_alias("challenger", version)
        self.note("gate passed", f"version {version}", day)
        self.progress.challenger = version
        self.progress.canary_since = str(day.date())
        self.controller = None

    def note(self, what: str, detail: str, day: pd.Timestamp | None = None) -> None:
        """Write an event down, at most once in a row."""
        moment = self.progress.day if day is None else str(day.date())
        event = {"day": moment, "what": what, "detail": detail}
        if self.progress.events[-1:] != [event]:
            self.progress.events.append(event)
            del self.progress.events[:-KEPT_EVENTS]

    def status(self) -> dict[str, Any]:
        """Return what the page shows."""
        progress = self.progress
        seconds = max(time.monotonic() - self.began, 1e-9)
        slow = float(np.percentile(self.latencies, 99)) if self.latencies else 0.0
        alerts = [
            {
                "name": name,
                "since": f"{since:%Y-%m-%d}",
                "severity": self.severity[name].severity,
                "action": self.severity[name].annotations.get("action", ""),
            }
            for name, since in list(self.book.firing.items())
        ]
        return {
            "state": self.state,
            "day": progress.day,
            "champion": {"version": progress.version, "since": progress.since},
            "challenger": progress.challenger,
            "share": SHARE if progress.challenger else 0,
            "training": self.training is not None,
            "drift": self.drift,
            "days": progress.days[-120:],
            "alerts": alerts,
            "external": list(self.external)[-5:],
            "events": progress.events[-30:][::-1],
            "answered": self.answered,
            "per_second": round(self.answered / seconds, 1),
            "p99_ms": round(1000 * slow, 1),
            "service": {
                "up": self.supervisor.alive,
                "restarts": max(self.supervisor.starts - 1, 0),
            },
        }

    def stop(self) -> None:
        """End a training that runs, and close the monitor's file."""
        self.stopping.set()
        if self.training is not None:
            self.training.kill()
            self.training.communicate()
        self.monitor.close()


def _local(flights: pd.DataFrame) -> pd.Series:
    """Return the hour of departure in New York, so that a day is a day there."""
    return flights["date"] + pd.to_timedelta(flights["hour"], unit="h")


def _reason(status: int, said: str, late: bool) -> str:
    """Return why a training ended without a model."""
    if late:
        return f"stopped after {TRAINING_SECONDS} s"
    if status < 0:
        return f"the training was ended by signal {-status}"
    return (said.strip().splitlines() or ["no reason given"])[-1]


def _as_requests(flights: pd.DataFrame) -> list[dict[str, Any]]:
    """Return flights as the service wants them: whole numbers whole, NaN as null."""
    rows = flights[["id", *FEATURES]].to_dict("records")
    for row in rows:
        for name in NUMBERS:
            value = float(row[name])
            row[name] = None if math.isnan(value) else value
        row["weekday"], row["hour"] = int(row["weekday"]), int(row["hour"])
    return rows


def _get(address: str) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return dict(json.load(answer))
    except (OSError, ValueError):
        return None


def _post(address: str, body: dict[str, Any]) -> dict[str, Any] | None:
    request = urllib.request.Request(
        address,
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        if error.code < 500:
            raise OSError(f"the service refused: {error.read().decode()}") from error
        return None
    except (OSError, ValueError):
        return None


def up(
    folder: Path, port: int = 8021, speed: float = 1.0, prometheus: bool = False
) -> int:
    """Run the whole system until SIGINT or SIGTERM; return the exit status.

    Parameters
    ----------
    folder : Path
        Created where it is missing; a later call goes on from it.
    port : int, default=8021
        Of the status page, on this machine alone.
    speed : float, default=1
        Simulated days a second.
    prometheus : bool, default=False
        Whether to start Prometheus and Alertmanager too, where they are installed.

    Raises
    ------
    StartError
        If the port is taken, or the folder cannot be written or belongs to a system
        that runs.
    KeyboardInterrupt
        If a signal comes before all parts run; those that do are ended.
    """
    from .status import create_status_app

    check_count(port, "port", 1, 65535)
    check_number(speed, "speed", open=True)
    folder = _writable(folder)
    with contextlib.ExitStack() as stack:
        stop = stack.enter_context(_on_signals())
        stack.enter_context(_locked(folder))
        _clear_leftovers(folder / "up.json")
        listener = stack.enter_context(_listen(port))
        registry = open_registry(folder)
        if not (folder / "progress.json").exists():
            _say("training the first champion")
            version = register_champion(registry)
            Progress(version=version).write(folder / "progress.json")
        supervisor = Supervisor(folder)
        stack.callback(supervisor.stop)
        supervisor.ensure()
        stack.callback((folder / "up.json").unlink, missing_ok=True)
        _write_pids(folder, port, supervisor)
        replay = Replay(folder, supervisor, registry, speed)
        stack.enter_context(_serving(create_status_app(replay), listener))
        if prometheus:
            _start_alerting(stack, folder, port)
        stop.starting = False
        stack.enter_context(_thread(replay))
        _say(f"status page at http://127.0.0.1:{port}")
        _watch(stop.asked, folder, port, replay)
        _say("stopping")
    return 0


def _watch(asked: threading.Event, folder: Path, port: int, replay: Replay) -> None:
    """Keep the service alive until a stop is asked for."""
    supervisor = replay.supervisor
    written = supervisor.pid
    while not asked.wait(0.5):
        try:
            if supervisor.ensure():
                replay.note(RESTARTED, "the process had ended")
            if supervisor.pid != written:  # the replay starts it again too
                written = supervisor.pid
                _write_pids(folder, port, supervisor)
        except OSError as error:  # no model in time, or a full disk: go on trying
            replay.note("trouble", str(error))


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder.resolve()
    except OSError as error:
        raise StartError(
            f"folder must be one that can be written, {folder} is not: {error.strerror}"
        ) from error


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one system; the lock ends with the process, however it ends."""
    with (folder / "up.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            facts = _running(folder / "up.json")
            who = f"process {facts['pid']}" if facts else "a start that is not over"
            raise StartError(f"already running in {folder}: {who}") from error
        yield


def _start_alerting(stack: contextlib.ExitStack, folder: Path, port: int) -> None:
    if lacking := missing_programs():
        _say(f"no Prometheus alerts: not installed: {', '.join(lacking)}")
        return
    own = f"127.0.0.1:{port}"
    place = stack.enter_context(tempfile.TemporaryDirectory(prefix="alerting-"))
    found = stack.enter_context(alerting(place, own, f"http://{own}/alert"))
    _say(f"Prometheus at {found.prometheus}, Alertmanager at {found.alertmanager}")


@contextlib.contextmanager
def _thread(replay: Replay) -> Iterator[None]:
    thread = threading.Thread(target=replay.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        replay.stopping.set()
        thread.join(timeout=40)
        replay.stop()


@contextlib.contextmanager
def _serving(app: Any, listener: socket.socket) -> Iterator[None]:
    import uvicorn

    # In a thread uvicorn takes no signals: ending in order is this module's work.
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3)
    )
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise StartError(
            f"port must be free on this machine, {port} is not: {error.strerror}"
        ) from error
    return listener


class _Stop:
    """Let a signal break off a start, or ask a running system to end."""

    def __init__(self) -> None:
        self.asked, self.starting = threading.Event(), True

    def __call__(self, *_: object) -> None:
        first = not self.asked.is_set()
        self.asked.set()
        if self.starting and first:
            raise KeyboardInterrupt


@contextlib.contextmanager
def _on_signals() -> Iterator[_Stop]:
    stop = _Stop()
    # A terminal that is closed sends SIGHUP.
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write_pids(folder: Path, port: int, supervisor: Supervisor) -> None:
    service = supervisor.process.pid if supervisor.process else None
    facts = {"pid": os.getpid(), "port": port, "service": service}
    with replacing(folder / "up.json", "w") as file:
        json.dump(facts, file)


def _running(path: Path) -> dict[str, Any] | None:
    """Return the facts of a system that runs, or None."""
    try:
        facts = dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    return facts if _is_ours(facts.get("pid")) else None


def _is_ours(pid: Any) -> bool:
    """Return whether a process is one of this chapter's: pids are used again."""
    import psutil

    try:
        process = psutil.Process(int(pid))
        ended = process.status() == psutil.STATUS_ZOMBIE
        return not ended and any("mlmastery" in word for word in process.cmdline())
    except (psutil.Error, TypeError, ValueError):
        return False


def _clear_leftovers(path: Path) -> None:
    """End a service whose supervisor was killed, if it did not end by itself."""
    with contextlib.suppress(OSError, ValueError):
        service = json.loads(path.read_text(encoding="utf-8")).get("service")
        if _is_ours(service):
            os.kill(service, signal.SIGTERM)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _down(folder: Path) -> int:
    facts = _running(folder / "up.json")
    if facts is None:
        _say("nothing runs in this folder")
        return 1
    os.kill(facts["pid"], signal.SIGTERM)
    deadline = time.monotonic() + 60
    while _is_ours(facts["pid"]) and time.monotonic() < deadline:
        time.sleep(0.1)
    _say("stopped")
    return 0


def _status(folder: Path) -> int:
    facts = _running(folder / "up.json")
    found = facts and _get(f"http://127.0.0.1:{facts['port']}/status")
    if not found:
        _say("nothing runs in this folder")
        return 1
    alerts = ", ".join(a["name"] for a in found["alerts"]) or "none"
    _say(f"{found['day']}: {found['state']}, champion {found['champion']['version']}")
    _say(f"alerts: {alerts}")
    return 0


def main(
    arguments: Sequence[str] | None = None, prog: str = "python -m mlmastery.mlops up"
) -> int:
    """Start, stop or ask the system, by the last word of ``prog``."""
    action = prog.split()[-1]
    parser = argparse.ArgumentParser(prog=prog, description=f"System: {action}.")
    parser.add_argument("--folder", type=Path, default=Path("state"))
    if action == "up":
        parser.add_argument("--port", type=int, default=8021)
        parser.add_argument("--speed", type=float, default=1.0, help="days a second")
        parser.add_argument("--prometheus", action="store_true")
    args = parser.parse_args(arguments)
    if action == "down":
        return _down(args.folder)
    if action == "status":
        return _status(args.folder)
    try:
        return up(args.folder, args.port, args.speed, args.prometheus)
    except KeyboardInterrupt:
        sys.stderr.write("stopped before the start was over\n")
        return 130
    except (StartError, RegistryError, ValueError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
