from .backtest import Backtest, SharpeRatio, hold_next_day, run_backtest, sharpe_ratio
from .causality import LookAheadError, check_causality, find_look_ahead
from .predictive_accuracy import DieboldMariano, diebold_mariano

__all__ = [
    "Backtest",
    "DieboldMariano",
    "LookAheadError",
    "SharpeRatio",
    "check_causality",
    "diebold_mariano",
    "find_look_ahead",
    "hold_next_day",
    "run_backtest",
    "sharpe_ratio",
]
