"""Sentences in 112 languages with their translation to English."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="tatoeba",
    title="Tatoeba test set 1 of LASER",
    source="Mikel Artetxe and Holger Schwenk 2019, from tatoeba.org",
    url="https://github.com/facebookresearch/LASER",
    licence="CC BY 2.0 FR. Too large to come with the book.",
    row="One sentence and its translation.",
    shape=(88877, 3),
    columns=(
        Column("language", "", "ISO 639-3 code", "str"),
        Column("text", "", "the sentence", "str"),
        Column("english", "", "its translation", "str"),
    ),
    faults=(
        "English sides repeat, within a language too: two equal targets are both "
        "right.",
        "Small languages have near-duplicates (Tom needs water).",
        "Encoders trained on translations from the web may have seen the pairs.",
    ),
    chapters=("multilingual_nlp",),
    citation="artetxe2019massively",
    embedded=(),
    original=Original(
        path="tatoeba_v1",
        about="A folder with `tatoeba_v1.tar.xz`, or what it unpacks to: `tatoeba.deu-"
        "eng.deu` and `tatoeba.deu-eng.eng`, one sentence a line.",
        shape=(88877, 3),
        url="https://github.com/facebookresearch/LASER",
    ),
)


def load_tatoeba() -> pd.DataFrame:
    """Load 88,877 sentences with their translation from the reader's own copy.

    Returns
    -------
    DataFrame of shape (88877, 3)
        ``language`` (ISO 639-3), ``text`` and ``english``.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_tatoeba()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'tatoeba' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*tatoeba.*-eng.*")
    foreign = [name for name in files if not name.endswith(".eng")]
    return pd.concat([_pairs(name, files) for name in foreign], ignore_index=True)


def _pairs(name: str, files: dict[str, str]) -> pd.DataFrame:
    language = name.rsplit(".", 1)[-1]
    english = files.get(name.removesuffix(language) + "eng", "")
    columns = {"text": _lines(files[name]), "english": _lines(english)}
    return pd.DataFrame(columns).assign(language=language)


def _lines(content: str) -> list[str]:
    return content.removesuffix("\n").split("\n")
