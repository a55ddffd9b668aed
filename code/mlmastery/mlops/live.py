"""A real Prometheus and a real Alertmanager, started for a folder of this chapter.

>>> missing_programs(["no-such-program"])
['no-such-program']
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from .alerts import RULES
from .tether import with_parent

__all__ = ["PROGRAMS", "Alerting", "alerting", "free_port", "missing_programs"]

PROGRAMS = ("prometheus", "prometheus-alertmanager")
ROUTES = Path(__file__).with_name("alertmanager.yml")
CONFIG = """\
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{rules}"]
scrape_configs:
  - job_name: delays
    static_configs: [{{targets: ["{target}"]}}]
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


class Alerting(NamedTuple):
    """Addresses of the two programs.

    Parameters
    ----------
    prometheus, alertmanager : str

    Examples
    --------
    >>> Alerting("http://a", "http://b").alertmanager
    'http://b'
    """

    prometheus: str
    alertmanager: str


def missing_programs(names: Iterable[str] = PROGRAMS) -> list[str]:
    """Return those programs that this machine does not have."""
    return [name for name in names if shutil.which(name) is None]


def free_port() -> int:
    """Return a port of this machine at which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def alerting(
    folder: str | Path, target: str, webhook: str, rules: str | Path = RULES
) -> Iterator[Alerting]:
    """Run both programs until the end of the ``with``.

    Parameters
    ----------
    folder : str or Path
        Where they write.
    target : str
        Host and port whose ``/metrics`` are read each second.
    webhook : str
        Address to which alerts are posted.
    rules : str or Path, optional

    Raises
    ------
    FileNotFoundError
        If one is not installed.
    TimeoutError
        If one does not start within 30 seconds.
    """
    if lacking := missing_programs():
        raise FileNotFoundError(f"not installed: {', '.join(lacking)}")
    folder = Path(folder)
    ports = free_port(), free_port()
    routes = ROUTES.read_text(encoding="utf-8")
    own = routes.replace("http://127.0.0.1:8021/alert", webhook)
    (folder / "alertmanager.yml").write_text(own, encoding="utf-8")
    config = CONFIG.format(rules=Path(rules).resolve(), target=target, port=ports[1])
    (folder / "prometheus.yml").write_text(config, encoding="utf-8")
    commands = (
        [
            "prometheus",
            f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/prometheus",
            f"--web.listen-address=127.0.0.1:{ports[0]}",
        ],
        [
            "prometheus-alertmanager",
            f"--config.file={folder}/alertmanager.yml",
            f"--storage.path={folder}/alertmanager",
            f"--web.listen-address=127.0.0.1:{ports[1]}",
            "--cluster.listen-address=",
        ],
    )
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    with (folder / "alerting.log").open("w") as log:
        started = [_start(command, log) for command in commands]
        try:
            for process, address in zip(started, addresses, strict=True):
                _wait(process, f"{address}/-/ready")
            yield Alerting(*addresses)
        finally:
            _stop(started)


def _start(command: list[str], log: IO[str]) -> subprocess.Popen[bytes]:
    """Start a program that ends with this process."""
    tied = [sys.executable, "-m", "mlmastery.mlops.tether", *command]
    env = with_parent(os.environ)
    # Ctrl-C in the terminal reaches this process alone, which ends the program.
    return subprocess.Popen(
        tied, env=env, stdout=log, stderr=log, start_new_session=True
    )


def _wait(process: subprocess.Popen[bytes], address: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"{process.args!r} did not start within {seconds:g} s")


def _stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
