"""Print which options run on which engine.

`engine_table` makes a configuration of each option for each engine, so the table cannot
differ from what is refused.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from mlmastery.distributed_training.config import ENGINES, DistributedMLConfig

RUNS = "runs"
_PARALLEL = {"mode": "data_parallel", "batch_size": 24, "n_clients": 2}

OPTIONS: dict[str, dict[str, Any]] = {
    "federated": {},
    "data parallel": _PARALLEL,
    "parallel: server": _PARALLEL | {"parallel": "server"},
    "staleness": _PARALLEL | {"parallel": "server", "staleness": 1},
    "parallel: ring": _PARALLEL | {"parallel": "ring"},
    "parallel: pipeline": _PARALLEL | {"parallel": "pipeline"},
    "robust rule": {"strategy": "median"},
    "framework: tensorflow": {"framework": "tensorflow"},
    "quantise": {"compression": {"method": "quantise", "bits": 4}},
    "quantised gradients": _PARALLEL | {"compression": {"method": "quantise"}},
    "top_k": {"compression": {"method": "top_k", "ratio": 0.1}},
    "top_k, no memory": {
        "compression": {"method": "top_k", "ratio": 0.1, "memory": False}
    },
    "power_sgd": {"compression": {"method": "power_sgd", "rank": 1}},
    "secure": {"secure": True},
    "privacy": {"privacy": {"clip": 1.0, "noise_multiplier": 1.0}},
    "secure, privacy": {
        "secure": True,
        "privacy": {"clip": 1.0, "noise_multiplier": 1.0},
    },
    "secure, privacy, quantise": {
        "secure": True,
        "privacy": {"clip": 1.0, "noise_multiplier": 1.0},
        "compression": {"method": "quantise", "bits": 8},
    },
    "stragglers: drop": {"stragglers": {"policy": "drop", "after": 30.0}},
    "stragglers: partial": {"stragglers": {"policy": "partial", "after": 30.0}},
    "model": {"model": "mlmastery.distributed_training.examples:small_network"},
    "loader": {"loader": "mlmastery.distributed_training.examples:digits_of"},
    "reassign: false": {"reassign": False},
    "IPv6": {"host": "::1"},
    "workers: 0": {"workers": 0},
    "nodes": {"nodes": 2, "port": 29400},
}


def engine_table() -> pd.DataFrame:
    """Return for each option and engine "runs", or why it is refused.

    Examples
    --------
    >>> table = engine_table()
    >>> table.loc["secure", ["processes", "torchrun"]].tolist()
    ['runs', "secure and engine 'torchrun' do not go together: ..."]
    """
    rows = {
        option: {engine: _verdict(engine, changes) for engine in ENGINES}
        for option, changes in OPTIONS.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("option")


def _verdict(engine: str, changes: dict[str, Any]) -> str:
    try:
        DistributedMLConfig(engine=engine, **changes)
    except ValueError as error:
        return str(error)
    return RUNS
