import numpy as np
import pandas as pd
import pytest

from mlmastery.datasets import load_flights, load_flights_weather
from mlmastery.mlops import FEATURES, departures, frame_hash, log_losses, train
from mlmastery.mlops.training import daily_losses


def test_a_row_is_its_flight(winter):
    row = winter[winter["id"] == "UA1545-EWR-0101"].iloc[0]
    assert row["scheduled"] == pd.Timestamp("2013-01-01 10:15")  # 5:15 in New York
    assert (row["dest"], row["hour"], row["weekday"]) == ("IAH", 5, 1)
    # at the gate in Houston at 8:30, an hour behind New York
    assert row["known_at"] == pd.Timestamp("2013-01-01 14:30")
    assert not row["late"]  # eleven minutes


def test_late_is_fifteen_minutes(winter):
    flights = load_flights()
    january = flights[flights["month"] == 1].dropna(subset=["arr_delay", "air_time"])
    assert winter["late"].sum() == (january["arr_delay"] >= 15).sum()
    assert len(winter) == len(january)


def test_weather_is_the_report_of_the_hour_before(winter):
    """A report of the scheduled hour may be written after the departure."""
    weather = load_flights_weather()
    hours = pd.to_datetime(weather["time_hour"], utc=True).dt.tz_localize(None)
    known = weather.assign(h=hours).set_index(["origin", "h"])["temp"]
    for _, row in winter.sample(50, random_state=0).iterrows():
        before = row["scheduled"].floor("h") - pd.Timedelta(hours=1)
        expected = known.get((row["origin"], before), np.nan)
        assert row["temp"] == expected or (np.isnan(row["temp"]) and np.isnan(expected))


def test_labels_are_known_at_the_gate_and_never_before_departure(winter):
    wait = (winter["known_at"] - winter["scheduled"]) / pd.Timedelta(minutes=1)
    assert (wait > winter["distance"] / 12).all()  # no aircraft makes 12 miles a minute


def test_weather_is_there_and_never_doubles_a_flight():
    november = departures("2013-11-03", "2013-11-04")  # the clocks go back
    assert november["id"].is_unique
    assert set(FEATURES) <= set(november)
    assert november["temp"].notna().mean() > 0.9


def test_the_end_is_not_included_and_nonsense_is_refused():
    assert departures("2013-05-01", "2013-05-02")["date"].nunique() == 1
    with pytest.raises(ValueError, match="start must lie before end"):
        departures("2013-05-02", "2013-05-02")
    with pytest.raises(ValueError, match="must lie in 2013"):
        departures("2014-01-01", "2014-02-01")


def test_training_samples_and_repeats(winter):
    once, again = (train(winter, max_rows=3000) for _ in range(2))
    np.testing.assert_array_equal(once[-1].coef_, again[-1].coef_)
    other = train(winter, max_rows=3000, random_state=1)
    assert not np.array_equal(once[-1].coef_, other[-1].coef_)


def test_training_needs_both_outcomes(winter):
    with pytest.raises(ValueError, match="both outcomes"):
        train(winter[~winter["late"]])


def test_losses_are_finite_and_daily(champion, later):
    assert log_losses([True], [0.0])[0] == pytest.approx(-np.log(1e-6))
    daily = daily_losses({"m": champion}, later)
    assert len(daily) == 14
    day = later[later["date"] == "2013-02-03"]
    from mlmastery.mlops import probabilities

    own = log_losses(day["late"], probabilities(champion, day)).mean()
    assert daily.loc["2013-02-03", "m"] == pytest.approx(own)


def test_hash_sees_values_order_names_and_types(later):
    base = frame_hash(later)
    assert frame_hash(later.copy()) == base
    assert frame_hash(later.iloc[::-1]) != base
    assert frame_hash(later.rename(columns={"temp": "t"})) != base
    assert frame_hash(later.astype({"hour": float})) != base
