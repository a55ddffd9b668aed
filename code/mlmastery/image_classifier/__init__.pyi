from .by_hand import average_pool2d, conv2d, conv2d_loops, max_pool2d, output_size
from .explain import (
    at_temperature,
    fit_temperature,
    grad_cam,
    occlusion_map,
    perfect_calibration_error,
)
from .networks import CNNClassifier, DivergenceError, as_batch, augmentation, build_cnn
from .oddities import write_odd_folder
from .race import (
    crossed_interval,
    curve_differences,
    curve_intervals,
    learning_curve,
    recorded_ablation,
    recorded_curves,
    recorded_groups,
    recorded_settings,
    tuned_setting,
)
from .record import recorded_race
from .transfer import (
    FineTunedClassifier,
    FrozenClassifier,
    backbone,
    linear_probe,
)

__all__ = [
    "CNNClassifier",
    "DivergenceError",
    "FineTunedClassifier",
    "FrozenClassifier",
    "as_batch",
    "at_temperature",
    "augmentation",
    "average_pool2d",
    "backbone",
    "build_cnn",
    "conv2d",
    "conv2d_loops",
    "crossed_interval",
    "curve_differences",
    "curve_intervals",
    "fit_temperature",
    "grad_cam",
    "learning_curve",
    "linear_probe",
    "max_pool2d",
    "occlusion_map",
    "output_size",
    "perfect_calibration_error",
    "recorded_ablation",
    "recorded_curves",
    "recorded_groups",
    "recorded_race",
    "recorded_settings",
    "tuned_setting",
    "write_odd_folder",
]
