"""Film reviews, favourable or not, of 2004."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="review_polarity",
    title="Review polarity 2.0",
    source="Bo Pang and Lillian Lee 2004, from the newsgroup rec.arts.movies.reviews",
    url="https://www.cs.cornell.edu/people/pabo/movie-review-data/",
    licence="For research, with citation; no licence is stated. So it does not come with the "
    "book.",
    row="One review.",
    shape=(2000, 3),
    columns=(
        Column(
            "text",
            "",
            "the review, lower case, tokens apart, one sentence a line",
            "str",
        ),
        Column("positive", "", "1 or 0", "int64"),
        Column("fold", "", "0 to 9, the fold of the published results", "int64"),
    ),
    faults=(
        "At most 20 reviews are of one author and class, so folds share authors.",
        "The fold is the first digit of the file name: cv000 to cv099 are fold 0.",
        "Ratings were taken out of the text by a program; some stayed.",
    ),
    chapters=("sentiment_analysis",),
    citation="pang2004sentimental",
    embedded=(),
    original=Original(
        path="review_polarity",
        about="A folder with `review_polarity.tar.xz` (or `.tar.gz`), or what it unpacks "
        "to: `txt_sentoken/pos/cv000_29590.txt`.",
        shape=(2000, 3),
        url="https://www.cs.cornell.edu/people/pabo/movie-review-data/",
    ),
)


def load_review_polarity() -> pd.DataFrame:
    """Load 2,000 film reviews from the reader's own copy.

    Returns
    -------
    DataFrame of shape (2000, 3)
        ``text``, ``positive`` (1 or 0) and ``fold`` (0 to 9).

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or they are not of this shape.

    Examples
    --------
    >>> load_review_polarity()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'review_polarity' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    files = texts_in(path, "*/cv[0-9]*.txt")
    rows = [
        (text.strip(), name.split("/")[-2] == "pos", int(name.split("/cv")[-1][0]))
        for name, text in files.items()
    ]
    table = pd.DataFrame(rows, columns=["text", "positive", "fold"])
    return table.astype({"positive": int})
