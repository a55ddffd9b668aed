"""The story's data: departures from New York in 2013, as known when they are due.

>>> day = departures("2013-02-01", "2013-02-02")
>>> bool(day["scheduled"].is_monotonic_increasing), day["late"].dtype
(True, dtype('bool'))
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from mlmastery.datasets import load_flights, load_flights_weather

__all__ = ["CATEGORIES", "FEATURES", "NUMBERS", "WEATHER", "departures"]

LATE = 15  # minutes: the limit of the United States Department of Transportation
CATEGORIES = ("carrier", "origin", "dest")
WEATHER = ("temp", "humid", "wind_speed", "precip", "pressure", "visib")
NUMBERS = ("distance", "weekday", "hour", *WEATHER)
FEATURES = (*CATEGORIES, *NUMBERS)


def departures(start: str, end: str) -> pd.DataFrame:
    """Return the departures of the days from ``start`` up to, not including, ``end``.

    Flights that were cancelled or diverted have no delay at arrival and are left out:
    a service would be asked about them too.

    Parameters
    ----------
    start, end : str
        Local days of 2013, such as "2013-02-01".

    Returns
    -------
    DataFrame
        Sorted by ``scheduled``. Columns: ``id`` (of the flight), ``scheduled``
        (datetime64, UTC), ``date`` (datetime64, the local day), those of ``FEATURES``
        (weekday 0 is Monday, hour is local; distance in miles, weather at the origin
        as reported in the hour before the scheduled one, NaN where none was),
        ``late`` (bool: arrived at least 15 minutes late) and ``known_at``
        (datetime64, UTC: the time at the gate of arrival, when the label is known).

    Raises
    ------
    ValueError
        If no day lies between the two.

    Examples
    --------
    >>> frame = departures("2013-01-01", "2013-01-03")
    >>> sorted(frame["origin"].unique().tolist()), len(frame)
    (['EWR', 'JFK', 'LGA'], 1759)
    """
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if not first < last:
        raise ValueError(f"start must lie before end, got {start} and {end}")
    every = _departures()
    chosen = every[(every["date"] >= first) & (every["date"] < last)]
    if chosen.empty:
        raise ValueError(f"start and end must lie in 2013, got {start} and {end}")
    return chosen.reset_index(drop=True)


@lru_cache(maxsize=1)
def _departures() -> pd.DataFrame:
    frame = load_flights().dropna(subset=["arr_delay", "air_time"])
    frame["hours"] = _utc(frame["time_hour"])
    frame = frame.merge(_last_reports(), on=["origin", "hours"], how="left")
    hours = frame["hours"]
    minutes = frame["minute"] + frame["dep_delay"] + frame["air_time"] + _taxi(frame)
    frame["scheduled"] = hours + pd.to_timedelta(frame["minute"], unit="min")
    frame["known_at"] = hours + pd.to_timedelta(minutes, unit="min")
    frame["date"] = pd.to_datetime(frame[["year", "month", "day"]])
    frame["weekday"] = frame["date"].dt.weekday.astype("int64")
    frame["late"] = frame["arr_delay"] >= LATE
    frame["id"] = _identity(frame)
    columns = ["id", "scheduled", "date", *FEATURES, "late", "known_at"]
    ordered = frame.sort_values(["scheduled", "id"], kind="stable")
    return ordered[columns].reset_index(drop=True)


def _last_reports() -> pd.DataFrame:
    """Return the weather by the hour after its report: a model may know no later one."""
    weather = load_flights_weather()[["origin", "time_hour", *WEATHER]]
    weather["hours"] = _utc(weather.pop("time_hour")) + pd.Timedelta(hours=1)
    return weather


def _taxi(frame: pd.DataFrame) -> pd.Series:
    """Return the minutes on the ground between gates, of which the table has no column.

    Clocks of two time zones differ by whole hours, so that the minutes are those that
    the two local times leave after the time in the air; an hour or more is not seen.
    """
    clocks = [frame[c] // 100 * 60 + frame[c] % 100 for c in ("dep_time", "arr_time")]
    return (clocks[1] - clocks[0] - frame["air_time"]) % 60


def _utc(hours: pd.Series) -> pd.Series:
    return pd.to_datetime(hours, utc=True).dt.tz_localize(None)


def _identity(frame: pd.DataFrame) -> pd.Series:
    day = frame["date"].dt.strftime("%m%d")
    number = frame["flight"].astype(str)
    return frame["carrier"] + number + "-" + frame["origin"] + "-" + day
