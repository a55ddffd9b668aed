"""Iris: Fisher's table of three species."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame, with_names
from mlmastery.datasets.kit.readers import read_counted_csv

CARD = DataCard(
    name="iris",
    title="Iris",
    source="measured by Edgar Anderson on the Gaspé Peninsula and elsewhere, published "
    "by Ronald A. Fisher, “The Use of Multiple Measurements in Taxonomic Problems”, "
    "Annals of Eugenics 7(2), 1936",
    url="https://archive.ics.uci.edu/dataset/53/iris",
    licence="CC BY 4.0 (UCI Machine Learning Repository); scikit-learn distributes its "
    "copy with its BSD-3-Clause code.",
    row="One flower: the length and width of its sepals and petals, and its species.",
    shape=(150, 5),
    columns=(
        Column("sepal_length", "cm", "length of a sepal, the outer leaf"),
        Column("sepal_width", "cm", "width of a sepal"),
        Column("petal_length", "cm", "length of a petal, the inner leaf"),
        Column("petal_width", "cm", "width of a petal"),
        Column("species", "", "`setosa`, `versicolor` or `virginica`", "str"),
    ),
    faults=(
        "The copy of the UCI repository, `iris.data`, differs from Fisher's table in "
        "three cells of two flowers: row 35 has a petal width of 0.1 where Fisher "
        "printed 0.2, and row 38 has 3.1 and 1.5 where he printed a sepal width of 3.6 "
        "and a petal length of 1.4. The embedded copy has Fisher's numbers. Results on "
        "“Iris” may be on either.",
        "Rows 102 and 143, both virginica, are equal. In the UCI copy rows 10, 35 and "
        "38 are equal as well.",
        "Rows are sorted by species: cross-validation without shuffling or "
        "stratifying tests on a species that it has not seen.",
        "Measured to the millimetre, so many flowers share a value and distances tie.",
        "Fifty of each species were chosen; the shares say nothing about nature. "
        "All setosa and versicolor come from one colony, virginica from elsewhere.",
    ),
    chapters=("iris_classifier",),
    citation="fisher1936use",
    embedded=(
        PackageFile(
            "scikit-learn",
            "1.9.1",
            "sklearn/datasets/data/iris.csv",
            "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449",
        ),
    ),
    original=Original(
        path="iris.data",
        about="UCI's file: comma separated, no header, species as `Iris-setosa`. The "
        "same 150 rows but for the two named among the faults.",
        shape=(150, 5),
        url="https://archive.ics.uci.edu/dataset/53/iris",
    ),
)


def load_iris() -> pd.DataFrame:
    """Load 150 iris flowers of three species, 50 of each, as Fisher printed them.

    Returns
    -------
    DataFrame of shape (150, 5)
        ``sepal_length``, ``sepal_width``, ``petal_length``, ``petal_width`` (cm) and
        ``species``. The original file of UCI differs in two rows.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Fisher (1936), "The Use of Multiple Measurements in Taxonomic Problems",
       Annals of Eugenics 7(2).

    Examples
    --------
    >>> flowers = load_iris()
    >>> flowers["species"].value_counts().to_dict()
    {'setosa': 50, 'versicolor': 50, 'virginica': 50}
    """
    return load_frame(CARD, _read_embedded, _read_original)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    frame = read_counted_csv(contents[0])
    frame[4] = frame[4].map({0: "setosa", 1: "versicolor", 2: "virginica"})
    return with_names(frame, CARD)


def _read_original(path: Path) -> pd.DataFrame:
    frame = with_names(pd.read_csv(path, header=None, encoding="utf-8-sig"), CARD)
    frame["species"] = frame["species"].str.removeprefix("Iris-")
    found = set(frame["species"]) - {"setosa", "versicolor", "virginica"}
    if found:
        raise ValueError(f"unknown species {', '.join(sorted(map(str, found)))}")
    return frame
