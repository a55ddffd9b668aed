"""What was recorded on the originals is what research found, to the digit."""

import pytest

from mlmastery.ledger import figures_table

KNOWN = {
    "Cookie Cats, sample ratio, p": 0.008608,
    "Cookie Cats, day 1, p": 0.0744097,
    "Cookie Cats, day 7": -0.0082013,
    "Cookie Cats, day 7, p": 0.00155425,
    "Cookie Cats, day 7, at least 30 rounds, p": 0.108,
    "Cookie Cats, P(gate_40 better)": 0.00077734,
    "Cookie Cats, loss of gate_40": 0.0082,
    "Cookie Cats, rounds, p": 0.37592,
    "Cookie Cats, rounds without one player, p": 0.94947,
    "Cookie Cats, ranks of rounds, p": 0.0502088,
    "Hillstrom, sample ratio, p": 0.904,
    "Hillstrom, visit, Mens E-Mail, t": 22.6,
    "Hillstrom, visit, Womens E-Mail, t": 13.98,
    "Hillstrom, spend, Mens E-Mail, t": 5.30,
    "Hillstrom, spend, Womens E-Mail, t": 3.26,
    "Hillstrom, spend, Womens E-Mail, p": 0.00113,
}


@pytest.mark.parametrize(("name", "value"), KNOWN.items())
def test_is_the_reference_value(name, value):
    recorded = figures_table("ab_testing")["value"]
    assert recorded[name] == pytest.approx(value, rel=2e-3)


def test_intervals_hold_the_difference_and_speak_as_the_p_value_does():
    figures = figures_table("ab_testing")
    for name in ("Cookie Cats, day 1", "Cookie Cats, day 7", "Cookie Cats, rounds"):
        row = figures.loc[name]
        certain = abs(row["value"]) > row["spread"]
        assert certain == (figures["value"][f"{name}, p"] < 0.05)
