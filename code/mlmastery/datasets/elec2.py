"""Elec2: prices of electricity in New South Wales, up or down."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame, read_csv_of

CARD = DataCard(
    name="elec2",
    title="Electricity prices (Elec2)",
    source="Michael Harries, University of New South Wales, 1999, from the market's "
    "operator; normalised by João Gama; as shipped with scikit-multiflow",
    url="https://github.com/scikit-multiflow/streaming-datasets",
    licence="Not stated: it may not be passed on, and does not come with the book.",
    row="Half an hour between May 1996 and December 1998.",
    shape=(45312, 7),
    columns=(
        Column("period", "", "half hour of the day, 0 to 1"),
        Column("nswprice", "", "price in New South Wales, scaled"),
        Column("nswdemand", "", "demand in New South Wales, scaled"),
        Column("vicprice", "", "price in Victoria, scaled"),
        Column("vicdemand", "", "demand in Victoria, scaled"),
        Column("transfer", "", "transfer between the two states, scaled"),
        Column("class", "", "1 if the price is above its mean of 24 h", "int64"),
    ),
    faults=(
        "The label repeats: the forecast that nothing changes is right in 85.3 % of "
        "the half hours. Any model has to beat that, not a coin.",
        "For the first 17,424 rows Victoria's price and demand and the transfer are "
        "constants: they were not recorded yet.",
        "The scaling used the whole series, later values too.",
        "This copy has neither date nor day.",
    ),
    chapters=("mlops",),
    citation="zliobaite2013electricity",
    embedded=(),
    original=Original(
        path="elec.csv",
        about="scikit-multiflow's file, with its header; later values come later.",
        shape=(45312, 7),
        url="https://github.com/scikit-multiflow/streaming-datasets",
    ),
)


def load_elec2() -> pd.DataFrame:
    """Load 45,312 half hours of electricity prices from the reader's own copy.

    Returns
    -------
    DataFrame of shape (45312, 7)
        In the order of time: ``class`` (1 up, 0 down; the usual target) and six
        numbers scaled to 0 to 1.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_elec2()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'elec2' has no 'embedded' tier, only 'local' ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    return read_csv_of(CARD, path)
