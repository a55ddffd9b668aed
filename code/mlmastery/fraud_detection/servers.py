"""Servers for trials on this machine: a Redis that can be killed, a Kafka protocol."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["LocalRedis", "kafka_mock", "local_redis"]


class LocalRedis:
    """A Redis that writes each command to a file before it answers.

    Parameters
    ----------
    folder : Path
        Keeps the file.

    Raises
    ------
    FileNotFoundError
        If Redis is not installed.
    """

    def __init__(self, folder: Path) -> None:
        if shutil.which("redis-server") is None:
            raise FileNotFoundError("redis-server is not installed")
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        import redis

        words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        words += ["--save", "", "--appendonly", "yes", "--dir", str(self.folder)]
        # By default a write may wait for the disk behind the answer, and is then lost.
        words += ["--appendfsync", "always"]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(words, stdout=quiet, stderr=quiet)
        deadline = time.monotonic() + 20
        with redis.Redis(port=self.port) as client:
            while time.monotonic() < deadline:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    time.sleep(0.02)
        raise TimeoutError("Redis does not answer")

    def kill(self) -> None:
        """End the server as a power cut does; its file stays."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        self.process.wait(timeout=10)


@contextmanager
def local_redis(folder: Path) -> Iterator[LocalRedis]:
    """Run a Redis until the end of the ``with``."""
    server = LocalRedis(folder)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def kafka_mock() -> Iterator[str]:
    """Run librdkafka's mock of a Kafka cluster; yield its address.

    The mock speaks the protocol and keeps events in memory. It is no Kafka broker.
    """
    from confluent_kafka import Producer

    settings = {"bootstrap.servers": "unused", "test.mock.num.brokers": 1}
    cluster = Producer({**settings, "log_level": 0})
    brokers = cluster.list_topics(timeout=10).brokers.values()
    yield ",".join(f"{broker.host}:{broker.port}" for broker in brokers)
    cluster.flush(1)
