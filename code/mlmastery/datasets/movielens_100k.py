"""MovieLens 100K: the ratings of 1998 on which libraries are compared."""

import io
import zipfile
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.movielens import TERMS

CARD = DataCard(
    name="movielens_100k",
    title="MovieLens 100K",
    source="GroupLens, University of Minnesota (Harper and Konstan 2015)",
    url="https://grouplens.org/datasets/movielens/100k/",
    licence=f"{TERMS} So it does not come with the book.",
    row="One rating, in the order of the file `u.data`.",
    shape=(100000, 6),
    columns=(
        Column("user_id", "", "identity of the person, 1 to 943", "int64"),
        Column("movie_id", "", "identity of the film, 1 to 1,682", "int64"),
        Column("rating", "stars", "1 to 5, whole", "int64"),
        Column("timestamp", "s", "second of the rating since 1970", "int64"),
        Column("title", "", "title with its year", "str"),
        Column("genres", "", "words, a vertical bar between them", "str"),
    ),
    faults=(
        "Published errors hold for the ratings in this order: the folds are drawn from "
        "row numbers.",
        "Film 267 is called `unknown`.",
        "18 titles belong to two films: a title is no identity.",
        "The numbers start at 1, so an array indexed by them has an empty first row.",
        "The file of the films is Latin-1 and not UTF-8.",
        "Everybody has rated 20 films at least.",
    ),
    chapters=("recommendation",),
    citation="harper2015movielens",
    embedded=(),
    original=Original(
        path="ml-100k.zip",
        about="The archive as GroupLens gives it; `u.data`, `u.item` and `u.genre` in "
        "it are read.",
        shape=(100000, 6),
        url="https://grouplens.org/datasets/movielens/100k/",
    ),
)
RATINGS = ["user_id", "movie_id", "rating", "timestamp"]


def load_movielens_100k() -> pd.DataFrame:
    """Load 100,000 ratings of 1,682 films by 943 people from the reader's own copy.

    Returns
    -------
    DataFrame of shape (100000, 6)
        ``user_id``, ``movie_id``, ``rating`` (1 to 5 stars), ``timestamp`` (seconds
        since 1970), ``title`` and ``genres`` (words with ``|`` between them).

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_movielens_100k()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'movielens_100k' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    try:
        with zipfile.ZipFile(path) as archive:
            ratings, films, genres = (
                archive.read(f"ml-100k/u.{part}") for part in ("data", "item", "genre")
            )
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"expected an archive with u.data: {error}") from error
    table = pd.read_csv(io.BytesIO(ratings), sep="\t", names=RATINGS)
    return table.merge(_read_films(films, genres), on="movie_id", how="left")


def _read_films(films: bytes, genres: bytes) -> pd.DataFrame:
    """Return one row a film; its genres are 19 columns of 0 and 1 in the file."""
    words = [line.split("|")[0] for line in genres.decode("latin-1").split() if line]
    table = pd.read_csv(io.BytesIO(films), sep="|", header=None, encoding="latin-1")
    if table.shape[1] != 5 + len(words):
        raise ValueError(
            f"expected {5 + len(words)} columns in u.item, found {table.shape[1]}"
        )
    flags = table.iloc[:, 5:].astype(bool).set_axis(words, axis=1)
    joined = flags.apply(lambda row: "|".join(row.index[row]), axis=1)
    return pd.DataFrame({"movie_id": table[0], "title": table[1], "genres": joined})
