"""The status page of the running system, and what other programs ask of it.

>>> own_request("127.0.0.1:8021", None), own_request("evil.example", None)
(True, False)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from mlmastery.web import content_policy, error_response, web_app

__all__ = ["create_status_app", "metrics_text", "own_request"]

PAGE = Path(__file__).with_name("status.html")
MOST_ALERTS = 20  # of one message
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def own_request(host: str, origin: str | None) -> bool:
    """Return whether a request names this machine and comes from no other site.

    Parameters
    ----------
    host : str
        The Host header.
    origin : str or None
        The Origin header, which a browser adds to what a page sends.
    """
    try:
        local = urlsplit(f"//{host}").hostname in LOOPBACK
        return local and (origin is None or urlsplit(origin).netloc == host)
    except ValueError:  # a bracket that is not closed
        return False


def metrics_text(metrics: dict[str, float]) -> str:
    r"""Return metrics in Prometheus' text format.

    Examples
    --------
    >>> metrics_text({"delays_cusum": 0.5})
    'delays_cusum 0.5\n'
    """
    return "".join(f"{name} {value:g}\n" for name, value in sorted(metrics.items()))


def _external(entry: Any) -> dict[str, str]:
    labels = entry.get("labels") if isinstance(entry, dict) else None
    if not isinstance(labels, dict):
        raise ValueError("each alert must be an object with labels")
    name = str(labels.get("alertname", "unknown"))[:80]
    return {"name": name, "status": str(entry.get("status", ""))[:20]}


def create_status_app(replay: Any) -> FastAPI:
    """Return the page's application.

    Parameters
    ----------
    replay : Replay
        With ``status()``, ``metrics``, ``external`` and ``supervisor``.

    Returns
    -------
    FastAPI
        GET ``/``, ``/status``, ``/metrics``; POST ``/alert`` for Alertmanager.
    """
    app = web_app({ValueError: 422})
    html = PAGE.read_text(encoding="utf-8")
    rules = {"Content-Security-Policy": content_policy(html)}
    rules |= {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}

    @app.middleware("http")
    async def own_only(request: Request, call_next: Any) -> Response:
        headers = request.headers
        if not own_request(headers.get("host", ""), headers.get("origin")):
            return error_response(403, "only this machine's own page may ask")
        answer: Response = await call_next(request)
        return answer

    @app.get("/", response_class=HTMLResponse)
    def page() -> HTMLResponse:
        return HTMLResponse(html, headers=rules)

    @app.get("/status")
    def status() -> dict[str, Any]:
        return dict(replay.status())

    @app.get("/metrics", response_class=PlainTextResponse)
    def metrics() -> str:
        alive = {"delays_service_up": float(replay.supervisor.alive)}
        return metrics_text(replay.metrics | alive)

    @app.post("/alert")
    async def alert(request: Request) -> dict[str, int]:
        found = await request.json()
        if not isinstance(found, dict) or not isinstance(found.get("alerts"), list):
            raise ValueError("the body must be an object with a list of alerts")
        taken = [_external(entry) for entry in found["alerts"][:MOST_ALERTS]]
        replay.external.extend(taken)
        return {"taken": len(taken)}

    return app
