import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mlmastery.mlops import (
    Check,
    as_expression,
    behaviour_check,
    calibration_check,
    data_check,
    frame_hash,
    judge,
    latency_check,
    loss_check,
    non_inferior,
    pass_rate,
    slice_check,
)
from mlmastery.mlops.gate import CHECKS
from mlmastery.mlops.training import boosted, daily_losses, probabilities

QUICK = {name: check for name, check in CHECKS.items() if "latency" not in name}


class Shifted:
    """A model whose log odds are those of another, moved and stretched."""

    def __init__(self, model, shift=0.0, stretch=1.0):
        self.model, self.shift, self.stretch = model, shift, stretch

    def predict_proba(self, frame):
        p = self.model.predict_proba(frame)[:, 1]
        z = self.stretch * np.log(p / (1 - p)) + self.shift
        p = 1 / (1 + np.exp(-z))
        return np.column_stack([1 - p, p])


def test_bound_is_the_one_sided_t_bound():
    d = np.array([0.03, 0.01, -0.01, 0.01])
    interval = stats.ttest_1samp(d, 0).confidence_interval(0.9)
    assert non_inferior(d) == pytest.approx(interval.high)
    one_sided = stats.ttest_1samp(d, 0, alternative="less").confidence_interval(0.95)
    assert non_inferior(d) == pytest.approx(one_sided.high)


def test_the_champion_itself_passes(champion, later):
    report = judge(champion, champion, later, QUICK)
    assert report.passed
    assert report.checks.loc["log loss", "value"] == 0


def test_a_bad_model_is_refused_by_its_loss_and_calibration(champion, later):
    report = judge(champion, Shifted(champion, 2.0), later, QUICK)
    assert not report.checks.loc[["log loss", "calibration"], "passed"].any()


def test_a_model_that_is_bad_at_one_airport_is_refused(champion, later):
    class AtHome(Shifted):
        def predict_proba(self, frame):
            plain = self.model.predict_proba(frame)
            turned = super().predict_proba(frame)
            return np.where(
                (frame["origin"] == "LGA").to_numpy()[:, None], turned, plain
            )

    check = slice_check()(champion, AtHome(champion, 1.2), later)
    gap = daily_losses(
        {"a": champion, "b": AtHome(champion, 1.2)}, later[later["origin"] == "LGA"]
    )
    assert check.value == pytest.approx(non_inferior(gap["b"] - gap["a"]))
    assert not check.passed


def test_fewer_days_ask_for_more(champion, challenger, later):
    check = loss_check()
    few = later[later["date"] < "2013-02-04"]
    assert (
        check(champion, challenger, few).value
        > check(champion, challenger, later).value
    )


def test_a_model_that_raises_or_says_nan_fails(champion, later):
    class Silent:
        def predict_proba(self, frame):
            return np.full((len(frame), 2), np.nan)

    for model in (object(), Silent()):
        report = judge(champion, model, later)
        assert not report.checks.loc["log loss", "passed"]
        assert not report.passed
    assert not Check(float("nan"), 1.0).passed


def test_behaviour_counts_broken_rules(champion, later):
    assert behaviour_check()(None, champion, later).value == 0
    turned = Shifted(champion, stretch=-1.0)  # a storm makes its flights punctual
    broken = behaviour_check()(None, turned, later)
    assert (broken.value, broken.passed) == (1, False)

    class ByPlace(Shifted):
        def predict_proba(self, frame):
            p = np.linspace(0.1, 0.2, len(frame)) + (frame["visib"] < 1) * 0.1
            return np.column_stack([1 - p, p])

    assert behaviour_check()(None, ByPlace(champion), later).value == 1


def test_calibration_latency_and_data(champion, later, winter):
    assert calibration_check(0.0)(None, champion, later).passed is False
    assert latency_check(1e6)(None, champion, later).passed
    assert latency_check(0.0)(None, champion, later).value > 0
    assert data_check(frame_hash(winter), winter)(None, None, None).passed
    assert not data_check(frame_hash(winter), later)(None, None, None).passed


def test_refuses_few_days_and_no_checks(champion, later):
    with pytest.raises(ValueError, match="three days, got 2"):
        judge(champion, champion, later[later["date"] < "2013-02-03"])
    with pytest.raises(ValueError, match="at least one check"):
        judge(champion, champion, later, {})


def test_pass_rate_is_the_level_at_the_margin_for_normal_days():
    rng = np.random.default_rng(0)
    days = rng.normal(0, 0.02, size=3000)
    rate = pass_rate(days, 20, 0.01, margin=0.01, runs=4000)
    low, high = stats.binom.interval(1 - 1e-4, 4000, 0.05)
    assert low <= 4000 * rate <= high


def test_runs_of_similar_days_pass_more_often_than_promised():
    rng = np.random.default_rng(2)
    days = np.repeat(rng.normal(0, 0.02, 300), 3)  # each weather lasts three days
    single = pass_rate(days, 21, 0.01)
    together = pass_rate(days, 21, 0.01, block=9)
    assert single < 0.08 < 0.1 < together
    # A block is a run of days, also over the end.
    assert pass_rate([0.0, 0.0, 3.0], 3, 0.0, margin=1.1, block=3) in (0.0, 1.0)
    with pytest.raises(ValueError, match="block must be"):
        pass_rate([0.0, 1.0], 4, 0.0, block=3)
    with pytest.raises(ValueError, match="differences must hold"):
        pass_rate([0.0, np.nan], 4, 0.0)


def test_pass_rate_needs_two_days_and_follows_the_shift():
    days = [-0.01, 0.0, 0.02]
    assert pass_rate(days, 2, -1.0) == 1.0
    with pytest.raises(ValueError, match="days must be a whole number of at least 2"):
        pass_rate(days, 1, 0.0)
    # The days' own mean does not count: they are moved to the shift.
    moved = [d + 0.5 for d in days]
    assert pass_rate(moved, 5, 0.0) == pass_rate(days, 5, 0.0)


def test_the_gates_own_limits(champion, later):
    report = judge(champion, champion, later)
    limits = report.checks["limit"].to_dict()
    assert limits == {
        "log loss": 0.01,
        "worst origin": 0.03,
        "calibration": 0.1,
        "behaviour": 0.0,
        "latency (ms)": 50.0,
    }


def test_pass_rate_agrees_with_the_power_of_the_t_test():
    rng = np.random.default_rng(1)
    days = rng.normal(0, 0.02, size=3000)
    sd = days.std()
    for n in (10, 40):
        noncentral = 0.01 / (sd / n**0.5)
        power = stats.nct.sf(stats.t.ppf(0.95, n - 1), n - 1, noncentral)
        assert pass_rate(days, n, 0.0, margin=0.01, runs=4000) == pytest.approx(
            power, abs=0.035
        )


def test_expression_is_the_pipeline(champion, later):
    foreign = later.head(500).assign(carrier="??", dest="???")
    blind = later.head(500).assign(temp=np.nan, pressure=np.nan)
    for frame in (later, foreign, blind):
        ours = as_expression(champion).probabilities(frame.to_dict("records"))
        np.testing.assert_allclose(ours, probabilities(champion, frame), atol=1e-12)


def test_expression_takes_none_and_large_numbers(champion, later):
    row = later.iloc[0].to_dict()
    model = as_expression(champion)
    assert model.probability(row | {"temp": None}) == model.probability(
        row | {"temp": float("nan")}
    )
    for extreme in (1e6, -1e6):
        assert 0 <= model.probability(row | {"pressure": extreme}) <= 1


def test_expression_refuses_trees(winter):
    from mlmastery.mlops import FEATURES

    part = winter.head(500)
    trees = boosted(2).fit(part[list(FEATURES)], part["late"])
    with pytest.raises(TypeError, match="must be a LogisticRegression"):
        as_expression(trees)


def test_winter_cannot_tell_the_candidates_and_spring_can():
    """The failing run of the page: the linear model goes on into the summer."""
    from mlmastery.inference import paired_interval
    from mlmastery.mlops import FEATURES, departures, train

    first = departures("2013-01-01", "2013-03-01")
    trees = boosted().fit(first[list(FEATURES)], first["late"])
    models = {"line": train(first), "trees": trees}
    spring = departures("2013-03-01", "2013-07-01")
    losses = daily_losses(models, spring)
    march = losses.index < pd.Timestamp("2013-04-01")
    early = paired_interval(losses["trees"][march], losses["line"][march], 0.0)
    late = paired_interval(losses["trees"][~march], losses["line"][~march], 0.0)
    assert early.low < 0 < early.high
    assert late.high < 0
