from .boosting import BoostedTrees, leaf_depths, split_gain
from .checks import check_houses, check_prices
from .conformal import (
    conformal_quantile,
    covered,
    group_widths,
    log_errors,
    pooled_coverage,
    price_interval,
)
from .features import AmesFeatures, CaliforniaFeatures
from .geography import (
    LocalProjection,
    NeighbourPrice,
    SpatialKFold,
    distance_km,
    morans_i,
)
from .interpret import (
    by_source,
    compare_importance,
    ice_curves,
    largest_contributions,
    shapley_values,
    tree_shap,
)
from .models import (
    cross_validate_rmsle,
    house_pipeline,
    location_features,
    log_target,
    logs_then_scale,
    preprocessor,
    rmsle,
)
from .tuning import booster, draw_settings, learning_curves, tune

__all__ = [
    "AmesFeatures",
    "BoostedTrees",
    "CaliforniaFeatures",
    "LocalProjection",
    "NeighbourPrice",
    "SpatialKFold",
    "booster",
    "by_source",
    "check_houses",
    "check_prices",
    "compare_importance",
    "conformal_quantile",
    "covered",
    "cross_validate_rmsle",
    "distance_km",
    "draw_settings",
    "group_widths",
    "house_pipeline",
    "ice_curves",
    "largest_contributions",
    "leaf_depths",
    "learning_curves",
    "location_features",
    "log_errors",
    "log_target",
    "logs_then_scale",
    "morans_i",
    "pooled_coverage",
    "preprocessor",
    "price_interval",
    "rmsle",
    "shapley_values",
    "split_gain",
    "tree_shap",
    "tune",
]
