"""CDNOW: how often and how lately the customers of a web shop bought."""

import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame, with_names

PACKAGE, VERSION = "Lifetimes", "0.11.3"

CARD = DataCard(
    name="cdnow",
    title="CDNOW customers, summarised",
    source="Peter Fader and Bruce Hardie, from the purchases at the web shop CDNOW; "
    "the table of their note on fitting the BG/NBD model",
    url="https://www.brucehardie.com/datasets/",
    licence="Published by its makers for academic use; it arrives inside the package "
    "Lifetimes (MIT), is read from there, and is not part of the book.",
    row="One customer of a sample of one in ten, after 39 weeks at most.",
    shape=(2357, 4),
    columns=(
        Column("customer_id", "", "identity, 1 to 2,357", "int64"),
        Column("frequency", "", "days with a repeated purchase", "int64"),
        Column("recency", "weeks", "first to last purchase; 0 without a second"),
        Column("T", "weeks", "first purchase to the end of the 39 weeks"),
    ),
    faults=(
        "`frequency` counts repeats, not purchases: the first is left out. 1,411 "
        "customers have none.",
        "`recency` is the age at the last purchase and not, as elsewhere in "
        "marketing, the time since then.",
        "Times are in weeks. Parameters fitted in days are 7 times smaller or larger.",
        "1,341 rows repeat the three numbers of an earlier row; they are different "
        "customers.",
        "All bought for the first time within twelve weeks of 1997: one cohort, of "
        "one shop that no longer exists.",
    ),
    chapters=("customer_churn",),
    citation="fader2005counting",
    embedded=(
        PackageFile(
            PACKAGE,
            VERSION,
            "lifetimes/datasets/cdnow_customers_summary.csv",
            "09d92ca80daaabe8be0f997d4c539f9c9606106baa5b199081fe01cbce5fa9f6",
        ),
    ),
    original=Original(
        path="cdnow_customers_summary.csv",
        about="The same table with the header ID,frequency,recency,T.",
        shape=(2357, 4),
        url="https://www.brucehardie.com/datasets/",
    ),
)


def load_cdnow() -> pd.DataFrame:
    """Load the purchase history of 2,357 customers of a web shop, summarised.

    Returns
    -------
    DataFrame of shape (2357, 4)
        ``customer_id``, ``frequency`` (repeated purchases), ``recency`` (age at the
        last purchase, weeks) and ``T`` (age at the end of the observation, weeks).

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way",
       Marketing Science 24(2).

    Examples
    --------
    >>> customers = load_cdnow()
    >>> int((customers["frequency"] == 0).sum()), int(customers["frequency"].sum())
    (1411, 2457)
    """
    return load_frame(CARD, _read_embedded, _read_original)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    return with_names(pd.read_csv(io.BytesIO(contents[0])), CARD)


def _read_original(path: Path) -> pd.DataFrame:
    return with_names(pd.read_csv(path), CARD)
