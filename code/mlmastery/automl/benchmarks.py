"""Published tables of trained networks, as tasks for a race: from the reader's own copy.

The tables do not come with the book; `mlmastery.automl.record` records what they show.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mlmastery import datasets

from .space import Choice, Integer, Parameter, Space
from .tabulated import TabulatedTask

__all__ = ["fcnet_tasks", "hpobench_tasks", "task_of_table"]

UNORDERED = ("activation_1", "activation_2", "schedule")


def hpobench_tasks() -> list[TabulatedTask]:
    """Return the eight tasks of HPOBench; a loss is 1 − the mean validation accuracy.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file.
    """
    table = datasets.load_hpobench_mlp()
    accuracy = table.filter(like="accuracy_").mean(axis=1)
    settings = ("alpha", "batch_size", "depth", "learning_rate", "width")
    return _tasks(table.assign(loss=1 - accuracy), settings)


def fcnet_tasks() -> list[TabulatedTask]:
    """Return the four tasks of FC-Net; a loss is the logarithm of the mean error.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file.
    """
    table = datasets.load_hpolib_fcnet()
    error = table.filter(like="loss_").mean(axis=1)
    settings = [c for c in table.columns if c.split("_")[0] not in ("task", "loss")]
    settings.remove("seconds")
    return _tasks(table.assign(loss=np.log(error)), settings)


def task_of_table(
    name: str, table: pd.DataFrame, settings: Sequence[str]
) -> TabulatedTask:
    """Make a task of a full grid of places.

    Parameters
    ----------
    name : str
    table : DataFrame
        Whole numbers from 0 in the columns ``settings``, and ``loss``.
    settings : sequence of str

    Examples
    --------
    >>> table = pd.DataFrame({"a": [0, 1, 2], "loss": [0.3, 0.1, 0.2]})
    >>> task_of_table("tiny", table, ["a"]).loss({"a": 1})
    0.1
    """
    space = Space({s: _parameter(s, int(table[s].max())) for s in settings})
    configs = table[list(settings)].to_dict("records")
    keys = [space.key({k: int(v) for k, v in config.items()}) for config in configs]
    columns = {"loss": table["loss"].to_numpy(float)}
    if "seconds" in table:
        columns["seconds"] = table["seconds"].to_numpy(float)
    return TabulatedTask(name, pd.DataFrame(columns, index=keys), space)


def _parameter(name: str, last: int) -> Parameter:
    return Choice(*range(last + 1)) if name in UNORDERED else Integer(0, last)


def _tasks(table: pd.DataFrame, settings: Sequence[str]) -> list[TabulatedTask]:
    return [
        task_of_table(str(name), part, settings)
        for name, part in table.groupby("task", sort=True)
    ]
