"""Regularised evolution: change one setting of a good configuration, forget the old.

>>> from mlmastery.automl.space import Float, Space
>>> searcher = EvolutionSearch(Space({"rate": Float(0, 1)}), population=2, sample=2)
>>> for _ in range(4):
...     config = searcher.ask()
...     searcher.tell(config, config["rate"])
>>> len(searcher.alive)
2
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mlmastery.automl.space import Choice, Space
from mlmastery.validation import check_count

from .base import TRIES, Searcher

__all__ = ["EvolutionSearch", "mutate"]


def mutate(
    space: Space, config: Mapping[str, Any], rng: np.random.Generator
) -> dict[str, Any]:
    """Change one active parameter; a choice to another option, a number nearby.

    Parameters
    ----------
    space : Space
    config : mapping
    rng : numpy.random.Generator

    Returns
    -------
    dict
        Parameters that the change makes active are drawn anew.

    Examples
    --------
    >>> from mlmastery.automl.space import Choice
    >>> space = Space({"kind": Choice("a", "b")})
    >>> mutate(space, {"kind": "a"}, np.random.default_rng(0))
    {'kind': 'b'}
    """
    units = space.units(config)
    known = np.array([name in config for name in space.names])
    units = np.where(known, units, rng.random(len(units)))
    at = int(rng.choice(np.flatnonzero(known)))
    parameter = space.parameters[space.names[at]]
    if isinstance(parameter, Choice):
        step = rng.integers(1, parameter.size)
        index = (parameter.index(units[[at]])[0] + step) % parameter.size
        units[at] = (index + 0.5) / parameter.size
    else:
        units[at] = _step(units[at], rng, parameter.size)
    return space.decode(units)


class EvolutionSearch(Searcher):
    """Let the best of a few draw a child; the oldest dies, not the worst.

    Parameters
    ----------
    space : Space
    population : int, default=20
        Configurations that live, and random ones at the start.
    sample : int, default=5
        Rivals of which the best becomes the parent.
    random_state : int, default=0

    Attributes
    ----------
    alive : list of (dict, float)
        Oldest first.

    References
    ----------
    .. [1] Real, Aggarwal, Huang and Le (2019), "Regularized Evolution for Image
       Classifier Architecture Search", AAAI.
    """

    def __init__(
        self,
        space: Space,
        *,
        population: int = 20,
        sample: int = 5,
        random_state: int = 0,
    ) -> None:
        super().__init__(space, random_state=random_state)
        self.population = check_count(population, "population", minimum=2)
        self.sample = check_count(sample, "sample", maximum=population)

    @property
    def alive(self) -> list[tuple[dict[str, Any], float]]:
        """The youngest configurations that did not fail, with their losses."""
        pairs = zip(self.configs, self.losses, strict=True)
        return [(c, loss) for c, loss in pairs if loss == loss][-self.population :]

    def _propose(self) -> dict[str, Any]:
        alive = self.alive
        if len(alive) < self.population:
            return self.unseen()
        for _ in range(TRIES):
            rivals = self.rng.choice(len(alive), self.sample, replace=False)
            parent = min((alive[i] for i in rivals), key=lambda pair: pair[1])
            child = mutate(self.space, parent[0], self.rng)
            if self.is_new(child):
                return child
        return self.unseen()


def _step(u: float, rng: np.random.Generator, size: float) -> float:
    # At least about one value of an integer with few values.
    width = max(0.15, 1 / size)
    stepped = u + rng.normal(0, width)
    return float(np.clip(stepped if 0 <= stepped <= 1 else 2 * u - stepped, 0, 1))
