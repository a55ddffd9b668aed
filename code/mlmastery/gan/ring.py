"""Mode collapse on demand: a GAN of points on a ring of eight normal distributions.

>>> run = train_ring("plain", n_steps=2, watch_every=1)
>>> sorted(run.pictures), run.points.shape
([0, 1, 2], (2000, 2))
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mlmastery.gan.losses import generator_loss, penalised_loss
from mlmastery.validation import as_numbers, check_choice, check_count

__all__ = [
    "RECIPES",
    "RingRun",
    "covered_modes",
    "ring_centres",
    "ring_points",
    "train_ring",
]

RADIUS, SIGMA = 2.0, 0.05
# objective, discriminator steps, generator steps, penalty
RECIPES: dict[str, tuple[str, int, int, float]] = {
    "plain": ("minimax", 1, 1, 0.0),
    "generator ahead": ("minimax", 1, 5, 0.0),
    "generator ahead, R1": ("minimax", 1, 5, 0.5),
    "R1": ("minimax", 1, 1, 0.5),
    "WGAN-GP": ("wasserstein", 3, 1, 0.1),
}


@dataclass(frozen=True)
class RingRun:
    """A trained ring: the last points, and points on the way by step.

    Parameters
    ----------
    points : ndarray of shape (2000, 2)
    pictures : dict of int to ndarray
    """

    points: np.ndarray
    pictures: dict[int, np.ndarray] = field(default_factory=dict)


def ring_centres() -> np.ndarray:
    """Return the eight means, shape (8, 2), on a circle of radius 2."""
    angles = np.arange(8) * np.pi / 4
    return RADIUS * np.column_stack([np.cos(angles), np.sin(angles)])


def ring_points(n: int, generator: torch.Generator) -> Tensor:
    """Draw ``n`` points around random means, with a standard deviation of 0.05."""
    centres = torch.from_numpy(ring_centres()).float()
    chosen = torch.randint(8, (n,), generator=generator)
    return centres[chosen] + SIGMA * torch.randn(n, 2, generator=generator)


def covered_modes(
    points: Any, near: float = 0.2, share: float = 0.02
) -> tuple[int, float]:
    """Return how many means are covered, and the share of points near one.

    Parameters
    ----------
    points : array of shape (n, 2)
    near : float, default=0.2
        Distance within which a point belongs to a mean: four standard deviations.
    share : float, default=0.02
        Of the points that a covered mean has at least; a fair share would be 1/8.

    Examples
    --------
    >>> covered_modes([[2.0, 0.0], [0.0, 0.0]])
    (1, 0.5)
    """
    points = as_numbers(points, "points")
    wrong = points.ndim != 2 or points.shape[1] != 2 or not len(points)
    if wrong or not np.isfinite(points).all():
        raise ValueError(f"points must be finite, of shape (n, 2), got {points.shape}")
    distances = np.linalg.norm(points[:, None] - ring_centres(), axis=2)
    close = distances <= near  # (n, 8)
    return int((close.mean(axis=0) >= share).sum()), float(close.any(axis=1).mean())


def train_ring(
    recipe: str, *, n_steps: int = 2000, watch_every: int = 0, random_state: int = 0
) -> RingRun:
    """Train two dense networks on the ring by one of the ``RECIPES``.

    Parameters
    ----------
    recipe : str
    n_steps : int, default=2000
        Updates of the discriminator, or rounds of them.
    watch_every : int, default=0
        Keep 500 points every so many steps; 0 for none.
    random_state : int, default=0

    Raises
    ------
    ValueError
        If the recipe is unknown.
    """
    check_choice(recipe, "recipe", RECIPES)
    check_count(n_steps, "n_steps")
    check_count(watch_every, "watch_every", minimum=0)
    check_count(random_state, "random_state", minimum=0)
    game = _RingGame(recipe, random_state)
    pictures = {}
    for step in range(n_steps):
        if watch_every and step % watch_every == 0:
            pictures[step] = game.draw(500)
        game.play()
    if watch_every:
        pictures[n_steps] = game.draw(500)
    return RingRun(game.draw(2000), pictures)


class _RingGame:
    """Both players, their optimisers and their random numbers."""

    def __init__(self, recipe: str, random_state: int):
        self.objective, self.d_steps, self.g_steps, self.penalty = RECIPES[recipe]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(random_state)
            self.generator, self.critic = _dense(2), _dense(1)
        self.adams = [
            torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.5, 0.9))
            for net in (self.generator, self.critic)
        ]
        self.rng = torch.Generator().manual_seed(random_state)

    def play(self) -> None:
        for _ in range(self.d_steps):
            self._descend(1, self._critic_loss())
        for _ in range(self.g_steps):
            scores = self.critic(self.generator(self._noise(128)))
            self._descend(0, generator_loss(scores, self.objective))

    def _critic_loss(self) -> Tensor:
        real = ring_points(128, self.rng)
        fake = self.generator(self._noise(128)).detach()
        return penalised_loss(
            self.critic, real, fake, self.objective, self.penalty, self.rng
        )

    def _descend(self, player: int, loss: Tensor) -> None:
        self.adams[player].zero_grad()
        loss.backward()
        self.adams[player].step()

    def _noise(self, n: int) -> Tensor:
        return torch.randn(n, 2, generator=self.rng)

    @torch.no_grad()
    def draw(self, n: int) -> np.ndarray:
        # Noise of its own, the same at each step: watching changes nothing.
        z = torch.randn(n, 2, generator=torch.Generator().manual_seed(n))
        return self.generator(z).numpy()


def _dense(n_out: int) -> nn.Sequential:
    return nn.Sequential(
        *(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU()),
        nn.Linear(64, n_out),
    )
