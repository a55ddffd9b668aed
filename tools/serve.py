"""Serve the built site on this machine, with a Jupyter server for its live code.

python tools/serve.py [--port 8000]
"""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from chapters import BOOK, ROOT
from kernel import ENVIRONMENT

HTML = ROOT / "_build" / "html"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line for each."""

    def log_message(self, *args: object) -> None:
        pass


def serve_folder(folder: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """Serve a folder on loopback in a thread; port 0 takes a free one."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def start_jupyter(port: int, origin: str, token: str) -> subprocess.Popen[bytes]:
    """Start a Jupyter server that only pages of ``origin`` with the token may use."""
    options = {
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.allow_origin": origin,
        "IdentityProvider.token": token,
        "ServerApp.root_dir": BOOK,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.log_level": 40,
    }
    command = [sys.executable, "-m", "jupyter_server"]
    command += [f"--{key}={value}" for key, value in options.items()]
    process = subprocess.Popen(command, env={**os.environ, **ENVIRONMENT}, cwd=BOOK)
    wait_for(port)
    return process


def wait_for(port: int, seconds: float = 30) -> None:
    """Return when something listens on the port, or say that nothing does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing listens on port {port} after {seconds:.0f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    if not (HTML / "index.html").exists():
        print("error: there is no site yet; run make book first")
        return 1
    try:
        server = serve_folder(HTML, port)
    except OSError:
        print(
            f"error: port {port} is taken; another: python tools/serve.py --port {port + 10}"
        )
        return 1
    origin, token = f"http://localhost:{port}", secrets.token_hex(16)
    jupyter = start_jupyter(port + 1, origin, token)
    print(f"{origin}/index.html?jupyter=http://localhost:{port + 1}&token={token}")
    print("Live code runs on this machine. Ctrl-C stops both servers.", flush=True)
    try:
        return jupyter.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        jupyter.terminate()
        server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
