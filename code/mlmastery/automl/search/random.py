"""Random search: draw each configuration without looking back.

>>> from mlmastery.automl.space import Float, Space
>>> searcher = RandomSearch(Space({"rate": Float(0.001, 1, log=True)}))
>>> 0.001 <= searcher.ask()["rate"] <= 1
True
"""

from __future__ import annotations

from typing import Any

from .base import Searcher

__all__ = ["RandomSearch"]


class RandomSearch(Searcher):
    """Draw configurations uniformly on their scales, without repeats.

    Parameters
    ----------
    space : Space
    random_state : int, default=0

    References
    ----------
    .. [1] Bergstra and Bengio (2012), "Random Search for Hyper-Parameter Optimization",
       Journal of Machine Learning Research 13.
    """

    def _propose(self) -> dict[str, Any]:
        return self.unseen()
