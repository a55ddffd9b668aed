"""The generator keeps the Handbook's rules."""

import numpy as np
import pytest

from mlmastery.fraud_detection import distance, simulate


def test_rows_are_sorted_and_numbered(cards):
    assert cards["time"].is_monotonic_increasing
    assert cards["id"].tolist() == list(range(len(cards)))
    assert (cards["amount"] >= 0).all()
    assert (cards["amount"] * 100 - (cards["amount"] * 100).round()).abs().max() < 1e-6
    assert ((cards["scenario"] > 0) == (cards["fraud"] == 1)).all()


def test_one_seed_gives_one_world(cards):
    again = simulate(300, 600, 60, random_state=3).transactions
    assert again.equals(cards)
    assert not simulate(300, 600, 60, random_state=4).transactions.equals(again)


def test_every_terminal_is_in_reach(world):
    cards = world.transactions
    home = world.customers.set_index("customer").loc[cards["customer"]]
    spot = world.terminals.set_index("terminal").loc[cards["terminal"]]
    far = distance(*home[["x", "y"]].to_numpy().T, *spot[["x", "y"]].to_numpy().T)
    assert far.max() <= 5


def test_all_large_amounts_are_fraud_and_only_they_are_of_scenario_1(cards):
    assert (cards.loc[cards["amount"] > 220, "fraud"] == 1).all()
    assert (cards.loc[cards["scenario"] == 1, "amount"] > 220).all()


def test_a_compromised_terminal_has_nothing_but_fraud_on_its_days(cards):
    bad = cards[cards["scenario"] == 2]
    terminal = bad["terminal"].iloc[0]
    own = cards[cards["terminal"] == terminal]
    days = own["time"].dt.normalize()
    inside = days.between(days[bad.index[0]], days[bad.index[0]])
    assert (own.loc[inside, "fraud"] == 1).all()


def test_a_compromised_terminal_is_free_after_four_weeks():
    cards = simulate(2000, 2000, 60, random_state=1).transactions
    bad = cards[cards["scenario"] == 2]
    day = (bad["time"] - cards["time"].min()).dt.days
    span = day.groupby(bad["terminal"]).agg(["min", "max"])
    once = (span["max"] - span["min"] + 1).value_counts()
    # One that is drawn once is bad for 28 days; few are drawn twice.
    assert once.idxmax() == 28
    assert once.get(29, 0) < once[28]


def test_leaked_cards_pay_about_five_times_as_much(world):
    cards = world.transactions
    mean = world.customers.set_index("customer")["mean_amount"]
    ratio = cards["amount"] / mean.loc[cards["customer"]].to_numpy()
    leaked = ratio[cards["scenario"] == 3]
    # A card may be drawn twice, and then pay 25 times as much.
    assert 4 < leaked.median() < 7
    assert 0.9 < ratio[cards["scenario"] == 0].mean() < 1.1


def test_counts_follow_the_rules():
    cards = simulate(2000, 4000, 60, random_state=0).transactions
    a_day = len(cards) / 60 / 2000
    # 2 a day for those with a terminal, less the 3 % drawn outside the day
    assert 1.75 < a_day < 2.05
    kinds = cards["scenario"].value_counts()
    # 3 cards a day, 14 days, a third of 2 payments: about 26 a day
    assert 18 < kinds[3] / 60 < 30
    # 2 terminals a day, 28 days, half a payment short of 1 a day each, less the end
    assert 0.6 * 28 < kinds[2] / 60 < 2 * 28


def test_travel_adds_a_scenario_and_leaves_the_rest():
    still = simulate(300, 600, 30, random_state=1).transactions
    moving = simulate(300, 600, 30, random_state=1, travel=2).transactions
    stolen = moving["scenario"] == 4
    assert 50 < stolen.sum() < 600
    assert (moving["amount"] == still["amount"]).all()
    assert (moving["time"] == still["time"]).all()
    assert moving[~stolen].equals(still[~stolen])
    changed = (moving["terminal"] != still["terminal"])[stolen]
    assert changed.mean() > 0.95


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2, 100, 5), "n_customers"),
        ((100, 1, 5), "n_terminals"),
        ((100, 100, 0), "n_days"),
    ],
)
def test_sizes_that_are_too_small(arguments, message):
    with pytest.raises(ValueError, match=message):
        simulate(*arguments)


def test_the_first_day_may_be_chosen():
    cards = simulate(50, 100, 3, start="2020-02-28").transactions
    days = cards["time"].dt.strftime("%m-%d").unique().tolist()
    assert days == ["02-28", "02-29", "03-01"]
    assert np.issubdtype(cards["time"].dtype, np.datetime64)
