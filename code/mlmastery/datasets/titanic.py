"""The passengers of the Titanic, and who of them survived."""

import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.files import VendoredFile
from mlmastery.datasets.kit.frames import load_frame, with_names

CARD = DataCard(
    name="titanic",
    title="Titanic passengers",
    source="Thomas Cason, from Michael Findlay's list in the Encyclopedia Titanica; "
    "given by Frank Harrell to the data sets of Vanderbilt University, and from there "
    "to OpenML as data set 40945",
    url="https://www.openml.org/d/40945",
    licence="“Public” according to OpenML. scikit-learn distributes the same file with "
    "its BSD-3-Clause code; the note beside our copy is "
    "`titanic.LICENCE.txt`.",
    row="One passenger of the Titanic. The crew, about 900 people, is not in the table.",
    shape=(1309, 14),
    columns=(
        Column("Pclass", "", "class of the ticket: 1, 2 or 3", "int64"),
        Column("Survived", "", "1 survived, 0 did not", "int64"),
        Column("Name", "", "surname, title, given names", "str"),
        Column("Sex", "", "female or male", "str"),
        Column("Age", "years", "age; fractions for infants"),
        Column("SibSp", "", "brothers, sisters and spouses aboard", "int64"),
        Column("Parch", "", "parents and children aboard", "int64"),
        Column("Ticket", "", "ticket number", "str"),
        Column("Fare", "£", "price of the ticket, for all who travel on it"),
        Column("Cabin", "", "cabin or cabins", "str"),
        Column("Embarked", "", "C Cherbourg, Q Queenstown, S Southampton", "str"),
        Column("Boat", "", "lifeboat", "str"),
        Column("Body", "", "number of the recovered body"),
        Column("HomeDest", "", "home and destination", "str"),
    ),
    faults=(
        "`Boat` and `Body` were recorded after the sinking and give the outcome away: "
        "477 of the 486 with a boat survived, and none of the 121 with a body number.",
        "263 ages, 1,014 cabins, 2 ports and one fare are missing, and not at random: "
        "far more ages in third class.",
        "`Fare` is the price of the ticket, not of the person. 596 passengers share "
        "a ticket with somebody else, and 17 paid nothing.",
        "Two pairs of passengers have the same name (Kate Connolly, James Kelly).",
        "Cabin `T` and cabins such as `F G73` are read by their first letter, which "
        "is a convention, not knowledge.",
        "Families and parties stand on several rows: a random split puts relatives, "
        "who often shared one fate, on both sides.",
        "Rows are sorted by class and name: shuffle before cutting off a test set.",
        "The names of the columns are those of the competition; the embedded file has "
        "them in lower case, and `home.dest`.",
    ),
    chapters=("titanic_survival",),
    citation="harrell2015regression",
    embedded=(
        VendoredFile(
            "titanic.arff.gz",
            "516e961f519876e5f89b339a0364a08dd64160ac3a4d76d5ec62955bfd6d6ce5",
        ),
    ),
    original=Original(
        path="train.csv",
        about="The training file of the Kaggle competition: 891 of these passengers, "
        "in another order. It has no `Boat`, `Body` or `HomeDest`; they are empty "
        "in the frame.",
        shape=(891, 14),
        missing=(
            ("Age", 177),
            ("Cabin", 687),
            ("Embarked", 2),
            ("Boat", 891),
            ("Body", 891),
            ("HomeDest", 891),
        ),
        url="https://www.kaggle.com/c/titanic/data",
    ),
)


def load_titanic() -> pd.DataFrame:
    """Load 1,309 passengers of the Titanic, and who of them survived.

    Returns
    -------
    DataFrame of shape (1309, 14), or (891, 14) from the competition's train.csv
        ``Pclass``, ``Survived`` (0 or 1), ``Name``, ``Sex``, ``Age`` (years),
        ``SibSp``, ``Parch``, ``Ticket``, ``Fare`` (pounds), ``Cabin``, ``Embarked``;
        and ``Boat``, ``Body``, ``HomeDest``, which the competition's file lacks. The
        first two of these were recorded after the sinking: no model may use them.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Harrell (2015), Regression Modeling Strategies, 2nd edition, chapter 12.

    Examples
    --------
    >>> passengers = load_titanic()
    >>> int(passengers["Survived"].sum()), int(passengers["Age"].isna().sum())
    (500, 263)
    """
    return load_frame(CARD, read_embedded, _read_original)


def read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    """Read the embedded passenger list, whatever tier is in force."""
    body = gzip.decompress(contents[0]).partition(b"@data\n")[2]
    frame = pd.read_csv(
        io.BytesIO(body), header=None, na_values="?", quotechar='"', escapechar="\\"
    )
    return with_names(frame, CARD)


def _read_original(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, encoding="utf-8-sig")
    after = ["Boat", "Body", "HomeDest"]
    needed = [name for name in CARD.dtypes if name not in after]
    lacking = [name for name in needed if name not in frame.columns]
    if lacking:
        raise ValueError(f"expected the columns {', '.join(lacking)} as well")
    return frame[needed].assign(**dict.fromkeys(after, np.nan))
