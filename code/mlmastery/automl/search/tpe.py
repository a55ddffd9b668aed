"""The tree-structured Parzen estimator by hand: a density of the good, one of the bad.

>>> kernel = ParzenDensity([0.2, 0.3])
>>> bool(kernel.log_density([0.25])[0] > kernel.log_density([0.9])[0])
True
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import logsumexp, ndtr
from scipy.stats import truncnorm

from mlmastery.automl.space import Choice, Parameter, Space
from mlmastery.validation import check_count, check_share

from .base import Searcher

__all__ = ["CountDensity", "ParzenDensity", "TPESearch", "split_good_bad"]


class ParzenDensity:
    """A mixture on the unit interval: one normal for each point, and a wide one.

    Each normal is cut off at 0 and 1. Its standard deviation is the larger distance to
    a neighbour, at least ``1 / min(100, n + 2)``; the wide one, at 0.5 with standard
    deviation 1, keeps every place possible.

    Parameters
    ----------
    points : array of shape (n,)
        Between 0 and 1; may be empty.
    """

    def __init__(self, points: Any) -> None:
        points = np.asarray(points, float)
        if not ((points >= 0) & (points <= 1)).all():
            raise ValueError("points must lie between 0 and 1")
        self.means = np.append(points, 0.5)
        self.sds = np.append(_neighbour_distances(points), 1.0)

    def log_density(self, u: Any) -> np.ndarray:
        """Return the logarithm of the density at shares ``u``, shape (m,)."""
        u = np.asarray(u, float)[:, None]
        inside = ndtr((1 - self.means) / self.sds) - ndtr(-self.means / self.sds)
        z = (u - self.means) / self.sds
        logs = -0.5 * z**2 - np.log(self.sds * math.sqrt(2 * math.pi) * inside)
        return logsumexp(logs, axis=1) - math.log(len(self.means))

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Draw n shares."""
        at = rng.integers(len(self.means), size=n)
        mean, sd = self.means[at], self.sds[at]
        low, high = -mean / sd, (1 - mean) / sd
        return truncnorm.rvs(low, high, loc=mean, scale=sd, random_state=rng)


class CountDensity:
    """Shares of options, each counted once more than it was seen.

    Parameters
    ----------
    choice : Choice
    points : array of shape (n,)
        Shares of the options seen.
    """

    def __init__(self, choice: Choice, points: Any) -> None:
        self.choice = choice
        seen = np.bincount(choice.index(np.asarray(points)), minlength=choice.size)
        self.shares = (seen + 1) / (seen.sum() + choice.size)

    def log_density(self, u: Any) -> np.ndarray:
        """Return the logarithm of the share of each option, shape (m,)."""
        return np.log(self.shares[self.choice.index(np.asarray(u))])

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Draw n options, as the middle of their shares."""
        at = rng.choice(self.choice.size, size=n, p=self.shares)
        return (at + 0.5) / self.choice.size


def split_good_bad(losses: Any, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the best losses and of the others.

    Parameters
    ----------
    losses : array of shape (n,)
    share : float
        Of the good, between 0 and 1; at least one is good.

    Examples
    --------
    >>> split_good_bad([3.0, 1.0, 2.0, 4.0], 0.25)
    (array([1]), array([2, 0, 3]))
    """
    check_share(share, "share")
    order = np.argsort(losses, kind="stable")
    n_good = max(1, math.ceil(share * len(order)))
    return order[:n_good], order[n_good:]


class TPESearch(Searcher):
    """Draw candidates like the good configurations and unlike the bad ones.

    Parameters
    ----------
    space : Space
    n_initial : int, default=8
        Random configurations before the first model.
    n_candidates : int, default=24
        Draws from the density of the good, for each proposal.
    share : float, default=0.15
        Of the evaluations that count as good.
    random_state : int, default=0

    References
    ----------
    .. [1] Bergstra, Bardenet, Bengio and Kégl (2011), "Algorithms for Hyper-Parameter
       Optimization", NeurIPS.
    """

    def __init__(
        self,
        space: Space,
        *,
        n_initial: int = 8,
        n_candidates: int = 24,
        share: float = 0.15,
        random_state: int = 0,
    ) -> None:
        super().__init__(space, random_state=random_state)
        self.n_initial = check_count(n_initial, "n_initial", minimum=2)
        self.n_candidates = check_count(n_candidates, "n_candidates")
        self.share = check_share(share, "share")

    def densities(self) -> list[tuple[Any, Any]]:
        """Return for each parameter the densities of the good and of the bad."""
        units, losses = self.history()
        active = self.space.active(units)
        good, bad = split_good_bad(losses, self.share)
        return [
            tuple(_density(p, units[rows, j][active[rows, j]]) for rows in (good, bad))
            for j, p in enumerate(self.space.parameters.values())
        ]

    def log_ratio(self, units: np.ndarray) -> np.ndarray:
        """Return log good minus log bad, summed over the active parameters.

        Parameters
        ----------
        units : ndarray of shape (n, n_parameters)

        Returns
        -------
        ndarray of shape (n,)
        """
        columns = [
            good.log_density(units[:, j]) - bad.log_density(units[:, j])
            for j, (good, bad) in enumerate(self.densities())
        ]
        return (np.array(columns).T * self.space.active(units)).sum(axis=1)

    def _propose(self) -> dict[str, Any]:
        if self.n_finite < self.n_initial:
            return self.unseen()
        columns = [
            good.sample(self.n_candidates, self.rng) for good, _ in self.densities()
        ]
        candidates = np.array(columns).T
        for at in np.argsort(-self.log_ratio(candidates), kind="stable"):
            config = self.space.decode(candidates[at])
            if self.is_new(config):
                return config
        return self.unseen()


def _density(parameter: Parameter, points: np.ndarray) -> Any:
    if isinstance(parameter, Choice):
        return CountDensity(parameter, points)
    return ParzenDensity(points)


def _neighbour_distances(points: np.ndarray) -> np.ndarray:
    order = np.argsort(points, kind="stable")
    padded = np.concatenate([[0.0], points[order], [1.0]])
    gaps = np.diff(padded)
    widths = np.empty(len(points))
    widths[order] = np.maximum(gaps[:-1], gaps[1:])
    return np.clip(widths, 1 / min(100, len(points) + 2), 1)
