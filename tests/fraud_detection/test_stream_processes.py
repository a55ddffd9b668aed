"""Faults on real processes, the command line, and the live page in a real browser."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from kit.servers import free_port, wait_until
from starlette.testclient import TestClient

from mlmastery.fraud_detection import FEATURES
from mlmastery.fraud_detection.__main__ import main
from mlmastery.fraud_detection.config import FraudStreamConfig, read_config
from mlmastery.fraud_detection.faults import (
    CONTROLS,
    FAULTS,
    prepare,
    run_engine_fault,
    run_fault,
)
from mlmastery.fraud_detection.live import create_live_app
from mlmastery.fraud_detection.reasons import REASONS, in_words
from mlmastery.fraud_detection.store import Store
from mlmastery.fraud_detection.stream import FraudStream

SMALL = {"cards": 40, "days": 16}
COMMAND = [sys.executable, "-m", "mlmastery.fraud_detection"]
# Children that do nothing until their parent ends.
IDLE = (sys.executable, "-Sc", "import sys; sys.stdin.read()")
STATUS = {
    "state": "running",
    "broker": "sqlite",
    "counts": {"scored": 1234, "late": 2, "dead letters": 1, "duplicates": 3},
    "latencies": {"0": 90, "3": 9, "6": 1},
    "n_alerts": 7,
    "alerts": [
        {"id": 1, "time": 1522540800, "customer": 3, "amount": 9.5, "score": 0.9}
        | {"reason": "<b>amount</b>", "version": "v1"}
    ],
    "versions": ["v1"],
    "dead": [{"partition": 0, "offset": 9, "reason": "<script>x</script>"}],
    "alarms": [
        {"partition": 1, "day": 17660, "rate": "alerts", "value": 90, "side": "high"}
    ],
    "swaps": ["partition 0: version v1"],
    "lag": [4, 5],
    "rate": 250.0,
    "restarts": 2,
    "notes": ["scorer-0 ended with status -9"],
}


# --- faults -------------------------------------------------------------------------


def test_a_killed_scorer_costs_nothing(tmp_path):
    row = run_fault("kill scorer", tmp_path / "x", **SMALL)
    assert row.struck >= 1
    assert (row.lost, row.doubled, row.same) == (0, 0, True)


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"kill scorer"}))
def test_no_fault_costs_anything(fault, tmp_path):
    row = run_fault(fault, tmp_path / "x", **SMALL)
    assert row.struck >= 1
    assert (row.lost, row.doubled, row.same) == (0, 0, True)


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(CONTROLS))
def test_the_same_kills_cost_something_where_the_position_is_apart(fault, tmp_path):
    row = run_fault(fault, tmp_path / "x", **SMALL)
    assert (row.lost > 0) == (fault == "position first")
    assert (row.doubled > 0) == (fault == "position last")


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["kill scorer", "kill broker", "two claimers"])
def test_redis_loses_nothing_either(fault, tmp_path):
    pytest.importorskip("redis")
    try:
        row = run_fault(fault, tmp_path / "x", "redis", **SMALL)
    except FileNotFoundError as error:
        pytest.skip(str(error))
    assert row.struck >= 1
    assert (row.lost, row.doubled, row.same) == (0, 0, True)


@pytest.mark.slow
@pytest.mark.parametrize("epoch", [100.0, 0.05])
def test_the_engine_replays_from_its_checkpoint_or_from_the_first_event(
    epoch, tmp_path
):
    row = run_engine_fault(tmp_path / "x", epoch, kills=2)
    assert row.struck >= 1
    assert (row.lost, row.doubled, row.same) == (0, 0, True)


# --- the supervisor -------------------------------------------------------------------


def test_children_end_when_their_parent_is_killed(tmp_path):
    setting = prepare(tmp_path / "x", rate=50, **SMALL)
    code = (
        "import sys, time\n"
        "from mlmastery.fraud_detection.config import read_config\n"
        "from mlmastery.fraud_detection.stream import FraudStream\n"
        "with FraudStream(read_config(sys.argv[1]), sys.argv[1]) as stream:\n"
        "    print(*[c.pid for c in stream.children.values()], flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(setting.path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 3
    with Store(setting.config.path("store.db")) as store:
        wait_until(lambda: store.position(0) > 0, timeout=30)
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    wait_until(lambda: not any(map(is_alive, pids)), timeout=20)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_stream_without_events_or_model_does_not_start(tmp_path):
    setting = prepare(tmp_path / "x", **SMALL)
    (tmp_path / "x" / "model" / "linear.json").unlink()
    with pytest.raises(ValueError, match="holds no model"):
        FraudStream(setting.config, setting.path)
    (tmp_path / "x" / "events.jsonl").unlink()
    with pytest.raises(FileNotFoundError, match="no events"):
        FraudStream(setting.config, setting.path)


def test_a_folder_has_one_stream_and_keeps_its_partitions(tmp_path):
    setting = prepare(tmp_path / "x", rate=50, **SMALL)
    with FraudStream(setting.config, setting.path, command=IDLE):
        with pytest.raises(FileExistsError, match="already running in"):
            FraudStream(setting.config, setting.path).__enter__()
    other = FraudStreamConfig(setting.config.folder, partitions=4)
    stream = FraudStream(other, setting.path)
    with pytest.raises(ValueError, match="partitions must stay 2"):
        stream.__enter__()
    assert stream.children == {}
    with FraudStream(setting.config, setting.path, command=IDLE) as again:
        assert again.status()["state"] == "running"


def test_the_supervisor_outlives_a_store_that_cannot_be_asked(tmp_path, monkeypatch):
    setting = prepare(tmp_path / "x", **SMALL)
    with FraudStream(setting.config, setting.path, command=IDLE) as stream:
        full = sqlite3.OperationalError("database or disk is full")
        monkeypatch.setattr(stream, "_free", MagicMock(side_effect=[full, None]))
        before = stream.children["scorer-0"]
        stream.kill("scorer-0")
        wait_until(lambda: stream.children["scorer-0"] is not before, timeout=10)
        assert "the supervisor waits: database or disk is full" in stream.notes


# --- the configuration ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("partition: 2", "the key partition is unknown; did you mean partitions"),
        ("[1, 2]", "must hold keys and values"),
        ("a: [", "must be YAML"),
        ("batch: 0", "batch must be a whole number of at least 1"),
        ("broker: rabbit", "broker must be one of sqlite, redis, kafka"),
        ("broker: redis", "address must name the redis server"),
        ("capacity: 100", "capacity must be at least checkpoint"),
        ("threshold: 2", "threshold must lie between 0 and 1"),
        ("lease: 0", "lease must be a number above 0"),
    ],
)
def test_a_wrong_configuration_is_refused_in_words(text, words, tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=words):
        read_config(path)


def test_settings_of_a_wrong_kind_are_refused(tmp_path):
    for text, words in {
        "folder: 5": "folder must be a text, got 5",
        "model: null": "model must be a text, got None",
        "online: 'yes'": "online must be true or false, got 'yes'",
        "port: 99999": "port must be a whole number from 0 to 65535",
        "delay_days: 1.5": "delay_days must be a whole number",
    }.items():
        (tmp_path / "config.yaml").write_text(text)
        with pytest.raises(ValueError, match=words):
            read_config(tmp_path / "config.yaml")


def test_paths_are_relative_to_the_file(tmp_path):
    (tmp_path / "config.yaml").write_text("folder: state\n")
    config = read_config(tmp_path / "config.yaml")
    assert config.path("log.db") == tmp_path / "state" / "log.db"


# --- the command line -----------------------------------------------------------------


def ask(*words, **options):
    return subprocess.run(
        [*COMMAND, *map(str, words)], capture_output=True, text=True, **options
    )


@pytest.mark.slow
def test_from_init_to_replay(tmp_path):
    folder = tmp_path / "fraud"
    assert ask("init", folder, "--days", 20, "--cards", 60).returncode == 0
    config = folder / "config.yaml"
    text = config.read_text().replace("rate: 500 ", "rate: 0 ")
    config.write_text(text.replace("port: 8019", f"port: {free_port()}"))
    with (folder / "events.jsonl").open("ab") as file:
        file.write(b"broken\n")
    done = ask("run", config, "--until-done", timeout=120)
    assert done.returncode == 0, done.stderr
    assert "http://127.0.0.1:" in done.stdout
    assert '"scored"' in ask("status", config).stdout
    assert "must be a JSON object: broken" in ask("dead-letters", config).stdout
    again = ask("replay", config, "--into", tmp_path / "again")
    assert again.returncode == 0, again.stderr
    with Store(folder / "store.db") as old, Store(tmp_path / "again/store.db") as new:
        assert old.results() == new.results()
    later = ask("replay", config, "--into", tmp_path / "later", "--from", 500)
    assert later.returncode == 0, later.stderr
    with Store(folder / "store.db") as old, Store(tmp_path / "later/store.db") as new:
        rows = {row[0]: row for row in old.table("scores")}
        assert all(rows[row[0]] == row for row in new.table("scores"))
        assert 0 < new.size("scores") < old.size("scores")
    bad = ask("swap", config, tmp_path)
    assert bad.returncode == 1
    assert "cannot be loaded" in bad.stderr
    assert "will change to version" in ask("swap", config, folder / "model").stdout


def test_a_wrong_configuration_ends_with_a_sentence(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("brokr: sqlite\n")
    done = ask("run", path)
    assert done.returncode == 1
    assert done.stderr == "error: the key brokr is unknown; did you mean broker?\n"


def test_each_action_refuses_in_a_sentence_what_it_cannot_do(tmp_path, capsys):
    setting = prepare(tmp_path / "x", **SMALL)
    config = str(setting.path)
    for action in (["status"], ["dead-letters"]):
        assert main([*action, config]) == 1
        assert "no stream has run yet" in capsys.readouterr().err
    assert main(["swap", config, str(tmp_path / "x" / "model")]) == 1
    assert not (tmp_path / "x" / "store.db").exists()
    assert main(["init", str(tmp_path / "x")]) == 1
    assert "holds a config.yaml" in capsys.readouterr().err
    assert main(["init", str(tmp_path / "y"), "--days", "3"]) == 1
    assert "days must be a whole number of at least 10" in capsys.readouterr().err
    setting.config.path("store.db").write_bytes(b"no database" * 100)
    assert main(["status", config]) == 1
    assert "log or store cannot be used" in capsys.readouterr().err
    assert main(["replay", config, "--into", str(tmp_path / "x")]) == 1
    assert "--into must be a new folder" in capsys.readouterr().err
    assert main(["replay", config, "--into", "z", "--from", "-1"]) == 1
    assert "--from must be a whole number" in capsys.readouterr().err


def test_every_feature_has_words():
    assert set(REASONS) == set(FEATURES)
    assert in_words("amount_ratio") == "the amount against the card's habit"
    assert in_words("") == ""


def test_a_taken_port_is_named(tmp_path):
    import socket

    from mlmastery.fraud_detection.live import serving

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        config = FraudStreamConfig(tmp_path, port=taken.getsockname()[1])
        stream = SimpleNamespace(config=config, status=dict)
        with (
            pytest.raises(OSError, match="port must be free on this machine"),
            serving(stream),
        ):
            pass


# --- the live page --------------------------------------------------------------------


@pytest.fixture
def client():
    app = create_live_app(SimpleNamespace(status=lambda: STATUS))
    with TestClient(app, base_url="http://127.0.0.1:8019") as opened:
        yield opened


def test_the_page_runs_only_what_is_in_it(client):
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in answer.text.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("host", ["evil.example", "", "[", "127.0.0.1.evil.example"])
def test_other_hosts_are_refused(client, host):
    assert client.get("/status", headers={"host": host}).status_code == 403


def test_the_page_shows_numbers_as_text_and_says_when_the_stream_is_gone(browser):
    from playwright.sync_api import expect

    from mlmastery.web import serving_app

    app = create_live_app(SimpleNamespace(status=lambda: STATUS))
    page, troubles = browser.new_page(), []
    try:
        with serving_app(app) as address:
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.goto(address)
            expect(page.locator("#state")).to_have_text("running")
            expect(page.locator("#scored")).to_have_text("1,234")
            expect(page.locator("#lag")).to_have_text("9")
            expect(page.locator("#p99")).to_have_text("8 ms")
            expect(page.locator("#model")).to_have_text("v1")
            expect(page.locator("#alerts")).to_contain_text("<b>amount</b>")
            expect(page.locator("#letters")).to_contain_text("<script>x</script>")
            expect(page.locator("#notes")).to_contain_text("alerts is high (90)")
            page.keyboard.press("Tab")
            focus = page.evaluate("document.activeElement.getAttribute('aria-label')")
            assert focus == "Table of alerts"
            page.set_viewport_size({"width": 390, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            page.emulate_media(color_scheme="dark")
            colour = "getComputedStyle(document.body).backgroundColor"
            assert page.evaluate(colour) == "rgb(18, 20, 23)"
        expect(page.locator("#state")).to_have_text("the stream does not answer")
        assert troubles == []
    finally:
        page.close()


def test_the_page_of_a_stream_that_has_scored_nothing_says_so(browser):
    from playwright.sync_api import expect

    from mlmastery.web import serving_app

    lists = ("alerts", "versions", "dead", "alarms", "swaps", "lag", "notes")
    nothing = {name: [] for name in lists} | {"counts": {}, "latencies": {}}
    status = STATUS | nothing | {"state": "starting", "n_alerts": 0}
    app = create_live_app(SimpleNamespace(status=lambda: status))
    page, troubles = browser.new_page(), []
    try:
        with serving_app(app) as address:
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.goto(address)
            expect(page.locator("#state")).to_have_text("starting")
            expect(page.locator("#latency")).to_have_text("nothing written yet")
            expect(page.locator("#alerts")).to_have_text("none")
            expect(page.locator("#lag")).to_have_text("unknown")
        assert troubles == []
    finally:
        page.close()


def test_the_live_numbers_of_a_real_stream_are_asked_from_other_threads(tmp_path):
    import requests

    from mlmastery.fraud_detection.live import serving

    setting = prepare(tmp_path / "x", port=free_port(), **SMALL)
    with FraudStream(setting.config, setting.path) as stream, serving(stream) as url:
        seen = []
        while not stream.wait(0.05):
            seen.append(requests.get(f"{url}/status", timeout=5).json())
            time.sleep(0.05)
        last = requests.get(f"{url}/status", timeout=5).json()
    assert last["state"] == "finished"
    assert last["counts"]["scored"] == len(setting.truth())
    assert last["lag"] == [0, 0]
    assert any(s["state"] == "running" for s in seen)
