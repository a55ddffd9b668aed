"""Losses of both players and penalties on the discriminator's gradient.

Scores are logits of shape (B, 1): the discriminator's probability is their sigmoid.

>>> import torch
>>> round(float(bce_loss(torch.tensor([[2.0], [-1.0]]), torch.tensor([[1.0], [0.0]]))), 4)
0.2201
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from mlmastery.validation import check_choice

__all__ = [
    "OBJECTIVES",
    "bce_loss",
    "discriminator_loss",
    "generator_loss",
    "gradient_norms",
    "gradient_penalty",
    "interpolate",
    "penalised_loss",
    "r1_penalty",
]


OBJECTIVES = ("minimax", "saturating", "wasserstein")


def bce_loss(scores: Tensor, targets: Tensor) -> Tensor:
    """Return the binary cross-entropy of scores and targets of one shape.

    Parameters
    ----------
    scores : Tensor of shape (B, 1)
        Logits.
    targets : Tensor of shape (B, 1)
        Ones for real, zeros for generated.

    Raises
    ------
    ValueError
        If the shapes differ: broadcasting (B, 1) against (B,) would compare every score
        with every target.

    Examples
    --------
    >>> bce_loss(torch.zeros(2, 1), torch.ones(2))
    Traceback (most recent call last):
        ...
    ValueError: scores and targets must have one shape, got (2, 1) and (2,)
    """
    if scores.shape != targets.shape:
        raise ValueError(
            "scores and targets must have one shape, "
            f"got {tuple(scores.shape)} and {tuple(targets.shape)}"
        )
    # softplus(s) - t s is -t log D - (1 - t) log(1 - D) without overflow, D = sigmoid(s)
    return (F.softplus(scores) - targets * scores).mean()


def discriminator_loss(real: Tensor, fake: Tensor, objective: str) -> Tensor:
    """Return the discriminator's loss from its scores of real and generated images.

    Parameters
    ----------
    real, fake : Tensor of shape (B, 1)
    objective : {"minimax", "saturating", "wasserstein"}
        The first two, which differ for the generator, are one here.

    Examples
    --------
    >>> round(float(discriminator_loss(torch.zeros(4, 1), torch.zeros(4, 1), "minimax")), 4)
    1.3863
    """
    check_choice(objective, "objective", OBJECTIVES)
    if objective == "wasserstein":
        return fake.mean() - real.mean()
    return bce_loss(real, torch.ones_like(real)) + bce_loss(
        fake, torch.zeros_like(fake)
    )


def generator_loss(fake: Tensor, objective: str) -> Tensor:
    """Return the generator's loss from the discriminator's scores of its images.

    Parameters
    ----------
    fake : Tensor of shape (B, 1)
    objective : {"minimax", "saturating", "wasserstein"}
        ``minimax`` is the non-saturating loss -log D, which has the same fixed point as
        ``saturating``, log(1 - D), and a gradient where D is sure.

    Examples
    --------
    >>> round(float(generator_loss(torch.zeros(4, 1), "minimax")), 4)
    0.6931
    """
    check_choice(objective, "objective", OBJECTIVES)
    if objective == "wasserstein":
        return -fake.mean()
    if objective == "saturating":
        return -bce_loss(fake, torch.zeros_like(fake))
    return bce_loss(fake, torch.ones_like(fake))


def interpolate(real: Tensor, fake: Tensor, generator: torch.Generator) -> Tensor:
    """Return points between pairs of samples: one share per sample, not per pixel.

    Examples
    --------
    >>> rng = torch.Generator().manual_seed(0)
    >>> between = interpolate(torch.ones(2, 3), torch.zeros(2, 3), rng)
    >>> bool((between == between[:, :1]).all())
    True
    """
    if real.shape != fake.shape:
        raise ValueError(
            "real and fake must have one shape, "
            f"got {tuple(real.shape)} and {tuple(fake.shape)}"
        )
    shares = torch.rand(len(real), *[1] * (real.dim() - 1), generator=generator)
    return shares * real + (1 - shares) * fake


def gradient_norms(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return the length of the critic's gradient at each sample, shape (B,)."""
    x = x.detach().requires_grad_(True)
    (slopes,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    # The smallest number that keeps the root's own gradient finite at 0.
    return (slopes.flatten(1).square().sum(1) + 1e-12).sqrt()


def gradient_penalty(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return the mean squared distance of the gradient's length from 1.

    Parameters
    ----------
    critic : callable
        Maps samples of shape (B, ...) to scores of shape (B, 1), each from its own
        sample.
    x : Tensor of shape (B, ...)
        From `interpolate`.

    References
    ----------
    .. [1] Gulrajani et al. (2017), "Improved Training of Wasserstein GANs".

    Examples
    --------
    >>> weight = torch.tensor([[3.0], [4.0]])
    >>> round(float(gradient_penalty(lambda x: x @ weight, torch.zeros(5, 2))), 6)
    16.0
    """
    return (gradient_norms(critic, x) - 1).square().mean()


def r1_penalty(critic: Callable[[Tensor], Tensor], real: Tensor) -> Tensor:
    """Return half the mean squared length of the gradient at real samples.

    References
    ----------
    .. [1] Mescheder, Geiger and Nowozin (2018), "Which Training Methods for GANs do
       actually Converge?"

    Examples
    --------
    >>> weight = torch.tensor([[3.0], [4.0]])
    >>> round(float(r1_penalty(lambda x: x @ weight, torch.zeros(5, 2))), 6)
    12.5
    """
    return gradient_norms(critic, real).square().mean() / 2


def penalised_loss(
    critic: Callable[[Tensor], Tensor],
    real: Tensor,
    fake: Tensor,
    objective: str,
    penalty: float,
    generator: torch.Generator,
) -> Tensor:
    """Return the discriminator's loss with the penalty that belongs to its objective.

    Parameters
    ----------
    critic : callable
        Maps samples of shape (B, ...) to scores of shape (B, 1).
    real, fake : Tensor of shape (B, ...)
    objective : {"minimax", "saturating", "wasserstein"}
    penalty : float
        Factor of the gradient penalty between the samples (``wasserstein``) or of R1
        at the real ones; 0 for none.
    generator : torch.Generator
        Of the points between.
    """
    loss = discriminator_loss(critic(real), critic(fake), objective)
    if not penalty:
        return loss
    if objective == "wasserstein":
        between = interpolate(real, fake, generator)
        return loss + penalty * gradient_penalty(critic, between)
    return loss + penalty * r1_penalty(critic, real)
