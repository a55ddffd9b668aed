from .capacity import Costs, expected_cost, threshold_for
from .config import FraudStreamConfig, read_config
from .features import (
    BEHAVIOUR,
    FEATURES,
    GEOGRAPHY,
    HANDBOOK,
    VELOCITY,
    batch_features,
    check_transactions,
    seconds_of,
)
from .geography import distance, lookup, needed_speed, places
from .models import CANDIDATES, FraudModel, ModelFileError, candidate, train_model
from .prequential import (
    Fold,
    day_of,
    prequential_folds,
    prequential_scores,
    split_at,
)
from .ranking import (
    average_precision,
    card_precision,
    card_precision_oracle,
    daily_average_precision,
    precision_recall,
    trapezoid_area,
)
from .simulator import World, simulate
from .state import FeatureState, LateEventError
from .stream import FraudStream
from .windows import GroupWindows

__all__ = [
    "BEHAVIOUR",
    "CANDIDATES",
    "FEATURES",
    "GEOGRAPHY",
    "HANDBOOK",
    "VELOCITY",
    "Costs",
    "FeatureState",
    "Fold",
    "FraudModel",
    "FraudStream",
    "FraudStreamConfig",
    "GroupWindows",
    "LateEventError",
    "ModelFileError",
    "World",
    "average_precision",
    "batch_features",
    "candidate",
    "card_precision",
    "card_precision_oracle",
    "check_transactions",
    "daily_average_precision",
    "day_of",
    "distance",
    "expected_cost",
    "lookup",
    "needed_speed",
    "places",
    "precision_recall",
    "prequential_folds",
    "prequential_scores",
    "read_config",
    "seconds_of",
    "simulate",
    "split_at",
    "threshold_for",
    "train_model",
    "trapezoid_area",
]
