"""CUSUM, Page–Hinkley, DDM and their operating characteristics."""

import numpy as np
import pytest
import river.drift
import river.drift.binary

from mlmastery.mlops.operating import (
    alarm_f1,
    limit_for_days,
    operating_curve,
    resample_blocks,
    run_length,
    stream_table,
    two_sided_path,
)
from mlmastery.mlops.rivals import RiverChart, river_detectors
from mlmastery.mlops.sequential import (
    DDM,
    Cusum,
    EveryN,
    PageHinkley,
    alarms,
    cusum_path,
)


@pytest.fixture(scope="module")
def errors():
    rng = np.random.default_rng(0)
    return (rng.random(4000) < np.repeat([0.2, 0.5, 0.1, 0.3], 1000)).astype(float)


@pytest.mark.parametrize("mode", ["both", "up", "down"])
def test_page_hinkley_equals_river(errors, mode):
    theirs = RiverChart(river.drift.PageHinkley(threshold=10, mode=mode))
    ours = PageHinkley(threshold=10, mode=mode)
    assert alarms(ours, errors) == alarms(theirs, errors) != []


def test_page_hinkley_waits_for_its_first_values():
    jump = [0.0] * 5 + [100.0] * 5
    assert alarms(PageHinkley(min_instances=8), jump) == [7]


def test_ddm_equals_river(errors):
    theirs = RiverChart(river.drift.binary.DDM())
    assert alarms(DDM(), errors) == alarms(theirs, errors) != []


def test_the_chart_and_its_path_are_one(errors):
    values = np.random.default_rng(1).normal(size=200)
    path, chart = cusum_path(values, 0.3), Cusum(0.3, 1e9)
    for x, level in zip(values, path, strict=True):
        chart.update(x)
        assert chart.high == pytest.approx(level)
    both = two_sided_path(values, 0.3)
    assert both == pytest.approx(np.maximum(path, cusum_path(-values, 0.3)))


def test_the_paper_example():
    assert alarms(Cusum(0.5, 4), [0, 3, 0.2, 2.5]) == [3]
    assert cusum_path([0, 3, 0.2, 2.5]) == pytest.approx([0, 2.5, 2.2, 4.2])


def test_a_one_sided_chart_does_not_see_a_fall():
    assert alarms(Cusum(0.5, 2), [-5, -5]) == []
    assert alarms(Cusum(0.5, 2, two_sided=True), [-5, -5]) == [0, 1]


@pytest.mark.parametrize(("h", "arl"), [(4, 330), (5, 940)])
def test_run_lengths_without_drift(h, arl):
    rng = np.random.default_rng(0)
    paths = cusum_path(rng.normal(size=(400, 8000)))
    assert run_length(paths, h).mean() == pytest.approx(arl, rel=0.15)


def test_an_average_run_length_is_no_promise_about_a_month():
    rng = np.random.default_rng(1)
    paths = two_sided_path(rng.normal(size=(400, 1000)), 0.5)
    assert np.mean(run_length(paths, 5) <= 1000) == pytest.approx(0.88, abs=0.06)


@pytest.mark.parametrize(("h", "steps"), [(4, 8.4), (5, 10.4)])
def test_run_lengths_after_a_shift(h, steps):
    rng = np.random.default_rng(2)
    paths = cusum_path(rng.normal(1, 1, size=(600, 100)))
    assert run_length(paths, h).mean() == pytest.approx(steps, rel=0.1)


def test_eddm_rings_in_stable_streams_and_the_dummy_is_printed():
    race = {"EDDM": river_detectors()["EDDM"], "ADWIN": river_detectors()["ADWIN"]}
    table = stream_table({**race, "dummy": EveryN}, n_runs=6, random_state=0)
    assert table.loc["EDDM", "false"] == pytest.approx(16.3, abs=6)
    assert table.loc["ADWIN", "false"] < 1
    assert table.loc["dummy", ["false", "delay 0.3"]].tolist() == [50, 100]


@pytest.mark.parametrize(("drifts", "f1"), [(5, 0.1), (50, 0.67)])
def test_the_dummy_scores_better_on_more_drifts(drifts, f1):
    at = np.linspace(0, 10_000, drifts, endpoint=False).astype(int) + 50
    found = alarms(EveryN(), np.zeros(10_000))
    assert alarm_f1(found, at, 100) == pytest.approx(f1, abs=0.01)


def test_an_alarm_before_the_drift_or_long_after_does_not_count():
    assert alarm_f1([99, 150], [100], 50) == 0
    assert alarm_f1([100], [100], 50) == 1
    assert alarm_f1([], [], 50) == 1


def test_blocks_keep_neighbours_together():
    drawn = resample_blocks(np.arange(20), 14, 50, block=7, random_state=0)
    steps = np.diff(drawn, axis=1) % 20
    assert (np.delete(steps, 6, axis=1) == 1).all()
    assert len(np.unique(drawn)) == 20


def test_the_limit_gives_the_stated_probability():
    rng = np.random.default_rng(0)
    paths = two_sided_path(rng.normal(size=(800, 90)), 0.25)
    limit = limit_for_days(paths, 90, 0.1)
    fresh = two_sided_path(rng.normal(size=(800, 90)), 0.25)
    assert np.mean(fresh.max(axis=1) > limit) == pytest.approx(0.1, abs=0.04)


def test_larger_limits_ring_less_and_later():
    values = np.random.default_rng(0).normal(size=60)
    table = operating_curve(values, [1.0], [2, 4, 8], n_runs=100, random_state=0)
    assert table["false_month"].is_monotonic_decreasing
    assert table["days"].is_monotonic_increasing
    assert table["found"].iloc[0] == 1


def test_the_chart_starts_again_after_each_false_alarm():
    # Every day is 2 above 0: with k = 0 and h = 3 the chart rings on each second day.
    values = [1.0, 3.0]
    table = operating_curve(
        values, [0.0], [3.0], k=0, days=30, n_runs=2, block=2, random_state=0
    )
    assert table["false_month"].iloc[0] == pytest.approx(15, abs=1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: Cusum(h=0),
        lambda: Cusum(k=-1),
        lambda: Cusum().update(float("nan")),
        lambda: PageHinkley(mode="sideways"),
        lambda: DDM(limit=0),
        lambda: EveryN(0),
        lambda: limit_for_days([[1, 2]], 3, 0.1),
        lambda: resample_blocks([1.0], 5, 5),
    ],
)
def test_settings_outside_their_range_are_refused(call):
    with pytest.raises(ValueError, match="must"):
        call()


def test_a_one_sided_chart_has_no_lower_sum():
    chart = Cusum(0.5, 2)
    chart.update(-5)
    assert (chart.high, chart.low) == (0, 0)
