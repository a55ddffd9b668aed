"""Alarms on daily rates: stated false alarms, orientation, precision that is known."""

import numpy as np
import pytest
from river import drift

from mlmastery.fraud_detection.drift import (
    AlarmRate,
    DriftAlarm,
    ddm_orientation,
    precision_by_day,
)


@pytest.mark.parametrize(
    ("kind", "draw"),
    [
        ("count", lambda rng, shape: rng.poisson(30, shape)),
        ("share", lambda rng, shape: rng.binomial(100, 0.3, shape) / 100),
        ("value", lambda rng, shape: rng.normal(size=shape)),
    ],
)
@pytest.mark.parametrize("days", [8, 40])
def test_false_alarm_rate_is_the_stated_one(kind, draw, days):
    rng = np.random.default_rng(0)
    rang = 0
    for row in draw(rng, (1500, days + 1)):
        rang += AlarmRate(row[:-1], 0.05, kind).update(row[-1]) is not None
    # The binomial spread of 1,500 runs is 0.0056; counts are not quite normal.
    assert 0.03 < rang / 1500 < 0.075


def test_limits_are_sides_of_the_alarm():
    chart = AlarmRate([20, 24, 17, 22, 25, 19, 21], 0.01)
    assert chart.update(chart.high + 1) == "high"
    assert chart.update(chart.low - 1) == "low"
    assert chart.update(21) is None
    assert chart.low < 17
    assert chart.high > 25


def test_limits_by_hand():
    # Mean 3, standard deviation 1.5811 and t(4, 97.5 %) = 2.7764 of five values.
    chart = AlarmRate([1, 2, 3, 4, 5], 0.05, kind="value")
    assert chart.high == pytest.approx(3 + 2.7764 * 1.5811 * 1.2**0.5, abs=1e-3)
    assert chart.low == pytest.approx(3 - 2.7764 * 1.5811 * 1.2**0.5, abs=1e-3)


def test_limits_of_counts_and_shares_are_transformed_back():
    counts = AlarmRate([16, 25, 36, 25, 16], 0.05)
    roots = AlarmRate([4, 5, 6, 5, 4], 0.05, kind="value")
    assert counts.high == pytest.approx(roots.high**2)
    assert counts.low == pytest.approx(max(roots.low, 0) ** 2)
    shares = AlarmRate([0.0, 0.9, 0.1, 0.5, 1.0], 0.001, kind="share")
    assert (shares.low, shares.high) == (0, 1)
    assert AlarmRate([1, 0, 0, 1, 2], 0.01).low == 0


@pytest.mark.parametrize(
    ("reference", "kind", "message"),
    [
        ([1, 2, 3, 4], "count", "at least 5"),
        ([1, 2, 3, 4, -1], "count", "between 0 and inf"),
        ([0.1, 0.2, 0.3, 0.4, 1.5], "share", "between 0 and 1"),
        ([1, 2, 3, 4, 5], "rate", "kind"),
    ],
)
def test_refuses_bad_references(reference, kind, message):
    with pytest.raises(ValueError, match=message):
        AlarmRate(reference, 0.05, kind)


def test_several_rates_share_the_false_alarms():
    rng = np.random.default_rng(1)
    rang = 0
    for _ in range(400):
        rows = {name: rng.normal(size=31) for name in "abcd"}
        watch = DriftAlarm(
            {k: v[:-1] for k, v in rows.items()}, 0.1, dict.fromkeys("abcd", "value")
        )
        rang += bool(watch.update({k: v[-1] for k, v in rows.items()}))
    assert 0.06 < rang / 400 < 0.14  # each at 0.1 would ring in 0.34


def test_rates_not_yet_known_are_left_out_and_days_are_counted():
    watch = DriftAlarm(
        {"alerts": range(10, 20), "precision": [0.5, 0.6, 0.4, 0.5, 0.5]},
        0.01,
        {"precision": "share"},
    )
    assert watch.update({"alerts": 15, "precision": None}) == []
    assert watch.update({"alerts": 14}) == []
    found = watch.update({"alerts": 90, "precision": 0.02})
    assert [(e.day, e.rate, e.side) for e in found] == [
        (2, "alerts", "high"),
        (2, "precision", "low"),
    ]
    assert watch.events == found


def test_unknown_rates_are_refused():
    with pytest.raises(ValueError, match="at least one"):
        DriftAlarm({})
    with pytest.raises(ValueError, match="kinds names"):
        DriftAlarm({"a": range(9)}, kinds={"b": "count"})
    with pytest.raises(ValueError, match=r"got \['b'\]"):
        DriftAlarm({"a": range(9)}).update({"b": 1})


def test_precision_is_known_after_the_delay_only():
    day, fraud = [0, 0, 1, 3], [1, 0, 1, 1]
    known = precision_by_day(day, [1, 1, 1, 0], fraud, 4, delay_days=2)
    np.testing.assert_array_equal(known, [np.nan, np.nan, 0.5, 1.0])
    assert np.isnan(precision_by_day(day, [1, 1, 1, 1], fraud, 3, 7)).all()
    at_once = precision_by_day(day, [1, 1, 1, 0], fraud, 4, 0)
    np.testing.assert_array_equal(at_once, [0.5, 1.0, np.nan, np.nan])


def test_orientation_of_detectors():
    """ADWIN takes either input; DDM needs 1 = error (river #688)."""
    assert ddm_orientation(drift.ADWIN) == "either"
    assert ddm_orientation(drift.binary.DDM) == "1 = error"
    inverted = type(
        "Inverted",
        (drift.binary.DDM,),
        {"update": lambda self, x: drift.binary.DDM.update(self, 1 - x)},
    )
    assert ddm_orientation(inverted) == "1 = correct"
    assert ddm_orientation(drift.NoDrift) == "neither"


def test_inverted_input_rings_when_the_model_improves():
    rng = np.random.default_rng(0)
    errors = rng.random(4000) < np.repeat([0.5, 0.1], 2000)  # it improves
    rang = {}
    for name, stream in {"errors": errors, "correct": ~errors}.items():
        detector, rang[name] = drift.binary.DDM(), 0
        for x in stream.astype(int).tolist():
            detector.update(x)
            rang[name] += detector.drift_detected
    assert rang["errors"] == 0 < rang["correct"]


def test_precision_wants_one_row_for_each_alert():
    with pytest.raises(ValueError, match="same number of rows"):
        precision_by_day([0, 1], [1], [1, 0], 3)
