from .assembled import assembled_config, assembled_run, liar_table
from .checkpoint import CheckpointManager
from .communicator import Communicator, run_ranks
from .compression import GradientCompressor
from .config import DistributedMLConfig
from .data_parallel import DataParallelTrainer
from .engine import train
from .engine_options import engine_table
from .federated import FederatedLearning
from .model import ModelWrapper
from .own_model import OwnModel
from .secure import SecureAggregator

__all__ = [
    "CheckpointManager",
    "Communicator",
    "DataParallelTrainer",
    "DistributedMLConfig",
    "FederatedLearning",
    "GradientCompressor",
    "ModelWrapper",
    "OwnModel",
    "SecureAggregator",
    "assembled_config",
    "assembled_run",
    "engine_table",
    "liar_table",
    "run_ranks",
    "train",
]
