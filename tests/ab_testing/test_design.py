"""Power and sample size against R's documented values and statsmodels."""

import math

import pytest
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import (
    proportion_effectsize,
    samplesize_proportions_2indep_onetail,
)

from mlmastery.ab_testing import (
    minimum_effect,
    power,
    power_proportions,
    sample_size,
    sample_size_proportions,
)
from mlmastery.inference import required_test_size


def test_power_is_that_of_r():
    """power.t.test(n = 20, delta = 1) prints 0.8689528: it leaves out the far tail."""
    assert power(20, 1, far_tail=False) == pytest.approx(0.8689528, abs=5e-8)
    assert power(20, 1) == pytest.approx(0.8689530, abs=5e-8)


@pytest.mark.parametrize("effect", [0.0, -0.3, 1.5])
@pytest.mark.parametrize(("n", "n_b"), [(20, 20), (30, 90), (5, 2)])
def test_power_is_that_of_statsmodels(effect, n, n_b):
    theirs = TTestIndPower().power(effect / 2, n, 0.01, ratio=n_b / n)
    assert power(n, effect, 2, n_b=n_b, alpha=0.01) == pytest.approx(theirs, abs=1e-9)


def test_power_without_an_effect_is_alpha():
    assert power(50, 0, alpha=0.03) == pytest.approx(0.03)


def test_sample_size_is_that_of_r_and_statsmodels():
    assert sample_size(1, power=0.9) == pytest.approx(22.02110, abs=2e-5)
    theirs = TTestIndPower().solve_power(0.25, power=0.7, alpha=0.1, ratio=3)
    ours = sample_size(-0.5, 2, power=0.7, alpha=0.1, ratio=3)
    assert ours == pytest.approx(theirs, rel=1e-7)


def test_the_effect_is_divided_by_the_deviation_and_not_by_the_variance():
    assert sample_size(3, 9) == pytest.approx(sample_size(1, 3))


@pytest.mark.parametrize("ratio", [0.25, 1.0, 8.0])
def test_sample_size_has_the_power_that_was_asked_for(ratio):
    n = sample_size(0.4, power=0.85, ratio=ratio)
    assert power(n, 0.4, n_b=ratio * n) == pytest.approx(0.85, abs=1e-8)


def test_an_arm_has_at_least_two_units():
    assert sample_size(100, power=0.5) == 2
    assert sample_size(1000, power=0.5, ratio=0.5) == 4


@pytest.mark.parametrize("n", [3, 50, 100_000])
def test_minimum_effect_turns_the_question_round(n):
    effect = minimum_effect(n, 3, power=0.9)
    assert power(n, effect, 3) == pytest.approx(0.9, abs=1e-8)


def test_proportions_are_those_of_r_and_need_no_halved_alpha():
    """power.prop.test(p1 = .03, p2 = .02, power = .8) prints n = 3825.15.

    statsmodels' function of that name halves alpha itself, in spite of "onetail".
    """
    ours = sample_size_proportions(0.03, 0.02)
    assert ours == pytest.approx(3825.15, abs=5e-3)
    theirs = samplesize_proportions_2indep_onetail(0.01, 0.02, 0.8, alpha=0.05)
    assert ours == pytest.approx(float(theirs), rel=1e-9)
    halved = samplesize_proportions_2indep_onetail(0.01, 0.02, 0.8, alpha=0.025)
    assert math.floor(float(halved)) == 4632


@pytest.mark.parametrize(
    ("method", "n"),
    [("pooled", 14_750.79), ("unpooled", 14_748.05), ("arcsine", 14_744.14)],
)
def test_three_variances_give_three_sizes(method, n):
    assert sample_size_proportions(0.10, 0.11, method=method) == pytest.approx(
        n, abs=6e-3
    )


def test_arcsine_is_that_of_statsmodels_but_for_the_far_tail():
    effect = proportion_effectsize(0.11, 0.10)
    theirs = NormalIndPower().solve_power(effect, power=0.8, alpha=0.05)
    ours = sample_size_proportions(0.10, 0.11, method="arcsine")
    assert 0 < ours / theirs - 1 < 3e-6


def test_proportions_agree_with_the_room_of_intervals():
    ours = sample_size_proportions(0.9, 0.85, power=0.9)
    assert math.ceil(ours) == required_test_size(0.9, 0.85, power=0.9)


def test_power_of_proportions_turns_the_question_round():
    n = sample_size_proportions(0.2, 0.25, power=0.9, alpha=0.01)
    assert power_proportions(n, 0.2, 0.25, alpha=0.01) == pytest.approx(0.9)
    assert power_proportions(n, 0.25, 0.2, alpha=0.01) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: power(1, 1), "n must be a number above 1, got 1"),
        (lambda: power(5, 1, n_b=1), "n_b must be a number above 1, got 1"),
        (lambda: power(5, 1, 0), "sd must be a number above 0, got 0"),
        (lambda: power(5, 1, alpha=5), "alpha must lie between 0 and 1, got 5"),
        (lambda: sample_size(0), "effect must be a number above 0, got 0"),
        (lambda: sample_size(1, ratio=0), "ratio must be a number above 0, got 0"),
        (lambda: sample_size(1, power=1), "power must lie between 0 and 1, got 1"),
        (lambda: minimum_effect(9, power=1), "power must lie between 0 and 1"),
        (lambda: minimum_effect(9, 0), "sd must be a number above 0, got 0"),
        (lambda: sample_size_proportions(0.1, 0.1), "must differ, both are 0.1"),
        (lambda: sample_size_proportions(10, 0.1), "p_a must lie between 0 and 1"),
        (lambda: sample_size_proportions(0.1, 1), "p_b must lie between 0 and 1"),
        (
            lambda: sample_size_proportions(0.1, 0.2, method="exact"),
            "method must be one of pooled, unpooled, arcsine, got 'exact'",
        ),
        (lambda: power_proportions(0, 0.1, 0.2), "n must be a number above 0, got 0"),
        (
            lambda: power_proportions(9, 0.1, 0.2, alpha=0),
            "alpha must lie between 0 and 1",
        ),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        call()


@pytest.mark.parametrize("effect", [float("nan"), float("inf"), "1", None, [1]])
@pytest.mark.parametrize("function", [lambda e: power(20, e), sample_size])
def test_an_effect_is_a_number(function, effect):
    with pytest.raises(ValueError, match="effect must be a number"):
        function(effect)


@pytest.mark.parametrize("wanted", [0.01, 0.05])
def test_a_power_that_chance_alone_reaches_is_refused(wanted):
    for call in (
        lambda: minimum_effect(100, power=wanted),
        lambda: sample_size_proportions(0.1, 0.2, power=wanted),
    ):
        with pytest.raises(ValueError, match=r"power must be above alpha = 0\.05"):
            call()
