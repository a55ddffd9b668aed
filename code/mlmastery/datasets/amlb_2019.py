"""The AutoML Benchmark of 2019: seven frameworks on twelve tasks, an hour each."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame, with_names

CARD = DataCard(
    name="amlb_2019",
    title="AutoML Benchmark 2019, one hour, small tasks",
    source="Pieter Gijsbers, Erin LeDell, Janek Thomas, Sébastien Poirier, Bernd Bischl "
    "and Joaquin Vanschoren 2019",
    url="https://github.com/openml/automlbenchmark",
    licence="MIT. It does not come with the book, which shows a recorded summary.",
    row="One fold of one task, by one framework, with one hour on eight cores.",
    shape=(840, 7),
    columns=(
        Column("task", "", "one of twelve data sets of OpenML", "str"),
        Column("framework", "", "one of seven, three of them references", "str"),
        Column("fold", "", "0 to 9", "int64"),
        Column("auc", "", "area under the ROC curve; two classes"),
        Column("accuracy", "", "share of right classes"),
        Column("log_loss", "nats", "log loss; more than two classes"),
        Column("duration", "s", "wall time of training and prediction"),
    ),
    faults=(
        "One fold has no figures: auto-sklearn failed on it.",
        "Each task has one measure: the area for two classes, the log loss for more.",
        "The frameworks are those of 2019: all have newer versions.",
    ),
    chapters=("automl",),
    citation="gijsbers2019amlb",
    embedded=(),
    original=Original(
        path="amlb_results/amlb_2019_1h_small.csv",
        about="The results of the benchmark's repository for its small tasks.",
        shape=(840, 7),
        missing=(("auc", 211), ("accuracy", 1), ("log_loss", 630)),
        url="https://github.com/openml/automlbenchmark",
    ),
)


def load_amlb_2019() -> pd.DataFrame:
    """Load the folds of the AutoML Benchmark of 2019 from the reader's own copy.

    Returns
    -------
    DataFrame of shape (840, 7)
        ``task``, ``framework``, ``fold``, three scores and the ``duration`` (seconds).

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_amlb_2019()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'amlb_2019' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    return with_names(pd.read_csv(path).drop(columns=["version", "utc"]), CARD)
