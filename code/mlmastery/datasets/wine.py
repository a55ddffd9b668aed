"""Wine: thirteen measurements of three cultivars."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame, with_names
from mlmastery.datasets.kit.readers import read_counted_csv

CARD = DataCard(
    name="wine",
    title="Wine",
    source="Michele Forina and others, PARVUS, Institute of Pharmaceutical and Food "
    "Analysis and Technologies, Genoa; given to the UCI Machine Learning Repository by "
    "Stefan Aeberhard, 1991",
    url="https://archive.ics.uci.edu/dataset/109/wine",
    licence="CC BY 4.0 (UCI Machine Learning Repository); scikit-learn distributes its "
    "copy with its BSD-3-Clause code.",
    row="One wine from one region of Italy: thirteen measurements of its chemistry, "
    "and which of three cultivars it was made from.",
    shape=(178, 14),
    columns=(
        Column("alcohol", "", "alcohol, probably % by volume"),
        Column("malic_acid", "", "malic acid"),
        Column("ash", "", "ash"),
        Column("alcalinity_of_ash", "", "alkalinity of the ash"),
        Column("magnesium", "", "magnesium"),
        Column("total_phenols", "", "all phenols"),
        Column("flavanoids", "", "flavonoids, spelled as the source does"),
        Column("nonflavanoid_phenols", "", "the other phenols"),
        Column("proanthocyanins", "", "proanthocyanins"),
        Column("color_intensity", "", "intensity of the colour"),
        Column("hue", "", "hue"),
        Column("od280_od315", "", "ratio of absorbances at 280 and 315 nm, diluted"),
        Column("proline", "", "proline"),
        Column("cultivar", "", "1, 2 or 3; the source gives no names", "int64"),
    ),
    faults=(
        "No unit is documented for any column. The magnitudes differ by a factor of "
        "thousands, so distances on raw columns are distances in `proline`.",
        "Rows are sorted by cultivar, 59, 71 and 48 of them: shuffle or stratify.",
        "The first study had more measurements of each wine; which ones were left out "
        "and why is not recorded.",
        "Which year and grower a wine is from is not in the table, so a random split "
        "may test on a sibling of a training wine.",
    ),
    chapters=("iris_classifier",),
    citation="aeberhard1992comparison",
    embedded=(
        PackageFile(
            "scikit-learn",
            "1.9.1",
            "sklearn/datasets/data/wine_data.csv",
            "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede",
        ),
    ),
    original=Original(
        path="wine.data",
        about="UCI's file: comma separated, no header, the cultivar in the first "
        "column. The same 178 rows and values as the embedded data.",
        shape=(178, 14),
        url="https://archive.ics.uci.edu/dataset/109/wine",
    ),
)


def load_wine() -> pd.DataFrame:
    """Load thirteen measurements of 178 wines from three cultivars.

    Returns
    -------
    DataFrame of shape (178, 14)
        The measurements, whose units are not documented, and ``cultivar``: 1, 2 or 3.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Aeberhard, Coomans and de Vel (1992), "Comparison of Classifiers in High
       Dimensional Settings", James Cook University, technical report 92-02.

    Examples
    --------
    >>> wines = load_wine()
    >>> wines["cultivar"].value_counts(sort=False).to_dict()
    {1: 59, 2: 71, 3: 48}
    """
    return load_frame(CARD, _read_embedded, _read_original)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    frame = read_counted_csv(contents[0])
    frame[13] += 1  # scikit-learn counts the cultivars from 0, the source from 1
    return with_names(frame, CARD)


def _read_original(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, header=None, encoding="utf-8-sig")
    return with_names(frame[[*frame.columns[1:], 0]], CARD)
