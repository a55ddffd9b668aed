"""The data: what training may rely on."""

from mlmastery.mlops.flight_rows import CATEGORIES, FEATURES


def test_columns_are_complete(frame):
    """Categories, distance and time are never missing, weather seldom is."""
    missing = frame[list(FEATURES)].isna().mean()
    assert (missing[[*CATEGORIES, "distance", "weekday", "hour"]] == 0).all()
    assert missing.max() < 0.25


def test_ranges_are_possible(frame):
    """Hours, weekdays, distances and visibilities lie where they can."""
    assert frame["hour"].between(0, 23).all()
    assert frame["weekday"].between(0, 6).all()
    assert frame["distance"].gt(0).all()
    assert frame["visib"].dropna().between(0, 10).all()


def test_flights_are_unique(frame):
    """No flight is there twice, and labels come after departures."""
    assert frame["id"].is_unique
    assert (frame["known_at"] > frame["scheduled"]).mean() > 0.99


def test_both_outcomes_are_frequent(frame):
    """A share of late arrivals outside this range would be another problem."""
    assert 0.05 < frame["late"].mean() < 0.5
