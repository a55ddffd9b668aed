"""Real workers, a real PostgreSQL, a server that speaks S3, a fuzzer."""

import os
import shutil
import subprocess
import sys
import threading
import time

import pytest
import requests
from kit.servers import free_port, wait_until
from kit.services import postgres_server, service

from mlmastery.mlops import Journal, ModelRegistry, ServingState, create_app, load_test
from mlmastery.mlops.training import probabilities

postgres = service(postgres_server)


def get(address, path):
    try:
        return requests.get(address + path, timeout=5)
    except requests.ConnectionError:
        return None


def workers_of(process):
    import psutil

    children = psutil.Process(process.pid).children(recursive=True)
    return [c for c in children if "spawn_main" in " ".join(c.cmdline())]


@pytest.fixture
def delivered(tmp_path, template, champion, later):
    """Return a state folder with a champion."""
    shutil.copy(template, tmp_path / "registry.db")
    registry = ModelRegistry(f"sqlite:///{tmp_path}/registry.db", tmp_path / "models")
    registry.register(
        champion, metrics={}, data_hash="d", example=later.head(2), commit="c"
    )
    registry.set_alias("champion", 1)
    registry.disconnect()
    return tmp_path


@pytest.fixture
def served(delivered):
    port = free_port()
    command = [sys.executable, "-m", "mlmastery.mlops", "serve", "--workers", "2"]
    command += ["--state", str(delivered), "--port", str(port)]
    env = os.environ | {"MLOPS_REFRESH": "1"}
    process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"

    def ready():
        answer = get(address, "/readyz")
        return answer is not None and answer.status_code == 200

    wait_until(ready, timeout=90, pause=0.2)
    yield process, address
    process.terminate()
    assert process.wait(timeout=30) in (0, -15)


def total(address):
    text = get(address, "/metrics").text
    lines = [x for x in text.splitlines() if x.startswith("predictions_total{")]
    return sum(float(x.split()[-1]) for x in lines)


@pytest.mark.slow
def test_workers_count_together_and_a_killed_one_loses_nothing(
    served, delivered, flights
):
    process, address = served
    bodies = [f.model_dump() for f in flights[:40]]
    # A worker that has no model yet says 503 and is asked again.
    asked = load_test(address, "/predict", bodies, concurrency=4, retries=60)
    assert set(asked.statuses) == {200}
    # Each worker alone would say about half.
    assert {total(address) for _ in range(10)} == {40.0}
    victim = workers_of(process)[0]
    killer = threading.Timer(0.05, victim.kill)
    killer.start()
    more = [f.model_dump() for f in flights[40:]]
    result = load_test(address, "/predict", more, concurrency=8, retries=60)
    killer.join()
    assert set(result.statuses) == {200}
    assert len(result.statuses) == len(more)
    journal = Journal(delivered / "journal.db")
    wait_until(lambda: len(journal) == len(flights), timeout=10)
    wait_until(lambda: len(workers_of(process)) == 2, timeout=60)
    assert victim.pid not in {w.pid for w in workers_of(process)}
    assert total(address) >= 40  # the dead worker's counts stay


@pytest.mark.slow
def test_registry_on_postgresql_and_answers_go_on_when_it_is_down(
    champion, challenger, later, flights, tmp_path
):
    from contextlib import ExitStack

    stack = ExitStack()
    url = stack.enter_context(postgres_server())
    try:
        registry = ModelRegistry(url, tmp_path / "models")
        for model in (champion, challenger):
            registry.register(model, metrics={}, data_hash="d", example=later.head(2))
        registry.set_alias("champion", 1)
        state = ServingState(registry)
        assert state.refresh()
    finally:
        stack.close()  # the server is down now
    assert not state.refresh()
    assert "does not answer" in state.trouble
    answers = state.predict(flights[:5])
    expected = probabilities(champion, later.head(5))
    assert [a.probability for a in answers] == pytest.approx(expected, abs=1e-9)


@pytest.fixture
def bucket(monkeypatch):
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port())
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", url)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    import boto3

    boto3.client("s3", endpoint_url=url).create_bucket(Bucket="models")
    yield "s3://models/delays"
    server.stop()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the server that stands in for S3
def test_models_in_object_storage_come_back(bucket, champion, later, tmp_path):
    registry = ModelRegistry(f"sqlite:///{tmp_path}/r.db", bucket)
    registry.register(champion, metrics={}, data_hash="d", example=later.head(2))
    registry.set_alias("champion", 1)
    assert registry.resolve("champion").source.startswith("s3://models/delays")
    loaded = registry.load("champion")
    assert probabilities(loaded, later) == pytest.approx(probabilities(champion, later))
    registry.disconnect()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_fuzzed_requests_never_break_the_service(two_versions):
    """Schemathesis makes requests from the service's own description."""
    import schemathesis
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    state = ServingState(two_versions)
    state.refresh()
    schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(state))
    conform = schemathesis.checks.CHECKS.get_by_names(
        [
            "not_a_server_error",
            "status_code_conformance",
            "content_type_conformance",
            "response_schema_conformance",
        ]
    )
    routes = [schema["/predict"]["POST"], schema["/predict-batch"]["POST"]]
    seen = []

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def fuzz(data):
        route = data.draw(st.sampled_from(routes))
        case = data.draw(route.as_strategy())
        response = case.call()
        seen.append(response.status_code)
        assert response.status_code < 500
        # The description says each status, and the form of each answer.
        case.validate_response(response, checks=list(conform))

    fuzz()
    assert 200 in seen


def test_refreshing_thread_loads_and_stops(two_versions):
    from mlmastery.web import serving_app

    state = ServingState(two_versions)
    with serving_app(create_app(state, refresh_seconds=0.05)) as address:
        wait_until(lambda: get(address, "/readyz").status_code == 200)
        two_versions.set_alias("champion", 2)
        wait_until(lambda: get(address, "/model").json()["champion"]["version"] == 2)
    before = threading.active_count()
    time.sleep(0.2)
    assert threading.active_count() <= before
