"""Grid search: every combination of equally spaced values.

>>> from mlmastery.automl.space import Float, Space
>>> searcher = GridSearch(Space({"rate": Float(0, 1)}), points=3)
>>> [searcher.ask()["rate"] for _ in range(3)]
[0.0, 0.5, 1.0]
"""

from __future__ import annotations

from typing import Any

from mlmastery.automl.space import Space

from .base import Searcher, SpaceExhausted

__all__ = ["GridSearch"]


class GridSearch(Searcher):
    """Go through a grid, from its first corner or in random order.

    Parameters
    ----------
    space : Space
    points : int, default=3
        Values of each parameter.
    shuffle : bool, default=False
        Whether the order is random: a grid that is cut short then covers the space.
    random_state : int, default=0

    Raises
    ------
    SpaceExhausted
        From `ask`, at the end of the grid.
    """

    def __init__(
        self,
        space: Space,
        *,
        points: int = 3,
        shuffle: bool = False,
        random_state: int = 0,
    ) -> None:
        super().__init__(space, random_state=random_state)
        self.points = points
        self.shuffle = shuffle
        configs = space.grid(points)
        order = self.rng.permutation(len(configs)) if shuffle else range(len(configs))
        self._left = [configs[i] for i in order]

    def _propose(self) -> dict[str, Any]:
        while self._left:
            config = self._left.pop(0)
            if self.is_new(config):
                return config
        raise SpaceExhausted(f"the grid of {self.points} points each is at its end")
