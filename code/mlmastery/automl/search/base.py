"""Ask for a configuration, tell its loss: what every searcher shares.

>>> from mlmastery.automl.space import Choice, Space
>>> class First(Searcher):
...     def _propose(self):
...         return self.unseen()
>>> searcher = First(Space({"kind": Choice("a", "b")}))
>>> configs = [searcher.ask() for _ in range(2)]
>>> sorted(config["kind"] for config in configs)
['a', 'b']
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from mlmastery.automl.space import Space

__all__ = ["Searcher", "SpaceExhausted"]

TRIES = 100  # draws before the whole space is listed


class SpaceExhausted(RuntimeError):
    """Every configuration of a finite space has been proposed."""


class Searcher:
    """Keep what was proposed and what it scored; never propose a point twice.

    A subclass writes `_propose`. Several configurations may be asked for before the
    first loss is told: these are *pending*.

    Parameters
    ----------
    space : Space
    random_state : int, default=0

    Attributes
    ----------
    configs : list of dict
        Those whose loss was told, in that order.
    losses : list of float
        NaN where the evaluation failed.
    pending : dict
        Those asked for and not told, by `Space.key`.

    Raises
    ------
    SpaceExhausted
        From `ask`, if each configuration of a finite space was proposed.
    """

    def __init__(self, space: Space, *, random_state: int = 0) -> None:
        if not isinstance(space, Space):
            raise TypeError(f"space must be a Space, got {type(space).__name__}")
        self.space = space
        self.random_state = random_state
        self.rng = np.random.default_rng(random_state)
        self.configs: list[dict[str, Any]] = []
        self.losses: list[float] = []
        self.pending: dict[str, dict[str, Any]] = {}
        self._queue: list[dict[str, Any]] = []
        self._seen: set[str] = set()
        self._units: list[np.ndarray] = []

    def enqueue(self, configs: Iterable[Mapping[str, Any]]) -> None:
        """Let these configurations be proposed first, in order: a warm start.

        Raises
        ------
        ValueError
            If one of them is not a configuration of the space.

        Examples
        --------
        >>> from mlmastery.automl.search.random import RandomSearch
        >>> from mlmastery.automl.space import Float, Space
        >>> searcher = RandomSearch(Space({"rate": Float(0, 1)}))
        >>> searcher.enqueue([{"rate": 0.5}])
        >>> searcher.ask()
        {'rate': 0.5}
        """
        for config in configs:
            self.space.units(config)  # refuses what is not of the space
            self._queue.append(dict(config))

    def ask(self) -> dict[str, Any]:
        """Return a configuration that was not proposed before."""
        config = self._from_queue() or self._propose()
        key = self.space.key(config)
        self._seen.add(key)
        self.pending[key] = config
        return dict(config)

    def tell(self, config: Mapping[str, Any], loss: float) -> None:
        """Learn the loss of a configuration, proposed here or not.

        Parameters
        ----------
        config : mapping
        loss : float
            To be minimised. NaN and infinity mean that the evaluation failed.

        Raises
        ------
        ValueError
            If it is not a configuration of the space.
        """
        units = self.space.units(config)
        key = self.space.key(config)
        self.pending.pop(key, None)
        self._seen.add(key)
        self._units.append(units)
        self.configs.append(dict(config))
        self.losses.append(float(loss) if math.isfinite(loss) else math.nan)

    @property
    def best(self) -> tuple[dict[str, Any], float]:
        """Return the configuration with the smallest loss, and that loss.

        Raises
        ------
        ValueError
            If no evaluation has succeeded.
        """
        if not self.n_finite:
            raise ValueError("no evaluation has succeeded yet")
        at = int(np.nanargmin(self.losses))
        return self.configs[at], self.losses[at]

    @property
    def n_finite(self) -> int:
        """Number of evaluations that succeeded."""
        return sum(map(math.isfinite, self.losses))

    def is_new(self, config: Mapping[str, Any]) -> bool:
        """Return whether a configuration was neither proposed nor told."""
        return self.space.key(config) not in self._seen

    def unseen(self) -> dict[str, Any]:
        """Draw a configuration that was not proposed before.

        Raises
        ------
        SpaceExhausted
            If there is none left.
        """
        for _ in range(TRIES):
            config = self.space.sample(self.rng)
            if self.is_new(config):
                return config
        if math.isfinite(self.space.size):
            left = [c for c in self.space.enumerate() if self.is_new(c)]
            if left:
                return left[self.rng.integers(len(left))]
        raise SpaceExhausted(
            f"all {len(self._seen)} configurations of the space were proposed"
        )

    def history(self) -> tuple[np.ndarray, np.ndarray]:
        """Return shares and losses of all evaluations; a failed one has the worst loss.

        Returns
        -------
        units : ndarray of shape (n, n_parameters)
        losses : ndarray of shape (n,)
        """
        units = np.array(self._units).reshape(-1, len(self.space.names))
        losses = np.array(self.losses)
        # A failure teaches "not here", in the scale of the losses that are known.
        worst = np.nanmax(losses) if self.n_finite else 0.0
        return units, np.where(np.isnan(losses), worst, losses)

    def _from_queue(self) -> dict[str, Any] | None:
        while self._queue:
            config = self._queue.pop(0)
            if self.is_new(config):
                return config
        return None

    def _propose(self) -> dict[str, Any]:
        raise NotImplementedError
