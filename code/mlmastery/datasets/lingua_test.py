"""Words, pairs of words and sentences in 75 languages."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="lingua_test",
    title="Test data of the language detector lingua",
    source="Peter M. Stahl, lingua-py 2026; the texts are of the Leipzig Corpora Collection",
    url="https://github.com/pemistahl/lingua-py",
    licence="Apache 2.0 for the repository. Too large to come with the book.",
    row="One word, pair or sentence.",
    shape=(222790, 3),
    columns=(
        Column("language", "", "ISO 639-1 code", "str"),
        Column("kind", "", "single-words, word-pairs or sentences", "str"),
        Column("text", "", "the text", "str"),
    ),
    faults=(
        "Japanese has 412 and Chinese 729 sentences; other languages have 1,000 of "
        "each kind.",
        "The texts were collected from the web by language: some are names, or in "
        "another language than their file says.",
        "Detectors were tuned on collections of the same makers.",
    ),
    chapters=("multilingual_nlp",),
    citation="stahl2026lingua",
    embedded=(),
    original=Original(
        path="lingua_testdata",
        about="A folder with `language-testdata.tar.xz`, or what it unpacks to: `single-"
        "words/de.txt`, one text a line.",
        shape=(222790, 3),
        url="https://github.com/pemistahl/lingua-py",
    ),
)


def load_lingua_test() -> pd.DataFrame:
    """Load 222,790 short texts in 75 languages from the reader's own copy.

    Returns
    -------
    DataFrame of shape (222790, 3)
        ``language`` (ISO 639-1), ``kind`` and ``text``.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_lingua_test()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'lingua_test' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*/[sw]*-*s/??.txt") | texts_in(path, "*/sentences/??.txt")
    rows = [
        (name[-6:-4], name.split("/")[-2], line.strip())
        for name, content in files.items()
        for line in content.split("\n")
        if line.strip()
    ]
    return pd.DataFrame(rows, columns=["language", "kind", "text"])
