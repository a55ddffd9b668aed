"""Sentences of film reviews, favourable or not, of 2005."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="rt_polarity",
    title="Sentence polarity 1.0",
    source="Bo Pang and Lillian Lee 2005, from rottentomatoes.com",
    url="https://www.cs.cornell.edu/people/pabo/movie-review-data/",
    licence="For research, with citation; no licence is stated. So it does not come with the "
    "book.",
    row="One sentence or snippet of a review.",
    shape=(10662, 2),
    columns=(
        Column("text", "", "the sentence, lower case, tokens apart", "str"),
        Column(
            "positive", "", "1 if its review was marked fresh, 0 if rotten", "int64"
        ),
    ),
    faults=(
        "The mark belongs to the review from which the sentence is taken: a sentence "
        "of praise in a rotten review counts as 0.",
        "The original bytes are cp1252; the copy that circulates most is UTF-8.",
        "The rows come by class: shuffle before cutting folds.",
        "Published folds were never given: each paper drew its own ten.",
    ),
    chapters=("sentiment_analysis",),
    citation="pang2005seeing",
    embedded=(),
    original=Original(
        path="rt_polarity",
        about="A folder with `rt-polarity.pos` and `rt-polarity.neg`, one sentence a line.",
        shape=(10662, 2),
        url="https://www.cs.cornell.edu/people/pabo/movie-review-data/",
    ),
)


def load_rt_polarity() -> pd.DataFrame:
    """Load 10,662 sentences of film reviews from the reader's own copy.

    Returns
    -------
    DataFrame of shape (10662, 2)
        ``text`` and ``positive`` (1 or 0), the favourable first.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_rt_polarity()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'rt_polarity' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*rt-polarity.*", encoding="cp1252")
    tables = [
        pd.DataFrame({"text": content.splitlines(), "positive": name.endswith(".pos")})
        for name, content in sorted(files.items(), reverse=True)
    ]
    table = pd.concat(tables, ignore_index=True)
    table["text"] = table["text"].str.strip()
    return table.astype({"positive": int})
