r"""Add up the clients' vectors so that nobody, the server included, sees a single one.

Each pair of clients agrees on a secret that the server does not know and stretches it
into a mask; one adds the mask, the other subtracts it, and in the sum it is gone:

.. math::
    y_u = x_u + \mathrm{PRG}(b_u)
          + \sum_{v > u} \mathrm{PRG}(s_{uv}) - \sum_{v < u} \mathrm{PRG}(s_{uv})
          \pmod{2^{64}} .

A client that vanishes leaves its masks behind in the sums of the others. So each client
first deals out shares of its key, any ``threshold`` of which rebuild it. The second
mask, :math:`b_u`, is there because of the slow: a client believed lost, whose key was
rebuilt, may still deliver, and without :math:`b_u` the server could then read it. Of
each client the others reveal either the key or :math:`b_u`, never both.

This is the protocol of [1]_ against a server that follows it but is curious. Against
one that lies (that tells different clients of different survivors) the paper adds
signatures and one more step; they are left out here.

.. [1] Bonawitz et al. (2017), "Practical Secure Aggregation for Privacy-Preserving
   Machine Learning", CCS.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = [
    "STEPS",
    "SecureAggregationError",
    "SecureAggregator",
    "SecureClient",
    "SecureServer",
    "SecureSum",
    "from_fixed",
    "join_shares",
    "pseudorandom",
    "split_secret",
    "to_fixed",
]

Entropy = Callable[[int], bytes]
Vectors = Mapping[int, np.ndarray]

PRIME = 2**256 + 297  # the first prime above every 32-byte secret
SHARE_BYTES = 33
BOUND, FRACTION_BITS = 1e6, 24  # of a number in a sum
STEPS = ("advertise", "share", "mask", "reveal")


class SecureAggregationError(RuntimeError):
    """The protocol was stopped rather than give anything away."""


# --- the parts: fixed point, mask, secret shares -------------------------------------


def to_fixed(vector: np.ndarray, bound: float, fraction_bits: int) -> np.ndarray:
    """Write numbers as whole multiples of 2**-fraction_bits, modulo 2**64.

    Masks must be uniform over all that can be sent, which floats cannot offer; whole
    numbers that wrap around can.

    Raises
    ------
    ValueError
        If a number is not finite or larger than ``bound``.

    Examples
    --------
    >>> to_fixed(np.array([0.5, -0.5]), bound=1, fraction_bits=4)
    array([                   8, 18446744073709551608], dtype=uint64)
    """
    vector = np.asarray(vector, np.float64)
    if not (np.abs(vector) <= bound).all():  # not for NaN either
        raise ValueError(
            f"vectors must be finite and at most {bound:g} in magnitude, "
            f"got {np.abs(vector).max():g}"
        )
    return np.rint(vector * 2.0**fraction_bits).astype(np.int64).view(np.uint64)


def from_fixed(fixed: np.ndarray, fraction_bits: int) -> np.ndarray:
    """Undo `to_fixed`, also for a sum of its results, and for the low bits of either.

    A whole number that wraps around may be cut to fewer bits before it is added: the
    low bits of the sum stay the same, and are all of it if it fits into them.

    >>> total = to_fixed(np.array([0.5]), 1, 4) + to_fixed(np.array([-0.75]), 1, 4)
    >>> from_fixed(total, 4)
    array([-0.25])
    """
    return fixed.view(f"i{fixed.dtype.itemsize}") / 2.0**fraction_bits


def pseudorandom(key: bytes, size: int) -> np.ndarray:
    """Stretch a key of 32 bytes into ``size`` numbers that look uniform below 2**64.

    It is the keystream of the cipher ChaCha20.

    >>> pseudorandom(bytes(32), 2)
    array([10393729187455219830,  2935650227004792128], dtype=uint64)
    """
    stream = Cipher(ChaCha20(key, bytes(16)), mode=None).encryptor()
    return np.frombuffer(stream.update(bytes(8 * size)), np.uint64)


def split_secret(
    secret: bytes, places: Sequence[int], threshold: int, entropy: Entropy
) -> dict[int, bytes]:
    """Deal out a secret so that ``threshold`` shares rebuild it and fewer say nothing.

    The secret is the value at 0 of a random polynomial of degree ``threshold - 1``
    modulo a prime; each share is its value at another place.

    Parameters
    ----------
    secret : bytes
        At most 32.
    places : sequence of int
        Different and above 0; one share is dealt for each.
    threshold : int
    entropy : callable
        From a number of bytes to that many random ones.

    References
    ----------
    .. [1] Shamir (1979), "How to Share a Secret", Communications of the ACM 22(11).

    Examples
    --------
    >>> shares = split_secret(b"mine", [1, 2, 3], 2, secrets.token_bytes)
    >>> join_shares({place: shares[place] for place in (1, 3)}).lstrip(bytes(1))
    b'mine'
    """
    random = [int.from_bytes(entropy(48)) % PRIME for _ in range(threshold - 1)]
    coefficients = [int.from_bytes(secret), *random]
    return {place: _polynomial(coefficients, place) for place in places}


def _polynomial(coefficients: Sequence[int], place: int) -> bytes:
    value = 0
    for coefficient in reversed(coefficients):
        value = (value * place + coefficient) % PRIME
    return value.to_bytes(SHARE_BYTES)


def join_shares(shares: Mapping[int, bytes]) -> bytes:
    """Rebuild the secret of 32 bytes: Lagrange's polynomial through the shares, at 0.

    With fewer shares than the threshold the result is a number without meaning, which
    may be longer than a secret; that much is noticed.
    """
    total = 0
    for place, share in shares.items():
        above, below = 1, 1
        for other in shares:
            if other != place:
                above = above * other % PRIME
                below = below * (other - place) % PRIME
        total += int.from_bytes(share) * above * pow(below, -1, PRIME)
    if total % PRIME >= 2**256:
        raise SecureAggregationError("these shares do not belong to one secret")
    return (total % PRIME).to_bytes(32)


def _agree(mine: X25519PrivateKey, theirs: bytes, purpose: bytes) -> bytes:
    """Return the 32 bytes that only the holders of these two keys can compute."""
    secret = mine.exchange(X25519PublicKey.from_public_bytes(theirs))
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret)


def _public(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


# --- the two sides -------------------------------------------------------------------


class SecureClient:
    """One client for one sum: its methods are the steps of the protocol, in order.

    Parameters
    ----------
    index : int
        The client's number, at least 0; all clients of a sum have different ones.
    threshold : int
        How many clients must survive for anything to be revealed.
    entropy : callable, default=secrets.token_bytes
        Where keys come from. Anything but the default is for tests.
    """

    def __init__(
        self, index: int, threshold: int, entropy: Entropy = secrets.token_bytes
    ):
        self.index, self.threshold, self._entropy = index, threshold, entropy
        self._cipher_key = X25519PrivateKey.from_private_bytes(entropy(32))
        self._mask_key = X25519PrivateKey.from_private_bytes(entropy(32))
        self._seed = entropy(32)
        self._peers: dict[int, dict[str, bytes]] = {}
        self._held: dict[int, bytes] = {}  # shares of the others' secrets
        self._revealed = False

    def advertise(self) -> dict[str, bytes]:
        """Step 1: say two public keys, one for letters and one for masks."""
        return {"cipher": _public(self._cipher_key), "mask": _public(self._mask_key)}

    def share(self, advertised: Mapping[int, dict[str, bytes]]) -> dict[int, bytes]:
        """Step 2: send each other client a sealed letter with shares of both secrets.

        The server passes the letters on and cannot open them.
        """
        self._enough(advertised, "advertised keys")
        self._peers = {u: keys for u, keys in advertised.items() if u != self.index}
        places = [u + 1 for u in advertised]
        secrets_ = (self._mask_key.private_bytes_raw(), self._seed)
        keys, seeds = (
            split_secret(secret, places, self.threshold, self._entropy)
            for secret in secrets_
        )
        self._held[self.index] = keys[self.index + 1] + seeds[self.index + 1]
        return {v: self._seal(v, keys[v + 1] + seeds[v + 1]) for v in self._peers}

    def mask(self, vector: np.ndarray, letters: Mapping[int, bytes]) -> np.ndarray:
        """Step 3: hide a vector of dtype uint64 from everybody.

        ``letters`` are the sealed shares from all clients that took step 2, and this
        client's own masks are with exactly those.
        """
        self._enough([*letters, self.index], "shares")
        self._held |= {u: self._open(u, letter) for u, letter in letters.items()}
        masked = vector + pseudorandom(self._seed, vector.size)
        for v in letters:
            masked = masked + _pair_mask(
                self._mask_key, self._peers[v]["mask"], self.index, v, vector.size
            )
        return masked

    def reveal(self, survivors: Iterable[int]) -> dict[str, dict[int, bytes]]:
        """Step 4: give the shares of survivors' seeds and of lost clients' keys.

        Once only, and of no client both: with both its vector could be read.
        """
        survivors = set(survivors)
        if self._revealed:
            raise SecureAggregationError(
                f"client {self.index} has revealed its shares already"
            )
        self._enough(survivors, "masked vectors")
        self._revealed = True
        keys = {u: s[:SHARE_BYTES] for u, s in self._held.items()}
        seeds = {u: s[SHARE_BYTES:] for u, s in self._held.items()}
        return {
            "keys": {u: share for u, share in keys.items() if u not in survivors},
            "seeds": {u: share for u, share in seeds.items() if u in survivors},
        }

    def _enough(self, clients: Iterable[int], what: str) -> None:
        n_clients = len(set(clients))
        if n_clients < self.threshold:
            raise SecureAggregationError(
                f"{what} of only {n_clients} clients, and the threshold is "
                f"{self.threshold}: client {self.index} stops"
            )

    def _letter_key(self, other: int) -> ChaCha20Poly1305:
        theirs = self._peers[other]["cipher"]
        return ChaCha20Poly1305(_agree(self._cipher_key, theirs, b"letter"))

    def _seal(self, to: int, text: bytes) -> bytes:
        # The key serves for one letter each way, and the address makes them differ.
        address = _address(self.index, to)
        return self._letter_key(to).encrypt(address, text, address)

    def _open(self, sender: int, letter: bytes) -> bytes:
        address = _address(sender, self.index)
        try:
            return self._letter_key(sender).decrypt(address, letter, address)
        except InvalidTag:
            raise SecureAggregationError(
                f"client {self.index}: the letter from {sender} was altered"
            ) from None


def _address(sender: int, to: int) -> bytes:
    return sender.to_bytes(6) + to.to_bytes(6)


def _pair_mask(
    mine: X25519PrivateKey, theirs: bytes, me: int, other: int, size: int
) -> np.ndarray:
    """Return what ``me`` adds for the pair: the mask, or minus it from the later one."""
    mask = pseudorandom(_agree(mine, theirs, b"mask"), size)
    return mask if me < other else -mask


@dataclass
class SecureServer:
    """The server's side: it passes letters on and, at the end, takes the masks away.

    Parameters
    ----------
    threshold : int

    Attributes
    ----------
    advertised : dict of int to dict
        Public keys of the clients that took step 1.
    letters : dict of int to dict
        Sealed letters by sender, of the clients that took step 2.
    masked : dict of int to ndarray
        All that the server ever sees of a vector.
    """

    threshold: int
    advertised: dict[int, dict[str, bytes]] = field(default_factory=dict)
    letters: dict[int, dict[int, bytes]] = field(default_factory=dict)
    masked: dict[int, np.ndarray] = field(default_factory=dict)

    def letters_to(self, client: int) -> dict[int, bytes]:
        """Return the sealed letters for one client, by sender."""
        return {u: sent[client] for u, sent in self.letters.items() if u != client}

    def unmask(self, revealed: Mapping[int, dict[str, dict[int, bytes]]]) -> np.ndarray:
        """Return the sum of the survivors' vectors, modulo 2**64.

        ``revealed`` are the answers to step 4 by client.
        """
        if len(revealed) < self.threshold:
            raise SecureAggregationError(
                f"only {len(revealed)} clients revealed their shares, and the "
                f"threshold is {self.threshold}: the sum stays hidden"
            )
        total: np.ndarray = np.add.reduce(list(self.masked.values()), dtype=np.uint64)
        for u in self.masked:
            seed = join_shares(self._shares_of("seeds", u, revealed))
            total = total - pseudorandom(seed, total.size)
        for v in self.letters.keys() - self.masked.keys():
            total = total - self._masks_left_by(v, revealed, total.size)
        return total

    def _shares_of(self, kind: str, client: int, revealed) -> dict[int, bytes]:
        shares = {u + 1: answer[kind][client] for u, answer in revealed.items()}
        return dict(sorted(shares.items())[: self.threshold])

    def _masks_left_by(self, lost: int, revealed, size: int) -> np.ndarray:
        """Return the masks that survivors added for a client that never delivered."""
        secret = join_shares(self._shares_of("keys", lost, revealed))
        key = X25519PrivateKey.from_private_bytes(secret)
        if _public(key) != self.advertised[lost]["mask"]:
            raise SecureAggregationError(f"the shares of client {lost}'s key are wrong")
        masks = np.zeros(size, np.uint64)
        for u in self.masked:
            theirs = self.advertised[u]["mask"]
            masks = masks - _pair_mask(key, theirs, lost, u, size)
        return masks


# --- both sides in one process -------------------------------------------------------


@dataclass(frozen=True)
class SecureSum:
    """The result of one secure sum."""

    total: np.ndarray  # (n_parameters,), float64: the sum over the survivors
    survivors: tuple[int, ...]
    masked: dict[int, np.ndarray]  # all that the server saw of each vector
    bytes_up: int  # from all clients to the server
    bytes_down: int


class SecureAggregator:
    """Sum vectors by the protocol, all of its steps run within this process.

    Parameters
    ----------
    n_clients : int
        At least 2.
    threshold : int, optional
        How many clients must survive, from 2 to ``n_clients``; left to itself, more
        than half. Colluding clients need as many to read anybody else.
    bound : float, default=1e6
        Largest magnitude of a number to be summed.
    fraction_bits : int, default=24
        The sum is exact to ``n_clients * 2**-(fraction_bits + 1)``.
    entropy : callable, default=secrets.token_bytes
        Where keys come from. Anything but the default is for tests.

    Raises
    ------
    ValueError
        If a parameter is out of range, the sum could overflow, or vectors differ in
        length.
    SecureAggregationError
        If fewer clients than the threshold are left at any step.

    Examples
    --------
    >>> aggregator = SecureAggregator(4, threshold=3)
    >>> vectors = {0: [1.5], 1: [2.0], 2: [-0.5], 3: [100.0]}
    >>> result = aggregator.sum(vectors, lost={3: "mask"})
    >>> result.total, result.survivors
    (array([3.]), (0, 1, 2))
    """

    def __init__(
        self,
        n_clients: int,
        *,
        threshold: int | None = None,
        bound: float = BOUND,
        fraction_bits: int = FRACTION_BITS,
        entropy: Entropy = secrets.token_bytes,
    ):
        threshold = n_clients // 2 + 1 if threshold is None else threshold
        if not 2 <= threshold <= n_clients:
            raise ValueError(
                f"threshold must lie between 2 and n_clients={n_clients}, "
                f"got {threshold}"
            )
        if not 0 < n_clients * bound * 2.0**fraction_bits < 2.0**63:
            raise ValueError(
                f"{n_clients} vectors within bound={bound:g} at fraction_bits="
                f"{fraction_bits} may overflow 64 bits: lower one of the three"
            )
        self.n_clients, self.threshold = n_clients, threshold
        self.bound, self.fraction_bits = bound, fraction_bits
        self.entropy = entropy

    def sum(
        self,
        vectors: Mapping[int, np.ndarray | Sequence[float]],
        lost: Mapping[int, str] | None = None,
    ) -> SecureSum:
        """Sum the vectors of the clients that live to send theirs.

        Parameters
        ----------
        vectors : mapping of int to vector of shape (n_parameters,)
            By client, all of the ``n_clients``.
        lost : mapping of int to str, optional
            Clients that vanish, and before which of `STEPS`. One lost before
            ``"reveal"`` has sent its vector, which counts.
        """
        fixed = self._to_fixed(vectors)
        gone_at = {u: STEPS.index(step) for u, step in (lost or {}).items()}

        def left(step: int) -> list[int]:
            return [u for u in sorted(fixed) if gone_at.get(u, len(STEPS)) > step]

        server = SecureServer(self.threshold)
        clients = {u: SecureClient(u, self.threshold, self.entropy) for u in left(0)}
        server.advertised = {u: clients[u].advertise() for u in left(0)}
        for u in left(1):
            server.letters[u] = clients[u].share(server.advertised)
        for u in left(2):
            server.masked[u] = clients[u].mask(fixed[u], server.letters_to(u))
        revealed = {u: clients[u].reveal(server.masked) for u in left(3)}
        total = from_fixed(server.unmask(revealed), self.fraction_bits)
        up, down = _traffic(server, revealed)
        return SecureSum(total, tuple(server.masked), server.masked, up, down)

    def _to_fixed(self, vectors) -> dict[int, np.ndarray]:
        fixed = {
            u: to_fixed(vector, self.bound, self.fraction_bits)
            for u, vector in vectors.items()
        }
        shapes = {vector.shape for vector in fixed.values()}
        if len(fixed) != self.n_clients or len(shapes) != 1:
            raise ValueError(
                f"sum needs one vector of equal length from each of {self.n_clients} "
                f"clients, got {len(fixed)} with shapes {sorted(shapes)}"
            )
        return fixed


def _traffic(server: SecureServer, revealed) -> tuple[int, int]:
    """Count the bytes to the server and from it, without frames and headers."""
    n_advertised, keys = len(server.advertised), 64  # two keys of 32 bytes each
    letters = sum(len(x) for sent in server.letters.values() for x in sent.values())
    vectors = sum(masked.nbytes for masked in server.masked.values())
    shares = SHARE_BYTES * sum(
        len(kind) for answer in revealed.values() for kind in answer.values()
    )
    survivors = 8 * len(server.masked) ** 2  # the list of survivors to each of them
    up = keys * n_advertised + letters + vectors + shares
    return up, keys * n_advertised**2 + letters + survivors
