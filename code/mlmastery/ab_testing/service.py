"""Serve assignments over HTTP and take events, each counted once.

>>> import requests
>>> with serving("sqlite://") as address:
...     requests.get(f"{address}/experiments").json()
[]
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from typing import Any

import anyio.to_thread
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from mlmastery.ab_testing.database import open_database
from mlmastery.ab_testing.events import EventStore
from mlmastery.ab_testing.experiment import Experiment, ExperimentStateError
from mlmastery.ab_testing.registry import Registry, UnknownExperimentError
from mlmastery.web import MAX_BODY, serving_app, web_app

__all__ = ["AssignmentService", "create_app", "serve", "serving"]


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
    # Every request may be sent again: an event that did arrive is a duplicate then.
    fails = (503, "the database does not answer, send this again")
    statuses: dict[type[Exception], int | tuple[int, str]] = {
        UnknownExperimentError: 404,
        ExperimentStateError: 409,
        ValueError: 422,
        sa.exc.DBAPIError: fails,
    }
    app = web_app(statuses, max_body, _lifespan(service))
    _add_experiments(app, service)
    _add_events(app, service)
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
    try:
        with serving_app(create_app(service)) as address:
            yield address
    finally:
        service.close()
