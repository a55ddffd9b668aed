"""Train and judge one challenger in a process of its own.

python -m mlmastery.mlops.retrain --folder state --day 2013-04-15

Prints one line of JSON: the version, whether the gate let it pass, and its checks.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from .flight_rows import FEATURES, departures
from .gate import CHECKS, judge
from .registry import ModelRegistry
from .story import known as labelled
from .tether import tie
from .training import daily_losses, frame_hash, train

__all__ = ["main", "open_registry", "register_champion", "retrain"]

WINDOW, HOLDOUT = 60, 14  # days before the alarm; the last ones are the gate's
FIRST, SERVICE = "2013-01-01", "2013-04-01"


def open_registry(folder: Path) -> ModelRegistry:
    """Return the registry of a folder, which is created where it is missing."""
    place = folder.resolve()
    return ModelRegistry(f"sqlite:///{place}/registry.db", str(place / "models"))


def register_champion(registry: ModelRegistry) -> int:
    """Train on January to March, register, and call the version champion."""
    frame = labelled(departures(FIRST, SERVICE), pd.Timestamp(SERVICE))
    version = _register(registry, train(frame), frame)
    registry.set_alias("champion", version)
    return version


def retrain(folder: Path, day: str) -> dict[str, Any]:
    """Train a challenger on the days before ``day``, judge it, and register it.

    Parameters
    ----------
    folder : Path
        Of the running system.
    day : str
        The first day that is not known yet.

    Returns
    -------
    dict
        ``version``, ``passed``, ``checks``; the alias is not set here.
    """
    now = pd.Timestamp(day)
    since = str((now - pd.Timedelta(days=WINDOW)).date())
    recent = labelled(departures(since, day), now)
    split = now - pd.Timedelta(days=HOLDOUT)
    known, later = recent[recent["date"] < split], recent[recent["date"] >= split]
    registry = open_registry(folder)
    champion, challenger = registry.load("champion"), train(known)
    # A machine that serves, replays and trains at once would measure its own load.
    checks = {n: c for n, c in CHECKS.items() if not n.startswith("latency")}
    report = judge(champion, challenger, later, checks)
    version = _register(registry, challenger, known)
    passed = report.checks["passed"].map(bool).to_dict()
    return {"version": version, "passed": report.passed, "checks": passed}


def _register(registry: ModelRegistry, model: Any, frame: pd.DataFrame) -> int:
    loss = daily_losses({"loss": model}, frame)["loss"].mean()
    example = frame[list(FEATURES)].head(5)
    metrics = {"training_loss": float(loss)}
    digest = frame_hash(frame)
    return registry.register(model, metrics=metrics, data_hash=digest, example=example)


def main(arguments: Sequence[str] | None = None) -> int:
    """Retrain once and return the exit status."""
    parser = argparse.ArgumentParser(description="Train and judge one challenger.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--day", required=True)
    args = parser.parse_args(arguments)
    tie()  # a supervisor that is killed leaves no training behind
    sys.stdout.write(json.dumps(retrain(args.folder, args.day)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
