from .by_hand import average_pool2d, conv2d, conv2d_loops, max_pool2d, output_size
from .explain import (
    at_temperature,
    fit_temperature,
    grad_cam,
    occlusion_map,
)
from .networks import CNNClassifier, as_batch, augmentation, build_cnn
from .oddities import write_odd_folder
from .race import learning_curve, recorded_ablation
from .record import recorded_race
from .transfer import (
    FineTunedClassifier,
    FrozenClassifier,
    backbone,
    linear_probe,
)

__all__ = [
    "CNNClassifier",
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
    "fit_temperature",
    "grad_cam",
    "learning_curve",
    "linear_probe",
    "max_pool2d",
    "occlusion_map",
    "output_size",
    "recorded_ablation",
    "recorded_race",
    "write_odd_folder",
]
