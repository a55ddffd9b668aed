"""Chapter 22: federated and data-parallel training over real processes.

The names below are imported when they are asked for, so that a worker process starts
without what it does not use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlmastery.distributed_training.checkpoint import CheckpointManager
    from mlmastery.distributed_training.communicator import Communicator, run_ranks
    from mlmastery.distributed_training.compression import GradientCompressor
    from mlmastery.distributed_training.config import DistributedMLConfig
    from mlmastery.distributed_training.data_parallel import DataParallelTrainer
    from mlmastery.distributed_training.engine import train
    from mlmastery.distributed_training.federated import FederatedLearning
    from mlmastery.distributed_training.model import ModelWrapper
    from mlmastery.distributed_training.secure import SecureAggregator

__all__ = [
    "CheckpointManager",
    "Communicator",
    "DataParallelTrainer",
    "DistributedMLConfig",
    "FederatedLearning",
    "GradientCompressor",
    "ModelWrapper",
    "SecureAggregator",
    "run_ranks",
    "train",
]
_MODULES = {
    "CheckpointManager": "checkpoint",
    "Communicator": "communicator",
    "DataParallelTrainer": "data_parallel",
    "DistributedMLConfig": "config",
    "FederatedLearning": "federated",
    "GradientCompressor": "compression",
    "ModelWrapper": "model",
    "SecureAggregator": "secure",
    "run_ranks": "communicator",
    "train": "engine",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
