"""Collapse, kept failing, and its repair."""

import numpy as np
import pytest
import torch

from mlmastery.gan import (
    covered_modes,
    discriminator_loss,
    r1_penalty,
    ring_centres,
    ring_points,
    train_ring,
)
from mlmastery.gan.ring import RECIPES, _RingGame


def test_centres_and_points():
    centres = ring_centres()
    np.testing.assert_allclose(np.hypot(*centres.T), 2)
    points = ring_points(20000, torch.Generator().manual_seed(0)).numpy()
    modes, near = covered_modes(points)
    # within 4 standard deviations in the plane: 1 - exp(-8)
    assert modes == 8
    assert near == pytest.approx(1 - np.exp(-8), abs=0.002)
    nearest = np.linalg.norm(points[:, None] - centres, axis=2).min(axis=1)
    assert np.sqrt((nearest**2).mean() / 2) == pytest.approx(0.05, rel=0.03)


def test_modes_need_their_share():
    points = np.repeat(ring_centres()[:2], [97, 3], axis=0)
    assert covered_modes(points) == (2, 1.0)
    assert covered_modes(points, share=0.05) == (1, 1.0)
    assert covered_modes([[5.0, 5.0]]) == (0, 0.0)


def test_watching_changes_nothing():
    plain = train_ring("R1", n_steps=20, random_state=3)
    watched = train_ring("R1", n_steps=20, watch_every=5, random_state=3)
    np.testing.assert_array_equal(plain.points, watched.points)
    assert sorted(watched.pictures) == [0, 5, 10, 15, 20]


def test_unknown_recipe_and_points_of_another_shape():
    with pytest.raises(ValueError, match="recipe must be one of plain"):
        train_ring("hope")
    with pytest.raises(ValueError, match="points must be finite"):
        covered_modes([[1.0, np.nan]])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_generator_ahead_collapses(seed):
    """The failing run of the page: it must go on failing."""
    assert (
        covered_modes(train_ring("generator ahead", random_state=seed).points)[0] <= 2
    )


def test_equal_steps_alone_bring_the_modes_back():
    """The same recipe with one thing changed, the ratio of the steps."""
    assert RECIPES["plain"] == ("minimax", 1, 1, 0.0)
    assert RECIPES["generator ahead"] == ("minimax", 1, 5, 0.0)
    assert covered_modes(train_ring("plain", random_state=1).points)[0] >= 7


@pytest.mark.parametrize(
    "recipe", ["R1", pytest.param("WGAN-GP", marks=pytest.mark.slow)]
)
def test_the_repaired_runs_cover_all_modes(recipe):
    modes, near = covered_modes(train_ring(recipe, random_state=1).points)
    assert modes == 8
    assert near > 0.6


def test_r1_looks_at_real_points_alone():
    game = _RingGame("R1", 0)
    state = game.rng.get_state()
    loss = game._critic_loss()
    game.rng.set_state(state)
    real = ring_points(128, game.rng)
    fake = game.generator(game._noise(128)).detach()
    plain = discriminator_loss(game.critic(real), game.critic(fake), "minimax")
    expected = plain + 0.5 * r1_penalty(game.critic, real)
    assert loss.item() == pytest.approx(expected.item())
    loss.backward()
    assert all(w.grad is None for w in game.generator.parameters())
