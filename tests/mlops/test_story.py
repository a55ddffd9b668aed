"""The replayed story: alarm, gate, canary, failures; schedules; the drift panel."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from mlmastery.mlops.days import DayCounts, day_threshold
from mlmastery.mlops.panel import daily_metrics, drift_panel, false_alarm_rates
from mlmastery.mlops.psi import psi_from_counts
from mlmastery.mlops.story import (
    DAY,
    DayChart,
    Story,
    fit_chart,
    follow_schedule,
    paired_over_blocks,
    rate_on_other_weeks,
)

START, FIRST, END = "2013-01-01", "2013-03-01", "2013-06-01"
CHANGE = pd.Timestamp("2013-04-01")


@pytest.fixture(scope="module")
def frame():
    """Return 150 days of 60 flights, late with 0.2, and from April on with 0.6."""
    rng = np.random.default_rng(0)
    days = pd.date_range(START, periods=151).repeat(60)
    late = rng.random(len(days)) < np.where(days < CHANGE, 0.2, 0.6)
    return pd.DataFrame({"date": days, "late": late})


def rate(frame):
    return float(frame["late"].mean())


def constant(model, frame):
    return np.full(len(frame), model)


def passing(*_):
    return SimpleNamespace(passed=True)


def refusing(*_):
    return SimpleNamespace(passed=False)


class Decides:
    """A controller that decides after some predictions of the challenger."""

    def __init__(self, decision, after=30):
        self.decision, self._final, self._after = "continue", decision, after

    def observe(self, arm, probability, label):
        self._after -= arm == "challenger"
        if self._after < 0:
            self.decision = self._final


def story(frame, judge=passing, decision="promote", train=rate, **more):
    more = {"window": 20, "holdout": 5, **more}
    return Story(
        frame,
        train=train,
        predict=constant,
        judge=judge,
        controller=lambda: Decides(decision),
        **more,
    )


def told(frame, **more):
    return story(frame, **more).run(START, FIRST, END)


def test_drift_alarm_gate_canary_promotion(frame):
    result = told(frame)
    what = result.events["what"].tolist()
    assert what[:5] == ["in service", "alarm", "gate", "canary", "promoted"]
    alarm = result.events["day"][1]
    assert CHANGE < alarm < CHANGE + pd.Timedelta(days=7)
    assert result.days["version"].max() >= 2
    assert result.days.index.is_unique
    assert len(result.days) == (pd.Timestamp(END) - pd.Timestamp(FIRST)).days


def test_a_promotion_lowers_the_loss(frame):
    late = slice("2013-05-10", None)
    kept = told(frame, judge=refusing).days["loss"][late].mean()
    assert told(frame).days["loss"][late].mean() < kept - 0.1


def test_a_refusal_keeps_the_champion_and_pauses(frame):
    result = told(frame, judge=refusing, pause=20)
    assert set(result.days["version"]) == {1}
    alarms = result.events.loc[result.events["what"] == "alarm", "day"]
    assert alarms.diff().dropna().min() >= pd.Timedelta(days=20)


@pytest.mark.parametrize("decision", ["roll back", "continue"])
def test_a_canary_that_is_not_promoted_is_rolled_back(frame, decision):
    result = told(frame, decision=decision, canary_days=5)
    assert set(result.days["version"]) == {1}
    assert "rolled back" in set(result.events["what"])


def test_the_challenger_answers_its_share_alone(frame):
    made = []

    def grows(part):
        made.append(0.2 if not made else 0.9)
        return made[-1]

    result = told(
        frame, train=grows, decision="continue", share=0.5, canary_days=10, pause=90
    )
    began = result.events.loc[result.events["what"] == "canary", "day"].iloc[0]
    share = result.days.loc[began : began + pd.Timedelta(days=9), "expected"] / 60
    # Half of the flights get 0.9, the others 0.2.
    assert share.mean() == pytest.approx(0.55, abs=0.05)
    after = result.days.loc[began + pd.Timedelta(days=10), "expected"] / 60
    assert after == pytest.approx(0.2)


def test_a_training_that_raises_keeps_the_champion(frame):
    made = []

    def fails_later(part):
        if made:
            raise MemoryError("no memory")
        made.append(1)
        return rate(part)

    result = told(frame, train=fails_later)
    assert set(result.days["version"]) == {1}
    failed = result.events[result.events["what"] == "retraining failed"]
    assert failed["detail"].iloc[0] == "MemoryError: no memory"
    assert len(result.days) == (pd.Timestamp(END) - pd.Timestamp(FIRST)).days


def test_a_challenger_sees_no_day_of_the_gate(frame):
    seen = {}

    def remembers(part):
        seen["train"] = part["date"]
        return rate(part)

    def judges(old, new, part):
        seen["gate"] = part["date"]
        return refusing()

    told(frame, train=remembers, judge=judges)
    assert seen["train"].max() < seen["gate"].min()
    assert seen["train"].nunique() == 15
    assert seen["gate"].nunique() == 5


def test_a_surprise_is_made_from_the_recent_days(frame):
    given = []
    run = story(frame, judge=refusing).run(
        START, FIRST, "2013-03-20", {"2013-03-10": lambda f: given.append(f) or f}
    )
    assert given[0]["date"].max() == pd.Timestamp("2013-03-09")
    assert run.events["what"].tolist()[:2] == ["in service", "gate"]


# --- chart, schedules, panel ------------------------------------------------------


def test_the_chart_keeps_its_stated_false_alarm_rate():
    rng = np.random.default_rng(0)
    values = rng.normal(0.02, 0.1, 90)
    rang = 0
    chart = fit_chart(values, random_state=0)
    for _ in range(200):
        fresh = DayChart(chart.spread, chart.limit, chart.mean)
        stream = rng.normal(values.mean(), values.std(), 90)
        rang += any([fresh.update(x) for x in stream])
    assert rang / 200 == pytest.approx(0.1, abs=0.07)


def test_the_chart_rings_on_falls_too():
    chart = DayChart(spread=0.1, limit=4)
    assert [chart.update(-0.2) for _ in range(3)] == [False, False, True]
    assert chart.level > 1


def test_a_chart_needs_a_spread():
    with pytest.raises(ValueError, match="spread"):
        fit_chart(np.zeros(30))


def test_a_schedule_trains_on_its_days_and_serves_each_day_once(frame):
    first, middle = pd.Timestamp(FIRST), pd.Timestamp("2013-04-15")
    plan = [(middle, CHANGE, middle), (first, pd.Timestamp(START), first)]
    losses = follow_schedule(frame, first, plan, rate, constant)
    assert losses.index.is_unique
    assert losses.index[0] == first
    new = frame[(frame["date"] >= CHANGE) & (frame["date"] < middle)]
    last = frame[frame["date"] == frame["date"].max()]["late"]
    p = rate(new)
    expected = -np.where(last, np.log(p), np.log(1 - p)).mean()
    assert losses.iloc[-1] == pytest.approx(expected)


@pytest.fixture(scope="module")
def counts():
    rng = np.random.default_rng(0)
    days = pd.date_range(START, periods=120)
    values = pd.Series(rng.normal(size=(120, 50)).ravel())
    values[100 * 50 :] += 2
    return {"x": DayCounts(values, days.repeat(50))}


def test_the_panel_marks_what_moved(counts):
    before = drift_panel(counts, ["x"], START, "2013-03-20", "2013-04-08", 14)
    after = drift_panel(counts, ["x"], START, "2013-03-20", "2013-04-26", 14)
    assert after.loc["x", "drifting"]
    assert after.loc["x", "psi"] > 1
    assert before.loc["x", "psi"] < after.loc["x", "psi"] / 5


def test_a_frozen_day_is_counted_unless_such_days_are_usual():
    days = pd.date_range(START, periods=30)
    frame = pd.DataFrame(
        {"date": days.repeat(20), "wind": np.tile(np.arange(20.0), 30)}
    )
    frame.loc[25 * 20 : 26 * 20 - 1, "wind"] = 3.0
    frame["rain"] = frame["wind"]
    frame.loc[:19, "rain"] = 0.0
    # All values of one day lie above the reference, in one bin: not frozen.
    frame.loc[27 * 20 : 28 * 20 - 1, "wind"] += 1000
    tables = {c: DayCounts(frame[c], frame["date"]) for c in ("wind", "rain")}
    chart = pd.Series(0.0, days)
    for name, expected in (("wind", [5]), ("rain", [])):
        found = daily_metrics(tables, [name], chart, frame, "2013-01-21")
        frozen = np.flatnonzero(found["delays_features_frozen"]).tolist()
        assert frozen == expected


def test_no_pause_is_allowed(frame):
    assert story(frame, pause=0).pause == 0
    with pytest.raises(ValueError, match="holdout"):
        story(frame, window=20, holdout=20)


def test_a_stable_feature_counts_as_no_drift(counts):
    frame = pd.DataFrame({"date": counts["x"].days.repeat(50), "x": range(6000)})
    chart = pd.Series(0.5, counts["x"].days)
    found = daily_metrics(counts, ["x"], chart, frame, "2013-03-01")
    drifting = found["delays_features_drifting"]
    assert drifting[:"2013-04-05"].mean() < 0.3
    assert (drifting["2013-04-20":] == 1).all()
    assert set(found["delays_cusum"]) == {0.5}


# --- labels, blocks, rates on other weeks -----------------------------------------


def late_labels(frame, hours):
    """Let the labels of each day come some hours after the day's end."""
    return frame.assign(known_at=frame["date"] + DAY + pd.Timedelta(hours=hours))


def test_nothing_is_decided_by_a_label_that_has_not_come(frame):
    # All labels come at noon of the next day: three hours after the decision.
    seen = []

    def remembers(part):
        seen.append((part["date"].max(), len(part)))
        return rate(part)

    story = told(late_labels(frame, 12), train=remembers)
    assert seen[0][0] == pd.Timestamp(FIRST) - 2 * DAY
    assert set(story.days["level"]) == {0}  # the chart waits
    assert set(story.days["version"]) == {1}


def test_labels_of_the_morning_change_nothing(frame):
    early, dated = told(frame), told(late_labels(frame, 8))
    pd.testing.assert_frame_equal(early.days, dated.days)
    pd.testing.assert_frame_equal(early.events, dated.events)


def test_blocks_of_alike_days_widen_the_interval():
    rng = np.random.default_rng(0)
    day = pd.date_range("2013-04-01", periods=280)
    slow = pd.Series(np.repeat(rng.normal(size=10), 28), day)
    zero = pd.Series(0.0, day)
    by_day = paired_over_blocks(slow, zero, days=1)
    by_block = paired_over_blocks(slow, zero)
    assert by_block.mean == pytest.approx(by_day.mean) == pytest.approx(slow.mean())
    ratio = (by_block.high - by_block.low) / (by_day.high - by_day.low)
    assert ratio > 4


def test_blocks_need_the_same_days():
    day = pd.date_range("2013-04-01", periods=60)
    one = pd.Series(1.0, day)
    with pytest.raises(ValueError, match="same days"):
        paired_over_blocks(one, one.iloc[::-1])
    with pytest.raises(ValueError, match="days"):
        paired_over_blocks(one, one, days=0)


def test_rates_on_other_weeks_follow_the_dependence_of_days():
    rng = np.random.default_rng(1)
    independent = rng.normal(size=20 * 7)
    slow = np.repeat(rng.normal(size=20), 7) + 0.1 * rng.normal(size=20 * 7)
    options = {"n_splits": 20, "n_runs": 100, "random_state": 0}
    calm = rate_on_other_weeks(independent, centre=True, **options)
    assert rate_on_other_weeks(slow, **options).mean() > 2 * calm.mean()
    assert calm.mean() == pytest.approx(0.1, abs=0.1)
    moved = rate_on_other_weeks(slow, centre=True, **options)
    assert moved.mean() < rate_on_other_weeks(slow, **options).mean()


def test_too_few_weeks_are_refused():
    with pytest.raises(ValueError, match="number of weeks"):
        rate_on_other_weeks(np.arange(20.0))


def test_neighbouring_days_that_drift_exceed_a_threshold_of_dealt_days():
    day = pd.date_range("2013-01-01", periods=90)
    rng = np.random.default_rng(0)
    trend = [(rng.random(50) < 0.2 + i / 150) for i in range(90)]
    flat = [(rng.random(50) < 0.5) for _ in range(90)]
    tables = {
        name: DayCounts(pd.Series(np.concatenate(rows)), day.repeat(50))
        for name, rows in (("trend", trend), ("flat", flat))
    }
    rates = false_alarm_rates(tables, ["trend", "flat"], "2013-01-01", "2013-04-01")
    assert rates.loc["28 days", "trend"] > 0.4
    assert rates.loc["7 days", "flat"] < 0.1
    assert (rates["any"] >= rates[["trend", "flat"]].max(axis=1)).all()


def test_the_canary_is_told_what_came_of_each_flight(frame):
    seen = []

    class Records(Decides):
        def observe(self, arm, probability, label):
            seen.append((arm, label))
            super().observe(arm, probability, label)

    one = story(frame)
    one.controller = lambda: Records("promote")
    events = one.run(START, FIRST, END).events.groupby("what")["day"].first()
    days = frame["date"].between(events["canary"], events["promoted"] - DAY)
    late = frame["late"][days].tolist()
    assert [label for _, label in seen[: len(late)]] == late
    assert {arm for arm, _ in seen} == {"champion", "challenger"}


def test_a_span_is_compared_with_all_other_days(counts):
    tables, name = counts, next(iter(counts))
    rows = tables[name]
    start, stop = rows.days[0], rows.days[-1] + DAY
    days = rows.between(start, stop)
    limit = day_threshold(days, 7, 0.9, random_state=0)
    spans = [days[i : i + 7].sum(axis=0) for i in range(len(days) - 6)]
    over = [psi_from_counts(days.sum(axis=0) - s, s) > limit for s in spans]
    rates = false_alarm_rates(tables, [name], start, stop, {7: 0.9})
    assert rates.loc["7 days", name] == np.mean(over)
