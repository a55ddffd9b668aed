"""Events a second and latencies of each broker and of the engine, in one run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .config import FraudStreamConfig
from .faults import Setting, prepare
from .producer import Producer
from .scorer import Scorer
from .servers import kafka_mock, local_redis
from .store import Store

__all__ = ["measure", "measure_engine", "race", "read_latencies"]

LIMIT = 1500  # events of a run in batches of one


def read_latencies(
    config: FraudStreamConfig, store: Store, maximum: int | None = None
) -> np.ndarray:
    """Score what the log holds in this process; return seconds from read to written.

    Parameters
    ----------
    config : FraudStreamConfig
    store : Store
        New.
    maximum : int, optional
        Events of each partition after which to stop.

    Returns
    -------
    ndarray of shape (n_events,)
        Each event of a batch waits for the whole batch.
    """
    seconds: list[float] = []
    with config.open_broker() as broker:
        for partition in range(config.partitions):
            scorer = Scorer(config, partition, store, broker)
            scorer.start()
            end = broker.end(partition)
            end = min(end, maximum) if maximum else end
            while scorer.offset < end:
                began = time.perf_counter()
                n = scorer.step(wait=1.0)
                seconds += [time.perf_counter() - began] * n
    return np.array(seconds)


def measure(setting: Setting, name: str, batch: int) -> dict[str, Any]:
    """Return the rates and latencies of one broker with one size of batches."""
    from dataclasses import replace

    config = replace(setting.config, batch=batch)
    folder = setting.path.parent / f"{name}-{batch}"
    folder.mkdir()
    with Store(folder / "store.db", config.durable) as store:
        began, used = time.perf_counter(), time.process_time()
        seconds = read_latencies(config, store, LIMIT if batch == 1 else None)
        wall, used = time.perf_counter() - began, time.process_time() - used
    p50, p99 = np.quantile(seconds, [0.5, 0.99]) * 1000
    row = {"broker": name, "batch": batch, "events": len(seconds)}
    cpu = 1e6 * used / len(seconds)
    row |= {"a second": len(seconds) / wall, "cpu us": cpu}
    return row | {"p50 ms": p50, "p99 ms": p99}


def measure_engine(setting: Setting, batch: int = 100) -> dict[str, Any]:
    """Return the rate of the dataflow over the log, with its start and its end."""
    from dataclasses import replace

    from .bytewax_flow import run_flow

    config = replace(setting.config, batch=batch)
    began, used = time.perf_counter(), time.process_time()
    run_flow(config, epoch=1.0)
    wall, used = time.perf_counter() - began, time.process_time() - used
    with config.open_broker() as broker:
        n = sum(broker.end(p) for p in range(config.partitions))
    row = {"broker": "bytewax", "batch": batch, "events": n}
    row |= {"a second": n / wall, "cpu us": 1e6 * used / n}
    return row | {"p50 ms": np.nan, "p99 ms": np.nan}


def race(
    folder: Path,
    brokers: Sequence[str] = ("sqlite", "redis", "kafka"),
    *,
    batches: Sequence[int] = (1, 100),
    cards: int = 200,
    days: int = 40,
    engine: bool = True,
) -> pd.DataFrame:
    """Measure all brokers on the same events, then the engine.

    Parameters
    ----------
    folder : Path
        New.
    brokers : sequence of str
    batches : sequence of int
    cards, days : int
        Size of the world.
    engine : bool, default=True
        Whether bytewax runs too, over the log in SQLite.
    """
    rows = []
    for broker in brokers:
        with ExitStack() as stack:
            address = _address(stack, broker, folder / broker)
            setting = prepare(
                folder / broker,
                broker,
                address,
                cards=cards,
                days=days,
                capacity=10**7,
                lease=60.0,
                rate=0,
            )
            with setting.config.open_broker() as log:
                Producer(setting.config, log).run()
            rows += [measure(setting, broker, batch) for batch in batches]
            if engine and broker == "sqlite":
                rows.append(measure_engine(setting))
    return pd.DataFrame(rows)


def _address(stack: ExitStack, broker: str, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    if broker == "redis":
        (folder / "server").mkdir()
        return stack.enter_context(local_redis(folder / "server")).url
    return stack.enter_context(kafka_mock()) if broker == "kafka" else ""
