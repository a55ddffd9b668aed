"""Attention, the positions it needs, and the cache that makes it fast to repeat."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, scaled_dot_product_attention

from mlmastery.validation import check_count, check_number


def attention_weights(q: Tensor, k: Tensor, mask: Tensor | None = None) -> Tensor:
    """Return the weight of each key for each query; each row adds up to one.

    Parameters
    ----------
    q : Tensor of shape (..., T, D)
    k : Tensor of shape (..., S, D)
    mask : Tensor of bool, broadcastable to (..., T, S), optional
        True where a query may look. A query that may look nowhere gets NaN.

    Returns
    -------
    Tensor of shape (..., T, S)

    Raises
    ------
    ValueError
        If ``q`` and ``k`` differ in their last dimension.

    References
    ----------
    .. [1] Vaswani et al. (2017), "Attention Is All You Need", equation 1.

    Examples
    --------
    >>> attention_weights(torch.zeros(1, 4), torch.ones(2, 4))
    tensor([[0.5000, 0.5000]])
    """
    if q.size(-1) != k.size(-1):
        raise ValueError(
            "q and k must agree in their last dimension, "
            f"got q {tuple(q.shape)} and k {tuple(k.shape)}"
        )
    # Dot products of D terms grow like the root of D; softmax saturates on large ones.
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))  # (..., T, S)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(dim=-1)


def self_attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None
) -> Tensor:
    """Average the values by how well their keys match each query.

    Parameters
    ----------
    q : Tensor of shape (..., T, D)
    k : Tensor of shape (..., S, D)
    v : Tensor of shape (..., S, E)
    mask : Tensor of bool, broadcastable to (..., T, S), optional
        True where a query may look.

    Returns
    -------
    Tensor of shape (..., T, E)

    Raises
    ------
    ValueError
        If ``k`` and ``v`` differ in their number of rows.

    Examples
    --------
    >>> q, k, v = torch.zeros(1, 4), torch.ones(2, 4), torch.tensor([[1.0], [3.0]])
    >>> self_attention(q, k, v)
    tensor([[2.]])
    """
    if k.size(-2) != v.size(-2):
        raise ValueError(
            "k and v must have a row for each key, "
            f"got k {tuple(k.shape)} and v {tuple(v.shape)}"
        )
    return attention_weights(q, k, mask) @ v


def causal_mask(n_queries: int, n_keys: int | None = None) -> Tensor:
    """Let each position attend to itself and to what came before it.

    With more keys than queries, the queries are the last ones of the sequence. The
    result is (n_queries, n_keys), of bool; there are as many keys as queries by default.
    Fewer keys than queries raise ValueError: the first queries could look nowhere.

    Examples
    --------
    >>> causal_mask(2, 3).int()
    tensor([[1, 1, 0],
            [1, 1, 1]], dtype=torch.int32)
    """
    check_count(n_queries, "n_queries", minimum=0)
    n_keys = n_queries if n_keys is None else n_keys
    check_count(n_keys, "n_keys", minimum=n_queries)
    ones = torch.ones(n_queries, n_keys, dtype=torch.bool)
    return ones.tril(diagonal=n_keys - n_queries)


def sinusoidal_positions(length: int, width: int) -> Tensor:
    """Return the sinusoidal encoding of positions, of shape (length, width).

    Sines stand in the even columns, cosines in the odd ones; ``width`` must be even.

    References
    ----------
    .. [1] Vaswani et al. (2017), "Attention Is All You Need", section 3.5.

    Examples
    --------
    >>> sinusoidal_positions(2, 2)
    tensor([[0.0000, 1.0000],
            [0.8415, 0.5403]])
    """
    angles = wave_angles(length, width)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


def wave_angles(length: int, width: int, base: float = 10_000.0) -> Tensor:
    """Return position times frequency, in radians: an angle for each pair of features.

    Parameters
    ----------
    length, width : int
        Number of positions, and of features.
    base : float, default=10000
        The slowest wave is about this many times longer than the fastest.

    Returns
    -------
    Tensor of shape (length, width / 2)

    Raises
    ------
    ValueError
        If ``width`` is odd.

    Examples
    --------
    >>> wave_angles(3, 2)
    tensor([[0.],
            [1.],
            [2.]])
    """
    if width % 2:
        raise ValueError(f"width must be even, for pairs of features, got {width}")
    frequencies = base ** (-torch.arange(0, width, 2) / width)
    return torch.arange(length)[:, None] * frequencies


def rotate(x: Tensor, angles: Tensor) -> Tensor:
    """Rotate each pair of features by its position's angle.

    The dot product of a rotated query and a rotated key depends on the distance of
    their positions alone.

    Parameters
    ----------
    x : Tensor of shape (..., T, D)
        Queries or keys. Features ``i`` and ``i + D/2`` form a pair.
    angles : Tensor of shape (T, D / 2)
        As `wave_angles` gives them.

    Raises
    ------
    ValueError
        If there is not one angle for each pair of features.

    References
    ----------
    .. [1] Su et al. (2021), "RoFormer", equation 34.

    Examples
    --------
    >>> rotate(torch.tensor([[1.0, 0.0]]), torch.tensor([[math.pi / 2]])).round()
    tensor([[-0., 1.]])
    """
    if 2 * angles.size(-1) != x.size(-1):
        raise ValueError(
            "angles must be half as many as the features, "
            f"got {tuple(angles.shape)} for {tuple(x.shape)}"
        )
    cos, sin = angles.cos(), angles.sin()
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


def unit_rms(x: Tensor, eps: float = 1e-5) -> Tensor:
    """Scale x, (..., C), to a root mean square of one over its last dimension.

    Examples
    --------
    >>> unit_rms(torch.tensor([1.0, 7.0]))
    tensor([0.2000, 1.4000])
    """
    return x * torch.rsqrt(x.square().mean(dim=-1, keepdim=True) + eps)


@dataclass
class KVCache:
    """Keys and values of one layer, for the positions computed so far.

    Examples
    --------
    >>> cache = KVCache()
    >>> for _ in range(2):
    ...     k, v = cache.extend(torch.ones(1, 1, 3, 4), torch.ones(1, 1, 3, 4))
    >>> cache.length, k.shape
    (6, torch.Size([1, 1, 6, 4]))
    """

    k: Tensor | None = None
    v: Tensor | None = None

    @property
    def length(self) -> int:
        """Number of positions stored."""
        return 0 if self.k is None else self.k.size(-2)

    def extend(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Append new keys and values, both (B, H, T, D), and return all of them."""
        if self.k is not None and self.v is not None:
            k, v = torch.cat([self.k, k], dim=-2), torch.cat([self.v, v], dim=-2)
        self.k, self.v = k, v
        return k, v


class MultiHeadAttention(nn.Module):
    """Several attentions side by side, each in its own part of the features.

    Parameters
    ----------
    width : int
        Features per position, C.
    heads : int
        Number of heads, H, which must divide ``width``.
    bias : bool, default=True
        Whether the two linear maps have one.
    rotary : Tensor of shape (context, width / heads / 2), optional
        Angles by which queries and keys are rotated.
    causal : bool, default=True
        Whether a position may look only at itself and at those before it.
    dropout : float, default=0.0
        Share of the attention weights that training sets to zero at random.
    fused : bool, default=False
        Let PyTorch's own kernel compute the attention.

    Raises
    ------
    ValueError
        If a size is below one, ``heads`` does not divide ``width``, or ``dropout`` is
        not a share below one.

    Examples
    --------
    >>> attention = MultiHeadAttention(width=8, heads=2)
    >>> attention(torch.ones(1, 5, 8)).shape
    torch.Size([1, 5, 8])
    """

    angles: Tensor | None

    def __init__(
        self,
        *,
        width: int,
        heads: int,
        bias: bool = True,
        rotary: Tensor | None = None,
        causal: bool = True,
        dropout: float = 0.0,
        fused: bool = False,
    ) -> None:
        super().__init__()
        check_count(width, "width")
        check_count(heads, "heads")
        check_number(dropout, "dropout", maximum=0.99)
        if width % heads:
            raise ValueError(f"heads must divide width, got {heads} and {width}")
        self.heads = heads
        self.causal, self.dropout, self.fused = causal, dropout, fused
        self.qkv = nn.Linear(width, 3 * width, bias=bias)
        self.out = nn.Linear(width, width, bias=bias)
        self.register_buffer("angles", rotary, persistent=False)

    def split(self, x: Tensor, start: int = 0) -> list[Tensor]:
        """Return queries, keys and values, each (B, H, T, D), for x of (B, T, C)."""
        B, T, C = x.shape
        parts = self.qkv(x).view(B, T, 3, self.heads, C // self.heads)
        qk, v = parts.permute(2, 0, 3, 1, 4).split([2, 1])
        if self.angles is not None:  # queries and keys turn alike: both at once
            qk = rotate(qk, self.angles[start : start + T])
        return [*qk, *v]

    def forward(self, x: Tensor, cache: KVCache | None = None) -> Tensor:
        """Let the positions of x, (B, T, C), attend to those before them."""
        q, k, v = self.split(x, cache.length if cache else 0)
        if cache is not None:
            k, v = cache.extend(k, v)
        mask = causal_mask(q.size(-2), k.size(-2)) if self.causal else None
        mixed = self._attend(q, k, v, mask)  # (B, H, T, D)
        return self.out(mixed.transpose(1, 2).flatten(2))

    def _attend(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
        """Return `self_attention`, some weights of which are dropped in training."""
        share = self.dropout if self.training else 0.0
        if self.fused and self.causal and q.size(-2) == k.size(-2):
            return scaled_dot_product_attention(
                q, k, v, is_causal=True, dropout_p=share
            )
        if self.fused:
            return scaled_dot_product_attention(q, k, v, mask, dropout_p=share)
        return dropout(attention_weights(q, k, mask), share) @ v

    def weights(self, x: Tensor) -> Tensor:
        """Return the attention weights, (B, H, T, T), for x of (B, T, C)."""
        q, k, _ = self.split(x)
        mask = causal_mask(x.size(1)) if self.causal else None
        return attention_weights(q, k, mask)
