"""The live page of the stream: one file of HTML, and the numbers that it shows.

>>> "default-src 'none'" in content_policy(PAGE.read_text(encoding="utf-8"))
True
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from mlmastery.web import content_policy, error_response, web_app

__all__ = ["create_live_app", "serving"]

PAGE = Path(__file__).with_name("live.html")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def create_live_app(stream: Any) -> FastAPI:
    """Return the application: GET ``/`` and ``/status``, for this machine alone.

    Parameters
    ----------
    stream : FraudStream
        Anything with ``status()``.
    """
    app = web_app({})
    html = PAGE.read_text(encoding="utf-8")
    rules = {"Content-Security-Policy": content_policy(html)}
    rules |= {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}

    @app.middleware("http")
    async def own_only(request: Request, call_next: Any) -> Response:
        host = request.headers.get("host", "")
        if not _is_local(host):
            return error_response(403, "only this machine may ask")
        answer: Response = await call_next(request)
        return answer

    @app.get("/", response_class=HTMLResponse)
    def page() -> HTMLResponse:
        return HTMLResponse(html, headers=rules)

    @app.get("/status")
    def status() -> dict[str, Any]:
        return dict(stream.status())

    return app


def _is_local(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:  # a bracket that is not closed
        return False


@contextmanager
def serving(stream: Any) -> Iterator[str]:
    """Serve the page at the configuration's port; yield the address.

    Raises
    ------
    OSError
        If the port is taken.
    """
    import uvicorn

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", stream.config.port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise OSError(
            f"port must be free on this machine, {stream.config.port} is not: "
            f"{error.strerror}"
        ) from error
    server = uvicorn.Server(
        uvicorn.Config(
            create_live_app(stream), log_level="warning", timeout_graceful_shutdown=2
        )
    )
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
