from .base import TIMEOUT, Communicator, Mailbox
from .gloo import GlooCommunicator
from .ranks import TRANSPORTS, join, run_ranks
from .tcp import TcpCommunicator, listen, retry_until
from .threads import ThreadCommunicator, local_group

__all__ = [
    "TIMEOUT",
    "TRANSPORTS",
    "Communicator",
    "GlooCommunicator",
    "Mailbox",
    "TcpCommunicator",
    "ThreadCommunicator",
    "join",
    "listen",
    "local_group",
    "retry_until",
    "run_ranks",
]
