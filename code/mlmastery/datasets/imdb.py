"""IMDB: 50,000 film reviews in the official halves."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="imdb",
    title="Large Movie Review Dataset",
    source="Andrew Maas and others 2011, from IMDb",
    url="https://ai.stanford.edu/~amaas/data/sentiment/",
    licence="Free to use with citation; no licence file. So it does not come with the book.",
    row="One review.",
    shape=(50000, 4),
    columns=(
        Column("text", "", "the review, with its HTML line breaks", "str"),
        Column("positive", "", "1 for 7 to 10 stars, 0 for 1 to 4", "int64"),
        Column("stars", "", "1 to 10, never 5 or 6", "int64"),
        Column("part", "", "train or test", "str"),
    ),
    faults=(
        "49,582 of the 50,000 texts are distinct; 123 are in both halves.",
        "29,200 texts hold `<br />`.",
        "Reviews of 5 and 6 stars are left out, so the two classes are further apart "
        "than those of a film that people are unsure of.",
        "No film is in both halves, and at most 30 reviews are of one film.",
        "The 50,000 reviews without stars are not read.",
    ),
    chapters=("sentiment_analysis",),
    citation="maas2011learning",
    embedded=(),
    original=Original(
        path="imdb",
        about="A folder with the archive, two archives of the halves, or what they unpack "
        "to: `aclImdb/train/pos/0_9.txt`, where 9 is the number of stars.",
        shape=(50000, 4),
        url="https://ai.stanford.edu/~amaas/data/sentiment/",
    ),
)


def load_imdb() -> pd.DataFrame:
    """Load 50,000 film reviews from the reader's own copy.

    Returns
    -------
    DataFrame of shape (50000, 4)
        ``text``, ``positive`` (1 or 0), ``stars`` and ``part``, the test part first.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_imdb()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'imdb' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*/t[er]*[tn]/[pn]??/*_*.txt")
    rows = [(*name.split("/")[-3:], text) for name, text in files.items()]
    table = pd.DataFrame(rows, columns=["part", "label", "file", "text"])
    table["stars"] = table["file"].str.extract(r"_(\d+)\.txt$")[0].astype(int)
    return table.assign(positive=(table["label"] == "pos").astype(int))
