"""Real servers for tests: found or installed, started on a free port, stopped again.

A fixture is one line in a test's module: ``redis = service(redis_server)``. Where the
server's Debian package is missing it is installed, if this is root with a network; a
test of a server that cannot be had is skipped with the reason.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from kit.servers import free_port, wait_until

INSTALLED = Path(tempfile.gettempdir()) / "mlmastery-apt"
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root; the others need not
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def program(name: str, package: str, folders: str = "/usr/bin") -> Path:
    """Return a server's program, installing its Debian package where it is missing."""
    found = find(name, folders)
    if found is None:
        trouble = install(package)
        found = find(name, folders)
    if found is None:
        pytest.skip(f"{name} is missing: apt-get install {package} ({trouble})")
    return found


def find(name: str, folders: str) -> Path | None:
    """Return the newest program of this name in the folders of a pattern, or on PATH."""
    inside = sorted(Path("/").glob(f"{folders.lstrip('/')}/{name}"))
    on_path = shutil.which(name)
    return inside[-1] if inside else Path(on_path) if on_path else None


def install(package: str) -> str:
    """Install a Debian package and return why that failed, or nothing.

    Once per run, whichever process comes first: the others wait and read the outcome.
    """
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "this needs root and apt-get"
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    INSTALLED.mkdir(exist_ok=True)
    outcome = INSTALLED / f"{package}-{run}"
    with (INSTALLED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not outcome.exists():
            outcome.write_text(apt_get_install(package))
    return outcome.read_text()


def apt_get_install(package: str) -> str:
    """Install by apt-get, with a fresh index where needed; return why it failed."""
    wanted = ("install", "-y", "--no-install-recommends", package)
    return apt_get(*wanted) and (apt_get("update") or apt_get(*wanted))


def apt_get(*words: str) -> str:
    """Run apt-get, which must not ask or start anything; return why it failed."""
    options = ["-qq", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10"]
    # In run level 1 a package does not start its server.
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    command = ["apt-get", *options, *words]
    try:
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, timeout=120
        )
    except subprocess.TimeoutExpired:
        return "apt-get took longer than 120 s"
    last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return last if done.returncode else ""


def as_user() -> dict[str, str]:
    """Return what has a process run without root's rights, where this one has them."""
    return {"user": UNPRIVILEGED, "group": "nogroup"} if os.geteuid() == 0 else {}


@contextmanager
def home() -> Iterator[Path]:
    """Yield a folder that belongs to the user of the server."""
    with tempfile.TemporaryDirectory(prefix="mlmastery-", dir="/tmp") as folder:
        if os.geteuid() == 0:
            user = pwd.getpwnam(UNPRIVILEGED)
            os.chown(folder, user.pw_uid, user.pw_gid)
        yield Path(folder)


@contextmanager
def running(command: list[str], folder: Path, ready: Callable[[], bool]):
    """Run a server until the end of the ``with``; show its log if it does not start."""
    log = folder / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, **as_user()
        )
    try:
        wait_until(lambda: process.poll() is not None or ready(), timeout=30)
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def redis_server() -> Iterator[str]:
    """Yield the URL of an empty Redis that keeps nothing."""
    import redis

    server, port = program("redis-server", "redis-server"), free_port()
    command = [str(server), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]

    def ready() -> bool:
        try:
            with redis.Redis(port=port) as client:
                return client.ping()
        except redis.ConnectionError:
            return False

    with home() as folder, running(command, folder, ready):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the SQLAlchemy URL of an empty PostgreSQL database."""
    import psycopg

    places = "/usr/lib/postgresql/*/bin"
    server, port = program("postgres", "postgresql", places), free_port()
    url = f"postgresql://ana:secret@127.0.0.1:{port}/postgres"

    def ready() -> bool:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            return False
        return True

    with home() as folder:
        init = [str(server.with_name("initdb")), "-D", f"{folder}/db", "-U", "ana"]
        init += ["-A", "trust", "--no-sync"]
        subprocess.run(init, cwd=folder, check=True, **QUIET, **as_user())
        command = [str(server), "-D", f"{folder}/db", "-p", str(port), "-k", folder]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        with running(command, folder, ready):
            yield url.replace("postgresql:", "postgresql+psycopg:")


@contextmanager
def prometheus_server(config: str = "global: {scrape_interval: 1s}\n") -> Iterator[str]:
    """Yield the address of a Prometheus with this configuration."""
    server, port = program("prometheus", "prometheus"), free_port()
    url = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        try:
            return requests.get(f"{url}/-/ready", timeout=1).ok
        except requests.ConnectionError:
            return False

    with home() as folder:
        (folder / "prometheus.yml").write_text(config)
        command = [str(server), f"--config.file={folder}/prometheus.yml"]
        command += [f"--storage.tsdb.path={folder}/data"]
        command += [f"--web.listen-address=127.0.0.1:{port}"]
        with running(command, folder, ready):
            yield url


def service(server: Callable[[], Iterator[str]]):
    """Return a fixture that starts a server once for all tests of a module."""

    @pytest.fixture(scope="module")
    def started() -> Iterator[str]:
        with server() as url:
            yield url

    return started
