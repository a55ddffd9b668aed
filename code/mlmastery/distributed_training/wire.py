"""What travels between two machines: a message, and the frame that carries it.

A frame is a prefix of fixed size, a header in JSON and the raw bytes of the arrays::

    magic   version  header length  body length  checksum  tag      header  body
    4 bytes 4        4              8            4         32       ...     ...

The lengths stand before anything long, so a receiver can refuse a frame before it
allocates. The checksum (CRC-32) finds bytes that were damaged; the tag (HMAC-SHA256
with the connection's key and the frame's number) finds bytes that somebody forged,
repeated or reordered. Nothing in a frame is ever executed: no pickle.
"""

from __future__ import annotations

import hmac
import json
import math
import secrets
import selectors
import socket
import struct
import threading
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Buffer = bytes | bytearray | memoryview

MAGIC = b"MLMW"
VERSION = 1
PREFIX = struct.Struct("!4sIIQI32s")
MAX_HEADER = 1 << 20  # bytes
MAX_FRAME = 1 << 28  # bytes: 256 MiB, sixty-four million float32 parameters
MAX_GREETING = 1 << 12  # bytes that a peer may send before it has proved who it is
STALL = 5.0  # seconds that a frame may take, and one more for each megabyte
DTYPES = frozenset("|b1 |i1 |u1 <i2 <i4 <i8 <u2 <u4 <u8 <f2 <f4 <f8 <c8 <c16".split())


class WireError(ConnectionError):
    """A frame that this side cannot accept; the connection is of no further use."""


class FrameError(WireError):
    """The bytes are not a frame: wrong magic number, or an invalid header."""


class VersionError(WireError):
    """The peer speaks another version of the protocol."""


class OversizedError(WireError):
    """The frame announces more bytes than this side accepts."""


class ChecksumError(WireError):
    """Bytes were damaged on the way."""


class AuthenticationError(WireError):
    """The tag does not fit: another key, or a frame forged, repeated or reordered."""


class PeerLost(ConnectionError):
    """The other side closed the connection, was killed, or stopped within a frame."""


@dataclass(frozen=True)
class Message:
    """A kind, a few plain values and some arrays.

    Parameters
    ----------
    kind : str
        What the message is for, such as ``"gradient"``.
    meta : dict
        Whatever JSON can say: strings, numbers, booleans, None, lists and dicts.
    arrays : dict of str to ndarray
        Booleans, integers, floats or complex numbers of any shape.

    Examples
    --------
    >>> frame = encode(Message("update", {"round": 3}, {"delta": np.zeros(2)}))
    >>> decode(frame).arrays["delta"]
    array([0., 0.])
    """

    kind: str
    meta: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def n_bytes(self) -> int:
        """Bytes of the arrays alone, without header, prefix or padding."""
        return sum(array.nbytes for array in self.arrays.values())


# --- one frame -----------------------------------------------------------------------


def encode(message: Message, key: bytes = b"", number: int = 0) -> bytes:
    """Return the frame of a message, under a key and its number on the connection."""
    return b"".join(pieces(message, key, number))


def decode(
    frame: Buffer, key: bytes = b"", number: int = 0, *, limit: int = MAX_FRAME
) -> Message:
    """Return the message of a frame, or raise the `WireError` that tells its fault."""
    view = memoryview(frame).cast("B")
    if len(view) < PREFIX.size:
        raise FrameError(f"a frame has at least {PREFIX.size} bytes, got {len(view)}")
    prefix, content = view[: PREFIX.size], view[PREFIX.size :]
    n_header, n_body = check_prefix(prefix, limit)
    if len(content) != n_header + n_body:
        raise FrameError(
            f"the prefix announces {n_header + n_body} bytes, got {len(content)}"
        )
    check_content(prefix, content, key, number)
    return unpack(content[:n_header], content[n_header:])


def frame_size(message: Message) -> int:
    """Return the bytes that a message takes on the wire."""
    header, body = pack(message)
    return PREFIX.size + len(header) + sum(len(part) for part in body)


def header_size(message: Message) -> int:
    """Return the bytes of the header alone, of which a frame may have `MAX_HEADER`."""
    return len(pack(message)[0])


def pieces(message: Message, key: bytes, number: int) -> list[Buffer]:
    """Return prefix, header and arrays of a frame, the arrays without a copy."""
    header, body = pack(message)
    if len(header) > MAX_HEADER:
        raise ValueError(
            f"the header of a {message.kind!r} message may have {MAX_HEADER} bytes, "
            f"got {len(header)}: what is long belongs into an array"
        )
    content: list[Buffer] = [header, *body]
    checksum = 0
    for part in content:
        checksum = zlib.crc32(part, checksum)
    lengths = len(header), sum(len(part) for part in body)
    fixed = (MAGIC, VERSION, *lengths, checksum)
    tag = _tag(key, number, PREFIX.pack(*fixed, b""), content)
    return [PREFIX.pack(*fixed, tag), *content]


def pack(message: Message) -> tuple[bytes, list[memoryview]]:
    """Return the header in JSON, and the arrays' bytes, each padded to 8."""
    arrays = {name: _portable(name, a) for name, a in message.arrays.items()}
    described = [[name, a.dtype.str, list(a.shape)] for name, a in arrays.items()]
    try:
        header = json.dumps([message.kind, message.meta, described], allow_nan=False)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"meta of a {message.kind!r} message must be plain JSON values, "
            f"got {message.meta!r}: {error}"
        ) from None
    header += " " * (-len(header.encode()) % 8)  # so that the arrays begin aligned
    body = []
    for array in arrays.values():
        body += [array.reshape(-1).view(np.uint8).data, _padding(array.nbytes)]
    return header.encode(), body


def unpack(header: Buffer, body: memoryview) -> Message:
    """Return the message of a header and the arrays' bytes."""
    try:
        kind, meta, described = json.loads(bytes(header), parse_constant=_refuse)
        if not isinstance(kind, str) or not isinstance(meta, dict):
            raise ValueError("kind must be a string and meta an object")
        arrays, start = {}, 0
        for name, dtype, shape in described:
            arrays[name], start = _array(body, start, dtype, shape)
    except (ValueError, TypeError, RecursionError, ArithmeticError) as error:
        raise FrameError(f"the header makes no sense: {error}") from None
    if start != len(body):
        raise FrameError(
            f"the header describes {start} bytes, the body has {len(body)}"
        )
    return Message(kind, meta, arrays)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON value")


def check_prefix(prefix: Buffer, limit: int) -> tuple[int, int]:
    """Return the lengths of header and body, or refuse before reading either."""
    magic, version, n_header, n_body, _, _ = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise FrameError(f"a frame begins with {MAGIC!r}, got {magic!r}")
    if version != VERSION:
        raise VersionError(f"this side speaks version {VERSION}, the peer {version}")
    if n_header > min(MAX_HEADER, limit) or n_header + n_body > limit:
        raise OversizedError(
            f"a frame may have {limit} bytes here, {n_header + n_body} were announced"
        )
    return n_header, n_body


def check_content(prefix: Buffer, content: Buffer, key: bytes, number: int) -> None:
    """Raise if checksum or tag of a frame do not fit its content."""
    *fixed, checksum, tag = PREFIX.unpack(prefix)
    if zlib.crc32(content) != checksum:
        raise ChecksumError("bytes of the frame were damaged on the way")
    expected = _tag(key, number, PREFIX.pack(*fixed, checksum, b""), [content])
    if not hmac.compare_digest(tag, expected):
        raise AuthenticationError("the frame was not made with this connection's key")


def _tag(key: bytes, number: int, prefix: bytes, content: Sequence[Buffer]) -> bytes:
    mac = hmac.new(key, prefix + number.to_bytes(8, "big"), "sha256")
    for part in content:
        mac.update(part)
    return mac.digest()


def _portable(name: str, array: np.ndarray) -> np.ndarray:
    array = np.asarray(array)
    little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    if little.dtype.str not in DTYPES:
        raise TypeError(f"array {name!r} must hold numbers, got dtype {array.dtype}")
    return np.ascontiguousarray(little).reshape(array.shape)


def _padding(n_bytes: int) -> memoryview:
    return memoryview(bytes(-n_bytes % 8))


def _array(body: memoryview, start: int, dtype: str, shape: list[int]):
    if dtype not in DTYPES or len(shape) > 16:
        raise ValueError(f"no array has dtype {dtype!r} and {len(shape)} dimensions")
    if not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError(f"no array has shape {shape!r}")
    size = np.dtype(dtype).itemsize * math.prod(shape)
    if start + size > len(body):
        raise ValueError("the arrays are longer than the body")
    array = np.frombuffer(body[start : start + size], dtype=dtype).reshape(shape)
    return array, start + size + -size % 8


# --- one connection ------------------------------------------------------------------


class Channel:
    """Frames in both directions over one socket, numbered, under a key of their own.

    Parameters
    ----------
    connection : socket.socket
        Connected; closed with the channel.
    limit : int, default=256 MiB
        Largest frame that is accepted from the peer.

    Notes
    -----
    One thread may send while another receives; several may send.
    """

    def __init__(self, connection: socket.socket, *, limit: int = MAX_FRAME):
        if connection.family != socket.AF_UNIX:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket, self.limit = connection, limit
        self._send_key = self._receive_key = b""
        self._sent = self._received = 0
        self._sending = threading.Lock()
        self.bytes_sent = 0  # whole frames
        self.identity: dict[str, Any] = {}  # what the peer said of itself

    def send(self, message: Message, timeout: float) -> None:
        """Send one message whole, or raise `PeerLost` after ``timeout`` seconds."""
        with self._sending:
            parts = pieces(message, self._send_key, self._sent)
            self._sent += 1
            try:
                _send_all(self._socket, parts, time.monotonic() + timeout)
            except (OSError, ValueError) as error:  # ValueError: closed meanwhile
                self.close()
                raise PeerLost(f"could not send {message.kind!r}: {error}") from None
            self.bytes_sent += sum(len(part) for part in parts)

    def receive(self, timeout: float) -> Message:
        """Return the next message.

        Raises
        ------
        TimeoutError
            If nothing at all came within ``timeout`` seconds; the channel still works.
        PeerLost
            If the peer is gone, or stopped in the middle of a frame.
        WireError
            If the frame is not acceptable; the channel is closed then.
        """
        prefix = bytearray(PREFIX.size)
        n_read = self._read_some(memoryview(prefix), time.monotonic() + timeout)
        self._read(memoryview(prefix)[n_read:])
        try:
            n_header, n_body = check_prefix(prefix, self.limit)
            content = bytearray(n_header + n_body)
            self._read(memoryview(content))
            check_content(prefix, content, self._receive_key, self._received)
            self._received += 1
            view = memoryview(content)
            return unpack(view[:n_header], view[n_header:])
        except WireError:
            self.close()
            raise

    def rekey(self, send_key: bytes, receive_key: bytes) -> None:
        """Start both directions anew under other keys."""
        self._send_key, self._receive_key = send_key, receive_key
        self._sent = self._received = 0

    def close(self) -> None:
        """Close the connection; whoever waits on it gets `PeerLost` at once."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the peer was faster
        self._socket.close()

    def _read(self, view: memoryview) -> None:
        """Fill the view with the rest of a frame, which must come without a stall."""
        deadline = time.monotonic() + STALL + len(view) / 1e6
        try:
            while view:
                view = view[self._read_some(view, deadline) :]
        except TimeoutError:
            self.close()
            raise PeerLost("the peer stopped in the middle of a frame") from None

    def _read_some(self, view: memoryview, deadline: float) -> int:
        try:
            self._socket.settimeout(max(deadline - time.monotonic(), 1e-3))
            n_read = self._socket.recv_into(view)
        except TimeoutError:
            raise TimeoutError("no message came within the time") from None
        except OSError as error:
            raise PeerLost(f"the connection broke: {error}") from None
        if n_read == 0:
            raise PeerLost("the peer closed the connection")
        return n_read


def _send_all(connection: socket.socket, parts: Sequence[Buffer], deadline: float):
    """Send all parts without joining them, while another thread may be receiving."""
    views = [memoryview(part) for part in parts if len(part)]
    while views:
        try:
            n_sent = connection.sendmsg(views[:64], [], socket.MSG_DONTWAIT)
        except BlockingIOError:
            _wait_for_room(connection, deadline - time.monotonic())
            continue
        while views and n_sent >= len(views[0]):
            n_sent -= len(views.pop(0))
        if n_sent:
            views[0] = views[0][n_sent:]


def _wait_for_room(connection: socket.socket, seconds: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_WRITE)
        if seconds <= 0 or not selector.select(seconds):
            raise TimeoutError("the peer takes no more bytes")


# --- who is there --------------------------------------------------------------------


def accept(
    connection: socket.socket,
    secret: bytes,
    *,
    timeout: float = 5.0,
    limit: int = MAX_FRAME,
    identity: Mapping[str, Any] | None = None,
) -> Channel:
    """Greet a peer that connected, and return the channel once it knew the secret.

    The server's random challenge makes a recorded greeting worthless, and the keys of
    the connection follow from the random numbers of both sides.
    """
    channel = Channel(connection, limit=MAX_GREETING)
    ours = secrets.token_hex(16)
    try:
        channel.rekey(secret, _derive(secret, ours, "greeting"))
        channel.send(Message("challenge", {"nonce": ours}), timeout)
        hello = _expect(channel, "hello", timeout)
        if not isinstance(hello.meta.get("identity", {}), dict):
            raise FrameError("a peer says who it is by an object, got another value")
        theirs = str(hello.meta.get("nonce"))
        keys = [_derive(secret, ours, theirs, way) for way in ("down", "up")]
        channel.rekey(*keys)
        channel.send(Message("welcome", {"identity": dict(identity or {})}), timeout)
    except BaseException:
        channel.close()
        raise
    channel.identity, channel.limit = hello.meta.get("identity", {}), limit
    return channel


def connect(
    address: tuple[str, int],
    secret: bytes,
    *,
    timeout: float = 5.0,
    limit: int = MAX_FRAME,
    identity: Mapping[str, Any] | None = None,
) -> Channel:
    """Connect to an address, prove to know the secret, and let the peer prove it."""
    channel = Channel(
        socket.create_connection(address, timeout=timeout), limit=MAX_GREETING
    )
    ours = secrets.token_hex(16)
    try:
        channel.rekey(b"", secret)
        theirs = str(_expect(channel, "challenge", timeout).meta.get("nonce"))
        channel.rekey(_derive(secret, theirs, "greeting"), b"")
        hello = {"nonce": ours, "identity": dict(identity or {})}
        channel.send(Message("hello", hello), timeout)
        keys = [_derive(secret, theirs, ours, way) for way in ("up", "down")]
        channel.rekey(*keys)
        channel.identity = _expect(channel, "welcome", timeout).meta["identity"]
    except BaseException:
        channel.close()
        raise
    channel.limit = limit
    return channel


def _expect(channel: Channel, kind: str, timeout: float) -> Message:
    message = channel.receive(timeout)
    if message.kind != kind:
        raise FrameError(f"expected a {kind!r} message, got {message.kind!r}")
    return message


def _derive(secret: bytes, *parts: str) -> bytes:
    return hmac.digest(secret, "/".join(parts).encode(), "sha256")
