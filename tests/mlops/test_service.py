import json

import pytest
from fastapi.testclient import TestClient

from mlmastery.mlops import (
    BufferedJournal,
    Journal,
    JournalFullError,
    Prediction,
    RegistryError,
    ServingState,
    create_app,
)
from mlmastery.mlops.faults import SmallDisk, run_faults
from mlmastery.mlops.rollout import arm_of
from mlmastery.mlops.routes import race_app
from mlmastery.mlops.training import boosted, probabilities

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def state(two_versions):
    opened = ServingState(two_versions)
    opened.refresh()
    return opened


@pytest.fixture
def client(state):
    return TestClient(create_app(state), raise_server_exceptions=False)


@pytest.fixture
def body(flights):
    return flights[0].model_dump()


def test_not_ready_before_a_model_has_scored(two_versions, body):
    state = ServingState(two_versions)
    client = TestClient(create_app(state))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/model").status_code == 503
    refused = client.post("/predict", json=body)
    assert (refused.status_code, "no model is ready" in refused.text) == (503, True)
    assert state.refresh()
    assert client.get("/readyz").json() == {"status": "ready", "degraded": ""}
    assert client.get("/model").json()["champion"]["version"] == 1


def test_a_registry_that_opens_later_is_no_error(two_versions):
    tries = []

    def opened():
        tries.append(1)
        if len(tries) == 1:
            raise RegistryError("not yet")
        return two_versions

    state = ServingState(opened)
    assert not state.refresh()
    assert state.trouble == "not yet"
    assert state.refresh()
    assert state.refresh()
    assert len(tries) == 2


def test_answers_are_the_models_own(client, flights, later, champion):
    expected = probabilities(champion, later.head(300))
    one = client.post("/predict", json=flights[3].model_dump()).json()
    assert one["probability"] == pytest.approx(expected[3], abs=1e-9)
    many = [f.model_dump() for f in flights]
    batch = client.post("/predict-batch", json={"flights": many}).json()["predictions"]
    assert [p["probability"] for p in batch] == pytest.approx(expected, abs=1e-9)
    assert [p["id"] for p in batch] == [f.id for f in flights]


def test_trees_are_served_by_the_library(registry, later, winter, flights):
    from mlmastery.mlops import FEATURES
    from mlmastery.mlops.service import Served

    part = winter.head(2000)
    trees = boosted(3).fit(part[list(FEATURES)], part["late"])
    served = Served.of(None, trees)
    rows = [f.model_dump() for f in flights[:20]]
    assert served.score(rows) == pytest.approx(probabilities(trees, later.head(20)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gate": 7}, "gate"),
        ({"hour": "5"}, "hour"),
        ({"hour": 24}, "hour"),
        ({"weekday": True}, "weekday"),
        ({"temp": float("nan")}, "temp"),
        ({"temp": float("inf")}, "temp"),
        ({"carrier": "<b>"}, "carrier"),
        ({"distance": -1}, "distance"),
        ({"id": ""}, "id"),
    ],
)
def test_wrong_fields_are_422_and_named(client, body, change, words):
    text = json.dumps(body | change)
    answer = client.post("/predict", content=text, headers=JSON)
    assert answer.status_code == 422
    assert words in answer.json()["error"]


def test_a_missing_field_malformed_json_and_a_huge_body(client, body):
    del body["carrier"]
    assert "carrier" in client.post("/predict", json=body).json()["error"]
    assert client.post("/predict", content="{", headers=JSON).status_code == 400
    assert (
        client.post("/predict", content="x" * 600_000, headers=JSON).status_code == 413
    )
    assert client.post("/predict-batch", json={"flights": []}).status_code == 422
    many = {"flights": [body] * 1001}
    assert client.post("/predict-batch", json=many).status_code in (413, 422)


def test_bare_framework_answers_nan_with_500(body):
    """The failing run of the page: the framework cannot encode its own message."""
    from fastapi import FastAPI

    from mlmastery.mlops import Flight

    plain = FastAPI()

    @plain.post("/predict")
    def echo(flight: Flight) -> None:
        return None

    client = TestClient(plain, raise_server_exceptions=False)
    text = json.dumps(body | {"temp": float("nan")})
    assert client.post("/predict", content=text, headers=JSON).status_code == 500


def test_what_training_never_saw_is_flagged(client, body):
    answer = client.post("/predict", json=body | {"dest": "XYZ", "carrier": "ZZ"})
    assert answer.json()["unknown"] == ["carrier", "dest"]
    assert client.post("/predict", json=body).json()["unknown"] == []


def test_canary_is_sticky_and_shadow_only_looks_on(two_versions, flights, tmp_path):
    two_versions.set_alias("challenger", 2)
    state = ServingState(two_versions, share=0.3, shadow=True)
    state.refresh()
    answers = state.predict(flights)
    assert [a.arm for a in answers] == [arm_of(f.id, 0.3) for f in flights]
    assert {a.arm: a.version for a in answers} == {"champion": 1, "challenger": 2}
    for a in answers[:50]:
        assert (a.shadow == a.probability) == (a.arm == "challenger")
    two_versions.remove_alias("challenger")
    state.refresh()
    assert {a.version for a in state.predict(flights)} == {1}


def test_reload_serves_the_old_model_until_the_new_one_is_sound(two_versions, state):
    from pathlib import Path

    path = Path(two_versions.resolve(2).source) / "model.skops"
    content = path.read_bytes()
    path.write_bytes(content[:50])
    two_versions.set_alias("champion", 2)
    assert not state.refresh()
    assert state.champion.version.version == 1
    client = TestClient(create_app(state))
    assert client.get("/readyz").status_code == 200
    assert "SHA-256" in client.get("/readyz").json()["degraded"]
    assert "model_degraded 1.0" in client.get("/metrics").text
    path.write_bytes(content)
    assert state.refresh()
    assert state.champion.version.version == 2
    assert "model_degraded 0.0" in client.get("/metrics").text


def test_a_broken_challenger_leaves_the_canary_and_blocks_no_rollback(
    two_versions, flights, later
):
    from pathlib import Path

    two_versions.set_alias("champion", 2)
    two_versions.set_alias("challenger", 2)
    state = ServingState(two_versions, share=0.5)
    assert state.refresh()
    third = two_versions.register(
        two_versions.load(1), metrics={}, data_hash="d", example=later.head(2)
    )
    (Path(two_versions.resolve(third).source) / "model.skops").write_bytes(b"")
    two_versions.set_alias("challenger", third)
    two_versions.set_alias("champion", 1)  # the rollback
    assert not state.refresh()
    assert {a.version for a in state.predict(flights)} == {1}
    assert "SHA-256" in state.trouble


def test_whatever_a_registry_raises_the_answers_go_on(state, flights, monkeypatch):
    def broken(*_):
        raise KeyError("no such thing")

    monkeypatch.setattr(type(state._registry), "resolve", broken)
    assert not state.refresh()
    assert "no such thing" in state.trouble
    assert len(state.predict(flights[:3])) == 3


def test_metrics_count_and_strangers_paths_make_no_series(client, body):
    for _ in range(3):
        client.post("/predict", json=body)
    client.post("/predict", content="x", headers={"Content-Type": "text/plain"})
    client.get("/wp-login.php")
    client.get("/.env")
    text = client.get("/metrics").text
    assert 'predictions_total{arm="champion",version="1"} 3.0' in text
    assert 'requests_total{route="unknown",status="404"} 2.0' in text
    assert 'requests_total{route="/predict",status="415"} 1.0' in text
    assert "wp-login" not in text


def test_faults_leave_the_last_good_model(two_versions, flights, tmp_path):
    database = tmp_path / "registry.db"
    # MLflow waits 20 s for a lock, so that this fault is left to the page.
    skip = ("registry locked",)
    small = SmallDisk(tmp_path / "small.db")
    table = run_faults(two_versions, database, small, flights, skip=skip)
    assert len(table) == 5
    assert (table["answered"] == 40).all()
    assert (table["lost"] == 0).all()
    assert (table["after"] == 2).all()
    assert (table["degraded"] != "").all()
    kept = table.drop("disk full")
    assert (kept["version"] == 1).all()


def test_buffer_keeps_what_cannot_be_written_and_refuses_to_forget(tmp_path):
    disk = SmallDisk(tmp_path / "j.db")
    journal = BufferedJournal(disk, capacity=60)
    made = [
        Prediction(f"f{i}", 1, "champion", 0.5, {"x": "y" * 500}) for i in range(90)
    ]
    disk.full = True
    journal(made[:60])
    assert (journal.pending, len(disk)) == (60, 0)
    assert "full" in journal.trouble
    with pytest.raises(JournalFullError, match="60 predictions wait"):
        journal(made[60:])
    disk.full = False
    assert journal.flush()
    assert (journal.pending, len(disk), journal.trouble) == (0, 60, "")


def test_journal_writes_a_flight_once_and_joins_labels(tmp_path):
    journal = Journal(tmp_path / "j.db")
    first = Prediction("a", 1, "champion", 0.2, {"hour": 5}, 0.3)
    journal.append([first, Prediction("b", 1, "champion", 0.4)])
    journal.append([Prediction("a", 1, "champion", 0.9, {"hour": 5})])  # a retry
    journal.append([Prediction("a", 2, "challenger", 0.1)])
    assert len(journal) == 3
    assert journal.find("a")[0] == first
    journal.label({"a": True})
    journal.label({"a": False, "c": True})
    joined = journal.joined()
    assert joined["version"].tolist() == [1, 2]
    assert not joined["late"].any()


def test_an_id_that_is_asked_with_other_features_has_a_second_row(
    state, body, tmp_path
):
    journal = Journal(tmp_path / "j.db")
    client = TestClient(create_app(state, BufferedJournal(journal)))
    bodies = [body, body | {"visib": 0.1}, body]
    said = [client.post("/predict", json=b).json()["probability"] for b in bodies]
    assert said[0] == said[2] != said[1]
    assert [p.probability for p in journal.find(body["id"])] == said[:2]


def test_two_services_write_one_journal(state, body, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    def one(number):
        writer = BufferedJournal(Journal(tmp_path / "j.db", timeout=5))
        client = TestClient(create_app(state, writer))
        for i in range(40):
            asked = body | {"id": f"{number}-{i // 2}"}
            assert client.post("/predict", json=asked).status_code == 200
        return writer.flush()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one, range(2))) == [True, True]
    ids = Journal(tmp_path / "j.db").predictions()["id"]
    assert len(ids) == 40
    assert ids.is_unique


def test_what_waits_is_written_at_the_end(state, body, tmp_path):
    journal = Journal(tmp_path / "j.db")
    writer = BufferedJournal(journal, batch=100)
    with TestClient(create_app(state, writer)) as client:
        client.post("/predict", json=body)
        assert (writer.pending, len(journal)) == (1, 0)
    assert (writer.pending, len(journal)) == (0, 1)


def test_the_refreshing_thread_writes_what_waits(state, body, tmp_path):
    from kit.servers import wait_until

    journal = Journal(tmp_path / "j.db")
    writer = BufferedJournal(journal, batch=100)
    with TestClient(create_app(state, writer, refresh_seconds=0.05)) as client:
        client.post("/predict", json=body)
        wait_until(lambda: len(journal) == 1, timeout=10)


def test_a_dead_workers_gauges_are_forgotten(monkeypatch, tmp_path):
    import subprocess
    import sys

    from mlmastery.mlops.service import _forget_gauges_of_the_dead

    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    import os

    for pid in (ended.pid, os.getpid()):
        for kind in ("gauge_livemax", "gauge_livesum", "counter"):
            (tmp_path / f"{kind}_{pid}.db").touch()
    _forget_gauges_of_the_dead(str(tmp_path))
    kept = {path.name for path in tmp_path.iterdir()}
    assert f"gauge_livemax_{os.getpid()}.db" in kept
    assert f"counter_{ended.pid}.db" in kept  # what it counted stays in the sum
    assert not any(n.startswith("gauge") and str(ended.pid) in n for n in kept)


def test_a_registry_that_is_deleted_while_serving_is_seen(two_versions, tmp_path):
    state = ServingState(two_versions)
    assert state.refresh()
    (tmp_path / "registry.db").unlink()
    assert not state.refresh()  # an open connection would go on reading
    assert "does not answer" in state.trouble
    assert state.ready


@pytest.mark.parametrize(
    ("content", "headers", "status", "words"),
    [
        ("{}", {"Content-Type": "text/plain"}, 415, "application/json, got text/plain"),
        ("{}", {}, 415, "application/json, got nothing"),
        ("{}", JSON | {"Content-Encoding": "gzip"}, 415, "not be compressed, got gzip"),
        ("[" * 100_000, JSON, 400, "body"),
        ('{"hour": ' + "9" * 5000 + "}", JSON, 400, "body"),
        (b'{"id": "\xff"}', JSON, 400, "body"),
        ("", JSON, 422, "body: Field required"),
        ("null", JSON, 422, "body"),
        ('{"id": "\\ud800"}', JSON, 422, "id"),
    ],
)
def test_strange_bodies_get_a_sentence(client, content, headers, status, words):
    answer = client.post("/predict", content=content, headers=headers)
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_json_with_a_charset_and_any_characters_in_an_id(client, body):
    kind = {"Content-Type": "application/json; charset=utf-8"}
    asked = body | {"id": "ü✈"}
    answer = client.post("/predict", content=json.dumps(asked), headers=kind)
    assert (answer.status_code, answer.json()["id"]) == (200, "ü✈")
    # A key that is given twice counts once: its last value.
    twice = json.dumps(body)[:-1] + ', "carrier": "ZZ"}'
    assert client.post("/predict", content=twice, headers=JSON).json()["unknown"] == [
        "carrier"
    ]
    assert client.post("/predict", json=body | {"temp": 10**400}).status_code == 422


def test_batches_are_written_together(tmp_path):
    class Counting(Journal):
        calls = 0

        def append(self, predictions):
            self.calls += 1
            super().append(predictions)

    counting = Counting(tmp_path / "j.db")
    journal = BufferedJournal(counting, batch=4)
    for i in range(9):
        journal([Prediction(str(i), 1, "champion", 0.1)])
    assert (counting.calls, len(counting), journal.pending) == (2, 8, 1)


def test_full_buffer_is_503(state, body, tmp_path):
    disk = SmallDisk(tmp_path / "j.db", full=True)
    journal = BufferedJournal(disk, capacity=1)
    client = TestClient(create_app(state, journal))
    statuses = [
        client.post("/predict", json=body | {"id": f"x{i}" * 30}) for i in range(1)
    ]
    journal.capacity = 0
    refused = client.post("/predict", json=body)
    assert refused.status_code == 503
    assert "predictions wait" in refused.json()["error"]
    assert statuses


def test_routes_of_the_race_agree(champion, flights, later):
    client = TestClient(race_app(champion))
    expected = probabilities(champion, later.head(100))
    body = flights[0].model_dump()
    for path in ("/pipeline", "/pipeline-in-threads", "/expression"):
        answer = client.post(path, json=body).json()
        assert answer["probability"] == pytest.approx(expected[0], abs=1e-9)
    many = {"flights": [f.model_dump() for f in flights[:100]]}
    answer = client.post("/batch-of-100", json=many).json()["probabilities"]
    assert answer == pytest.approx(expected, abs=1e-9)
    assert client.post("/bare", json=body).json() == {"probability": 0.5}
    assert client.post("/validated", json=body | {"x": 1}).status_code == 422
