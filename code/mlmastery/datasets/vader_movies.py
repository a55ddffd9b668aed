"""Sentences of film reviews with the mean of what people felt in them."""

import csv
import io
import lzma
from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import VendoredFile
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="vader_movies",
    title="Film-review sentences of the VADER study",
    source="C. J. Hutto and Eric Gilbert 2014; the sentences are those of Pang and Lee 2005,"
    " from rottentomatoes.com",
    url="https://github.com/cjhutto/vaderSentiment",
    licence="MIT (the archive inside vaderSentiment 3.3.2)",
    row="One sentence.",
    shape=(10605, 2),
    columns=(
        Column("text", "", "the sentence, as published", "str"),
        Column(
            "score",
            "points",
            "mean of about 20 people: -4 very negative, 4 very positive",
            "float64",
        ),
    ),
    faults=(
        "The sentences are those of the set known as rt-polarity, with capitals and "
        "punctuation restored: do not train on the one and test on the other.",
        "The score is what readers felt in the sentence, not whether the critic liked"
        " the film.",
        "37 sentences have a mean of 0, and many are near it: their sign is a matter "
        "of who was asked.",
        "Two texts occur twice, with the same score or another.",
    ),
    chapters=("sentiment_analysis",),
    citation="hutto2014vader",
    embedded=(
        VendoredFile(
            "vader_movies.tsv.xz",
            "6c0dea7955d0e25c5c381b39baf7dd4ffdc168c357198002e3550e5d532e113d",
        ),
    ),
)


def load_vader_movies() -> pd.DataFrame:
    """Load 10,605 sentences of film reviews with their mean human score.

    Returns
    -------
    DataFrame of shape (10605, 2)
        ``text`` and ``score`` (-4 to 4).

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> sentences = load_vader_movies()
    >>> sentences["text"][2]
    'Effective but too tepid biopic'
    >>> round(float((sentences["score"] > 0).mean()), 3)
    0.494
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    return pd.read_csv(
        io.BytesIO(lzma.decompress(contents[0])),
        sep="\t",
        names=["number", "score", "text"],
        quoting=csv.QUOTE_NONE,
        keep_default_na=False,
    )
