from .checkpoint import CheckpointManager
from .communicator import Communicator, run_ranks
from .compression import GradientCompressor
from .config import DistributedMLConfig
from .data_parallel import DataParallelTrainer
from .engine import train
from .federated import FederatedLearning
from .model import ModelWrapper
from .secure import SecureAggregator

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
