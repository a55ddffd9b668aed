"""Tables that are measured outside the pages and kept beside this package."""

from __future__ import annotations

import pandas as pd

from mlmastery.ledger import recorded_table

TABLES = ("faults", "all_reduce", "speed_up", "engines")


def measured(name: str) -> pd.DataFrame:
    """Return one recorded table.

    Parameters
    ----------
    name : {"faults", "all_reduce", "speed_up", "engines"}
        ``faults`` is written by ``tests/distributed_training/test_faults.py`` when
        FAULT_TABLE names a file, the others by ``benchmarks/distributed_training.py``,
        whose docstring says what is measured.

    Examples
    --------
    >>> measured("faults").columns.tolist()
    ['injected', 'noticed', 'answer', 'lost']
    """
    if name not in TABLES:
        raise ValueError(f"name must be one of {', '.join(TABLES)}, got {name!r}")
    return recorded_table("distributed_training", name)
