"""Tables that were measured outside the pages, by benchmarks and tests."""

from __future__ import annotations

import pandas as pd

from mlmastery.ledger import recorded_table


def measured(name: str) -> pd.DataFrame:
    """Return one recorded table.

    Parameters
    ----------
    name : {"faults", "all_reduce", "speed_up", "engines"}
        ``faults`` is written by ``tests/distributed_training/test_faults.py`` when
        FAULT_TABLE names a file, the others by ``benchmarks/distributed_training.py``,
        whose docstring says what is measured.

    Raises
    ------
    LedgerError
        If there is no such table; the message lists those there are.

    Examples
    --------
    >>> measured("faults").columns.tolist()
    ['injected', 'noticed', 'answer', 'lost']
    """
    return recorded_table("distributed_training", name)
