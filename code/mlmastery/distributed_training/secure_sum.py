"""Secure aggregation between ranks: the steps of `secure` as messages, with deadlines.

Rank 0 is the server. A client that does not answer a step in time, frozen, cut off or
killed, counts as lost from there on, and the others go on while enough are left.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from mlmastery.distributed_training.communicator import TIMEOUT, Communicator
from mlmastery.distributed_training.secure import (
    BOUND,
    FRACTION_BITS,
    SecureAggregationError,
    SecureClient,
    SecureServer,
    from_fixed,
    to_fixed,
)
from mlmastery.distributed_training.wire import Message, PeerLost

SERVER = 0  # its rank
Blobs = Mapping[str, bytes]


def secure_sum(
    communicator: Communicator,
    vector: np.ndarray | None = None,
    *,
    threshold: int,
    bound: float = BOUND,
    fraction_bits: int = FRACTION_BITS,
    timeout: float = TIMEOUT,
) -> tuple[np.ndarray, list[int]] | None:
    """Take part in one sum of which nobody sees a single term.

    Parameters
    ----------
    communicator : Communicator
        Rank 0 is the server, all others are clients.
    vector : ndarray of shape (n_parameters,), optional
        Of a client.
    threshold : int
        Clients that must answer every step.
    bound, fraction_bits : float, int
        As of `SecureAggregator`.
    timeout : float, default=30.0
        Seconds that clients have for each step.

    Returns
    -------
    (sum, ranks that are in it) on rank 0, None on the clients

    Raises
    ------
    SecureAggregationError
        If fewer clients than the threshold are left.

    Examples
    --------
    >>> from mlmastery.distributed_training.communicator import run_ranks
    >>> def work(communicator):
    ...     own = None if communicator.rank == 0 else np.ones(2) * communicator.rank
    ...     return secure_sum(communicator, own, threshold=2)
    >>> run_ranks(work, 4)[0]
    (array([6., 6.]), [1, 2, 3])
    """
    if communicator.rank == SERVER:
        fixed, clients = _serve(communicator, threshold, timeout)
        return from_fixed(fixed, fraction_bits), clients
    if vector is None:
        raise ValueError(f"rank {communicator.rank} is a client and needs a vector")
    fixed = to_fixed(vector, bound, fraction_bits)
    _take_part(communicator, fixed, threshold, 4 * timeout)
    return None


def _serve(communicator: Communicator, threshold: int, timeout: float):
    server = SecureServer(threshold)
    room = _Room(communicator, threshold, timeout)
    for client, message in room.gather("keys").items():
        server.advertised[client] = _blobs(message)
    names = {f"{u}/{kind}": key for u, keys in server.advertised.items()
             for kind, key in keys.items()}  # fmt: skip
    room.tell({client: _message("advertised", names) for client in room.present})
    for client, message in room.gather("letters").items():
        server.letters[client] = {int(v): text for v, text in _blobs(message).items()}
    letters = {client: server.letters_to(client) for client in room.present}
    room.tell({c: _message("letters", _named(found)) for c, found in letters.items()})
    for client, message in room.gather("masked").items():
        server.masked[client] = message.arrays["vector"]
    survivors = sorted(server.masked)
    told = Message("survivors", {"ranks": survivors})
    room.tell(dict.fromkeys(room.present, told))
    revealed = {c: _shares(message) for c, message in room.gather("shares").items()}
    return server.unmask(revealed), survivors


def _take_part(communicator, fixed: np.ndarray, threshold: int, timeout: float) -> None:
    client = SecureClient(communicator.rank, threshold)
    communicator.send(SERVER, _message("keys", client.advertise()))
    advertised: dict[int, dict[str, bytes]] = {}
    for name, key in _blobs(communicator.receive(SERVER, timeout)).items():
        rank, kind = name.split("/")
        advertised.setdefault(int(rank), {})[kind] = key
    communicator.send(SERVER, _message("letters", _named(client.share(advertised))))
    received = _blobs(communicator.receive(SERVER, timeout))
    masked = client.mask(fixed, {int(u): text for u, text in received.items()})
    communicator.send(SERVER, Message("masked", {}, {"vector": masked}))
    survivors = communicator.receive(SERVER, timeout).meta["ranks"]
    shares = client.reveal(survivors)
    named = {f"{kind}/{u}": s for kind in shares for u, s in shares[kind].items()}
    communicator.send(SERVER, _message("shares", named))


class _Room:
    """The clients that are still there."""

    def __init__(self, communicator: Communicator, threshold: int, timeout: float):
        self.communicator, self.threshold = communicator, threshold
        self.timeout, self.present = timeout, communicator.others

    def gather(self, kind: str) -> dict[int, Message]:
        """Return one message of each client that sends it in time; forget the others."""
        deadline, found = time.monotonic() + self.timeout, {}
        for client in self.present:
            try:
                left = max(deadline - time.monotonic(), 1e-3)
                message = self.communicator.receive(client, left)
            except (TimeoutError, PeerLost):
                continue
            if message.kind == kind:
                found[client] = message
        self.present = list(found)
        if len(found) < self.threshold:
            raise SecureAggregationError(
                f"only {len(found)} clients sent their {kind}, and the threshold is "
                f"{self.threshold}: the sum stays hidden"
            )
        return found

    def tell(self, messages: Mapping[int, Message]) -> None:
        for client, message in messages.items():
            try:
                self.communicator.send(client, message)
            except PeerLost:
                continue  # it will be missed at the next step


def _message(kind: str, blobs: Blobs) -> Message:
    arrays = {name: np.frombuffer(blob, np.uint8) for name, blob in blobs.items()}
    return Message(kind, {}, arrays)


def _blobs(message: Message) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in message.arrays.items()}


def _named(blobs: Mapping[int, bytes]) -> Blobs:
    return {str(rank): blob for rank, blob in blobs.items()}


def _shares(message: Message) -> dict[str, dict[int, bytes]]:
    shares: dict[str, dict[int, bytes]] = {"keys": {}, "seeds": {}}
    for name, share in _blobs(message).items():
        kind, rank = name.split("/")
        shares[kind][int(rank)] = share
    return shares
