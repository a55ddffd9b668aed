"""The model behind HTTP: one flight or many, a canary, a shadow, the last good model."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mlmastery.validation import check_number
from mlmastery.web import error_response, web_app

from .expression import as_expression
from .flight_rows import CATEGORIES, FEATURES, NUMBERS
from .journal import JournalFullError, Prediction
from .registry import ModelRegistry, ModelVersion, RegistryError
from .rollout import arm_of

__all__ = [
    "Batch",
    "Flight",
    "NotReadyError",
    "Served",
    "ServingState",
    "create_app",
    "score_by_frame",
]

logger = logging.getLogger(__name__)

MAX_BATCH = 1000
MAX_BODY = 512 * 1024  # bytes: a batch of 1,000 flights fits
ORIGINS = {"EWR", "JFK", "LGA"}

Code = Annotated[str, Field(min_length=1, max_length=4, pattern="^[A-Z0-9]+$")]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]


class Flight(BaseModel):
    """The facts of a flight that are known when it is due; weather may be null."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, Field(min_length=1, max_length=64)]
    carrier: Code
    origin: Code
    dest: Code
    distance: Annotated[float, Field(gt=0, le=25_000, allow_inf_nan=False)]
    weekday: Annotated[int, Field(ge=0, le=6)]
    hour: Annotated[int, Field(ge=0, le=23)]
    temp: Number | None = None
    humid: Number | None = None
    wind_speed: Number | None = None
    precip: Number | None = None
    pressure: Number | None = None
    visib: Number | None = None


class Batch(BaseModel):
    """Several flights at once."""

    model_config = ConfigDict(extra="forbid", strict=True)

    flights: Annotated[list[Flight], Field(min_length=1, max_length=MAX_BATCH)]


class Answer(BaseModel):
    """The probability of a late arrival, and who answered."""

    model_config = ConfigDict(extra="forbid")

    id: str
    probability: Annotated[float, Field(ge=0, le=1)]
    version: int
    arm: str
    unknown: list[str]


class Answers(BaseModel):
    """One answer for each flight, in the order of the request."""

    model_config = ConfigDict(extra="forbid")

    predictions: list[Answer]


class Refusal(BaseModel):
    """A sentence that says why there is no answer."""

    model_config = ConfigDict(extra="forbid")

    error: str


class NotReadyError(RuntimeError):
    """No model has scored its probe rows yet."""


@dataclass(frozen=True)
class Served:
    """A loaded model and its version.

    Parameters
    ----------
    version : ModelVersion
    model : estimator
    score : callable
        Takes rows as dictionaries, returns probabilities.
    known : dict of str to set
        Values of each category in the training data.
    """

    version: ModelVersion
    model: Any
    score: Callable[[Sequence[dict[str, Any]]], Sequence[float]]
    known: dict[str, set[str]]

    @classmethod
    def of(cls, version: ModelVersion, model: Any) -> Served:
        """Take the fastest way to score that gives the model's own probabilities."""
        try:
            score: Any = as_expression(model).probabilities
        except TypeError:
            score = score_by_frame(model)
        encoder = model[0].transformers_[0][1]
        columns = zip(CATEGORIES, encoder.categories_, strict=True)
        return cls(version, model, score, {c: set(values) for c, values in columns})


def score_by_frame(
    model: Any,
) -> Callable[[Sequence[dict[str, Any]]], Sequence[float]]:
    """Return a function that scores rows given as dictionaries by a pipeline."""

    def score(rows: Sequence[dict[str, Any]]) -> Sequence[float]:
        frame = pd.DataFrame(rows, columns=list(FEATURES))
        frame = frame.astype(dict.fromkeys(NUMBERS, float))
        return np.asarray(model.predict_proba(frame))[:, 1].tolist()

    return score


class ServingState:
    """The models in service, kept while the registry is away.

    Parameters
    ----------
    registry : ModelRegistry or callable
        A callable opens it, at the first refresh that succeeds.
    share : float, default=0
        Of the flights that ask the challenger, from 0 to 1.
    shadow : bool, default=False
        Whether the challenger also scores what the champion answers.
    salt : str, default=""
        Changes which flights are in the canary.
    """

    def __init__(
        self,
        registry: ModelRegistry | Callable[[], ModelRegistry],
        *,
        share: float = 0.0,
        shadow: bool = False,
        salt: str = "",
    ):
        self._registry = registry
        self.share = check_number(share, "share", maximum=1)
        self.shadow, self.salt = shadow, salt
        self.champion: Served | None = None
        self.challenger: Served | None = None
        self.trouble = "no model is loaded yet"
        self._lock = threading.Lock()

    @property
    def ready(self) -> bool:
        """Whether a model has scored its probe rows."""
        return self.champion is not None

    def refresh(self) -> bool:
        """Load what the aliases name now; keep the last good champion where that fails.

        A challenger that cannot be loaded leaves the canary: going back to an older
        champion must not depend on it.

        Returns
        -------
        bool
            Whether the registry answered and its models are sound.
        """
        with self._lock:
            try:
                registry = self._opened()
                champion = self._served(registry, "champion", self.champion)
            except Exception as error:  # of database, storage or file
                return self._degraded(error)
            self.champion = champion
            try:
                self.challenger = self._optional(registry)
            except Exception as error:
                self.challenger = None  # the champion answers for all
                return self._degraded(error)
            self.trouble = ""
            return True

    def _degraded(self, error: Exception) -> bool:
        self.trouble = str(error) or type(error).__name__
        logger.info("the last good model stays: %s", error)
        return False

    def _opened(self) -> ModelRegistry:
        if not isinstance(self._registry, ModelRegistry) and callable(self._registry):
            self._registry = self._registry()
        # An open connection would go on reading a file that is no longer there.
        self._registry.disconnect()
        return self._registry

    def _served(
        self, registry: ModelRegistry, alias: str, current: Served | None
    ) -> Served:
        version = registry.resolve(alias)
        if current is not None and current.version.version == version.version:
            return current
        return Served.of(version, registry.load_version(version))

    def _optional(self, registry: ModelRegistry) -> Served | None:
        if not (self.share or self.shadow):
            return None
        try:
            version = registry.resolve("challenger")
        except RegistryError:
            return None  # the registry has just answered: there is no challenger
        current = self.challenger
        if current is not None and current.version.version == version.version:
            return current
        return Served.of(version, registry.load_version(version))

    def predict(self, flights: Sequence[Flight]) -> list[Prediction]:
        """Answer flights, each by the arm to which its id belongs.

        Raises
        ------
        NotReadyError
            If no model is loaded.
        """
        champion, challenger = self.champion, self.challenger
        if champion is None:
            raise NotReadyError(f"no model is ready: {self.trouble}")
        rows = [flight.model_dump() for flight in flights]
        arms = [self._arm(row["id"], challenger) for row in rows]
        served = {"champion": champion, "challenger": challenger or champion}
        scores = _by_arm(served, arms, rows)
        shadows: Sequence[float | None] = [None] * len(rows)
        if self.shadow and challenger is not None:
            shadows = challenger.score(rows)
        return [
            Prediction(row.pop("id"), served[arm].version.version, arm, p, row, s)
            for row, arm, p, s in zip(rows, arms, scores, shadows, strict=True)
        ]

    def _arm(self, identity: str, challenger: Served | None) -> str:
        if challenger is None:
            return "champion"
        return arm_of(identity, self.share, self.salt)

    def unknown(self, flight: Flight) -> list[str]:
        """Return the fields whose value the champion never saw in training."""
        known = self.champion.known if self.champion else {}
        return [c for c in known if getattr(flight, c) not in known[c]]


def _by_arm(
    served: dict[str, Served], arms: list[str], rows: list[dict[str, Any]]
) -> list[float]:
    scores = [0.0] * len(rows)
    for arm, model in served.items():
        places = [i for i, a in enumerate(arms) if a == arm]
        if places:
            for i, p in zip(
                places, model.score([rows[i] for i in places]), strict=True
            ):
                scores[i] = float(p)
    return scores


class _Metrics:
    """Prometheus metrics, for one process or, with a folder, for all workers."""

    def __init__(self, state: ServingState):
        # Imported late: the folder for several processes must be set before.
        import prometheus_client as prometheus

        self._client = prometheus
        self.registry = prometheus.CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry}
        self.predictions = prometheus.Counter(
            "predictions", "Flights answered.", ["version", "arm"], **own
        )
        self.requests = prometheus.Counter(
            "requests", "Requests by status.", ["route", "status"], **own
        )
        self.latency = prometheus.Histogram(
            "request_seconds",
            "Seconds of a request.",
            ["route"],
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1),
            **own,
        )
        self.degraded = prometheus.Gauge(
            "model_degraded",
            "1 while the last good model answers for one that cannot be loaded.",
            multiprocess_mode="livemax",
            **own,
        )
        self.pending = prometheus.Gauge(
            "journal_pending",
            "Predictions not written yet.",
            multiprocess_mode="livesum",
            **own,
        )
        self.state = state

    def render(self) -> bytes:
        folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
        if not folder:
            return bytes(self._client.generate_latest(self.registry))
        from prometheus_client.multiprocess import MultiProcessCollector

        _forget_gauges_of_the_dead(folder)
        every = self._client.CollectorRegistry()
        MultiProcessCollector(every, path=folder)
        return bytes(self._client.generate_latest(every))


def _forget_gauges_of_the_dead(folder: str) -> None:
    """Drop the gauges of ended workers, which would stay as they were for good."""
    from prometheus_client.multiprocess import mark_process_dead

    for path in Path(folder).glob("gauge_live*_*.db"):
        pid = int(path.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)  # asks whether it lives
        except ProcessLookupError:
            mark_process_dead(pid, folder)
        except PermissionError:
            continue


def create_app(
    state: ServingState,
    on_prediction: Callable[[list[Prediction]], None] | None = None,
    refresh_seconds: float | None = None,
) -> FastAPI:
    """Return the service of a state.

    Parameters
    ----------
    state : ServingState
    on_prediction : callable, optional
        Gets the predictions of each request, such as a ``BufferedJournal``. One with a
        method ``flush`` is flushed at each refresh and at the end.
    refresh_seconds : float, optional
        Between two looks at the registry, by a thread; none by default.

    Returns
    -------
    FastAPI
        Routes: POST ``/predict`` and ``/predict-batch``; GET ``/healthz``, ``/readyz``,
        ``/model`` and ``/metrics``.
    """

    def tidy() -> None:
        flush = getattr(on_prediction, "flush", None)
        if flush is not None:
            flush()
            metrics.pending.set(getattr(on_prediction, "pending", 0))
        metrics.degraded.set(float(bool(state.trouble)))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with _refreshing(state, refresh_seconds, tidy):
            yield
        tidy()  # what waits is written before the end

    statuses: dict[type[Exception], int | tuple[int, str]] = {}
    statuses |= {NotReadyError: 503, JournalFullError: 503}
    app = web_app(statuses, max_body=MAX_BODY, lifespan=lifespan)
    app.state.metrics = metrics = _Metrics(state)
    _count_requests(app, metrics)

    def answer(flights: Sequence[Flight]) -> list[dict[str, Any]]:
        predictions = state.predict(flights)
        if on_prediction is not None:
            on_prediction(predictions)
            metrics.pending.set(getattr(on_prediction, "pending", 0))
        for p in predictions:
            metrics.predictions.labels(str(p.version), p.arm).inc()
        return [
            {
                "id": p.id,
                "probability": p.probability,
                "version": p.version,
                "arm": p.arm,
                "unknown": state.unknown(flight),
            }
            for p, flight in zip(predictions, flights, strict=True)
        ]

    # Described, and not checked once more at each answer.
    one = REFUSALS | {200: {"model": Answer}}
    many = REFUSALS | {200: {"model": Answers}}

    @app.post("/predict", responses=one, response_model=None)
    async def predict(flight: Flight) -> dict[str, Any]:
        return answer([flight])[0]

    @app.post("/predict-batch", responses=many, response_model=None)
    async def predict_batch(batch: Batch) -> dict[str, Any]:
        return {"predictions": answer(batch.flights)}

    _add_probes(app, state, metrics)
    return app


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "model": Refusal}
    for status, words in {
        400: "not valid JSON",
        413: "too large",
        415: "not JSON by its content type, or compressed",
        422: "a field is missing, unknown or wrong",
        503: "no model is ready, or nothing more can be written down",
    }.items()
}


def _add_probes(app: FastAPI, state: ServingState, metrics: _Metrics) -> None:
    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", responses={503: {"description": "no model is ready"}})
    async def readyz() -> JSONResponse:
        if not state.ready:
            return error_response(503, state.trouble)
        return JSONResponse({"status": "ready", "degraded": state.trouble})

    @app.get("/model", responses={503: {"description": "no model is ready"}})
    async def model() -> JSONResponse:
        if state.champion is None:
            return error_response(503, state.trouble)
        return JSONResponse(_facts(state))

    @app.get("/metrics")
    async def metrics_page() -> Response:
        metrics.degraded.set(float(bool(state.trouble)))
        return Response(metrics.render(), media_type="text/plain; version=0.0.4")


def _facts(state: ServingState) -> dict[str, Any]:
    facts: dict[str, Any] = {"share": state.share, "shadow": state.shadow}
    facts["degraded"] = state.trouble
    for arm in ("champion", "challenger"):
        served = getattr(state, arm)
        facts[arm] = None if served is None else _origin(served.version)
    return facts


def _origin(version: ModelVersion) -> dict[str, Any]:
    keys = ("version", "sha256", "data_hash", "commit", "metrics")
    return {key: getattr(version, key) for key in keys}


def _count_requests(app: FastAPI, metrics: _Metrics) -> None:
    @app.middleware("http")
    async def counted(request, call_next):  # type: ignore[no-untyped-def]
        began = time.perf_counter()
        response = _unreadable(request) or await call_next(request)
        route = request.scope.get("route")
        # The path that was asked would give each stranger's typing a series of its own.
        asked = request.url.path  # of a body that was refused before its route
        known = any(getattr(r, "path", "") == asked for r in app.routes)
        name = getattr(route, "path", asked if known else "unknown")
        metrics.requests.labels(name, str(response.status_code)).inc()
        metrics.latency.labels(name).observe(time.perf_counter() - began)
        return response


def _unreadable(request: Request) -> JSONResponse | None:
    """Refuse a body that is not plain JSON, in words that say so."""
    if request.method != "POST":
        return None
    kind = request.headers.get("content-type", "nothing")
    packed = request.headers.get("content-encoding", "identity")
    if kind.partition(";")[0].strip().lower() != "application/json":
        return error_response(415, f"the body must be application/json, got {kind}")
    if packed != "identity":
        return error_response(415, f"the body must not be compressed, got {packed}")
    return None


class _refreshing:
    """Refresh once, and then by a thread, until the end of the ``with``."""

    def __init__(
        self, state: ServingState, seconds: float | None, after: Callable[[], None]
    ):
        self.state, self.seconds, self.after = state, seconds, after
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> None:
        if self.seconds is not None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def _run(self) -> None:
        self._once()
        while not self._stop.wait(self.seconds):
            self._once()

    def _once(self) -> None:
        self.state.refresh()
        self.after()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
