"""Losses against PyTorch's, penalties against values by hand."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from mlmastery.gan import (
    bce_loss,
    discriminator_loss,
    generator_loss,
    generator_slopes,
    gradient_norms,
    gradient_penalty,
    interpolate,
    r1_penalty,
)

WEIGHT = torch.tensor([[3.0], [4.0]])


def linear(x):
    return x @ WEIGHT


def test_bce_by_hand():
    scores, targets = torch.tensor([[2.0], [-1.0]]), torch.tensor([[1.0], [0.0]])
    assert bce_loss(scores, targets).item() == pytest.approx(0.2201, abs=5e-5)


def test_bce_equals_the_library_in_value_and_gradient():
    scores = torch.tensor([[-60.0], [-2.0], [0.0], [3.0], [80.0]], requires_grad=True)
    targets = torch.tensor([[1.0], [0.0], [1.0], [0.0], [1.0]])
    theirs = F.binary_cross_entropy_with_logits(scores, targets)
    ours = bce_loss(scores, targets)
    assert torch.allclose(ours, theirs)
    grads = [torch.autograd.grad(loss, scores)[0] for loss in (ours, theirs)]
    assert torch.allclose(*grads)


@pytest.mark.parametrize("shape", [(2,), (1, 2), (2, 2), (3, 1)])
def test_unequal_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="one shape"):
        bce_loss(torch.zeros(2, 1), torch.zeros(shape))


def test_broadcasting_would_have_given_another_loss():
    """The fault that the refusal prevents, with both values."""
    scores, targets = torch.tensor([[2.0], [-1.0]]), torch.tensor([1.0, 0.0])
    broadcast = (F.softplus(scores) - targets * scores).mean().item()
    assert broadcast == pytest.approx(0.9701, abs=5e-5)
    squared = (scores - targets).square().mean().item()
    paired = (scores - targets[:, None]).square().mean().item()
    assert (squared, paired) == (2.5, 1.0)


def test_discriminator_earns_the_value_of_the_game():
    real, fake = torch.tensor([[1.0], [2.0]]), torch.tensor([[-1.0], [0.5]])
    value = torch.sigmoid(real).log().mean() + torch.sigmoid(-fake).log().mean()
    loss = discriminator_loss(real, fake, "minimax")
    assert torch.allclose(loss, -value)
    assert discriminator_loss(real, fake, "wasserstein").item() == pytest.approx(-1.75)


@pytest.mark.parametrize(
    ("objective", "name"),
    [("minimax", "non-saturating"), ("saturating", "saturating")],
)
def test_generator_slopes(objective, name):
    score = torch.tensor([[-3.0]], requires_grad=True)
    generator_loss(score, objective).backward()
    d = torch.sigmoid(score).item()
    assert score.grad.item() == pytest.approx(generator_slopes(d)[name])


def test_wasserstein_generator_wants_high_scores():
    assert generator_loss(torch.tensor([[1.0], [3.0]]), "wasserstein").item() == -2


def test_one_share_per_sample():
    rng = torch.Generator().manual_seed(0)
    real, fake = torch.rand(2, 16, 1, 5, 5)
    shares = (interpolate(real, fake, rng) - fake) / (real - fake)
    flat = shares.flatten(1)
    assert torch.allclose(flat, flat[:, :1].expand_as(flat), atol=1e-3)
    assert len(flat[:, 0].mul(1e3).round().unique()) > 10
    assert ((flat > -1e-3) & (flat < 1 + 1e-3)).all()


def test_interpolation_refuses_unequal_shapes():
    with pytest.raises(ValueError, match="one shape"):
        interpolate(torch.zeros(3, 2), torch.zeros(1, 2), torch.Generator())


def test_penalties_by_hand():
    x = torch.randn(7, 2)
    assert gradient_norms(linear, x).detach().numpy() == pytest.approx(np.full(7, 5.0))
    assert gradient_penalty(linear, x).item() == pytest.approx(16)
    assert r1_penalty(linear, x).item() == pytest.approx(12.5)


def test_the_penalty_has_a_gradient_in_the_weights():
    critic = nn.Linear(2, 1)
    nn.init.constant_(critic.weight, 1.0)
    gradient_penalty(critic, torch.zeros(3, 2)).backward()
    # (r - 1)², r = √2: 2 (r - 1) w / r
    expected = 2 * (2**0.5 - 1) / 2**0.5
    assert critic.weight.grad.flatten().tolist() == pytest.approx([expected] * 2, 1e-4)


def test_a_flat_critic_has_a_finite_gradient():
    critic = nn.Linear(2, 1)
    nn.init.zeros_(critic.weight)
    gradient_penalty(critic, torch.zeros(3, 2)).backward()
    assert torch.isfinite(critic.weight.grad).all()
