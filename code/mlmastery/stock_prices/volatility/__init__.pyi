from .autoregression import HAR, parkinson_variance
from .conditional import GARCH, GJR, log_likelihood, variance_path
from .losses import qlike, squared_error
from .race import VolatilityRace, forecast_variances, race_volatility
from .smoothing import ewma_variance, rolling_variance

__all__ = [
    "GARCH",
    "GJR",
    "HAR",
    "VolatilityRace",
    "ewma_variance",
    "forecast_variances",
    "log_likelihood",
    "parkinson_variance",
    "qlike",
    "race_volatility",
    "rolling_variance",
    "squared_error",
    "variance_path",
]
