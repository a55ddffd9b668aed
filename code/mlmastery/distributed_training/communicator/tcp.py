"""Ranks as processes that are joined by sockets of our own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from mlmastery.distributed_training import wire
from mlmastery.distributed_training.communicator.base import TIMEOUT, Communicator
from mlmastery.distributed_training.wire import Channel, Message, PeerLost, WireError


class TcpCommunicator(Communicator):
    """Ranks as processes, on one machine or several, each connected to each by TCP.

    Rank 0 listens at the address; the others tell it where they listen, get the list of
    all, and connect to those before them.

    Parameters
    ----------
    rank, world_size : int
    address : (str, int)
        Where rank 0 listens.
    secret : bytes
        Known to all ranks; who does not know it is turned away.
    timeout : float, default=30.0
        Seconds for the whole group to come together, and for a peer to take bytes.
    listener : socket.socket, optional
        A socket that listens at the address already, for rank 0.

    Raises
    ------
    TimeoutError
        If the group is not complete in time; the message counts who came.
    """

    def __init__(
        self,
        rank: int,
        world_size: int,
        address: tuple[str, int],
        secret: bytes,
        *,
        timeout: float = TIMEOUT,
        listener: socket.socket | None = None,
    ):
        super().__init__(rank, world_size)
        self._timeout, self._secret = timeout, secret
        self._channels: dict[int, Channel] = {}
        deadline = time.monotonic() + timeout
        if listener is None:
            own = address if rank == 0 else (_own_host(address), 0)
            listener = listen(own)
        try:
            with listener:
                self._meet(listener, address, deadline)
        except BaseException:
            self.close()
            raise
        self._readers = [
            threading.Thread(target=self._read, args=item, daemon=True)
            for item in self._channels.items()
        ]
        for reader in self._readers:
            reader.start()

    def _meet(self, listener, address, deadline: float) -> None:
        """Connect to every rank before this one, let every rank after it connect."""
        if self.rank > 0:
            where = listener.getsockname()[:2]
            self._call(0, address, deadline, where)
            left = deadline - time.monotonic()
            places = self._channels[0].receive(max(left, 1e-3)).meta["places"]
            for rank in range(1, self.rank):
                self._call(rank, tuple(places[rank]), deadline, where)
        while len(self._channels) < self.world_size - 1:
            self._answer(listener, deadline)
        if self.rank == 0:
            places = [self._channels[r].identity["place"] for r in self.others]
            for channel in self._channels.values():
                channel.send(Message("places", {"places": [address, *places]}), 5.0)

    def _call(self, rank: int, address, deadline: float, where) -> None:
        identity = {"rank": self.rank, "size": self.world_size, "place": where}
        self._channels[rank] = retry_until(
            lambda: wire.connect(address, self._secret, identity=identity), deadline
        )

    def _answer(self, listener: socket.socket, deadline: float) -> None:
        left = deadline - time.monotonic()
        listener.settimeout(max(left, 1e-3))
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            raise TimeoutError(
                f"rank {self.rank} waited {self._timeout:g} s for {self.world_size - 1}"
                f" other ranks, {len(self._channels)} came"
            ) from None
        try:
            channel = wire.accept(connection, self._secret)
        except (WireError, PeerLost, TimeoutError):
            return  # a stranger; the group still waits for its own
        peer, size = (int(channel.identity.get(key, -1)) for key in ("rank", "size"))
        if size != self.world_size or peer in self._channels or peer == self.rank:
            channel.close()
            return
        self._channels[peer] = channel

    def _read(self, source: int, channel: Channel) -> None:
        try:
            while not self._closed:
                try:
                    self._mailbox.put(source, channel.receive(1.0))
                except TimeoutError:
                    continue
        except (WireError, PeerLost) as error:
            self._mailbox.lose(source, str(error))

    def _deliver(self, to: int, message: Message) -> None:
        self._channels[to].send(message, self._timeout)

    def close(self) -> None:
        """Close all connections and wait for the threads that read them."""
        super().close()
        for channel in self._channels.values():
            channel.close()
        for reader in getattr(self, "_readers", []):
            reader.join(5.0)


def listen(address: tuple[str, int]) -> socket.socket:
    """Return a socket that listens, or say which port is taken.

    Port 0 lets the system choose a free one; ``getsockname`` tells which.
    """
    where = host_and_port(address)
    try:
        family = _family(address)
        return socket.create_server(address, family=family)
    except OSError as error:
        raise OSError(
            error.errno, f"cannot listen at {where}: {error.strerror}"
        ) from None


def _family(address: tuple[str, int]) -> socket.AddressFamily:
    """Return IPv4 where the host has such an address, else IPv6."""
    found = socket.getaddrinfo(*address[:2], type=socket.SOCK_STREAM)
    families = {family for family, *_ in found}
    return socket.AF_INET if socket.AF_INET in families else socket.AF_INET6


def host_and_port(address: tuple[str, int]) -> str:
    """Return an address as text, IPv6 in brackets.

    >>> host_and_port(("127.0.0.1", 80)), host_and_port(("::1", 80))
    ('127.0.0.1:80', '[::1]:80')
    """
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def parse_address(text: str) -> tuple[str, int]:
    """Return host and port of a text; an IPv6 host may stand in brackets.

    >>> parse_address("[::1]:4000")
    ('::1', 4000)
    """
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        raise ValueError(f"address must be HOST:PORT, got {text!r}")
    return host, int(port)


def retry_until(
    attempt: Callable[[], Any], deadline: float, pause: float = 0.05
) -> Any:
    """Repeat an attempt to connect until it succeeds or the deadline has passed."""
    while True:
        try:
            return attempt()
        except (OSError, PeerLost) as error:
            refused = isinstance(error, WireError)
            if refused or time.monotonic() + pause > deadline:
                raise
        time.sleep(pause)
        pause = min(1.5 * pause, 1.0)


def _own_host(address: tuple[str, int]) -> str:
    """Return this machine's address as seen on the way to another one."""
    with socket.socket(_family(address), socket.SOCK_DGRAM) as probe:
        probe.connect(address)  # of a datagram socket: sends nothing
        return probe.getsockname()[0]
