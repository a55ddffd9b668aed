"""The Stanford Sentiment Treebank: whole sentences, two classes."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="sst2",
    title="Stanford Sentiment Treebank, sentences",
    source="Richard Socher and others 2013, from the sentences of Pang and Lee 2005",
    url="https://nlp.stanford.edu/sentiment/",
    licence="No licence is stated. So it does not come with the book.",
    row="One sentence.",
    shape=(9613, 3),
    columns=(
        Column("text", "", "the sentence, lower case, tokens apart", "str"),
        Column("positive", "", "1 or 0", "int64"),
        Column("part", "", "train, dev or test", "str"),
    ),
    faults=(
        "Most published results were trained on the phrases of the trees too, 67,349 "
        "of them, which this file has not.",
        "Neutral sentences are left out.",
        "The sentences are those of the set of 2005, marked anew: do not train on the"
        " one and test on the other.",
    ),
    chapters=("sentiment_analysis",),
    citation="socher2013recursive",
    embedded=(),
    original=Original(
        path="sst2",
        about="A folder with `stsa.binary.train`, `.dev` and `.test`; a line is the class, "
        "a blank and the sentence.",
        shape=(9613, 3),
        url="https://nlp.stanford.edu/sentiment/",
    ),
)


def load_sst2() -> pd.DataFrame:
    """Load 9,613 sentences of film reviews from the reader's own copy.

    Returns
    -------
    DataFrame of shape (9613, 3)
        ``text``, ``positive`` (1 or 0) and ``part`` (train, dev or test).

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_sst2()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'sst2' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*stsa.binary.*")
    rows = [
        (line[2:].strip(), int(line[0]), name.rsplit(".", 1)[-1])
        for name in sorted(files, key=_order)
        for line in files[name].splitlines()
    ]
    return pd.DataFrame(rows, columns=["text", "positive", "part"])


def _order(name: str) -> int:
    return ("train", "dev", "test").index(name.rsplit(".", 1)[-1])
