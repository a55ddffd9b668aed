"""The game of both players where it can be solved: three points, a line, two numbers.

>>> optimal_discriminator([0.5, 0.5, 0.0], [0.25, 0.25, 0.5]).round(3).tolist()
[0.667, 0.667, 0.0]
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from mlmastery.gan.losses import discriminator_loss
from mlmastery.validation import as_sample, check_choice, check_count, check_number

__all__ = [
    "bilinear_path",
    "game_value",
    "generator_slopes",
    "js_divergence",
    "optimal_discriminator",
    "train_on_a_line",
]


def _probabilities(values: Any, name: str) -> np.ndarray:
    p = as_sample(values, name, minimum=1)
    if (p < 0).any() or not np.isclose(p.sum(), 1):
        raise ValueError(
            f"{name} must be probabilities that sum to 1, got {p.tolist()}"
        )
    return p


def _pair(p: Any, q: Any) -> tuple[np.ndarray, np.ndarray]:
    p, q = _probabilities(p, "p"), _probabilities(q, "q")
    if p.shape != q.shape:
        raise ValueError(f"p and q must have one length, got {len(p)} and {len(q)}")
    return p, q


def optimal_discriminator(p: Any, q: Any) -> np.ndarray:
    """Return p / (p + q) at each point; 1/2 where neither ever lies.

    Parameters
    ----------
    p, q : array of shape (n,)
        Probabilities of the real data and of the generator.
    """
    p, q = _pair(p, q)
    total = p + q
    return np.divide(p, total, out=np.full_like(total, 0.5), where=total > 0)


def game_value(p: Any, q: Any, d: Any) -> float:
    """Return the sum of p log d + q log(1 - d), what the discriminator maximises.

    Parameters
    ----------
    p, q : array of shape (n,)
    d : array of shape (n,)
        The discriminator's probabilities of "real", from 0 to 1.

    Examples
    --------
    >>> round(game_value([0.5, 0.5], [0.5, 0.5], [0.5, 0.5]), 4)  # -log 4
    -1.3863
    """
    p, q = _pair(p, q)
    d = as_sample(d, "d", minimum=1)
    if d.shape != p.shape or (d < 0).any() or (d > 1).any():
        raise ValueError(f"d must hold {len(p)} numbers from 0 to 1, got {d.tolist()}")
    # A point of probability 0 adds nothing, whatever the logarithm there.
    real, fake = p > 0, q > 0
    with np.errstate(divide="ignore"):
        return float(
            (p[real] * np.log(d[real])).sum() + (q[fake] * np.log1p(-d[fake])).sum()
        )


def js_divergence(p: Any, q: Any) -> float:
    """Return the Jensen–Shannon divergence in nats: 0 if equal, log 2 if disjoint.

    Examples
    --------
    >>> round(js_divergence([1, 0], [0, 1]), 4)  # log 2
    0.6931
    """
    p, q = _pair(p, q)
    return (game_value(p, q, optimal_discriminator(p, q)) + float(np.log(4))) / 2


def generator_slopes(d: Any) -> dict[str, Any]:
    """Return the slope of each generator loss in the score of a generated image.

    Parameters
    ----------
    d : float or array
        The discriminator's probability that the image is real.

    Returns
    -------
    dict
        ``saturating``, of log(1 - D), and ``non-saturating``, of -log D.

    Examples
    --------
    >>> generator_slopes(0.01)
    {'saturating': -0.01, 'non-saturating': -0.99}
    """
    if np.ndim(d):
        d = as_sample(d, "d", minimum=1)
    for extreme in (np.min(d), np.max(d)) if np.ndim(d) else (d,):
        check_number(extreme, "d", 0, 1)
    return {"saturating": -d, "non-saturating": -(1 - d)}


def bilinear_path(
    rate: float, n_steps: int, order: str = "simultaneous", damping: float = 0.0
) -> np.ndarray:
    """Return the points (x, y) of gradient steps on x y, which x lowers and y raises.

    Parameters
    ----------
    rate : float
        Step size.
    n_steps : int
    order : {"simultaneous", "alternating"}
        Whether y answers the old x or the new one.
    damping : float, default=0
        Pull of y towards 0, as by a penalty on the discriminator's gradient.

    Returns
    -------
    ndarray of shape (n_steps + 1, 2)
        From (1, 0).

    Examples
    --------
    >>> path = bilinear_path(0.5, 1)
    >>> float(np.hypot(*path[1]))  # the square root of 1 + 0.25
    1.118033988749895
    """
    check_number(rate, "rate", open=True)
    check_number(damping, "damping")
    check_choice(order, "order", ("simultaneous", "alternating"))
    path = [(1.0, 0.0)]
    for _ in range(check_count(n_steps, "n_steps")):
        x, y = path[-1]
        new_x = x - rate * y
        seen = new_x if order == "alternating" else x
        path.append((new_x, y + rate * (seen - damping * y)))
    return np.array(path)


def train_on_a_line(
    grid: Any, *, n_steps: int = 1000, random_state: int = 0
) -> dict[str, np.ndarray]:
    """Train a discriminator of N(0, 1) against N(2, 0.5²) and compare it with the optimum.

    Parameters
    ----------
    grid : array of shape (n,)
        Where both are wanted.
    n_steps : int, default=1000
        Of Adam, with 256 points of each side.
    random_state : int, default=0

    Returns
    -------
    dict
        ``real`` and ``generated`` densities, ``optimal`` and ``trained`` probabilities,
        each of shape (n,).
    """
    grid = as_sample(grid, "grid")
    check_count(random_state, "random_state", minimum=0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(random_state)
        net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
    adam = torch.optim.Adam(net.parameters(), lr=1e-2)
    rng = torch.Generator().manual_seed(random_state)
    for _ in range(check_count(n_steps, "n_steps")):
        real, fake = torch.randn(2, 256, 1, generator=rng)
        loss = discriminator_loss(net(real), net(2 + 0.5 * fake), "minimax")
        adam.zero_grad()
        loss.backward()
        adam.step()
    p, q = _normal(grid, 0, 1), _normal(grid, 2, 0.5)
    with torch.no_grad():
        scores = net(torch.tensor(grid, dtype=torch.float32)[:, None])[:, 0]
    trained = torch.sigmoid(scores).numpy()
    return {"real": p, "generated": q, "optimal": p / (p + q), "trained": trained}


def _normal(x: np.ndarray, mean: float, sd: float) -> np.ndarray:
    return np.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * np.sqrt(2 * np.pi))
