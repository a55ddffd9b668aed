from .engines import ENGINES, run_trials
from .store import StoreError, TrialStore
from .worker import KillableWorker

__all__ = [
    "ENGINES",
    "KillableWorker",
    "StoreError",
    "TrialStore",
    "run_trials",
]
