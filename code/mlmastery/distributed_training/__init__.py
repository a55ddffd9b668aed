"""Chapter 22: federated and data-parallel training over real processes."""

from mlmastery.distributed_training.checkpoint import CheckpointManager
from mlmastery.distributed_training.communicator import (
    Communicator,
    GlooCommunicator,
    TcpCommunicator,
    ThreadCommunicator,
    run_ranks,
)
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
    "GlooCommunicator",
    "GradientCompressor",
    "ModelWrapper",
    "SecureAggregator",
    "TcpCommunicator",
    "ThreadCommunicator",
    "run_ranks",
    "train",
]
