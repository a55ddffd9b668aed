"""Cookie Cats: a mobile game's experiment with the place of its first gate."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame, read_csv_of

RETENTION = ["retention_1", "retention_7"]

CARD = DataCard(
    name="cookie_cats",
    title="Cookie Cats",
    source="Tactile Entertainment, an experiment in its game Cookie Cats; published "
    "with a project of DataCamp",
    url="https://www.kaggle.com/datasets/yufengsui/mobile-games-ab-testing",
    licence="Not stated: it may not be passed on, and does not come with the book.",
    row="One player who installed the game while the experiment ran.",
    shape=(90189, 5),
    columns=(
        Column("userid", "", "identity", "int64"),
        Column("version", "", "gate_30 (control) or gate_40: where the gate is", "str"),
        Column("sum_gamerounds", "", "rounds played in the first 14 days", "int64"),
        Column("retention_1", "", "1 if back after 1 day", "int64"),
        Column("retention_7", "", "1 if back after 7 days", "int64"),
    ),
    faults=(
        "The arms have 44,700 and 45,489 players. If each player was assigned with "
        "probability one half, so uneven a split has p = .0086: see what failed "
        "before you trust a difference.",
        "One player has 49,854 rounds, 17 times as many as the next: a mean of the "
        "rounds is that player's.",
        "3,994 players have 0 rounds, and 111 of these are marked as back.",
        "3,599 players were back after 7 days and not after 1: retention is a day's "
        "visit, not a survival.",
        "A player below level 30 meets no gate in either arm. Leaving those out "
        "conditions on what happened after the assignment.",
        "Public copies differ (a last row cut off, renamed columns): check the number "
        "of rows.",
    ),
    chapters=("ab_testing",),
    citation="datacamp2018mobile",
    embedded=(),
    original=Original(
        path="cookie_cats.csv",
        about="The file of the project, with these columns; TRUE and FALSE become 1 "
        "and 0.",
        shape=(90189, 5),
        url="https://www.kaggle.com/datasets/yufengsui/mobile-games-ab-testing",
    ),
)


def load_cookie_cats() -> pd.DataFrame:
    """Load an experiment with 90,189 players of a game from the reader's own copy.

    Returns
    -------
    DataFrame of shape (90189, 5)
        ``userid``, ``version`` (gate_30 or gate_40), ``sum_gamerounds``, and whether
        the player was back after 1 and after 7 days (0 or 1).

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_cookie_cats()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'cookie_cats' has no 'embedded' tier, only local ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    frame = read_csv_of(CARD, path)
    frame[RETENTION] = frame[RETENTION].astype("int64")
    return frame
