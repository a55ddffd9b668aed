"""CDNOW: the single purchases at a web shop, 1997 and 1998."""

import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mlmastery.datasets.cdnow import PACKAGE, VERSION
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame, with_names

CARD = DataCard(
    name="cdnow_purchases",
    title="CDNOW purchases",
    source="Peter Fader and Bruce Hardie, from the web shop CDNOW",
    url="https://www.brucehardie.com/datasets/",
    licence="Published by its makers for academic use; it arrives inside the package "
    "Lifetimes (MIT), is read from there, and is not part of the book.",
    row="One order.",
    shape=(69659, 4),
    columns=(
        Column("customer_id", "", "identity, 1 to 23,570", "int64"),
        Column("date", "", "day of the order, as text: 1997-01-01", "str"),
        Column("cds", "", "number of compact discs ordered", "int64"),
        Column("spend", "US$", "value of the order"),
    ),
    faults=(
        "The 23,570 customers are those who first bought between 1 January and 25 "
        "March 1997; the orders end on 30 June 1998.",
        "80 orders have a value of 0.",
        "255 rows repeat another exactly, and 2,068 are a further order of the same "
        "customer on the same day: models that count days with a purchase must merge "
        "them first.",
        "The customers of the table `cdnow` are a sample of these under other numbers.",
    ),
    chapters=("customer_churn",),
    citation="fader2005counting",
    embedded=(
        PackageFile(
            PACKAGE,
            VERSION,
            "lifetimes/datasets/CDNOW_master.txt",
            "eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef",
        ),
    ),
    original=Original(
        path="CDNOW_master.txt",
        about="The same table, its columns separated by white space, its dates as "
        "19970101.",
        shape=(69659, 4),
        url="https://www.brucehardie.com/datasets/",
    ),
)


def load_cdnow_purchases() -> pd.DataFrame:
    """Load 69,659 orders of 23,570 customers of a web shop, 1997 and 1998.

    Returns
    -------
    DataFrame of shape (69659, 4)
        ``customer_id``, ``date`` (text, 1997-01-01), ``cds`` (their number) and
        ``spend`` (US dollars).

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
    >>> orders = load_cdnow_purchases()
    >>> orders["customer_id"].nunique(), orders["date"].max()
    (23570, '1998-06-30')
    """
    return load_frame(CARD, _read_embedded, _read_original)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    return _read(io.BytesIO(contents[0]))


def _read_original(path: Path) -> pd.DataFrame:
    return _read(path)


def _read(file: io.BytesIO | Path) -> pd.DataFrame:
    frame = with_names(pd.read_csv(file, sep=r"\s+"), CARD)
    days = pd.to_datetime(frame["date"].astype(str), format="%Y%m%d")
    return frame.assign(date=days.dt.strftime("%Y-%m-%d"))
