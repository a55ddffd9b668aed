"""The words of a web site in twenty languages."""

import io
import lzma
from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import VendoredFile
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="django_catalogues",
    title="Message catalogues of Django",
    source="Django Software Foundation and its translators: the messages of Django 5.2.19 "
    "that are translated to all of nineteen languages",
    url="https://www.djangoproject.com/",
    licence="BSD 3-clause",
    row="One message in one language.",
    shape=(6620, 4),
    columns=(
        Column("language", "", "ISO 639-1 code, one of 20", "str"),
        Column("part", "", "the part of Django it belongs to", "str"),
        Column("message", "", "the message in English", "str"),
        Column("text", "", "the message in this language", "str"),
    ),
    faults=(
        "Messages are short: half have at most 12 characters in English.",
        "15 % hold places to be filled in, such as `%(name)s`, which are the same in "
        "every language.",
        "In some languages one text stands for several messages, 37 in Japanese; such"
        " targets cannot be told apart.",
        "22 Danish texts equal the English ones.",
        "Names of languages, and messages with plural forms, were left out.",
    ),
    chapters=("multilingual_nlp",),
    citation="django2025",
    embedded=(
        VendoredFile(
            "django_catalogues.csv.xz",
            "88bb7ee700a62b5984385ca9dd3678cb74ae59bc8371d2a8a0d0ddc6cd86fcba",
        ),
    ),
)


def load_django_catalogues() -> pd.DataFrame:
    """Load 331 messages in twenty languages.

    Returns
    -------
    DataFrame of shape (6620, 4)
        ``language`` (ISO 639-1), ``part``, ``message`` (English) and ``text``.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> messages = load_django_catalogues()
    >>> messages.query("message == 'yesterday' and language == 'sw'")["text"].item()
    'jana'
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    content = io.BytesIO(lzma.decompress(contents[0]))
    return pd.read_csv(content, keep_default_na=False)
