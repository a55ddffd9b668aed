"""Labels that come late, twice, first, or contradict; and a monitor that is killed."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from kit.servers import kill, wait_until

from mlmastery.mlops.monitor import Monitor, MonitorError, daily_performance
from mlmastery.mlops.monitor_faults import TrainingError, frozen_columns, run_training
from mlmastery.mlops.psi import psi
from mlmastery.mlops.two_sample import ks_test

NOON = datetime(2013, 4, 1, 12, tzinfo=UTC)


def predictions(n, p=0.25):
    return [(f"f{i}", NOON + timedelta(minutes=i), p, 1) for i in range(n)]


def labels(n, late=True):
    return [(f"f{i}", late, NOON + timedelta(hours=30)) for i in range(n)]


@pytest.fixture
def monitor(tmp_path):
    with Monitor(tmp_path / "monitor.db") as opened:
        yield opened


def test_each_label_counts_once(monitor):
    monitor.take_predictions(predictions(10))
    assert monitor.take_labels(labels(10) * 2) == (10, 10, 0)
    assert monitor.take_labels(labels(10)) == (0, 10, 0)
    assert monitor.days()["observed"].tolist() == [10]


def test_the_first_value_stays(monitor):
    monitor.take_predictions(predictions(3))
    monitor.take_labels(labels(3))
    assert monitor.take_labels(labels(3, late=False)) == (0, 0, 3)
    assert monitor.take_predictions(predictions(3, 0.5)) == (0, 0, 3)
    assert monitor.days()[["expected", "observed"]].values.tolist() == [[0.75, 3]]


def test_labels_may_come_first(monitor):
    monitor.take_labels(labels(5))
    assert monitor.counts()["joined"] == 0
    monitor.take_predictions(predictions(5))
    assert monitor.counts()["joined"] == 5


def test_a_day_waits_for_its_labels(monitor):
    monitor.take_predictions(predictions(10))
    monitor.take_labels(labels(8))
    assert monitor.days(complete=0.9).empty
    assert monitor.days(complete=0.8)["known"].tolist() == [0.8]


def test_a_label_from_before_the_flight_is_not_joined(monitor):
    monitor.take_predictions(predictions(1))
    monitor.take_labels([("f0", True, NOON - timedelta(hours=1))])
    assert monitor.counts() == {
        "predictions": 1,
        "labels": 1,
        "joined": 0,
        "impossible": 1,
    }


def test_the_clock_may_not_go_back_not_even_after_a_restart(tmp_path):
    path = tmp_path / "monitor.db"
    with Monitor(path) as monitor:
        assert monitor.advance(NOON)
        assert not monitor.advance(NOON - timedelta(seconds=1))
    with Monitor(path) as monitor:
        assert not monitor.advance(NOON - timedelta(seconds=1))
        assert monitor.advance(NOON)


def test_a_batch_is_written_whole_or_not_at_all(monitor):
    def broken():
        yield from labels(5)
        raise RuntimeError("the feed broke")

    with pytest.raises(RuntimeError):
        monitor.take_labels(broken())
    assert monitor.counts()["labels"] == 0
    with pytest.raises(ValueError, match="probability"):
        monitor.take_predictions([*predictions(2), ("x", NOON, 1.5, 1)])
    assert monitor.counts()["predictions"] == 0


def test_a_full_disk_loses_nothing(monitor):
    monitor.take_predictions(predictions(5000))
    monitor.limit_pages()
    with pytest.raises(MonitorError, match=r"5000 rows were not written: .*full"):
        monitor.take_labels(labels(5000))
    assert monitor.counts()["labels"] == 0
    monitor.limit_pages(100_000)
    assert monitor.take_labels(labels(5000)).new == 5000


def test_what_is_no_database_is_said(tmp_path):
    path = tmp_path / "monitor.db"
    path.write_text("something else, long enough to be read as a header " * 20)
    with pytest.raises(MonitorError, match="cannot be opened"):
        Monitor(path)


WRITER = """
import sys
from datetime import datetime, timedelta, UTC
from mlmastery.mlops.monitor import Monitor
noon = datetime(2013, 4, 1, 12, tzinfo=UTC)
with Monitor(sys.argv[1]) as monitor:
    for start in range(0, 200_000, 100):
        rows = [(f"f{i}", True, noon) for i in range(start, start + 100)]
        monitor.take_labels(rows)
"""


def test_a_killed_monitor_goes_on_and_counts_nothing_twice(tmp_path):
    path = tmp_path / "monitor.db"
    Monitor(path).close()
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)])
    with Monitor(path) as reader:
        wait_until(lambda: reader.counts()["labels"] > 500, timeout=60)
        kill(process)
        written = reader.counts()["labels"]
        assert written % 100 == 0
        again = [(f"f{i}", True, NOON) for i in range(written + 100)]
        taken = reader.take_labels(again)
        assert (taken.new, taken.repeated, taken.refused) == (100, written, 0)


# --- performance ------------------------------------------------------------------


def test_z_by_hand():
    table = daily_performance([1, 1, 0], [0.2, 0.5, 0.8], ["d"] * 3)
    assert table.loc["d", "expected"] == pytest.approx(1.5)
    assert table.loc["d", "z"] == pytest.approx(0.5 / 0.57**0.5)
    loss = -np.log([0.2, 0.5, 0.2]).mean()
    assert table.loc["d", "loss"] == pytest.approx(loss)


def test_a_rare_class_that_doubles_is_found_by_expectation_alone():
    rng = np.random.default_rng(0)
    before, after = rng.random(20_000) < 0.002, rng.random(20_000) < 0.004
    table = daily_performance(after, np.full(20_000, 0.002), np.zeros(20_000))
    assert table["z"].iloc[0] > 3
    assert psi(before, after) < 0.1
    assert ks_test(before * 1.0, after * 1.0).p_value > 0.5


def test_certain_predictions_have_a_finite_loss():
    assert np.isfinite(daily_performance([1], [0.0], [0])["loss"]).all()


# --- feeds and trainings ----------------------------------------------------------


def test_a_frozen_column_is_named():
    frame = pd.DataFrame({"temp": [60.0, 60.0, None], "wind": [1.0, 2.0, 3.0]})
    assert frozen_columns(frame, ["temp", "wind"]) == ["temp"]
    assert frozen_columns(frame.head(1), ["temp", "wind"]) == []


def test_a_training_that_hangs_is_ended():
    began = time.monotonic()
    with pytest.raises(TrainingError, match=r"stopped after 0\.3 s"):
        run_training([sys.executable, "-S", "-c", "import time; time.sleep(60)"], 0.3)
    assert time.monotonic() - began < 20


def test_a_training_that_fails_says_why():
    with pytest.raises(TrainingError, match="ValueError: no labels"):
        run_training([sys.executable, "-c", "raise ValueError('no labels')"], 60)


def test_days_are_returned_with_whatever_is_known(monitor):
    monitor.take_predictions(predictions(10))
    monitor.take_labels(labels(4))
    assert monitor.days()["n"].tolist() == [4]


def test_the_share_of_labels_that_came_in_a_span(tmp_path):
    day = pd.Timestamp("2013-04-01")
    hours = [day + pd.Timedelta(hours=h) for h in (0, 6, 12, 24)]
    with Monitor(tmp_path / "m.db") as one:
        assert one.known_share(day, hours[-1]) == 1  # nothing is owed
        one.take_predictions([(str(i), t, 0.5, 1) for i, t in enumerate(hours)])
        one.take_labels([("0", True, hours[1]), ("3", True, hours[-1])])
        assert one.known_share(day, hours[-1]) == pytest.approx(1 / 3)
