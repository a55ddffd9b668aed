from .base import TIMEOUT, Communicator, Mailbox
from .gloo import GlooCommunicator
from .ranks import TRANSPORTS, join, run_ranks
from .tcp import (
    TcpCommunicator,
    host_and_port,
    listen,
    parse_address,
    retry_until,
)
from .threads import ThreadCommunicator, local_group

__all__ = [
    "TIMEOUT",
    "TRANSPORTS",
    "Communicator",
    "GlooCommunicator",
    "Mailbox",
    "TcpCommunicator",
    "ThreadCommunicator",
    "host_and_port",
    "join",
    "listen",
    "local_group",
    "parse_address",
    "retry_until",
    "run_ranks",
]
