"""The running system in real processes, and its status page in a real browser."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from kit.servers import free_port, wait_until
from starlette.testclient import TestClient

from mlmastery.mlops import system
from mlmastery.mlops.status import create_status_app
from mlmastery.mlops.system import Progress, StartError

EMPTY = {
    "state": "running",
    "day": "2013-04-05",
    "champion": {"version": 3, "since": "2013-04-01"},
    "challenger": 4,
    "share": 0.3,
    "training": False,
    "drift": [
        {"feature": "<b>temp</b>", "psi": 0.5, "threshold": 0.1, "drifting": True}
    ],
    "days": [
        {"day": f"2013-04-0{d}", "level": d / 4, "observed": 0.2, "expected": 0.3}
        for d in range(1, 5)
    ],
    "alerts": [
        {
            "name": "LateShareShifted",
            "since": "2013-04-04",
            "severity": "page",
            "action": "Look at the gate.",
        }
    ],
    "external": [],
    "events": [{"day": "2013-04-04", "what": "alarm", "detail": "<script>x</script>"}],
    "answered": 10,
    "per_second": 5.0,
    "p99_ms": 12.0,
    "service": {"up": True, "restarts": 0},
}


@pytest.fixture
def replay():
    return SimpleNamespace(
        status=lambda: EMPTY,
        metrics={"delays_cusum": 0.5},
        external=[],
        supervisor=SimpleNamespace(alive=True),
    )


@pytest.fixture
def client(replay):
    with TestClient(
        create_status_app(replay), base_url="http://127.0.0.1:8021"
    ) as opened:
        yield opened


# --- the page's application -------------------------------------------------------


def test_metrics_are_in_prometheus_format(client):
    assert client.get("/metrics").text == "delays_cusum 0.5\ndelays_service_up 1\n"


@pytest.mark.parametrize(
    "headers",
    [{"host": "evil.example"}, {"origin": "http://evil.example"}, {"host": ""}],
)
def test_other_sites_are_refused(client, headers):
    assert client.get("/status", headers=headers).status_code == 403


def test_alerts_from_outside_are_taken_in_part(client, replay):
    one = {"labels": {"alertname": "A" * 500}, "status": "firing"}
    assert client.post("/alert", json={"alerts": [one] * 50}).json() == {"taken": 20}
    assert len(replay.external) == 20
    assert len(replay.external[0]["name"]) == 80


def test_a_large_body_is_refused(client):
    assert client.post("/alert", content=b"x" * 100_000).status_code == 413


def test_the_page_runs_only_what_is_in_it(client):
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in answer.text.replace("http://www.w3.org/2000/svg", "")


def test_the_page_shows_text_and_not_markup(browser, replay):
    from mlmastery.web import serving_app

    with serving_app(create_status_app(replay)) as address:
        page = browser.new_page()
        try:
            from playwright.sync_api import expect

            troubles = []
            page.on("console", lambda m: troubles.append(m.text))
            page.goto(address)
            expect(page.locator("#champion")).to_have_text("version 3")
            expect(page.locator("#challenger")).to_have_text("version 4")
            expect(page.locator("#share")).to_have_text("30 %")
            expect(page.locator("#alerts")).to_contain_text("LateShareShifted")
            expect(page.locator("#drift .drifting")).to_have_text("<b>temp</b>")
            expect(page.locator("#events")).to_contain_text("<script>x</script>")
            page.set_viewport_size({"width": 390, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390
            assert troubles == []
        finally:
            page.close()


# --- state and start --------------------------------------------------------------


def test_progress_is_read_back(tmp_path):
    path = tmp_path / "progress.json"
    assert Progress.read(path) == Progress()
    mine = Progress(day="2013-05-01", version=4, events=[{"what": "x"}])
    mine.write(path)
    assert Progress.read(path) == mine


@pytest.mark.parametrize("text", ["{", '{"colour": 1}', "[1]"])
def test_a_damaged_progress_is_said(tmp_path, text):
    path = tmp_path / "progress.json"
    path.write_text(text)
    with pytest.raises(StartError, match="is damaged"):
        Progress.read(path)


def test_a_port_that_is_taken_is_said(tmp_path, capsys):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        words = ["--folder", str(tmp_path), "--port", port]
        assert system.main(words, "python -m mlmastery.mlops up") == 1
    assert (
        f"port must be free on this machine, {port} is not" in capsys.readouterr().err
    )


def test_nothing_to_stop_or_ask(tmp_path, capsys):
    (tmp_path / "up.json").write_text('{"pid": 1, "port": 1, "service": null}')
    for action in ("down", "status"):
        words = ["--folder", str(tmp_path)]
        assert system.main(words, f"python -m mlmastery.mlops {action}") == 1
    assert capsys.readouterr().out.count("nothing runs in this folder") == 2


# --- the whole --------------------------------------------------------------------


def command(folder, port, speed):
    words = ["-m", "mlmastery.mlops", "up", "--folder", str(folder)]
    return [sys.executable, *words, "--port", str(port), "--speed", str(speed)]


def start(folder, port, speed):
    with (folder / "up.log").open("ab") as log:
        return subprocess.Popen(command(folder, port, speed), stdout=log, stderr=log)


def ask(port):
    try:
        return requests.get(f"http://127.0.0.1:{port}/status", timeout=5).json()
    except requests.RequestException:
        return None


def running(pid):
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


@pytest.mark.slow
def test_up_alarm_promotion_kill_restart_stop(browser, template, tmp_path):
    from playwright.sync_api import expect

    shutil.copy(template, tmp_path / "registry.db")
    port = free_port()
    process = start(tmp_path, port, speed=8)
    page = browser.new_page()
    try:
        wait_until(lambda: ask(port) or process.poll() is not None, timeout=120)
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.locator("#champion")).to_have_text("version 1")
        expect(page.locator("#events")).to_contain_text("alarm", timeout=90_000)
        # The service is killed; the supervisor starts it again and no day is lost.
        facts = json.loads((tmp_path / "up.json").read_text())
        os.kill(facts["service"], signal.SIGKILL)
        expect(page.locator("#events")).to_contain_text(
            "service restarted", timeout=60_000
        )
        later = re.compile("version ([2-9]|1[0-9])")
        expect(page.locator("#champion")).to_have_text(later, timeout=180_000)
        expect(page.locator("#events")).to_contain_text("promoted")
        days = [entry["day"] for entry in ask(port)["days"]]
        assert days == sorted(set(days))
        assert days[0] == "2013-04-01"
        # Another start in the same folder is refused.
        again = command(tmp_path, free_port(), speed=1)
        second = subprocess.run(again, capture_output=True, text=True, timeout=60)
        assert second.returncode == 1
        assert "already running" in second.stderr
        service = json.loads((tmp_path / "up.json").read_text())["service"]
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        assert process.returncode == 0
        assert not running(service)
        assert not (tmp_path / "up.json").exists()
        expect(page.locator("#state")).to_have_text("the system does not answer")
        # A later start goes on where this one stopped.
        before = Progress.read(tmp_path / "progress.json")
        process = start(tmp_path, port, speed=5)
        wait_until(lambda: ask(port) is not None, timeout=60)
        after = ask(port)
        assert after["champion"]["version"] == before.version
        assert after["day"] >= before.day
    finally:
        page.close()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
