from .assignment import Layer, assign, hash_to_unit, is_covered
from .experiment import RAMP, Experiment, ExperimentStateError

__all__ = [
    "RAMP",
    "Experiment",
    "ExperimentStateError",
    "Layer",
    "assign",
    "hash_to_unit",
    "is_covered",
]
