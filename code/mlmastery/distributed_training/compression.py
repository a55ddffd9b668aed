r"""Send less: the largest coordinates, fewer bits each, or a product of thin matrices.

Every method turns a vector into a few small arrays and back. Two properties decide
whether training survives it. A method is **unbiased** if its average over its own coin
throws is the vector itself; rounding at random is. A **biased** method, such as keeping
only the largest coordinates, must remember what it left out and add it next time:

.. math::
    c_t = C(g_t + e_t), \qquad e_{t+1} = g_t + e_t - c_t .

That is error feedback; without it the small coordinates are never sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, prod
from numbers import Real

import numpy as np

from mlmastery.validation import check_choice, check_count

__all__ = [
    "METHODS",
    "GradientCompressor",
    "low_rank",
    "n_bytes",
    "quantise",
    "restore_quantised",
    "restore_top_k",
    "top_k",
]

METHODS = ("none", "top_k", "quantise", "power_sgd")
BITS = (1, 2, 4, 8)
Arrays = dict[str, np.ndarray]


def n_bytes(arrays: Arrays) -> int:
    """Return how many bytes these arrays occupy on the wire, without frame and header.

    >>> n_bytes({"values": np.zeros(3, np.float32), "places": np.zeros(3, np.uint32)})
    24
    """
    return sum(array.nbytes for array in arrays.values())


# --- the largest coordinates ---------------------------------------------------------


def top_k(vector: np.ndarray, k: int) -> Arrays:
    """Keep the k coordinates of largest magnitude, as places and values.

    References
    ----------
    .. [1] Stich, Cordonnier and Jaggi (2018), "Sparsified SGD with Memory", NeurIPS.

    Examples
    --------
    >>> arrays = top_k(np.array([0.1, -3.0, 0.2, 2.0]), 2)
    >>> arrays["places"], arrays["values"]
    (array([1, 3], dtype=uint32), array([-3.,  2.]))
    """
    places = np.argpartition(-np.abs(vector), k - 1)[:k] if 0 < k else np.arange(0)
    places = np.sort(places).astype(np.uint32)
    size = np.array([vector.size], np.uint32)
    return {"places": places, "values": vector[places], "size": size}


def restore_top_k(arrays: Arrays) -> np.ndarray:
    """Put the kept values back into their places among zeros.

    >>> restore_top_k(top_k(np.array([0.1, -3.0, 0.2, 2.0]), 2))
    array([ 0., -3.,  0.,  2.])
    """
    size, places = int(arrays["size"][0]), arrays["places"]
    if places.size and places.max() >= size:
        raise ValueError(f"places must lie below {size}, got {places.max()}")
    vector = np.zeros(size, arrays["values"].dtype)
    vector[places] = arrays["values"]
    return vector


# --- fewer bits each -----------------------------------------------------------------


def quantise(
    vector: np.ndarray, bits: int, rng: np.random.Generator, *, block: int = 256
) -> Arrays:
    """Round each coordinate at random to one of 2**bits levels, without bias.

    The levels are evenly spaced from -s to s, where s is the largest magnitude in the
    coordinate's block. A value a third of the way between two levels goes to the upper
    one with probability 1/3, so that on average it arrives unchanged. With one bit only
    -s and s are left.

    Parameters
    ----------
    vector : ndarray of shape (n,)
    bits : {1, 2, 4, 8}
    rng : Generator
    block : int, default=256
        How many coordinates share one scale. One large coordinate makes the rounding
        of its whole block coarse, and of no other.

    References
    ----------
    .. [1] Alistarh, Grubic, Li, Tomioka and Vojnovic (2017), "QSGD:
       Communication-Efficient SGD via Gradient Quantization and Encoding", NeurIPS.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> arrays = quantise(np.array([-1.0, 0.2, 1.0]), 1, rng)
    >>> restore_quantised(arrays, 1)
    array([-1., -1.,  1.])
    """
    padded = np.zeros(ceil(vector.size / block) * block, np.float64)
    padded[: vector.size] = vector
    blocks = padded.reshape(-1, block)
    scales = np.abs(blocks).max(axis=1, initial=0.0)
    safe = np.where(scales > 0, scales, 1.0)
    heights = (blocks / safe[:, None] + 1) / 2 * (2**bits - 1)  # from 0 to 2**bits - 1
    levels = np.floor(heights + rng.random(heights.shape)).astype(np.uint8)
    codes = _pack(levels.ravel()[: vector.size], bits)
    return {
        "codes": codes,
        "scales": scales.astype(vector.dtype),  # exact: each is one of its numbers
        "size": np.array([vector.size, block], np.uint32),
    }


def restore_quantised(arrays: Arrays, bits: int) -> np.ndarray:
    """Turn the levels back into numbers, in the dtype that was quantised."""
    size, block = map(int, arrays["size"])
    if block < 1 or len(arrays["scales"]) != ceil(size / block):
        raise ValueError(
            f"{len(arrays['scales'])} scales are not those of {size} numbers in "
            f"blocks of {block}"
        )
    if len(arrays["codes"]) != ceil(size * bits / 8):
        raise ValueError(
            f"{size} numbers of {bits} bits were declared, got "
            f"{len(arrays['codes'])} bytes"
        )
    levels = _unpack(arrays["codes"], bits, size) / (2**bits - 1)
    scales = arrays["scales"].astype(np.float64).repeat(block)[:size]
    return ((2 * levels - 1) * scales).astype(arrays["scales"].dtype)


def _pack(levels: np.ndarray, bits: int) -> np.ndarray:
    """Write small numbers side by side into bytes.

    >>> _pack(np.array([1, 2, 3], np.uint8), 4).tolist()
    [18, 48]
    """
    planes = np.unpackbits(levels[:, None], axis=1)[:, 8 - bits :]
    return np.packbits(planes)


def _unpack(codes: np.ndarray, bits: int, size: int) -> np.ndarray:
    planes = np.unpackbits(codes, count=size * bits).reshape(size, bits)
    return np.packbits(planes, axis=1)[:, 0] >> (8 - bits)


# --- thin matrices -------------------------------------------------------------------


def low_rank(matrix: np.ndarray, guess: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One step of power iteration: the matrix is about ``left @ right.T``.

    Parameters
    ----------
    matrix : ndarray of shape (n_in, n_out)
    guess : ndarray of shape (n_out, rank)
        The previous ``right``: from round to round it turns towards the leading
        directions.

    Returns
    -------
    left : ndarray of shape (n_in, rank), orthonormal columns
    right : ndarray of shape (n_out, rank)

    References
    ----------
    .. [1] Vogels, Karimireddy and Jaggi (2019), "PowerSGD: Practical Low-Rank Gradient
       Compression for Distributed Optimization", NeurIPS.

    Examples
    --------
    >>> left, right = low_rank(np.outer([3.0, 4.0], [1.0, 2.0]), np.ones((2, 1)))
    >>> (left @ right.T).round(6)
    array([[3., 6.],
           [4., 8.]])
    """
    left, _ = np.linalg.qr(matrix @ guess)
    return left, matrix.T @ left


# --- the three behind one interface --------------------------------------------------


class GradientCompressor:
    """Turn vectors into small arrays and back, remembering what was left out.

    Parameters
    ----------
    method : {"none", "top_k", "quantise", "power_sgd"}, default="none"
    ratio : float, default=0.01
        Share of the coordinates that ``top_k`` keeps, above 0 and at most 1; at least
        one coordinate is kept.
    bits : {1, 2, 4, 8}, default=8
        Of ``quantise``.
    rank : int, default=2
        Of ``power_sgd``.
    shapes : sequence of tuple, optional
        Shapes of the arrays within the vector, as `shapes_of` gives them: what
        ``power_sgd`` compresses is each matrix. Without it the whole vector is folded
        into one matrix as square as can be.
    error_feedback : bool, optional
        Whether to add what was left out to the next vector. Left to itself: yes for
        the biased methods, no for ``quantise``.
    random_state : int, default=0
        Seed of the rounding and of the first guess of ``power_sgd``.

    Attributes
    ----------
    residual : ndarray of shape (n_parameters,) or None
        What was left out so far.

    Raises
    ------
    ValueError
        If an option is unknown or out of range, or a vector changes its length.
    TypeError
        If what is to be compressed is not a vector of floats.

    Notes
    -----
    One compressor belongs to one sender. The receiver needs only the same method,
    bits and shapes.

    Examples
    --------
    >>> compressor = GradientCompressor("top_k", ratio=0.5)
    >>> compressor.decode(compressor.encode(np.array([1.0, 3.0])))
    array([0., 3.])
    >>> compressor.residual
    array([1., 0.])
    >>> compressor.decode(compressor.encode(np.array([2.5, 3.0])))
    array([3.5, 0. ])
    """

    def __init__(
        self,
        method: str = "none",
        *,
        ratio: float = 0.01,
        bits: int = 8,
        rank: int = 2,
        shapes: Sequence[tuple[int, ...]] | None = None,
        error_feedback: bool | None = None,
        random_state: int = 0,
    ):
        _check_options(method, ratio, bits, rank)
        self.method, self.ratio, self.bits, self.rank = method, ratio, bits, rank
        self.shapes = None if shapes is None else [tuple(shape) for shape in shapes]
        biased = method in ("top_k", "power_sgd")
        self.error_feedback = biased if error_feedback is None else error_feedback
        self.residual: np.ndarray | None = None
        self.random_state = random_state
        self._count = 0  # of vectors encoded; each draws from a generator of its own
        self._guesses: list[np.ndarray] = []

    def get_state(self) -> Arrays:
        """Return what the next `encode` depends on, for a checkpoint."""
        state = {f"guess_{i}": guess for i, guess in enumerate(self._guesses)}
        if self.residual is not None:
            state["residual"] = self.residual
        return state | {"count": np.array([self._count])}

    def set_state(self, state: Arrays) -> None:
        """Go on where `get_state` was called."""
        self._count = int(state["count"][0])
        self.residual = state.get("residual")
        self._guesses = [
            state[f"guess_{i}"] for i in range(len(state)) if f"guess_{i}" in state
        ]

    def encode(self, vector: np.ndarray) -> Arrays:
        """Return the arrays to send in place of a vector of shape (n_parameters,)."""
        vector = _checked(vector)
        self._count += 1
        if not self.error_feedback:
            return self._encode(vector)
        if self.residual is not None:
            if self.residual.shape != vector.shape:
                raise ValueError(
                    f"this compressor remembers {self.residual.size} coordinates, "
                    f"got a vector of {vector.size}"
                )
            vector = vector + self.residual
        arrays = self._encode(vector)
        self.residual = vector - self.decode(arrays)
        return arrays

    def decode(self, arrays: Arrays, size: int | None = None) -> np.ndarray:
        """Return the vector that these arrays stand for, shape (n_parameters,).

        Parameters
        ----------
        arrays : dict of str to ndarray
        size : int, optional
            Length that is expected. Arrays that declare another are refused before
            anything of that length is made.

        Raises
        ------
        ValueError
            If the arrays declare another size, or more numbers than they hold.
        """
        if size is not None and self.method != "none":
            _check_declared(arrays, size)
        if self.method == "none":
            return arrays["values"].copy()
        if self.method == "top_k":
            return restore_top_k(arrays)
        if self.method == "quantise":
            return restore_quantised(arrays, self.bits)
        return self._multiply(arrays)

    def _encode(self, vector: np.ndarray) -> Arrays:
        if self.method == "none":
            return {"values": vector}
        if self.method == "top_k":
            kept = ceil(self.ratio * vector.size - 1e-9)  # 0.07 * 100 is not quite 7
            return top_k(vector, kept)
        if self.method == "quantise":
            return quantise(vector, self.bits, self._generator())
        return self._factor(vector)

    def _factor(self, vector: np.ndarray) -> Arrays:
        matrices, rest = self._fold(vector)
        if not self._guesses:
            rng = self._generator()
            self._guesses = [self._first_guess(matrix, rng) for matrix in matrices]
        pairs = zip(matrices, self._guesses, strict=True)
        factors = [low_rank(matrix, guess) for matrix, guess in pairs]
        self._guesses = [right for _, right in factors]
        arrays = {"rest": rest, "size": np.array([vector.size], np.uint32)}
        for i, (left, right) in enumerate(factors):
            arrays |= {f"left_{i}": left, f"right_{i}": right}
        return {name: _as(array, vector.dtype) for name, array in arrays.items()}

    def _generator(self) -> np.random.Generator:
        return np.random.default_rng([self.random_state, self._count])

    def _first_guess(self, matrix: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return rng.normal(size=(matrix.shape[1], min(self.rank, *matrix.shape)))

    def _fold(self, vector: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        """Cut a vector into its matrices, and the biases put end to end."""
        pieces = _pieces(vector, self._shapes_for(vector.size))
        wide = vector.dtype.type if vector.dtype.itemsize >= 4 else np.float32
        matrices = [piece.astype(wide) for piece in pieces if piece.ndim == 2]
        rest = [piece.ravel() for piece in pieces if piece.ndim != 2]
        return matrices, np.concatenate([*rest, vector[:0]])

    def _multiply(self, arrays: Arrays) -> np.ndarray:
        size, rest = int(arrays["size"][0]), arrays["rest"]
        vector = np.empty(size, rest.dtype)
        start, i = 0, 0
        for piece in _pieces(vector, self._shapes_for(size)):
            if piece.ndim == 2:
                left, right = arrays[f"left_{i}"], arrays[f"right_{i}"]
                if (len(left), len(right)) != piece.shape:
                    raise ValueError(
                        f"factors of a matrix of shape {piece.shape} have that many "
                        f"rows, got {len(left)} and {len(right)}"
                    )
                piece[:] = left @ right.T
                i += 1
            else:
                piece[:] = rest[start : start + piece.size].reshape(piece.shape)
                start += piece.size
        return vector

    def _shapes_for(self, size: int) -> list[tuple[int, ...]]:
        if self.shapes is None:
            side = int(np.sqrt(size))
            square = [(side, size // side)] if side else []
            return [*square, (size - sum(map(prod, square)),)]
        if sum(map(prod, self.shapes)) != size:
            raise ValueError(
                f"shapes hold {sum(map(prod, self.shapes))} numbers, "
                f"got a vector of {size}"
            )
        return self.shapes


def _pieces(vector: np.ndarray, shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
    ends = np.cumsum([prod(shape) for shape in shapes]).tolist()
    starts = [0, *ends]
    return [
        vector[start:end].reshape(shape)
        for start, end, shape in zip(starts, ends, shapes, strict=False)
    ]


def _as(array: np.ndarray, dtype: np.dtype) -> np.ndarray:
    return array.astype(dtype) if array.dtype.kind == "f" else array


def _check_declared(arrays: Arrays, size: int) -> None:
    declared = int(arrays["size"][0])
    if declared != size:
        raise ValueError(f"an update has {size} numbers, {declared} were declared")


def _checked(vector: np.ndarray) -> np.ndarray:
    vector = np.asarray(vector)
    if vector.ndim != 1 or vector.dtype.kind != "f":
        raise TypeError(
            "a compressor takes a vector of floats, "
            f"got {vector.dtype} of shape {vector.shape}"
        )
    if not np.isfinite(vector).all():
        raise ValueError("a compressor takes finite numbers, the vector has others")
    return vector


def _check_options(method: str, ratio: float, bits: int, rank: int) -> None:
    check_choice(method, "method", METHODS)
    if not isinstance(ratio, Real) or not 0 < ratio <= 1:
        raise ValueError(f"ratio must be above 0 and at most 1, got {ratio!r}")
    check_choice(bits, "bits", BITS)
    check_count(rank, "rank")
