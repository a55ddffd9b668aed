"""Tables of what the stream wrote, for reading.

>>> score_table([], "scores").columns[:3].tolist()
['id', 'time', 'customer']
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from .brokers.base import Delivery
from .features import FEATURES
from .pipeline import Pipeline
from .store import Effects

__all__ = ["feature_table", "run_log", "score_table", "wide_faults"]

COLUMNS = {
    "scores": "id time customer terminal amount features score online marks version "
    "partition offset",
    "alerts": "id time customer amount score reason version",
    "dead": "offset payload reason",
    "alarms": "day rate value side",
}


def run_log(pipeline: Pipeline, payloads: Iterable[bytes], first: int = 1) -> Effects:
    """Return what the events of one partition give, all at once.

    Duplicates are found within the payloads.

    Parameters
    ----------
    pipeline : Pipeline
    payloads : iterable of bytes
    first : int, default=1
        Offset of the first of them.
    """
    return pipeline.run([Delivery(i, p) for i, p in enumerate(payloads, first)])


def score_table(effects: Sequence[Effects], name: str = "scores") -> pd.DataFrame:
    """Return a table of all effects, with names for its columns.

    Parameters
    ----------
    effects : sequence of Effects
    name : {"scores", "alerts", "dead", "alarms"}
    """
    rows = [row for one in effects for row in getattr(one, name)]
    return pd.DataFrame(rows, columns=COLUMNS[name].split())


def feature_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the features that were stored with the scores, by id.

    Examples
    --------
    >>> row = np.arange(len(FEATURES), dtype=float).tobytes()
    >>> table = feature_table(pd.DataFrame({"id": [4], "features": [row]}))
    >>> table.loc[4, "amount"]
    np.float64(0.0)
    """
    rows = np.stack([np.frombuffer(content) for content in scores["features"]])
    index = pd.Index(scores["id"], name="id")
    return pd.DataFrame(rows, index=index, columns=list(FEATURES)).sort_index()


def wide_faults(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row a fault and, for each broker, strikes, rows lost and doubled.

    Examples
    --------
    >>> row = {"fault": "kill scorer", "broker": "sqlite", "struck": 3, "lost": 0,
    ...     "doubled": 0}
    >>> wide_faults(pd.DataFrame([row])).loc["kill scorer", "sqlite"]
    '3: 0, 0'
    """
    cells = [f"{row.struck}: {row.lost}, {row.doubled}" for row in table.itertuples()]
    wide = table.assign(cell=cells).pivot(
        index="fault", columns="broker", values="cell"
    )
    order = [b for b in ("sqlite", "redis", "kafka", "bytewax") if b in wide]
    return wide.loc[table["fault"].unique(), order].fillna("–")
