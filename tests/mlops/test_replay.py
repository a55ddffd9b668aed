"""The parts of the running system without processes: days, faults, start and stop."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pandas as pd
import pytest
from kit.servers import wait_until

from mlmastery.mlops import FEATURES, system
from mlmastery.mlops.system import Progress, Replay, StartError, Supervisor

DAY = pd.Timedelta(days=1)
TALL = 3.0  # an alarm


class Registry:
    """Aliases and one model that says 0.25 of every flight."""

    def __init__(self):
        self.names = {"champion": 1}
        self.broken = False

    def aliases(self):
        return dict(self.names)

    def load(self, alias):
        return SimpleNamespace(predict_proba=lambda f: [[0.75, 0.25]] * len(f))

    def set_alias(self, name, version):
        if self.broken:
            raise RuntimeError("the registry does not answer")
        self.names[name] = version

    def remove_alias(self, name):
        self.names.pop(name, None)


class Service:
    """Stands in for the process."""

    alive, address, starts, pid = True, "http://127.0.0.1:9", 1, 1

    def ensure(self):
        return False


@pytest.fixture
def registry():
    return Registry()


@pytest.fixture
def make(tmp_path, registry, monkeypatch):
    monkeypatch.setattr(
        system, "probabilities", lambda model, frame: [0.25] * len(frame)
    )
    made = []

    def replay(**progress):
        if progress:
            Progress(**progress).write(tmp_path / "progress.json")
        made.append(Replay(tmp_path, Service(), registry, 1000))
        made[-1]._post = lambda body: {
            "predictions": [
                {"id": f["id"], "probability": 0.25, "version": 1, "arm": "champion"}
                for f in body["flights"]
            ]
        }
        return made[-1]

    yield replay
    for one in made:
        one.stop()


def days(replay):
    return [entry["day"] for entry in replay.progress.days]


def test_a_day_that_fails_is_repeated_whole(make, monkeypatch):
    replay = make()
    replay.one_day()
    level = replay.chart.level
    write = Progress.write
    full = OSError(28, "No space left on device")

    def fails(self, path):
        raise full

    monkeypatch.setattr(Progress, "write", fails)
    for _ in range(3):
        with pytest.raises(OSError, match="No space"):
            replay.one_day()
    assert replay.chart.level == level
    assert days(replay) == ["2013-04-01"]
    monkeypatch.setattr(Progress, "write", write)
    replay.one_day()
    assert days(replay) == ["2013-04-01", "2013-04-02"]
    other = make()
    assert other.chart.level == replay.chart.level
    assert days(other) == days(replay)
    joined = replay.monitor.counts()
    assert joined["joined"] == joined["labels"] <= joined["predictions"]


def test_a_restart_of_the_service_is_said_though_the_day_fails(make, monkeypatch):
    replay = make()

    def breaks(*_):
        replay.note(system.RESTARTED, "the process had ended")
        raise KeyError("x")

    monkeypatch.setattr(replay, "_measure", breaks)
    with pytest.raises(KeyError):
        replay.one_day()
    assert [e["what"] for e in replay.progress.events] == [system.RESTARTED]


def test_whatever_a_day_raises_the_thread_goes_on_and_says_so(make, monkeypatch):
    replay = make()
    right = replay._measure
    monkeypatch.setattr(replay, "_measure", lambda *_: 1 / 0)
    thread = threading.Thread(target=replay.run, daemon=True)
    thread.start()
    wait_until(lambda: replay.state == "degraded", timeout=20)
    assert replay.status()["events"][0]["detail"].startswith("ZeroDivisionError")
    replay._measure = right
    wait_until(lambda: len(days(replay)) >= 2, timeout=20)
    assert replay.state == "running"
    replay.stopping.set()
    thread.join(10)
    assert days(replay) == sorted(set(days(replay)))


def test_labels_come_when_they_are_known_and_each_once(make):
    replay = make()
    replay.one_day()
    first = replay.monitor.counts()
    flights = replay._between("2013-04-01", "2013-04-02")
    morning = pd.Timestamp("2013-04-02") + system.MORNING
    before = replay._between("2013-03-29", "2013-04-01")["known_at"]
    night = (before >= morning - DAY).sum()
    assert first["labels"] == (flights["known_at"] < morning).sum() + night
    for _ in range(3):
        replay.one_day()
    assert replay.metrics["delays_labels_known_share"] == 1


def test_labels_that_stay_away_raise_their_alert(make, monkeypatch):
    replay = make()
    replay.one_day()
    monkeypatch.setattr(replay.monitor, "take_labels", lambda rows: None)
    for _ in range(3):
        replay.one_day()
    assert replay.metrics["delays_labels_known_share"] < 0.9
    assert "LabelsOverdue" in replay.book.firing


def test_an_alias_without_a_judge_is_taken_away(make, registry):
    registry.names["challenger"] = 2
    make()
    assert "challenger" not in registry.names


def test_a_canary_that_was_running_goes_on(make, registry):
    registry.names["challenger"] = 2
    replay = make(challenger=2, canary_since="2013-04-01")
    assert replay.progress.challenger == 2
    assert "challenger" in registry.names


def test_the_registry_decides_which_champion_serves(make, registry):
    registry.names["champion"] = 5
    replay = make(version=3, day="2013-06-01", challenger=5)
    assert (replay.progress.version, replay.progress.challenger) == (5, None)
    assert replay.progress.events[-1]["what"] == "promoted"
    assert replay.progress.known_to == "2013-06-01"


def ended(out="", err="", status=0):
    return SimpleNamespace(
        poll=lambda: status,
        returncode=status,
        communicate=lambda: (out, err),
        kill=lambda: None,
    )


REPORT = {"version": 2, "passed": True, "checks": {}}


@pytest.mark.parametrize(
    ("process", "late", "words"),
    [
        (ended(err="Traceback\nMemoryError: no memory", status=1), False, "no memory"),
        (ended(status=-9), False, "ended by signal 9"),
        (ended(status=-9), True, "stopped after 300 s"),
        (ended(status=1), False, "no reason given"),
        (ended(out="no report"), False, "the champion stays"),
    ],
)
def test_a_training_without_a_model_keeps_the_champion(
    make, registry, process, late, words
):
    replay = make()
    replay.training = process
    replay.deadline = time.monotonic() + (-1 if late else 100)
    replay._finish_training(pd.Timestamp("2013-04-01"))
    event = replay.progress.events[-1]
    assert event["what"] == "retraining failed"
    assert words in event["detail"]
    assert registry.names == {"champion": 1}
    assert replay.progress.failed == 1
    assert Progress.read(replay.path).failed == 1
    assert replay.progress.quiet_until == "2013-04-08"


def test_a_registry_that_is_down_keeps_the_champion(make, registry):
    replay = make()
    replay.training = ended(json.dumps(REPORT))
    registry.broken = True
    replay._finish_training(pd.Timestamp("2013-04-01"))
    assert replay.progress.challenger is None
    assert replay.progress.events[-1]["what"] == "retraining failed"


def test_a_challenger_that_passed_is_on_the_disk_at_once(make, registry):
    replay = make()
    replay.training = ended(json.dumps(REPORT))
    replay._finish_training(pd.Timestamp("2013-04-01"))
    assert registry.names == {"champion": 1, "challenger": 2}
    assert Progress.read(replay.path).challenger == 2


def test_a_training_that_still_runs_is_waited_for(make):
    replay = make()
    replay.training = SimpleNamespace(
        poll=lambda: None, kill=lambda: None, communicate=lambda: ("", "")
    )
    replay.deadline = time.monotonic() + 100
    replay._finish_training(pd.Timestamp("2013-04-01"))
    assert replay.training is not None


def test_an_alarm_about_a_frozen_feed_starts_no_training(make, monkeypatch):
    replay = make()
    replay.frame["temp"] = 60.0
    replay.chart.chart.high = TALL * replay.chart.limit
    replay.one_day()
    said = [e["what"] for e in replay.progress.events]
    assert "no retraining" in said
    assert replay.training is None
    assert "FeedFrozen" in replay.book.firing
    assert replay.chart.chart.high == 0


def test_requests_hold_whole_numbers_and_null(make):
    frame = make()._between("2013-04-01", "2013-04-02").head(3).copy()
    frame.loc[frame.index[0], "temp"] = float("nan")
    rows = system._as_requests(frame)
    assert rows[0]["temp"] is None
    assert set(rows[0]) == {"id", *FEATURES}
    json.dumps(rows, allow_nan=False)


# --- start and stop ---------------------------------------------------------------


def start_up(folder, port="8021"):
    words = ["--folder", str(folder), "--port", port]
    return system.main(words, "python -m mlmastery.mlops up")


def test_a_folder_that_is_a_file_is_said(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert start_up(tmp_path / "file") == 1
    assert "folder must be one that can be written" in capsys.readouterr().err


def test_one_system_a_folder_also_during_the_start(tmp_path, capsys):
    with system._locked(tmp_path):
        assert start_up(tmp_path) == 1
    assert "already running" in capsys.readouterr().err
    with system._locked(tmp_path):  # the lock ended with its owner
        pass


def test_a_signal_breaks_off_a_start_and_handlers_come_back(
    tmp_path, capsys, monkeypatch
):
    def interrupted(folder):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    from kit.servers import free_port

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(system, "open_registry", interrupted)
    assert start_up(tmp_path, str(free_port())) == 130
    assert "stopped before the start was over" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_stopped_supervisor_starts_nothing(tmp_path):
    supervisor = Supervisor(tmp_path)
    supervisor.stop()
    assert supervisor.ensure() is False
    assert supervisor.process is None


@pytest.mark.parametrize(
    ("port", "speed"), [(0, 1.0), (70_000, 1.0), (8021, 0.0), (8021, float("nan"))]
)
def test_settings_outside_their_range_are_refused(tmp_path, port, speed):
    with pytest.raises(ValueError, match=r"port|speed"):
        system.up(tmp_path, port, speed)


def test_progress_with_an_impossible_day_is_damaged(tmp_path):
    path = tmp_path / "progress.json"
    path.write_text('{"day": "never"}')
    with pytest.raises(StartError, match="is damaged"):
        Progress.read(path)


PARENT = """
import os, subprocess, sys, time
from mlmastery.mlops.tether import with_parent
words = [sys.executable, "-m", "mlmastery.mlops.tether", "sleep", "60"]
child = subprocess.Popen(words, env=with_parent(os.environ))
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_child_ends_with_a_parent_that_is_killed():
    import psutil

    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True
    )
    wrapper = psutil.Process(int(parent.stdout.readline()))
    wait_until(wrapper.children, timeout=10)
    sleeper = wrapper.children()[0]
    parent.kill()
    parent.communicate()
    wait_until(lambda: not sleeper.is_running(), timeout=10)
