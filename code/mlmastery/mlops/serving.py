"""The service in processes of its own, which uvicorn starts again when they die.

python -m mlmastery.mlops serve --state state --workers 2 --port 8000
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI

from .journal import BufferedJournal, Journal
from .registry import ModelRegistry
from .service import ServingState, create_app

__all__ = ["app_from_environment", "main"]

FACTORY = "mlmastery.mlops.serving:app_from_environment"
REFRESH = 5.0  # seconds between two looks at the registry


def app_from_environment() -> FastAPI:
    """Return the service that the variables MLOPS_… describe, in each worker.

    ``MLOPS_REGISTRY`` (SQLAlchemy URL), ``MLOPS_ARTEFACTS`` (folder or URL),
    ``MLOPS_JOURNAL`` (file), ``MLOPS_SHARE`` and ``MLOPS_SHADOW`` (of the canary),
    ``MLOPS_REFRESH`` (seconds).
    """
    env = os.environ

    def opened() -> ModelRegistry:
        return ModelRegistry(env["MLOPS_REGISTRY"], env["MLOPS_ARTEFACTS"])

    state = ServingState(
        opened,
        share=float(env.get("MLOPS_SHARE", 0)),
        shadow=env.get("MLOPS_SHADOW", "") == "1",
    )
    # A short wait: while the journal is locked the answers must go on.
    journal = BufferedJournal(Journal(env["MLOPS_JOURNAL"], timeout=0.5))
    return create_app(state, journal, float(env.get("MLOPS_REFRESH", REFRESH)))


def main(
    arguments: Sequence[str] | None = None,
    prog: str = "python -m mlmastery.mlops serve",
) -> int:
    """Serve until a signal comes, and return the exit status."""
    import uvicorn

    args = _parser(prog).parse_args(arguments)
    folder = args.state.resolve()
    os.environ.setdefault("MLOPS_REGISTRY", f"sqlite:///{folder}/registry.db")
    os.environ.setdefault("MLOPS_ARTEFACTS", str(folder / "models"))
    os.environ.setdefault("MLOPS_JOURNAL", str(folder / "journal.db"))
    os.environ["MLOPS_SHARE"] = str(args.share)
    with tempfile.TemporaryDirectory(prefix="metrics-") as metrics:
        if args.workers > 1:
            # Each worker counts for itself; the folder adds them up.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics
        uvicorn.run(
            FACTORY,
            factory=True,
            host=args.host,
            port=args.port,
            workers=args.workers,
            log_level="warning",
        )
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description="Serve the champion.")
    parser.add_argument("--state", type=Path, default=Path("state"), help="folder")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.0, help="of the canary")
    return parser
