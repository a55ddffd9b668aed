"""Measure the distributed training system against the libraries it is modelled on.

    python benchmarks/distributed_training.py [--out FOLDER] [--ray]

Three races in one run, every rank a process of its own on this machine:

* ``all_reduce.csv``: our ring all-reduce over authenticated TCP frames, and gloo's, from
  1 KB to 64 MB on 2 and on 4 ranks; seconds are the median of several, and the bandwidth
  is that of the algorithm: 2 (n - 1) / n of the array, over the seconds. Processor
  seconds of one rank stand beside, which other work on the machine disturbs less.
* ``speed_up.csv``: gradient steps with one large batch on 1, 2 and 4 processes.
* ``engines.csv``: rounds per second of the same clients in this process, with our
  server and workers, on torch.distributed and, with --ray, on Ray. Starting the
  processes is not counted: two runs of different length are subtracted.

The page shows all four engines, so what it records is a run with --ray.
"""

import argparse
import datetime
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # as every worker has; read when torch is imported

import numpy as np
import pandas as pd

from mlmastery.distributed_training.collectives import (
    barrier,
    reduce_bytes,
    ring_all_reduce,
)
from mlmastery.distributed_training.communicator import run_ranks
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.data_parallel import DataParallelTrainer
from mlmastery.distributed_training.engine import run_local, train
from mlmastery.distributed_training.model import ModelWrapper

FOLDER = (
    Path(__file__).resolve().parent.parent
    / "code/mlmastery/recorded/distributed_training"
)
SIZES = [1 << power for power in range(10, 27, 2)]  # bytes: 1 KB to 64 MB


def _show(row: dict) -> None:
    print({k: v if isinstance(v, str) else float(f"{v:.4g}") for k, v in row.items()})


def time_sums(communicator, sizes, gloo: bool):
    """Return for each size the median seconds of a sum and of this rank's processor."""
    medians = []
    for size in sizes:
        array = np.ones(size // 4, np.float32)
        n_repeats = 30 if size < 1 << 20 else 7
        seconds = [_time_sum(communicator, array, gloo) for _ in range(n_repeats + 2)]
        medians.append(np.median(seconds[2:], axis=0))  # the first two warm up
    return medians


def _time_sum(communicator, array, gloo: bool) -> tuple[float, float]:
    import torch

    barrier(communicator)
    start, cpu = time.perf_counter(), time.process_time()
    if gloo:
        tensor = torch.from_numpy(array.copy())
        communicator.group.allreduce([tensor]).wait()
        total = tensor.numpy()
    else:
        total = ring_all_reduce(communicator, array)
    seconds = time.perf_counter() - start, time.process_time() - cpu
    assert total[0] == communicator.world_size
    return seconds


def race_all_reduce(world_sizes=(2, 4)) -> list[dict]:
    """Race our ring against gloo's, size by size."""
    rows = []
    for n in world_sizes:
        seconds = {}
        for transport, gloo in (("tcp", False), ("gloo", True)):
            results = run_ranks(
                time_sums, n, transport, args=(SIZES, gloo), processes=True, timeout=400
            )
            seconds[transport] = np.max(results, axis=0)  # the slowest rank decides
        for i, size in enumerate(SIZES):
            (ours, our_cpu), (theirs, their_cpu) = seconds["tcp"][i], seconds["gloo"][i]
            volume = reduce_bytes(size, n) / 1e6
            row = {"ranks": n, "bytes": size, "ours_s": ours, "gloo_s": theirs}
            row |= {"ours_mb_s": volume / ours, "gloo_mb_s": volume / theirs}
            row |= {"ours_cpu_s": our_cpu, "gloo_cpu_s": their_cpu}
            rows.append(row | {"ratio": theirs / ours})
            _show(rows[-1])
    return rows


def time_steps(communicator, width: int, n_rows: int, n_steps: int) -> float:
    """Return the seconds of one data-parallel step on this rank."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_rows, 784)).astype(np.float32)
    y = rng.integers(10, size=n_rows)
    model = ModelWrapper(layers=(784, width, width, 10))
    trainer = DataParallelTrainer(model, communicator)
    trainer.step(X, y)
    barrier(communicator)
    start = time.perf_counter()
    for _ in range(n_steps):
        trainer.step(X, y)
    barrier(communicator)
    return (time.perf_counter() - start) / n_steps


def race_speed_up(
    width: int = 512, n_rows: int = 2048, n_steps: int = 10
) -> list[dict]:
    """Time steps with the same large batch on more and more processes."""
    rows: list[dict] = []
    for n in (1, 2, 4):
        args = (width, n_rows, n_steps)
        results = run_ranks(
            time_steps, n, "tcp", args=args, processes=True, timeout=300
        )
        row = {"processes": n, "rows": n_rows, "width": width, "step_s": max(results)}
        row["speed_up"] = (rows[0]["step_s"] if rows else max(results)) / max(results)
        rows.append(row)
        _show(row)
    return rows


def race_federated(engines: list[str], short: int = 20, more: int = 400) -> list[dict]:
    """Count rounds per second of 20 clients on each engine."""
    rows, parameters = [], None
    run_local(DistributedMLConfig(engine="local", rounds=1))  # imports are not counted
    for engine in engines:
        seconds = {}
        for rounds in (short, short + more):
            with tempfile.TemporaryDirectory() as folder:
                config = DistributedMLConfig(
                    engine=engine, n_clients=20, rounds=rounds, directory=folder
                )
                start = time.perf_counter()
                result = train(config)
                seconds[rounds] = time.perf_counter() - start
        parameters = result.parameters if parameters is None else parameters
        per_second = more / (seconds[short + more] - seconds[short])
        row = {"engine": engine, "workers": 1 if engine == "local" else config.workers}
        row |= {
            "rounds_per_s": per_second,
            "start_s": seconds[short] - short / per_second,
        }
        row["equal"] = bool((result.parameters == parameters).all())
        rows.append(row)
        _show(row)
    return rows


def main() -> int:
    """Race and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--ray", action="store_true", help="needs the package ray")
    args = parser.parse_args()
    engines = ["local", "processes", "torchrun", *(["ray"] if args.ray else [])]
    tables = {
        "all_reduce": race_all_reduce(),
        "speed_up": race_speed_up(),
        "engines": race_federated(engines),
    }
    for name, rows in tables.items():
        table = pd.DataFrame(rows)
        table["date"] = datetime.date.today().isoformat()
        table["cores"] = os.cpu_count()
        table.to_csv(args.out / f"{name}.csv", index=False, float_format="%.4g")
    return int(not all(row["equal"] for row in tables["engines"]))


if __name__ == "__main__":
    sys.exit(main())
