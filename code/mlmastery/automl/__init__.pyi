from .search.base import Searcher, SpaceExhausted
from .search.evolution import EvolutionSearch, mutate
from .search.gaussian_process import (
    GaussianProcess,
    GaussianProcessSearch,
    cholesky_with_jitter,
    expected_improvement,
    matern,
    most_likely_process,
)
from .search.grid import GridSearch
from .search.random import RandomSearch
from .search.tpe import CountDensity, ParzenDensity, TPESearch, split_good_bad
from .space import Choice, Float, Integer, Space

__all__ = [
    "Choice",
    "CountDensity",
    "EvolutionSearch",
    "Float",
    "GaussianProcess",
    "GaussianProcessSearch",
    "GridSearch",
    "Integer",
    "ParzenDensity",
    "RandomSearch",
    "Searcher",
    "Space",
    "SpaceExhausted",
    "TPESearch",
    "cholesky_with_jitter",
    "expected_improvement",
    "matern",
    "most_likely_process",
    "mutate",
    "split_good_bad",
]
