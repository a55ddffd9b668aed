"""What goes wrong on the page goes on going wrong."""

import pytest
import torch
from torch import nn

from mlmastery.gan import bce_loss, make_networks


def test_without_detach_the_generator_collects_a_gradient():
    generator, discriminator = make_networks("mlp", n_latent=4)
    for detach in (True, False):
        generator.zero_grad()
        fake = generator(torch.ones(3, 4))
        fake = fake.detach() if detach else fake
        bce_loss(discriminator(fake), torch.zeros(3, 1)).backward()
        leaks = [w.grad is not None for w in generator.parameters()]
        assert any(leaks) is not detach


def test_one_image_has_no_batch_variance():
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        nn.BatchNorm1d(4)(torch.ones(1, 4))


def test_batch_mates_change_an_image_in_training_mode():
    generator, _ = make_networks("conv", n_latent=4)
    z = torch.randn(8, 4, generator=torch.Generator().manual_seed(0))
    first, second = generator(z)[0], generator(z[:4])[0]
    assert (first - second).abs().max() > 1e-3
