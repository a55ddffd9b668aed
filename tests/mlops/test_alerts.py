"""Rules, their evaluator, and the real Prometheus and Alertmanager."""

import shutil
import subprocess
from datetime import datetime, timedelta

import pandas as pd
import pytest
from kit.services import program

from mlmastery.mlops.alerts import (
    RULES,
    AlertBook,
    AlertRule,
    load_rules,
    replay_rules,
)
from mlmastery.mlops.live import ROUTES, alerting
from mlmastery.mlops.record import live_alert_seconds

NOON = datetime(2013, 4, 1, 12)


def rule(wait=0.0, comparison=">", limit=1.0):
    return AlertRule("High", "x", comparison, limit, timedelta(seconds=wait))


def test_a_rule_waits_and_forgets():
    book = AlertBook([rule(wait=3)])
    values = [2, 2, 0, 2, 2, 2, 2, 0]
    changes = [
        book.evaluate(NOON + timedelta(seconds=s), {"x": v})
        for s, v in enumerate(values)
    ]
    assert [s for s, change in enumerate(changes) if change] == [6, 7]
    assert changes[6] == [("firing", "High")]
    assert changes[7] == [("resolved", "High")]


def test_a_missing_metric_ends_its_alert():
    book = AlertBook([rule()])
    assert book.evaluate(NOON, {"x": 5}) == [("firing", "High")]
    assert book.evaluate(NOON, {"x": float("nan")}) == [("resolved", "High")]
    assert book.evaluate(NOON, {}) == []


@pytest.mark.parametrize(
    ("comparison", "holds"),
    [
        (">", [0, 0, 1]),
        (">=", [0, 1, 1]),
        ("<", [1, 0, 0]),
        ("<=", [1, 1, 0]),
        ("==", [0, 1, 0]),
        ("!=", [1, 0, 1]),
    ],
)
def test_comparisons(comparison, holds):
    one = rule(comparison=comparison)
    assert [one.holds(v) for v in (0.0, 1.0, 2.0)] == [bool(h) for h in holds]


def test_the_file_is_read():
    rules = {r.name: r for r in load_rules()}
    assert rules["FeatureDrift"].wait == timedelta(days=2)
    assert rules["LabelsOverdue"].comparison == "<"
    assert rules["ServiceDown"].severity == "page"
    assert all(
        r.annotations["action"] and r.annotations["summary"] for r in rules.values()
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("delays_cusum > 1", "rate(x[5m]) > 1", "expr must compare one metric"),
        ("for: 2d", "for: soon", "for must be a duration"),
    ],
)
def test_what_the_evaluator_cannot_do_is_refused(tmp_path, old, new, words):
    path = tmp_path / "rules.yml"
    path.write_text(RULES.read_text().replace(old, new))
    with pytest.raises(ValueError, match=words):
        load_rules(path)


def test_replayed_times():
    table = pd.DataFrame(
        {"x": [0, 2, 2, 0]}, index=pd.date_range("2013-04-01", periods=4)
    )
    found = replay_rules([rule(wait=86400)], table)
    assert found["time"].dt.day.tolist() == [3, 4]


# --- the real programs ------------------------------------------------------------


@pytest.fixture(scope="module")
def promtool():
    program("prometheus", "prometheus")
    return program("promtool", "prometheus")


def test_promtool_accepts_the_rules(promtool):
    done = subprocess.run([promtool, "check", "rules", RULES], capture_output=True)
    assert done.returncode == 0, done.stderr


UNIT = """
rule_files: [{rules}]
evaluation_interval: 1s
tests:
  - interval: 1s
    input_series:
      - series: delays_service_up
        values: "1 1 0 0 0 0 0 0"
      - series: delays_cusum
        values: "0.5 0.5 1.5 1.5 1.5 0 0 0"
    alert_rule_test:
      - eval_time: 4s
        alertname: ServiceDown
      - eval_time: 5s
        alertname: ServiceDown
        exp_alerts:
          - exp_labels: {{severity: page, service: delays}}
            exp_annotations:
              summary: "The prediction service does not answer."
              action: "The supervisor starts it again; look for why it ended."
              runbook: "mm-system"
"""


def test_prometheus_and_the_evaluator_ring_at_the_same_second(promtool, tmp_path):
    path = tmp_path / "test.yml"
    path.write_text(UNIT.format(rules=RULES))
    done = subprocess.run(
        [promtool, "test", "rules", path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    book = AlertBook([r for r in load_rules() if r.name == "ServiceDown"])
    up = [1, 1, 0, 0, 0, 0]
    fired = [
        s
        for s, v in enumerate(up)
        if book.evaluate(NOON + timedelta(seconds=s), {"delays_service_up": v})
    ]
    assert fired == [5]


def test_amtool_accepts_the_routes():
    program("prometheus-alertmanager", "prometheus-alertmanager")
    tool = shutil.which("amtool")
    done = subprocess.run([tool, "check-config", ROUTES], capture_output=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_an_alert_reaches_the_receiver_through_both():
    program("prometheus", "prometheus")
    program("prometheus-alertmanager", "prometheus-alertmanager")
    # for: 3s, scraped and evaluated each second, grouped for one: not sooner.
    assert 3 <= live_alert_seconds() < 40


def test_missing_programs_are_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(FileNotFoundError, match="not installed: prometheus"),
        alerting(tmp_path, "127.0.0.1:1", "http://127.0.0.1:1"),
    ):
        pass
