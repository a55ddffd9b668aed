"""Bike sharing: two years of rentals in Washington, hour by hour."""

from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame, read_csv_of

CARD = DataCard(
    name="bike_sharing",
    title="Bike sharing",
    source="Hadi Fanaee-T and João Gama, University of Porto, from Capital Bikeshare, "
    "Washington, DC; UCI Machine Learning Repository, 2013",
    url="https://archive.ics.uci.edu/dataset/275/bike+sharing+dataset",
    licence="CC BY 4.0 (UCI Machine Learning Repository). It does not come with the "
    "book, which shows figures recorded on it.",
    row="One hour of 2011 or 2012.",
    shape=(17379, 17),
    columns=(
        Column("instant", "", "number of the row from 1", "int64"),
        Column("dteday", "", "day, as 2011-01-01", "str"),
        Column("season", "", "1 winter to 4 autumn", "int64"),
        Column("yr", "", "0 for 2011, 1 for 2012", "int64"),
        Column("mnth", "", "month", "int64"),
        Column("hr", "h", "hour of the day", "int64"),
        Column("holiday", "", "1 on a public holiday", "int64"),
        Column("weekday", "", "0 Sunday to 6 Saturday", "int64"),
        Column("workingday", "", "1 if neither weekend nor holiday", "int64"),
        Column("weathersit", "", "1 clear to 4 heavy rain or snow", "int64"),
        Column("temp", "", "temperature, scaled to 0 to 1"),
        Column("atemp", "", "felt temperature, scaled to 0 to 1"),
        Column("hum", "", "humidity, divided by 100"),
        Column("windspeed", "", "wind speed, divided by 67"),
        Column("casual", "rentals", "by users without a subscription", "int64"),
        Column("registered", "rentals", "by subscribers", "int64"),
        Column("cnt", "rentals", "all rentals, the usual target", "int64"),
    ),
    faults=(
        "`casual` and `registered` add up to `cnt`: a model that sees them sees the "
        "answer.",
        "165 hours are lacking, on 76 days. No row has fewer than one rental: hours "
        "without any seem to be left out.",
        "2012 has 65 % more rentals than 2011. A random split hides it.",
        "The humidity is 0 in 22 hours, and on 17 August 2012 the felt temperature "
        "stands still for the whole day.",
        "Only three hours have `weathersit` 4.",
    ),
    chapters=("mlops",),
    citation="fanaee2014event",
    embedded=(),
    original=Original(
        path="hour.csv",
        about="UCI's hourly file, with its header.",
        shape=(17379, 17),
        url="https://archive.ics.uci.edu/dataset/275/bike+sharing+dataset",
    ),
)


def load_bike_sharing() -> pd.DataFrame:
    """Load two years of bike rentals by the hour from the reader's own copy.

    Returns
    -------
    DataFrame of shape (17379, 17)
        ``cnt`` (rentals, the usual target), the hour's date, calendar and weather,
        and the target's two parts.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the file, or it is not of this shape.

    Examples
    --------
    >>> load_bike_sharing()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'bike_sharing' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    return read_csv_of(CARD, path)
