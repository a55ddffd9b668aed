"""Servers and processes of a test's own, on free ports of this machine."""

import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import Popen
from typing import Any


def free_port() -> int:
    """Return a port at which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class QuietServer(ThreadingHTTPServer):
    """A server that says nothing of a client that has gone, as tests make it go."""

    def handle_error(self, *args: object) -> None:
        """Say nothing."""


class QuietHandler(BaseHTTPRequestHandler):
    """What answers; a test adds ``do_GET`` and finds its own object in ``what``."""

    what: Any

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def http_server(handler: type[QuietHandler], what: Any) -> Iterator[str]:
    """Serve until the end of the ``with``; yield the address, without a last slash."""
    bound = type("Bound", (handler,), {"what": what})
    with QuietServer(("127.0.0.1", 0), bound) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def wait_until(condition: Any, timeout: float = 15.0, pause: float = 0.01) -> None:
    """Wait until a condition holds; fail where it does not in time."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"not so within {timeout:g} s"
        time.sleep(pause)


def kill(process: Popen) -> str | None:
    """End a process as a power cut does; return what it had printed meanwhile."""
    process.send_signal(signal.SIGKILL)
    return process.communicate(timeout=10)[0]
