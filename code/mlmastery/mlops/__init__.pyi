from .departures import FEATURES, departures
from .expression import Expression, as_expression
from .gate import (
    Check,
    GateReport,
    behaviour_check,
    calibration_check,
    data_check,
    judge,
    latency_check,
    loss_check,
    non_inferior,
    slice_check,
)
from .journal import BufferedJournal, Journal, JournalFullError, Prediction
from .registry import (
    ModelChangedError,
    ModelRegistry,
    ModelVersion,
    RegistryError,
    copy_store,
)
from .rollout import CanaryController, arm_of, position
from .service import Batch, Flight, NotReadyError, ServingState, create_app
from .training import (
    boosted,
    daily_losses,
    frame_hash,
    log_losses,
    logistic,
    probabilities,
    train,
)

__all__ = [
    "FEATURES",
    "Batch",
    "BufferedJournal",
    "CanaryController",
    "Check",
    "Expression",
    "Flight",
    "GateReport",
    "Journal",
    "JournalFullError",
    "ModelChangedError",
    "ModelRegistry",
    "ModelVersion",
    "NotReadyError",
    "Prediction",
    "RegistryError",
    "ServingState",
    "arm_of",
    "as_expression",
    "behaviour_check",
    "boosted",
    "calibration_check",
    "copy_store",
    "create_app",
    "daily_losses",
    "data_check",
    "departures",
    "frame_hash",
    "judge",
    "latency_check",
    "log_losses",
    "logistic",
    "loss_check",
    "non_inferior",
    "position",
    "probabilities",
    "slice_check",
    "train",
]
