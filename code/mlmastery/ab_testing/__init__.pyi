from .adjustment import adjust, cuped, relative_cuped, theta
from .assignment import Layer, assign, hash_to_unit, is_covered
from .bayes import (
    BetaRate,
    NormalEffect,
    expected_loss,
    normal_posterior,
    probability_better,
    rope_decision,
)
from .comparison import Comparison
from .design import (
    minimum_effect,
    power,
    power_proportions,
    sample_size,
    sample_size_proportions,
)
from .experiment import RAMP, Experiment, ExperimentStateError
from .means import paired_t_test, relative_lift, t_test
from .multiple import benjamini_hochberg, bonferroni, holm
from .proportions import (
    ChiSquare,
    chi_square,
    sample_ratio_check,
    two_proportion_test,
)
from .ranks import mann_whitney
from .ratio import ratio_test, ratio_variance
from .report import Analysis, analyse
from .resampling import bootstrap_test
from .sequential import (
    always_valid_p_value,
    always_valid_test,
    crossing_probability,
    group_sequential_bounds,
    mixture_radius,
)
from .simulation import Trial, audit, binomial_bounds, repeat_test
from .trials import bootstrap_trial, draw_users, make_trials

__all__ = [
    "RAMP",
    "Analysis",
    "BetaRate",
    "ChiSquare",
    "Comparison",
    "Experiment",
    "ExperimentStateError",
    "Layer",
    "NormalEffect",
    "Trial",
    "adjust",
    "always_valid_p_value",
    "always_valid_test",
    "analyse",
    "assign",
    "audit",
    "benjamini_hochberg",
    "binomial_bounds",
    "bonferroni",
    "bootstrap_test",
    "bootstrap_trial",
    "chi_square",
    "crossing_probability",
    "cuped",
    "draw_users",
    "expected_loss",
    "group_sequential_bounds",
    "hash_to_unit",
    "holm",
    "is_covered",
    "make_trials",
    "mann_whitney",
    "minimum_effect",
    "mixture_radius",
    "normal_posterior",
    "paired_t_test",
    "power",
    "power_proportions",
    "probability_better",
    "ratio_test",
    "ratio_variance",
    "relative_cuped",
    "relative_lift",
    "repeat_test",
    "rope_decision",
    "sample_ratio_check",
    "sample_size",
    "sample_size_proportions",
    "t_test",
    "theta",
    "two_proportion_test",
]
