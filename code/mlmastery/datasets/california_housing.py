"""California housing: the block groups of the census of 1990."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="california_housing",
    title="California housing",
    source="The United States census of 1990, used by R. Kelley Pace and Ronald Barry, "
    "“Sparse Spatial Autoregressions”, Statistics and Probability Letters 33(3), 1997; "
    "the variant with `ocean_proximity` by Aurélien Géron",
    url="https://github.com/ageron/handson-ml2/tree/master/datasets/housing",
    licence="A work of the United States government; the variant comes with a "
    "repository under Apache-2.0. It is not part of the book.",
    row="One block group of the census, some 600 to 3,000 people.",
    shape=(20640, 10),
    columns=(
        Column("longitude", "°", "longitude of its middle"),
        Column("latitude", "°", "latitude of its middle"),
        Column("housing_median_age", "years", "median age of a house"),
        Column("total_rooms", "", "rooms of all houses"),
        Column("total_bedrooms", "", "bedrooms of all houses"),
        Column("population", "", "people"),
        Column("households", "", "households"),
        Column("median_income", "10,000 US$", "median income, roughly in this unit"),
        Column("median_house_value", "US$", "median value of a house: the target"),
        Column("ocean_proximity", "", "one of five words", "str"),
    ),
    faults=(
        "The target is cut at 500,001 dollars, in 965 rows, and ages at 52 years.",
        "207 cells of `total_bedrooms` are missing; they were removed at random by the "
        "maker of this variant.",
        "It is not the table of scikit-learn's fetcher, which has 8 columns and counts "
        "in units of 100,000 dollars. Results on the two must not be compared.",
        "Only five block groups are called ISLAND.",
    ),
    chapters=("housing_prices",),
    citation="pace1997sparse",
    embedded=(),
    original=Original(
        path="housing.csv",
        about="Comma separated, with a header, 20,640 rows.",
        shape=(20640, 10),
        missing=(("total_bedrooms", 207),),
        url="https://github.com/ageron/handson-ml2/tree/master/datasets/housing",
        download="https://raw.githubusercontent.com/ageron/handson-ml2/master/"
        "datasets/housing/housing.csv",
        sha256="2364609dc48bec7df3ba9dbb7041478e704ecddcee70ef1827ec3fc49d22c0cc",
    ),
)


def load_california_housing() -> pd.DataFrame:
    """Load 20,640 block groups of California, 1990, from the user's copy.

    There is no embedded tier: set ``MLMASTERY_DATA`` to a folder with ``housing.csv``,
    or to ``download``.

    Returns
    -------
    DataFrame of shape (20640, 10)
        Coordinates, counts, ``median_income``, the target ``median_house_value`` (US$)
        and ``ocean_proximity``.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Pace and Barry (1997), "Sparse Spatial Autoregressions", Statistics and
       Probability Letters 33(3).

    Examples
    --------
    >>> load_california_housing()
    Traceback (most recent call last):
        ...
    mlmastery.datasets.kit.errors.DataMissingError: The data set 'california_housing' ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path)
    expected = list(CARD.dtypes)
    if list(frame.columns) != expected:
        raise ValueError(
            f"expected the header {' '.join(expected)}, "
            f"found {' '.join(map(str, frame.columns))}"
        )
    return frame
