"""News in twenty African languages with names, places and dates."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.conll import read_conll
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="masakhaner",
    title="MasakhaNER 2.0",
    source="David Adelani and others 2022, Masakhane",
    url="https://github.com/masakhane-io/masakhane-ner",
    licence="CC BY-NC 4.0: measured here, not passed on.",
    row="One word.",
    shape=(3711676, 5),
    columns=(
        Column("language", "", "ISO 639-3 code", "str"),
        Column("part", "", "train, dev or test", "str"),
        Column("sentence", "", "number within language and part", "int64"),
        Column("token", "", "the word", "str"),
        Column("tag", "", "O, or B- or I- with PER, LOC, ORG or DATE", "str"),
    ),
    faults=(
        "The test sizes of mos and pcm are swapped in the makers' list.",
        "DATE is a class here and not in CoNLL-2002, which has MISC instead: the "
        "scores are of two tasks.",
    ),
    chapters=("multilingual_nlp",),
    citation="adelani2022masakhaner",
    embedded=(),
    original=Original(
        path="masakhaner2",
        about="A folder with `masakhaner2.tar.xz`, or what it unpacks to: `hau/train.txt`; "
        "a word and its tag a line.",
        shape=(3711676, 5),
        url="https://github.com/masakhane-io/masakhane-ner",
    ),
)


def load_masakhaner() -> pd.DataFrame:
    """Load 3,711,676 tagged words of twenty languages from the reader's own copy.

    Returns
    -------
    DataFrame of shape (3711676, 5)
        ``language`` (ISO 639-3), ``part``, ``sentence``, ``token`` and ``tag`` (BIO).

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_masakhaner()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'masakhaner' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*/t*.txt") | texts_in(path, "*/dev.txt")
    tables = [_read_part(name, content) for name, content in files.items()]
    return pd.concat(tables, ignore_index=True)


def _read_part(name: str, content: str) -> pd.DataFrame:
    *_, language, file = name.split("/")
    part = file.removesuffix(".txt")
    return read_conll(content).assign(language=language, part=part)
