"""What a group of ranks does together: add up, share, gather, wait for each other."""

from __future__ import annotations

import numpy as np

from mlmastery.distributed_training.communicator import TIMEOUT, Communicator
from mlmastery.distributed_training.wire import Message


def ring_all_reduce(
    communicator: Communicator, array: np.ndarray, timeout: float = TIMEOUT
) -> np.ndarray:
    """Return the sum of the arrays of all ranks, on every rank.

    The array is cut into n pieces. In n - 1 steps every rank passes one piece to its
    right neighbour and adds the piece that comes from the left; then each piece is
    complete on one rank, and n - 1 further steps pass the complete ones around. A rank
    thus sends 2 (n - 1) / n of the array, however many ranks there are.

    Parameters
    ----------
    communicator : Communicator
    array : ndarray
        Of one shape and dtype on all ranks. Any length, also shorter than the ring.
    timeout : float, default=30.0
        Seconds to wait for the neighbour at each step.

    Raises
    ------
    ValueError
        If the neighbour's array has another shape or dtype.
    TimeoutError, PeerLost
        If the neighbour is silent or gone.

    References
    ----------
    .. [1] Patarasuk and Yuan (2009), "Bandwidth optimal all-reduce algorithms for
       clusters of workstations", Journal of Parallel and Distributed Computing 69(2).

    Examples
    --------
    >>> from mlmastery.distributed_training.communicator import run_ranks
    >>> run_ranks(lambda c: ring_all_reduce(c, np.arange(3) + c.rank), 2)
    [array([1, 3, 5]), array([1, 3, 5])]
    """
    array = np.asarray(array)
    total = np.array(array, order="C")  # a copy: the caller's array stays as it is
    rank, n = communicator.rank, communicator.world_size
    pieces = np.array_split(total.reshape(-1), n)  # views of total
    for step in range(n - 1):
        received = _pass_on(communicator, pieces[(rank - step) % n], array, timeout)
        pieces[(rank - step - 1) % n] += received
    for step in range(n - 1):
        received = _pass_on(communicator, pieces[(rank - step + 1) % n], array, timeout)
        pieces[(rank - step) % n][:] = received
    return total


def _pass_on(communicator, piece, whole, timeout: float) -> np.ndarray:
    """Send a piece to the right, return what comes from the left."""
    rank, n = communicator.rank, communicator.world_size
    own = [whole.dtype.str, list(whole.shape)]
    communicator.send((rank + 1) % n, Message("piece", {"of": own}, {"piece": piece}))
    message = communicator.receive((rank - 1) % n, timeout)
    if message.kind != "piece" or message.meta.get("of") != own:
        raise ValueError(
            f"rank {rank} adds an array of dtype and shape {own}, "
            f"rank {(rank - 1) % n} sent {message.kind} of {message.meta.get('of')}"
        )
    return message.arrays["piece"]


def reduce_bytes(n_bytes: int, world_size: int) -> float:
    """Return the bytes that one rank sends in `ring_all_reduce`, on average.

    >>> reduce_bytes(4_000_000, 4)
    6000000.0
    """
    return 2 * (world_size - 1) / world_size * n_bytes


def broadcast(
    communicator: Communicator,
    array: np.ndarray | None = None,
    *,
    root: int = 0,
    timeout: float = TIMEOUT,
) -> np.ndarray:
    """Return the root's array on every rank, passed on along a binary tree.

    In round k the 2^k ranks that have the array each send it to one that has not, so
    the last rank waits for about log2(n) messages, not for n.
    """
    rank, n = communicator.rank, communicator.world_size
    place, reach = (rank - root) % n, 1
    if place == 0:
        array = np.array(array)
    while reach < n:
        if place < reach and place + reach < n:
            message = Message("broadcast", {}, {"array": np.asarray(array)})
            communicator.send((rank + reach) % n, message)
        elif reach <= place < 2 * reach:
            message = communicator.receive((rank - reach) % n, timeout)
            array = message.arrays["array"]
        reach *= 2
    return np.asarray(array)


def all_gather(
    communicator: Communicator, array: np.ndarray, timeout: float = TIMEOUT
) -> list[np.ndarray]:
    """Return the arrays of all ranks in order of rank; their shapes may differ."""
    rank, n = communicator.rank, communicator.world_size
    gathered = {rank: np.array(array)}
    for step in range(n - 1):
        message = Message("gather", {}, {"array": gathered[(rank - step) % n]})
        communicator.send((rank + 1) % n, message)
        received = communicator.receive((rank - 1) % n, timeout)
        gathered[(rank - step - 1) % n] = received.arrays["array"]
    return [gathered[rank] for rank in range(n)]


def barrier(communicator: Communicator, timeout: float = TIMEOUT) -> None:
    """Return when every rank has come here."""
    all_gather(communicator, np.zeros(0), timeout)
