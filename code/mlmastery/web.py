"""Answer HTTP requests: errors in one sentence, bodies of limited size, a free port.

>>> import requests
>>> from fastapi import FastAPI
>>> app = web_app({KeyError: 404})
>>> with serving_app(app) as address:
...     requests.get(f"{address}/nothing").json()
{'error': 'Not Found'}
"""

from __future__ import annotations

import hashlib
import re
import socket
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyLimit", "content_policy", "error_response", "serving_app", "web_app"]

MAX_BODY = 64 * 1024  # bytes


def web_app(
    statuses: Mapping[type[Exception], int | tuple[int, str]],
    max_body: int = MAX_BODY,
    lifespan: Any = None,
) -> FastAPI:
    """Return an application without routes, whose errors are JSON with one sentence.

    Parameters
    ----------
    statuses : mapping of exception to int, or to int and str
        The HTTP status of each exception that a route may raise. Its text is the
        answer, unless other words are given. Invalid JSON is 400, a wrong field 422.
    max_body : int, default=65536
        Bytes of a request; a larger one is answered 413.
    lifespan : callable, optional
        As FastAPI takes it: what to do around the time of serving.
    """
    # The pages of the documentation would load scripts from afar.
    app = FastAPI(docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_middleware(BodyLimit, max_body=max_body)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            reason = first.get("ctx", {}).get("error", "")
            return error_response(400, f"the body must be valid JSON: {reason}")
        place = ".".join(map(str, first["loc"]))
        return error_response(422, f"{place}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        return error_response(error.status_code, error.detail)

    for kind, answer in statuses.items():
        status, words = answer if isinstance(answer, tuple) else (answer, "")
        _answer(app, kind, status, words)
    return app


def _answer(app: FastAPI, kind: type[Exception], status: int, words: str) -> None:
    async def handler(_: Request, error: Exception) -> JSONResponse:
        # str of a KeyError puts its message in quotes.
        plain = isinstance(error, KeyError) and error.args
        own = str(error.args[0]) if plain else str(error)
        return error_response(status, words or own)

    app.add_exception_handler(kind, handler)


def error_response(status: int, words: str) -> JSONResponse:
    """Return an answer that says in words why there is no other.

    Examples
    --------
    >>> error_response(404, "user 9 unknown").body
    b'{"error":"user 9 unknown"}'
    """
    return JSONResponse({"error": words}, status_code=status)


class BodyLimit:
    """Refuse a request larger than a limit before it is in memory.

    Parameters
    ----------
    app : ASGI application
    max_body : int
        Bytes.
    """

    def __init__(self, app: ASGIApp, max_body: int):
        self.app, self.max_body = app, max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on while its body stays within the limit."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        words = f"the body must have at most {self.max_body} bytes"
        if int(Headers(scope=scope).get("content-length", 0)) > self.max_body:
            return await error_response(413, words)(scope, receive, send)
        size = 0

        async def counted() -> Message:
            # A body sent in chunks does not say how long it will be.
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.max_body:
                raise HTTPException(413, words)
            return message

        await self.app(scope, counted, send)


def content_policy(page: str) -> str:
    """Return the rule by which a browser runs and loads what is in the page alone.

    Parameters
    ----------
    page : str
        HTML with its style and its script in it; each runs only as it is there.

    Examples
    --------
    >>> content_policy("<style>b {}</style><script>go()</script>")[:56]
    "default-src 'none'; connect-src 'self'; base-uri 'none';"
    """
    rules = ["default-src 'none'", "connect-src 'self'", "base-uri 'none'"]
    rules += ["img-src 'self' data:", "form-action 'none'", "frame-ancestors 'none'"]
    for tag in ("style", "script"):
        inner = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        hashes = " ".join(f"'sha256-{_digest(part)}'" for part in inner)
        rules.append(f"{tag}-src {hashes}")
    return "; ".join(rules)


def _digest(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


@contextmanager
def serving_app(app: FastAPI) -> Iterator[str]:
    """Serve on a free port of this machine until the end of the ``with``.

    Yields
    ------
    str
        The address, without a last slash.
    """
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    # Only of a socket that says TCP does asyncio send small answers without delay.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)  # connections that come first wait here
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
