"""Watch a video or camera in the browser, enrol who consents, delete who leaves.

>>> is_loopback("127.0.0.1:8000"), is_loopback("faces.example")
(True, False)
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import uvicorn
from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mlmastery.validation import check_count
from mlmastery.web import (
    MAX_BODY,
    content_policy,
    error_response,
    serving_app,
    web_app,
)

from .consent import Consent, ConsentError
from .database import (
    DatabaseBusyError,
    DuplicatePersonError,
    FaceDatabase,
    UnknownPersonError,
)
from .sources import FrameSource
from .video import VideoRecognizer, VideoResult

__all__ = [
    "SameOrigin",
    "UnknownTrackError",
    "WatchService",
    "create_app",
    "draw_boxes",
    "listen",
    "serve",
    "watching",
]

PAGE = Path(__file__).with_name("page.html")
KNOWN, UNKNOWN = (40, 200, 80), (255, 150, 0)  # RGB of the boxes
WINDOW = 30  # results over which the rate and the latency are averaged
BOUNDARY = "frame"


class UnknownTrackError(LookupError):
    """The face is no longer in the picture."""


class WatchService:
    """A recogniser at work in a thread, without HTTP.

    Parameters
    ----------
    database : FaceDatabase
        With an embedder.
    recognizer : VideoRecognizer
        Of that database.
    source : FrameSource
    newest : bool, default=True
        Whether a newer frame replaces those that wait; otherwise every frame is
        recognised, so that a film gives the same answers on every machine.

    Attributes
    ----------
    sequence : int
        Grows with every new picture.
    jpeg : bytes
        The last picture with its boxes.
    """

    def __init__(
        self,
        database: FaceDatabase,
        recognizer: VideoRecognizer,
        source: FrameSource,
        newest: bool = True,
    ) -> None:
        self.database, self.recognizer, self.source = database, recognizer, source
        self.newest = newest
        self.sequence, self.jpeg = 0, b""
        self.stopping = threading.Event()
        self._result: VideoResult | None = None
        self._recent: deque[VideoResult] = deque(maxlen=WINDOW)
        self._failure = ""
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin to read frames."""
        self._thread.start()

    def stop(self) -> None:
        """End the frames and wait until the work is done."""
        self.stopping.set()
        self.source.stop()
        if self._thread.is_alive():
            self._thread.join()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end of the source; return whether it came in time."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self) -> None:
        try:
            for result in self.recognizer.run(self.source, self.newest):
                self._recent.append(result)
                self._show(result)
        except Exception as error:  # shown on the page, where somebody sees it
            self._failure = f"{type(error).__name__}: {error}"

    def _show(self, result: VideoResult) -> None:
        self._result = result
        self.jpeg = draw_boxes(result)
        self.sequence += 1

    def _look_again(self) -> None:
        """Name the faces of the last picture anew, where no other will come."""
        if self._thread.is_alive() or self._result is None:
            return
        for _ in range(self.recognizer.detect_every):
            result = self.recognizer.process(self._result.frame)
            if result.embedded:
                break
        self._show(result)

    @property
    def state(self) -> str:
        """One of starting, running, reconnecting, ended, lost, stopped, failed."""
        if self._failure:
            return "failed"
        if self.source.ended:
            kinds = {"end of the source": "ended", "stopped": "stopped"}
            return kinds.get(self.source.ended, "lost")
        if self.source.reconnecting:
            return "reconnecting"
        return "running" if self.sequence else "starting"

    def status(self) -> dict[str, Any]:
        """Return state, speed, faces in the last picture, and people enrolled."""
        result, recent = self._result, list(self._recent)
        span = recent[-1].done - recent[0].done if len(recent) > 1 else 0
        ages = [r.age for r in recent]
        shape = result.frame.image.shape if result else (0, 0)
        return {
            "state": self.state,
            "message": self._failure or self.source.ended,
            "width": shape[1],
            "height": shape[0],
            "frame": result.frame.number if result else None,
            "fps": round((len(recent) - 1) / span, 1) if span else 0.0,
            "latency_ms": round(1000 * float(np.mean(ages))) if ages else 0,
            "processed": self.recognizer.processed,
            "dropped": self.recognizer.dropped,
            "corrupt": self.source.corrupt,
            "lost": self.source.lost,
            "faces": [asdict(seen) for seen in result.seen] if result else [],
            "people": self.database.names(),
        }

    def enrol(
        self, track: int, name: str, consent: bool, purpose: str, days: int
    ) -> dict[str, Any]:
        """Enrol the person of a track from its last embeddings.

        Parameters
        ----------
        track : int
            As in the status.
        name : str
        consent : bool
            Whether the person has agreed.
        purpose : str
        days : int
            For which the consent holds.

        Raises
        ------
        UnknownTrackError, ConsentError, DuplicatePersonError, ValueError
        """
        if not consent:
            raise ConsentError(f"consent of {name} must be given, got {consent}")
        today = self.database.today()
        record = Consent(
            "the person, on the page", today, purpose, today + timedelta(days=days)
        )
        with self.recognizer.lock:
            for known in self.recognizer.tracker.tracks:
                if known.id == track and known.samples:
                    samples = np.array(known.samples)
                    count = self.database.enrol_embeddings(name, samples, record)
                    self._look_again()
                    return {"name": name, "photographs": count}
        raise UnknownTrackError(f"face {track} is no longer in the picture")

    def delete(self, name: str) -> dict[str, Any]:
        """Delete a person; return the proof.

        Parameters
        ----------
        name : str

        Raises
        ------
        UnknownPersonError
        """
        with self.recognizer.lock:
            proof = asdict(self.database.delete(name))
            self._look_again()
        return proof


def draw_boxes(result: VideoResult, quality: int = 85) -> bytes:
    """Return a picture with a box around each face, as JPEG.

    Parameters
    ----------
    result : VideoResult
    quality : int, default=85
        Of the JPEG, from 1 to 100.

    Examples
    --------
    >>> from mlmastery.face_recognition.sources import Frame
    >>> frame = Frame(np.zeros((8, 8, 3), np.uint8), 0, 0.0)
    >>> draw_boxes(VideoResult(frame))[:2].hex()
    'ffd8'
    """
    import cv2

    image = result.frame.image.copy()
    for seen in result.seen:
        left, top, width, height = (round(value) for value in seen.box)
        colour = UNKNOWN if seen.name is None else KNOWN
        cv2.rectangle(image, (left, top), (left + width, top + height), colour, 2)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    return bytes(cv2.imencode(".jpg", image[..., ::-1], options)[1])


class SameOrigin:
    """Refuse requests that a page of another site makes, and foreign host names.

    A browser sends a form of any site to this machine, and a name that an attacker owns
    may point here; the headers tell both.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what this machine's own page asks."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            host, origin = headers.get("host", ""), headers.get("origin")
            foreign = origin is not None and urlsplit(origin).netloc != host
            foreign |= headers.get("sec-fetch-site") == "cross-site"
            if foreign or not is_loopback(host):
                words = "only this machine's own page may ask"
                return await error_response(403, words)(scope, receive, send)
        await self.app(scope, receive, send)


def is_loopback(host: str) -> bool:
    """Return whether a Host header names this machine itself.

    Parameters
    ----------
    host : str
        With or without a port.
    """
    return urlsplit(f"//{host}").hostname in ("127.0.0.1", "localhost", "::1")


class _Enrolment(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    track: int
    name: str
    consent: bool
    purpose: str = "demonstration"
    days: int = Field(30, ge=1, le=3650)


def create_app(service: WatchService, max_body: int = MAX_BODY) -> FastAPI:
    """Return the ASGI application of a service.

    Parameters
    ----------
    service : WatchService
        Started.
    max_body : int, default=65536
        Bytes of a request; a larger one is answered 413.
    """
    statuses: dict[type[Exception], int | tuple[int, str]] = {
        UnknownPersonError: 404,
        UnknownTrackError: 404,
        DuplicatePersonError: 409,
        ConsentError: 422,
        ValueError: 422,
        DatabaseBusyError: 503,
        OSError: 507,
    }
    app = web_app(statuses, max_body)
    app.add_middleware(SameOrigin)
    html = PAGE.read_text(encoding="utf-8")
    rules = {"Content-Security-Policy": content_policy(html)}
    rules["Referrer-Policy"] = "no-referrer"

    @app.get("/", response_class=HTMLResponse)
    def page() -> HTMLResponse:
        return HTMLResponse(html, headers=rules)

    @app.get("/status")
    def status() -> dict[str, Any]:
        return service.status()

    @app.get("/frame.jpg")
    def frame() -> Response:
        if not service.jpeg:
            return error_response(503, "no frame has come yet")
        never = {"Cache-Control": "no-store"}
        return Response(service.jpeg, media_type="image/jpeg", headers=never)

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        kind = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        return StreamingResponse(_pictures(service), media_type=kind)

    @app.post("/people", status_code=201)
    def enrol(body: _Enrolment) -> dict[str, Any]:
        return service.enrol(**body.model_dump())

    @app.delete("/people")
    def delete(name: str = Query(max_length=100)) -> dict[str, Any]:
        return service.delete(name)

    return app


async def _pictures(service: WatchService) -> AsyncIterator[bytes]:
    """Yield each new picture as a part of an endless answer."""
    yield f"--{BOUNDARY}\r\n".encode()
    shown = 0
    while not service.stopping.is_set():
        if service.sequence == shown:
            await asyncio.sleep(0.01)
            continue
        shown, jpeg = service.sequence, service.jpeg
        head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        # A browser shows a picture when the next begins: say so at once.
        yield head.encode() + jpeg + f"\r\n--{BOUNDARY}\r\n".encode()


class _Server(uvicorn.Server):
    """A server whose endless answers end when it is told to stop."""

    def __init__(self, config: uvicorn.Config, service: WatchService) -> None:
        super().__init__(config)
        self._service = service

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Stop the pictures first: the server waits for every answer to end."""
        self._service.stopping.set()
        super().handle_exit(sig, frame)


def serve(service: WatchService, listener: socket.socket) -> None:
    """Serve on this machine alone until the process is told to stop.

    Parameters
    ----------
    service : WatchService
        Not started.
    listener : socket
        Of `listen`; closed at the end.
    """
    config = uvicorn.Config(create_app(service), log_level="warning")
    service.start()
    try:
        _Server(config, service).run([listener])
    except KeyboardInterrupt:
        pass  # uvicorn raises the signal again once it has shut down
    finally:
        service.stop()
        service.database.close()
        listener.close()


def listen(port: int = 8000) -> socket.socket:
    """Take a port of this machine, before anything slow is begun.

    Parameters
    ----------
    port : int, default=8000

    Raises
    ------
    OSError
        If another program has it.

    Examples
    --------
    >>> listen(0.5)
    Traceback (most recent call last):
        ...
    ValueError: port must be a whole number from 1 to 65535, got 0.5
    """
    check_count(port, "port", 1, 65535)
    listener = socket.socket()
    if os.name == "posix":  # elsewhere the option would share a port that is in use
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise OSError(
            f"port must be free on this machine, {port} is not: {error.strerror}"
        ) from error
    return listener


@contextmanager
def watching(service: WatchService) -> Iterator[str]:
    """Serve on a free port of this machine until the end of the ``with``.

    Parameters
    ----------
    service : WatchService
        Not started.

    Yields
    ------
    str
        The address, without a last slash.
    """
    service.start()
    with serving_app(create_app(service)) as address:
        try:
            yield address
        finally:
            service.stop()
