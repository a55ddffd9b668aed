"""Shapes, labels, growth and the count of multiplications."""

import pytest
import torch
from torch import nn

from mlmastery.gan import (
    averaged_copy,
    dcgan_generator,
    make_networks,
    multiply_adds,
    update_average,
)
from mlmastery.gan.networks import GrowingDiscriminator, GrowingGenerator

Y = torch.tensor([3, 7])


@pytest.mark.parametrize("architecture", ["mlp", "conv"])
@pytest.mark.parametrize("labels", [None, "planes", "projection"])
def test_shapes(architecture, labels):
    generator, discriminator = make_networks(architecture, n_latent=5, labels=labels)
    y = None if labels is None else Y
    images = generator(torch.zeros(2, 5), y)
    assert images.shape == (2, 1, 28, 28)
    assert images.abs().max() <= 1
    assert discriminator(images, y).shape == (2, 1)


@pytest.mark.parametrize("architecture", ["mlp", "conv"])
@pytest.mark.parametrize("labels", ["planes", "projection"])
def test_labels_reach_both_players(architecture, labels):
    generator, discriminator = make_networks(architecture, n_latent=5, labels=labels)
    z, x = torch.zeros(2, 5), torch.zeros(2, 1, 28, 28)
    first, second = generator.eval()(z, Y)
    assert not torch.equal(first, second)
    x[:] = torch.linspace(-1, 1, 28)
    one, other = discriminator(x, Y)
    assert one.item() != other.item()


def test_projection_by_hand():
    _, discriminator = make_networks("mlp", n_latent=2, labels="projection")
    head = discriminator.head
    with torch.no_grad():
        head.linear.weight.zero_()
        head.linear.weight[0, 0] = 1
        head.linear.bias.zero_()
        head.embedding.weight.zero_()
        head.embedding.weight[7, 1] = 1
        head.embedding.weight[1, 1] = -1
    h = torch.zeros(2, 256)
    h[:, 0], h[:, 1] = 1, 2
    assert head(h, torch.tensor([7, 1])).flatten().tolist() == [3, -1]


def test_seeds_make_the_weights_and_leave_the_global_stream():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first, second, other = (
        make_networks("mlp", n_latent=2, seed=s)[0].net[0].weight for s in (1, 1, 2)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_blend_of_a_growing_generator():
    generator = GrowingGenerator(n_latent=3).eval()
    z = torch.randn(2, 3)
    generator.small = True
    small = generator(z)
    generator.small, generator.alpha = False, 1.0
    new = generator(z)
    generator.alpha = 0.25
    old = small.repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert torch.allclose(generator(z), 0.75 * old + 0.25 * new, atol=1e-6)


def test_the_blend_of_a_growing_discriminator_starts_at_the_small_one():
    discriminator = GrowingDiscriminator()
    x = torch.randn(2, 1, 28, 28)
    discriminator.alpha = 0.0
    blended = discriminator(x)
    discriminator.small = True
    small = discriminator(nn.functional.avg_pool2d(x, 2))
    assert torch.allclose(blended, small, atol=1e-6)
    discriminator.small, discriminator.alpha = False, 0.5
    assert not torch.allclose(discriminator(x), small)


def test_the_networks_have_the_sizes_that_the_page_tells():
    """32 and 16 channels in the generator, 16 and 32 in the discriminator."""
    widths = {}
    for kind in ("conv", "growing"):
        for player, network in zip("GD", make_networks(kind, n_latent=5), strict=True):
            layers = (nn.Conv2d, nn.ConvTranspose2d)
            found = [n for n in network.modules() if isinstance(n, layers)]
            widths[kind, player] = [(n.in_channels, n.out_channels) for n in found]
    assert widths["conv", "G"] == [(32, 16), (16, 1)]
    assert widths["conv", "D"] == [(1, 16), (16, 32)]
    assert widths["growing", "G"] == [(32, 16), (16, 1), (16, 1)]
    assert widths["growing", "D"] == [(1, 16), (1, 16), (16, 32)]


@pytest.mark.parametrize("kind", ["mlp", "conv", "growing"])
def test_a_discriminator_lets_a_fifth_of_a_negative_gradient_through(kind):
    _, discriminator = make_networks(kind, n_latent=5)
    leaky = [n for n in discriminator.modules() if isinstance(n, nn.LeakyReLU)]
    assert [n.negative_slope for n in leaky] == [0.2] * 2


def test_growing_networks_take_no_labels():
    with pytest.raises(ValueError, match="take no labels"):
        make_networks("growing", n_latent=2, labels="planes")


def test_multiply_adds_by_hand():
    assert multiply_adds(nn.Linear(3, 4), torch.zeros(5, 3)) == 60
    # 2 x 2 places, 3 channels from 2, 3 x 3 weights
    conv = nn.Conv2d(2, 3, 3)
    assert multiply_adds(conv, torch.zeros(1, 2, 4, 4)) == 4 * 3 * 2 * 9
    back = nn.ConvTranspose2d(2, 3, 4, 2, 1)
    assert multiply_adds(back, torch.zeros(1, 2, 5, 5)) == 25 * 2 * 3 * 16
    assert conv.training
    assert not conv._forward_hooks


def test_published_shape():
    # 1024 channels at 4 x 4 for 64 pixels, as published
    with torch.device("meta"):
        net = dcgan_generator(64)
        assert net(torch.zeros(1, 100, 1, 1)).shape == (1, 3, 64, 64)
    assert net[0].out_channels == 1024
    with pytest.raises(ValueError, match="power of 2"):
        dcgan_generator(28)


def test_average_by_hand_and_its_buffers():
    network = nn.BatchNorm1d(1)
    average = averaged_copy(network)
    with torch.no_grad():
        network.weight.fill_(3.0)
        network.running_mean.fill_(2.0)
        network.num_batches_tracked.fill_(8)
    update_average(average, network, 0.99)
    assert average.weight.item() == pytest.approx(1.02)
    assert average.running_mean.item() == pytest.approx(0.02)
    assert average.num_batches_tracked.item() == 8
    assert not average.training


def test_decay_0_copies_to_the_bit():
    generator, _ = make_networks("conv", n_latent=4, seed=1)
    average = averaged_copy(make_networks("conv", n_latent=4, seed=2)[0])
    generator(torch.randn(8, 4))  # moves the running statistics
    update_average(average, generator, 0)
    theirs = generator.state_dict()
    assert all(torch.equal(v, theirs[k]) for k, v in average.state_dict().items())
    before = {k: v.clone() for k, v in average.state_dict().items()}
    generator(torch.randn(8, 4))
    update_average(average, generator, 1)
    floats = [k for k, v in before.items() if v.is_floating_point()]
    assert all(torch.equal(before[k], average.state_dict()[k]) for k in floats)
