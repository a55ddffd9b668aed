"""Tweets in eight languages: negative, neutral or positive."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="umsab",
    title="UMSAB, the multilingual benchmark of XLM-T",
    source="Francesco Barbieri, Luis Espinosa Anke and Jose Camacho-Collados 2022",
    url="https://github.com/cardiffnlp/xlm-t",
    licence="No licence file. So it does not come with the book.",
    row="One tweet.",
    shape=(24264, 4),
    columns=(
        Column("language", "", "ISO 639-1 code", "str"),
        Column("part", "", "train, val or test", "str"),
        Column("text", "", "the tweet, with @user for people", "str"),
        Column("label", "", "negative, neutral or positive", "str"),
    ),
    faults=(
        "Each language has its own makers and its own rules of marking; the classes "
        "were balanced afterwards, so their shares are not those of tweets.",
        "1,839 tweets for training are few: published results of the same model "
        "differ by points between seeds.",
    ),
    chapters=("multilingual_nlp",),
    citation="barbieri2022xlmt",
    embedded=(),
    original=Original(
        path="xlmt_sentiment",
        about="A folder with `sentiment.tar.xz`, or what it unpacks to: "
        "`german/train_text.txt` and `german/train_labels.txt`, one tweet and one "
        "number a line.",
        shape=(24264, 4),
        url="https://github.com/cardiffnlp/xlm-t",
    ),
)
LANGUAGES = {
    "arabic": "ar",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hindi": "hi",
    "italian": "it",
    "portuguese": "pt",
    "spanish": "es",
}
LABELS = ("negative", "neutral", "positive")


def load_umsab() -> pd.DataFrame:
    """Load 24,264 tweets in eight languages from the reader's own copy.

    Returns
    -------
    DataFrame of shape (24264, 4)
        ``language`` (ISO 639-1), ``part``, ``text`` and ``label``.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_umsab()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'umsab' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*/*_text.txt") | texts_in(path, "*/*_labels.txt")
    tables = [_read_part(name, files) for name in files if name.endswith("_text.txt")]
    return pd.concat(tables, ignore_index=True)


def _read_part(name: str, files: dict[str, str]) -> pd.DataFrame:
    *_, language, file = name.split("/")
    numbers = files.get(name.replace("_text.", "_labels."), "").split()
    table = pd.DataFrame(
        {
            "text": files[name].removesuffix("\n").split("\n"),
            "label": [LABELS[int(number)] for number in numbers],
        }
    )
    return table.assign(language=LANGUAGES[language], part=file.split("_")[0])
