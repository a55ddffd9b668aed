"""Serve assignments over HTTP and take events, each counted once.

>>> import requests
>>> with serving("sqlite://") as address:
...     requests.get(f"{address}/experiments").json()
[]
"""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from typing import Any

import anyio.to_thread
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mlmastery.ab_testing.database import open_database
from mlmastery.ab_testing.events import EventStore
from mlmastery.ab_testing.experiment import Experiment, ExperimentStateError
from mlmastery.ab_testing.registry import Registry, UnknownExperimentError

__all__ = ["AssignmentService", "create_app", "serve", "serving"]

MAX_BODY = 64 * 1024  # bytes; an event has a few hundred


class AssignmentService:
    """Experiments and their events in one database, without HTTP.

    Parameters
    ----------
    url : str, default="sqlite://"
        As for `open_database`; the default is lost when the process ends.

    Examples
    --------
    >>> service = AssignmentService()
    >>> _ = service.experiments.create(Experiment("price", "Why", "purchase", 0.01))
    >>> _ = service.experiments.update("price", Experiment.start)
    >>> service.assign("price", "user-1") == service.assign("price", "user-1")
    True
    >>> service.results("price")["arms"][0]
    {'arm': 'control', 'users': 0, 'converted': 0, 'value': 0.0}
    """

    def __init__(self, url: str = "sqlite://"):
        self.engine = open_database(url)
        self.experiments = Registry(self.engine)
        self.events = EventStore(self.engine)

    @property
    def connections(self) -> int:
        """The number of connections to the database that stay open."""
        return self.engine.pool.size()  # type: ignore[attr-defined]

    def close(self) -> None:
        """Close the connections to the database."""
        self.engine.dispose()

    def assign(self, name: str, unit: str) -> str | None:
        """Return the arm of a user and record the exposure.

        A user with an arm keeps it, also once the experiment has stopped; a user
        without one gets one only while it runs.

        Parameters
        ----------
        name, unit : str

        Returns
        -------
        str or None
            None for a user who takes no part.

        Raises
        ------
        UnknownExperimentError
        ExperimentStateError
            Before the experiment has started.
        ValueError
            If the unit is not an identifier.
        """
        experiment = self._started(name)
        arm = experiment.assign(unit)
        stored = self.events.arm_of(name, unit)
        if stored is not None or arm is None or experiment.state == "stopped":
            return stored
        if self.events.expose(name, unit, arm) == "refused":
            return self.events.arm_of(name, unit)
        return arm

    def expose(self, name: str, unit: str, arm: str, at: float | None = None) -> str:
        """Record an exposure that a client reports; as `EventStore.expose`.

        Raises
        ------
        UnknownExperimentError, ExperimentStateError, ValueError
        """
        experiment = self._started(name)
        if arm not in experiment.arms:
            known = ", ".join(experiment.arms)
            raise ValueError(f"arm must be one of {known}, got {arm!r}")
        return self.events.expose(name, unit, arm, at)

    def convert(
        self,
        name: str,
        unit: str,
        key: str,
        value: float = 1.0,
        at: float | None = None,
    ) -> str:
        """Record a conversion; as `EventStore.convert`.

        Raises
        ------
        UnknownExperimentError, ExperimentStateError, ValueError
        """
        self._started(name)
        return self.events.convert(name, unit, key, value, at)

    def results(self, name: str) -> dict[str, Any]:
        """Return the counts of every arm, the control first, and the audit.

        Parameters
        ----------
        name : str

        Raises
        ------
        UnknownExperimentError
        """
        experiment = self.experiments.get(name)
        counts = self.events.counts(name).reindex(experiment.arms, fill_value=0)
        arms = [
            {
                "arm": arm,
                "users": int(row["users"]),
                "converted": int(row["converted"]),
                "value": float(row["value"]),
            }
            for arm, row in counts.iterrows()
        ]
        audit = asdict(self.events.audit(name))
        return {"experiment": experiment.to_dict(), "arms": arms, "audit": audit}

    def _started(self, name: str) -> Experiment:
        experiment = self.experiments.get(name)
        if experiment.state == "draft":
            raise ExperimentStateError(f"{name} must be running, got draft")
        return experiment


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _LayerBody(_Body):
    name: str
    shares: dict[str, float]


class _Changes(_Body):
    hypothesis: str | None = None
    metric: str | None = None
    minimum_effect: float | None = None
    allocation: dict[str, float] | None = None
    salt: str | None = None
    coverage: float | None = None
    excluded: list[str] | None = None
    layer: _LayerBody | None = None


class _Plan(_Changes):
    name: str
    hypothesis: str
    metric: str
    minimum_effect: float


class _Coverage(_Body):
    coverage: float


class _Unit(_Body):
    unit: str


class _Exposure(_Unit):
    arm: str
    at: float | None = None


class _Conversion(_Unit):
    key: str
    value: float = 1.0
    at: float | None = None


def create_app(service: AssignmentService, max_body: int = MAX_BODY) -> FastAPI:
    """Return the ASGI application of a service.

    Parameters
    ----------
    service : AssignmentService
    max_body : int, default=65536
        Bytes of a request; a larger one is answered 413.
    """
    # The pages of the documentation would load scripts from afar.
    app = FastAPI(docs_url=None, redoc_url=None, lifespan=_lifespan(service))
    app.add_middleware(_BodyLimit, max_body=max_body)
    _add_experiments(app, service)
    _add_events(app, service)
    _add_errors(app)
    return app


def _lifespan(service: AssignmentService) -> Any:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # More threads than connections to the database would only wait for one.
        limiter = anyio.to_thread.current_default_thread_limiter()
        limiter.total_tokens = service.connections
        yield

    return lifespan


def _add_experiments(app: FastAPI, service: AssignmentService) -> None:
    registry = service.experiments

    @app.get("/experiments")
    def names() -> list[str]:
        return registry.names()

    @app.post("/experiments", status_code=201)
    def create(plan: _Plan) -> dict[str, Any]:
        values = plan.model_dump(exclude_none=True)
        return registry.create(Experiment.from_dict(values)).to_dict()

    @app.get("/experiments/{name}")
    def read(name: str) -> dict[str, Any]:
        return registry.get(name).to_dict()

    @app.patch("/experiments/{name}")
    def change(name: str, changes: _Changes) -> dict[str, Any]:
        values = changes.model_dump(exclude_none=True)
        changed = Experiment.change_from_dict
        return registry.update(name, lambda e: changed(e, values)).to_dict()

    @app.post("/experiments/{name}/start")
    def start(name: str) -> dict[str, Any]:
        return registry.update(name, Experiment.start).to_dict()

    @app.post("/experiments/{name}/ramp")
    def ramp(name: str, to: _Coverage) -> dict[str, Any]:
        return registry.update(name, lambda e: e.ramp(to.coverage)).to_dict()

    @app.post("/experiments/{name}/stop")
    def stop(name: str) -> dict[str, Any]:
        return registry.update(name, Experiment.stop).to_dict()


def _add_events(app: FastAPI, service: AssignmentService) -> None:
    @app.post("/experiments/{name}/assignments")
    def assign(name: str, body: _Unit) -> dict[str, Any]:
        return {"unit": body.unit, "arm": service.assign(name, body.unit)}

    @app.post("/experiments/{name}/exposures")
    def expose(name: str, body: _Exposure) -> dict[str, str]:
        return {"status": service.expose(name, **body.model_dump())}

    @app.post("/experiments/{name}/conversions")
    def convert(name: str, body: _Conversion) -> dict[str, str]:
        return {"status": service.convert(name, **body.model_dump())}

    @app.get("/experiments/{name}/results")
    def results(name: str) -> dict[str, Any]:
        return service.results(name)


def _add_errors(app: FastAPI) -> None:
    """Answer every error with its status and one sentence."""

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            reason = first.get("ctx", {}).get("error", "")
            return _sentence(400, f"the body must be valid JSON: {reason}")
        place = ".".join(map(str, first["loc"]))
        return _sentence(422, f"{place}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        return _sentence(error.status_code, error.detail)

    def answer(kind: type[Exception], status: int, words: str = "") -> None:
        async def handler(_: Request, error: Exception) -> JSONResponse:
            return _sentence(status, words or str(error))

        app.add_exception_handler(kind, handler)

    answer(UnknownExperimentError, 404)
    answer(ExperimentStateError, 409)
    answer(ValueError, 422)
    # Every request may be sent again: an event that did arrive is a duplicate then.
    answer(sa.exc.DBAPIError, 503, "the database does not answer, send this again")


def _sentence(status: int, words: str) -> JSONResponse:
    return JSONResponse({"error": words}, status_code=status)


class _BodyLimit:
    """Refuse a request larger than a limit before it is in memory."""

    def __init__(self, app: ASGIApp, max_body: int):
        self.app, self.max_body = app, max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        words = f"the body must have at most {self.max_body} bytes"
        if int(Headers(scope=scope).get("content-length", 0)) > self.max_body:
            return await _sentence(413, words)(scope, receive, send)
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


def serve(url: str, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve until the process is told to stop.

    Parameters
    ----------
    url : str
        As for `open_database`.
    host : str, default="127.0.0.1"
    port : int, default=8000
    """
    service = AssignmentService(url)
    try:
        uvicorn.run(create_app(service), host=host, port=port, log_level="warning")
    finally:
        service.close()


@contextmanager
def serving(url: str = "sqlite://") -> Iterator[str]:
    """Serve on a free port of this machine until the end of the ``with``.

    Parameters
    ----------
    url : str, default="sqlite://"
        As for `open_database`.

    Yields
    ------
    str
        The address, without a last slash.
    """
    service = AssignmentService(url)
    server = uvicorn.Server(uvicorn.Config(create_app(service), log_level="warning"))
    # Only of a socket that says TCP does asyncio send small answers without delay.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)  # connections that come first wait here
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join()
            service.close()
