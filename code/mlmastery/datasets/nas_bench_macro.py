"""NAS-Bench-Macro: every network of eight layers and three kinds of block."""

import json
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="nas_bench_macro",
    title="NAS-Bench-Macro",
    source="Xiu Su and others 2021",
    url="https://github.com/xiusu/NAS-Bench-Macro",
    licence="Apache-2.0. It does not come with the book, which shows recorded figures.",
    row="One network: a block for each of eight layers, trained on CIFAR-10.",
    shape=(6561, 6),
    columns=(
        Column("blocks", "", "eight digits, one of 0, 1, 2 for each layer", "str"),
        Column("accuracy", "%", "on the test images, of one training", count=3),
        Column("parameters", "", "number of weights", "int64"),
        Column("flops", "", "operations of a prediction", "int64"),
    ),
    faults=(
        "The accuracies are those of the test images: a search on them is judged on "
        "what it searched with.",
    ),
    chapters=("automl",),
    citation="su2021nasbenchmacro",
    embedded=(),
    original=Original(
        path="nas-bench-macro_cifar10.json",
        about="The file of the benchmark's repository: an object by its blocks.",
        shape=(6561, 6),
        url="https://github.com/xiusu/NAS-Bench-Macro",
    ),
)


def load_nas_bench_macro() -> pd.DataFrame:
    """Load 6,561 networks trained on CIFAR-10 from the reader's own copy.

    Returns
    -------
    DataFrame of shape (6561, 6)
        ``blocks`` (eight digits), ``accuracy_0`` to ``accuracy_2`` (%),
        ``parameters`` and ``flops``.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_nas_bench_macro()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'nas_bench_macro' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    networks = json.loads(path.read_text(encoding="utf-8"))
    return pd.DataFrame([_row(*item) for item in sorted(networks.items())])


def _row(blocks: str, measured: dict) -> dict:
    accuracies = {f"accuracy_{i}": a for i, a in enumerate(measured["test_acc"])}
    sizes = {"parameters": measured["params"], "flops": measured["flops"]}
    return {"blocks": blocks, **accuracies, **sizes}
