"""Windows and features, by hand, against pandas, and one event at a time."""

import io

import numpy as np
import pandas as pd
import pytest

from mlmastery.fraud_detection import (
    FEATURES,
    FeatureState,
    GroupWindows,
    LateEventError,
    batch_features,
    seconds_of,
    simulate,
)
from mlmastery.ledger import cpu_timed

HOUR, DAY = 3600, 86_400
START = pd.Timestamp("2018-04-02")  # a Monday


def made(hours, amounts=None, fraud=None, customer=0, terminal=0):
    """Return a table of payments at the given hours."""
    n = len(hours)
    time = START + pd.to_timedelta(np.asarray(hours) * HOUR, "s")
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "time": time.to_numpy().astype("datetime64[s]"),
            "customer": customer,
            "terminal": terminal,
            "amount": 10.0 if amounts is None else amounts,
            "fraud": 0 if fraud is None else fraud,
        }
    )


def streamed(cards, delay_days=7, **places):
    """Return the features one event at a time, with labels after the delay."""
    state = FeatureState(delay_days=delay_days, **places)
    rows = cards.assign(time=seconds_of(cards["time"])).to_dict("records")
    known, out = 0, []
    for row in rows:
        while (
            rows[known]["time"] + delay_days * DAY <= row["time"] and known < row["id"]
        ):
            old = rows[known]
            at = {
                "transaction_time": old["time"],
                "time": old["time"] + delay_days * DAY,
            }
            state.label(old | at)
            known += 1
        out.append(state.transaction(row))
    return np.array(out), state


def test_a_day_old_payment_is_out_of_the_window():
    table = batch_features(made([0, 10, 24, 30]))
    assert table["card_count_1d"].tolist() == [1, 2, 2, 3]
    later = batch_features(made([0, 10, 24 - 1 / HOUR]))
    assert later["card_count_1d"].tolist() == [1, 2, 3]


def test_windows_equal_those_of_pandas(cards, features):
    wanted = (
        cards.set_index("time")
        .groupby("customer")["amount"]
        .rolling("7D")
        .agg(["count", "mean"])
        .reset_index()
    )
    order = cards.sort_values(["customer", "time", "id"]).index
    assert (
        features.loc[order, "card_count_7d"].to_numpy() == wanted["count"].to_numpy()
    ).all()
    np.testing.assert_allclose(features.loc[order, "card_mean_7d"], wanted["mean"])


def test_risk_equals_the_difference_of_two_windows_of_pandas(cards, features):
    parts = cards.set_index("time").groupby("terminal")["fraud"]
    order = cards.sort_values(["terminal", "time", "id"]).index
    for days in (1, 7, 30):
        far, near = parts.rolling(f"{7 + days}D"), parts.rolling("7D")
        count = (far.count() - near.count()).to_numpy()
        found = (far.sum() - near.sum()).to_numpy()
        name = f"terminal_count_{days}d"
        assert (features.loc[order, name].to_numpy() == count).all()
        risk = np.divide(found, count, out=np.zeros_like(found), where=count > 0)
        np.testing.assert_allclose(
            features.loc[order, f"terminal_risk_{days}d"], risk, atol=1e-9
        )


def test_risk_by_hand():
    # Frauds at days 0 and 1, a genuine payment at day 2; asked at day 8.5.
    table = batch_features(made([0, 24, 48, 204], fraud=[1, 1, 0, 0]))
    last = table.iloc[-1]
    assert last["terminal_count_7d"] == 2
    assert last["terminal_risk_7d"] == 1
    assert last["terminal_count_1d"] == 1
    assert (
        batch_features(made([0, 168], fraud=[1, 0])).iloc[1]["terminal_count_1d"] == 1
    )
    early = batch_features(made([0, 168 - 1 / HOUR], fraud=[1, 0]))
    assert early.iloc[1]["terminal_count_30d"] == 0


def test_no_label_is_used_before_it_is_known(cards, places, features):
    recent = cards["time"] > cards["time"].max() - pd.Timedelta(days=7)
    swapped = cards.assign(fraud=np.where(recent, 1 - cards["fraud"], cards["fraud"]))
    assert batch_features(swapped, **places).equals(features)
    older = cards.assign(fraud=1 - cards["fraud"])
    assert not batch_features(older, **places).equals(features)


def test_without_delay_a_row_sees_its_own_label():
    table = batch_features(made([0], fraud=[1]), delay_days=0)
    assert table["terminal_risk_1d"].tolist() == [1]


def test_the_amount_is_compared_with_earlier_payments_only():
    table = batch_features(made([0, 1, 2, 3], amounts=[10.0, 20.0, 30.0, 100.0]))
    assert table["amount_ratio"].tolist() == [1, 2, 2, 5]
    late = batch_features(made([0, 30 * 24], amounts=[10.0, 50.0]))
    assert late["amount_ratio"].tolist() == [1, 1]
    free = batch_features(made([0, 1], amounts=[0.0, 50.0]))
    assert free["amount_ratio"].tolist() == [1, 1]


def test_night_and_weekend():
    table = batch_features(made([0, 6.99, 7, 5 * 24 - 1 / HOUR, 5 * 24, 7 * 24]))
    assert table["night"].tolist() == [1, 1, 0, 0, 1, 1]
    assert table["weekend"].tolist() == [0, 0, 0, 0, 1, 0]


def test_last_hour_and_hours_since_the_last_payment():
    table = batch_features(made([0, 0.5, 1, 1.25, 800]))
    assert table["card_count_1h"].tolist() == [1, 2, 2, 3, 1]
    assert table["hours_since_last"].tolist() == [720, 0.5, 0.5, 0.25, 720]


def test_distances_and_speed():
    homes = pd.DataFrame({"customer": [0], "x": [0.0], "y": [0.0]})
    spots = pd.DataFrame({"terminal": [0, 1], "x": [3.0, 33.0], "y": [4.0, 4.0]})
    cards = made([0, 0.25, 0.25], terminal=[0, 1, 0])
    table = batch_features(cards, customers=homes, terminals=spots)
    np.testing.assert_allclose(table["home_distance"], [5, np.hypot(33, 4), 5])
    assert table["last_distance"].tolist() == [0, 30, 30]
    assert table["speed"].tolist() == [0, 120, 1800]


def test_an_unknown_place_has_no_distance():
    homes = pd.DataFrame({"customer": [0], "x": [0.0], "y": [0.0]})
    spots = pd.DataFrame({"terminal": [0, 1], "x": [3.0, 33.0], "y": [4.0, 4.0]})
    known = {"customers": homes, "terminals": spots}
    cards = made([0, 1, 2], customer=[0, 0, 9], terminal=[0, 7, 1])
    table = batch_features(cards, **known)
    assert table["home_distance"].tolist() == [5, 0, 0]
    assert table["speed"].tolist() == [0, 0, 0]
    assert np.array_equal(streamed(cards, **known)[0], table.to_numpy())


def test_batch_and_stream_agree_on_every_row(cards, places, features):
    stream, state = streamed(cards, **places)
    differ = (stream != features.to_numpy()).sum(axis=0)
    assert dict(zip(FEATURES, differ.tolist(), strict=True)) == dict.fromkeys(
        FEATURES, 0
    )
    longest = max(len(r.times) for r in state._cards.values())
    assert longest < cards["customer"].value_counts().max()


def test_batch_and_stream_agree_on_awkward_times():
    hours = [0, 0, 0, 24, 24, 24 + 1 / HOUR, 168, 168, 169, 192, 720, 888, 888]
    terminal = [0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0]
    customer = [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1]
    amounts = np.arange(1, 14) * 1.1
    fraud = [1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0]
    cards = made(hours, amounts.round(2), fraud, customer, terminal)
    assert np.array_equal(streamed(cards)[0], batch_features(cards).to_numpy())


def test_leap_day_and_midnight():
    cards = simulate(100, 200, 20, start="2020-02-20", random_state=5).transactions
    cards.loc[cards.index[::50], "time"] = cards.loc[
        cards.index[::50], "time"
    ].dt.floor("D")
    cards = cards.sort_values(["time", "id"], kind="stable").reset_index(drop=True)
    cards["id"] = np.arange(len(cards))
    assert np.array_equal(streamed(cards)[0], batch_features(cards).to_numpy())


def test_a_state_goes_on_after_it_was_written_and_read(cards, places, features):
    part = cards.head(4000)
    rows = part.assign(time=seconds_of(part["time"])).to_dict("records")
    state = FeatureState(**places)
    for row in rows[:3000]:
        state.transaction(row)
    content = state.to_bytes()
    again = FeatureState.from_bytes(content)
    assert again.to_bytes() == content
    for row in rows[3000:]:
        assert np.array_equal(again.transaction(row), state.transaction(row))


def test_pending_labels_survive_writing_and_reading():
    state = FeatureState()
    early = {"transaction_time": 0, "time": DAY, "terminal": 4, "fraud": 1}
    state.label(early)
    for current in (state, FeatureState.from_bytes(state.to_bytes())):
        pay = {"id": 1, "customer": 0, "terminal": 4, "amount": 1.0}
        before = current.transaction(pay | {"time": 7 * DAY - 1})
        after = current.transaction(pay | {"time": 7 * DAY})
        place = FEATURES.index("terminal_risk_1d")
        assert (before[place], after[place]) == (0, 1)


def test_a_late_label_counts_from_its_arrival():
    state = FeatureState()
    label = {"transaction_time": 0, "time": 20 * DAY, "terminal": 4, "fraud": 1}
    state.label(label)
    pay = {"id": 1, "customer": 0, "terminal": 4, "amount": 1.0, "time": 20 * DAY}
    row = state.transaction(pay)
    assert row[FEATURES.index("terminal_count_1d")] == 1


def test_events_must_not_go_back_in_time():
    state = FeatureState()
    pay = {"id": 1, "customer": 0, "terminal": 4, "amount": 1.0, "time": 100}
    state.transaction(pay)
    with pytest.raises(LateEventError, match="99 comes after 100"):
        state.transaction(pay | {"time": 99})
    label = {"transaction_time": 0, "time": 99, "terminal": 4, "fraud": 1}
    with pytest.raises(LateEventError):
        state.label(label)
    assert state.transaction(pay)[FEATURES.index("card_count_1d")] == 2


@pytest.mark.parametrize("amount", [-0.01, float("nan"), float("inf"), 1e13])
def test_impossible_amounts(amount):
    pay = {"id": 1, "customer": 0, "terminal": 4, "amount": amount, "time": 100}
    with pytest.raises(ValueError, match="amount"):
        FeatureState().transaction(pay)
    with pytest.raises(ValueError, match="amounts"):
        batch_features(made([0, 1], amounts=[1.0, amount]))


def test_a_label_is_0_or_1():
    label = {"transaction_time": 0, "time": 99, "terminal": 4}
    for fraud in (2, 0.5, float("nan"), "1"):
        with pytest.raises(ValueError, match="fraud must be 0 or 1"):
            FeatureState().label(label | {"fraud": fraud})
        with pytest.raises(ValueError, match="0 and 1 only"):
            batch_features(made([0, 1], fraud=[fraud, fraud]))


@pytest.mark.parametrize("name", ["id", "customer", "terminal"])
def test_numbers_of_cards_are_whole(name):
    for other in (made([0, 1])[name].astype(str), [0.5, 1.5], [np.nan, 1]):
        with pytest.raises(ValueError, match=f"{name} must hold whole numbers"):
            batch_features(made([0, 1]).assign(**{name: other}))


def test_a_time_with_a_zone_is_counted_in_utc():
    # Clocks in Berlin went forward on 25 March 2018 and back on 28 October.
    berlin = pd.date_range("2018-10-28 00:30", periods=6, freq="h", tz="Europe/Berlin")
    cards = made(range(6)).assign(time=berlin)
    bare = cards.assign(time=berlin.tz_convert("UTC").tz_localize(None))
    table = batch_features(cards)
    assert table.equals(batch_features(bare))
    assert table["hours_since_last"].tolist()[1:] == [1] * 5
    assert np.array_equal(streamed(cards)[0], table.to_numpy())


@pytest.mark.parametrize("delay", [-1, 0.5, "7"])
def test_the_delay_is_a_whole_number_of_days(delay):
    with pytest.raises(ValueError, match="delay_days must be"):
        batch_features(made([0]), delay_days=delay)
    with pytest.raises(ValueError, match="delay_days must be"):
        FeatureState(delay_days=delay)


def test_sums_are_of_integers():
    windows = GroupWindows(np.zeros(2, int), np.array([1, 2]))
    with pytest.raises(ValueError, match="values must be 2 integers"):
        windows.sums(np.array([0.5, 0.5]), 10)
    with pytest.raises(ValueError, match="values must be 2 integers"):
        windows.sums(np.array([1]), 10)


def test_bytes_that_are_no_state():
    state = FeatureState()
    state.transaction({"id": 1, "time": 5, "customer": 0, "terminal": 4, "amount": 1.0})
    content, other, pickled = state.to_bytes(), io.BytesIO(), io.BytesIO()
    np.savez(other, now=np.zeros(1))
    np.savez(pickled, delay_days=np.array([{}], dtype=object))
    for bad in (b"", b"state", content[:-40], other.getvalue(), pickled.getvalue()):
        with pytest.raises(ValueError, match="bytes of a whole state"):
            FeatureState.from_bytes(bad)


def test_tables_that_would_be_misread():
    good = made([0, 1])
    with pytest.raises(ValueError, match="lack the columns"):
        batch_features(good.drop(columns="fraud"))
    with pytest.raises(ValueError, match="sorted"):
        batch_features(good.iloc[::-1])
    with pytest.raises(ValueError, match="sorted"):
        batch_features(made([0, 0]).assign(id=[1, 0]))
    with pytest.raises(ValueError, match="an id of its own"):
        batch_features(good.assign(id=0))
    with pytest.raises(ValueError, match="have a time"):
        batch_features(good.assign(time=[pd.NaT, good["time"].iloc[1]]))


def test_an_empty_table_has_no_features():
    assert batch_features(made([0]).head(0)).shape == (0, len(FEATURES))


def test_windows_refuse_times_that_go_back():
    with pytest.raises(ValueError, match="must not decrease"):
        GroupWindows(np.array([1, 2, 1]), np.array([5, 1, 4]))
    with pytest.raises(ValueError, match="one length"):
        GroupWindows(np.array([1, 2]), np.array([5]))


@pytest.mark.slow
def test_every_row_of_half_a_year_agrees():
    cards = simulate(random_state=7).transactions
    features, seconds = cpu_timed(lambda: batch_features(cards))
    assert seconds < 6  # about 2 on a quiet core
    assert np.array_equal(streamed(cards)[0], features.to_numpy())
