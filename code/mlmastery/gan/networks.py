"""Generators and discriminators for images of 28 x 28 pixels, and points of a plane.

>>> import torch
>>> generator, discriminator = make_networks("conv", n_latent=8)
>>> images = generator.eval()(torch.zeros(2, 8))
>>> images.shape, discriminator(images).shape
(torch.Size([2, 1, 28, 28]), torch.Size([2, 1]))
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlmastery.validation import check_choice, check_count

__all__ = [
    "ARCHITECTURES",
    "ConvDiscriminator",
    "ConvGenerator",
    "GrowingDiscriminator",
    "GrowingGenerator",
    "MLPDiscriminator",
    "MLPGenerator",
    "dcgan_generator",
    "make_networks",
    "multiply_adds",
]

ARCHITECTURES = ("mlp", "conv", "growing")
LABELS = (None, "planes", "projection")
N_CLASSES = 10


def one_hot(y: Tensor) -> Tensor:
    """Return labels of shape (B,) as rows of shape (B, 10)."""
    return F.one_hot(y, N_CLASSES).float()


class MLPGenerator(nn.Module):
    """Map noise (B, n_latent) to images (B, 1, 28, 28) by two dense layers.

    Examples
    --------
    >>> MLPGenerator(n_latent=4)(torch.zeros(3, 4)).shape
    torch.Size([3, 1, 28, 28])
    """

    def __init__(self, *, n_latent: int, labels: str | None = None, width: int = 256):
        super().__init__()
        self.labels = labels
        self.net = nn.Sequential(
            nn.Linear(n_latent + (N_CLASSES if labels else 0), width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, 784),
            nn.Tanh(),
        )

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Return images of noise and, if conditional, of classes."""
        if self.labels and y is not None:
            z = torch.cat([z, one_hot(y)], dim=1)
        return self.net(z).view(-1, 1, 28, 28)


class MLPDiscriminator(nn.Module):
    """Map images (B, 1, 28, 28) to scores (B, 1) by two dense layers.

    Examples
    --------
    >>> MLPDiscriminator()(torch.zeros(3, 1, 28, 28)).shape
    torch.Size([3, 1])
    """

    def __init__(self, *, labels: str | None = None, width: int = 256):
        super().__init__()
        self.labels = labels
        self.features = nn.Sequential(
            nn.Flatten(),
            nn.Linear(784 + (N_CLASSES if labels == "planes" else 0), width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, width),
            nn.LeakyReLU(0.2),
        )
        self.head = Head(width, labels)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return scores of images and, if conditional, of classes."""
        if self.labels == "planes" and y is not None:
            x = torch.cat([x.flatten(1), one_hot(y)], dim=1)
        return self.head(self.features(x), y)


class Head(nn.Module):
    """Score features h as w h + b, plus v_y h where the label is projected."""

    def __init__(self, width: int, labels: str | None):
        super().__init__()
        self.linear = nn.Linear(width, 1)
        self.embedding = (
            nn.Embedding(N_CLASSES, width) if labels == "projection" else None
        )

    def forward(self, h: Tensor, y: Tensor | None) -> Tensor:
        """Return scores (B, 1)."""
        score = self.linear(h)  # (B, 1)
        if self.embedding is not None and y is not None:
            score = score + (self.embedding(y) * h).sum(1, keepdim=True)
        return score


class ConvGenerator(nn.Module):
    """Map noise to images by transposed convolutions: 7, 14, 28 pixels wide.

    Examples
    --------
    >>> ConvGenerator(n_latent=4).eval()(torch.zeros(1, 4)).shape
    torch.Size([1, 1, 28, 28])
    """

    def __init__(
        self,
        *,
        n_latent: int,
        labels: str | None = None,
        channels: int = 32,
    ):
        super().__init__()
        self.labels = labels
        self.start = nn.Sequential(
            nn.Linear(n_latent + (N_CLASSES if labels else 0), channels * 49),
            nn.Unflatten(1, (channels, 7, 7)),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
        )
        self.up = nn.Sequential(
            nn.ConvTranspose2d(channels, channels // 2, 4, 2, 1),  # (B, C/2, 14, 14)
            nn.BatchNorm2d(channels // 2),
            nn.ReLU(),
            nn.ConvTranspose2d(channels // 2, 1, 4, 2, 1),  # (B, 1, 28, 28)
            nn.Tanh(),
        )

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Return images of noise and, if conditional, of classes."""
        if self.labels and y is not None:
            z = torch.cat([z, one_hot(y)], dim=1)
        return self.up(self.start(z))


class ConvDiscriminator(nn.Module):
    """Map images to scores by strided convolutions, without batch normalisation.

    Examples
    --------
    >>> ConvDiscriminator()(torch.zeros(3, 1, 28, 28)).shape
    torch.Size([3, 1])
    """

    def __init__(self, *, labels: str | None = None, channels: int = 16):
        super().__init__()
        self.labels = labels
        self.features = nn.Sequential(
            nn.Conv2d(1 + (N_CLASSES if labels == "planes" else 0), channels, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(channels, 2 * channels, 4, 2, 1),  # (B, 2C, 7, 7)
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.head = Head(2 * channels * 49, labels)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return scores of images and, if conditional, of classes."""
        if self.labels == "planes" and y is not None:
            planes = one_hot(y)[:, :, None, None].expand(-1, -1, *x.shape[2:])
            x = torch.cat([x, planes], dim=1)
        return self.head(self.features(x), y)


class GrowingGenerator(nn.Module):
    """Map noise to images of 14 pixels, later of 28; ``alpha`` blends the new layer in.

    Examples
    --------
    >>> generator = GrowingGenerator(n_latent=4).eval()
    >>> generator.small = True
    >>> generator(torch.zeros(1, 4)).shape
    torch.Size([1, 1, 14, 14])
    """

    def __init__(self, *, n_latent: int, labels: str | None = None, channels: int = 32):
        super().__init__()
        if labels:
            raise ValueError(f"growing networks take no labels, got {labels!r}")
        half = channels // 2
        self.alpha, self.small = 1.0, False
        self.start = ConvGenerator(n_latent=n_latent, channels=channels).start
        self.to_14 = nn.Sequential(
            nn.ConvTranspose2d(channels, half, 4, 2, 1), nn.BatchNorm2d(half), nn.ReLU()
        )
        self.image_14 = nn.Conv2d(half, 1, 3, 1, 1)
        self.image_28 = nn.ConvTranspose2d(half, 1, 4, 2, 1)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Return images of noise and, if conditional, of classes."""
        h = self.to_14(self.start(z))
        if self.small:
            return torch.tanh(self.image_14(h))
        new = torch.tanh(self.image_28(h))
        if self.alpha >= 1:
            return new
        old = F.interpolate(torch.tanh(self.image_14(h)), scale_factor=2)
        return (1 - self.alpha) * old + self.alpha * new


class GrowingDiscriminator(nn.Module):
    """Score images of 14 pixels, later of 28, with the same last layers.

    Examples
    --------
    >>> discriminator = GrowingDiscriminator()
    >>> discriminator.small = True
    >>> discriminator(torch.zeros(2, 1, 14, 14)).shape
    torch.Size([2, 1])
    """

    def __init__(self, *, labels: str | None = None, channels: int = 16):
        super().__init__()
        if labels:
            raise ValueError(f"growing networks take no labels, got {labels!r}")
        self.alpha, self.small = 1.0, False
        self.from_28 = nn.Conv2d(1, channels, 4, 2, 1)
        self.from_14 = nn.Conv2d(1, channels, 3, 1, 1)
        self.rest = nn.Sequential(
            nn.LeakyReLU(0.2),
            nn.Conv2d(channels, 2 * channels, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(2 * channels * 49, 1),
        )

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return scores of images and, if conditional, of classes."""
        if self.small:
            return self.rest(self.from_14(x))
        h = self.from_28(x)
        if self.alpha < 1:
            old = self.from_14(F.avg_pool2d(x, 2))
            h = (1 - self.alpha) * old + self.alpha * h
        return self.rest(h)


PAIRS: dict[str, tuple[type[nn.Module], type[nn.Module]]] = {
    "mlp": (MLPGenerator, MLPDiscriminator),
    "conv": (ConvGenerator, ConvDiscriminator),
    "growing": (GrowingGenerator, GrowingDiscriminator),
}


def make_networks(
    architecture: str, *, n_latent: int, labels: str | None = None, seed: int = 0
) -> tuple[nn.Module, nn.Module]:
    """Return a generator and a discriminator with weights drawn from a seed.

    Parameters
    ----------
    architecture : {"mlp", "conv", "growing"}
    n_latent : int
        Numbers of noise per image.
    labels : {None, "planes", "projection"}
        How the discriminator is told the class.
    seed : int, default=0

    Raises
    ------
    ValueError
        If a choice is unknown.

    Examples
    --------
    >>> make_networks("rnn", n_latent=8)
    Traceback (most recent call last):
        ...
    ValueError: architecture must be one of mlp, conv, growing, got 'rnn'
    """
    check_choice(architecture, "architecture", ARCHITECTURES)
    check_choice(labels, "labels", LABELS)
    check_count(n_latent, "n_latent")
    check_count(seed, "seed", minimum=0)
    generator, discriminator = PAIRS[architecture]
    with torch.random.fork_rng(devices=[]):  # the global stream is left as it was
        torch.manual_seed(seed)
        return generator(n_latent=n_latent, labels=labels), discriminator(labels=labels)


def dcgan_generator(size: int, channels: int = 128) -> nn.Sequential:
    """Return an untrained generator of the published shape, for counting its cost.

    Parameters
    ----------
    size : int
        Width of the colour image: a power of 2 of at least 8.
    channels : int, default=128
        Of the last hidden layer; each layer before it has twice as many.

    References
    ----------
    .. [1] Radford, Metz and Chintala (2016), "Unsupervised Representation Learning with
       Deep Convolutional Generative Adversarial Networks".

    Examples
    --------
    >>> dcgan_generator(8, channels=2)(torch.zeros(1, 100, 1, 1)).shape
    torch.Size([1, 3, 8, 8])
    """
    check_count(size, "size", minimum=8)
    check_count(channels, "channels")
    if size & (size - 1):
        raise ValueError(f"size must be a power of 2, got {size}")
    width = channels * size // 8  # channels at 4 x 4
    layers: list[nn.Module] = [nn.ConvTranspose2d(100, width, 4)]
    while width > channels:
        layers += [nn.ReLU(), nn.ConvTranspose2d(width, width // 2, 4, 2, 1)]
        width //= 2
    return nn.Sequential(*layers, nn.ReLU(), nn.ConvTranspose2d(width, 3, 4, 2, 1))


def multiply_adds(network: nn.Module, *inputs: Tensor) -> int:
    """Count the multiplications of dense and convolutional layers for one input batch.

    Parameters
    ----------
    network : Module
        Put into evaluation mode for the count.
    *inputs : Tensor
        As for the network, batch first.

    Examples
    --------
    >>> multiply_adds(nn.Linear(3, 4), torch.zeros(2, 3))
    24
    """
    total = 0

    def count(layer: nn.Module, args: tuple[Tensor, ...], out: Tensor) -> None:
        nonlocal total
        if isinstance(layer, nn.Linear):
            total += out.numel() * layer.in_features
        elif isinstance(layer, nn.ConvTranspose2d):
            # Every input number meets every weight of its channel.
            total += args[0].numel() * layer.weight[0].numel()
        elif isinstance(layer, nn.Conv2d):
            total += out.numel() * layer.weight[0].numel()

    hooks = [layer.register_forward_hook(count) for layer in network.modules()]
    training = network.training
    network.eval()
    with torch.no_grad():
        network(*inputs)
    network.train(training)
    for hook in hooks:
        hook.remove()
    return total
