"""Cats and dogs: convolution by hand, a network of one's own, and a borrowed one.

The names are imported from their modules when first asked for, since some of them
bring TensorFlow or PyTorch along.

>>> from mlmastery.image_classifier import output_size
>>> output_size(224, 3)
222
"""

from importlib import import_module
from typing import Any

_HOME = {
    "by_hand": (
        *("average_pool2d", "conv2d", "conv2d_loops", "max_pool2d", "output_size"),
        "windows",
    ),
    "explain": (
        *("at_temperature", "expected_calibration_error", "fit_temperature"),
        *("grad_cam", "occlusion_map", "reliability"),
    ),
    "networks": (
        *("CNNClassifier", "as_batch", "augmentation", "build_cnn"),
        *("make_callbacks", "two_classes"),
    ),
    "oddities": ("write_odd_folder",),
    "race": ("Entrants", "learning_curve", "paired", "with_intervals"),
    "transfer": (
        *("BACKBONES", "FineTunedClassifier", "FrozenClassifier", "backbone"),
        *("linear_probe", "to_rgb"),
    ),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_MODULE)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE[name]}"), name)
