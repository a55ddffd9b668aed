from .engines import ENGINES, run_trials
from .ensemble import select_ensemble
from .halving import Rung, halve, hyperband, hyperband_brackets, largest_power
from .meta import (
    meta_features,
    nearest_tasks,
    portfolio,
    regret_table,
    standardised_distances,
)
from .models import ModelSpace, table_pipeline
from .nas.architectures import (
    ARCHITECTURE_SPACE,
    ARCHITECTURES,
    architecture_masks,
    n_parameters,
)
from .nas.batched import BatchedNetwork, split_digits, train_all, train_alone
from .nas.proxies import judge_proxies, kendall_tau, selection_gap, tau_interval
from .nas.weight_sharing import SharedNetwork
from .optimism import best_of_noisy, expected_maximum
from .race import OptunaSearch, at_evaluation, race_searchers, repeats
from .regret import mean_ranks, regret_curve, run_search
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
from .store import StoreError, TrialStore
from .suite import SUITE, Task, load_task
from .system import AutoMLClassifier, AutoMLRegressor, BudgetError
from .tabulated import KERNEL_SPACE, TabulatedTask, tabulate
from .worker import KillableWorker

__all__ = [
    "ARCHITECTURES",
    "ARCHITECTURE_SPACE",
    "ENGINES",
    "KERNEL_SPACE",
    "SUITE",
    "AutoMLClassifier",
    "AutoMLRegressor",
    "BatchedNetwork",
    "BudgetError",
    "Choice",
    "CountDensity",
    "EvolutionSearch",
    "Float",
    "GaussianProcess",
    "GaussianProcessSearch",
    "GridSearch",
    "Integer",
    "KillableWorker",
    "ModelSpace",
    "OptunaSearch",
    "ParzenDensity",
    "RandomSearch",
    "Rung",
    "Searcher",
    "SharedNetwork",
    "Space",
    "SpaceExhausted",
    "StoreError",
    "TPESearch",
    "TabulatedTask",
    "Task",
    "TrialStore",
    "architecture_masks",
    "at_evaluation",
    "best_of_noisy",
    "cholesky_with_jitter",
    "expected_improvement",
    "expected_maximum",
    "halve",
    "hyperband",
    "hyperband_brackets",
    "judge_proxies",
    "kendall_tau",
    "largest_power",
    "load_task",
    "matern",
    "mean_ranks",
    "meta_features",
    "most_likely_process",
    "mutate",
    "n_parameters",
    "nearest_tasks",
    "portfolio",
    "race_searchers",
    "regret_curve",
    "regret_table",
    "repeats",
    "run_search",
    "run_trials",
    "select_ensemble",
    "selection_gap",
    "split_digits",
    "split_good_bad",
    "standardised_distances",
    "table_pipeline",
    "tabulate",
    "tau_interval",
    "train_all",
    "train_alone",
]
