"""From records to a verdict: every fault counted, every verdict reached."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmastery.ab_testing import analyse, cuped, one_row_per_unit, t_test
from mlmastery.ab_testing.report import WORDS

ARMS = ("control", "treatment")


@pytest.fixture
def exposures():
    rows = [
        ("u1", "a", 10),
        ("u2", "b", 10),
        ("u1", "a", 5),
        ("u3", "a", 7),
        ("u4", "b", 1),
    ]
    return pd.DataFrame(rows, columns=["unit", "arm", "time"])


def events(*rows):
    return pd.DataFrame(rows, columns=["event", "unit", "time", "value"])


def test_a_unit_is_one_row_with_the_sum_of_its_events(exposures):
    made = one_row_per_unit(
        exposures, events((1, "u1", 11, 2.0), (2, "u1", 12, 3.0), (3, "u2", 10, 1.0))
    )
    assert made.table.set_index("unit")["value"].to_dict() == {
        "u1": 5.0, "u2": 1.0, "u3": 0.0, "u4": 0.0
    }  # fmt: skip
    assert set(made.faults.values()) == {0}


def test_an_event_sent_again_counts_once(exposures):
    made = one_row_per_unit(exposures, events((1, "u3", 8, 2.0), (1, "u3", 8, 2.0)))
    assert made.table["value"].sum() == 2
    assert made.faults["events sent again"] == 1


def test_a_clock_that_is_wrong_does_not_reach_back(exposures):
    """Time of the *first* exposure: u1 met the experiment at 5, not at 10."""
    rows = (1, "u1", 4, 9.0), (2, "u1", 5, 1.0), (3, "u1", 7, 1.0)
    made = one_row_per_unit(exposures, events(*rows))
    assert made.table["value"].sum() == 2
    assert made.faults["events before exposure"] == 1


def test_an_assignment_that_changed_belongs_to_neither_arm(exposures):
    moved = pd.concat(
        [exposures, pd.DataFrame({"unit": ["u3"], "arm": ["b"], "time": [9]})]
    )
    made = one_row_per_unit(moved, events((1, "u3", 12, 5.0), (2, "u2", 12, 1.0)))
    assert "u3" not in set(made.table["unit"])
    assert made.table["value"].sum() == 1
    assert made.faults["units in two arms"] == 1


def test_events_of_strangers_are_counted(exposures):
    made = one_row_per_unit(exposures, events((1, "x", 12, 5.0)))
    assert made.faults["events of unknown units"] == 1
    assert made.table["value"].sum() == 0


@given(st.permutations(range(6)))
def test_the_order_of_events_does_not_matter(order):
    seen = pd.DataFrame({"unit": ["u", "v"], "arm": ["a", "b"], "time": [1, 2]})
    rows = [(i % 4, "uv"[i % 2], i % 4, 1.0) for i in range(6)]
    made = one_row_per_unit(seen, events(*(rows[i] for i in order)))
    assert made.table["value"].tolist() == [1.0, 1.0]


def test_a_missing_column_is_named(exposures):
    with pytest.raises(
        ValueError, match=r"exposures must have .* got none called time"
    ):
        one_row_per_unit(exposures.drop(columns="time"), events())
    with pytest.raises(ValueError, match=r"events must have .* called value"):
        one_row_per_unit(exposures, events().drop(columns="value"))


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
