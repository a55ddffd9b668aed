"""The same thousand sentences in eleven languages, with parts of speech."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="ud_pud",
    title="Parallel Universal Dependencies",
    source="Daniel Zeman and others 2017, CoNLL shared task",
    url="https://universaldependencies.org/",
    licence="CC BY-SA 3.0. Too large to come with the book.",
    row="One word.",
    shape=(227637, 5),
    columns=(
        Column("language", "", "ISO 639-1 code", "str"),
        Column(
            "sentence", "", "1 to 1,000: the same number is the same sentence", "int64"
        ),
        Column("token", "", "the word", "str"),
        Column("upos", "", "universal part of speech", "str"),
        Column("text", "", "the whole sentence", "str"),
    ),
    faults=(
        "750 of the sentences were written in English, 250 in German, French, Italian"
        " or Spanish: the others are translations and read so.",
        "Contractions (French du, Arabic prefixes) are cut into their words, so the "
        "words do not join to the text.",
    ),
    chapters=("multilingual_nlp",),
    citation="zeman2017conll",
    embedded=(),
    original=Original(
        path="ud_pud",
        about="A folder with `ud_pud.tar.xz`, or what it unpacks to: `de_pud-ud-"
        "test.conllu` in the format CoNLL-U.",
        shape=(227637, 5),
        url="https://universaldependencies.org/",
    ),
)


def load_ud_pud() -> pd.DataFrame:
    """Load 227,637 words of parallel sentences from the reader's own copy.

    Returns
    -------
    DataFrame of shape (227637, 5)
        ``language``, ``sentence``, ``token``, ``upos`` and ``text``.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_ud_pud()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'ud_pud' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*_pud-ud-test.conllu")
    rows = [row for name, text in files.items() for row in _rows(name, text)]
    return pd.DataFrame(rows, columns=["language", "sentence", "token", "upos", "text"])


def _rows(name: str, content: str) -> Iterator[tuple[str, int, str, str, str]]:
    language, number, text = name.rsplit("/", 1)[-1][:2], 0, ""
    for line in content.split("\n"):
        if line.startswith("# text = "):
            number, text = number + 1, line.removeprefix("# text = ")
        cells = line.split("\t")
        if cells[0].isdigit():  # not a contraction, 1-2
            yield language, number, cells[1], cells[3], text
