"""Record the faults and the race of the third page."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

from mlmastery.ledger import Recorded, write_recorded_table

from .faults import CONTROLS, fault_table, prepare, run_engine_fault
from .race import race
from .stream import FraudStream

__all__ = ["follow_kills", "record_faults", "record_race"]

SLUG = "fraud_detection"
BROKERS = ("sqlite", "redis", "kafka")
WORLD: dict[str, Any] = {"cards": 120, "days": 25}
REPEATS = 3


def record_faults(data_dir: Path) -> list[Recorded]:
    """Run every fault on every broker, the controls, the engine, and one run in time.

    Parameters
    ----------
    data_dir : Path
        Not read: the events are simulated.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = [
            fault_table(folder / "faults", brokers=BROKERS, **WORLD),
            fault_table(folder / "controls", tuple(CONTROLS), **WORLD),
            pd.DataFrame(
                [
                    run_engine_fault(folder / f"engine-{epoch}", epoch)
                    for epoch in (100.0, 0.05)
                ]
            ),
        ]
        table = pd.concat(parts).round({"seconds": 1})
        write_recorded_table(table, SLUG, "stream_faults")
        write_recorded_table(
            follow_kills(folder / "kills").round(3), SLUG, "stream_kills"
        )
    return []


def follow_kills(folder: Path) -> pd.DataFrame:
    """Return events read and rows written over time while processes are killed.

    Parameters
    ----------
    folder : Path
        New.
    """
    # The lease is short, so that a frozen scorer is replaced within seconds.
    setting = prepare(folder, rate=1200, lease=1.0, **WORLD)
    plan = {2.0: "scorer-0", 4.0: "producer", 6.0: "scorer-1"}
    rows = []
    with FraudStream(setting.config, setting.path) as stream:
        while not sum(stream.positions()):
            time.sleep(0.02)
        began = time.monotonic()
        while not stream.wait(0.04):
            now, struck = time.monotonic() - began, ""
            if plan and now > min(plan):
                struck = plan.pop(min(plan))
                stream.kill(struck)
            at, lag = stream.positions(), stream.lag()
            row = {"second": now, "written": sum(at), "waiting": sum(lag)}
            rows.append(row | {"killed": struck})
    return pd.DataFrame(rows)


def record_race(data_dir: Path) -> list[Recorded]:
    """Measure all brokers and the engine in turn; the medians of three rounds are kept.

    Parameters
    ----------
    data_dir : Path
        Not read: the events are simulated.
    """
    with tempfile.TemporaryDirectory() as name:
        rounds = [race(Path(name) / str(k), BROKERS) for k in range(REPEATS)]
    both = pd.concat(rounds).groupby(["broker", "batch"], sort=False)
    table = both.median().reset_index().astype({"events": int})
    table["lowest"] = both["a second"].min().to_numpy()
    table["highest"] = both["a second"].max().to_numpy()
    write_recorded_table(table.round(3), SLUG, "stream_race")
    return []
