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
    ice_curves,
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
from .tuning import booster, draw_settings, tune

__all__ = [
    "AmesFeatures",
    "CaliforniaFeatures",
    "LocalProjection",
    "NeighbourPrice",
    "SpatialKFold",
    "booster",
    "by_source",
    "check_houses",
    "check_prices",
    "conformal_quantile",
    "covered",
    "cross_validate_rmsle",
    "distance_km",
    "draw_settings",
    "group_widths",
    "house_pipeline",
    "ice_curves",
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
    "tree_shap",
    "tune",
]
