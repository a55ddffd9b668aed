"""The data sets of the chapter on operations: what their cards say is so."""

import pytest

from mlmastery.datasets import (
    DataError,
    DataMissingError,
    bike_sharing,
    elec2,
    load_bike_sharing,
    load_elec2,
    load_flights,
    load_flights_weather,
)


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLMASTERY_DATA", raising=False)


def test_what_the_card_of_the_weather_says_of_faults_is_so():
    weather = load_flights_weather()
    storm = weather[weather["wind_speed"] > 100]
    assert storm[["origin", "month", "day"]].values.tolist() == [["EWR", 2, 12]]
    assert round(storm["wind_speed"].item()) == 1048
    assert 3 * 365 * 24 == 26280
    assert not (weather["month"].eq(12) & weather["day"].eq(31)).any()
    missing = weather.isna().sum()
    assert (missing["wind_gust"], missing["pressure"]) == (20778, 2729)
    assert missing["wind_dir"] == 460
    assert weather["visib"].max() == 10
    assert (weather["visib"] == 10).mean() > 0.5


def test_the_weather_joins_with_the_flights():
    keys, weather = ["origin", "time_hour"], load_flights_weather()
    assert not weather.duplicated(keys).any()
    flights = load_flights().merge(weather, on=keys, how="left", suffixes=("", "_w"))
    seen = flights["temp"].notna()
    assert 0.99 < seen.mean() < 1
    for clock in ("month", "day", "hour"):
        assert (flights[clock] == flights[f"{clock}_w"])[seen].all()


ABSENT = {
    "bike_sharing": (bike_sharing, load_bike_sharing),
    "elec2": (elec2, load_elec2),
}
LINES = {
    "bike_sharing": "instant,dteday,season,yr,mnth,hr,holiday,weekday,workingday,"
    "weathersit,temp,atemp,hum,windspeed,casual,registered,cnt\n"
    "1,2011-01-01,1,0,1,0,0,6,0,1,0.24,0.2879,0.81,0,3,13,16\n",
    "elec2": "period,nswprice,nswdemand,vicprice,vicdemand,transfer,class\n"
    "0.0,0.05644299999999999,0.439155,0.003467,0.422915,0.414912,1\n",
}


@pytest.mark.parametrize("name", ABSENT)
def test_a_set_that_does_not_come_with_the_book_says_where_to_look(name: str):
    with pytest.raises(DataMissingError, match=r"no 'embedded' tier.*your own copy"):
        ABSENT[name][1]()


@pytest.mark.parametrize("name", ABSENT)
def test_the_readers_own_copy_is_read_and_its_size_checked(name, tmp_path, monkeypatch):
    module, load = ABSENT[name]
    (tmp_path / module.CARD.original.path).write_text(LINES[name])
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match="rows, found 1"):
        load()
    frame = module._read_original(tmp_path / module.CARD.original.path)
    assert frame.iloc[0, -1] == {"bike_sharing": 16, "elec2": 1}[name]


@pytest.mark.parametrize("name", ABSENT)
def test_another_files_columns_are_named(name: str, tmp_path, monkeypatch):
    module, load = ABSENT[name]
    (tmp_path / module.CARD.original.path).write_text("a,b\n1,2\n")
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match="expected the header"):
        load()
