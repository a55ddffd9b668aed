from .autocorrelation import acf, ljung_box, pacf, white_noise_bound
from .backtest import Backtest, SharpeRatio, hold_next_day, run_backtest, sharpe_ratio
from .causality import LookAheadError, check_causality, find_look_ahead
from .decomposition import centred_average, decompose
from .forecasters import (
    ARIMAForecaster,
    DriftForecaster,
    ETSForecaster,
    FeatureForecaster,
    Forecaster,
    LagForecaster,
    NaiveForecaster,
)
from .indicators import (
    bollinger_bands,
    ema,
    indicator_features,
    macd,
    rsi,
    rsi_variants,
    sma,
    warm_up,
)
from .lstm import LSTMForecaster, SequenceLSTM, build_lstm, lstm_step
from .multistep import OneFeature, RecursiveForecaster, RepeatMean, roll_forward
from .predictive_accuracy import DieboldMariano, diebold_mariano
from .prices import check_prices, find_splits, log_returns
from .race import (
    ReturnRace,
    SuspiciousHitRateWarning,
    best_shift,
    hit_rate,
    r_squared,
    race_returns,
)
from .sequences import create_sequences
from .stationarity import Stationarity, check_stationarity
from .walk_forward import WalkForwardSplit

__all__ = [
    "ARIMAForecaster",
    "Backtest",
    "DieboldMariano",
    "DriftForecaster",
    "ETSForecaster",
    "FeatureForecaster",
    "Forecaster",
    "LSTMForecaster",
    "LagForecaster",
    "LookAheadError",
    "NaiveForecaster",
    "OneFeature",
    "RecursiveForecaster",
    "RepeatMean",
    "ReturnRace",
    "SequenceLSTM",
    "SharpeRatio",
    "Stationarity",
    "SuspiciousHitRateWarning",
    "WalkForwardSplit",
    "acf",
    "best_shift",
    "bollinger_bands",
    "build_lstm",
    "centred_average",
    "check_causality",
    "check_prices",
    "check_stationarity",
    "create_sequences",
    "decompose",
    "diebold_mariano",
    "ema",
    "find_look_ahead",
    "find_splits",
    "hit_rate",
    "hold_next_day",
    "indicator_features",
    "ljung_box",
    "log_returns",
    "lstm_step",
    "macd",
    "pacf",
    "r_squared",
    "race_returns",
    "roll_forward",
    "rsi",
    "rsi_variants",
    "run_backtest",
    "sharpe_ratio",
    "sma",
    "warm_up",
    "white_noise_bound",
]
