"""Tweets in fourteen African languages: positive, neutral or negative."""

import csv
import io
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="afrisenti",
    title="AfriSenti",
    source="Shamsuddeen Hassan Muhammad and others 2023",
    url="https://github.com/afrisenti-semeval/afrisent-semeval-2023",
    licence="CC BY 4.0 by its paper; no licence file. So it does not come with the book.",
    row="One tweet.",
    shape=(111718, 4),
    columns=(
        Column("language", "", "ISO 639-3 code", "str"),
        Column("part", "", "train, dev or test", "str"),
        Column("text", "", "the tweet, with @user for people", "str"),
        Column("label", "", "positive, neutral or negative", "str"),
    ),
    faults=(
        "The shares of the classes shift: Amharic is 52 % neutral in train and 11 % "
        "in test.",
        "Oromo (orm) and Tigrinya (tir) have no train part.",
    ),
    chapters=("multilingual_nlp",),
    citation="muhammad2023afrisenti",
    embedded=(),
    original=Original(
        path="afrisenti",
        about="A folder with `afrisenti.tar.xz`, or what it unpacks to: `hau/train.tsv` "
        "with the columns tweet and label.",
        shape=(111718, 4),
        url="https://github.com/afrisenti-semeval/afrisent-semeval-2023",
    ),
)


def load_afrisenti() -> pd.DataFrame:
    """Load 111,718 tweets in fourteen languages from the reader's own copy.

    Returns
    -------
    DataFrame of shape (111718, 4)
        ``language`` (ISO 639-3), ``part``, ``text`` and ``label``.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_afrisenti()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'afrisenti' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*/*.tsv")
    tables = [_read_part(name, content) for name, content in files.items()]
    return pd.concat(tables, ignore_index=True).rename(columns={"tweet": "text"})


def _read_part(name: str, content: str) -> pd.DataFrame:
    *_, language, file = name.split("/")
    table = pd.read_csv(io.StringIO(content), sep="\t", quoting=csv.QUOTE_NONE)
    if not {"tweet", "label"} <= set(table):
        raise ValueError(f"expected the columns tweet and label, found {list(table)}")
    part = file.removesuffix(".tsv")
    return table[["tweet", "label"]].assign(language=language, part=part)
