"""Predict what a house sells for: features, geography, boosting, reasons, intervals.

>>> rmsle([100_000], [110_000]).__round__(3)
0.095
"""

from mlmastery.housing_prices.checks import check_houses, check_prices
from mlmastery.housing_prices.features import AmesFeatures, CaliforniaFeatures
from mlmastery.housing_prices.geography import (
    Kilometres,
    NeighbourPrice,
    SpatialKFold,
    distance_km,
    morans_i,
)
from mlmastery.housing_prices.interpret import (
    by_source,
    ice_curves,
    shapley_values,
    tree_shap,
)
from mlmastery.housing_prices.intervals import (
    conformal_quantile,
    covered,
    group_widths,
    log_errors,
    price_interval,
)
from mlmastery.housing_prices.models import (
    Race,
    SideBySide,
    house_pipeline,
    log_target,
    logs_then_scale,
    preprocessor,
    race,
    rmsle,
    surroundings,
)
from mlmastery.housing_prices.tuning import booster, draw_settings, tune

__all__ = [
    "AmesFeatures",
    "CaliforniaFeatures",
    "Kilometres",
    "NeighbourPrice",
    "Race",
    "SideBySide",
    "SpatialKFold",
    "booster",
    "by_source",
    "check_houses",
    "check_prices",
    "conformal_quantile",
    "covered",
    "distance_km",
    "draw_settings",
    "group_widths",
    "house_pipeline",
    "ice_curves",
    "log_errors",
    "log_target",
    "logs_then_scale",
    "morans_i",
    "preprocessor",
    "price_interval",
    "race",
    "rmsle",
    "shapley_values",
    "surroundings",
    "tree_shap",
    "tune",
]
