"""A secure sum over the server of a run: the four steps as messages to its workers.

A worker speaks for the clients that it was given for the round, and holds their keys
until the round is over; so nobody can take over a client whose worker is lost. Its
masks are rebuilt from the others' shares instead, as in `secure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from mlmastery.distributed_training.grid import Grid
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.packing import Update
from mlmastery.distributed_training.rounds import sendable
from mlmastery.distributed_training.secure import (
    SHARE_BYTES,
    SecureAggregationError,
    SecureClient,
    SecureServer,
)
from mlmastery.distributed_training.wire import Message

KINDS = ("keys", "letters", "masked", "shares")  # of answers, in order
KEY_BYTES = 32
Letters = dict[int, dict[int, bytes]]  # by sender and receiver


class SecureRound:
    """The server's side of one round.

    Parameters
    ----------
    number : int
        Of the round.
    assigned : dict of str to list of int
        The clients that each worker speaks for.
    size : int
        Numbers in a client's vector.
    grid : Grid
        The whole numbers that they are written in.

    Attributes
    ----------
    diverged : dict of int to str
        Clients that had nothing to send, and why.
    """

    def __init__(
        self, number: int, assigned: dict[str, list[int]], size: int, grid: Grid
    ):
        self.number, self.assigned, self.size = number, dict(assigned), size
        self.grid = grid
        n_clients = sum(map(len, assigned.values()))
        self.server = SecureServer(n_clients // 2 + 1)
        self.diverged: dict[int, str] = {}
        self.revealed: dict[int, dict[str, dict[int, bytes]]] = {}
        self.step = "keys"
        self.n_bytes = 0
        self._answered: dict[str, set[str]] = {kind: set() for kind in KINDS}

    # --- who is waited for -----------------------------------------------------------

    def waiting(self) -> list[str]:
        """Return the workers whose answer to the present step is still to come."""
        if self.step == "masked":
            return [w for w, own in self.assigned.items() if self._open(own)]
        return [w for w in self.assigned if w not in self._answered[self.step]]

    def _open(self, clients: Iterable[int]) -> set[int]:
        return set(clients) - set(self.server.masked) - set(self.diverged)

    def lose(self, worker: str) -> list[int]:
        """Go on without a worker, and return the clients that are lost with it."""
        return self.assigned.pop(worker, [])

    def go_on(self, step: str) -> None:
        """Begin a step with those who answered the one before it."""
        if self.step not in (step, "masked"):
            for worker in self.waiting():
                self.lose(worker)
        self.step = step

    # --- messages to workers ---------------------------------------------------------

    def question(self, worker: str, parameters: np.ndarray, idle: list[int]) -> Message:
        """Return what a worker is asked at the present step."""
        own = self.assigned[worker]
        meta = {"round": self.number, "threshold": self.server.threshold}
        if self.step == "keys":
            return Message("keys", meta | {"clients": own})
        if self.step == "letters":
            return Message("letters", meta, _pack_keys(self.server.advertised))
        if self.step == "masked":
            letters = {
                u: {v: sent[v] for v in own if v in sent}
                for u, sent in self.server.letters.items()
            }
            arrays = _pack_letters(letters) | {"parameters": parameters}
            return Message("masked", meta | {"idle": idle}, arrays)
        return Message("shares", meta | {"survivors": sorted(self.server.masked)})

    # --- messages from workers -------------------------------------------------------

    def hear(self, worker: str, message: Message) -> None:
        """Take a worker's answer; one that is late or not asked for changes nothing."""
        asked = worker in self.assigned and message.kind == self.step
        if not asked or message.meta.get("round") != self.number:
            return
        self.n_bytes += message.n_bytes
        getattr(self, f"_take_{message.kind}")(self.assigned[worker], message)
        self._answered[self.step].add(worker)

    def give_up(self, worker: str, client: int, why: str) -> None:
        """Note that a client which was asked for its vector has nothing to send."""
        asked = self.step == "masked" and client in self.assigned.get(worker, [])
        if asked and client not in self.server.masked:
            self.diverged.setdefault(client, why)

    def _take_keys(self, own: list[int], message: Message) -> None:
        advertised = _unpack_keys(message.arrays)
        _check_clients(advertised, own, "keys")
        self.server.advertised |= advertised

    def _take_letters(self, own: list[int], message: Message) -> None:
        letters = _unpack_letters(message.arrays)
        _check_clients(letters, own, "letters")
        for sender, sent in letters.items():
            others = [u for u in self.server.advertised if u != sender]
            _check_clients(sent, others, f"letters of client {sender}")
        self.server.letters |= letters

    def _take_masked(self, own: list[int], message: Message) -> None:
        client, vector = message.meta.get("client"), message.arrays["vector"]
        if client not in own or client not in self.server.letters:
            raise ValueError(f"client {client!r} was not asked for a vector")
        if vector.shape != (self.size,) or vector.dtype != self.grid.dtype:
            raise ValueError(
                f"a masked vector has {self.size} numbers of {self.grid.width} bits, "
                f"got {vector.dtype} of shape {vector.shape}"
            )
        self.server.masked.setdefault(client, vector.astype(np.uint64))

    def _take_shares(self, own: list[int], message: Message) -> None:
        revealed = _unpack_shares(message.arrays)
        _check_clients(revealed, own, "shares")
        lost = self.server.letters.keys() - self.server.masked.keys()
        for holder, answer in revealed.items():
            _check_clients(answer["seeds"], self.server.masked, f"seeds of {holder}")
            _check_clients(answer["keys"], lost, f"keys of {holder}")
        self.revealed |= revealed

    # --- the end ---------------------------------------------------------------------

    def enough(self) -> None:
        """Raise a SecureAggregationError unless enough clients answered."""
        found: dict[str, Iterable[int]] = {
            "keys": self.server.advertised,
            "letters": self.server.letters,
            "masked": self.server.masked,
            "shares": self.revealed,
        }
        n_clients = len(list(found[self.step]))
        if n_clients < self.server.threshold:
            raise SecureAggregationError(
                f"only {n_clients} clients sent their {self.step}, and the threshold "
                f"is {self.server.threshold}: the sum stays hidden"
            )

    def total(self) -> np.ndarray:
        """Return the sum of the vectors that came."""
        return self.grid.decode(self.server.unmask(self.revealed))


class SecureParty:
    """A worker's side of one round: all the clients that it speaks for.

    Parameters
    ----------
    job : Job
    work : callable
        From parameters, round and client to an update, or to why there is none.
    """

    def __init__(self, job: Job, work: Callable[[np.ndarray, int, int], Update | str]):
        self.job, self._work = job, work
        self.number = -1
        self.clients: dict[int, SecureClient] = {}

    def answer(self, message: Message) -> Iterable[Message]:
        """Yield what is said to one question of the server."""
        number = message.meta["round"]
        if message.kind == "keys":
            threshold = message.meta["threshold"]
            self.number = number
            self.clients = {
                u: SecureClient(u, threshold) for u in message.meta["clients"]
            }
        elif number != self.number:
            return  # of a round that this worker came too late for
        yield from getattr(self, f"_say_{message.kind}")(message)

    def _say_keys(self, message: Message):
        keys = {u: client.advertise() for u, client in self.clients.items()}
        yield Message("keys", {"round": self.number}, _pack_keys(keys))

    def _say_letters(self, message: Message):
        advertised = _unpack_keys(message.arrays)
        letters = {u: client.share(advertised) for u, client in self.clients.items()}
        yield Message("letters", {"round": self.number}, _pack_letters(letters))

    def _say_masked(self, message: Message):
        arrays = dict(message.arrays)
        parameters, letters = arrays.pop("parameters"), _unpack_letters(arrays)
        for u, client in self.clients.items():
            meta = {"round": self.number, "client": u}
            received = {v: sent[u] for v, sent in letters.items() if v != u}
            term = self._term(parameters, u, u in message.meta["idle"])
            if isinstance(term, str):
                client.mask(np.zeros(0, np.uint64), received)  # it holds shares still
                yield Message("diverged", meta | {"why": term})
            else:
                masked = client.mask(self.job.aggregation.grid.encode(term), received)
                sent = masked.astype(self.job.aggregation.grid.dtype)
                yield Message("masked", meta, {"vector": sent})

    def _term(self, parameters: np.ndarray, client: int, idle: bool):
        """Return a client's term of the sum, or why it has none."""
        update = None if idle else self._work(parameters, self.number, client)
        if isinstance(update, str):
            return update
        term = self.job.aggregation.summand(update)
        fits = sendable(term, self.job.aggregation.grid)
        return term if fits else "its update is out of bounds"

    def _say_shares(self, message: Message):
        survivors = message.meta["survivors"]
        revealed = {u: client.reveal(survivors) for u, client in self.clients.items()}
        yield Message("shares", {"round": self.number}, _pack_shares(revealed))


# --- many short byte strings as few arrays -------------------------------------------


def _bytes(blobs: Iterable[bytes], width: int) -> np.ndarray:
    return np.frombuffer(b"".join(blobs), np.uint8).reshape(-1, width)


def _numbers(values: Iterable[int]) -> np.ndarray:
    return np.array(list(values), np.int64)


def _rows(arrays: Mapping[str, np.ndarray], *names: str):
    """Return numbers and byte strings side by side, all of one length."""
    *columns, blobs = (arrays[name] for name in names)
    if blobs.ndim != 2 or blobs.dtype != np.uint8:
        raise ValueError(f"{names[-1]} must be rows of bytes, got {blobs.shape}")
    if any(column.shape != (len(blobs),) for column in columns):
        raise ValueError(f"{', '.join(names)} must be of one length")
    lists = [column.tolist() for column in columns]
    return zip(*lists, (row.tobytes() for row in blobs), strict=True)


def _pack_keys(keys: Mapping[int, Mapping[str, bytes]]) -> dict[str, np.ndarray]:
    blobs = (own["cipher"] + own["mask"] for own in keys.values())
    return {"clients": _numbers(keys), "keys": _bytes(blobs, 2 * KEY_BYTES)}


def _unpack_keys(arrays: Mapping[str, np.ndarray]) -> dict[int, dict[str, bytes]]:
    return {
        client: {"cipher": key[:KEY_BYTES], "mask": key[KEY_BYTES:]}
        for client, key in _rows(arrays, "clients", "keys")
    }


def _pack_letters(letters: Mapping[int, Mapping[int, bytes]]) -> dict[str, np.ndarray]:
    flat = [(u, v, x) for u, sent in letters.items() for v, x in sent.items()]
    width = 2 * SHARE_BYTES + 16  # two shares, and the seal
    return {
        "senders": _numbers(u for u, _, _ in flat),
        "receivers": _numbers(v for _, v, _ in flat),
        "letters": _bytes((x for _, _, x in flat), width),
    }


def _unpack_letters(arrays: Mapping[str, np.ndarray]) -> Letters:
    letters: Letters = {}
    for u, v, text in _rows(arrays, "senders", "receivers", "letters"):
        letters.setdefault(u, {})[v] = text
    return letters


def _pack_shares(revealed) -> dict[str, np.ndarray]:
    flat = [
        (holder, about, kind == "keys", share)
        for holder, answer in revealed.items()
        for kind, shares in answer.items()
        for about, share in shares.items()
    ]
    return {
        "holders": _numbers(row[0] for row in flat),
        "about": _numbers(row[1] for row in flat),
        "of_keys": _numbers(row[2] for row in flat),
        "shares": _bytes((row[3] for row in flat), SHARE_BYTES),
    }


def _unpack_shares(arrays) -> dict[int, dict[str, dict[int, bytes]]]:
    revealed: dict[int, dict[str, dict[int, bytes]]] = {}
    names = ("holders", "about", "of_keys", "shares")
    for holder, about, of_keys, share in _rows(arrays, *names):
        answer = revealed.setdefault(holder, {"keys": {}, "seeds": {}})
        answer["keys" if of_keys else "seeds"][about] = share
    return revealed


def _check_clients(found: Iterable[int], expected: Iterable[int], what: str) -> None:
    if set(found) != set(expected):
        raise ValueError(
            f"{what} must be those of clients {sorted(expected)}, got {sorted(found)}"
        )
