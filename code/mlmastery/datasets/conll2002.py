"""Spanish and Dutch news with names of people, places and organisations."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.conll import read_conll
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="conll2002",
    title="CoNLL-2002 shared task",
    source="Erik Tjong Kim Sang 2002; EFE news of 2000 and De Morgen of 2000",
    url="https://www.clips.uantwerpen.be/conll2002/ner/",
    licence="For research only. So it does not come with the book.",
    row="One word.",
    shape=(678377, 5),
    columns=(
        Column("language", "", "es or nl", "str"),
        Column("part", "", "train, testa or testb", "str"),
        Column("sentence", "", "number within language and part", "int64"),
        Column("token", "", "the word", "str"),
        Column("tag", "", "O, or B- or I- with PER, LOC, ORG or MISC", "str"),
    ),
    faults=(
        "Published results are on testb; testa was for development.",
        "Spanish has no parts of speech in the first release and Dutch had; the "
        "column is not read.",
        "The lines -DOCSTART- of the Dutch files are left out, and so are the borders"
        " of documents.",
    ),
    chapters=("multilingual_nlp",),
    citation="tjong2002introduction",
    embedded=(),
    original=Original(
        path="conll2002",
        about="A folder with `conll2002.tar.xz`, or what it unpacks to: `esp.train`, "
        "`ned.testb`; a word and its tag a line.",
        shape=(678377, 5),
        url="https://www.clips.uantwerpen.be/conll2002/ner/",
    ),
)
LANGUAGES = {"esp": "es", "ned": "nl"}


def load_conll2002() -> pd.DataFrame:
    """Load 678,377 tagged words of Spanish and Dutch from the reader's own copy.

    Returns
    -------
    DataFrame of shape (678377, 5)
        ``language``, ``part``, ``sentence``, ``token`` and ``tag`` (BIO).

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_conll2002()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'conll2002' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*[en][se][pd].t*")
    tables = [_read_part(name, content) for name, content in files.items()]
    return pd.concat(tables, ignore_index=True)


def _read_part(name: str, content: str) -> pd.DataFrame:
    language, part = name.rsplit("/", 1)[-1].split(".")
    return read_conll(content).assign(language=LANGUAGES[language], part=part)
