"""Rates of a world in service, alarms on them, and what is recorded of both."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.fraud_detection import anomaly_record as record
from mlmastery.fraud_detection import day_of
from mlmastery.fraud_detection.watching import (
    KINDS,
    LABEL_FREE,
    daily_rates,
    watch_world,
)


@pytest.fixture(scope="module")
def weeks():
    return record.simulated_weeks(5, n_customers=400, n_terminals=800)


@pytest.fixture(scope="module")
def rates(weeks):
    return daily_rates(*weeks, alerts_a_day=20)


def test_label_free_columns_hold_no_label(weeks):
    """Changing every label changes no value of them."""
    from mlmastery.fraud_detection import batch_features

    table = weeks[0].iloc[:4000]
    flipped = table.assign(fraud=1 - table["fraud"])
    a, b = (batch_features(t)[list(LABEL_FREE)] for t in (table, flipped))
    pd.testing.assert_frame_equal(a, b)
    assert len(LABEL_FREE) == 18


def test_scenario_four_begins_on_its_day(weeks):
    table, features = weeks
    day, new = day_of(table["time"]), table["scenario"] == 4
    assert day[new].min() >= 70
    assert new.sum() > 50
    assert len(features) == len(table)
    stable, _ = record.simulated_weeks(5, 98, n_customers=400, n_terminals=800)
    assert not (stable["scenario"] == 4).any()
    old = table[~new].reset_index(drop=True)
    assert len(old) == len(stable)


def test_rates_have_the_stated_form(rates):
    assert list(rates) == list(KINDS)
    assert rates.index.tolist() == list(range(56, 98))
    assert rates[["precision", "found"]].stack().between(0, 1).all()
    assert 5 < rates["alerts"].loc[56:69].mean() < 60


def test_rates_use_no_label_before_it_is_known(weeks):
    """Frauds of the last seven days change nothing but later days' rates."""
    table, features = weeks
    day = day_of(table["time"])
    changed = table.assign(fraud=np.where(day >= 91, 1, table["fraud"]))
    a, b = daily_rates(table, features, 20), daily_rates(changed, features, 20)
    pd.testing.assert_frame_equal(a, b)


def test_watching_counts_alarms_after_the_reference(weeks, monkeypatch):
    table = pd.DataFrame(
        {"alerts": 10.0, "odd": 10.0, "precision": 0.5, "found": 0.5},
        index=range(56, 98),
    )
    table.loc[56:69, "odd"] = [9, 11] * 7
    table.loc[[75, 80], "odd"] = 60
    table.loc[[56, 58], ["alerts"]] = 12
    table.loc[[56, 58], ["precision", "found"]] = 0.6
    monkeypatch.setattr(
        "mlmastery.fraud_detection.watching.daily_rates", lambda *args: table
    )
    got = watch_world(*weeks).set_index("rate")
    assert got.loc["odd"].tolist() == [28, 2, 5]
    assert got.loc["found"].tolist() == [28, 0, -1]


def test_scores_of_a_world_by_scenario(weeks):
    table = record.world_scores(*weeks).set_index("detector")
    assert table.shape == (8, 6)
    assert table.stack().between(0, 1).all()
    assert table.loc["booster, labels", "all"] == table["all"].max()
    assert table["scenario 4"].idxmax() in ("LOF", "one-class SVM", "autoencoder")


def test_recorded_tables_are_those_of_the_protocol():
    from mlmastery.ledger import recorded_table

    alarms = recorded_table("fraud_detection", "anomalies_alarms")
    assert alarms["world"].nunique() == 20
    assert set(alarms["rate"]) == set(KINDS)
    worlds = recorded_table("fraud_detection", "anomalies_worlds")
    assert worlds["world"].nunique() == 8
    cards = recorded_table("fraud_detection", "anomalies_cards")
    whole = cards[(cards["detector"] == "isolation") & (cards["protocol"] == "whole")]
    # Measured before with other code: .953, .950, .950 and .151, .217, .113.
    np.testing.assert_allclose(whole["AUC"], [0.953, 0.950, 0.950], atol=6e-4)
    np.testing.assert_allclose(whole["AP"], [0.151, 0.217, 0.113], atol=6e-4)
    online = recorded_table("fraud_detection", "anomalies_online").set_index("run")
    assert online.loc["adaptive tree, at once", "AUC"] == pytest.approx(0.466, abs=1e-3)


def test_the_recorded_policies_are_those_of_the_page(weeks):
    from mlmastery.fraud_detection.updating_record import FED, policy_scores

    table = policy_scores(*weeks).set_index("policy")
    assert list(table.index[:3]) == ["fixed", "weekly, 7 days", "weekly, 14 days"]
    assert tuple(table.index[3:]) == FED
    # All serve the same first model in the first week.
    first = table["week 0"].drop("weekly, 14 days")
    np.testing.assert_allclose(first, first.iloc[0])
    late = ["week 4", "week 5"]
    assert (table.loc["weekly, 14 days", late] > table.loc["fixed", late]).all()
    assert table.loc[FED[0], "scenario 4"] < table.loc["weekly, 14 days", "scenario 4"]


def test_scores_in_parts_are_the_scores():
    from mlmastery.fraud_detection.watching import _in_parts

    table = pd.DataFrame(np.arange(90_000.0).reshape(-1, 2))
    rows = np.arange(44_999, 0, -1)
    got = _in_parts(lambda X: X.sum(axis=1), table, rows)
    np.testing.assert_array_equal(got, table.to_numpy()[rows].sum(axis=1))
