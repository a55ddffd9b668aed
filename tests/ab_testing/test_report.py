"""From a table to a verdict: every verdict reached, every fault named."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.ab_testing import analyse, cuped, t_test
from mlmastery.ab_testing.report import WORDS

ARMS = ("control", "treatment")


def experiment(effect, n=2000, sd=1.0, seed=0):
    rng = np.random.default_rng(seed)
    noise = np.tile(rng.normal(0, sd, n), 2)  # the same in both arms: no luck
    arm = np.repeat(ARMS, n)
    value = 10 + noise + effect * (arm == "treatment")
    return pd.DataFrame({"unit": np.arange(2 * n), "arm": arm, "value": value})


def verdict(effect, n=2000, **more):
    table = experiment(effect, n)
    return analyse(table, metric="value", minimum_effect=0.1, arms=ARMS, **more)


@pytest.mark.parametrize(
    ("effect", "n", "said"),
    [
        (0.5, 2000, "ship"),
        (0.1, 2000, "better"),
        (-0.2, 2000, "worse"),
        (0.0, 2000, "negligible"),
        (0.0, 100, "undecided"),
        (0.05, 2000, "undecided"),
    ],
)
def test_every_verdict(effect, n, said):
    analysis = verdict(effect, n)
    assert analysis.verdict == said
    assert analysis.report().startswith(WORDS[said])


@pytest.mark.parametrize(
    ("effect", "n", "said"),
    [(-0.5, 2000, "ship"), (0.2, 2000, "worse"), (0.0, 100, "undecided")],
)
def test_less_may_be_better(effect, n, said):
    assert verdict(effect, n, goal="decrease").verdict == said


def test_less_that_may_matter_is_not_negligible():
    """An interval of -0.13 to 0.03 is undecided where -0.1 would matter."""
    table = experiment(-0.05, 1000)
    plan = {"metric": "value", "minimum_effect": 0.1, "arms": ARMS}
    assert analyse(table, **plan).verdict == "negligible"
    assert analyse(table, goal="decrease", **plan).verdict == "undecided"
    with pytest.raises(ValueError, match="goal must be one of increase, decrease"):
        analyse(table, goal="less", **plan)


def test_a_broken_split_comes_before_any_effect():
    table = experiment(5.0).drop(index=range(300))
    analysis = analyse(table, metric="value", minimum_effect=0.1, arms=ARMS)
    assert analysis.verdict == "invalid"
    assert "Effect" not in analysis.report()
    weights = {"control": 1700, "treatment": 2000}
    planned = analyse(
        table, metric="value", minimum_effect=0.1, arms=ARMS, weights=weights
    )
    assert planned.verdict == "ship"
    assert planned.sizes == {"control": 1700, "treatment": 2000}


def test_an_undecided_report_says_what_is_missing():
    text = verdict(0.0, 100).report()
    assert "an effect of 0.385" in text
    assert "for 0.1 it takes 1,469 units in each arm" in text
    assert "found" not in verdict(0.5).report()


def test_the_effect_is_treatment_minus_control():
    table = experiment(0.5)
    control, treatment = (table.loc[table["arm"] == a, "value"] for a in ARMS)
    assert verdict(0.5, confidence=0.9).effect == t_test(control, treatment, 0.9)


def test_a_covariate_adjusts():
    table = experiment(0.1).assign(
        before=lambda t: t["value"] + np.random.default_rng(1).normal(size=len(t))
    )
    arms = {"metric": "value", "minimum_effect": 0.1, "arms": ARMS}
    done = analyse(table, covariate="before", **arms)
    parts = [table.loc[table["arm"] == a, c] for c in ("value", "before") for a in ARMS]
    assert done.effect == cuped(*parts)


def test_the_deviation_is_that_within_the_arms():
    assert verdict(50.0).sd == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: pd.concat([t, t.tail(3)]), "one row per unit, got 3 rows"),
        (lambda t: t.head(2001), "each arm must hold at least two units, got"),
        (lambda t: t.rename(columns={"value": "x"}), r"lacks \['value'\]"),
    ],
)
def test_a_table_that_cannot_be_analysed_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        analyse(change(experiment(0)), metric="value", minimum_effect=1, arms=ARMS)


def test_the_effect_that_matters_is_above_zero():
    with pytest.raises(ValueError, match="minimum_effect must be a number above 0"):
        analyse(experiment(0), metric="value", minimum_effect=0, arms=ARMS)


def broken(**changes):
    table = experiment(0.5, 50).assign(**changes)
    return lambda **more: analyse(
        table, **{"metric": "value", "minimum_effect": 0.1, "arms": ARMS, **more}
    )


@pytest.mark.parametrize(
    ("changes", "more", "message"),
    [
        ({"unit": [None, *range(99)]}, {}, "unit and arm must be known"),
        ({"arm": [None] + ["control"] * 49 + ["treatment"] * 50}, {}, "1 missing"),
        ({"value": ["1"] * 100}, {}, "^value must hold at least 2 finite numbers"),
        ({}, {"weights": [0.5, 0.5]}, "weights must give a share to each"),
        ({}, {"weights": {"control": 1}}, "weights must give a share to each"),
        ({}, {"arms": "ab"}, "arms must name control and treatment"),
        ({}, {"arms": ("control", "control")}, "arms must name control and treatment"),
        ({}, {"arms": ("control",)}, "arms must name control and treatment"),
        ({}, {"covariate": "value"}, "covariate must be another column than metric"),
    ],
)
def test_what_cannot_be_analysed_is_refused_by_name(changes, more, message):
    with pytest.raises(ValueError, match=message):
        broken(**changes)(**more)


def test_a_table_is_a_frame():
    with pytest.raises(ValueError, match="table must be a DataFrame, got dict"):
        analyse({}, metric="value", minimum_effect=0.1, arms=ARMS)


def test_weights_may_be_a_series_and_values_a_category():
    table = experiment(0.5, 50)
    weights = pd.Series({"treatment": 0.5, "control": 0.5})
    plain = analyse(table, metric="value", minimum_effect=0.1, arms=ARMS)
    table["value"] = table["value"].astype("category")
    other = analyse(
        table, metric="value", minimum_effect=0.1, arms=ARMS, weights=weights
    )
    assert other == plain


def test_units_of_other_arms_are_counted_in_the_report():
    """A misspelt arm is otherwise lost without a word."""
    table = experiment(0)
    table.loc[table.index[:3], "arm"] = "contrl"
    done = analyse(table, metric="value", minimum_effect=0.1, arms=ARMS)
    assert done.others == {"contrl": 3}
    assert "Left out: 3 in contrl." in done.report()
    plain = analyse(experiment(0), metric="value", minimum_effect=0.1, arms=ARMS)
    assert "Left out" not in plain.report()
