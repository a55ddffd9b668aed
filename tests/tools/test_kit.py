"""The servers that tests lean on: they really answer, and where they can't they say why."""

import socket
import subprocess
import sys
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import sqlalchemy as sa
from kit import services
from kit.servers import QuietHandler, free_port, http_server, kill, wait_until
from kit.services import postgres_server, prometheus_server, redis_server, service

redis_url = service(redis_server)
postgres_url = service(postgres_server)
prometheus_url = service(prometheus_server)


class Greeter(QuietHandler):
    """Greets whom it was given, and notes that it was asked."""

    def do_GET(self):
        self.what.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")


def test_http_server_answers_quietly_and_is_gone_afterwards(capfd):
    asked = []
    with http_server(Greeter, asked) as url:
        assert urllib.request.urlopen(f"{url}/x").read() == b"hello"
    assert asked == ["/x"]
    assert capfd.readouterr().err == ""
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=1)


def test_http_servers_share_nothing():
    asked, other = [], []
    with http_server(Greeter, asked) as url, http_server(Greeter, other):
        urllib.request.urlopen(f"{url}/x").close()
    assert (asked, other) == (["/x"], [])


def test_a_killed_process_has_no_last_words():
    code = "import atexit; atexit.register(print, 'bye'); print(1, flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as process:
        assert process.stdout.readline() == "1\n"
        assert kill(process) == ""
    assert process.returncode == -9


def test_waiting_ends_with_the_condition_or_fails():
    event = threading.Event()
    threading.Timer(0.05, event.set).start()
    wait_until(event.is_set, timeout=5)
    with pytest.raises(AssertionError, match=r"not so within 0\.1 s"):
        wait_until(lambda: False, timeout=0.1)


@pytest.mark.slow
def test_redis_keeps_what_it_is_told(redis_url):
    import redis

    with redis.Redis.from_url(redis_url) as client:
        assert client.keys() == []
        client.set("x", 1)
        assert client.incr("x") == 2


def test_postgresql_counts(postgres_url):
    engine = sa.create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM pg_user")) == 1
        assert "PostgreSQL" in connection.scalar(sa.text("SELECT version()"))
    engine.dispose()


@pytest.mark.slow
def test_prometheus_answers_a_query(prometheus_url):
    asked = {"query": "1 + 1"}
    url = f"{prometheus_url}/api/v1/query"
    answer = requests.get(url, params=asked, timeout=5).json()
    assert answer["data"]["result"][1] == "2"


def test_a_server_that_does_not_start_shows_its_log():
    command = ["/bin/sh", "-c", "echo no such option; exit 1"]
    with services.home() as folder, pytest.raises(AssertionError, match="no such opt"):
        with services.running(command, folder, lambda: False):
            pass


def test_without_root_a_missing_server_is_skipped_with_the_reason(monkeypatch):
    monkeypatch.setattr(services.os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.skip.Exception, match=r"apt-get install absent.*root"):
        services.program("no-such-server", "absent")


def test_an_old_index_is_refreshed_and_what_apt_says_is_kept(monkeypatch):
    answers = iter(["unable to locate x", "", "no room"])
    asked = []

    def apt_get(*words):
        asked.append(words[0])
        return next(answers)

    monkeypatch.setattr(services, "apt_get", apt_get)
    assert services.apt_get_install("x") == "no room"
    assert asked == ["install", "update", "install"]


def test_a_package_is_asked_for_once_in_a_run(monkeypatch, tmp_path):
    asked = []

    def apt_get_install(package):
        asked.append(package)
        return "no network"

    monkeypatch.setattr(services, "INSTALLED", tmp_path)
    monkeypatch.setattr(services.os, "geteuid", lambda: 0)
    monkeypatch.setattr(services.shutil, "which", lambda name: name)
    monkeypatch.setattr(services, "apt_get_install", apt_get_install)
    with ThreadPoolExecutor(4) as pool:
        reasons = list(pool.map(services.install, ["thing"] * 4))
    assert reasons == ["no network"] * 4
    assert asked == ["thing"]


def test_a_free_port_can_be_listened_at():
    with socket.create_server(("127.0.0.1", free_port())):
        pass
