"""The Universal Declaration of Human Rights in twenty languages."""

import csv
import io
import lzma
from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import VendoredFile
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="udhr",
    title="Universal Declaration of Human Rights",
    source="United Nations 1948 and its translators; in Unicode by Eric Muller, collected by"
    " Titus Wormer in the package udhr 6.0.0",
    url="https://www.unicode.org/udhr/",
    licence="Free to copy (United Nations); MIT for the collection.",
    row="One paragraph in one language.",
    shape=(1189, 4),
    columns=(
        Column("language", "", "ISO 639-1 code, one of 20", "str"),
        Column("article", "", "1 to 30; 0 is the preamble", "int64"),
        Column("passage", "", "article and paragraph, such as 2.1", "str"),
        Column("text", "", "the paragraph", "str"),
    ),
    faults=(
        "The 50 paragraphs of the 30 articles are the same in every language. Those "
        "of the preamble are not: some translators join or part them.",
        "One text of one kind, legal and solemn: no question, no first person, no "
        "slang.",
        "Languages differ in length: 2,616 characters in Chinese, 12,334 in Dutch.",
        "Portuguese is that of Portugal, German in the spelling of 1996, Chinese in "
        "simplified characters, Norwegian is Bokmål, Arabic is without most vowel "
        "signs.",
        "It is among the most copied texts there are: any pretrained model has read "
        "it.",
    ),
    chapters=("multilingual_nlp",),
    citation="un1948declaration",
    embedded=(
        VendoredFile(
            "udhr.tsv.xz",
            "be667df245eff80b01d69cd46c1b8794539e72567423e65ff397bcd26f1d9255",
        ),
    ),
)


def load_udhr() -> pd.DataFrame:
    """Load the Declaration in twenty languages, one row a paragraph.

    Returns
    -------
    DataFrame of shape (1189, 4)
        ``language`` (ISO 639-1), ``article`` (0 is the preamble), ``passage`` and ``text``.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> declaration = load_udhr().query("passage == '3.1'").set_index("language")
    >>> declaration.loc["de", "text"]
    'Jeder hat das Recht auf Leben, Freiheit und Sicherheit der Person.'
    >>> len(declaration)
    20
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    content = io.BytesIO(lzma.decompress(contents[0]))
    return pd.read_csv(
        content, sep="\t", dtype={"passage": str}, quoting=csv.QUOTE_NONE
    )
