from .closed_form import normal_equations, qr_least_squares
from .convergence import (
    columns_determine_weights,
    condition_number,
    convergence_factor,
    iterations_to_reach,
    largest_curvature,
)
from .cost import Line, gradient_loop, gradient_of_lists, mse_cost, mse_gradient
from .divergence import DivergenceError
from .estimator import (
    DegenerateFeaturesWarning,
    LinearRegressionScratch,
    coefficient_path,
)
from .learning_rate import LearningRateSearch, find_learning_rate
from .paths import descent_path
from .penalties import sklearn_alpha, soft_threshold
from .race import solver_times

__all__ = [
    "DegenerateFeaturesWarning",
    "DivergenceError",
    "LearningRateSearch",
    "Line",
    "LinearRegressionScratch",
    "coefficient_path",
    "columns_determine_weights",
    "condition_number",
    "convergence_factor",
    "descent_path",
    "find_learning_rate",
    "gradient_loop",
    "gradient_of_lists",
    "iterations_to_reach",
    "largest_curvature",
    "mse_cost",
    "mse_gradient",
    "normal_equations",
    "qr_least_squares",
    "sklearn_alpha",
    "soft_threshold",
    "solver_times",
]
