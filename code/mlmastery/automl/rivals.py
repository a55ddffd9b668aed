"""The searchers of a race by their names, and the seconds that whole systems get.

>>> list(SEARCHERS)[:2]
['random', 'evolution']
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from .race import OptunaSearch
from .search.evolution import EvolutionSearch
from .search.gaussian_process import GaussianProcessSearch
from .search.random import RandomSearch
from .search.tpe import TPESearch

__all__ = ["SEARCHERS", "SECONDS"]

SEARCHERS: dict[str, Callable[..., Any]] = {
    "random": RandomSearch,
    "evolution": EvolutionSearch,
    "TPE": TPESearch,
    "GP": GaussianProcessSearch,
    "Optuna TPE": OptunaSearch,
    "Optuna random": partial(OptunaSearch, sampler="random"),
}
SECONDS = 15.0
