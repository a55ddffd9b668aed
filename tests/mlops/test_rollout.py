import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from scipy import stats

from mlmastery.mlops import (
    CanaryController,
    arm_of,
    canary_outcomes,
    daily_canary_outcomes,
    position,
)

MAKE = partial(CanaryController, 0.25, minimum=100, margin=0.1)


def test_position_is_uniform_and_the_same_in_every_process():
    ids = [f"UA{i}-EWR-0101" for i in range(4000)]
    places = [position(i) for i in ids]
    assert stats.kstest(places, "uniform").pvalue > 0.001
    program = "from mlmastery.mlops.rollout import position; print(position('UA7'))"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert float(done.stdout) == position("UA7")


def test_shares_are_kept_and_nested():
    ids = [f"B6{i}" for i in range(4000)]
    small = {i for i in ids if arm_of(i, 0.1) == "challenger"}
    large = {i for i in ids if arm_of(i, 0.3) == "challenger"}
    low, high = stats.binom.interval(1 - 1e-4, 4000, 0.1)
    assert low <= len(small) <= high
    assert small <= large
    assert {arm_of(i, 0.1, "other") for i in small} == {"champion", "challenger"}
    assert {arm_of(i, 0.0) for i in ids} == {"champion"}


def test_looks_compare_by_welch():
    rng = np.random.default_rng(0)
    controller = MAKE(looks=2)
    old, new = rng.exponential(0.5, 300), rng.exponential(0.5, 100)
    controller.count_all("champion", old)
    controller.count_all("challenger", new)
    controller.look()
    test = stats.ttest_ind(new, old, equal_var=False).confidence_interval(0.95)
    row = controller.table.iloc[0]
    assert row["difference"] == pytest.approx(new.mean() - old.mean())
    assert (row["low"], row["high"]) == pytest.approx((test.low, test.high))


def test_first_look_comes_at_the_minimum_and_the_next_at_twice_as_many():
    controller = CanaryController(0.5, minimum=10, looks=3, margin=1e-6)
    rng = np.random.default_rng(1)
    for i in range(45):
        late = bool(rng.random() < 0.3)
        for arm in ("champion", "challenger"):
            controller.observe(arm, 0.3, late)
        expected = 0 if i < 9 else 1 if i < 19 else 2 if i < 39 else 3
        assert len(controller.table) == expected
    assert controller.table["n"].tolist() == [10, 20, 40]
    assert controller.decision == "roll back"  # the last look could not tell


def test_decides_each_way_and_keeps_the_decision():
    for p, decision in ((0.02, "promote"), (0.9, "roll back")):
        controller = CanaryController(0.5, minimum=50, margin=0.05)
        arms = ["champion", "challenger"] * 60
        said = controller.observe_many(arms, [0.02, p] * 60, [False] * 120)
        assert said == decision
        controller.observe("challenger", 1.0, False)
        assert controller.decision == decision
        assert len(controller.table) == 1


def test_a_challenger_worse_by_the_margin_is_seldom_promoted():
    rng = np.random.default_rng(2)
    old = rng.exponential(0.5, 20_000)
    ends = canary_outcomes(old, old + 0.1, MAKE, runs=400)
    promoted = int((ends["decision"] == "promote").sum())
    assert promoted <= stats.binom.ppf(1 - 1e-4, 400, 0.05)


def test_an_equal_challenger_is_seldom_surely_worse():
    rng = np.random.default_rng(3)
    old = rng.exponential(0.5, 20_000)
    ends = canary_outcomes(old, old, MAKE, runs=400)
    early = (ends["decision"] == "roll back") & (ends["flights"] < 800)
    assert early.sum() <= stats.binom.ppf(1 - 1e-4, 400, 0.05)
    assert (ends["decision"] == "promote").mean() > 0.6


@pytest.fixture(scope="module")
def worse_on_some_days():
    """Return losses of 30 days whose difference, 0.1 on average, varies by day."""
    rng = np.random.default_rng(5)
    dates = np.repeat(np.arange(30), 300)
    old = rng.exponential(0.4, len(dates))
    effect = rng.normal(0, 0.3, 30)
    new = old + (effect - effect.mean() + 0.1)[dates]
    return old, new, dates


def test_flights_of_a_day_are_not_independent(worse_on_some_days):
    """The failing run of the page: the promised error is kept for flights alone."""
    old, new, dates = worse_on_some_days
    mixed = canary_outcomes(old, new, MAKE, runs=300)["decision"]
    whole = canary_outcomes(old, new, MAKE, runs=300, dates=dates)["decision"]
    assert (mixed == "promote").sum() <= stats.binom.ppf(1 - 1e-4, 300, 0.05)
    assert (whole == "promote").sum() >= stats.binom.ppf(1 - 1e-4, 300, 0.1)


def test_a_canary_over_days_keeps_its_error(worse_on_some_days):
    old, new, dates = worse_on_some_days
    ends = daily_canary_outcomes(old, new, dates, margin=0.1, runs=400)
    assert set(ends["days"]) <= {7, 14, 28}
    promoted = (ends["decision"] == "promote").sum()
    assert promoted <= stats.binom.ppf(1 - 1e-4, 400, 0.05)
    equal = daily_canary_outcomes(old, new - 0.1, dates, margin=0.1, runs=400)
    early = (equal["decision"] == "roll back") & (equal["days"] < 28)
    assert early.sum() <= stats.binom.ppf(1 - 1e-4, 400, 0.05)
    better = daily_canary_outcomes(old, old - 1, dates, margin=0.1, runs=20)
    assert (better["decision"] == "promote").all()
    assert (better["days"] == 7).all()
    worse = daily_canary_outcomes(old, old + 1, dates, margin=0.1, runs=20)
    assert set(map(tuple, worse.to_numpy())) == {("roll back", 7)}
    again = daily_canary_outcomes(old, new, dates, margin=0.1, runs=400)
    assert ends.equals(again)


def test_each_flight_is_seen_by_one_arm():
    # Seen by both, equal models would never differ, and seven days would do.
    loss = np.random.default_rng(6).exponential(1.0, 600)
    ends = daily_canary_outcomes(loss, loss, np.repeat(range(20), 30), runs=40)
    assert (ends["days"] > 7).any()


def test_whole_days_refuse_what_does_not_fit():
    ones = np.ones(6)
    with pytest.raises(ValueError, match=r"dates must hold 6 days, got shape \(5,\)"):
        canary_outcomes(ones, ones, MAKE, dates=range(5))
    with pytest.raises(ValueError, match=r"same flights, got shapes \(6,\) and \(5,\)"):
        daily_canary_outcomes(ones, ones[:5], range(6))
    for looks in ((), (1, 2), (7, 7), (14, 7)):
        with pytest.raises(ValueError, match="looks must be rising numbers of days"):
            daily_canary_outcomes(ones, ones, range(6), looks=looks)


def test_canaries_end_at_a_look_of_the_controller():
    rng = np.random.default_rng(4)
    old = rng.exponential(0.5, 20_000)
    ends = canary_outcomes(old, old + 0.05, MAKE, runs=60)
    assert set(ends["flights"]) <= {100, 200, 400, 800}
    assert len(set(ends["flights"])) > 1
    again = canary_outcomes(old, old + 0.05, MAKE, runs=60)
    assert ends.equals(again)
    other = canary_outcomes(old, old + 0.05, MAKE, runs=60, random_state=1)
    assert not ends.equals(other)


def test_flights_that_run_out_leave_it_open():
    ends = canary_outcomes(np.ones(50), np.ones(50), MAKE, runs=3)
    assert (ends["decision"] == "continue").all()


@pytest.mark.parametrize(
    ("words", "wrong"),
    [("share", {"share": 1.0}), ("minimum", {"minimum": 1}), ("margin", {"margin": 0})],
)
def test_refuses_what_makes_no_canary(words, wrong):
    with pytest.raises(ValueError, match=words):
        CanaryController(**({"share": 0.1, "minimum": 10} | wrong))


def test_refuses_an_arm_that_does_not_exist():
    with pytest.raises(ValueError, match="arm must be one of"):
        MAKE().observe("control", 0.5, True)
