"""Routes that do more and more of a prediction, to see what each part costs."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.responses import JSONResponse

from mlmastery.web import web_app

from .expression import as_expression
from .service import MAX_BODY, Batch, Flight, score_by_frame

__all__ = ["race_app"]


def race_app(model: Any) -> FastAPI:
    """Return an app with a route for each part of the work.

    ``/bare`` answers without looking, ``/validated`` checks the fields, ``/pipeline``
    asks scikit-learn for one row, ``/pipeline-in-threads`` the same in FastAPI's pool,
    ``/expression`` adds up weights, ``/batch-of-100`` asks scikit-learn for all rows.

    Parameters
    ----------
    model : Pipeline
        As ``train`` returns it.
    """
    app = web_app({}, max_body=MAX_BODY)
    by_frame, expression = score_by_frame(model), as_expression(model)
    constant = {"probability": 0.5}

    @app.post("/bare")
    async def bare() -> JSONResponse:
        return JSONResponse(constant)

    @app.post("/validated")
    async def validated(flight: Flight) -> JSONResponse:
        return JSONResponse(constant)

    @app.post("/pipeline")
    async def pipeline(flight: Flight) -> JSONResponse:
        return JSONResponse({"probability": by_frame([flight.model_dump()])[0]})

    @app.post("/pipeline-in-threads")
    def threads(flight: Flight) -> JSONResponse:
        return JSONResponse({"probability": by_frame([flight.model_dump()])[0]})

    @app.post("/expression")
    async def summed(flight: Flight) -> JSONResponse:
        answer = expression.probability(flight.model_dump())
        return JSONResponse({"probability": answer})

    @app.post("/batch-of-100")
    async def batch(batch: Batch) -> JSONResponse:
        rows = [flight.model_dump() for flight in batch.flights]
        return JSONResponse({"probabilities": list(by_frame(rows))})

    return app
