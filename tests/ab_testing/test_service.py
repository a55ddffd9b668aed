"""The service over real HTTP: thousands at once, bad requests, and a killed server."""

import json
import os
import random
import socket
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException

import pandas as pd
import pytest
import requests
from kit.servers import free_port, kill, wait_until
from kit.services import postgres_server, service
from scipy import stats

from mlmastery.ab_testing.__main__ import main
from mlmastery.ab_testing.assignment import assign
from mlmastery.ab_testing.database import metadata, open_database
from mlmastery.ab_testing.events import EventStore
from mlmastery.ab_testing.experiment import Experiment, ExperimentStateError
from mlmastery.ab_testing.registry import Registry
from mlmastery.ab_testing.service import AssignmentService, serving

PLAN = {
    "name": "checkout",
    "hypothesis": "One page sells more than three",
    "metric": "purchase",
    "minimum_effect": 0.01,
}
HALVES = {"control": 0.5, "treatment": 0.5}
postgres = service(postgres_server)


class Client:
    """One connection that stays open, as that of a web shop's backend does."""

    def __init__(self, address: str):
        self.address = address
        self.connection = HTTPConnection(address.removeprefix("http://"), timeout=60)

    def __call__(self, method: str, path: str, body: object = None):
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        for attempt in (1, 2):
            try:
                self.connection.request(method, path, data, headers)
                response = self.connection.getresponse()
                return response.status, json.loads(response.read())
            except (ConnectionError, HTTPException):
                self.connection.close()  # idle for five seconds: the server hung up
                if attempt == 2:
                    raise

    def start(self, **changes) -> None:
        """Create an experiment and start it."""
        assert self("POST", "/experiments", PLAN | changes)[0] == 201
        name = (PLAN | changes)["name"]
        assert self("POST", f"/experiments/{name}/start")[0] == 200

    def assign(self, unit: str) -> str | None:
        status, answer = self(
            "POST", "/experiments/checkout/assignments", {"unit": unit}
        )
        assert (status, answer["unit"]) == (200, unit), answer
        return answer["arm"]

    def convert(self, **event) -> str:
        status, answer = self("POST", "/experiments/checkout/conversions", event)
        assert status == 200, answer
        return answer["status"]

    def results(self) -> dict:
        return self("GET", "/experiments/checkout/results")[1]


@contextmanager
def client(address: str):
    one = Client(address)
    try:
        yield one
    finally:
        one.connection.close()


@pytest.fixture(scope="module")
def address():
    """Return the address of a server for tests that leave nothing behind."""
    with serving() as url, client(url) as ask:
        ask.start(name="runs")
        assert ask("POST", "/experiments", PLAN | {"name": "draft"})[0] == 201
        yield url


@pytest.fixture
def ask(address):
    with client(address) as one:
        yield one


def at_once(addresses: list[str], units: list[str], threads: int = 40) -> list[tuple]:
    """Ask for all units over many connections, and return (unit, arm) pairs."""
    local = threading.local()

    def one(job: tuple[int, str]) -> tuple[str, str | None]:
        i, unit = job
        if not hasattr(local, "clients"):
            local.clients = {a: stack.enter_context(client(a)) for a in addresses}
        return unit, local.clients[addresses[i % len(addresses)]].assign(unit)

    with ExitStack() as stack, ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, enumerate(units)))


def check_assigned(pairs: list[tuple], results: dict, users: int) -> None:
    """Check that all have one arm each, the hash's, and are counted once."""
    arms = dict(pairs)
    assert len(set(pairs)) == len(arms) == users  # one user, one arm
    assert all(arm == assign(u, "checkout", HALVES) for u, arm in arms.items())
    counted = {row["arm"]: row["users"] for row in results["arms"]}
    assert counted == Counter(arms.values())
    assert results["audit"]["contradicting_exposures"] == 0
    assert stats.binomtest(counted["control"], users).pvalue > 1e-4


@pytest.mark.parametrize("n", [1000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_concurrent_assignments_are_neither_moved_nor_counted_twice(tmp_path, n):
    units = [f"user-{i // 2}" for i in range(n)]  # each twice
    random.Random(0).shuffle(units)
    with serving(f"sqlite:///{tmp_path}/events.db") as url, client(url) as ask:
        ask.start()
        pairs = at_once([url], units)
        check_assigned(pairs, ask.results(), n // 2)


def test_two_servers_share_a_postgres(postgres):
    units = [f"user-{i // 4}" for i in range(600)]
    random.Random(0).shuffle(units)
    with serving(postgres) as one, serving(postgres) as two, client(one) as ask:
        ask.start()
        pairs = at_once([one, two], units, threads=20)
        check_assigned(pairs, ask.results(), 150)
        for _ in range(2):
            sent = {"unit": "user-1", "key": "order", "value": 2.0}
            status = ask.convert(**sent)
        assert status == "duplicate"
        assert sum(row["converted"] for row in ask.results()["arms"]) == 1
    engine = open_database(postgres)
    metadata.drop_all(engine)
    engine.dispose()


def test_a_ramp_over_http_moves_nobody(tmp_path):
    users = [f"user-{i}" for i in range(60)]
    with serving() as url, client(url) as ask:
        assert ask("POST", "/experiments", PLAN | {"coverage": 0.05})[0] == 201
        assert ask("POST", "/experiments/checkout/start")[0] == 200
        seen: dict = {}
        for coverage in (0.05, 0.2, 0.5, 1.0):
            status, plan = ask(
                "POST", "/experiments/checkout/ramp", {"coverage": coverage}
            )
            assert (status, plan["coverage"]) == (200, coverage)
            now = {u: arm for u in users if (arm := ask.assign(u))}
            assert seen.items() <= now.items()
            seen = now
        assert len(seen) == 60
        status, answer = ask("POST", "/experiments/checkout/ramp", {"coverage": 0.5})
        assert status == 422
        assert "at least 1 and at most 1, got 0.5" in answer["error"]


def test_a_stopped_experiment_keeps_its_users_and_takes_no_new_ones():
    with serving() as url, client(url) as ask:
        ask.start()
        arm = ask.assign("ana")
        assert ask("POST", "/experiments/checkout/stop")[0] == 200
        assert ask.assign("ana") == arm
        assert ask.assign("ben") is None
        assert ask.convert(unit="ana", key="late order") == "stored"
        assert sum(row["users"] for row in ask.results()["arms"]) == 1


def test_what_is_stored_is_what_a_user_gets():
    """A changed salt in the database must not move those who have an arm."""
    one = AssignmentService()
    one.experiments.create(Experiment(**PLAN))
    one.experiments.update("checkout", Experiment.start)
    arm = one.assign("checkout", "ana")
    other = "treatment" if arm == "control" else "control"
    one.events.expose("checkout", "ben", other)
    salt = next(s for s in map(str, range(99)) if assign("ana", s, HALVES) == other)
    text = json.dumps(Experiment(**PLAN, salt=salt, state="running").to_dict())
    with one.engine.begin() as connection:
        table = metadata.tables["experiments"]
        connection.execute(table.update().values(definition=text))
    assert one.assign("checkout", "ana") == arm
    assert one.assign("checkout", "ben") == other
    one.close()


def test_an_arm_stored_at_the_same_moment_wins(monkeypatch):
    one = AssignmentService()
    one.experiments.create(Experiment(**PLAN))
    one.experiments.update("checkout", Experiment.start)
    arm = Experiment(**PLAN).assign("ana")
    other = "treatment" if arm == "control" else "control"
    answers = iter([None])  # not there when we looked, there when we write

    def arm_of(experiment, unit):
        return next(answers, other)

    one.events.expose("checkout", "ana", other)
    monkeypatch.setattr(one.events, "arm_of", arm_of)
    assert one.assign("checkout", "ana") == other
    one.close()


def test_events_over_http():
    with serving() as url, client(url) as ask:
        ask.start()
        path = "/experiments/checkout/exposures"
        for status in ("stored", "duplicate"):
            event = {"unit": "ana", "arm": "control", "at": 10}
            assert ask("POST", path, event) == (200, {"status": status})
        event = {"unit": "ana", "arm": "treatment"}
        assert ask("POST", path, event) == (200, {"status": "refused"})
        assert ask.convert(unit="ana", key="k", value=3, at=11) == "stored"
        assert ask.convert(unit="ana", key="k", value=3, at=11) == "duplicate"
        assert ask.convert(unit="ana", key="k", value=4) == "refused"
        assert ask.convert(unit="ana", key="early", at=9) == "stored"
        assert ask.convert(unit="ben", key="nobody") == "stored"
        results = ask.results()
    assert results["experiment"]["name"] == "checkout"
    assert results["arms"] == [
        {"arm": "control", "users": 1, "converted": 1, "value": 3.0},
        {"arm": "treatment", "users": 0, "converted": 0, "value": 0.0},
    ]
    assert results["audit"] == {
        "contradicting_exposures": 1,
        "reused_keys": 1,
        "conversions_before_exposure": 1,
        "conversions_without_exposure": 1,
        "skewed_clocks": 0,
    }


def test_experiments_are_created_read_and_changed(ask):
    plan = PLAN | {"name": "new", "layer": {"name": "shop", "shares": {"new": 0.5}}}
    status, created = ask("POST", "/experiments", plan)
    assert (status, created["salt"], created["state"]) == (201, "new", "draft")
    assert ask("POST", "/experiments", plan)[0] == 201  # a retry
    assert ask("GET", "/experiments/new") == (200, created)
    change = {"minimum_effect": 0.02, "salt": "other"}
    status, changed = ask("PATCH", "/experiments/new", change)
    assert (status, changed) == (200, created | change)
    assert {"runs", "draft", "new"} <= set(ask("GET", "/experiments")[1])


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("POST", "", b'{"name": ', 400, "the body must be valid JSON: Expecting value"),
        ("POST", "", b"\xff\xfe", 400, ""),
        ("POST", "", b"[" * 50_000, 400, ""),
        ("POST", "", b"", 422, "body: Field required"),
        ("POST", "", [], 422, "body: Input should be"),
        ("POST", "", {"name": "x"}, 422, "body.hypothesis: Field required"),
        ("POST", "", PLAN | {"colour": 1}, 422, "body.colour: Extra inputs are not"),
        ("POST", "", PLAN | {"state": "running"}, 422, "body.state: Extra inputs"),
        ("POST", "", PLAN | {"name": "a b"}, 422, "name must hold letters, digits"),
        ("POST", "", PLAN | {"minimum_effect": 0}, 422, "minimum_effect must be"),
        ("POST", "", PLAN | {"minimum_effect": "1"}, 422, "body.minimum_effect: Inp"),
        ("POST", "", PLAN | {"name": "runs"}, 409, "name must be new, got 'runs'"),
        ("GET", "/no", None, 404, "experiment must be one of draft, "),
        ("GET", "/no/results", None, 404, "got 'no'"),
        ("POST", "/no/start", None, 404, "got 'no'"),
        ("POST", "/no/assignments", {"unit": "u"}, 404, "got 'no'"),
        ("POST", "/no/conversions", {"unit": "u", "key": "k"}, 404, "got 'no'"),
        ("POST", "/no/exposures", {"unit": "u", "arm": "control"}, 404, "got 'no'"),
        (
            "POST",
            "/draft/assignments",
            {"unit": "u"},
            409,
            "draft must be running, got",
        ),
        (
            "POST",
            "/draft/conversions",
            {"unit": "u", "key": "k"},
            409,
            "must be running",
        ),
        (
            "POST",
            "/draft/exposures",
            {"unit": "u", "arm": "control"},
            409,
            "must be run",
        ),
        ("POST", "/draft/stop", None, 409, "draft must be running to stop, got draft"),
        ("POST", "/runs/start", None, 409, "runs must be draft to start, got running"),
        ("PATCH", "/runs", {"salt": "x"}, 409, "salt must not change while runs runs"),
        ("POST", "/runs/ramp", {"coverage": 2}, 422, "coverage must be"),
        ("POST", "/runs/assignments", {}, 422, "body.unit: Field required"),
        ("POST", "/runs/assignments", {"unit": 5}, 422, "body.unit: Input should be"),
        ("POST", "/runs/assignments", {"unit": ""}, 422, "unit must be a text of 1"),
        ("POST", "/runs/assignments", {"unit": "\0"}, 422, "unit must be printable"),
        (
            "POST",
            "/runs/assignments",
            {"unit": "\ud800"},
            422,
            "unit must be printable",
        ),
        ("POST", "/runs/exposures", {"unit": "u", "arm": "c"}, 422, "control, treatme"),
        (
            "POST",
            "/runs/conversions",
            b'{"unit": "u", "key": "k", "value": NaN}',
            422,
            "value must be a number",
        ),
        (
            "POST",
            "/runs/conversions",
            b'{"unit": "u", "key": "k", "at": 1e999}',
            422,
            "at must be a number",
        ),
        ("DELETE", "/runs", None, 405, "Method Not Allowed"),
        ("GET", "/runs/a/b/c", None, 404, "Not Found"),
    ],
)
def test_a_bad_request_gets_one_sentence(ask, method, path, body, status, words):
    code, answer = ask(method, f"/experiments{path}", body)
    assert code == status, answer
    assert list(answer) == ["error"]
    assert words in answer["error"]
    assert len(answer["error"]) < 400
    assert ask("GET", "/experiments/runs/results")[1]["arms"][0]["users"] == 0


ODD = [
    *(None, True, 0, -1, 1e308, -1e308, 10**400, "", "1", "😀" * 100, "a\0", "\ud800"),
    *("x" * 300, [], [1], {}, {"a": {"b": []}}, {"name": 1}, {"shares": {"runs": 2}}),
]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", PLAN | {"name": "odd", "allocation": HALVES, "layer": None}),
        ("/runs/ramp", {"coverage": 1.0}),
        ("/runs/assignments", {"unit": "u"}),
        ("/runs/exposures", {"unit": "u", "arm": "control", "at": 1.0}),
        ("/runs/conversions", {"unit": "u", "key": "k", "value": 1.0, "at": 1.0}),
    ],
)
def test_no_value_breaks_the_server(path, body):
    with serving() as url, client(url) as ask:
        ask.start(name="runs")
        for name in body:
            for value in ODD:
                whole = json.dumps(body | {name: value}).encode()
                status, answer = ask("POST", f"/experiments{path}", whole)
                assert status < 500, (name, value, answer)
                assert status < 300 or list(answer) == ["error"]


def send_raw(address: str, request: bytes) -> bytes:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(request)
        answer = b""
        while not answer.endswith(b"}"):  # head and body may come apart
            answer += wire.recv(65_536)
        return answer


def test_a_huge_body_is_refused_before_it_comes(address):
    head = b"POST /experiments HTTP/1.1\r\nHost: x\r\n"
    head += b"Content-Type: application/json\r\nContent-Length: 9999999999\r\n\r\n"
    answer = send_raw(address, head)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"the body must have at most 65536 bytes" in answer


def test_a_huge_body_in_chunks_is_refused_too(address):
    head = b"POST /experiments HTTP/1.1\r\nHost: x\r\n"
    head += b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"  # 32 KiB each
    answer = send_raw(address, head + 3 * chunk)
    assert answer.startswith(b"HTTP/1.1 413 ")
    whole = json.dumps(PLAN | {"name": "padded"}).encode().ljust(0x8000)
    answer = send_raw(address, head + b"8000\r\n" + whole + b"\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 201 ")


def test_a_body_of_the_limit_is_taken(ask):
    plan = json.dumps(PLAN | {"name": "at-the-limit"}).encode()
    assert ask("POST", "/experiments", plan.ljust(64 * 1024))[0] == 201


def test_a_database_that_is_gone_is_said_and_retried(tmp_path):
    path = tmp_path / "events.db"
    with serving(f"sqlite:///{path}") as url, client(url) as ask:
        ask.start()
        engine = open_database(f"sqlite:///{path}")
        with engine.begin() as connection:
            table = metadata.tables["exposures"]
            table.drop(connection)
        status, answer = ask(
            "POST", "/experiments/checkout/assignments", {"unit": "ana"}
        )
        assert status == 503
        assert answer["error"] == "the database does not answer, send this again"
        table.create(engine)
        engine.dispose()
        assert ask.assign("ana") in HALVES


@contextmanager
def separate_server(url: str):
    """Run the server of the command line as a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "mlmastery", "ab-testing", "serve"]
    command += ["--url", url, "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ
    )
    address = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        try:
            return requests.get(f"{address}/experiments", timeout=1).ok
        except requests.ConnectionError:
            return False

    try:
        wait_until(ready, timeout=60)
        yield process, address
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=20)


def test_a_killed_server_resumes_with_nothing_lost(tmp_path):
    url = f"sqlite:///{tmp_path}/events.db"
    answered, sent = {}, threading.Event()

    def shop(address: str) -> None:
        with client(address) as ask:
            for i in range(100_000):
                try:
                    arm = ask.assign(f"user-{i}")
                    ask.convert(unit=f"user-{i}", key=f"order-{i}")
                except (OSError, HTTPException):
                    return
                answered[f"user-{i}"] = arm
                if i == 100:
                    sent.set()

    with separate_server(url) as (process, address):
        with client(address) as ask:
            ask.start()
        thread = threading.Thread(target=shop, args=(address,))
        thread.start()
        assert sent.wait(60)
        kill(process)
        thread.join(60)
    assert len(answered) > 100
    with separate_server(url) as (_, address), client(address) as ask:
        results = ask.results()
        users = {row["arm"]: row["users"] for row in results["arms"]}
        converted = sum(row["converted"] for row in results["arms"])
        # The one request that was under way may be stored without an answer.
        assert sum(users.values()) - len(answered) in (0, 1)
        assert converted - len(answered) in (0, 1)
        assert {
            u: ask.assign(u) for u in list(answered)[-50:]
        }.items() <= answered.items()
        last = list(answered)[-1].removeprefix("user-")
        again = {"unit": f"user-{last}", "key": f"order-{last}"}
        assert ask.convert(**again) == "duplicate"


def test_the_command_line_assigns_and_exports(tmp_path, capsys):
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(PLAN | {"excluded": ["ben"]}))
    assert main(["assign", str(plan), "ana", "ben"]) == 0
    arm = Experiment(**PLAN).assign("ana")
    assert capsys.readouterr().out == f"ana\t{arm}\nben\t-\n"

    url = f"sqlite:///{tmp_path}/events.db"
    engine = open_database(url)
    Registry(engine).create(Experiment(**PLAN).start())
    store = EventStore(engine)
    store.expose("checkout", "ana", "control", at=1)
    store.convert("checkout", "ana", "k", 4.0, at=2)
    engine.dispose()
    out = tmp_path / "users.csv"
    assert main(["export", "checkout", "--url", url, "--out", str(out)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["arms"][0] == {
        "arm": "control",
        "users": 1,
        "converted": 1,
        "value": 4.0,
    }
    assert pd.read_csv(out).to_dict("list") == {
        "unit": ["ana"],
        "arm": ["control"],
        "conversions": [1],
        "value": [4.0],
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["assign", "no.json", "ana"], "No such file"),
        (["assign", "{bad}", "ana"], "Expecting"),
        (["assign", "{lacking}", "ana"], "missing 3 required"),
        (["export", "no", "--url", "sqlite://"], "must be one of none yet, got 'no'"),
        (["export", "no", "--url", "mysql://x"], "url must be of SQLite or PostgreSQL"),
        (["export", "no", "--url", "sqlite:////no/such/x.db"], "does not answer"),
    ],
)
def test_the_command_line_says_why_not(tmp_path, capsys, arguments, words):
    files = {"{bad}": "{", "{lacking}": '{"name": "x"}'}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    arguments = [str(tmp_path / a) if a in files else a for a in arguments]
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert words in said
    assert said.count("\n") == 1


def test_a_service_needs_a_started_experiment():
    one = AssignmentService()
    one.experiments.create(Experiment(**PLAN))
    for call in (
        lambda: one.assign("checkout", "ana"),
        lambda: one.expose("checkout", "ana", "control"),
        lambda: one.convert("checkout", "ana", "k"),
    ):
        with pytest.raises(ExperimentStateError, match="must be running, got draft"):
            call()
    one.close()
