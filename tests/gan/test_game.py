"""The game against numbers worked out by hand and against a search."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import rel_entr

from mlmastery.gan import (
    bilinear_path,
    game_value,
    generator_slopes,
    js_divergence,
    optimal_discriminator,
    train_on_a_line,
)

P, Q = [0.5, 0.5, 0.0], [0.25, 0.25, 0.5]


def test_optimal_discriminator_by_hand():
    np.testing.assert_allclose(optimal_discriminator(P, Q), [2 / 3, 2 / 3, 0])


def test_a_point_that_nobody_draws_says_nothing():
    assert optimal_discriminator([1, 0], [1, 0]).tolist() == [0.5, 0.5]


def test_no_other_discriminator_earns_more():
    for k, (p, q) in enumerate(zip(P, Q, strict=True)):
        if p and q:
            best = minimize_scalar(
                lambda d, p=p, q=q: -(p * np.log(d) + q * np.log(1 - d)),
                bounds=(1e-6, 1 - 1e-6),
                method="bounded",
            ).x
            assert abs(best - optimal_discriminator(P, Q)[k]) < 1e-4


def test_value_by_hand():
    by_hand = np.log(2 / 3) + np.log(1 / 3) / 2
    best = optimal_discriminator(P, Q)
    assert game_value(P, Q, best) == pytest.approx(by_hand)
    assert game_value(P, P, [0.5] * 3) == pytest.approx(-np.log(4))
    assert game_value([1, 0], [0, 1], [1, 0]) == 0


def test_a_discriminator_that_is_sure_and_wrong_earns_minus_infinity():
    assert game_value([1, 0], [0, 1], [0, 0]) == -np.inf


@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), min_size=2, max_size=6)
)
def test_divergence_equals_scipy(pairs):
    p, q = np.array(pairs).T
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2
    by_scipy = (rel_entr(p, middle) + rel_entr(q, middle)).sum() / 2
    assert js_divergence(p, q) == pytest.approx(by_scipy, abs=1e-9)


def test_slopes_of_both_losses():
    slopes = generator_slopes(0.01)
    assert slopes == pytest.approx({"saturating": -0.01, "non-saturating": -0.99})


def test_simultaneous_steps_grow_by_the_exact_factor():
    radius = np.hypot(*bilinear_path(0.3, 20).T)
    np.testing.assert_allclose(radius[1:] / radius[:-1], np.sqrt(1.09))


def test_alternating_steps_cycle_and_a_penalty_converges():
    radius = np.hypot(*bilinear_path(0.3, 500, "alternating").T)
    assert 0.7 < radius.min()
    assert radius.max() < 1.4
    assert np.hypot(*bilinear_path(0.3, 500, "alternating", 0.5)[-1]) < 1e-6


def test_alternating_uses_the_new_x():
    assert bilinear_path(0.5, 2, "alternating")[-1].tolist() == [0.75, 0.875]
    assert bilinear_path(0.5, 2)[-1].tolist() == [0.75, 1.0]


def test_a_trained_discriminator_finds_the_optimum():
    line = train_on_a_line(np.linspace(-2, 3, 21))
    dense = line["real"] + line["generated"] > 0.05
    assert np.abs(line["trained"] - line["optimal"])[dense].max() < 0.12


@pytest.mark.parametrize(
    ("p", "q", "message"),
    [
        ([0.5, 0.6], [0.5, 0.5], "p must be probabilities"),
        ([0.5, 0.5], [-0.5, 1.5], "q must be probabilities"),
        ([1.0], [0.5, 0.5], "one length"),
        ([np.nan, 1], [0.5, 0.5], "p must hold"),
    ],
)
def test_what_is_no_distribution_is_refused(p, q, message):
    with pytest.raises(ValueError, match=message):
        optimal_discriminator(p, q)


def test_a_discriminator_outside_0_and_1_is_refused():
    with pytest.raises(ValueError, match="d must hold 2 numbers"):
        game_value([0.5, 0.5], [0.5, 0.5], [0.5, 1.5])


def test_densities_on_the_line():
    line = train_on_a_line([0.0, 2.0], n_steps=1)
    peak = 1 / np.sqrt(2 * np.pi)
    assert line["real"] == pytest.approx([peak, peak * np.exp(-2)])
    assert line["generated"] == pytest.approx([2 * peak * np.exp(-8), 2 * peak])
    assert line["optimal"] == pytest.approx(
        line["real"] / (line["real"] + line["generated"])
    )
